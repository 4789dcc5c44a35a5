"""Venues and years as lists print them: `CVPR Oral`, `ECCV 2020`, `NeurIPS'20`, `2022/03`, `In ICML, 2021`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from dmlsync.readinglist.characters import squeeze, trim
from dmlsync.readinglist.vocabulary import JOURNALS, NO_VENUES, VENUE_COMPANIONS, VENUES, words

# A year is no part of a longer number and no first half of an arXiv identifier such as 2010.13636.
_YEAR = re.compile(r"(?<!\d)(?<!\d\.)(?:19|20)\d{2}(?!\d|\.\d{3})")
# 2021年, 2021年3月, 2021년, 2021 г.
_YEAR_SIGN = re.compile(r"(?<=\d)\s?(?:年度?(?:\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?)?|년|г\.)")
_PAGES = re.compile(
    r"[(\[]?\bpp?\.\s?\d{1,6}(?:\s?[-–—]{1,2}\s?\d{1,6})?\b[)\]]?|\b(?:vol|no)\.\s?\d{1,5}(?:\(\d{1,4}\))?|\b\d{1,4}\(\d{1,4}\)|(?<=[a-z.]),\s?\d{1,3}(?=\s|,|$)|"
    r"(?<![\w.])(?!(?:19|20)\d{2}\s?[-–])\d{1,5}\s?[-–]{1,2}\s?\d{1,5}(?!\w|\.\d)",
    re.IGNORECASE,
)
_SHORT_YEAR = re.compile(r"['’´‘](\d{2})(?!\d)")
_GLUED_YEAR = re.compile(r"(.*[A-Za-z])[ \-]?(\d{2})")
_DATE = re.compile(r"((?:19|20)\d{2})[/.\-](?:0?[1-9]|1[0-2])(?:[/.\-](?:0?[1-9]|[12]\d|3[01]))?(?!\d)")
_REVERSED_DATE = re.compile(r"(?<!\d)(?:0?[1-9]|1[0-2])[/.\-]((?:19|20)\d{2})(?!\d)")
_MONTH = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?",
    re.IGNORECASE,
)
_ARXIV_ID = re.compile(
    r"(?:(?<=preprint )arxiv)?:?\s?\b\d{4}\.\d{4,5}(?:v\d+)?\b(?:\s?\[[a-z\-]{2,8}(?:\.[a-z\-]{2,8})?\])?",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"\b(?:oral|spotlight|highlight(?:ed)?|poster|talk|notable|outstanding|best|student|paper|award|winner|finalist|honou?rable|"
    r"mention|accepted|appear(?:ed)?|published|presented|submitted|under\s+review|top[\s\-]?\d+%?|long|short|camera[\s\-]ready|candidate)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^(?:(?:to|at|in|by|on|as|a|the|proc\.?|proceedings|of)\b\.?\s*)+", re.IGNORECASE)
_EMPTY_BRACKET = re.compile(r"[(\[]\s?[)\]]")
_TRAIL = re.compile(r"(?:[\s,;:\-–]|\b(?:in|at|as|a|an|to|by|the)$)+$", re.IGNORECASE)

_PHRASE = re.compile(
    r"(?:学报|學報|杂志|雜誌|期刊|论文集|論文誌|論文集|학회지|논문지)$|\b(?:журнал|вестник)\b|"
    r"\b(?:conference\s+on|journal\s+of|transactions\s+on|trans\.\s+on|proceedings\s+of|symposium\s+on|workshop\s+(?:on|at)|"
    r"letters$|journal$|arxiv\s+preprint|international\s+conference|ph\.?\s?d\.?\s+thesis|technical\s+report|advances\s+in\s+neural)",
    re.IGNORECASE,
)
# A journal as libraries abbreviate it: `J. Mach. Learn. Res.`, `IEEE Trans. Image Process.`, `Int. J. Comput. Vis.`
_ABBREVIATED = re.compile(
    r"(?:(?:ACM|IEEE|SIAM|Am\.|Br\.|Eur\.|Int\.)\s){0,2}(?:J|Trans)\.(?:\s(?:[A-Z][A-Za-z]{1,14}\.?|&|and|in|of|on)){1,7}"
)
_SHORTENED = re.compile(r"[a-z]\.(?=\s|$)")
_VENUE_AND_YEAR = re.compile(r"([A-Za-z\-]+?)['’\-]?((?:19|20)?\d{2})")
_YEAR_ALONE = re.compile(r"(?:19|20)\d{2}|['’]\d{2}")
# Headings that name more years than one.
_PERIOD = re.compile(
    r"\b(?:before|earlier|prior|pre|until|till|since|after|from|older|later|up\s+to|through)\b|[<>≤≥]|\d\s?\+|"
    r"\d{4}\s?[-–]\s?(?:\d|$|now|present)|[-–]\s?\d{4}\s*$",
    re.IGNORECASE,
)
_LONGEST_TAIL = 200
_SMALL_WORDS = words("of on in and for the & / at with - –")
_SHOUTED = re.compile(r"(?=[^\s]*[A-Z][^\s]*[A-Z])[A-Za-z][A-Za-z0-9\-/@+]{1,14}")


@dataclass(frozen=True, slots=True)
class Venue:
    """A venue's name as printed, less year and remarks, and the year next to it; `""` and None where there is none.

    `is_sure` says whether this is a venue wherever it stands: a known conference or journal, or a year alone.
    """

    name: str = ""
    year: int | None = None
    is_sure: bool = False


NO_VENUE = Venue()


def read_year(text: str) -> int | None:
    """The first year in `text`."""
    found = _YEAR.search(plain_digits(text))
    return int(found[0]) if found else None


def plain_digits(text: str) -> str:
    """`text` with the digits of other scripts, as in ٢٠٢١, as ASCII ones."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def is_distinction(text: str) -> bool:
    """Whether a bracket says only how a paper was presented or honoured: `Oral`, `Best Paper Award`."""
    return any(char.isalpha() for char in text) and not any(char.isalnum() for char in _REMARK.sub(" ", text[:80]))


