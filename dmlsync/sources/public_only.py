"""Keeping to public addresses: no link of a list and no redirect makes this machine talk to its own network."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection

import httpx2

from dmlsync.sources.pacing import place

Resolve = Callable[[str], Collection[str]]
"""The IP addresses of a host name; empty where the name cannot be resolved."""


class ForbiddenAddressError(Exception):
    """A request was about to go to an address that is not public, or not of the web; `url` is that address."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url} is not a public web address")
        self.url = url


def resolve(host: str) -> Collection[str]:
    """The IP addresses of a host by the system's resolver."""
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return ()


class PublicOnlyTransport(httpx2.BaseTransport):
    """Lets requests pass only to public addresses of the web and to `trusted` ones (`host:port` of configured URLs).

    Links come out of lists and answers that anyone may have written: none of them may make this machine talk to its
    own network. Every request passes here, so every hop of a redirect does, too. A name that cannot be resolved here is
    let through: behind a proxy, it is the proxy's business, and otherwise the connection fails by itself.
    """

    def __init__(
        self, inner: httpx2.BaseTransport, *, trusted: Collection[str] = (), resolve: Resolve = resolve
    ) -> None:
        self._inner = inner
        self._trusted = frozenset(trusted)
        self._resolve = resolve
        self._verdicts: dict[str, bool] = {}

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send the request, or raise `ForbiddenAddressError`."""
        url = request.url
        if url.scheme not in ("http", "https") or (place(url) not in self._trusted and not self._is_public(url.host)):
            raise ForbiddenAddressError(str(url))
        return self._inner.handle_request(request)

    def close(self) -> None:
        """Close the transport beneath."""
        self._inner.close()

    def _is_public(self, host: str) -> bool:
        if host not in self._verdicts:
            name = host.strip("[]").rstrip(".").lower()
            literal = _address(name)
            found = [literal] if literal else [_address(text) for text in self._resolve(name)]
            local_name = literal is None and ("." not in name or name.endswith((".local", ".internal", ".localhost")))
            self._verdicts[host] = not local_name and all(one is not None and _is_global(one) for one in found)
        return self._verdicts[host]


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        pass
    try:  # 127.1, 0x7f000001 and 2130706433 are addresses, too, to most resolvers
        return ipaddress.ip_address(socket.inet_aton(text))
    except (OSError, ValueError, UnicodeError):
        return None


def _is_global(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_global and not (mapped or address).is_multicast
