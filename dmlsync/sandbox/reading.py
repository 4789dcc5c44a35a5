"""What can be read of a library: lists in all their formats, single objects, tags, deletions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dmlsync.sandbox.calls import Call, Handler
from dmlsync.sandbox.collections import find_collections, has_collection
from dmlsync.sandbox.item_rows import find_items, item_type
from dmlsync.sandbox.kinds import COLLECTIONS, ITEMS, SEARCHES
from dmlsync.sandbox.libraries import deletions_since
from dmlsync.sandbox.messages import Response, json_response, text_response
from dmlsync.sandbox.paging import as_page
from dmlsync.sandbox.parameters import (
    ListRequest,
    format_of,
    include_of,
    list_request,
    since_of,
)
from dmlsync.sandbox.problem import ApiError
from dmlsync.sandbox.query import Scope, find_item_keys, find_keys
from dmlsync.sandbox.searches import find_searches
from dmlsync.sandbox.state import Item
from dmlsync.sandbox.tags import find_tags

PLAIN_FORMATS = ("json", "keys", "versions")
_ITEM_PARAMETERS = {
    "itemQ": "q",
    "itemQMode": "qmode",
    "itemTag": "tag",
    "itemKey": "itemKey",
    "itemType": "itemType",
    "includeTrashed": "includeTrashed",
}


def _export(call: Call, name: str, items: Sequence[Item]) -> Response:
    return Response(200, call.view.document(name, items), call.view.exports.content_type(name))


def items_in(scope: Scope) -> Handler:
    """The list of the items of a place that does not depend on the path."""
    return lambda call: _item_list(call, scope)


def items_of_collection(call: Call, *, top: bool = False) -> Response:
    """The items of a collection; without `top`, the children of its items too."""
    require_collection(call)
    return _item_list(call, Scope(top=top, collection=call.key))


def children(call: Call) -> Response:
    """The children of an item."""
    require_item(call)
    return _item_list(call, Scope(parent=call.key))


def _item_list(call: Call, scope: Scope) -> Response:
    exports = call.view.exports.names
    asked = list_request(
        call.request.query, kind="items", formats=(*PLAIN_FORMATS, *exports), members=("data", *exports)
    )
    citable = asked.format in exports
    page, total = find_item_keys(call.db, call.library, scope, asked, citable=citable)
    if asked.format in ("keys", "versions"):
        return _plain_list(call, asked, page, total)
    items = find_items(call.db, call.library, [key for key, _ in page])
    if citable:
        return as_page(call, _export(call, asked.format, items), asked, total)
    return as_page(call, json_response(call.view.items(items, asked.include)), asked, total)


def collections_in(scope: Scope) -> Handler:
    """The list of the collections of a place that does not depend on the path."""
    return lambda call: _collection_list(call, scope)


def subcollections(call: Call) -> Response:
    """The collections directly in a collection."""
    require_collection(call)
    return _collection_list(call, Scope(parent=call.key))


def _collection_list(call: Call, scope: Scope) -> Response:
    asked = list_request(call.request.query, kind="collections", formats=PLAIN_FORMATS)
    page, total = find_keys(call.db, call.library, "collections", scope, asked)
    if asked.format != "json":
        return _plain_list(call, asked, page, total)
    collections = find_collections(call.db, call.library, [key for key, _ in page])
    return as_page(call, json_response(call.view.collections(collections)), asked, total)


def searches(call: Call) -> Response:
    """The saved searches."""
    asked = list_request(call.request.query, kind="searches", formats=PLAIN_FORMATS)
    page, total = find_keys(call.db, call.library, "searches", Scope(), asked)
    if asked.format != "json":
        return _plain_list(call, asked, page, total)
    found = find_searches(call.db, call.library, [key for key, _ in page])
    return as_page(call, json_response(call.view.searches(found)), asked, total)


def publications(call: Call) -> Response:
    """My Publications, which nobody has put anything into here."""
    if call.library.kind != "user":
        raise ApiError(404, "Not found")
    asked = list_request(call.request.query, kind="items", formats=PLAIN_FORMATS)
    if asked.format != "json":
        return _plain_list(call, asked, [], 0)
    return as_page(call, json_response([]), asked, 0)


def _plain_list(call: Call, asked: ListRequest, page: list[tuple[str, int]], total: int) -> Response:
    if asked.format == "versions":
        return as_page(call, json_response(dict(page)), asked, total)
    return as_page(call, text_response("\n".join(key for key, _ in page) + "\n"), asked, total)


def one_item(call: Call) -> Response:
    """One item, in the trash or not."""
    found = find_items(call.db, call.library, [call.key])
    if not found:
        raise ApiError(404, ITEMS.absent)
    exports = call.view.exports.names
    wanted = format_of(call.request.query, ("json", *exports))
    include = include_of(call.request.query, ("data", *exports))
    if wanted in exports:
        response = _export(call, wanted, found)
        response.version = found[0].version
        return response
    return json_response(call.view.items(found, include)[0], found[0].version)


def one_collection(call: Call) -> Response:
    """One collection."""
    found = find_collections(call.db, call.library, [call.key])
    if not found:
        raise ApiError(404, COLLECTIONS.absent)
    return json_response(call.view.collections(found)[0], found[0].version)


def one_search(call: Call) -> Response:
    """One saved search."""
    found = find_searches(call.db, call.library, [call.key])
    if not found:
        raise ApiError(404, SEARCHES.absent)
    return json_response(call.view.searches(found)[0], found[0].version)


def deleted(call: Call) -> Response:
    """What was deleted after a version."""
    since = since_of(call.request.query)
    if since is None:
        raise ApiError(400, "'since' parameter must be provided")
    return json_response(deletions_since(call.db, call.library, since), call.version)


def tags(call: Call) -> Response:
    """The tags of the library."""
    return _tag_list(call)


def tags_of_item(call: Call) -> Response:
    """The tags of an item."""
    if item_type(call.db, call.library, call.key) is None:
        raise ApiError(404, "Not found")
    return _tag_list(call, item=call.key)


def tags_of_collection(call: Call) -> Response:
    """The tags that occur in a collection."""
    if not has_collection(call.db, call.library, call.key):
        raise ApiError(404, "Not found")
    return _tag_list(call, collection=call.key)


def tags_of_name(call: Call) -> Response:
    """The tags of one name, which stands in the path; there a plus sign may mean a space."""
    return _tag_list(call, names=(call.key, call.key.replace("+", " ")))


def tags_within(scope: Scope) -> Handler:
    """The tags of the items of a place; the parameters of items are `itemQ`, `itemTag` ... here."""

    def read(call: Call) -> Response:
        within = scope
        if call.key:
            require_collection(call)
            within = replace(scope, collection=call.key)
        query = {
            name: call.request.query[sent] for sent, name in _ITEM_PARAMETERS.items() if sent in call.request.query
        }
        asked = replace(list_request(query, kind="items", formats=("json",)), limit=None)
        page, _ = find_item_keys(call.db, call.library, within, asked)
        return _tag_list(call, items=[key for key, _ in page])

    return read


def _tag_list(call: Call, names: Sequence[str] = (), **where: Any) -> Response:
    query = {name: values for name, values in call.request.query.items() if name != "itemType"}
    asked = list_request(query, kind="tags", formats=("json",))
    if len(asked.tags) > 1:
        raise ApiError(400, "Cannot specify 'tag' more than once")
    where["names"] = names or [name for clause in asked.tags for name in clause.split(" || ")]
    types = [clause for clause in map(str.strip, query.get("tagType", ())) if clause]
    found, total = find_tags(call.db, call.library, asked, types=types, **where)
    if names and not total:
        raise ApiError(404, "Not found")
    return as_page(call, json_response([call.view.tag(*row) for row in found]), asked, total)


def require_item(call: Call) -> None:
    """Refuses a path that names an item which is not there."""
    if item_type(call.db, call.library, call.key) is None:
        raise ApiError(404, "Item not found")


def require_collection(call: Call) -> None:
    """Refuses a path that names a collection which is not there."""
    if not has_collection(call.db, call.library, call.key):
        raise ApiError(404, "Collection not found")
