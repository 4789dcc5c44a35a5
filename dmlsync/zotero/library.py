"""A Zotero library behind the Web API: the port `Library`, carried out through pyzotero and a mirror."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from types import TracebackType

import httpx2

from dmlsync import schema
from dmlsync.errors import LibraryUnavailableError
from dmlsync.sync.library import Change, CollectionChange, ItemChange, Outcome, Snapshot
from dmlsync.zotero.access import Access, access_of, require
from dmlsync.zotero.changes import holds, json_of
from dmlsync.zotero.items import CITATION_KEY, Json
from dmlsync.zotero.mirror import Contents, Mirror, Row, Update, mirrored_as
from dmlsync.zotero.outcomes import has_unchanged, mark_after, outcome_of_refusal, outcomes_of, successful
from dmlsync.zotero.refresh import OlderServerError, update_since
from dmlsync.zotero.rows import Decoders, collection_rows, envelope_of, item_rows, snapshot_of
from dmlsync.zotero.wire import CHUNK, BatchRefusedError, TokenUsedError, Wire, chunks

_LOST_ANSWERS = 3


class ZoteroLibrary:
    """A group or user library (`groups/1234567`, `users/42`) on any server that speaks the Zotero Web API, version 3.

    `endpoint` may have a path. `transport` carries the requests (HTTP by default); it is wrapped for repetition unless
    it is a `RetryTransport` already. To be closed, or used in a `with` statement. Not for several threads at once.
    """

    def __init__(
        self,
        name: str,
        endpoint: str,
        api_key: str,
        mirror: Mirror,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        self._wire = Wire(name, endpoint, api_key, transport)
        self._mirror = mirror
        self._mirrored = mirrored_as(self._wire.endpoint, name)
        self._decoders = Decoders()
        self._is_older = False
        self._native_citation_key: bool | None = None

    @property
    def name(self) -> str:
        """The library's path on its server, such as `groups/1234567`."""
        return self._wire.name

    @property
    def requests(self) -> int:
        """How many HTTP requests were sent so far, retries included."""
        return self._wire.requests

    def snapshot(self) -> Snapshot:
        """Everything in the library now; one request where nothing changed since the last snapshot or write.

        Of a library that is older than remembered nothing is remembered in this run, so that the next one is told too.
        """
        try:
            update = update_since(self._wire, self._contents)
        except OlderServerError:
            self._mirror, self._is_older = Mirror.in_memory(), True
            update = update_since(self._wire, self._contents)
        contents = self._mirror.apply(self._mirrored, update)
        return replace(snapshot_of(contents.version or 0, contents, self._decoders), is_older=self._is_older)

    def find(self, keys: Iterable[str]) -> Snapshot:
        """The items and attachments with these keys, read afresh, trash included; missing ones are left out."""
        version, rows = self._contents.version or 0, dict[str, Row]()
        for portion in chunks(keys):
            answer = self._wire.items_by_key(portion)
            version = answer.version
            rows |= {row.key: row for row in item_rows(answer.objects())}
        self._remember(rows.values())
        return snapshot_of(version, Contents(version, rows), self._decoders)

    def write(self, changes: Sequence[Change]) -> Sequence[Outcome]:
        """Carry out changes in batches of one kind; one outcome per change, in the same order."""
        outcomes: list[Outcome] = []
        for batch in _batches(changes):
            outcomes += self._write_batch(batch, _LOST_ANSWERS)
        return outcomes

    def check_access(self, *, write: bool = True) -> Access:
        """What the API key may do here.

        Raises `LibraryRefusedError` where the key or the library does not exist, or where the key may not read (with
        `write`: not write) the library; it says which permission is missing.
        """
        access = access_of(self._wire)
        require(self._wire, access, write=write)
        return access

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def __enter__(self) -> ZoteroLibrary:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<ZoteroLibrary {self._mirrored}>"

    @property
    def _contents(self) -> Contents:
        return self._mirror.load(self._mirrored)

    def _write_batch(self, batch: Sequence[Change], tries: int) -> list[Outcome]:
        """Write changes of one kind, at most as many as one request takes."""
        collections = isinstance(batch[0], CollectionChange)
        current = {} if collections else self._current(batch)
        native = collections or self._has_citation_key(batch)
        objects = [
            json_of(change, current.get(change.key), native_citation_key=native, library=self.name) for change in batch
        ]
        try:
            answer = self._wire.write(objects, collections=collections)
        except TokenUsedError:
            return self._after_lost_answer(batch, objects, tries - 1)
        except BatchRefusedError as refusal:
            if refusal.status == 413 and len(batch) > 1:  # too many bytes for something on the way
                half = len(batch) // 2
                return self._write_batch(batch[:half], tries) + self._write_batch(batch[half:], tries)
            return [outcome_of_refusal(change, refusal.status, refusal.words) for change in batch]
        report = answer.body if isinstance(answer.body, Mapping) else {}
        rows = (collection_rows if collections else item_rows)(successful(report))
        mark = self._contents.version
        versions = (row.version for row in rows)
        self._remember(rows, mark_after(mark, answer.version, versions, gaps=has_unchanged(report)))
        return outcomes_of(batch, report)

    def _after_lost_answer(self, batch: Sequence[Change], objects: Sequence[Json], tries: int) -> list[Outcome]:
        """Tell from the objects themselves what became of a batch that landed, but whose report was lost.

        What does not hold what was sent was refused or overtaken; it is sent once more, for the server's word on it.
        """
        keys = [change.key for change in batch]
        collections = isinstance(batch[0], CollectionChange)
        held = self._read_collections(keys) if collections else self._read_items(keys)
        outcomes: dict[int, Outcome] = {}
        for position, (change, sent) in enumerate(zip(batch, objects, strict=True)):
            row = held.get(change.key)
            if row and holds(envelope_of(row), sent):
                moved = row.version > change.version
                outcomes[position] = Outcome("written" if moved else "unchanged", change.key, row.version)
        left = [position for position in range(len(batch)) if position not in outcomes]
        if left and tries <= 0:
            raise LibraryUnavailableError(self.name, "the answers to its writes keep getting lost", "try again later")
        if left:
            again = self._write_batch([batch[position] for position in left], tries)
            outcomes |= dict(zip(left, again, strict=True))
        return [outcomes[position] for position in range(len(batch))]

    def _current(self, batch: Sequence[Change]) -> dict[str, Json]:
        """The items to be updated as the server has them; what the mirror has in another version is read again."""
        wanted = {change.key: change.version for change in batch if isinstance(change, ItemChange) and change.version}
        known = self._contents.items
        outdated = [key for key, version in wanted.items() if key not in known or known[key].version != version]
        fresh = self._read_items(outdated)
        rows = {key: fresh.get(key) or known.get(key) for key in wanted}
        return {key: envelope_of(row) for key, row in rows.items() if row}

    def _read_items(self, keys: Iterable[str]) -> dict[str, Row]:
        rows = [row for portion in chunks(keys) for row in item_rows(self._wire.items_by_key(portion).objects())]
        self._remember(rows)
        return {row.key: row for row in rows}

    def _read_collections(self, keys: Iterable[str]) -> dict[str, Row]:
        portions = chunks(keys)
        rows = [row for keys in portions for row in collection_rows(self._wire.collections_by_key(keys).objects())]
        self._remember(rows)
        return {row.key: row for row in rows}

    def _has_citation_key(self, batch: Sequence[Change]) -> bool:
        """Whether the server's schema has the native field; asked for only where it is to be written."""
        if self._native_citation_key is None:
            if not any(isinstance(change, ItemChange) and CITATION_KEY in change.fields for change in batch):
                return True
            version = self._wire.schema_version
            self._native_citation_key = (
                version is None or version >= schema.VERSION or self._wire.knows_field(CITATION_KEY)
            )
        return self._native_citation_key

    def _remember(self, rows: Iterable[Row], mark: int | None = None) -> None:
        """Put rows into the mirror, none in place of a newer one; the mark stays where None is given."""
        contents = self._contents
        newer = tuple(
            row for row in rows if not (known := contents.shelf(row.shelf).get(row.key)) or known.version <= row.version
        )
        self._mirror.apply(self._mirrored, Update(contents.version if mark is None else mark, newer))


def open_library(
    name: str,
    endpoint: str,
    api_key: str,
    *,
    mirror_path: Path | None = None,
    transport: httpx2.BaseTransport | None = None,
) -> ZoteroLibrary:
    """A library whose remembered copy lies in the file `mirror_path`, or nowhere."""
    return ZoteroLibrary(name, endpoint, api_key, Mirror(mirror_path), transport)


def _batches(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """The changes in their order, in portions of one kind that fit one request."""
    for _, same in groupby(changes, key=lambda change: isinstance(change, CollectionChange)):
        run = list(same)
        yield from (run[start : start + CHUNK] for start in range(0, len(run), CHUNK))