def read_venue(text: str) -> Venue:
    """The venue and the year that a cell, a bracket or a piece of a citation names."""
    rest = _YEAR_SIGN.sub(" ", plain_digits(squeeze(text[:500])))
    year = read_year(rest)
    for pattern in (_PAGES, _ARXIV_ID, _DATE, _REVERSED_DATE, _YEAR):
        rest = pattern.sub(" ", rest)
    short = _SHORT_YEAR.search(rest)
    if short:
        year = year or _full_year(short[1])
        rest = f"{rest[: short.start()]} {rest[short.end() :]}"
    name = _name(_MONTH.sub(" ", rest) if year else rest)
    glued = _GLUED_YEAR.fullmatch(name)
    if glued and is_known(glued[1]):
        year = year or _full_year(glued[2])
        name = glued[1]
    return Venue(name, year, is_sure=_is_sure(name, year))


def _is_sure(name: str, year: int | None) -> bool:
    if not name:
        return year is not None
    return is_known(name) or (year is not None and name.lower() in JOURNALS)


def _full_year(digits: str) -> int:
    return (2000 if digits < "70" else 1900) + int(digits)


def _name(text: str) -> str:
    text = trim(_REMARK.sub(" ", text))
    text = _LEAD.sub("", text) if not _PHRASE.search(text) else re.sub(r"^in:?\s+", "", text, flags=re.IGNORECASE)
    text = trim(_EMPTY_BRACKET.sub(" ", text))
    text = trim(_TRAIL.sub("", text))
    if text.count(".") == 1:
        text = text.rstrip(" .,")
    return text if any(char.isalpha() for char in text) else ""


def is_known(name: str) -> bool:
    """Whether `name` is a known abbreviation of a venue, or says itself that it is a venue."""
    if _PHRASE.search(name) or _is_abbreviated(name):
        return True
    parts = [part for part in re.split(r"[\s/,&+]+|\band\b", name.lower().strip(" .,")) if part]
    known = [part for part in parts if _is_acronym(part)]
    return bool(known) and all(part in known or part in VENUE_COMPANIONS for part in parts)


def _is_abbreviated(name: str) -> bool:
    """Whether a name is that of a journal in its abbreviated form; `J. Smith` and `J. Q. Public` are people."""
    return _ABBREVIATED.fullmatch(name) is not None and len(_SHORTENED.findall(name[2:])) >= 2


def _is_acronym(word: str) -> bool:
    word = word.lower().strip("().:'’-–")
    return word in VENUES or (word.endswith("w") and word[:-1] in VENUES)


def is_venue_label(text: str, *, emphasised: bool) -> bool:
    """Whether a text in brackets, bold or code is a venue or a year and no part of the title.

    In bold, every short name in capitals is one; in plain brackets it must be known or have its year beside it,
    since titles end with acronyms of their own.
    """
    venue = read_venue(text)
    if venue.is_sure:
        return True
    parts = venue.name.split()
    if not parts or len(parts) > 5 or not (emphasised or venue.year):
        return False
    if not NO_VENUES.isdisjoint(part.lower() for part in parts):
        return False
    if venue.name.lower() in JOURNALS:
        return True
    return all(part.lower() in _SMALL_WORDS or _SHOUTED.fullmatch(part) for part in parts)


def cut_trailing_venue(text: str) -> tuple[str, Venue]:
    """Splits `Minsu Cho CVPR 2021` before the venue at its end; the venue is empty if there is none.

    Without a year, only an acronym of four capitals or more is taken: titles end in `... on Soda`, too.
    """
    offset = max(0, len(text) - _LONGEST_TAIL)
    start, has_year, has_name = len(text), False, False
    for word in reversed(list(re.finditer(r"\S+", text[offset:]))):
        bare = word[0].strip(".,;()[]")
        glued = _VENUE_AND_YEAR.fullmatch(bare)
        if _is_acronym(glued[1] if glued else bare):
            if not (has_year or glued or _is_unmistakable(bare)):
                break
            has_name = True
        elif _YEAR_ALONE.fullmatch(bare):
            has_year = True
        elif not (_REMARK.fullmatch(bare) and not has_name) and not (has_name and bare.lower() in VENUE_COMPANIONS):
            break
        start = offset + word.start()
    if not has_name:
        return text, NO_VENUE
    head = text[:start].rstrip(" ,;:.([")
    if head.endswith((" in", " In", ", at")):
        head = head[:-3].rstrip(" ,;:.(")
    return head, read_venue(text[start:])


def _is_unmistakable(acronym: str) -> bool:
    return len(acronym) >= 4 and sum(char.isupper() for char in acronym) >= 4


def read_heading_year(text: str) -> int | None:
    """The year that a heading gives the entries below it: `2021`, `CVPR 2021`, not `Before 2015` or `2019-2020`."""
    text = text[:_LONGEST_TAIL]
    years = {int(year) for year in _YEAR.findall(text)}
    return None if len(years) != 1 or _PERIOD.search(text) else years.pop()
