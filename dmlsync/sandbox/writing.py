"""Writes: preconditions, versions and outcomes, the same for items and collections.

The rules of versions: every object of a batch that is written or found unchanged takes one version, a failed one takes
none; a write to one object takes one even without effect; a deletion takes one for the whole request.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dmlsync.sandbox.keys import is_key, new_key
from dmlsync.sandbox.kinds import Kind, T
from dmlsync.sandbox.libraries import Library, next_version, version_of
from dmlsync.sandbox.problem import ApiError
from dmlsync.sandbox.values import as_text, number_in
from dmlsync.sandbox.views import View

MOST_OBJECTS = 50


def write_batch(
    db: sqlite3.Connection, view: View, kind: Kind[T], objects: Any, unmodified_since: int | None
) -> dict[str, dict[str, Any]]:
    """Writes the objects of a POST one after the other and tells the outcome of each by its position.

    `unmodified_since` is the library's version that the request rests on. Raises ApiError if the request as a whole is
    refused; what is wrong with one object stands in `failed`.
    """
    if not isinstance(objects, list):
        raise ApiError(400, "Uploaded data must be a JSON array")
    if len(objects) > MOST_OBJECTS:
        raise ApiError(413, f"Cannot add more than {MOST_OBJECTS} {kind.plural} at a time")
    check_library_version(db, view.library, unmodified_since)
    outcome: dict[str, dict[str, Any]] = {"successful": {}, "success": {}, "unchanged": {}, "failed": {}}
    for position, sent in enumerate(objects):
        try:
            if not isinstance(sent, dict):
                message = f"Invalid value for index {position} in uploaded data; expected JSON {kind.noun} object"
                raise ApiError(400, message)
            thing, changed = _write_member(db, view, kind, _editable(sent), needs_version=unmodified_since is None)
        except ApiError as refusal:
            outcome["failed"][str(position)] = refusal.as_failure()
            continue
        if changed:
            outcome["successful"][str(position)] = kind.shown(view, thing)
            outcome["success"][str(position)] = thing.key
        else:
            outcome["unchanged"][str(position)] = thing.key
    return outcome


def _write_member(
    db: sqlite3.Connection, view: View, kind: Kind[T], data: dict[str, Any], *, needs_version: bool
) -> tuple[T, bool]:
    key = _json_key(kind, data)
    old = kind.find(db, view.library, key) if key else None
    version = _json_version(data, "'version' must be an integer")
    if version is not None:
        if key is None:
            raise ApiError(400, f"'version' is valid only if {kind.noun} key is provided")
        if old is None and version != 0:
            raise ApiError(404, f"{_title(kind)} doesn't exist (expected version {version}; use 0 instead)")
        if old is not None:
            _check_not_stale(kind, old, version)
    elif key is not None and needs_version:
        message = "Either If-Unmodified-Since-Version or 'version' property must be provided for 'key'-based writes"
        raise ApiError(428, message)
    return _write(db, view.library, kind, data, old, key or new_key(), partial=old is not None)


def write_one(
    db: sqlite3.Connection,
    library: Library,
    kind: Kind[T],
    key: str,
    sent: Any,
    unmodified_since: int | None,
    *,
    partial: bool,
) -> int:
    """Writes one object by PATCH (`partial`) or PUT and returns what the answer gives as the version.

    That is the library's new version or, if nothing changed, the one that it had before.
    """
    if not isinstance(sent, dict):
        raise ApiError(400, "Uploaded data must be a JSON object")
    data = _editable(sent)
    in_json = _json_version(data, f"Invalid JSON 'version' property value '{as_text(data.get('version'))}'")
    if unmodified_since is not None and in_json is not None and unmodified_since != in_json:
        message = "If-Unmodified-Since-Version value does not match JSON 'version' property"
        raise ApiError(400, f"{message} ({unmodified_since} != {in_json})")
    version = in_json if unmodified_since is None else unmodified_since
    old = kind.find(db, library, key)
    _check_one(kind, old, version, must_exist=partial)
    if _json_key(kind, data) not in (None, key):
        raise ApiError(409, f"'key' property in JSON does not match {kind.noun} key of request")
    before = version_of(db, library)
    thing, changed = _write(db, library, kind, data, old, key, partial=partial and old is not None)
    return thing.version if changed else before


def _check_one(kind: Kind[T], old: T | None, version: int | None, *, must_exist: bool) -> None:
    if old is None:
        if version:
            raise ApiError(412, f"{_title(kind)} not found (expected version {version})")
        if version is None and must_exist:
            how = "use If-Unmodified-Since-Version: 0, JSON 'version' 0, or PUT method"
            raise ApiError(404, f"{_title(kind)} not found (to create, {how})")
        return
    if version is None:
        message = "Either If-Unmodified-Since-Version or object version property must be provided for key-based writes"
        raise ApiError(428, message)
    _check_not_stale(kind, old, version)


def _write(
    db: sqlite3.Connection,
    library: Library,
    kind: Kind[T],
    data: Mapping[str, Any],
    old: T | None,
    key: str,
    *,
    partial: bool,
) -> tuple[T, bool]:
    new, changed = kind.revised(db, library, data, old, key, partial)
    version = next_version(db, library)
    if changed:
        new = replace(new, version=version)
        kind.store(db, library, new, old)
    return new, changed


def delete_one(db: sqlite3.Connection, library: Library, kind: Kind[T], key: str, unmodified_since: int | None) -> int:
    """Deletes one object for good; the library's new version.

    Version 0 says that it is not there, so it may be missing: nothing is deleted then, but a version is taken, as by
    a deletion of several. That is what the open-source server does.
    """
    if unmodified_since is None:
        raise ApiError(428, "If-Unmodified-Since-Version must be provided for delete requests")
    old = kind.find(db, library, key)
    _check_one(kind, old, unmodified_since, must_exist=False)
    version = next_version(db, library)
    kind.delete(db, library, [key], version)
    return version


def delete_many(
    db: sqlite3.Connection, library: Library, kind: Kind[T], keys: Sequence[str], unmodified_since: int | None
) -> int:
    """Deletes several objects for good; the library's new version, which is taken even if no key is known."""
    check_library_version(db, library, unmodified_since)
    version = next_version(db, library)
    kind.delete(db, library, keys, version)
    return version


