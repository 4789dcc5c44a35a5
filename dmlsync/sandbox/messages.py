"""Requests and responses between the WSGI server and the routes."""

from __future__ import annotations

import gzip
import html
import io
import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment
from wsgiref.util import application_uri

from dmlsync import schema
from dmlsync.sandbox.problem import ApiError
from dmlsync.sandbox.values import number_in

BIGGEST_BODY = 32 * 1024 * 1024
"""The most bytes that a request body may have, unpacked."""

BIGGEST_FILE = 100 * 1024 * 1024
"""The most bytes that an uploaded file may have."""

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Request:
    """A request as the routes see it."""

    def __init__(self, environ: WSGIEnvironment) -> None:
        self._environ = environ
        self.method: str = environ["REQUEST_METHOD"]
        self.path = _decoded(environ.get("PATH_INFO", "")).rstrip("/") or "/"
        self.query: dict[str, list[str]] = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        self.base = application_uri(environ).rstrip("/")

    def header(self, name: str) -> str | None:
        """The value of a header, None if it was not sent."""
        value = self._environ.get("HTTP_" + name.upper().replace("-", "_"))
        return value if value is None else str(value).strip()

    def number(self, name: str, *, quoted: bool = False) -> int | None:
        """The value of a version header, None if it was not sent.

        Raises ApiError for what is no number; with `quoted` the refusal tells the value, as it does of a header that is
        about one object.
        """
        value = self.header(name)
        number = None if value is None else number_in(value)
        if value is not None and number is None:
            raise ApiError(400, f"Invalid {name} value" + (f" '{value}'" if quoted else ""))
        return number

    @property
    def content_type(self) -> str:
        """What the body is said to be, `""` if nothing is said."""
        return str(self._environ.get("CONTENT_TYPE") or "")

    @cached_property
    def body(self) -> bytes:
        """The body, unpacked. Raises ApiError if it is too big or not what its encoding says."""
        length = self._environ.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > body_limit(self.path):
            raise ApiError(413, "Request body too large")
        raw: bytes = self._environ["wsgi.input"].read(int(length))
        if (self.header("Content-Encoding") or "").lower() != "gzip":
            return raw
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
                unpacked = packed.read(BIGGEST_BODY + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise ApiError(400, "Invalid gzip data in request body") from error
        if len(unpacked) > BIGGEST_BODY:
            raise ApiError(413, "Request body too large")
        return unpacked

    def json(self) -> Any:
        """The body as JSON. Raises ApiError if it is malformed."""
        try:
            value = json.loads(self.body, parse_constant=_refuse)
            if _SURROGATE.search(self.body):
                json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
        except (ValueError, RecursionError) as error:
            raise ApiError(400, "JSON Error: Syntax error, malformed JSON") from error
        return value


def body_limit(path: str) -> int:
    """The most bytes that the body of a request to a path may have as it is sent."""
    return BIGGEST_FILE + BIGGEST_BODY if path.startswith("/uploads/") else BIGGEST_BODY


def _decoded(path: str) -> str:
    """A path as text: WSGI servers hand over the bytes of UTF-8 as characters, some test clients the text itself."""
    try:
        return path.encode("latin-1").decode()
    except UnicodeError:
        return path


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


@dataclass(slots=True)
class Response:
    """An answer; `version` becomes `Last-Modified-Version`."""

    status: int = 200
    body: bytes = b""
    content_type: str = ""
    version: int | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, request_method: str, start_response: StartResponse) -> Iterable[bytes]:
        """Hands the answer to a WSGI server."""
        headers = {
            "Zotero-API-Version": "3",
            "Zotero-Schema-Version": str(schema.VERSION),
            **({"Content-Type": self.content_type} if self.content_type else {}),
            **({} if self.version is None else {"Last-Modified-Version": str(self.version)}),
            **({} if self.status in (204, 304) else {"Content-Length": str(len(self.body))}),
            **self.headers,
        }
        start_response(f"{self.status} {HTTPStatus(self.status).phrase}", list(headers.items()))
        return [] if request_method == "HEAD" else [self.body]


def json_response(content: Any, version: int | None = None, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(200, body, "application/json", version, dict(headers or {}))


def text_response(text: str, version: int | None = None, headers: Mapping[str, str] | None = None) -> Response:
    """A plain text answer."""
    return Response(200, text.encode(), "text/plain; charset=UTF-8", version, dict(headers or {}))


def refusal_response(refusal: ApiError) -> Response:
    """The answer to a request that is refused as a whole: plain text, which the API calls HTML.

    So what a client sent and the refusal quotes is escaped: `&`, `<`, `>` and double quotes, not single ones.
    """
    body = html.escape(refusal.message, quote=False).replace('"', "&quot;").encode()
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox", **refusal.headers}
    return Response(refusal.code, body, "text/html; charset=UTF-8", refusal.version, headers)


def not_found_page() -> Response:
    """The answer at an address that is none of the API's: a page."""
    page = "<!DOCTYPE html><html><head><title>Not Found</title></head><body><h1>Not Found</h1></body></html>"
    return Response(404, page.encode(), "text/html; charset=UTF-8")
