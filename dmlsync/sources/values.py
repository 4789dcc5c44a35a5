"""Reading what a service sent without trusting its shape: a value of the wrong type counts as absent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def text(value: Any) -> str:
    """The value if it is text, a whole number as text, else `""`."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def members(value: Any) -> list[Any]:
    """The members of a list; a single value that is not None is a list of one (DBLP writes it so)."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def texts(value: Any) -> list[str]:
    """The texts in a list, blank ones left out."""
    return [found for found in map(text, members(value)) if found]


def first_text(value: Any) -> str:
    """The first text in a list, or the text itself."""
    return next(iter(texts(value)), "")


def objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects in a list, or the object itself."""
    return (one for one in members(value) if isinstance(one, Mapping))


def inside(value: Any, *path: str) -> Any:
    """What lies in nested objects under a path of names, None where the path breaks off."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def year_in(value: Any) -> str:
    """A year of four digits at the start of a number or text, within reason, else `""`."""
    start = text(value)[:4]
    return start if start.isascii() and start.isdecimal() and 1500 <= int(start) <= 2200 else ""


def month_in(value: Any) -> str:
    """`YYYY-MM` out of an ISO date or `YYYY/MM/DD`; the year alone where the month is missing or none."""
    year = year_in(value)
    rest = text(value)[4:7]
    month = rest[1:].rstrip("/-") if rest[:1] in ("-", "/") else ""
    number = int(month) if month.isascii() and month.isdecimal() else 0
    return f"{year}-{number:02d}" if year and 1 <= number <= 12 else year


def pages(first: Any, last: Any = None) -> str:
    """Pages as `first-last` with one hyphen, out of two values or of one that holds both; `1-1` says nothing."""
    start, end = text(first), text(last)
    whole = f"{start}-{end}" if end and end != start else start
    for dash in "‐‑‒–—−":
        whole = whole.replace(dash, "-")
    parts = [part.strip() for part in whole.split("-") if part.strip()]
    whole = "-".join(parts) if all(len(part) < 20 for part in parts) else ""
    return "" if whole in ("1-1", "0-0", "1", "0", "n/a") else whole
