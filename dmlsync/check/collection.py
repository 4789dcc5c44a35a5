"""The project's collection in Zotero, as it was last read. Pure; asks nobody.

Problems of an item that a list names are told at its line there, others at its entry in library.bib, and what is in
neither at the configuration, which names the collection.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from dmlsync.check.rule import Checked, Finding, rule
from dmlsync.sync.find import Finder
from dmlsync.sync.library import Item, Snapshot


class _Place(NamedTuple):
    file: Path
    line: int


@rule("duplicate-item", "warning", "Several items of the library are one work")
def duplicate_items(checked: Checked) -> Iterator[Finding]:
    """Items that carry a work's identifiers besides the one that the lock names; `dmlsync merge` unites them."""
    for key, others in _copies(checked).items():
        bound = checked.target.bindings[key].item_key
        if checked.snapshot and _is_living(checked.snapshot, bound):
            items = ", ".join(item.key for item in others)
            yield _at(checked, key, f"{key}: {items} in Zotero is the same work as {bound}")


@rule("same-citation-key", "error", "Several items of the library have one citation key")
def same_citation_key(checked: Checked) -> Iterator[Finding]:
    """Keys that two items share: `\\cite` cannot mean both."""
    by_key: Mapping[str, list[Item]] = defaultdict(list)
    for item in _items(checked):
        if item.citation_key:
            by_key[item.citation_key.casefold()].append(item)
    for same in by_key.values():
        if len(same) > 1 and any(item.collections & checked.collections for item in same):
            items = ", ".join(sorted(item.key for item in same))
            key = same[0].citation_key
            yield _at(checked, key, f"{key}: {len(same)} items in Zotero have this citation key: {items}")


@rule("item-without-link", "info", "An item of the collection has lost a link that the project gave it")
def item_without_link(checked: Checked) -> Iterator[Finding]:
    """Links that both sides had and that are gone from Zotero, or lie in its trash; they are not brought back."""
    if checked.snapshot is None:
        return
    living: Mapping[str, set[str]] = defaultdict(set)
    for attachment in checked.snapshot.attachments.values():
        if not attachment.trashed:
            living[attachment.parent].add(attachment.url)
    for key, binding in checked.target.bindings.items():
        if binding.unlisted or not _is_living(checked.snapshot, binding.item_key):
            continue
        for url in sorted(binding.links - living[binding.item_key]):
            yield _at(checked, key, f"{key}: {url} is no longer attached to {binding.item_key} in Zotero")


@rule("trashed-item", "warning", "A work of a list lies in Zotero's trash")
def trashed_items(checked: Checked) -> Iterator[Finding]:
    """Works that somebody threw out of the library while a list still names them."""
    if checked.snapshot is None:
        return
    for key in dict.fromkeys(named.citation_key for named in checked.entries):
        binding = checked.target.bindings.get(key)
        item = checked.snapshot.items.get(binding.item_key) if binding else None
        if binding and item and item.trashed and not any(item.key in one.replaces for one in _items(checked)):
            yield _at(checked, key, f"{key}: its item {item.key} lies in Zotero's trash")


@rule("item-on-no-list", "info", "An item of the collection is on no list")
def items_on_no_list(checked: Checked) -> Iterator[Finding]:
    """Items that members put into the collection and `dmlsync pull` has not adopted yet, duplicates aside.

    One without a title is not adopted: nobody could tell what it is.
    """
    bound = {one.item_key for one in checked.target.bindings.values()}
    bound |= {item.key for others in _copies(checked).values() for item in others}
    for item in _items(checked):
        if item.collections & checked.collections and item.key not in bound:
            title = item.record.title or "an item without a title"
            remedy = "`dmlsync pull` adopts it" if item.record.title else "give it one in Zotero"
            yield _at(checked, item.citation_key, f"{title} ({item.key} in Zotero) is on no list: {remedy}")


def _copies(checked: Checked) -> dict[str, tuple[Item, ...]]:
    """The living items of each work besides the one that the lock names."""
    if checked.snapshot is None:
        return {}
    bindings = checked.target.bindings
    finder = Finder(checked.snapshot, "", {one.item_key: key for key, one in bindings.items()})
    found = {
        key: finder.others(key, record, checked.identifiers(key), bindings[key].item_key)
        for key, record in checked.records.items()
        if key in bindings
    }
    return {key: others for key, others in found.items() if others}


def _items(checked: Checked) -> Iterator[Item]:
    """The living items of the library."""
    if checked.snapshot is not None:
        yield from (item for item in checked.snapshot.items.values() if not item.trashed)


def _is_living(snapshot: Snapshot, item_key: str) -> bool:
    item = snapshot.items.get(item_key)
    return item is not None and not item.trashed


def _at(checked: Checked, key: str, message: str) -> Finding:
    return Finding(*_place(checked, key), message)


def _place(checked: Checked, key: str) -> _Place:
    """The line that stands for a work: of a list, else of library.bib, else of the configuration."""
    for named in checked.entries:
        if key and named.citation_key == key:
            return _Place(named.list.path, named.entry.line)
    entry = checked.document.get(key) if key else None
    return _Place(checked.bib, entry.line) if entry else _Place(checked.config, 1)
