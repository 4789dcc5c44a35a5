"""Which mends are certain: those after which the files say what they said, but for the slip itself. Pure.

- A mend adds and removes no line, and no entry.
- A mend of a list changes nothing on any other line, and where its rule is one of form alone, not what its own entry
  says either.
- A mend of library.bib leaves the record of its entry as it was, so that Zotero has nothing to learn of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from dmlsync.bib.read import entry_record
from dmlsync.bib.scan import split
from dmlsync.check.problem import Problem
from dmlsync.check.rule import Checked, InBib, Rule
from dmlsync.model import Entry
from dmlsync.readinglist import ReadingList, parse_list
from dmlsync.text.edits import Edit, apart, applied

_MOST_ALONE = 30  # mends that are tried one by one where all at once did not pass
_EVERY_LINE = 0


def less_uncertain(checked: Checked, rules: Mapping[str, Rule], problems: Sequence[Problem]) -> list[Problem]:
    """The problems, less the edits that are not certain."""
    certain: set[Problem] = set()
    by_file: Mapping[Path, list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.edits:
            by_file[problem.file].append(problem)
    for one in checked.lists:
        certain |= _certain_in_list(one, rules, by_file.get(one.path, []))
    certain |= _certain_in_bib(checked, by_file.get(checked.bib, []))
    return [problem if problem in certain else replace(problem, edits=()) for problem in problems]


def edited(one: ReadingList, edits: Iterable[Edit]) -> ReadingList:
    """A list after edits, read anew."""
    return parse_list(applied(one.text, edits), one.name, one.path)


def _certain_in_list(one: ReadingList, rules: Mapping[str, Rule], problems: Sequence[Problem]) -> set[Problem]:
    """The problems of a list whose mends are certain.

    A list is read as a whole, so they are tried together; the lines that do not pass are looked at mend by mend.
    """
    kept = [problem for problem in problems if not _moves_lines(one.text, problem)]
    groups = set(apart(problem.edits for problem in kept))
    together = [problem for problem in kept if problem.edits in groups]
    suspects = _lines_told_otherwise(one, rules, together) if together else set()
    if not suspects:
        return set(together)
    alone = [problem for problem in together if problem.line in suspects or _EVERY_LINE in suspects]
    passed = {problem for problem in alone[:_MOST_ALONE] if not _lines_told_otherwise(one, rules, [problem])}
    rest = [problem for problem in together if problem not in alone]
    return passed | (set() if rest and _lines_told_otherwise(one, rules, rest) else set(rest))


def _moves_lines(text: str, problem: Problem) -> bool:
    stretches = (edit.text + text[edit.start : edit.end] for edit in problem.edits)
    return any("\n" in stretch or "\r" in stretch for stretch in stretches)


def _lines_told_otherwise(one: ReadingList, rules: Mapping[str, Rule], problems: Sequence[Problem]) -> set[int]:
    """The lines of entries that would not say what they should after these mends; `_EVERY_LINE` where one is lost."""
    after = edited(one, (edit for problem in problems for edit in problem.edits))
    touched = {problem.line for problem in problems}
    reworded = {problem.line for problem in problems if rules[problem.rule].changes_print}
    found = {entry.line: entry for entry in after.entries}
    if len(found) < len(one.entries) or len(after.problems) > len(one.problems):
        return {_EVERY_LINE}
    suspects = set[int]()
    for entry in one.entries:
        own = range(entry.line, entry.last_line + 1)
        is_reworded = any(line in reworded for line in own)
        if entry.line not in found or not _says_the_same(entry, found[entry.line], is_reworded=is_reworded):
            suspects |= touched & {*own} or {_EVERY_LINE}
    return suspects


def _says_the_same(before: Entry, after: Entry, *, is_reworded: bool) -> bool:
    """Whether an entry says what it said; one that is reworded, all but one of its parts."""
    if not is_reworded:
        return before == after
    if (before.section, before.year, before.last_line) != (after.section, after.year, after.last_line):
        return False
    parts = [
        (before.title, after.title),
        ((before.authors, before.et_al), (after.authors, after.et_al)),
        (before.venue, after.venue),
        ([link.kind for link in before.links], [link.kind for link in after.links]),
    ]
    return sum(ours != theirs for ours, theirs in parts) <= 1


def _certain_in_bib(checked: Checked, problems: Sequence[Problem]) -> set[Problem]:
    """The problems of library.bib whose mends leave the record of their entry alone."""
    entries = checked.in_bib if problems else ()
    starts = [one.entry.span[0] for one in entries]
    certain = set()
    for problem in problems:
        at = bisect_right(starts, min(edit.start for edit in problem.edits)) - 1
        is_inside = at >= 0 and all(edit.end <= entries[at].entry.span[1] for edit in problem.edits)
        if is_inside and _keeps_record(checked, entries[at], problem.edits):
            certain.add(problem)
    return certain


def _keeps_record(checked: Checked, one: InBib, edits: Iterable[Edit]) -> bool:
    start = one.entry.span[0]
    text = applied(one.block.text, [Edit(edit.start - start, edit.end - start, edit.text) for edit in edits])
    blocks = split(text)
    if len(blocks) != 1 or blocks[0].kind != "entry" or blocks[0].key != one.block.key:
        return False
    after = entry_record(checked.document, blocks[0])
    return after == entry_record(checked.document, one.block) and len(blocks[0].fields) == len(one.block.fields)
