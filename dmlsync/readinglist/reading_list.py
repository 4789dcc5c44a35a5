"""What reading a list gives: its entries, and what looks like an entry but cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dmlsync.model import Entry
from dmlsync.readinglist.columns import Columns

LineKind = Literal["header", "delimiter", "row"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A place in a list that looks like an entry, or like a link, but cannot be read as one.

    `line` counts from 1, `message` is a sentence without a full stop, `text` the start of that line as printed.
    """

    line: int
    message: str
    text: str


@dataclass(frozen=True, slots=True)
class TableLine:
    """A line of a table: its header, the row of dashes below it, or one of its rows.

    `table` is the line of the header, by which the lines of one table are known; `indent` the number of characters
    (quotation marks, blanks) before the row begins, `columns` what its cells hold.
    """

    line: int
    kind: LineKind
    table: int
    indent: int
    columns: Columns


@dataclass(frozen=True, slots=True)
class ReadingList:
    """A curated Markdown file of papers.

    `name` is the file's stem. `title` is the only first-level heading, else the front matter's `title`, else the name.
    `text` is the file's own text, byte order mark and line endings included. Entries and problems stand in the order
    of the file; their lines are those of `text`, where CRLF, LF and a lone CR each end a line. `table_lines` are the
    lines of all tables of papers.
    """

    path: Path
    name: str
    title: str
    text: str
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    table_lines: tuple[TableLine, ...] = ()
