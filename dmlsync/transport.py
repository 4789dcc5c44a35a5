"""Sending one HTTP request until it is answered: the transport under every client of dmlsync.

Neither pyzotero nor habanero retries as a shared library needs it, and both misread some refusals, so retrying happens
beneath them. What the layers above see is either a complete answer that is worth reading or one exception. A request
is sent again with the same bytes and headers; it is up to the caller to send only what may be repeated (reads, and
writes that carry a token or a version).
"""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx2

TRANSIENT = frozenset({429, 500, 502, 503, 504})
"""The statuses by which a server asks for another try later."""

DEFAULT_MAX_BYTES = 64 * 1024 * 1024
"""The largest answer, after decompression, that is taken by default."""


_UNREACHED = (httpx2.ConnectError, httpx2.TimeoutException)
_TRIES_UNREACHED = 2  # a host that cannot be reached twice is away: more tries only keep a person waiting


class ServiceBusyError(Exception):
    """A host kept refusing, or asked for a longer pause than we are willing to make.

    `status` is its last HTTP status, `retry_after` the seconds it asked us to wait, None if it did not say.
    """

    def __init__(self, host: str, status: int, retry_after: float | None) -> None:
        wish = "" if retry_after is None else f" and asks for a pause of {retry_after:.0f} s"
        super().__init__(f"{host} answers {status}{wish}")
        self.host = host
        self.status = status
        self.retry_after = retry_after


class AnswerTooLargeError(Exception):
    """A host sent more than `limit` bytes, counted after decompression."""

    def __init__(self, host: str, limit: int) -> None:
        super().__init__(f"{host} sent more than {limit} bytes")
        self.host = host
        self.limit = limit


@dataclass(frozen=True, slots=True)
class _Pause:
    """Until when (by the monotonic clock) a host wants to be left alone, and the status by which it said so."""

    until: float
    status: int


