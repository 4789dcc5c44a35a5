from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dmlsync.sources.cache import FORMAT, Answer, Cache, key_of


def test_answers_outlive_the_process(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "cache.sqlite"
    first = Cache(path)
    first.put("key", Answer(200, "Müller 題"))
    first.put("gone", Answer(404, ""))
    first.close()
    second = Cache(path)
    assert second.get("key") == Answer(200, "Müller 題")
    assert second.get("gone") == Answer(404, "")
    assert second.get("other") is None
    second.close()


def test_answers_grow_old(tmp_path: Path) -> None:
    now = 0.0
    cache = Cache(tmp_path / "cache.sqlite", days=2, clock=lambda: now)
    cache.put("key", Answer(200, "a"))
    now = 86400.0
    assert cache.get("key") is not None
    now = 3 * 86400.0
    assert cache.get("key") is None
    cache.put("key", Answer(200, "b"))
    assert cache.get("key") == Answer(200, "b")
    cache.close()


def test_a_file_of_another_format_is_emptied(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    cache = Cache(path)
    cache.put("key", Answer(200, "a"))
    cache.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    cache = Cache(path)
    assert cache.get("key") is None
    cache.close()


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to be taken for one" * 50, b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_a_damaged_file_is_begun_anew(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    path.write_bytes(content)
    cache = Cache(path)
    cache.put("key", Answer(200, "a"))
    assert cache.get("key") == Answer(200, "a")
    cache.close()


def test_a_damaged_answer_is_asked_for_again(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    cache = Cache(path)
    cache.put("key", Answer(200, "a"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE answers SET body = x'00'")
    connection.close()
    assert cache.get("key") is None
    cache.close()


def test_keys_tell_the_parts_of_a_request_apart() -> None:
    requests = [
        ("GET", "https://a/b", b"", "x"), ("POST", "https://a/b", b"", "x"), ("GET", "https://a/bx", b"", ""),
        ("GET", "https://a/b", b"x", ""), ("GET", "https://a/b", b"", "y"),
    ]  # fmt: skip
    assert len({key_of(*request) for request in requests}) == len(requests)
    assert key_of(*requests[0]) == key_of(*requests[0])
