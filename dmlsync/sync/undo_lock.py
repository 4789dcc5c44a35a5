"""The part of an undo that is about the lock: the base goes back where one of the two sides did. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from dmlsync.sync.lock import Binding, Target, WorkState
from dmlsync.sync.merge import Value
from dmlsync.sync.past import Turn
from dmlsync.sync.steps import PARENT, SETS, TRASHED
from dmlsync.sync.undo import Undo, UndoneObject


def target_after(undo: Undo, target: Target, failed: Collection[str] = ()) -> Target:
    """The state of a target after an undo, in which the objects with the keys `failed` were not written.

    The base of a field goes back to what both sides held before the run: what the run carried over is then as new as
    it was, and the next run carries it over again unless it is changed. An item that went to the trash comes back with
    the next run that finds its line on a list.
    """
    bindings = dict(target.bindings)
    objects_of: dict[str, list[UndoneObject]] = {}
    for one in undo.undone(failed):
        objects_of.setdefault(one.step.citation_key, []).append(one)
    for key in [key for key in bindings if key in objects_of or key in undo.past.bindings]:
        binding, turn, objects = bindings[key], undo.past.bindings.get(key, Turn(None, None)), objects_of.get(key, [])
        if _is_adoption(undo, key, turn, binding):
            if turn.before:
                bindings[key] = turn.before
            else:
                del bindings[key]
            continue
        bindings[key] = _taken_back(binding, turn, objects, undo.bib.fields.get(key, frozenset()))
    return Target(target.collections, bindings)


def works_after(undo: Undo, works: Mapping[str, WorkState], target: Target) -> dict[str, WorkState]:
    """What the lock says of works after an undo; `target` is the one after it."""
    after = dict(works)
    for key, turn in undo.past.works.items():
        if key not in after:
            continue
        if turn.before is None and key in undo.bib.removed and key not in target.bindings and not after[key].entries:
            del after[key]  # a work that was adopted
            continue
        fields = undo.bib.fields.get(key, frozenset())
        before = turn.before.origins if turn.before else {}
        kept = {name: origin for name, origin in after[key].origins.items() if name not in fields}
        back = {name: origin for name, origin in before.items() if name in fields}
        after[key] = replace(after[key], origins={**kept, **back})
    return after


def _is_adoption(undo: Undo, key: str, turn: Turn[Binding], now: Binding) -> bool:
    """Whether the run adopted the work, and the undo took its entry out of library.bib again, or found none to take."""
    adopted = bool(turn.after and turn.after.adopted and not (turn.before and turn.before.adopted))
    entry = undo.past.entries.get(key)
    return adopted and now.adopted and (key in undo.bib.removed or entry is None or entry.before is not None)


def _taken_back(
    binding: Binding, turn: Turn[Binding], objects: Iterable[UndoneObject], fields_here: frozenset[str]
) -> Binding:
    base, names = dict(binding.base), set[str](fields_here)
    before = dict[str, Value](turn.before.base) if turn.before else {}
    for one in objects:
        if one.step.kind == "attachment":
            binding = _with_link(binding, one)
        elif one.made:
            return replace(
                binding, unlisted=True, trashed=True, adopted=False, collections=frozenset(), tags=frozenset()
            )
        else:
            names |= one.names
            if not turn.before and one.step.before:
                before |= {name: value for name, value in one.step.before.items() if isinstance(value, str | tuple)}
                # The run wrote down nothing of the lock: only a base that is what it sent can be its work.
                names -= {name for name, value in one.step.after.items() if base.get(name) != value}
    for name in names - {*SETS, TRASHED, PARENT}:
        if value := before.get(name):
            base[name] = value
        else:
            base.pop(name, None)
    binding = replace(binding, base=dict(sorted(base.items())))
    if turn.before and turn.after and names & {*SETS, TRASHED}:
        binding = replace(
            binding,
            collections=_back(binding.collections, turn.before.collections, turn.after.collections),
            tags=_back(binding.tags, turn.before.tags, turn.after.tags),
            unlisted=turn.before.unlisted,
            trashed=turn.before.trashed,
            adopted=turn.before.adopted,
        )
    # One that was made anew under its old key is in the base before and after the run, and held no item before it.
    put_in = frozenset(key for one in objects for key in _put_in(one))
    return replace(binding, collections=binding.collections - put_in)


def _put_in(one: UndoneObject) -> frozenset[str]:
    """The collections that the run put an item in, and the undo takes it out of."""
    before, after = (held.get("collections") if held else None for held in (one.step.before, one.step.after))
    if "collections" not in one.names or not isinstance(before, frozenset) or not isinstance(after, frozenset):
        return frozenset()
    return after - before


def _with_link(binding: Binding, one: UndoneObject) -> Binding:
    """The binding with a link's address in its base, or without, as it was before the run."""
    url = str(one.step.after.get("url") or (one.step.before or {}).get("url", ""))
    if not url or TRASHED not in one.names:
        return binding
    was_there = one.step.before is not None and not one.step.before[TRASHED]
    return replace(binding, links=binding.links | {url} if was_there else binding.links - {url})


def _back(now: frozenset[str], before: frozenset[str], after: frozenset[str]) -> frozenset[str]:
    return (now | (before - after)) - (after - before)
