"""Items as CSL JSON, the form in which citation processors take them."""

from __future__ import annotations

from typing import Any

from dmlsync import schema
from dmlsync.sandbox.dates import parsed_date
from dmlsync.sandbox.state import Item
from dmlsync.sandbox.values import shown_date


def csl_of(item: Item, library_id: int) -> dict[str, Any]:
    """One item as a CSL object; its `id` is the library's internal number and the item's key."""
    csl: dict[str, Any] = {"id": f"{library_id}/{item.key}", "type": schema.csl_type_of(item.type)}
    for variable, bases in schema.csl_text_variables().items():
        value = next((text for base in bases if (text := item.base_value(base))), "")
        if value:
            csl[variable] = value
    primary = next(iter(schema.creator_types_of(item.type)), "")
    for creator in item.creators:
        kind = "author" if creator["creatorType"] == primary else creator["creatorType"]
        variable = schema.csl_name_variables().get(kind, "")
        if variable:
            csl.setdefault(variable, []).append(_name(creator))
    for variable, base in schema.csl_date_variables().items():
        date = item.base_value(base)
        if date:
            csl[variable] = _date(date)
    return csl


def _name(creator: dict[str, str]) -> dict[str, str]:
    if "name" in creator:
        return {"family": creator["name"], "given": ""}
    return {"family": creator["lastName"], "given": creator["firstName"]}


def _date(stored: str) -> dict[str, Any]:
    parsed = parsed_date(stored)
    if not parsed:
        return {"literal": shown_date(stored)}
    return {"date-parts": [[int(part) for part in parsed.split("-")]]}
