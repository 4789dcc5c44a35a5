"""Making one item of several of the same work: nothing is lost, and nothing is done unless a person asks.

The item that the work is bound to stays. It gets what the others know and it does not, their collections, tags and
children, and the relation by which Zotero's own merge says what an item replaced; then the others go to the trash, with
the values in which they differ. Pure: no I/O.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dmlsync import schema
from dmlsync.model import ARXIV, CITATION_KEY
from dmlsync.sync.actions import Action, FieldChange, Plan, shown
from dmlsync.sync.find import Finder
from dmlsync.sync.library import Attachment, Item, ItemChange, ItemNote, MoveChange, Snapshot
from dmlsync.sync.listed import ListedWork
from dmlsync.sync.lock import Target
from dmlsync.sync.merge import values_of
from dmlsync.sync.sides import Sides

_EXTRA = "extra"
# How a member came by an item: of no use on another one.
_NOT_SHARED = ("accessDate", "libraryCatalog")


def plan_merges(
    works: Iterable[ListedWork], target: Target, snapshot: Snapshot, library_name: str, sides: Sides
) -> Plan:
    """What it takes to make one item of all that each of these works has.

    First every item that stays is completed, then what hangs on the others is moved, then these go to the trash; each
    step waits until the one before has succeeded.
    """
    owners = {binding.item_key: key for key, binding in target.bindings.items()}
    finder = Finder(snapshot, library_name, owners)
    completed, moved, trashed = list[Action](), list[Action](), list[Action]()
    for work in works:
        binding = target.bindings.get(work.citation_key)
        found = finder.find(work.citation_key, work.record, work.identifiers, binding.item_key if binding else "")
        if found.item is None or found.item.trashed:
            continue
        others = finder.others(work.citation_key, work.record, work.identifiers, found.key)
        if not others:
            continue
        completed.append(_completed(work.citation_key, found.item, others, sides))
        children = _moved(work.citation_key, found.item, others, snapshot)
        moved += children
        trashed += [_trashed(work.citation_key, found.item, other, children) for other in others]
    return Plan((*completed, *moved, *trashed))


def _completed(citation_key: str, item: Item, others: Sequence[Item], sides: Sides) -> Action:
    """The item that stays, with all that the others know and it does not."""
    known = {**item.record.fields, **item.own}
    fields, creators = dict[str, str](), item.record.creators
    for other in others:
        for name, value in _fitting(other, item.record.item_type).items():
            if name == _EXTRA:
                fields[name] = _joined(fields.get(name, known.get(name, "")), value)
            elif not known.get(name):
                fields.setdefault(name, value)
        creators = creators or other.record.creators
    fields = {name: value for name, value in fields.items() if value != known.get(name, "")}
    if not item.citation_key:
        fields[CITATION_KEY] = next((other.citation_key for other in others if other.citation_key), citation_key)
    collections = item.collections.union(*(other.collections for other in others))
    tags = item.tags.union(*(other.tags for other in others))
    replaces = item.replaces.union(*({other.key, *other.replaces} for other in others)) - {item.key}
    change = ItemChange(
        item.key,
        item.version,
        fields=fields,
        creators=creators if creators != item.record.creators else None,
        collections=collections if collections != item.collections else None,
        tags=tags if tags != item.tags else None,
        replaces=replaces,
    )
    why = "from the other item"
    lines = [FieldChange(name, known.get(name, ""), value, why) for name, value in fields.items()]
    lines += [FieldChange("creators", "", shown(creators), why)] if change.creators else []
    lines += sides.member_changes("collections", item.collections, collections, why)
    lines += sides.member_changes("tags", item.tags, tags, why)
    lines += sides.member_changes("replaces", item.replaces, replaces, "it stands for them from now on")
    return Action("update", citation_key, item.key, item.record.title, tuple(lines), change, item)


def _fitting(other: Item, item_type: str) -> dict[str, str]:
    """The fields of another item under the names that they have on this type; what it has no field for stays there."""
    known, values = schema.fields_of(item_type), {**other.record.fields, **other.own}
    fitting = dict[str, str]()
    for name, value in values.items():
        own_name = name
        if name not in known and name != ARXIV:
            own_name = schema.field_for(item_type, schema.base_of(other.record.item_type, name)) or ""
        if own_name and name not in _NOT_SHARED:
            fitting.setdefault(own_name, value)
    return fitting


def _joined(extra: str, other: str) -> str:
    """Extra with the lines of another item's that it lacks."""
    lines = extra.split("\n") if extra else []
    return "\n".join([*lines, *(line for line in other.split("\n") if line not in lines)])


def _moved(citation_key: str, item: Item, others: Sequence[Item], snapshot: Snapshot) -> list[Action]:
    """What hangs on the other items; a mere link that the item has already stays with the item that it hangs on."""
    from_items = {other.key for other in others}
    children: list[Attachment | ItemNote] = [*snapshot.attachments.values(), *snapshot.notes.values()]
    links = {one.url for one in snapshot.attachments.values() if one.parent == item.key and one.url and not one.trashed}
    actions = []
    for child in sorted(children, key=lambda one: one.key):
        is_link = isinstance(child, Attachment) and child.is_link
        url = child.url if isinstance(child, Attachment) else ""
        if child.parent not in from_items or child.trashed or (is_link and url in links):
            continue
        links |= {url} if is_link else set()
        what = FieldChange(
            "child", "", url or ("note" if isinstance(child, ItemNote) else child.title), "it moves along"
        )
        change = MoveChange(child.key, child.version, item.key, child.parent)
        found = child if isinstance(child, Attachment) else None
        title = item.record.title
        actions.append(Action("move", citation_key, item.key, title, (what,), change, found, frozenset({item.key})))
    return actions


def _trashed(citation_key: str, item: Item, other: Item, children: Sequence[Action]) -> Action:
    ours, theirs = values_of(item.record), values_of(other.record)
    differ = sorted(name for name, value in theirs.items() if ours.get(name) and ours[name] != value)
    why = f"{item.key} stands for it" + (f"; other values there: {', '.join(differ)}" if differ else "")
    line = FieldChange("deleted", "", "1", why)
    change = ItemChange(other.key, other.version, trashed=True)
    moved = {
        child.change.key
        for child in children
        if isinstance(child.change, MoveChange) and child.change.before == other.key
    }
    needs = frozenset({item.key, *moved})
    return Action("trash", citation_key, other.key, other.record.title, (line,), change, other, needs)
