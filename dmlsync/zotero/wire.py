"""The requests of a library, sent through pyzotero in a way in which it cannot hide a failure.

pyzotero reads refusals as data, waits on its own, swallows the reports of batches and keeps parameters of a failed
request for the next one. So only a few of its calls are used, and beneath it lies a transport that lets nothing through
but complete JSON answers: whatever else the server says becomes an exception that carries status and words. Pages are
asked for by `start`, because pyzotero's way to the next page breaks on an endpoint with a path.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx2

from dmlsync.errors import LibraryRefusedError
from dmlsync.transport import AnswerTooLargeError, RetryTransport, ServiceBusyError
from dmlsync.zotero.items import KEY, Json
from dmlsync.zotero.problems import Problems, RefusalError

if TYPE_CHECKING:
    from pyzotero.zotero import Zotero

PAGE = 100
"""Objects a page, the most that the server gives."""

CHUNK = 50
"""Keys a request, and objects a write, the most that the server takes."""

_LIBRARY_NAME = re.compile(r"(groups|users)/([1-9]\d*)")


class TokenUsedError(Exception):
    """A write landed, but its answer was lost: the server has seen the token of this repetition before."""


class BatchRefusedError(Exception):
    """The server took offence at a batch as a whole and wrote nothing of it."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(f"{status} {words}")
        self.status = status
        self.words = words


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON answer. `version` is the library's when it was given, `total` how many objects match on all pages."""

    body: object
    version: int
    total: int | None

    def objects(self) -> list[Json]:
        """The envelopes of a list."""
        return [part for part in self.body if isinstance(part, Mapping)] if isinstance(self.body, list) else []

    def versions(self) -> dict[str, int]:
        """The versions by key of an answer in the format `versions`."""
        parts = self.body.items() if isinstance(self.body, Mapping) else ()
        return {key: version for key, version in parts if KEY.fullmatch(key) and isinstance(version, int)}


