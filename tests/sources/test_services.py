"""The sources against the stand-ins of all services, over real sockets; they come with `../shared/scholar`."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dmlsync.model import Identifiers
from dmlsync.sources import NAMES, build
from dmlsync.sources.base import Hint, Source
from dmlsync.sources.cache import Cache
from dmlsync.sources.http import Client
from dmlsync.sources.settings import Endpoint
from dmlsync.text.identifiers import landing_page
from dmlsync.text.titles import fold

SCHOLAR = Path(__file__).parents[3] / "shared" / "scholar"
DATABASE = Path(
    os.environ.get("SCHOLAR_DB")
    or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "scholar_sim" / "sim.sqlite"
)
PATHS = {"semanticscholar": "/s2", "pages": "/page"}

pytestmark = [
    pytest.mark.skipif(not SCHOLAR.is_dir(), reason="needs ../shared/scholar"),
    pytest.mark.skipif(not DATABASE.is_file(), reason="needs its database (../shared/scholar/serve.sh builds it)"),
]


@pytest.fixture(scope="module", params=["none", "flaky"])
def services(request: pytest.FixtureRequest) -> Iterator[tuple[Endpoint, ...]]:
    """The stand-ins, once well and once with one request in nine failing."""
    sys.path.insert(0, str(SCHOLAR))
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        from scholar_sim.server import make  # type: ignore[import-not-found]
    finally:
        sys.path.remove(str(SCHOLAR))
        sys.dont_write_bytecode = written
    with make(str(DATABASE), faults=request.param, limits="off") as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        base = f"http://127.0.0.1:{server.server_port}"
        yield tuple(Endpoint(name, base + PATHS.get(name, f"/{name}"), rate=1000, fixed=True) for name in NAMES)
        server.shutdown()
        thread.join()


def works() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SCHOLAR / "works.jsonl").read_text("utf-8").splitlines()][::3]


def asked(work: dict[str, Any]) -> Identifiers:
    return Identifiers((work["doi"] or "").lower(), work["arxiv"] or "", landing_page(work["landing_url"] or ""))


def everything(sources: tuple[Source, ...]) -> dict[str, dict[Identifiers, str]]:
    batch = [asked(work) for work in works()]
    return {source.name: {one: found.record.title for one, found in source.lookup(batch).items()} for source in sources}


def test_what_the_services_know_is_found_and_found_again_without_asking(services: Any, tmp_path: Path) -> None:
    quick = {"base": 0.01, "attempts": 8, "patience": 90.0, "sleep": lambda _: None}
    with Client(services, cache=Cache(tmp_path / "cache.sqlite"), retries=quick) as client:
        sources = build(services, client)
        first = everything(sources)
        searched = {source.name: source.search([Hint(works()[1]["title"], ("Song",))]) for source in sources}
        sent = client.requests
    titles = {asked(work): {fold(title) for title in [work["title"], *work["alt_titles"]]} for work in works()}
    named = [one for one in titles if one.doi]
    assert len(first["crossref"]) >= len(named) - 2
    assert len(first["arxiv"]) == len([one for one in titles if one.arxiv])
    assert len(first["pages"]) >= 15
    for source, found in first.items():
        for one, title in found.items():
            assert fold(title) in titles[one] or source in ("arxiv", "datacite", "openalex", "semanticscholar")
    for source in ("crossref", "dblp", "openalex", "semanticscholar"):
        assert searched[source]
    with Client(services, cache=Cache(tmp_path / "cache.sqlite"), retries=quick) as client:
        assert everything(build(services, client)) == first
        assert client.requests == 0
    assert sent < 90
