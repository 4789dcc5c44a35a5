"""The way out: through the proxy of the environment where it names one."""

from __future__ import annotations

import ipaddress
import urllib.request
from contextlib import suppress

import httpx2


class ProxyTransport(httpx2.BaseTransport):
    """Sends requests as the variables `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` say.

    What they leave open is asked directly, and this machine always is.
    """

    def __init__(self) -> None:
        self._limits = httpx2.Limits(max_connections=20)
        self._direct = httpx2.HTTPTransport(limits=self._limits)
        self._proxied = {
            scheme: httpx2.HTTPTransport(limits=self._limits, proxy=address)
            for scheme, address in urllib.request.getproxies().items()
            if scheme in ("http", "https", "all") and address.startswith(("http://", "https://"))
        }

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send the request, by the proxy that is for it or directly."""
        proxied = self._proxied.get(request.url.scheme) or self._proxied.get("all")
        if proxied is None or is_loopback(request.url.host) or _is_exempt(request.url.host):
            return self._direct.handle_request(request)
        return proxied.handle_request(request)

    def close(self) -> None:
        """Close all connections."""
        for transport in (self._direct, *self._proxied.values()):
            transport.close()


def _is_exempt(host: str) -> bool:
    with suppress(OSError):
        return bool(urllib.request.proxy_bypass(host))
    return False


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by name or by number."""
    name = host.strip("[]").lower()
    with suppress(ValueError):
        return ipaddress.ip_address(name).is_loopback
    return name == "localhost"
