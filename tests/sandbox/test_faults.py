"""Faults on demand: what each does, whom it strikes, and that equal runs fail equally."""

import email.utils
import threading

import httpx2
import pytest

from dmlsync.errors import ConfigError
from dmlsync.sandbox import serve
from dmlsync.sandbox.faults import KINDS, ConnectionCutError, Faults, parse_fault

BOOK = [{"itemType": "book"}]


@pytest.fixture
def struck(library):
    """Makes the library's client speak to the sandbox through these faults."""

    def struck(*specs, seed=0):
        faults = library.sandbox.with_faults(specs, seed)
        library.http.close()
        library.http = httpx2.Client(
            transport=httpx2.WSGITransport(app=faults),
            base_url="http://sandbox",
            headers={"Zotero-API-Key": library.sandbox.key},
        )
        return faults

    return struck


def test_a_rate_limit_in_seconds(library, struck):
    struck("rate-limit:seconds=2,times=1")
    answer = library.get("/items")
    assert (answer.status_code, answer.text) == (429, "Request rate limit exceeded")
    assert answer.headers["Retry-After"] == "2"
    assert library.get("/items").status_code == 200


def test_too_many_requests_at_once(library, struck):
    struck("concurrency:times=1")
    answer = library.get("/items")
    assert (answer.status_code, answer.text) == (429, "Concurrent request limit exceeded")
    assert answer.headers["Retry-After"] == "1"


def test_a_rate_limit_as_a_date(library):
    now = 1_800_000_000
    faults = Faults(library.sandbox.app, None, clock=lambda: now)
    faults.add("rate-limit:form=date,seconds=90")
    with httpx2.Client(transport=httpx2.WSGITransport(app=faults), base_url="http://sandbox") as client:
        answer = client.get("/itemTypes")
    assert email.utils.parsedate_to_datetime(answer.headers["Retry-After"]).timestamp() == now + 90


def test_backoff_comes_with_the_right_answer(library, struck):
    struck("backoff:seconds=3")
    answer = library.ask("POST", "/items", json=BOOK)
    assert (answer.status_code, answer.headers["Backoff"]) == (200, "3")
    stale = library.ask("POST", "/items", json=BOOK, since=1)
    assert (stale.status_code, stale.headers["Backoff"]) == (412, "3")


def test_maintenance_is_for_everything_and_read_only_for_writes(library, struck):
    struck("read-only:seconds=7")
    answer = library.ask("POST", "/items", json=BOOK)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
    assert library.get("/items").status_code == 200
    struck("maintenance")
    answer = library.get("/items")
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, None)
    assert answer.headers["Content-Type"].startswith("text/html")


def test_a_permission_that_was_taken_away(library, struck):
    struck("forbidden")
    answer = library.ask("POST", "/items", json=BOOK)
    assert (answer.status_code, answer.text) == (403, "Write access denied")
    assert library.read("/items") == []


def test_a_lost_answer_is_to_a_request_that_was_carried_out(library, struck):
    struck("lost-answer:on=write,times=1")
    with pytest.raises(ConnectionCutError):
        library.ask("POST", "/items", json=BOOK)
    assert len(library.read("/items")) == 1


def test_a_lost_request_is_not_carried_out(library, struck):
    struck("lost-request:on=write,times=1")
    with pytest.raises(ConnectionCutError):
        library.ask("POST", "/items", json=BOOK)
    assert library.read("/items") == []


def test_the_server_cuts_the_connection(library):
    server = serve(library.sandbox, 0, library.sandbox.with_faults(["lost-answer:on=write"]))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with pytest.raises(httpx2.RemoteProtocolError):
            httpx2.post(f"{server.url}{library.path}/items", json=BOOK, headers={"Zotero-API-Key": library.sandbox.key})
    finally:
        server.shutdown()
        thread.join()
    assert len(library.read("/items")) == 1


def test_slow_answers(library):
    waited = []
    faults = Faults(library.sandbox.app, None, sleep=waited.append)
    faults.add("slow:seconds=2.5,on=read,after=1")
    with httpx2.Client(transport=httpx2.WSGITransport(app=faults), base_url="http://sandbox") as client:
        for _ in range(3):
            assert client.get("/itemTypes").status_code == 200
    assert waited == [2.5, 2.5]


def test_a_replica_lags_behind_and_catches_up(library, struck):
    struck("stale:reads=3")
    seen = []
    for _ in range(8):
        library.ask("POST", "/items", json=BOOK)
        answer = library.get("/items?format=versions")
        assert int(answer.headers["Last-Modified-Version"]) == len(answer.json()) + 1
        seen.append(len(answer.json()))
    assert seen == [1, 1, 1, 4, 4, 4, 7, 7]


def test_writes_are_held_to_the_present_state(library, struck):
    struck("stale:reads=100")
    library.read("/items")
    library.ask("POST", "/items", json=BOOK)
    answer = library.ask("POST", "/items", json=BOOK, since=library.version)
    assert answer.status_code == 412


def test_truncated_answers(library, struck):
    library.add(*BOOK)
    struck("truncated:times=1")
    answer = library.get("/items")
    assert answer.status_code == 200
    with pytest.raises(ValueError, match="char"):
        answer.json()
    assert len(library.read("/items")) == 1


def test_several_faults_at_once(library, struck):
    struck("backoff:seconds=1", "rate-limit:after=1,times=1", "truncated:after=1")
    assert library.get("/items").headers["Backoff"] == "1"
    limited = library.get("/items")
    assert (limited.status_code, limited.headers["Backoff"]) == (429, "1")


def outcomes(library, faults):
    with httpx2.Client(transport=httpx2.WSGITransport(app=faults), base_url="http://sandbox") as client:
        return [client.get("/itemTypes").status_code for _ in range(200)]


def test_equal_seeds_give_equal_faults(library):
    specs = ["rate-limit:share=0.3", "maintenance:share=0.1"]
    runs = [outcomes(library, library.sandbox.with_faults(specs, seed)) for seed in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]
    assert 30 < runs[0].count(429) < 90


def test_what_was_added_can_be_cleared(library, struck):
    faults = struck("maintenance", "stale")
    faults.clear()
    assert library.get("/items").status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_had_without_options(kind):
    assert parse_fault(kind).kind == kind


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "x",
        "slow:x=1",
        "slow:seconds",
        "slow:seconds=-1",
        "slow:seconds=nan",
        "slow:share=2",
        "slow:times=x",
        "slow:on=x",
    ],
)
def test_faults_that_there_are_not(spec):
    with pytest.raises(ConfigError):
        parse_fault(spec)
