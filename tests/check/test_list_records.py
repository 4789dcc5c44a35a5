from __future__ import annotations

from collections.abc import Callable

import pytest

Look = Callable[..., object]

BIB = """@inproceedings{kim2020proxy,
  title = {Proxy Anchor Loss for Deep Metric Learning},
  author = {Kim, Sungyeon and Kim, Dongwon and Cho, Minsu and Kwak, Suha},
  booktitle = {2020 {IEEE}/{CVF} Conference on Computer Vision and Pattern Recognition ({CVPR})},
  date = {2020},
  eprint = {2003.13911},
  eprinttype = {arXiv},
  doi = {10.1109/cvpr42600.2020.00330},
}

@inproceedings{roth2020revisiting,
  title = {Revisiting Training Strategies in Deep Metric Learning},
  author = {Roth, Karsten and Milbich, Timo},
  booktitle = {Proceedings of the 37th International Conference on Machine Learning},
  date = {2020},
}

@article{milbich2022sharing,
  title = {Sharing Matters for Generalization in Deep Metric Learning},
  author = {Milbich, Timo and Roth, Karsten},
  journaltitle = {IEEE Transactions on Pattern Analysis and Machine Intelligence},
  date = {2022},
}
"""
HEADER = "| Title | Authors | Year | Venue | PDF |\n|---|---|---|---|---|\n"
RULES = ("title-differs", "venue-differs", "year-differs", "authors-differ")


def row(
    title: str = "Proxy Anchor Loss for Deep Metric Learning",
    authors: str = "Kim, S. et al.",
    year: str = "2020",
    venue: str = "CVPR",
) -> str:
    return f"| {title} | {authors} | {year} | {venue} | [PDF](https://a.example/b.pdf) |\n"


@pytest.fixture
def line(in_list: Look) -> Callable[..., object]:
    """One row that names kim2020proxy, or another work."""

    def look(key: str = "kim2020proxy", **parts: str) -> object:
        return in_list(HEADER + row(**parts), {3: key}, BIB)

    return look


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"title": "proxy anchor loss for deep metric-learning"},
        {"title": "Proxy-Anchor: Proxy Anchor Loss for Deep Metric Learning"},
        {"authors": "S. Kim, D. Kim, M. Cho, S. Kwak"},
        {"authors": "Sungyeon Kim et al."},
        {"authors": ""},
        {"title": "Proxy Anchor Loss for Deep Metric Learning (DML'20)"},
        {"authors": "Sungyeon Kim and Dongwon Kim; Minsu Cho + Suha Kwak"},
        {"venue": "SOMECONF"},
        {"venue": "IEEE CVPR"},
        {"venue": ""},
        {"venue": "arXiv", "year": "2020"},
        {"year": ""},
    ],
)
def test_an_entry_that_agrees_with_its_record_is_no_problem(parts: dict[str, str], line: Look) -> None:
    assert [line(**parts).lines(rule) for rule in RULES] == [[], [], [], []]


def test_another_title_is_told_with_the_words_that_differ(line: Look) -> None:
    assert line(title="Proxy Anchor Loss for Image Retrieval").says("title-differs") == [
        "the title says `Image Retrieval` where the record has `Deep Metric Learning` (kim2020proxy)"
    ]
    assert line(title="Proxy Anchor Loss for Deep Metric").says("title-differs") == [
        "the title says nothing of `Learning`, which the record has (kim2020proxy)"
    ]


def test_a_slip_is_mended_where_the_rest_of_the_library_knows_the_word(line: Look) -> None:
    look = line(title="Proxy Anchor Loss for Deep Metric Leanring")
    assert look.lines("title-differs") == [3]
    assert look.after("title-differs") == HEADER + row()


def test_a_slip_that_may_be_the_registrys_is_left_to_a_person(line: Look) -> None:
    text = "Proxy Anchr Loss for Deep Metric Learning"
    assert line(title=text).lines("title-differs") == [3]
    assert line(title=text).after("title-differs") == HEADER + row(title=text)


@pytest.mark.parametrize(
    ("word", "other"),
    [("Generalisation", "Generalization"), ("Centre", "Center"), ("Labelling", "Labeling"), ("Losses", "Losse")],
)
def test_another_spelling_is_no_slip(word: str, other: str, in_list: Look) -> None:
    bib = "".join(
        f"@article{{k{at}, title={{{other} of Some Things in Quite a Long Title {at}}}, author={{Kim, S.}}}}\n"
        for at in "abc"
    )
    text = f"- {word} of Some Things in Quite a Long Title a (**CVPR 2020**) [[paper](https://a.example/b)]\n"
    assert in_list(text, {1: "ka"}, bib).after("title-differs") == text


def test_another_venue_is_told_and_its_year_is_then_no_second_problem(line: Look) -> None:
    look = line(venue="ICCV", year="2021")
    assert "the venue is `ICCV`, the record has `2020 IEEE/CVF Conference" in look.says("venue-differs")[0]
    assert look.lines("year-differs") == []


def test_another_year_of_the_same_venue_is_told(line: Look) -> None:
    assert line(year="2021").says("year-differs") == ["the year is 2021, the record has 2020 (kim2020proxy)"]


def test_an_article_may_have_been_online_before_its_issue(line: Look) -> None:
    facts = {"title": "Sharing Matters for Generalization in Deep Metric Learning", "authors": "Milbich, T. et al."}
    assert line("milbich2022sharing", **facts, venue="TPAMI", year="2020").lines("year-differs") == []
    assert line("milbich2022sharing", **facts, venue="TPAMI", year="2017").lines("year-differs") == [3]


def test_a_list_that_counts_years_in_its_own_way_is_told_once(in_list: Look) -> None:
    rows = "".join(row(year=str(year)) for year in (2010, 2011, 2012, 2013, 2014, 2020))
    look = in_list(HEADER + rows, dict.fromkeys(range(3, 9), "kim2020proxy"), BIB)
    assert look.says("year-differs") == [
        "the year is 2010, the record has 2020 (kim2020proxy); 4 other years of this list differ, too"
    ]


def test_people_whom_the_record_does_not_name_are_told(line: Look) -> None:
    assert line(authors="Kim, S. and Newton, I.").says("authors-differ") == [
        "the record does not name Newton, I. (kim2020proxy)"
    ]


def test_somebody_else_as_the_first_author_is_told(line: Look) -> None:
    assert line(authors="Cho, M. et al.").says("authors-differ") == [
        "the first author is Sungyeon Kim in the record (kim2020proxy)"
    ]


def test_an_entry_without_a_known_work_is_compared_with_nothing(in_list: Look) -> None:
    look = in_list(HEADER + row(title="Quite Another Thing", venue="ICCV"), {}, BIB)
    assert [look.lines(rule) for rule in RULES] == [[], [], [], []]
