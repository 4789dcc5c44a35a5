"""Reading what changed on the server: from the contents of a mirror to the update that makes them whole again.

Why it is more than asking for `since=`: pages can shift while they are read; an item in the trash is in no list unless
asked for; subcollections of a deleted collection are named nowhere; and when a collection goes, the membership of its
items goes without any version moving. So the changes are read by pages, and then one listing of all keys and versions,
which is made at one moment, says what is truly there: what the pages missed is fetched, what it lacks is gone. The mark
moves to that listing's version and no further.
"""

from __future__ import annotations

from collections.abc import Iterator

from dmlsync.zotero.items import data_in, is_trashed, key_in
from dmlsync.zotero.mirror import Contents, Row, Rows, Update
from dmlsync.zotero.rows import collection_rows, envelope_of, item_rows, without_collections
from dmlsync.zotero.wire import PAGE, Answer, Wire, chunks


class OlderServerError(Exception):
    """The server's library is at a version before the one remembered: it is another library, or an older state."""


def update_since(wire: Wire, contents: Contents) -> Update:
    """What changed since the contents were read, in one request if nothing did.

    Raises `OlderServerError` where the contents cannot come from this server's library.
    """
    mark = contents.version
    first = wire.items(mark, 0)
    if mark is not None and first.version < mark:
        raise OlderServerError
    if mark is not None and first.version == mark and not first.objects():
        return Update(mark)
    read = {row.key: row for answer in _pages(wire, mark, first) for row in item_rows(answer.objects())}
    listing = wire.item_versions()
    versions = listing.versions()
    known = {**contents.items, **read}
    read |= {row.key: row for row in _missed(wire, known, versions)}
    collections, new_collections = _collections(wire, contents.collections)
    gone_collections = frozenset(contents.collections.keys() - collections.keys())
    items = {key: row for key, row in {**known, **read}.items() if key in versions}
    items = _without_lost_members(wire, contents, new_collections, gone_collections, items)
    changed = tuple(row for key, row in items.items() if contents.items.get(key) is not row)
    gone_items = frozenset(contents.items.keys() - items.keys())
    return Update(listing.version, changed + new_collections, {"items": gone_items, "collections": gone_collections})


def _pages(wire: Wire, mark: int | None, first: Answer) -> Iterator[Answer]:
    """All pages of the changed items, as far as they can be had; what slips between two of them is found later."""
    answer, start = first, 0
    seen: set[str] = set()
    while True:
        yield answer
        keys = {key_in(envelope) for envelope in answer.objects()}
        start += len(answer.objects())
        exhausted = start >= answer.total if answer.total is not None else len(answer.objects()) < PAGE
        if exhausted or keys <= seen:
            return
        seen |= keys
        answer = wire.items(mark, start)


def _missed(wire: Wire, known: Rows, versions: dict[str, int]) -> Iterator[Row]:
    """The items whose version in the listing is not the one known."""
    missed = [key for key, version in versions.items() if key not in known or known[key].version != version]
    for keys in chunks(missed):
        yield from item_rows(wire.items_by_key(keys).objects())


def _collections(wire: Wire, known: Rows) -> tuple[dict[str, int], tuple[Row, ...]]:
    """The versions of all collections, and the rows of those that are new or changed."""
    versions = wire.collection_versions().versions()
    changed = [key for key, version in versions.items() if key not in known or known[key].version != version]
    rows = [row for keys in chunks(changed) for row in collection_rows(wire.collections_by_key(keys).objects())]
    return versions, tuple(rows)


def _without_lost_members(
    wire: Wire, contents: Contents, changed: tuple[Row, ...], gone: frozenset[str], items: Rows
) -> dict[str, Row]:
    """The items without memberships that ended while no version moved: their collection was deleted.

    A collection that was there before and has a new version may have been deleted and made again under the same key,
    which no list tells. So its members are asked for; those of items in the trash are not told, and stay.
    """
    left = {key: without_collections(row, gone) if gone else row for key, row in items.items()}
    for collection in changed:
        if collection.key not in contents.collections:
            continue
        answer = wire.members(collection.key)
        if answer is None:
            continue
        members = answer.versions()
        ended = frozenset({collection.key})
        for key, row in left.items():
            if key not in members and collection.key in row.body and not _is_trashed(row):
                left[key] = without_collections(row, ended)
    return left


def _is_trashed(row: Row) -> bool:
    return is_trashed(data_in(envelope_of(row)))
