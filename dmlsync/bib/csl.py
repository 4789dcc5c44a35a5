"""Items as CSL JSON, the form in which citation processors take them.

Variables, types and the forms of names and dates follow the CSL 1.0.2 specification and its JSON schema; which field
fills which variable, Zotero's own table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dmlsync import schema
from dmlsync.bib.export import ExportedItem
from dmlsync.bib.loose_dates import guessed_date, with_original
from dmlsync.bib.name_parts import name_parts
from dmlsync.bib.names import OTHERS
from dmlsync.model import ARXIV, Creator
from dmlsync.text.latex import clean

_ISO = re.compile(r"(-?\d{1,4})(?:-(\d\d)(?:-(\d\d))?)?([?~])?(?:T.*)?", re.ASCII)
_NOT_IN_CSL = frozenset(("note", "citation-key"))
# Variables that only Extra can fill, by the names under which it is read.
_ONLY_EXTRA = {"originalTitle": "original-title", "status": "status"}


def csl_of(key: str, item: ExportedItem) -> dict[str, Any]:
    """One item as a CSL object; `key` is its `id`, which is also the citation key."""
    record = item.record
    csl: dict[str, Any] = {"id": key, "type": item.csl_type or schema.csl_type_of(record.item_type)}
    values = _values(item)
    for variable, bases in schema.csl_text_variables().items():
        value = next((text for base in bases if (text := values.get(base))), "")
        if value and variable not in _NOT_IN_CSL:
            csl[variable] = _pages(value) if variable == "page" else value
    for base, variable in _ONLY_EXTRA.items():
        if values.get(base):
            csl[variable] = values[base]
    for creator in record.creators:
        variable = _name_variable(record.item_type, creator.creator_type)
        if variable and creator.name != OTHERS:
            csl.setdefault(variable, []).append(_name(creator))
    for variable, base in schema.csl_date_variables().items():
        if values.get(base):
            csl[variable] = csl_date(values[base])
    arxiv = record.get(ARXIV)
    if note := "\n".join(filter(None, (f"arXiv: {arxiv}" if arxiv else "", item.note))):
        csl["note"] = note
    if item.tags:
        csl["keyword"] = ", ".join(sorted(item.tags, key=str.casefold))
    csl["citation-key"] = key
    return csl


def csl_date(text: str) -> dict[str, Any]:
    """A date as CSL has it: parts of one date or of a range, with its season or doubt, or as it was written."""
    first, slash, last = guessed_date(text).partition("/")
    parts = [_ISO.fullmatch(first), _ISO.fullmatch(last)] if slash and last else [_ISO.fullmatch(first)]
    if any(match is None for match in parts):
        return {"literal": clean(text)}
    found: dict[str, Any] = {"date-parts": [_date_parts(match) for match in parts if match]}
    if parts[0] and parts[0][2] and int(parts[0][2]) > 20:
        found["season"] = int(parts[0][2]) - 20
    if any(match and match[4] for match in parts):
        found["circa"] = True
    return found


def _date_parts(match: re.Match[str]) -> list[int]:
    month = int(match[2] or 0)
    if not 1 <= month <= 12:
        return [int(match[1])]
    return [int(match[1]), month] + ([int(match[3])] if match[3] and int(match[3]) else [])


def _values(item: ExportedItem) -> Mapping[str, str]:
    """All values by Zotero's base fields."""
    record = item.record
    values = {name: value for name, value in item.more.items() if value}
    for name, value in record.fields.items():
        values[schema.base_of(record.item_type, name)] = clean(value) if name != "abstractNote" else value.strip()
    date, original = with_original(values.get("date", ""))
    if original:
        values |= {"date": date, "originalDate": values.get("originalDate") or original}
    return values


def _pages(value: str) -> str:
    """CSL takes a hyphen for a range and sets the dash itself."""
    return re.sub(r" ?[-–—]+ ?", "-", value)


def _name_variable(item_type: str, creator_type: str) -> str:
    types = schema.creator_types_of(item_type)
    primary = types and creator_type == types[0]
    return "author" if primary else schema.csl_name_variables().get(creator_type, "")


def _name(creator: Creator) -> dict[str, str]:
    if creator.name:
        return {"literal": creator.name}
    return {part: text for part, text in name_parts(creator).items() if text}
