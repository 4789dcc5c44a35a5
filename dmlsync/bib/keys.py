"""Citation keys: new ones, which are legal, and the other names that entries are known by."""

from __future__ import annotations

import difflib
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cache
from itertools import count, product
from string import ascii_lowercase

from dmlsync.bib.document import Document
from dmlsync.bib.entry_types import Dialect
from dmlsync.bib.key_formula import DEFAULT_KEY, Formula, parse_formula
from dmlsync.bib.values import content
from dmlsync.model import Record

IDS = "ids"
"""biblatex's field for the other keys of an entry, separated by commas."""

_MAX_KEY = 200
# biber and BibTeX stop at some of these, TeX gives a meaning to others, and a comma or blank ends a key in `\cite`.
_ILLEGAL = re.compile(r"[^\w+\-.:/*!?]|[\x00-\x20]")


@cache
def default_formula() -> Formula:
    """The formula of keys where the configuration names none."""
    return parse_formula(DEFAULT_KEY)


def propose_key(record: Record, taken: Container[str], formula: Formula | None = None) -> str:
    """A free citation key for a new record, such as `weinberger2005distance`.

    `formula` says what it is made of: see `dmlsync.bib.key_formula`. `taken` holds the keys that exist in lower case
    (as `Document.keys` does), for keys are unique regardless of case; the newcomer gets the suffix `a`, `b` ... `z`,
    `aa`.
    """
    base = (formula or default_formula()).of(record)
    return next(key for key in _with_suffixes(base) if key.lower() not in taken)


def _with_suffixes(base: str) -> Iterator[str]:
    yield base
    for length in count(1):
        for letters in product(ascii_lowercase, repeat=length):
            yield base + "".join(letters)


def key_problem(key: str, dialect: Dialect = "biblatex") -> str:
    """Why a text cannot be a citation key, `""` where it can; letters beyond ASCII are for biblatex alone."""
    if not key:
        return "a citation key cannot be empty"
    if found := _ILLEGAL.search(key):
        sign = "a blank" if found[0].isspace() else f"`{found[0]}`" if found[0].isprintable() else "a control character"
        return f"a citation key cannot hold {sign}"
    if len(key) > _MAX_KEY:
        return f"a citation key cannot be longer than {_MAX_KEY} characters"
    if dialect == "bibtex" and not key.isascii():
        return "a citation key cannot hold letters beyond ASCII in the dialect bibtex"
    return ""


def aliases(document: Document) -> Mapping[str, str]:
    """The other keys of all entries, as their field `ids` names them, each with the entry's own key.

    An alias that is also an entry's own key means that entry, and is left out; of two entries with one alias the first
    has it.
    """
    found = dict[str, str]()
    own = {entry.key for entry in document.readable}
    for entry in document.readable:
        for field in entry.fields:
            if field.name == IDS:
                for alias in content(field.value, document).split(","):
                    if (name := alias.strip()) and name not in own:
                        found.setdefault(name, entry.key)
    return found


def nearest(key: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known keys that a misspelt one may mean, the best first; capitals are no difference."""
    by_folded = {name.lower(): name for name in known}
    if key.lower() in by_folded:
        return (by_folded[key.lower()],)
    near = difflib.get_close_matches(key.lower(), by_folded, n=3, cutoff=0.7)
    return tuple(by_folded[name] for name in near)
