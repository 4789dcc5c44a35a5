"""Running text in which nothing marks the title: years, authors and venue stand around it, parted by punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dmlsync.readinglist.authors import are_family_names, looks_like_names
from dmlsync.readinglist.characters import trim
from dmlsync.readinglist.phrases import (
    LEADING_YEAR,
    Tail,
    has_words,
    in_quotes,
    lead_venue,
    sentences,
    split_tail,
    word_count,
)
from dmlsync.readinglist.venues import NO_VENUE, cut_trailing_venue, is_venue_label, read_venue

_YEAR_AT_END = re.compile(r"[\s,]*\(?(?:19|20)\d{2}[a-z]?\)?[\s,.]*$")
# What is left of `doi: [10.1/2](..)` and `Paper: https://..` without the link.
_LINK_LABEL = re.compile(r"[\s,.;|(\[](?:doi|(?:pdf|paper|link|url|code)\s?[:：])\s?[:：]?\s*$", re.IGNORECASE)
_LEADING_VENUE = re.compile(r"\s*([^\s|–—][^|–—]{2,30}?)\s(?:[-–—|])\s+(?=\S)")
# A method's name before its paper's title in quotation marks.
_NICKNAME = re.compile(r"^[^\s\"“”:：]{1,30}(?:\s[^\s\"“”:：]{1,30}){0,2}[:：]\s*(?=[\"“])")
_INITIAL_BEFORE_NAME = re.compile(r"\b[A-Z]\.\s+(?=[A-Z][a-z])")
_SAYS_BY = re.compile(r"(?:by\s|authors?\s?[:：])", re.IGNORECASE)
_BRACKET_AT_END = re.compile(r"[(（][^()（）]{1,60}[)）][\s.,]*$")
_LEADING_PUNCTUATION = re.compile(r"^[.,:;]\s+")


@dataclass(slots=True)
class Citation:
    """What a piece of text says of a paper; blank or None where it says nothing.

    `title_url` is where the title leads if it is itself a link.
    """

    title: str = ""
    authors: str = ""
    venue: str = ""
    year: int | None = None
    title_url: str = ""

    def take_venue(self, text: str) -> None:
        """Keeps the venue and the year in `text` unless they are known already."""
        venue = read_venue(text)
        self.venue = self.venue or venue.name
        self.year = self.year or venue.year

    def take_rest(self, text: str, *, emphasised: bool = False, single: bool = False) -> None:
        """Looks for authors and venue in what follows a title.

        One full name alone is believed with `single`, where the place says so, or beside a venue: `Must Read` looks
        like a name, too.
        """
        whole = trim(text)
        if emphasised and "." in whole and is_venue_label(whole, emphasised=True):
            self.take_venue(whole)  # the full stops of `J. Mach. Learn. Res.` end no sentence
            return
        segments = [segment for sentence in sentences(_less_remark(text)) if (segment := trim(sentence))]
        single = (
            single
            or _SAYS_BY.match(whole) is not None
            or any(split_tail(segment, whole=True).venue != NO_VENUE for segment in segments)
        )
        for segment in segments:
            if is_venue_label(segment, emphasised=emphasised):
                self.take_venue(segment)
                continue
            tail = split_tail(segment, whole=True, single=single)
            if not tail.authors:
                venue, behind = lead_venue(segment)
                if venue.name and are_family_names(trim(behind)):
                    tail = Tail("", trim(behind), venue)
            if not tail.authors:
                tail = _cut_behind_initial(segment) or tail
            if tail.authors and read_venue(tail.head).is_sure:
                self.take_venue(tail.head)
            self.authors = self.authors or tail.authors
            self.venue = self.venue or tail.venue.name
            self.year = self.year or tail.venue.year


def read_running_text(text: str, found: Citation, *, is_cell: bool) -> None:
    """Reads a title that nothing marks into `found`; with `is_cell`, commas and full stops belong to the title."""
    text = _LINK_LABEL.sub("", _LEADING_PUNCTUATION.sub("", text))
    year = None if is_cell else LEADING_YEAR.match(text)
    if year and has_words(text[year.end() :]):
        found.year = found.year or int(year[1])
        text = text[year.end() :]
    venue = None if is_cell else _LEADING_VENUE.match(text)
    if venue and (named := read_venue(venue[1])).is_sure and named.name and named.year:
        found.take_venue(venue[1])
        text = text[venue.end() :]
    head, *rest = _broken_lines(text, is_cell=is_cell)
    quoted, behind = in_quotes(_NICKNAME.sub("", trim(head)))
    if quoted:
        found.title = quoted
        found.take_rest(behind)
    elif is_cell:
        found.title = trim(head)
    else:
        _take_sentences(head, found)
    for line in rest:
        found.take_rest(line)


def _broken_lines(text: str, *, is_cell: bool) -> Iterator[str]:
    """The title's own line, and the lines below it that a break or their content sets apart."""
    blocks = [block for block in text.split("\n\n") if has_words(block)]
    below = blocks[1:]
    title, *lines = (blocks[0] if blocks else "").split("\n")
    while lines and not (looks_like_names(trim(lines[0])) or read_venue(trim(lines[0])).is_sure):
        title += " " + lines.pop(0)
    if is_cell and not lines and not any(_says_something(line) for line in below):
        yield " ".join([title, *below])
        return
    yield title
    yield from lines
    yield from below


