"""The part of the API that tells the schema: types, fields, creator types, templates."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from dmlsync import schema
from dmlsync.sandbox.parameters import Query, first
from dmlsync.sandbox.problem import ApiError
from dmlsync.sandbox.state import LINK_MODES
from dmlsync.sandbox.views import template

CREATOR_FIELDS = (("firstName", "First"), ("lastName", "Last"), ("name", "Name"))
LOCALE = "en-US"
"""The only locale that the embedded library has; `?locale=` is accepted and has no effect."""


def schema_page(path: str, query: Query) -> Any:
    """The content of a page by its path, None for a path that is none of the schema's. Raises ApiError."""
    if path == "/itemTypes":
        return [{"itemType": name, "localized": schema.label_of_type(name)} for name in schema.item_types()]
    if path == "/itemFields":
        return [_field(name) for name in schema.all_fields()]
    if path == "/itemTypeFields":
        return [_field(name) for name in schema.fields_of(_item_type(query, ("annotation",)))]
    if path == "/itemTypeCreatorTypes":
        primary, *others = schema.creator_types_of(_item_type(query, ("annotation",))) or ("",)
        types = (
            [primary, *sorted(others, key=schema.label_of_creator_type)] if primary else []
        )  # not the schema's order
        return [{"creatorType": name, "localized": schema.label_of_creator_type(name)} for name in types]
    if path == "/creatorFields":
        return [{"field": name, "localized": label} for name, label in CREATOR_FIELDS]
    if path == "/items/new":
        return _template(query)
    return whole_schema() if path == "/schema" else None


def _field(name: str) -> dict[str, str]:
    return {"field": name, "localized": schema.label_of_field(name)}


def _item_type(query: Query, unknown: Sequence[str] = ()) -> str:
    item_type = first(query, "itemType")
    if not item_type:
        raise ApiError(400, "'itemType' not provided")
    if not schema.is_item_type(item_type) or item_type in unknown:
        raise ApiError(400, f"Invalid item type '{item_type}'")
    return item_type


def _template(query: Query) -> dict[str, Any]:
    item_type = _item_type(query)
    link_mode = first(query, "linkMode") or ""
    if item_type == "attachment":
        if not link_mode:
            raise ApiError(400, "linkMode required for itemType=attachment")
        if link_mode not in LINK_MODES:
            raise ApiError(400, f"Invalid linkMode '{link_mode}'")
    return template(item_type, link_mode)


def whole_schema() -> dict[str, Any]:
    """Everything in the form of the published schema, as far as the embedded library knows it."""
    return {
        "version": schema.VERSION,
        "itemTypes": [_item_type_entry(name) for name in schema.item_types()],
        "locales": {
            LOCALE: {
                "itemTypes": {name: schema.label_of_type(name) for name in schema.item_types()},
                "fields": {name: schema.label_of_field(name) for name in schema.all_fields()},
                "creatorTypes": {
                    kind: schema.label_of_creator_type(kind)
                    for name in schema.item_types()
                    for kind in schema.creator_types_of(name)
                },
            }
        },
    }


def _item_type_entry(item_type: str) -> dict[str, Any]:
    fields = []
    for name in schema.fields_of(item_type):
        base = schema.base_of(item_type, name)
        fields.append({"field": name} if base == name else {"field": name, "baseField": base})
    primary: dict[str, Any] = {"primary": True}
    creators = [
        {"creatorType": kind} | (primary if position == 0 else {})
        for position, kind in enumerate(schema.creator_types_of(item_type))
    ]
    return {"itemType": item_type, "fields": fields, "creatorTypes": creators}


def schema_etag() -> str:
    """The ETag of `/schema`."""
    return hashlib.sha256(json.dumps(whole_schema(), sort_keys=True).encode()).hexdigest()[:32]
