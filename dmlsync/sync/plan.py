"""The plan: what a run would do, field by field and with the reason, before anything is done.

`make_plan` compares what the project says of its works (lists, library.bib) with a snapshot of the library and the base
in the lock. It is pure: no I/O, no clock. `dmlsync.sync.apply` carries a plan out, `dmlsync.sync.settle` concludes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from dmlsync import schema
from dmlsync.bib.entry_types import Dialect
from dmlsync.bib.normal import representable
from dmlsync.model import Identifiers, Record
from dmlsync.sync.actions import Action, Conflict, FieldChange, Kind, Note, Plan, Side, WorkPlan, shown
from dmlsync.sync.find import Finder, Found, by_parent
from dmlsync.sync.item_keys import identity_of_link, keys_for
from dmlsync.sync.library import Attachment, AttachmentChange, Change, ItemChange, Snapshot
from dmlsync.sync.lock import Binding, Target
from dmlsync.sync.merge import CREATORS, ITEM_TYPE, FieldMerge, MemberMerge, merge, merge_members, values_of
from dmlsync.sync.place import Path, Places, place

CITATION_KEY = "citationKey"
ARXIV = "arXiv"


@dataclass(frozen=True, slots=True)
class ListedWork:
    """What the project says of one work: its record in library.bib, its sections and links in the lists.

    `tags` are those that dmlsync itself gives, beside those that a configuration makes of sections.
    """

    citation_key: str
    record: Record
    identifiers: Identifiers = field(default_factory=Identifiers)
    sections: frozenset[Path] = frozenset()
    pdf: str = ""
    code: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings that decide what goes where; see `[zotero]` and `[bib]` in the configuration.

    `dialect` is that of library.bib: what its entries cannot carry is not compared.
    """

    collection: Path
    sections: Literal["subcollections", "tags", "none"] = "subcollections"
    attach: frozenset[str] = frozenset({"pdf", "code"})
    on_removed: Literal["uncollect", "keep", "trash"] = "uncollect"
    dialect: Dialect = "biblatex"


def make_plan(
    works: Sequence[ListedWork], target: Target, snapshot: Snapshot, library_name: str, policy: Policy
) -> Plan:
    """What it takes to make the library say what lists and library.bib say, and the other way round."""
    return _Planner(target, snapshot, library_name, policy).plan(works)


