from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from dmlsync.errors import SourceError, SourceRefusedError
from dmlsync.model import Creator, Entry, Identifiers, Link
from dmlsync.resolve.engine import Resolution, entry_key, resolve
from dmlsync.resolve.evidence import Answer
from dmlsync.sources.base import Candidate

Make = Callable[..., Candidate]
Row = Callable[..., Entry]
Sources = Callable[..., Any]

TITLE = "Sampling Matters in Deep Embedding Learning"
PEOPLE = "Chao-Yuan Wu, R. Manmatha, Alexander J. Smola"
ARXIV = "https://arxiv.org/abs/1706.07567"
LONG = "2017 IEEE International Conference on Computer Vision (ICCV)"


@pytest.fixture
def row(make_entry: Row) -> Entry:
    return make_entry(TITLE, "Wu, C.-Y.", 2017, "ICCV", ARXIV, et_al=True)


@pytest.fixture
def preprint(make_candidate: Make) -> Candidate:
    return make_candidate(TITLE, PEOPLE, 2017, source="arxiv", kind="preprint", arxiv="1706.07567")


@pytest.fixture
def in_dblp(make_candidate: Make) -> Candidate:
    return make_candidate(TITLE, PEOPLE, 2017, "ICCV", source="dblp", doi="10.1109/ICCV.2017.309")


@pytest.fixture
def in_crossref(make_candidate: Make) -> Candidate:
    return make_candidate(TITLE, PEOPLE, 2017, LONG, doi="10.1109/ICCV.2017.309", pages="2859-2867")


def people(names: str) -> tuple[Creator, ...]:
    split = [name.strip().rpartition(" ") for name in names.split(",")]
    return tuple(Creator(family, given) for given, _, family in split)


def one(row: Entry, sources: Sequence[Any], answer: Answer | None = None) -> Resolution:
    return resolve([row], sources, known={entry_key(row): answer} if answer else None)[0]


def test_a_preprint_link_leads_to_the_published_paper(
    row: Entry, make_source: Sources, preprint: Candidate, in_dblp: Candidate, in_crossref: Candidate
) -> None:
    crossref = make_source("crossref", [in_crossref])
    result = one(row, [make_source("arxiv", [preprint]), make_source("dblp", [in_dblp]), crossref])
    assert result.state == "resolved"
    assert result.record is not None and result.record.get("pages") == "2859-2867"
    assert (result.identifiers.doi, result.identifiers.arxiv) == ("10.1109/iccv.2017.309", "1706.07567")
    assert crossref.asked == [Identifiers(arxiv="1706.07567"), Identifiers(doi="10.1109/iccv.2017.309")]


def test_the_same_question_is_asked_once(
    row: Entry, make_source: Sources, preprint: Candidate, in_dblp: Candidate
) -> None:
    sources = [make_source("arxiv", [preprint]), make_source("dblp", [in_dblp]), make_source("crossref")]
    resolve([row, replace(row, line=9, list_name="other")], sources)
    for source in sources:
        assert len(source.asked) == len(set(source.asked))


def test_identifiers_of_all_entries_are_looked_up_in_one_batch(make_entry: Row, make_source: Sources) -> None:
    calls: list[int] = []
    arxiv = make_source("arxiv", fails=lambda name: calls.append(1))
    rows = [
        make_entry(f"Title number {n} of many", "", 2017, "", f"https://arxiv.org/abs/1706.0{n}")
        for n in range(1000, 1090)
    ]
    resolve(rows, [arxiv])
    assert len([question for question in arxiv.asked if isinstance(question, Identifiers)]) == 90
    assert len(calls) == 1 + 90  # the batch, then one search for each entry that it did not find


