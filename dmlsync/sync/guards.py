"""When to stop instead of carrying out what looks like an accident.

A list that lost a good part of its lines, or a collection that suddenly is empty, is more often a mistake than a wish
(vdirsyncer and Zotero's users lost libraries that way). Pure: no I/O.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dmlsync.errors import GuardError
from dmlsync.model import Entry
from dmlsync.sync.library import Snapshot
from dmlsync.sync.lock import Lock, Target

# Taking out a line or two is daily work even in a short list.
_FEW = 2
_REMEDY = "if that is meant, run the command again with --allow-shrink"


def check_lists(entries: Sequence[Entry], lock: Lock) -> None:
    """Stop where a list has lost more than a quarter of the entries that the lock knows. Raises GuardError."""
    before = Counter(printed.list_name for work in lock.works.values() for printed in work.entries)
    after = Counter(entry.list_name for entry in entries)
    for list_name, known in before.items():
        left = after.get(list_name, 0)
        lost = known - left
        if lost > _FEW and lost * 4 > known:
            raise GuardError(f"the list {list_name} shrank from {known} entries to {left}", _REMEDY)


def check_library(target: Target, snapshot: Snapshot) -> None:
    """Stop where none of the items that the lock knows is left in its collection. Raises GuardError."""
    bound = [binding for binding in target.bindings.values() if binding.collections]
    if len(bound) <= _FEW:
        return
    for binding in bound:
        item = snapshot.items.get(binding.item_key)
        if item and not item.trashed and item.collections & binding.collections:
            return
    raise GuardError(f"none of the {len(bound)} items of the last run is left in the Zotero collection", _REMEDY)
