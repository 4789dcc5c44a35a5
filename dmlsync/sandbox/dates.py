"""What the library understands of a date: the `parsedDate` of an item, by which it is sorted."""

from __future__ import annotations

import re

from dmlsync.sandbox.values import two_part_date

_ISO = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?!\d)", re.ASCII)
_SLASHES = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b", re.ASCII)
_YEAR = re.compile(r"\b[12]\d{3}\b", re.ASCII)
_DAY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", re.ASCII | re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]{3,}")
_MONTH_NAMES = "january february march april may june july august september october november december"


def parsed_date(stored: str) -> str:
    """`2026`, `2026-05` or `2026-05-04` for a stored date, `""` if it was not understood."""
    if not stored:
        return ""
    parts = two_part_date(stored)
    if parts:
        return _joined(*parts[0].split("-"))
    iso = _ISO.match(stored)
    if iso:
        return _joined(iso[1], iso[2] or "00", iso[3] or "00")
    slashes = _SLASHES.search(stored)
    if slashes:
        first, second = int(slashes[1]), int(slashes[2])
        month, day = (second, first) if first > 12 else (first, second)
        return _joined(slashes[3], f"{month:02}", f"{day:02}")
    return _in_words(stored)


def _in_words(text: str) -> str:
    year = _YEAR.search(text)
    if not year:
        return ""
    rest = text[: year.start()] + " " + text[year.end() :]
    month = next((number for word in _WORD.findall(rest) if (number := _month(word))), 0)
    day = next((int(match[1]) for match in _DAY.finditer(rest) if 1 <= int(match[1]) <= 31), 0) if month else 0
    return _joined(year[0], f"{month:02}", f"{day:02}")


def _month(word: str) -> int:
    word = word.lower()
    return next((number for number, name in enumerate(_MONTH_NAMES.split(), 1) if name.startswith(word)), 0)


def _joined(year: str, month: str, day: str) -> str:
    if year == "0000":
        return ""
    if not 1 <= int(month) <= 12:
        return year
    return f"{year}-{month}-{day}" if 1 <= int(day) <= 31 else f"{year}-{month}"
