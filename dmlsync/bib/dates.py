"""Dates between Zotero's field (ISO 8601 or free text) and the fields `date`, `year` and `month`."""

from __future__ import annotations

import re
from calendar import monthrange

from dmlsync.bib.entry_types import Dialect
from dmlsync.bib.pieces import MONTHS
from dmlsync.text.latex import clean
from dmlsync.text.latex_symbols import words

# EDTF as biblatex reads it (its manual, 2.3.8): approximate and uncertain dates, unknown digits, seasons, open ranges.
_DAY = r"\d{4}(?:-(?:2[1-4]|(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?))?[?~%]?"
_VAGUE = r"\d{2}(?:\dX|XX)|\d{4}-XX(?:-XX)?|\d{4}-\d\d-XX"
_EDTF = re.compile(rf"(?:{_DAY}|{_VAGUE})(?:/(?:{_DAY}|\.\.)?)?|(?:\.\.)?/{_DAY}", re.ASCII)
_OLD_EDTF = re.compile(rf"[\du-]{{3,9}}u|{_DAY}/(?:unknown|open)|unknown/{_DAY}", re.ASCII)
_LATE_DAY = re.compile(r"(\d{4})-(\d\d)-(29|3[01])", re.ASCII)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T[\d:.]{4,15}(?:Z|[+-]\d\d:?\d\d)?", re.ASCII)
_LOOSE = re.compile(r"(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?", re.ASCII)
_MONTH_YEAR = re.compile(r"(?:(\d{1,2})\.)?(\d{1,2})[/. ](\d{4})", re.ASCII)
_YEARS = re.compile(r"(\d{4}) ?(?:-{1,3}|–|—|/|_) ?(\d{4})", re.ASCII)
_SHORT_YEARS = re.compile(r"(\d\d)(\d\d)[/–-](\d\d)", re.ASCII)
_DATE_WORD = re.compile(r"[A-Za-z]{3,9}|\d{4}|\d{1,2}(?:st|nd|rd|th)?")
_SEASONS = ("spring", "summer", "autumn", "winter", "fall")
_MONTH_NAMES = words(
    """
    january february march april may june july august september october november december
    """
)


def normal_date(date: str, dialect: Dialect = "biblatex") -> str:
    """A date as an entry of a dialect can carry it.

    What can be understood without guessing becomes ISO 8601 (`August 19, 2013`, `2/2016`, `1993-00-00`), ranges
    `first/last`; other text stays. Classic BibTeX has no days, no seasons and ranges of years only.
    """
    text = _iso(clean(date))
    if dialect == "biblatex" or not _EDTF.fullmatch(text):
        return text
    first, _, last = text.partition("/")
    if not first[:4].isdecimal() and last[:4].isdecimal():
        first, last = last, ""
    year, month = first[:4], first[5:7]
    if last[:4].isdecimal() and len(last) >= 4:
        return f"{year}/{last[:4]}" if last[:4] != year and year.isdecimal() else year
    return f"{year}-{month}" if month.isdecimal() and 1 <= int(month) <= 12 else year


def is_date(text: str) -> bool:
    """Whether a normal date may stand in biblatex's `date`."""
    days = _LATE_DAY.finditer(text)
    return _EDTF.fullmatch(text) is not None and all(
        int(day[2]) > 12 or int(day[3]) <= monthrange(int(day[1]), int(day[2]))[1] for day in days
    )


def year_and_month(date: str) -> tuple[str, str]:
    """A date that is normal for BibTeX as the text of `year` and the macro of `month` (`""` without one)."""
    if years := _YEARS.fullmatch(date):
        return f"{years[1]}--{years[2]}", ""
    if is_date(date) and len(date) == 7:
        return date[:4], MONTHS[int(date[5:7]) - 1]
    return date, ""


def from_parts(year: str, month: str, day: str) -> str:
    """The date that `year`, `month` and `day` say, all three already plain text."""
    found = normal_date(year)
    if len(found) != 4 or not found.isdecimal() or not month:
        return found
    number, day_of_month = _month_and_day(month, day)
    if not 1 <= number <= 12:
        return found
    return f"{found}-{number:02}" + (f"-{day_of_month:02}" if 1 <= day_of_month <= 31 else "")


def _month_and_day(month: str, day: str) -> tuple[int, int]:
    """The numbers in `jul`, `July`, `7`, `5 jul`, `July 5` or `jul/aug` (the first counts)."""
    number, days = 0, [int(day)] if day.isascii() and day.isdecimal() and len(day) < 3 else list[int]()
    for word in re.findall(r"[A-Za-z]+|[0-9]{1,2}", month[:40]):
        name = next(
            (at for at, full in enumerate(_MONTH_NAMES, 1) if len(word) > 2 and full.startswith(word[:3].lower())), 0
        )
        if word.isdecimal():
            days.append(int(word))
        elif not number:
            number = name
    if not number and days and month.strip().isdecimal():
        number = days.pop()
    return number, days[0] if days else 0


def _iso(text: str) -> str:
    if years := _YEARS.fullmatch(text):
        return f"{years[1]}/{years[2]}"
    if time := _TIME.fullmatch(text):
        text = time[1]
    if _EDTF.fullmatch(text):
        return text
    if _OLD_EDTF.fullmatch(text):  # until 2019; biber ignores such a date
        modern = text.replace("unknown", "").replace("open", "..").replace("u", "X")
        return modern if _EDTF.fullmatch(modern) else text
    years = _SHORT_YEARS.fullmatch(text)
    if years and int(years[3]) > max(int(years[2]), 12):
        return f"{years[1]}{years[2]}/{years[1]}{years[3]}"
    if loose := _LOOSE.fullmatch(text):
        return _valid(text, int(loose[1]), int(loose[3]), int(loose[4] or 0))
    if month := _MONTH_YEAR.fullmatch(text):
        return _valid(text, int(month[3]), int(month[2]), int(month[1] or 0))
    return _from_words(text)


def _from_words(text: str) -> str:
    """`August 19, 2013`, `19 Aug. 2013`, `1996 Nov 15`, `Winter 1975`; other text as it is."""
    words = _DATE_WORD.findall(text[:40])
    if len(text) > 40 or _DATE_WORD.sub("", text).strip(" ,./"):
        return text
    names = [word.lower() for word in words if word.isalpha()]
    years = [int(word) for word in words if len(word) == 4 and word.isdecimal()]
    days = [
        int(word.rstrip("dhnrst"))
        for word in words
        if word[0].isdecimal() and not (len(word) == 4 and word.isdecimal())
    ]
    if len(names) != 1 or len(years) != 1 or len(days) > 1:
        return text
    if names[0] in _SEASONS and not days:
        return f"{years[0]:04}-{21 + _SEASONS.index(names[0]) - (names[0] == 'fall') * 2}"
    month = next((at for at, full in enumerate(_MONTH_NAMES, 1) if _abbreviates(names[0], full)), 0)
    return _valid(text, years[0], month, days[0] if days else 0) if month else text


def _abbreviates(word: str, month: str) -> bool:
    return month.startswith(word) or word == "sept" == month[:4]


def _valid(text: str, year: int, month: int, day: int) -> str:
    if month > 12 or day > 31:
        return text
    if not month:
        return f"{year:04}" if not day else text
    return f"{year:04}-{month:02}" + (f"-{day:02}" if day else "")
