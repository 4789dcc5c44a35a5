"""Names of people in library.bib. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from dmlsync.bib.scan import RawField
from dmlsync.check.rule import Checked, Finding, InBib, rule

_NAME_FIELDS = ("author", "editor", "bookauthor", "translator", "editora", "editorb", "editorc")
_BRACED = re.compile(r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*+\})*+\})*+\}")
_AND = re.compile(r"(?<=\s)and(?=\s)", re.IGNORECASE)
_ET_AL = re.compile(r"\bet\.?\s+al\b", re.IGNORECASE)
_EXTENDED = re.compile(r"\b(?:family|given|prefix)(?:-i)?\s*=")
_SEPARATORS = re.compile(r"(?<!\\)[;&]")
_JOINED_INITIALS = re.compile(r"(?:[A-Z]\.){2,}|[A-Z]{2,3}")
_SUFFIXES = frozenset({"JR", "SR", "II", "III", "IV", "MD"})


class _List(NamedTuple):
    """The names of one field, groups in braces blanked out so that positions stay."""

    one: InBib
    field: RawField
    names: tuple[str, ...]


@rule("broken-name", "warning", "A name list is not what BibTeX reads as names")
def broken_names(checked: Checked) -> Iterator[Finding]:
    """`et al.`, names parted by `;` or commas, a name that is missing between two `and`."""
    for one, field, names in _lists(checked):
        for name in names:
            if complaint := _complaint(name):
                yield checked.finding_in(one, f"{field.name}: {complaint}", field)
                break


def _complaint(name: str) -> str:
    if not name.strip():
        return "a name is missing beside an `and`"
    if _EXTENDED.search(name):
        return ""
    if _ET_AL.search(name):
        return "`et al.` is read as a name: write `and others`"
    if sign := _SEPARATORS.search(name):
        return f"names are parted by `and`, not by `{sign[0]}`"
    if name.count(",") > 2:
        return "a name with more than two commas: names are parted by `and`"
    if name.strip().startswith(","):
        return "a name begins with a comma"
    return ""


@rule("name-in-capitals", "warning", "A person's name is written in capitals")
def names_in_capitals(checked: Checked) -> Iterator[Finding]:
    """`SMITH, JOHN`, as registries deposit it; single words are organisations."""
    for one, field, names in _lists(checked):
        loud = [name.strip() for name in names if _is_loud(name)]
        if loud:
            yield checked.finding_in(one, f"{field.name}: `{loud[0]}` is in capitals", field)


def _is_loud(name: str) -> bool:
    words = re.findall(r"[^\W\d_]+", name)
    is_person = "," in name or len(words) == 2
    return (
        is_person and len(words) > 1 and name == name.upper() != name.lower() and any(len(word) > 3 for word in words)
    )


@rule("joined-initials", "info", "Initials run together, of which styles keep only the first")
def joined_initials(checked: Checked) -> Iterator[Finding]:
    """`Smith, J.A.` and `Smith, JA`: a style that abbreviates prints `Smith, J.`"""
    for one, field, names in _lists(checked):
        found = next((given for name in names if (given := _joined(name))), "")
        if found:
            spaced = " ".join(f"{letter}." for letter in found if letter != ".")
            yield checked.finding_in(one, f"{field.name}: `{found}` is read as one name: write `{spaced}`", field)


def _joined(name: str) -> str:
    """Initials that run together in the given names of a person; capitals without full stops only behind a comma."""
    family, comma, given = name.rpartition(",")
    words = given.split() if comma else name.split()[:1]
    if not comma and len(name.split()) != 2:
        return ""
    found = (word for word in words if _JOINED_INITIALS.fullmatch(word) and word.strip(".") not in _SUFFIXES)
    return next((word for word in found if "." in word or (comma and family != family.upper())), "")


def _lists(checked: Checked) -> Iterator[_List]:
    for one in checked.in_bib:
        for field in one.block.fields:
            value = field.value
            if field.name in _NAME_FIELDS and "#" not in value and value[:1] in '{"' and len(value) > 2:
                inner = _BRACED.sub(lambda match: "x" * len(match[0]), value[1:-1])
                yield _List(one, field, tuple(_AND.split(f" {inner} ")))
