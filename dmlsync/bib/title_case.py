"""English titles in Title Case, as .bib files have them.

A style can print a title in lower case, but none can raise its words: it would have to know the small ones. So files
that are made to be printed carry Title Case, with braces around what keeps its capitals in either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from dmlsync.text.latex_symbols import words

TITLE_WORD = re.compile(r"(?:[^\W_]|(?<=\w)[\u0300-\u036f])+(?:[-'’&](?:[^\W_]|(?<=\w)[\u0300-\u036f])+)*+")
"""A word of a title with all that hyphens, apostrophes and `&` tie to it."""

WORD_PARTS = re.compile(r"([-'’])")
"""Where a word of a title is divided: between the parts stand the signs."""

# Articles, conjunctions and prepositions, as the Chicago Manual of Style has it; the particles of names and titles in
# other languages; `n`, a number in `n-gram` and `n-type`.
_SMALL_WORDS = frozenset(
    words(
        """
    a about above across after against al along alongside amid amidst among amongst an and around as at atop before
    behind below beneath beside besides between beyond but by circa d de despite down during et except for from in
    inside into like n near next nor of off on onto or out outside over past per plus pro since so than the through
    throughout till to toward towards under underneath until unto up upon v van versus via von vs with within without
    yet
    """
    )
)
_UNITS = frozenset(words("bp cm dl fps fs kb kg km mg min ml mm ms ng nm ns ppb ppm ps rpm"))
_APOSTROPHES = frozenset("'’")
# A word begins behind one of these; behind another sign (`+`, `{`, `~`) it is part of a formula or of code.
_BEFORE_A_WORD = frozenset(" \xa0-–—‑/([>\"'“”‘’«»„¿¡….,;:!?&")
_TOKEN = re.compile(r"\S+")
_FIXED = "\x00"  # no title has it
_CODE = re.compile(r"[_@]|://|[^\W\d]\.[^\W\d]|</?[A-Za-z]")


def opens(before: str) -> bool:
    """Whether what follows this text is the start of a subtitle or sentence."""
    return before.rstrip(" ").endswith((":", "?", "!"))


def in_title_case(title: str, fixed: Iterable[tuple[int, int]] = ()) -> str:
    """A plain title with its words raised, all but the small ones; it has as many characters as before.

    Raised are lower-case words, and the parts of compounds (`high-speed`), but for small words that neither open the
    title or a subtitle nor end the title. What has a capital stays: `iPhone`, and all that follows in `X-ray`. So do
    addresses and names of code (`u.s.`, `sort_names`), lone letters and those of other scripts, units behind numbers,
    and the stretches that are `fixed`.
    """
    free = list(title)
    for start, end in (*fixed, *(token.span() for token in _TOKEN.finditer(title) if _CODE.search(token[0]))):
        free[start:end] = _FIXED * (end - start)
    text, raised, behind = "".join(free), list(title), 0
    found = list(TITLE_WORD.finditer(text))
    ends = bool(found) and _FIXED not in text[found[-1].end() :]
    for number, word in enumerate(found):
        gap, first = text[behind : word.start()], number == 0
        opening = opens(gap) or (first and _FIXED not in gap)
        unit = word[0] in _UNITS and gap in (" ", "\xa0") and text[behind - 1].isdecimal()
        if not unit and (opening or gap[-1:] in _BEFORE_A_WORD):
            last = ends and word is found[-1]
            for place in _raised_places(word[0], first=first, opening=opening, last=last):
                raised[word.start() + place] = raised[word.start() + place].upper()
        behind = word.end()
    return "".join(raised)


def _raised_places(word: str, *, first: bool, opening: bool, last: bool) -> list[int]:
    """Where in a word, compounds included, a letter is to be a capital."""
    places, at = list[int](), 0
    parts = WORD_PARTS.split(word)
    for number in range(0, len(parts), 2):
        part, before = parts[number], parts[number - 1] if number else ""
        unit = part in _UNITS and number > 0 and parts[number - 2].isdecimal()
        if any(character.isupper() for character in part):
            if not (first and number == 0 and part[1:].islower()):
                break  # the rest belongs to it: X-ray, SPEG-deficient
        elif not _stays(part, before, parts[number + 1 : number + 2]) or (opening and number == 0):
            small = part in _SMALL_WORDS or len(word) == 1
            needed = (opening and number == 0) or (last and number == len(parts) - 1 and part != "al")
            if (not small or needed) and not unit and _can_be_raised(part[0]):
                places.append(at)
        at += len(part) + len("".join(parts[number + 1 : number + 2]))
    return places


def _stays(part: str, before: str, after: list[str]) -> bool:
    """Whether a part is tied to its word by an apostrophe: the `t` of `don't`, the `l` of `l'analyse`."""
    return before in _APOSTROPHES or (len(part) == 1 and not _APOSTROPHES.isdisjoint(after))


def _can_be_raised(letter: str) -> bool:
    return letter.islower() and len(letter.upper()) == 1 and unicodedata.name(letter, "").startswith("LATIN")
