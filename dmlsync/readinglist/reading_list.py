"""What reading a list gives: its entries, and what looks like an entry but cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dmlsync.model import Entry


@dataclass(frozen=True, slots=True)
class Problem:
    """A place in a list that looks like an entry, or like a link, but cannot be read as one.

    `line` counts from 1, `message` is a sentence without a full stop, `text` the start of that line as printed.
    """

    line: int
    message: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadingList:
    """A curated Markdown file of papers.

    `name` is the file's stem. `title` is the only first-level heading, else the front matter's `title`, else the name.
    `text` is the file's own text, byte order mark and line endings included. Entries and problems stand in the order
    of the file; their lines are those of `text`, where CRLF, LF and a lone CR each end a line.
    """

    path: Path
    name: str
    title: str
    text: str
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
