"""Finding the objects of a list: the SQL behind its parameters."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from dmlsync import schema
from dmlsync.sandbox.exports import UNCITABLE
from dmlsync.sandbox.libraries import Library
from dmlsync.sandbox.parameters import SORT_COLUMNS, SORT_FIELDS, ListRequest, alternatives

_FULLTEXT = (
    "COALESCE((SELECT casefold(t.content) FROM fulltexts t JOIN items o ON t.library = o.library AND t.item = o.key"
    " WHERE o.id = c.item), '')"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which objects a list is about: all of the library or those in one place."""

    top: bool = False
    trash: bool = False
    parent: str | None = None
    collection: str | None = None


@dataclass(slots=True)
class _Where:
    """Conditions joined by AND, and the values of their marks."""

    conditions: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    picked: bool = False

    def add(self, condition: str, *values: Any) -> None:
        """One more condition."""
        self.conditions.append(condition)
        self.values.extend(values)

    def pick(self, ids: str, *values: Any) -> None:
        """Only the rows of a query of ids, which leads to them by an index of its own."""
        self.add(f"i.id IN ({ids})", *values)
        self.picked = True

    def __str__(self) -> str:
        """The conditions, with `{i}` for the columns that the library as a whole is walked by.

        A plus sign before them keeps SQLite from doing that when a few rows are picked out already.
        """
        return " AND ".join(self.conditions).replace("{i}", "+i" if self.picked else "i")


def find_item_keys(
    db: sqlite3.Connection, library: Library, scope: Scope, request: ListRequest, *, citable: bool = False
) -> tuple[list[tuple[str, int]], int]:
    """Keys and versions of the items of one page, and how many there are in all.

    `citable` leaves out what cannot be cited: attachments, notes, annotations.
    """
    where = _Where()
    where.add("{i}.library = ?", library.id)
    if scope.trash or not request.trashed:
        where.add("{i}.trashed = ?", scope.trash)
    if scope.top:
        where.add("{i}.parent IS NULL")
    if scope.parent is not None:
        where.add("{i}.parent = ?", scope.parent)
    if scope.collection is not None:
        _in_collection(where, library, scope.collection, top=scope.top)
    if citable:
        where.add("i.type NOT IN (SELECT value FROM json_each(?))", json.dumps(UNCITABLE))
    _narrow(where, library, "items", request)
    _search(where, request, top=scope.top)
    for clause in request.tags:
        _tagged(where, library, clause)
    for clause in request.types:
        names = json.dumps(alternatives(clause.removeprefix("-")))
        where.add(f"i.type {'NOT ' if clause.startswith('-') else ''}IN (SELECT value FROM json_each(?))", names)
    return _page(db, "items", where, request)


def _in_collection(where: _Where, library: Library, collection: str, *, top: bool) -> None:
    members = "SELECT item FROM members WHERE library = ? AND collection = ?"
    ids = f"SELECT id FROM items WHERE library = ? AND key IN ({members})"
    values = [library.id, library.id, collection]
    if not top:
        ids += f" UNION SELECT id FROM items WHERE library = ? AND parent IN ({members})"
        values += values
    where.pick(ids, *values)


def find_keys(
    db: sqlite3.Connection, library: Library, table: str, scope: Scope, request: ListRequest
) -> tuple[list[tuple[str, int]], int]:
    """Keys and versions of the collections or searches (`table`) of one page, and how many there are in all."""
    where = _Where()
    where.add("{i}.library = ?", library.id)
    if scope.top:
        where.add("{i}.parent IS NULL")
    if scope.parent is not None:
        where.add("{i}.parent = ?", scope.parent)
    _narrow(where, library, table, request)
    for word in request.words:
        where.add("instr(i.title, ?)", word)
    return _page(db, table, where, request)


def _narrow(where: _Where, library: Library, table: str, request: ListRequest) -> None:
    if request.since is not None:
        where.add("{i}.version > ?", request.since)
    if request.keys is not None:
        ids = f"SELECT id FROM {table} WHERE library = ? AND key IN (SELECT value FROM json_each(?))"
        where.pick(ids, library.id, json.dumps(request.keys))


def _search(where: _Where, request: ListRequest, *, top: bool) -> None:
    """All words must occur in one item; in a list of top items a match in a child finds its parent."""
    if not request.words:
        return
    place = f"c.search || casefold(c.content) || {_FULLTEXT}" if request.everywhere else "c.search"
    matches = " AND ".join(f"instr({place}, ?)" for _ in request.words)
    itself = f"EXISTS (SELECT 1 FROM item_content c WHERE c.item = i.id AND {matches})"
    if not top:
        where.add(itself, *request.words)
        return
    child = (
        "EXISTS (SELECT 1 FROM items k JOIN item_content c ON c.item = k.id"
        f" WHERE k.library = i.library AND k.parent = i.key AND NOT k.trashed AND {matches})"
    )
    where.add(f"({itself} OR {child})", *request.words, *request.words)


def _tagged(where: _Where, library: Library, clause: str) -> None:
    """`x || y` are alternatives, `-x` excludes; a tag that begins with a hyphen is written with a backslash.

    Unlike in what is stored, the case of ASCII letters does not matter here.
    """
    exclude = clause.startswith("-")
    names = json.dumps(alternatives(clause[1:] if exclude or clause.startswith("\\-") else clause))
    tagged = "SELECT item FROM tags WHERE library = ? AND tag COLLATE NOCASE IN (SELECT value FROM json_each(?))"
    if exclude:
        where.add(f"i.key NOT IN ({tagged})", library.id, names)
    else:
        where.pick(f"SELECT id FROM items WHERE library = ? AND key IN ({tagged})", library.id, library.id, names)


def _page(db: sqlite3.Connection, table: str, where: _Where, request: ListRequest) -> tuple[list[tuple[str, int]], int]:
    """One page in order. Whatever is sorted by, things without a value come last, and of equals the newest first."""
    direction = "DESC" if request.descending else "ASC"
    join = ""
    column = f"i.{SORT_COLUMNS.get(request.sort, 'title')}"
    if table != "items" and request.sort not in ("dateAdded", "dateModified"):
        column = "i.title"
    elif request.sort in SORT_FIELDS:
        join = " JOIN item_content c ON c.item = i.id"
        column = f"base_value(i.type, c.content, '{request.sort}')"
    blanks_last = "" if request.sort in ("dateAdded", "dateModified", "itemType") else f"{column} = '', "
    sql = f"SELECT i.key, i.version FROM {table} i{join} WHERE {where}"
    sql += f" ORDER BY {blanks_last}{column} {direction}, i.id {direction}"
    if request.limit is None and not request.start:
        everything = db.execute(sql, where.values).fetchall()
        return everything, len(everything)
    total = db.execute(f"SELECT COUNT(*) FROM {table} i WHERE {where}", where.values).fetchone()[0]
    limit = -1 if request.limit is None else request.limit
    page = db.execute(f"{sql} LIMIT ? OFFSET ?", [*where.values, limit, request.start]).fetchall()
    return page, int(total)


def base_value(item_type: str, content: str, base: str) -> str:
    """The value of a base field in a stored item's content, in lower case; the function of that name in SQL."""
    name = schema.field_for(item_type, base)
    return str(json.loads(content)["fields"].get(name, "")).casefold() if name else ""
