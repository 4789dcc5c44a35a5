from __future__ import annotations

from pathlib import Path

import pytest

from dmlsync.bib.file import read_bib
from dmlsync.errors import BibError


def test_a_missing_file_is_an_empty_document(tmp_path: Path) -> None:
    document = read_bib(tmp_path / "library.bib")
    assert document.data == b"" and document.entries == ()


def test_a_file_is_read_with_its_bytes_and_path(tmp_path: Path) -> None:
    path = tmp_path / "library.bib"
    path.write_bytes(b"\xef\xbb\xbf@misc{a, t = {caf\xe9}}\r\n")
    document = read_bib(path)
    assert document.data == path.read_bytes() and document.path == path and document.get("a")


@pytest.mark.parametrize("data", ["@misc{a}".encode("utf-16"), b"\x89PNG\0"])
def test_a_binary_file_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "library.bib"
    path.write_bytes(data)
    with pytest.raises(BibError, match=r"library\.bib"):
        read_bib(path)


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BibError):
        read_bib(tmp_path)
