"""Items in the tables: finding, storing and deleting them, and what goes along with that in other items."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from dmlsync.sandbox.file_rows import drop_file
from dmlsync.sandbox.libraries import Library, forget_deletion, remember_deletion
from dmlsync.sandbox.state import Item

_COLUMNS = "i.key, i.version, i.type, i.added, i.modified, i.parent, i.trashed, c.content"
_SORTED_CHARACTERS = 250
_PASSED_OVER = "[({-\"'“‘ "
"""What a title may begin with without being sorted by it."""


def item_type(db: sqlite3.Connection, library: Library, key: str) -> str | None:
    """The type of an item, None if there is no such item."""
    row = db.execute("SELECT type FROM items WHERE library = ? AND key = ?", (library.id, key)).fetchone()
    return str(row[0]) if row else None


def find_item(db: sqlite3.Connection, library: Library, key: str) -> Item | None:
    """One item, None if there is no such item."""
    found = find_items(db, library, [key])
    return found[0] if found else None


def find_items(db: sqlite3.Connection, library: Library, keys: Sequence[str]) -> list[Item]:
    """Items by their keys, in that order; unknown keys are left out."""
    wanted = (library.id, json.dumps(list(keys)))
    among = "library = ? AND item IN (SELECT value FROM json_each(?))"
    tags: dict[str, list[tuple[str, int]]] = {}
    for key, tag, kind in db.execute(f"SELECT item, tag, type FROM tags WHERE {among}", wanted):
        tags.setdefault(key, []).append((tag, kind))
    collections: dict[str, list[str]] = {}
    for key, collection in db.execute(f"SELECT item, collection FROM members WHERE {among} ORDER BY id", wanted):
        collections.setdefault(key, []).append(collection)
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM items i JOIN item_content c ON c.item = i.id"
        " WHERE i.library = ? AND i.key IN (SELECT value FROM json_each(?))",
        wanted,
    )
    found = {row[0]: _item(row, tags.get(row[0], ()), collections.get(row[0], ())) for row in rows}
    return [found[key] for key in keys if key in found]


def _item(row: Sequence[Any], tags: Iterable[tuple[str, int]], collections: Iterable[str]) -> Item:
    content = json.loads(row[7])
    return Item(
        key=row[0],
        version=row[1],
        type=row[2],
        added=row[3],
        modified=row[4],
        parent=row[5],
        trashed=bool(row[6]),
        fields=content["fields"],
        creators=tuple(content["creators"]),
        relations={predicate: tuple(uris) for predicate, uris in content["relations"].items()},
        note=content["note"],
        attachment=content["attachment"],
        tags=tuple(sorted(tags)),
        collections=tuple(collections),
    )


def store_item(db: sqlite3.Connection, library: Library, item: Item, old: Item | None) -> None:
    """Writes an item over `old`, or as a new one; related items get the reverse of a `dc:relation`."""
    _store(db, library, item, old)
    if old is None:
        forget_deletion(db, library, "items", item.key)
    _relate(db, library, item, old)


def _store(db: sqlite3.Connection, library: Library, item: Item, old: Item | None) -> None:
    values = {
        "library": library.id,
        "key": item.key,
        "version": item.version,
        "type": item.type,
        "parent": item.parent,
        "trashed": item.trashed,
        "added": item.added,
        "modified": item.modified,
        "title": item.title.casefold().lstrip(_PASSED_OVER)[:_SORTED_CHARACTERS],
        "creator": item.creator_summary.casefold()[:_SORTED_CHARACTERS],
        "date": item.parsed_date,
    }
    if old is None:
        marks = ", ".join(f":{name}" for name in values)
        db.execute(f"INSERT INTO items ({', '.join(values)}) VALUES ({marks})", values)
    else:
        pairs = ", ".join(f"{name} = :{name}" for name in values)
        db.execute(f"UPDATE items SET {pairs} WHERE library = :library AND key = :key", values)
    row = db.execute("SELECT id FROM items WHERE library = ? AND key = ?", (library.id, item.key)).fetchone()
    db.execute("INSERT OR REPLACE INTO item_content VALUES (?, ?, ?)", (row[0], _content(item), _searched(item)))
    if item.tags != (old.tags if old else ()):
        db.execute("DELETE FROM tags WHERE library = ? AND item = ?", (library.id, item.key))
        rows = [(library.id, item.key, *tag, item.version) for tag in item.tags]
        db.executemany("INSERT INTO tags VALUES (?, ?, ?, ?, ?)", rows)
        for tag, _ in item.tags:
            forget_deletion(db, library, "tags", tag)
    if item.collections != (old.collections if old else ()):
        db.execute("DELETE FROM members WHERE library = ? AND item = ?", (library.id, item.key))
        for collection in item.collections:
            add_member(db, library, collection, item.key)


def add_member(db: sqlite3.Connection, library: Library, collection: str, item: str) -> None:
    """Puts an item into a collection without a version of its own: only its membership is written."""
    db.execute(
        "INSERT OR IGNORE INTO members (library, collection, item) VALUES (?, ?, ?)", (library.id, collection, item)
    )


def _content(item: Item) -> str:
    content = {
        "fields": item.fields,
        "creators": item.creators,
        "relations": item.relations,
        "note": item.note,
        "attachment": item.attachment,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _searched(item: Item) -> str:
    """What `q` looks in besides the year: title and creators' names."""
    names = [" ".join(filter(None, (c.get("firstName"), c.get("lastName"), c.get("name")))) for c in item.creators]
    return "\n".join([item.title, *names, ""]).casefold()


