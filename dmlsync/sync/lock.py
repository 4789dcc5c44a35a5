"""The lock: what all sides last agreed on.

`library.lock` is committed beside library.bib: JSON, sorted, one value a line, without times and without item
versions, so that two branches merge well and a diff reads like a sentence. It holds

- `works`: per citation key, the entries that name the work (as they were printed when they were linked), what names
  the work in the outside world, its PDF link and the origin of each field;
- `targets`: per Zotero library, which item and which collections belong to what, and the base of the merge;
- `reviews`: per entry, the open question with its candidates, and the answers that a person gave.

What belongs to the embedded sandbox (its target) is kept in a lock of its own beside the sandbox: everybody has another
sandbox, so its item keys would be wrong in the committed file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dmlsync import files
from dmlsync.errors import LockError
from dmlsync.model import CITATION_KEY, CREATORS, Creator, Entry, Identifiers
from dmlsync.sync.follow import LIST, PERSON
from dmlsync.sync.merge import Value, Values

FORMAT = 1


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

    `incomplete` tells that a source was not available when the record was made: it is asked again.
    """

    entries: tuple[Printed, ...] = ()
    identifiers: Identifiers = field(default_factory=Identifiers)
    pdf: str = ""
    origins: Mapping[str, str] = field(default_factory=dict)
    incomplete: bool = False

    @property
    def is_minimal(self) -> bool:
        """Whether no source knows the work: all that is known of it is from the lists, or typed by a person."""
        origins = set(self.origins.values())
        return LIST in origins and origins <= {LIST, PERSON}


@dataclass(frozen=True, slots=True)
class Binding:
    """Which item a work is in one library, and what both sides last held there.

    `base` holds field values, `collections` collection keys, `tags` and `links` tags and addresses. A work that left
    every list keeps its binding, so that a line that comes back meets no stranger: `unlisted` says so, and `trashed`
    that it was dmlsync that moved the item to the trash.
    """

    item_key: str
    base: Values = field(default_factory=dict)
    collections: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    unlisted: bool = False
    trashed: bool = False

    @property
    def record_values(self) -> Values:
        """The base of the record alone, without the citation key."""
        return {name: value for name, value in self.base.items() if name != CITATION_KEY}


@dataclass(frozen=True, slots=True)
class Target:
    """One Zotero library as this project uses it: collections by path, bindings by citation key."""

    collections: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    bindings: Mapping[str, Binding] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenReview:
    """A question that waits for a person: an entry and the candidates that were not certain enough."""

    printed: Printed
    candidates: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Lock:
    """The content of a lock file."""

    works: Mapping[str, WorkState] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    reviews: tuple[OpenReview, ...] = ()

    def with_target(self, name: str, target: Target) -> Lock:
        """The same lock with one target added or changed."""
        return replace(self, targets={**self.targets, name: target})


def read_lock(path: Path) -> tuple[Lock, bytes | None]:
    """A lock and the bytes it was read from; an empty one where there is no file. Raises LockError."""
    data = files.read_or_none(path)
    return (parse_lock(path, data) if data is not None else Lock()), data


