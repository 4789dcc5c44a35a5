"""What an API key may do with a library, asked before the first write rather than learnt in the middle of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dmlsync.errors import LibraryRefusedError
from dmlsync.zotero.items import Json, text_in
from dmlsync.zotero.problems import RefusalError
from dmlsync.zotero.wire import Wire

_SETTINGS = "in the key's settings, on zotero.org under Settings > Security"


@dataclass(frozen=True, slots=True)
class Access:
    """The user behind a key (`""` without one), the group's name (`""` for a user's library), and the rights there."""

    user: str
    group: str
    may_read: bool
    may_write: bool


def access_of(wire: Wire) -> Access:
    """What the key may do. Raises `LibraryRefusedError` where the key or the library does not exist."""
    kind, _, number = wire.name.partition("/")
    key = _key(wire) if wire.has_key else {}
    group = _group(wire, number) if kind == "groups" else {}
    rights = _rights(key, kind, number)
    may_read = bool(rights.get("library")) or (kind == "groups" and _is_public(group))
    may_write = bool(rights.get("write")) and _may_edit(group, key.get("userID"))
    return Access(text_in(key, "username"), text_in(group, "name"), may_read, may_write)


def require(wire: Wire, access: Access, *, write: bool) -> None:
    """Raise `LibraryRefusedError` with the missing permission where the key may not read (or write) the library."""
    if access.may_write if write else access.may_read:
        return
    right = "write" if write else "read"
    if not wire.has_key:
        problem = f"no API key is given, so dmlsync may not {right} this library"
        raise LibraryRefusedError(wire.name, problem, "set ZOTERO_API_KEY to a key that may")
    owner = f" of {access.user}" if access.user else ""
    problem = f"the API key{owner} has no {right} permission for this library"
    remedy = f"allow it {_SETTINGS}; in a group, its owner decides which members may edit"
    raise LibraryRefusedError(wire.name, problem, remedy)


def _key(wire: Wire) -> Json:
    try:
        key = wire.get("/keys/current")
    except RefusalError as refusal:
        raise wire.problems.refused(refusal, "the server does not know the API key") from None
    return key if isinstance(key, Mapping) else {}


def _group(wire: Wire, number: str) -> Json:
    """The group's own description; a server that hides it from this key answers as if it did not exist."""
    try:
        group = wire.get(f"/groups/{number}")
    except RefusalError as refusal:
        unseen = "the key's owner is not a member" if wire.has_key else "it is private and no API key is given"
        raise wire.problems.refused(refusal, f"there is no such group, or {unseen}") from None
    data = group.get("data") if isinstance(group, Mapping) else None
    return data if isinstance(data, Mapping) else {}


def _rights(key: Json, kind: str, number: str) -> Json:
    access = _member(key, "access")
    if kind == "users":
        return _member(access, "user") if str(key.get("userID")) == number else {}
    groups = _member(access, "groups")
    return _member(groups, number) or _member(groups, "all")


def _is_public(group: Json) -> bool:
    return text_in(group, "libraryReading") == "all"


def _may_edit(group: Json, user: object) -> bool:
    """Whether a member may edit the group's library: its owner and admins always, the others if the group says so."""
    if text_in(group, "libraryEditing") != "admins":
        return True
    admins = group.get("admins")
    return user == group.get("owner") or (isinstance(admins, list) and user in admins)


def _member(data: Json, name: str) -> Json:
    value = data.get(name)
    return value if isinstance(value, Mapping) else {}
