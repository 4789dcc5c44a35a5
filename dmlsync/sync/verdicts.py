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
from dmlsync.sync.merge import FieldMerge, comparable, merge, record_of, values_of


def verdicts(base: Binding, local: Side, remote: Side, dialect: Dialect) -> tuple[FieldMerge, ...]:
    """The verdict on every field of a work."""
    merges = tuple(_chosen(_guarded(one), base) for one in merge(base.base, local.values, remote.values))
    return _with_possible_pulls(local, _with_harmless_type(merges, is_chosen=ITEM_TYPE in base.choices), dialect)


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


def _with_harmless_type(merges: Sequence[FieldMerge], *, is_chosen: bool) -> tuple[FieldMerge, ...]:
    """The verdicts, with another type only where it costs no value that was typed on the side which follows.

    A type that has no field for such a value is a question, and what it would move between fields stays where it is.
    Where a person chose the type, the value goes.
    """
    kind = next((one for one in merges if one.name == ITEM_TYPE), None)
    if kind is None or not (kind.local and kind.remote) or kind.verdict not in ("push", "pull"):
        return tuple(merges)
    is_pull = kind.verdict == "pull"
    fields = {*schema.fields_of(str(kind.remote if is_pull else kind.local)), ITEM_TYPE, CITATION_KEY, CREATORS, ARXIV}
    homeless = [one for one in merges if one.name not in fields]
    typed = {"conflict", "push" if is_pull else "pull"}
    lost = [one for one in homeless if one.verdict in typed and (one.local if is_pull else one.remote)]
    if is_chosen:
        return tuple(one for one in merges if one not in lost)
    if not lost:
        return tuple(merges)
    kept = (one for one in merges if one not in homeless or one.verdict != kind.verdict)
    return tuple(replace(one, verdict="conflict") if one.name == ITEM_TYPE else one for one in kept)


def _with_possible_pulls(local: Side, merges: Sequence[FieldMerge], dialect: Dialect) -> tuple[FieldMerge, ...]:
    """The verdicts, with pulls only of what the work's entry can carry: of the rest neither side may move.

    A field that only the other item type has waits until the question of the type is answered.
    """
    pulls = {one.name: one.remote for one in merges if one.verdict == "pull"}
    if not pulls:
        return tuple(merges)
    values = {name: value for name, value in {**local.values, **pulls}.items() if value and name != CITATION_KEY}
    carried = values_of(representable(record_of(values), dialect))
    type_is_open = any(one.name == ITEM_TYPE and one.verdict == "conflict" for one in merges)

    def possible(one: FieldMerge) -> FieldMerge | None:
        blank = () if one.name == CREATORS else ""
        if one.verdict != "pull" or comparable(one.name, carried.get(one.name, blank)) == comparable(
            one.name, one.remote
        ):
            return one
        return None if type_is_open else replace(one, verdict="conflict")

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