def _take_sentences(text: str, found: Citation) -> None:
    """`Title. Authors. Venue, Year`, `Authors. Title. Venue`, `Authors, "Title," Venue`, `Title, Authors`."""
    quote = re.search(r"[\"“]([^\"“”]{8,400}?)[,.]?[\"”]", text)
    if quote and looks_like_names(trim(text[: quote.start()]), single=True):
        found.authors, found.title = trim(text[: quote.start()]), trim(quote[1])
        found.take_rest(text[quote.end() :])
        return
    first, *rest = list(sentences(text)) or [""]
    if rest and looks_like_names(_less_year(first)):
        found.authors = trim(_less_year(first))
        found.year = found.year or read_venue(first[len(_less_year(first)) :]).year
        first, rest = rest[0], rest[1:]
        while rest and LEADING_YEAR.fullmatch(f"{trim(first)} - "):
            found.take_venue(first)
            first, rest = rest[0], rest[1:]
    elif rest and not any(_says_something(sentence) for sentence in rest):
        # A description, or a title with a full stop in it.
        if word_count(first) < 3:
            first = text
        rest = []
    tail = split_tail(trim(first), whole=False)
    found.title = in_quotes(tail.head)[0] or trim(tail.head)
    found.authors = found.authors or tail.authors
    found.venue = found.venue or tail.venue.name
    found.year = found.year or tail.venue.year
    found.take_rest(" ".join(rest))


def _cut_behind_initial(text: str) -> Tail | None:
    """`Kulis, B. Foundations and Trends in Machine Learning, 2013`: the full stop of an initial ends the authors."""
    for stop in list(_INITIAL_BEFORE_NAME.finditer(text[:300]))[-10:]:
        authors, venue = text[: stop.end()].strip(), read_venue(text[stop.end() :])
        if venue.is_sure and venue.name and looks_like_names(authors, single=True):
            return Tail("", authors, venue)
    return None


def _less_remark(text: str) -> str:
    """`, ICCV, 2021 (Facebook)` less the bracket, which is neither venue nor authors."""
    bracket = _BRACKET_AT_END.search(text, max(0, len(text) - 80))
    if not bracket or bracket.start() == 0 or split_tail(trim(bracket[0]), whole=True) != Tail(trim(bracket[0])):
        return text
    return text[: bracket.start()]


def _less_year(sentence: str) -> str:
    """`Kim, S. et al. (2020)` less its year."""
    head, end = sentence[:-40], sentence[-40:]
    return head + _YEAR_AT_END.sub("", end)


def _says_something(sentence: str) -> bool:
    """Whether a sentence behind a possible title holds authors or a venue."""
    text = trim(sentence)
    if not text:
        return False
    tail = split_tail(text, whole=True)
    return bool(
        read_venue(text).is_sure
        or tail.authors
        or tail.venue.name
        or tail.venue.year
        or cut_trailing_venue(text)[1].name
    )
