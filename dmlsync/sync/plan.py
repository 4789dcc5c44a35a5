"""The plan: what a run would do, field by field and with the reason, before anything is done.

`make_plan` compares what the project says of its works (lists, library.bib) with a snapshot of the library and the base
in the lock. It is pure: no I/O, no clock. `dmlsync.sync.apply` carries a plan out, `dmlsync.sync.settle` concludes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from dmlsync import schema
from dmlsync.bib.normal import representable
from dmlsync.model import ARXIV, CITATION_KEY, CREATORS, ITEM_TYPE
from dmlsync.sync.actions import Action, Conflict, FieldChange, Kind, Note, NoteKind, Plan, Side, WorkPlan, shown
from dmlsync.sync.find import Finder, Found
from dmlsync.sync.library import Attachment, ItemChange, Snapshot
from dmlsync.sync.listed import ListedWork, Policy
from dmlsync.sync.lock import Binding, Target
from dmlsync.sync.merge import FieldMerge, MemberMerge, comparable, merge, merge_members, record_of, values_of
from dmlsync.sync.place import Path, Places, place
from dmlsync.sync.plan_links import LinkPlan, living_links, plan_links


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
        owners = {binding.item_key: key for key, binding in target.bindings.items()}
        self._finder = Finder(snapshot, library_name, owners)
        self._children = by_parent(snapshot)
        self._living = frozenset(key for key, one in snapshot.collections.items() if not one.trashed)
        self._actions: list[Action] = []
        self._conflicts: list[Conflict] = []
        self._notes: list[Note] = []
        self._works: list[WorkPlan] = []
        self._places = Places({})

    def plan(self, works: Sequence[ListedWork]) -> Plan:
        """Collections, then each work with its links, then what left the lists."""
        listed = {work.citation_key for work in works}
        bindings = self._target.bindings
        removed = tuple(key for key, binding in bindings.items() if key not in listed and not binding.unlisted)
        if works or removed:
            self._plan_collections(works)
        for work in works:
            self._plan_work(work)
        for citation_key in removed:
            self._plan_removal(citation_key, bindings[citation_key])
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
            line = FieldChange("name", "", change.name, "there is no such collection")
            self._actions.append(Action("collection", "", change.key, title, (line,), change))

    def _paths(self, work: ListedWork) -> set[Path]:
        """The collections that a work belongs to: the project's, and one for each section where sections are such."""
        inner = work.sections if self._policy.sections == "subcollections" else frozenset()
        return {self._policy.collection} | {self._policy.collection + section for section in inner}

    def _plan_work(self, work: ListedWork) -> None:
        binding = self._target.bindings.get(work.citation_key)
        bound_key = binding.item_key if binding else ""
        found = self._finder.find(work.citation_key, work.record, work.identifiers, bound_key)
        if binding and not found.item:
            if not binding.unlisted:
                self._note("deleted", work, binding.item_key)
                return
            binding = None  # its line comes back after the item was deleted: it is made anew
        if found.in_trash and not (binding and binding.trashed):
            self._note("trashed", work, found.key)
            return
        if found.alike:
            self._note("look-alike", work, found.alike[0], ", ".join(found.alike))
            return
        if found.others:
            self._note("duplicate", work, found.key, ", ".join(found.others))
        if found.strangers:
            self._note("key taken", work, found.strangers[0], ", ".join(found.strangers))
            return
        base = self._base(found, binding)
        local, before = self._local_side(work), self._remote_side(found)
        merges = tuple(_guarded(one) for one in merge(base.base, local.values, before.values))
        merges = self._with_possible_pulls(local, merges)
        if any(one.verdict == "pull" for one in merges):
            local = replace(local, tags=local.tags - work.tags)  # a member completes what needed metadata
        after = self._plan_item(work, found, base, local, before, merges)
        pulled = {one.name: one.remote for one in merges if one.verdict == "pull"}
        links = self._plan_links(work, found.key, binding)
        after = replace(after, links=links.after)
        link_keys = {url: change.key for url, change in {**links.made, **links.thrown_out}.items()}
        known = binding or Binding(found.key, links=links.base)
        self._works.append(WorkPlan(work.citation_key, found.key, known, local, before, after, pulled, link_keys))

    def _note(self, kind: NoteKind, work: ListedWork, item_key: str, detail: str = "") -> None:
        self._notes.append(Note(kind, work.citation_key, item_key, detail or work.record.title))

    def _base(self, found: Found, binding: Binding | None) -> Binding:
        """What both sides last held; a collection that is gone is forgotten, so that a new one is filled again."""
        if binding is None:
            return Binding(found.key)
        return replace(binding, collections=binding.collections & self._living)

    def _local_side(self, work: ListedWork) -> Side:
        tags = set(work.tags)
        if self._policy.sections == "tags":
            tags.update(" / ".join(path) for path in work.sections if path)
        return Side(
            {**values_of(representable(work.record, self._policy.dialect)), CITATION_KEY: work.citation_key},
            frozenset(self._places.keys[path] for path in self._paths(work)),
            frozenset(tags),
            frozenset(self._wanted_links(work)),
        )

    def _remote_side(self, found: Found) -> Side:
        item = found.item
        if item is None:
            return Side({}, frozenset(), frozenset(), frozenset())
        values = values_of(representable(item.record, self._policy.dialect))
        if item.citation_key:
            values[CITATION_KEY] = item.citation_key
        return Side(values, item.collections, item.tags, living_links(self._attachments(item.key)))

    def _wanted_links(self, work: ListedWork) -> dict[str, str]:
        """The addresses that a work's item should have under it, with their titles."""
        wanted = {work.pdf: "PDF"} if work.pdf and "pdf" in self._policy.attach else {}
        if "code" in self._policy.attach:
            wanted |= {url: "Code" for url in work.code if url not in wanted}
        return wanted

    def _attachments(self, item_key: str) -> list[Attachment]:
        return [self._snapshot.attachments[key] for key in self._children.get(item_key, ())]

    def _plan_item(
        self,
        work: ListedWork,
        found: Found,
        base: Binding,
        local: Side,
        before: Side,
        merges: Sequence[FieldMerge],
    ) -> Side:
        """Plan the item itself; returns what its side will hold if all goes well (links aside)."""
        pushes = [one for one in merges if one.verdict == "push" and _fits(one, local, before, merges)]
        self._note_conflicts(work, found, merges)
        self._plan_pull(work, found.key, merges)
        collections = merge_members(base.collections, local.collections, before.collections)
        tags = merge_members(base.tags, local.tags, before.tags)
        self._note_taken_out(work, found, collections)
        after = Side(
            {**before.values, **{one.name: one.local for one in pushes}},
            _members(before.collections, collections),
            _members(before.tags, tags),
            before.links,
        )
        if pushes or found.in_trash or after.collections != before.collections or after.tags != before.tags:
            self._actions.append(self._item_action(work, found, pushes, before, after))
        return after

    def _with_possible_pulls(self, local: Side, merges: Sequence[FieldMerge]) -> tuple[FieldMerge, ...]:
        """The verdicts, with pulls only of what the work's entry can carry: of the rest neither side may move.

        A field that only the other item type has waits until the question of the type is answered.
        """
        pulls = {one.name: one.remote for one in merges if one.verdict == "pull"}
        if not pulls:
            return tuple(merges)
        values = {name: value for name, value in {**local.values, **pulls}.items() if value and name != CITATION_KEY}
        carried = values_of(representable(record_of(values), self._policy.dialect))
        type_is_open = any(one.name == ITEM_TYPE and one.verdict == "conflict" for one in merges)

        def possible(one: FieldMerge) -> FieldMerge | None:
            blank = () if one.name == CREATORS else ""
            if one.verdict != "pull" or comparable(one.name, carried.get(one.name, blank)) == comparable(
                one.name, one.remote
            ):
                return one
            return None if type_is_open else replace(one, verdict="conflict")

        return tuple(one for one in map(possible, merges) if one)

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
            trashed=False if found.in_trash else None,
        )
        fields = [FieldChange(one.name, shown(one.remote), shown(one.local), _why(found, one)) for one in pushes]
        fields += self._member_changes("collections", before.collections, after.collections)
        fields += self._member_changes("tags", before.tags, after.tags)
        fields += [FieldChange("deleted", "1", "", "its line is on a list again")] if found.in_trash else []
        kind: Kind = "update" if found.item else "create"
        return Action(kind, work.citation_key, found.key, work.record.title, tuple(fields), change)

    def _member_changes(self, name: str, before: frozenset[str], after: frozenset[str]) -> list[FieldChange]:
        """One line for a changed set; collections are shown by their names."""
        if before == after:
            return []
        names = self._collection_names
        shown_before, shown_after = (", ".join(sorted(names.get(one, one) for one in side)) for side in (before, after))
        why = "the list's sections" if name == "collections" else "the tags that dmlsync gives"
        return [FieldChange(name, shown_before, shown_after, why)]

    @cached_property
    def _collection_names(self) -> dict[str, str]:
        """What to call a collection: its path where it is the project's, otherwise its own name."""
        names = {key: one.name for key, one in self._snapshot.collections.items()}
        paths = {**self._target.collections, **self._places.keys}
        return names | {key: " / ".join(path) for path, key in paths.items()}

    def _note_conflicts(self, work: ListedWork, found: Found, merges: Sequence[FieldMerge]) -> None:
        changed_by = found.item.modified_by if found.item else ""
        for one in merges:
            if one.verdict == "conflict":
                values = (shown(one.base), shown(one.local), shown(one.remote))
                self._conflicts.append(Conflict(work.citation_key, found.key, one.name, *values, changed_by))
        if work.renamed:
            key = work.citation_key
            self._conflicts.append(Conflict(key, found.key, CITATION_KEY, key, work.renamed, key))

    def _plan_pull(self, work: ListedWork, item_key: str, merges: Sequence[FieldMerge]) -> None:
        pulls = [one for one in merges if one.verdict == "pull"]
        if pulls:
            fields = tuple(
                FieldChange(one.name, shown(one.local), shown(one.remote), "changed in Zotero") for one in pulls
            )
            self._actions.append(Action("pull", work.citation_key, item_key, work.record.title, fields))

    def _note_taken_out(self, work: ListedWork, found: Found, collections: MemberMerge) -> None:
        """A member who takes an item out of the project's own collection is not overruled; the list is told."""
        if self._places.keys[self._policy.collection] in collections.removed_remotely:
            self._note("taken out", work, found.key)

    def _plan_links(self, work: ListedWork, item_key: str, binding: Binding | None) -> LinkPlan:
        wanted = self._wanted_links(work)
        links = plan_links(
            item_key,
            binding.links if binding else None,
            wanted,
            self._attachments(item_key),
            self._library_name,
            self._snapshot.attachments,
        )
        title = work.record.title
        for url, made in links.made.items():
            line = FieldChange("url", "", url, f"the work's {wanted[url]}")
            self._actions.append(Action("link", work.citation_key, item_key, title, (line,), made))
        for url, thrown_out in links.thrown_out.items():
            line = FieldChange("url", url, "", "no longer the work's link")
            self._actions.append(Action("unlink", work.citation_key, item_key, title, (line,), thrown_out))
        for url in links.removed:
            self._note("link removed", work, item_key, url)
        return links

    def _plan_removal(self, citation_key: str, binding: Binding) -> None:
        """A work that left every list: its item is taken out, trashed or kept, as the configuration says."""
        item = self._snapshot.items.get(binding.item_key)
        if not item or item.trashed or self._finder.is_owned(item.key, citation_key):
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


def _guarded(one: FieldMerge) -> FieldMerge:
    """A citation key that was changed in Zotero is never taken over by itself: papers cite it."""
    return replace(one, verdict="conflict") if one.name == CITATION_KEY and one.verdict == "pull" else one


def _fits(merged: FieldMerge, local: Side, before: Side, merges: Sequence[FieldMerge]) -> bool:
    """Whether the type that the item will have knows the field; the type may be the one that a member chose."""
    types = {one.name: one.verdict for one in merges}
    if types.get(ITEM_TYPE) == "conflict" and not any(one.base for one in merges):
        return merged.name == CITATION_KEY  # first contact with a record of another kind: nothing is mixed
    type_after = (before if types.get(ITEM_TYPE) in ("conflict", "pull") else local).values[ITEM_TYPE]
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


def by_parent(snapshot: Snapshot) -> dict[str, list[str]]:
    """The keys of the attachments of each item, in the order of their keys."""
    children: dict[str, list[str]] = {}
    for key in sorted(snapshot.attachments):
        children.setdefault(snapshot.attachments[key].parent, []).append(key)
    return children
