"""When to stop instead of carrying out what looks like an accident.

A list that lost a good part of its lines, or a collection that suddenly is empty, is more often a mistake than a wish
(vdirsyncer and Zotero's users lost libraries that way). Pure: no I/O.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from dmlsync.errors import GuardError
from dmlsync.sync.actions import Plan
from dmlsync.sync.library import Snapshot
from dmlsync.sync.lock import Target, WorkState
from dmlsync.sync.place import Path

# Taking out a line or two is daily work even in a short list.
_FEW = 2
_REMEDY = "if that is meant, run the command again with --allow-shrink"


def check_removal(plan: Plan, works: Mapping[str, WorkState]) -> None:
    """Stop where a list has lost more than a quarter of the works that it named. Raises GuardError.

    `works` are those of the lock, with the lines that named them; a work that another list still names is not lost.
    """
    before = Counter(name for work in works.values() for name in {line.list_name for line in work.entries})
    gone = [works[key] for key in plan.removed if key in works]
    lost = Counter(name for work in gone for name in {line.list_name for line in work.entries})
    for name, number in lost.items():
        if number > _FEW and number * 4 > before[name]:
            raise GuardError(f"the list {name} shrank from {before[name]} works to {before[name] - number}", _REMEDY)


def check_library(target: Target, snapshot: Snapshot, home: Path) -> None:
    """Stop where the project's collection is gone, or none of its items is left in it. Raises GuardError."""
    bound = [binding for binding in target.bindings.values() if binding.collections and not binding.unlisted]
    if len(bound) <= _FEW:
        return
    collection = snapshot.collections.get(target.collections.get(home, ""))
    if collection is None or collection.trashed:
        what = "is in Zotero's trash" if collection else "was deleted in Zotero"
        raise GuardError(
            f"the collection {' / '.join(home)} {what}", _REMEDY.replace("that is meant", "it is to be new")
        )
    for binding in bound:
        item = snapshot.items.get(binding.item_key)
        if item and not item.trashed and item.collections & binding.collections:
            return
    raise GuardError(f"none of the {len(bound)} items of the last run is left in the Zotero collection", _REMEDY)
