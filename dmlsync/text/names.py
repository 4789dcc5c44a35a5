"""Names of people: the folded family name of any printed form, and whether two lists of authors agree."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from dmlsync.text.titles import fold

Level = Literal["all", "most", "some", "none", "unknown"]

_HOMONYM = re.compile(r"\s+\d{4}$")
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "phd", "md"))
_PARTICLE_WORDS = """
    van von de der den del della di da dos das do du la le el al bin ibn ben ter ten te zu zum zur af av st saint san
    mac mc o d l
"""
_PARTICLES = frozenset(_PARTICLE_WORDS.split())


@lru_cache(maxsize=8192)
def family(name: str) -> str:
    """The folded family name of one printed name, particles kept (`van der maaten`); `""` for initials alone.

    Understands `Song, H. O.`, `K. Q. Weinberger`, `Hyun Oh Song`, `Jia Guo 0004` (DBLP's homonyms), `Sutton R. S.`
    and suffixes (`Robert Jr.`).
    """
    text = _HOMONYM.sub("", unicodedata.normalize("NFC", name[:200]).strip().strip(",;")).strip()
    before, comma, after = text.partition(",")
    if comma and fold(after) in _SUFFIXES:
        text, comma = before, ""
    if comma and fold(before):
        return " ".join(_without_suffix(fold(before).split()))
    words = [word for word in text.replace(".", ". ").split() if fold(word)]
    words = [word for word in words if fold(word) not in _SUFFIXES or len(words) == 1]
    while len(words) > 1 and _is_initial(words[-1]):
        words.pop()
    if not words or (len(words) == 1 and _is_initial(words[0])):
        return ""
    first = len(words) - 1
    while first > 1 and fold(words[first - 1]) in _PARTICLES and not _is_initial(words[first - 1]):
        first -= 1
    if first == 1 and words[0].islower() and fold(words[0]) in _PARTICLES:
        first = 0
    return " ".join(fold(word) for word in words[first:])


def families(names: Sequence[str]) -> tuple[str, ...]:
    """The folded family names of printed names, in order; names that are only initials give none."""
    return tuple(found for found in (family(name) for name in names) if found)


def initial(name: str) -> str:
    """The folded first letter of a printed name's given names, `""` where it has none or its order is unclear.

    >>> initial("Song, H. O."), initial("K. Q. Weinberger"), initial("Weinberger")
    ('h', 'k', '')
    """
    text = _HOMONYM.sub("", name[:200]).strip()
    before, comma, after = text.partition(",")
    words = fold(after if comma and fold(after) not in _SUFFIXES else before).split()
    if not comma and len(words) == len(family(name).split()):
        return ""
    if not comma and len(words[-1]) == 1:  # `Sutton R. S.`
        return next((word for word in words if len(word) == 1), "")
    return words[0][0] if words else ""


def _is_initial(word: str) -> bool:
    """Whether a word is one or two initials (`H.`, `C.-Y.`, `HO` is taken for a name)."""
    letters = [part for part in re.split(r"[.\-‐-―\s]+", word) if part]
    return bool(letters) and all(len(part) == 1 for part in letters)


def _without_suffix(words: list[str]) -> list[str]:
    return [word for word in words if word not in _SUFFIXES] or words


def same_family(a: str, b: str) -> bool:
    """Whether two folded family names can be one: `mueller` and `muller`, `leal taixe` and `taixe`."""
    ours, theirs = _reduced(a), _reduced(b)
    if not ours or not theirs:
        return False
    if "".join(ours) == "".join(theirs):
        return True
    shorter, longer = sorted((ours, theirs), key=len)
    # A shortened compound keeps its last name (van Dyk, Ben Ayed) or its first (García Márquez).
    return len("".join(shorter)) > 2 and (longer[-len(shorter) :] == shorter or longer[: len(shorter)] == shorter)


@lru_cache(maxsize=8192)
def _reduced(name: str) -> tuple[str, ...]:
    """The words of a folded family name without particles, umlauts spelled with or without `e` made alike."""
    words = [word for word in fold(name).split() if word not in _PARTICLES] or fold(name).split()
    return tuple(word.replace("ae", "a").replace("oe", "o").replace("ue", "u") for word in words)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the authors that a list prints agree with the full list of a record.

    `all`      everyone printed is there, the first one first; without "et al." nobody else is
    `most`     at least two thirds are there, or all of them but in another order, or others besides
    `some`     at least a third is there
    `none`     other authors
    `unknown`  one of the two names nobody

    `complete` is true where both lists name everyone, and the same people; `doubtful` where the agreement may be one
    of common surnames only: another initial, a given name taken for a family name, or somebody else named first.
    """

    level: Level
    matched: int = 0
    printed: int = 0
    complete: bool = False
    doubtful: bool = False

    def __str__(self) -> str:
        return "authors unknown" if self.level == "unknown" else f"authors agree {self.matched} of {self.printed}"


def agree(
    printed: Sequence[str],
    authors: Sequence[str],
    et_al: bool = False,
    *,
    initials: Sequence[str] = (),
    given: Sequence[str] = (),
) -> Agreement:
    """Whether printed family names agree with all authors' family names, both folded (see `families`).

    `given` are the authors' folded given names, in the same order: a printed name that equals one whole given name
    counts as that author, because family names come first in many languages and registries turn them round; such a
    match never lifts the result over `some`. Neither does one whose given name cannot start with the printed
    `initials` (parallel to `printed`): `Wang, L.` is not Xun Wang.
    """
    ours, theirs = [name for name in printed if name], [name for name in authors if name]
    if not ours or not theirs:
        return Agreement("unknown", 0, len(ours))
    taken, turned = _pair(ours, theirs, list(given))
    turned = turned or _initials_differ(taken, list(initials), list(given))
    matched = sum(place is not None for place in taken)
    ordered = taken[0] == 0 and not turned
    complete = matched == len(ours) == len(theirs) and not et_al and not turned
    if matched == len(ours) and ordered and (et_al or len(theirs) == len(ours)):
        level: Level = "all"
    elif 3 * matched >= 2 * len(ours) and not turned and (ordered or len(ours) > 1):
        level = "most" if 2 * matched >= (1 if et_al else len(theirs)) or len(ours) < len(theirs) == matched else "some"
    elif 3 * matched >= len(ours) and matched:
        level = "some"
    else:
        level = "none"
    doubtful = turned or (not ordered and len(ours) == 1)
    return Agreement(level, matched, len(ours), complete, doubtful)


def _pair(ours: list[str], theirs: list[str], given: list[str]) -> tuple[list[int | None], bool]:
    """For each printed name the place of the author it is, each author once; and whether a given name was needed."""
    free = set(range(len(theirs)))
    taken: list[int | None] = [None] * len(ours)
    for number, name in enumerate(ours):
        for place in sorted(free, key=lambda place: (abs(place - number), place)):
            if same_family(name, theirs[place]):
                taken[number] = place
                free.discard(place)
                break
    turned = False
    for number, name in enumerate(ours):
        if taken[number] is None:
            place_of = next((p for p in sorted(free) if p < len(given) and len(name) > 1 and given[p] == name), None)
            if place_of is not None:
                taken[number], turned = place_of, True
                free.discard(place_of)
    return taken, turned


def _initials_differ(taken: list[int | None], initials: list[str], given: list[str]) -> bool:
    """Whether some printed initial is not among the initials of the author taken for it."""
    for place, letter in zip(taken, initials, strict=False):
        known = given[place].split() if place is not None and place < len(given) else []
        if letter and known and all(word[0] != letter for word in known):
            return True
    return False
