"""The form in which files are uploaded: multipart/form-data, of which only the part `file` matters."""

from __future__ import annotations

import re

from dmlsync.sandbox.problem import ApiError

_BOUNDARY = re.compile(r"""multipart/form-data\s*;.*?\bboundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))""", re.IGNORECASE)
_NAME = re.compile(rb"""(?i)^content-disposition:[^\r\n]*?;\s*name="([^"\r\n]*)\"""", re.MULTILINE)


def file_in(body: bytes, content_type: str) -> bytes:
    """The bytes of the part `file`. Raises ApiError if the body is no such form or has no such part."""
    match = _BOUNDARY.match(content_type[:1000])
    if match is None:
        raise ApiError(400, "Bucket POST must be of the enclosure-type multipart/form-data")
    delimiter = b"--" + (match[1] or match[2]).encode("utf-8", "replace")
    at = 0 if body.startswith(delimiter) else body.find(b"\r\n" + delimiter) + 2
    if at < 2 and not body.startswith(delimiter):
        raise ApiError(400, "The body of your POST request is not well-formed multipart/form-data.")
    while True:
        at += len(delimiter)
        end = body.find(b"\r\n" + delimiter, at)
        if body.startswith(b"--", at) or end < 0:
            raise ApiError(400, "POST requires exactly one file upload per request.")
        head, separator, content = body[at:end].partition(b"\r\n\r\n")
        name = _NAME.search(head)
        if separator and name and name[1] == b"file":
            return content
        at = end + 2
