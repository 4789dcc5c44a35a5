"""The rules that need nothing but the files. Pure.

A rule is a function from the files to the problems that it finds in them; it becomes one by standing in `RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dmlsync.bib.document import Document
from dmlsync.check.problem import Problem
from dmlsync.readinglist import ReadingList


@dataclass(frozen=True, slots=True)
class Files:
    """What rules look at: the lists and library.bib, as they were read."""

    lists: tuple[ReadingList, ...]
    bib_path: Path
    document: Document


Rule = Callable[[Files], Iterable[Problem]]


def list_syntax(files: Files) -> Iterator[Problem]:
    """Lines of a list that look like an entry, or like a link, but cannot be read as one."""
    for one in files.lists:
        for problem in one.problems:
            yield Problem("list-syntax", "error", one.path, problem.line, problem.message)


def bib_syntax(files: Files) -> Iterator[Problem]:
    """Entries of library.bib that cannot be read, and keys that stand twice."""
    for problem in files.document.problems:
        message = f"{problem.key}: {problem.message}" if problem.key else problem.message
        yield Problem("bib-syntax", "error", files.bib_path, problem.line, message)


RULES: tuple[Rule, ...] = (list_syntax, bib_syntax)


def check(files: Files) -> tuple[Problem, ...]:
    """What all rules find, by file and line."""
    return in_order(problem for rule in RULES for problem in rule(files))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by file and line, each once."""
    return tuple(dict.fromkeys(sorted(problems, key=lambda one: (str(one.file), one.line, one.rule, one.message))))
