"""A registry for tests: a service that answers as Crossref does, over a handful of works that the test puts in."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


def article(doi: str, title: str, authors: list[str], year: int, venue: str, **more: Any) -> dict[str, Any]:
    """A conference paper in the form of Crossref's `works`."""
    return {
        "DOI": doi,
        "type": "proceedings-article",
        "title": [title],
        "container-title": [venue],
        "author": [dict(zip(("given", "family"), name.rsplit(" ", 1), strict=True)) for name in authors],
        "issued": {"date-parts": [[year]]},
        **more,
    }


class Registry:
    """The works it knows, in `works`, and what it was asked, in `asked`."""

    def __init__(self) -> None:
        self.works: list[dict[str, Any]] = []
        self.asked: list[dict[str, list[str]]] = []
        self.url = ""

    def answer(self, query: dict[str, list[str]]) -> dict[str, Any]:
        """The answer to `/works?...`: by DOI where a filter names some, else all works that share half of the words."""
        self.asked.append(query)
        wanted = {part.partition(":")[2].lower() for part in ",".join(query.get("filter", [])).split(",") if part}
        if wanted:
            found = [work for work in self.works if work["DOI"].lower() in wanted]
        else:
            words = set(
                " ".join(word for name, texts in query.items() if name.startswith("query") for word in texts)
                .lower()
                .split()
            )
            found = [work for work in self.works if len(words & set(work["title"][0].lower().split())) > 1]
        return {"status": "ok", "message-type": "work-list", "message": {"total-results": len(found), "items": found}}


@contextmanager
def running() -> Iterator[Registry]:
    """A registry on a port of this machine."""
    registry = Registry()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = json.dumps(registry.answer(parse_qs(urlsplit(self.path).query))).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    registry.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield registry
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
