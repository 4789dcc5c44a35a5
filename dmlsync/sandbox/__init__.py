"""The embedded library: the Zotero Web API v3 on one SQLite file.

It stands in for a Zotero server in the demonstration, in tests and for other Zotero clients on this machine. Its rules
are those of the reference server, down to its oddities; what it does not have (partial uploads, formatted
bibliographies, Atom, annotations) it refuses.

    with open_sandbox(Path("sandbox.sqlite")) as sandbox:
        client = httpx2.Client(transport=httpx2.WSGITransport(app=sandbox.app))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from dmlsync.sandbox.exports import Converter
    from dmlsync.sandbox.faults import Faults
    from dmlsync.sandbox.http import SandboxServer
    from dmlsync.sandbox.store import Store

__all__ = ["QUOTA", "Sandbox", "open_sandbox", "remove_sandbox", "serve"]

QUOTA = 300
"""How many megabytes the files of all items may take, as in a free account."""


class Sandbox:
    """An open embedded library: one user, their library and their groups.

    `key` may read and write everything, `read_only_key` only read; `user` and `group` are the ids of the user and of
    the group that the file was made with. `app` is the API as a WSGI application.
    """

    def __init__(self, store: Store, converters: Mapping[str, Converter] | None = None, quota: int = QUOTA) -> None:
        from dmlsync.sandbox.exports import Exports
        from dmlsync.sandbox.libraries import FIRST_GROUP, FIRST_USER, api_key_of
        from dmlsync.sandbox.server import App

        self._store = store
        self._exports = Exports(converters)
        self._quota = quota
        self._faults: list[Faults] = []
        self.app: WSGIApplication = App(store, self._exports, quota)
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

    def with_faults(self, specs: Sequence[str] = (), seed: int = 0) -> Faults:
        """The same application with faults around it, such as `rate-limit:share=0.2`: see `dmlsync.sandbox.faults`.

        Equal seeds give equal faults for equal requests. Raises ConfigError for a fault that there is not.
        """
        from dmlsync.sandbox.faults import Faults
        from dmlsync.sandbox.replica import Replica
        from dmlsync.sandbox.server import App

        def lagging(reads: int) -> tuple[WSGIApplication, Replica]:
            replica = Replica(self._store, reads)
            return App(replica, self._exports, self._quota), replica

        faults = Faults(self.app, lagging, seed)
        self._faults.append(faults)
        for spec in specs:
            faults.add(spec)
        return faults

    def close(self) -> None:
        """Closes the file."""
        for faults in self._faults:
            faults.clear()
        self._store.close()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_sandbox(path: Path, converters: Mapping[str, Converter] | None = None, quota: int = QUOTA) -> Sandbox:
    """Opens the embedded library in a file, which is made and filled with a user and a group if it is missing.

    `converters` are the formats that items can be had in, by the names that the API has for them (`bibtex`,
    `biblatex`): functions from a list of item data to a text; that for `csljson` returns a list of CSL objects, one an
    item. Other formats are refused. `quota` is in megabytes. Raises FileError if the file cannot be used.
    """
    from dmlsync import schema
    from dmlsync.sandbox.libraries import populate
    from dmlsync.sandbox.query import base_value
    from dmlsync.sandbox.store import Store

    functions: dict[str, tuple[int, Callable[..., str]]] = {
        "casefold": (1, str.casefold),
        "base_value": (3, base_value),
        "type_label": (1, schema.label_of_type),
    }
    return Sandbox(Store(path, populate, functions), converters, quota)


def remove_sandbox(path: Path) -> None:
    """Deletes the file of an embedded library, which must not be open, with what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def serve(sandbox: Sandbox, port: int, app: WSGIApplication | None = None) -> SandboxServer:
    """A server of the embedded library on a port of 127.0.0.1, 0 for a free one; it serves once it is told to.

    `app` takes the place of the sandbox's own application, to put faults around it.
    """
    from dmlsync.sandbox.http import SandboxServer

    return SandboxServer(app or sandbox.app, port)
