"""The port of the libraries: what dmlsync needs of a Zotero library, wherever it lives.

Words: a *snapshot* is everything the library held at one version; a *change* is one object to create or to update;
an *outcome* is what became of one change. A stale version is an outcome, not an exception: it is the normal life of a
shared library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from dmlsync.model import Creator, Record


@dataclass(frozen=True, slots=True)
class Item:
    """A bibliographic item of the library (not an attachment, note or annotation).

    `citation_key` is the native field or, failing that, the line `Citation Key:` of Extra. `collections` holds
    collection keys, `tags` tag names, `replaces` the keys of items that were merged into this one (`dc:replaces`).
    `own` holds the filled fields that no record has because they are the members' alone, such as `extra`.
    """

    key: str
    version: int
    record: Record
    citation_key: str = ""
    collections: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    trashed: bool = False
    modified_by: str = ""
    modified_on: str = ""
    replaces: frozenset[str] = frozenset()
    own: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A child attachment of an item; `url` is `""` for files that were uploaded without one.

    `is_link` tells a mere link (`linked_url`) from a file that somebody stored.
    """

    key: str
    version: int
    parent: str
    title: str = ""
    url: str = ""
    content_type: str = ""
    trashed: bool = False
    is_link: bool = True


@dataclass(frozen=True, slots=True)
class ItemNote:
    """A note below an item; what stands in it is the members' alone."""

    key: str
    version: int
    parent: str
    trashed: bool = False


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection of the library; `parent` is the key of the collection it lies in, `""` at the top."""

    key: str
    version: int
    name: str
    parent: str = ""
    trashed: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything the library held at `version`, trash included, by key.

    `members` narrows down which items lie in a collection, where a library can tell without decoding each of them.
    `is_older` tells that the library is at an earlier version than it was when it was last read: somebody restored it.
    """

    version: int
    items: Mapping[str, Item] = field(default_factory=dict)
    attachments: Mapping[str, Attachment] = field(default_factory=dict)
    collections: Mapping[str, Collection] = field(default_factory=dict)
    notes: Mapping[str, ItemNote] = field(default_factory=dict)
    members: Callable[[str], Iterable[str]] | None = None
    is_older: bool = False

    def items_in(self, collections: Iterable[str]) -> Iterator[Item]:
        """The items that lie in one of these collections, trash included, each once."""
        wanted = frozenset(collections)
        keys = self.items if self.members is None else (key for one in sorted(wanted) for key in self.members(one))
        return (self.items[key] for key in dict.fromkeys(keys) if self.items[key].collections & wanted)


@dataclass(frozen=True, slots=True)
class CollectionChange:
    """Creates (`version` 0) or renames or moves a collection."""

    key: str
    version: int
    name: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class ItemChange:
    """Creates (`version` 0) or updates an item; only what is named is sent.

    `fields` uses the names of `Record.fields` and `Item.own` plus `itemType` and `citationKey`; `""` clears a field.
    None for `creators`, `collections`, `tags`, `trashed` or `replaces` leaves them as they are; a given set replaces
    the whole set.
    """

    key: str
    version: int
    fields: Mapping[str, str] = field(default_factory=dict)
    creators: tuple[Creator, ...] | None = None
    collections: frozenset[str] | None = None
    tags: frozenset[str] | None = None
    trashed: bool | None = None
    replaces: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class AttachmentChange:
    """Creates (`version` 0) or updates a `linked_url` attachment."""

    key: str
    version: int
    parent: str
    title: str
    url: str
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class MoveChange:
    """Hangs an attachment or a note below another item; `before` is the item that it hangs below now."""

    key: str
    version: int
    parent: str
    before: str


Change: TypeAlias = CollectionChange | ItemChange | AttachmentChange | MoveChange


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one change.

    `written` and `unchanged` carry the object's version now. `stale` means that the object is newer than the change
    supposed, exists already (a change with version 0), or is gone: read it again and decide anew. `refused` will never
    succeed as it is; `reason` is the server's word on it.
    """

    kind: Literal["written", "unchanged", "stale", "refused"]
    key: str
    version: int = 0
    reason: str = ""


class Library(Protocol):
    """A Zotero group or user library, or the sandbox.

    All methods fail only with `LibraryUnavailableError` or `LibraryRefusedError`.
    """

    @property
    def name(self) -> str:
        """The library's path on its server, such as `groups/1234567`: item keys are drawn from it."""
        ...

    @property
    def requests(self) -> int:
        """How many HTTP requests were sent so far, retries included."""
        ...

    def snapshot(self) -> Snapshot:
        """Everything in the library now; only what changed since the last snapshot is asked for."""
        ...

    def find(self, keys: Iterable[str]) -> Snapshot:
        """The items and attachments with these keys, read afresh, trash included; missing ones are left out."""
        ...

    def write(self, changes: Sequence[Change]) -> Sequence[Outcome]:
        """Carry out changes in their order, in batches; one outcome per change, in the same order.

        A parent must come before its children, a collection before its items. When the connection is lost in the
        middle, the outcomes so far are lost with it: the caller reads again, as after any stale outcome.
        """
        ...
