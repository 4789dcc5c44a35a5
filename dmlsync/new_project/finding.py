"""What is in a folder already: reading lists, a .bib file and its dialect."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dmlsync.bib.entry_types import Dialect
from dmlsync.errors import ListError
from dmlsync.readinglist import read_list

_MARKDOWN = (".md", ".markdown", ".mdown")
_DEPTH = 3
_MOST_FILES = 400
_MOST_BYTES = 5_000_000
_FEWEST_ENTRIES = 3
_MOST_LINES_A_PAPER = 12
_ABOUT_THE_PROJECT = re.compile(
    r"(?:changelog|changes|contributing|code_of_conduct|license|licence|security|support|history|todo|install\w*)"
    r"(?:[._-]\w+)?",
    re.IGNORECASE,
)
_NOT_LOOKED_INTO = frozenset({"node_modules", "venv", "env", "build", "dist", "site-packages", "__pycache__"})
_BIBLATEX = re.compile(rb"^[ \t]*(?:journaltitle|date|eprinttype|location)[ \t]*=", re.MULTILINE | re.IGNORECASE)
_BIBTEX = re.compile(rb"^[ \t]*(?:journal|year|archiveprefix|address)[ \t]*=", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundList:
    """A Markdown file that reads as a list: its title and how many entries it has.

    `papers` of them print authors or link to a paper; `problems` of the `lines` with text cannot be read.
    """

    path: Path
    title: str
    entries: int
    papers: int
    problems: int
    lines: int

    @property
    def is_list(self) -> bool:
        """Whether the papers are what the file is about; documents show one or two as examples."""
        return self.papers >= _FEWEST_ENTRIES and self.papers * _MOST_LINES_A_PAPER >= self.lines

    @property
    def is_begun(self) -> bool:
        """Whether it is hardly anything but a paper or two: a list that somebody has just begun."""
        return self.papers > 0 and self.papers * _MOST_LINES_A_PAPER // 2 >= self.lines


def find_lists(folder: Path) -> tuple[FoundList, ...]:
    """The lists in a folder and the folders in it, those with most entries first.

    Prose with a link here and there has hardly an entry: a list has several. Only where there is none, one that was
    just begun counts as well.
    """
    paths = sorted(_markdown_files(folder), key=lambda path: (len(path.parts), path))
    looked_at = [one for path in paths if (one := look_at(path))]
    lists = [one for one in looked_at if one.is_list] or [one for one in looked_at if one.is_begun]
    found: dict[str, FoundList] = {}
    for one in lists:
        found.setdefault(one.path.stem, one)  # entries are known by their list's name: the copy further down is none
    return tuple(sorted(found.values(), key=lambda one: (-one.entries, one.path)))


def look_at(path: Path) -> FoundList | None:
    """A file as a list, None where it has no entry or cannot be read."""
    try:
        read = read_list(path)
    except ListError:
        return None
    papers = sum(any(link.kind in ("pdf", "paper") for link in one.links) or bool(one.authors) for one in read.entries)
    lines = sum(bool(line.strip()) for line in read.text.splitlines())
    return FoundList(path, read.title, len(read.entries), papers, len(read.problems), lines)


def _markdown_files(folder: Path) -> Iterator[Path]:
    """Markdown files that may be lists, a bounded number of them."""
    left = _MOST_FILES
    for where, folders, names in os.walk(folder):
        here = Path(where)
        deep = len(here.relative_to(folder).parts) >= _DEPTH
        folders[:] = [] if deep else sorted(one for one in folders if not _is_skipped(one))
        for name in sorted(names):
            path = here / name
            if path.suffix.lower() not in _MARKDOWN or _ABOUT_THE_PROJECT.fullmatch(path.stem):
                continue
            if left <= 0:
                return
            left -= 1
            if path.is_file() and path.stat().st_size <= _MOST_BYTES:
                yield path


def _is_skipped(folder: str) -> bool:
    return folder.startswith(".") or folder.lower() in _NOT_LOOKED_INTO


def find_bib(folder: Path) -> Path:
    """The only .bib file of a folder, else `library.bib`."""
    found = sorted(folder.glob("*.bib"))
    return found[0] if len(found) == 1 else folder / "library.bib"


def dialect_of(bib: Path) -> Dialect | None:
    """The dialect that a .bib file is written in, None where there is none or it does not tell."""
    try:
        data = bib.read_bytes()
    except OSError:
        return None
    new, classic = len(_BIBLATEX.findall(data)), len(_BIBTEX.findall(data))
    return None if new == classic else "biblatex" if new > classic else "bibtex"


def collection_for(title: str) -> str:
    """A name for the collection, from the title of a list: `awesome-metric-learning` gives `Metric Learning`."""
    if " " not in title.strip():
        title = " ".join(word[:1].upper() + word[1:] for word in re.split(r"[-_\s]+", title) if word)
    name = re.sub(r"^awesome\s+", "", title.strip(), flags=re.IGNORECASE)
    name = " ".join("".join(sign if sign.isprintable() and sign != "/" else " " for sign in name).split())
    return name[:100].strip() or "Reading list"
