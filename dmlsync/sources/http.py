"""One HTTP client for all sources: cached, spaced, retried, bounded.

What a source gets is an answer it can read, None where the service says that there is no such thing (404), or one of
the two errors of the port: `SourceUnavailableError` (ask later) and `SourceRefusedError` (never ask this again).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

import httpx2

from dmlsync import __version__
from dmlsync.errors import SourceRefusedError, SourceUnavailableError
from dmlsync.proxies import ProxyTransport
from dmlsync.sources.cache import Answer, Cache, key_of
from dmlsync.sources.network import KeyTransport
from dmlsync.sources.pacing import Endpoints, SpacingTransport
from dmlsync.sources.public_only import ForbiddenAddressError, PublicOnlyTransport
from dmlsync.sources.settings import DEFAULTS, Endpoint
from dmlsync.transport import AnswerTooLargeError, RetryTransport, ServiceBusyError

MAX_BYTES = 32 * 1024 * 1024
"""The largest answer taken from a service: a full batch of fifty Crossref records has about 5 MB."""

TRIES = 3
"""How often an answer that arrives damaged is asked for: services under load cut answers short."""

Parsed = TypeVar("Parsed")
Params = Mapping[str, str | int]


class DamagedAnswerError(SourceUnavailableError):
    """The service answered, and kept answering, with something that is not what was asked for."""


class InterruptedWaitError(Exception):
    """The client was closed while a request waited for its turn."""


class Client:
    """Asks the services; threads may share one.

    `endpoints` are the services that will be asked: their hosts are trusted, their rates kept and their keys sent.
    `cache` keeps answers, with `refresh` it is written but not read. `mailto` goes into the `User-Agent`, by which
    Crossref serves faster. `network` is the transport beneath, for tests.
    """

    def __init__(
        self,
        endpoints: Iterable[Endpoint] = tuple(DEFAULTS.values()),
        *,
        mailto: str = "",
        cache: Cache | None = None,
        refresh: bool = False,
        network: httpx2.BaseTransport | None = None,
        retries: Mapping[str, Any] | None = None,
    ) -> None:
        self._closed = threading.Event()
        polite, known = polite_transport(endpoints, network, self._wait)
        own = {"max_bytes": MAX_BYTES, "sleep": self._wait, "same_limits": known.name_of}
        self._transport = RetryTransport(polite, **{**own, **(retries or {})})
        self._cache = cache
        self._refresh = refresh
        self._client = httpx2.Client(
            transport=self._transport,
            headers={"User-Agent": user_agent(mailto)},
            follow_redirects=True,
            max_redirects=5,
        )

    @property
    def requests(self) -> int:
        """How many HTTP requests were sent so far, retries included; answers out of the cache cost none."""
        return self._transport.requests

    def get_json(self, at: Endpoint, url: str, params: Params | None = None) -> Any | None:
        """The JSON value behind an address; None if there is no such thing."""
        return self._ask(at, self._request("GET", url, params, "application/json"), _json)

    def post_json(self, at: Endpoint, url: str, value: Any, params: Params | None = None) -> Any | None:
        """The JSON value that a service answers to a JSON value sent to it (a read: it may be repeated)."""
        body = json.dumps(value, separators=(",", ":")).encode()
        return self._ask(at, self._request("POST", url, params, "application/json", body), _json)

    def get_text(self, at: Endpoint, url: str, params: Params | None = None, *, accept: str) -> str | None:
        """The text behind an address, if it is of the media type `accept`; None if there is no such thing."""
        return self.get(at, url, params, accept=accept, parse=str)

    def get(
        self, at: Endpoint, url: str, params: Params | None = None, *, accept: str, parse: Callable[[str], Parsed]
    ) -> Parsed | None:
        """What `parse` makes of the text behind an address; a `ValueError` of it means that the text is damaged."""
        return self._ask(at, self._request("GET", url, params, accept), parse)

    def close(self) -> None:
        """Close the connections and the cache; threads that still wait here for their turn give up."""
        self._closed.set()
        self._client.close()
        if self._cache:
            self._cache.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _wait(self, seconds: float) -> None:
        if self._closed.wait(seconds):
            raise InterruptedWaitError

    def _request(self, method: str, url: str, params: Params | None, accept: str, body: bytes = b"") -> httpx2.Request:
        headers = {"Accept": accept} | ({"Content-Type": "application/json"} if body else {})
        return self._client.build_request(method, url, params=params, headers=headers, content=body or None)

    def _ask(self, at: Endpoint, request: httpx2.Request, parse: Callable[[str], Parsed]) -> Parsed | None:
        key = key_of(request.method, str(request.url), request.read(), request.headers["accept"])
        if self._cache and not self._refresh and (known := self._cache.get(key)):
            with suppress(ValueError, RecursionError):
                return _parsed(known, parse)
        for attempt in range(1, TRIES + 1):
            try:
                answer = self._send(at, request)
                parsed = _parsed(answer, parse)
                break
            except (ValueError, RecursionError) as error:
                if attempt == TRIES:
                    raise DamagedAnswerError(at.name, f"{request.url.host}: {error}", "ask again later") from error
        if self._cache:
            self._cache.put(key, answer)
        return parsed

    def _send(self, at: Endpoint, request: httpx2.Request) -> Answer:
        """The answer of the service, or one of the two errors of the port."""
        request.extensions["timeout"] = httpx2.Timeout(at.timeout).as_dict()
        try:
            response = self._client.send(request)
        except ServiceBusyError as error:
            raise SourceUnavailableError(at.name, str(error), "ask again later") from error
        except (InterruptedWaitError, RuntimeError) as error:  # httpx2 raises the latter where it is closed
            if not self._closed.is_set():
                raise
            raise SourceUnavailableError(at.name, "the run was interrupted", "ask again later") from error
        except (AnswerTooLargeError, ForbiddenAddressError) as error:
            raise SourceRefusedError(at.name, str(error)) from error
        except (httpx2.TooManyRedirects, httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
            raise SourceRefusedError(at.name, f"{request.url} leads nowhere") from error
        except httpx2.HTTPError as error:
            reason = str(error) or type(error).__name__
            raise SourceUnavailableError(at.name, f"{request.url.host}: {reason}", "ask again later") from error
        status = response.status_code
        if status in (404, 410):
            return Answer(404, "")
        if status in (401, 403) and "html" in request.headers["accept"]:
            return Answer(404, "")  # a page that is for subscribers or browsers only: for us there is none
        if status in (401, 403):  # of this network or key, not of the question: nothing is known of the entry
            remedy = "see whether this network, and the key if there is one, may ask there"
            raise SourceUnavailableError(at.name, f"{request.url.host} answers {status}", remedy)
        if status in (408, 425) or status >= 500:
            raise SourceUnavailableError(at.name, f"{request.url.host} answers {status}", "ask again later")
        if status != 200:
            raise SourceRefusedError(at.name, f"{request.url.host} answers {status} to {request.url.path}")
        return self._checked(request, response)

    @staticmethod
    def _checked(request: httpx2.Request, response: httpx2.Response) -> Answer:
        """The answer, if it is what was asked for: a page of a proxy or of a portal with status 200 is not."""
        wanted = request.headers["accept"].rpartition("/")[2].rpartition("+")[2]
        given = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if wanted == "html" and given and "html" not in given:
            return Answer(404, "")  # a PDF behind a link is not a page
        if wanted != "html" and "html" in given:
            raise ValueError("a web page instead of data")
        return Answer(200, response.text)


def polite_transport(
    endpoints: Iterable[Endpoint], network: httpx2.BaseTransport | None, sleep: Callable[[float], None]
) -> tuple[SpacingTransport, Endpoints]:
    """The way to services and sites: paced, to public addresses only; and the endpoints as it knows them."""
    endpoints = tuple(endpoints)
    known = Endpoints(endpoints)
    elsewhere = next((endpoint.rate for endpoint in endpoints if not endpoint.url), DEFAULTS["pages"].rate)
    public = PublicOnlyTransport(KeyTransport(network or ProxyTransport(), known), trusted=known.places)
    return SpacingTransport(public, known, rate=elsewhere, sleep=sleep), known


def user_agent(mailto: str) -> str:
    """How we introduce ourselves (https://www.crossref.org/documentation/retrieve-metadata/rest-api/)."""
    return f"dmlsync/{__version__} (mailto:{mailto})" if mailto else f"dmlsync/{__version__}"


def _parsed(answer: Answer, parse: Callable[[str], Parsed]) -> Parsed | None:
    return None if answer.status == 404 else parse(answer.text)


def _json(text: str) -> Any:
    return json.loads(text)