class Wire:
    """Sends the requests of one library and counts them.

    `transport` is what carries them, HTTP by default; it is wrapped for repetition unless it is a `RetryTransport`.
    Raises `LibraryRefusedError` where `name` or `endpoint` cannot be used.
    """

    def __init__(self, name: str, endpoint: str, api_key: str, transport: httpx2.BaseTransport | None = None) -> None:
        from pyzotero.zotero import Zotero

        parts = _LIBRARY_NAME.fullmatch(name)
        if not parts:
            raise LibraryRefusedError(name, "is no name of a library", "write groups/1234567 or users/1234567")
        self.name = name
        self.endpoint = endpoint.rstrip("/")
        self._check_endpoint()
        self._has_key = bool(api_key)
        self.problems = Problems(name, httpx2.URL(self.endpoint).host, api_key)
        self._retry = transport if isinstance(transport, RetryTransport) else RetryTransport(transport)
        self._client = httpx2.Client(transport=_OnlyGoodAnswers(self._retry), timeout=httpx2.Timeout(120, connect=15))
        # pyzotero closes the client when it is collected, so both live exactly as long as this object.
        self._zotero: Zotero = Zotero(parts[2], parts[1].removesuffix("s"), api_key or None, client=self._client)
        self._zotero.endpoint = self.endpoint

    @property
    def requests(self) -> int:
        """How many HTTP requests were sent so far, retries included."""
        return self._retry.requests

    @property
    def has_key(self) -> bool:
        """Whether requests carry an API key."""
        return self._has_key

    @property
    def schema_version(self) -> int | None:
        """The version of Zotero's schema that the server named last, None if it named none."""
        return self._number("Zotero-Schema-Version")

    def items(self, since: int | None, start: int, limit: int = PAGE) -> Answer:
        """A page of the items newer than `since` (None: of all), trash and children included."""
        newer = {} if since is None else {"since": since}
        zotero = self._zotero
        return self._listed(lambda: zotero.items(includeTrashed=1, limit=limit, start=start, **newer))

    def item_versions(self) -> Answer:
        """Keys and versions of all items, trash and children included, as they were at one moment."""
        return self._listed(lambda: self._zotero.item_versions(includeTrashed=1), whole=True)

    def items_by_key(self, keys: Sequence[str]) -> Answer:
        """The items with these keys, at most `CHUNK` well-formed ones; missing ones are left out."""
        return self._listed(lambda: self._zotero.items(itemKey=",".join(keys), includeTrashed=1, limit=PAGE))

    def collection_versions(self) -> Answer:
        """Keys and versions of all collections, as they were at one moment."""
        return self._listed(self._zotero.collection_versions, whole=True)

    def collections_by_key(self, keys: Sequence[str]) -> Answer:
        """The collections with these keys, at most `CHUNK` well-formed ones; missing ones are left out."""
        return self._listed(lambda: self._zotero.collections(collectionKey=",".join(keys), limit=PAGE))

    def members(self, collection: str) -> Answer | None:
        """Keys and versions of the items in a collection, None if it is gone."""
        call = self._zotero.collection_items_top
        try:
            return self._whole(self._answer(lambda: call(collection, format="versions", limit=None, includeTrashed=1)))
        except RefusalError as refusal:
            if refusal.status == 404 and "collection" in refusal.words.casefold():
                return None
            raise self.problems.refused(refusal) from None

    def write(self, objects: list[dict[str, object]], *, collections: bool) -> Answer:
        """Create or update at most `CHUNK` objects; the body is the server's report.

        Raises `TokenUsedError` and `BatchRefusedError`, next to the errors of a library.
        """
        call = self._zotero.create_collections if collections else self._zotero.create_items
        try:
            answer = self._answer(lambda: call(objects))
        except RefusalError as refusal:
            if refusal.status == 412 and "write token" in refusal.words.casefold():
                raise TokenUsedError from None
            if refusal.status in (400, 412, 413, 428):
                raise BatchRefusedError(refusal.status, self.problems.clean(refusal.words)) from None
            raise self.problems.refused(refusal) from None
        if not isinstance(answer.body, Mapping):
            raise self.problems.garbled("its report on a write is no JSON object")
        return answer

    def get(self, path: str) -> object:
        """Any other address of the server, from its endpoint on. Raises `RefusalError` for the caller to interpret."""
        url, headers = f"{self.endpoint}{path}", self._zotero.default_headers()
        return self._calling(lambda: self._client.get(url, headers=headers).json())

    def knows_field(self, name: str) -> bool:
        """Whether some item type of the server's schema has this field."""
        try:
            fields = self.get("/itemFields")
        except RefusalError as refusal:
            raise self.problems.refused(refusal) from None
        rows = fields if isinstance(fields, list) else []
        return any(isinstance(row, Mapping) and row.get("field") == name for row in rows)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _listed(self, call: Callable[[], object], *, whole: bool = False) -> Answer:
        """A list of objects or, with `whole`, all keys and versions at once."""
        try:
            answer = self._answer(call)
        except RefusalError as refusal:
            raise self.problems.refused(refusal) from None
        if whole:
            return self._whole(answer)
        if not isinstance(answer.body, list):
            raise self.problems.garbled("it answers with another kind of JSON than asked for")
        return answer

    def _whole(self, answer: Answer) -> Answer:
        """Keys and versions of which none may be missing, for what is missing counts as deleted."""
        if not isinstance(answer.body, Mapping) and answer.body != []:
            raise self.problems.garbled("it answers with another kind of JSON than asked for")
        listed = len(answer.versions())
        if answer.total is not None and answer.total != listed:
            raise self.problems.garbled(f"it announces {answer.total} objects and lists {listed}")
        return answer

    def _answer(self, call: Callable[[], object]) -> Answer:
        # What pyzotero remembers of a request that failed would become part of this one.
        self._zotero.url_params = None
        self._zotero.links = None
        body = self._calling(call)
        version = self._number("Last-Modified-Version")
        if version is None:
            raise self.problems.garbled("it does not tell the library's version")
        return Answer(body, version, self._number("Total-Results"))

    def _calling(self, call: Callable[[], object]) -> object:
        """The result of a call, its failures as the errors of a library; a refusal comes out as it is."""
        try:
            return call()
        except (httpx2.HTTPError, httpx2.InvalidURL, ServiceBusyError, AnswerTooLargeError) as error:
            raise self.problems.unanswered(error) from None
        except (ValueError, RecursionError):
            raise self.problems.garbled("its answer is cut off, or no JSON at all") from None

    def _number(self, header: str) -> int | None:
        response = self._zotero.request
        text = response.headers.get(header, "") if response is not None else ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None

    def _check_endpoint(self) -> None:
        try:
            url = httpx2.URL(self.endpoint)
        except httpx2.InvalidURL:
            url = httpx2.URL("")
        if url.scheme not in ("http", "https") or not url.host or url.query or url.fragment:
            raise LibraryRefusedError(
                self.name, "its endpoint is no address", "write something like https://api.zotero.org"
            )
        if "tags" in str(url):  # pyzotero takes every address with this word in it for a list of tags
            raise LibraryRefusedError(self.name, "its endpoint contains the word `tags`", "use another address")


class _OnlyGoodAnswers(httpx2.BaseTransport):
    """Turns everything that is no success with JSON into a `RefusalError`."""

    def __init__(self, inner: httpx2.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = self._inner.handle_request(request)
        content_type = response.headers.get("content-type", "").casefold().partition(";")[0].strip()
        if response.status_code == 200 and content_type == "application/json":
            return response
        try:
            words = response.read().decode("utf-8", "replace")
        finally:
            response.close()
        status = 200 if response.is_success else response.status_code
        raise RefusalError(status, words, request)

    def close(self) -> None:
        self._inner.close()


def chunks(keys: Iterable[str]) -> Iterable[list[str]]:
    """Well-formed keys, each once, in portions that fit one request; the server would ignore the others."""
    wanted = [key for key in dict.fromkeys(keys) if KEY.fullmatch(key)]
    return (wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK))
