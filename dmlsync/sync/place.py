"""Where items lie: the project's collection, its subcollections for sections, and the keys of new ones.

Pure: no I/O.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from dmlsync.sync.item_keys import identity_of_collection, keys_for
from dmlsync.sync.library import Collection, CollectionChange

Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """The key of each collection by its path, and the changes that make those that are missing, parents first."""

    keys: Mapping[Path, str]
    changes: tuple[CollectionChange, ...] = ()


def place(
    paths: Iterable[Path], bound: Mapping[Path, str], collections: Mapping[str, Collection], library_name: str
) -> Places:
    """Find or invent the collections with these paths and all that they lie in.

    A collection that the lock names is followed wherever a member moved it and however it is called now; otherwise
    the one with that name at that place is taken, otherwise a new one is made.
    """
    living = {key: one for key, one in collections.items() if not one.trashed}
    by_name = {
        (one.parent, one.name): one.key for one in sorted(living.values(), key=lambda one: one.key, reverse=True)
    }
    keys: dict[Path, str] = {}
    changes: list[CollectionChange] = []
    wanted = {path[:depth] for path in paths for depth in range(1, len(path) + 1)}
    for path in sorted(wanted, key=lambda path: (len(path), path)):
        parent = keys[path[:-1]] if len(path) > 1 else ""
        known = bound.get(path, "")
        key = known if known in living else by_name.get((parent, path[-1]), "")
        if not key:
            key = next(one for one in keys_for(library_name, identity_of_collection(path)) if one not in collections)
            changes.append(CollectionChange(key, 0, path[-1], parent))
        keys[path] = key
    return Places(keys, tuple(changes))
