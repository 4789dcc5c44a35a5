"""The remembered copy of libraries: every object as the server last sent it, and the version up to which that is whole.

A mirror saves reading a library of many thousand items on every run. It is a cache and nothing more: a file that is
damaged, or of a format that this program does not know, is thrown away and the library read again. One file holds
several libraries, each under its endpoint and name. A refresh is one transaction, and only what changed is written.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from dmlsync.zotero.mirror_file import MirrorFile

Shelf = Literal["items", "collections"]
"""Keys of items and of collections are independent of each other."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Row:
    """One remembered object: its JSON as text, decoded only when someone looks at it.

    `kind` is `item`, `attachment`, `other` (notes, annotations ...) or `collection`.
    """

    key: str
    version: int
    kind: str
    body: str

    @property
    def shelf(self) -> Shelf:
        """Where the row is kept."""
        return "collections" if self.kind == "collection" else "items"


Rows: TypeAlias = Mapping[str, Row]


@dataclass(frozen=True, slots=True)
class Contents:
    """What is remembered of a library. `version` is None as long as it was never read in full.

    Everything up to `version` is in; single objects may be newer, when they were read or written on their own.
    """

    version: int | None = None
    items: Rows = field(default_factory=dict)
    collections: Rows = field(default_factory=dict)

    def shelf(self, name: Shelf) -> Rows:
        """The items or the collections."""
        return self.items if name == "items" else self.collections


@dataclass(frozen=True, slots=True)
class Update:
    """What changes in a library's contents: rows to put, in place of older ones, and the keys of objects that are gone.

    `version` is the mark afterwards. With None the library stays unread, and the rows are remembered for this run only.
    """

    version: int | None
    put: tuple[Row, ...] = ()
    gone: Mapping[Shelf, frozenset[str]] = field(default_factory=dict)


def mirrored_as(endpoint: str, name: str) -> str:
    """What a mirror calls a library."""
    return f"{endpoint.rstrip('/')}/{name}"


class Mirror:
    """Remembers libraries in a file, or only as long as it lives (`Mirror.in_memory()`).

    It never raises: where the file cannot be used, it goes on without, and the next run reads more.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._contents: dict[str, Contents] = {}
        self._behind: set[str] = set()

    @classmethod
    def in_memory(cls) -> Mirror:
        """A mirror without a file."""
        return cls(None)

    def load(self, library: str) -> Contents:
        """What is remembered of a library, by its endpoint and name; empty contents where nothing is."""
        if library not in self._contents:
            self._contents[library] = self._read(library)
        return self._contents[library]

    def apply(self, library: str, update: Update) -> Contents:
        """Carry out an update, in the file all of it or nothing, and return the contents after it."""
        before = self.load(library)
        rows = tuple(row for row in update.put if before.shelf(row.shelf).get(row.key) != row)
        after = Contents(
            update.version,
            _updated(before, rows, update, "items"),
            _updated(before, rows, update, "collections"),
        )
        self._contents[library] = after
        if before.version is None or library in self._behind:
            self._write(library, Update(after.version, (*after.items.values(), *after.collections.values())), anew=True)
        elif rows or any(update.gone.values()) or before.version != after.version:
            self._write(library, Update(after.version, rows, update.gone), anew=False)
        return after

    def forget(self, library: str) -> None:
        """Drop everything remembered of a library: it turned out to be another one, or an older state of it."""
        self._contents[library] = Contents()
        self._behind.add(library)
        if file := self._file():
            file.drop(library)

    def _read(self, library: str) -> Contents:
        """The contents in the file; `_behind` notes that the file has none that later updates could build on."""
        version, rows = None, list[Row]()
        if file := self._file():
            version, rows = file.read(library) or (None, [])
        if version is None:
            self._behind.add(library)
        return Contents(
            version,
            {row.key: row for row in rows if row.shelf == "items"},
            {row.key: row for row in rows if row.shelf == "collections"},
        )

    def _write(self, library: str, update: Update, *, anew: bool) -> None:
        """Write an update to the file; one that could not be written must not be built upon later."""
        file = self._file()
        if file is None or update.version is None:
            return
        if file.write(library, update, anew=anew):
            self._behind.discard(library)
        else:
            self._behind.add(library)

    def _file(self) -> MirrorFile | None:
        if self._path is None:
            return None
        from dmlsync.zotero.mirror_file import MirrorFile

        return MirrorFile(self._path)


def _updated(before: Contents, rows: Iterable[Row], update: Update, shelf: Shelf) -> Rows:
    gone = update.gone.get(shelf, frozenset())
    new = {row.key: row for row in rows if row.shelf == shelf}
    old = before.shelf(shelf)
    if not gone and not new:
        return old
    return {key: row for key, row in old.items() if key not in gone} | new
