"""Author cells and author lists: the names in them, and whether a piece of text is one at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from dmlsync.readinglist.characters import squeeze
from dmlsync.readinglist.vocabulary import FAMILY_NAMES, NAME_PARTICLES, NO_NAMES, VENUES

_LABEL = re.compile(r"^(?:authors?|by|作者|著者|저자|авторы?)\s*[:：]\s*|^by\s+", re.IGNORECASE)
# No word boundary in front: lists have `A.et al.`
_MORE = re.compile(
    r"(?<![^\W\d_])(?:et\.?\s?al(?![^\W\d_])\.?|and\s+(?:many\s+|\d+\s+)?others\b|and\s+colleagues\b|и\s+др\b\.?|وآخرون|외(?!\w)|ほか)"
    r"|\.\.\.|…|等|(?<=\S)\s+他\s*$",
    re.IGNORECASE,
)
# `Y` is an initial, and `Agüera y Arcas` a family name.
_CONJUNCTION = re.compile(r",?\s+(?:[Aa]nd|AND|und|et|и|та|y(?=\s[^\s,]+(?:\s|,\s\w\.)))\s+|\s*[,，]?\s*[&＆]\s*")
_COMMA = re.compile(r"\s*[,，、،]\s*")
_SEMICOLON = re.compile("[;；؛]")
_INITIAL = re.compile(r"[^\W\d_]\.?(?:-?[^\W\d_]\.)*(?:-[^\W\d_])?")
_BARE_INITIALS = re.compile(r"[^\W\d_]{1,3}(?:-[^\W\d_]){0,2}")
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}
_NAME_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.\-‐])*")
_FOOTNOTE = re.compile(r"[\d*†‡§¶#^]+$")
# Names of East Asia without a blank: 张三, 欧阳修远, 김철수, 山田太郎.
_UNPARTED = re.compile(r"[\u3400-\u9fff\u3005]{2,6}|[\uac00-\ud7a3]{2,4}")
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_MOST_GIVEN_NAMES = 4
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
    if _SEMICOLON.search(head):
        found = [_clean(squeeze(part)) for part in _SEMICOLON.split(head)]
        return Names(tuple(name for name in found if name), et_al=bool(more))
    groups = [_parts(group) for group in _CONJUNCTION.split(head)]
    groups = [group for group in groups if group]
    if _are_families_first(groups):
        pairs = (group[at : at + 2] for group in groups for at in range(0, len(group), 2))
        return Names(tuple(", ".join(pair) for pair in pairs), et_al=bool(more))
    if _is_first_reversed(groups):
        groups[0][:2] = [", ".join(groups[0][:2])]
    cut_off = False
    joined: list[str] = []
    for group in groups:
        for name in _pair_up(group):
            if _is_initials(name) and (len(name.split()) == 1 or not _starts_with_initial(joined or group)):
                cut_off = True
            else:
                joined.append(name)
    return Names(tuple(joined), et_al=bool(more) or cut_off)


def _parts(group: str) -> list[str]:
    """The parts between commas; `Jr.` stays with the part before it."""
    parts: list[str] = []
    for part in map(_clean, _COMMA.split(group)):
        if parts and part.rstrip(".").lower() in _SUFFIXES:
            parts[-1] += f", {part}"
        elif part:
            parts.append(part)
    return parts


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
    if not names or not all(_is_name(name, no_names=()) for name in words):
        return False
    # `In So Kweon` and `Yang An` are people, too: many names around them say so.
    doubtful = sum(not _is_name(name) for name in words)
    if 4 * doubtful > len(words):
        return False
    if more or any(_has_initials(" ".join(name)) for name in words):
        return True
    return all(len(name) >= 2 or _UNPARTED.fullmatch(name[0]) for name in words) and (len(names) >= 2 or single)


def are_family_names(text: str) -> bool:
    """Whether `text` is a list of family names with a word for *and*: `van den Oord, Li and Vinyals`."""
    if _CONJUNCTION.search(text) is None and not _MORE.search(text):
        return False
    found = read_names(text)
    return bool(found.names) and all(_is_name(name.replace(",", " ").split()) for name in found.names)


def _clean(part: str) -> str:
    return less_final_stop(_FOOTNOTE.sub("", part.strip(" ,;:，*†‡")).strip(" ,;:"))


def less_final_stop(names: str) -> str:
    """Author names without the full stop that ends their sentence; that of initials, `Jr.` and `al.` stays."""
    last = names.rpartition(" ")[2]
    if last.endswith(".") and not _is_initial(last) and last[:-1].lower() not in (*_SUFFIXES, "al"):
        return names.rstrip(".")
    return names


def _is_initial(word: str) -> bool:
    """Whether a word is one or more initials: `S.`, `C.-Y.`, `J.R.`; the `Xu.` that ends a sentence is none."""
    return _INITIAL.fullmatch(word) is not None and (word.isupper() or (word[0].isupper() and "-" in word))


def _is_initials(part: str) -> bool:
    words = _less_suffix(part).split()
    return bool(words) and all(_is_initial(word) or (len(word) == 2 and word.isupper()) for word in words)


def _less_suffix(part: str) -> str:
    head, _, last = part.rpartition(" ")
    return head.rstrip(",") if head and last.rstrip(".").lower() in _SUFFIXES else part


def _has_initials(part: str) -> bool:
    """Whether a name has its initials beside it: `S. Kim`, `Kim S`, `Yamini BK`."""
    words = part.split()
    if any(_is_initial(word) for word in words):
        return True
    return len(words) > 1 and words[-1].isupper() and _BARE_INITIALS.fullmatch(words[-1]) is not None


def _starts_with_initial(names: list[str]) -> bool:
    """Whether names come with their initials in front, so that `D. K. G.` is one, too, and no rest of another."""
    return any(_is_initial(name.partition(" ")[0]) and not _is_initials(name) for name in names)


def _are_families_first(groups: list[list[str]]) -> bool:
    """Whether parts at commas are family and given name in turn: `Kim, Sungyeon and Cho, Minsu`, `Kim, S., Cho, M. K.`

    `groups` are the parts between conjunctions. Where only commas part names, two of them written out, as in
    `Liang Du, Yi-Dong Shen`, are two people, and so are single words, of which nobody knows what they are.
    """
    if not groups or any(len(group) % 2 for group in groups):
        return False
    families = [part for group in groups for part in group[::2]]
    given = [part for group in groups for part in group[1::2]]
    if all(_is_initials(part) for part in given):
        full = sum(not _is_initials(part) for part in families)
        return 2 * full > len(families) and all(_is_family(part) or _is_initials(part) for part in families)
    if any(len(_less_suffix(part).split()) > _MOST_GIVEN_NAMES for part in given):
        return False
    if len(groups) >= 2 and all(len(group) == 2 for group in groups):
        return not any(_has_initials(part) for part in families) and _is_cased(families)
    if not all(_is_family(part) for part in families) or not _is_cased(families):
        return False
    if len(families) == 1:
        # `Da Li, Yi Xu`: behind a particle with a capital stands a given name only if it is one word.
        return families[0][0].islower() or " " not in families[0] or len(given[0].split()) == 1
    return any(len(_less_suffix(part).split()) > 1 or _is_initials(part) for part in given)


def _is_first_reversed(groups: list[list[str]]) -> bool:
    """Whether only the first author has the family name in front: `Schroff, Florian, Dmitry Kalenichenko, ...`"""
    parts = [part for group in groups for part in group]
    if not groups or len(groups[0]) < 2 or len(parts) < 3 or " " in parts[0] or not _is_cased(parts[:2]):
        return False
    given = parts[1].split()
    is_given = len(given) == 1 or all(_is_initial(word) for word in given[1:])
    return is_given and not _is_initials(parts[1]) and all(" " in part and not _is_initials(part) for part in parts[2:])


def _is_family(part: str) -> bool:
    """Whether it may be a family name alone: one word, with the particles before it."""
    words = part.split()
    return all(word.lower() in NAME_PARTICLES for word in words[:-1]) and not _is_initial(words[-1])


def _is_cased(parts: list[str]) -> bool:
    """Whether the script has capitals: others set no comma between family and given name."""
    return all(part.split()[-1][0].isupper() for part in parts)


def _pair_up(parts: list[str]) -> Iterator[str]:
    """Joins `Song` and `H. O.` to one name; initials without a family name before them come out alone."""
    at = 0
    while at < len(parts):
        name = parts[at]
        at += 1
        if at < len(parts) and not _has_initials(name) and _is_initials(parts[at]):
            name = f"{name}, {parts[at]}"
            at += 1
        yield name


def _is_name(words: list[str], *, no_names: Collection[str] = NO_NAMES) -> bool:
    if not 1 <= len(words) <= 6:
        return False
    if not words[-1].isascii() and not _is_written_with_capitals(words):
        return _is_name_without_capitals(words)
    has_family = False
    for at, word in enumerate(words):
        if word.lower() in NAME_PARTICLES and at < len(words) - 1:
            continue
        # The `A` that starts a title has no full stop.
        is_article = at == 0 and word.lower() in no_names
        if (_is_initial(word) and not is_article) or (
            at and has_family and word.isupper() and _BARE_INITIALS.fullmatch(word)
        ):
            continue
        if not _NAME_WORD.fullmatch(word) or word[0].islower() or word.lower() in no_names:
            return False
        if word.isupper() and (word.lower() in VENUES or (len(words) == 1 and len(word) > 2 and "." not in word)):
            return False
        has_family = True
    return has_family or len(words) > 1


def _is_written_with_capitals(words: list[str]) -> bool:
    return any(word[0].lower() != word[0].upper() for word in words)


def _is_name_without_capitals(words: list[str]) -> bool:
    """Whether it can be a name of a script without capitals: two to four words, or a known family name in front."""
    letters = "".join(words)
    if _UNPARTED.fullmatch(letters):
        return len(words) <= 2 and letters.startswith(FAMILY_NAMES)
    spelt = "".join(char for char in letters if not unicodedata.category(char).startswith("M"))
    return 2 <= len(words) <= 4 and spelt.isalpha() and not _IDEOGRAPHS.search(letters)
