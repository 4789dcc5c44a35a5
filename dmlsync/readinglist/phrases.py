"""Cutting plain running text into sentences, and a citation's tail into authors and venue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dmlsync.readinglist.authors import are_family_names, less_final_stop, looks_like_names
from dmlsync.readinglist.characters import trim
from dmlsync.readinglist.venues import NO_VENUE, Venue, cut_trailing_venue, read_venue
from dmlsync.readinglist.vocabulary import ABBREVIATIONS

LEADING_YEAR = re.compile(
    r"^\W{0,8}((?:19|20)\d{2})(?:(?:[/.\-]\d{1,2}){0,2}\W{0,2}\s*[-–—:：|.,)\]]|(?:[/.\-](?:0[1-9]|1[0-2])){1,2})\s+"
)

_SEPARATOR = re.compile(r"[,;|·•،]\s+|[，；]\s*|、(?=[12]\d{3})|\s[-–—|/]\s+|\sby\s")
_QUOTED = re.compile(r"""^(?:"([^"]+)"|“([^”]+)”|``([^`']+)''|「([^」]+)」|《([^》]+)》)""")
_NAMES_AND_YEAR = re.compile(r"([^\d()\[\]]{3,80}?),?\s+((?:19|20)\d{2})[a-z]?")
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
    if not found or (has_words(behind) and re.match(r"\s*[,.(\[\-–—，。（]", behind) is None):
        return "", ""
    return trim(next(group for group in found.groups() if group).rstrip(",.")), behind


def lead_venue(text: str) -> tuple[Venue, str]:
    """The venue before the first comma of `ICLR'17, Kipf & Welling`, and what follows it."""
    cut = _SEPARATOR.search(text[:_LONGEST_PIECE])
    venue = read_venue(trim(text[: cut.start()])) if cut else NO_VENUE
    return (venue, text[cut.end() :]) if cut and venue.is_sure and venue.name else (NO_VENUE, text)


def is_attribution(text: str) -> bool:
    """`Vaswani et al., 2017`, `van den Oord, Li and Vinyals 2018`: nothing but authors, with or without a year.

    Family names alone are believed beside a year and with a word for *and* between them.
    """
    tail = split_tail(text, whole=True)
    return not tail.head and bool(tail.authors)


def sentences(text: str) -> Iterator[str]:
    """Cuts at full stops, not behind initials or abbreviations; `?` and `!` end no sentence, titles have them."""
    start = 0
    for word in re.finditer(r"\S+", text):
        token = word[0]
        if not token.endswith(".") or token.endswith("..") or token.lower().lstrip("([") in ABBREVIATIONS:
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
    if whole and venue.year is None and (dated := _NAMES_AND_YEAR.fullmatch(text)) and are_family_names(dated[1]):
        return Tail("", dated[1], Venue(year=int(dated[2])))
    if whole and venue.name and are_family_names(text):
        return Tail("", text, venue)
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
