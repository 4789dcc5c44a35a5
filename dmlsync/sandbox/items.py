"""What an item becomes when JSON is written to it: the stored item and the sent object give the next item.

Nothing here writes, and nothing but the look-ups of parents and collections reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dmlsync import schema
from dmlsync.sandbox.item_checks import CHILD_TYPES, check_item, tag_type, type_of
from dmlsync.sandbox.libraries import Library
from dmlsync.sandbox.notes import sanitized, title_of
from dmlsync.sandbox.problem import ApiError, cut
from dmlsync.sandbox.state import STORED_MODES, Item
from dmlsync.sandbox.values import access_date, as_text, clean, is_set, now, timestamp

FIELD_BYTES = 65535
NAME_CHARACTERS = 255
NOTE_CHARACTERS = 250_000
NOTE_TITLE_CHARACTERS = 79
"""How much of a note its refusal quotes."""

_SHORTEN = (
    "Shorten the name and sync again.\n\nIf you receive this message repeatedly for items saved from a particular site,"
    " you can report this issue in the Zotero Forums."
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an item may refer to: the library, the type of another item by its key, whether a collection exists."""

    library: Library
    item_type: Callable[[str], str | None]
    has_collection: Callable[[str], bool]


def revised(
    data: Mapping[str, Any], existing: Item | None, key: str, around: Surroundings, *, partial: bool
) -> tuple[Item, bool]:
    """The item after `data` was written to it, and whether that is a change. Its version is still the old one.

    `existing` is None for a new item. With `partial`, what is not sent stays; without, an item in the trash comes back
    and a child loses its parent unless `deleted` and `parentItem` are sent. Raises ApiError.
    """
    check_item(data, existing, partial=partial, in_group=around.library.kind == "group")
    present = now()
    old = existing or _blank(type_of(data, None), key, data, present)
    new = replace(
        _as_type(old, type_of(data, existing)),
        **_placed(data, old, around, partial=partial or existing is None),
    )
    new = replace(new, **_described(data, new, f"{around.library.id}/{key}"))
    touched = existing is None or _is_edited(existing, new, data)
    new = replace(new, **_dated(data, old, present, is_new=existing is None, touched=touched))
    return new, touched or new != existing


def _blank(item_type: str, key: str, data: Mapping[str, Any], present: str) -> Item:
    attachment: dict[str, Any] | None = None
    if item_type == "attachment":
        attachment = {"linkMode": data["linkMode"], "contentType": "", "charset": ""}
        if data["linkMode"] in STORED_MODES:
            attachment |= {"filename": "", "md5": None, "mtime": None}
        if data["linkMode"] == "linked_file":
            attachment["path"] = ""
    note = "" if item_type in ("note", "attachment") else None
    return Item(key, 0, item_type, present, present, note=note, attachment=attachment)


def _as_type(item: Item, item_type: str) -> Item:
    """The item under another type: values move to the field of the same meaning, what has none is dropped."""
    if item_type == item.type:
        return item
    fields = {}
    for name, value in item.fields.items():
        target = schema.field_for(item_type, schema.base_of(item.type, name))
        if target:
            fields[target] = value
    allowed = schema.creator_types_of(item_type)
    creators = []
    for creator in item.creators:
        kind = creator["creatorType"]
        if kind == schema.primary_creator(item.type):
            kind = allowed[0]
        elif kind not in allowed:
            kind = "contributor" if "contributor" in allowed else allowed[0]
        creators.append({**creator, "creatorType": kind})
    return replace(item, type=item_type, fields=fields, creators=tuple(creators))


def _placed(data: Mapping[str, Any], old: Item, around: Surroundings, *, partial: bool) -> dict[str, Any]:
    """Parent, collections and trash."""
    parent = old.parent
    if "parentItem" in data:
        parent = data["parentItem"] or None
    elif not partial:
        parent = None
    if old.attachment and old.attachment["linkMode"] == "embedded_image":
        _check_image(parent, data, old)
    if parent and parent != old.parent:
        _check_parent(parent, old.key, data, around)
    collections = tuple(dict.fromkeys(data["collections"])) if "collections" in data else old.collections
    for collection in collections:
        if collection not in old.collections and not around.has_collection(collection):
            raise ApiError(409, f"Collection {collection} not found", {"collection": collection})
    if set(collections) == set(old.collections):
        collections = old.collections
    trashed = is_set(data["deleted"]) if "deleted" in data else old.trashed and partial
    return {"parent": parent, "collections": () if parent else collections, "trashed": trashed}


def _check_image(parent: str | None, data: Mapping[str, Any], old: Item) -> None:
    """Refuses an image embedded in a note that is in none, or that is no image."""
    if not parent:
        raise ApiError(400, "Embedded-image attachment must have a parent item")
    if not as_text(data.get("contentType") or (old.attachment or {}).get("contentType")).startswith("image/"):
        raise ApiError(400, "Embedded-image attachment must have an image content type")


