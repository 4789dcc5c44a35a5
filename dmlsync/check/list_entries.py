"""Entries of a list against each other and against their headings: twice, spelt otherwise, in the wrong place. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from dmlsync.check.printed import Span, cells, column_of, find_once
from dmlsync.check.rule import Checked, Finding, Named, rule
from dmlsync.model import Entry
from dmlsync.readinglist.reading_list import TableLine
from dmlsync.readinglist.venues import read_heading_year
from dmlsync.resolve import venues
from dmlsync.resolve.identify import identifiers_of
from dmlsync.text.edits import Edit
from dmlsync.text.names import agree, families
from dmlsync.text.titles import fold

_VENUE_AND_YEAR = re.compile(r"(?P<venue>\S.*?\S)(?P<rest>[\s,]*\(?(?P<year>(?:19|20)\d{2})\)?)")
_MOST_TOLD = 3  # entries of one spelling that are told one by one
_LONGEST_VENUE = 200
_RENAMED = 2018  # NIPS is NeurIPS from then on
_TRACKS = ("findings", "track", "workshop", "symposium", "tutorial", "demo", "datasets", "benchmarks", "proceedings")


@rule("duplicate-entry", "warning", "A work stands twice in one section of a list")
def duplicate_entries(checked: Checked) -> Iterator[Finding]:
    """Entries of one section that name the same work; each later one is told."""
    for first, again in _repetitions(checked.entries):
        if first.list is again.list and first.entry.section == again.entry.section:
            yield Finding(
                again.list.path, again.entry.line, f"stands in line {first.entry.line} already: {_work(again)}"
            )


@rule("listed-twice", "info", "A work stands in two sections, or in two lists", by_default=False)
def listed_twice(checked: Checked) -> Iterator[Finding]:
    """Works in several places, which many lists mean just so."""
    for first, again in _repetitions(checked.entries):
        if first.list is not again.list or first.entry.section != again.entry.section:
            place = f"{first.list.path.name}:{first.entry.line}"
            yield Finding(again.list.path, again.entry.line, f"stands in {place}, too: {_work(again)}")


def _work(named: Named) -> str:
    return named.citation_key or named.entry.title


def _repetitions(entries: Sequence[Named]) -> Iterator[tuple[Named, Named]]:
    """Each entry that names the work of an earlier one, with that one."""
    works: Mapping[str, list[Named]] = defaultdict(list)
    for named in entries:
        works[f"key:{named.citation_key}" if named.citation_key else f"title:{fold(named.entry.title)}"].append(named)
    for name, same in works.items():
        for before, again in pairwise(same):
            if name.startswith("key:") or _is_same(before.entry, again.entry):
                yield before, again


def _is_same(one: Entry, other: Entry) -> bool:
    """Whether two entries of one title that nobody linked yet name one work for certain."""
    if set(identifiers_of(one).names) & set(identifiers_of(other).names):
        return True
    level = agree(families(one.author_names), families(other.author_names), one.et_al or other.et_al).level
    return level in ("all", "most") and one.year == other.year


@rule("venue-spelling", "warning", "A list writes one venue in several ways", mends=True, changes_print=True)
def venue_spelling(checked: Checked) -> Iterator[Finding]:
    """Venues that a list writes otherwise than most of its entries; capitals alone are mended."""
    for one in checked.lists:
        groups: Mapping[str, list[Named]] = defaultdict(list)
        for named in (named for named in checked.entries if named.list is one):
            if (key := venues.key(named.entry.venue)) and key != "repository":
                groups[key].append(named)
        for same in groups.values():
            forms = Counter(named.entry.venue for named in same)
            usual = max(forms, key=lambda form: forms[form])  # of equally many, the first
            told = Counter[str]()
            for named in same:
                venue = named.entry.venue
                if venue != usual and not _is_meant(venue, usual, named.entry.year):
                    told[venue] += 1
                    if forms[venue] <= _MOST_TOLD or told[venue] == 1:
                        yield _other_spelling(checked, named, usual, forms)


def _other_spelling(checked: Checked, named: Named, usual: str, forms: Mapping[str, int]) -> Finding:
    venue = named.entry.venue
    span = find_once(checked, named, venue)
    is_slip = venue.casefold() == usual.casefold() and forms[venue] <= min(_MOST_TOLD, forms[usual] - 1)
    edits = (Edit(*span, usual),) if span and is_slip else ()
    times = "once" if forms[usual] == 1 else f"{forms[usual]} times"
    also = f", here and in {forms[venue] - 1} other entries" if forms[venue] > _MOST_TOLD else ""
    message = f"`{venue}`{also} is written `{usual}` elsewhere in this list ({times})"
    return Finding(named.list.path, named.entry.line, message, column_of(checked, named, span), edits)


def _is_meant(venue: str, usual: str, year: int | None) -> bool:
    """Whether two forms differ for a reason: a track of a conference, or a name that it had at the time."""
    ours, theirs = set(fold(venue).split()), set(fold(usual).split())
    if any(word in ours ^ theirs for word in _TRACKS):
        return True
    old, new = ("nips" in words or "neurips" not in words for words in (ours, theirs))
    return old != new and year is not None and (year < _RENAMED) == old


@rule("year-in-venue", "info", "A venue cell repeats the year of the year column", mends=True)
def year_in_venue(checked: Checked) -> Iterator[Finding]:
    """`ECCV 2020` beside a year column that says 2020, where the other rows have the venue alone."""
    of_table: Mapping[tuple[str, int], list[tuple[Named, Span, Span]]] = defaultdict(list)
    for named, row, found in _rows(checked):
        venue, year = row.columns.venue, row.columns.year
        if venue is not None and year is not None and max(venue, year) < len(found):
            of_table[named.list.name, row.table].append((named, found[venue], found[year]))
    for rows in of_table.values():
        whole = checked.lines[rows[0][0].list.path].whole
        short = [row for row in rows if row[1].end - row[1].start <= _LONGEST_VENUE]
        dated = [(*row, match) for row in short if (match := _VENUE_AND_YEAR.fullmatch(whole, *row[1]))]
        if 2 * len(dated) >= len(rows):
            continue
        for named, span, year_cell, match in dated:
            if match["year"] == whole[slice(*year_cell)]:
                edit = Edit(match.start("rest"), match.end("rest"), "")
                message = f"the venue `{match[0]}` repeats the year of its own column"
                yield Finding(named.list.path, named.entry.line, message, column_of(checked, named, span), (edit,))


@rule("year-form", "info", "A year cell holds more than the year that the other rows have")
def year_form(checked: Checked) -> Iterator[Finding]:
    """`2022/03` in a column of years."""
    of_table: Mapping[tuple[str, int], list[tuple[Named, Span, str]]] = defaultdict(list)
    for named, row, found in _rows(checked):
        if row.columns.year is not None and row.columns.year < len(found):
            span = found[row.columns.year]
            of_table[named.list.name, row.table].append(
                (named, span, checked.lines[named.list.path].whole[slice(*span)])
            )
    for rows in of_table.values():
        odd = [one for one in rows if one[2] and not (len(one[2]) == 4 and one[2].isdecimal())]
        if 4 * len(odd) > len(rows):
            continue
        for named, span, text in odd:
            message = f"`{text}` stands where other rows have a year"
            yield Finding(named.list.path, named.entry.line, message, column_of(checked, named, span))


@rule("wrong-heading", "warning", "An entry stands below the heading of another year")
def wrong_heading(checked: Checked) -> Iterator[Finding]:
    """Entries whose own year is not the one of their heading, unless that is the custom of the list."""
    for one in checked.lists:
        dated = [(entry, _heading_year(entry)) for entry in one.entries if entry.year and _heading_year(entry)]
        wrong = [(entry, year) for entry, year in dated if entry.year != year]
        for entry, year in wrong if 4 * len(wrong) <= len(dated) or len(wrong) == 1 else ():
            yield Finding(one.path, entry.line, f"says {entry.year} below the heading of {year}")


def _heading_year(entry: Entry) -> int | None:
    """The year of the innermost heading that has one."""
    return next((year for text in reversed(entry.section) if (year := read_heading_year(text))), None)


@rule("missing-link", "info", "An entry has no link to its paper where nearly all others have one")
def missing_link(checked: Checked) -> Iterator[Finding]:
    """Entries that lead nowhere."""
    for one in checked.lists:
        without = [entry for entry in one.entries if not any(link.kind in ("pdf", "paper") for link in entry.links)]
        if len(one.entries) >= 10 * len(without):
            for entry in without:
                yield Finding(one.path, entry.line, "no link to the paper, which nearly all entries of this list have")


def _rows(checked: Checked) -> Iterator[tuple[Named, TableLine, tuple[Span, ...]]]:
    """The entries that are rows of tables, with their cells."""
    rows = {(one.path, row.line): row for one in checked.lists for row in one.table_lines if row.kind == "row"}
    for named in checked.entries:
        row = rows.get((named.list.path, named.entry.line))
        if row:
            yield named, row, cells(checked.lines[named.list.path], row)
