"""The files of a project as a run found them, and how a run writes them back.

What is written is compared with the bytes that were read: an edit that a person saves during a run is never lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dmlsync import files
from dmlsync.bib.document import Document
from dmlsync.bib.file import document_of
from dmlsync.config import SANDBOX, Config
from dmlsync.errors import BibError
from dmlsync.model import Entry
from dmlsync.readinglist import ReadingList, read_list
from dmlsync.sync.catalog import Catalog
from dmlsync.sync.lock import Lock, Target, WorkState
from dmlsync.sync.lock_file import lock_bytes, read_lock
from dmlsync.sync.rekey import all_aliases, followed_document, followed_lock


@dataclass(frozen=True, slots=True)
class ProjectFiles:
    """Lists, library.bib and lock, parsed, beside the bytes that they were read from.

    `target_lock` is the lock that holds the library in use: for the sandbox one of its own beside the sandbox,
    otherwise `lock` itself. Citation keys that were changed are the new ones everywhere; `is_behind` tells that
    library.bib still has an old one on the disk.
    """

    config: Config
    lists: tuple[ReadingList, ...]
    document: Document
    bib_bytes: bytes | None
    lock: Lock
    lock_bytes: bytes | None
    target_lock: Lock
    target_bytes: bytes | None
    is_behind: bool = False

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries of all lists, in their order."""
        return tuple(entry for one in self.lists for entry in one.entries)

    @property
    def is_sandbox(self) -> bool:
        """Whether the library in use is the embedded one, whose lock lies beside it."""
        return self.config.zotero.library == SANDBOX

    @property
    def target_name(self) -> str:
        """What the lock calls the library in use: its address, or `sandbox`."""
        zotero = self.config.zotero
        return SANDBOX if self.is_sandbox else f"{zotero.endpoint}/{zotero.library}"

    @property
    def target(self) -> Target:
        """What the lock knows of the library in use."""
        return self.target_lock.targets.get(self.target_name, Target())

    def document_with(self, catalog: Catalog) -> Document:
        """library.bib with the records that it lacks or has differently. Raises BibError where that cannot be."""
        from dmlsync.bib.write import upserted_all

        return upserted_all(self.document, catalog.written, self.config.bib.dialect)

    def check_unchanged(self) -> None:
        """Raises FileChangedError where a person saved one of the files since they were read."""
        for path, data in self._as_read():
            files.check(path, expected=data)

    def save(self, catalog: Catalog, document: Document, target: Target | None = None) -> bool:
        """Write library.bib, then the lock; returns whether anything changed. Without a `target` nothing is said of it.

        Raises FileChangedError, with nothing written, where a person saved one of the files in the meantime.
        """
        return self.write(document, *self.locks(catalog, target))

    def write(self, document: Document, lock: Lock, target_lock: Lock) -> bool:
        """Write library.bib, then the committed lock and the one of the library in use; whether anything changed.

        The base comes last, so that it never claims what library.bib does not hold yet: it would then turn the other
        side's edit into something to be undone. Raises FileChangedError, with nothing written,
        where a person saved one of the files in the meantime.
        """
        self.check_unchanged()
        is_new = document is not self.document or self.is_behind
        changed = is_new and files.replace(self.config.bib.path, document.data, expected=self.bib_bytes)
        if lock != self.lock:
            changed |= files.replace(self.config.lock_path, lock_bytes(lock), expected=self.lock_bytes)
        if target_lock != self.target_lock and self.is_sandbox:
            data = lock_bytes(target_lock)
            changed |= files.replace(self.config.sandbox_lock_path, data, expected=self.target_bytes)
        return changed

    def with_locks(self, lock: Lock, target_lock: Lock) -> ProjectFiles:
        """Write the two locks alone, see `write`: the files as they are on the disk then."""
        self.write(self.document, lock, target_lock)
        return replace(
            self,
            bib_bytes=self.document.data if self.is_behind else self.bib_bytes,
            lock=lock,
            lock_bytes=self.lock_bytes if lock == self.lock else lock_bytes(lock),
            target_lock=target_lock,
            target_bytes=lock_bytes(target_lock)
            if self.is_sandbox and target_lock != self.target_lock
            else self.target_bytes,
            is_behind=False,
        )

    def locks_with(
        self, target: Target | None = None, works: Mapping[str, WorkState] | None = None
    ) -> tuple[Lock, Lock]:
        """The committed lock and the one that holds the target, with another state of it, or of the works."""
        target_lock = self.target_lock if target is None else self.target_lock.with_target(self.target_name, target)
        lock = self.lock if self.is_sandbox else target_lock
        return (lock if works is None else replace(lock, works=works)), target_lock

    def locks(self, catalog: Catalog, target: Target | None) -> tuple[Lock, Lock]:
        """The committed lock and the one that holds the target, as they should be now."""
        lock, target_lock = self.locks_with(target)
        everywhere = [*lock.targets.values(), *target_lock.targets.values()]
        bound = {key for one in everywhere for key, binding in one.bindings.items() if not binding.unlisted}
        kept = catalog.listed_keys | bound
        works = {key: work if key in kept else replace(work, entries=()) for key, work in catalog.works.items()}
        return replace(lock, works=works, reviews=catalog.reviews), target_lock

    def _as_read(self) -> tuple[tuple[Path, bytes | None], ...]:
        config = self.config
        found = [(config.bib.path, self.bib_bytes), (config.lock_path, self.lock_bytes)]
        if self.is_sandbox:
            found.append((config.sandbox_lock_path, self.target_bytes))
        return tuple(found)


def read_project_files(config: Config, *, empty_lists: bool = False) -> ProjectFiles:
    """All files of a project. Raises ListError, BibError, LockError, FileError.

    A list without an entry is an error, rather than the wish to take all of its works out, unless `empty_lists`. It is
    none either where the lock knows no line of it: then there is nothing to take out, and the list says so itself.
    """
    lock, data = read_lock(config.lock_path)
    known = {line.list_name for work in lock.works.values() for line in work.entries}
    lists = tuple(
        read_list(one.path, may_be_empty=bool(lock.works) and (empty_lists or one.name not in known))
        for one in config.lists
    )
    on_disk, bib_bytes = _read_document(config)
    is_sandbox = config.zotero.library == SANDBOX
    target_lock, target_data = read_lock(config.sandbox_lock_path) if is_sandbox else (lock, data)
    document = followed_document(on_disk, lock.works, config.bib.dialect)
    target_lock, behind = followed_lock(target_lock, lock.works), document is not on_disk
    return ProjectFiles(config, lists, document, bib_bytes, lock, data, target_lock, target_data, behind)


def read_library(config: Config) -> tuple[Document, Mapping[str, str]]:
    """library.bib alone, and the other names of its entries with their keys. Raises BibError, LockError, FileError."""
    on_disk, _ = _read_document(config)
    works = read_lock(config.lock_path)[0].works
    document = followed_document(on_disk, works, config.bib.dialect)
    return document, all_aliases(document, works)


def _read_document(config: Config) -> tuple[Document, bytes | None]:
    data = files.read_or_none(config.bib.path)
    if data and (line := files.merge_marker(data)):
        raise BibError(config.bib.path, "holds an unfinished git merge", "finish the merge first", line=line)
    return document_of(config.bib.path, data), data


def make_state_folder(config: Config) -> None:
    """Make the folder for what is not committed; it says so itself."""
    ignore = config.state / ".gitignore"
    if not ignore.exists():
        files.replace(ignore, b"*\n", expected=None)
