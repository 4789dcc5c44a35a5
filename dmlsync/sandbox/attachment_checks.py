"""What the library refuses in the JSON of an attachment: its link mode, and what goes with its file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dmlsync.sandbox.problem import ApiError, cut
from dmlsync.sandbox.state import LINK_MODES, STORED_MODES, Item
from dmlsync.sandbox.values import as_text

ATTACHMENT_ONLY = ("contentType", "charset", "filename", "md5", "mtime", "path")
"""The properties that only attachments have."""

_MD5 = re.compile(r"[a-f0-9]{32}")


def check_link_mode(data: Mapping[str, Any], existing: Item | None, *, in_group: bool) -> None:
    """Refuses a missing, unknown or changed link mode, and a linked file in a group."""
    mode = data.get("linkMode")
    if mode is None:
        if existing is None:
            raise ApiError(400, "'linkMode' property not provided")
        return
    if mode not in LINK_MODES:
        raise ApiError(400, f"'{as_text(mode)}' is not a valid linkMode")
    if existing and existing.attachment and mode != existing.attachment["linkMode"]:
        raise ApiError(400, "Cannot change attachment linkMode")
    if mode == "linked_file" and in_group:
        raise ApiError(400, "Linked files can only be added to user libraries")


def check_attachment_property(name: str, data: Mapping[str, Any], item_type: str, existing: Item | None) -> None:
    """Refuses a property of attachments on another item, on one of another link mode, or with an impossible value."""
    if item_type != "attachment":
        raise ApiError(400, f"'{name}' is valid only for attachment items")
    mode = data.get("linkMode") or (existing and existing.attachment and existing.attachment["linkMode"])
    if name in ("filename", "md5", "mtime") and mode not in STORED_MODES:
        raise ApiError(400, f"'{name}' is valid only for imported and embedded-image attachments")
    if name == "path" and mode != "linked_file":
        raise ApiError(400, "'path' is valid only for linked file attachment items")
    if isinstance(data[name], (list, dict)):
        raise ApiError(400, f"Unexpected value for property '{name}'")
    if name == "md5" and data[name] and not _MD5.fullmatch(as_text(data[name])):
        raise ApiError(400, f"'{cut(as_text(data[name]))}' is not a valid MD5 hash")
    if name == "filename":
        check_filename(as_text(data[name]))


def check_filename(name: str) -> None:
    """Refuses the name of a stored file that is a path."""
    if "/" in name:
        raise ApiError(400, f"Stored-file filename '{cut(name)}' cannot contain a directory path")
