"""The plan: what a run would do, field by field and with the reason, before anything is done.

`make_plan` compares what the project says of its works (lists, library.bib) with a snapshot of the library and the base
in the lock. It is pure: no I/O, no clock. `dmlsync.sync.apply` carries a plan out, `dmlsync.sync.settle` concludes.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace
from functools import cached_property

from dmlsync.model import CITATION_KEY, ITEM_TYPE
from dmlsync.sync.actions import Action, Conflict, FieldChange, Note, NoteKind, Plan, Side, WorkPlan, shown
from dmlsync.sync.adopt import Adopter, Newcomers
from dmlsync.sync.find import Finder, Found
from dmlsync.sync.library import Item, Snapshot
from dmlsync.sync.listed import ListedWork, Policy
from dmlsync.sync.lock import Binding, Target, without_bases
from dmlsync.sync.merge import FieldMerge, MemberMerge, Value, merge_members
from dmlsync.sync.place import Places, place
from dmlsync.sync.plan_item import item_action
from dmlsync.sync.plan_links import LinkPlan, plan_links
from dmlsync.sync.plan_removal import removal
from dmlsync.sync.sides import Sides
from dmlsync.sync.verdicts import pushes, verdicts


def make_plan(
    works: Sequence[ListedWork],
    target: Target,
    snapshot: Snapshot,
    library_name: str,
    policy: Policy,
    newcomers: Newcomers | None = None,
    known: Container[str] | None = None,
) -> Plan:
    """What it takes to make the library say what lists and library.bib say, and the other way round.

    `works` are those that the lists name and those that were adopted; `newcomers` tells what the items that members
    added since would be called in library.bib. A library that was set back to an earlier state is merged without a
    base: what it held then would count as an edit, and undo what was typed since on both sides.

    `known` are the works whose lines the lock knows, None where it knows all: of another one nobody can say that its
    line left the lists, and it stays where it is.
    """
    if snapshot.is_older:
        target = without_bases(target)
    return _Planner(target, snapshot, library_name, policy, newcomers or Newcomers()).plan(works, known)


class _Planner:
    """The parts of a plan, as they come together."""

    def __init__(
        self, target: Target, snapshot: Snapshot, library_name: str, policy: Policy, newcomers: Newcomers
    ) -> None:
        self._target = target
        self._snapshot = snapshot
        self._library_name = library_name
        self._policy = policy
        self._newcomers = newcomers
        owners = {binding.item_key: key for key, binding in target.bindings.items()}
        self._finder = Finder(snapshot, library_name, owners)
        self._actions: list[Action] = []
        self._conflicts: list[Conflict] = []
        self._notes: list[Note] = []
        self._works: list[WorkPlan] = []
        self._released: list[str] = []
        self._asked_about: set[str] = set()
        self._sides = Sides(snapshot, target, policy, Places({}))

    def plan(self, works: Sequence[ListedWork], known: Container[str] | None) -> Plan:
        """Collections, then each work with its links, then what left the lists, then what members added."""
        kept = {work.citation_key for work in works}
        bindings = self._target.bindings
        removed = tuple(
            key
            for key, one in bindings.items()
            if key not in kept and not one.unlisted and not one.adopted and (known is None or key in known)
        )
        self._plan_collections([work for work in works if not work.adopted], make=bool(works or removed))
        for work in works:
            if work.adopted:
                self._plan_adopted(work, bindings[work.citation_key])
            else:
                self._plan_listed(work)
        for key in removed:
            self._plan_removal(key, bindings[key])
        for item in self._newcoming():
            self._plan_newcomer(item)
        if self._snapshot.is_older:
            self._notes.append(Note("older", "", "", f"version {self._snapshot.version}"))
        return Plan(
            actions=tuple(self._actions),
            conflicts=tuple(self._conflicts),
            notes=tuple(self._notes),
            works=tuple(self._works),
            removed=removed,
            released=tuple(self._released),
            places=self._sides.places,
            anew=self._snapshot.is_older,
        )

    def _plan_collections(self, works: Sequence[ListedWork], *, make: bool) -> None:
        paths = {self._policy.collection} | {path for work in works for path in self._policy.paths(work)}
        places = place(paths, self._target.collections, self._snapshot.collections, self._library_name)
        if not make:
            missing = {change.key for change in places.changes}
            places = Places({path: key for path, key in places.keys.items() if key not in missing})
        self._sides = Sides(self._snapshot, self._target, self._policy, places)
        names = {key: path for path, key in places.keys.items()}
        for change in places.changes:
            title = " / ".join(names[change.key])
            line = FieldChange("name", "", change.name, "there is no such collection")
            self._actions.append(Action("collection", "", change.key, title, (line,), change))

    # ---- works that the lists name ---------------------------------------------------------------------------------

    def _plan_listed(self, work: ListedWork) -> None:
        binding = self._target.bindings.get(work.citation_key)
        found = self._found(work, binding)
        if found is None:
            return
        if not found.item:
            binding = None  # new, or its line comes back after the item was deleted: it is made anew
        base = self._sides.base(found.key, binding)
        local, before = self._sides.local(work), self._sides.remote(found.item)
        merges = verdicts(base, local, before, self._policy.dialect)
        if any(one.verdict in ("pull", "conflict") for one in merges):
            local = replace(local, tags=local.tags - work.tags)  # a member knows what needed metadata
        after, pulled = self._plan_item(work, found, base, local, before, merges)
        links = self._plan_links(work, found.key, binding)
        after = replace(after, links=links.after)
        link_keys = {url: change.key for url, change in {**links.made, **links.thrown_out}.items()}
        known = binding or Binding(found.key, links=links.base)
        version = found.item.version if found.item else 0
        self._works.append(
            WorkPlan(work.citation_key, found.key, known, local, before, after, pulled, link_keys, version=version)
        )

    def _found(self, work: ListedWork, binding: Binding | None) -> Found | None:
        """Where the work's item is or is to be; None where a person has a say first, which is noted."""
        if other := self._merged_into(work, binding):
            self._note("merged", work, binding.item_key if binding else "", other)
            return None
        found = self._finder.find(work.citation_key, work.record, work.identifiers, binding.item_key if binding else "")
        self._asked_about.update(found.alike, found.others, found.strangers)
        if binding and not found.item and not binding.unlisted:
            self._note("deleted", work, binding.item_key)
        elif found.in_trash and not (binding and binding.trashed):
            self._note("trashed", work, found.key)
        elif found.alike:
            self._note("look-alike", work, found.alike[0], ", ".join(found.alike))
        elif found.strangers:
            self._note("key taken", work, found.strangers[0], ", ".join(found.strangers))
        else:
            if found.others:
                self._note("duplicate", work, found.key, ", ".join(found.others))
            return found
        return None

    def _merged_into(self, work: ListedWork, binding: Binding | None) -> str:
        """The key of the other work whose item a member merged this one's into, `""` where nobody did."""
        other = self._finder.merged_into(work.citation_key, binding.item_key) if binding else ""
        theirs = self._target.bindings.get(other)
        return "" if theirs and theirs.unlisted else other

    def _note(self, kind: NoteKind, work: ListedWork, item_key: str, detail: str = "") -> None:
        self._notes.append(Note(kind, work.citation_key, item_key, detail or work.record.title))

    def _plan_item(
        self,
        work: ListedWork,
        found: Found,
        base: Binding,
        local: Side,
        before: Side,
        merges: Sequence[FieldMerge],
    ) -> tuple[Side, dict[str, Value]]:
        """Plan the item itself; returns what its side will hold if all goes well (links aside), and what is pulled."""
        pushed = pushes(local, before, merges)
        self._note_conflicts(work, found, merges)
        pulled = self._plan_pull(work, found.key, merges)
        collections = merge_members(base.collections, local.collections, before.collections)
        tags = merge_members(base.tags, local.tags, before.tags)
        if not work.adopted:
            self._note_taken_out(work, found, collections)
        after = Side(
            {**before.values, **{one.name: one.local for one in pushed}},
            _members(before.collections, collections),
            _members(before.tags, tags),
            before.links,
        )
        if pushed or found.in_trash or after.collections != before.collections or after.tags != before.tags:
            self._actions.append(item_action(work, found, pushed, before, after, self._sides))
        return after, pulled

    def _note_conflicts(self, work: ListedWork, found: Found, merges: Sequence[FieldMerge]) -> None:
        last = (found.item.modified_by, found.item.modified_on) if found.item else ("", "")
        for one in merges:
            if one.verdict == "conflict":
                values = (shown(one.base), shown(one.local), shown(one.remote))
                self._conflicts.append(Conflict(work.citation_key, found.key, one.name, *values, *last))
        if work.renamed:
            key = work.citation_key
            self._conflicts.append(Conflict(key, found.key, CITATION_KEY, key, work.renamed, key, *last))

    def _plan_pull(self, work: ListedWork, item_key: str, merges: Sequence[FieldMerge]) -> dict[str, Value]:
        pulls = [one for one in merges if one.verdict == "pull"]
        is_new = any(one.name == ITEM_TYPE and not one.local for one in pulls)  # its adoption tells of all fields
        if pulls and not is_new:
            lines = tuple(
                FieldChange(one.name, shown(one.local), shown(one.remote), "changed in Zotero") for one in pulls
            )
            self._actions.append(Action("pull", work.citation_key, item_key, work.record.title, lines))
        return {one.name: one.remote for one in pulls}

    def _note_taken_out(self, work: ListedWork, found: Found, collections: MemberMerge) -> None:
        """A member who takes an item out of the project's own collection is not overruled; the list is told."""
        if self._sides.places.keys[self._policy.collection] in collections.removed_remotely:
            self._note("taken out", work, found.key)

    def _plan_links(self, work: ListedWork, item_key: str, binding: Binding | None) -> LinkPlan:
        wanted, attachments = self._policy.links(work), self._snapshot.attachments
        links = plan_links(
            item_key,
            binding.links if binding else None,
            wanted,
            self._sides.attachments(item_key),
            self._library_name,
            attachments,
            work.dropped if "pdf" in self._policy.attach else None,
        )
        title = work.record.title
        for url, made in links.made.items():
            line = FieldChange("url", "", url, f"the work's {wanted[url]}")
            known = attachments.get(made.key)
            self._actions.append(Action("link", work.citation_key, item_key, title, (line,), made, known))
        for url, thrown_out in links.thrown_out.items():
            line = FieldChange("url", url, "", "no longer the work's link")
            known = attachments[thrown_out.key]
            self._actions.append(Action("unlink", work.citation_key, item_key, title, (line,), thrown_out, known))
        for url in links.removed:
            self._note("link removed", work, item_key, url)
        return links

    def _plan_removal(self, citation_key: str, binding: Binding) -> None:
        """A work that left every list, unless its item is another work's by now."""
        item = self._snapshot.items.get(binding.item_key)
        if item and self._finder.owner_of(item.key) in ("", citation_key):
            action, note = removal(citation_key, item, binding, self._policy, self._sides)
            self._actions += [action] if action else []
            self._notes += [note] if note else []

    # ---- works that members added ----------------------------------------------------------------------------------

    def _plan_adopted(self, work: ListedWork, binding: Binding) -> None:
        """A work that was adopted: merged as any other while its item stays where members put it."""
        merged = self._merged_into(work, binding)
        item = None if merged else self._finder.bound(work.citation_key, binding.item_key)
        if item is None or item.trashed or not item.collections & self._sides.tree:
            self._note("released", work, binding.item_key)
            self._released.append(work.citation_key)
            return
        self._plan_members_work(work, Found(item.key, item), binding, has_record=True)

    def _newcoming(self) -> list[Item]:
        """The items that members added to the collection, and that are no question about another work."""
        known = {work.item_key for work in self._works} | {note.item_key for note in self._notes} | self._asked_about
        kept = self._policy.on_removed == "keep"  # then items of works that left the lists are no additions
        bound = {one.item_key for one in self._target.bindings.values() if kept or not one.unlisted}
        return [
            item
            for item in self._snapshot.items_in(self._sides.tree)
            if not item.trashed and item.record.title and item.key not in known and item.key not in bound
        ]

    @cached_property
    def _adopter(self) -> Adopter:
        return Adopter(self._newcomers, self._snapshot.items.values())

    def _plan_newcomer(self, item: Item) -> None:
        """An item that a member added: taken into library.bib, or reported as one more copy of a work that is there."""
        bindings, records = self._target.bindings, self._newcomers.records
        key = self._finder.owner_of(item.key) or self._adopter.key_of(item)
        binding = bindings.get(key)
        if key and (key in {work.citation_key for work in self._works} or (binding and not binding.unlisted)):
            there = binding.item_key if binding else ""
            self._notes.append(Note("duplicate", key, there, item.key))
            return
        key = key or self._adopter.new_key(item)
        work = ListedWork(key, records.get(key) or item.record, adopted=True)
        by = f" by {item.modified_by}" if item.modified_by else ""
        collections = ", ".join(sorted(map(self._sides.name_of, item.collections)))
        lines = [FieldChange("collections", "", collections, f"added{by}")]
        if key not in records:
            values = self._sides.remote(item).values
            lines += [FieldChange(name, "", shown(value), f"added{by}") for name, value in sorted(values.items())]
        self._actions.append(Action("adopt", key, item.key, item.record.title, tuple(lines)))
        self._notes.append(Note("adopted", key, item.key, item.record.title))
        if self._newcomers.adopt:
            known = binding if binding and binding.item_key == item.key and key in records else None
            self._plan_members_work(work, Found(item.key, item), known, has_record=key in records)

    def _plan_members_work(self, work: ListedWork, found: Found, binding: Binding | None, *, has_record: bool) -> None:
        """Merge the record of a work that a member added; without one here, all of it is pulled."""
        base, before = self._sides.base(found.key, binding), self._sides.remote(found.item)
        local = self._sides.of_adopted(work.citation_key, work if has_record else None, before, base)
        merges = verdicts(base, local, before, self._policy.dialect)
        after, pulled = self._plan_item(work, found, base, local, before, merges)
        known = binding or Binding(found.key)
        version = found.item.version if found.item else 0
        self._works.append(
            WorkPlan(work.citation_key, found.key, known, local, before, after, pulled, {}, True, version)
        )


def _members(before: frozenset[str], merged: MemberMerge) -> frozenset[str]:
    return (before | merged.add) - merged.remove
