"""Runs of a project: carrying a plan out, undoing a former run, and what is written down of both.

The order is always the same: the journal, then the library, then library.bib, then the lock. A kill anywhere is
repaired by the next run.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from dmlsync.bib.document import Document
from dmlsync.errors import GuardError
from dmlsync.project_files import ProjectFiles
from dmlsync.sync.actions import Plan
from dmlsync.sync.apply import Result, Run, action_json, apply, carry_out
from dmlsync.sync.catalog import Catalog
from dmlsync.sync.journal import Journal, RunLog, runs
from dmlsync.sync.lock import Lock, Target
from dmlsync.sync.past import Past, changes_here, last_to_undo, past_of
from dmlsync.sync.pull import with_pulled
from dmlsync.sync.rekey import followed_past
from dmlsync.sync.settle import settle
from dmlsync.sync.steps import step_json, steps_of
from dmlsync.sync.undo import Undo
from dmlsync.sync.undo_lock import target_after, works_after

if TYPE_CHECKING:
    from dmlsync.sync.library import Library

Direction = Literal["push", "pull", "sync"]
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished run: its name, `""` where nothing had to be written, what it came to, and the catalog after it."""

    name: str
    run: Run
    catalog: Catalog


def carry_plan_out(
    on_disk: ProjectFiles,
    catalog: Catalog,
    plan: Plan,
    library: Library,
    direction: Direction,
    replan: Callable[[Catalog, Target], Plan],
    tell: Tell,
) -> Finished:
    """Carry a plan out, in one direction or both, and write library.bib and the lock.

    Everything that can fail here at home fails before the first request. A library that fails on the way leaves what
    arrived recorded in the lock; the error is in the result. One that took nothing at all leaves every file as it was.
    """
    pulled = direction != "push"
    if pulled:
        catalog = with_pulled(catalog, plan)
    document = on_disk.document_with(catalog)
    on_disk.check_unchanged()
    sends = direction != "pull" and any(action.change for action in plan.actions)
    if not sends and document is on_disk.document:
        settled = settle(plan, on_disk.target, {}, pulled=pulled)
        on_disk.save(catalog, document, settled)
        return Finished("", Run(settled, Result(), (plan,)), catalog)
    with Journal(on_disk.config.state / "journal", run_name()) as journal:
        shown = [action_json(action) for action in plan.actions]
        steps = [step_json(step) for step in steps_of(plan)] if sends else []
        journal.begin(on_disk.target_name, direction, shown, steps)
        if sends:
            run = carry_out(
                plan,
                on_disk.target,
                library,
                journal,
                lambda now: replan(catalog, now),  # as it is after pulling: the same is not pulled twice
                tell,
                pulled=pulled,
            )
        else:
            run = Run(settle(plan, on_disk.target, {}, pulled=pulled), Result(), (plan,))
        if run.result.outcomes or run.result.error is None:
            _save(on_disk, journal, document, *on_disk.locks(catalog, run.target), catalog.written)
        journal.end(str(run.result.error or ""))
        return Finished(journal.run, run, catalog)


def carry_records_out(on_disk: ProjectFiles, catalog: Catalog) -> str:
    """Write what the sources answered to library.bib and the lock, the library left alone: the run's name.

    `""` where library.bib had it all. Raises BibError, FileChangedError, with nothing written.
    """
    document, (lock, target_lock) = on_disk.document_with(catalog), on_disk.locks(catalog, None)
    on_disk.check_unchanged()
    if document is on_disk.document:
        on_disk.write(document, lock, target_lock)
        return ""
    with Journal(on_disk.config.state / "journal", run_name()) as journal:
        journal.begin(on_disk.target_name, "resolve", [])
        _save(on_disk, journal, document, lock, target_lock, catalog.written)
        journal.end()
        return journal.run


