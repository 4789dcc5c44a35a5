"""A record follows its sources, but never over what a person typed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dmlsync.model import Creator, Record
from dmlsync.sync.follow import PERSON, followed, typed
from dmlsync.sync.merge import values_of

PREPRINT = Record(
    "preprint",
    {"title": "A Title", "date": "2017", "repository": "arXiv", "archiveID": "arXiv:1703.07464"},
    (Creator("Doe", "Jane"),),
)
ORIGINS = dict.fromkeys(values_of(PREPRINT), "arxiv")
PAPER = Record(
    "conferencePaper",
    {"title": "A Title", "date": "2018", "proceedingsTitle": "ICCV", "arXiv": "1703.07464"},
    (Creator("Doe", "Jane"),),
)
PAPER_ORIGINS = dict.fromkeys(values_of(PAPER), "crossref")


def test_a_preprint_that_was_published_becomes_the_paper() -> None:
    record, origins = followed(PREPRINT, ORIGINS, PAPER, PAPER_ORIGINS)
    assert record == PAPER
    assert set(origins.values()) == {"crossref"}


def test_a_value_that_a_person_typed_stays_for_good() -> None:
    record, origins = followed(PREPRINT, {**ORIGINS, "date": PERSON}, PAPER, PAPER_ORIGINS)
    assert record.get("date") == "2017"
    assert origins["date"] == PERSON
    assert record.get("proceedingsTitle") == "ICCV"


def test_a_field_that_a_person_emptied_stays_empty() -> None:
    without = Record("preprint", {name: value for name, value in PREPRINT.fields.items() if name != "date"})
    record, _ = followed(without, typed(ORIGINS, values_of(PREPRINT), values_of(without)), PAPER, PAPER_ORIGINS)
    assert record.get("date") == ""


def test_without_origins_only_blanks_are_filled() -> None:
    record, _ = followed(Record("conferencePaper", {"title": "Mine"}), {}, PAPER, PAPER_ORIGINS)
    assert (record.title, record.get("date")) == ("Mine", "2018")


def test_what_differs_from_the_base_was_typed_by_a_person() -> None:
    origins = typed({"title": "dblp", "date": "dblp"}, {"title": "T", "date": "2017"}, {"title": "T", "date": "2018"})
    assert origins == {"title": "dblp", "date": PERSON}


def test_the_capitals_of_a_doi_are_nobodys_edit() -> None:
    assert typed({"DOI": "crossref"}, {"DOI": "10.1/A"}, {"DOI": "10.1/a"}) == {"DOI": "crossref"}


def test_without_a_base_nobody_knows_who_typed_what() -> None:
    assert typed({"title": "dblp"}, {}, {"title": "T"}) == {"title": "dblp"}


fields = st.dictionaries(st.sampled_from(["title", "date", "pages", "DOI"]), st.sampled_from(["1", "2", "3"]))


@given(fields, fields, st.frozensets(st.sampled_from(["title", "date", "pages", "DOI"])))
def test_nothing_typed_is_ever_replaced_and_nothing_is_cleared(
    current: dict[str, str], offered: dict[str, str], by_person: frozenset[str]
) -> None:
    origins = {name: PERSON if name in by_person else "crossref" for name in current}
    record, _ = followed(
        Record("journalArticle", current), origins, Record("journalArticle", offered), dict.fromkeys(offered, "dblp")
    )
    for name, value in current.items():
        assert record.get(name) == (value if name in by_person else offered.get(name, value))