def _check_parent(parent: str, key: str, data: Mapping[str, Any], around: Surroundings) -> None:
    if parent == key:
        raise ApiError(400, f"Item {key} cannot be a child of itself", {"parentItem": key})
    parent_type = around.item_type(parent)
    if parent_type is None:
        raise ApiError(409, f"Parent item {parent} not found", {"parentItem": parent})
    if parent_type in CHILD_TYPES and not (parent_type == "note" and data.get("linkMode") == "embedded_image"):
        raise ApiError(400, f"Parent item {parent} cannot be a child item")


def _described(data: Mapping[str, Any], old: Item, name: str) -> dict[str, Any]:
    """Fields, creators, tags, relations, note and the properties of an attachment."""
    changes: dict[str, Any] = {"fields": _fields(data, old, name)}
    if "creators" in data:
        changes["creators"] = tuple(_creator(creator) for creator in data["creators"] if _has_name(creator))
    if "tags" in data:
        changes["tags"] = _tags(data["tags"])
    if "relations" in data:
        changes["relations"] = relations_of(data["relations"])
    if "note" in data and old.note is not None:
        note = clean(data["note"]) if isinstance(data["note"], str) else ""
        if len(note) > NOTE_CHARACTERS:
            raise ApiError(413, f"Note '{title_of(note)[:NOTE_TITLE_CHARACTERS]}...' too long for item '{name}'")
        changes["note"] = sanitized(note)
    if old.attachment is not None:
        changes["attachment"] = {
            part: stored if _stays(part, data) else _attachment_value(part, data[part])
            for part, stored in old.attachment.items()
        }
    return changes


def _stays(part: str, data: Mapping[str, Any]) -> bool:
    """Whether a property of an attachment is left as it is; a blank hash or time does not take a file's away."""
    return part == "linkMode" or part not in data or (part in ("md5", "mtime") and not data[part])


def _attachment_value(part: str, value: Any) -> Any:
    if part == "mtime":
        return int(value) if isinstance(value, int) or (as_text(value).isascii() and as_text(value).isdigit()) else None
    text = clean(as_text(value))
    return text or None if part == "md5" else text


def _fields(data: Mapping[str, Any], old: Item, name: str) -> dict[str, str]:
    fields = dict(old.fields)
    for field in schema.fields_of(old.type):
        if field not in data:
            continue
        value = access_date(data[field]) if field == "accessDate" else clean(as_text(data[field]))
        if len(value.encode()) > FIELD_BYTES:
            label = schema.label_of_field(field)
            message = f"{label} field value '{cut(value)}' too long for item '{name}'"
            raise ApiError(413, message, {"field": label, "value": cut(value)})
        if value:
            fields[field] = value
        else:
            fields.pop(field, None)
    return fields


def _has_name(creator: Mapping[str, Any]) -> bool:
    return any(clean(as_text(creator.get(part))) for part in ("name", "firstName", "lastName"))


def _creator(creator: Mapping[str, Any]) -> dict[str, str]:
    parts = ("name",) if creator.get("name") is not None else ("firstName", "lastName")
    stored = {"creatorType": str(creator["creatorType"])}
    for part in parts:
        value = clean(as_text(creator.get(part)))
        if len(value) > NAME_CHARACTERS:
            message = f"The creator name ‘{cut(value)}…’ is too long to sync. {_SHORTEN}"
            raise ApiError(413, message, {"field": "creator", "value": cut(value)})
        stored[part] = value
    return stored


def _tags(sent: list[dict[str, Any]]) -> tuple[tuple[str, int], ...]:
    tags: dict[str, int] = {}
    for tag in sent:
        name = clean(as_text(tag["tag"]))
        if len(name) > NAME_CHARACTERS:
            raise ApiError(413, f"Tag '{cut(name)}' too long", {"tag": name})
        if name:
            tags.setdefault(name, tag_type(tag.get("type", 0)) or 0)
    return tuple(sorted(tags.items()))


def relations_of(sent: Any) -> dict[str, tuple[str, ...]]:
    """Checked relations in the stored form: each predicate with its URIs, sorted and each once."""
    pairs = dict(sent) if sent else {}
    lists = {name: uris if isinstance(uris, list) else [uris] for name, uris in pairs.items()}
    return {name: tuple(sorted(set(uris))) for name, uris in lists.items() if uris}


def _is_edited(existing: Item, new: Item, data: Mapping[str, Any]) -> bool:
    """Whether an edit gives the item a new `dateModified`; a change of collections or relations alone does not.

    Tags that are sent always count, were they the very ones that are stored; only none on none does not.
    """
    if "tags" in data and (existing.tags or new.tags):
        return True
    same = replace(existing, collections=new.collections, relations=new.relations)
    return same != new


def _dated(data: Mapping[str, Any], old: Item, present: str, *, is_new: bool, touched: bool) -> dict[str, Any]:
    added = timestamp("dateAdded", data["dateAdded"]) if "dateAdded" in data else old.added
    sent = timestamp("dateModified", data["dateModified"]) if "dateModified" in data else old.modified
    if sent != old.modified or is_new:
        return {"added": added, "modified": sent}
    return {"added": added, "modified": present if touched or added != old.added else old.modified}
