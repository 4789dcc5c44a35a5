from __future__ import annotations

import httpx2
import pytest

from dmlsync.sources.public_only import ForbiddenAddressError, PublicOnlyTransport

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
