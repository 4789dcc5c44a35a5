"""The file: one SQLite database, its tables, its connections and its transactions.

Every request runs in one transaction: a read sees one state of the library, a write has the file for itself from its
first statement (`BEGIN IMMEDIATE`). The write-ahead log lets readers go on meanwhile, in other processes too, and a
process that is killed leaves the last finished request behind.
"""

from __future__ import annotations

import os
import queue
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from dmlsync.errors import FileError

FORMAT = 3
"""The layout of the tables; a file of an older one is brought up to it, one of a newer one refused."""

BUSY_SECONDS = 30
"""How long a write waits for another one, in this or another process."""

_FIRST_TABLES = """
CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT NOT NULL, name TEXT NOT NULL);
CREATE TABLE groups (id INTEGER PRIMARY KEY, name TEXT NOT NULL, owner INTEGER NOT NULL, created TEXT NOT NULL);
CREATE TABLE api_keys (key TEXT PRIMARY KEY, user INTEGER NOT NULL, may_write INTEGER NOT NULL);
CREATE TABLE libraries (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, number INTEGER NOT NULL, version INTEGER NOT NULL DEFAULT 1,
    UNIQUE (kind, number));
CREATE TABLE items (
    id INTEGER PRIMARY KEY AUTOINCREMENT, library INTEGER NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL,
    type TEXT NOT NULL, parent TEXT, trashed INTEGER NOT NULL, added TEXT NOT NULL, modified TEXT NOT NULL,
    title TEXT NOT NULL, creator TEXT NOT NULL, date TEXT NOT NULL,
    UNIQUE (library, key));
CREATE INDEX items_by_version ON items (library, version);
CREATE INDEX items_by_change ON items (library, trashed, modified);
CREATE INDEX items_by_parent ON items (library, parent, trashed, modified);
CREATE INDEX items_by_title ON items (library, title);
CREATE TABLE item_content (item INTEGER PRIMARY KEY, content TEXT NOT NULL, search TEXT NOT NULL);
CREATE TABLE tags (
    library INTEGER NOT NULL, item TEXT NOT NULL, tag TEXT NOT NULL, type INTEGER NOT NULL,
    PRIMARY KEY (library, item, tag)) WITHOUT ROWID;
CREATE INDEX items_by_tag ON tags (library, tag, type);
CREATE TABLE collections (
    id INTEGER PRIMARY KEY AUTOINCREMENT, library INTEGER NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL,
    name TEXT NOT NULL, parent TEXT, trashed INTEGER NOT NULL, relations TEXT NOT NULL,
    added TEXT NOT NULL, modified TEXT NOT NULL, title TEXT NOT NULL,
    UNIQUE (library, key));
CREATE INDEX collections_by_version ON collections (library, version);
CREATE INDEX collections_by_parent ON collections (library, parent);
CREATE TABLE members (
    id INTEGER PRIMARY KEY, library INTEGER NOT NULL, collection TEXT NOT NULL, item TEXT NOT NULL,
    UNIQUE (library, collection, item));
CREATE INDEX members_by_item ON members (library, item);
CREATE TABLE deletions (
    library INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL,
    PRIMARY KEY (library, kind, key)) WITHOUT ROWID;
CREATE INDEX deletions_by_version ON deletions (library, version);
CREATE TABLE write_tokens (
    api_key TEXT NOT NULL, token TEXT NOT NULL, used REAL NOT NULL, PRIMARY KEY (api_key, token)) WITHOUT ROWID;
"""