class _Planner:
    """The parts of a plan, as they come together."""

    def __init__(self, target: Target, snapshot: Snapshot, library_name: str, policy: Policy) -> None:
        self._target = target
        self._snapshot = snapshot
        self._library_name = library_name
        self._policy = policy
        self._finder = Finder(snapshot, library_name)
        self._children = by_parent(snapshot)
        self._actions: list[Action] = []
        self._conflicts: list[Conflict] = []
        self._notes: list[Note] = []
        self._works: list[WorkPlan] = []
        self._places = Places({})

    def plan(self, works: Sequence[ListedWork]) -> Plan:
        """Collections, then each work with its links, then what left the lists."""
        listed = {work.citation_key for work in works}
        removed = tuple(key for key in self._target.bindings if key not in listed)
        if works or removed:
            self._plan_collections(works)
        for work in works:
            self._plan_work(work)
        for citation_key in removed:
            self._plan_removal(citation_key, self._target.bindings[citation_key])
        return Plan(
            actions=tuple(self._actions),
            conflicts=tuple(self._conflicts),
            notes=tuple(self._notes),
            works=tuple(self._works),
            removed=removed,
            places=self._places,
        )

    def _plan_collections(self, works: Sequence[ListedWork]) -> None:
        paths = {self._policy.collection} | {path for work in works for path in self._paths(work)}
        self._places = place(paths, self._target.collections, self._snapshot.collections, self._library_name)
        names = {key: path for path, key in self._places.keys.items()}
        for change in self._places.changes:
            title = " / ".join(names[change.key])
            fields = (FieldChange("name", "", change.name, "there is no such collection yet"),)
            self._actions.append(Action("collection", "", change.key, title, fields, change))

    def _paths(self, work: ListedWork) -> set[Path]:
        """The collections that a work belongs to: the project's, and one for each section where sections are such."""
        inner = work.sections if self._policy.sections == "subcollections" else frozenset()
        return {self._policy.collection} | {self._policy.collection + section for section in inner}

    def _plan_work(self, work: ListedWork) -> None:
        binding = self._target.bindings.get(work.citation_key)
        found = self._finder.find(work.citation_key, work.identifiers, binding.item_key if binding else "")
        if binding and not found.item:
            self._notes.append(Note("deleted", work.citation_key, binding.item_key, work.record.title))
            return
        if found.item and found.item.trashed:
            self._notes.append(Note("trashed", work.citation_key, found.key, work.record.title))
            return
        if found.others:
            self._notes.append(Note("duplicate", work.citation_key, found.key, ", ".join(found.others)))
        local = self._local_side(work)
        before = self._remote_side(found)
        base = binding or Binding(found.key)
        after = self._plan_item(work, found, base, local, before)
        links, link_keys = self._plan_links(work, found.key, base, local, before)
        after = replace(after, links=links)
        self._works.append(WorkPlan(work.citation_key, found.key, binding, local, before, after, link_keys))

    def _local_side(self, work: ListedWork) -> Side:
        tags = set(work.tags)
        if self._policy.sections == "tags":
            tags.update(" / ".join(path) for path in work.sections if path)
        links = {work.pdf} if work.pdf and "pdf" in self._policy.attach else set()
        if "code" in self._policy.attach:
            links.update(work.code)
        return Side(
            {**values_of(work.record), CITATION_KEY: work.citation_key},
            frozenset(self._places.keys[path] for path in self._paths(work)),
            frozenset(tags),
            frozenset(links),
        )

    def _remote_side(self, found: Found) -> Side:
        item = found.item
        if item is None:
            return Side({}, frozenset(), frozenset(), frozenset())
        values = values_of(representable(item.record, self._policy.dialect))
        if item.citation_key:
            values[CITATION_KEY] = item.citation_key
        links = frozenset(one.url for one in self._links(item.key, trashed=False))
        return Side(values, item.collections, item.tags, links)

    def _links(self, item_key: str, *, trashed: bool) -> list[Attachment]:
        attachments = [self._snapshot.attachments[key] for key in self._children.get(item_key, ())]
        return [one for one in attachments if one.url and one.trashed == trashed]

    def _plan_item(self, work: ListedWork, found: Found, binding: Binding, local: Side, before: Side) -> Side:
        """Plan the item itself; returns what its side will hold if all goes well (links aside)."""
        merges = merge(binding.base, local.values, before.values)
        pushes = [one for one in merges if one.verdict == "push" and _fits(one, local, before, merges)]
        self._note_conflicts(work, found, merges)
        self._plan_pull(work, found.key, merges)
        collections = merge_members(binding.collections, local.collections, before.collections)
        tags = merge_members(binding.tags, local.tags, before.tags)
        self._note_taken_out(work, found, collections)
        after = Side(
            {**before.values, **{one.name: one.local for one in pushes}},
            _members(before.collections, collections),
            _members(before.tags, tags),
            before.links,
        )
        if pushes or collections.add or collections.remove or tags.add or tags.remove:
            self._actions.append(self._item_action(work, found, pushes, before, after))
        return after

    def _item_action(
        self, work: ListedWork, found: Found, pushes: Sequence[FieldMerge], before: Side, after: Side
    ) -> Action:
        creators = next((one.local for one in pushes if one.name == CREATORS), None)
        assert creators is None or isinstance(creators, tuple)
        change = ItemChange(
            key=found.key,
            version=found.item.version if found.item else 0,
            fields={one.name: one.local for one in pushes if isinstance(one.local, str)},
            creators=creators,
            collections=after.collections if after.collections != before.collections else None,
            tags=after.tags if after.tags != before.tags else None,
        )
        fields = [FieldChange(one.name, shown(one.remote), shown(one.local), _why(found, one)) for one in pushes]
        fields += self._member_changes("collections", before.collections, after.collections)
        fields += self._member_changes("tags", before.tags, after.tags)
        kind: Kind = "update" if found.item else "create"
        return Action(kind, work.citation_key, found.key, work.record.title, tuple(fields), change)

    def _member_changes(self, name: str, before: frozenset[str], after: frozenset[str]) -> list[FieldChange]:
        """One line for a changed set; collections are shown by their names."""
        if before == after:
            return []
        paths = {**self._target.collections, **self._places.keys}
        names = {key: " / ".join(path) for path, key in paths.items()}
        names |= {key: names.get(key, one.name) for key, one in self._snapshot.collections.items()}
        shown_before, shown_after = (", ".join(sorted(names.get(one, one) for one in side)) for side in (before, after))
        return [FieldChange(name, shown_before, shown_after, "the list's sections")]

    def _note_conflicts(self, work: ListedWork, found: Found, merges: Sequence[FieldMerge]) -> None:
        changed_by = found.item.modified_by if found.item else ""
        for one in merges:
            if one.verdict == "conflict":
                values = (shown(one.base), shown(one.local), shown(one.remote))
                self._conflicts.append(Conflict(work.citation_key, found.key, one.name, *values, changed_by))

    def _plan_pull(self, work: ListedWork, item_key: str, merges: Sequence[FieldMerge]) -> None:
        pulls = [one for one in merges if one.verdict == "pull"]
        if pulls:
            fields = tuple(
                FieldChange(one.name, shown(one.local), shown(one.remote), "changed in Zotero") for one in pulls
            )
            self._actions.append(Action("pull", work.citation_key, item_key, work.record.title, fields))

    def _note_taken_out(self, work: ListedWork, found: Found, collections: MemberMerge) -> None:
        """A member who takes an item out of the project's own collection is not overruled; the list is told."""
        home = self._places.keys[self._policy.collection]
        if home in collections.removed_remotely:
            self._notes.append(Note("taken out", work.citation_key, found.key, "taken out of the collection"))

    def _plan_links(
        self, work: ListedWork, item_key: str, binding: Binding, local: Side, before: Side
    ) -> tuple[frozenset[str], dict[str, str]]:
        """Plan the attachments; returns the addresses that will be there, and the keys of those to be written."""
        thrown_out = frozenset(one.url for one in self._links(item_key, trashed=True)) - before.links
        merged = merge_members(binding.links | thrown_out, local.links, before.links)
        keys: dict[str, str] = {}
        for url in sorted(merged.add, key=lambda url: (url != work.pdf, url)):
            keys[url] = self._free_key(identity_of_link(item_key, url))
            title, content_type = ("PDF", "application/pdf") if url == work.pdf else ("Code", "text/html")
            change = AttachmentChange(keys[url], 0, item_key, title, url, content_type)
            self._add_link_action("link", work, item_key, FieldChange("url", "", url, f"the work's {title}"), change)
        for attachment in self._links(item_key, trashed=False):
            if attachment.url in merged.remove:
                keys[attachment.url] = attachment.key
                removal = ItemChange(attachment.key, attachment.version, trashed=True)
                line = FieldChange("url", attachment.url, "", "no longer the work's link")
                self._add_link_action("unlink", work, item_key, line, removal)
        for url in sorted(merged.removed_remotely):
            self._notes.append(Note("link removed", work.citation_key, item_key, url))
        return _members(before.links, merged), keys

    def _add_link_action(self, kind: Kind, work: ListedWork, item_key: str, line: FieldChange, change: Change) -> None:
        self._actions.append(Action(kind, work.citation_key, item_key, work.record.title, (line,), change))

    def _free_key(self, identity: str) -> str:
        return next(key for key in keys_for(self._library_name, identity) if key not in self._snapshot.attachments)

    def _plan_removal(self, citation_key: str, binding: Binding) -> None:
        """A work that left every list: its item is taken out, trashed or kept, as the configuration says."""
        item = self._snapshot.items.get(binding.item_key)
        if not item or item.trashed:
            return
        title, policy = item.record.title, self._policy.on_removed
        if policy == "keep":
            self._notes.append(Note("unlisted", citation_key, item.key, title))
        elif policy == "trash":
            line = FieldChange("deleted", "", "1", "no list names it any more")
            change = ItemChange(item.key, item.version, trashed=True)
            self._actions.append(Action("trash", citation_key, item.key, title, (line,), change))
        elif rest := item.collections & (binding.collections | set(self._places.keys.values())):
            after = item.collections - rest
            changes = self._member_changes("collections", item.collections, after)
            lines = tuple(replace(one, why="no list names it any more") for one in changes)
            change = ItemChange(item.key, item.version, collections=after)
            self._actions.append(Action("uncollect", citation_key, item.key, title, lines, change))


def _fits(merged: FieldMerge, local: Side, before: Side, merges: Sequence[FieldMerge]) -> bool:
    """Whether the type that the item will have knows the field: not so while the type itself is in conflict."""
    types = {one.name: one.verdict for one in merges}
    type_after = (before if types.get(ITEM_TYPE) == "conflict" else local).values[ITEM_TYPE]
    if not merged.local or merged.name in (ITEM_TYPE, CITATION_KEY, CREATORS, ARXIV):
        return True
    return merged.name in schema.fields_of(str(type_after))


def _members(before: frozenset[str], merged: MemberMerge) -> frozenset[str]:
    return (before | merged.add) - merged.remove


def _why(found: Found, merged: FieldMerge) -> str:
    if not found.item:
        return "new"
    if not merged.base and not merged.remote:
        return "blank in Zotero"
    return "changed in library.bib"
