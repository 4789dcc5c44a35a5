"""Mending what rules are certain of, until nothing certain is left. Pure: texts in, texts out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dmlsync.bib.document import Document
from dmlsync.check.certain import edited
from dmlsync.check.problem import Problem
from dmlsync.check.rule import Checked, Rule
from dmlsync.check.rules import check
from dmlsync.text.edits import apart, applied

_MOST_ROUNDS = 8  # a mend may bring another to light: a row that can be read only now


@dataclass(frozen=True, slots=True)
class Mended:
    """The files after mending, and what was mended, in the order of `check`."""

    checked: Checked
    problems: tuple[Problem, ...] = ()


def mended(checked: Checked, rules: Iterable[Rule]) -> Mended:
    """Carry out all mends that are certain; a second time there is nothing left to do."""
    chosen, done = tuple(one for one in rules if one.mends), list[Problem]()
    for _ in range(_MOST_ROUNDS):
        problems = [problem for problem in check(checked, chosen) if problem.edits]
        by_file: Mapping[Path, list[Problem]] = defaultdict(list)
        for problem in problems:
            by_file[problem.file].append(problem)
        carried_out = [problem for found in by_file.values() for problem in _without_overlaps(found)]
        if not carried_out:
            break
        checked = _after(checked, carried_out)
        done += carried_out
    return Mended(checked, tuple(done))


def _without_overlaps(problems: list[Problem]) -> list[Problem]:
    """The problems whose edits do not touch those of an earlier one; the rest has its turn in the next round."""
    kept = dict.fromkeys(apart(problem.edits for problem in problems))
    found = []
    for problem in problems:
        if problem.edits in kept:
            del kept[problem.edits]
            found.append(problem)
    return found


def _after(checked: Checked, problems: list[Problem]) -> Checked:
    edits = {
        file: [edit for one in problems if one.file == file for edit in one.edits]
        for file in {one.file for one in problems}
    }
    document = checked.document
    if checked.bib in edits:
        text = applied(document.text, edits[checked.bib])
        document = Document.parse(text.encode("utf-8", "surrogateescape"), document.path)
    lists = tuple(edited(one, edits[one.path]) if one.path in edits else one for one in checked.lists)
    return replace(checked, lists=lists, document=document)
