"""Sixteen clients at once, over HTTP: no lost update, no version twice, no server error.

DMLSYNC_SANDBOX_SECONDS makes it go on for longer than the two seconds that it takes by itself.
"""

import os
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from dmlsync.sandbox import serve

SECONDS = float(os.environ.get("DMLSYNC_SANDBOX_SECONDS") or 2)
THREADS = 16
SHARED = ("SHARED22", "SHARED33", "SHARED44")


@pytest.fixture
def url(sandbox):
    server = serve(sandbox, 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.url
    server.shutdown()
    thread.join()


class Client:
    """One client that does what clients do, in random order, and writes down what it was told."""

    def __init__(self, http, path, number):
        self.http = http
        self.path = path
        self.chance = random.Random(number)
        self.statuses = Counter()
        self.versions = []  # of every object that was written
        self.added = Counter()  # how often this client has counted each shared item up
        self.latest = 0
        self.own = []

    def ask(self, method, path, **options):
        answer = self.http.request(method, self.path + path, **options)
        self.statuses[answer.status_code] += 1
        if "Last-Modified-Version" in answer.headers and answer.status_code == 200:
            shown = int(answer.headers["Last-Modified-Version"])
            if method == "GET" and path.startswith("/items?"):
                assert shown >= self.latest, "the library went back"
                self.latest = shown
        return answer

    def post(self, objects):
        outcome = self.ask("POST", "/items", json=objects).json()
        self.versions += [item["version"] for item in outcome["successful"].values()]
        return outcome

    def create(self):
        outcome = self.post([{"itemType": "book", "title": str(n), "tags": [{"tag": "t"}]} for n in range(5)])
        assert len(outcome["success"]) == 5
        own = [outcome["successful"][str(n)]["version"] for n in range(5)]
        assert own == list(range(own[0], own[0] + 5)), "another client's versions lie within a batch"
        self.own += outcome["success"].values()

    def count_up(self):
        """Reads a shared item, adds one to its number, and writes it under the version that was read."""
        key = self.chance.choice(SHARED)
        data = self.ask("GET", f"/items/{key}").json()["data"]
        number = {"numPages": str(int(data["numPages"]) + 1)}
        if self.chance.random() < 0.5:
            done = key in self.post([{"key": key, "version": data["version"], **number}])["success"].values()
        else:
            version = {"If-Unmodified-Since-Version": str(data["version"])}
            answer = self.ask("PATCH", f"/items/{key}", json=number, headers=version)
            done = answer.status_code == 204
            if done:
                self.versions.append(int(answer.headers["Last-Modified-Version"]))
        self.added[key] += done

    def delete(self):
        if self.own:
            key = self.own.pop()
            answer = self.ask("DELETE", f"/items?itemKey={key}")
            self.versions.append(int(answer.headers["Last-Modified-Version"]))

    def read(self):
        since = self.chance.randrange(self.latest + 1)
        answer = self.ask("GET", f"/items?format=versions&since={since}")
        assert all(since < version <= self.latest for version in answer.json().values())
        self.ask("GET", "/items?limit=10&sort=title")

    def run(self, until):
        for key in SHARED:
            self.added[key] = 0
        while time.monotonic() < until:
            self.chance.choice([self.create, self.count_up, self.count_up, self.delete, self.read])()
        return self


def test_sixteen_clients_at_once(sandbox, url):
    path = f"/groups/{sandbox.group}"
    limits = httpx2.Limits(max_connections=THREADS, max_keepalive_connections=THREADS)
    headers = {"Zotero-API-Key": sandbox.key}
    with httpx2.Client(base_url=url, headers=headers, limits=limits, timeout=60, trust_env=False) as http:
        shared = [{"itemType": "book", "key": key, "version": 0, "numPages": "0"} for key in SHARED]
        assert len(http.post(f"{path}/items", json=shared).json()["success"]) == 3
        until = time.monotonic() + SECONDS
        with ThreadPoolExecutor(THREADS) as pool:
            clients = list(pool.map(lambda number: Client(http, path, number).run(until), range(THREADS)))
        counted = {key: int(http.get(f"{path}/items/{key}").json()["data"]["numPages"]) for key in SHARED}
        last = int(http.get(f"{path}/items?limit=1").headers["Last-Modified-Version"])
    statuses = sum((client.statuses for client in clients), Counter())
    assert set(statuses) <= {200, 204, 412}, statuses
    versions = sorted(version for client in clients for version in client.versions)
    assert len(versions) == len(set(versions)), "a version was given twice"
    assert versions == list(range(5, last + 1)), "a version was left out"
    assert counted == {key: sum(client.added[key] for client in clients) for key in SHARED}, "an update was lost"
    assert min(counted.values()) > 0
