"""Titles of works: folded for comparison, compared, and told apart.

Two titles that look alike may name one work (another capital, a typing slip, a subtitle that a registry dropped) or
two (`Group Loss` and `Group Loss++`, part one and part two, a paper and its erratum). This module says which of these
it is from the words alone; whether two records are one work is decided in `dmlsync.resolve.match`.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Literal

from dmlsync.text.slips import SMALL_WORDS, differs_by_a_letter, is_misspelling

Relation = Literal["equal", "near", "slip", "part", "similar", "kin", "apart", "different"]
"""How two titles relate.

`equal`      the same words; only capitals, accents, punctuation, hyphens or blanks differ
`near`       a typing slip or another spelling of one or two long words
`slip`       one letter differs, in a word so short or so placed that it may be another word (`focal`, `local`)
`part`       one is the other without its subtitle, or without the name in front of the colon
`similar`    four fifths of the letters agree: perhaps a changed title
`kin`        they share a coined name or half of their telling words
`apart`      alike, but a numeral, `++`, `supplementary`, `erratum` ... sets them apart
`different`  nothing of the above
"""

ALIKE: frozenset[Relation] = frozenset({"equal", "near", "slip"})
"""The relations of titles that print the same words, slips aside."""

_MAX_LENGTH = 1000  # longer "titles" are abstracts or attacks; comparing them letter by letter would take seconds
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,80}>")
_COMMAND = re.compile(r"\\(?:text|math)(?:bf|it|rm|sc|sf|tt|up|normal|cal|bb|frak)\b|\\(?:emph|mbox|ensuremath)\b")
_ACCENT = re.compile(r"\\[\"'`^~=.](?=[{A-Za-z\\])|\\[cuvHrkd](?=\{)")
_LOOSE_PLUS = re.compile(r"[)\]?!.\"”]{1,3}(\+\+)")
_WORD = re.compile(r"[^\W_]+(?:[+#]+(?!\w)|@(?=\w)[^\W_]*)?")
_BREAK = re.compile(r" ?: | [-–—‒―]{1,3} | ?[—―] ?|\? |\. (?=[A-Z])")
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that say nothing about which paper it is: a title of these alone is generic.
_COMMON = _words(
    "deep learning learn machine metric similarity distance neural network networks survey surveys review overview "
    "introduction tutorial advances recent progress study analysis approach approaches method methods model models "
    "modeling modelling theory application applications system systems data mining representation representations "
    "image images video vision visual computer retrieval recognition classification clustering detection segmentation "
    "reinforcement supervised unsupervised semi self transfer feature features embedding embeddings large scale "
    "adaptive robust efficient fast optimization training language natural processing artificial intelligence "
    "editorial preface foreword frontmatter front matter index contents table message chairs program committee "
    "welcome keynote panel discussion conclusion conclusions perspectives challenges opportunities future"
)
# A word of these on one side only: another document about the work, or around it.
_DOCUMENT_WORDS = _words(
    "supplement supplementary supplemental appendix erratum errata corrigendum corrigenda correction corrections "
    "addendum retraction retracted withdrawn comment comments reply response rejoinder rebuttal workshop poster demo "
    "demonstration tutorial editorial slides talk"
)
_DOCUMENT_PHRASES = ("extended abstract", "book review", "technical report", "review of", "revisited", "phd thesis")
_ROMAN = re.compile(r"(?:x{0,2})(?:ix|iv|v?i{0,3})")


@lru_cache(maxsize=4096)
def fold(title: str) -> str:
    """The title's words in lower case, one blank between them, without accents, punctuation and mark-up.

    What distinguishes works stays: `++` and `#` after a word, `@` inside one, all numerals. Greek letters are spelled
    out (`β-VAE` and `$\\beta$-VAE` fold alike), hyphens of every kind separate words.
    """
    plain = html.unescape(html.unescape(title[: 4 * _MAX_LENGTH]))
    plain = _COMMAND.sub(" ", _TAG.sub("", plain))
    plain = _ACCENT.sub("", plain).replace("\\", "").replace("{", "").replace("}", "").replace("$", "")
    plain = _LOOSE_PLUS.sub(r"\1", plain)
    plain = unicodedata.normalize("NFKD", plain).casefold().translate(_LETTERS)
    letters = []
    for letter in plain:
        category = unicodedata.category(letter)
        if category in ("Mn", "Cf"):
            continue
        letters.append(_greek(letter) if "\u0370" <= letter <= "\u03ff" else letter)
    return " ".join(_WORD.findall("".join(letters).replace("'", "").replace("’", "")))[:_MAX_LENGTH].rstrip()


def _greek(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return name.rpartition(" LETTER ")[2].split(" ")[0].lower() if " LETTER " in name else letter


def similarity(a: str, b: str) -> float:
    """How alike two titles are once folded: 100 for equal, 0 for nothing in common (rapidfuzz's `ratio`).

    Token-set measures are not used: they call `Group Loss` and `Group Loss++` equal.
    """
    from rapidfuzz import fuzz

    return float(fuzz.ratio(fold(a), fold(b)))


def is_generic(title: str) -> bool:
    """Whether a title alone cannot tell a work: one or two words, or only words that half the field uses."""
    words = fold(title).split()
    telling = [word for word in words if word not in SMALL_WORDS]
    return len(telling) <= 2 or all(word in _COMMON for word in telling)


def is_shouting(title: str) -> bool:
    """Whether a title of several words is written in capitals throughout, as some registries deposit it."""
    words = [word for word in title.split() if sum(letter.isalpha() for letter in word) > 3]
    return len(words) > 1 and all(word == word.upper() for word in words)


def telling_words(title: str) -> frozenset[str]:
    """The folded words of a title that are neither small words nor common to the whole field."""
    return frozenset(word for word in fold(title).split() if word not in SMALL_WORDS and word not in _COMMON)


def segments(title: str) -> tuple[str, ...]:
    """The title's parts between colons, dashes and full stops, as printed: name and subtitle."""
    text = " ".join(title[: 4 * _MAX_LENGTH].split())
    return tuple(part for part in (piece.strip() for piece in _BREAK.split(text)) if part)


def coined_name(title: str) -> str:
    """The folded name in front of a title's colon or dash (`BIER`, `SoftTriple Loss`), `""` where there is none.

    A name has at most three words, one of them not an ordinary word of the field.
    """
    parts = segments(title)
    name = fold(parts[0]) if len(parts) > 1 else ""
    return name if name and len(name.split()) <= 3 and not set(name.split()) <= SMALL_WORDS | _COMMON else ""


@dataclass(frozen=True, slots=True)
class Marks:
    """What sets a title apart from an otherwise equal one.

    `numerals` are free-standing numbers, Arabic, as multiset (`part II` gives `2`), `plus` words that end in `+`,
    `document` words for another document about the work (`erratum`, `supplementary`, `workshop`), `mixed` words of
    letters and digits (`yolov3`, `3d`).
    """

    numerals: tuple[str, ...] = ()
    plus: tuple[str, ...] = ()
    document: tuple[str, ...] = ()
    mixed: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def marks(title: str) -> Marks:
    """The distinguishing marks of a title."""
    words = fold(title).split()
    ends = {*accumulate(len(fold(part).split()) for part in segments(title)), len(words)}
    numerals, mixed = [], []
    for place, word in enumerate(words, start=1):
        number = word.strip("+#")
        counted = place in ends or words[max(place - 2, 0)] in ("part", "vol", "volume")
        roman = _roman(number, strict=not counted)
        if number.isdecimal() or roman:
            numerals.append(str(roman or int(number[:18])))
        elif any(letter.isdigit() for letter in number):
            mixed.append(number)
    text = " ".join(words)
    document = [word for word in words if word in _DOCUMENT_WORDS]
    document += [phrase for phrase in _DOCUMENT_PHRASES if f" {phrase} " in f" {text} "]
    plus = [word for word in words if word.endswith("+")]
    return Marks(tuple(sorted(numerals)), tuple(sorted(plus)), tuple(sorted(document)), tuple(sorted(mixed)))


def _roman(word: str, *, strict: bool) -> int:
    """The value of a Roman numeral up to 29, 0 where the word is none; `strict` takes single letters for letters."""
    if not word or (strict and len(word) == 1) or not _ROMAN.fullmatch(word):
        return 0
    values = {"i": 1, "v": 5, "x": 10}
    total = 0
    for here, following in zip(word, f"{word[1:]} ", strict=True):
        total += -values[here] if values.get(following, 0) > values[here] else values[here]
    return total


def relation(a: str, b: str) -> Relation:
    """How two titles relate; symmetric."""
    first, second = fold(a), fold(b)
    if not first or not second:
        return "different"
    base = _relation_of_words(a, b, first, second)
    if base in ("equal", "different"):
        return base
    return "apart" if _marked_apart(a, b, base) else base


def _relation_of_words(a: str, b: str, first: str, second: str) -> Relation:
    if first.replace(" ", "") == second.replace(" ", ""):
        return "equal"
    if is_misspelling(first.split(), second.split()):
        return "near"
    if differs_by_a_letter(first.split(), second.split()):
        return "slip"
    if _is_part(a, b) or _is_part(b, a):
        return "part"
    if similarity(a, b) >= 80:
        return "similar"
    return "kin" if _is_kin(a, b) else "different"


def _marked_apart(a: str, b: str, base: Relation) -> bool:
    one, other = marks(a), marks(b)
    if base == "slip":  # no digit and no sign differs, but a letter may be a Roman numeral
        return one.numerals != other.numerals
    if (one.plus, one.document) != (other.plus, other.document):
        return True
    if base == "kin":
        # Two titles that merely share a name may well differ in a number of something.
        return False
    if one.numerals != other.numerals:
        return base != "part" or not _is_in_subtitle(a, b)
    left, right = Counter(one.mixed), Counter(other.mixed)
    gone, come = left - right, right - left
    # A dropped name may hold digits (`S2SD: ...`); anywhere else they are a version or a dimension.
    return bool(gone and come) or (bool(gone or come) and base != "part")


def _is_in_subtitle(a: str, b: str) -> bool:
    """Whether the longer title is the shorter one and a subtitle of several words that begins without a number.

    `Part II`, `2.0` and the like set a title apart; `40,000 subjects of a bank` somewhere in a subtitle do not.
    """
    short, long = sorted((fold(a).split(), fold(b).split()), key=len)
    rest = long[len(short) :]
    begins = rest[:1] in (["part"], ["vol"], ["volume"]) or any(bool(marks(word).numerals) for word in rest[:1])
    return long[: len(short)] == short and not begins and sum(word.isalpha() for word in rest) >= 4


def _is_part(whole: str, piece: str) -> bool:
    """Whether `piece` is `whole` without its subtitle, or without the name in front if it still tells the work."""
    parts, target = segments(whole), fold(piece).replace(" ", "")
    if len(parts) < 2:
        return False
    head, tail = fold(parts[0]).replace(" ", ""), fold(parts[-1]).replace(" ", "")
    folded = fold(whole).replace(" ", "")
    if folded.startswith(target):
        # Cut exactly at a break, not in the middle of a phrase.
        return any(fold(" ".join(parts[:count])).replace(" ", "") == target for count in range(1, len(parts)))
    if not folded.endswith(target) or is_generic(piece):
        return False
    rest = folded[: len(folded) - len(target)]
    return rest == head or target == tail or bool(coined_name(piece) and target.endswith(tail))


def _is_kin(a: str, b: str) -> bool:
    """Whether titles share a coined name, or at least half of the telling words of the shorter (two or more)."""
    ours, theirs = fold(a).split(), fold(b).split()
    for name, words in ((coined_name(a), theirs), (coined_name(b), ours)):
        size = len(name.split())
        if size and any(words[at : at + size] == name.split() for at in range(len(words) - size + 1)):
            return True
    left, right = telling_words(a), telling_words(b)
    shared = len(left & right)
    return shared >= 2 and 2 * shared >= min(len(left), len(right))
