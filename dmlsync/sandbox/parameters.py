"""The parameters of lists: what they mean and what is refused.

What the observed facts of the API leave open (numbers such as `1e3`, `sort=asc`, the directions of rare fields) follows
the open-source Zotero server's own parameter parser.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dmlsync import schema
from dmlsync.sandbox.keys import is_key
from dmlsync.sandbox.problem import ApiError
from dmlsync.sandbox.values import BIGGEST, number_in

DEFAULT_LIMIT = 25
HIGHEST_LIMIT = 100
UNLIMITED_FORMATS = ("keys", "versions")
"""Formats without a page size: they come all at once."""

DEFAULT_SORT = "dateModified"
SORT_COLUMNS = {
    "title": "title",
    "creator": "creator",
    "date": "date",
    "dateAdded": "added",
    "dateModified": "modified",
    "serverDateModified": "modified",
    "addedBy": "added",
    "itemType": "type",
}
SORT_FIELDS = (
    *("publisher", "publicationTitle", "journalAbbreviation", "language", "accessDate", "libraryCatalog"),
    *("callNumber", "rights", "extra"),
)
_DIRECTIONS = ("asc", "desc")
_MODES = {"items": ("titlecreatoryear", "everything"), "tags": ("contains", "startswith")}
Query = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class ListRequest:
    """The parameters of a list. `limit` is None where everything is returned; `keys` None where all are meant.

    `text` is what is searched for as it was sent, `words` its words; `mode` is how, `""` for the usual way.
    """

    format: str = "json"
    since: int | None = None
    limit: int | None = DEFAULT_LIMIT
    start: int = 0
    keys: tuple[str, ...] | None = None
    sort: str = DEFAULT_SORT
    descending: bool = True
    text: str = ""
    words: tuple[str, ...] = ()
    mode: str = ""
    tags: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    trashed: bool = False
    include: tuple[str, ...] = ("data",)


def since_of(query: Query) -> int | None:
    """The parameter `since`, None if it is not given."""
    text = first(query, "since")
    if text is None:
        return None
    number = number_in(text)
    if number is None:
        raise ApiError(400, "Invalid value for 'since' parameter")
    return number


def first(query: Query, name: str) -> str | None:
    """The value of a parameter, None if it is not given."""
    values = query.get(name)
    return values[0] if values else None


def list_request(query: Query, *, kind: str, formats: Sequence[str], members: Sequence[str] = ("data",)) -> ListRequest:
    """Reads the parameters of a list of `items`, `collections`, `searches` or `tags` (`kind`). Raises ApiError.

    `formats` are those that it can be returned in, `members` those that `include` may name.
    """
    wanted = format_of(query, formats)
    keys = keys_of(first(query, f"{_SINGULAR[kind]}Key")) if kind in _SINGULAR else None
    sort, direction = _order(query, kind, keys)
    types = tuple(clause for clause in map(str.strip, query.get("itemType", ())) if clause)
    if len(types) > 1:
        raise ApiError(400, "Cannot specify 'itemType' more than once")
    for item_type in (name for clause in types for name in alternatives(clause.removeprefix("-"))):
        if not schema.is_item_type(item_type):
            raise ApiError(400, f"Invalid itemType '{item_type}'")
    mode = (first(query, "qmode") or "").lower()
    if mode and mode not in _MODES.get(kind, (mode,)):
        raise ApiError(400, f"Invalid 'qmode' value '{first(query, 'qmode')}'")
    return ListRequest(
        format=wanted,
        since=since_of(query),
        limit=_limit(first(query, "limit"), wanted) if keys is None else None,
        start=_number(first(query, "start")) or 0,
        keys=keys,
        sort=sort,
        descending=direction == "desc",
        text=first(query, "q") or "",
        words=_words(first(query, "q") or ""),
        mode=mode,
        tags=tuple(tag for tag in map(str.strip, query.get("tag", ())) if tag),
        types=types,
        trashed=_is_on(first(query, "includeTrashed")),
        include=include_of(query, members),
    )


_SINGULAR = {"items": "item", "collections": "collection", "searches": "search"}


def format_of(query: Query, formats: Sequence[str]) -> str:
    """The format that is asked for, `json` by default."""
    wanted = first(query, "format") or "json"
    if wanted not in formats:
        raise ApiError(400, f"Invalid 'format' value '{wanted}'")
    return wanted


def _order(query: Query, kind: str, keys: Sequence[str] | None) -> tuple[str, str]:
    """What a list is sorted by and in which direction; `sort=asc` is an older way to give the direction alone."""
    sort, direction = first(query, "sort") or DEFAULT_SORT, first(query, "direction")
    if sort in _DIRECTIONS:
        sort, direction = DEFAULT_SORT, direction or sort
    if sort == "numItems" and kind != "tags":
        raise ApiError(400, f"Invalid 'order' value '{sort}'")
    if sort == f"{_SINGULAR.get(kind)}KeyList":
        if keys is None:
            raise ApiError(400, f"order={sort} requires the {sort.removesuffix('List')} parameter")
    elif sort not in SORT_COLUMNS and sort not in SORT_FIELDS and sort != "numItems":
        raise ApiError(400, f"Invalid 'sort' value '{sort}'")
    if direction not in (None, *_DIRECTIONS):
        raise ApiError(400, f"Invalid 'direction' value '{direction}'")
    return sort, direction or default_direction(sort)


def default_direction(sort: str) -> str:
    """The direction that goes without saying: the newest first for `date`, `dateAdded` and `dateModified`."""
    return "desc" if sort.startswith("date") else "asc"


def include_of(query: Query, allowed: Sequence[str]) -> tuple[str, ...]:
    """The members of an object that are asked for, `data` alone by default; `none` is none of them."""
    wanted = first(query, "include")
    if wanted is None:
        return ("data",)
    if (first(query, "format") or "json") != "json":
        raise ApiError(400, "'include' is valid only for format=json")
    members = tuple(sorted(set(wanted.split(","))))
    for member in members:
        if member == "none" and len(members) > 1:
            raise ApiError(400, "include=none is not valid in multi-format responses")
        if member == "json":
            raise ApiError(400, "include=json is valid only for format=atom")
        if member not in allowed and member != "none":
            raise ApiError(400, f"Invalid 'include' value '{member}'")
    return () if members == ("none",) else members


def keys_of(text: str | None) -> tuple[str, ...] | None:
    """The keys of a list like `AAAA2222,BBBB2222`; malformed ones are ignored, None means that none is left."""
    return tuple(key for key in (text or "").split(",") if is_key(key)) or None


def _is_on(text: str | None) -> bool:
    return text not in (None, "", "0")


def _number(text: str | None) -> int | None:
    """A number that is not negative; None for anything else, which the API ignores."""
    return min(int(text[:20]), BIGGEST) if text and text.isascii() and text.isdigit() else None


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
    """The names in a filter like `x || y`; without white space on both sides the bars belong to a name."""
    first_part, *others = clause.split("||")
    names = [first_part]
    for part in others:
        if names[-1][-1:].isspace() and part[:1].isspace():
            names[-1] = names[-1].rstrip()
            names.append(part.lstrip())
        else:
            names[-1] += f"||{part}"
    return names