def check_library_version(db: sqlite3.Connection, library: Library, unmodified_since: int | None) -> None:
    """Refuses a request that rests on an older version of the library."""
    found = version_of(db, library)
    if unmodified_since is not None and unmodified_since < found:
        message = "Library has been modified since specified version"
        raise ApiError(412, f"{message} (expected {unmodified_since}, found {found})")


def _check_not_stale(kind: Kind[T], old: T, version: int) -> None:
    if version < old.version:
        message = f"{_title(kind)} has been modified since specified version"
        raise ApiError(412, f"{message} (expected {version}, found {old.version})", version=old.version)


def _editable(sent: dict[str, Any]) -> dict[str, Any]:
    """The data of an object that was sent bare or in its envelope."""
    inner = sent.get("data")
    if not isinstance(inner, dict):
        return sent
    data = dict(inner)
    for name in ("key", "version"):
        if data.get(name) is None and sent.get(name) is not None:
            data[name] = sent[name]
    return data


def _json_key(kind: Kind[T], data: Mapping[str, Any]) -> str | None:
    """The key that an object was sent with, None if with none; refuses what can be no key, and older names of it."""
    for old in ("Key", "Version"):
        if data.get(f"{kind.noun}{old}") is not None:
            raise ApiError(400, f"'{kind.noun}{old}' property is now '{old.lower()}'")
    key = data.get("key")
    if key is None or is_key(key):
        return key
    if not isinstance(key, str):
        raise ApiError(400, "'key' must be a string")
    raise ApiError(400, f"'{key}' is not a valid {kind.noun} key")


def _json_version(data: Mapping[str, Any], refusal: str) -> int | None:
    """The version that an object was sent with, None if with none: a number, or a text that is one."""
    version = data.get("version")
    if version is None:
        return None
    number = None if isinstance(version, (bool, list, dict)) else number_in(str(version))
    if number is None:
        raise ApiError(400, refusal)
    return number


def _title(kind: Kind[T]) -> str:
    return kind.noun.capitalize()
