"""Where in a list a new entry belongs: under which heading, and between which entries. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dmlsync.errors import ListError
from dmlsync.model import Entry
from dmlsync.readinglist.characters import squeeze
from dmlsync.readinglist.reading_list import ReadingList

Section = tuple[str, ...]

_YEAR_HEADING = re.compile(
    r"\W*(?:year\W+|papers?\W+(?:(?:of|in|from)\W+)?)?((?:19|20)\d{2})(?:\W+(?:\d{1,4}\W+)?papers?|\W+\d{1,3}\W)?\W*",
    re.IGNORECASE,
)
_OLDER_HEADING = re.compile(r"\b(?:earlier|older|before|prior|until|pre)\b|[<≤]", re.IGNORECASE)
_A_YEAR = re.compile(r"(?:19|20)\d{2}")
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new entry goes: below `behind` or, where that is None, above `ahead`.

    `section` are the headings above it, `neighbours` the entries there. Where the list has no heading for its year yet,
    `new_year` is that year and `neighbours` are those of the year next to it; the new heading goes above that of
    `ahead`'s section or, where that is None, below `behind`.
    """

    section: Section
    neighbours: tuple[Entry, ...]
    behind: Entry | None = None
    ahead: Entry | None = None
    new_year: int | None = None


def find_place(reading_list: ReadingList, year: int | None, wanted: str = "") -> Place:
    """The place of a paper of that year, in the section that was `wanted` or in the only one that fits.

    Raises ListError where no section is called so, and where several may be meant.
    """
    return _Finder(reading_list, year).place(wanted)


def section_name(section: Section) -> str:
    """A section as a person names it: `Papers / 2021`."""
    return " / ".join(section) or "(top)"


class _Finder:
    def __init__(self, reading_list: ReadingList, year: int | None) -> None:
        self._list = reading_list
        self._year = year
        self._entries: dict[Section, list[Entry]] = defaultdict(list)
        for entry in reading_list.entries:
            self._entries[entry.section].append(entry)

    def place(self, wanted: str) -> Place:
        sections = list(self._entries)
        if wanted:
            sections = self._named(wanted)
            named = [one for one in sections if _is_called(one, wanted)]
            sections = named if len(named) == 1 else sections
        if len(sections) == 1:
            return self._within(sections[0])
        years = {section: year for section in sections if (year := year_of(section))}
        if not years:
            raise self._unclear("it has several sections", sections)
        if self._year is None:
            raise self._unclear("the paper's year is not known", sections)
        if len({section[:-1] for section in years}) > 1:
            raise self._unclear("it has headings of years in several sections", sections)
        return self._under_year(years, sections)

    def _named(self, wanted: str) -> list[Section]:
        found = [section for section in self._entries if _is_below(section, wanted)]
        if not found:
            problem = f"no section with entries is called {wanted!r}"
            raise ListError(self._list.path, problem, f"it has {self._names(list(self._entries))}")
        return found

    def _under_year(self, years: Mapping[Section, int], sections: Sequence[Section]) -> Place:
        assert self._year is not None
        same = [section for section, year in years.items() if year == self._year]
        if len(same) == 1:
            return self._within(same[0])
        if same:
            raise self._unclear(f"several headings say {self._year}", same)
        parent = next(iter(years))[:-1]
        older = [one for one in sections if one[:-1] == parent and one not in years and self._is_for_older(one, years)]
        if len(older) == 1:
            return self._within(older[0])
        return self._new_year(years, sections)

    def _is_for_older(self, section: Section, years: Mapping[Section, int]) -> bool:
        heading = section[-1] if section else ""
        if not _OLDER_HEADING.search(heading):
            return False
        named = _A_YEAR.search(heading)
        limit = int(named[0]) if named else min(years.values())
        return self._year is not None and self._year < limit

    def _new_year(self, years: Mapping[Section, int], sections: Sequence[Section]) -> Place:
        """A heading that is missing goes where the order of the others says, if they have one."""
        assert self._year is not None
        order = list(years.values())
        newest_first = all(one > other for one, other in pairwise(order))
        if len(order) < 2 or not (newest_first or all(one < other for one, other in pairwise(order))):
            problem = f"it has no heading for {self._year}, and the order of its years does not tell where one goes"
            raise ListError(self._list.path, problem, self._remedy(sections))
        later = [one for one, year in years.items() if (year < self._year if newest_first else year > self._year)]
        parent = next(iter(years))[:-1]
        section = (*parent, str(self._year))
        if later:
            near = self._entries[later[0]]
            return Place(section, tuple(near), ahead=near[0], new_year=self._year)
        near = self._entries[list(years)[-1]]
        return Place(section, tuple(near), behind=near[-1], new_year=self._year)

    def _within(self, section: Section) -> Place:
        """The place among a section's entries that the order of their years asks for, at its end without one."""
        entries = tuple(self._entries[section])
        at = _position([entry.year for entry in entries], self._year)
        if at == 0:
            return Place(section, entries, ahead=entries[0])
        return Place(section, entries, behind=entries[at - 1])

    def _unclear(self, why: str, sections: Sequence[Section]) -> ListError:
        return ListError(self._list.path, f"where the paper belongs is not clear: {why}", self._remedy(sections))

    def _remedy(self, sections: Sequence[Section]) -> str:
        return f"name one with --section; there are {self._names(sections)}"

    @staticmethod
    def _names(sections: Sequence[Section]) -> str:
        names = [f"{section_name(section)!r}" for section in sections[:_MOST_NAMED]]
        more = f" and {len(sections) - _MOST_NAMED} more" if len(sections) > _MOST_NAMED else ""
        return ", ".join(names) + more


def year_of(section: Section) -> int | None:
    """The year that a section's own heading is, None for a heading that says more or something else."""
    found = _YEAR_HEADING.fullmatch(section[-1][:100]) if section else None
    return int(found[1]) if found else None


def _is_called(section: Section, wanted: str) -> bool:
    names = {_folded(section[-1]) if section else "", _folded(section_name(section))}
    return _folded(wanted) in names or _path(section) == _path(wanted.split("/"))


def _is_below(section: Section, wanted: str) -> bool:
    """Whether a section is called so, or is inside of one that is; a path may leave out the outer headings."""
    if _is_called(section, wanted):
        return True
    path, parts = _path(section), _path(wanted.split("/"))
    windows = (path[at : at + len(parts)] for at in range(len(path) - len(parts) + 1))
    return any(window == parts for window in windows) or _folded(wanted) in path


def _path(parts: Sequence[str]) -> tuple[str, ...]:
    return tuple(_folded(part) for part in parts)


def _folded(text: str) -> str:
    return squeeze(text).casefold()


def _position(years: Sequence[int | None], year: int | None) -> int:
    """How many entries come before the new one: where the fewest are out of order, and behind its equals."""
    known = [one for one in years if one]
    rising = sum(one < other for one, other in pairwise(known))
    falling = sum(one > other for one, other in pairwise(known))
    if year is None or rising == falling:
        return len(years)
    sign = 1 if rising > falling else -1
    cost = sum(sign * one < sign * year for one in known)
    best, at = cost, 0
    for place, one in enumerate(years, start=1):
        if one:
            cost += (sign * one > sign * year) - (sign * one < sign * year)
        if cost <= best:
            best, at = cost, place
    return at
