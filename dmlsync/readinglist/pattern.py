"""The pattern of an entry: its text with gaps where title, authors, venue, year and addresses stand.

Filled with the words of another paper, a pattern gives an entry that looks just like the one it was made of.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from dmlsync.model import Entry, Link
from dmlsync.readinglist.authors import less_final_stop
from dmlsync.readinglist.new_entry import Part
from dmlsync.readinglist.vocabulary import (
    CODE_LABELS,
    LABEL_FILLERS,
    NOTE_LABELS,
    OTHER_LABELS,
    PAPER_LABELS,
    PDF_LABELS,
)

MARK = re.compile(r"^[ \t]*(?:>[ \t]*)*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
"""What stands before a bullet's text."""

_ALL_PARTS: frozenset[Part] = frozenset({"title", "authors", "venue", "year", "pdf", "paper", "code", "other"})
_YEAR_BEHIND = re.compile(r"[ -]?['’´‘]?((?:19|20)\d\d|\d\d)(?!\d)")
_SIGN = re.compile(r"\*{1,3}|_{1,3}|`|\"|[()\[\]{}<>“”]")
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">", "“": "”"}
_CLOSERS = re.compile(r"[*_)\]}>”`\"]+")
_BETWEEN = re.compile(r"[\s,;:.'’|/-]*")
_WORD = re.compile(r"[^\W_]+")
_MEANS_NOTHING = PDF_LABELS | CODE_LABELS | OTHER_LABELS | PAPER_LABELS | LABEL_FILLERS | NOTE_LABELS | {"br"}
_PDF_LABEL = re.compile(r"\bpdf(?=\W*\]\(<?$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Literal text around parts: one more literal than there are parts."""

    literals: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def is_plain(self) -> bool:
        """Whether its literals show no pictograms, which often tell something of the one paper."""
        return not any(unicodedata.category(sign) == "So" for literal in self.literals for sign in literal)

    def with_mark(self, mark: str) -> Pattern:
        """The same pattern behind another bullet mark."""
        return replace(self, literals=(MARK.sub(lambda _: mark, self.literals[0]), *self.literals[1:]))

    def filled(self, values: Mapping[Part, str], *, has_pdf: bool = True) -> str:
        """The text with these values; a part without one is left out with the brackets and signs around it.

        Without `has_pdf`, a link is not called PDF.
        """
        text, behind = "", self.literals[0]
        for part, literal in zip(self.parts, self.literals[1:], strict=True):
            value = values.get(part, "")
            if not value:
                behind = _less_part(behind, literal)
                continue
            text += behind if has_pdf or part != "pdf" else _PDF_LABEL.sub(_paper_label, behind)
            text += value
            behind = literal
        return (text + behind).rstrip(" ")


def pattern_of(text: str, entry: Entry, parts: Collection[Part] = _ALL_PARTS) -> Pattern | None:
    """The pattern of an entry's text; None where something else stands in it, or a part cannot be found.

    Of a table's cell, only some `parts` are looked for, and they may be missing.
    """
    found = _Finder(text, entry, parts, is_cell=parts is not _ALL_PARTS).spans()
    if not found:
        return None
    spans = sorted(found)
    if any(one[1] > other[0] for one, other in pairwise(spans)):
        return None
    ends = [0, *(end for _, end, _ in spans)]
    starts = [*(start for start, _, _ in spans), len(text)]
    literals = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    if not _says_nothing([MARK.sub("", literals[0]), *literals[1:]]):
        return None
    return Pattern(tuple(literals), tuple(part for _, _, part in spans))


def _says_nothing(literals: Sequence[str]) -> bool:
    """Whether literals hold no word but labels: `Oral` or a remark belongs to the one paper."""
    return all(word.lower() in _MEANS_NOTHING for literal in literals for word in _WORD.findall(literal))


class _Finder:
    """Looks for the parts of an entry in its text, the longest first; what is found is not found again."""

    def __init__(self, text: str, entry: Entry, parts: Collection[Part], *, is_cell: bool) -> None:
        self._left = text
        self._entry = entry
        self._parts = parts
        self._is_cell = is_cell
        self._spans: list[tuple[int, int, Part]] = []

    def spans(self) -> list[tuple[int, int, Part]]:
        """Start, end and part of each; empty where one is missing."""
        entry = self._entry
        wanted: list[tuple[Part, str]] = [(_part_of(link), link.url) for link in entry.links]
        wanted += [("title", entry.title), ("authors", less_final_stop(entry.authors)), ("venue", entry.venue)]
        for part, value in wanted:
            if part in self._parts and value and not self._take(part, value) and not self._is_cell:
                return []
        if entry.year and "year" in self._parts and not self._take("year", str(entry.year)):
            self._take_year_behind_venue(str(entry.year))
        return self._spans

    def _take_year_behind_venue(self, year: str) -> None:
        """Find `CVPR19`, `CVPR'19` and `CVPR2019`."""
        end = next((end for _, end, part in self._spans if part == "venue"), None)
        found = _YEAR_BEHIND.match(self._left, end) if end is not None else None
        if found and found[1] in (year, year[-2:]):
            self._mark("year" if found[1] == year else "short year", *found.span(1))

    def _take(self, part: Part, value: str) -> bool:
        """Find one value, bounded by no letter or digit."""
        before = r"(?<![^\W_])" if value[0].isalnum() else ""
        own_word = r"(?![^\W\d_])" if part == "venue" else r"(?![^\W_])"
        behind = own_word if value[-1].isalnum() else ""
        found = re.search(before + re.escape(value) + behind, self._left)
        if not found:
            return False
        self._mark(part, *found.span())
        return True

    def _mark(self, part: Part, start: int, end: int) -> None:
        self._spans.append((start, end, part))
        self._left = self._left[:start] + "\0" * (end - start) + self._left[end:]


def _part_of(link: Link) -> Part:
    """What a link is for: one that is called `paper` is no PDF to the list, though its address is."""
    return "paper" if link.kind == "pdf" and link.label.lower() in PAPER_LABELS else link.kind


def _less_part(before: str, behind: str) -> str:
    """The literal that is left of two when the part between them is left out."""
    mark = MARK.match(before)
    closed = _CLOSERS.match(before)
    keep = mark.end() if mark else closed.end() if closed else 0
    opening = before[keep:]
    closing = _closing_of(_open_signs(opening))
    if behind.startswith(closing):
        rest = behind[len(closing) :]
        return before[:keep] + (rest.lstrip() if mark else rest)
    return before + behind[_BETWEEN.match(behind).end() :]  # type: ignore[union-attr]  # it matches nothing, too


def _open_signs(text: str) -> list[str]:
    """The brackets and marks of emphasis that are open at the end of a text."""
    waiting: list[str] = []
    for sign in _SIGN.findall(text):
        if waiting and _CLOSING.get(waiting[-1], waiting[-1]) == sign:
            waiting.pop()
        elif sign in _CLOSING or sign not in _CLOSING.values():
            waiting.append(sign)
    return waiting


def _closing_of(waiting: Sequence[str]) -> str:
    return "".join(_CLOSING.get(sign, sign) for sign in reversed(waiting))


def _paper_label(label: re.Match[str]) -> str:
    """`paper` in the letters of `PDF`."""
    text = label[0]
    return "Paper" if text[0].isupper() else "paper"
