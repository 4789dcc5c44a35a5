from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.model import Creator, Entry, Identifiers, Record
from dmlsync.resolve.match import best, facts_of, facts_of_record, informed, judge, ranked, same_work
from dmlsync.sources.base import Candidate

Make = Callable[..., Candidate]
Row = Callable[..., Entry]

TITLE = "Sampling Matters in Deep Embedding Learning"
PEOPLE = "Chao-Yuan Wu, R. Manmatha, Alexander J. Smola"

# title, printed authors, et al., year, venue of the entry; title, authors, year, venue of the record; verdict
FOUND_BY_WORDS = [
    # the plain cases
    (TITLE, "Wu, C.-Y.", True, 2017, "ICCV", TITLE, PEOPLE, 2017, "ICCV", "yes"),
    (TITLE.lower(), "C. Wu; R. Manmatha; A. Smola", False, 2016, "", TITLE, PEOPLE, 2017, "ICCV", "yes"),
    (TITLE, "", False, 2017, "ICCV", TITLE, PEOPLE, 2017, "ICCV", "yes"),
    ("Sampling Maters in Deep Embedding Learning", "Wu, C.", True, 2017, "", TITLE, PEOPLE, 2017, "ICCV", "yes"),
    # something is missing or off
    (TITLE, "", False, 2017, "", TITLE, PEOPLE, 2017, "ICCV", "ask"),
    (TITLE, "", False, None, "", TITLE, PEOPLE, 2017, "ICCV", "ask"),
    (TITLE, "Wu, C.", True, 2011, "", TITLE, PEOPLE, 2017, "ICCV", "ask"),
    (TITLE, "Wu, X.", True, 2017, "", TITLE, PEOPLE, 2017, "ICCV", "ask"),
    (TITLE, "Manmatha, R.", True, 2017, "ICCV", TITLE, PEOPLE, 2017, "ICCV", "ask"),
    ("Sampling Really Matters in Deep Embedding Learning", "Wu, C.", True, 2017, "",
     TITLE, PEOPLE, 2017, "ICCV", "ask"),
    # other authors are never it
    (TITLE, "Song, H.", True, 2017, "ICCV", TITLE, PEOPLE, 2017, "ICCV", "no"),
    (TITLE, "Song, H.; Xiang, Y.", False, 2017, "ICCV", TITLE, PEOPLE, 2017, "ICCV", "no"),
    # set apart by a mark
    ("The Group Loss", "Elezi, I.", True, 2020, "", "The Group Loss++", "Ismail Elezi, Jo Doe", 2020, "", "no"),
    (TITLE, "Wu, C.", True, 2017, "", f"{TITLE} II", PEOPLE, 2017, "ICCV", "no"),
    (TITLE, "Wu, C.", True, 2017, "", f"Erratum to: {TITLE}", PEOPLE, 2017, "ICCV", "no"),
    (TITLE, "Wu, C.", True, 2017, "", f"Supplementary Material: {TITLE}", PEOPLE, 2017, "ICCV", "no"),
    # generic titles need authors and year
    ("Deep Learning", "LeCun, Y.", True, 2015, "", "Deep Learning", "Yann LeCun, Yoshua Bengio", 2015, "Nature", "yes"),
    ("Deep Learning", "", False, 2015, "Nature", "Deep Learning", "Yann LeCun, Yoshua Bengio", 2015, "Nature", "ask"),
    ("Deep Learning", "LeCun, Y.", True, None, "", "Deep Learning", "Yann LeCun, Yoshua Bengio", 2015, "Nature", "ask"),
    ("Deep Learning", "LeCun, Y.", True, 2015, "", "Deep Learning", "Ruslan Salakhutdinov", 2014, "KDD", "no"),
    # a dropped subtitle: only where everybody and everything else agrees
    ("PADS: Adapted Sampling for Visual Similarity", "Roth, K.; Milbich, T.", False, 2020, "CVPR",
     "Adapted Sampling for Visual Similarity", "Karsten Roth, Timo Milbich", 2020, "CVPR", "yes"),
    ("PADS: Adapted Sampling for Visual Similarity", "Roth, K.", True, 2020, "CVPR",
     "Adapted Sampling for Visual Similarity", "Karsten Roth, Timo Milbich", 2020, "CVPR", "ask"),
    # the end is missing: all authors tell, the first one only with a title that does
    ("Rich Embeddings of Curious Birds", "Roth, K.", True, 2020, "CVPR",
     "Rich Embeddings of Curious Birds: A Large Study", "Karsten Roth, Timo Milbich", 2020, "CVPR", "yes"),
    ("Rich Embeddings of Curious Birds", "Roth, K.", True, 2020, "",
     "Rich Embeddings of Curious Birds: A Large Study", "Karsten Roth, Timo Milbich", 2020, "CVPR", "ask"),
    ("Rich Embeddings of Curious Birds", "Roth, K.", True, 2021, "CVPR",
     "Rich Embeddings of Curious Birds: A Large Study", "Karsten Roth, Timo Milbich", 2020, "CVPR", "ask"),
    ("Rich Embeddings of Curious Birds", "", False, 2020, "CVPR",
     "Rich Embeddings of Curious Birds: A Large Study", "Karsten Roth, Timo Milbich", 2020, "CVPR", "ask"),
    ("PADS", "Roth, K.", True, 2020, "CVPR", "PADS: A Large Study of Birds", "Karsten Roth, T. Milbich", 2020, "CVPR",
     "yes"),
    ("PADS", "Roth, T.", True, 2020, "CVPR", "PADS: A Large Study of Birds", "Karsten Roth, T. Milbich", 2020, "CVPR",
     "ask"),
    ("Similarity Learning", "Roth, K.", True, 2020, "CVPR",
     "Similarity Learning: A Large Study", "Karsten Roth, Timo Milbich", 2020, "CVPR", "ask"),
    ("Similarity Learning", "Roth, K.; Milbich, T.", False, 2020, "CVPR",
     "Similarity Learning: A Large Study", "Karsten Roth, Timo Milbich", 2020, "CVPR", "yes"),
    ("Similarity Learning", "Roth, K.; Milbich, T.", False, 2020, "CVPR",
     "Similarity Learning: Part 2", "Karsten Roth, Timo Milbich", 2020, "CVPR", "no"),
    # one letter is wrong: it may be another word, so the rest has to agree
    ("Focal Embeddings of Curious Birds", "Roth, K.; Milbich, T.", False, 2019, "",
     "Local Embeddings of Curious Birds", "Karsten Roth, Timo Milbich", 2020, "CVPR", "yes"),
    ("Focal Embeddings of Curious Birds", "Roth, K.", True, 2020, "CVPR",
     "Local Embeddings of Curious Birds", "Karsten Roth, Timo Milbich", 2020, "CVPR", "yes"),
    ("Focal Embeddings of Curious Birds", "Roth, K.", True, 2019, "CVPR",
     "Local Embeddings of Curious Birds", "Karsten Roth, Timo Milbich", 2020, "CVPR", "ask"),
    ("Focal Embeddings of Curious Birds", "", False, 2020, "CVPR",
     "Local Embeddings of Curious Birds", "Karsten Roth, Timo Milbich", 2020, "CVPR", "ask"),
    ("Focal Embeddings of Curious Birds", "Elezi, I.", True, 2020, "CVPR",
     "Local Embeddings of Curious Birds", "Karsten Roth, Timo Milbich", 2020, "CVPR", "no"),
    # names as they are printed elsewhere
    (TITLE, "Chao Yuan Wu; Raghavan Manmatha; Smola A. J.", False, 2017, "", TITLE, PEOPLE, 2017, "ICCV", "yes"),
    (TITLE, "van der Maaten, L.", True, 2017, "", TITLE, "Laurens van der Maaten, Ann Lee", 2017, "ICCV", "yes"),
    (TITLE, "Márquez, G.; Ben Ayed, I.", False, 2017, "", TITLE, "Gabriel Marquez, Ismail Ben Ayed", 2017, "", "yes"),
    (TITLE, "Jia Guo 0004; Wei Wang", False, 2017, "", TITLE, "Jia Guo, Wei Wang", 2017, "ICCV", "yes"),
    # a later paper of the same group
    ("Divide and Conquer the Embedding Space for Metric Learning", "Sanakoyeu, A.", True, 2019, "CVPR",
     "Improving Deep Metric Learning by Divide and Conquer", "Artsiom Sanakoyeu, Pingchuan Ma", 2021, "PAMI", "ask"),
    ("Attention Is All You Need", "Vaswani, A.", True, 2017, "", TITLE, PEOPLE, 2017, "ICCV", "no"),
]  # fmt: skip

