"""Undoing a run: its inverse through the same merge, sparing whatever changed since.

For every value that the run changed, the base is what it left, the local side what it found, the remote side what is
there now: a value that is still as the run left it goes back, one that somebody changed since stays and is named.
What the run made goes to the trash, unless somebody worked on it since. Pure: no I/O.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from dmlsync.bib.document import Document
from dmlsync.bib.entry_types import Dialect
from dmlsync.model import CREATORS
from dmlsync.sync.actions import Action, FieldChange, Kind, Note, Plan, shown
from dmlsync.sync.library import Attachment, Item, ItemChange, ItemNote, MoveChange, Outcome, Snapshot
from dmlsync.sync.merge import comparable, merge_members
from dmlsync.sync.past import Past
from dmlsync.sync.sides import Sides
from dmlsync.sync.steps import PARENT, SETS, TRASHED, Held, Step, blank, held_by
from dmlsync.sync.undo_bib import UndoneBib, undo_bib

_WHY = "undone"


@dataclass(frozen=True, slots=True)
class UndoneObject:
    """An object of the library that an undo changes: which values go back, and whether it was made by the run."""

    step: Step
    names: frozenset[str] = frozenset()
    made: bool = False


@dataclass(frozen=True, slots=True)
class Undo:
    """What it takes to undo a run: a plan for the library, library.bib as it becomes, and what the lock has to know.

    `objects` are by the key of the object in the library.
    """

    past: Past
    plan: Plan
    bib: UndoneBib
    objects: Mapping[str, UndoneObject] = field(default_factory=dict)

    def undone(self, failed: Collection[str]) -> list[UndoneObject]:
        """The objects that go back, without those with the keys `failed`."""
        return [one for key, one in self.objects.items() if key not in failed]


def undo_of(past: Past, snapshot: Snapshot, document: Document, sides: Sides, dialect: Dialect) -> Undo:
    """What it takes to undo a run, as things are now."""
    undoer = _Undoer(past, snapshot, sides)
    undoer.invert()
    bound_since = _bound_since(past, sides)
    bib = undo_bib(past.entries, document, dialect, undoer.spared_works | bound_since.keys())
    notes = (*undoer.notes, *bound_since.values(), *bib.notes)
    return Undo(past, Plan((*undoer.actions, *bib.actions), notes=notes), bib, undoer.objects)


def _bound_since(past: Past, sides: Sides) -> dict[str, Note]:
    """The works whose records the run made and whose items a later run made: their records stay."""
    bindings = sides.target.bindings
    return {
        key: Note("spared", key, bindings[key].item_key, "its item is in the library by now")
        for key, turn in past.entries.items()
        if turn.before is None and key in bindings and not bindings[key].unlisted and key not in past.bindings
    }


class _Undoer:
    """The inverse of a run's steps, as it comes together."""

    def __init__(self, past: Past, snapshot: Snapshot, sides: Sides) -> None:
        self._past = past
        self._snapshot = snapshot
        self._sides = sides
        self._made = {step.key for step in past.steps if step.before is None}
        self.actions: list[Action] = []
        self.notes: list[Note] = []
        self.objects: dict[str, UndoneObject] = {}
        self.spared_works: set[str] = set()

    def invert(self) -> None:
        """Items first, the latest first; then what hangs on those that stay."""
        by_key: dict[str, list[Step]] = {}
        for step in reversed(self._past.steps):
            by_key.setdefault(step.key, []).append(step)
        for kind in ("item", "attachment"):
            for steps in by_key.values():
                if steps[0].kind == kind:
                    self._invert(steps)

    def _invert(self, steps: Sequence[Step]) -> None:
        """One object with its steps, the latest first."""
        last = steps[0]
        outcome = self._past.outcomes.get(last.key)
        if outcome and outcome.kind not in ("written", "unchanged"):
            return
        now = self._now(last.key)
        if now is None:
            self._spare(last, "is not there any more")
        elif last.before is None:
            self._throw_out(last, now, outcome)
        else:
            self._take_back([step for step in steps if step.before is not None], now)

    def _now(self, key: str) -> Item | Attachment | ItemNote | None:
        held = self._snapshot
        return held.items.get(key) or held.attachments.get(key) or held.notes.get(key)

    def _spare(self, step: Step, what: str) -> None:
        self.notes.append(Note("spared", step.citation_key, step.key, what))

    # ---- what the run made -----------------------------------------------------------------------------------------

    def _throw_out(self, step: Step, now: Item | Attachment | ItemNote, outcome: Outcome | None) -> None:
        """Move what the run made to the trash."""
        if now.trashed or (not isinstance(now, Item) and now.parent in self._made):
            return  # what hangs on a new item goes or stays with it
        if why := self._worked_on(step, now, outcome):
            self._spare(step, why)
            self.spared_works.add(step.citation_key)
            return
        is_item = isinstance(now, Item)
        what = ("deleted", "", "1") if is_item else ("url", str(step.after["url"]), "")
        line = FieldChange(*what, _WHY)
        change = ItemChange(now.key, now.version, trashed=True)
        self._add("trash" if is_item else "unlink", step, (line,), change, now, frozenset({TRASHED}), made=True)

    def _worked_on(self, step: Step, now: Item | Attachment | ItemNote, outcome: Outcome | None) -> str:
        """Why something that the run made has to stay, `""` where nobody touched it since."""
        if outcome and outcome.version:
            if now.version != outcome.version:
                return "was changed since"
        else:
            held = held_by(now)
            if any(not _same(name, value, held.get(name, blank(name))) for name, value in step.after.items()):
                return "was changed since"
        if now.key in self._with_members_children:
            return "has attachments or notes of members by now"
        return ""

    @cached_property
    def _with_members_children(self) -> frozenset[str]:
        """The items below which something lies that the run did not make."""
        below: list[Attachment | ItemNote] = [*self._snapshot.attachments.values(), *self._snapshot.notes.values()]
        return frozenset(one.parent for one in below if one.key not in self._made and not one.trashed)

    # ---- what the run changed --------------------------------------------------------------------------------------

    def _take_back(self, steps: Sequence[Step], now: Item | Attachment | ItemNote) -> None:
        """Give an object back the values that the run found, as far as they still are what the run left."""
        held = held_by(now)
        wanted, spared = dict(held), set[str]()
        for step in steps:
            assert step.before is not None
            for name, before in step.before.items():
                after, current = step.after.get(name, blank(name)), wanted.get(name, blank(name))
                value = _taken_back(name, before, after, current)
                if value is None:
                    spared.add(name)
                else:
                    wanted[name] = value
        changed = {name: value for name, value in wanted.items() if value != held.get(name, blank(name))}
        if spared:
            self._spare(steps[0], f"{', '.join(sorted(spared))} changed since")
        if changed:
            self._add_change(steps[0], now, changed, held)

    def _add_change(
        self, step: Step, now: Item | Attachment | ItemNote, changed: Mapping[str, Held], held: Mapping[str, Held]
    ) -> None:
        lines = [line for name, value in changed.items() for line in self._lines(name, held.get(name, ""), value)]
        if isinstance(now, Item):
            change = _item_change(now, changed)
            self._add("update", step, lines, change, now, frozenset(changed))
        elif PARENT in changed:
            move = MoveChange(now.key, now.version, str(changed[PARENT]), now.parent)
            self._add("move", step, lines, move, now, frozenset({PARENT}))
        else:
            trashed = bool(changed[TRASHED])
            change = ItemChange(now.key, now.version, trashed=trashed)
            url = now.url if isinstance(now, Attachment) else ""
            line = FieldChange("url", url, "", _WHY) if trashed else FieldChange("url", "", url, _WHY)
            self._add("unlink" if trashed else "link", step, (line,), change, now, frozenset({TRASHED}))

    def _lines(self, name: str, before: Held, after: Held) -> list[FieldChange]:
        if isinstance(before, frozenset) and isinstance(after, frozenset):
            return self._sides.member_changes(name, before, after, _WHY)
        if name == TRASHED:
            return [FieldChange("deleted", "1" if before else "", "1" if after else "", _WHY)]
        texts = [shown(one) if isinstance(one, str | tuple) else "" for one in (before, after)]
        return [FieldChange(name, texts[0], texts[1], _WHY)]

    def _add(
        self,
        kind: Kind,
        step: Step,
        lines: Sequence[FieldChange],
        change: ItemChange | MoveChange,
        now: Item | Attachment | ItemNote,
        names: frozenset[str],
        *,
        made: bool = False,
    ) -> None:
        found = None if isinstance(now, ItemNote) else now
        item_key = now.key if isinstance(now, Item) else now.parent
        self.actions.append(Action(kind, step.citation_key, item_key, step.title, tuple(lines), change, found))
        self.objects[step.key] = UndoneObject(step, names, made)


def _taken_back(name: str, before: Held, after: Held, current: Held) -> Held | None:
    """What a value becomes when a run is undone; None where it changed since."""
    if name in SETS:
        assert isinstance(before, frozenset)
        assert isinstance(after, frozenset)
        assert isinstance(current, frozenset)
        merged = merge_members(after, before, current)
        return (current | merged.add) - merged.remove
    if _same(name, current, before):
        return current
    return before if _same(name, current, after) else None


def _same(name: str, one: Held, other: Held) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return comparable(name, one) == comparable(name, other)
    return one == other


def _item_change(item: Item, changed: Mapping[str, Held]) -> ItemChange:
    """The change that gives an item these values."""
    creators = changed.get(CREATORS)
    sets = {name: value for name in SETS if isinstance(value := changed.get(name), frozenset)}
    return ItemChange(
        item.key,
        item.version,
        fields={name: value for name, value in changed.items() if isinstance(value, str)},
        creators=creators if isinstance(creators, tuple) else None,
        collections=sets.get("collections"),
        tags=sets.get("tags"),
        trashed=bool(changed[TRASHED]) if TRASHED in changed else None,
        replaces=sets.get("replaces"),
    )
