"""Objects of the library between three forms: the server's envelope, the mirror's row, the port's value."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from dmlsync.sync.library import Attachment, Collection, Item, ItemNote, Snapshot
from dmlsync.zotero.items import (
    ITEM_TYPE,
    Json,
    attachment_of,
    collection_of,
    data_in,
    item_of,
    key_in,
    kind_of,
    note_of,
    version_in,
)
from dmlsync.zotero.mirror import Contents, Row, Rows

_META = ("parsedDate", "lastModifiedByUser", "createdByUser")
_OTHER = (ITEM_TYPE, "parentItem", "deleted")
_Value = TypeVar("_Value")


def item_rows(envelopes: Iterable[Json]) -> tuple[Row, ...]:
    """The rows of items, attachments and others; envelopes without a proper key are passed over."""
    return tuple(_row(envelope, kind_of(envelope)) for envelope in envelopes if key_in(envelope))


def collection_rows(envelopes: Iterable[Json]) -> tuple[Row, ...]:
    """The rows of collections."""
    return tuple(_row(envelope, "collection") for envelope in envelopes if key_in(envelope))


def envelope_of(row: Row) -> Json:
    """The envelope that a row keeps."""
    return {**json.loads(row.body), "key": row.key, "version": row.version}


def without_collections(row: Row, keys: frozenset[str]) -> Row:
    """The item without its membership in these collections; the row itself where it has none."""
    if not any(f'"{key}"' in row.body for key in keys):
        return row
    envelope = envelope_of(row)
    data = data_in(envelope)
    members = data.get("collections")
    if not isinstance(members, list) or keys.isdisjoint(members):
        return row
    kept = {**data, "collections": [key for key in members if key not in keys]}
    return _row({**envelope, "data": kept}, row.kind)


def _row(envelope: Json, kind: str) -> Row:
    """What is worth remembering of an envelope: no blanks, no links, and of notes and the like not their content."""
    data, meta = data_in(envelope), envelope.get("meta")
    kept: dict[str, object] = {
        "data": {
            name: value
            for name, value in data.items()
            if (value or name == "deleted") and name not in ("key", "version") and (kind != "other" or name in _OTHER)
        }
    }
    if isinstance(meta, Mapping) and kind == "item":
        kept["meta"] = {name: meta[name] for name in _META if name in meta}
    body = json.dumps(kept, separators=(",", ":"))
    return Row(key_in(envelope), version_in(envelope), kind, body)


class Decoder(Generic[_Value]):
    """Decodes rows of one kind when they are looked at, each only once, however many snapshots hold it."""

    def __init__(self, decode: Callable[[Json], _Value]) -> None:
        self._decode = decode
        self._done: dict[str, tuple[Row, _Value]] = {}

    def view(self, rows: Rows) -> Mapping[str, _Value]:
        """The rows as values."""
        return _View(rows, self)

    def value(self, row: Row) -> _Value:
        """One row as a value."""
        known = self._done.get(row.key)
        if known and known[0] is row:
            return known[1]
        value = self._decode(envelope_of(row))
        self._done[row.key] = (row, value)
        return value


class _View(Mapping[str, _Value]):
    """Rows seen as values."""

    def __init__(self, rows: Rows, decoder: Decoder[_Value]) -> None:
        self._rows = rows
        self._decoder = decoder

    def __getitem__(self, key: str) -> _Value:
        return self._decoder.value(self._rows[key])

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"<{len(self)} objects>"


class Decoders:
    """The decoders of one library."""

    def __init__(self) -> None:
        self.items: Decoder[Item] = Decoder(item_of)
        self.attachments: Decoder[Attachment] = Decoder(attachment_of)
        self.collections: Decoder[Collection] = Decoder(collection_of)
        self.notes: Decoder[ItemNote] = Decoder(note_of)


def _is_child_note(row: Row) -> bool:
    """Whether the row is a note below an item; the form of its JSON is our own."""
    return '"itemType":"note"' in row.body and '"parentItem":"' in row.body


def snapshot_of(version: int, contents: Contents, decoders: Decoders) -> Snapshot:
    """The contents of a mirror as the port's snapshot; nothing is decoded before someone looks at it."""
    kinds: dict[str, dict[str, Row]] = {"item": {}, "attachment": {}, "other": {}}
    for key, row in contents.items.items():
        kinds[row.kind][key] = row
    return Snapshot(
        version,
        decoders.items.view(kinds["item"]),
        decoders.attachments.view(kinds["attachment"]),
        decoders.collections.view(contents.collections),
        decoders.notes.view({key: row for key, row in kinds["other"].items() if _is_child_note(row)}),
        lambda collection: [key for key, row in kinds["item"].items() if collection in row.body],
    )
