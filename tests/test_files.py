"""Files are replaced in one step, and never over someone else's edit."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from dmlsync import files
from dmlsync.errors import FileChangedError, FileError


def test_a_new_file_is_written_and_a_second_time_nothing_changes(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "library.bib"
    assert files.replace(path, b"one", expected=None)
    assert not files.replace(path, b"one", expected=b"one")
    assert path.read_bytes() == b"one"


def test_a_file_that_changed_since_it_was_read_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "library.bib"
    path.write_bytes(b"a person's edit")
    with pytest.raises(FileChangedError, match="changed by someone else"):
        files.replace(path, b"ours", expected=b"what we read")
    assert path.read_bytes() == b"a person's edit"


def test_a_full_disk_leaves_the_file_and_no_rubbish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "library.bib"
    path.write_bytes(b"before")

    def no_space(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(FileError, match="No space left on device") as caught:
        files.replace(path, b"after", expected=b"before")
    assert str(path) in str(caught.value)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_permissions_and_links_stay(tmp_path: Path) -> None:
    real = tmp_path / "shared.bib"
    real.write_bytes(b"before")
    real.chmod(0o640)
    link = tmp_path / "library.bib"
    link.symlink_to(real)
    files.replace(link, b"after", expected=b"before")
    assert link.is_symlink()
    assert real.read_bytes() == b"after"
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_folder_in_place_of_a_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=str(tmp_path)):
        files.read_or_none(tmp_path)
