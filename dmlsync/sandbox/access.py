"""Who may do what: the key of a request, and what it opens."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from dmlsync.sandbox.libraries import (
    ApiKey,
    Library,
    find_key,
    find_library,
    group_row,
    groups_of,
    username_of,
)
from dmlsync.sandbox.messages import Request
from dmlsync.sandbox.parameters import first, format_of
from dmlsync.sandbox.problem import ApiError
from dmlsync.sandbox.views import WEBSITE

READING = ("GET", "HEAD")
_BEARER = re.compile(r"bearer +([a-z0-9]+)", re.IGNORECASE)


def sent_key(request: Request) -> str:
    """The API key that a request names, `""` if none: in its own header, in the address or as a bearer token."""
    header, parameter = request.header("Zotero-API-Key") or "", first(request.query, "key")
    if header and parameter is not None and header != parameter:
        raise ApiError(400, "Zotero-API-Key header and 'key' parameter differ")
    authorization = request.header("Authorization") or ""
    if header or parameter or not authorization.lower().startswith("bearer"):
        return header or parameter or ""
    bearer = _BEARER.fullmatch(authorization)
    if bearer is None:
        raise ApiError(400, "Invalid Authorization header format")
    return bearer[1]


def key_of(db: sqlite3.Connection, request: Request) -> ApiKey | None:
    """The key of a request, None if it names none. Raises ApiError if it names one that does not exist."""
    key = sent_key(request)
    if not key:
        return None
    found = find_key(db, key)
    if found is None:
        raise ApiError(403, "Invalid key")
    return found


def opened_library(
    db: sqlite3.Connection, request: Request, kind: str, number: int, *, single: bool
) -> tuple[Library, ApiKey]:
    """The library that a request may use. `single` tells that it is about one object, whose existence is hidden."""
    key = key_of(db, request)
    if key is None and request.method not in READING:
        raise ApiError(403, "An API key is required for write requests.")
    library = find_library(db, kind, number)
    if library is None:
        raise ApiError(404, "Not found" if kind == "group" else f"User {number} not found")
    if key is None:
        raise ApiError(404, "Not found") if single else ApiError(403, "Forbidden")
    if request.method not in READING and not key.may_write:
        raise ApiError(403, "Write access denied")
    return library, key


def key_page(db: sqlite3.Connection, key: ApiKey) -> dict[str, Any]:
    """What `/keys/current` tells about a key; rights on the user's library that are not held are left out."""
    username, name = username_of(db, key.user)
    user = {"library": True, "files": True, "notes": True} | ({"write": True} if key.may_write else {})
    access = {"user": user, "groups": {"all": {"library": True, "write": key.may_write}}}
    return {"key": key.key, "userID": key.user, "username": username, "displayName": name, "access": access}


def group_page(db: sqlite3.Connection, number: int, base: str) -> dict[str, Any]:
    """The metadata of a group. Its version is that of the metadata, which never change here, not of its library."""
    name, owner, created = group_row(db, number)
    items = db.execute(
        "SELECT COUNT(*) FROM items i JOIN libraries l ON l.id = i.library WHERE l.kind = 'group' AND l.number = ?",
        (number,),
    ).fetchone()[0]
    links = {
        "self": {"href": f"{base}/groups/{number}", "type": "application/json"},
        "alternate": {"href": f"{WEBSITE}/groups/{number}", "type": "text/html"},
    }
    members = {"libraryEditing": "members", "libraryReading": "members", "fileEditing": "members"}
    data = {"id": number, "version": 1, "name": name, "owner": owner, "type": "Private", "description": "", "url": ""}
    meta = {"created": created, "lastModified": created, "numItems": items}
    return {"id": number, "version": 1, "links": links, "meta": meta, "data": data | members}


def groups_page(db: sqlite3.Connection, key: ApiKey | None, number: int, request: Request) -> Any:
    """The groups of a user that a key opens: all or, without a key, none, as they are private."""
    groups = groups_of(db, number) if key and key.user == number else []
    if format_of(request.query, ("json", "versions")) == "versions":
        return {str(group): 1 for group in groups}
    return [group_page(db, group, request.base) for group in groups]
