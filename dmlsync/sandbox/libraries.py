"""Users, groups, their API keys and the version counter that every library has."""

from __future__ import annotations

import secrets
import sqlite3
import string
import time
from dataclasses import dataclass

from dmlsync.sandbox.values import now

FIRST_USER = 1001
FIRST_GROUP = 5001
TOKEN_SECONDS = 12 * 3600
"""How long a write token is remembered."""

_DELETED_KINDS = ("collections", "items", "searches", "tags", "settings")


@dataclass(frozen=True, slots=True)
class Library:
    """A library: `kind` is `user` or `group`, `number` the user's or group's id; `id` is internal."""

    id: int
    kind: str
    number: int
    name: str

    @property
    def path(self) -> str:
        """The path below which its objects are."""
        return f"/{self.kind}s/{self.number}"

    @property
    def item_uri(self) -> str:
        """What the identifying URI of each of its items begins with; relations hold such URIs."""
        return f"http://zotero.org{self.path}/items/"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key, its user and whether it may write."""

    key: str
    user: int
    may_write: bool


def populate(db: sqlite3.Connection) -> None:
    """Fills a new file: one user, two keys of theirs and one group."""
    db.execute("INSERT INTO users VALUES (?, ?, ?)", (FIRST_USER, "sandbox", "Sandbox User"))
    db.execute("INSERT INTO libraries (kind, number) VALUES ('user', ?)", (FIRST_USER,))
    for may_write in (True, False):
        key = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(24))
        db.execute("INSERT INTO api_keys VALUES (?, ?, ?)", (key, FIRST_USER, may_write))
    add_group(db)


def add_group(db: sqlite3.Connection) -> int:
    """A new private group of the first user; its id."""
    highest = db.execute("SELECT MAX(id) FROM groups").fetchone()[0]
    number = FIRST_GROUP if highest is None else int(highest) + 1
    db.execute("INSERT INTO groups VALUES (?, ?, ?, ?)", (number, f"Sandbox Group {number}", FIRST_USER, now()))
    db.execute("INSERT INTO libraries (kind, number) VALUES ('group', ?)", (number,))
    return number


def find_library(db: sqlite3.Connection, kind: str, number: int) -> Library | None:
    """The library of a user or group, None if there is none."""
    owner = "users" if kind == "user" else "groups"
    row = db.execute(
        f"SELECT l.id, o.name FROM libraries l JOIN {owner} o ON o.id = l.number WHERE l.kind = ? AND l.number = ?",
        (kind, number),
    ).fetchone()
    return Library(row[0], kind, number, row[1]) if row else None


def find_key(db: sqlite3.Connection, key: str) -> ApiKey | None:
    """An API key, None if it does not exist."""
    row = db.execute("SELECT key, user, may_write FROM api_keys WHERE key = ?", (key,)).fetchone()
    return ApiKey(row[0], row[1], bool(row[2])) if row else None


def api_key_of(db: sqlite3.Connection, *, may_write: bool) -> str:
    """The key that the file was made with, the full or the read-only one."""
    return str(db.execute("SELECT key FROM api_keys WHERE may_write = ?", (may_write,)).fetchone()[0])


def username_of(db: sqlite3.Connection, user: int) -> tuple[str, str]:
    """User name and displayed name of a user."""
    row = db.execute("SELECT username, name FROM users WHERE id = ?", (user,)).fetchone()
    return (row[0], row[1])


def groups_of(db: sqlite3.Connection, user: int) -> list[int]:
    """The groups of a user."""
    return [row[0] for row in db.execute("SELECT id FROM groups WHERE owner = ? ORDER BY id", (user,))]


def group_row(db: sqlite3.Connection, number: int) -> tuple[str, int, str]:
    """Name, owner and time of creation of a group."""
    row = db.execute("SELECT name, owner, created FROM groups WHERE id = ?", (number,)).fetchone()
    return (row[0], row[1], row[2])


def version_of(db: sqlite3.Connection, library: Library) -> int:
    """The version that the library is at."""
    return int(db.execute("SELECT version FROM libraries WHERE id = ?", (library.id,)).fetchone()[0])


def next_version(db: sqlite3.Connection, library: Library) -> int:
    """Moves the library by one version and returns the new one."""
    db.execute("UPDATE libraries SET version = version + 1 WHERE id = ?", (library.id,))
    return version_of(db, library)


def remember_deletion(db: sqlite3.Connection, library: Library, kind: str, key: str, version: int) -> None:
    """Notes that an object (`kind` is `items`, `collections`, `searches`, `tags` ...) was deleted at a version."""
    db.execute("INSERT OR REPLACE INTO deletions VALUES (?, ?, ?, ?)", (library.id, kind, key, version))


def forget_deletion(db: sqlite3.Connection, library: Library, kind: str, key: str) -> None:
    """Strikes an object off the deletions: its key is in use again."""
    db.execute("DELETE FROM deletions WHERE library = ? AND kind = ? AND key = ?", (library.id, kind, key))


def deletions_since(db: sqlite3.Connection, library: Library, since: int) -> dict[str, list[str]]:
    """The keys deleted after a version, by kind."""
    deleted: dict[str, list[str]] = {kind: [] for kind in _DELETED_KINDS}
    rows = db.execute(
        "SELECT kind, key FROM deletions WHERE library = ? AND version > ? ORDER BY version, key", (library.id, since)
    )
    for kind, key in rows:
        deleted[kind].append(key)
    return deleted


def token_was_used(db: sqlite3.Connection, api_key: str, token: str) -> bool:
    """Whether a write with this token has succeeded in the last hours."""
    horizon = time.time() - TOKEN_SECONDS
    row = db.execute(
        "SELECT 1 FROM write_tokens WHERE api_key = ? AND token = ? AND used > ?", (api_key, token, horizon)
    ).fetchone()
    return row is not None


def use_token(db: sqlite3.Connection, api_key: str, token: str) -> None:
    """Remembers a token of a write that succeeded, and forgets the old ones."""
    db.execute("DELETE FROM write_tokens WHERE used <= ?", (time.time() - TOKEN_SECONDS,))
    db.execute("INSERT OR REPLACE INTO write_tokens VALUES (?, ?, ?)", (api_key, token, time.time()))
