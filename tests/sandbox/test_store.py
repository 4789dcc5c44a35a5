"""The file: opening, several processes on it, and what a killed one leaves behind."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from dmlsync.errors import FileError
from dmlsync.sandbox import open_sandbox, remove_sandbox

ROOT = Path(__file__).parents[2]
WRITER = """
import sys, httpx2
from pathlib import Path
from dmlsync.sandbox import open_sandbox
with open_sandbox(Path(sys.argv[1])) as sandbox:
    client = httpx2.Client(transport=httpx2.WSGITransport(app=sandbox.app), base_url="http://sandbox")
    path = f"/groups/{sandbox.group}/items"
    for number in range(int(sys.argv[2])):
        answer = client.post(path, json=[{"itemType": "book"}] * 2, headers={"Zotero-API-Key": sandbox.key})
        print(answer.json()["success"]["1"], flush=True)
"""


def writer(path, batches):
    command = [sys.executable, "-c", WRITER, str(path), str(batches)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def test_everything_is_there_when_it_is_opened_again(tmp_path):
    path = tmp_path / "deep" / "sandbox.sqlite"
    with open_sandbox(path) as first:
        group = first.new_group()
    with open_sandbox(path) as second:
        assert (second.key, second.read_only_key, second.user) == (first.key, first.read_only_key, first.user)
        assert second.new_group() == group + 1


def test_keys_are_random_and_only_the_owner_may_read_the_file(tmp_path):
    with open_sandbox(tmp_path / "a.sqlite") as first, open_sandbox(tmp_path / "b.sqlite") as second:
        assert len({first.key, first.read_only_key, second.key, second.read_only_key}) == 4
        assert stat.S_IMODE(first.path.stat().st_mode) == 0o600


def test_nothing_is_left_of_a_removed_one(tmp_path):
    path = tmp_path / "sandbox.sqlite"
    with open_sandbox(path) as first:
        pass
    remove_sandbox(path)
    assert list(tmp_path.iterdir()) == []
    remove_sandbox(path)
    with open_sandbox(path) as second:
        assert second.key != first.key


def test_a_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "sandbox.sqlite"
    path.write_text("this is no database, and long enough to be taken for one " * 20)
    with pytest.raises(FileError, match="cannot be used"):
        open_sandbox(path)


def test_a_file_of_a_newer_format_is_refused(tmp_path):
    path = tmp_path / "sandbox.sqlite"
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(FileError, match="its format is 99"):
        open_sandbox(path)


def test_several_may_make_the_same_file_at_once(tmp_path):
    path = tmp_path / "sandbox.sqlite"

    def key(_):
        with open_sandbox(path) as sandbox:
            return sandbox.key

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(key, range(8)))) == 1


def test_several_processes_write_to_one_file(sandbox, library):
    processes = [writer(sandbox.path, 10) for _ in range(2)]
    for _ in range(10):
        library.add({"itemType": "book"})
    for process in processes:
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert sorted(library.versions().values()) == list(range(2, 52))


def test_what_was_answered_survives_a_kill(sandbox):
    process = writer(sandbox.path, 10_000)
    answered = [process.stdout.readline().strip() for _ in range(5)]
    os.kill(process.pid, signal.SIGKILL)
    rest, _ = process.communicate(timeout=60)
    answered += [key for key in rest.splitlines() if len(key) == 8]
    with open_sandbox(sandbox.path) as opened:
        client = httpx2.Client(transport=httpx2.WSGITransport(app=opened.app), base_url="http://sandbox")
        headers = {"Zotero-API-Key": opened.key}
        answer = client.get(f"/groups/{opened.group}/items?format=versions", headers=headers)
        versions = answer.json()
        assert set(answered) <= set(versions)
        assert len(versions) % 2 == 0, "a batch is written as a whole or not at all"
        assert int(answer.headers["Last-Modified-Version"]) == 1 + len(versions)
        [made] = (
            client.post(f"/groups/{opened.group}/items", json=[{"itemType": "book"}], headers=headers)
            .json()["successful"]
            .values()
        )
        assert made["version"] == 2 + len(versions)


def test_a_read_sees_one_state(sandbox, library):
    """A list and the version that goes with it belong together while others write."""
    path = f"/groups/{sandbox.group}/items"

    def write(_):
        return library.http.post(path, json=[{"itemType": "book"}]).status_code

    def read(_):
        answer = library.http.get(f"{path}?format=versions")
        return int(answer.headers["Last-Modified-Version"]) == 1 + len(answer.json())

    with ThreadPoolExecutor(6) as pool:
        writes = pool.map(write, range(30))
        reads = pool.map(read, range(60))
        assert set(writes) == {200}
        assert all(reads)


def test_importing_the_package_is_light():
    code = "import sys, dmlsync.sandbox; print('sqlite3' in sys.modules, 'http.server' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert answer.stdout.split() == ["False", "False"]


def test_a_file_of_the_first_format_is_brought_up_to_date(sandbox, library):
    library.add({"itemType": "book", "key": "AAAA2222", "version": 0, "date": "2026", "tags": [{"tag": "t"}]})
    sandbox.close()
    with sqlite3.connect(sandbox.path) as db:
        for table in ("files", "item_files", "uploads", "searches", "fulltexts", "settings"):
            db.execute(f"DROP TABLE {table}")
        db.execute("DROP INDEX tags_in_any_case")
        db.execute("ALTER TABLE tags DROP COLUMN version")
        db.execute("UPDATE item_content SET search = 'a book' || char(10) || '2026'")
        db.execute("PRAGMA user_version = 1")
    db.close()
    with open_sandbox(sandbox.path) as opened:
        client = httpx2.Client(transport=httpx2.WSGITransport(app=opened.app), base_url="http://sandbox")
        headers = {"Zotero-API-Key": opened.key}
        assert client.get(f"/groups/{opened.group}/items?format=keys", headers=headers).text == "AAAA2222\n"
        assert client.get(f"/groups/{opened.group}/searches", headers=headers).json() == []
        for query, found in {"q=book": 1, "q=2026": 1, "q=26": 0}.items():
            answer = client.get(f"/groups/{opened.group}/items?{query}", headers=headers)
            assert answer.headers["Total-Results"] == str(found)
        for since, found in {1: 1, 2: 0}.items():
            answer = client.get(f"/groups/{opened.group}/tags?since={since}", headers=headers)
            assert answer.headers["Total-Results"] == str(found)
