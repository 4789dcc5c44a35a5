"""Reading and replacing the files of a project, so that no crash and no second writer can lose a byte.

A file is replaced in one step (`os.replace` of a finished neighbour), and only if it still holds what was read: an
edit that a person saves while a run is going on is never overwritten.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from dmlsync.errors import FileChangedError, FileError


def read_or_none(path: Path) -> bytes | None:
    """The bytes of a file, None where there is none. FileError where it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FileError(path, f"cannot be read ({error.strerror})", "check the path and its permissions") from error


def replace(path: Path, data: bytes, *, expected: bytes | None) -> bool:
    """Give a file new content, atomically; returns whether anything changed.

    `expected` is what the caller read (None: there was no file). Raises FileChangedError where the file holds
    something else by now, FileError where it cannot be written; in both cases the file is as it was.
    """
    target = path.resolve()  # a link stays a link: its target gets the new content
    check(path, expected=expected)
    if data == expected:
        return False
    try:
        _swap_in(target, data)
    except OSError as error:
        raise FileError(path, f"cannot be written ({error.strerror})", "nothing in it was changed") from error
    return True


def check(path: Path, *, expected: bytes | None) -> None:
    """Raise FileChangedError where a file does not hold what was read from it (None: there was no file)."""
    if read_or_none(path) != expected:
        raise FileChangedError(path, "was changed by someone else during this run", "run the command again")


def merge_marker(data: bytes) -> int | None:
    """The line of git's first conflict marker where a file holds an unfinished merge, else None."""
    lines = data.splitlines()
    begins = next((number for number, line in enumerate(lines, start=1) if line.startswith(b"<<<<<<< ")), None)
    return begins if begins and any(line.startswith(b">>>>>>> ") for line in lines[begins:]) else None


def _swap_in(target: Path, data: bytes) -> None:
    """Write a neighbour of the file in full, then let it take the file's place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _umask() -> int:
    """The process's mask for new files; the system tells it only when it is set."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    """Make the new name of a file survive a power cut, where folders can be synchronised (not on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
