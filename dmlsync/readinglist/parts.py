"""Printed text cut into the parts that a reader sees: links, brackets, bold, italic and plain stretches."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Literal

from dmlsync.readinglist.characters import bracket_pairs
from dmlsync.readinglist.inline import Anchor, Emphasis, Printed, Style
from dmlsync.readinglist.links import is_generic
from dmlsync.readinglist.phrases import has_words


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of printed text.

    A *group* is a bracket with all that is in it (`text` is without the brackets), a *link* one link outside of all
    brackets, *text* anything else. `style` is the emphasis that covers the whole part, `anchors` the links in it.
    """

    kind: Literal["text", "group", "link"]
    start: int
    end: int
    text: str
    style: Style | None = None
    anchors: tuple[Anchor, ...] = ()
    bracket: str = ""

    @property
    def is_emphasised(self) -> bool:
        """Whether all of it is bold, italic or code."""
        return self.style is not None

    @property
    def is_bracket_or_emphasis(self) -> bool:
        """Whether it is set apart from the running text."""
        return self.kind == "group" or self.is_emphasised

    @property
    def label(self) -> str:
        """What the link of this part is called."""
        return self.anchors[0].label if self.anchors else ""

    @property
    def is_generic(self) -> bool:
        """Whether it is a link, or a bracket without one, that says only `PDF`, `code` and the like."""
        if self.kind == "link":
            return not self.anchors[0].end > self.anchors[0].start or is_generic(self.label)
        return (
            self.kind == "group" and not self.anchors and any(c.isalpha() for c in self.text) and is_generic(self.text)
        )

    @property
    def is_link_only(self) -> bool:
        """Whether nothing but links is in this bracket."""
        if self.kind != "group" or not self.anchors:
            return False
        offset = self.start + 1
        rest, at = "", 0
        for anchor in self.anchors:
            rest += self.text[at : max(at, anchor.start - offset)]
            at = max(at, anchor.end - offset)
        rest += self.text[at:]
        return not has_words(rest) or is_generic(rest)


def split_parts(printed: Printed) -> tuple[Part, ...]:
    """Cuts printed text into parts; together they cover it from start to end."""
    cutter = _Cutter(printed)
    return tuple(cutter.parts())


class _Cutter:
    def __init__(self, printed: Printed) -> None:
        self._text = printed.text
        self._anchors = printed.anchors
        self._emphases = _outermost(printed.emphases)
        self._starts = [emphasis.start for emphasis in self._emphases]

    def parts(self) -> Iterator[Part]:
        at = 0
        for part in self._set_apart():
            yield from self._plain(at, part.start)
            yield part
            at = part.end
        yield from self._plain(at, len(self._text))

    def _set_apart(self) -> Iterator[Part]:
        """The outermost brackets and the links outside of them, in order."""
        groups = self._groups()
        waiting = list(self._anchors[::-1])
        for start, end in [*groups, (len(self._text) + 1, len(self._text) + 1)]:
            while waiting and waiting[-1].start < start:
                anchor = waiting.pop()
                label = self._text[anchor.start : anchor.end]
                yield Part("link", anchor.start, anchor.end, label, self._style(anchor.start, anchor.end), (anchor,))
            inside: list[Anchor] = []
            while waiting and waiting[-1].start < end:
                inside.append(waiting.pop())
            if end <= len(self._text):
                inner = self._text[start + 1 : end - 1]
                yield Part(
                    "group", start, end, inner, self._style(start + 1, end - 1), tuple(inside), self._text[start]
                )

    def _groups(self) -> list[tuple[int, int]]:
        """Start and end of the outermost brackets; one that follows a letter, as in `f(x)`, is part of the word."""
        masked = list(self._text)
        for anchor in self._anchors:
            masked[anchor.start : anchor.end] = " " * (anchor.end - anchor.start)
        groups: list[tuple[int, int]] = []
        end = 0
        for start, closing in sorted(bracket_pairs("".join(masked)).items()):
            glued = (
                start > 0 and self._text[start - 1].isalnum() and self._text[start] == "(" and masked[start - 1] != " "
            )
            behind = self._text[closing + 1 : closing + 2]
            if start >= end and not (glued and behind.isalnum()):
                groups.append((start, closing + 1))
                end = closing + 1
        return groups

    def _plain(self, start: int, end: int) -> Iterator[Part]:
        """Plain text, cut where bold, italics or code begin and end."""
        if start >= end:
            return
        cuts = {start, end}
        first = max(0, bisect_right(self._starts, start) - 1)
        for emphasis in takewhile(lambda e: e.start < end, self._emphases[first:]):
            if emphasis.end <= start:
                continue
            cuts.update((max(start, emphasis.start), min(end, emphasis.end)))
        ordered = sorted(cuts)
        for first, last in pairwise(ordered):
            yield Part("text", first, last, self._text[first:last], self._style(first, last))

    def _style(self, start: int, end: int) -> Style | None:
        """The emphasis that covers all of a stretch but its outer blanks."""
        while start < end and not self._text[start].isalnum():
            start += 1
        while end > start and not self._text[end - 1].isalnum():
            end -= 1
        if start >= end:
            return None
        at = bisect_right(self._starts, start) - 1
        return self._emphases[at].style if at >= 0 and end <= self._emphases[at].end else None


def _outermost(emphases: Sequence[Emphasis]) -> list[Emphasis]:
    """The emphases that are in no other one, in order; they do not overlap."""
    kept: list[Emphasis] = []
    for emphasis in sorted(emphases, key=lambda e: (e.start, -e.end)):
        if emphasis.start < emphasis.end and (not kept or emphasis.start >= kept[-1].end):
            kept.append(emphasis)
    return kept
