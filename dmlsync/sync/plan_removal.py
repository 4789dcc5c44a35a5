"""The part of a plan that is about works which left every list. Pure: no I/O."""

from __future__ import annotations

from dmlsync.sync.actions import Action, FieldChange, Note
from dmlsync.sync.library import Item, ItemChange
from dmlsync.sync.listed import Policy
from dmlsync.sync.lock import Binding
from dmlsync.sync.sides import Sides

_WHY = "no list names it any more"


def removal(
    citation_key: str, item: Item, binding: Binding, policy: Policy, sides: Sides
) -> tuple[Action | None, Note | None]:
    """What happens to the item of a work that left every list: taken out, trashed or kept, as the settings say."""
    title = item.record.title
    if item.trashed:
        return None, None
    if policy.on_removed == "keep":
        return None, Note("unlisted", citation_key, item.key, title)
    if policy.on_removed == "trash":
        line = FieldChange("deleted", "", "1", _WHY)
        change = ItemChange(item.key, item.version, trashed=True)
        return Action("trash", citation_key, item.key, title, (line,), change, item), None
    after = item.collections - binding.collections - set(sides.places.keys.values())
    if after == item.collections:
        return None, None
    lines = tuple(sides.member_changes("collections", item.collections, after, _WHY))
    change = ItemChange(item.key, item.version, collections=after)
    return Action("uncollect", citation_key, item.key, title, lines, change, item), None
