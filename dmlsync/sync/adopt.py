"""Adopting what lab members add to the collection by hand: the key under which library.bib gets such an item.

An item in the project's collection that no line names is no stranger: somebody wants it there. A pull gives it an entry
in library.bib and remembers it as adopted: on no list, and neither removed nor made a second time. Pure: no I/O.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dmlsync.bib.entry_types import Dialect
from dmlsync.bib.key_formula import Formula
from dmlsync.bib.keys import propose_key
from dmlsync.bib.normal import representable
from dmlsync.model import ITEM_TYPE, Identifiers, Record
from dmlsync.sources.base import Candidate
from dmlsync.sync.catalog import Catalog
from dmlsync.sync.find import carries_its_key, identifiers_of_item
from dmlsync.sync.known_works import KnownWorks
from dmlsync.sync.library import Item
from dmlsync.sync.listed import ListedWork
from dmlsync.sync.lock import Target, WorkState
from dmlsync.sync.merge import record_of

# What a citation key may hold, for BibTeX, biber and the command line alike.
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._+/-]{0,79}")


@dataclass(frozen=True, slots=True)
class Newcomers:
    """What names the items that members added: the records of library.bib, and the keys that nothing new may get.

    `taken` holds keys in lower case. With `adopt`, a plan takes newcomers in; otherwise it only tells of them. New keys
    are made by `formula`.
    """

    records: Mapping[str, Record] = field(default_factory=dict)
    identifiers: Mapping[str, Identifiers] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()
    dialect: Dialect = "biblatex"
    adopt: bool = False
    formula: Formula | None = None


class Adopter:
    """Gives citation keys to newcomers, each another."""

    def __init__(self, newcomers: Newcomers, items: Iterable[Item]) -> None:
        """`items` are all of the library: a key that one of them carries is not given to another."""
        self._newcomers = newcomers
        self._taken = set(newcomers.taken)
        self._carried = Counter(item.citation_key.lower() for item in items)

    @cached_property
    def _known(self) -> KnownWorks:
        return KnownWorks(self._newcomers.records, self._newcomers.identifiers)

    def key_of(self, item: Item) -> str:
        """The key of the record in library.bib that the item is, `""` where there is none."""
        record = representable(item.record, self._newcomers.dialect)
        if known := self._known.key_with(record, identifiers_of_item(item)):
            return known
        wanted = item.citation_key.casefold()
        named = next((key for key in self._newcomers.records if wanted and key.casefold() == wanted), "")
        if named:
            ours = self._newcomers.records[named]
            if carries_its_key(named, Candidate("", ours, ours.identifiers), item):
                return named
        return ""

    def new_key(self, item: Item) -> str:
        """The item's own key where it is free and fit for BibTeX, else a proposed one."""
        key = item.citation_key
        if not _KEY.fullmatch(key) or key.lower() in self._taken or self._carried[key.lower()] > 1:
            record = representable(item.record, self._newcomers.dialect)
            key = propose_key(record, self._taken | self._carried.keys(), self._newcomers.formula)
        self._taken.add(key.lower())
        return key


def newcomers_for(catalog: Catalog, dialect: Dialect, *, adopt: bool, formula: Formula | None = None) -> Newcomers:
    """What a plan needs to know of a catalog to take newcomers in."""
    identifiers = {key: work.identifiers for key, work in catalog.works.items()}
    return Newcomers(catalog.records, identifiers, catalog.taken, dialect, adopt, formula)


def adopted_works(catalog: Catalog, target: Target) -> tuple[ListedWork, ...]:
    """The works that were adopted before and that no line names by now."""
    found = []
    for key, binding in target.bindings.items():
        if not binding.adopted or key in catalog.listed_keys:
            continue
        base = binding.record_values
        record = catalog.records.get(key) or (record_of(base) if ITEM_TYPE in base else None)
        if record:
            identifiers = record.identifiers.filled_from(catalog.works.get(key, WorkState()).identifiers)
            renamed = catalog.renamed.get(key, "")
            found.append(ListedWork(key, record, identifiers, renamed=renamed, adopted=True))
    return tuple(found)