def carry_merges_out(on_disk: ProjectFiles, plan: Plan, library: Library, tell: Tell) -> tuple[str, Result]:
    """Make one item of several: the run's name, and what became of its changes. Nothing changes here at home."""
    with Journal(on_disk.config.state / "journal", run_name()) as journal:
        shown = [action_json(action) for action in plan.actions]
        journal.begin(on_disk.target_name, "merge", shown, [step_json(step) for step in steps_of(plan)])
        result = apply(plan, library, journal, tell)
        journal.end(str(result.error or ""))
        return journal.run, result


def past_run(on_disk: ProjectFiles, name: str = "") -> Past:
    """The run of that name, or the last one that is not undone. Raises GuardError where there is none to undo."""
    logs = runs(on_disk.config.state / "journal")
    log = next((log for log in logs if log.run == name), None) if name else last_to_undo(logs, on_disk.target_name)
    if log is None:
        what = f"there is no run {name}" if name else "there is no run to undo"
        raise GuardError(what, "dmlsync log lists the runs")
    _check_target(on_disk, log)
    return followed_past(past_of(log), on_disk.lock.works, on_disk.config.bib.dialect)


def _check_target(on_disk: ProjectFiles, log: RunLog) -> None:
    if log.target != on_disk.target_name:
        problem = f"the run {log.run} was about {log.target}, the configuration names {on_disk.target_name}"
        raise GuardError(problem, "undo it with the configuration that it was made with")


def carry_undo_out(on_disk: ProjectFiles, undo: Undo, library: Library | None, tell: Tell) -> tuple[str, Result]:
    """Undo a run: its name as a run of its own, and what became of its changes.

    Without a library, for a run that had sent it nothing. Here the lock comes first: with the base back where it was,
    an undo that is cut off anywhere leaves values that the next run carries over again, and none that it takes for
    somebody's edit. What the library then did not take is put right in the lock at the end.
    """
    on_disk.check_unchanged()
    with Journal(on_disk.config.state / "journal", run_name()) as journal:
        shown = [action_json(action) for action in undo.plan.actions]
        steps = [step_json(step) for step in steps_of(undo.plan)]
        journal.begin(on_disk.target_name, "undo", shown, steps, undoes=undo.past.run)
        document, written = undo.bib.document, [*undo.bib.fields, *undo.bib.removed, *undo.past.entries]
        locks = _locks_after(on_disk, undo)
        _tell(on_disk, journal, document, *locks, written)
        ready = on_disk.with_locks(*locks)
        result = apply(undo.plan, library, journal, tell) if library else Result()
        if failed := {outcome.key for outcome in result.unwritten}:
            locks = _locks_after(on_disk, undo, failed)
            _tell(on_disk, journal, document, *locks, written)
        ready.write(document if result.outcomes or result.error is None else on_disk.document, *locks)
        journal.end(str(result.error or ""))
        return journal.run, result


def _locks_after(on_disk: ProjectFiles, undo: Undo, failed: Collection[str] = ()) -> tuple[Lock, Lock]:
    """The committed lock and the one of the library in use after an undo."""
    target = target_after(undo, on_disk.target, failed)
    return on_disk.locks_with(target, works_after(undo, on_disk.lock.works, target))


def _save(
    on_disk: ProjectFiles,
    journal: Journal,
    document: Document,
    lock: Lock,
    target_lock: Lock,
    written: Iterable[str],
) -> None:
    """Write down what changes here, then change it."""
    _tell(on_disk, journal, document, lock, target_lock, written)
    on_disk.write(document, lock, target_lock)


def _tell(
    on_disk: ProjectFiles,
    journal: Journal,
    document: Document,
    lock: Lock,
    target_lock: Lock,
    written: Iterable[str],
) -> None:
    """Write down what changes here."""
    targets = (on_disk.target, target_lock.targets.get(on_disk.target_name, Target()))
    journal.here(changes_here((on_disk.document, document), (on_disk.lock.works, lock.works), targets, written))


def run_name() -> str:
    """A name for a run that sorts by time and that two machines never share."""
    now = datetime.now(UTC)
    return f"{now:%Y%m%d-%H%M%S}-{now.microsecond:05x}{secrets.token_hex(1)}"
