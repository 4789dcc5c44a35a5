"""Small changes of a text by position: what they make of it, and where they are. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class Edit(NamedTuple):
    """The stretch of a text from `start` to `end` becomes `text`; both count characters from 0."""

    start: int
    end: int
    text: str


def apart(groups: Iterable[tuple[Edit, ...]]) -> list[tuple[Edit, ...]]:
    """The groups of edits that touch no earlier group: a group is carried out whole or not at all."""
    taken: list[tuple[int, int]] = []
    kept = []
    for group in groups:
        spans = sorted((edit.start, edit.end) for edit in group)
        if any(_touches(taken, span) for span in spans):
            continue
        for span in spans:
            insort(taken, span)
        kept.append(group)
    return kept


def _touches(taken: list[tuple[int, int]], span: tuple[int, int]) -> bool:
    """Whether a stretch meets one of others that lie apart, in order."""
    at = bisect_right(taken, span)
    return (at > 0 and taken[at - 1][1] >= span[0]) or (at < len(taken) and taken[at][0] <= span[1])


def applied(text: str, edits: Iterable[Edit]) -> str:
    """The text after edits, of which no two overlap; everything outside of them stays as it is."""
    pieces, done = [], 0
    for edit in sorted(edits):
        if edit.start < done:
            raise ValueError("edits overlap")
        pieces += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*pieces, text[done:]])


@dataclass(frozen=True)
class Lines:
    """A text by lines, counted from 1; CRLF, LF and a lone CR each end one, and a byte order mark belongs to none."""

    whole: str

    @cached_property
    def _places(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each line, less its ending."""
        mark = 1 if self.whole.startswith("\ufeff") else 0
        found = [(match.start(), match.start() + len(match[0].rstrip("\r\n"))) for match in _LINE.finditer(self.whole)]
        return ((mark, found[0][1]), *found[1:]) if found else ()

    def __len__(self) -> int:
        return len(self._places)

    def start(self, line: int) -> int:
        """Where a line begins in the text."""
        return self._places[line - 1][0]

    def end(self, line: int) -> int:
        """Where a line ends in the text, before its line end."""
        return self._places[line - 1][1]

    def __getitem__(self, line: int) -> str:
        start, end = self._places[line - 1]
        return self.whole[start:end]

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self._places]

    def place(self, position: int) -> tuple[int, int]:
        """Line and column, both from 1, of a position in the text."""
        line = max(bisect_right(self._starts, position), 1)
        return line, position - self.start(line) + 1


class ChangedLine(NamedTuple):
    """A line that edits changed, as it was and as it is now."""

    line: int
    before: str
    after: str


def changed_lines(before: str, after: str) -> list[ChangedLine]:
    """The lines that differ between two texts of equally many lines."""
    old, new = Lines(before), Lines(after)
    return [ChangedLine(at, old[at], new[at]) for at in range(1, len(old) + 1) if old[at] != new[at]]
