"""Saved searches: what is refused, what a write makes of them, and where they are kept."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dmlsync.sandbox.libraries import Library, forget_deletion, remember_deletion
from dmlsync.sandbox.problem import ApiError, cut
from dmlsync.sandbox.state import Search
from dmlsync.sandbox.values import as_text, clean, is_set, now

NAME_CHARACTERS = 255
_PROPERTIES = ("key", "version", "name", "conditions", "deleted")
_PARTS = ("condition", "operator", "value")
_COLUMNS = "key, version, name, added, modified, conditions, trashed"


def revised(data: Mapping[str, Any], existing: Search | None, key: str, *, partial: bool) -> tuple[Search, bool]:
    """The search after `data` was written to it, and whether that is a change; its version is still the old one.

    Without `partial`, name and conditions must be sent. Raises ApiError.
    """
    for name in data:
        if name not in _PROPERTIES:
            raise ApiError(400, f"Invalid property '{name}'")
    present = now()
    new = existing or Search(key, 0, "", present, present)
    whole = existing is None or not partial
    if "name" in data or whole:
        new = replace(new, name=_name(data.get("name")))
    if "conditions" in data or whole:
        new = replace(new, conditions=_conditions(data.get("conditions")))
    if "deleted" in data or whole:
        new = replace(new, trashed=is_set(data.get("deleted")))
    changed = existing is None or new != existing
    return (replace(new, modified=present) if changed else new), changed


def _name(value: Any) -> str:
    if value is None:
        raise ApiError(400, "'name' property not provided")
    if not isinstance(value, str):
        raise ApiError(400, "'name' must be a string")
    name = clean(value)
    if not name:
        raise ApiError(400, "Search name cannot be empty")
    if len(name) > NAME_CHARACTERS:
        raise ApiError(413, f"Search name '{cut(name)}' too long", {"value": cut(name)})
    return name


def _conditions(value: Any) -> tuple[dict[str, str], ...]:
    if value is None:
        raise ApiError(400, "'conditions' property not provided")
    if not isinstance(value, list):
        raise ApiError(400, "'conditions' property must be an array")
    if not value:
        raise ApiError(400, "'conditions' cannot be empty")
    return tuple(_condition(condition) for condition in value)


def _condition(condition: Any) -> dict[str, str]:
    if not isinstance(condition, dict):
        raise ApiError(400, "Search condition must be an object")
    for part in condition:
        if part not in _PARTS:
            raise ApiError(400, f"Invalid property '{part}' for search condition")
    for part in ("condition", "operator"):
        if part not in condition:
            raise ApiError(400, f"'{part}' property not provided for search condition")
        if not as_text(condition[part]):
            raise ApiError(400, f"Search {part} cannot be empty")
    return {part: as_text(condition.get(part)) for part in _PARTS}


def find_search(db: sqlite3.Connection, library: Library, key: str) -> Search | None:
    """One search, None if there is no such search."""
    found = find_searches(db, library, [key])
    return found[0] if found else None


def find_searches(db: sqlite3.Connection, library: Library, keys: Sequence[str]) -> list[Search]:
    """Searches by their keys, in that order; unknown keys are left out."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM searches WHERE library = ? AND key IN (SELECT value FROM json_each(?))",
        (library.id, json.dumps(list(keys))),
    )
    found = {row[0]: _search(row) for row in rows}
    return [found[key] for key in keys if key in found]


def _search(row: Sequence[Any]) -> Search:
    return Search(row[0], row[1], row[2], row[3], row[4], tuple(json.loads(row[5])), bool(row[6]))


def store_search(db: sqlite3.Connection, library: Library, search: Search, old: Search | None) -> None:
    """Writes a search over `old`, or as a new one."""
    values = (
        search.version,
        search.name,
        json.dumps(search.conditions, ensure_ascii=False),
        search.trashed,
        search.added,
        search.modified,
        search.name.casefold(),
        library.id,
        search.key,
    )
    if old is None:
        db.execute(
            "INSERT INTO searches (version, name, conditions, trashed, added, modified, title, library, key)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        forget_deletion(db, library, "searches", search.key)
    else:
        db.execute(
            "UPDATE searches SET version = ?, name = ?, conditions = ?, trashed = ?, added = ?, modified = ?, title = ?"
            " WHERE library = ? AND key = ?",
            values,
        )


def delete_searches(db: sqlite3.Connection, library: Library, keys: Iterable[str], version: int) -> None:
    """Deletes searches for good and remembers that; unknown keys are passed over."""
    for key in keys:
        deleted = db.execute("DELETE FROM searches WHERE library = ? AND key = ?", (library.id, key))
        if deleted.rowcount:
            remember_deletion(db, library, "searches", key, version)
