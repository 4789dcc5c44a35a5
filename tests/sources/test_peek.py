from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from dmlsync.sources.peek import FIRST, Peek, Peeker
from dmlsync.sources.settings import Endpoint

PAGES = Endpoint("pages", "", timeout=5.0, rate=1_000_000, fixed=True)
URL = "https://site.example/paper.pdf"


def peeker(answer: Callable[[httpx2.Request], httpx2.Response], at: Endpoint = PAGES) -> Peeker:
    return Peeker([at], network=httpx2.MockTransport(answer))


def test_the_first_bytes_are_asked_for_and_named_with_their_type() -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(206, headers={"content-type": "Application/PDF; x=y"}, content=b"%PDF-1.4" + b"x" * 9000)

    look = peeker(answer).peek(URL)
    assert (look.url, look.status, look.content_type, look.problem) == (URL, 206, "application/pdf", "")
    assert look.first.startswith(b"%PDF-1.4") and len(look.first) == FIRST
    assert seen[0].method == "GET" and seen[0].headers["range"] == "bytes=0-1023"


def test_redirects_are_followed_to_public_addresses_only() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        return {
            "/1": httpx2.Response(301, headers={"location": "https://other.example/2"}),
            "/2": httpx2.Response(302, headers={"location": "/3"}),
            "/3": httpx2.Response(200, content=b"here"),
            "/inside": httpx2.Response(302, headers={"location": "http://169.254.169.254/latest"}),
            "/round": httpx2.Response(302, headers={"location": "/round"}),
        }[request.url.path]

    look = peeker(answer)
    assert look.peek("https://site.example/1") == Peek("https://other.example/3", 200, "", b"here")
    assert look.peek("https://site.example/inside").problem == "leads into a private network"
    assert look.peek("https://site.example/round").problem == "is redirected again and again"


@pytest.mark.parametrize("url", ["http://127.0.0.1:22/", "http://10.0.0.1/x.pdf", "http://[::1]/", "http://localhost/"])
def test_links_into_the_own_network_are_not_asked_for(url: str) -> None:
    seen: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(str(request.url))
        return httpx2.Response(200)

    assert peeker(answer).peek(url).problem == "leads into a private network"
    assert seen == []


@pytest.mark.parametrize(
    "url", ["", "no address", "https://[bad/", "ftp://site.example/a.pdf", "mailto:a@b.c", "https://"]
)
def test_what_is_no_web_address_is_said_to_be_none(url: str) -> None:
    look = peeker(lambda _: httpx2.Response(200)).peek(url)
    assert look.status == 0 and look.problem


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (httpx2.ReadTimeout("slow"), "gave no answer within 5 s"),
        (httpx2.ConnectError("refused"), "could not be reached (refused)"),
        (httpx2.RemoteProtocolError("cut off"), "could not be reached (cut off)"),
    ],
)
def test_what_cannot_be_reached_is_an_answer_too(error: Exception, problem: str) -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        raise error

    assert peeker(answer).peek(URL) == Peek(URL, problem=problem)


def test_a_stand_in_for_pages_is_asked_for_all_of_them() -> None:
    seen: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(str(request.url))
        return httpx2.Response(200, content=b"x")

    at = Endpoint("pages", "http://127.0.0.1:8900/page", rate=1_000_000, fixed=True)
    assert peeker(answer, at).peek(URL).url == URL
    assert seen == ["http://127.0.0.1:8900/page?url=https%3A%2F%2Fsite.example%2Fpaper.pdf"]


class _Endless(http.server.BaseHTTPRequestHandler):
    sent = 0

    def do_GET(self) -> None:
        self.send_response(302 if self.path == "/redirect" else 200)
        self.send_header("Location", "/endless")
        self.send_header("Content-Type", "application/pdf")
        self.end_headers()
        try:
            while type(self).sent < 200_000_000:
                self.wfile.write(b"%PDF-" + b"x" * 60_000)
                type(self).sent += 60_005
        except OSError:
            pass

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def endless() -> Iterator[str]:
    """A server whose answers have no end."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Endless) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_an_answer_without_an_end_is_not_read_to_it(endless: str) -> None:
    for path in ("/endless", "/redirect"):
        at = Endpoint("pages", f"{endless}{path}", timeout=5.0, rate=1000, fixed=True)
        with Peeker([at]) as look:
            seen = look.peek(URL)
        assert (seen.status, len(seen.first)) == (200, FIRST)
    assert _Endless.sent < 100_000_000


def test_a_peeker_that_is_closed_lets_nobody_wait() -> None:
    look = peeker(lambda _: httpx2.Response(200), Endpoint("pages", "", timeout=5.0, rate=0.01))
    look.peek(URL)
    ended: list[Any] = []
    thread = threading.Thread(target=lambda: ended.append(look.peek(URL)))
    thread.start()
    look.close()
    thread.join(5)
    assert ended == [Peek(URL, problem="was not looked at")]
