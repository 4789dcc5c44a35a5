"""The parameters of lists: what they mean, what is refused, which other pages there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dmlsync import schema
from dmlsync.sandbox.keys import is_key
from dmlsync.sandbox.problem import ApiError

DEFAULT_LIMIT = 25
HIGHEST_LIMIT = 100
UNLIMITED_FORMATS = ("keys", "versions")
"""Formats without a page size: they come all at once."""

_BIGGEST = 2**63 - 1
SORT_COLUMNS = {
    "title": "title",
    "creator": "creator",
    "date": "date",
    "dateAdded": "added",
    "dateModified": "modified",
    "itemType": "type",
}
SORT_FIELDS = (
    *("publisher", "publicationTitle", "journalAbbreviation", "language", "accessDate", "libraryCatalog"),
    *("callNumber", "rights"),
)
_NEWEST_FIRST = ("date", "dateAdded", "dateModified", "accessDate")

Query = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class ListRequest:
    """The parameters of a list. `limit` is None where everything is returned; `keys` None where all are meant."""

    format: str = "json"
    since: int | None = None
    limit: int | None = DEFAULT_LIMIT
    start: int = 0
    keys: tuple[str, ...] | None = None
    sort: str = "dateModified"
    descending: bool = True
    words: tuple[str, ...] = ()
    everywhere: bool = False
    tags: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    trashed: bool = False
    include: tuple[str, ...] = ("data",)


def since_of(query: Query) -> int | None:
    """The parameter `since`, None if it is not given."""
    text = first(query, "since")
    if text is None:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise ApiError(400, "Invalid value for 'since' parameter")
    return min(int(digits[:20]), _BIGGEST) * (-1 if text.startswith("-") else 1)


def first(query: Query, name: str) -> str | None:
    """The value of a parameter, None if it is not given."""
    values = query.get(name)
    return values[0] if values else None


def list_request(
    query: Query, *, key_parameter: str, formats: Sequence[str], members: Sequence[str] = ("data",)
) -> ListRequest:
    """Reads the parameters of a list. Raises ApiError.

    `formats` are those that it can be returned in, `members` those that `include` may name.
    """
    wanted = first(query, "format") or "json"
    if wanted not in formats:
        raise ApiError(400, f"Invalid 'format' value '{wanted}'")
    keys = keys_of(first(query, key_parameter))
    sort = first(query, "sort") or "dateModified"
    if sort not in SORT_COLUMNS and sort not in SORT_FIELDS:
        raise ApiError(400, f"Invalid 'sort' value '{sort}'")
    direction = first(query, "direction")
    if direction not in (None, "asc", "desc"):
        raise ApiError(400, f"Invalid 'direction' value '{direction}'")
    types = tuple(query.get("itemType", ()))
    for item_type in (name for clause in types for name in alternatives(clause.removeprefix("-"))):
        if not schema.is_item_type(item_type):
            raise ApiError(400, f"Invalid itemType '{item_type}'")
    return ListRequest(
        format=wanted,
        since=since_of(query),
        limit=_limit(first(query, "limit"), wanted) if keys is None else None,
        start=_number(first(query, "start")) or 0,
        keys=keys,
        sort=sort,
        descending=(direction or ("desc" if sort in _NEWEST_FIRST else "asc")) == "desc",
        words=_words(first(query, "q") or ""),
        everywhere=first(query, "qmode") == "everything",
        tags=tuple(tag for tag in query.get("tag", ()) if tag),
        types=types,
        trashed=first(query, "includeTrashed") not in (None, "", "0"),
        include=include_of(query, members),
    )


def include_of(query: Query, allowed: Sequence[str]) -> tuple[str, ...]:
    """The members of an object that are asked for, `data` alone by default."""
    members = tuple((first(query, "include") or "data").split(","))
    for member in members:
        if member not in allowed:
            raise ApiError(400, f"Invalid 'include' value '{member}'")
    return members


def keys_of(text: str | None) -> tuple[str, ...] | None:
    """The keys of a list like `AAAA2222,BBBB2222`; malformed ones are ignored, None means that none is left."""
    return tuple(key for key in (text or "").split(",") if is_key(key)) or None


def _number(text: str | None) -> int | None:
    """A number that is not negative; None for anything else, which the API ignores."""
    return min(int(text[:20]), _BIGGEST) if text and text.isascii() and text.isdigit() else None


def _limit(text: str | None, wanted: str) -> int | None:
    limit = _number(text) or None
    if wanted in UNLIMITED_FORMATS:
        return limit
    return min(limit or DEFAULT_LIMIT, HIGHEST_LIMIT)


def _words(text: str) -> tuple[str, ...]:
    """The words of a search, in lower case; what is between double quotes is one."""
    words: list[str] = []
    for position, part in enumerate(text.casefold().split('"')):
        words.extend([part.strip()] if position % 2 else part.split())
    return tuple(word for word in words if word)


def alternatives(clause: str) -> list[str]:
    """The names in a filter like `x || y`."""
    return [name.strip() for name in clause.split("||")]


def page_links(request: ListRequest, total: int) -> dict[str, int]:
    """Where the other pages start, by their relation to this one: `first`, `prev`, `next`, `last`."""
    links: dict[str, int] = {}
    start, limit = request.start, request.limit
    if start:
        links["first"] = 0
        links["prev"] = max(0, start - limit) if limit else 0
    if limit and start + limit < total:
        links["next"] = start + limit
        links["last"] = (total - 1) // limit * limit
    elif limit and total and start >= total:
        links["last"] = max(0, total - limit)
    return links
