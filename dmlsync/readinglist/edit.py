"""Putting a new entry into a list, in the list's own style and byte for byte the same elsewhere. Pure.

The style is not described anywhere: it is taken from the entries next to the place, as a pattern with gaps. Whatever
comes of that is read again before it is given out: the new entry has to be read as it was meant, and every other one
as before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice, pairwise, product

from dmlsync.errors import ListError
from dmlsync.model import Entry
from dmlsync.readinglist.author_style import style_of
from dmlsync.readinglist.bullet_style import bullets_like
from dmlsync.readinglist.layout import Layout
from dmlsync.readinglist.new_entry import NewEntry, Part, escaped, lightly_escaped
from dmlsync.readinglist.parse import parse_list
from dmlsync.readinglist.place import Place, find_place, section_name
from dmlsync.readinglist.reading_list import Problem, ReadingList
from dmlsync.readinglist.row_style import row_like
from dmlsync.text.names import families

_BLANKS_AT_MOST = 3
_MOST_WAYS = 16
_AS_THEY_ARE = frozenset({"pdf", "paper", "code", "other", "year", "short year"})
_YEAR = re.compile(r"(?:19|20)\d{2}")


@dataclass(frozen=True, slots=True)
class Insertion:
    """A list with one entry more: its new `text`, the entry as it is read from it, and the lines that were put in."""

    text: str
    entry: Entry
    lines: tuple[str, ...]


def with_entry(reading_list: ReadingList, new: NewEntry, section: str = "") -> Insertion:
    """The list with a new entry in the section that is named, else where its year and the list's order say.

    Raises ListError where the place is not clear, and where the entry cannot be written so that it is read as meant.
    """
    place = find_place(reading_list, new.year, section)
    return _Writer(reading_list, new, place).insertion()


class _Writer:
    def __init__(self, reading_list: ReadingList, new: NewEntry, place: Place) -> None:
        self._list = reading_list
        self._new = new
        self._place = place
        self._layout = Layout(reading_list.text)
        self._style = style_of(reading_list.entries)
        self._authors = self._style.printed(new.authors)

    @property
    def _anchor(self) -> Entry:
        """The entry next to the place."""
        anchor = self._place.behind or self._place.ahead
        assert anchor is not None
        return anchor

    def insertion(self) -> Insertion:
        """The first way of writing the entry that is read as it was meant."""
        why = "none of its entries shows how one is written"
        for written in islice(_distinct(self._ways()), _MOST_WAYS):
            above, between = self._lines_around()
            lines, behind = self._block(written.split("\n"), above, between)
            text = self._layout.with_lines(lines, behind)
            line = behind + 1 + lines.index(written.split("\n")[0])
            again = parse_list(text, self._list.name, self._list.path)
            entry = next((one for one in again.entries if one.line == line), None)
            why = self._what_changed(again, entry, behind, len(lines))
            if not why and entry is not None:
                return Insertion(text, entry, tuple(lines))
        problem = f"the entry cannot be written in this list's style so that it is read as it is meant: {why}"
        raise ListError(self._list.path, problem, "add the line by hand", line=self._anchor.line)

    def _ways(self) -> Iterator[str]:
        """The new entry written as its neighbours are, the most alike first, then with mark-up escaped."""
        values = self._new.values(self._authors)
        known = [values, *([{**values, "venue": ""}] if values["venue"] else [])]  # some venues would be read as title
        writers: tuple[Callable[[str], str], ...] = (str, lightly_escaped, escaped)
        for facts, write in product(known, writers):
            given = {part: value if part in _AS_THEY_ARE else write(value) for part, value in facts.items()}
            if self._layout.is_row(self._anchor):
                yield from row_like(self._layout, self._neighbours(), self._anchor, given, has_pdf=bool(self._new.pdf))
            else:
                yield from self._bullets(given)

    def _bullets(self, values: Mapping[Part, str]) -> Iterator[str]:
        others = [entry for entry in self._list.entries if not self._layout.is_row(entry)]
        has_pdf = bool(self._new.pdf)
        yield from bullets_like(self._layout, self._neighbours(), others, self._anchor, values, has_pdf=has_pdf)

    def _neighbours(self) -> list[Entry]:
        is_row = self._layout.is_row(self._anchor)
        return [entry for entry in self._place.neighbours if self._layout.is_row(entry) == is_row]

    # ---- the lines around it ---------------------------------------------------------------------------------------

    def _lines_around(self) -> tuple[list[str], int]:
        """The heading and the table's top that go above the entry, and how many blank lines part entries here."""
        layout, anchor = self._layout, self._anchor
        between = 0 if layout.is_row(anchor) else self._usual_gap()
        if self._place.new_year is None:
            return [], between
        first = self._place.neighbours[0]
        heading = layout.heading(first.section[-1], first.line)
        if heading is None or not _YEAR.search(first.section[-1]):
            raise self._no_heading()
        raw = [layout.lines[heading.line - 1 + at] for at in range(heading.length)]
        years = _YEAR.findall(raw[0])
        if len(years) != 1 or any(sign.isdecimal() for sign in raw[0].replace(years[0], "")):
            raise self._no_heading()  # another number may count the papers below it
        raw[0] = raw[0].replace(years[0], str(self._place.new_year))
        below = [""] * min(_BLANKS_AT_MOST, layout.blanks_behind(heading.line + heading.length - 1))
        return [*raw, *below, *self._top_of_table(first)], between

    def _no_heading(self) -> ListError:
        problem = f"it has no heading for {self._place.new_year}, and how one is written here is not clear"
        return ListError(self._list.path, problem, "write the heading and an entry by hand, or use --section")

    def _top_of_table(self, first: Entry) -> list[str]:
        table = self._layout.table_of(first)
        if table is None:
            return []
        top, last = table.top
        return list(self._layout.lines[top - 1 : last])

    def _block(self, entry: list[str], above: list[str], between: int) -> tuple[list[str], int]:
        """All lines to be put in, and the line that they go below."""
        place, layout = self._place, self._layout
        if place.new_year is None:
            if place.behind:
                return [*[""] * between, *entry], place.behind.last_line
            assert place.ahead is not None
            return [*entry, *[""] * between], place.ahead.line - 1
        first = place.neighbours[0]
        heading = layout.heading(first.section[-1], first.line)
        assert heading is not None  # or `_lines_around` had refused
        is_first = not any(line.strip() for line in layout.lines[: heading.line - 1])
        number = (
            layout.blanks_behind(place.neighbours[-1].last_line) if is_first else layout.blanks_before(heading.line)
        )
        blanks = [""] * min(_BLANKS_AT_MOST, number)
        if place.behind:
            return [*blanks, *above, *entry], place.behind.last_line
        return [*above, *entry, *blanks], heading.line - 1

    def _usual_gap(self) -> int:
        """How many blank lines part two entries here, or in the rest of the list."""
        for entries in (self._place.neighbours, self._list.entries):
            gaps = [
                other.line - one.last_line - 1
                for one, other in pairwise(entries)
                if one.section == other.section and self._is_blank(one.last_line, other.line)
            ]
            if gaps:
                return min(_BLANKS_AT_MOST, max(set(gaps), key=gaps.count))
        return 0

    def _is_blank(self, last: int, first: int) -> bool:
        return last < first and not any(line.strip() for line in self._layout.lines[last : first - 1])

    # ---- reading it again ------------------------------------------------------------------------------------------

    def _what_changed(self, again: ReadingList, entry: Entry | None, behind: int, number: int) -> str:
        """What is not as it was meant, as the end of a sentence; `""` where all is."""
        if entry is None:
            return "its line is not read as an entry"
        if wrong := self._what_differs(entry):
            return wrong
        others = [one for one in again.entries if one is not entry]
        if others != [_moved(one, behind, number) for one in self._list.entries]:
            return "another entry would be read differently"
        if list(again.problems) != [_moved_problem(one, behind, number) for one in self._list.problems]:
            return "another line would be read differently"
        return ""

    def _what_differs(self, entry: Entry) -> str:
        """What of the entry is not read as it was meant. A part that the list does not print may be missing."""
        new, values = self._new, self._new.values(self._authors)
        if entry.title != new.printed_title:
            return f"its title would be read as {entry.title!r}"
        if entry.section != self._place.section and self._place.new_year is None:
            return f"it would be read as part of {section_name(entry.section)}"
        if entry.year not in (None, new.year):
            return f"its year would be read as {entry.year}"
        if entry.venue not in ("", values["venue"]):
            return f"its venue would be read as {entry.venue!r}"
        ours = families([str(author) for author in new.authors])
        theirs = families(entry.author_names)
        if theirs != ours[: len(theirs)] or (theirs and entry.et_al != (len(theirs) < len(ours))):
            return f"its authors would be read as {entry.authors!r}"
        urls = {link.url for link in entry.links}
        if not urls <= set(values.values()):
            return "its links would be read differently"
        if values["paper"] and self._links_papers and not urls & {values["pdf"], values["paper"]}:
            return "it would not link the paper"
        return ""

    @property
    def _links_papers(self) -> bool:
        """Whether the entries here link their papers."""
        return any(link.kind in ("pdf", "paper") for entry in self._place.neighbours for link in entry.links)


def _distinct(texts: Iterable[str]) -> Iterator[str]:
    """Each text once, in order."""
    seen: set[str] = set()
    for text in texts:
        if text not in seen:
            seen.add(text)
            yield text


def _moved(entry: Entry, behind: int, number: int) -> Entry:
    """An entry as it stands once lines were put in below line `behind`."""
    if entry.line <= behind:
        return entry
    return replace(entry, line=entry.line + number, last_line=entry.last_line + number)


def _moved_problem(problem: Problem, behind: int, number: int) -> Problem:
    return replace(problem, line=problem.line + number) if problem.line > behind else problem
