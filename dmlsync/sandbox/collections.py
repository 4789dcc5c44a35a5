"""Collections: what is refused, what a write makes of them, and where they are kept."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dmlsync.sandbox.item_checks import check_relations
from dmlsync.sandbox.items import relations_of
from dmlsync.sandbox.keys import is_key
from dmlsync.sandbox.libraries import Library, forget_deletion, remember_deletion
from dmlsync.sandbox.problem import ApiError, cut
from dmlsync.sandbox.state import Collection
from dmlsync.sandbox.values import as_text, clean, is_set, now

NAME_CHARACTERS = 255
_PROPERTIES = ("key", "version", "name", "parentCollection", "relations", "deleted")


def revised(
    db: sqlite3.Connection,
    library: Library,
    data: Mapping[str, Any],
    existing: Collection | None,
    key: str,
    *,
    partial: bool,
) -> tuple[Collection, bool]:
    """The collection after `data` was written to it, and whether that is a change; its version is still the old one.

    Without `partial`, what is not sent goes back to the default: no parent, not in the trash. Raises ApiError.
    """
    for name in data:
        if name not in _PROPERTIES:
            raise ApiError(400, f"Invalid property '{name}'")
    present = now()
    old = existing or Collection(key, 0, "", present, present)
    new = replace(old, parent=None, trashed=False) if existing and not partial else old
    if "name" in data or existing is None or not partial:
        new = replace(new, name=_name(data.get("name")))
    if "parentCollection" in data:
        new = replace(new, parent=_parent(db, library, data["parentCollection"], key))
    if "relations" in data:
        check_relations(data["relations"])
        new = replace(new, relations=relations_of(data["relations"]))
    if "deleted" in data:
        new = replace(new, trashed=is_set(data["deleted"]))
    changed = existing is None or new != existing
    return (replace(new, modified=present) if changed else new), changed


def _name(value: Any) -> str:
    if value is None:
        raise ApiError(400, "'name' property not provided")
    if not isinstance(value, str):
        raise ApiError(400, "'name' must be a string")
    if not value:
        raise ApiError(400, "Collection name cannot be empty")
    name = clean(value)
    if len(name) > NAME_CHARACTERS:
        raise ApiError(413, f"Collection name '{cut(name)}' too long", {"value": cut(name)})
    return name


def _parent(db: sqlite3.Connection, library: Library, value: Any, key: str) -> str | None:
    if not value:
        return None
    if not is_key(value):
        raise ApiError(400, f"'{as_text(value)}' is not a valid collection key")
    above: str | None = value
    seen = {key}
    while above is not None:
        collection = find_collection(db, library, above)
        if collection is None:
            raise ApiError(409, f"Parent collection {value} not found", {"collection": value})
        if above in seen:
            raise ApiError(409, f"Parent collection {value} cannot be within collection {key}", {"collection": value})
        seen.add(above)
        above = collection.parent
    return str(value)


def find_collection(db: sqlite3.Connection, library: Library, key: str) -> Collection | None:
    """One collection, None if there is no such collection."""
    found = find_collections(db, library, [key])
    return found[0] if found else None


def find_collections(db: sqlite3.Connection, library: Library, keys: Sequence[str]) -> list[Collection]:
    """Collections by their keys, in that order; unknown keys are left out."""
    rows = db.execute(
        "SELECT key, version, name, added, modified, parent, trashed, relations FROM collections"
        " WHERE library = ? AND key IN (SELECT value FROM json_each(?))",
        (library.id, json.dumps(list(keys))),
    )
    found = {row[0]: _collection(row) for row in rows}
    return [found[key] for key in keys if key in found]


def _collection(row: Sequence[Any]) -> Collection:
    relations = {predicate: tuple(uris) for predicate, uris in json.loads(row[7]).items()}
    return Collection(row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6]), relations)


def has_collection(db: sqlite3.Connection, library: Library, key: str) -> bool:
    """Whether there is such a collection."""
    row = db.execute("SELECT 1 FROM collections WHERE library = ? AND key = ?", (library.id, key)).fetchone()
    return row is not None


def store_collection(db: sqlite3.Connection, library: Library, collection: Collection, old: Collection | None) -> None:
    """Writes a collection over `old`, or as a new one."""
    values = {
        "library": library.id,
        "key": collection.key,
        "version": collection.version,
        "name": collection.name,
        "parent": collection.parent,
        "trashed": collection.trashed,
        "relations": json.dumps(collection.relations),
        "added": collection.added,
        "modified": collection.modified,
        "title": collection.name.casefold(),
    }
    if old is None:
        marks = ", ".join(f":{name}" for name in values)
        db.execute(f"INSERT INTO collections ({', '.join(values)}) VALUES ({marks})", values)
        forget_deletion(db, library, "collections", collection.key)
    else:
        pairs = ", ".join(f"{name} = :{name}" for name in values)
        db.execute(f"UPDATE collections SET {pairs} WHERE library = :library AND key = :key", values)


def delete_collections(db: sqlite3.Connection, library: Library, keys: Iterable[str], version: int) -> None:
    """Deletes collections with all within them; only those that were asked for are remembered.

    Their items stay and keep their versions: the membership just vanishes.
    """
    for key in keys:
        if not has_collection(db, library, key):
            continue
        remember_deletion(db, library, "collections", key, version)
        pending = [key]
        while pending:
            last = pending.pop()
            below = db.execute("SELECT key FROM collections WHERE library = ? AND parent = ?", (library.id, last))
            pending.extend(row[0] for row in below.fetchall())
            db.execute("DELETE FROM collections WHERE library = ? AND key = ?", (library.id, last))
            db.execute("DELETE FROM members WHERE library = ? AND collection = ?", (library.id, last))


def counts(db: sqlite3.Connection, library: Library, keys: Sequence[str]) -> dict[str, tuple[int, int]]:
    """How many collections and how many items, without those in the trash, each collection has directly in it."""
    wanted = (library.id, json.dumps(list(keys)))
    within = db.execute(
        "SELECT parent, COUNT(*) FROM collections WHERE library = ? AND parent IN (SELECT value FROM json_each(?))"
        " GROUP BY parent",
        wanted,
    )
    collections = dict(within.fetchall())
    members = db.execute(
        "SELECT m.collection, COUNT(*) FROM members m JOIN items i ON i.library = m.library AND i.key = m.item"
        " WHERE m.library = ? AND m.collection IN (SELECT value FROM json_each(?)) AND NOT i.trashed"
        " GROUP BY m.collection",
        wanted,
    )
    items = dict(members.fetchall())
    return {key: (collections.get(key, 0), items.get(key, 0)) for key in keys}
