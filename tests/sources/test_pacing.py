from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import pairwise

import httpx2
import pytest

from dmlsync.sources.pacing import Endpoints, SpacingTransport
from dmlsync.sources.settings import Endpoint

MIRROR = "http://127.0.0.1:8900"
ENDPOINTS = Endpoints(
    [
        Endpoint("dblp", "https://slow.example", rate=0.5),
        Endpoint("crossref", f"{MIRROR}/crossref", rate=5),
        Endpoint("arxiv", f"{MIRROR}/arxiv", rate=1),
        Endpoint("openalex", f"{MIRROR}/arxiv/within", rate=4),
        Endpoint("semanticscholar", "https://mine.example", rate=200, fixed=True),
        Endpoint("pages", ""),
    ]
)


class Time:
    """A clock that moves by sleeping, and by `travel` with each request."""

    def __init__(self, travel: float = 0.0) -> None:
        self.now = 100.0
        self.travel = travel
        self.starts: list[tuple[str, float]] = []

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def gaps(self) -> list[float]:
        """The seconds from each start to the next."""
        times = [at for _, at in self.starts]
        return [round(after - before, 6) for before, after in pairwise(times)]


def spaced(
    time: Time, answer: Callable[[httpx2.Request], httpx2.Response] | None = None, **headers: str
) -> httpx2.Client:
    def network(request: httpx2.Request) -> httpx2.Response:
        time.starts.append((str(request.url), time.now))
        time.now += time.travel
        if answer:
            return answer(request)
        return httpx2.Response(200, headers={name.replace("_", "-"): value for name, value in headers.items()})

    transport = SpacingTransport(
        httpx2.MockTransport(network), ENDPOINTS, rate=10, sleep=time.sleep, clock=lambda: time.now
    )
    return httpx2.Client(transport=transport, follow_redirects=True)


@pytest.mark.parametrize(
    ("url", "gap"),
    [
        ("https://slow.example/x", 2.0),
        ("https://other.example/", 0.1),
        (f"{MIRROR}/crossref", 0.2),
        (f"{MIRROR}/crossref/works?x=1", 0.2),
        (f"{MIRROR}/arxiv/api/query", 1.0),
        (f"{MIRROR}/arxiv/within/works", 0.25),
        (f"{MIRROR}/crossrefs", 0.1),
        ("http://localhost:1/", 0.1),
        ("http://slow.example/", 0.1),
    ],
)
def test_each_endpoint_has_its_pace_and_other_hosts_theirs_this_machine_too(url: str, gap: float) -> None:
    time = Time()
    client = spaced(time)
    for _ in range(3):
        client.get(url)
    assert time.gaps() == [gap, gap]


def test_endpoints_on_one_host_do_not_wait_for_each_other() -> None:
    time = Time()
    client = spaced(time)
    for path in ("/crossref/works", "/arxiv/api/query", "/arxiv/within/works"):
        client.get(MIRROR + path)
    assert time.gaps() == [0, 0]


def test_time_that_passed_counts() -> None:
    time = Time()
    client = spaced(time)
    client.get("https://slow.example/")
    time.now += 1.5
    client.get("https://slow.example/")
    assert time.gaps() == [2.0]


@pytest.mark.parametrize(("travel", "gap"), [(0.0, 2.0), (0.1, 2.1), (0.4, 2.4), (1.0, 2.4), (2.0, 2.4), (3.0, 3.4)])
def test_what_the_first_request_took_is_added_up_to_a_fifth_of_the_pause(travel: float, gap: float) -> None:
    time = Time(travel)
    client = spaced(time)
    client.get("https://slow.example/")
    client.get("https://slow.example/")
    assert time.gaps() == [gap]


def test_a_redirect_keeps_the_pace_of_the_host_it_leads_to() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "other.example":
            return httpx2.Response(302, headers={"location": "https://slow.example/"})
        return httpx2.Response(200)

    time = Time()
    client = spaced(time, answer)
    client.get("https://other.example/")
    client.get("https://other.example/")
    assert [round(at - 100, 6) for url, at in time.starts if "slow" in url] == [0.0, 2.0]


@pytest.mark.parametrize(
    ("limit", "interval", "pause"),
    [("2", "1s", 0.5), ("50", "1s", 0.02), ("1000", "1s", 0.02), ("1", "3s", 3.0), ("x", "1s", 2.0), ("0", "1s", 2.0)],
)
def test_a_service_is_taken_by_its_word(limit: str, interval: str, pause: float) -> None:
    time = Time()
    client = spaced(time, x_rate_limit_limit=limit, x_rate_limit_interval=interval)
    for _ in range(3):
        client.get("https://slow.example/")
    assert time.gaps()[-1] == pause


def test_what_one_endpoint_tells_does_not_count_for_its_neighbours() -> None:
    time = Time()
    client = spaced(time, x_rate_limit_limit="1", x_rate_limit_interval="30s")
    client.get(f"{MIRROR}/crossref/works")
    for _ in range(2):
        client.get(f"{MIRROR}/arxiv/api/query")
    assert time.gaps()[0] == 0


def test_a_rate_that_a_person_set_outranks_what_the_service_tells() -> None:
    time = Time()
    client = spaced(time, x_rate_limit_limit="1")
    for _ in range(3):
        client.get("https://mine.example/")
    assert time.gaps() == [0.005, 0.005]


def test_a_request_that_fails_gives_the_turn_on_and_counts() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if len(time.starts) == 1:
            raise httpx2.ReadError("cut off")
        return httpx2.Response(200)

    time = Time()
    client = spaced(time, answer)
    with pytest.raises(httpx2.ReadError):
        client.get("https://slow.example/")
    client.get("https://slow.example/")
    assert time.gaps() == [2.4]


def test_the_next_request_waits_until_the_answer_is_read() -> None:
    open_at_once, most = 0, 0
    guard = threading.Lock()

    class Body(httpx2.SyncByteStream):
        def __iter__(self):  # type: ignore[no-untyped-def]
            yield b"a"
            yield b"b"

        def close(self) -> None:
            nonlocal open_at_once
            with guard:
                open_at_once -= 1

    def answer(_: httpx2.Request) -> httpx2.Response:
        nonlocal open_at_once, most
        with guard:
            open_at_once += 1
            most = max(most, open_at_once)
        return httpx2.Response(200, stream=Body())

    client = spaced(Time(), answer)
    threads = [threading.Thread(target=client.get, args=("https://mine.example/",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
