"""Faults on demand: a WSGI application around the embedded library that fails as servers and networks do.

A fault is written as its kind with options, `rate-limit:seconds=2,share=0.1`. All kinds know these options:

- `on`: `all`, `read` or `write`, the requests that it may strike;
- `share`: the part of those that it strikes, drawn at random from the seed, so that equal runs fail equally;
- `after`: how many of those pass first; `times`: how often it strikes at most.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from email.utils import formatdate
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from dmlsync.errors import ConfigError
from dmlsync.sandbox.replica import Replica

Lagging = Callable[[int], tuple[WSGIApplication, Replica]]
"""Makes the application on a replica that catches up after so many reads."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `seconds` is how long a client is asked to wait, or waits; `form` how Retry-After tells it."""

    kind: str
    on: str = "all"
    share: float = 1.0
    after: int = 0
    times: int | None = None
    seconds: float | None = None
    form: str = "seconds"
    reads: int = 5


KINDS = {
    "rate-limit": "429 with Retry-After (seconds=10, form=seconds or date)",
    "concurrency": "429 as for more than five requests at once, with Retry-After (seconds=1, form=seconds or date)",
    "backoff": "the right answer with a Backoff header (seconds=10)",
    "maintenance": "503 for everything (seconds: Retry-After, if given)",
    "read-only": "503 for writes (seconds: Retry-After, if given)",
    "forbidden": "403 for writes, as when the permission was taken away",
    "lost-request": "the connection is cut before the request is carried out",
    "lost-answer": "the request is carried out, then the connection is cut",
    "slow": "the answer comes late (seconds=1)",
    "stale": "reads from a replica that catches up only after some (reads=5)",
    "truncated": "the body of the answer stops in the middle",
}
"""What there is, and what it does."""

_DEFAULT_ON = {"read-only": "write", "forbidden": "write", "stale": "read", "truncated": "read"}
_DEFAULT_SECONDS = {"rate-limit": 10.0, "concurrency": 1.0, "backoff": 10.0, "slow": 1.0}
_REFUSALS = {
    "rate-limit": ("429 Too Many Requests", "Request rate limit exceeded"),
    "concurrency": ("429 Too Many Requests", "Concurrent request limit exceeded"),
    "maintenance": ("503 Service Unavailable", "The server is down for maintenance"),
    "read-only": ("503 Service Unavailable", "The server is in read-only mode"),
    "forbidden": ("403 Forbidden", "Write access denied"),
}


class ConnectionCutError(ConnectionAbortedError):
    """The connection is to be cut without an answer. The server does so; in-process, the client sees this error."""


def parse_fault(spec: str) -> Fault:
    """A fault as it is written on the command line. Raises ConfigError."""
    kind, _, rest = spec.partition(":")
    if kind not in KINDS:
        raise ConfigError(f"there is no fault `{kind}`", f"there are {', '.join(KINDS)}")
    values: dict[str, Any] = {"on": _DEFAULT_ON.get(kind, "all"), "seconds": _DEFAULT_SECONDS.get(kind)}
    for pair in filter(None, rest.split(",")):
        name, _, text = pair.partition("=")
        values[name] = _option(kind, name, text)
    return Fault(kind, **values)


def _option(kind: str, name: str, text: str) -> Any:
    choices = {"on": ("all", "read", "write"), "form": ("seconds", "date")}
    try:
        if name in choices and text in choices[name]:
            return text
        if name in ("share", "seconds") and 0 <= float(text) <= (1 if name == "share" else 3600):
            return float(text)
        if name in ("after", "times", "reads") and int(text) >= 0:
            return int(text)
    except ValueError:
        pass
    known = ", ".join(option.name for option in fields(Fault) if option.name != "kind")
    raise ConfigError(f"the fault `{kind}` cannot have `{name}={text}`", f"the options are {known}")


@dataclass(slots=True)
class _Active:
    """A fault with what it has done so far."""

    fault: Fault
    chance: random.Random
    seen: int = 0
    struck: int = 0
    lagging: tuple[WSGIApplication, Replica] | None = None

    def strikes(self, *, writes: bool) -> bool:
        """Whether it strikes this request; counts it."""
        if self.fault.on not in ("all", "write" if writes else "read"):
            return False
        self.seen += 1
        drawn = self.chance.random() < self.fault.share
        exhausted = self.fault.times is not None and self.struck >= self.fault.times
        if self.seen <= self.fault.after or not drawn or exhausted:
            return False
        self.struck += 1
        return True


@dataclass(slots=True)
class _Answer:
    """What the application answered."""

    status: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


class Faults:
    """The application with faults around it; they can be added and cleared while it serves."""

    def __init__(
        self,
        app: WSGIApplication,
        lagging: Lagging,
        seed: int = 0,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._app = app
        self._lagging = lagging
        self._seed = seed
        self._sleep = sleep
        self._clock = clock
        self._active: list[_Active] = []
        self._lock = threading.Lock()

    def add(self, spec: str) -> None:
        """One more fault, from now on. Raises ConfigError."""
        fault = parse_fault(spec)
        with self._lock:
            active = _Active(fault, random.Random(f"{self._seed}/{len(self._active)}/{fault.kind}"))
            if fault.kind == "stale":
                active.lagging = self._lagging(fault.reads)
            self._active.append(active)

    def clear(self) -> None:
        """No more faults."""
        with self._lock:
            for active in self._active:
                if active.lagging:
                    active.lagging[1].close()
            self._active.clear()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answers one request, or fails to. Raises ConnectionCutError."""
        writes = environ["REQUEST_METHOD"] not in ("GET", "HEAD", "OPTIONS")
        with self._lock:
            struck = [active for active in self._active if active.strikes(writes=writes)]
        kinds = {active.fault.kind for active in struck}
        for active in struck:
            if active.fault.kind == "slow":
                self._sleep(active.fault.seconds or 0)
        if "lost-request" in kinds:
            raise ConnectionCutError("the connection was cut before the request was carried out")
        refusal = next((active.fault for active in struck if active.fault.kind in _REFUSALS), None)
        answer = self._refused(refusal) if refusal else self._answered(environ, struck)
        if "lost-answer" in kinds and refusal is None:
            raise ConnectionCutError("the connection was cut before the answer was sent")
        for active in struck:
            if active.fault.kind == "backoff":
                answer.headers.append(("Backoff", f"{active.fault.seconds:g}"))
        if "truncated" in kinds:
            _truncate(answer)
        start_response(answer.status, answer.headers)
        return [answer.body]

    def _refused(self, fault: Fault) -> _Answer:
        status, text = _REFUSALS[fault.kind]
        body = text.encode()
        headers = [("Content-Type", "text/html; charset=UTF-8"), ("Content-Length", str(len(body)))]
        if fault.seconds is not None:
            date = formatdate(self._clock() + fault.seconds, usegmt=True)
            headers.append(("Retry-After", date if fault.form == "date" else f"{fault.seconds:g}"))
        return _Answer(status, headers, body)

    def _answered(self, environ: WSGIEnvironment, struck: list[_Active]) -> _Answer:
        app = next((active.lagging[0] for active in struck if active.lagging), self._app)
        answer = _Answer()

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            answer.status, answer.headers = status, list(headers)
            return lambda part: None

        answer.body = b"".join(app(environ, start))
        return answer


def _truncate(answer: _Answer) -> None:
    """Half of the body, with the length of that half: what a proxy hands on when its server dies."""
    answer.body = answer.body[: len(answer.body) // 2]
    answer.headers = [
        (name, str(len(answer.body)) if name.lower() == "content-length" else value) for name, value in answer.headers
    ]
