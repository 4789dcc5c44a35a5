"""Collections: what is refused, what a write makes of them, and where they are kept."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dmlsync.sandbox.item_checks import check_deleted, check_relations
from dmlsync.sandbox.items import relations_of
from dmlsync.sandbox.libraries import Library, forget_deletion, remember_deletion
from dmlsync.sandbox.problem import ApiError, cut
from dmlsync.sandbox.state import Collection
from dmlsync.sandbox.values import clean, is_set, now

NAME_CHARACTERS = 255
_PREDICATES = ("owl:sameAs",)
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

    Without `partial`, what is not sent goes back to the default: no parent, no relations, not in the trash. Raises
    ApiError.
    """
    if data.get("name") is None and (existing is None or not partial):
        raise ApiError(400, "'name' property not provided")
    for name, value in data.items():
        if name not in _PROPERTIES:
            renamed = name == "parent"
            message = "'parent' property is now 'parentCollection'" if renamed else f"Invalid property '{name}'"
            raise ApiError(400, message)
        if name in _CHECKS:
            _CHECKS[name](value)
    present = now()
    old = existing or Collection(key, 0, "", present, present)
    new = replace(old, parent=None, trashed=False, relations={}) if existing and not partial else old
    if "name" in data:
        new = replace(new, name=clean(data["name"]))
    if data.get("parentCollection") is not None:
        new = replace(new, parent=_parent(db, library, data["parentCollection"], key))
    if "relations" in data:
        new = replace(new, relations=relations_of(data["relations"]))
    if "deleted" in data:
        new = replace(new, trashed=is_set(data["deleted"]))
    changed = existing is None or new != existing
    return (replace(new, modified=present) if changed else new), changed


def _check_name(value: Any) -> None:
    if not isinstance(value, str):
        raise ApiError(400, "'name' must be a string")
    if not value:
        raise ApiError(400, "Collection name cannot be empty")
    name = clean(value)
    if len(name) > NAME_CHARACTERS:
        raise ApiError(413, f"Collection name '{cut(name)}' too long", {"value": cut(name)})


def _check_parent(value: Any) -> None:
    if value and not isinstance(value, str):
        kinds = {bool: "boolean", int: "integer", float: "double", list: "array"}
        message = f"'parentCollection' must be a collection key or FALSE ({kinds.get(type(value), 'object')})"
        raise ApiError(400, message)


_CHECKS: Mapping[str, Callable[[Any], None]] = {
    "name": _check_name,
    "parentCollection": _check_parent,
    "relations": lambda value: check_relations(value, noun="collection", predicates=_PREDICATES),
    "deleted": check_deleted,
}


def _parent(db: sqlite3.Connection, library: Library, key: str, own: str) -> str | None:
    """The parent that is asked for, None for none."""
    if key and not has_collection(db, library, key):
        raise ApiError(409, f"Parent collection {key} not found", {"collection": key})
    if key == own:
        raise ApiError(409, f"Collection {key} cannot be within itself", {"collection": key})
    return key or None


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
    """Writes a collection over `old`, or as a new one.

    A parent that is within it is moved to the top first, with the same version, as the open-source server does it.
    """
    if old and collection.parent and _is_within(db, library, collection.parent, collection.key):
        moved = "UPDATE collections SET parent = NULL, version = ? WHERE library = ? AND key = ?"
        db.execute(moved, (collection.version, library.id, collection.parent))
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


def _is_within(db: sqlite3.Connection, library: Library, key: str, above: str) -> bool:
    """Whether a collection is somewhere below another one."""
    found = find_collection(db, library, key)
    while found and found.parent and found.parent != above:
        found = find_collection(db, library, found.parent)
    return bool(found and found.parent)


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
