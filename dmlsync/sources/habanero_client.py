"""habanero over our own HTTP client.

habanero makes a connection of its own for each request, without a pool, retries or a cache, and offers no way to hand
it a client. Its modules call `httpx2.get`, so this is where it is led to us: the name `httpx2` in those modules
becomes an object whose `get` asks the client of the source that is calling, in the same thread, and whose other
attributes are httpx2's. A habanero whose modules look different is refused at once, rather than by odd requests later.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from typing import Any

import httpx2

Get = Callable[[str, Mapping[str, Any]], httpx2.Response]
"""Sends a GET request to an address with parameters."""

_MODULES = ("habanero.request", "habanero.request_class", "habanero.cnrequest")
_calling: ContextVar[Get] = ContextVar("the client of the source that is calling habanero")
_guard = threading.Lock()


class _Httpx2:
    """What habanero takes for httpx2."""

    @staticmethod
    def get(url: str, params: Mapping[str, Any] | None = None, **_: object) -> httpx2.Response:
        """Ask the client of the calling source; habanero's own headers and time-out do not count."""
        return _calling.get()(url, params or {})

    def __getattr__(self, name: str) -> Any:
        return getattr(httpx2, name)


@contextmanager
def asking_through(get: Get) -> Iterator[None]:
    """While this lasts, habanero's requests of this thread go through `get`."""
    _take_over()
    token = _calling.set(get)
    try:
        yield
    finally:
        _calling.reset(token)


def _take_over() -> None:
    """Lead habanero's modules to us, once a process."""
    with _guard:
        for name in _MODULES:
            module = import_module(name)
            if isinstance(getattr(module, "httpx2", None), _Httpx2):
                continue
            if getattr(module, "httpx2", None) is not httpx2:
                raise ImportError(f"{name} does not use httpx2 as habanero 2.9 does")
            module.httpx2 = _Httpx2()  # type: ignore[attr-defined]
