"""Typing slips: whether two folded titles, as lists of words, differ by one alone.

A slip leaves a word that looks like the right one. A negation, a numeral or a turned word (`not`, `without`) does so,
too, and makes another title: those are no slips.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

_SMALL = """
    a an the of for in on with without via by to and or from at as is are be its into using under over through toward
    towards between beyond how what why when do does can we it not no new
"""
SMALL_WORDS = frozenset(_SMALL.split())
"""Words that carry no meaning of their own."""

_TURNING = frozenset({"no", "not", "without", "new"})
_NEGATIONS = ("un", "in", "im", "non", "dis", "anti", "de", "a", "semi", "multi", "bi", "re", "pre", "post")


def is_misspelling(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether at most two words differ, each slightly: neither in the first letter nor by a negation."""
    if len(first) != len(second) or sum(map(len, first)) < 20:
        return False
    differing = [(one, other) for one, other in zip(first, second, strict=True) if one != other]
    return 0 < len(differing) <= 2 and all(_is_slip(one, other) for one, other in differing)


def _is_slip(one: str, other: str) -> bool:
    from rapidfuzz.distance import OSA

    shorter = min(len(one), len(other))
    if not (one + other).isalpha():
        return False
    if (one in SMALL_WORDS) != (other in SMALL_WORDS) and len(one) == len(other) > 1:
        return not {one, other} & _TURNING and OSA.distance(one, other) == 1
    # A short word, or another first letter, is another word more often than a slip (hot, not; focal, local).
    if shorter < 5 or (one[0] != other[0] and shorter < 8):
        return False
    if _is_negation(one, other):
        return False
    allowed = 2 if shorter >= 9 else 1
    return OSA.distance(one, other, score_cutoff=allowed) <= allowed


def differs_by_a_letter(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether one letter of one word is lost, doubled, changed or swapped with the next, in a title of some length.

    Among 160,000 papers of machine learning no two of one venue differ by one letter alone, but thousands by a digit.
    A word of one letter counts as a name (part A, part B), and a prefix that negates as another word.
    """
    from rapidfuzz.distance import OSA

    one, other = " ".join(first), " ".join(second)
    if min(len(one), len(other)) < 20 or OSA.distance(one, other, score_cutoff=1) != 1:
        return False
    ours, theirs = Counter(first), Counter(second)
    gone, come = [*(ours - theirs).elements()], [*(theirs - ours).elements()]
    if len(gone) != 1 or len(come) != 1:
        return False
    one, other = gone[0], come[0]
    small = {one, other} & SMALL_WORDS  # `nd` for `and`, `o` for `of`
    if {one, other} & _TURNING or len(one) == len(other) == 1 or (min(len(one), len(other)) < 2 and not small):
        return False
    if [sign for sign in one if not sign.isalpha()] != [sign for sign in other if not sign.isalpha()]:
        return False
    return bool(small) or not _is_negation(one, other)


def _is_negation(one: str, other: str) -> bool:
    """Whether one word is the other with a prefix that turns or multiplies it; a doubled first letter is none."""
    return any(
        (one == prefix + other or other == prefix + one) and not (len(prefix) == 1 and one[:1] == other[:1])
        for prefix in _NEGATIONS
    )
