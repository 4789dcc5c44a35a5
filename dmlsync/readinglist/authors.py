"""Author cells and author lists: the names in them, and whether a piece of text is one at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dmlsync.readinglist.characters import squeeze
from dmlsync.readinglist.vocabulary import NAME_PARTICLES, NO_NAMES, VENUES

_LABEL = re.compile(r"^(?:authors?|by)\s*[:：]\s*|^by\s+", re.IGNORECASE)
# No word boundary in front: lists have `A.et al.`
_MORE = re.compile(
    r"(?<![^\W\d_])(?:et\.?\s?al(?![^\W\d_])\.?|and\s+(?:many\s+|\d+\s+)?others\b|and\s+colleagues\b)|\.\.\.|…|等",
    re.IGNORECASE,
)
_CONJUNCTION = re.compile(r",?\s+(?:and|und|et|y)\s+|\s*[,，]?\s*&\s*", re.IGNORECASE)
_COMMA = re.compile(r"\s*[,，、]\s*")
_INITIAL = re.compile(r"[^\W\d_]\.?(?:-?[^\W\d_]\.)*(?:-[^\W\d_])?")
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}
_NAME_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.\-‐])*")
_FOOTNOTE = re.compile(r"[\d*†‡§¶#^]+$")
_LONGEST = 3000


@dataclass(frozen=True, slots=True)
class Names:
    """The names of an author list, each as printed (`Song, H. O.`), and whether more are meant (`et al.`)."""

    names: tuple[str, ...] = ()
    et_al: bool = False


def read_names(text: str) -> Names:
    """The names in an author cell.

    Understands `Song, H. O. et al.`, `Zhai, A. and Wu, H.`, `Kim, S., Cho, M.`, `Sungyeon Kim, Minsu Cho`,
    `Kim S, Cho M`, `Kim, Sungyeon; Cho, Minsu` and `Kim, Sungyeon and Cho, Minsu`. Initials that follow a complete
    name are the remains of a cut-off one and are left out: of `K. Q. Weinberger, J. et al.` stays
    `K. Q. Weinberger`, et al.
    """
    text = _LABEL.sub("", squeeze(text[:_LONGEST]))
    more = _MORE.search(text)
    head = text[: more.start()] if more else text
    if ";" in head or "；" in head:
        found = [squeeze(part) for part in re.split("[;；]", head)]
        names = [_clean(part) for part in found]
        return Names(tuple(name for name in names if name), et_al=bool(more))
    groups = [[_clean(part) for part in _COMMA.split(group)] for group in _CONJUNCTION.split(head)]
    groups = [kept for group in groups if (kept := [part for part in group if part])]
    cut_off = False
    joined: list[str] = []
    for group in groups:
        if _is_family_and_given(group, groups):
            joined.append(", ".join(group))
            continue
        for name in _pair_up(group):
            if _is_initials(name):
                cut_off = True
            else:
                joined.append(name)
    return Names(tuple(joined), et_al=bool(more) or cut_off)


def looks_like_names(text: str, *, single: bool = False) -> bool:
    """Whether `text` is an author list and not a part of a title.

    It takes evidence: initials, `et al.`, or two names of two words and more; with `single`, where the place says so
    already, one such name is enough.
    """
    text = _LABEL.sub("", squeeze(text))
    if not text or len(text) > _LONGEST or any(char in text for char in '?!:()[]"“”/'):
        return False
    more = _MORE.search(text)
    if more and text[more.end() :].strip(" .,;"):
        return False
    names = read_names(text).names
    words = [name.replace(",", " ").split() for name in names]
    if not names or not all(_is_name(name) for name in words):
        return False
    if more or any(_is_initial(word) for name in words for word in name):
        return True
    return all(len(name) >= 2 for name in words) and (len(names) >= 2 or single)


def _clean(part: str) -> str:
    return less_final_stop(_FOOTNOTE.sub("", part.strip(" ,;:，*†‡")).strip(" ,;:"))


def less_final_stop(names: str) -> str:
    """Author names without the full stop that ends their sentence; that of initials, `Jr.` and `al.` stays."""
    last = names.rpartition(" ")[2]
    if last.endswith(".") and not _is_initial(last) and last[:-1].lower() not in (*_SUFFIXES, "al"):
        return names.rstrip(".")
    return names


def _is_initial(word: str) -> bool:
    return _INITIAL.fullmatch(word) is not None and word[0].isupper()


def _is_initials(part: str) -> bool:
    words = part.split()
    return bool(words) and all(_is_initial(word) or (len(word) == 2 and word.isupper()) for word in words)


def _is_family_and_given(group: list[str], groups: list[list[str]]) -> bool:
    """Whether the group is one name with its family name first, written out: `Kim, Sungyeon` or `Van Gool, Luc`."""
    if any(len(other) != 2 or _is_initials(other[1]) for other in groups):
        return False
    family = [word for word in group[0].split() if word.lower() not in NAME_PARTICLES]
    # Scripts without capitals set no comma between family and given name.
    return len(family) == 1 and family[0][0].isupper() and len(group[1].split()) <= 2


def _pair_up(parts: list[str]) -> Iterator[str]:
    """Joins `Song` and `H. O.` to one name; initials without a family name before them come out alone."""
    at = 0
    while at < len(parts):
        name = parts[at]
        at += 1
        has_initials = any(_is_initial(word) for word in name.split())
        if not has_initials and at < len(parts) and _is_initials(parts[at]):
            name = f"{name}, {parts[at]}"
            at += 1
        if at < len(parts) and parts[at].rstrip(".").lower() in _SUFFIXES:
            name = f"{name}, {parts[at]}"
            at += 1
        yield name


def _is_name(words: list[str]) -> bool:
    if not 1 <= len(words) <= 6:
        return False
    for word in words:
        if word.lower() in NAME_PARTICLES:
            continue
        if not _NAME_WORD.fullmatch(word) or word[0].islower() or word.lower() in NO_NAMES:
            return False
        if word.isupper() and (word.lower() in VENUES or (len(words) == 1 and len(word) > 2 and "." not in word)):
            return False
    return any(word.lower() not in NAME_PARTICLES for word in words)
