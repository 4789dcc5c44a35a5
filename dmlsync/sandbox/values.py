"""What becomes of a value on its way into the library: text, dates, names of tags.

Two things that come out equal here are equal to the library: sending the second after the first changes nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from dmlsync.sandbox.problem import ApiError

ASCII_SPACE = " \t\n\r\x00\x0b"
BIGGEST = 2**63 - 1
"""The greatest number that the tables hold; a greater one counts as this one."""

_NUMBER = re.compile(r"\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*", re.ASCII | re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_ISO_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:T| )(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?", re.ASCII | re.IGNORECASE
)
_TWO_PART = re.compile(r"(\d{4})-(?:0\d|1[0-2])-(?:[0-2]\d|3[01]) ", re.ASCII)


def now() -> str:
    """The present second in the form of the API."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_text(value: Any) -> str:
    """A JSON value of a text field as text: null and false are blank, true is `1`, numbers are written out."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def number_in(text: str) -> int | None:
    """The whole number that a text stands for, None if it is no number; `5.5` and `1e3` are numbers to the API."""
    if not _NUMBER.fullmatch(text):
        return None
    plain = text.strip()
    number = int(plain) if plain.removeprefix("-").isdigit() and len(plain) < 20 else float(plain)
    return int(max(-BIGGEST, min(number, BIGGEST)))


def is_set(value: Any) -> bool:
    """Whether a JSON value of a flag such as `deleted` turns it on; `"0"` does not."""
    return bool(value) and value != "0"


def clean(text: str) -> str:
    """Text as it is stored: no control characters but tabs and line feeds, trimmed of ASCII white space."""
    text = text.replace("\r\n", "\n")
    return _CONTROLS.sub("", text).strip(ASCII_SPACE)


def two_part_date(date: str) -> tuple[str, str] | None:
    """ISO date and shown text of a date that looks like the library's own form, `2026-05-01 May 1, 2026`; else None.

    The text must name the year too, so that an ISO date with a time is none; the open-source server tells them so.
    """
    match = _TWO_PART.match(date)
    if match is None or (match[1] != "0000" and match[1] not in date[11:]):
        return None
    return date[:10], date[11:].strip(ASCII_SPACE)


def shown_date(stored: str) -> str:
    """A stored date as it is read back."""
    parts = two_part_date(stored)
    return parts[1] if parts else stored


def timestamp(name: str, value: Any) -> str:
    """`dateAdded` and `dateModified` in UTC; refuses what is not a date with a time."""
    found = _utc(value) if isinstance(value, str) else None
    if found is None:
        raise ApiError(400, f"'{name}' must be in ISO 8601 or UTC 'YYYY-MM-DD hh:mm:ss' format ({as_text(value)})")
    return found


def access_date(value: Any) -> str:
    """`accessDate`: a date alone stays one, a date with a time is returned in UTC; refuses anything else."""
    text = clean(as_text(value))
    if not text and isinstance(value, str):
        return ""
    if text == "CURRENT_TIMESTAMP":
        return now()
    found = text if _ISO_DATE.fullmatch(text) and _is_date(text) else _utc(text)
    if found is None:
        raise ApiError(
            400,
            "'accessDate' must be in ISO 8601 or UTC 'YYYY-MM-DD[ hh:mm:ss]' format or 'CURRENT_TIMESTAMP'"
            f" ({as_text(value)})",
        )
    return found


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _utc(text: str) -> str | None:
    match = _ISO_TIME.fullmatch(text)
    if not match:
        return None
    offset = match[7] or "Z"
    try:
        moment = dt.datetime(*(int(match[group]) for group in range(1, 7)))  # type: ignore[arg-type]
        if offset not in "Zz":
            hours, minutes = int(offset[1:3]), int(offset[-2:])
            shift = dt.timedelta(hours=hours, minutes=minutes)
            moment += shift if offset[0] == "-" else -shift
    except (ValueError, OverflowError):
        return None
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment.year >= 1000 else None
