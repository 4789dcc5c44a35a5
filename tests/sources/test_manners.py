from __future__ import annotations

import httpx2
import pytest

from dmlsync.sources.manners import ForbiddenAddressError, PublicOnlyTransport, SpacingTransport


class Time:
    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.now += seconds


def spaced(time: Time, **headers: str) -> httpx2.Client:
    answer = httpx2.MockTransport(
        lambda _: httpx2.Response(200, headers={k.replace("_", "-"): v for k, v in headers.items()})
    )
    transport = SpacingTransport(answer, rates={"slow.example": 0.5}, rate=10, sleep=time.sleep, clock=lambda: time.now)
    return httpx2.Client(transport=transport)


def test_requests_to_one_host_keep_their_distance() -> None:
    time = Time()
    client = spaced(time)
    for _ in range(3):
        client.get("https://slow.example/")
    assert time.slept == [2.0, 2.0]


def test_a_host_without_a_rate_of_its_own_has_the_default() -> None:
    time = Time()
    client = spaced(time)
    client.get("https://other.example/")
    client.get("https://other.example/")
    assert time.slept == [0.1]


def test_hosts_do_not_wait_for_each_other_and_time_that_passed_counts() -> None:
    time = Time()
    client = spaced(time)
    client.get("https://slow.example/")
    client.get("https://other.example/")
    time.now += 1.5
    client.get("https://slow.example/")
    assert time.slept == [0.5]


@pytest.mark.parametrize("host", ["127.0.0.1:8900", "localhost", "[::1]:80"])
def test_this_machine_needs_no_manners(host: str) -> None:
    time = Time()
    client = spaced(time)
    for _ in range(5):
        client.get(f"http://{host}/")
    assert time.slept == []


@pytest.mark.parametrize(
    ("limit", "interval", "pause"),
    [("2", "1s", 0.5), ("50", "1s", 0.02), ("1000", "1s", 0.02), ("1", "3s", 3.0), ("x", "1s", 2.0), ("0", "1s", 2.0)],
)
def test_a_host_is_taken_by_its_word(limit: str, interval: str, pause: float) -> None:
    time = Time()
    client = spaced(time, x_rate_limit_limit=limit, x_rate_limit_interval=interval)
    for _ in range(3):
        client.get("https://slow.example/")
    assert time.slept[-1] == pause


NAMES = {
    "inside.example": ["10.1.2.3"],
    "half.example": ["93.184.216.34", "127.0.0.1"],
    "public.example": ["93.184.216.34"],
}


def public(trusted: tuple[str, ...] = ()) -> httpx2.Client:
    answer = httpx2.MockTransport(lambda _: httpx2.Response(200))
    return httpx2.Client(
        transport=PublicOnlyTransport(answer, trusted=trusted, resolve=lambda name: NAMES.get(name, []))
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost:8080/", "http://10.0.0.1/", "http://192.168.1.1/", "http://172.16.5.5/",
        "http://169.254.169.254/latest/meta-data", "http://[::1]/", "http://[fe80::1]/", "http://[fd00::1]/",
        "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/", "http://2130706433/", "http://0x7f000001/", "http://127.1/",
        "http://printer.local/", "http://intranet/", "http://db.internal/", "http://inside.example/", "http://half.example/",
        "http://100.64.0.1/", "http://224.0.0.1/", "http://localhost./",
    ],
)  # fmt: skip
def test_addresses_of_the_own_network_are_forbidden(url: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        public().get(url)


@pytest.mark.parametrize("url", ["https://public.example/", "https://93.184.216.34/", "https://unresolved.example/"])
def test_public_addresses_are_not(url: str) -> None:
    assert public().get(url).status_code == 200


def test_a_configured_place_is_trusted_with_its_port_only() -> None:
    client = public(trusted=("127.0.0.1:8900",))
    assert client.get("http://127.0.0.1:8900/x").status_code == 200
    with pytest.raises(ForbiddenAddressError):
        client.get("http://127.0.0.1:22/")
