"""A new entry looks like its neighbours, stands where it belongs, and everything else stays byte for byte the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.errors import ListError
from dmlsync.model import Creator, Entry
from dmlsync.readinglist.edit import Insertion, with_entry
from dmlsync.readinglist.new_entry import NewEntry, address
from dmlsync.readinglist.parse import parse_list
from dmlsync.readinglist.place import section_name
from dmlsync.readinglist.reading_list import ReadingList

LISTS = Path(__file__).parents[2] / "lists"
KIM = (Creator("Kim", "Sungyeon"), Creator("Kim", "Dongwon"), Creator("Cho", "Minsu"))
PDF, PAGE, CODE = "https://arxiv.org/pdf/2003.13911", "https://arxiv.org/abs/2003.13911", "https://github.com/x/y"


def paper(title: str = "Proxy Anchor Loss", year: int | None = 2020, venue: str = "CVPR", **more: object) -> NewEntry:
    facts = {"authors": KIM, "pdf": PDF, "paper": PAGE, **more}
    return NewEntry(title, year=year, venue=venue, **facts)  # type: ignore[arg-type]


def a_list(text: str) -> ReadingList:
    return parse_list(text, "papers", Path("papers.md"))


def put(text: str, new: NewEntry, section: str = "") -> Insertion:
    found = with_entry(a_list(text), new, section)
    lines, after = text.splitlines(keepends=True), found.text.splitlines(keepends=True)
    at = next((place for place, (one, other) in enumerate(zip(lines, after, strict=False)) if one != other), len(lines))
    if text.endswith(("\n", "\r\n")):
        assert [*lines[:at], *after[at : at + len(found.lines)], *lines[at:]] == after
    return found


# ---- the two real lists --------------------------------------------------------------------------------------------


def real(name: str) -> str:
    return (LISTS / f"{name}.md").read_bytes().decode()


@pytest.mark.parametrize(
    ("year", "above"),
    [
        (2003, "| --- | ----------- |"),
        (2012, "| Distance metric learning for large margin"),
        (2017, "|BIER: Online Gradient Boosting"),
        (2024, "|Hyperbolic Vision Transformers"),
    ],
)
def test_a_row_goes_where_its_year_belongs_in_the_real_table(year: int, above: str) -> None:
    found = put(real("dvsml"), paper(year=year))
    written = f"| Proxy Anchor Loss | Kim, S. et al. | {year} | CVPR | [PDF]({PDF}) |"
    assert found.lines == (written,)
    lines = found.text.splitlines()
    assert lines[lines.index(written) - 1].startswith(above)


def test_the_real_bullets_get_one_under_the_heading_of_their_year() -> None:
    found = put(real("awesome-metric-learning"), paper(year=2018, code=CODE))
    assert found.lines == ("", f"* Proxy Anchor Loss (**CVPR**) [[paper]({PAGE})] [[code]({CODE})]")
    assert found.entry.section == ("Papers", "2018")
    assert found.entry.year == 2018


def test_an_old_paper_goes_under_earlier_and_prints_its_year_as_its_neighbours_do() -> None:
    found = put(real("awesome-metric-learning"), paper(year=2010))
    assert f"* Proxy Anchor Loss (**CVPR 2010**) [[paper]({PAGE})]" in found.lines
    assert found.entry.section == ("Papers", "Earlier")
    lines = [line for line in found.text.splitlines() if line]
    assert "CVPR 2006" in lines[lines.index(found.lines[1]) + 1]


def test_a_year_without_a_heading_gets_one_like_the_others() -> None:
    found = put(real("awesome-metric-learning"), paper(year=2023))
    assert found.lines == ("### 2023", "", f"* Proxy Anchor Loss (**CVPR**) [[paper]({PAGE})]", "")
    assert "## Papers\n\n### 2023\n\n* Proxy" in found.text
    assert f"{found.lines[2]}\n\n### 2021\n" in found.text


def test_another_section_shows_what_is_printed_there() -> None:
    found = put(real("awesome-metric-learning"), paper(year=2020), "survey")
    assert found.lines == ("", f"* Proxy Anchor Loss [[paper]({PAGE})]")
    assert found.entry.section == ("Survey",)


# ---- tables --------------------------------------------------------------------------------------------------------

COLUMNS = (
    "| Year | Paper | Code | Notes | Venue | Authors |\n"
    "|------|-------|------|-------|-------|---------|\n"
    "| 2019 | [Deep Fishing](https://arxiv.org/abs/1901.00001) | - | old | CVPR | Ada Angler, Ben Boat |\n"
    "| 2021 | [Wide Nets](https://arxiv.org/abs/2101.00002) | [code](https://github.com/a/b) | | ICCV | Ada Angler |\n"
)


def test_columns_in_any_order_with_their_own_form_of_links() -> None:
    found = put(COLUMNS, paper(code=CODE))
    authors = "Sungyeon Kim, Dongwon Kim, Minsu Cho"
    assert found.lines == (f"| 2020 | [Proxy Anchor Loss]({PAGE}) | [code]({CODE}) | | CVPR | {authors} |",)
    assert [entry.year for entry in parse_list(found.text, "papers", Path("papers.md")).entries] == [2019, 2020, 2021]


def test_what_is_not_known_gets_the_tables_own_sign_for_it() -> None:
    assert " | - | " in put(COLUMNS, paper()).lines[0]


def test_a_table_that_is_aligned_stays_aligned() -> None:
    text = (
        "| Title           | Year | PDF                                     |\n"
        "| --------------- | ---- | --------------------------------------- |\n"
        "| Deep Fishing    | 2019 | [PDF](https://arxiv.org/pdf/1901.00001) |\n"
        "| Wide Nets Again | 2019 | [PDF](https://arxiv.org/pdf/1901.00002) |\n"
    )
    row = put(text, paper("Loss", authors=())).lines[0]
    assert row == f"| Loss            | 2020 | [PDF]({PDF}) |"


def test_a_column_that_counts_goes_on_and_links_share_a_cell() -> None:
    text = (
        "| # | Title | Links |\n|---|---|---|\n"
        "| 1 | Deep Fishing | [paper](https://arxiv.org/abs/1901.00001) [code](https://github.com/a/b) |\n"
        "| 2 | Nets | [paper](https://arxiv.org/abs/1901.00002) |\n"
    )
    assert put(text, paper(code=CODE)).lines == (f"| 3 | Proxy Anchor Loss | [paper]({PAGE}) [code]({CODE}) |",)
    assert put(text, paper()).lines == (f"| 3 | Proxy Anchor Loss | [paper]({PAGE}) |",)


def test_rows_without_outer_pipes_get_one_without() -> None:
    text = "Title | Year | PDF\n--- | --- | ---\nDeep Fishing | 2019 | [PDF](https://arxiv.org/pdf/1901.00001)\n"
    assert put(text, paper(authors=())).lines == (f"Proxy Anchor Loss | 2020 | [PDF]({PDF})",)


def test_a_page_is_not_called_pdf() -> None:
    text = "| Title | PDF |\n|---|---|\n| Deep Fishing | [PDF](https://arxiv.org/pdf/1901.00001) |\n"
    assert put(text, paper(pdf="")).lines == (f"| Proxy Anchor Loss | [Paper]({PAGE}) |",)


def test_a_new_years_table_gets_its_header() -> None:
    table = "| Title | PDF |\n|---|---|\n| {0} | [PDF](https://arxiv.org/pdf/{1}) |\n"
    text = f"## 2021\n\n{table.format('Deep Fishing', '2101.00001')}\n## 2020\n\n{table.format('Nets', '2001.00002')}"
    found = put(text, paper(year=2022))
    assert found.lines == ("## 2022", "", "| Title | PDF |", "|---|---|", f"| Proxy Anchor Loss | [PDF]({PDF}) |", "")


# ---- bullets -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bullet", "expected"),
    [
        (
            "- **Deep Fishing**, Ada Angler, Ben Boat, *CVPR 2019* [pdf](https://arxiv.org/pdf/1901.00001)",
            f"- **Proxy Anchor Loss**, Sungyeon Kim, Dongwon Kim, Minsu Cho, *CVPR 2020* [pdf]({PDF})",
        ),
        (
            "- [Deep Fishing](https://arxiv.org/abs/1901.00001) (CVPR 2019)",
            f"- [Proxy Anchor Loss]({PAGE}) (CVPR 2020)",
        ),
        (
            "- [CVPR 2019] Deep Fishing [[pdf](https://arxiv.org/pdf/1901.00001)]",
            f"- [CVPR 2020] Proxy Anchor Loss [[pdf]({PDF})]",
        ),
        (
            "+ A. Angler and B. Boat. Deep Fishing. CVPR, 2019. [[paper](https://arxiv.org/abs/1901.00001)]",
            f"+ S. Kim, D. Kim and M. Cho. Proxy Anchor Loss. CVPR, 2020. [[paper]({PAGE})]",
        ),
        (
            "- **[CVPR19]** Deep Fishing [[Paper](https://arxiv.org/abs/1901.00001)]",
            f"- **[CVPR20]** Proxy Anchor Loss [[Paper]({PAGE})]",
        ),
        (
            "- [Deep Fishing](https://arxiv.org/abs/1901.00001), CVPR'19",
            f"- [Proxy Anchor Loss]({PAGE}), CVPR'20",
        ),
        (
            "* Deep Fishing, Angler et al., CVPR 2019\n  - [paper](https://arxiv.org/abs/1901.00001)",
            f"* Proxy Anchor Loss, Kim et al., CVPR 2020\n  - [paper]({PAGE})",
        ),
    ],
)
def test_bullets_of_many_forms(bullet: str, expected: str) -> None:
    assert put(f"{bullet}\n", paper()).lines == tuple(expected.split("\n"))


def test_a_part_that_is_not_known_is_left_out_with_its_brackets() -> None:
    text = (
        "- Deep Fishing (**CVPR 2019**) [[paper](https://arxiv.org/abs/1901.00001)] [[code](https://github.com/a/b)]\n"
    )
    assert put(text, paper()).lines == (f"- Proxy Anchor Loss (**CVPR 2020**) [[paper]({PAGE})]",)
    assert put(text, paper(venue="")).lines == (f"- Proxy Anchor Loss (**2020**) [[paper]({PAGE})]",)


def test_a_remark_about_one_paper_is_not_copied() -> None:
    text = (
        "- Deep Fishing (CVPR 2019 Oral) [[paper](https://arxiv.org/abs/1901.00001)]\n"
        "- Nets (CVPR 2019) [[paper](https://arxiv.org/abs/1901.00002)]\n"
    )
    assert put(text, paper()).lines == (f"- Proxy Anchor Loss (CVPR 2020) [[paper]({PAGE})]",)


def test_where_every_entry_says_more_nothing_is_invented() -> None:
    text = "- Deep Fishing (CVPR 2019 Oral) [[paper](https://arxiv.org/abs/1901.00001)]\n"
    with pytest.raises(ListError, match="by hand"):
        put(text, paper())


def test_a_numbered_list_goes_on_counting() -> None:
    text = (
        "1. Deep Fishing [[paper](https://arxiv.org/abs/1901.00001)]\n2. Nets [[paper](https://arxiv.org/abs/1901.2)]\n"
    )
    assert put(text, paper()).lines[0].startswith("3. Proxy")


def test_newest_first_stays_newest_first() -> None:
    text = "".join(
        f"- Fish {year} (CVPR {year}) [[paper](https://arxiv.org/abs/{year - 2000}01.00001)]\n"
        for year in (2023, 2021, 2019)
    )
    years = [entry.year for entry in a_list(put(text, paper()).text).entries]
    assert years == [2023, 2021, 2020, 2019]
    assert [entry.year for entry in a_list(put(text, paper(year=2024)).text).entries] == [2024, 2023, 2021, 2019]


# ---- bytes ---------------------------------------------------------------------------------------------------------


def test_crlf_and_a_missing_last_newline_stay() -> None:
    text = COLUMNS.replace("\n", "\r\n").removesuffix("\r\n")
    found = put(text, paper(year=2022))
    assert found.text.startswith(text + "\r\n| 2022 |")
    assert not found.text.endswith("\n")
    assert found.text.count("\n") == found.text.count("\r\n")


def test_a_byte_order_mark_stays() -> None:
    assert put("\ufeff" + COLUMNS, paper()).text.startswith("\ufeff| Year")


def test_text_behind_the_last_entry_stays_behind_it() -> None:
    found = put(real("awesome-metric-learning"), paper(year=2001, venue="NIPS"))
    assert found.text.endswith(f"{found.lines[-1]}\n\n**Updating...**\n")


# ---- places that are not clear -------------------------------------------------------------------------------------

BULLET = "- {0} (CVPR) [[paper](https://arxiv.org/abs/{1})]\n"
TOPICS = f"## Losses\n\n{BULLET.format('Deep Fishing', '1901.00001')}\n## Data\n\n{BULLET.format('Nets', '1901.00002')}"


def test_several_topics_need_a_section() -> None:
    with pytest.raises(ListError, match=r"--section; there are 'Losses', 'Data'"):
        put(TOPICS, paper())
    assert put(TOPICS, paper(), "data").entry.section == ("Data",)


def test_entries_above_all_headings_are_a_section_too() -> None:
    text = f"{BULLET.format('Nets', '1801.00002')}\n## More\n\n{BULLET.format('Deep Fishing', '1901.00001')}"
    with pytest.raises(ListError, match=r"'\(top\)', 'More'"):
        put(text, paper())
    assert put(text, paper(), "(top)").entry.section == ()


def test_an_unknown_section_is_refused_with_those_there_are() -> None:
    with pytest.raises(ListError, match="no section with entries is called 'Toys': it has 'Losses', 'Data'"):
        put(TOPICS, paper(), "Toys")


def test_years_under_several_topics_need_the_topic() -> None:
    text = "".join(
        f"## {topic}\n\n### {year}\n\n{BULLET.format(f'{topic} {year}', f'{year - 2000}01.0000{at}')}\n"
        for at, topic in enumerate(("Losses", "Data"))
        for year in (2021, 2020)
    )
    with pytest.raises(ListError, match="headings of years in several sections"):
        put(text, paper())
    assert put(text, paper(), "Data").entry.section == ("Data", "2020")
    assert put(text, paper(year=2021), "Data / 2021").entry.section == ("Data", "2021")


@pytest.mark.parametrize(
    "heading", ["## {0} (1)", "## {0} [1 paper]", "## Papers from {0}", "## \U0001f4c5 {0}", "## **{0}**"]
)
def test_headings_that_say_more_than_the_year(heading: str) -> None:
    years = (2021, 2019)
    text = "".join(f"{heading.format(y)}\n\n{BULLET.format(f'F {y}', f'{y - 2000}01.00001')}\n" for y in years)
    assert put(text, paper(year=2019)).entry.section == a_list(text).entries[-1].section
    if "1" in heading.format(""):
        with pytest.raises(ListError, match="how one is written here is not clear"):
            put(text, paper())
    else:
        assert put(text, paper()).lines[0] == heading.format(2020)


@pytest.mark.parametrize(
    "text",
    [
        "- 2021\n  - {0}\n- 2019\n  - {1}\n",
        "2021\n----\n\n- {0}\n\n2019\n----\n\n- {1}\n",
        "**2021**\n\n- {0}\n\n**2019**\n\n- {1}\n",
        "## 2019\n- {1}\n## 2021\n- {0}\n",
    ],
)
def test_headings_of_every_form(text: str) -> None:
    bullets = (BULLET.format(f"F {number}", f"1901.0000{number}").strip("- \n") for number in (1, 2))
    found = put(text.format(*bullets), paper())
    assert found.entry.section == ("2020",)
    assert found.entry.year == 2020


def test_an_order_of_years_that_is_none_gets_no_new_heading() -> None:
    text = "".join(
        f"## {year}\n\n{BULLET.format(f'F {year}', f'{year - 2000}01.00001')}\n" for year in (2019, 2021, 2018)
    )
    with pytest.raises(ListError, match="the order of its years does not tell"):
        put(text, paper())


def test_a_section_of_another_year_is_refused_where_the_line_would_say_so() -> None:
    text = "".join(f"## {year}\n\n{BULLET.format(f'F {year}', f'{year - 2000}01.00001')}\n" for year in (2021, 2019))
    with pytest.raises(ListError, match="its year would be read as 2019"):
        put(text, paper(), "2019")


# ---- hostile words -------------------------------------------------------------------------------------------------

HOSTILE = [
    "Learning a | b and *stars* with [brackets](https://evil.example) in `code`",
    "Two\nlines\r\nof | title |",
    "<script>alert(1)</script> Considered",
    "Under_scores_ and __init__ for &lt;tags&gt;",
    "Back\\slash \\| and ~~strike~~",
    "\u202eesrever and \x1b[31mred",
]


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("text", [COLUMNS, BULLET.format("Deep Fishing", "1901.00001")], ids=["table", "bullets"])
def test_hostile_titles_are_written_so_that_they_are_read_back_or_refused(text: str, title: str) -> None:
    new = paper(title)
    try:
        found = put(text, new)
    except ListError:
        return
    assert found.entry.title == new.printed_title
    assert {link.url for link in found.entry.links} <= {PDF, PAGE}
    assert not any(sign in line for line in found.lines for sign in "\n\r\x1b\u202e")


def test_a_title_with_pipes_and_stars_can_be_written() -> None:
    for text in (COLUMNS, BULLET.format("Deep Fishing", "1901.00001")):
        assert put(text, paper("A | B: *Stars* [CLS] Tokens")).entry.title == "A | B: *Stars* [CLS] Tokens"


@given(
    st.sampled_from(
        [COLUMNS, TOPICS.replace("## Data\n\n", ""), "- **Nets**, A. Angler, *CVPR 2019* [pdf](https://x.org/a.pdf)\n"]
    ),
    st.text(max_size=60),
    st.text(max_size=30),
    st.text(max_size=30),
)
def test_whatever_the_words_are_all_other_entries_stay(text: str, title: str, venue: str, family: str) -> None:
    before = a_list(text)
    try:
        found = with_entry(before, NewEntry(title, (Creator(family, "A"),), 2020, venue, PDF, PAGE))
    except ListError:
        return
    after = [entry.title for entry in a_list(found.text).entries]
    assert sorted(after) == sorted([*(entry.title for entry in before.entries), found.entry.title])
    assert found.text.replace("\n".join(found.lines) + "\n", "", 1) == text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a b", "ftp://x.org/a", ""])
def test_what_is_no_web_address_is_no_link(url: str) -> None:
    assert "(" not in address(url)
    assert address("https://x.org/a|b)(") == "https://x.org/a%7Cb%29%28"


def as_new(entry: Entry) -> NewEntry:
    """An entry as a paper that is to be added; names that `et al.` stands for are made up."""
    names = [name.split(", ") if ", " in name else name.rsplit(" ", 1)[::-1] for name in entry.author_names]
    authors = [Creator(*name) for name in names] + [Creator("More", "A. B.")] * (3 if entry.et_al else 0)
    urls = {link.kind: link.url for link in reversed(entry.links)}
    pdf, page, code = (urls.get(kind, "") for kind in ("pdf", "paper", "code"))
    return NewEntry(entry.title, tuple(authors), entry.year, entry.venue, pdf, page, code)


@pytest.mark.parametrize("name", ["dvsml", "awesome-metric-learning"])
def test_entries_of_the_real_lists_can_be_taken_out_and_put_back(name: str) -> None:
    whole = a_list(real(name))
    lines = whole.text.splitlines(keepends=True)
    for entry in whole.entries[::5]:
        rest = a_list("".join([*lines[: entry.line - 1], *lines[entry.last_line :]]))
        found = with_entry(rest, as_new(entry), section_name(entry.section) if entry.section else "").entry
        assert (found.title, found.year, found.venue) == (entry.title, entry.year, entry.venue)
        assert found.section == entry.section
        assert {link.url for link in found.links} == {link.url for link in entry.links}
