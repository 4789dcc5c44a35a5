"""Files, headings, titles: what surrounds the entries."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dmlsync.errors import ListError
from dmlsync.readinglist import ReadingList, parse_list, read_list

BULLET = "* Some Loss [paper](https://arxiv.org/abs/1)\n"


def read(text: str) -> ReadingList:
    return parse_list(text, "papers", Path("papers.md"))


def sections(text: str) -> list[tuple[str, ...]]:
    return [entry.section for entry in read(text).entries]


def test_a_file_is_read_with_its_name_and_its_exact_text(tmp_path: Path) -> None:
    path = tmp_path / "metric.learning.md"
    path.write_bytes(b"\xef\xbb\xbf# Papers\r\n\r\n" + BULLET.encode())
    reading_list = read_list(path)
    assert (reading_list.path, reading_list.name, reading_list.title) == (path, "metric.learning", "Papers")
    assert reading_list.text.encode() == path.read_bytes()
    assert [(entry.list_name, entry.line) for entry in reading_list.entries] == [("metric.learning", 3)]


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ListError, match=r"none\.md: there is no such file"):
        read_list(tmp_path / "none.md")


def test_a_directory_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="this is a directory"):
        read_list(tmp_path)


def test_a_file_in_the_place_of_a_directory_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ListError, match="cannot be read"):
        read_list(tmp_path / "file" / "list.md")


def test_text_that_is_not_utf_8_is_an_error_with_its_line_and_byte(tmp_path: Path) -> None:
    path = tmp_path / "list.md"
    path.write_bytes(b"# Papers\r\n\r\n* Caf\xe9 Loss\n")
    with pytest.raises(ListError, match=r"byte 17 \(0xe9\) is not UTF-8") as caught:
        read_list(path)
    assert caught.value.line == 3


def test_a_list_without_entries_is_an_error_that_says_what_was_expected(tmp_path: Path) -> None:
    path = tmp_path / "list.md"
    path.write_text("# Papers\n\nNone yet.\n")
    with pytest.raises(ListError, match=r"no entry found: expected a table with a column Title, or bullets"):
        read_list(path)


def test_a_list_with_nothing_but_problems_is_an_error_at_the_first(tmp_path: Path) -> None:
    path = tmp_path / "list.md"
    path.write_text("# Papers\n\n* [paper](https://arxiv.org/abs/1)\n")
    with pytest.raises(ListError, match="without a title") as caught:
        read_list(path)
    assert caught.value.line == 3


def test_the_only_first_level_heading_is_the_document_s_title_and_no_section() -> None:
    text = f"# All *papers*\n{BULLET}## A\n{BULLET}### B\n{BULLET}## C\n{BULLET}"
    assert read(text).title == "All papers"
    assert sections(text) == [(), ("A",), ("A", "B"), ("C",)]


def test_a_title_further_down_is_no_section_either() -> None:
    assert sections(f"## A\n{BULLET}# All papers\n{BULLET}") == [("A",), ()]


def test_several_first_level_headings_are_sections() -> None:
    text = f"# A\n{BULLET}## B\n{BULLET}# C\n{BULLET}"
    assert read(text).title == "papers"
    assert sections(text) == [("A",), ("A", "B"), ("C",)]


def test_a_title_may_come_from_the_front_matter() -> None:
    assert read(f"---\nlayout: x\ntitle: 'My papers'\n---\n{BULLET}").title == "My papers"
    assert read(f"---\ntitle: My papers\n---\n# Heading\n{BULLET}").title == "Heading"


def test_underlined_headings_and_skipped_levels_are_sections() -> None:
    assert sections(f"A\n---\n{BULLET}#### B\n{BULLET}### C\n{BULLET}") == [("A",), ("A", "B"), ("A", "C")]


def test_headings_are_printed_without_mark_up() -> None:
    assert sections(f"## [📚 **Papers**](#papers) of `2021` :star: ##\n{BULLET}") == [("Papers of 2021",)]
    assert sections(f'## <a name="x"></a>Papers\n{BULLET}') == [("Papers",)]


def test_an_empty_heading_ends_the_section_above() -> None:
    assert sections(f"## A\n{BULLET}##\n{BULLET}") == [("A",), ()]


def test_a_bold_line_above_a_list_acts_like_a_heading() -> None:
    text = f"## A\n\n**2019**\n\n{BULLET}\n## B\n\n{BULLET}\n**Updating...**\n"
    assert [(entry.section, entry.year) for entry in read(text).entries] == [(("A", "2019"), 2019), (("B",), None)]


@pytest.mark.parametrize(
    ("heading", "year"),
    [
        ("2021", 2021),
        ("CVPR 2021", 2021),
        ("Papers of 2021 (ongoing)", 2021),
        ("Before 2015", None),
        ("2019-2020", None),
        ("2015 and earlier", None),
        ("≤ 2015", None),
        ("Other", None),
    ],
)
def test_a_heading_may_give_the_year(heading: str, year: int | None) -> None:
    assert read(f"## {heading}\n{BULLET}").entries[0].year == year


def test_the_nearest_heading_with_a_year_counts_and_the_entry_s_own_year_more() -> None:
    text = f"## 2020\n### 2021\n#### Oral\n{BULLET}* Other Loss (CVPR 2019) [paper](https://arxiv.org/abs/2)\n"
    assert [entry.year for entry in read(text).entries] == [2021, 2019]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_they_end(end: str) -> None:
    text = end.join(
        ["---", "title: A", "---", "", "# A", "", "text\u2028more\x0c\x85", "", BULLET.strip(), "", "##", ""]
    )
    assert [entry.line for entry in read(text).entries] == [9]


def test_problems_show_their_line_without_control_characters() -> None:
    problem = read("text\n\n* [pdf](https://a.org/\u202ex.pdf)\x1b\x07\n").problems[0]
    assert (problem.line, problem.text) == (3, "* [pdf](https://a.org/x.pdf)")


def test_importing_the_room_does_not_load_the_markdown_parser() -> None:
    code = "import sys, dmlsync.readinglist; sys.exit('markdown_it' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


CONFLICT = (
    f"# Papers\n\n{BULLET}<<<<<<< HEAD\n* A Loss [paper](https://arxiv.org/abs/2)\n=======\n{BULLET}>>>>>>> other\n"
)


@pytest.mark.parametrize(
    "text",
    [
        CONFLICT,
        CONFLICT.replace("\n", "\r\n"),
        CONFLICT.replace("=======\n", "||||||| base\n=======\n"),
        CONFLICT + CONFLICT,
        CONFLICT.replace(">>>>>>> other\n", ">>>>>>> other"),
    ],
)
def test_an_unfinished_merge_is_an_error_at_its_first_mark(tmp_path: Path, text: str) -> None:
    path = tmp_path / "list.md"
    path.write_bytes(text.encode())
    with pytest.raises(ListError, match="finish the merge") as caught:
        read_list(path)
    assert caught.value.line == 4


@pytest.mark.parametrize(
    "text",
    [
        f"Papers\n=======\n\n{BULLET}",
        f"Papers\n=======\n\n{BULLET}>>>>>>> quoted\n",
        f">>>>>>> quoted\n\nPapers\n=======\n\n{BULLET}<<<<<<< HEAD\n",
        f"<<<<<<<< arrows\n\nPapers\n=======\n\n{BULLET}>>>>>>>> arrows\n",
        f"<<<<<<< HEAD\n{BULLET}",
    ],
)
def test_marks_that_make_no_conflict_are_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "list.md"
    path.write_text(text)
    assert [entry.title for entry in read_list(path).entries] == ["Some Loss"]
