"""Raw values cut at their `#`: text in braces or quotes, numbers, and macros."""

from __future__ import annotations

import re
from collections.abc import Iterator

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""BibTeX's own macros, January first."""

_SIGN = re.compile(r"[{}\"#]")


def pieces(raw: str) -> list[str]:
    """The pieces of a raw value between the `#` that stand outside braces and quotes."""
    found, start, depth, quoted = list[str](), 0, 0, False
    for match in _SIGN.finditer(raw):
        sign = match[0]
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
        elif sign == '"' and depth == 0:
            quoted = not quoted
        elif sign == "#" and depth == 0 and not quoted:
            found.append(raw[start : match.start()])
            start = match.end()
    return [*found, raw[start:]]


def macros_in(raw: str) -> Iterator[str]:
    """The macros that a raw value names, as they are written; BibTeX's own months are none."""
    if raw[:1] in ("{", '"') and "#" not in raw:
        return
    for piece in pieces(raw):
        name = piece.strip()
        if name and name[0] not in '{"' and not name.isdecimal() and name.lower() not in MONTHS:
            yield name
