"""What the rule of `merge` comes to for one work: the verdicts on its fields, less what a side cannot carry.

Pure: no I/O.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from dmlsync import schema
from dmlsync.bib.entry_types import Dialect
from dmlsync.bib.normal import representable
from dmlsync.model import ARXIV, CITATION_KEY, CREATORS, ITEM_TYPE
from dmlsync.sync.actions import Side, shown
from dmlsync.sync.lock import Binding
from dmlsync.sync.merge import FieldMerge, Value, Verdict, comparable, merge, record_of, values_of


def verdicts(base: Binding, local: Side, remote: Side, dialect: Dialect) -> tuple[FieldMerge, ...]:
    """The verdict on every field of a work."""
    merges = tuple(_decided(_guarded(one), base) for one in merge(base.base, local.values, remote.values))
    kind = next((one for one in merges if one.name == ITEM_TYPE), None)
    if kind is not None and kind.local and kind.remote and kind.verdict != "same":
        chosen = _chosen(kind, base)
        merges = _with_chosen_type(merges, kind, chosen) if chosen else _with_harmless_type(merges, kind)
    return _with_possible_pulls(local, merges, dialect)


def pushes(local: Side, remote: Side, merges: Sequence[FieldMerge]) -> list[FieldMerge]:
    """The fields that go to the library."""
    return [one for one in merges if one.verdict == "push" and _fits(one, local, remote, merges)]


def _guarded(one: FieldMerge) -> FieldMerge:
    """A citation key that was changed in Zotero is never taken over: papers cite it. One that was lost is written."""
    if one.name != CITATION_KEY or one.verdict != "pull":
        return one
    return replace(one, verdict="conflict" if one.remote else "push")


def _decided(one: FieldMerge, base: Binding) -> FieldMerge:
    """A conflict as a person decided it; the type of an item is looked at apart, for its fields go with it."""
    verdict = _chosen(one, base) if one.verdict == "conflict" and one.name != ITEM_TYPE else None
    return replace(one, verdict=verdict) if verdict and (one.name, verdict) != (CITATION_KEY, "pull") else one


def _chosen(one: FieldMerge, base: Binding) -> Verdict | None:
    """The verdict that a person gave on a field, as long as both values are those that were shown."""
    choice = base.choices.get(one.name)
    if choice is None or (choice.local, choice.remote) != (shown(one.local), shown(one.remote)):
        return None
    return "push" if choice.side == "local" else "pull"


def _with_harmless_type(merges: tuple[FieldMerge, ...], kind: FieldMerge) -> tuple[FieldMerge, ...]:
    """The verdicts, with another type only where it costs no value that was typed on the side which follows.

    A type that has no field for such a value is a question, and what it would move between fields stays where it is.
    """
    if kind.verdict == "conflict":
        return merges
    fields = _fields_of(kind.remote if kind.verdict == "pull" else kind.local)
    if not any(_is_lost(one, kind.verdict, fields) for one in merges):
        return merges
    kept = (one for one in merges if one.name in fields or one.verdict != kind.verdict)
    return tuple(replace(one, verdict="conflict") if one is kind else one for one in kept)


def _with_chosen_type(merges: tuple[FieldMerge, ...], kind: FieldMerge, chosen: Verdict) -> tuple[FieldMerge, ...]:
    """The verdicts after a person chose one side's type: values that it has no field for go.

    What only this type has the other side could not hold: to be blank there is no edit, and this side's value stands.
    """
    winner, loser = (kind.remote, kind.local) if chosen == "pull" else (kind.local, kind.remote)
    fields, others = _fields_of(winner), _fields_of(loser)
    kept = (one for one in merges if not _is_lost(one, chosen, fields))
    return tuple(
        replace(one, verdict=chosen) if one is kind or (one.name not in others and one.verdict != "same") else one
        for one in kept
    )


def _is_lost(one: FieldMerge, verdict: Verdict, fields: Container[str]) -> bool:
    """Whether a value that was typed on the side that follows has no field in the type that comes from the other."""
    typed, value = ("push", one.local) if verdict == "pull" else ("pull", one.remote)
    return one.name not in fields and bool(value) and one.verdict in ("conflict", typed)


def _fields_of(item_type: Value) -> frozenset[str]:
    """All that an item of a type can hold."""
    return frozenset((*schema.fields_of(str(item_type)), ITEM_TYPE, CITATION_KEY, CREATORS, ARXIV))


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
