"""The tags of a library: names, types and how many items have each.

A tag has the version in which it was last given to an item; taking it from one item leaves it as it is.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from dmlsync.sandbox.libraries import Library, remember_deletion
from dmlsync.sandbox.parameters import ListRequest, alternatives
from dmlsync.sandbox.values import number_in


def find_tags(
    db: sqlite3.Connection,
    library: Library,
    asked: ListRequest,
    *,
    item: str | None = None,
    collection: str | None = None,
    items: Sequence[str] | None = None,
    names: Sequence[str] = (),
    types: Sequence[str] = (),
) -> tuple[list[tuple[str, int, int]], int]:
    """Name, type and number of items of the tags of one page, and how many there are.

    `item`, `collection` or `items` leave only the tags that occur there, `names` those of these names, `types` those of
    types like `1` or not like `-1`. The numbers are the library's in any case. They come in the order of their names
    unless the request names another one.
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
        conditions.append("tag IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(list(names)))
    if asked.text:
        conditions.append(f"instr(casefold(tag), ?) {'= 1' if asked.mode == 'startswith' else '> 0'}")
        values.append(asked.text.casefold())
    for clause in types:
        wanted = [number_in(name) for name in alternatives(clause.removeprefix("-"))]
        conditions.append(f"type {'NOT ' if clause.startswith('-') else ''}IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(wanted))
    counted = f"SELECT tag, type, COUNT(*) AS number FROM tags WHERE {' AND '.join(conditions)} GROUP BY tag, type"
    if asked.since is not None:
        counted += " HAVING MAX(version) > ?"
        values.append(asked.since)
    total = db.execute(f"SELECT COUNT(*) FROM ({counted})", values).fetchone()[0]
    limit = -1 if asked.limit is None else asked.limit
    page = db.execute(f"{counted} ORDER BY {_order(asked)} LIMIT ? OFFSET ?", [*values, limit, asked.start])
    return page.fetchall(), int(total)


def _order(asked: ListRequest) -> str:
    direction = "DESC" if asked.descending else "ASC"
    if asked.sort == "title":
        return f"casefold(tag) {direction}, tag {direction}, type"
    return f"number {direction}, tag, type" if asked.sort == "numItems" else "tag, type"


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
