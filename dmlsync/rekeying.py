"""Another citation key for a work: the files at once, then the item in Zotero.

The lock is written first: from then on whoever reads the project sees the new key, and a kill between two files is
repaired by the next run (`dmlsync.sync.rekey`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dmlsync.bib.rekey import with_ids, with_key
from dmlsync.errors import BibError, ConfigError, LibraryError
from dmlsync.model import CITATION_KEY
from dmlsync.project import Project
from dmlsync.project_runs import run_name
from dmlsync.sync.actions import Conflict, Plan
from dmlsync.sync.apply import Result, action_json, apply
from dmlsync.sync.journal import Journal
from dmlsync.sync.rekey import former_keys, only_key, refusal, rekeyed_lock, unlisted_key, with_key_in_base
from dmlsync.sync.settle import settle


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What changing a key came to.

    `item_key` is the work's item in Zotero, `""` where it has none. `in_zotero` tells whether the item carries the new
    key; `waits` is a sentence on why it does not yet, `conflict` what a member made of the key in the meantime.
    """

    old: str
    new: str
    item_key: str = ""
    in_zotero: bool = False
    waits: str = ""
    conflict: Conflict | None = None


def rekey(project: Project, old: str, new: str) -> Rekeyed:
    """Change a citation key in library.bib, library.lock and Zotero.

    Raises BibError with the nearest known keys where there is no such key, and where the new one is taken or cannot be
    one; then nothing is written. A library that cannot be reached gets the key with the next push.
    """
    with project.alone():
        _change_files(project, old, new)
        binding = project.read().target.bindings.get(new)
        if binding is None:
            return Rekeyed(old, new)
        try:
            return _push(project, Rekeyed(old, new, binding.item_key))
        except (LibraryError, ConfigError) as error:
            return Rekeyed(old, new, binding.item_key, waits=str(error))


def _change_files(project: Project, old: str, new: str) -> None:
    """Write the new key into the lock, and whatever follows from it."""
    on_disk, dialect = project.read(), project.config.bib.dialect
    document = on_disk.document
    if former_keys(on_disk.lock.works).get(old) == new:  # said before, and cut off on the way: only the rest is left
        on_disk.write(document, on_disk.lock, on_disk.target_lock)
        return
    problem, remedy = refusal(document, (on_disk.lock, on_disk.target_lock), old, new, dialect)
    if problem:
        raise BibError(project.config.bib.path, problem, remedy)
    former = [old] if dialect == "biblatex" else []
    if document.block(old) is not None:
        document = with_key(document, old, new, alias=bool(former))  # fails, if at all, before anything is written
    elif document.block(new) is not None:  # renamed by hand before
        document = with_ids(document, new, former)
    on_disk.write(on_disk.document, rekeyed_lock(on_disk.lock, old, new), rekeyed_lock(on_disk.target_lock, old, new))
    again = project.read()
    again.write(document, again.lock, again.target_lock)


def _push(project: Project, done: Rekeyed) -> Rekeyed:
    """Write the new key into the work's item, and the base into the lock; nothing else of the item."""
    on_disk = project.read()
    catalog, binding = project.catalog(on_disk, ask=False), on_disk.target.bindings[done.new]
    with project.library() as library:
        if binding.unlisted:
            plan = unlisted_key(library.snapshot(), binding, done.old, done.new)
        else:
            plan = only_key(project.plan(on_disk, catalog, library, allow_shrink=True), done.new)
        result = Result()
        if plan.actions:
            with Journal(project.config.state / "journal", run_name()) as journal:
                journal.begin(on_disk.target_name, "rekey", [action_json(action) for action in plan.actions])
                result = apply(plan, library, journal)
                journal.end(str(result.error or ""))
    target = settle(plan, on_disk.target, result.outcomes)
    if binding.unlisted and plan.actions and not result.error and not result.unwritten:
        target = with_key_in_base(target, done.new)
    on_disk.write(on_disk.document, *on_disk.locks_with(target))
    arrived = target.bindings[done.new].base.get(CITATION_KEY) == done.new
    conflict = next(iter(plan.conflicts), None)
    return replace(done, in_zotero=arrived, waits="" if arrived else _reason(plan, result), conflict=conflict)


def _reason(plan: Plan, result: Result) -> str:
    """Why the item does not carry the new key yet."""
    if result.error:
        return str(result.error)
    if plan.conflicts:
        return f"a member changed the key in Zotero to {plan.conflicts[0].remote}"
    if result.unwritten:
        return result.unwritten[0].reason or "somebody else changed the item at the same moment"
    return "no list names the work" if not plan.works and not plan.notes else "its item is not in the collection"
