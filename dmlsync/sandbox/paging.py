"""The pages of a list: how many results there are, and where the other pages are.

Which pages a `Link` header names, and which parameters their addresses repeat, follows the open-source Zotero server.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from dmlsync.sandbox.calls import Call
from dmlsync.sandbox.messages import Response
from dmlsync.sandbox.parameters import (
    DEFAULT_LIMIT,
    DEFAULT_SORT,
    UNLIMITED_FORMATS,
    ListRequest,
    Query,
    default_direction,
    first,
)

_REPEATED_NAMES = (
    "q qmode itemType tag tagType itemKey collectionKey searchKey itemQ itemQMode itemTag locale style css linkwrap"
)
_REPEATED = frozenset(_REPEATED_NAMES.split())
"""The parameters that the address of another page repeats as they were sent."""


def as_page(call: Call, response: Response, asked: ListRequest, total: int) -> Response:
    """A response as one page of a list: with the library's version, the number of results and the other pages."""
    response.version = call.version
    response.headers["Total-Results"] = str(total)
    links = [f'<{_page_url(call, asked, start)}>; rel="{name}"' for name, start in page_links(asked, total).items()]
    website = call.view.website + quote(call.request.path.removeprefix(call.library.path))
    response.headers["Link"] = ", ".join([*links, f'<{website}>; rel="alternate"'])
    return response


def _page_url(call: Call, asked: ListRequest, start: int) -> str:
    query = urlencode(page_parameters(call.request.query, asked, start))
    return call.request.base + quote(call.request.path) + (f"?{query}" if query else "")


def page_links(request: ListRequest, total: int) -> dict[str, int]:
    """Where the other pages start, by their relation to this one: `first`, `prev`, `next`, `last`.

    A page is not its own first or last one. Without a limit everything from the start on is one page.
    """
    links: dict[str, int] = {}
    start, limit = request.start, request.limit
    if start:
        links["first"] = 0
        links["prev"] = max(0, start - (limit or 0))
    if limit and (start or limit < total):
        if start + limit < total:
            links["next"] = start + limit
        last = (total - 1) // limit * limit if start < total else max(0, total - limit)
        if last != start:
            links["last"] = last
    return links


def page_parameters(query: Query, request: ListRequest, start: int) -> list[tuple[str, str]]:
    """The parameters in the address of another page: those that the API knows and that are not the default."""
    pairs = [(name, value) for name, values in query.items() if name in _REPEATED for value in values if value]
    pairs = [pair for pair in pairs if pair != ("locale", "en-US")]
    if request.trashed:
        pairs.append(("includeTrashed", "1"))
    if request.since:
        pairs.append(("since", (first(query, "since") or "").strip()))
    if request.sort != DEFAULT_SORT:
        pairs.append(("sort", request.sort))
    direction = "desc" if request.descending else "asc"
    if direction != default_direction(request.sort):
        pairs.append(("direction", direction))
    if request.include != ("data",):
        pairs.append(("include", ",".join(request.include) or "none"))
    if request.format != "json":
        pairs.append(("format", request.format))
    if request.limit is not None and (request.format in UNLIMITED_FORMATS or request.limit != DEFAULT_LIMIT):
        pairs.append(("limit", str(request.limit)))
    if start:
        pairs.append(("start", str(start)))
    return sorted(pairs)
