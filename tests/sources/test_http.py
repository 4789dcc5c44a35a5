from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from dmlsync.errors import SourceRefusedError, SourceUnavailableError
from dmlsync.sources.cache import Cache
from dmlsync.sources.http import Client, DamagedAnswerError
from dmlsync.sources.settings import Endpoint

AT = Endpoint("crossref", "https://service.example", rate=1_000_000, fixed=True)
URL = "https://service.example/works"


def client_over(network: Callable[[httpx2.Request], httpx2.Response], **options: Any) -> Client:
    retries = {"attempts": 2, "sleep": lambda _: None}
    return Client([AT], network=httpx2.MockTransport(network), retries=retries, **options)


class Counting:
    """A service that answers each question with the number of times it was asked anything."""

    def __init__(self, status: int = 200) -> None:
        self.asked = 0
        self.status = status

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked += 1
        return httpx2.Response(self.status, json=self.asked)


def test_nothing_is_asked_twice(tmp_path: Path) -> None:
    service = Counting()
    for _ in range(2):
        with client_over(service, cache=Cache(tmp_path / "cache.sqlite")) as client:
            assert client.get_json(AT, URL, {"q": "a"}) == 1
    assert (service.asked, client.requests) == (1, 0)


def test_what_does_not_exist_is_remembered_too(tmp_path: Path) -> None:
    service = Counting(404)
    with client_over(service, cache=Cache(tmp_path / "cache.sqlite")) as client:
        assert client.get_json(AT, URL) is None
        assert client.get_json(AT, URL) is None
    assert service.asked == 1


def test_different_questions_are_kept_apart(tmp_path: Path) -> None:
    service = Counting()
    with client_over(service, cache=Cache(tmp_path / "cache.sqlite")) as client:
        answers = [
            client.get_json(AT, URL),
            client.get_json(AT, URL, {"q": "a"}),
            client.post_json(AT, URL, {"ids": [1]}),
            client.post_json(AT, URL, {"ids": [2]}),
            client.get_text(AT, URL, accept="text/plain"),
        ]
    assert answers == [1, 2, 3, 4, "5"]


@pytest.mark.parametrize("status", [500, 503, 429])
def test_failures_are_not_kept(status: int, tmp_path: Path) -> None:
    service = Counting(status)
    with client_over(service, cache=Cache(tmp_path / "cache.sqlite")) as client:
        with pytest.raises(SourceUnavailableError):
            client.get_json(AT, URL)
        service.status = 200
        assert client.get_json(AT, URL) == 3


def test_a_damaged_answer_is_asked_for_again_and_never_kept(tmp_path: Path) -> None:
    bodies = ['{"a": ', "", '{"a": 1', '{"a": 2}', "<", '{"a": 3}']

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-type": "application/json"}, text=bodies.pop(0))

    with client_over(answer, cache=Cache(tmp_path / "cache.sqlite")) as client:
        with pytest.raises(DamagedAnswerError):
            client.get_json(AT, URL)
        assert client.get_json(AT, URL) == {"a": 2}
        assert client.get_json(AT, URL, {"q": "other"}) == {"a": 3}


def test_a_refresh_asks_again_and_remembers_the_new_answer(tmp_path: Path) -> None:
    service, path = Counting(), tmp_path / "cache.sqlite"
    for refresh, answer in ((False, 1), (True, 2), (False, 2)):
        with client_over(service, cache=Cache(path), refresh=refresh) as client:
            assert client.get_json(AT, URL) == answer


def test_a_web_page_instead_of_data_is_a_failure_and_data_instead_of_a_page_is_no_page() -> None:
    page = client_over(lambda _: httpx2.Response(200, html="<p>Log in</p>"))
    with pytest.raises(SourceUnavailableError):
        page.get_json(AT, URL)
    assert page.get_text(AT, URL, accept="text/html") == "<p>Log in</p>"
    pdf = client_over(lambda _: httpx2.Response(200, headers={"content-type": "application/pdf"}, content=b"%PDF-"))
    assert pdf.get_text(AT, URL, accept="text/html") is None