LINKED = [
    (TITLE, "", False, None, "", TITLE, PEOPLE, 2017, "ICCV", "yes"),
    (TITLE, "Manmatha, R.", True, 2017, "ICCV", TITLE, PEOPLE, 2017, "ICCV", "yes"),
    ("BIER: Online Gradient Boosting", "Opitz, M.", True, 2017, "ICCV",
     "Deep Metric Learning with BIER: Boosting Independent Embeddings Robustly", "Michael Opitz, Georg Waltner",
     2018, "", "yes"),
    ("S2SD: Simultaneous Similarity-based Self-Distillation", "Roth, K.", True, 2021, "ICML",
     "Simultaneous Similarity-based Self-Distillation", "Karsten Roth, Timo Milbich", 2021, "", "yes"),
    ("An Old Working Title of Ours", "Wu, C.-Y.", True, 2017, "", TITLE, PEOPLE, 2017, "ICCV", "ask"),
    (TITLE, "Song, H.", True, 2017, "", TITLE, PEOPLE, 2017, "ICCV", "ask"),
    ("Attention Is All You Need", "Vaswani, A.", True, 2017, "", TITLE, PEOPLE, 2017, "ICCV", "no"),
    ("Attention Is All You Need", "", False, 2017, "", TITLE, PEOPLE, 2017, "ICCV", "no"),
    ("Deep Learning", "", False, 2015, "", "Deep Learning: A Critical Appraisal", "Gary Marcus", 2015, "", "ask"),
    ("Deep Learning", "Marcus, G.", False, 2015, "", "Deep Learning: A Critical Appraisal", "Gary Marcus", 2015, "",
     "yes"),
    ("Focal Embeddings of Curious Birds", "", False, 2020, "", "Local Embeddings of Curious Birds", "K. Roth", 2020,
     "", "yes"),
    ("The Group Loss for Embeddings", "Elezi, I.", True, 2020, "",
     "The Group Loss++ for Embeddings", "Ismail Elezi", 2022, "", "no"),
]  # fmt: skip


