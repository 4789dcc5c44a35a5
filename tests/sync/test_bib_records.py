"""What library.bib says of the lock's works, after people edited it by hand."""

from __future__ import annotations

from dmlsync.model import CITATION_KEY, Creator, Identifiers, Record
from dmlsync.sync.bib_records import BibRecords, bib_records
from dmlsync.sync.lock import Binding, Lock, Target, WorkState
from dmlsync.sync.merge import values_of

RECORD = Record("conferencePaper", {"title": "FaceNet", "date": "2015", "DOI": "10.1/x"}, (Creator("Schroff", "F."),))
LOCK = Lock({"schroff2015facenet": WorkState(identifiers=Identifiers("10.1/x"))})
BOUND = {"schroff2015facenet": Binding("ABCD2345", {**values_of(RECORD), CITATION_KEY: "schroff2015facenet"})}


def compare(found: dict[str, Record], *more: str, bound: dict[str, Binding] = BOUND) -> BibRecords:
    return bib_records(found, {key.lower() for key in (*found, *more)}, LOCK, bound)


def test_an_entry_that_is_there_is_its_work() -> None:
    bib = compare({"schroff2015facenet": RECORD})
    assert bib.records == {"schroff2015facenet": RECORD}
    assert bib.missing(bib.records) == {}


def test_an_entry_that_was_deleted_comes_back_as_both_sides_last_held_it() -> None:
    bib = compare({})
    assert bib.records == {"schroff2015facenet": RECORD}
    assert bib.missing(bib.records) == {"schroff2015facenet": RECORD}


def test_an_entry_with_another_key_is_still_the_work_and_its_key_is_told() -> None:
    edited = Record(RECORD.item_type, {**RECORD.fields, "pages": "1-2"}, RECORD.creators)
    bib = compare({"facenet": edited})
    assert bib.records == {"schroff2015facenet": edited}
    assert bib.renamed == {"schroff2015facenet": "facenet"}
    assert bib.missing(bib.records) == {}


def test_a_renamed_entry_is_known_by_its_doi_where_there_is_no_base() -> None:
    assert compare({"facenet": RECORD}, bound={}).renamed == {"schroff2015facenet": "facenet"}


def test_other_capitals_are_no_other_key() -> None:
    bib = compare({"Schroff2015FaceNet": RECORD})
    assert bib.records == {"schroff2015facenet": RECORD}
    assert bib.renamed == {}
    changed = Record(RECORD.item_type, {"title": "New"})
    assert bib.missing({"schroff2015facenet": changed}) == {"Schroff2015FaceNet": changed}


def test_an_entry_that_cannot_be_read_is_left_to_its_author() -> None:
    bib = compare({}, "schroff2015facenet")
    assert bib.broken == {"schroff2015facenet"}
    assert bib.missing(bib.records) == {}


def test_no_new_work_gets_a_key_that_anything_has_ever_had() -> None:
    lock = Lock({"a": WorkState()}, {"groups/1": Target({}, {"B": Binding("ABCD2345")})})
    assert bib_records({"C": RECORD}, {"c", "broken"}, lock, {}).taken == {"a", "b", "c", "broken"}
