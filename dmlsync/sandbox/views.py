"""Items, collections, searches and tags as the API shows them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, quote_plus

from dmlsync import schema
from dmlsync.sandbox import collections as collection_rows
from dmlsync.sandbox.exports import Exports
from dmlsync.sandbox.file_rows import ItemFile, best_files, files_of
from dmlsync.sandbox.item_rows import child_counts
from dmlsync.sandbox.libraries import Library, username_of
from dmlsync.sandbox.state import STORED_MODES, Collection, Item, Search
from dmlsync.sandbox.values import shown_date

WEBSITE = "https://www.zotero.org"


_IMAGE_WITHOUT = "title url accessDate note charset tags collections relations"
_NOT_IN_AN_IMAGE = frozenset(_IMAGE_WITHOUT.split())
"""What an image embedded in a note does not show."""


class View:
    """How one library looks from one address; `base` is the address of the API without a trailing slash."""

    def __init__(self, db: sqlite3.Connection, library: Library, base: str, user: int, exports: Exports) -> None:
        self.db = db
        self.exports = exports
        self.library = library
        self.api = base + library.path
        self.user = user
        self.username, self.user_name = username_of(db, user)
        slug = self.username if library.kind == "user" else f"groups/{library.number}"
        self.website = f"{WEBSITE}/{quote(slug)}"

    def items(self, items: Sequence[Item], include: Sequence[str] = ("data",)) -> list[dict[str, Any]]:
        """The envelopes of items, with the members that `include` names: `data` and the formats of exports."""
        parents = [item.key for item in items if _has_children(item)]
        children = child_counts(self.db, self.library, parents)
        best = best_files(self.db, self.library, list(children)) if children else {}
        files = files_of(self.db, self.library, [item.key for item in items if item.attachment])
        shown = []
        for item in items:
            links = self._links("items", item.key)
            if item.parent:
                links["up"] = {"href": f"{self.api}/items/{item.parent}", "type": "application/json"}
            if item.key in files:
                links["enclosure"] = self._enclosure(item, files[item.key])
            if item.key in best:
                links["attachment"] = self._best(*best[item.key])
            shown.append(self._item(item, links, children.get(item.key, 0), include))
        return shown

    def _enclosure(self, item: Item, file: ItemFile) -> dict[str, Any]:
        """The link to an attachment's own file."""
        attachment = item.attachment or {}
        href = f"{self.api}/items/{item.key}/file/view"
        link = {"type": attachment.get("contentType", ""), "href": href, "title": attachment.get("filename", "")}
        return link | {"length": file.size}

    def _best(self, key: str, content_type: str, size: int) -> dict[str, Any]:
        """The link from an item to the child whose file shows it best."""
        link = {"href": f"{self.api}/items/{key}", "type": "application/json"}
        return link | {"attachmentType": content_type.partition(";")[0], "attachmentSize": size}

    def _item(self, item: Item, links: dict[str, Any], children: int, include: Sequence[str]) -> dict[str, Any]:
        meta = self._meta()
        if item.creator_summary:
            meta["creatorSummary"] = item.creator_summary
        if item.parsed_date:
            meta["parsedDate"] = item.parsed_date
        if _has_children(item):
            meta["numChildren"] = children
        envelope = self._envelope(item.key, item.version, links, meta)
        for member in include:
            data = item_data(item)
            envelope[member] = data if member == "data" else self.exports.member(member, item, data, self.library.id)
        return envelope

    def document(self, name: str, items: Sequence[Item]) -> bytes:
        """Several items in a format of exports."""
        return self.exports.document(name, [(item, item_data(item)) for item in items], self.library.id)

    def collections(self, collections: Sequence[Collection]) -> list[dict[str, Any]]:
        """The envelopes of collections."""
        counted = collection_rows.counts(self.db, self.library, [collection.key for collection in collections])
        shown = []
        for collection in collections:
            within, items = counted[collection.key]
            meta = {"numCollections": within, "numItems": items}
            links = self._links("collections", collection.key)
            envelope = self._envelope(collection.key, collection.version, links, meta)
            shown.append(envelope | {"data": collection_data(collection)})
        return shown

    def searches(self, searches: Sequence[Search]) -> list[dict[str, Any]]:
        """The envelopes of saved searches."""
        return [
            self._envelope(search.key, search.version, self._links("searches", search.key), {})
            | {"data": search_data(search)}
            for search in searches
        ]

    def tag(self, tag: str, kind: int, count: int) -> dict[str, Any]:
        """A tag with the number of items that have it."""
        return {
            "tag": tag,
            "links": {
                "self": {"href": f"{self.api}/tags/{quote_plus(tag)}", "type": "application/json"},
                "alternate": {"href": f"{self.website}/tags/{quote_plus(tag)}", "type": "text/html"},
            },
            "meta": {"type": kind, "numItems": count},
        }

    def _envelope(self, key: str, version: int, links: dict[str, Any], meta: dict[str, Any]) -> dict[str, Any]:
        library = {
            "type": self.library.kind,
            "id": self.library.number,
            "name": self.library.name,
            "links": {"alternate": {"href": self.website, "type": "text/html"}},
        }
        return {"key": key, "version": version, "library": library, "links": links, "meta": meta}

    def _links(self, kind: str, key: str) -> dict[str, Any]:
        return {
            "self": {"href": f"{self.api}/{kind}/{key}", "type": "application/json"},
            "alternate": {"href": f"{self.website}/{kind}/{key}", "type": "text/html"},
        }

    def _meta(self) -> dict[str, Any]:
        if self.library.kind == "user":
            return {}
        return {
            "createdByUser": {
                "id": self.user,
                "username": self.username,
                "name": self.user_name,
                "links": {"alternate": {"href": f"{WEBSITE}/{quote(self.username)}", "type": "text/html"}},
            }
        }


