from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from dmlsync.model import Creator, Entry, Identifiers, Link, Record
from dmlsync.resolve.engine import Resolution
from dmlsync.resolve.works import group, minimal_record

Row = Callable[..., Entry]

TITLE = "The Group Loss for Deep Metric Learning"


def resolved(
    row: Entry, doi: str = "", arxiv: str = "", item_type: str = "conferencePaper", title: str = "", **fields: str
) -> Resolution:
    year = fields.pop("date", str(row.year or ""))
    people = tuple(Creator(name.split(",")[0], "A.") for name in row.author_names)
    if arxiv and item_type != "preprint":
        fields["arXiv"] = arxiv
    record = Record(item_type, {"title": title or row.title, "date": year, "DOI": doi, **fields}, people)
    origins = dict.fromkeys([*record.fields, "creators"], "crossref")
    return Resolution(row, "resolved", record, origins, Identifiers(doi.lower(), arxiv), row.links)


def sizes(*resolutions: Resolution) -> list[int]:
    return [len(work.resolutions) for work in group(resolutions)]


def test_entries_with_one_doi_are_one_work(make_entry: Row) -> None:
    one = resolved(make_entry("BIER: Online Gradient Boosting", "Opitz, M.", 2017), "10.1109/ICCV.2017.555")
    two = resolved(make_entry("BIER - Boosting Embeddings", "", 2017, line=2), "10.1109/iccv.2017.555")
    assert sizes(one, two) == [2]


def test_two_dois_are_two_works_under_one_title_and_preprint(make_entry: Row) -> None:
    one = resolved(make_entry(TITLE, "Elezi, I.", 2020, "ECCV"), "10.1/a", "1912.00385")
    two = resolved(make_entry(TITLE, "Elezi, I.", 2021, "PAMI"), "10.1/b", "1912.00385", "journalArticle")
    assert sizes(one, two) == [1, 1]


def test_a_conference_paper_without_doi_and_its_journal_version_stay_two_works(make_entry: Row) -> None:
    paper = resolved(make_entry(TITLE, "Elezi, I.", 2020, "ICML"), "", "1912.00385")
    article = resolved(make_entry(TITLE, "Elezi, I.", 2021, "PAMI"), "10.1/b", "1912.00385", "journalArticle")
    assert sizes(paper, article) == [1, 1]


def test_entries_that_wait_join_by_the_page_that_they_link(make_entry: Row) -> None:
    page = "https://proceedings.mlr.press/v119/roth20a.html"
    rows = [make_entry("Revisiting Training Strategies"), make_entry("Training Strategies Revisited", line=2)]
    assert sizes(*(Resolution(row, "pending", identifiers=Identifiers(page=page)) for row in rows)) == [2]


def test_a_preprint_joins_its_published_version(make_entry: Row) -> None:
    paper = resolved(make_entry(TITLE, "Elezi, I.", 2020, "ECCV"), "10.1/a", "1912.00385", pages="277-294")
    preprint = resolved(
        make_entry(TITLE, "Elezi, I.", 2019), "10.48550/arXiv.1912.00385", "1912.00385", "preprint", repository="arXiv"
    )
    (work,) = group([preprint, paper])
    assert work.record is not None and work.record.item_type == "conferencePaper"
    assert work.record.get("repository") == ""
    assert work.identifiers == Identifiers("10.1/a", "1912.00385")


def test_works_without_identifiers_join_by_title_authors_and_year(make_entry: Row) -> None:
    one = resolved(make_entry(TITLE, "Elezi, I.; Vascon, S.", 2020, "ICML"))
    two = resolved(make_entry(TITLE.upper(), "Elezi, I.; Vascon, S.", 2020, "ICML", line=2), pages="1-8")
    other = resolved(make_entry(TITLE, "Song, H.; Xiang, Y.", 2020, "ICML", line=3))
    assert sizes(one, two, other) == [2, 1]


def test_a_plus_plus_keeps_works_apart(make_entry: Row) -> None:
    plain = Resolution(make_entry("The Group Loss", "Elezi, I.", 2020), "unresolved")
    plus = Resolution(make_entry("The Group Loss++", "Elezi, I.", 2020), "unresolved")
    assert sizes(plain, plus) == [1, 1]