_MORE_TABLES = """
CREATE TABLE files (id INTEGER PRIMARY KEY, md5 TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, content BLOB NOT NULL);
CREATE TABLE item_files (
    library INTEGER NOT NULL, item TEXT NOT NULL, md5 TEXT NOT NULL, size INTEGER NOT NULL, name TEXT NOT NULL,
    type TEXT NOT NULL, charset TEXT NOT NULL, mtime INTEGER NOT NULL, zipped INTEGER NOT NULL,
    PRIMARY KEY (library, item)) WITHOUT ROWID;
CREATE INDEX items_by_file ON item_files (md5);
CREATE TABLE uploads (
    key TEXT PRIMARY KEY, library INTEGER NOT NULL, item TEXT NOT NULL, asked TEXT NOT NULL, begun REAL NOT NULL,
    content BLOB);
CREATE TABLE searches (
    id INTEGER PRIMARY KEY AUTOINCREMENT, library INTEGER NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL,
    name TEXT NOT NULL, conditions TEXT NOT NULL, trashed INTEGER NOT NULL, added TEXT NOT NULL,
    modified TEXT NOT NULL, title TEXT NOT NULL,
    UNIQUE (library, key));
CREATE TABLE fulltexts (
    library INTEGER NOT NULL, item TEXT NOT NULL, version INTEGER NOT NULL, content TEXT NOT NULL,
    extent TEXT NOT NULL, PRIMARY KEY (library, item)) WITHOUT ROWID;
CREATE TABLE settings (
    library INTEGER NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (library, name)) WITHOUT ROWID;
CREATE INDEX tags_in_any_case ON tags (library, tag COLLATE NOCASE);
"""

_TAG_VERSIONS = """
ALTER TABLE tags ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
UPDATE tags SET version =
    COALESCE((SELECT i.version FROM items i WHERE i.library = tags.library AND i.key = tags.item), 0);
UPDATE item_content SET search = substr(search, 1, length(search) -
    COALESCE((SELECT length(substr(i.date, 1, 4)) FROM items i WHERE i.id = item_content.item), 0));
"""
"""Tags have versions, by which `since=` finds them; the year is no longer searched as text but as a whole."""

_STEPS = (_FIRST_TABLES, _MORE_TABLES, _TAG_VERSIONS)
"""What brings a file from each format to the next; the last step leads to `FORMAT`."""


class Store:
    """An open file. Safe to use from several threads; each transaction has a connection for itself meanwhile."""

    def __init__(
        self,
        path: Path,
        populate: Callable[[sqlite3.Connection], None],
        functions: Mapping[str, tuple[int, Callable[..., str]]],
    ) -> None:
        """Opens the file or makes it and lets `populate` fill it. `functions` (number of arguments, function) can be
        called in SQL by their names. Raises FileError."""
        self.path = path
        self._functions = functions
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self._closed = False
        self._prepare(populate)

    def _prepare(self, populate: Callable[[sqlite3.Connection], None]) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # The file holds API keys, so nobody else on the machine may read it.
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            with self.writing() as db:
                found = int(db.execute("PRAGMA user_version").fetchone()[0])
                if not 0 <= found <= FORMAT:
                    raise FileError(self.path, f"its format is {found}, this version of dmlsync reads up to {FORMAT}")
                for step in _STEPS[found:]:
                    for statement in step.split(";"):
                        db.execute(statement)
                db.execute(f"PRAGMA user_version = {FORMAT}")
                if found == 0:
                    populate(db)
        except FileError:
            self.close()
            raise
        except (OSError, sqlite3.Error) as error:
            self.close()
            raise FileError(self.path, f"it cannot be used as an embedded library ({error})") from error

    def _connection(self) -> sqlite3.Connection:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return self.connect()

    def connect(self) -> sqlite3.Connection:
        """A connection of its own, which the caller closes."""
        db = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            _use_wal(db)
            db.execute("PRAGMA synchronous = NORMAL")
            for name, (arguments, function) in self._functions.items():
                db.create_function(name, arguments, function, deterministic=True)
        except BaseException:
            db.close()
            raise
        return db

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        db = self._connection()
        try:
            db.execute(begin)
            try:
                yield db
            except BaseException:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")
        finally:
            if self._closed:
                db.close()
            else:
                self._idle.put(db)

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """A transaction that sees one state of the file throughout."""
        return self._transaction("BEGIN")

    def writing(self) -> AbstractContextManager[sqlite3.Connection]:
        """A transaction that no other write can come between; it is undone if an exception leaves it."""
        return self._transaction("BEGIN IMMEDIATE")

    def close(self) -> None:
        """Closes the connections that are not in use now; the others close when their transaction ends."""
        self._closed = True
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return


def _use_wal(db: sqlite3.Connection) -> None:
    """Turn write-ahead logging on. SQLite does not wait for others here, as it does elsewhere: so we do."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
