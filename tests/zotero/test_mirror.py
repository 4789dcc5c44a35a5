"""The remembered copy: whole or not at all, and never a reason to fail."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from dmlsync.zotero.mirror import Contents, Mirror, Row, Update

HOME = "http://127.0.0.1/groups/1"


def row(key="PAPER222", version=3, title="A", kind="item"):
    return Row(key, version, kind, f'{{"data":{{"title":"{title}"}}}}')


def gone(*items, collections=()):
    return {"items": frozenset(items), "collections": frozenset(collections)}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "mirror.sqlite"


def test_an_unknown_library_has_no_contents(path):
    assert Mirror(path).load(HOME) == Contents()
    assert not path.exists()


def test_what_was_applied_is_there_in_the_next_run(path):
    collection = row("AAAA2222", 2, kind="collection")
    after = Mirror(path).apply(HOME, Update(3, (row(), collection)))
    assert Mirror(path).load(HOME) == after == Contents(3, {"PAPER222": row()}, {"AAAA2222": collection})


def test_libraries_in_one_file_are_apart(path):
    mirror = Mirror(path)
    mirror.apply(HOME, Update(3, (row(title="one"),)))
    mirror.apply(HOME + "2", Update(9, (row(title="two", version=9),)))
    assert Mirror(path).load(HOME).items["PAPER222"].body == row(title="one").body
    assert Mirror(path).load(HOME + "2").version == 9


def test_rows_are_replaced_added_and_dropped(path):
    mirror = Mirror(path)
    mirror.apply(HOME, Update(4, (row(), row("PAPER333"), row("AAAA2222", kind="collection"))))
    mirror.apply(
        HOME, Update(6, (row(version=5, title="B"), row("PAPER444")), gone("PAPER333", collections=["AAAA2222"]))
    )
    for contents in (mirror.load(HOME), Mirror(path).load(HOME)):
        assert contents == Contents(6, {"PAPER222": row(version=5, title="B"), "PAPER444": row("PAPER444")}, {})


def test_only_what_changed_is_written(path):
    mirror = Mirror(path)
    mirror.apply(HOME, Update(4, (row(), row("PAPER333"))))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE object SET version = 1")
    mirror.apply(HOME, Update(5, (row(), row("PAPER333", version=5))))
    assert {key: found.version for key, found in Mirror(path).load(HOME).items.items()} == {
        "PAPER222": 1,
        "PAPER333": 5,
    }


def test_earlier_contents_stay_as_they_were(path):
    mirror = Mirror(path)
    before = mirror.apply(HOME, Update(4, (row(),)))
    mirror.apply(HOME, Update(5, (row(version=5, title="B"),)))
    assert before.items["PAPER222"] == row()


def test_rows_of_an_unread_library_are_not_written(path):
    mirror = Mirror(path)
    mirror.apply(HOME, Update(None, (row(),)))
    assert mirror.load(HOME).items.keys() == {"PAPER222"}
    assert Mirror(path).load(HOME) == Contents()


def test_a_forgotten_library_is_gone_for_good(path):
    mirror = Mirror(path)
    mirror.apply(HOME, Update(4, (row(),)))
    mirror.forget(HOME)
    assert mirror.load(HOME) == Mirror(path).load(HOME) == Contents()
    mirror.apply(HOME, Update(2, (row("PAPER333"),)))
    assert Mirror(path).load(HOME).items.keys() == {"PAPER333"}


def break_bytes(path):
    path.write_bytes(b"no database at all" * 100)


def cut_off(path):
    path.write_bytes(path.read_bytes()[:5000])


def make_newer(path):
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")


def break_json(path):
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE object SET body = '{broken'")


def drop_table(path):
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TABLE object")


def make_foreign(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE photo (name TEXT)")


@pytest.mark.parametrize("damage", [break_bytes, cut_off, make_newer, break_json, drop_table, make_foreign])
def test_a_file_that_cannot_be_trusted_is_begun_anew(path, damage):
    Mirror(path).apply(HOME, Update(4, tuple(row(f"PAPER{i}", title="x" * 300) for i in range(222, 280))))
    damage(path)
    mirror = Mirror(path)
    assert mirror.load(HOME) == Contents()
    mirror.apply(HOME, Update(7, (row(),)))
    assert Mirror(path).load(HOME) == Contents(7, {"PAPER222": row()}, {})


def test_a_file_that_breaks_during_a_run_is_written_whole(path):
    mirror = Mirror(path)
    mirror.apply(HOME, Update(4, (row(),)))
    break_bytes(path)
    mirror.apply(HOME, Update(5, (row("PAPER333"),)))
    mirror.apply(HOME, Update(6, (row("PAPER444"),)))
    assert Mirror(path).load(HOME).items.keys() == {"PAPER222", "PAPER333", "PAPER444"}


def test_where_no_file_can_be_the_mirror_lasts_for_the_run(tmp_path):
    (tmp_path / "file").write_text("in the way")
    mirror = Mirror(tmp_path / "file" / "mirror.sqlite")
    mirror.apply(HOME, Update(4, (row(),)))
    assert mirror.load(HOME).items.keys() == {"PAPER222"}


def test_a_locked_file_is_left_alone(path, monkeypatch):
    monkeypatch.setattr("dmlsync.zotero.mirror_file.PATIENCE", 0.05)
    mirror = Mirror(path)
    mirror.apply(HOME, Update(4, (row(),)))
    with closing(sqlite3.connect(path)) as database:
        database.execute("BEGIN EXCLUSIVE")
        mirror.apply(HOME, Update(5, (row("PAPER333"),)))
        database.rollback()
    assert Mirror(path).load(HOME) == Contents(4, {"PAPER222": row()}, {})
    mirror.apply(HOME, Update(6, (row("PAPER444"),)))
    assert Mirror(path).load(HOME).items.keys() == {"PAPER222", "PAPER333", "PAPER444"}


def test_a_mirror_in_memory_makes_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    mirror = Mirror.in_memory()
    mirror.apply(HOME, Update(4, (row(),)))
    assert mirror.load(HOME).version == 4
    assert not list(tmp_path.iterdir())
