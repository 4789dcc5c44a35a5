"""The files of attachments: how they are fetched.

The item's path leads to an address that carries its own permission for a while and needs no API key, like those of the
storage service that the Web API sends its clients to.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import sqlite3
import time
from urllib.parse import quote

from dmlsync.sandbox import file_rows
from dmlsync.sandbox.attachments import attachment_of
from dmlsync.sandbox.calls import Call
from dmlsync.sandbox.file_rows import ItemFile
from dmlsync.sandbox.libraries import Library, api_key_of
from dmlsync.sandbox.messages import Request, Response, text_response
from dmlsync.sandbox.problem import ApiError

DOWNLOAD_SECONDS, VIEW_SECONDS = 60, 600
_FILE = re.compile(r"/files/(\d{1,15}/[A-Z0-9]{8})/(inline|attachment)/(\d{1,15})/([0-9a-f]{64})/.*", re.DOTALL)


def download_file(call: Call) -> Response:
    """The way to an item's file: a redirection that tells its facts."""
    found = _file(call)
    headers = {
        "Location": _file_url(call, found, "attachment", DOWNLOAD_SECONDS),
        "Zotero-File-Modification-Time": str(found.mtime),
        "Zotero-File-MD5": found.md5,
        "Zotero-File-Size": str(found.size),
        "Zotero-File-Compressed": "Yes" if found.zipped else "No",
    }
    return Response(302, headers=headers)


def view_file(call: Call) -> Response:
    """The way to an item's file for looking at it."""
    return Response(302, headers={"Location": _file_url(call, _file(call), "inline", VIEW_SECONDS)})


def view_file_url(call: Call) -> Response:
    """The same address as text."""
    return text_response(_file_url(call, _file(call), "inline", VIEW_SECONDS) + "\n")


def _file(call: Call) -> ItemFile:
    attachment_of(call)
    found = file_rows.file_of(call.db, call.library, call.key)
    if found is None:
        raise ApiError(404, "Not found")
    return found


def _file_url(call: Call, found: ItemFile, disposition: str, seconds: int) -> str:
    signed = f"{call.library.id}/{call.key}/{disposition}/{int(time.time()) + seconds}"
    return f"{call.request.base}/files/{signed}/{_signature(call.db, signed)}/{quote(found.name, safe='')}"


def _signature(db: sqlite3.Connection, text: str) -> str:
    secret = api_key_of(db, may_write=True).encode()
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


def send_file(db: sqlite3.Connection, request: Request) -> Response | None:
    """The contents of a file at the address that a redirection named. None for other addresses."""
    match = _FILE.fullmatch(request.path)
    if match is None:
        return None
    signed = f"{match[1]}/{match[2]}/{match[3]}"
    if not hmac.compare_digest(match[4], _signature(db, signed)) or int(match[3]) < time.time():
        raise ApiError(403, "Request has expired")
    library, _, item = match[1].partition("/")
    found = file_rows.file_of(db, Library(int(library), "", 0, ""), item)
    content = file_rows.content_of(db, found.md5) if found else None
    if found is None or content is None:
        raise ApiError(404, "Not found")
    headers = {
        "ETag": f'"{found.md5}"',
        "Content-Disposition": f"{match[2]}; filename*=UTF-8''{quote(found.name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
    }
    return Response(200, content, found.content_type, headers=headers)
