"""Finding the objects of a list: the SQL behind its parameters.

What the observed facts of the API leave open (that a match in a child finds its parent also by type and by key, that a
year is matched as a whole, where blanks are sorted) follows the open-source Zotero server's own search.
"""

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
_NEVER_BLANK = ("dateAdded", "dateModified", "serverDateModified", "addedBy", "itemType")
_BLANKS_FIRST = ("title", "date")


@dataclass(frozen=True, slots=True)
class Scope:
    """Which objects a list is about: all of the library or those in one place.

    `unfiled` items are top items that are in no collection.
    """

    top: bool = False
    trash: bool = False
    unfiled: bool = False
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
    if scope.unfiled:
        where.add("i.key NOT IN (SELECT item FROM members WHERE library = ?)", library.id)
    if scope.parent is not None:
        where.add("{i}.parent = ?", scope.parent)
    if scope.collection is not None:
        _in_collection(where, library, scope.collection, top=scope.top)
    if citable:
        where.add("i.type NOT IN (SELECT value FROM json_each(?))", json.dumps(UNCITABLE))
    if request.since is not None:
        where.add("{i}.version > ?", request.since)
    if request.words or request.types or request.keys is not None:
        _match(where, library, request, top=scope.top)
    for clause in request.tags:
        _tagged(where, library, clause)
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
    if request.since is not None:
        where.add("{i}.version > ?", request.since)
    if request.keys is not None:
        ids = f"SELECT id FROM {table} WHERE library = ? AND key IN (SELECT value FROM json_each(?))"
        where.pick(ids, library.id, json.dumps(request.keys))
    if request.text:
        where.add("instr(i.title, ?)", request.text.casefold())
    return _page(db, table, where, request)


def _match(where: _Where, library: Library, request: ListRequest, *, top: bool) -> None:
    """What is searched for, types and keys: one item must meet all of it.

    In a list of top items the item may also be a child, which then stands for its parent.
    """
    keys = "SELECT id FROM items WHERE library = ? AND key IN (SELECT value FROM json_each(?))"
    wanted = (library.id, json.dumps(request.keys))
    if not top:
        if request.keys is not None:
            where.pick(keys, *wanted)
        found = _met("i", request)
        where.conditions += found.conditions
        where.values += found.values
        return
    child = _met("m", request)
    child.add("m.trashed <= ?", request.trashed)
    if request.keys is not None:
        parents = "LEFT JOIN items p ON p.library = m.library AND p.key = m.parent"
        named = f"SELECT COALESCE(p.id, m.id) FROM items m {parents} WHERE m.id IN ({keys}) AND {child}"
        where.pick(named, *wanted, *child.values)
    else:
        itself = _met("i", request)
        has_child = f"EXISTS (SELECT 1 FROM items m WHERE m.library = i.library AND m.parent = i.key AND {child})"
        where.add(f"(({itself}) OR {has_child})", *itself.values, *child.values)


def _met(item: str, request: ListRequest) -> _Where:
    """What an item must meet to be found by types and words; `item` is its name in SQL."""
    found = _Where()
    for clause in request.types:
        names = json.dumps(alternatives(clause.removeprefix("-")))
        found.add(f"{item}.type {'NOT ' if clause.startswith('-') else ''}IN (SELECT value FROM json_each(?))", names)
    if request.words:
        place = f"c.search || casefold(c.content) || {_FULLTEXT}" if request.mode == "everything" else "c.search"
        one = f"(instr({place}, ?) OR substr({item}.date, 1, 4) = ?)"
        words = [value for word in request.words for value in (word, word)]
        all_words = " AND ".join(one for _ in request.words)
        found.add(f"EXISTS (SELECT 1 FROM item_content c WHERE c.item = {item}.id AND {all_words})", *words)
    return found


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
    """One page in order; of equals the one that was made last comes first, or last if the list ascends."""
    join, order, marks = _order(table, request)
    sql = f"SELECT i.key, i.version FROM {table} i{join} WHERE {where} ORDER BY {order}"
    values = [*where.values, *marks]
    if request.limit is None and not request.start:
        everything = db.execute(sql, values).fetchall()
        return everything, len(everything)
    total = db.execute(f"SELECT COUNT(*) FROM {table} i WHERE {where}", where.values).fetchone()[0]
    limit = -1 if request.limit is None else request.limit
    page = db.execute(f"{sql} LIMIT ? OFFSET ?", [*values, limit, request.start]).fetchall()
    return page, int(total)


def _order(table: str, request: ListRequest) -> tuple[str, str, list[str]]:
    """A join, the terms of ORDER BY and the values of their marks.

    Blank titles and dates are sorted as the least; other things without a value come last in an ascending list.
    """
    direction = "DESC" if request.descending else "ASC"
    last = f"i.id {direction}"
    if request.sort.endswith("KeyList"):
        return "", f"instr(?, i.key) {direction}, {last}", [",".join(request.keys or ())]
    column, join = f"i.{SORT_COLUMNS.get(request.sort, 'title')}", ""
    if table != "items" and request.sort not in _NEVER_BLANK:
        column = "i.title"
    elif request.sort in SORT_FIELDS:
        join = " JOIN item_content c ON c.item = i.id"
        column = f"base_value(i.type, c.content, '{request.sort}')"
    elif request.sort == "itemType":
        column = "type_label(i.type)" if table == "items" else "i.title"
    plain = request.sort in _NEVER_BLANK or request.sort in _BLANKS_FIRST
    blanks = "" if plain else f"{column} = '' {direction}, "
    return join, f"{blanks}{column} {direction}, {last}", []


def base_value(item_type: str, content: str, base: str) -> str:
    """The value of a base field in a stored item's content, in lower case; the function of that name in SQL."""
    name = schema.field_for(item_type, base)
    return str(json.loads(content)["fields"].get(name, "")).casefold() if name else ""
