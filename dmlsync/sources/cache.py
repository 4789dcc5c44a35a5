"""What the services answered, kept in one SQLite file so that nothing is asked twice."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FORMAT = 1
"""Number of the file's layout and of the meaning of its keys; a file with another number is emptied."""

KEPT_DAYS = 60.0
"""Registries are corrected and papers get published: after so many days an answer is asked for anew."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered: the status, 200 or 404 (there is no such thing), and the body as text."""

    status: int
    text: str


def key_of(method: str, url: str, body: bytes, accept: str) -> str:
    """The key of a request: equal requests have equal keys, whatever the order of sending."""
    digest = hashlib.sha256()
    for part in (method.encode(), url.encode(), body, accept.encode()):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


class Cache:
    """Answers by key in the file `path`; threads may share it.

    The file holds nothing that cannot be asked for again: one that is damaged is begun anew, and one that cannot be
    written to costs requests, not the run.
    """

    def __init__(self, path: Path, *, days: float = KEPT_DAYS, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._seconds = days * 86400
        self._clock = clock
        self._guard = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)
            self._connection = self._open()

    def get(self, key: str) -> Answer | None:
        """The answer kept under a key, None if there is none or it is too old."""
        query = "SELECT status, body FROM answers WHERE key = ? AND kept_at > ?"
        try:
            with self._guard:
                row = self._connection.execute(query, (key, self._clock() - self._seconds)).fetchone()
            return Answer(int(row[0]), zlib.decompress(row[1]).decode("utf-8")) if row else None
        except (sqlite3.Error, zlib.error, UnicodeDecodeError):
            return None

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer under a key."""
        row = (key, answer.status, zlib.compress(answer.text.encode("utf-8", "replace"), 6), self._clock())
        with suppress(sqlite3.Error), self._guard, self._connection:
            self._connection.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", row)

    def close(self) -> None:
        """Close the file."""
        with self._guard:
            self._connection.close()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=10, check_same_thread=False)
        try:
            if connection.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
                connection.execute("DROP TABLE IF EXISTS answers")
                connection.execute(f"PRAGMA user_version = {FORMAT}")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, status INTEGER, body BLOB, kept_at REAL)"
            )
            connection.commit()
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection
