"""From lines to works: what is known is not asked again, and one paper is one work however many lines name it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dmlsync.model import CITATION_KEY, Creator, Entry, Identifiers, Link, Record
from dmlsync.resolve.engine import Resolution
from dmlsync.resolve.match import Match
from dmlsync.sources.base import Candidate
from dmlsync.sync.bib_records import bib_records
from dmlsync.sync.catalog import Catalog
from dmlsync.sync.cataloguing import make_catalog
from dmlsync.sync.lock import Binding, Lock
from dmlsync.sync.merge import values_of

PEOPLE = (Creator("Movshovitz-Attias", "Yair"), Creator("Toshev", "Alexander"))
PREPRINT = Record(
    "preprint",
    {"title": "No Fuss Distance", "date": "2017", "repository": "arXiv", "archiveID": "arXiv:1703.07464"},
    PEOPLE,
)
PAPER = Record(
    "conferencePaper",
    {"title": "No Fuss Distance", "date": "2017", "proceedingsTitle": "ICCV", "DOI": "10.1/x", "arXiv": "1703.07464"},
    PEOPLE,
)
KEY = "movshovitzattias2017fuss"


def entry(line: int = 3, **changes: object) -> Entry:
    link = Link("pdf", "https://arxiv.org/pdf/1703.07464")
    names = ("Movshovitz-Attias, Y.",)
    plain = Entry("papers", line, line, "No Fuss Distance", (), names[0], names, True, 2017, "arXiv", (link,))
    return replace(plain, **changes)  # type: ignore[arg-type]


def resolved(one: Entry, record: Record, **more: object) -> Resolution:
    origins = dict.fromkeys(values_of(record), "crossref")
    return replace(Resolution(one, "resolved", record, origins, record.identifiers), **more)  # type: ignore[arg-type]


@dataclass
class Sources:
    """Answers for entries by their venue, and what was asked."""

    answers: Mapping[str, Record | str] = field(default_factory=dict)
    more: Mapping[str, object] = field(default_factory=dict)
    asked: list[Entry] = field(default_factory=list)

    def __call__(self, entries: Sequence[Entry]) -> Sequence[Resolution]:
        self.asked += entries
        return [self._answer(one) for one in entries]

    def _answer(self, one: Entry) -> Resolution:
        answer = self.answers.get(one.venue, "unresolved")
        if isinstance(answer, Record):
            return resolved(one, answer, **self.more)
        match = Match(Candidate("dblp", PAPER, PAPER.identifiers), "ask", 10.0)
        return Resolution(one, answer, matches=(match,) if answer == "review" else ())  # type: ignore[arg-type]


def catalog_of(
    entries: Sequence[Entry], sources: Sources, before: Catalog | None = None, *, bound: bool = False, **options: bool
) -> Catalog:
    """The catalog of a project that was at `before`, with all records in library.bib (and pushed, where `bound`)."""
    lock = Lock(before.works, {}, before.reviews) if before else Lock()
    records = before.records if before else {}
    bindings = {key: Binding("ABCD2345", {**values_of(one), CITATION_KEY: key}) for key, one in records.items()}
    bindings = bindings if bound else {}
    bib = bib_records(records, {key.lower() for key in records}, lock, bindings)
    again = options.pop("again", False)
    return make_catalog(entries, lock, bindings, bib, sources, again=lambda _: again, **options)  # type: ignore[arg-type]


def test_a_new_line_becomes_a_work_with_a_key_and_is_to_be_written() -> None:
    catalog = catalog_of([entry()], Sources({"arXiv": PREPRINT}))
    assert [one.citation_key for one in catalog.entries] == [KEY]
    assert list(catalog.written) == [KEY]
    assert catalog.works[KEY].identifiers.arxiv == "1703.07464"


def test_what_is_known_is_not_asked_again() -> None:
    first = catalog_of([entry()], Sources({"arXiv": PREPRINT}))
    sources = Sources()
    second = catalog_of([entry(line=99)], sources, first)
    assert not sources.asked
    assert not second.written
    assert second.works == first.works


def test_two_lines_of_one_paper_are_one_work() -> None:
    again = entry(9, list_name="more", title="No Fuss  Distance", venue="ICCV")
    catalog = catalog_of([entry(), again], Sources({"arXiv": PAPER, "ICCV": PAPER}))
    assert {one.citation_key for one in catalog.entries} == {KEY}
    assert len(catalog.works[KEY].entries) == 2


def test_a_second_list_finds_the_work_in_the_bib_without_a_source() -> None:
    first = catalog_of([entry()], Sources({"arXiv": PAPER}))
    sources = Sources()
    catalog = catalog_of([entry(), entry(5, list_name="more", authors="", author_names=())], sources, first)
    assert not sources.asked
    assert {one.citation_key for one in catalog.entries} == {KEY}


def test_a_preprint_whose_line_names_a_venue_now_becomes_the_paper_and_keeps_its_key() -> None:
    first = catalog_of([entry()], Sources({"arXiv": PREPRINT}))
    catalog = catalog_of([entry(venue="ICCV")], Sources({"ICCV": PAPER}), first, bound=True)
    assert [one.citation_key for one in catalog.entries] == [KEY]
    assert catalog.records[KEY] == PAPER


def test_without_a_base_an_edit_of_the_line_fills_only_blanks() -> None:
    first = catalog_of([entry()], Sources({"arXiv": PREPRINT}))
    catalog = catalog_of([entry(venue="ICCV")], Sources({"ICCV": PAPER}), first)
    assert catalog.records[KEY].item_type == "preprint"


def test_a_question_is_remembered_and_asked_again_only_on_request() -> None:
    first = catalog_of([entry()], Sources({"arXiv": "review"}))
    assert [one.standing for one in first.entries] == ["review"]
    sources = Sources({"arXiv": PAPER})
    assert [one.standing for one in catalog_of([entry()], sources, first).entries] == ["review"]
    assert not sources.asked
    asked = catalog_of([entry()], sources, first, again=True)
    assert [one.standing for one in asked.entries] == ["known"]
    assert not asked.reviews


def test_a_remembered_question_outlives_a_source_that_is_away() -> None:
    first = catalog_of([entry()], Sources({"arXiv": "review"}))
    catalog = catalog_of([entry()], Sources({"arXiv": "pending"}), first, again=True)
    assert catalog.reviews == first.reviews
    assert [one.standing for one in catalog.entries] == ["pending"]


def test_an_edited_line_keeps_its_work_until_it_is_known_what_it_names_now() -> None:
    first = catalog_of([entry()], Sources({"arXiv": PAPER}))
    edited = entry(title="Quite Another Thing", venue="FOO")
    for _ in range(2):
        catalog = catalog_of([edited], Sources({"FOO": "review"}), first, bound=True)
        assert [(one.standing, one.citation_key) for one in catalog.entries] == [("review", KEY)]
        first = catalog


def test_an_edit_that_no_source_could_look_at_is_looked_at_next_time() -> None:
    first = catalog_of([entry()], Sources({"arXiv": PREPRINT}))
    waiting = catalog_of([entry(venue="ICCV")], Sources({"ICCV": "pending"}), first, bound=True)
    assert [(one.standing, one.recheck) for one in waiting.entries] == [("known", True)]
    done = catalog_of([entry(venue="ICCV")], Sources({"ICCV": PAPER}), waiting, bound=True)
    assert done.records[KEY] == PAPER
    assert not done.entries[0].recheck


def test_a_record_that_was_made_while_a_source_was_away_is_completed_later() -> None:
    thin = Record("conferencePaper", {"title": "No Fuss Distance", "date": "2017", "arXiv": "1703.07464"}, PEOPLE)
    first = catalog_of([entry()], Sources({"arXiv": thin}, {"incomplete": True}))
    assert first.entries[0].recheck
    second = catalog_of([entry()], Sources({"arXiv": PAPER}), first, bound=True)
    assert second.records[KEY].get("proceedingsTitle") == "ICCV"
    assert not second.entries[0].recheck
    sources = Sources()
    catalog_of([entry()], sources, second, bound=True)
    assert not sources.asked


def test_a_line_that_names_another_paper_now_gets_that_papers_key() -> None:
    other = Record(
        "conferencePaper", {"title": "Other Work", "date": "2019", "DOI": "10.1/other"}, (Creator("Doe", "J"),)
    )
    first = catalog_of([entry()], Sources({"arXiv": PAPER}))
    moved = entry(title="Other Work", authors="Doe, J.", author_names=("Doe, J.",), venue="FOO")
    catalog = catalog_of([moved], Sources({"FOO": other}), first, bound=True)
    assert [one.citation_key for one in catalog.entries] == ["doe2019work"]


def test_a_link_to_another_paper_is_no_pdf_of_this_one() -> None:
    wrong = entry(links=(Link("pdf", "https://arxiv.org/pdf/1801.07698"),))
    (work,) = catalog_of([wrong], Sources({"arXiv": PAPER})).listed()
    assert work.pdf == ""
    (work,) = catalog_of([entry()], Sources({"arXiv": PAPER})).listed()
    assert work.pdf == "https://arxiv.org/pdf/1703.07464"


def test_a_work_that_no_source_knows_is_marked_until_a_person_completes_it() -> None:
    first = catalog_of([entry()], Sources(), minimal=True)
    (work,) = first.listed()
    assert work.tags == {"needs metadata"}
    typed = {key: Record(one.item_type, {**one.fields, "DOI": "10.1/typed"}) for key, one in first.records.items()}
    bindings = {key: Binding("ABCD2345", {**values_of(one)}) for key, one in first.records.items()}
    lock = Lock(first.works)
    bib = bib_records(typed, set(typed), lock, bindings)
    (work,) = make_catalog([entry()], lock, bindings, bib, Sources(), minimal=True).listed()
    assert work.tags == frozenset()
    assert work.identifiers == Identifiers("10.1/typed")
