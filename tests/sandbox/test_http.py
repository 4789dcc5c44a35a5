"""The embedded library over HTTP on the loopback interface."""

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from dmlsync.sandbox import serve

REPLAY = Path(__file__).parents[2] / ".." / "shared" / "zotero" / "replay.py"


@pytest.fixture
def server(sandbox):
    server = serve(sandbox, 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()


@pytest.fixture
def client(sandbox, server):
    with httpx2.Client(base_url=server.url, headers={"Zotero-API-Key": sandbox.key}) as client:
        yield client


def connection(server):
    return http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)


def test_several_requests_on_one_connection(sandbox, server, client):
    path = f"/groups/{sandbox.group}/items"
    answer = client.post(path, json=[{"itemType": "book", "title": "é & ü"}])
    made = answer.json()["successful"]["0"]
    assert made["links"]["self"]["href"] == f"{server.url}{path}/{made['key']}"
    assert client.get(f"{path}/{made['key']}").json()["data"]["title"] == "é & ü"
    assert client.patch(f"{path}/{made['key']}", json={"title": "b", "version": 2}).status_code == 204
    assert client.head(path).headers["Total-Results"] == "1"
    assert client.delete(f"{path}?itemKey={made['key']}").status_code == 204
    assert client.get(f"{path}?format=keys").text == "\n"


def test_it_listens_on_the_loopback_interface_only(server):
    assert server.url == f"http://127.0.0.1:{server.port}"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:{port}", 200),
        ("localhost:{port}", 200),
        ("LOCALHOST", 200),
        ("[::1]:{port}", 200),
        ("evil.example:{port}", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost:x", 403),
        ("", 403),
    ],
)
def test_it_answers_only_to_the_names_of_this_machine(server, host, status):
    to = connection(server)
    to.putrequest("GET", "/itemTypes", skip_host=True)
    to.putheader("Host", host.format(port=server.port))
    to.endheaders()
    assert to.getresponse().status == status
    to.close()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Expect": "100-continue", "Content-Length": "2"}, 417),
        ({"Transfer-Encoding": "chunked"}, 411),
        ({"Content-Length": "abc"}, 400),
        ({"Content-Length": "-1"}, 400),
        ({"Content-Length": str(10**12)}, 413),
    ],
)
def test_bodies_that_are_refused_before_they_are_read(sandbox, server, headers, status):
    to = connection(server)
    to.putrequest("POST", f"/groups/{sandbox.group}/items")
    for name, value in headers.items():
        to.putheader(name, value)
    to.endheaders()
    answer = to.getresponse()
    assert answer.status == status
    assert answer.getheader("Connection") == "close"
    to.close()


@pytest.mark.parametrize(
    ("line", "status", "text"),
    [
        (b"FOO /items HTTP/1.1", 501, b"Method is not implemented"),
        (b"GET /<b> x HTTP/1.1", 400, b"Bad request syntax (&#x27;GET /&lt;b&gt; x HTTP/1.1&#x27;)"),
    ],
)
def test_requests_that_are_none_are_refused_in_the_same_way(server, line, status, text):
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        raw.sendall(line + b"\r\nHost: localhost\r\n\r\n")
        answer = raw.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert b"Content-Type: text/html; charset=UTF-8" in answer
    assert answer.endswith(b"\r\n\r\n" + text)


def test_a_client_that_goes_away_harms_nobody(sandbox, server, client):
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        raw.sendall(b"POST /groups/1/items HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
    assert client.get(f"/groups/{sandbox.group}/items").status_code == 200


def test_many_threads_at_once(sandbox, client):
    path = f"/groups/{sandbox.group}/items"

    def write(number):
        answer = client.post(path, json=[{"itemType": "book", "title": str(number)}] * 5)
        client.get(f"{path}?format=versions").raise_for_status()
        return [item["version"] for item in answer.json()["successful"].values()]

    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(write, range(24)))
    assert sorted(version for batch in batches for version in batch) == list(range(2, 122))
    assert all(batch == list(range(batch[0], batch[0] + 5)) for batch in batches)


def test_of_several_writers_with_the_same_version_one_wins(sandbox, client):
    path = f"/groups/{sandbox.group}/items"
    client.post(path, json=[{"itemType": "book", "key": "PAPER222", "version": 0}])

    def patch(number):
        return client.patch(f"{path}/PAPER222", json={"title": str(number), "version": 2}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(patch, range(8))) == [204] + [412] * 7


@pytest.mark.skipif(os.name != "posix", reason="the command for a new group is one of a POSIX shell")
@pytest.mark.skipif(not REPLAY.is_file(), reason="needs the recorded scenarios beside the checkout")
def test_it_answers_the_recorded_scenarios_like_the_server(sandbox, server, tmp_path):
    first = sandbox.new_group()
    for _ in range(150):
        sandbox.new_group()
    counter = tmp_path / "next-group"
    counter.write_text(f"{first}\n")
    new_group = f"n=$(cat '{counter}'); echo $((n + 1)) > '{counter}'; echo $n"
    keys = ["--key", sandbox.key, "--ro-key", sandbox.read_only_key]
    played = subprocess.run(
        [sys.executable, REPLAY, "--url", server.url, *keys, "--new-group", new_group, "--json"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    *scenarios, summary = played.stdout.splitlines()
    outcomes = [json.loads(line) for line in scenarios]
    assert [outcome for outcome in outcomes if not outcome.get("ok")] == [], played.stderr
    assert summary == f"{len(outcomes)} passed, 0 failed"
