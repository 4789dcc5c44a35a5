"""What the library understands of a date: the `parsedDate` of an item, by which it is sorted.

The rules are those of the open-source Zotero server, with its surprises: `2026-13-05` is the 13th of May, any word that
begins like a month is one, and only the first number that is left may be the day.
"""

from __future__ import annotations

import datetime as dt
import re

from dmlsync.sandbox.values import two_part_date

_NUMBERS = re.compile(r"\b(\d{1,4})(?:([-/.年])(\d{1,2}))?(?:([-/.月])(\d{1,4}))?(?!\d)", re.ASCII)
_ERA = r"(?:B\.? ?C\.?(?: ?E\.?)?|C\.? ?E\.?|A\.? ?D\.?)"
_YEAR = re.compile(rf"\b(?:(?:circa |around |about |c\.? ?)?\d{{1,4}} ?{_ERA}|(\d{{3,4}}))\b", re.ASCII | re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})[^ ]*", re.ASCII | re.IGNORECASE)
_DAY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", re.ASCII | re.IGNORECASE)


def parsed_date(stored: str) -> str:
    """`2026`, `2026-05` or `2026-05-04` for a stored date, `""` if it was not understood."""
    parts = two_part_date(stored)
    year, month, day = map(int, parts[0].split("-")) if parts else _understood(" ".join(stored.split()))
    if not year:
        return ""
    if not 1 <= month <= 12:
        return f"{year:04}"
    return f"{year:04}-{month:02}-{day:02}" if 1 <= day <= 31 else f"{year:04}-{month:02}"


def _understood(text: str) -> tuple[int, int, int]:
    """Year, month and day of a text; 0 for what it does not tell."""
    (year, month, day), rest = _in_numbers(text)
    if not year and (found := _YEAR.search(rest)):
        year = int(found[1] or 0)  # a year with an era is passed over
        rest = rest[: found.start()] + rest[found.end() :]
    if not month and (named := list(_MONTH.finditer(rest))):
        month = _MONTHS.index(named[-1][1].lower()) + 1
        rest = rest[: named[-1].start()] + rest[named[-1].end() :].removeprefix(" ")
    if not day and (number := _DAY.search(rest)):
        day = int(number[1])
    return year, month, day


def _in_numbers(text: str) -> tuple[tuple[int, int, int], str]:
    """Year, month and day of numbers with hyphens, slashes or points between them, and what is left of the text.

    They must be all three or all of the text; a number of three or four digits at the front is the year.
    """
    found = _NUMBERS.search(text)
    nothing = (0, 0, 0), text
    if found is None:
        return nothing
    front, first_mark, middle, second_mark, back = found.groups()
    rest = text[: found.start()] + text[found.end() :]
    alike = not second_mark or first_mark == second_mark or (first_mark, second_mark) == ("年", "月")
    if not alike or (rest and not (middle and back)):
        return nothing
    numbers = [int(number or 0) for number in (front, middle, back)]
    year_first = len(front) >= 3 or first_mark == "年"
    year, month, day = numbers if year_first else (numbers[2], numbers[0], numbers[1])
    if month > 12:
        month, day = day, month
    if month > 12 or day > 31:
        return nothing
    return (_four_digits(year), month, day), rest


def _four_digits(year: int) -> int:
    """A year of two digits in this century or, if it is yet to come, in the last one."""
    if not 0 < year < 100:
        return year
    present = dt.datetime.now(dt.UTC).year
    century = present - present % 100
    return century + year if century + year <= present else century - 100 + year
