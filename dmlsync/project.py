"""A project: its files, its sources and its library, wired together. The one place that knows all rooms.

The order of a run is always the same: read the files, link and resolve the entries, read the library, plan; then, once
a person agreed: journal, write to the library, library.bib, lock. A kill anywhere is repaired by the next run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dmlsync.bib.key_formula import parse_formula
from dmlsync.bib.keys import aliases
from dmlsync.bib.read import records
from dmlsync.config import Config
from dmlsync.errors import BusyError
from dmlsync.files import read_or_none
from dmlsync.files import replace as replace_file
from dmlsync.model import Entry
from dmlsync.project_files import ProjectFiles, make_state_folder, read_library, read_project_files
from dmlsync.project_library import ProjectLibrary, Wrap
from dmlsync.project_runs import (
    Direction,
    Finished,
    carry_merges_out,
    carry_plan_out,
    carry_records_out,
    carry_undo_out,
    past_run,
)
from dmlsync.sync import guards
from dmlsync.sync.actions import Conflict, Plan
from dmlsync.sync.adopt import adopted_works, newcomers_for
from dmlsync.sync.apply import Result
from dmlsync.sync.bib_records import bib_records
from dmlsync.sync.catalog import Catalog
from dmlsync.sync.cataloguing import make_catalog
from dmlsync.sync.choices import Side, with_choice
from dmlsync.sync.journal import cut_off_run
from dmlsync.sync.library import Library, Snapshot
from dmlsync.sync.listed import ListedWork, Policy
from dmlsync.sync.lock_file import lock_bytes, read_lock
from dmlsync.sync.past import Past, recovered
from dmlsync.sync.place import Places
from dmlsync.sync.plan import make_plan
from dmlsync.sync.proposals import Decision, Proposal, proposals, taken_over
from dmlsync.sync.saved_plan import SavedPlan, part_of, plan_bytes, read_plan
from dmlsync.sync.sides import Sides
from dmlsync.sync.undo import Undo, undo_of
from dmlsync.sync.unite import plan_merges

if TYPE_CHECKING:
    from dmlsync.bib.cited import Cited
    from dmlsync.bib.entry_types import Dialect
    from dmlsync.bib.extract import Extract
    from dmlsync.resolve.engine import Resolution
    from dmlsync.resolve.evidence import Answer
    from dmlsync.sync.lock import Target
    from dmlsync.zotero.library import ZoteroLibrary

# How often a source is tried before its entries wait for the next run: a person is waiting as well.
_TRIES = 3
Tell = Callable[[str, int, int], None]


def _silent(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The files, the catalog as it is, and the one that the sources would make now."""

    on_disk: ProjectFiles
    now: Catalog
    asked: Catalog

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """What the sources say otherwise than the records."""
        return proposals(self.now, self.asked)


