from __future__ import annotations

import importlib
from importlib.metadata import version

import httpx2
import pytest

from dmlsync.sources.habanero_client import asking_through


def test_habanero_is_the_one_that_was_read() -> None:
    assert version("habanero").startswith("2.9."), "read its modules again before raising the bound in pyproject.toml"


@pytest.mark.parametrize("name", ["habanero.request", "habanero.request_class", "habanero.cnrequest"])
def test_each_module_that_sends_requests_asks_us(name: str) -> None:
    with asking_through(lambda url, params: httpx2.Response(200, text=f"{url} {dict(params)}")):
        module = importlib.import_module(name)
        assert module.httpx2.get("https://x.example", params={"a": "1"}).text == "https://x.example {'a': '1'}"
        assert module.httpx2.HTTPStatusError is httpx2.HTTPStatusError


def test_without_a_calling_source_nothing_is_sent() -> None:
    with asking_through(lambda url, params: httpx2.Response(200)):
        pass
    module = importlib.import_module("habanero.request")
    with pytest.raises(LookupError):
        module.httpx2.get("https://api.crossref.org/works")


def test_a_habanero_that_is_built_otherwise_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("habanero.request")
    monkeypatch.setattr(module, "httpx2", object())
    with pytest.raises(ImportError), asking_through(lambda url, params: httpx2.Response(200)):
        pass
