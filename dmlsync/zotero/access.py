"""What an API key may do, asked before the first write rather than learnt in the middle of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2

from dmlsync.errors import LibraryError, LibraryRefusedError
from dmlsync.proxies import ProxyTransport
from dmlsync.transport import AnswerTooLargeError, RetryTransport, ServiceBusyError
from dmlsync.zotero.items import Json, text_in
from dmlsync.zotero.problems import Problems, RefusalError
from dmlsync.zotero.wire import PAGE, Wire

_GREETING_SECONDS = 20
_SETTINGS = "in the key's settings, on zotero.org under Settings > Security"


@dataclass(frozen=True, slots=True)
class Access:
    """The user behind a key (`""` without one), the group's name (`""` for a user's library), and the rights there."""

    user: str
    group: str
    may_read: bool
    may_write: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """A library that a key opens: its `name` (`groups/12`), what people call it, and who may do what there.

    `members` is the number of people in the group, None where the server does not tell.
    """

    name: str
    title: str
    may_read: bool
    may_write: bool
    members: int | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """The owner of a key, and the libraries that it opens: their own, then their groups."""

    user: str
    holdings: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class Greeting:
    """How a server answers without a key: the version of its API (`""` untold), and its clock less ours in seconds.

    `clock` is None where the server does not tell the time.
    """

    api_version: str
    clock: float | None


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


def account_of(endpoint: str, api_key: str, transport: httpx2.BaseTransport | None = None) -> Account:
    """The libraries that a key opens on a server. Raises LibraryError, about the server, where that cannot be told."""
    with _asking(endpoint, api_key, transport) as wire:
        key = _key(wire)
        user, rights = str(key.get("userID") or ""), _rights(key, "users", str(key.get("userID")))
        title = text_in(key, "username")
        own = Holding(f"users/{user}", title, bool(rights.get("library")), bool(rights.get("write")))
        groups = [group for group in _groups_of(wire, user) if isinstance(group, Mapping)] if user.isdecimal() else []
        held = [_holding(key, group) for group in groups]
        return Account(title, tuple(one for one in [own, *held] if one.may_read or one.may_write))


def greet(endpoint: str, transport: httpx2.BaseTransport | None = None) -> Greeting:
    """How a server answers at all. Raises LibraryUnavailableError, about the server."""
    problems = Problems(endpoint, httpx2.URL(endpoint).host, "")
    network = RetryTransport(transport or ProxyTransport(), attempts=2)
    try:
        with httpx2.Client(transport=network, timeout=_GREETING_SECONDS) as client:
            answer = client.get(f"{endpoint.rstrip('/')}/itemTypes")
            kinds = answer.json()
    except (httpx2.HTTPError, httpx2.InvalidURL, ServiceBusyError, AnswerTooLargeError) as error:
        raise problems.unanswered(error) from None
    except ValueError:
        raise problems.garbled("it does not know the types of items") from None
    if not answer.is_success or not isinstance(kinds, list):
        raise problems.garbled("it does not know the types of items")
    return Greeting(answer.headers.get("Zotero-API-Version", ""), _clock(answer.headers.get("Date", "")))


@contextmanager
def _asking(endpoint: str, api_key: str, transport: httpx2.BaseTransport | None) -> Iterator[Wire]:
    """A wire that is about no library; errors name the server instead."""
    try:
        wire = Wire("users/1", endpoint, api_key, transport or ProxyTransport())
        try:
            yield wire
        finally:
            wire.close()
    except LibraryError as error:
        raise type(error)(endpoint, error.problem, error.remedy) from None


def _groups_of(wire: Wire, user: str) -> list[object]:
    """All groups of a user, page by page."""
    found: list[object] = []
    while True:
        try:
            page = wire.get(f"/users/{user}/groups?limit={PAGE}&start={len(found)}")
        except RefusalError as refusal:
            raise wire.problems.refused(refusal, "the server does not list the groups of the key's owner") from None
        found += page if isinstance(page, list) else []
        if not isinstance(page, list) or len(page) < PAGE:
            return found


def _holding(key: Json, group: Mapping[str, object]) -> Holding:
    data = _member(group, "data")
    number = str(group.get("id") or "")
    rights = _rights(key, "groups", number)
    people = {data.get("owner"), *_numbers(data, "admins"), *_numbers(data, "members")} - {None}
    is_told = isinstance(data.get("members"), list) or isinstance(data.get("admins"), list)
    return Holding(
        name=f"groups/{number}",
        title=text_in(data, "name"),
        may_read=number.isdecimal() and (bool(rights.get("library")) or _is_public(data)),
        may_write=number.isdecimal() and bool(rights.get("write")) and _may_edit(data, key.get("userID")),
        members=len(people) if is_told else None,
    )


def _numbers(data: Json, name: str) -> list[int]:
    value = data.get(name)
    return [one for one in value if isinstance(one, int)] if isinstance(value, list) else []


def _clock(date: str) -> float | None:
    """How many seconds the server's clock is ahead of ours."""
    try:
        theirs = parsedate_to_datetime(date)
    except ValueError:
        return None
    theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    return (theirs - datetime.now(UTC)).total_seconds()


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
