"""The settings that clients keep in a library (colours of tags, last pages read ...): names with JSON values."""

from __future__ import annotations

import json
import re
from typing import Any

from dmlsync.sandbox.calls import Call
from dmlsync.sandbox.libraries import forget_deletion, next_version, remember_deletion
from dmlsync.sandbox.messages import Response, json_response
from dmlsync.sandbox.parameters import since_of
from dmlsync.sandbox.problem import ApiError
from dmlsync.sandbox.writing import check_library_version

VALUE_CHARACTERS = 30_000
_NAME = re.compile(r"[A-Za-z0-9_]{1,80}")


def all_settings(call: Call) -> Response:
    """The settings changed after a version, by name."""
    since = since_of(call.request.query)
    rows = call.db.execute(
        "SELECT name, value, version FROM settings WHERE library = ? AND version > ? ORDER BY name",
        (call.library.id, -1 if since is None else since),
    )
    return json_response({name: _shown(value, version) for name, value, version in rows}, call.version)


def one_setting(call: Call) -> Response:
    """One setting."""
    row = _row(call, call.key)
    if row is None:
        raise ApiError(404, "Setting not found")
    return json_response(_shown(*row), row[1])


def _row(call: Call, name: str) -> tuple[str, int] | None:
    row = call.db.execute(
        "SELECT value, version FROM settings WHERE library = ? AND name = ?", (call.library.id, name)
    ).fetchone()
    return (row[0], row[1]) if row else None


def _shown(value: str, version: int) -> dict[str, Any]:
    return {"value": json.loads(value), "version": version}


def put_setting(call: Call) -> Response:
    """The PUT of one setting: `{"value": ...}`, with its version in the object or the header."""
    sent = call.request.json()
    old = _row(call, call.key)
    version = sent.get("version") if isinstance(sent, dict) else None
    version = call.unmodified_since if version is None else version
    if old and version is None:
        message = "Either If-Unmodified-Since-Version or object version property must be provided for key-based writes"
        raise ApiError(428, message)
    _check_version(old, version)
    return _written(call, {call.key: sent})


def post_settings(call: Call) -> Response:
    """The POST of several settings by name; all or none are written."""
    sent = call.request.json()
    if not isinstance(sent, dict):
        raise ApiError(400, "Uploaded data must be a JSON object")
    check_library_version(call.db, call.library, call.unmodified_since)
    for name, setting in sent.items():
        _check_version(_row(call, name), setting.get("version") if isinstance(setting, dict) else None)
    return _written(call, sent)


def _check_version(old: tuple[str, int] | None, version: Any) -> None:
    if version is None:
        return
    if not isinstance(version, int):
        raise ApiError(400, "'version' must be an integer")
    if old and version < old[1]:
        message = f"Setting has been modified since specified version (expected {version}, found {old[1]})"
        raise ApiError(412, message, version=old[1])


def _written(call: Call, settings: dict[str, Any]) -> Response:
    before = call.version
    changed = {name: text for name, sent in settings.items() if _value_of(call, name) != (text := _text(name, sent))}
    if not changed:
        return Response(204, version=before)
    version = next_version(call.db, call.library)
    for name, text in changed.items():
        call.db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?, ?, ?)", (call.library.id, name, version, text))
        forget_deletion(call.db, call.library, "settings", name)
    return Response(204, version=version)


def _value_of(call: Call, name: str) -> str | None:
    row = _row(call, name)
    return row[0] if row else None


def _text(name: str, sent: Any) -> str:
    if not _NAME.fullmatch(name):
        raise ApiError(400, f"Invalid setting '{name}'")
    if not isinstance(sent, dict) or sent.get("value") in (None, ""):
        raise ApiError(400, "'value' property not provided")
    text = json.dumps(sent["value"], ensure_ascii=False)
    if len(text) > VALUE_CHARACTERS:
        raise ApiError(413, f"'value' cannot be longer than {VALUE_CHARACTERS} characters")
    return text


def delete_setting(call: Call) -> Response:
    """The DELETE of one setting."""
    old = _row(call, call.key)
    if old is None:
        raise ApiError(404, "Setting not found")
    _check_version(old, call.unmodified_since)
    version = next_version(call.db, call.library)
    call.db.execute("DELETE FROM settings WHERE library = ? AND name = ?", (call.library.id, call.key))
    remember_deletion(call.db, call.library, "settings", call.key, version)
    return Response(204, version=version)
