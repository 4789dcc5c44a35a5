"""The two sides of a work as a plan compares them: what lists and library.bib say, and what its item says.

Pure: no I/O.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from dmlsync.bib.normal import representable
from dmlsync.model import CITATION_KEY
from dmlsync.sync.actions import FieldChange, Side
from dmlsync.sync.library import Attachment, Item, Snapshot
from dmlsync.sync.listed import ListedWork, Policy
from dmlsync.sync.lock import Binding, Target
from dmlsync.sync.merge import values_of
from dmlsync.sync.place import Path, Places
from dmlsync.sync.plan_links import living_links


class Sides:
    """Makes sides out of works and items, with the collections where they are in this snapshot."""

    def __init__(self, snapshot: Snapshot, target: Target, policy: Policy, places: Places) -> None:
        self._snapshot = snapshot
        self.target = target
        self._policy = policy
        self.places = places
        self._children = _by_parent(snapshot.attachments)
        self._living = frozenset(key for key, one in snapshot.collections.items() if not one.trashed)

    @cached_property
    def tree(self) -> frozenset[str]:
        """The project's collection with all that lies in it, those that members made there among them."""
        inside: dict[str, list[str]] = {}
        for key in self._living:
            inside.setdefault(self._snapshot.collections[key].parent, []).append(key)
        home = self.places.keys.get(self._policy.collection, "")
        found, todo = set[str](), [home] if home in self._living else []
        while todo:
            key = todo.pop()
            if key not in found:
                found.add(key)
                todo += inside.get(key, ())
        return frozenset(found)

    def base(self, item_key: str, binding: Binding | None) -> Binding:
        """What both sides last held; a collection that is gone is forgotten, so that a new one is filled again."""
        if binding is None:
            return Binding(item_key)
        return replace(binding, collections=binding.collections & self._living)

    def local(self, work: ListedWork) -> Side:
        """What lists and library.bib say of a work."""
        return Side(
            {**values_of(representable(work.record, self._policy.dialect)), CITATION_KEY: work.citation_key},
            frozenset(self.places.keys[path] for path in self._policy.paths(work)),
            self._policy.tags(work),
            frozenset(self._policy.links(work)),
        )

    def of_adopted(self, citation_key: str, work: ListedWork | None, before: Side, base: Binding) -> Side:
        """What there is on this side of a work that a member added: its record, if library.bib has one by now.

        Where it lies, its tags and its links are the members' alone: they are as they are.
        """
        values = values_of(representable(work.record, self._policy.dialect)) if work else {}
        ours = base.collections | frozenset(self.places.keys.values())
        return Side(
            {**values, CITATION_KEY: citation_key},
            before.collections & ours,
            before.tags & base.tags,
            before.links & base.links,
        )

    def remote(self, item: Item | None) -> Side:
        """What an item says; nothing where there is none."""
        if item is None:
            return Side({}, frozenset(), frozenset(), frozenset())
        values = values_of(representable(item.record, self._policy.dialect))
        if item.citation_key:
            values[CITATION_KEY] = item.citation_key
        return Side(values, item.collections, item.tags, living_links(self.attachments(item.key)))

    def attachments(self, item_key: str) -> list[Attachment]:
        """The attachments of an item, in the order of their keys."""
        return [self._snapshot.attachments[key] for key in self._children.get(item_key, ())]

    def member_changes(self, name: str, before: frozenset[str], after: frozenset[str], why: str) -> list[FieldChange]:
        """One line of a plan for a changed set; collections are shown by their names."""
        if before == after:
            return []
        names = self._collection_names if name == "collections" else {}
        shown_before, shown_after = (", ".join(sorted(names.get(one, one) for one in side)) for side in (before, after))
        return [FieldChange(name, shown_before, shown_after, why)]

    def name_of(self, collection: str) -> str:
        """What to call a collection."""
        return self._collection_names.get(collection, collection)

    @cached_property
    def _collection_names(self) -> Mapping[str, str]:
        """What to call a collection: its path where it is the project's, otherwise its own name."""
        names = {key: one.name for key, one in self._snapshot.collections.items()}
        paths: dict[Path, str] = {**self.target.collections, **self.places.keys}
        return names | {key: " / ".join(path) for path, key in paths.items()}


def _by_parent(attachments: Mapping[str, Attachment]) -> dict[str, list[str]]:
    """The keys of the attachments of each item, in the order of their keys."""
    children: dict[str, list[str]] = {}
    for key in sorted(attachments):
        children.setdefault(attachments[key].parent, []).append(key)
    return children