class RetryTransport(httpx2.BaseTransport):
    """Sends requests through `inner`, repeats the ones that failed in passing, and reads answers to their end.

    A try fails in passing when the connection breaks, before or in the middle of the answer, or when the status is one
    of `TRANSIENT`. Between tries it pauses for `base` seconds, doubled each time, less a random half; a `Retry-After`
    (seconds or date) or `Backoff` of the server replaces that pause and holds back every other request to the same
    host too. `Backoff` with a good answer slows the next request to that host, by at most `patience` seconds. Both
    headers are taken out of good answers, for clients above would obey them a second time.

    After `attempts` tries (two where the host was not reached or did not answer in time) it raises `ServiceBusyError`,
    or the `httpx2.TransportError` of the last try. It gives up at once when a server asks for more than `patience`
    seconds, and sends nothing more to that host until they are over. `AnswerTooLargeError` ends an answer of more than
    `max_bytes` after decompression; an answer that takes longer than `answer_seconds` counts as a broken connection.
    What counts as one host is what `same_limits` gives one name; that is host and port. Threads may share a transport.
    """

    def __init__(
        self,
        inner: httpx2.BaseTransport | None = None,
        *,
        attempts: int = 5,
        base: float = 0.5,
        patience: float = 60.0,
        max_bytes: int = DEFAULT_MAX_BYTES,
        answer_seconds: float = 300.0,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        jitter: Callable[[], float] = random.random,
        same_limits: Callable[[httpx2.URL], str] = lambda url: url.netloc.decode("ascii", "replace"),
    ) -> None:
        self._inner = httpx2.HTTPTransport() if inner is None else inner
        self._attempts = max(1, attempts)
        self._base = base
        self._patience = patience
        self._max_bytes = max_bytes
        self._answer_seconds = answer_seconds
        self._sleep = sleep
        self._clock = clock
        self._wall_clock = wall_clock
        self._jitter = jitter
        self._same_limits = same_limits
        self._guard = threading.Lock()
        self._pauses: dict[str, _Pause] = {}
        self._requests = 0

    @property
    def requests(self) -> int:
        """How many requests were sent so far, every try counted."""
        return self._requests

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request, as the class says."""
        request.read()  # a body that comes from a stream could be sent only once
        attempt = unreached = 0
        while True:
            attempt += 1
            last = attempt == self._attempts
            self._keep_pause(request)
            try:
                answer = self._send(request)
            except (httpx2.TransportError, httpx2.DecodingError) as error:
                unreached += isinstance(error, _UNREACHED)
                if last or unreached == _TRIES_UNREACHED:
                    raise
                self._sleep(self._pause_after(attempt))
                continue
            asked = self._asked_pause(answer.headers)
            if answer.status_code not in TRANSIENT:
                if asked:
                    self._note_pause(request, min(asked, self._patience), answer.status_code)
                return answer
            if asked is not None:
                self._note_pause(request, asked, answer.status_code)
            if last or (asked or 0.0) > self._patience:
                raise ServiceBusyError(request.url.host, answer.status_code, asked)
            if not asked:
                self._sleep(self._pause_after(attempt))

    def close(self) -> None:
        """Close the transport beneath."""
        self._inner.close()

    def _send(self, request: httpx2.Request) -> httpx2.Response:
        """One try: the answer with its whole body, decompressed."""
        with self._guard:
            self._requests += 1
        response = self._inner.handle_request(request)
        try:
            body = self._read(request, response)
        finally:
            response.close()
        headers = response.headers.copy()
        for name in ("content-encoding", "transfer-encoding"):
            headers.pop(name, None)
        if request.method != "HEAD":
            headers["content-length"] = str(len(body))
        extensions = {name: value for name, value in response.extensions.items() if name != "network_stream"}
        return httpx2.Response(
            response.status_code, headers=headers, stream=httpx2.ByteStream(body), extensions=extensions
        )

    def _read(self, request: httpx2.Request, response: httpx2.Response) -> bytes:
        deadline = self._clock() + self._answer_seconds
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > self._max_bytes:
                raise AnswerTooLargeError(request.url.host, self._max_bytes)
            if self._clock() > deadline:
                raise httpx2.ReadTimeout(f"no complete answer in {self._answer_seconds:.0f} s", request=request)
        return bytes(body)

    def _pause_after(self, attempt: int) -> float:
        pause: float = self._base * 2 ** (attempt - 1)
        return pause * (0.5 + 0.5 * self._jitter())

    def _keep_pause(self, request: httpx2.Request) -> None:
        """Wait as long as the host has asked for; other threads may prolong that meanwhile."""
        while True:
            with self._guard:
                pause = self._pauses.get(self._same_limits(request.url))
            wait = pause.until - self._clock() if pause else 0.0
            if pause is None or wait <= 0:
                return
            if wait > self._patience:
                raise ServiceBusyError(request.url.host, pause.status, wait)
            self._sleep(wait)

    def _note_pause(self, request: httpx2.Request, seconds: float, status: int) -> None:
        pause = _Pause(self._clock() + seconds, status)
        with self._guard:
            known = self._pauses.get(self._same_limits(request.url))
            if known is None or pause.until > known.until:
                self._pauses[self._same_limits(request.url)] = pause

    def _asked_pause(self, headers: httpx2.Headers) -> float | None:
        """The longer of what `Retry-After` and `Backoff` ask for, in seconds; takes them out of the headers."""
        wishes = [self._seconds(headers.pop(name, ""), headers) for name in ("retry-after", "backoff")]
        return max((wish for wish in wishes if wish is not None), default=None)

    def _seconds(self, value: str, headers: httpx2.Headers) -> float | None:
        try:
            wish = float(value)
        except ValueError:
            pass
        else:
            return max(0.0, wish) if math.isfinite(wish) else None
        until = _timestamp(value)
        if until is None:
            return None
        # The server's own clock, where it tells it, spares us the difference between its clock and ours.
        now = _timestamp(headers.get("date", ""))
        return max(0.0, until - (self._wall_clock() if now is None else now))


def _timestamp(http_date: str) -> float | None:
    """Seconds since the epoch of an HTTP date, None if it is none."""
    try:
        return parsedate_to_datetime(http_date).timestamp()
    except (ValueError, OverflowError):
        return None
