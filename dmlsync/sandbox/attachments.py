"""The files of attachments: the three steps of an upload.

An upload is asked for at the item (with hash, name, size and time), sent to the address that the answer names, and
registered at the item again, which gives it a new version. Contents that the library has already need no second step.
The address that the bytes are sent to carries its own permission and needs no API key, like that of the storage service
which the Web API sends its clients to. Partial uploads (PATCH) are refused.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

from dmlsync.sandbox import file_rows
from dmlsync.sandbox.attachment_checks import check_filename
from dmlsync.sandbox.calls import Call
from dmlsync.sandbox.file_rows import FileFacts
from dmlsync.sandbox.item_rows import find_item, store_item
from dmlsync.sandbox.libraries import next_version
from dmlsync.sandbox.messages import BIGGEST_FILE, Request, Response, json_response
from dmlsync.sandbox.multipart import file_in
from dmlsync.sandbox.problem import ApiError
from dmlsync.sandbox.state import STORED_MODES, Item
from dmlsync.sandbox.values import clean

MOST_UPLOADS = 10
"""How many uploads may be unfinished at once."""

_MEGABYTE = 1024 * 1024
_MD5 = re.compile(r"[0-9a-f]{32}")
_UPLOAD = re.compile(r"/uploads/([0-9a-f]{32})")


def upload_file(call: Call) -> Response:
    """The first and the third step of an upload, told apart by the form's member `upload`."""
    item = _stored_attachment(call)
    _check_precondition(call.request, item)
    form = _form(call.request)
    if "upload" not in form:
        return _authorize(call, item, form)
    facts = _expected(call, form)
    if not file_rows.finish_upload(call.db, form["upload"], facts):
        raise ApiError(400, "Remote file not found")
    return Response(204, version=_registered(call, item, facts).version)


def patch_file(call: Call) -> Response:
    """A partial upload, which is refused: the client is to send the whole file."""
    item = _stored_attachment(call)
    _check_precondition(call.request, item)
    _expected(call, {name: values[0] for name, values in call.request.query.items()})
    raise ApiError(400, "Partial uploads are not supported by the embedded library; upload the whole file")


def _stored_attachment(call: Call) -> Item:
    item = attachment_of(call)
    if item.attachment is None or item.attachment["linkMode"] not in STORED_MODES:
        raise ApiError(400, "Cannot upload file for linked file/URL attachment item")
    return item


def attachment_of(call: Call) -> Item:
    """The attachment that a path names. Raises ApiError if there is none, or if it is another kind of item."""
    item = find_item(call.db, call.library, call.key)
    if item is None:
        raise ApiError(404, "Item does not exist")
    if item.attachment is None:
        raise ApiError(400, "Item is not an attachment")
    return item


def _check_precondition(request: Request, item: Item) -> None:
    """Holds the request to the file that the client believes is there: `If-Match` its hash, or `If-None-Match: *`."""
    match, none_match = request.header("If-Match"), request.header("If-None-Match")
    present = (item.attachment or {}).get("md5")
    if match:
        wanted = match.strip('"')
        if not _MD5.fullmatch(wanted):
            raise ApiError(400, "Invalid ETag in If-Match header")
        if not present:
            raise ApiError(412, "If-Match set but file does not exist")
        if present != wanted:
            raise ApiError(412, "ETag does not match current version of file", version=item.version)
    elif not none_match:
        raise ApiError(428, "If-Match/If-None-Match header not provided")
    elif none_match != "*":
        raise ApiError(400, "Invalid value for If-None-Match header")
    elif present:
        raise ApiError(412, "If-None-Match: * set but file exists", version=item.version)


def _form(request: Request) -> dict[str, str]:
    """The form in the body, after what the address says; repeated members count by their last value."""
    try:
        posted = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50)
    except ValueError as error:
        raise ApiError(400, "Too many form fields") from error
    return {name: values[-1] for name, values in {**request.query, **posted}.items()}


def _expected(call: Call, form: Mapping[str, str]) -> FileFacts:
    key = form.get("upload", "")
    if not key:
        raise ApiError(400, "Upload key not provided")
    facts = file_rows.expected_file(call.db, key, call.library, call.key)
    if facts is None:
        raise ApiError(400, "Upload key not found")
    return facts


def _authorize(call: Call, item: Item, form: Mapping[str, str]) -> Response:
    facts = _asked(form)
    _check_quota(call, facts, item)
    known = file_rows.size_of(call.db, facts.md5)
    if known is not None:
        if known != facts.size:
            raise ApiError(400, "Specified file size incorrect for known file")
        return json_response({"exists": 1}, _registered(call, item, facts).version)
    if file_rows.unfinished_uploads(call.db) >= MOST_UPLOADS:
        raise ApiError(429, "Too many queued uploads", headers={"Retry-After": str(file_rows.UPLOAD_SECONDS)})
    key = file_rows.begin_upload(call.db, call.library, call.key, facts)
    url = f"{call.request.base}/uploads/{key}"
    parameters = {"key": facts.md5, "Content-MD5": facts.md5, "Content-Type": facts.content_type}
    if form.get("params") == "1":
        return json_response({"url": url, "params": parameters, "uploadKey": key})
    return json_response({"url": url, **_envelope(parameters), "uploadKey": key})


