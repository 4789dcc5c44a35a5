"""Reading a .bib file from disk."""

from __future__ import annotations

from pathlib import Path

from dmlsync.bib.document import Document
from dmlsync.errors import BibError


def read_bib(path: Path) -> Document:
    """The document in the file at `path`; an empty one if there is no such file yet.

    A directory, an unreadable file and a binary one (it holds a NUL byte, as UTF-16 does) raise `BibError`.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Document((), path)
    except IsADirectoryError as error:
        raise BibError(path, "this is a directory", "name a .bib file") from error
    except OSError as error:
        raise BibError(path, f"it cannot be read ({error.strerror or error})") from error
    if b"\0" in data:
        raise BibError(path, "this is not a text file", "save it as UTF-8")
    return Document.parse(data, path)
