from __future__ import annotations

from pathlib import Path

import pytest

from dmlsync.bib.file import document_of
from dmlsync.errors import BibError

PATH = Path("library.bib")


def test_a_missing_file_is_an_empty_document() -> None:
    document = document_of(PATH, None)
    assert document.data == b"" and document.entries == () and document.path == PATH


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf@misc{a, t = {caf\xe9}}\r\n"])
def test_a_document_has_the_bytes_and_the_path_of_its_file(data: bytes) -> None:
    document = document_of(PATH, data)
    assert document.data == data and document.path == PATH


@pytest.mark.parametrize(
    "data",
    ["@misc{a}".encode("utf-16"), "@misc{a}".encode("utf-16-be"), b"\xfe\xff\x6d\xf1\x5c\x42", b"\x89PNG\0"],
)
def test_a_binary_file_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(BibError, match=r"library\.bib.*UTF-8"):
        document_of(PATH, data)
