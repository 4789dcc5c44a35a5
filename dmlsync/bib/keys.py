"""Citation keys for newcomers: `weinberger2005distance`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator
from itertools import count, product
from string import ascii_lowercase

from dmlsync import schema
from dmlsync.model import Creator, Record
from dmlsync.text.latex_symbols import words

_MAX_FAMILY, _MAX_WORD = 40, 30
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n"}
)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,80}>")
_COMMAND = re.compile(r"\\[A-Za-z]+|[$\\{}]")
_WORD = re.compile(r"[^\W_]+(?:[-‐‑'’.][^\W_]+)*+")
_NOT_KEY = re.compile(r"[^a-z0-9]+")
_SKIPPED = frozenset(
    words(
        """
    a about across after against all along am among an and any are around as at be because been before behind being
    below beneath beside between beyond both but by can could did do does doing down during each either else even
    every few for from further had has have having he her here his how i if in inside into is it its itself just let
    like may me might more most much must my near neither no nor not of off on once one only onto or other our out
    over own per rather same shall she should since so some such than that the their them then there these they this
    those through throughout till to too toward towards under until up upon us using very via was we were what when
    where whether which while who whom whose why will with within without would yet you your der die das ein eine und
    le la les un une des et du de el los las y il lo gli
    """
    )
)


def propose_key(record: Record, taken: Container[str]) -> str:
    """A free citation key for a new record: the first author's family name, the year, the first telling title word.

    All in lower-case ASCII letters and digits, at most 80 of them; particles belong to the family name. Without an
    author it starts with the first other creator or `anonymous`, without a year or a telling word it goes without.
    `taken` holds the keys that exist in lower case (as `Document.keys` does), for keys are unique regardless of case;
    the newcomer gets the suffix `a`, `b` ... `z`, `aa`.
    """
    base = f"{_family(record)}{record.year or ''}{_first_word(record.title)}"
    return next(key for key in _with_suffixes(base) if key not in taken)


def _with_suffixes(base: str) -> Iterator[str]:
    yield base
    for length in count(1):
        for letters in product(ascii_lowercase, repeat=length):
            yield base + "".join(letters)


def _family(record: Record) -> str:
    for creator in _by_rank(record):
        family = _folded(creator.last_name or creator.name or creator.first_name)
        if family and creator.name != "others":
            return family[:_MAX_FAMILY]
    return "anonymous"


def _by_rank(record: Record) -> list[Creator]:
    """The creators, authors first, then editors, then the rest."""
    types = schema.creator_types_of(record.item_type) if schema.is_item_type(record.item_type) else ()
    primary = {"author", *types[:1]}
    rank = {"editor": 1, "translator": 2}
    return sorted(record.creators, key=lambda c: 0 if c.creator_type in primary else rank.get(c.creator_type, 3))


def _first_word(title: str) -> str:
    plain = _COMMAND.sub("", _TAG.sub("", title[:1000]))
    words = [_folded(word) for word in _WORD.findall(plain)]
    words = [word for word in words if len(word) > 1 or word.isdecimal()]
    telling = (word for word in words if word not in _SKIPPED)
    return next(telling, words[0] if words else "")[:_MAX_WORD]


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return _NOT_KEY.sub("", decomposed)
