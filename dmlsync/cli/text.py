"""Text for a terminal: made safe, cut to the width of the window, counted right for wide characters."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Iterator, Sequence

# Besides control characters: marks that turn the direction of what follows, and the byte order mark.
_INVISIBLE = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def safe(text: str) -> str:
    """Text from lists, sources and servers without what could steer a terminal; line breaks stay."""
    return "".join(
        character
        if character == "\n" or (character.isprintable() and character not in _INVISIBLE)
        else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )


def width_of(text: str) -> int:
    """How many columns a text takes: East Asian wide characters take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def cut(text: str, width: int) -> str:
    """The text on one line of at most `width` columns, with an ellipsis where something is missing."""
    line = " ".join(safe(text).split())
    if width_of(line) <= width:
        return line
    while line and width_of(line) > width - 1:
        line = line[:-1]
    return line.rstrip() + "…"


def wrapped(text: str, width: int) -> Sequence[str]:
    """The words of a text on lines of at most `width` columns; a longer word is cut into pieces."""
    lines, line = list[str](), ""
    for word in (piece for whole in text.split() for piece in _pieces(whole, width)):
        if line and width_of(line) + 1 + width_of(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line] if line else lines


def _pieces(word: str, width: int) -> Iterator[str]:
    """A word in pieces that fit on a line."""
    piece = ""
    for character in word:
        if piece and width_of(piece + character) > width:
            yield piece
            piece = ""
        piece += character
    yield piece


def pad(text: str, width: int) -> str:
    """The text filled with blanks to `width` columns."""
    return text + " " * max(0, width - width_of(text))


def window() -> int:
    """The columns of the terminal; 80 where there is none."""
    return min(shutil.get_terminal_size((80, 24)).columns, 120)


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 item`, `2 items`, `no items`."""
    return f"{number or 'no'} {noun if number == 1 else plural or noun + 's'}"
