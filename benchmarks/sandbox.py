"""How quick the embedded library is: requests per second over HTTP, and reads of a library of 100,000 items.

python benchmarks/sandbox.py [--items 100000] [--seconds 3]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx2

from dmlsync.sandbox import open_sandbox, serve

BATCH = 50


def paper(number: int) -> dict[str, object]:
    """An item of the usual size."""
    authors = [
        {"creatorType": "author", "firstName": f"First {n}", "lastName": f"Last {number % 997}"} for n in range(4)
    ]
    return {
        "itemType": "conferencePaper",
        "title": f"Paper {number} on the learning of metrics from pairs and triplets",
        "creators": authors,
        "date": str(2000 + number % 27),
        "proceedingsTitle": "Proceedings of the Conference",
        "abstractNote": "What is near and what is far. " * 20,
        "tags": [{"tag": f"tag {number % 50}"}],
    }


def rate(client: httpx2.Client, seconds: float, request: Callable[[httpx2.Client, int], httpx2.Response]) -> float:
    """How often a request succeeds in a second, one after the other on one connection."""
    done, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        request(client, done).raise_for_status()
        done += 1
    return done / (time.perf_counter() - begin)


def median_ms(client: httpx2.Client, path: str, times: int = 15) -> tuple[float, float]:
    """The median and the worst time of a GET in milliseconds; the first one is not counted."""
    client.get(path).raise_for_status()
    took = []
    for _ in range(times):
        begin = time.perf_counter()
        client.get(path).raise_for_status()
        took.append((time.perf_counter() - begin) * 1000)
    return statistics.median(took), max(took)


def fill(client: httpx2.Client, path: str, items: int) -> float:
    """Writes that many items; the seconds that it took."""
    begin = time.perf_counter()
    for start in range(0, items, BATCH):
        client.post(path, json=[paper(start + n) for n in range(BATCH)]).raise_for_status()
    return time.perf_counter() - begin


def main() -> None:
    """Measures and prints one line a figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=3.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, open_sandbox(Path(folder) / "sandbox.sqlite") as sandbox:
        server = serve(sandbox, 0)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with httpx2.Client(
            base_url=server.url, headers={"Zotero-API-Key": sandbox.key}, timeout=60, trust_env=False
        ) as client:
            small = f"/groups/{sandbox.group}/items"
            posts = rate(client, asked.seconds, lambda c, n: c.post(small, json=[paper(n + k) for k in range(BATCH)]))
            print(f"POST of 50 new items          {posts:8.1f} requests/s")
            gets = rate(client, asked.seconds, lambda c, n: c.get(f"{small}?limit=100"))
            print(f"GET of 100 items              {gets:8.1f} requests/s")
            big = f"/groups/{sandbox.new_group()}/items"
            print(f"filling {asked.items} items         {fill(client, big, asked.items):8.1f} s")
            version = int(client.get(f"{big}?limit=1").headers["Last-Modified-Version"])
            keys = client.get(f"{big}?format=keys&limit=50&sort=title").text.split()
            for name, query in {
                "since=<newest 100>, json": f"?since={version - 100}&limit=100",
                "since=<newest 100>, versions": f"?since={version - 100}&format=versions",
                "since=<newest>, versions": f"?since={version}&format=versions",
                "itemKey=<50 keys>": f"?itemKey={','.join(keys)}",
                "one item": f"/{keys[0]}",
                "first page": "?limit=100",
                "top, first page": "/top?limit=100",
                "sorted by title": "?limit=100&sort=title",
                "sorted by date": "?limit=100&sort=date",
                "sorted by creator": "?limit=100&sort=creator",
                "page at 90 %": f"?limit=100&start={asked.items * 9 // 10}",
                "one tag": "?limit=100&tag=tag%207",
                "q=<two words>": "?limit=100&q=paper%20last",
                "all versions": "?format=versions",
            }.items():
                middle, worst = median_ms(client, big + query, 7)
                print(f"{name:30}{middle:8.1f} ms   (worst {worst:.1f})")
            for name, path in {"deleted since": f"/deleted?since={version - 10}", "tags": "/tags?limit=100"}.items():
                middle, worst = median_ms(client, big.removesuffix("/items") + path, 7)
                print(f"{name:30}{middle:8.1f} ms   (worst {worst:.1f})")
        server.shutdown()


if __name__ == "__main__":
    main()
