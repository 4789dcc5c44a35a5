"""What the library refuses in the JSON of an item, before it looks at what would change."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dmlsync import schema
from dmlsync.sandbox.keys import is_key
from dmlsync.sandbox.problem import ApiError, cut
from dmlsync.sandbox.state import LINK_MODES, STORED_MODES, Item
from dmlsync.sandbox.values import ASCII_SPACE, as_text

CHILD_TYPES = ("note", "attachment", "annotation")
PREDICATES = ("dc:relation", "dc:replaces", "owl:sameAs")
_ITEM_URI = re.compile(r"http://zotero\.org/(?:users|groups)/[0-9]+/(?:publications/)?items/[A-Z0-9]{8}")
_REQUIRED_BY_PUT = ("itemType", "tags", "collections", "relations")
_ATTACHMENT_ONLY = ("contentType", "charset", "filename", "md5", "mtime", "path")


def check_item(data: Mapping[str, Any], existing: Item | None, *, partial: bool, in_group: bool) -> None:
    """Raises ApiError for the first thing in `data` that no item of its type may have.

    `existing` is the stored item, `partial` tells that what is not sent stays (PATCH, and POST of an existing key).
    """
    item_type = type_of(data, existing)
    is_child = _is_child(data, existing)
    if existing and not partial:
        for name in _REQUIRED_BY_PUT:
            if data.get(name) is None and not (name == "collections" and is_child):
                raise ApiError(400, f"'{name}' property not provided")
    if item_type == "attachment":
        _check_link_mode(data, existing, in_group=in_group)
    elif "linkMode" in data:
        raise ApiError(400, "'linkMode' is valid only for attachment items")
    for name, value in data.items():
        if name in _CHECKS:
            _CHECKS[name](value, item_type)
        elif name == "collections":
            _check_collections(value, is_child=is_child)
        elif name in _ATTACHMENT_ONLY:
            _check_attachment_property(name, data, item_type, existing)
        elif name not in ("key", "version", "itemType", "linkMode", "deleted", "dateAdded", "dateModified"):
            _check_field(name, value, item_type)


def type_of(data: Mapping[str, Any], existing: Item | None) -> str:
    """The type that the item will have; refuses a missing, an unknown and an impossible one."""
    item_type = data.get("itemType")
    if item_type is None:
        if existing is None:
            raise ApiError(400, "'itemType' property not provided")
        return existing.type
    if not isinstance(item_type, str) or not schema.is_item_type(item_type):
        raise ApiError(400, f"'{as_text(item_type)}' is not a valid itemType")
    if existing and item_type != existing.type and {item_type, existing.type} & set(CHILD_TYPES):
        raise ApiError(400, f"Cannot change item type from '{existing.type}' to '{item_type}'")
    if item_type == "annotation" and existing is None:
        raise ApiError(400, "'annotation' items cannot be created in the embedded library")
    if item_type not in CHILD_TYPES and data.get("parentItem"):
        raise ApiError(400, "Child item must be note, attachment, or annotation")
    return item_type


def _is_child(data: Mapping[str, Any], existing: Item | None) -> bool:
    if "parentItem" in data:
        return bool(data["parentItem"])
    return bool(existing and existing.parent)


def _check_parent(value: Any, item_type: str) -> None:
    if value is not False and not is_key(value):
        raise ApiError(400, "'parentItem' must be a valid item key or false")


def _check_link_mode(data: Mapping[str, Any], existing: Item | None, *, in_group: bool) -> None:
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


def _check_attachment_property(name: str, data: Mapping[str, Any], item_type: str, existing: Item | None) -> None:
    if item_type != "attachment":
        raise ApiError(400, f"'{name}' is valid only for attachment items")
    mode = data.get("linkMode") or (existing and existing.attachment and existing.attachment["linkMode"])
    if name in ("filename", "md5", "mtime") and mode not in STORED_MODES:
        raise ApiError(400, f"'{name}' is valid only for imported and embedded-image attachments")
    if name == "path" and mode != "linked_file":
        raise ApiError(400, "'path' is valid only for linked file attachment items")
    if isinstance(data[name], (list, dict)):
        raise ApiError(400, f"Unexpected value for property '{name}'")
    if name == "filename":
        check_filename(as_text(data[name]))


def check_filename(name: str) -> None:
    """Refuses the name of a stored file that is a path."""
    if "/" in name:
        raise ApiError(400, f"Stored-file filename '{cut(name)}' cannot contain a directory path")


def _check_list(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ApiError(400, f"'{name}' property must be an array")
    return value


def _check_collections(value: Any, *, is_child: bool) -> None:
    keys = _check_list("collections", value)
    if keys and is_child:
        raise ApiError(400, "Child items cannot be assigned to collections")
    for key in keys:
        if not is_key(key):
            raise ApiError(400, f"'{as_text(key)}' is not a valid collection key")


def _check_tags(value: Any, item_type: str) -> None:
    for tag in _check_list("tags", value):
        if not isinstance(tag, dict):
            raise ApiError(400, "Tag must be an object")
        if not tag:
            raise ApiError(400, "Tag object is empty")
        for name, content in tag.items():
            if name == "tag":
                if not isinstance(content, (str, int, float)):
                    raise ApiError(400, "Invalid tag name")
            elif name != "type":
                raise ApiError(400, f"Invalid tag property '{name}'")
            elif tag_type(content) is None:
                raise ApiError(400, f"Invalid tag type '{as_text(content)}'")
        if "tag" not in tag:
            raise ApiError(400, "Invalid tag name")


def tag_type(value: Any) -> int | None:
    """The type of a tag as a small number, None if it is none; a numeric text counts."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,3}", value):
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 255 else None