def _envelope(parameters: Mapping[str, str]) -> dict[str, str]:
    """What a client puts around the bytes when it does not want to write the form itself."""
    boundary = "-" * 27 + secrets.token_hex(16)
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="'
    members = "".join(f'{head}{name}"\r\n\r\n{value}\r\n' for name, value in parameters.items())
    return {
        "contentType": f"multipart/form-data; boundary={boundary}",
        "prefix": f'{members}{head}file"\r\n\r\n',
        "suffix": f"\r\n--{boundary}--",
    }


def _asked(form: Mapping[str, str]) -> FileFacts:
    """The file that a form announces. Raises ApiError for what is missing or malformed."""
    md5, name = form.get("md5", ""), clean(form.get("filename", ""))
    if not md5:
        raise ApiError(400, "MD5 hash not provided")
    if not _MD5.fullmatch(md5):
        raise ApiError(400, "Invalid MD5 hash")
    if not name:
        raise ApiError(400, "Filename not provided")
    check_filename(name)
    zip_md5, zip_name = form.get("zipMD5", ""), clean(form.get("zipFilename", ""))
    if zip_md5 and not _MD5.fullmatch(zip_md5):
        raise ApiError(400, "Invalid ZIP MD5 hash")
    if bool(zip_md5) != bool(zip_name):
        raise ApiError(400, "ZIP filename not provided" if zip_md5 else "ZIP MD5 hash not provided")
    return FileFacts(
        md5=zip_md5 or md5,
        size=_size(form),
        name=zip_name or name,
        type=file_rows.safe_type(form.get("contentType", "")),
        charset=file_rows.safe_charset(form.get("charset", "")),
        mtime=_mtime(form),
        zipped=bool(zip_md5) or form.get("zip", "") not in ("", "0"),
        item_md5=md5,
        item_name=name,
    )


def _mtime(form: Mapping[str, str]) -> int:
    text = form.get("mtime", "")
    if text in ("", "0"):
        raise ApiError(400, "File modification time not provided")
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise ApiError(400, "Invalid file modification time")
    return int(text)


def _size(form: Mapping[str, str]) -> int:
    text = form.get("filesize")
    if text is None:
        raise ApiError(400, "File size not provided")
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise ApiError(400, "Invalid file size")
    return int(text)


def _check_quota(call: Call, facts: FileFacts, item: Item) -> None:
    used = file_rows.used_bytes(call.db)
    wanted = round((used + facts.size) / _MEGABYTE, 1)
    if wanted > call.quota:
        headers = {"Zotero-Storage-Usage": str(round(used / _MEGABYTE, 1)), "Zotero-Storage-Quota": str(call.quota)}
        raise ApiError(413, f"File would exceed quota ({wanted} > {call.quota})", headers=headers)
    if facts.size > BIGGEST_FILE:
        raise ApiError(400, f"Files above {BIGGEST_FILE // _MEGABYTE} MB are not supported by the embedded library")


def _registered(call: Call, item: Item, facts: FileFacts) -> Item:
    """The item with the file; it takes a new version. What the form did not say of its type stays.

    `dateModified` stays too: what a member typed has not changed.
    """
    attachment: dict[str, Any] = {**(item.attachment or {})}
    attachment |= {"md5": facts.item_md5, "mtime": facts.mtime, "filename": facts.item_name}
    attachment["contentType"] = facts.type or attachment.get("contentType", "")
    attachment["charset"] = facts.charset or ("" if facts.type else attachment.get("charset", ""))
    new = replace(item, version=next_version(call.db, call.library), attachment=attachment)
    store_item(call.db, call.library, new, item)
    described = replace(facts, type=attachment["contentType"], charset=attachment["charset"])
    file_rows.give_file(call.db, call.library, call.key, described, described.content_type)
    return new


def receive_upload(db: sqlite3.Connection, request: Request) -> Response | None:
    """The second step: the bytes themselves, as the storage service takes them. None for other addresses."""
    match = _UPLOAD.fullmatch(request.path)
    if match is None:
        return None
    if request.method != "POST":
        raise ApiError(405, "Method not allowed")
    facts = file_rows.expected_file(db, match[1])
    if facts is None:
        raise ApiError(403, "Access Denied")
    content = file_in(request.body, request.content_type)
    if len(content) > facts.size:
        raise ApiError(400, "Your proposed upload exceeds the maximum allowed size")
    if len(content) < facts.size:
        raise ApiError(400, "Your proposed upload is smaller than the minimum allowed size")
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != facts.md5:
        raise ApiError(400, "The Content-MD5 you specified did not match what we received.")
    file_rows.receive(db, match[1], content)
    return Response(201, headers={"ETag": f'"{facts.md5}"'})
