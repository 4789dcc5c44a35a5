"""Where in a list something is printed: positions in the text of an entry's line. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from dmlsync.check.rule import Checked, Named
from dmlsync.readinglist.reading_list import TableLine
from dmlsync.text.edits import Lines

# What a reader does not see: the target of a link, a bare address, a tag, code.
_UNSEEN = re.compile(r"\]\([^()\s]*+(?:\([^()\s]*+\)[^()\s]*+)*+\)|https?://[^\s<>|)\]]+|<[^<>\n]{1,500}>|`[^`\n]*`")
_PIPE = re.compile(r"(?<!\\)\|")
_MARK = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t])?")


class Span(NamedTuple):
    """A stretch of a list's text, by positions in it."""

    start: int
    end: int


def seen(line: str) -> str:
    """A line of the same length in which everything that a reader does not see is blank; the brackets of links stay."""
    return _UNSEEN.sub(_blanked, line)


def _blanked(match: re.Match[str]) -> str:
    return match[0][0] + " " * (len(match[0]) - 1) if match[0].startswith("]") else " " * len(match[0])


def body_start(line: str) -> int:
    """Where the text of a bullet begins, behind its mark."""
    mark = _MARK.match(line)
    return mark.end() if mark else 0


def find_once(checked: Checked, named: Named, text: str) -> Span | None:
    """Where an entry prints a text, as whole words; None where it does not, or more than once."""
    lines = checked.lines[named.list.path]
    wanted = re.compile(rf"(?<!\w){re.escape(text)}(?!\w)")
    found = [
        Span(lines.start(number) + match.start(), lines.start(number) + match.end())
        for number in range(named.entry.line, named.entry.last_line + 1)
        for match in wanted.finditer(seen(lines[number]))
    ]
    return found[0] if len(found) == 1 else None


def column_of(checked: Checked, named: Named, span: Span | None) -> int:
    """The column of a stretch on its entry's first line, 0 where it stands elsewhere."""
    if span is None:
        return 0
    line, column = checked.lines[named.list.path].place(span.start)
    return column if line == named.entry.line else 0


def cells(lines: Lines, row: TableLine) -> tuple[Span, ...]:
    """The cells of a row without the blanks around them, as positions in the list's text."""
    line, offset = lines[row.line], lines.start(row.line)
    bounds = list(_bounds(line, row.indent))
    if len(bounds) > 1 and not line[slice(*bounds[0])].strip():
        del bounds[0]
    if len(bounds) > 1 and not line[slice(*bounds[-1])].strip():
        del bounds[-1]
    return tuple(Span(offset + start, offset + end) for start, end in (_trimmed(line, *one) for one in bounds))


def _bounds(line: str, indent: int) -> Iterator[tuple[int, int]]:
    start = indent
    for pipe in _PIPE.finditer(line, indent):
        yield start, pipe.start()
        start = pipe.end()
    yield start, len(line)


def _trimmed(line: str, start: int, end: int) -> tuple[int, int]:
    text = line[start:end]
    return start + len(text) - len(text.lstrip()), max(start, end - len(text) + len(text.rstrip()))