def _has_children(item: Item) -> bool:
    """Whether an item may have children and tells how many: all but files and links, of which a stored PDF may."""
    attachment = item.attachment
    if attachment is None:
        return item.type == "note" or item.parent is None
    return attachment["linkMode"] != "linked_url" and bool(attachment["contentType"] == "application/pdf")


def item_data(item: Item) -> dict[str, Any]:
    """The `data` of an item: every field of its type, blank ones as `""`."""
    data: dict[str, Any] = {"key": item.key, "version": item.version}
    if item.parent:
        data["parentItem"] = item.parent
    if item.trashed:
        data["deleted"] = 1
    data["itemType"] = item.type
    if item.attachment is not None:
        data["linkMode"] = item.attachment["linkMode"]
    dates = {schema.field_for(item.type, "date")}
    for name in schema.fields_of(item.type):
        value = item.fields.get(name, "")
        data[name] = shown_date(value) if name in dates else value
        if name == schema.fields_of(item.type)[0] and schema.creator_types_of(item.type):
            data["creators"] = [dict(creator) for creator in item.creators]
    if item.note is not None:
        data["note"] = item.note
    if item.attachment is not None:
        data |= {part: value for part, value in item.attachment.items() if part != "linkMode"}
    data["tags"] = [{"tag": tag, "type": kind} if kind else {"tag": tag} for tag, kind in item.tags]
    if item.parent is None:
        data["collections"] = list(item.collections)
    data["relations"] = shown_relations(item.relations)
    if item.attachment is not None and item.attachment["linkMode"] == "embedded_image":
        data = {name: value for name, value in data.items() if name not in _NOT_IN_AN_IMAGE}
    return data | {"dateAdded": item.added, "dateModified": item.modified}


def collection_data(collection: Collection) -> dict[str, Any]:
    """The `data` of a collection."""
    data: dict[str, Any] = {
        "key": collection.key,
        "version": collection.version,
        "name": collection.name,
        "parentCollection": collection.parent or False,
        "relations": shown_relations(collection.relations),
    }
    return data | ({"deleted": True} if collection.trashed else {})


def search_data(search: Search) -> dict[str, Any]:
    """The `data` of a saved search."""
    conditions = [dict(condition) for condition in search.conditions]
    data: dict[str, Any] = {"key": search.key, "version": search.version, "name": search.name, "conditions": conditions}
    return data | ({"deleted": True} if search.trashed else {})


def shown_relations(relations: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    """Relations as they are read back: one URI is text, several are a list."""
    return {predicate: uris[0] if len(uris) == 1 else list(uris) for predicate, uris in relations.items()}


def template(item_type: str, link_mode: str = "") -> dict[str, Any]:
    """A new item with blank values, as `/items/new` hands it out."""
    data: dict[str, Any] = {"itemType": item_type}
    if item_type == "attachment":
        data["linkMode"] = link_mode
    for name in schema.fields_of(item_type):
        if name == "url" and item_type == "attachment" and not link_mode.endswith("_url"):
            continue
        data[name] = ""
        if name == schema.fields_of(item_type)[0] and schema.creator_types_of(item_type):
            data["creators"] = [{"creatorType": schema.primary_creator(item_type), "firstName": "", "lastName": ""}]
    if item_type in ("note", "attachment"):
        data["note"] = ""
    data |= {"tags": [], "collections": [], "relations": {}}
    if item_type == "attachment":
        data |= {"contentType": "", "charset": ""}
        if link_mode in STORED_MODES:
            data |= {"filename": "", "md5": None, "mtime": None}
        if link_mode == "linked_file":
            data["path"] = ""
    if link_mode == "embedded_image":
        data = {name: value for name, value in data.items() if name not in _NOT_IN_AN_IMAGE} | {"parentItem": ""}
    return data
