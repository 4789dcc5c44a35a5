"""The tags of a library: names, types and how many items have each."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from dmlsync.sandbox.libraries import Library, remember_deletion


def find_tags(
    db: sqlite3.Connection,
    library: Library,
    *,
    item: str | None = None,
    collection: str | None = None,
    items: Sequence[str] | None = None,
    names: Sequence[str] = (),
    words: Sequence[str] = (),
    limit: int | None,
    start: int,
) -> tuple[list[tuple[str, int, int]], int]:
    """Name, type and number of items of the tags of one page, in the order of their names, and how many there are.

    `item`, `collection` or `items` leave only the tags that occur there, `names` those of these names, `words` those
    whose name contains each word. The numbers are the library's in any case.
    """
    conditions = ["library = ?"]
    values: list[int | str] = [library.id]
    if item is not None:
        conditions.append("tag IN (SELECT tag FROM tags WHERE library = ? AND item = ?)")
        values += [library.id, item]
    if collection is not None:
        members = "SELECT item FROM members WHERE library = ? AND collection = ?"
        conditions.append(f"tag IN (SELECT tag FROM tags WHERE library = ? AND item IN ({members}))")
        values += [library.id, library.id, collection]
    if items is not None:
        conditions.append(
            "tag IN (SELECT tag FROM tags WHERE library = ? AND item IN (SELECT value FROM json_each(?)))"
        )
        values += [library.id, json.dumps(list(items))]
    if names:
        conditions.append(f"tag IN ({', '.join('?' for _ in names)})")
        values += names
    for word in words:
        conditions.append("instr(casefold(tag), ?)")
        values.append(word)
    counted = f"SELECT tag, type, COUNT(*) FROM tags WHERE {' AND '.join(conditions)} GROUP BY tag, type"
    total = db.execute(f"SELECT COUNT(*) FROM ({counted})", values).fetchone()[0]
    page = db.execute(
        f"{counted} ORDER BY tag, type LIMIT ? OFFSET ?", [*values, -1 if limit is None else limit, start]
    )
    return page.fetchall(), int(total)


def delete_tags(db: sqlite3.Connection, library: Library, names: Sequence[str], version: int) -> None:
    """Takes tags from all items, which get the version too; unknown ones are passed over."""
    for name in names:
        tagged = "SELECT item FROM tags WHERE library = ? AND tag = ?"
        changed = db.execute(
            f"UPDATE items SET version = ? WHERE library = ? AND key IN ({tagged})",
            (version, library.id, library.id, name),
        )
        if changed.rowcount:
            db.execute("DELETE FROM tags WHERE library = ? AND tag = ?", (library.id, name))
            remember_deletion(db, library, "tags", name, version)
