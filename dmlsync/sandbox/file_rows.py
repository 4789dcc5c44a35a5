"""Stored files: their contents by hash, which item has which, and the uploads that are under way.

Contents lie in the SQLite file itself, under the hash of what was received: no name that a client sends is ever one of
a file on this machine.
"""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from dmlsync.sandbox.libraries import Library

UPLOAD_SECONDS = 300
"""How long an upload that is not finished counts; after an hour it is forgotten."""

_FORGOTTEN_SECONDS = 3600
_TYPE = re.compile(r"[A-Za-z0-9.+\-/]+")
_CHARSET = re.compile(r"[A-Za-z0-9\-]+")


def safe_type(text: str) -> str:
    """A content type that can stand in a header; `""` for anything else."""
    return text if _TYPE.fullmatch(text) else ""


def safe_charset(text: str) -> str:
    """The name of a character set that can stand in a header; `""` for anything else."""
    return text if _CHARSET.fullmatch(text) else ""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of a file. `md5` and `size` are those of the bytes, `item_md5` and `item_name` those that the item
    shows: they differ for snapshots of several files, which are stored as one ZIP file. `mtime` is in milliseconds."""

    md5: str
    size: int
    name: str
    type: str
    charset: str
    mtime: int
    zipped: bool
    item_md5: str
    item_name: str

    @property
    def content_type(self) -> str:
        """The content type with its character set."""
        kind = safe_type(self.type) or "application/octet-stream"
        charset = safe_charset(self.charset)
        return f"{kind}; charset={charset}" if safe_type(self.type) and charset else kind


@dataclass(frozen=True, slots=True)
class ItemFile:
    """The file of an item, without its contents."""

    md5: str
    size: int
    name: str
    content_type: str
    mtime: int
    zipped: bool


def file_of(db: sqlite3.Connection, library: Library, item: str) -> ItemFile | None:
    """The file of an item, None if it has none."""
    return files_of(db, library, [item]).get(item)


def files_of(db: sqlite3.Connection, library: Library, items: Sequence[str]) -> dict[str, ItemFile]:
    """The files of those items that have one."""
    rows = db.execute(
        "SELECT item, md5, size, name, type, mtime, zipped FROM item_files"
        " WHERE library = ? AND item IN (SELECT value FROM json_each(?))",
        (library.id, json.dumps(list(items))),
    )
    return {row[0]: ItemFile(row[1], row[2], row[3], row[4], row[5], bool(row[6])) for row in rows}


def best_files(db: sqlite3.Connection, library: Library, parents: Sequence[str]) -> dict[str, tuple[str, str, int]]:
    """The best file among each item's children, a PDF, else the oldest: key, content type and size."""
    rows = db.execute(
        "SELECT i.parent, i.key, f.type, f.size FROM items i JOIN item_files f ON f.library = i.library"
        " AND f.item = i.key WHERE i.library = ? AND i.parent IN (SELECT value FROM json_each(?)) AND NOT i.trashed"
        " ORDER BY f.type LIKE 'application/pdf%', i.id DESC",
        (library.id, json.dumps(list(parents))),
    )
    return {parent: (key, kind, size) for parent, key, kind, size in rows}


def content_of(db: sqlite3.Connection, md5: str) -> bytes | None:
    """The bytes of a stored file."""
    row = db.execute("SELECT content FROM files WHERE md5 = ?", (md5,)).fetchone()
    return bytes(row[0]) if row else None


def size_of(db: sqlite3.Connection, md5: str) -> int | None:
    """The size of a stored file, None if none has this hash."""
    row = db.execute("SELECT size FROM files WHERE md5 = ?", (md5,)).fetchone()
    return int(row[0]) if row else None


def used_bytes(db: sqlite3.Connection) -> int:
    """What the files of all items take of the quota of the one user who owns everything here."""
    return int(db.execute("SELECT COALESCE(SUM(size), 0) FROM item_files").fetchone()[0])


def unfinished_uploads(db: sqlite3.Connection) -> int:
    """How many uploads were begun lately and are not finished."""
    horizon = time.time() - UPLOAD_SECONDS
    return int(db.execute("SELECT COUNT(*) FROM uploads WHERE begun > ?", (horizon,)).fetchone()[0])


def begin_upload(db: sqlite3.Connection, library: Library, item: str, facts: FileFacts) -> str:
    """Expects a file; the key that its bytes are to be sent and registered with. Forgets uploads nobody finished."""
    db.execute("DELETE FROM uploads WHERE begun <= ?", (time.time() - _FORGOTTEN_SECONDS,))
    key = secrets.token_hex(16)
    values = (key, library.id, item, json.dumps(asdict(facts)), time.time())
    db.execute("INSERT INTO uploads VALUES (?, ?, ?, ?, ?, NULL)", values)
    return key


def expected_file(
    db: sqlite3.Connection, upload: str, library: Library | None = None, item: str = ""
) -> FileFacts | None:
    """What an upload key was given out for, None if it was not: to this item, where one is named."""
    row = db.execute("SELECT asked, library, item FROM uploads WHERE key = ?", (upload,)).fetchone()
    if row is None or (library is not None and (row[1], row[2]) != (library.id, item)):
        return None
    return FileFacts(**json.loads(row[0]))


def receive(db: sqlite3.Connection, upload: str, content: bytes) -> None:
    """Keeps the bytes of an upload until it is registered."""
    db.execute("UPDATE uploads SET content = ? WHERE key = ?", (content, upload))


def finish_upload(db: sqlite3.Connection, upload: str, facts: FileFacts) -> bool:
    """Takes the bytes of an upload over among the files; false if they have not come."""
    row = db.execute("SELECT content FROM uploads WHERE key = ?", (upload,)).fetchone()
    if row is None or row[0] is None:
        return False
    db.execute("INSERT OR IGNORE INTO files (md5, size, content) VALUES (?, ?, ?)", (facts.md5, len(row[0]), row[0]))
    db.execute("DELETE FROM uploads WHERE key = ?", (upload,))
    return True


def give_file(db: sqlite3.Connection, library: Library, item: str, facts: FileFacts, content_type: str) -> None:
    """Makes a stored file the file of an item."""
    before = file_of(db, library, item)
    values = (library.id, item, facts.md5, facts.size, facts.name, content_type, facts.charset, facts.mtime)
    db.execute("INSERT OR REPLACE INTO item_files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*values, facts.zipped))
    if before and before.md5 != facts.md5:
        _drop_unused(db, before.md5)


def drop_file(db: sqlite3.Connection, library: Library, item: str) -> None:
    """Takes an item's file away, for it is deleted."""
    found = file_of(db, library, item)
    if found:
        db.execute("DELETE FROM item_files WHERE library = ? AND item = ?", (library.id, item))
        _drop_unused(db, found.md5)


def _drop_unused(db: sqlite3.Connection, md5: str) -> None:
    db.execute("DELETE FROM files WHERE md5 = ? AND md5 NOT IN (SELECT md5 FROM item_files)", (md5,))
