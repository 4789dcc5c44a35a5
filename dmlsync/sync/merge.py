"""The one rule of synchronisation: a three-way merge, field by field.

With base B (what both sides last held), local L (library.bib) and remote R (Zotero): L = R, nothing to do; R = B, push
L; L = B, pull R; otherwise a conflict that a person decides. Blank equals absent, on all three sides, so that a
missing base is the same as an empty one: blanks are filled both ways and every other difference is a conflict.

The base moves to X only when both sides hold X. Moving it to the remote value after a run loses an edit within three
runs; saving it before the write loses one within two.

Pure: no I/O, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from dmlsync.model import CREATORS, ITEM_TYPE, Creator, Record

Value: TypeAlias = str | tuple[Creator, ...]
Values: TypeAlias = Mapping[str, Value]
Verdict = Literal["same", "push", "pull", "conflict"]


def values_of(record: Record) -> dict[str, Value]:
    """A record as the flat values that are merged: its fields, `itemType`, and `creators` as one ordered value."""
    values: dict[str, Value] = {ITEM_TYPE: record.item_type, **record.fields}
    if record.creators:
        values[CREATORS] = record.creators
    return values


def record_of(values: Values) -> Record:
    """The record of a set of values; the inverse of `values_of`."""
    fields = {name: value for name, value in values.items() if isinstance(value, str) and name != ITEM_TYPE}
    item_type, creators = values[ITEM_TYPE], values.get(CREATORS, ())
    assert isinstance(item_type, str)
    assert isinstance(creators, tuple)
    return Record(item_type, fields, creators)


@dataclass(frozen=True, slots=True)
class FieldMerge:
    """The verdict on one field, with the three values it rests on; `""` or `()` where blank."""

    name: str
    base: Value
    local: Value
    remote: Value
    verdict: Verdict


def decide(base: Value, local: Value, remote: Value) -> Verdict:
    """The rule itself, for one value."""
    if local == remote:
        return "same"
    if remote == base:
        return "push"
    if local == base:
        return "pull"
    return "conflict"


def merge(base: Values, local: Values, remote: Values) -> tuple[FieldMerge, ...]:
    """The verdict on every field that any of the three sides holds, in the order of their names."""
    return tuple(
        FieldMerge(name, *sides, decide(*(comparable(name, side) for side in sides)))
        for name in sorted({*base, *local, *remote})
        for sides in [(_get(base, name), _get(local, name), _get(remote, name))]
    )


def moved(base: Values, local: Values, remote: Values) -> dict[str, Value]:
    """The base after a run that left both sides with these values: it moves just where they agree."""
    after = dict(base)
    for name in {*base, *local, *remote}:
        value = _get(local, name)
        if comparable(name, value) == comparable(name, _get(remote, name)):
            after[name] = value
    return {name: value for name, value in sorted(after.items()) if value}


def comparable(name: str, value: Value) -> Value:
    """A value in the form in which it is compared: the capitals of a DOI mean nothing (DOI Handbook, 2.4)."""
    return value.casefold() if name == "DOI" and isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class MemberMerge:
    """What a merge of two sets asks of the remote side, and what the local side would have to follow."""

    add: frozenset[str]
    remove: frozenset[str]
    removed_remotely: frozenset[str]


def merge_members(base: frozenset[str], local: frozenset[str], remote: frozenset[str]) -> MemberMerge:
    """Merge two sets (collections, tags, links) member by member; sets have no conflicts."""
    return MemberMerge(
        add=local - base - remote,
        remove=(base - local) & remote,
        removed_remotely=(base & local) - remote,
    )


def moved_members(base: frozenset[str], local: frozenset[str], remote: frozenset[str]) -> frozenset[str]:
    """The base of a set after a run that left both sides like this: it moves, member by member, where they agree."""
    return (local & remote) | (base & (local | remote))


def _get(values: Values, name: str) -> Value:
    """A value, or the blank of its kind."""
    return values.get(name, () if name == CREATORS else "")