@pytest.mark.parametrize("status", [400, 406, 418, 204, 300])
def test_other_answers_are_refusals_that_name_the_source(status: int) -> None:
    with pytest.raises(SourceRefusedError) as caught:
        client_over(lambda _: httpx2.Response(status)).get_json(AT, URL)
    assert caught.value.source == "crossref"


def test_redirects_are_followed_five_times() -> None:
    def hops(count: int) -> Callable[[httpx2.Request], httpx2.Response]:
        def answer(request: httpx2.Request) -> httpx2.Response:
            at = int(request.url.params.get("hop", "0"))
            return (
                httpx2.Response(302, headers={"location": f"/works?hop={at + 1}"})
                if at < count
                else httpx2.Response(200, json=at)
            )

        return answer

    assert client_over(hops(5)).get_json(AT, URL) == 5
    with pytest.raises(SourceRefusedError):
        client_over(hops(6)).get_json(AT, URL)


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:5000/admin",
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://localhost/",
        "ftp://x.org/",
        "http://169.254.169.254/",
    ],
)
def test_a_redirect_into_the_own_network_is_not_followed(target: str) -> None:
    seen: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.url.host)
        return httpx2.Response(302, headers={"location": target})

    with pytest.raises(SourceRefusedError):
        client_over(answer).get_json(AT, URL)
    assert seen == ["service.example"]


def test_a_configured_address_may_be_local() -> None:
    at = Endpoint("pages", "http://127.0.0.1:8900/page")
    client = Client([at], network=httpx2.MockTransport(lambda _: httpx2.Response(200, json=1)))
    assert client.get_json(at, f"{at.url}?url=x") == 1
    with pytest.raises(SourceRefusedError):
        client.get_json(at, "http://127.0.0.1:8901/page")


def test_the_time_out_of_the_endpoint_counts() -> None:
    seen: list[Any] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.extensions["timeout"]["read"])
        return httpx2.Response(200, json=1)

    client_over(answer).get_json(Endpoint("crossref", AT.url, timeout=7.5), URL)
    assert seen == [7.5]


def test_threads_share_a_client(tmp_path: Path) -> None:
    service = Counting()
    answers: list[Any] = []
    with client_over(
        lambda request: httpx2.Response(200, json=str(request.url)), cache=Cache(tmp_path / "c.sqlite")
    ) as client:
        threads = [
            threading.Thread(target=lambda: answers.extend(client.get_json(AT, URL, {"n": n}) for n in range(20)))
            for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert service.asked == 0
    assert sorted(answers) == sorted(6 * [f"{URL}?n={n}" for n in range(20)])


def test_a_body_is_sent_as_json() -> None:
    echo = client_over(
        lambda request: httpx2.Response(
            200, json=[request.method, request.headers["content-type"], json.loads(request.content)]
        )
    )
    assert echo.post_json(AT, URL, {"ids": ["DOI:ä"]}) == ["POST", "application/json", {"ids": ["DOI:ä"]}]


def test_a_client_that_is_closed_lets_nobody_wait() -> None:
    at = Endpoint("arxiv", "https://slow.example", rate=0.01)
    client = Client([at], network=httpx2.MockTransport(lambda _: httpx2.Response(200, json=1)))
    client.get_json(at, f"{at.url}/1")
    ended: list[SourceUnavailableError] = []
    asking = threading.Event()

    def ask() -> None:
        asking.set()
        with pytest.raises(SourceUnavailableError) as caught:
            client.get_json(at, f"{at.url}/2")
        ended.append(caught.value)

    thread = threading.Thread(target=ask)
    thread.start()
    asking.wait(5)
    client.close()
    thread.join(5)
    assert len(ended) == 1
    assert client.requests <= 2


def test_a_service_that_is_busy_holds_back_no_neighbour_on_its_host() -> None:
    busy = Endpoint("arxiv", "https://mirror.example/arxiv", rate=1000, fixed=True)
    other = Endpoint("dblp", "https://mirror.example/dblp", rate=1000, fixed=True)

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.startswith("/arxiv"):
            return httpx2.Response(429, headers={"retry-after": "600"})
        return httpx2.Response(200, json=1)

    client = Client([busy, other], network=httpx2.MockTransport(answer))
    with pytest.raises(SourceUnavailableError):
        client.get_json(busy, f"{busy.url}/x")
    assert client.get_json(other, f"{other.url}/x") == 1
