from __future__ import annotations

from pathlib import Path

from dmlsync.check.certain import less_uncertain
from dmlsync.check.mend import mended
from dmlsync.check.problem import Problem
from dmlsync.check.rule import Checked
from dmlsync.check.rules import BY_ID, chosen
from dmlsync.readinglist import parse_list
from dmlsync.text.edits import Edit

PAPERS = Path("papers.md")
LINE = "- {} for Learning (**CVPR 2020**) [[paper](https://a.example/{}.pdf)]\n"
TEXT = LINE.format("Some Loss", 1) + LINE.format("Other Loss", 2)


def kept(*edits: Edit, rule: str = "stray-bracket", line: int = 1) -> tuple[Edit, ...]:
    """What is left of the edits that a rule wants to make."""
    checked = Checked((parse_list(TEXT, "papers", PAPERS),))
    (problem,) = less_uncertain(checked, BY_ID, [Problem(rule, "warning", PAPERS, line, "m", edits=edits)])
    return problem.edits


def test_an_edit_that_changes_nothing_that_is_read_is_certain() -> None:
    edit = Edit(1, 2, "   ")
    assert kept(edit) == (edit,)


def test_an_edit_of_form_that_changes_the_title_is_not() -> None:
    assert kept(Edit(2, 6, "Any")) == ()


def test_an_edit_that_may_change_the_title_may_change_nothing_else() -> None:
    title = Edit(2, 6, "Any")
    assert kept(title, rule="title-differs") == (title,)
    venue = Edit(TEXT.index("CVPR"), TEXT.index("CVPR") + 4, "ICCV")
    assert kept(title, venue, rule="title-differs") == ()


def test_an_edit_that_loses_an_entry_or_touches_another_or_a_line_end_is_not_certain() -> None:
    second = len(LINE.format("Some Loss", 1))
    assert kept(Edit(0, 2, "")) == ()
    assert kept(Edit(second + 2, second + 7, "Any"), rule="title-differs") == ()
    assert kept(Edit(second - 1, second, " ")) == ()
    assert kept(Edit(0, 0, "\n")) == ()


def test_one_mend_that_is_not_certain_keeps_no_other_from_being_made() -> None:
    text = (
        LINE.format("Some (Loss", 1)
        + LINE.format("Other Loss", 2).replace("Learning", "Learning]")
        + "".join(LINE.format(f"{word} (Loss", word) for word in "abc")
    )
    checked = Checked((parse_list(text, "papers", PAPERS),))
    done = mended(checked, chosen(["stray-bracket"]))
    assert [problem.line for problem in done.problems] == [2]
    assert done.checked.lists[0].text == text.replace("Learning]", "Learning")
