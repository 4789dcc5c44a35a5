"""Finding the item of a work in a library that people use.

The Web API cannot search for a DOI, and titles are no identity; so the snapshot is indexed once and asked in the order
of certainty: the item that the lock names, DOI, arXiv id, citation key. An arXiv id or a key alone is believed only
where title or authors agree: a conference paper and its journal version share the one, two people's papers the other.
What carries the key and is another paper stops the work: two items under one key would be worse.

Pure: no I/O.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from dmlsync.bib.normal import representable
from dmlsync.model import Identifiers, Record
from dmlsync.resolve.match import author_families, same_work
from dmlsync.sources.base import Candidate
from dmlsync.sync.item_keys import identity_of_work, keys_for
from dmlsync.sync.library import Item, Snapshot
from dmlsync.text.identifiers import arxiv_in
from dmlsync.text.names import agree
from dmlsync.text.titles import fold, relation

# How many keys in sequence are looked at; a key is someone else's by chance once in 10^12 / items.
_ATTEMPTS = 8
_SAME_TITLE = ("equal", "near", "slip", "part", "similar")


@dataclass(frozen=True, slots=True)
class Found:
    """Where a work is in the library.

    `item` is None where it has none yet; `key` is then the one to create it under. `others` are further items of the
    same work: duplicates that were there before. `strangers` are items of other works that carry its citation key,
    `alike` items without a common identifier that have the work's title, authors and year: a person has to say.
    """

    key: str
    item: Item | None = None
    others: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()

    @property
    def in_trash(self) -> bool:
        """Whether the work's item lies in the trash."""
        return self.item is not None and self.item.trashed


class Finder:
    """An index of a snapshot's items by everything that names a work.

    An item belongs to one work: `bound` gives the citation key of the work that the lock has for an item, and an item
    that was found for one work is not offered to another.
    """

    def __init__(self, snapshot: Snapshot, library_name: str, bound: Mapping[str, str]) -> None:
        self._items = snapshot.items
        self._taken = {*snapshot.items, *snapshot.attachments}
        self._library_name = library_name
        self._owner = dict(bound)

    @cached_property
    def _by_name(self) -> Mapping[str, list[Item]]:
        """The items by what names them; like the other indexes made only when a work is not where the lock says."""
        found: dict[str, list[Item]] = defaultdict(list)
        for item in self._items.values():
            for name in _names(item.citation_key, identifiers_of_item(item)):
                found[name].append(item)
        return found

    @cached_property
    def _by_title(self) -> Mapping[str, list[Item]]:
        found: dict[str, list[Item]] = defaultdict(list)
        for item in self._items.values():
            found[fold(item.record.title)].append(item)
        return found

    @cached_property
    def _heir(self) -> Mapping[str, str]:
        """Which item Zotero's own merge put in the place of another."""
        return {replaced: item.key for item in self._items.values() for replaced in item.replaces}

    def find(self, citation_key: str, record: Record, identifiers: Identifiers, bound_key: str) -> Found:
        """The item of a work; `bound_key` is the one that the lock names, `""` where it names none."""
        if item := self.bound(citation_key, bound_key):
            return Found(item.key, item)
        ours = Candidate("", record, identifiers, preprint=record.item_type == "preprint")
        named, same = self._named(citation_key, ours)
        same.sort(key=lambda item: item.trashed)  # a living item before one in the trash
        if same:
            self._owner[same[0].key] = citation_key
            return Found(same[0].key, same[0], tuple(item.key for item in same[1:] if not item.trashed))
        strangers = [item for item in named.values() if item.citation_key.casefold() == citation_key.casefold()]
        living = [item for item in self._by_title.get(fold(record.title), []) if not item.trashed]
        alike = [item for item in living if self._owner.get(item.key) is None and _is_same(ours, item)]
        return Found(
            self._drawn(identity_of_work(identifiers, citation_key, record.title)),
            strangers=tuple(item.key for item in strangers if not item.trashed),
            alike=tuple(item.key for item in alike),
        )

    def others(self, citation_key: str, record: Record, identifiers: Identifiers, item_key: str) -> tuple[Item, ...]:
        """The living items of a work besides the one of that key, in the order of their keys."""
        ours = Candidate("", record, identifiers, preprint=record.item_type == "preprint")
        _, same = self._named(citation_key, ours)
        others = [item for item in same if item.key != item_key and not item.trashed]
        return tuple(sorted(others, key=lambda item: item.key))

    def _named(self, citation_key: str, ours: Candidate) -> tuple[dict[str, Item], list[Item]]:
        """The items that share a name with a work, and those of them that are the work and no other's."""
        names = _names(citation_key, ours.identifiers)
        named = {item.key: item for name in names for item in self._by_name.get(name, [])}
        free = [item for item in named.values() if self._owner.get(item.key, citation_key) == citation_key]
        return named, [item for item in free if _is_same(ours, item) or carries_its_key(citation_key, ours, item)]

    def owner_of(self, item_key: str) -> str:
        """The citation key of the work that an item was found for, or that the lock has for it; else `""`."""
        return self._owner.get(item_key, "")

    def merged_into(self, citation_key: str, item_key: str) -> str:
        """The citation key of another work, where the lock's item of this one was merged into that one's; else `""`."""
        item = self._heir_of(item_key)
        owner = self._owner.get(item.key, "") if item and item.key != item_key else ""
        return "" if owner == citation_key else owner

    def bound(self, citation_key: str, item_key: str) -> Item | None:
        """The item that the lock names for a work, or the one that took its place."""
        item = self._heir_of(item_key)
        if item:
            self._owner[item.key] = citation_key
        return item

    def _heir_of(self, key: str) -> Item | None:
        """The item that the lock names; the one it was merged into, where Zotero's own merge replaced it."""
        seen: set[str] = set()
        while key and key not in seen:
            seen.add(key)
            item = self._items.get(key)
            if item and not item.trashed:
                return item
            heir = self._heir.get(key, "")
            if item and not heir:
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


