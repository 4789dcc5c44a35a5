"""A network that replays recorded answers, and the sources over it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from dmlsync.sources import build
from dmlsync.sources.base import Source
from dmlsync.sources.http import Client
from dmlsync.sources.settings import Endpoint

DATA = Path(__file__).parents[1] / "data" / "sources"
BASE = "https://service.example/api"
Network = Callable[[httpx2.Request], httpx2.Response]


def over(name: str, network: Network, **options: Any) -> tuple[Source, Client]:
    """The source `name` and its client over a network that a function plays."""
    at = Endpoint(name, BASE, rate=1_000_000, fixed=True)
    quick = {"attempts": 2, "sleep": lambda _: None}
    client = Client([at], network=httpx2.MockTransport(network), retries=quick, **options)
    return build([at], client)[0], client


def replay(name: str) -> Network:
    """The answers recorded for a source; a request that was not recorded fails the test."""
    recorded = {
        (one["method"], one["target"], one["sent"]): one
        for one in json.loads((DATA / name / "answers.json").read_text())
    }

    def answer(request: httpx2.Request) -> httpx2.Response:
        target = str(request.url).removeprefix(BASE)
        key = (request.method, target, request.read().decode())
        assert key in recorded, f"not recorded: {key}"
        one = recorded[key]
        headers = {"content-type": one["type"]} | ({"location": BASE + one["location"]} if "location" in one else {})
        return httpx2.Response(one["status"], headers=headers, text=one["body"])

    return answer


@pytest.fixture
def source_over() -> Callable[..., tuple[Source, Client]]:
    """`over`, for tests."""
    return over


@pytest.fixture
def replayed() -> Callable[[str], tuple[Source, Client]]:
    """The source of a name over its recorded answers."""
    return lambda name: over(name, replay(name))


@pytest.fixture
def expected() -> Callable[[str], Any]:
    """What a source makes of its recorded answers."""
    return lambda name: json.loads((DATA / name / "expected.json").read_text())