def test_a_paper_that_its_registry_knows_whole_is_not_searched_for(
    make_entry: Row, make_source: Sources, in_crossref: Candidate
) -> None:
    linked = make_entry(TITLE, "Wu, C.-Y.", 2017, "ICCV", "https://doi.org/10.1109/ICCV.2017.309", et_al=True)
    full = replace(in_crossref, record=replace(in_crossref.record, creators=people("Chao-Yuan Wu, Alexander Smola")))
    aggregator = replace(full, source="semanticscholar")
    others = [make_source(name) for name in ("dblp", "arxiv", "openalex", "pages")]
    result = one(linked, [make_source("crossref", [full]), make_source("semanticscholar", [aggregator]), *others])
    assert result.state == "resolved"
    assert [question for source in others for question in source.asked if isinstance(question, str)] == []


def test_initials_alone_are_reason_enough_to_ask_dblp(
    make_entry: Row, make_source: Sources, in_crossref: Candidate, in_dblp: Candidate
) -> None:
    linked = make_entry(TITLE, "Wu, C.-Y.", 2017, "ICCV", "https://doi.org/10.1109/ICCV.2017.309", et_al=True)
    short = replace(
        in_crossref, record=replace(in_crossref.record, creators=people("C.-Y. Wu, R. Manmatha, A. J. Smola"))
    )
    dblp = make_source("dblp", [in_dblp])
    result = one(linked, [make_source("crossref", [short]), dblp])
    assert result.record is not None and str(result.record.creators[2]) == "Alexander J. Smola"
    assert dblp.asked[-1] == TITLE


def test_a_source_is_not_asked_again_for_a_record_that_it_gave(
    make_entry: Row, make_source: Sources, in_crossref: Candidate
) -> None:
    crossref = make_source("crossref", [in_crossref])
    result = one(make_entry(TITLE, "Wu, C.-Y.", 2017, "ICCV", et_al=True), [crossref])
    assert result.state == "resolved"
    assert crossref.asked == [TITLE]


def test_a_slip_in_the_list_is_searched_for_by_the_right_title(
    make_entry: Row, make_source: Sources, make_candidate: Make
) -> None:
    right = make_candidate(TITLE, PEOPLE, 2017, "NeurIPS", source="dblp", pages="1-9")
    dblp = make_source("dblp")
    dblp.search = lambda hints: {one: [right] for one in hints if one.title == TITLE}
    known = make_candidate(TITLE, PEOPLE, 2017, source="openalex", item_type="document")
    row = make_entry(TITLE.replace("Matters", "Maters"), "Wu, C.-Y.", 2017, "NeurIPS", et_al=True)
    result = one(row, [dblp, make_source("openalex", [known])])
    assert result.record is not None and result.record.get("pages") == "1-9"


@pytest.mark.parametrize("page", ["https://dl.acm.org/doi/10.1145/1.2", "https://www.aaai.org/ocs/index.php/AAAI/x/1"])
def test_pages_that_cannot_be_read_are_not_asked_for(make_entry: Row, make_source: Sources, page: str) -> None:
    pages = make_source("pages")
    one(make_entry(TITLE, "Wu, C.-Y.", 2017, "", page), [pages])
    assert [question for question in pages.asked if getattr(question, "page", "")] == []


def test_sources_without_a_search_leave_nothing_pending(
    make_entry: Row, make_source: Sources, unavailable: Callable[[str], SourceError]
) -> None:
    pages = make_source("pages", fails=unavailable)
    rows = [make_entry(TITLE, "Wu, C.-Y.", 2017, "", f"https://papers.example/{n}") for n in range(3)]
    rows.append(make_entry("Another Title Without Any Link", "Wu, C.-Y.", 2017))
    states = [result.state for result in resolve(rows, [make_source("dblp"), pages])]
    assert states == ["pending", "pending", "pending", "unresolved"]


