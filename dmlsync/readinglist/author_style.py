"""How a list prints authors: the order of their names, initials or not, how many before `et al.`, what is between.

Learnt from the entries that it has; a new entry then looks like its neighbours.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from dmlsync.model import Creator, Entry

T = TypeVar("T")
Given = Literal["full", "initials", "bare initials", "none"]

_INITIALS = re.compile(r"[^\W\d_]\.?(?:[\s-]?[^\W\d_]\.?)*")
_MORE = re.compile(r",?\s*(?:et\.?\s?al\.?|and others|\.\.\.|…)", re.IGNORECASE)
_LAST = re.compile(r",? (?:and|&) ")
_ENTRIES_TO_LOOK_AT = 300


@dataclass(frozen=True, slots=True)
class AuthorStyle:
    """The way in which a list prints authors.

    `family_first` prints `Kim, S.`, with `comma` between. Up to `most` names are all printed (None: however many),
    of more only the first `shown`, with `more` behind. `between` and `last` stand between names.
    """

    family_first: bool = False
    comma: bool = True
    given: Given = "full"
    shown: int = 1
    most: int | None = None
    between: str = ", "
    last: str = ", "
    more: str = " et al."

    def printed(self, authors: Sequence[Creator]) -> str:
        """Authors as the list would print them."""
        names = [self._name(author) for author in authors]
        names = [name for name in names if name]
        if self.most is not None and len(names) > self.most:
            return self.between.join(names[: self.shown]) + self.more
        return self.last.join([self.between.join(names[:-1]), names[-1]] if len(names) > 1 else names)

    def _name(self, author: Creator) -> str:
        if not author.last_name:
            return author.name
        given = self._given(author.first_name)
        if not given:
            return author.last_name
        if not self.family_first:
            return f"{given} {author.last_name}"
        return f"{author.last_name}{',' if self.comma else ''} {given}"

    def _given(self, given: str) -> str:
        if self.given in ("full", "none"):
            return given if self.given == "full" else ""
        dot = "." if self.given == "initials" else ""
        words = (["-".join(f"{part[0]}{dot}" for part in word.split("-") if part)] for word in given.split())
        return (" " if dot else "").join(initial for word in words for initial in word if initial)


def style_of(entries: Iterable[Entry]) -> AuthorStyle:
    """How most of these entries print their authors; with a default where none does."""
    known = [entry for entry in entries if entry.author_names][:_ENTRIES_TO_LOOK_AT]
    if not known:
        return AuthorStyle()
    names = [_form(name) for entry in known for name in entry.author_names]
    family_first, comma, given = _most_common([form for form in names if form[2] != "none"] or names)
    between = "; " if _is_most([";" in entry.authors for entry in known if len(entry.author_names) > 1]) else ", "
    shown, most = _numbers(known)
    return AuthorStyle(family_first, comma, given, shown, most, between, _last(known, between), _more(known))


def _form(name: str) -> tuple[bool, bool, Given]:
    """Family name first or not, a comma behind it or not, and how the given names are printed."""
    _, comma, given = name.partition(", ")
    if comma:
        return True, True, _given_form(given)
    words = name.split()
    if len(words) < 2:
        return False, True, "none"
    if words[-1].isupper() and len(words[-1].strip(".")) <= 2 and len(words[0]) > 2:
        return True, False, _given_form(words[-1])
    return False, True, _given_form(" ".join(words[:-1]))


def _given_form(given: str) -> Given:
    if "." not in given and given.isupper() and len(given) <= 3:
        return "bare initials"
    return "initials" if _INITIALS.fullmatch(given) and len(given.partition(" ")[0].strip(".")) <= 2 else "full"


def _numbers(known: Sequence[Entry]) -> tuple[int, int | None]:
    """How many names stand before `et al.`, and how many are printed without it."""
    cut = [len(entry.author_names) for entry in known if entry.et_al]
    if not cut:
        return 1, None
    shown = _most_common(cut)
    whole = Counter(len(entry.author_names) for entry in known if not entry.et_al)
    usual = [number for number, times in whole.items() if times > 1 or number <= shown + 1 or len(known) < 10]
    return shown, max([shown, *usual])


def _last(known: Sequence[Entry], between: str) -> str:
    """What stands before the last name."""
    found = [_LAST.search(entry.authors) for entry in known if len(entry.author_names) > 1 and not entry.et_al]
    return _most_common([sign[0] if sign else between for sign in found]) if found else " and "


def _more(known: Sequence[Entry]) -> str:
    found = [sign[0] for entry in known if entry.et_al and (sign := _MORE.search(entry.authors))]
    return _most_common(found) if found else " et al."


def _most_common(values: Sequence[T]) -> T:
    return Counter(values).most_common(1)[0][0]


def _is_most(values: Sequence[bool]) -> bool:
    return 2 * sum(values) > len(values)
