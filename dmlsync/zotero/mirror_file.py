"""The SQLite file beneath a mirror."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from dmlsync.zotero.mirror import Row, Update

FORMAT = 1
"""The format of the file, kept as SQLite's `user_version`; a file with any other number is thrown away."""

PATIENCE = 10.0
"""Seconds to wait for another process that holds the file."""

_TABLES = """
CREATE TABLE library (name TEXT PRIMARY KEY, version INTEGER NOT NULL);
CREATE TABLE object (
    library TEXT NOT NULL,
    shelf TEXT NOT NULL,
    key TEXT NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (library, shelf, key)
);
"""
_SELECT = "SELECT key, version, kind, body FROM object WHERE library = ?"
_PUT_OBJECT = "INSERT OR REPLACE INTO object (library, shelf, key, version, kind, body) VALUES (?, ?, ?, ?, ?, ?)"
_DROP_OBJECT = "DELETE FROM object WHERE library = ? AND shelf = ? AND key = ?"
_PUT_LIBRARY = "INSERT OR REPLACE INTO library (name, version) VALUES (?, ?)"

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")


class MirrorFile:
    """Reads and writes the remembered libraries; a file that is damaged or of another format is removed.

    Neither method raises. The file is open only within a call, so that it can be deleted at any time.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, library: str) -> tuple[int, list[Row]] | None:
        """The mark and the rows of a library, None where the file has none of it."""
        return self._within_transaction(lambda database: _read(database, library)) if self._path.exists() else None

    def write(self, library: str, update: Update, *, anew: bool) -> bool:
        """Carry out an update, after dropping the library if `anew`; whether that succeeded. All of it or nothing."""
        return bool(self._within_transaction(lambda database: _write(database, library, update, anew=anew)))

    def drop(self, library: str) -> None:
        """Take out a library and everything in it."""
        if self._path.exists():
            self._within_transaction(lambda database: _drop(database, library))

    def _within_transaction(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result | None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=PATIENCE)) as database:
                if _prepared(database):
                    with database:
                        return work(database)
            self._discard("it has another format")
        except sqlite3.DatabaseError as error:
            # Locked, read-only, no room: the file itself may be good. SQLITE_ERROR is a table that is not there.
            if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                _log.warning("%s cannot be used: %s", self._path, error)
            else:
                self._discard(str(error))
        except OSError as error:
            _log.warning("%s cannot be used: %s", self._path, error.strerror)
        return None

    def _discard(self, reason: str) -> None:
        _log.warning("%s is begun anew: %s", self._path, reason)
        for ending in ("", "-journal", "-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)


def _prepared(database: sqlite3.Connection) -> bool:
    """Make the tables in a new file; whether the file has our format."""
    (number,) = database.execute("PRAGMA user_version").fetchone()
    if number == 0 and not database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
        database.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {FORMAT}; COMMIT;")
        return True
    return bool(number == FORMAT)


def _read(database: sqlite3.Connection, library: str) -> tuple[int, list[Row]] | None:
    mark = database.execute("SELECT version FROM library WHERE name = ?", (library,)).fetchone()
    if mark is None:
        return None
    if database.execute("SELECT 1 FROM object WHERE library = ? AND NOT json_valid(body)", (library,)).fetchone():
        raise sqlite3.DatabaseError("a row is no JSON")
    return int(mark[0]), [Row(*columns) for columns in database.execute(_SELECT, (library,))]


def _write(database: sqlite3.Connection, library: str, update: Update, *, anew: bool) -> bool:
    if anew:
        _drop(database, library)
    gone = ((library, shelf, key) for shelf, keys in update.gone.items() for key in keys)
    database.executemany(_DROP_OBJECT, gone)
    rows = ((library, row.shelf, row.key, row.version, row.kind, row.body) for row in update.put)
    database.executemany(_PUT_OBJECT, rows)
    database.execute(_PUT_LIBRARY, (library, update.version))
    return True


def _drop(database: sqlite3.Connection, library: str) -> None:
    database.execute("DELETE FROM object WHERE library = ?", (library,))
    database.execute("DELETE FROM library WHERE name = ?", (library,))
