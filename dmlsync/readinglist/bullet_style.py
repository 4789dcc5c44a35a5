"""A bullet written as those around it are: with the same mark, parts, order and punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from dmlsync.model import Entry
from dmlsync.readinglist.layout import Layout
from dmlsync.readinglist.new_entry import Part
from dmlsync.readinglist.pattern import MARK, Pattern, pattern_of

_MOST_PATTERNS = 200
_MOST_WAYS = 6
_NUMBER = re.compile(r"\d{1,9}(?=[.)])")
_TICKED = re.compile(r"\[[xX]\]")


def bullets_like(
    layout: Layout,
    neighbours: Sequence[Entry],
    others: Sequence[Entry],
    anchor: Entry,
    values: Mapping[Part, str],
    *,
    has_pdf: bool,
) -> Iterator[str]:
    """Bullets with these values, the most usual form first; `others` show more forms than the `neighbours` do.

    `anchor` is the entry next to it. Without `has_pdf`, the address in place of a PDF's is that of a page.
    """
    near = _patterns(layout, neighbours, anchor)
    lines = {entry.line for entry in neighbours}
    patterns = near + _patterns(layout, [entry for entry in others if entry.line not in lines], anchor)
    usual = _usual_parts(near or patterns)
    wanted = {part for part, value in values.items() if value}

    def cost(ranked: tuple[int, Pattern]) -> tuple[float, int]:
        place, pattern = ranked
        far = 0.5 * (place >= len(near)) + 3 * (not pattern.is_plain)
        return _cost(_said(pattern), wanted, usual, has_pdf=has_pdf) + far, place

    mark = _mark(layout, neighbours, anchor)
    ranked = sorted(enumerate(patterns), key=cost)
    written = (pattern.with_mark(mark).filled(values, has_pdf=has_pdf) for _, pattern in ranked)
    yield from list(dict.fromkeys(written))[:_MOST_WAYS]


def _patterns(layout: Layout, entries: Sequence[Entry], anchor: Entry) -> list[Pattern]:
    """The patterns of entries, the nearest to the anchor first."""
    nearest = sorted(entries, key=lambda entry: abs(entry.line - anchor.line))[:_MOST_PATTERNS]
    return [pattern for entry in nearest if (pattern := pattern_of(layout.raw(entry), entry))]


def _usual_parts(patterns: Sequence[Pattern]) -> set[Part]:
    """The parts that most entries print."""
    said = [_said(pattern) for pattern in patterns]
    return {part for part in set().union(*said) if 2 * sum(part in one for one in said) > len(said)}


def _said(pattern: Pattern) -> set[Part]:
    """What a pattern tells: a year is one, however it is written."""
    return {"year" if part == "short year" else part for part in pattern.parts}


def _cost(parts: set[Part], wanted: set[Part], usual: set[Part], *, has_pdf: bool) -> float:
    """How far a pattern is from what the new entry has to say in the usual way."""
    links: set[Part] = {"pdf", "paper"}
    cost = 8.0 * (bool(wanted & links) and not parts & links)
    cost += (len(parts & links) > 1) + ("pdf" in parts and not has_pdf) + 0.25 * (parts & links != usual & links)
    cost += 2 * ("code" in wanted and "code" not in parts) + ("code" in parts and "code" not in wanted)
    cost += 3 * ("other" in parts) + 4 * (("year" in parts) != ("year" in usual))
    for part in ("authors", "venue"):
        cost += 4 * ((part in parts) != (part in usual)) if part in wanted else part in parts
    return cost


def _mark(layout: Layout, neighbours: Sequence[Entry], anchor: Entry) -> str:
    """The bullet's mark, with the next number in a numbered list and an open box in a list of boxes."""
    found = MARK.match(layout.lines[anchor.line - 1])
    if not found:
        return "- "
    mark = _TICKED.sub("[ ]", found[0])
    number = _NUMBER.search(mark)
    if not number:
        return mark
    numbers = {seen[0] for entry in neighbours if (seen := _NUMBER.search(layout.lines[entry.line - 1][:40]))}
    is_behind = anchor is neighbours[-1] or any(entry.line > anchor.line for entry in neighbours)
    next_one = int(number[0]) + (is_behind and not (len(numbers) == 1 and len(neighbours) > 1))
    return mark[: number.start()] + str(next_one) + mark[number.end() :]
