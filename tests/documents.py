"""The documents as tests read them: which there are, their headings, links and code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")))

_LINK = re.compile(r"\]\(([^()\s]+)\)|\bsrc=\"([^\"]+)\"")
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Fence:
    """A fenced block: its language, its lines, and the anchor of the heading above."""

    language: str
    lines: tuple[str, ...]
    heading: str


@dataclass(frozen=True)
class Document:
    """A Markdown file: its fenced blocks, the anchors of its headings, and its text with the fences taken out."""

    name: str
    fences: tuple[Fence, ...]
    anchors: frozenset[str]
    prose: str

    def links(self) -> Iterator[str]:
        """What it links or shows, as written."""
        yield from (link or source for link, source in _LINK.findall(self.prose))

    def inline_code(self) -> Iterator[str]:
        """What stands between backticks in running text and tables."""
        yield from (code.replace("\\|", "|") for code in _CODE.findall(self.prose))


def read_document(name: str) -> Document:
    """A document by its path in the repository."""
    fences, prose, anchors = list[Fence](), list[str](), Counter[str]()
    heading, language, lines = "", None, list[str]()
    names = set[str]()
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line.strip().startswith("```"):
            if language is not None:
                fences.append(Fence(language, tuple(lines), heading))
            language, lines = (line.strip()[3:], []) if language is None else (None, [])
        elif language is not None:
            lines.append(line)
        else:
            prose.append(line)
            if re.match(r"#{1,6} ", line):
                heading = _anchor(line.lstrip("#"))
                names.add(heading + (f"-{anchors[heading]}" if anchors[heading] else ""))
                anchors[heading] += 1
    return Document(name, tuple(fences), frozenset(names), "\n".join(prose))


def _anchor(heading: str) -> str:
    """The name by which GitHub links a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
