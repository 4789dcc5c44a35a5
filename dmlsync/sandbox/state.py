"""Items, collections and saved searches as the library keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dmlsync import schema
from dmlsync.sandbox.dates import parsed_date
from dmlsync.sandbox.notes import title_of

LINK_MODES = ("imported_file", "imported_url", "linked_file", "linked_url", "embedded_image")
STORED_MODES = ("imported_file", "imported_url", "embedded_image")
"""Link modes whose file the library holds: they have a file name, a hash and a time."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `fields` holds the fields that are not blank, dates in the form they were sent in.

    `creators` are objects of the API; `tags` pairs of name and type, sorted; `collections` keys; `relations` maps a
    predicate to its URIs. `note` is None for what cannot have one, `attachment` for what is not one.
    """

    key: str
    version: int
    type: str
    added: str
    modified: str
    fields: dict[str, str] = field(default_factory=dict)
    creators: tuple[dict[str, str], ...] = ()
    tags: tuple[tuple[str, int], ...] = ()
    collections: tuple[str, ...] = ()
    relations: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parent: str | None = None
    trashed: bool = False
    note: str | None = None
    attachment: dict[str, Any] | None = None

    def base_value(self, base: str) -> str:
        """The value of a base field under whatever name the type has it; `""` if it is blank or has none."""
        name = schema.field_for(self.type, base)
        return self.fields.get(name, "") if name else ""

    @property
    def title(self) -> str:
        """The title; for a note the text of its first line."""
        if self.type == "note":
            return title_of(self.note or "")
        return self.base_value("title")

    @property
    def parsed_date(self) -> str:
        """What is understood of its date, `""` if nothing."""
        return parsed_date(self.base_value("date"))

    @property
    def creator_summary(self) -> str:
        """`One`, `One and Two` or `One et al.`, of the primary creators, else the editors, else the contributors."""
        types = schema.creator_types_of(self.type)
        for kind in (*types[:1], "editor", "contributor"):
            names = [c.get("name") or c.get("lastName") or c.get("firstName", "") for c in self.creators_of(kind)]
            if names:
                return (
                    names[0] if len(names) == 1 else f"{names[0]} {f'and {names[1]}' if len(names) == 2 else 'et al.'}"
                )
        return ""

    def creators_of(self, kind: str) -> list[dict[str, str]]:
        """The creators of one creator type, in order."""
        return [creator for creator in self.creators if creator["creatorType"] == kind]


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection; `parent` is the key of the one that it is in."""

    key: str
    version: int
    name: str
    added: str
    modified: str
    parent: str | None = None
    trashed: bool = False
    relations: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Search:
    """One saved search. It is only kept: the library does not carry it out, as the Web API does not."""

    key: str
    version: int
    name: str
    added: str
    modified: str
    conditions: tuple[dict[str, str], ...] = ()
    trashed: bool = False
