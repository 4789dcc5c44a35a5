"""What has been read so far, and under which headings: the one mutable thing while a list is parsed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dmlsync.model import Entry
from dmlsync.readinglist.characters import squeeze
from dmlsync.readinglist.inline import Anchor, InlineReader
from dmlsync.readinglist.links import forbidden
from dmlsync.readinglist.reading_list import Problem, TableLine
from dmlsync.readinglist.venues import read_heading_year

_MARKDOWN_LINK = re.compile(r"\]\(\s*<?https?://|<a\s[^<>]{0,200}href|https?://", re.IGNORECASE)


@dataclass(slots=True)
class Gathering:
    """Entries, problems and tables of one list; `lines` are the text's lines, `reader` reads inline Markdown."""

    list_name: str
    lines: Sequence[str]
    reader: InlineReader
    entries: list[Entry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    table_lines: list[TableLine] = field(default_factory=list)
    _headings: list[tuple[int, str]] = field(default_factory=list)

    def enter(self, level: int, heading: str) -> None:
        """Goes below a heading; it ends those of its level and deeper ones."""
        self.leave(level)
        if heading:
            self._headings.append((level, heading))

    def leave(self, level: int) -> None:
        """Ends the headings of this level and deeper ones."""
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()

    @property
    def depth(self) -> int:
        """The level of the innermost heading, 0 without one."""
        return self._headings[-1][0] if self._headings else 0

    @property
    def section(self) -> tuple[str, ...]:
        """The headings, outermost first."""
        return tuple(heading for _, heading in self._headings)

    @property
    def year(self) -> int | None:
        """The year that the innermost heading with a year names."""
        return next((year for _, text in reversed(self._headings) if (year := read_heading_year(text))), None)

    def report(self, line: int, message: str) -> None:
        """Keeps a problem at `line`."""
        self.problems.append(Problem(line, message, squeeze(self.lines[line - 1][:400])[:200]))

    def report_forbidden(self, line: int, anchors: Sequence[Anchor]) -> None:
        """Keeps a problem for every link that runs a script or reads local files."""
        for anchor in forbidden(anchors):
            self.report(line, f"a {anchor.url.strip().partition(':')[0].lower()}: link is not followed and not kept")


def has_web_link(markdown: str) -> bool:
    """Whether a line of Markdown holds a web address."""
    return _MARKDOWN_LINK.search(markdown) is not None
