"""The document that the bytes of a .bib file are, if they are text at all."""

from __future__ import annotations

import codecs
from pathlib import Path

from dmlsync.bib.document import Document
from dmlsync.errors import BibError

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def document_of(path: Path, data: bytes | None) -> Document:
    """The document in the bytes of the file at `path`; an empty one where there is no file yet (None).

    Bytes that cannot be a .bib file, because they are UTF-16 or hold a NUL byte, raise `BibError`. Other encodings than
    UTF-8 are no error: see `Document`.
    """
    if data is None:
        return Document((), path)
    if data.startswith(_UTF_16):
        raise BibError(path, "this file is encoded in UTF-16", "save it as UTF-8")
    if b"\0" in data:
        raise BibError(path, "this is not a text file, it holds NUL bytes", "save it as text in UTF-8, or name another")
    return Document.parse(data, path)
