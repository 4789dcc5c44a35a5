"""dmlsync: every record with its text decoded and its names divided; one field's bytes change."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # before this script, which has the package's name

from measure import TITLE, measure

from dmlsync.bib.document import Document
from dmlsync.bib.read import records
from dmlsync.bib.write import updated
from dmlsync.model import Record

Library = tuple[Document, Mapping[str, Record]]


def read(path: Path) -> Library:
    """The file and all its records."""
    document = Document.parse(path.read_bytes(), path)
    return document, records(document)


def change(library: Library, target: Path) -> None:
    """Another title for one record."""
    document, found = library
    key = list(found)[len(found) // 2]
    before = found[key]
    after = Record(before.item_type, {**before.fields, "title": TITLE}, before.creators)
    target.write_bytes(updated(document, key, before, after).data)


measure(read, lambda library: len(library[1]), change)
