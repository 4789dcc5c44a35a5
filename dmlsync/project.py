"""A project: its files, its sources and its library, wired together. The one place that knows all rooms.

The order of a run is always the same: read the files, link and resolve the entries, read the library, plan; then, once
a person agreed: journal, write to the library, lock, library.bib. A kill anywhere is repaired by the next run.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dmlsync.bib.read import records
from dmlsync.config import SANDBOX, Config
from dmlsync.credentials import api_key
from dmlsync.errors import BusyError
from dmlsync.model import Entry
from dmlsync.project_files import ProjectFiles, make_state_folder, read_project_files
from dmlsync.sync import guards
from dmlsync.sync.actions import Conflict, Plan
from dmlsync.sync.apply import Result, Run, action_json, carry_out
from dmlsync.sync.bib_records import bib_records
from dmlsync.sync.catalog import Catalog
from dmlsync.sync.cataloguing import make_catalog
from dmlsync.sync.journal import Journal
from dmlsync.sync.listed import Policy
from dmlsync.sync.plan import make_plan
from dmlsync.sync.pull import with_pulled
from dmlsync.sync.settle import settle

if TYPE_CHECKING:
    import httpx2

    from dmlsync.resolve.engine import Resolution
    from dmlsync.sync.library import Library
    from dmlsync.zotero.library import ZoteroLibrary
    from dmlsync.zotero.mirror import Mirror

# How often a source is tried before its entries wait for the next run: a person is waiting as well.
_TRIES = 3
SANDBOX_ENDPOINT = "http://sandbox.invalid"
Direction = Literal["push", "pull", "sync"]
Tell = Callable[[str, int, int], None]


def _silent(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished run: its name, `""` where nothing had to be sent, what it came to, and the catalog after it."""

    name: str
    run: Run
    catalog: Catalog