def verdict(case: tuple[object, ...], make: Make, row: Row, support: str = "") -> str:
    title, authors, et_al, year, venue, found, people, found_year, found_venue, _ = case
    facts = facts_of(row(title, authors, year, venue, et_al=et_al))
    offered = make(
        found, people, found_year, found_venue, kind="preprint" if support and not found_venue else "conference"
    )
    return judge(facts, offered, support=support).verdict  # type: ignore[arg-type]


@pytest.mark.parametrize("case", FOUND_BY_WORDS, ids=lambda case: f"{case[0][:24]}|{case[1][:12]}|{case[3]}|{case[-1]}")
def test_a_candidate_found_by_its_words(case: tuple[object, ...], make_candidate: Make, make_entry: Row) -> None:
    assert verdict(case, make_candidate, make_entry) == case[-1]


@pytest.mark.parametrize("case", LINKED, ids=lambda case: f"{case[0][:24]}|{case[1][:12]}|{case[-1]}")
def test_a_candidate_that_the_entry_links(case: tuple[object, ...], make_candidate: Make, make_entry: Row) -> None:
    assert verdict(case, make_candidate, make_entry, "linked") == case[-1]


def test_a_person_outranks_the_rules(make_candidate: Make, make_entry: Row) -> None:
    facts = facts_of(make_entry("Something else", "Nobody, N.", 1999))
    assert judge(facts, make_candidate(TITLE, PEOPLE, 2017), support="person").verdict == "yes"


def test_reasons_are_named_weighed_and_told(make_candidate: Make, make_entry: Row) -> None:
    facts = facts_of(make_entry(TITLE, "Wu, C.-Y.; Manmatha, R.; Smola, A.", 2016, "CVPR"))
    match = judge(facts, make_candidate(TITLE, PEOPLE, 2017, "ICCV"))
    told = [str(reason) for reason in match.reasons]
    assert told == ["title equal", "authors agree 3 of 3", "year differs by 1", "venue differs"]
    assert match.score == sum(reason.weight for reason in match.reasons)


def test_a_preprint_may_be_years_older_than_the_paper(make_candidate: Make, make_entry: Row) -> None:
    facts = facts_of(make_entry(TITLE, "Wu, C.", 2020, "ICCV", et_al=True))
    assert judge(facts, make_candidate(TITLE, PEOPLE, 2017, kind="preprint")).verdict == "yes"
    assert judge(facts, make_candidate(TITLE, PEOPLE, 2017, "ICCV")).verdict == "ask"


def test_a_confirmed_candidate_tells_all_authors_and_its_title(make_candidate: Make, make_entry: Row) -> None:
    facts = facts_of(make_entry("BIER: Online Gradient Boosting", "Opitz, M.", 2017, et_al=True))
    known = informed(facts, make_candidate("Deep Metric Learning with BIER", "Michael Opitz, Georg Waltner", 2018))
    assert known.families == ("opitz", "waltner")
    assert known.other_titles == ("Deep Metric Learning with BIER",)
    assert not known.et_al and known.confirmed


def test_two_works_equally_good_are_a_question(make_candidate: Make, make_entry: Row) -> None:
    facts = facts_of(make_entry(TITLE, "Wu, C.-Y.; Manmatha, R.; Smola, A.", 2017))
    rivals = [
        judge(facts, make_candidate(TITLE, PEOPLE, 2017, venue, doi=doi))
        for venue, doi in (("A", "10.1/a"), ("B", "10.1/b"))
    ]
    decided = best(rivals)
    assert decided is not None and decided.verdict == "ask"
    assert decided.reasons[-1].name == "rival"


