"""What a run found and what it left, object by object: what the journal must hold so that the run can be undone.

Only what the run changed is named. Pure: no I/O.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from dmlsync.model import CITATION_KEY, CREATORS, ITEM_TYPE, Creator
from dmlsync.sync.actions import Plan
from dmlsync.sync.library import (
    Attachment,
    AttachmentChange,
    Change,
    CollectionChange,
    Item,
    ItemChange,
    ItemNote,
    MoveChange,
)
from dmlsync.sync.lock_file import decode_value, encode_value
from dmlsync.sync.merge import values_of

Held: TypeAlias = str | tuple[Creator, ...] | frozenset[str] | bool
"""One value of an object: a field, its creators, a set of members, or whether it lies in the trash."""

TRASHED, PARENT = "trashed", "parent"
SETS = ("collections", "tags", "replaces")


@dataclass(frozen=True, slots=True)
class Step:
    """One object before and after a run; `before` is None for one that the run made."""

    kind: Literal["item", "attachment"]
    key: str
    citation_key: str
    title: str
    before: Mapping[str, Held] | None
    after: Mapping[str, Held]


def steps_of(plan: Plan) -> tuple[Step, ...]:
    """What a plan changes, in its order. Collections are left out: an empty one does no harm, and stays."""
    return tuple(
        _step(action.change, action.found, action.citation_key, action.title)
        for action in plan.actions
        if action.change and not isinstance(action.change, CollectionChange)
    )


def held_by(found: Item | Attachment | ItemNote) -> dict[str, Held]:
    """Everything that an object holds, by name; a field that is not there is blank."""
    if isinstance(found, ItemNote):
        return {TRASHED: found.trashed, PARENT: found.parent}
    if isinstance(found, Attachment):
        return {TRASHED: found.trashed, PARENT: found.parent, "url": found.url}
    return {
        **values_of(found.record),
        **found.own,
        CITATION_KEY: found.citation_key,
        "collections": found.collections,
        "tags": found.tags,
        "replaces": found.replaces,
        TRASHED: found.trashed,
    }


def blank(name: str) -> Held:
    """The blank value of that name's kind."""
    return () if name == CREATORS else frozenset() if name in SETS else False if name == TRASHED else ""


def _step(change: Change, found: Item | Attachment | None, citation_key: str, title: str) -> Step:
    after = _sent(change)
    is_link = isinstance(change, AttachmentChange) or isinstance(found, Attachment)
    kind: Literal["item", "attachment"] = "attachment" if is_link or isinstance(change, MoveChange) else "item"
    if isinstance(change, MoveChange):
        return Step(kind, change.key, citation_key, title, {PARENT: change.before}, after)
    if found is None:
        return Step(kind, change.key, citation_key, title, None, after)
    held = held_by(found)
    if isinstance(found, Attachment):
        after["url"] = found.url  # not changed, but what the lock knows the link by
    names = set(after)
    if ITEM_TYPE in after and isinstance(found, Item):  # fields that the new type does not have are lost
        names |= values_of(found.record).keys()
    before = {name: held.get(name, blank(name)) for name in names}
    return Step(kind, change.key, citation_key, title, before, after)


def _sent(change: Change) -> dict[str, Held]:
    if isinstance(change, AttachmentChange):
        return {TRASHED: False, PARENT: change.parent, "url": change.url}
    if isinstance(change, MoveChange):
        return {PARENT: change.parent}
    assert isinstance(change, ItemChange)
    sets = {name: value for name in SETS if (value := getattr(change, name)) is not None}
    creators: dict[str, Held] = {} if change.creators is None else {CREATORS: change.creators}
    trashed: dict[str, Held] = {} if change.trashed is None else {TRASHED: change.trashed}
    return {**change.fields, **creators, **sets, **trashed}


def step_json(step: Step) -> dict[str, Any]:
    """A step as a line of the journal holds it."""
    before = None if step.before is None else _encoded(step.before)
    return {
        "kind": step.kind,
        "key": step.key,
        "citation_key": step.citation_key,
        "title": step.title,
        "before": before,
        "after": _encoded(step.after),
    }


def step_in(content: Mapping[str, Any]) -> Step:
    """The inverse of `step_json`; KeyError, TypeError, ValueError for anything else."""
    before = None if content["before"] is None else _decoded(content["before"])
    kind: Literal["item", "attachment"] = "item" if content["kind"] == "item" else "attachment"
    key, citation_key, title = (str(content[name]) for name in ("key", "citation_key", "title"))
    return Step(kind, key, citation_key, title, before, _decoded(content["after"]))


def _encoded(held: Mapping[str, Held]) -> dict[str, Any]:
    return {
        name: value
        if isinstance(value, bool)
        else sorted(value)
        if isinstance(value, frozenset)
        else encode_value(value)
        for name, value in held.items()
    }


def _decoded(content: Mapping[str, Any]) -> dict[str, Held]:
    return {
        name: bool(value) if name == TRASHED else frozenset(value) if name in SETS else decode_value(name, value)
        for name, value in content.items()
    }
