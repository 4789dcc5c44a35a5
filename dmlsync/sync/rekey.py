"""Another citation key for a work, on all sides: the pure part.

`rekey` is recorded in the lock first: the work gets its new key there and keeps the old one in `formerly`. All else
follows from that, whoever reads it next: library.bib, the locks of other people's sandboxes, and at last Zotero, to
which the new key is pushed as any other change of a field, for the base still holds the old one. Pure: no I/O.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from dmlsync.bib.document import Document
from dmlsync.bib.entry_types import Dialect
from dmlsync.bib.keys import aliases, key_problem, nearest
from dmlsync.bib.rekey import with_key
from dmlsync.errors import BibError
from dmlsync.model import CITATION_KEY
from dmlsync.sync.actions import Action, FieldChange, Plan
from dmlsync.sync.library import ItemChange, Snapshot
from dmlsync.sync.lock import Binding, Lock, Target, WorkState
from dmlsync.sync.past import Past, Turn
from dmlsync.sync.place import Places

_Value = TypeVar("_Value")


def former_keys(works: Mapping[str, WorkState]) -> dict[str, str]:
    """The key of each work by those that it had before."""
    return {old: key for key, work in works.items() for old in work.formerly if old not in works}


def all_aliases(document: Document, works: Mapping[str, WorkState]) -> dict[str, str]:
    """Every other name of an entry with its key: what the entries say in `ids`, and what the lock remembers."""
    return {**former_keys(works), **aliases(document)}


def refusal(document: Document, locks: Iterable[Lock], old: str, new: str, dialect: Dialect) -> tuple[str, str]:
    """Why a key cannot be changed like this, and what to do about it; two blanks where it can."""
    locks = tuple(locks)
    works = {key: work for lock in locks for key, work in lock.works.items()}
    others = all_aliases(document, works)
    if problem := key_problem(new, dialect):
        return problem, "use letters, digits and any of - _ . : + /"
    known = {entry.key for entry in document.entries} | set(works)
    if old not in known:
        if old in others:
            return f"{old} is another name of {others[old]}", f"name it by that: rekey {others[old]} {new}"
        near = nearest(old, [*known, *others])
        return f"there is no citation key {old}", f"did you mean {' or '.join(near)}?" if near else "see library.bib"
    if old == new:
        return f"{old} is its key already", "name another"
    if sum(entry.key.lower() == old.lower() for entry in document.entries) > 1:
        return f"the entry {old} stands twice", "mend library.bib first"
    if document.block(old) is None and old.lower() in document.keys:
        return f"the entry {old} cannot be read", "mend library.bib first"
    return _taken(document, locks, old, new, others)


def _taken(document: Document, locks: Iterable[Lock], old: str, new: str, others: Mapping[str, str]) -> tuple[str, str]:
    """Whether the new key belongs to something else, whatever its capitals; see `refusal`."""
    bound = {key for lock in locks for target in lock.targets.values() for key in target.bindings}
    known = {key for lock in locks for key in lock.works} | bound
    if document.block(old) is not None:  # otherwise somebody renamed the entry by hand, and this makes it good
        known |= {entry.key for entry in document.entries}
    same = next((key for key in known if key.lower() == new.lower() and key != old), "")
    if same:
        return f"{same} is the key of another work", "choose another key"
    alias = next((name for name, key in others.items() if name.lower() == new.lower() and key not in (old, new)), "")
    if alias:
        return f"{alias} is another name of {others[alias]}", "choose another key"
    if new.lower() != old.lower() and document.block(old) is not None and new.lower() in document.keys:
        return f"{new} is the key of an entry that cannot be read", "choose another key"
    return "", ""


def rekeyed_lock(lock: Lock, old: str, new: str) -> Lock:
    """The lock with another key for a work; a work that it does not know changes nothing."""
    works = dict(lock.works)
    if old in works:
        work = works.pop(old)
        former = tuple(key for key in (*work.formerly, old) if key != new)
        works[new] = replace(work, formerly=tuple(dict.fromkeys(former)))
    targets = {name: _with_keys(target, {old: new}) for name, target in lock.targets.items()}
    return replace(lock, works=works, targets=targets)


def _with_keys(target: Target, keys: Mapping[str, str]) -> Target:
    moved = {key: keys[key] for key in target.bindings if key in keys and keys[key] not in target.bindings}
    if not moved:
        return target
    return replace(target, bindings={moved.get(key, key): one for key, one in target.bindings.items()})


def followed_lock(lock: Lock, works: Mapping[str, WorkState]) -> Lock:
    """A lock of bindings after keys were changed elsewhere: before a crash, or by somebody else."""
    keys = former_keys(works)
    targets = {name: _with_keys(target, keys) for name, target in lock.targets.items()} if keys else lock.targets
    return lock if targets == lock.targets else replace(lock, targets=targets)


def followed_document(document: Document, works: Mapping[str, WorkState], dialect: Dialect) -> Document:
    """library.bib with the keys that the lock has by now; an entry that cannot be changed stays, and is a conflict."""
    for old, new in former_keys(works).items():
        block = document.block(old)
        if block is None or block.key != old or (document.block(new) or block) is not block:
            continue
        try:
            document = with_key(document, old, new, alias=dialect == "biblatex")
        except BibError:
            continue
    return document


def followed_past(past: Past, works: Mapping[str, WorkState], dialect: Dialect) -> Past:
    """A past run as it would be told with the keys of today: those that it names may have been changed since."""
    keys = {old: new for old, new in former_keys(works).items() if new not in past.works}

    def renamed(turns: Mapping[str, _Value]) -> dict[str, _Value]:
        return {keys.get(key, key): turn for key, turn in turns.items()}

    if not keys:
        return past
    return replace(
        past,
        steps=tuple(replace(one, citation_key=keys.get(one.citation_key, one.citation_key)) for one in past.steps),
        entries=renamed(
            {
                key: _entry_with_key(turn, key, keys[key], dialect) if key in keys else turn
                for key, turn in past.entries.items()
            }
        ),
        works=renamed(past.works),
        bindings=renamed(past.bindings),
    )


def _entry_with_key(turn: Turn[str], old: str, new: str, dialect: Dialect) -> Turn[str]:
    """The text of an entry before and after a run, as `followed_document` made it since."""

    def renamed(text: str | None) -> str | None:
        if text is None:
            return None
        return with_key(
            Document.parse(text.encode("utf-8", "surrogateescape")), old, new, alias=dialect == "biblatex"
        ).text

    try:
        return Turn(renamed(turn.before), renamed(turn.after))
    except BibError:
        return turn  # no entry under that key: it is compared as it was


def only_key(plan: Plan, citation_key: str) -> Plan:
    """What a plan does about one work's citation key, and nothing else of it."""
    works = tuple(
        replace(work, after=work.before, pulled={}, link_keys={})
        for work in plan.works
        if work.citation_key == citation_key
    )
    actions = tuple(
        replace(
            action,
            fields=tuple(field for field in action.fields if field.name == CITATION_KEY),
            change=ItemChange(action.change.key, action.change.version, {CITATION_KEY: citation_key}),
        )
        for action in plan.actions
        if action.kind == "update"
        and action.citation_key == citation_key
        and isinstance(action.change, ItemChange)
        and CITATION_KEY in action.change.fields
    )
    if actions:
        after = {CITATION_KEY: citation_key}
        works = tuple(
            replace(work, after=replace(work.before, values={**work.before.values, **after})) for work in works
        )
    conflicts = tuple(one for one in plan.conflicts if (one.citation_key, one.field) == (citation_key, CITATION_KEY))
    notes = tuple(one for one in plan.notes if one.citation_key == citation_key)
    return Plan(actions, conflicts, notes, works, places=Places({}))


def unlisted_key(snapshot: Snapshot, binding: Binding, old: str, new: str) -> Plan:
    """What it takes to change the key of the item of a work that no list names; no plan of a push is about it."""
    item = snapshot.items.get(binding.item_key)
    if item is None or item.trashed or item.citation_key != old:
        return Plan()
    line = FieldChange(CITATION_KEY, old, new, "changed")
    change = ItemChange(item.key, item.version, {CITATION_KEY: new})
    return Plan((Action("update", new, item.key, item.record.title, (line,), change, item),))


def with_key_in_base(target: Target, key: str) -> Target:
    """The target in which both sides are known to hold a work's key."""
    binding = target.bindings[key]
    rekeyed = replace(binding, base={**binding.base, CITATION_KEY: key})
    return replace(target, bindings={**target.bindings, key: rekeyed})