def parse_lock(path: Path, data: bytes) -> Lock:
    """The lock in the bytes of a file. Raises LockError where they hold anything else."""
    remedy = "restore it from version control, or delete it: the next run links everything anew"
    try:
        content = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise LockError(path, f"is not UTF-8 (byte {error.start})", remedy) from error
    except json.JSONDecodeError as error:
        problem = "holds an unfinished git merge" if files.merge_marker(data) else f"is no JSON ({error.msg})"
        raise LockError(path, problem, remedy, line=error.lineno) from error
    version = content.get("format") if isinstance(content, dict) else None
    if version != FORMAT:
        newer = isinstance(version, int) and version > FORMAT
        hint = "install a newer dmlsync" if newer else remedy
        raise LockError(path, f"has the format {version!r}, this dmlsync knows {FORMAT}", hint)
    try:
        return _decoded(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LockError(path, f"does not have the form of a lock ({error})", remedy) from error


def lock_bytes(lock: Lock) -> bytes:
    """The text of a lock file: sorted, one value a line, blank values left out."""
    content: dict[str, Any] = {
        "format": FORMAT,
        "works": {key: _encode_work(work) for key, work in lock.works.items()},
        "targets": {name: _encode_target(target) for name, target in lock.targets.items()},
        "reviews": [_encode_review(review) for review in sorted(lock.reviews, key=lambda review: review.printed)],
    }
    kept = {name: value for name, value in content.items() if value}
    return (json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _encode_work(work: WorkState) -> dict[str, Any]:
    names = {"doi": work.identifiers.doi, "arxiv": work.identifiers.arxiv, "page": work.identifiers.page}
    return _filled(
        {
            "entries": [_encode_printed(printed) for printed in sorted(work.entries)],
            "identifiers": _filled(names),
            "pdf": work.pdf,
            "origins": dict(work.origins),
            "incomplete": work.incomplete,
        }
    )


def _encode_printed(printed: Printed) -> dict[str, str]:
    return _filled(
        {
            "list": printed.list_name,
            "title": printed.title,
            "authors": printed.authors,
            "year": printed.year,
            "venue": printed.venue,
            "link": printed.link,
        }
    )


def _encode_target(target: Target) -> dict[str, Any]:
    return {
        "collections": [{"path": list(path), "key": key} for path, key in sorted(target.collections.items())],
        "bindings": {key: _encode_binding(binding) for key, binding in target.bindings.items()},
    }


def _encode_binding(binding: Binding) -> dict[str, Any]:
    return _filled(
        {
            "item_key": binding.item_key,
            "base": {name: _encode_value(value) for name, value in binding.base.items()},
            "collections": sorted(binding.collections),
            "tags": sorted(binding.tags),
            "links": sorted(binding.links),
            "unlisted": binding.unlisted,
            "trashed": binding.trashed,
        }
    )


def _encode_value(value: Value) -> str | list[str]:
    return value if isinstance(value, str) else [_encode_creator(creator) for creator in value]


def _encode_creator(creator: Creator) -> str:
    """A creator on one line, as a JSON list in a string: lossless whatever a name holds."""
    names = [creator.name] if creator.name else [creator.last_name, creator.first_name]
    return json.dumps([creator.creator_type, *names], ensure_ascii=False)


def _encode_review(review: OpenReview) -> dict[str, Any]:
    return {"entry": _encode_printed(review.printed), "candidates": [dict(one) for one in review.candidates]}


def _filled(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if value}


def _decoded(content: Mapping[str, Any]) -> Lock:
    return Lock(
        works={key: _decode_work(work) for key, work in content.get("works", {}).items()},
        targets={name: _decode_target(target) for name, target in content.get("targets", {}).items()},
        reviews=tuple(
            OpenReview(_decode_printed(review["entry"]), tuple(review["candidates"]))
            for review in content.get("reviews", [])
        ),
    )


def _decode_work(work: Mapping[str, Any]) -> WorkState:
    return WorkState(
        entries=tuple(_decode_printed(printed) for printed in work.get("entries", [])),
        identifiers=Identifiers(**work.get("identifiers", {})),
        pdf=_text(work.get("pdf", "")),
        origins={name: _text(origin) for name, origin in work.get("origins", {}).items()},
        incomplete=bool(work.get("incomplete")),
    )


def _decode_printed(printed: Mapping[str, Any]) -> Printed:
    names = {"list_name" if name == "list" else name: _text(value) for name, value in printed.items()}
    return Printed(**names)


def _decode_target(target: Mapping[str, Any]) -> Target:
    return Target(
        collections={tuple(one["path"]): _text(one["key"]) for one in target.get("collections", [])},
        bindings={key: _decode_binding(binding) for key, binding in target.get("bindings", {}).items()},
    )


def _decode_binding(binding: Mapping[str, Any]) -> Binding:
    return Binding(
        item_key=_text(binding["item_key"]),
        base={name: _decode_value(name, value) for name, value in binding.get("base", {}).items()},
        collections=frozenset(binding.get("collections", [])),
        tags=frozenset(binding.get("tags", [])),
        links=frozenset(binding.get("links", [])),
        unlisted=bool(binding.get("unlisted")),
        trashed=bool(binding.get("trashed")),
    )


def _decode_value(name: str, value: Any) -> Value:
    return tuple(_decode_creator(text) for text in value) if name == CREATORS else _text(value)


def _decode_creator(text: str) -> Creator:
    creator_type, *names = json.loads(text)
    if len(names) == 1:
        return Creator(name=names[0], creator_type=creator_type)
    last_name, first_name = names
    return Creator(last_name=last_name, first_name=first_name, creator_type=creator_type)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} should be text")
    return value
