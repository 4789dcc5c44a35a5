"""Knowing an entry again: which work of the lock a line of a list names, though people edit lines.

A line is known by its list and its title; where the title was corrected, by its link, or by authors, year and a title
that is nearly the same; where a line moved to another list, by title and link. Pure: no I/O.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from dmlsync.model import Entry
from dmlsync.sync.lock import Printed, WorkState
from dmlsync.text.titles import fold, relation

_People: TypeAlias = tuple[str, str, str]
_SAME = ("equal", "near", "slip")
_MENDED = (*_SAME, "part")


@dataclass(frozen=True, slots=True)
class LinkedEntry:
    """An entry and the work that it named when it was last linked; `citation_key` is `""` for a line never seen.

    `before` is what the line printed then, where it prints something else now.
    """

    entry: Entry
    citation_key: str = ""
    before: Printed | None = None

    @property
    def has_same_title(self) -> bool:
        """Whether the line's title is the one that it was linked by, or that one without a slip."""
        return self.before is None or relation(self.before.title, self.entry.title) in _SAME


def link_entries(entries: Sequence[Entry], works: Mapping[str, WorkState]) -> tuple[LinkedEntry, ...]:
    """Every entry with the work that the lock knows it by, in the order of the entries."""
    known = {printed: key for key, work in works.items() for printed in work.entries}
    still_there = {Printed.of(entry) for entry in entries}
    by_name: dict[tuple[str, ...], set[Printed]] = defaultdict(set)
    for printed in known.keys() - still_there:  # a line that still stands was not edited into another
        for name in _names(printed):
            by_name[name].add(printed)
    # Only what names one work is of use.
    certain = {name: min(lines) for name, lines in by_name.items() if len({known[line] for line in lines}) == 1}
    linked, claimed = list[LinkedEntry](), set[Printed]()
    for entry in entries:
        line, known_by = _linked(entry, known, certain)
        linked.append(line)
        claimed |= {known_by} if known_by else set()
    lost = defaultdict(list)
    for printed in sorted(known.keys() - still_there - claimed):
        lost[_people(printed)].append(printed)
    return tuple(line if line.citation_key else _mended(line, known, lost) for line in linked)


def _mended(line: LinkedEntry, known: Mapping[Printed, str], lost: Mapping[_People, Sequence[Printed]]) -> LinkedEntry:
    """A line that nothing names, as the only lost one by the same people whose title it corrects."""
    printed = Printed.of(line.entry)
    alike = [one for one in lost.get(_people(printed), ()) if relation(one.title, printed.title) in _MENDED]
    if not printed.authors or len({known[one] for one in alike}) != 1:
        return line
    return LinkedEntry(line.entry, known[alike[0]], alike[0])


def _people(printed: Printed) -> _People:
    return printed.list_name, fold(printed.authors), printed.year


def _linked(
    entry: Entry, known: Mapping[Printed, str], certain: Mapping[tuple[str, ...], Printed]
) -> tuple[LinkedEntry, Printed | None]:
    """An entry with its work, and the line of the lock that it is known by."""
    printed = Printed.of(entry)
    if key := known.get(printed):
        return LinkedEntry(entry, key), printed
    for name in _names(printed):
        if before := certain.get(name):
            moved_only = replace(before, list_name=printed.list_name) == printed
            return LinkedEntry(entry, known[before], None if moved_only else before), before
    return LinkedEntry(entry), None


def _names(printed: Printed) -> list[tuple[str, ...]]:
    """What a line is known by, the most certain first; a title alone says nothing in another list."""
    title = fold(printed.title)
    names: list[tuple[str, ...]] = [("title", printed.list_name, title)]
    if printed.link:
        names += [("link", printed.list_name, printed.link), ("moved", title, printed.link)]
    return names
