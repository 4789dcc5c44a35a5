"""Reading and writing lock files: JSON, sorted, one value a line.

What a lock means is said in `dmlsync.sync.lock`; here is only its form on disk.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

from dmlsync import files
from dmlsync.errors import LockError
from dmlsync.model import CREATORS, Creator, Identifiers
from dmlsync.resolve.evidence import Answer
from dmlsync.sync.lock import Binding, Choice, Lock, OpenReview, Printed, Target, WorkState
from dmlsync.sync.merge import Value

FORMAT = 1


def read_lock(path: Path) -> tuple[Lock, bytes | None]:
    """A lock and the bytes it was read from; an empty one where there is no file. Raises LockError."""
    data = files.read_or_none(path)
    return (parse_lock(path, data) if data is not None else Lock()), data


def parse_lock(path: Path, data: bytes) -> Lock:
    """The lock in the bytes of a file. Raises LockError where they hold anything else."""
    remedy = "delete it: the next run links everything anew"
    if path.name != "sandbox.lock":  # which is in no version control
        remedy = f"restore it from version control, or {remedy}"
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
        "works": {key: encode_work(work) for key, work in lock.works.items()},
        "targets": {name: _encode_target(target) for name, target in lock.targets.items()},
        "reviews": [_encode_review(review) for review in sorted(lock.reviews, key=lambda review: review.printed)],
        "answers": {name: _encode_answer(answer) for name, answer in lock.answers.items()},
    }
    kept = {name: value for name, value in content.items() if value}
    return (json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def encode_work(work: WorkState) -> dict[str, Any]:
    """What a lock says of a work whatever the library."""
    names = {"doi": work.identifiers.doi, "arxiv": work.identifiers.arxiv, "page": work.identifiers.page}
    return _filled(
        {
            "entries": [_encode_printed(printed) for printed in sorted(work.entries)],
            "identifiers": _filled(names),
            "pdf": work.pdf,
            "origins": dict(work.origins),
            "incomplete": work.incomplete,
            "formerly": list(work.formerly),
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
        "bindings": {key: encode_binding(binding) for key, binding in target.bindings.items()},
    }


def encode_binding(binding: Binding) -> dict[str, Any]:
    """What a lock says of a work in one library."""
    return _filled(
        {
            "item_key": binding.item_key,
            "base": {name: encode_value(value) for name, value in binding.base.items()},
            "collections": sorted(binding.collections),
            "tags": sorted(binding.tags),
            "links": sorted(binding.links),
            "unlisted": binding.unlisted,
            "trashed": binding.trashed,
            "adopted": binding.adopted,
            "choices": {name: asdict(choice) for name, choice in binding.choices.items()},
        }
    )


def encode_value(value: Value) -> str | list[str]:
    """A value of the merge."""
    return value if isinstance(value, str) else [_encode_creator(creator) for creator in value]


def _encode_creator(creator: Creator) -> str:
    """A creator on one line, as a JSON list in a string: lossless whatever a name holds."""
    names = [creator.name] if creator.name else [creator.last_name, creator.first_name]
    return json.dumps([creator.creator_type, *names], ensure_ascii=False)


def _encode_review(review: OpenReview) -> dict[str, Any]:
    return {"entry": _encode_printed(review.printed), "candidates": [dict(one) for one in review.candidates]}


def _encode_answer(answer: Answer) -> dict[str, Any]:
    return _filled({"accepted": answer.accepted, "rejected": sorted(answer.rejected)})


def _filled(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if value}


def _decoded(content: Mapping[str, Any]) -> Lock:
    return Lock(
        works={key: decode_work(work) for key, work in content.get("works", {}).items()},
        targets={name: _decode_target(target) for name, target in content.get("targets", {}).items()},
        reviews=tuple(
            OpenReview(_decode_printed(review["entry"]), tuple(review["candidates"]))
            for review in content.get("reviews", [])
        ),
        answers={name: _decode_answer(answer) for name, answer in content.get("answers", {}).items()},
    )


def _decode_answer(answer: Mapping[str, Any]) -> Answer:
    return Answer(_text(answer.get("accepted", "")), frozenset(_text(name) for name in answer.get("rejected", [])))


def decode_work(work: Mapping[str, Any]) -> WorkState:
    """The inverse of `encode_work`; KeyError, TypeError, ValueError for anything else."""
    return WorkState(
        entries=tuple(_decode_printed(printed) for printed in work.get("entries", [])),
        identifiers=Identifiers(**work.get("identifiers", {})),
        pdf=_text(work.get("pdf", "")),
        origins={name: _text(origin) for name, origin in work.get("origins", {}).items()},
        incomplete=bool(work.get("incomplete")),
        formerly=tuple(_text(key) for key in work.get("formerly", [])),
    )


def _decode_printed(printed: Mapping[str, Any]) -> Printed:
    names = {"list_name" if name == "list" else name: _text(value) for name, value in printed.items()}
    return Printed(**names)


def _decode_target(target: Mapping[str, Any]) -> Target:
    return Target(
        collections={tuple(one["path"]): _text(one["key"]) for one in target.get("collections", [])},
        bindings={key: decode_binding(binding) for key, binding in target.get("bindings", {}).items()},
    )


def decode_binding(binding: Mapping[str, Any]) -> Binding:
    """The inverse of `encode_binding`; KeyError, TypeError, ValueError for anything else."""
    return Binding(
        item_key=_text(binding["item_key"]),
        base={name: decode_value(name, value) for name, value in binding.get("base", {}).items()},
        collections=frozenset(binding.get("collections", [])),
        tags=frozenset(binding.get("tags", [])),
        links=frozenset(binding.get("links", [])),
        unlisted=bool(binding.get("unlisted")),
        trashed=bool(binding.get("trashed")),
        adopted=bool(binding.get("adopted")),
        choices={name: _decode_choice(choice) for name, choice in binding.get("choices", {}).items()},
    )


def _decode_choice(choice: Mapping[str, Any]) -> Choice:
    side: Literal["local", "remote"] = "local" if choice["side"] == "local" else "remote"
    return Choice(side, _text(choice["local"]), _text(choice["remote"]))


def decode_value(name: str, value: Any) -> Value:
    """The inverse of `encode_value` for the field of that name."""
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
