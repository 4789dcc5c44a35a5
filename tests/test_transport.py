from __future__ import annotations

import gzip
import http.server
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime

import httpx2
import pytest

from dmlsync.transport import AnswerTooLargeError, RetryTransport, ServiceBusyError

URL = "https://service.test/things?x=1"
EPOCH = 1_700_000_000.0


class Time:
    """A clock that moves only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def clock(self) -> float:
        return self.now

    def wall_clock(self) -> float:
        return EPOCH + self.now


Answer = httpx2.Response | Exception


class Server:
    """Gives the answers in turn, the last one for ever, and keeps what it was sent."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.seen: list[tuple[bytes, dict[str, str]]] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.seen.append((request.read(), dict(request.headers)))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def client_of(server: Callable[[httpx2.Request], httpx2.Response], time: Time, **options: float) -> httpx2.Client:
    transport = RetryTransport(
        httpx2.MockTransport(server),
        sleep=time.sleep,
        clock=time.clock,
        wall_clock=time.wall_clock,
        jitter=lambda: 1.0,
        **options,  # type: ignore[arg-type]
    )
    return httpx2.Client(transport=transport)


def busy(status: int = 503, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, headers={name.replace("_", "-"): value for name, value in headers.items()})


OK = httpx2.Response(200, text="done")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_failure_is_tried_again(status: int) -> None:
    time, server = Time(), Server(busy(status), OK)
    assert client_of(server, time).get(URL).text == "done"
    assert time.slept == [0.5]


@pytest.mark.parametrize("status", [200, 304, 400, 401, 404, 409, 412, 413, 428, 501])
def test_any_other_status_is_an_answer(status: int) -> None:
    time, server = Time(), Server(busy(status))
    assert client_of(server, time).get(URL).status_code == status
    assert len(server.seen) == 1


def test_pauses_double_and_end_with_the_last_try() -> None:
    time, server = Time(), Server(busy(500))
    with pytest.raises(ServiceBusyError) as caught:
        client_of(server, time, attempts=4).get(URL)
    assert time.slept == [0.5, 1.0, 2.0]
    assert (caught.value.host, caught.value.status, caught.value.retry_after) == ("service.test", 500, None)


@pytest.mark.parametrize(
    ("error", "tries"),
    [(httpx2.ConnectError("refused"), 2), (httpx2.ReadTimeout("slow"), 2), (httpx2.RemoteProtocolError("cut"), 3)],
)
def test_a_broken_connection_is_tried_again_and_comes_out_as_it_is_in_the_end(
    error: httpx2.TransportError, tries: int
) -> None:
    time = Time()
    assert client_of(Server(error, OK), time).get(URL).text == "done"
    server = Server(error)
    with pytest.raises(type(error)):
        client_of(server, time, attempts=3).get(URL)
    assert len(server.seen) == tries