def carries_its_key(citation_key: str, ours: Candidate, item: Item) -> bool:
    """Whether an item that carries the work's citation key is that work, with a DOI, type or title that was edited."""
    if item.citation_key.casefold() != citation_key.casefold():
        return False
    if relation(ours.record.title, item.record.title) in (*_SAME_TITLE, "kin"):
        return agree(author_families(ours.record), author_families(item.record)).level != "none"
    same_people = agree(author_families(ours.record), author_families(item.record)).level == "all"
    return same_people and ours.record.year is not None and ours.record.year == item.record.year


def _is_same(ours: Candidate, item: Item) -> bool:
    """Whether an item that shares a name with a work is that work: one DOI, one arXiv id and title, or all else."""
    record = representable(item.record)  # an article in the "journal" arXiv is a preprint, whoever imported it
    theirs = identifiers_of_item(item)
    if ours.identifiers.doi and ours.identifiers.doi.casefold() == theirs.doi:
        return True
    is_preprint = record.item_type == "preprint"
    dois_differ = bool(ours.identifiers.doi and theirs.doi) and not is_preprint
    if ours.identifiers.arxiv and ours.identifiers.arxiv.casefold() == theirs.arxiv and not dois_differ:
        one_kind = ours.preprint or is_preprint or ours.record.item_type == record.item_type
        return one_kind and relation(ours.record.title, record.title) in _SAME_TITLE
    return same_work(ours, Candidate("", record, theirs, preprint=is_preprint))


def identifiers_of_item(item: Item) -> Identifiers:
    """The identifiers of an item, an arXiv id in its address among them."""
    return item.record.identifiers.filled_from(Identifiers(arxiv=arxiv_in(item.record.get("url"))))


def _names(citation_key: str, identifiers: Identifiers) -> tuple[str, ...]:
    return (*identifiers.names, *([f"key:{citation_key.casefold()}"] if citation_key else []))