def test_a_link_to_another_paper_is_reported_and_not_believed(
    make_entry: Row, make_source: Sources, make_candidate: Make, in_dblp: Candidate
) -> None:
    wrong = make_candidate(
        "Attention Is All You Need", "Ashish Vaswani", 2017, source="arxiv", kind="preprint", arxiv="1706.03762"
    )
    row = make_entry(TITLE, "Wu, C.-Y.", 2017, "ICCV", "https://arxiv.org/abs/1706.03762", et_al=True)
    result = one(row, [make_source("arxiv", [wrong]), make_source("dblp", [in_dblp])])
    assert result.state == "resolved"
    assert result.identifiers.arxiv == ""
    assert result.problems == ("the entry's link leads to another paper: Attention Is All You Need",)


def test_a_link_to_the_journal_version_of_a_conference_paper_is_reported(
    make_entry: Row, make_source: Sources, make_candidate: Make
) -> None:
    people, name = "Michael Opitz, Georg Waltner", "Boosting Independent Embeddings Robustly"
    long = f"Deep Metric Learning with BIER: {name}"
    row = make_entry(
        "BIER: Online Gradient Boosting", "Opitz, M.", 2017, "ICCV", "https://arxiv.org/abs/1801.04815", et_al=True
    )
    preprint = make_candidate(long, people, 2018, source="arxiv", kind="preprint", arxiv="1801.04815")
    preprint = replace(preprint, identifiers=replace(preprint.identifiers, doi="10.1109/j"))
    article = make_candidate(
        long, people, 2020, "IEEE Trans. Pattern Anal. Mach. Intell.", kind="journal", doi="10.1109/j"
    )
    paper = make_candidate(f"BIER - {name}", people, 2017, "ICCV", doi="10.1109/c")
    result = one(row, [make_source("arxiv", [preprint]), make_source("crossref", [article, paper])])
    assert (result.identifiers.doi, result.identifiers.arxiv) == ("10.1109/c", "")
    assert result.problems == (f"the entry's link leads to another version: {long}",)


def test_a_venue_that_the_record_does_not_have_is_reported(
    row: Entry, make_source: Sources, preprint: Candidate, in_dblp: Candidate
) -> None:
    result = one(replace(row, venue="CVPR"), [make_source("arxiv", [preprint]), make_source("dblp", [in_dblp])])
    assert result.problems == ("the list says CVPR, the record found is of ICCV",)


def test_a_record_without_a_venue_is_no_other_venue(
    row: Entry, make_source: Sources, make_candidate: Make, in_dblp: Candidate
) -> None:
    bare = make_candidate(TITLE, PEOPLE, 2017, "", doi="10.1109/ICCV.2017.309")
    sources = [make_source("crossref", [bare]), make_source("dblp", [in_dblp])]
    assert one(replace(row, venue="CVPR"), sources).problems == ("the list says CVPR, the record found is of ICCV",)
    assert one(replace(row, venue="CVPR"), sources[:1]).problems == ()


def test_a_maybe_published_version_without_a_venue_is_told_without_one(
    make_entry: Row, make_source: Sources, make_candidate: Make, preprint: Candidate
) -> None:
    row = make_entry(TITLE, "Wu, C.-Y.", 2017, "ICCV", ARXIV, et_al=True)
    bare = make_candidate(TITLE, "", None, "", doi="10.1/other")
    named = make_candidate(TITLE, "", None, LONG, doi="10.1/other")
    arxiv = make_source("arxiv", [preprint])
    assert one(row, [arxiv, make_source("crossref", [bare])]).problems == (f"perhaps published: {TITLE}",)
    assert one(row, [arxiv, make_source("crossref", [named])]).problems == (f"perhaps published in {LONG}: {TITLE}",)


def test_an_unavailable_source_leaves_an_entry_pending_not_unresolved(
    row: Entry, make_source: Sources, unavailable: Callable[[str], SourceError]
) -> None:
    result = one(row, [make_source("arxiv", fails=unavailable), make_source("dblp")])
    assert (result.state, result.record) == ("pending", None)
    assert result.identifiers == Identifiers(arxiv="1706.07567")
    assert result.problems == ("arxiv was not available",)


