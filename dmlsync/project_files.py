"""The files of a project as a run found them, and how a run writes them back.

What is written is compared with the bytes that were read: an edit that a person saves during a run is never lost.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmlsync import files
from dmlsync.bib.document import Document
from dmlsync.config import SANDBOX, Config
from dmlsync.model import Entry
from dmlsync.readinglist import ReadingList, read_list
from dmlsync.sync.catalog import Catalog
from dmlsync.sync.lock import Lock, Target, lock_bytes, read_lock


@dataclass(frozen=True, slots=True)
class ProjectFiles:
    """Lists, library.bib and lock, parsed, beside the bytes that they were read from.

    `target_lock` is the lock that holds the library in use: for the sandbox one of its own beside the sandbox,
    otherwise `lock` itself.
    """

    config: Config
    lists: tuple[ReadingList, ...]
    document: Document
    bib_bytes: bytes | None
    lock: Lock
    lock_bytes: bytes | None
    target_lock: Lock
    target_bytes: bytes | None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries of all lists, in their order."""
        return tuple(entry for one in self.lists for entry in one.entries)

    @property
    def target_name(self) -> str:
        """What the lock calls the library in use: its address, or `sandbox`."""
        zotero = self.config.zotero
        return SANDBOX if zotero.library == SANDBOX else f"{zotero.endpoint}/{zotero.library}"

    @property
    def target(self) -> Target:
        """What the lock knows of the library in use."""
        return self.target_lock.targets.get(self.target_name, Target())

    def save(self, catalog: Catalog, target: Target | None = None) -> bool:
        """Write the lock, then library.bib; returns whether either changed.

        Without a `target` nothing is said of the library. Raises FileChangedError where a person saved one of the
        files in the meantime, BibError where an entry could not be read back.
        """
        document = self._document_with(catalog)
        lock = Lock(catalog.works, self.lock.targets, catalog.reviews)
        changed = False
        if target is not None and self.config.zotero.library == SANDBOX:
            target_data = lock_bytes(self.target_lock.with_target(self.target_name, target))
            make_state_folder(self.config)
            changed = files.replace(self.config.sandbox_lock_path, target_data, expected=self.target_bytes)
        elif target is not None:
            lock = lock.with_target(self.target_name, target)
        if lock != self.lock:
            changed |= files.replace(self.config.lock_path, lock_bytes(lock), expected=self.lock_bytes)
        if document is not self.document:
            changed |= files.replace(self.config.bib.path, document.data, expected=self.bib_bytes)
        return changed

    def _document_with(self, catalog: Catalog) -> Document:
        """library.bib with the records that it lacks or has differently."""
        from dmlsync.bib.write import upserted

        document = self.document
        for key in catalog.written:
            document = upserted(document, key, catalog.records[key], self.config.bib.dialect)
        return document


def read_project_files(config: Config) -> ProjectFiles:
    """All files of a project. Raises ListError, BibError, LockError, FileError."""
    lists = tuple(read_list(one.path) for one in config.lists)
    bib_bytes = files.read_or_none(config.bib.path)
    document = Document.parse(bib_bytes or b"", config.bib.path)
    lock, data = read_lock(config.lock_path)
    is_sandbox = config.zotero.library == SANDBOX
    target_lock, target_data = read_lock(config.sandbox_lock_path) if is_sandbox else (lock, data)
    return ProjectFiles(config, lists, document, bib_bytes, lock, data, target_lock, target_data)


def make_state_folder(config: Config) -> None:
    """Make the folder for what is not committed; it says so itself."""
    ignore = config.state / ".gitignore"
    if not ignore.exists():
        files.replace(ignore, b"*\n", expected=None)
