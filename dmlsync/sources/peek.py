"""A look at what is behind an address: the status and the first bytes, nothing more, and nothing of it is kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace

import httpx2

from dmlsync.sources.http import polite_transport, user_agent
from dmlsync.sources.public_only import ForbiddenAddressError
from dmlsync.sources.settings import DEFAULTS, Endpoint

FIRST = 1024
"""Bytes that are looked at: a PDF names itself within so many."""

_HOPS = 8
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class _ClosedError(Exception):
    """The peeker was closed while a request waited for its turn."""


@dataclass(frozen=True, slots=True)
class Peek:
    """What is behind an address, after all redirects: `url` is where they ended.

    `status` is 0 where nothing answered; `problem` then says why, as a sentence goes on.
    """

    url: str
    status: int = 0
    content_type: str = ""
    first: bytes = b""
    problem: str = ""


class Peeker:
    """Looks at addresses, at the pace of the endpoints and hosts, public ones only; threads may share it.

    Where the endpoint `pages` has an address of its own, it is asked for all pages (`<url>?url=<page>`). HEAD is not
    used: many sites refuse it. Instead the first bytes are asked for, and no more are read, whatever is sent.
    """

    def __init__(
        self, endpoints: Iterable[Endpoint], *, mailto: str = "", network: httpx2.BaseTransport | None = None
    ) -> None:
        endpoints = tuple(endpoints)
        self._pages = next((one for one in endpoints if one.name == "pages"), DEFAULTS["pages"])
        self._closed = threading.Event()
        transport, _ = polite_transport(endpoints, network, self._wait)
        headers = {
            "User-Agent": user_agent(mailto),
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "Range": f"bytes=0-{FIRST - 1}",
        }
        self._client = httpx2.Client(transport=transport, headers=headers, timeout=self._pages.timeout)

    def peek(self, url: str) -> Peek:
        """A look behind an address. Never fails: what cannot be reached is an answer too."""
        try:
            at, params = (self._pages.url, {"url": url}) if self._pages.url else (url, None)
            return self._follow(self._client.build_request("GET", at, params=params), Peek(url))
        except ForbiddenAddressError:
            return Peek(url, problem="leads into a private network")
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, ValueError):
            return Peek(url, problem="is no web address")
        except httpx2.TimeoutException:
            return Peek(url, problem=f"gave no answer within {self._pages.timeout:.0f} s")
        except httpx2.HTTPError as error:
            return Peek(url, problem=f"could not be reached ({str(error) or type(error).__name__})")
        except (_ClosedError, RuntimeError):
            if not self._closed.is_set():
                raise
            return Peek(url, problem="was not looked at")

    def close(self) -> None:
        """Close the connections; threads that wait for their turn give up."""
        self._closed.set()
        self._client.close()

    def __enter__(self) -> Peeker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _follow(self, request: httpx2.Request, asked: Peek) -> Peek:
        for _ in range(_HOPS):
            # A redirect's body is not read, nor any other beyond its first bytes: neither has to have an end.
            with closing(self._client.send(request, stream=True)) as response:
                if response.status_code not in _REDIRECTS or response.next_request is None:
                    return self._seen(response, asked)
                request = response.next_request
        return replace(asked, problem="is redirected again and again")

    def _seen(self, response: httpx2.Response, asked: Peek) -> Peek:
        content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        url = asked.url if self._pages.url else str(response.url)
        return Peek(url, response.status_code, content_type, self._first_bytes(response))

    def _first_bytes(self, response: httpx2.Response, clock: Callable[[], float] = time.monotonic) -> bytes:
        deadline, first = clock() + self._pages.timeout, b""
        for chunk in response.iter_bytes(FIRST):
            first += chunk
            if len(first) >= FIRST or clock() > deadline:
                break
        return first[:FIRST]

    def _wait(self, seconds: float) -> None:
        if self._closed.wait(seconds):
            raise _ClosedError
