"""Finding the item of a work in a library that people use.

The Web API cannot search for a DOI, and titles are no identity; so the snapshot is indexed once and asked in the order
of certainty: the item that the lock names, the key that the tool would draw, citation key, DOI, arXiv id.

Pure: no I/O.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from dmlsync.model import Identifiers, Record
from dmlsync.sync.item_keys import identity_of_work, keys_for
from dmlsync.sync.library import Item, Snapshot

# How many keys in sequence are looked at; a key is someone else's by chance once in 10^12 / items.
_ATTEMPTS = 8

# The prefix of the DOIs that arXiv gives to preprints: they never stand against a publisher's DOI.
_ARXIV = "10.48550/arxiv."


@dataclass(frozen=True, slots=True)
class Found:
    """Where a work is in the library.

    `item` is None where it has none yet; `key` is then the one to create it under. `others` are further items that
    carry the same identifier: duplicates that were there before.
    """

    key: str
    item: Item | None = None
    others: tuple[str, ...] = ()


class Finder:
    """An index of a snapshot's items by everything that names a work."""

    def __init__(self, snapshot: Snapshot, library_name: str) -> None:
        self._items = snapshot.items
        self._taken = {*snapshot.items, *snapshot.attachments}
        self._library_name = library_name
        self._by_name: dict[str, list[Item]] = defaultdict(list)
        self._heir: dict[str, str] = {}
        for item in snapshot.items.values():
            for name in _names(item.citation_key, identifiers_in(item.record)):
                self._by_name[name].append(item)
            for replaced in item.replaces:
                self._heir[replaced] = item.key

    def find(self, citation_key: str, identifiers: Identifiers, bound_key: str) -> Found:
        """The item of a work; `bound_key` is the one that the lock names, `""` where it names none."""
        if item := self._bound(bound_key):
            return Found(item.key, item)
        named = [
            item
            for name in _names(citation_key, identifiers)
            for item in self._by_name.get(name, [])
            if not _contradicts(item, identifiers)
        ]
        living = sorted({item.key for item in named if not item.trashed})
        if living:
            first = self._items[next(item.key for item in named if not item.trashed)]
            return Found(first.key, first, tuple(key for key in living if key != first.key))
        drawn = self._drawn(identity_of_work(identifiers, citation_key))
        trashed = named[0] if named else None
        return Found(trashed.key, trashed) if trashed else Found(drawn)

    def _bound(self, key: str) -> Item | None:
        """The item that the lock names; the one it was merged into, where Zotero's own merge replaced it."""
        seen: set[str] = set()
        while key and key not in seen:
            seen.add(key)
            item = self._items.get(key)
            heir = self._heir.get(key, "")
            if item and not (item.trashed and heir):
                return item
            key = heir
        return None

    def _drawn(self, identity: str) -> str:
        """The first key of the work's own sequence that nothing in the library has."""
        for key in islice(keys_for(self._library_name, identity), _ATTEMPTS):
            if key not in self._taken:
                self._taken.add(key)
                return key
        raise AssertionError("eight random keys in a row are taken")


def identifiers_in(record: Record) -> Identifiers:
    """The DOI and the arXiv id that a record carries, as they are compared."""
    arxiv = record.get("arXiv")
    if not arxiv and record.get("repository").casefold() == "arxiv":
        arxiv = record.get("archiveID").casefold().removeprefix("arxiv:").strip()
    return Identifiers(doi=record.get("DOI").casefold(), arxiv=arxiv)


def _contradicts(item: Item, identifiers: Identifiers) -> bool:
    """Two different publisher's DOIs are two works, such as a conference paper and its extended journal version."""
    theirs, ours = item.record.get("DOI").casefold(), identifiers.doi.casefold()
    return bool(theirs and ours and theirs != ours and not any(doi.startswith(_ARXIV) for doi in (theirs, ours)))


def _names(citation_key: str, identifiers: Identifiers) -> Iterator[str]:
    if citation_key:
        yield f"key:{citation_key.casefold()}"
    if identifiers.doi:
        yield f"doi:{identifiers.doi.casefold()}"
    if identifiers.arxiv:
        yield f"arxiv:{identifiers.arxiv.casefold()}"


def by_parent(snapshot: Snapshot) -> Mapping[str, tuple[str, ...]]:
    """The keys of the attachments of each item, in the order of their keys."""
    children: dict[str, list[str]] = defaultdict(list)
    for attachment in snapshot.attachments.values():
        children[attachment.parent].append(attachment.key)
    return {parent: tuple(sorted(keys)) for parent, keys in children.items()}
