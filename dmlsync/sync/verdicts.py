"""What the rule of `merge` comes to for one work: the verdicts on its fields, less what a side cannot carry.

Pure: no I/O.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dmlsync import schema
from dmlsync.bib.entry_types import Dialect
from dmlsync.bib.normal import representable
from dmlsync.model import ARXIV, CITATION_KEY, CREATORS, ITEM_TYPE
from dmlsync.sync.actions import Side, shown
from dmlsync.sync.lock import Binding
from dmlsync.sync.merge import FieldMerge, Value, comparable, merge, record_of, values_of


def verdicts(base: Binding, local: Side, remote: Side, dialect: Dialect) -> tuple[FieldMerge, ...]:
    """The verdict on every field of a work."""
    merges = tuple(_chosen(_guarded(one), base) for one in merge(base.base, local.values, remote.values))
    return _with_possible_pulls(local, merges, dialect, is_type_chosen=ITEM_TYPE in base.choices)


def pushes(local: Side, remote: Side, merges: Sequence[FieldMerge]) -> list[FieldMerge]:
    """The fields that go to the library."""
    return [one for one in merges if one.verdict == "push" and _fits(one, local, remote, merges)]


def _guarded(one: FieldMerge) -> FieldMerge:
    """A citation key that was changed in Zotero is never taken over: papers cite it. One that was lost is written."""
    if one.name != CITATION_KEY or one.verdict != "pull":
        return one
    return replace(one, verdict="conflict" if one.remote else "push")


def _chosen(one: FieldMerge, base: Binding) -> FieldMerge:
    """A conflict that a person has decided, as long as both values are those that were shown."""
    choice = base.choices.get(one.name)
    if (
        one.verdict != "conflict"
        or not choice
        or (choice.local, choice.remote) != (shown(one.local), shown(one.remote))
    ):
        return one
    if one.name == CITATION_KEY and choice.side == "remote":
        return one
    return replace(one, verdict="push" if choice.side == "local" else "pull")


def _with_possible_pulls(
    local: Side, merges: Sequence[FieldMerge], dialect: Dialect, *, is_type_chosen: bool
) -> tuple[FieldMerge, ...]:
    """The verdicts, with pulls only of what the work's entry can carry: of the rest neither side may move.

    A type that would cost a value which was edited here is no pull but a question, unless a person has answered it. As
    long as the type is one, a field that only one of the two types has waits for the answer.
    """
    pulls = {one.name: one.remote for one in merges if one.verdict == "pull"}
    if not pulls:
        return tuple(merges)
    values = {name: value for name, value in {**local.values, **pulls}.items() if value and name != CITATION_KEY}
    carried = values_of(representable(record_of(values), dialect))

    def is_carried(one: FieldMerge, value: Value) -> bool:
        there = carried.get(one.name, () if one.name == CREATORS else "")
        return comparable(one.name, there) == comparable(one.name, value)

    edited = [one for one in merges if one.verdict in ("push", "conflict") and one.local and one.name != CITATION_KEY]
    lost = {one.name for one in edited if not is_carried(one, one.local)} if ITEM_TYPE in pulls else set[str]()
    if lost and not is_type_chosen:
        asked = [replace(one, verdict="conflict") if one.name == ITEM_TYPE else one for one in merges]
        return _with_possible_pulls(local, asked, dialect, is_type_chosen=False)
    types = {one.name: one.remote for one in merges if one.name == ITEM_TYPE and one.verdict == "conflict"}

    def possible(one: FieldMerge) -> FieldMerge | None:
        if one.name in lost:
            return None
        if one.verdict != "pull":
            return one
        if types and not one.remote and one.name not in schema.fields_of(str(types[ITEM_TYPE])):
            return None
        if is_carried(one, one.remote):
            return one
        return None if types else replace(one, verdict="conflict")

    return tuple(one for one in map(possible, merges) if one)


def _fits(merged: FieldMerge, local: Side, remote: Side, merges: Sequence[FieldMerge]) -> bool:
    """Whether the type that the item will have knows the field; the type may be the one that a member chose."""
    types = {one.name: one.verdict for one in merges}
    if types.get(ITEM_TYPE) == "conflict" and not any(one.base for one in merges):
        return merged.name == CITATION_KEY  # first contact with a record of another kind: nothing is mixed
    type_after = (remote if types.get(ITEM_TYPE) in ("conflict", "pull") else local).values[ITEM_TYPE]
    if not merged.local or merged.name in (ITEM_TYPE, CITATION_KEY, CREATORS, ARXIV):
        return True
    return merged.name in schema.fields_of(str(type_after))