def _relate(db: sqlite3.Connection, library: Library, item: Item, old: Item | None) -> None:
    """Writes `dc:relation` in the other item too, which gets the same version; takes it out there without a new one."""
    wanted = _related(library, item)
    before = _related(library, old) if old else set()
    own = library.item_uri + item.key
    for key in sorted((wanted | before) - {item.key}):
        other = find_item(db, library, key) if (key in wanted) != (key in before) else None
        if other is None:
            continue
        uris = set(other.relations.get("dc:relation", ()))
        changed = uris | {own} if key in wanted else uris - {own}
        if changed == uris:
            continue
        relations = {name: values for name, values in other.relations.items() if name != "dc:relation"}
        if changed:
            relations["dc:relation"] = tuple(sorted(changed))
        version = item.version if key in wanted else other.version
        _store(db, library, replace(other, relations=relations, version=version), other)


def _related(library: Library, item: Item) -> set[str]:
    prefix = library.item_uri
    return {uri[len(prefix) :] for uri in item.relations.get("dc:relation", ()) if uri.startswith(prefix)}


def delete_items(db: sqlite3.Connection, library: Library, keys: Iterable[str], version: int) -> None:
    """Deletes items and their children for good and remembers that; unknown keys are passed over."""
    pending = list(keys)
    while pending:
        key = pending.pop()
        row = db.execute("SELECT id FROM items WHERE library = ? AND key = ?", (library.id, key)).fetchone()
        if row is None:
            continue
        _unrelate(db, library, key)
        children = db.execute("SELECT key FROM items WHERE library = ? AND parent = ?", (library.id, key))
        pending.extend(child[0] for child in children.fetchall())
        db.execute("DELETE FROM items WHERE id = ?", (row[0],))
        db.execute("DELETE FROM item_content WHERE item = ?", (row[0],))
        db.execute("DELETE FROM tags WHERE library = ? AND item = ?", (library.id, key))
        db.execute("DELETE FROM members WHERE library = ? AND item = ?", (library.id, key))
        db.execute("DELETE FROM fulltexts WHERE library = ? AND item = ?", (library.id, key))
        drop_file(db, library, key)
        remember_deletion(db, library, "items", key, version)


def _unrelate(db: sqlite3.Connection, library: Library, key: str) -> None:
    """Takes an item that goes out of the `dc:relation` of others, without a new version there.

    `dc:replaces` of an item that is gone stays: it is what tells that two were merged.
    """
    item = find_item(db, library, key)
    if item and item.relations.get("dc:relation"):
        _relate(db, library, replace(item, relations={}), item)


def child_counts(db: sqlite3.Connection, library: Library, keys: Sequence[str]) -> dict[str, int]:
    """How many children items have, those in the trash included; items without any are left out."""
    rows = db.execute(
        "SELECT parent, COUNT(*) FROM items WHERE library = ? AND parent IN (SELECT value FROM json_each(?))"
        " GROUP BY parent",
        (library.id, json.dumps(list(keys))),
    )
    return dict(rows.fetchall())
