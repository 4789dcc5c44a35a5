"""Cutting plain running text into sentences, and a citation's tail into authors and venue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dmlsync.readinglist.authors import less_final_stop, looks_like_names
from dmlsync.readinglist.characters import trim
from dmlsync.readinglist.venues import NO_VENUE, Venue, cut_trailing_venue, read_venue
from dmlsync.readinglist.vocabulary import ABBREVIATIONS

LEADING_YEAR = re.compile(r"^\W{0,8}((?:19|20)\d{2})(?:[/.\-]\d{1,2}){0,2}\W{0,2}\s*[-–—:：|.,)\]]\s+")

_SEPARATOR = re.compile(r"[,;|·•]\s+|\s[-–—|/]\s+|\sby\s")
_QUOTED = re.compile(r"""^(?:"([^"]+)"|“([^”]+)”|``([^`']+)''|「([^」]+)」|《([^》]+)》)""")
_MOST_PIECES = 60
_LONGEST_PIECE = 300


@dataclass(frozen=True, slots=True)
class Tail:
    """A text without the authors and the venue at its end."""

    head: str
    authors: str = ""
    venue: Venue = NO_VENUE


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit."""
    return any(char.isalnum() for char in text)


def word_count(text: str) -> int:
    """The number of words with a letter or a digit; of scripts without blanks, every two characters count as one."""
    words = [word for word in text.split() if has_words(word)]
    return sum(
        1 if word.isascii() else max(1, sum("\u2e80" <= char <= "\uffef" for char in word) // 2) for word in words
    )


def in_quotes(text: str) -> tuple[str, str]:
    """The title in quotation marks that `text` starts with, and what is behind it; blank if the title goes on there."""
    found = _QUOTED.match(text)
    behind = text[found.end() :] if found else ""
    if not found or (has_words(behind) and re.match(r"\s*[,.(\[\-–—]", behind) is None):
        return "", ""
    return trim(next(group for group in found.groups() if group).rstrip(",.")), behind


def sentences(text: str) -> Iterator[str]:
    """Cuts at full stops, not behind initials or abbreviations; `?` and `!` end no sentence, titles have them."""
    start = 0
    for word in re.finditer(r"\S+", text):
        token = word[0]
        if not token.endswith(".") or token.endswith("..") or token.lower() in ABBREVIATIONS:
            continue
        if len(token) == 2 or re.search(r"(?:^|[.\-])[^\W\d_]\.$", token):
            continue
        yield text[start : word.end()]
        start = word.end()
    if text[start:].strip():
        yield text[start:]


def split_tail(text: str, *, whole: bool, single: bool = False) -> Tail:
    """Splits `Title, Kim, S., Cho, M., CVPR 2020` or `Title - Sungyeon Kim, Minsu Cho` before the authors.

    With `whole`, nothing of the text need be a title, so that all of it may be authors and venue; with `single`, one
    name without initials is enough.
    """
    text, venue = _cut_venue(trim(text), whole=whole)
    cuts = [(match.start(), match.end()) for match in _SEPARATOR.finditer(text)]
    starts = ([(0, 0)] if whole else []) + (cuts if len(cuts) <= _MOST_PIECES else [])
    question = text.rfind("? ") + 1
    if question:
        starts.insert(0, (question, question))
    for end, start in starts:
        names = trim(text[start:])
        if looks_like_names(names, single=single):
            return Tail(trim(text[:end]), less_final_stop(names), venue)
    return Tail(text, "", venue)


def _cut_venue(text: str, *, whole: bool) -> tuple[str, Venue]:
    """Cuts the venue and the year off the end, as pieces of their own or as the last words."""
    name, year = "", None
    while True:
        cut = next(reversed(list(_SEPARATOR.finditer(text, max(0, len(text) - _LONGEST_PIECE)))), None)
        last = trim(text[cut.end() :] if cut else text)
        found = read_venue(last)
        if not found.is_sure or (cut is None and not whole):
            break
        name, year = name or found.name, year or found.year
        text = text[: cut.start()] if cut else ""
    head, found = cut_trailing_venue(text)
    return head, Venue(name or found.name, year or found.year)