def _check_creators(value: Any, item_type: str) -> None:
    creators = _check_list("creators", value)
    for creator in creators:
        if not isinstance(creator, dict):
            raise ApiError(400, "creator must be an object")
        if creator.get("creatorType") is None:
            raise ApiError(400, "creator object must contain 'creatorType'")
        parts = [creator.get(part) for part in ("name", "firstName", "lastName")]
        if any(isinstance(part, (list, dict)) for part in parts):
            raise ApiError(400, "creator names must be strings")
        if not any(as_text(part).strip(ASCII_SPACE) for part in parts):
            if len(creators) == 1:
                continue  # as in the template of a new item: nobody is meant
            raise ApiError(400, "creator object must contain 'firstName'/'lastName' or 'name'")
        _check_creator(creator, item_type)


def _check_creator(creator: Mapping[str, Any], item_type: str) -> None:
    for part in creator:
        if part == "creatorType":
            kind = creator[part]
            if not isinstance(kind, str) or not schema.is_creator_type(kind):
                raise ApiError(400, f"'{as_text(kind)}' is not a valid creator type")
            # An author is let pass everywhere: older programs send it for every type.
            if kind != "author" and kind not in schema.creator_types_of(item_type):
                raise ApiError(400, f"'{kind}' is not a valid creator type for item type '{item_type}'")
        elif part in ("firstName", "lastName"):
            other = "lastName" if part == "firstName" else "firstName"
            if creator.get("name") is not None:
                raise ApiError(400, "'firstName' and 'name' creator fields are mutually exclusive")
            if creator.get(other) is None:
                raise ApiError(400, f"'{other}' creator field must be set if '{part}' is set")
        elif part == "name":
            if creator.get("firstName") is not None or creator.get("lastName") is not None:
                raise ApiError(400, "'firstName' and 'name' creator fields are mutually exclusive")
        else:
            raise ApiError(400, f"Invalid creator property '{part}'")


def check_relations(value: Any, item_type: str = "") -> None:
    """Refuses predicates and values that relations may not have; an empty list counts as an empty object."""
    if value == []:
        return
    if not isinstance(value, dict):
        raise ApiError(400, "'relations' property must be an object")
    for predicate, uris in value.items():
        if predicate not in PREDICATES:
            raise ApiError(400, f"Unsupported predicate '{predicate}'")
        for uri in uris if isinstance(uris, list) else [uris]:
            if not isinstance(uri, str) or not _ITEM_URI.fullmatch(uri):
                raise ApiError(400, "'relations' values currently must be Zotero item URIs")


def _check_note(value: Any, item_type: str) -> None:
    if item_type not in ("note", "attachment"):
        raise ApiError(400, "'note' property is valid only for note and attachment items")
    if isinstance(value, (list, dict)):
        raise ApiError(400, "Unexpected value for property 'note'")


def _check_field(name: str, value: Any, item_type: str) -> None:
    if name not in schema.all_fields():
        raise ApiError(400, f"Invalid property '{name}'")
    if isinstance(value, (list, dict)):
        raise ApiError(400, f"Unexpected value for property '{name}'")
    if name not in schema.fields_of(item_type) and as_text(value) != "":
        raise ApiError(400, f"'{name}' is not a valid field for type '{item_type}'")


_CHECKS = {
    "parentItem": _check_parent,
    "tags": _check_tags,
    "creators": _check_creators,
    "relations": check_relations,
    "note": _check_note,
}
