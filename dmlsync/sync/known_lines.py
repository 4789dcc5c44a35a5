"""Knowing an entry again: which work of the lock a line of a list names, though people edit lines.

A line is known by its list and its title; where the title was corrected, by its link; where a line moved to another
list, by both. Pure: no I/O.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dmlsync.model import Entry
from dmlsync.sync.lock import Printed, WorkState
from dmlsync.text.titles import fold


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
        """Whether the line's title is the one that it was linked by."""
        return self.before is None or fold(self.before.title) == fold(self.entry.title)


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
    return tuple(_linked(entry, known, certain) for entry in entries)


def _linked(entry: Entry, known: Mapping[Printed, str], certain: Mapping[tuple[str, ...], Printed]) -> LinkedEntry:
    printed = Printed.of(entry)
    if key := known.get(printed):
        return LinkedEntry(entry, key)
    for name in _names(printed):
        if before := certain.get(name):
            moved_only = replace(before, list_name=printed.list_name) == printed
            return LinkedEntry(entry, known[before], None if moved_only else before)
    return LinkedEntry(entry)


def _names(printed: Printed) -> list[tuple[str, ...]]:
    """What a line is known by, the most certain first; a title alone says nothing in another list."""
    title = fold(printed.title)
    names: list[tuple[str, ...]] = [("title", printed.list_name, title)]
    if printed.link:
        names += [("link", printed.list_name, printed.link), ("moved", title, printed.link)]
    return names
