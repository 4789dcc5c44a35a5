"""What can be asked of a library, path by path below `/groups/<id>` and `/users/<id>`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dmlsync.sandbox import attachments, downloads, fulltext, reading, settings, writing
from dmlsync.sandbox.calls import Call, Handler
from dmlsync.sandbox.item_rows import add_member, find_item
from dmlsync.sandbox.keys import ALPHABET
from dmlsync.sandbox.kinds import COLLECTIONS, ITEMS, SEARCHES, Kind
from dmlsync.sandbox.libraries import next_version
from dmlsync.sandbox.messages import Response, json_response
from dmlsync.sandbox.parameters import first, keys_of
from dmlsync.sandbox.problem import ApiError
from dmlsync.sandbox.query import Scope
from dmlsync.sandbox.tags import delete_tags


def batch_of(kind: Kind[Any]) -> Handler:
    """The POST of several objects."""

    def write(call: Call) -> Response:
        outcome = writing.write_batch(call.db, call.view, kind, call.request.json(), call.unmodified_since)
        call.in_vain = bool(outcome["failed"]) and not outcome["success"] and not outcome["unchanged"]
        return json_response(outcome, call.version)

    return write


def write_of(kind: Kind[Any], *, partial: bool) -> Handler:
    """The PATCH (`partial`) or PUT of one object."""

    def write(call: Call) -> Response:
        sent = call.request.json()
        version = writing.write_one(call.db, call.library, kind, call.key, sent, call.object_version, partial=partial)
        return Response(204, version=version)

    return write


def deletion_of(kind: Kind[Any]) -> Handler:
    """The DELETE of one object."""
    return lambda call: Response(
        204, version=writing.delete_one(call.db, call.library, kind, call.key, call.object_version)
    )


def deletions_of(kind: Kind[Any]) -> Handler:
    """The DELETE of several objects, named in a parameter."""

    def delete(call: Call) -> Response:
        keys = keys_of(first(call.request.query, f"{kind.noun}Key")) or ()
        return Response(204, version=writing.delete_many(call.db, call.library, kind, keys, call.unmodified_since))

    return delete


def add_to_collection(call: Call) -> Response:
    """The POST of item keys to a collection: it works, but moves no version, so nobody learns of it by `since`."""
    reading.require_collection(call)
    keys = call.request.body.decode("utf-8", "replace").split()
    for key in keys:
        item = find_item(call.db, call.library, key)
        if item is None:
            raise ApiError(400, f"Item '{key}' not found in library")
        if item.parent:
            raise ApiError(400, "Child items cannot be added to collections directly")
    for key in keys:
        add_member(call.db, call.library, call.key, key)
    return Response(204)


def remove_from_collection(call: Call) -> Response:
    """The DELETE of an item in a collection, which the Web API answers with an error: nothing is changed."""
    raise ApiError(500, "An error occurred")


def tag_deletion(call: Call) -> Response:
    """The DELETE of tags by name, which takes them from all items."""
    if call.unmodified_since is None:
        raise ApiError(428, "If-Unmodified-Since-Version not provided")
    writing.check_library_version(call.db, call.library, call.unmodified_since)
    version = next_version(call.db, call.library)
    names = (first(call.request.query, "tag") or "").split(" || ")
    delete_tags(call.db, call.library, [name for name in names if name], version)
    return Response(204, version=version)


_KEY = f"(?P<key>[{ALPHABET}]{{8}})"


@dataclass(frozen=True, slots=True)
class Route:
    """A path and what can be done with it.

    `single` tells that it is about one object. `conditional` tells that reading it honours `If-Modified-Since-Version`:
    the lists of what clients synchronise do.
    """

    path: re.Pattern[str]
    handlers: Mapping[str, Handler]
    single: bool = False
    conditional: bool = False


def _route(path: str, *, single: bool = False, **handlers: Handler) -> Route:
    return Route(re.compile(path.replace("<K>", _KEY)), handlers, single)


def _list(path: str, **handlers: Handler) -> Route:
    return replace(_route(path, single=False, **handlers), conditional=True)


def _one(path: str, kind: Kind[Any], shown: Handler) -> Route:
    """One object by its key: shown, changed in part or as a whole, deleted."""
    return _route(
        path,
        single=True,
        GET=shown,
        PATCH=write_of(kind, partial=True),
        PUT=write_of(kind, partial=False),
        DELETE=deletion_of(kind),
    )


ROUTES = (
    _list("/items", GET=reading.items_in(Scope()), POST=batch_of(ITEMS), DELETE=deletions_of(ITEMS)),
    _list("/items/top", GET=reading.items_in(Scope(top=True))),
    _list("/items/trash", GET=reading.items_in(Scope(trash=True))),
    _list("/items/unfiled", GET=reading.items_in(Scope(top=True, unfiled=True))),
    _one("/items/<K>", ITEMS, reading.one_item),
    _list("/items/tags", GET=reading.tags_within(Scope())),
    _list("/items/top/tags", GET=reading.tags_within(Scope(top=True))),
    _list("/items/trash/tags", GET=reading.tags_within(Scope(trash=True))),
    _list("/items/unfiled/tags", GET=reading.tags_within(Scope(top=True, unfiled=True))),
    _list("/items/<K>/children", GET=reading.children),
    _list("/items/<K>/tags", GET=reading.tags_of_item),
    _route(
        "/items/<K>/file",
        single=True,
        GET=downloads.download_file,
        POST=attachments.upload_file,
        PATCH=attachments.patch_file,
    ),
    _route("/items/<K>/file/view", single=True, GET=downloads.view_file),
    _route("/items/<K>/file/view/url", single=True, GET=downloads.view_file_url),
    _route("/items/<K>/fulltext", GET=fulltext.fulltext_of_item, PUT=fulltext.set_fulltext),
    _list("/publications/items", GET=reading.publications),
    _list(
        "/collections",
        GET=reading.collections_in(Scope()),
        POST=batch_of(COLLECTIONS),
        DELETE=deletions_of(COLLECTIONS),
    ),
    _list("/collections/top", GET=reading.collections_in(Scope(top=True))),
    _one("/collections/<K>", COLLECTIONS, reading.one_collection),
    _list("/collections/<K>/collections", GET=reading.subcollections),
    _list("/collections/<K>/items", GET=reading.items_of_collection, POST=add_to_collection),
    _list("/collections/<K>/items/top", GET=lambda call: reading.items_of_collection(call, top=True)),
    _route(f"/collections/<K>/items/[{ALPHABET}]{{8}}", DELETE=remove_from_collection),
    _list("/collections/<K>/tags", GET=reading.tags_of_collection),
    _list("/collections/<K>/items/tags", GET=reading.tags_within(Scope())),
    _list("/collections/<K>/items/top/tags", GET=reading.tags_within(Scope(top=True))),
    _list("/searches", GET=reading.searches, POST=batch_of(SEARCHES), DELETE=deletions_of(SEARCHES)),
    _one("/searches/<K>", SEARCHES, reading.one_search),
    _route("/deleted", GET=reading.deleted),
    _route("/fulltext", GET=fulltext.fulltext_versions, POST=fulltext.set_fulltexts),
    _list("/settings", GET=settings.all_settings, POST=settings.post_settings),
    _route(
        "/settings/(?P<key>[A-Za-z0-9_]+)",
        GET=settings.one_setting,
        PUT=settings.put_setting,
        DELETE=settings.delete_setting,
    ),
    _list("/tags", GET=reading.tags, DELETE=tag_deletion),
    _route("/tags/(?P<key>.+)", GET=reading.tags_of_name),
)


def find_route(path: str) -> tuple[Route, str] | None:
    """The route of a path below a library, and the key in it; None if there is none."""
    for route in ROUTES:
        match = route.path.fullmatch(path)
        if match:
            return route, match.groupdict().get("key") or ""
    return None
