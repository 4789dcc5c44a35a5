"""What the library refuses in the JSON of an item, before it looks at what would change."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dmlsync import schema
from dmlsync.sandbox.attachment_checks import ATTACHMENT_ONLY, check_attachment_property, check_link_mode
from dmlsync.sandbox.keys import is_key
from dmlsync.sandbox.problem import ApiError
from dmlsync.sandbox.state import Item
from dmlsync.sandbox.values import ASCII_SPACE, as_text

CHILD_TYPES = ("note", "attachment", "annotation")
PREDICATES = ("dc:relation", "dc:replaces", "owl:sameAs")
_URI = r"http://zotero\.org/(?:users|groups)/[0-9]+/(?:publications/)?{noun}s/[A-Z0-9]{{8}}"
_REQUIRED_BY_PUT = ("itemType", "tags", "relations", "collections")
_NO_LONGER = ("attachments", "notes")
_ANNOTATION_PARTS = "Type AuthorName Text Comment Color PageLabel SortIndex Position"
_ANNOTATION_ONLY = frozenset(f"annotation{part}" for part in _ANNOTATION_PARTS.split())


def check_item(data: Mapping[str, Any], existing: Item | None, *, partial: bool, in_group: bool) -> None:
    """Raises ApiError for the first thing in `data` that no item of its type may have.

    `existing` is the stored item, `partial` tells that what is not sent stays (PATCH, and POST of an existing key).
    """
    item_type = type_of(data, existing)
    is_child = _is_child(data, existing if partial else None)
    if existing and not partial:
        _check_whole(data, is_child=is_child)
    if item_type == "attachment":
        check_link_mode(data, existing, in_group=in_group)
    elif "linkMode" in data:
        raise ApiError(400, "'linkMode' is valid only for attachment items")
    for name, value in data.items():
        if name in _CHECKS:
            _CHECKS[name](value, item_type)
        elif name == "collections":
            _check_collections(value, is_child=is_child)
        elif name == "inPublications":
            _check_publications(value, in_group=in_group)
        elif name in ATTACHMENT_ONLY:
            check_attachment_property(name, data, item_type, existing)
        elif name not in ("key", "version", "itemType", "linkMode", "dateAdded", "dateModified"):
            _check_field(name, value, item_type)


def _check_whole(data: Mapping[str, Any], *, is_child: bool) -> None:
    """Refuses a PUT without what it replaces; of an attachment it needs the link mode alone."""
    required = ("linkMode",) if data.get("itemType") == "attachment" else _REQUIRED_BY_PUT
    for name in required:
        if data.get(name) is None and not (name == "collections" and is_child):
            raise ApiError(400, f"'{name}' property not provided")


def type_of(data: Mapping[str, Any], existing: Item | None) -> str:
    """The type that the item will have; refuses a missing, an unknown and an impossible one."""
    item_type = data.get("itemType")
    if item_type is None and existing is None:
        raise ApiError(400, "'itemType' property not provided")
    if existing and "itemType" not in data:
        item_type = existing.type
    if not isinstance(item_type, str):
        raise ApiError(400, "'itemType' must be a string")
    if not schema.is_item_type(item_type):
        raise ApiError(400, f"'{item_type}' is not a valid itemType")
    if existing and item_type != existing.type and {item_type, existing.type} & set(CHILD_TYPES):
        raise ApiError(400, f"Cannot change item type from '{existing.type}' to '{item_type}'")
    if item_type == "annotation" and existing is None:
        raise ApiError(400, "'annotation' items cannot be created in the embedded library")
    if item_type not in CHILD_TYPES and data.get("parentItem"):
        raise ApiError(400, "Child item must be note, attachment, or annotation")
    return item_type


def _is_child(data: Mapping[str, Any], existing: Item | None) -> bool:
    """Whether the item will have a parent; `existing` is None where a parent that is not sent goes."""
    if "parentItem" in data:
        return bool(data["parentItem"])
    return bool(existing and existing.parent)


def _check_parent(value: Any, item_type: str) -> None:
    if value is not False and not is_key(value):
        raise ApiError(400, "'parentItem' must be a valid item key or false")


def _check_publications(value: Any, *, in_group: bool) -> None:
    if value and in_group:
        raise ApiError(400, "Group items cannot be added to My Publications")
    if value:
        raise ApiError(400, "The embedded library has no My Publications")


def check_deleted(value: Any, item_type: str = "") -> None:
    """Refuses what is neither a boolean nor 0 or 1."""
    if value not in (0, 1) or not isinstance(value, int):
        raise ApiError(400, "'deleted' must be a boolean")


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
        if not isinstance(creator, dict) or creator.get("creatorType") is None:
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
            if creator.get(other) is None:
                raise ApiError(400, f"'{other}' creator field must be set if '{part}' is set")
            if creator.get("name") is not None:
                raise ApiError(400, f"'{part}' and 'name' creator fields are mutually exclusive")
        elif part == "name":
            for other in ("firstName", "lastName"):
                if creator.get(other) is not None:
                    raise ApiError(400, f"'{other}' and 'name' creator fields are mutually exclusive")
        else:
            raise ApiError(400, f"Invalid creator property '{part}'")


def check_relations(
    value: Any, item_type: str = "", noun: str = "item", predicates: Sequence[str] = PREDICATES
) -> None:
    """Refuses predicates and values that relations may not have; an empty list counts as an empty object.

    The values are addresses of things of the same kind, the `noun`: items or collections.
    """
    if value == []:
        return
    if not isinstance(value, dict):
        raise ApiError(400, "'relations' property must be an object")
    for predicate, uris in value.items():
        if predicate not in predicates:
            raise ApiError(400, f"Unsupported predicate '{predicate}'")
        for uri in uris if isinstance(uris, list) else [uris]:
            if not isinstance(uri, str) or not re.fullmatch(_URI.format(noun=noun), uri):
                raise ApiError(400, f"'relations' values currently must be Zotero {noun} URIs")


def _check_note(value: Any, item_type: str) -> None:
    if item_type not in ("note", "attachment"):
        raise ApiError(400, "'note' property is valid only for note and attachment items")


def _check_field(name: str, value: Any, item_type: str) -> None:
    if name in _ANNOTATION_ONLY and item_type != "annotation":
        raise ApiError(400, f"'{name}' is valid only for annotation items")
    if name in _NO_LONGER:
        raise ApiError(400, f"'{name}' property is no longer supported")
    if name not in schema.all_fields():
        raise ApiError(400, f"Invalid property '{name}'")
    if isinstance(value, (list, dict)):
        raise ApiError(400, f"Unexpected {'array' if isinstance(value, list) else 'object'} for property '{name}'")
    if name not in schema.fields_of(item_type) and as_text(value) != "":
        raise ApiError(400, f"'{name}' is not a valid field for type '{item_type}'")


_CHECKS = {
    "parentItem": _check_parent,
    "tags": _check_tags,
    "creators": _check_creators,
    "relations": check_relations,
    "note": _check_note,
    "deleted": check_deleted,
}