def test_unresolved_entries_join_unless_they_contradict_each_other(make_entry: Row) -> None:
    rows = [
        make_entry(TITLE, "Elezi, I.", 2020, et_al=True),
        make_entry(TITLE.lower(), "", 2020, line=2),
        make_entry(TITLE, "Song, H.", 2020, et_al=True, line=3),
        make_entry(TITLE, "Elezi, I.", 2010, et_al=True, line=4),
    ]
    assert sizes(*(Resolution(row, "unresolved") for row in rows)) == [2, 1, 1]


def test_a_pending_entry_joins_the_work_that_it_names(make_entry: Row) -> None:
    pending = Resolution(make_entry(TITLE, "Elezi, I.", 2020, "ECCV", et_al=True), "pending")
    paper = resolved(make_entry(TITLE, "Elezi, I.; Vascon, S.", 2020, "ECCV", line=2), "10.1/a")
    works = group([pending, paper])
    assert [len(work.resolutions) for work in works] == [2]
    assert works[0].resolutions[0] is pending


def test_generic_titles_alone_join_nothing(make_entry: Row) -> None:
    rows = [make_entry("Editorial", "", 2019), make_entry("Editorial", "", 2020, line=2)]
    assert sizes(*(Resolution(row, "unresolved") for row in rows)) == [1, 1]


def test_blanks_are_filled_from_the_same_version_only(make_entry: Row) -> None:
    row = make_entry(TITLE, "Elezi, I.", 2020, "ECCV")
    full = resolved(row, "10.1/a", publisher="Springer", pages="277-294")
    (work,) = group([full, resolved(row, "10.1/a", series="LNCS")])
    assert work.record is not None
    assert (work.record.get("publisher"), work.record.get("series")) == ("Springer", "LNCS")
    assert work.origins["series"] == "crossref"


def test_a_work_has_the_links_of_all_its_entries(make_entry: Row) -> None:
    one = resolved(make_entry(TITLE, "", 2020, "ECCV", "https://arxiv.org/abs/1912.00385"), "10.1/a")
    two = resolved(make_entry(TITLE, "", 2020, "ECCV", "https://arxiv.org/abs/1912.00385", "https://x.org"), "10.1/a")
    two = replace(two, links=(*two.links, Link("pdf", "https://y.org/p.pdf")))
    (work,) = group([one, two])
    assert [link.url for link in work.links] == [
        "https://arxiv.org/abs/1912.00385",
        "https://x.org",
        "https://y.org/p.pdf",
    ]


def test_works_stand_in_the_order_of_their_first_entries(make_entry: Row) -> None:
    rows = [make_entry(f"Paper {name} on Tangled Manifolds", "", 2020, line=n) for n, name in enumerate("cabac")]
    found = group([resolved(row, f"10.1/{row.title[6]}") for row in rows])
    assert [work.resolutions[0].entry.line for work in found] == [0, 1, 2]


def test_the_time_does_not_grow_with_the_square(make_entry: Row) -> None:
    rows = [Resolution(make_entry("Introduction", f"Author{n}, A.", 2020), "unresolved") for n in range(3000)]
    began = time.perf_counter()
    group(rows)
    assert time.perf_counter() - began < 10


def test_nothing_is_no_work() -> None:
    assert group([]) == ()


def test_the_list_itself_gives_a_minimal_record(make_entry: Row) -> None:
    record, origins = minimal_record(make_entry(TITLE, "Elezi, I.; J.; Hyun Oh Song", 2020, "ECCV"))
    assert record.item_type == "conferencePaper"
    assert record.get("proceedingsTitle") == "Computer Vision – ECCV 2020"
    assert record.creators == (Creator("Elezi", "I."), Creator("Song", "Hyun Oh"))
    assert set(origins.values()) == {"list"}


def test_a_minimal_record_says_nothing_that_the_list_does_not(make_entry: Row) -> None:
    record, origins = minimal_record(make_entry(TITLE))
    assert (record.item_type, dict(record.fields), record.creators) == ("document", {"title": TITLE}, ())
    assert "creators" not in origins
    assert minimal_record(make_entry(TITLE, "", 2020, "PAMI"))[0].item_type == "journalArticle"
    assert minimal_record(make_entry(TITLE, "", 2020, "arXiv"))[0].item_type == "preprint"