def test_a_preprint_is_not_called_unpublished_while_a_source_is_down(
    row: Entry, make_source: Sources, preprint: Candidate, unavailable: Callable[[str], SourceError]
) -> None:
    arxiv = make_source("arxiv", [preprint])
    assert one(row, [arxiv, make_source("dblp", fails=unavailable)]).state == "pending"
    assert one(row, [arxiv, make_source("dblp")]).state == "resolved"
    assert one(replace(row, venue=""), [arxiv, make_source("dblp", fails=unavailable)]).state == "resolved"


def test_certain_answers_of_others_outweigh_a_source_that_is_down(
    row: Entry, make_source: Sources, in_dblp: Candidate, unavailable: Callable[[str], SourceError]
) -> None:
    result = one(row, [make_source("dblp", [in_dblp]), make_source("arxiv", fails=unavailable)])
    assert result.state == "resolved"


def test_a_resolution_is_incomplete_while_a_source_that_was_asked_is_down(
    row: Entry,
    make_source: Sources,
    preprint: Candidate,
    in_dblp: Candidate,
    in_crossref: Candidate,
    unavailable: Callable[[str], SourceError],
) -> None:
    others = [make_source("arxiv", [preprint]), make_source("dblp", [in_dblp])]
    result = one(row, [*others, make_source("crossref", [in_crossref], fails=unavailable)])
    assert (result.state, result.incomplete) == ("resolved", True)
    result = one(row, [*others, make_source("crossref", [in_crossref])])
    assert (result.state, result.incomplete) == ("resolved", False)


def test_a_source_that_refuses_leaves_nothing_incomplete(row: Entry, make_source: Sources, in_dblp: Candidate) -> None:
    refusing = make_source("crossref", fails=lambda name: SourceRefusedError(name, "bad request"))
    assert not one(row, [make_source("dblp", [in_dblp]), refusing]).incomplete


def test_an_entry_is_not_incomplete_for_what_failed_for_another(
    row: Entry, make_entry: Row, make_source: Sources, preprint: Candidate, in_dblp: Candidate
) -> None:
    unknown = make_entry("A Paper that Nobody Knows at All", "Nemo, N.", 2017, "", "https://arxiv.org/abs/2001.00001")
    arxiv = make_source("arxiv", [preprint])
    arxiv.fails_for = Identifiers(arxiv="2001.00001")
    results = resolve([row, unknown], [arxiv, make_source("dblp", [in_dblp])])
    assert [(result.state, result.incomplete) for result in results] == [("resolved", False), ("pending", True)]


def test_other_entries_go_on_when_a_source_fails(
    row: Entry, make_entry: Row, make_source: Sources, preprint: Candidate, unavailable: Callable[[str], SourceError]
) -> None:
    unknown = make_entry("A Paper that Nobody Knows at All", "Nemo, N.", 2017, "ICCV")
    results = resolve(
        [replace(row, venue=""), unknown], [make_source("arxiv", [preprint]), make_source("dblp", fails=unavailable)]
    )
    assert [result.state for result in results] == ["resolved", "pending"]


def test_a_dead_source_is_not_asked_for_every_entry(
    make_entry: Row, make_source: Sources, unavailable: Callable[[str], SourceError]
) -> None:
    dead = make_source("dblp", fails=unavailable)
    rows = [make_entry(f"A Paper Numbered {n} of Some Series", "Nemo, N.", 2017) for n in range(100, 150)]
    assert {result.state for result in resolve(rows, [dead])} == {"pending"}
    assert len(dead.asked) < 5


def test_a_refused_question_is_an_answer(row: Entry, make_source: Sources) -> None:
    refusing = make_source("dblp", fails=lambda name: SourceRefusedError(name, "bad request"))
    assert one(row, [refusing]).state == "unresolved"


