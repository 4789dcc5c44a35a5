"""Tables of papers: their columns, their rows, and what curators do to them."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.model import Entry
from dmlsync.readinglist import ReadingList, parse_list
from dmlsync.readinglist.tables import split_row

PAPER = "https://arxiv.org/abs/1503.03832"
PDF = "https://arxiv.org/pdf/1503.03832.pdf"
CODE = "https://github.com/owner/repository"
HEADER = "| Title | Authors | Year | Conference | PDF |\n| --- | --- | --- | --- | --- |\n"
ROW = f"| Some Loss | Kim, S. et al. | 2020 | CVPR | [PDF]({PDF}) |\n"


def read(text: str) -> ReadingList:
    return parse_list(text, "papers", Path("papers.md"))


def only(text: str) -> Entry:
    reading_list = read(text)
    assert reading_list.problems == ()
    assert len(reading_list.entries) == 1, reading_list.entries
    return reading_list.entries[0]


def check(entry: Entry, line: int = 3) -> None:
    assert (entry.title, entry.author_names, entry.et_al) == ("Some Loss", ("Kim, S.",), True)
    assert (entry.year, entry.venue, entry.line, entry.last_line) == (2020, "CVPR", line, line)
    assert [(link.kind, link.url) for link in entry.links] == [("pdf", PDF)]


def test_a_row_is_an_entry() -> None:
    check(only(HEADER + ROW))


@pytest.mark.parametrize(
    "delimiter", ["|---|---|---|---|", "|:-|-:|:-:|---|---|---|", "| --- |", "--- | ---", "|-|-|-|-|-|"]
)
def test_the_delimiter_row_may_have_any_length(delimiter: str) -> None:
    check(only(f"| Title | Authors | Year | Conference | PDF |\n{delimiter}\n{ROW}"))


def test_a_row_without_its_leading_pipe_is_an_entry() -> None:
    check(only(HEADER + ROW.lstrip("| ")))


def test_outer_pipes_and_blanks_may_be_missing() -> None:
    check(
        only(f"Title|Authors|Year|Conference|PDF\n---|---|---|---|---\nSome Loss|Kim, S. et al.|2020|CVPR|[PDF]({PDF})")
    )
    check(only(HEADER + f"|Some Loss|  Kim, S. et al.|2020 |CVPR| [PDF]({PDF}) |  \t\n"))


def test_the_delimiter_row_may_be_missing() -> None:
    check(only("| Title | Authors | Year | Conference | PDF |\n" + ROW), line=2)


def test_rows_behind_a_blank_line_still_belong_to_the_table() -> None:
    reading_list = read(HEADER + ROW + "\n" + ROW)
    assert [entry.line for entry in reading_list.entries] == [3, 5]
    check(reading_list.entries[1], line=5)


def test_prose_may_touch_the_table() -> None:
    check(only("All | papers:\n" + HEADER + ROW), line=4)
    check(only(HEADER + ROW + "More to come\n"))
    check(only(HEADER + ROW + "**Updating...**\n"))
    check(only(HEADER + ROW + "---\n"))


def test_several_tables_have_columns_of_their_own() -> None:
    text = HEADER + ROW + "\n## B\n\n| Year | Paper |\n|---|---|\n| 2019 | Other Loss |\n"
    assert [(e.title, e.year, e.section) for e in read(text).entries] == [
        ("Some Loss", 2020, ()),
        ("Other Loss", 2019, ("B",)),
    ]


def test_tables_in_quotations_and_in_list_items_are_read() -> None:
    check(only("".join("> " + line for line in (HEADER + ROW).splitlines(keepends=True))))
    check(only("- see\n\n" + "".join("  " + line for line in (HEADER + ROW).splitlines(keepends=True))), line=5)


@pytest.mark.parametrize("title", ["Title", "PAPER", "**Paper Title**", "Name", "Titel", "标题", "📄 Paper"])
@pytest.mark.parametrize("authors", ["Author(s)", "Authors", "First author"])
@pytest.mark.parametrize("venue", ["Venue", "Journal", "Published in", "Conference/Journal", "Publication"])
def test_columns_are_found_by_synonyms(title: str, authors: str, venue: str) -> None:
    header = f"| # | {title} | {authors} | Date | {venue} | Stars |"
    entry = only(f"{header}\n|-|-|-|-|-|-|\n| 1 | Some Loss | Kim, S. et al. | 2020/03 | CVPR Oral | ★★ |\n")
    assert (entry.title, entry.authors, entry.year, entry.venue) == ("Some Loss", "Kim, S. et al.", 2020, "CVPR")


def test_the_venue_column_may_hold_the_year() -> None:
    entry = only(f"| Title | Venue | Link |\n|-|-|-|\n| Some Loss | ECCV 2020 | [link]({PAPER}) |")
    assert (entry.venue, entry.year) == ("ECCV", 2020)


def test_links_take_their_kind_from_the_column_where_their_label_says_nothing() -> None:
    header = "| Title | Paper | Code | Project |\n|-|-|-|-|\n"
    text = header + f"| Some Loss | [here]({PAPER}) | [✓](https://a.org/x) | [link](https://b.org) |"
    assert [(link.kind, link.url) for link in only(text).links] == [
        ("paper", PAPER),
        ("code", "https://a.org/x"),
        ("other", "https://b.org"),
    ]


def test_other_columns_and_authors_home_pages_are_no_links_of_the_paper() -> None:
    header = "| Title | Authors | Notes | PDF |\n|-|-|-|-|\n"
    text = header + f"| Some Loss | [S. Kim](https://k.org) | [blog](https://n.org) | [PDF]({PDF}) |"
    entry = only(text)
    assert [link.url for link in entry.links] == [PDF]
    assert entry.author_names == ("S. Kim",)


@pytest.mark.parametrize(
    "cell",
    [
        f"[Some Loss]({PAPER})",
        f"**[Some Loss]({PAPER})**",
        f"[**Some Loss**]({PAPER})<br>[[code]({CODE})]",
        f"Some Loss [[paper]({PAPER})] [[code]({CODE})]",
        f'Some Loss <br> <a href="{PAPER}">Paper</a>',
        f"![new](https://a.org/n.svg) Some Loss ([arXiv]({PAPER}))",
        f"[Some Loss]({PAPER}) (CVPR 2020)",
        f"**Some Loss** <br> *Kim, S. et al.* <br> [paper]({PAPER})",
    ],
)
def test_a_title_cell_may_hold_links_and_more(cell: str) -> None:
    entry = only(f"| Year | Title |\n|-|-|\n| 2020 | {cell} |")
    assert (entry.title, entry.year) == ("Some Loss", 2020)
    assert ("paper", PAPER) in [(link.kind, link.url) for link in entry.links]


@pytest.mark.parametrize(
    "title", ["Dividing, Conquering, Winning", "Foo. Bar Baz", "A - B Test", "Is it? Yes", "2020: A Year"]
)
def test_a_title_cell_is_not_cut_at_punctuation(title: str) -> None:
    assert only(HEADER + ROW.replace("Some Loss", title)).title == title


def test_without_a_title_column_the_wordier_of_paper_and_name_is_the_title() -> None:
    header = "| Name | Paper | Code |\n|-|-|-|\n"
    entry = only(f"{header}| SL | [Some Loss for Learning]({PAPER}) | [github]({CODE}) |")
    assert entry.title == "Some Loss for Learning"
    entry = only(f"{header}| Some Loss for Learning | [pdf]({PDF}) | [github]({CODE}) |")
    assert (entry.title, [link.kind for link in entry.links]) == ("Some Loss for Learning", ["pdf", "code"])


def test_an_escaped_pipe_stays_in_its_cell() -> None:
    assert only(HEADER + ROW.replace("Some Loss", "P(a\\|b) Loss")).title == "P(a|b) Loss"


def test_cells_beyond_the_header_may_hold_links() -> None:
    check(only("| Title | Authors | Year | Conference |\n|-|-|-|-|\n" + ROW))


def test_a_row_may_be_shorter_than_the_header() -> None:
    assert only(HEADER + "| Some Loss | Kim, S. |\n").year is None


def test_blank_rows_and_repeated_headers_are_nothing() -> None:
    check(only(HEADER + ROW + "| | | | | |\n| Title | Authors | Year | Conference | PDF |\n"))


def test_a_year_comes_from_the_heading_if_the_row_has_none() -> None:
    assert only("## 2019\n\n| Title |\n|---|\n| Some Loss |\n").year == 2019


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEADER + ROW + f"| | Kim, S. | 2020 | CVPR | [PDF]({PDF}) |\n", 4),
        (HEADER + ROW + f"| **2021** | Kim, S. | 2020 | CVPR | [PDF]({PDF}) |\n", 4),
        (HEADER + ROW + f"| An | unescaped pipe | Kim, S. | 2020 | CVPR | [PDF]({PDF}) |\n", 4),
        (HEADER + ROW + f"Some Other Loss [PDF]({PDF})\n", 4),
        (f"{ROW}", 1),
        (HEADER + ROW + "\nprose\n\n" + ROW, 7),
        (f"| Dataset | Link |\n|-|-|\n| CUB | [x]({PAPER}) |\n", 1),
        (HEADER + ROW + "|" + "x" * 30_000 + "|\n", 4),
        (HEADER + ROW + f"| Some Loss | | | CVPR 2020 | [PDF](javascript:alert(1)) [PDF]({PDF}) |\n", 4),
    ],
)
def test_what_looks_like_a_row_but_cannot_be_read_is_reported(text: str, line: int) -> None:
    assert [problem.line for problem in read(text).problems] == [line]


def test_a_table_without_titles_and_links_is_prose() -> None:
    assert read("| Model | Size |\n|-|-|\n| R50 | 25 |\n").problems == ()


CELLS = {
    "Title": "Some Loss",
    "Authors": "Kim, S. et al.",
    "Year": "2020",
    "Venue": "CVPR",
    "PDF": f"[PDF]({PDF})",
}


@pytest.mark.parametrize("order", list(permutations(CELLS))[::5])
def test_columns_may_stand_in_any_order(order: tuple[str, ...]) -> None:
    lines = [" | ".join(order), " | ".join("---" for _ in order), " | ".join(CELLS[name] for name in order)]
    check(only("\n".join(f"| {line} |" for line in lines)))


WORDS = st.lists(st.from_regex(r"[A-Z][a-z]{1,9}(?:\+\+|@k|-[A-Z][a-z0-9])?", fullmatch=True), min_size=2, max_size=8)


@given(
    order=st.permutations(["Title", "Authors", "Year", "Venue", "Link"]),
    title=WORDS.map(" ".join),
    families=st.lists(st.from_regex(r"[A-Z][a-z]{2,9}", fullmatch=True), min_size=1, max_size=4),
    year=st.integers(1950, 2049),
    venue=st.sampled_from(["CVPR", "NeurIPS", "ECML-PKDD", "Pattern Recognition", "J. Mach. Learn. Res."]),
)
def test_what_is_written_as_a_row_is_read_back(
    order: list[str], title: str, families: list[str], year: int, venue: str
) -> None:
    names = tuple(f"{family}, A. B." for family in families)
    cells = {"Title": title, "Authors": ", ".join(names), "Year": str(year), "Venue": venue, "Link": f"[link]({PAPER})"}
    text = "\n".join("| " + " | ".join(row) + " |" for row in (order, ["---"] * 5, [cells[name] for name in order]))
    entry = only(text)
    assert (entry.title, entry.author_names, entry.year, entry.venue) == (title, names, year, venue)
    assert [link.url for link in entry.links] == [PAPER]


def test_the_lines_of_a_table_are_known_with_their_indent_and_columns() -> None:
    text = f"> | Title | Year | PDF |\n> |---|---|---|\n> | Some Loss | 2020 | [PDF]({PAPER}) |\n"
    lines = read(text).table_lines
    assert [(one.line, one.kind, one.table, one.indent) for one in lines] == [
        (1, "header", 1, 2),
        (2, "delimiter", 1, 2),
        (3, "row", 1, 2),
    ]
    assert {(one.columns.width, one.columns.title, one.columns.year) for one in lines} == {(3, 0, 1)}


def test_a_row_is_cut_at_its_pipes() -> None:
    assert split_row("| a | b |") == ("a", "b")
    assert split_row("a|b") == ("a", "b")
    assert split_row("|| b ||") == ("", "b", "")
    assert split_row(r"| a \| b |") == ("a | b",)
    assert split_row(r"| a \|") == ("a |",)
