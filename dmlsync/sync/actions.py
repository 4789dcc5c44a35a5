"""What a plan consists of: actions, conflicts, notes, and what `settle` needs to know of each work.

Values only; `dmlsync.sync.plan` makes them, `dmlsync.sync.apply` carries them out, the command line shows them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from dmlsync.model import Creator
from dmlsync.sync.library import Attachment, Change, Item
from dmlsync.sync.lock import Binding
from dmlsync.sync.merge import Value, Values
from dmlsync.sync.place import Places

Kind = Literal[
    "collection",
    "create",
    "update",
    "link",
    "unlink",
    "uncollect",
    "trash",
    "pull",
    "adopt",
    "restore",
    "move",
]
NoteKind = Literal[
    "trashed",
    "deleted",
    "taken out",
    "link removed",
    "merged",
    "duplicate",
    "key taken",
    "look-alike",
    "unlisted",
    "adopted",
    "released",
    "spared",
    "older",
]
# What is done in library.bib, not in the library.
HERE: frozenset[Kind] = frozenset({"pull", "adopt", "restore"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One line of a plan: a field before and after, and why."""

    name: str
    before: str
    after: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """One step of a plan.

    `change` is what is sent to the library, None where the step is for library.bib; `found` is the object that it
    changes as the plan saw it, None for a new one. `needs` are the keys of objects that must have been written before.
    """

    kind: Kind
    citation_key: str
    item_key: str
    title: str
    fields: tuple[FieldChange, ...] = ()
    change: Change | None = None
    found: Item | Attachment | None = None
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both sides changed to different values: a person decides.

    `changed_by` and `changed_on` (a day) are about the last change of the item in Zotero, whatever field it was of.
    """

    citation_key: str
    item_key: str
    field: str
    base: str
    local: str
    remote: str
    changed_by: str = ""
    changed_on: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a person should know, though nothing is done about it."""

    kind: NoteKind
    citation_key: str
    item_key: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a work, before or after the run: its values and its members."""

    values: Values
    collections: frozenset[str]
    tags: frozenset[str]
    links: frozenset[str]


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """All about one work that `settle` needs to know; `pulled` are the values that only Zotero changed.

    `adopted` is a work that is on no list because a member added it to the collection; `version` is the item's when
    the plan was made, 0 where there is none yet.
    """

    citation_key: str
    item_key: str
    binding: Binding
    local: Side
    before: Side
    after: Side
    pulled: Values
    link_keys: Mapping[str, str]  # which object has to be written so that an address appears or goes
    adopted: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do: actions in their order, what has to wait for a person, what is worth knowing.

    `removed` are the citation keys of works that left every list, `released` those of adopted works that members took
    out of the collection again. `anew` tells that nothing is known of what both sides last held: see `make_plan`.
    """

    actions: tuple[Action, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[Note, ...] = ()
    works: tuple[WorkPlan, ...] = ()
    removed: tuple[str, ...] = ()
    released: tuple[str, ...] = ()
    places: Places = field(default_factory=lambda: Places({}))
    anew: bool = False

    @property
    def waits(self) -> bool:
        """Whether a person has to decide something before all of it can be done."""
        return bool(self.conflicts) or any(note.kind in ("look-alike", "key taken", "merged") for note in self.notes)

    @property
    def summary(self) -> dict[str, int]:
        """How many actions of each kind there are."""
        return dict(Counter(action.kind for action in self.actions))


def shown(value: Value) -> str:
    """A value as a person reads it in a plan."""
    if isinstance(value, str):
        return value
    return "; ".join(_shown_creator(creator) for creator in value)


def _shown_creator(creator: Creator) -> str:
    name = creator.name or ", ".join(part for part in (creator.last_name, creator.first_name) if part)
    return name if creator.creator_type == "author" else f"{name} ({creator.creator_type})"