def test_siblings_under_one_short_title_are_a_question(make_candidate: Make, make_entry: Row) -> None:
    facts = facts_of(make_entry("Wander Join", "Li, F.; Wu, B.; Yi, K.", 2016, "SIGMOD"))
    people = "Feifei Li, Bin Wu, Ke Yi"
    siblings = [
        judge(facts, make_candidate(f"Wander Join: {end}", people, 2016, "SIGMOD", doi=doi))
        for end, doi in (("Online Aggregation via Random Walks", "10.1/a"), ("Online Aggregation for Joins", "10.1/b"))
    ]
    assert [one.verdict for one in siblings] == ["yes", "yes"]
    decided = best(siblings)
    assert decided is not None and decided.verdict == "ask"


def test_one_work_from_several_sources_has_no_rival(make_candidate: Make, make_entry: Row) -> None:
    facts = facts_of(make_entry(TITLE, "Wu, C.-Y.; Manmatha, R.; Smola, A.", 2017))
    offered = [
        make_candidate(TITLE, PEOPLE, 2017, "ICCV", doi="10.1/a"),
        make_candidate(TITLE, PEOPLE, 2017, "ICCV", source="dblp", doi="10.1/a"),
        make_candidate(TITLE, PEOPLE, 2017, source="arxiv", kind="preprint", arxiv="1706.07567"),
    ]
    decided = best([judge(facts, one) for one in offered])
    assert decided is not None and decided.verdict == "yes"


def test_nothing_but_noes_decides_nothing(make_candidate: Make, make_entry: Row) -> None:
    facts = facts_of(make_entry(TITLE, "Song, H.", 2017, et_al=True))
    assert best([judge(facts, make_candidate(TITLE, PEOPLE, 2017))]) is None
    assert best([]) is None


def test_a_conference_paper_and_its_journal_version_are_two_works(make_candidate: Make) -> None:
    paper = make_candidate(TITLE, PEOPLE, 2017, "ICCV", doi="10.1/a")
    article = make_candidate(TITLE, PEOPLE, 2018, "PAMI", kind="journal", doi="10.1/b")
    assert not same_work(paper, article)
    assert same_work(paper, make_candidate(TITLE, PEOPLE, 2016, kind="preprint", arxiv="1706.07567"))


WORDS = st.sampled_from("metric proxy triplet sampling manifold graph hashing margin loss retrieval".split())  # noqa: SIM905
TITLES = st.lists(WORDS, min_size=3, max_size=8).map(" ".join)
FAMILIES = st.lists(
    st.sampled_from(["wu", "song", "roth", "elezi", "opitz", "deng"]), min_size=1, max_size=4, unique=True
)
YEARS = st.integers(2010, 2024)


def record(title: str, families: list[str], year: int) -> Candidate:
    people = tuple(Creator(name.title(), "A.") for name in families)
    return Candidate("dblp", Record("conferencePaper", {"title": title, "date": str(year)}, people), Identifiers())


@given(TITLES, FAMILIES, YEARS, TITLES, FAMILIES, YEARS)
def test_two_records_are_one_work_both_ways(
    title: str, people: list[str], year: int, other: str, others: list[str], later: int
) -> None:
    one, two = record(title, people, year), record(other, others, later)
    assert same_work(one, two) == same_work(two, one)


@given(TITLES, FAMILIES, YEARS)
def test_a_record_is_itself(title: str, people: list[str], year: int) -> None:
    one = record(f"Orthogonal {title}", people, year)
    assert judge(facts_of_record(one.record), one).verdict == "yes"


@given(TITLES, FAMILIES, YEARS, st.booleans(), st.sampled_from(["", "revealed", "linked"]))
def test_other_authors_are_never_a_yes(title: str, people: list[str], year: int, et_al: bool, support: str) -> None:
    facts = replace(facts_of_record(record(title, ["zhou", "abe"], year).record), et_al=et_al)
    assert judge(facts, record(title, people, year), support=support).verdict != "yes"  # type: ignore[arg-type]


@given(st.lists(st.tuples(TITLES, FAMILIES, YEARS), max_size=6))
def test_the_order_of_candidates_does_not_change_the_verdicts(offers: list[tuple[str, list[str], int]]) -> None:
    facts = facts_of_record(record("metric proxy triplet", ["wu", "song"], 2018).record)
    forwards = ranked([judge(facts, record(*offer)) for offer in offers])
    backwards = ranked([judge(facts, record(*offer)) for offer in reversed(offers)])
    assert [(one.verdict, one.score) for one in forwards] == [(one.verdict, one.score) for one in backwards]
