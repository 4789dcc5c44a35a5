"""A replica that lags behind: reads that see an older state of the file, as those of a server with replicas may."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from dmlsync.sandbox.store import Store


class Replica:
    """Reads of a store that see one state for a number of reads before they catch up.

    It holds a read transaction open on a connection of its own: what it shows is old, but never a mixture.
    """

    def __init__(self, store: Store, reads: int) -> None:
        self._store = store
        self._reads = max(1, reads)
        self._db: sqlite3.Connection | None = None
        self._done = 0
        self._lock = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A transaction on the state that the replica is at; the first of each round sees the present one."""
        with self._lock:
            if self._db is None:
                self._db = self._store.connect()
            if self._done % self._reads == 0:
                if self._db.in_transaction:
                    self._db.execute("COMMIT")
                self._db.execute("BEGIN")
                self._db.execute("SELECT MAX(version) FROM libraries").fetchone()  # the state is fixed by a read
            self._done += 1
            yield self._db

    def writing(self) -> AbstractContextManager[sqlite3.Connection]:
        """Writes go to the store itself."""
        return self._store.writing()

    def close(self) -> None:
        """Ends the transaction and closes the connection."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None
            self._done = 0