class Project:
    """One project: what the commands ask of it. Only `resolve`, `run` and `reset_sandbox` write, besides caches."""

    def __init__(self, config: Config, *, wrap: Callable[[httpx2.BaseTransport], httpx2.BaseTransport] | None = None):
        """`wrap` may put a transport around the library's own, to watch or to disturb what is sent."""
        self.config = config
        self._wrap = wrap or (lambda transport: transport)

    @property
    def sandbox_path(self) -> Path:
        """The file of the embedded library."""
        return self.config.state / "sandbox.sqlite"

    def read(self) -> ProjectFiles:
        """All files of the project. Raises ListError, BibError, LockError, FileError."""
        return read_project_files(self.config)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Only one run of a project at a time. Raises BusyError where another is going on."""
        from filelock import FileLock, Timeout

        make_state_folder(self.config)
        try:
            with FileLock(self.config.state / "run.lock", timeout=0):
                yield
        except Timeout:
            raise BusyError("another run of this project is going on", "wait until it has finished") from None

    def catalog(
        self,
        on_disk: ProjectFiles,
        *,
        ask: bool = True,
        again: Callable[[Entry], bool] = lambda entry: False,
        tell: Tell = _silent,
    ) -> Catalog:
        """Every entry with its work; sources are asked for what is new, unless `ask` is false."""
        bindings, lock = on_disk.target.bindings, on_disk.lock
        return make_catalog(
            on_disk.entries,
            lock,
            bindings,
            bib_records(records(on_disk.document), on_disk.document.keys, lock, bindings),
            (lambda entries: self._resolve(entries, tell)) if ask else _nobody,
            dialect=self.config.bib.dialect,
            again=again,
            minimal=ask and self.config.resolve.unresolved == "minimal",
        )

    def resolve(self, again: Callable[[Entry], bool], tell: Tell = _silent) -> tuple[ProjectFiles, Catalog]:
        """Fill in what is new, and what `again` names, in library.bib and the lock; the library is left alone."""
        on_disk = self.read()
        catalog = self.catalog(on_disk, again=again, tell=tell)
        on_disk.save(catalog, on_disk.document_with(catalog))
        return on_disk, catalog

    def _resolve(self, entries: Sequence[Entry], tell: Tell) -> Sequence[Resolution]:
        """Ask the configured sources."""
        from dmlsync import sources
        from dmlsync.resolve.engine import resolve
        from dmlsync.sources.cache import Cache
        from dmlsync.sources.http import Client

        make_state_folder(self.config)
        settings = self.config.resolve
        at = sources.endpoints(settings.sources, self.config.sources)
        cache = Cache(self.config.state / "cache.sqlite")
        with Client(at, mailto=settings.mailto, cache=cache, retries={"attempts": _TRIES}) as client:
            return resolve(entries, sources.build(at, client), progress=tell)

    @contextmanager
    def library(self) -> Iterator[ZoteroLibrary]:
        """The Zotero library of the configuration, or the sandbox. Raises ConfigError without a key."""
        import httpx2

        from dmlsync.zotero.library import ZoteroLibrary

        make_state_folder(self.config)
        endpoint, name = self._address()
        if self.config.zotero.library != SANDBOX:
            transport = self._wrap(httpx2.HTTPTransport())
            with ZoteroLibrary(name, endpoint, api_key(self.config), self._mirror(), transport) as library:
                yield library
            return
        from dmlsync.sandbox import open_sandbox

        with open_sandbox(self.sandbox_path) as sandbox:
            transport = self._wrap(httpx2.WSGITransport(app=sandbox.app))
            with ZoteroLibrary(name, endpoint, sandbox.key, self._mirror(), transport) as library:
                yield library

    def _address(self) -> tuple[str, str]:
        """The server and the library's name on it."""
        zotero = self.config.zotero
        if zotero.library != SANDBOX:
            return zotero.endpoint, zotero.library
        from dmlsync.sandbox.libraries import FIRST_GROUP

        return SANDBOX_ENDPOINT, f"groups/{FIRST_GROUP}"

    def _mirror(self) -> Mirror:
        """The copy of the library as last read."""
        from dmlsync.zotero.mirror import Mirror

        return Mirror(self.config.state / "mirror.sqlite")

    def remembered_conflicts(self, on_disk: ProjectFiles, catalog: Catalog) -> tuple[Conflict, ...]:
        """The conflicts as of the last time that the library was read; asks nobody."""
        from dmlsync.zotero.remembered import remembered

        if not self.config.state.is_dir():
            return ()
        endpoint, name = self._address()
        snapshot = remembered(self._mirror(), endpoint, name)
        if snapshot is None:
            return ()
        return make_plan(catalog.listed(), on_disk.target, snapshot, name, self._policy()).conflicts

    def reset_sandbox(self) -> None:
        """Throw the embedded library away, and all that is remembered of it."""
        from dmlsync.sandbox import remove_sandbox
        from dmlsync.zotero.mirror import mirrored_as

        with self.alone():
            endpoint, name = self._address()
            self._mirror().forget(mirrored_as(endpoint, name))
            remove_sandbox(self.sandbox_path)
            self.config.sandbox_lock_path.unlink(missing_ok=True)

    def _policy(self) -> Policy:
        zotero = self.config.zotero
        return Policy(zotero.collection, zotero.sections, zotero.attach, zotero.on_removed, self.config.bib.dialect)

    def plan(self, on_disk: ProjectFiles, catalog: Catalog, library: Library, *, allow_shrink: bool = False) -> Plan:
        """What it takes to bring the library in line. Raises LibraryError, GuardError."""
        target, snapshot = on_disk.target, library.snapshot()
        if not allow_shrink:
            guards.check_library(target, snapshot, self.config.zotero.collection)
        plan = make_plan(catalog.listed(), target, snapshot, library.name, self._policy())
        if not allow_shrink:
            guards.check_removal(plan, on_disk.lock.works)
        return plan

    def run(
        self,
        on_disk: ProjectFiles,
        catalog: Catalog,
        plan: Plan,
        library: Library,
        direction: Direction = "push",
        tell: Tell = _silent,
    ) -> Finished:
        """Carry a plan out, in one direction or both, and write library.bib and the lock.

        Everything that can fail here at home fails before the first request. A library that fails on the way leaves
        what arrived recorded in the lock; the error is in the result. One that took nothing at all leaves every file
        as it was.
        """
        pulled = direction != "push"
        if pulled:
            catalog = with_pulled(catalog, plan)
        document = on_disk.document_with(catalog)
        on_disk.check_unchanged()
        if direction == "pull" or not any(action.change for action in plan.actions):
            settled = settle(plan, on_disk.target, {}, pulled=pulled)
            on_disk.save(catalog, document, settled)
            return Finished("", Run(settled, Result(), (plan,)), catalog)
        with Journal(self.config.state / "journal", _run_name()) as journal:
            journal.begin(on_disk.target_name, direction, [action_json(action) for action in plan.actions])
            run = carry_out(
                plan,
                on_disk.target,
                library,
                journal,
                # The catalog as it is after pulling: a second look must not pull the same again.
                lambda now: make_plan(catalog.listed(), now, library.snapshot(), library.name, self._policy()),
                lambda done, total: tell("Writing to Zotero", done, total),
                pulled=pulled,
            )
            if run.result.outcomes or run.result.error is None:
                on_disk.save(catalog, document, run.target)
            journal.end(str(run.result.error or ""))
            return Finished(journal.run, run, catalog)


def _nobody(entries: Sequence[Entry]) -> Sequence[Resolution]:
    """The answer of no source at all: everything waits."""
    from dmlsync.resolve.engine import Resolution

    return [Resolution(entry, "pending") for entry in entries]


def _run_name() -> str:
    """A name for a run that sorts by time and that two machines never share."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
