"""The embedded library: the Zotero Web API v3 on one SQLite file.

It stands in for a Zotero server in the demonstration, in tests and for other Zotero clients on this machine. Its rules
are those of the reference server, down to its oddities; what it does not have (file contents, saved searches,
full text, formatted bibliographies) it refuses.

    with open_sandbox(Path("sandbox.sqlite")) as sandbox:
        client = httpx2.Client(transport=httpx2.WSGITransport(app=sandbox.app))
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from dmlsync.sandbox.http import SandboxServer
    from dmlsync.sandbox.store import Store

__all__ = ["Sandbox", "open_sandbox", "remove_sandbox", "serve"]


class Sandbox:
    """An open embedded library: one user, their library and their groups.

    `key` may read and write everything, `read_only_key` only read; `user` and `group` are the ids of the user and of
    the group that the file was made with.
    """

    def __init__(self, store: Store) -> None:
        from dmlsync.sandbox.libraries import FIRST_GROUP, FIRST_USER, api_key_of
        from dmlsync.sandbox.server import App

        self._store = store
        self.app: WSGIApplication = App(store)
        self.user: int = FIRST_USER
        self.group: int = FIRST_GROUP
        with store.reading() as db:
            self.key = api_key_of(db, may_write=True)
            self.read_only_key = api_key_of(db, may_write=False)

    @property
    def path(self) -> Path:
        """The file."""
        return self._store.path

    def new_group(self) -> int:
        """Makes an empty group that `key` may write; its id."""
        from dmlsync.sandbox.libraries import add_group

        with self._store.writing() as db:
            return add_group(db)

    def close(self) -> None:
        """Closes the file."""
        self._store.close()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_sandbox(path: Path) -> Sandbox:
    """Opens the embedded library in a file, which is made and filled with a user and a group if it is missing.

    Raises FileError if the file cannot be used.
    """
    from dmlsync.sandbox.libraries import populate
    from dmlsync.sandbox.query import base_value
    from dmlsync.sandbox.store import Store

    return Sandbox(Store(path, populate, {"casefold": (1, str.casefold), "base_value": (3, base_value)}))


def remove_sandbox(path: Path) -> None:
    """Deletes the file of an embedded library, which must not be open, with what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def serve(sandbox: Sandbox, port: int) -> SandboxServer:
    """A server of the embedded library on a port of 127.0.0.1, 0 for a free one; it serves once it is told to."""
    from dmlsync.sandbox.http import SandboxServer

    return SandboxServer(sandbox.app, port)
