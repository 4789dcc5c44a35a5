"""Keys go to their service and nowhere else; the proxy of the environment is used where it is for."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from dmlsync.errors import SourceRefusedError, SourceUnavailableError
from dmlsync.proxies import ProxyTransport
from dmlsync.sources.cache import Cache
from dmlsync.sources.http import Client
from dmlsync.sources.settings import Endpoint, endpoint

SECRET = "s3cret-key-of-a-lab"
ENVIRONMENT = {"SEMANTIC_SCHOLAR_API_KEY": SECRET, "OPENALEX_API_KEY": SECRET}


def client_of(
    name: str, network: Callable[[httpx2.Request], httpx2.Response], **options: Any
) -> tuple[Client, Endpoint]:
    at = endpoint(name, None, ENVIRONMENT)
    retries = {"attempts": 1, "sleep": lambda _: None}
    return Client([at], network=httpx2.MockTransport(network), retries=retries, **options), at


def test_semantic_scholars_key_is_a_header_and_openalexs_a_parameter() -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, json=1)

    for name in ("semanticscholar", "openalex", "crossref"):
        client, at = client_of(name, answer)
        assert client.get_json(at, f"{at.url}/x", {"q": "a b"}) == 1
    assert [request.headers.get("x-api-key") for request in seen] == [SECRET, None, None]
    assert [dict(request.url.params) for request in seen] == [
        {"q": "a b"},
        {"q": "a b", "api_key": SECRET},
        {"q": "a b"},
    ]


def test_a_body_is_sent_along_with_a_key_at_every_try() -> None:
    bodies: list[bytes] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        bodies.append(request.read())
        return httpx2.Response(503 if len(bodies) == 1 else 200, json=[])

    at = replace(endpoint("semanticscholar", None, ENVIRONMENT), rate=1000)
    quick = {"attempts": 2, "sleep": lambda _: None}
    client = Client([at], network=httpx2.MockTransport(answer), retries=quick)
    client.post_json(at, f"{at.url}/batch", {"ids": ["a"]})
    assert bodies == [b'{"ids":["a"]}'] * 2


@pytest.mark.parametrize("name", ["semanticscholar", "openalex"])
def test_a_key_does_not_follow_a_redirect_to_another_host(name: str) -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        if request.url.host == "elsewhere.example":
            return httpx2.Response(200, json=1)
        return httpx2.Response(302, headers={"location": "https://elsewhere.example/"})

    client, at = client_of(name, answer)
    assert client.get_json(at, f"{at.url}/x") == 1
    assert SECRET in f"{seen[0].url} {seen[0].headers.raw}"
    assert SECRET not in f"{seen[1].url} {seen[1].headers.raw}"


@pytest.mark.parametrize("name", ["semanticscholar", "openalex"])
def test_a_key_is_in_no_cache_and_no_error(name: str, tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    with_cache, at = client_of(name, lambda _: httpx2.Response(200, json=1), cache=Cache(path))
    with with_cache:
        with_cache.get_json(at, f"{at.url}/x")
    assert SECRET.encode() not in path.read_bytes()

    def cut(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadError("cut off")

    for network in (lambda _: httpx2.Response(403, text="no"), lambda _: httpx2.Response(503), cut):
        client, at = client_of(name, network)
        with pytest.raises((SourceRefusedError, SourceUnavailableError)) as caught:
            client.get_json(at, f"{at.url}/x")
        assert SECRET not in f"{caught.value} {caught.value!r} {caught.value.__cause__!r} {at!r}"


def test_an_answer_kept_without_a_key_is_the_same_question_with_one(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    plain = endpoint("openalex", None, {})
    with Client(
        [plain], network=httpx2.MockTransport(lambda _: httpx2.Response(200, json=1)), cache=Cache(path)
    ) as one:
        one.get_json(plain, f"{plain.url}/x")
    other, at = client_of("openalex", lambda _: httpx2.Response(200, json=2), cache=Cache(path))
    with other:
        assert other.get_json(at, f"{at.url}/x") == 1


@pytest.mark.parametrize("value", ["", "  ", "a\nb", "schlüssel"])
def test_what_is_no_key_is_none(value: str) -> None:
    assert endpoint("openalex", None, {"OPENALEX_API_KEY": value}).key is None


class _Proxy(http.server.BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A proxy that the environment names for http, and what it was asked for."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    handler = type("Handler", (_Proxy,), {"asked": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("NO_PROXY", "inside.example,.lab.example")
        yield handler.asked
        server.shutdown()
        thread.join()


def test_the_proxy_of_the_environment_is_asked(proxy: list[str]) -> None:
    with httpx2.Client(transport=ProxyTransport()) as client:
        assert client.get("http://service.invalid/works?x=1").text == "ok"
    assert proxy == ["http://service.invalid/works?x=1"]


@pytest.mark.parametrize("host", ["inside.example", "a.lab.example", "127.0.0.1:9", "localhost:9"])
def test_no_proxy_is_asked_for_exempt_hosts_and_for_this_machine(
    host: str, proxy: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with ProxyTransport() as transport:
        direct: list[str] = []
        monkeypatch.setattr(
            transport._direct, "handle_request", lambda request: direct.append(request.url.host) or httpx2.Response(200)
        )
        httpx2.Client(transport=transport).get(f"http://{host}/")
    assert (proxy, direct) == ([], [host.partition(":")[0]])


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/", "http://169.254.169.254/", "http://[::1]:1/", "http://2130706433/"]
)
def test_addresses_of_the_own_network_are_forbidden_behind_a_proxy_too(url: str, proxy: list[str]) -> None:
    at = Endpoint("pages", "", rate=1000, fixed=True)
    with Client([at]) as client, pytest.raises(SourceRefusedError):
        client.get_text(at, url, accept="text/html")
    assert proxy == []
