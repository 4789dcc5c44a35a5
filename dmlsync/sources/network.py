"""The way out: through the proxy of the environment where it names one, and with the keys of the services."""

from __future__ import annotations

import urllib.request
from contextlib import suppress

import httpx2

from dmlsync.sources.pacing import Endpoints
from dmlsync.sources.public_only import is_loopback


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


class KeyTransport(httpx2.BaseTransport):
    """Adds an endpoint's key to the requests that go there, and to no others.

    This happens below the cache, the retries and the redirects: none of them ever sees a key, so none can keep it, name
    it in an error or carry it to another host.
    """

    def __init__(self, inner: httpx2.BaseTransport, endpoints: Endpoints) -> None:
        self._inner = inner
        self._endpoints = endpoints

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a copy of the request that has the key; the request itself stays as it is."""
        endpoint = self._endpoints.of(request.url)
        if endpoint is None or endpoint.key is None:
            return self._inner.handle_request(request)
        url, headers = request.url, request.headers.copy()
        if endpoint.key.header:
            headers[endpoint.key.header] = endpoint.key.value
        else:
            url = url.copy_set_param(endpoint.key.parameter, endpoint.key.value)
        return self._inner.handle_request(
            httpx2.Request(request.method, url, headers=headers, stream=request.stream, extensions=request.extensions)
        )

    def close(self) -> None:
        """Close the transport beneath."""
        self._inner.close()