def test_an_answer_cut_in_its_middle_is_asked_for_again() -> None:
    class Cut(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield b"do"
            raise httpx2.RemoteProtocolError("peer closed connection")

    server = Server(httpx2.Response(200, stream=Cut()), OK)
    assert client_of(server, Time()).get(URL).text == "done"


def test_broken_compression_is_asked_for_again() -> None:
    bad = httpx2.Response(200, headers={"content-encoding": "gzip"}, stream=httpx2.ByteStream(b"not gzip"))
    assert client_of(Server(bad, OK), Time()).get(URL).text == "done"


def test_every_try_sends_the_same_bytes_and_headers() -> None:
    server = Server(busy(503), busy(429), OK)

    def body() -> Iterator[bytes]:
        yield b"one "
        yield b"two"

    client_of(server, Time()).post(URL, content=body(), headers={"Zotero-Write-Token": "abc"})
    assert len(server.seen) == 3
    assert [sent for sent, _ in server.seen] == [b"one two"] * 3
    assert all(headers == server.seen[0][1] and headers["zotero-write-token"] == "abc" for _, headers in server.seen)


@pytest.mark.parametrize("value", ["7", "7.0", format_datetime(datetime.fromtimestamp(EPOCH + 7, UTC), usegmt=True)])
def test_retry_after_replaces_the_pause(value: str) -> None:
    time = Time()
    client_of(Server(busy(429, retry_after=value), OK), time).get(URL)
    assert time.slept == [7.0]


def test_a_date_is_measured_by_the_clock_of_the_server_that_wrote_it() -> None:
    time = Time()
    hour_ahead = EPOCH + 3600
    date = format_datetime(datetime.fromtimestamp(hour_ahead, UTC), usegmt=True)
    until = format_datetime(datetime.fromtimestamp(hour_ahead + 9, UTC), usegmt=True)
    client_of(Server(busy(503, retry_after=until, date=date), OK), time).get(URL)
    assert time.slept == [9.0]


@pytest.mark.parametrize("value", ["", "soon", "nan", "inf", "0", "-4", "Mon, 99 Foo 2026", "9" * 5000 + "x"])
def test_a_pause_that_says_nothing_falls_back_to_our_own(value: str) -> None:
    time = Time()
    assert client_of(Server(busy(429, retry_after=value), OK), time).get(URL).text == "done"
    assert time.slept == [0.5]


def test_the_longer_of_two_wishes_counts() -> None:
    time = Time()
    client_of(Server(busy(429, retry_after="3", backoff="11"), OK), time).get(URL)
    assert time.slept == [11.0]


def test_too_long_a_pause_is_not_waited_for_and_the_host_is_left_alone_until_it_is_over() -> None:
    time, server = Time(), Server(busy(503, retry_after="600"), OK)
    client = client_of(server, time, patience=30)
    with pytest.raises(ServiceBusyError) as caught:
        client.get(URL)
    assert caught.value.retry_after == 600
    time.now += 100
    with pytest.raises(ServiceBusyError) as caught:
        client.get(URL)
    assert (caught.value.status, caught.value.retry_after) == (503, 500)
    assert len(server.seen) == 1
    time.now += 480
    assert client.get(URL).text == "done"
    assert time.slept == [20.0]


def test_backoff_with_a_good_answer_slows_only_the_next_request_to_the_same_host() -> None:
    time = Time()
    client = client_of(Server(httpx2.Response(200, headers={"Backoff": "5"}), OK), time)
    first = client.get(URL)
    assert "backoff" not in first.headers
    assert time.slept == []
    client.get("https://elsewhere.test/")
    assert time.slept == []
    client.get(URL)
    assert time.slept == [5.0]
    client.get(URL)
    assert time.slept == [5.0]


def test_backoff_with_a_good_answer_costs_patience_at_most() -> None:
    time = Time()
    client = client_of(Server(httpx2.Response(200, headers={"Backoff": "86400"}), OK), time, patience=10)
    client.get(URL)
    client.get(URL)
    assert time.slept == [10.0]


def test_requests_counts_every_try() -> None:
    time = Time()
    transport = RetryTransport(
        httpx2.MockTransport(Server(busy(500), httpx2.ConnectError("no"), OK)), sleep=time.sleep, clock=time.clock
    )
    with httpx2.Client(transport=transport) as client:
        client.get(URL)
        client.get(URL)
    assert transport.requests == 4


def test_jitter_takes_away_up_to_half_of_a_pause() -> None:
    time = Time()
    transport = RetryTransport(
        httpx2.MockTransport(Server(busy(500), OK)), sleep=time.sleep, clock=time.clock, jitter=lambda: 0.0
    )
    httpx2.Client(transport=transport).get(URL)
    assert time.slept == [0.25]


def test_a_large_answer_is_cut_off_and_not_tried_again() -> None:
    server = Server(httpx2.Response(200, content=b"x" * 1001))
    with pytest.raises(AnswerTooLargeError) as caught:
        client_of(server, Time(), max_bytes=1000).get(URL)
    assert (caught.value.host, caught.value.limit) == ("service.test", 1000)
    assert len(server.seen) == 1


def test_an_answer_is_measured_after_decompression() -> None:
    bomb = gzip.compress(bytes(30_000_000))
    assert len(bomb) < 50_000
    response = httpx2.Response(200, headers={"content-encoding": "gzip"}, stream=httpx2.ByteStream(bomb))
    with pytest.raises(AnswerTooLargeError):
        client_of(Server(response), Time(), max_bytes=100_000).get(URL)


def test_a_compressed_answer_arrives_decompressed() -> None:
    packed = gzip.compress(b'{"a": 1}')
    response = httpx2.Response(200, headers={"content-encoding": "gzip"}, stream=httpx2.ByteStream(packed))
    answer = client_of(Server(response), Time()).get(URL)
    assert answer.json() == {"a": 1}
    assert answer.headers["content-length"] == "8"


def test_an_answer_that_drips_is_given_up() -> None:
    time = Time()

    class Dripping(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                time.now += 10
                yield b"."

    with pytest.raises(httpx2.ReadTimeout):
        client_of(Server(httpx2.Response(200, stream=Dripping())), time, attempts=1, answer_seconds=60).get(URL)


def test_the_answer_to_head_keeps_its_length() -> None:
    server = Server(httpx2.Response(200, headers={"content-length": "12345"}))
    assert client_of(server, Time()).head(URL).headers["content-length"] == "12345"


def test_threads_share_a_transport() -> None:
    transport = RetryTransport(httpx2.MockTransport(lambda _: httpx2.Response(200)))
    client = httpx2.Client(transport=transport)
    threads = [threading.Thread(target=lambda: [client.get(URL) for _ in range(25)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert transport.requests == 200


def test_it_reads_from_a_real_socket() -> None:
    class Handler(http.server.BaseHTTPRequestHandler):
        tries = 0

        def do_GET(self) -> None:
            type(self).tries += 1
            if self.tries == 1:  # promises more than it sends, as a connection that breaks does
                self.send_response(200)
                self.send_header("content-length", "100")
                self.end_headers()
                self.wfile.write(b"short")
            else:
                self.send_response(200)
                self.send_header("content-length", "4")
                self.end_headers()
                self.wfile.write(b"done")

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            with httpx2.Client(transport=RetryTransport(base=0.01)) as client:
                assert client.get(f"http://127.0.0.1:{server.server_port}/").text == "done"
        finally:
            server.shutdown()
            thread.join()
    assert Handler.tries == 2
