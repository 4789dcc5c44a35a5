"""The lock: what all sides last agreed on.

`library.lock` is committed beside library.bib: JSON, sorted, one value a line, without times and without item
versions, so that two branches merge well and a diff reads like a sentence. It holds

- `works`: per citation key, the entries that name the work (as they were printed when they were linked), what names
  the work in the outside world, its PDF link and the origin of each field;
- `targets`: per Zotero library, which item and which collections belong to what, and the base of the merge;
- `reviews`: per entry, the open question with its candidates;
- `answers`: per entry, what a person answered, so that nobody is asked twice.

What belongs to the embedded sandbox (its target) is kept in a lock of its own beside the sandbox: everybody has another
sandbox, so its item keys would be wrong in the committed file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from dmlsync.model import CITATION_KEY, Entry, Identifiers
from dmlsync.resolve.evidence import Answer
from dmlsync.sync.follow import LIST, PERSON
from dmlsync.sync.merge import Values


@dataclass(frozen=True, slots=True, order=True)
class Printed:
    """What an entry printed when it was linked: enough to know it again, and to see that a person changed it."""

    list_name: str
    title: str
    authors: str = ""
    year: str = ""
    venue: str = ""
    link: str = ""

    @classmethod
    def of(cls, entry: Entry) -> Printed:
        """The printed facts of an entry."""
        year = str(entry.year) if entry.year else ""
        link = next((link.url for link in entry.links if link.kind in ("paper", "pdf")), "")
        return cls(entry.list_name, entry.title, entry.authors, year, entry.venue, link)


@dataclass(frozen=True, slots=True)
class WorkState:
    """What the lock knows of a work whatever the library: see the module.

    `incomplete` tells that a source was not available when the record was made: it is asked again. `formerly` are the
    citation keys that the work had before `rekey`: papers may cite it by them, so that no other work gets them.
    """

    entries: tuple[Printed, ...] = ()
    identifiers: Identifiers = field(default_factory=Identifiers)
    pdf: str = ""
    origins: Mapping[str, str] = field(default_factory=dict)
    incomplete: bool = False
    formerly: tuple[str, ...] = ()

    @property
    def is_minimal(self) -> bool:
        """Whether no source knows the work: all that is known of it is from the lists, or typed by a person."""
        origins = set(self.origins.values())
        return LIST in origins and origins <= {LIST, PERSON}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person said of a conflict: which side's value holds, and both as they were shown.

    Of any other values nobody has said anything.
    """

    side: Literal["local", "remote"]
    local: str
    remote: str


@dataclass(frozen=True, slots=True)
class Binding:
    """Which item a work is in one library, and what both sides last held there.

    `base` holds field values, `collections` collection keys, `tags` and `links` tags and addresses. A work that left
    every list keeps its binding, so that a line that comes back meets no stranger: `unlisted` says so, and `trashed`
    that it was dmlsync that moved the item to the trash. `adopted` is a work that is on no list because a member added
    it to the collection. `choices` are what a person said of conflicts, by field, until both sides hold the value.
    """

    item_key: str
    base: Values = field(default_factory=dict)
    collections: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    unlisted: bool = False
    trashed: bool = False
    adopted: bool = False
    choices: Mapping[str, Choice] = field(default_factory=dict)

    @property
    def record_values(self) -> Values:
        """The base of the record alone, without the citation key."""
        return {name: value for name, value in self.base.items() if name != CITATION_KEY}


@dataclass(frozen=True, slots=True)
class Target:
    """One Zotero library as this project uses it: collections by path, bindings by citation key."""

    collections: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    bindings: Mapping[str, Binding] = field(default_factory=dict)


def without_bases(target: Target) -> Target:
    """A target of which only is known which item a work is in, not what both sides last held."""
    none = frozenset[str]()
    return replace(
        target,
        bindings={
            key: replace(one, base={}, collections=none, tags=none, links=none) for key, one in target.bindings.items()
        },
    )


@dataclass(frozen=True, slots=True)
class OpenReview:
    """A question that waits for a person: an entry and the candidates that were not certain enough."""

    printed: Printed
    candidates: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Lock:
    """The content of a lock file; `answers` are those of persons, by the `entry_key` of the entry asked about."""

    works: Mapping[str, WorkState] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    reviews: tuple[OpenReview, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)

    def with_target(self, name: str, target: Target) -> Lock:
        """The same lock with one target added or changed."""
        return replace(self, targets={**self.targets, name: target})
