"""The journal: what a run is about to do, written down before it does it.

One JSON-lines file per run in `.dmlsync/journal/`: a `run` line with the target, the plan, and each object as it is
before and after; then for each batch an `intent` line (on the disk before the request goes out) and a `done` line with
the outcomes; a `here` line with what changes in library.bib and in the lock, before these are written; at last an `end`
line. Where somebody else wrote at the same moment, a second plan is in a `replanned` line. A journal without an end
belongs to a run that was cut off; the next run finds out from the library itself what arrived, because the keys of all
objects follow from what they are for.

From the values before and after, `dmlsync.sync.undo` inverts a run.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dmlsync.errors import FileError

FORMAT = 1
_TAIL = 4096  # bytes: the end of a journal is one short line


@dataclass(frozen=True, slots=True)
class RunLog:
    """What a journal tells of a run: its name, its target, whether it came to its end."""

    run: str
    target: str
    ended: bool
    lines: tuple[Mapping[str, Any], ...]


class Journal:
    """The journal of one run, open for writing; a context manager that closes the file."""

    def __init__(self, folder: Path, run: str) -> None:
        """Begin a journal. Raises FileError where it cannot be written."""
        self.run = run
        self._path = folder / f"{run}.jsonl"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._stream: TextIOWrapper = self._path.open("x", encoding="utf-8")
        except OSError as error:
            raise FileError(self._path, f"cannot be written ({error.strerror})", "nothing was sent") from error

    def begin(
        self,
        target: str,
        command: str,
        actions: Sequence[Mapping[str, Any]],
        steps: Sequence[Mapping[str, Any]] = (),
        undoes: str = "",
    ) -> None:
        """The run's first line: everything that it means to do, with the values before.

        `steps` are the objects before and after, `undoes` the run that this one inverts.
        """
        facts = {"run": self.run, "format": FORMAT, "target": target, "command": command}
        inverted = {"undoes": undoes} if undoes else {}
        self._write({**facts, **inverted, "actions": list(actions), "steps": list(steps)})

    def replanned(self, actions: Sequence[Mapping[str, Any]], steps: Sequence[Mapping[str, Any]]) -> None:
        """A second plan, for what somebody else changed at the same moment."""
        self._write({"replanned": self.run, "actions": list(actions), "steps": list(steps)})

    def here(self, changes: Mapping[str, Any]) -> None:
        """What is about to change in library.bib and in the lock."""
        self._write({"here": changes})

    def intend(self, batch: int, keys: Sequence[str]) -> None:
        """The objects that the next request will carry."""
        self._write({"intent": batch, "keys": list(keys)})

    def done(self, batch: int, outcomes: Sequence[Mapping[str, Any]]) -> None:
        """What became of them."""
        self._write({"done": batch, "outcomes": list(outcomes)})

    def end(self, problem: str = "") -> None:
        """The run's last line: library.bib and lock are written, or the `problem` that ended it is known."""
        self._write({"end": self.run, "problem": problem})

    def _write(self, line: Mapping[str, Any]) -> None:
        """One line, on the disk when this returns. Raises FileError."""
        try:
            self._stream.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
            self._stream.flush()
            os.fsync(self._stream.fileno())
        except OSError as error:
            raise FileError(self._path, f"cannot be written ({error.strerror})", "the run stopped there") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()


def read_journal(path: Path) -> RunLog:
    """A journal as far as it was written: a last line that was cut off is left out. Raises FileError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(path, f"cannot be read ({error})", "delete it") from error
    lines: list[Mapping[str, Any]] = []
    for raw in text.splitlines():
        try:
            lines.append(json.loads(raw))
        except json.JSONDecodeError:
            break
    first = lines[0] if lines else {}
    return RunLog(path.stem, str(first.get("target", "")), any("end" in line for line in lines), tuple(lines))


def runs(folder: Path) -> tuple[RunLog, ...]:
    """All runs that left a journal, oldest first."""
    return tuple(read_journal(path) for path in sorted(folder.glob("*.jsonl"))) if folder.is_dir() else ()


def cut_off_run(folder: Path) -> RunLog | None:
    """The newest run, if it did not come to its end; None where it did, or where there is none. Raises FileError.

    Every command asks this, and the journal of a large push has many megabytes: of a finished one only the end is read.
    """
    newest = max(folder.glob("*.jsonl"), default=None) if folder.is_dir() else None
    if newest is None or _has_end(newest):
        return None
    log = read_journal(newest)
    return None if log.ended else log


def _has_end(path: Path) -> bool:
    """Whether the last line of a journal is the one of `Journal.end`; false also where that is too long to be seen."""
    try:
        with path.open("rb") as stream:
            stream.seek(max(0, path.stat().st_size - _TAIL))
            tail = stream.read()
    except OSError:
        return False  # reading it whole tells what is wrong
    return tail.endswith(b"\n") and b'\n{"end": ' in tail