class Project:
    """One project: what the commands ask of it.

    What writes, besides caches: `resolve`, `take_over`, `answer`, `choose`, `run`, `merge`, `undo`, `save_plan`,
    `reset_sandbox`.
    """

    def __init__(self, config: Config, *, wrap: Wrap | None = None) -> None:
        """`wrap` may put a transport around the library's own, to watch or to disturb what is sent.

        Raises ConfigError where the formula of citation keys is wrong.
        """
        self.config = config
        self._formula = parse_formula(config.bib.key, config.path)
        self._library = ProjectLibrary(config, wrap)

    @property
    def sandbox_path(self) -> Path:
        """The file of the embedded library."""
        return self._library.sandbox_path

    def read(self, *, empty_lists: bool = False) -> ProjectFiles:
        """All files of the project: see `read_project_files`. Raises ListError, BibError, LockError, FileError."""
        return read_project_files(self.config, empty_lists=empty_lists)

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
        refresh: bool = False,
        tell: Tell = _silent,
    ) -> Catalog:
        """Every entry with its work; sources are asked for what is new and what `again` names, unless `ask` is false.

        With `refresh` they are asked even for what the cache holds.
        """
        bindings, document = on_disk.target.bindings, on_disk.document
        lock = recovered(on_disk.lock, cut_off_run(self.config.state / "journal"), document)
        return make_catalog(
            on_disk.entries,
            lock,
            bindings,
            bib_records(records(document), document.keys, lock, bindings, aliases(document)),
            (lambda entries: self._ask(entries, lock.answers, tell, refresh=refresh)) if ask else _nobody,
            dialect=self.config.bib.dialect,
            again=again,
            minimal=ask and self.config.resolve.unresolved == "minimal",
            formula=self._formula,
        )

    def extract(self, cited: Cited, dialect: Dialect | None) -> Extract:
        """The cited entries of library.bib as a file of their own: see `bib.extract`."""
        from dmlsync.bib.extract import extracted

        document, names = read_library(self.config)
        own = self.config.bib.dialect
        return extracted(document, cited, names, dialect or own, anew=dialect not in (None, own))

    def resolve(self, again: Callable[[Entry], bool], tell: Tell = _silent) -> tuple[ProjectFiles, Catalog]:
        """Fill in what is new, and what `again` names, in library.bib and the lock; the library is left alone."""
        on_disk = self.read()
        catalog = self.catalog(on_disk, again=again, tell=tell)
        carry_records_out(on_disk, catalog)
        return on_disk, catalog

    def refresh(self, again: Callable[[Entry], bool], tell: Tell = _silent) -> Refreshed:
        """Ask the sources once more for what `again` names, the cache aside. Writes nothing."""
        on_disk = self.read()
        now = self.catalog(on_disk, ask=False)
        return Refreshed(on_disk, now, self.catalog(on_disk, again=again, refresh=True, tell=tell))

    def take_over(self, refreshed: Refreshed, decision: Decision) -> Catalog:
        """Write what a person decided on proposals to library.bib and the lock; the library is left alone."""
        catalog = taken_over(refreshed.now, refreshed.asked, decision)
        carry_records_out(refreshed.on_disk, catalog)
        return catalog

    def answer(self, answers: Mapping[str, Answer]) -> None:
        """Keep what a person answered, by `entry_key`, in the lock at once: no answer is asked for twice."""
        lock, data = read_lock(self.config.lock_path)
        known = replace(lock, answers={**lock.answers, **answers})
        replace_file(self.config.lock_path, lock_bytes(known), expected=data)

    def choose(self, on_disk: ProjectFiles, conflict: Conflict, side: Side) -> ProjectFiles:
        """Keep what a person said of a conflict in the lock at once, for the next sync: the files as they are then."""
        return on_disk.with_locks(*on_disk.locks_with(with_choice(on_disk.target, conflict, side)))

    def consult(self, entry: Entry, answer: Answer, tell: Tell = _silent) -> Resolution:
        """What the sources say of one entry under an answer that nobody has to stand by yet. Writes nothing."""
        from dmlsync.resolve.engine import entry_key

        return self._ask([entry], {entry_key(entry): answer}, tell)[0]

    def _ask(
        self, entries: Sequence[Entry], answers: Mapping[str, Answer], tell: Tell, *, refresh: bool = False
    ) -> Sequence[Resolution]:
        """Ask the configured sources."""
        from dmlsync import sources
        from dmlsync.resolve.engine import resolve
        from dmlsync.sources.cache import Cache
        from dmlsync.sources.http import Client

        make_state_folder(self.config)
        settings = self.config.resolve
        at = sources.endpoints(settings.sources, self.config.sources)
        cache = Cache(self.config.state / "cache.sqlite")
        retries = {"attempts": _TRIES}
        with Client(at, mailto=settings.mailto, cache=cache, refresh=refresh, retries=retries) as client:
            return resolve(entries, sources.build(at, client), known=answers, progress=tell)

    def library(self) -> AbstractContextManager[ZoteroLibrary]:
        """The Zotero library of the configuration, or the sandbox. Raises ConfigError without a key."""
        return self._library.opened()

    def remembered_conflicts(self, on_disk: ProjectFiles, catalog: Catalog) -> tuple[Conflict, ...]:
        """The conflicts as of the last time that the library was read; asks nobody."""
        snapshot = self._library.remembered()
        if snapshot is None:
            return ()
        return self._planned(catalog, on_disk.target, snapshot, on_disk.lock.works, adopt=False).conflicts

    def remembered_target(self, on_disk: ProjectFiles) -> Target:
        """What the lock knows of the library in use, without items that were deleted for good; asks nobody."""
        target, snapshot = on_disk.target, self._library.remembered()
        if snapshot is None:
            return target
        gone = {key for key, one in target.bindings.items() if one.item_key not in snapshot.items}
        if gone:  # or merged into another item
            heirs = {key for item in snapshot.items.values() for key in item.replaces}
            gone = {key for key in gone if target.bindings[key].item_key not in heirs}
        return replace(target, bindings={key: one for key, one in target.bindings.items() if key not in gone})

    def reset_sandbox(self) -> None:
        """Throw the embedded library away, and all that is remembered of it."""
        with self.alone():
            self._library.reset_sandbox()

    def _policy(self) -> Policy:
        zotero = self.config.zotero
        return Policy(zotero.collection, zotero.sections, zotero.attach, zotero.on_removed, self.config.bib.dialect)

    def _sides(self, snapshot: Snapshot, target: Target) -> Sides:
        return Sides(snapshot, target, self._policy(), Places(target.collections))

    def _planned(
        self, catalog: Catalog, target: Target, snapshot: Snapshot, known: Container[str], *, adopt: bool
    ) -> Plan:
        newcomers = newcomers_for(catalog, self.config.bib.dialect, adopt=adopt, formula=self._formula)
        return make_plan(
            _works(catalog, target), target, snapshot, self._library.name, self._policy(), newcomers, known
        )

    def plan(
        self,
        on_disk: ProjectFiles,
        catalog: Catalog,
        library: Library,
        direction: Direction = "push",
        *,
        allow_shrink: bool = False,
    ) -> Plan:
        """What it takes to bring both sides in line. A push only tells of what members added, the others adopt it.

        Raises LibraryError, GuardError.
        """
        target, snapshot = on_disk.target, library.snapshot()
        if not allow_shrink:
            guards.check_library(target, snapshot, self.config.zotero.collection)
        plan = self._planned(catalog, target, snapshot, on_disk.lock.works, adopt=direction != "push")
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
        *,
        only: Collection[str] | None = None,
    ) -> Finished:
        """Carry a plan out, in one direction or both: see `project_runs.carry_plan_out`.

        `only` are the works that a second plan may touch, where the first does not touch all.
        """

        def replan(catalog: Catalog, target: Target) -> Plan:
            plan = self._planned(catalog, target, library.snapshot(), on_disk.lock.works, adopt=False)
            return plan if only is None else part_of(plan, only)

        def progress(done: int, total: int) -> None:
            tell("Writing to Zotero", done, total)

        finished = carry_plan_out(on_disk, catalog, plan, library, direction, replan, progress)
        if plan.anew and not finished.run.result.error:
            self._library.forget()  # the lock rests on the library as it is now
        return finished

    def save_plan(self, path: Path, plan: Plan, on_disk: ProjectFiles) -> None:
        """Write a plan to a file, for `saved_plan`. Raises FileError."""
        replace_file(path, plan_bytes(plan, on_disk.target_name), expected=read_or_none(path))

    def saved_plan(self, path: Path, on_disk: ProjectFiles) -> SavedPlan:
        """The plan that was saved in a file. Raises FileError where it is none, or about another library."""
        return read_plan(path, on_disk.target_name)

    def plan_merges(self, on_disk: ProjectFiles, catalog: Catalog, library: Library, keys: Collection[str]) -> Plan:
        """What it takes to make one item of several of the same work, for these citation keys or (none) all."""
        snapshot, target = library.snapshot(), on_disk.target
        works = [work for work in _works(catalog, target) if not keys or work.citation_key in keys]
        return plan_merges(works, target, snapshot, library.name, self._sides(snapshot, target))

    def merge(self, on_disk: ProjectFiles, plan: Plan, library: Library, tell: Tell = _silent) -> tuple[str, Result]:
        """Carry merges out: the run's name, and what became of its changes."""
        return carry_merges_out(on_disk, plan, library, lambda done, total: tell("Writing to Zotero", done, total))

    def past(self, on_disk: ProjectFiles, name: str = "") -> Past:
        """The run of that name, or the last one that is not undone. Raises GuardError where there is none to undo."""
        return past_run(on_disk, name)

    def plan_undo(self, on_disk: ProjectFiles, past: Past, library: Library | None) -> Undo:
        """What it takes to undo a run; of one that sent nothing also without the library. Raises LibraryError."""
        snapshot = library.snapshot() if library else Snapshot(0)
        return undo_of(past, snapshot, on_disk.document, self._sides(snapshot, on_disk.target), self.config.bib.dialect)

    def undo(
        self, on_disk: ProjectFiles, undo: Undo, library: Library | None, tell: Tell = _silent
    ) -> tuple[str, Result]:
        """Carry an undo out: the name of the run that this is, and what became of its changes."""
        return carry_undo_out(on_disk, undo, library, lambda done, total: tell("Writing to Zotero", done, total))


def _works(catalog: Catalog, target: Target) -> tuple[ListedWork, ...]:
    """The works that the lists name, then those that members added."""
    return (*catalog.listed(), *adopted_works(catalog, target))


def _nobody(entries: Sequence[Entry]) -> Sequence[Resolution]:
    """The answer of no source at all: everything waits."""
    from dmlsync.resolve.engine import Resolution

    return [Resolution(entry, "pending") for entry in entries]
