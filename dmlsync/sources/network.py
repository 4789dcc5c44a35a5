"""The keys of the services, added below everything that could keep or carry them."""

from __future__ import annotations

import httpx2

from dmlsync.sources.pacing import Endpoints


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
