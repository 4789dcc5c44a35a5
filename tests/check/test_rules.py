from __future__ import annotations

from pathlib import Path

from dmlsync.bib.file import document_of
from dmlsync.check.problem import Problem
from dmlsync.check.rules import RULES, Files, check, in_order
from dmlsync.readinglist import ReadingList
from dmlsync.readinglist.reading_list import Problem as ListProblem

BIB = Path("library.bib")


def files(bib: str = "", *problems: ListProblem) -> Files:
    one = ReadingList(Path("lists/a.md"), "a", "A", "", (), problems)
    return Files((one,), BIB, document_of(BIB, bib.encode()))


def test_clean_files_have_no_problems() -> None:
    assert check(files("@misc{a,\n  title = {A},\n}\n")) == ()


def test_a_line_that_cannot_be_read_is_an_error_with_its_line() -> None:
    assert check(files("", ListProblem(12, "the row has no title", "| |"))) == (
        Problem("list-syntax", "error", Path("lists/a.md"), 12, "the row has no title"),
    )


def test_what_is_wrong_in_the_bibliography_is_an_error_with_its_line_and_key() -> None:
    problems = check(files("@misc{a,\n title = {A}\n}\n@misc{A,\n title = {B}\n}\n@misc{c,\n title = {open\n"))
    assert {one.rule for one in problems} == {"bib-syntax"}
    assert all(one.file == BIB and one.severity == "error" for one in problems)
    assert [one.line for one in problems] == sorted(one.line for one in problems)
    assert any("A: " in one.message for one in problems)


def test_each_rule_is_a_function_with_a_sentence_and_a_name_of_its_own() -> None:
    assert all(rule.__doc__ for rule in RULES)
    assert len({rule.__name__ for rule in RULES}) == len(RULES)


def test_problems_come_by_file_and_line_and_once() -> None:
    one, two = (Problem("r", "info", Path("a"), line, "m") for line in (10, 9))
    assert in_order([one, two, one]) == (two, one)
