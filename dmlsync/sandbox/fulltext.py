"""The full text of attachments, as clients extracted it: kept, handed out, searched with `qmode=everything`."""

from __future__ import annotations

import json
from typing import Any

from dmlsync.sandbox.calls import Call
from dmlsync.sandbox.item_rows import find_item
from dmlsync.sandbox.keys import is_key
from dmlsync.sandbox.libraries import next_version
from dmlsync.sandbox.messages import Response, json_response
from dmlsync.sandbox.parameters import since_of
from dmlsync.sandbox.problem import ApiError
from dmlsync.sandbox.values import as_text
from dmlsync.sandbox.writing import check_library_version

MOST_TEXTS = 10
"""How many texts one request may bring."""

_EXTENT = ("indexedChars", "totalChars", "indexedPages", "totalPages")


def fulltext_versions(call: Call) -> Response:
    """The attachments whose text changed after a version, with the version of each text."""
    since = since_of(call.request.query) or 0
    rows = call.db.execute(
        "SELECT item, version FROM fulltexts WHERE library = ? AND version > ? ORDER BY version",
        (call.library.id, since),
    )
    return json_response(dict(rows.fetchall()), call.version)


def fulltext_of_item(call: Call) -> Response:
    """The text of one attachment; its version is the text's."""
    _require_file(call, call.key)
    row = call.db.execute(
        "SELECT version, content, extent FROM fulltexts WHERE library = ? AND item = ?", (call.library.id, call.key)
    ).fetchone()
    if row is None:
        raise ApiError(404, "Not found")
    return json_response({"content": row[1], **json.loads(row[2])}, row[0])


def set_fulltext(call: Call) -> Response:
    """The PUT of one attachment's text."""
    _require_json(call)
    _require_file(call, call.key)
    version = next_version(call.db, call.library)
    _store(call, call.key, call.request.json(), version)
    return Response(204, version=version)


def set_fulltexts(call: Call) -> Response:
    """The POST of several texts, which all get the same version."""
    _require_json(call)
    if call.unmodified_since is None:
        raise ApiError(428, "If-Unmodified-Since-Version not provided")
    sent = call.request.json()
    if not isinstance(sent, list):
        raise ApiError(400, "Uploaded data must be a JSON array")
    if len(sent) > MOST_TEXTS:
        raise ApiError(413, f"Cannot add more than {MOST_TEXTS} full texts at a time")
    check_library_version(call.db, call.library, call.unmodified_since)
    version = next_version(call.db, call.library)
    outcome: dict[str, dict[str, Any]] = {"successful": {}, "success": {}, "unchanged": {}, "failed": {}}
    for position, text in enumerate(sent):
        key = text.get("key") if isinstance(text, dict) else None
        try:
            if not is_key(key):
                raise ApiError(400, "Item key not provided")
            _require_file(call, str(key))
            _store(call, str(key), text, version)
        except ApiError as refusal:
            outcome["failed"][str(position)] = refusal.as_failure()
        else:
            outcome["successful"][str(position)] = {"key": key}
            outcome["success"][str(position)] = key
    return json_response(outcome, version)


def _require_json(call: Call) -> None:
    if call.request.content_type.partition(";")[0].strip().lower() != "application/json":
        raise ApiError(400, "Content-Type must be application/json")


def _require_file(call: Call, key: str) -> None:
    """Refuses what can have no text: anything but an attachment, and a link."""
    item = find_item(call.db, call.library, key)
    if item is None or item.attachment is None or item.attachment["linkMode"] == "linked_url":
        raise ApiError(404, "Not found")


def _store(call: Call, key: str, text: Any, version: int) -> None:
    if not isinstance(text, dict) or not isinstance(text.get("content"), str):
        raise ApiError(400, "'content' property not provided")
    extent = {name: text[name] for name in _EXTENT if isinstance(text.get(name), int) and text[name]}
    call.db.execute(
        "INSERT OR REPLACE INTO fulltexts VALUES (?, ?, ?, ?, ?)",
        (call.library.id, key, version, as_text(text["content"]), json.dumps(extent)),
    )
