"""Keeping a distance between requests: as fast as a service likes, and no faster.

Services measure when requests arrive, not when they were sent. Between two requests lies the pause that the service
asks for, and what the answer to the first took on its way, up to a fifth of the pause: the first may have been that
late and the second will be in time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import httpx2

from dmlsync.sources.settings import Endpoint

_FASTEST, _SLOWEST = 0.02, 60.0  # seconds between requests that a service may ask for
_SLACK = 0.2  # of the pause


class Endpoints:
    """The configured endpoints by their addresses."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        bases = ((httpx2.URL(endpoint.url), endpoint) for endpoint in endpoints if endpoint.url)
        self._bases = {(url.scheme, place(url), url.path.rstrip("/")): endpoint for url, endpoint in bases}

    @property
    def places(self) -> frozenset[str]:
        """Host and port of every endpoint."""
        return frozenset(at for _, at, _ in self._bases)

    def of(self, url: httpx2.URL) -> Endpoint | None:
        """The endpoint that an address belongs to: of all whose address it continues, the one with the longest."""
        scheme, at, path = url.scheme, place(url), url.path.rstrip("/")
        while (found := self._bases.get((scheme, at, path))) is None and path:
            path = path.rpartition("/")[0]
        return found

    def name_of(self, url: httpx2.URL) -> str:
        """What is paced as one: the endpoint, by its address, elsewhere the host."""
        endpoint = self.of(url)
        return endpoint.url if endpoint else url.host


@dataclass(slots=True)
class _Lane:
    """The way to one endpoint or host: `pause` seconds from start to start, the next start not before `free_at`.

    `learns` is false where a person set the rate.
    """

    pause: float
    learns: bool
    turn: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0


class SpacingTransport(httpx2.BaseTransport):
    """Sends to each endpoint, and to each host that is none, one request at a time and no more than its rate allows.

    The next request has to wait until the answer to the one before was read or closed. `rate` (requests per second) is
    that of hosts that are no endpoint. A service that tells its limit in the headers `x-rate-limit-limit` and
    `x-rate-limit-interval` is taken by its word, if that is not faster than 50/s, unless a person set its rate. No host
    is exempt, this machine no more than others.
    """

    def __init__(
        self,
        inner: httpx2.BaseTransport,
        endpoints: Endpoints,
        *,
        rate: float = 2.0,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inner = inner
        self._endpoints = endpoints
        self._rate = rate
        self._sleep = sleep
        self._clock = clock
        self._guard = threading.Lock()
        self._lanes: dict[str, _Lane] = {}

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send the request when it is its turn; the answer has to be closed."""
        lane = self._lane(request.url)
        lane.turn.acquire()
        try:
            wait = lane.free_at - self._clock()
            if wait > 0:
                self._sleep(wait)
            start = self._clock()
            lane.free_at = start + (1 + _SLACK) * lane.pause
            response = self._inner.handle_request(request)
        except BaseException:
            lane.turn.release()
            raise
        slack = min(self._clock() - start, _SLACK * lane.pause)
        self._learn(lane, response.headers)

        def read() -> None:
            lane.free_at = max(start + lane.pause, self._clock()) + slack
            lane.turn.release()

        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=_Watched(response, read),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close the transport beneath."""
        self._inner.close()

    def _lane(self, url: httpx2.URL) -> _Lane:
        endpoint, name = self._endpoints.of(url), self._endpoints.name_of(url)
        rate, learns = (endpoint.rate, not endpoint.fixed) if endpoint else (self._rate, True)
        with self._guard:
            return self._lanes.setdefault(name, _Lane(1 / max(rate, 0.001), learns))

    @staticmethod
    def _learn(lane: _Lane, headers: httpx2.Headers) -> None:
        limit, interval = headers.get("x-rate-limit-limit", ""), headers.get("x-rate-limit-interval", "1s")
        seconds = interval.removesuffix("s")
        if lane.learns and limit.isdecimal() and seconds.isdecimal() and int(limit) > 0:
            lane.pause = min(_SLOWEST, max(_FASTEST, int(seconds) / int(limit)))


class _Watched(httpx2.SyncByteStream):
    """The body of an answer, with a call when it is closed."""

    def __init__(self, response: httpx2.Response, closed: Callable[[], None]) -> None:
        self._response = response
        self._closed: Callable[[], None] | None = closed

    def __iter__(self) -> Iterator[bytes]:
        stream = self._response.stream
        assert isinstance(stream, httpx2.SyncByteStream)
        yield from stream

    def close(self) -> None:
        closed, self._closed = self._closed, None
        with suppress(httpx2.TransportError):
            self._response.close()
        if closed:
            closed()


def place(url: httpx2.URL) -> str:
    """Host and port of an address, the port spelled out."""
    return f"{url.host}:{url.port or (443 if url.scheme == 'https' else 80)}"
