"""The .bib files of real users, where they are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmlsync.bib.document import Document
from dmlsync.bib.read import records
from dmlsync.bib.write import entry_text, updated
from dmlsync.model import Record

FILES = sorted((Path(__file__).parents[2] / ".." / "shared" / "bibtex" / "import").glob("*.bib"))

pytestmark = pytest.mark.skipif(not FILES, reason="the shared sample of .bib files is not here")


def test_real_files_are_kept_read_and_edited() -> None:
    for path in FILES:
        data = path.read_bytes()
        document = Document.parse(data)
        assert document.data == data
        for key, record in list(records(document).items())[:3]:
            after = Record(record.item_type, {**record.fields, "title": "Another & Title"}, record.creators)
            if "title" in record.fields:
                edited = updated(document, key, record, after)
                assert records(edited)[key].title == "Another & Title"
                assert len(edited.entries) == len(document.entries)
            assert entry_text("k", record).startswith("@")