def test_what_nobody_knows_is_unresolved(row: Entry, make_source: Sources) -> None:
    result = one(row, [make_source("dblp"), make_source("arxiv")])
    assert (result.state, result.matches, result.links) == ("unresolved", (), row.links)


def test_doubtful_candidates_wait_for_a_person(make_entry: Row, make_source: Sources, make_candidate: Make) -> None:
    row = make_entry(TITLE, "", None)
    offers = [make_candidate(TITLE, PEOPLE, 2017, "ICCV", source="dblp", doi=f"10.1/{n}") for n in range(8)]
    result = one(row, [make_source("dblp", offers)])
    assert (result.state, result.record, len(result.matches)) == ("review", None, 5)


def test_two_versions_equally_good_wait_for_a_person(
    make_entry: Row, make_source: Sources, make_candidate: Make
) -> None:
    row = make_entry(TITLE, "Wu, C.; Manmatha, R.; Smola, A.", 2017)
    paper = make_candidate(TITLE, PEOPLE, 2017, "ICCV", source="dblp", doi="10.1/a")
    article = make_candidate(TITLE, PEOPLE, 2017, "PAMI", source="dblp", kind="journal", doi="10.1/b")
    result = one(row, [make_source("dblp", [paper, article])])
    assert (result.state, len(result.matches)) == ("review", 2)
    answered = one(row, [make_source("dblp", [paper, article])], Answer(accepted="doi:10.1/b"))
    assert answered.record is not None and answered.record.item_type == "journalArticle"


def test_a_rejected_candidate_does_not_come_back(row: Entry, make_source: Sources, in_dblp: Candidate) -> None:
    result = one(row, [make_source("dblp", [in_dblp])], Answer(rejected=frozenset({"doi:10.1109/iccv.2017.309"})))
    assert (result.state, result.matches) == ("unresolved", ())


def test_an_accepted_identifier_is_looked_up_and_believed(
    make_entry: Row, make_source: Sources, in_crossref: Candidate
) -> None:
    row = make_entry("An Old Working Title", "Nemo, N.", 1999)
    result = one(row, [make_source("crossref", [in_crossref])], Answer(accepted="doi:10.1109/iccv.2017.309"))
    assert result.state == "resolved"
    assert result.matches[0].support == "person"


def test_the_lists_own_links_come_first_and_not_twice(
    make_entry: Row, make_source: Sources, preprint: Candidate
) -> None:
    row = replace(
        make_entry(TITLE, "Wu, C.-Y.", 2017, et_al=True),
        links=(Link("pdf", "https://arxiv.org/pdf/1706.07567.pdf", "PDF"),),
    )
    offered = replace(
        preprint, links=(Link("pdf", "https://arxiv.org/pdf/1706.07567"), Link("pdf", "https://example.org/p.pdf"))
    )
    urls = [link.url for link in one(row, [make_source("arxiv", [offered])]).links]
    assert urls == ["https://arxiv.org/pdf/1706.07567.pdf", "https://example.org/p.pdf"]


def test_progress_is_told_one_call_at_a_time(row: Entry, make_source: Sources, preprint: Candidate) -> None:
    told: list[tuple[str, int, int]] = []
    busy = threading.Lock()

    def progress(source: str, done: int, total: int) -> None:
        assert busy.acquire(blocking=False)
        told.append((source, done, total))
        busy.release()

    resolve([row], [make_source("arxiv", [preprint]), make_source("dblp")], progress=progress)
    assert {source for source, _, _ in told} == {"arxiv", "dblp"}
    assert all(0 <= done <= total for _, done, total in told)


def test_no_entries_need_no_sources() -> None:
    assert resolve([], []) == ()


def test_answers_are_remembered_wherever_the_entry_stands(row: Entry) -> None:
    assert entry_key(row) == entry_key(replace(row, line=99, list_name="other", title=TITLE.upper()))
    assert entry_key(row) != entry_key(replace(row, year=2018))
