"""The kinds of objects that are written by the same rules: items, collections and saved searches."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

from dmlsync.sandbox import collections as collection_rows
from dmlsync.sandbox import item_rows, items, searches
from dmlsync.sandbox.libraries import Library
from dmlsync.sandbox.state import Collection, Item, Search
from dmlsync.sandbox.views import View

T = TypeVar("T", Item, Collection, Search)


class Kind(Protocol[T]):
    """What differs between the kinds of objects."""

    noun: str
    plural: str
    absent: str

    def find(self, db: sqlite3.Connection, library: Library, key: str) -> T | None:
        """The stored object."""

    def revised(
        self, db: sqlite3.Connection, library: Library, data: Mapping[str, Any], old: T | None, key: str, partial: bool
    ) -> tuple[T, bool]:
        """The object after a write, and whether it changed."""

    def store(self, db: sqlite3.Connection, library: Library, new: T, old: T | None) -> None:
        """Writes the object."""

    def delete(self, db: sqlite3.Connection, library: Library, keys: Sequence[str], version: int) -> None:
        """Deletes objects for good."""

    def shown(self, view: View, thing: T) -> dict[str, Any]:
        """The object as the API shows it."""


class ItemKind:
    """Items."""

    noun = "item"
    plural = "items"
    absent = "Item does not exist"

    def find(self, db: sqlite3.Connection, library: Library, key: str) -> Item | None:
        """The stored item."""
        return item_rows.find_item(db, library, key)

    def revised(
        self,
        db: sqlite3.Connection,
        library: Library,
        data: Mapping[str, Any],
        old: Item | None,
        key: str,
        partial: bool,
    ) -> tuple[Item, bool]:
        """The item after a write, and whether it changed."""
        around = items.Surroundings(
            library,
            lambda other: item_rows.item_type(db, library, other),
            lambda collection: collection_rows.has_collection(db, library, collection),
        )
        return items.revised(data, old, key, around, partial=partial)

    def store(self, db: sqlite3.Connection, library: Library, new: Item, old: Item | None) -> None:
        """Writes the item and the reverse of its relations."""
        item_rows.store_item(db, library, new, old)

    def delete(self, db: sqlite3.Connection, library: Library, keys: Sequence[str], version: int) -> None:
        """Deletes items with their children."""
        item_rows.delete_items(db, library, keys, version)

    def shown(self, view: View, thing: Item) -> dict[str, Any]:
        """The item's envelope."""
        return view.items([thing])[0]


class CollectionKind:
    """Collections."""

    noun = "collection"
    plural = "collections"
    absent = "Collection not found"

    def find(self, db: sqlite3.Connection, library: Library, key: str) -> Collection | None:
        """The stored collection."""
        return collection_rows.find_collection(db, library, key)

    def revised(
        self,
        db: sqlite3.Connection,
        library: Library,
        data: Mapping[str, Any],
        old: Collection | None,
        key: str,
        partial: bool,
    ) -> tuple[Collection, bool]:
        """The collection after a write, and whether it changed."""
        return collection_rows.revised(db, library, data, old, key, partial=partial)

    def store(self, db: sqlite3.Connection, library: Library, new: Collection, old: Collection | None) -> None:
        """Writes the collection."""
        collection_rows.store_collection(db, library, new, old)

    def delete(self, db: sqlite3.Connection, library: Library, keys: Sequence[str], version: int) -> None:
        """Deletes collections with all within them."""
        collection_rows.delete_collections(db, library, keys, version)

    def shown(self, view: View, thing: Collection) -> dict[str, Any]:
        """The collection's envelope."""
        return view.collections([thing])[0]


class SearchKind:
    """Saved searches."""

    noun = "search"
    plural = "searches"
    absent = "Search not found"

    def find(self, db: sqlite3.Connection, library: Library, key: str) -> Search | None:
        """The stored search."""
        return searches.find_search(db, library, key)

    def revised(
        self,
        db: sqlite3.Connection,
        library: Library,
        data: Mapping[str, Any],
        old: Search | None,
        key: str,
        partial: bool,
    ) -> tuple[Search, bool]:
        """The search after a write, and whether it changed."""
        return searches.revised(data, old, key, partial=partial)

    def store(self, db: sqlite3.Connection, library: Library, new: Search, old: Search | None) -> None:
        """Writes the search."""
        searches.store_search(db, library, new, old)

    def delete(self, db: sqlite3.Connection, library: Library, keys: Sequence[str], version: int) -> None:
        """Deletes searches."""
        searches.delete_searches(db, library, keys, version)

    def shown(self, view: View, thing: Search) -> dict[str, Any]:
        """The search's envelope."""
        return view.searches([thing])[0]


ITEMS = ItemKind()
COLLECTIONS = CollectionKind()
SEARCHES = SearchKind()
