"""The Web API as a WSGI application.

Every request is one transaction of the file. Demonstrations of faults belong around the application, which knows
nothing of them.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from dmlsync.sandbox import access
from dmlsync.sandbox.attachments import receive_upload
from dmlsync.sandbox.calls import Call
from dmlsync.sandbox.downloads import send_file
from dmlsync.sandbox.exports import Exports
from dmlsync.sandbox.libraries import ApiKey, find_key, find_library, token_was_used, use_token
from dmlsync.sandbox.messages import Request, Response, json_response, not_found_page, refusal_response
from dmlsync.sandbox.parameters import first
from dmlsync.sandbox.problem import ApiError
from dmlsync.sandbox.replica import Replica
from dmlsync.sandbox.routes import Route, find_route
from dmlsync.sandbox.schema_pages import schema_etag, schema_page
from dmlsync.sandbox.store import Store
from dmlsync.sandbox.views import View

NEWEST_API_VERSION = 3
_LIBRARY = re.compile(r"/(user|group)s/([0-9]{1,15})(/.*)?", re.DOTALL)


class App:
    """The application on an open file; may be called from several threads at once.

    `exports` are the formats besides the API's own; `quota` is how many megabytes all files together may take.
    """

    def __init__(self, store: Store | Replica, exports: Exports, quota: int) -> None:
        self._store = store
        self._exports = exports
        self._quota = quota

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answers one request."""
        request = Request(environ)
        try:
            response = self._answer(request)
        except ApiError as refusal:
            response = refusal_response(refusal)
        except sqlite3.OperationalError as error:  # the file is locked for too long, or the disk is full
            response = refusal_response(ApiError(503, f"The embedded library is not available ({error})"))
        return response.send(request.method, start_response)

    def _answer(self, request: Request) -> Response:
        if request.header("Expect"):
            raise ApiError(417, "Expect header is not supported")
        _check_api_version(request)
        page = None if _LIBRARY.fullmatch(request.path) else schema_page(request.path, request.query)
        if page is not None:
            with self._store.reading() as db:
                access.key_of(db, request)  # none is needed, but a wrong one is refused everywhere
            return _schema_response(request, page)
        if request.method in access.READING:
            with self._store.reading() as db:
                return send_file(db, request) or self._read(db, request)
        request.body  # noqa: B018  the body is received before the file is held for writing
        with self._store.writing() as db:
            return receive_upload(db, request) or self._write(db, request)

    def _read(self, db: sqlite3.Connection, request: Request) -> Response:
        match = _LIBRARY.fullmatch(request.path)
        if match is None:
            return _key_response(db, request)
        kind, number, rest = match[1], int(match[2]), match[3] or ""
        if kind == "group" and not rest:
            library, _ = access.opened_library(db, request, kind, number, single=True)
            return json_response(access.group_page(db, library.number, request.base))
        if kind == "user" and rest == "/groups":
            key = access.key_of(db, request)
            if find_library(db, kind, number) is None:
                raise ApiError(404, f"User {number} not found")
            groups = access.groups_page(db, key, number, request)
            return json_response(groups, headers={"Total-Results": str(len(groups))})
        call, route, _ = self._call(db, request, kind, number, rest)
        since = request.number("If-Modified-Since-Version") if route.conditional else None
        return Response(304) if since is not None and call.version <= since else route.handlers["GET"](call)

    def _write(self, db: sqlite3.Connection, request: Request) -> Response:
        match = _LIBRARY.fullmatch(request.path)
        if match is None:
            if request.path.startswith("/keys/"):
                raise ApiError(405, "Method not allowed")
            return not_found_page()
        call, route, key = self._call(db, request, match[1], int(match[2]), match[3] or "")
        if not request.body and request.method != "DELETE":
            raise ApiError(400, f"{request.method} data not provided")
        token = _write_token(db, request, key)
        response = route.handlers[request.method](call)
        if token and not call.in_vain and request.method != "DELETE":
            use_token(db, key.key, token)
        return response

    def _call(
        self, db: sqlite3.Connection, request: Request, kind: str, number: int, rest: str
    ) -> tuple[Call, Route, ApiKey]:
        found = find_route(rest)
        library, key = access.opened_library(db, request, kind, number, single=bool(found and found[0].single))
        if found is None:
            raise ApiError(404, "Not found")
        route, object_key = found
        _require_method(request, [*route.handlers, *(["HEAD"] if "GET" in route.handlers else [])])
        view = View(db, library, request.base, key.user, self._exports)
        return Call(db, request, library, view, object_key, self._quota), route, key


def _write_token(db: sqlite3.Connection, request: Request, key: ApiKey) -> str:
    """The token that makes a write happen once, `""` if none was sent. Raises ApiError for one that was used."""
    token = request.header("Zotero-Write-Token") or ""
    if token and not 5 <= len(token) <= 32:
        raise ApiError(400, "Write token must be 5-32 characters in length")
    if token and token_was_used(db, key.key, token):
        raise ApiError(412, "Write token already used")
    return token


def _check_api_version(request: Request) -> None:
    """Refuses a version that there is not; a header that is no number is ignored, and so is text in the address."""
    header, parameter = (
        _known_number(text) for text in (request.header("Zotero-API-Version"), first(request.query, "v"))
    )
    if header and parameter and header != parameter:
        raise ApiError(400, "Zotero-API-Version header does not match 'v' query parameter")
    asked = header or parameter
    if asked and int(asked) > NEWEST_API_VERSION:
        raise ApiError(400, f"Invalid API version '{asked}'")


def _known_number(text: str | None) -> str:
    """A version as it was sent, `""` for what is no number."""
    return text.lstrip("0") if text and text.isascii() and text.isdigit() and len(text) < 19 else ""


def _schema_response(request: Request, page: object) -> Response:
    _require_method(request, access.READING)
    if request.path != "/schema":
        return json_response(page)
    etag = f'"{schema_etag()}"'
    if request.header("If-None-Match") == etag:
        return Response(304, headers={"ETag": etag})
    return json_response(page, headers={"ETag": etag})


def _require_method(request: Request, methods: Iterable[str]) -> None:
    if request.method not in methods:
        raise ApiError(405, "Method not allowed", headers={"Allow": ", ".join(methods)})


def _key_response(db: sqlite3.Connection, request: Request) -> Response:
    """The pages about API keys, which belong to no library."""
    if request.path == "/keys/current":
        key = access.key_of(db, request)
        if key is None:
            raise ApiError(403, "Forbidden")
        return json_response(access.key_page(db, key))
    if request.path.startswith("/keys/"):
        name = request.path.removeprefix("/keys/")
        found = find_key(db, name)
        if found is None:
            raise ApiError(404, f"Key '{name}' not found")
        return json_response(access.key_page(db, found))
    return not_found_page()
