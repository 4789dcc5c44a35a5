"""What a change says to the server: the port's changes as the JSON of a batch write.

Only what a change names is sent. Fields that the schema does not know are never sent, nor are blanks for fields that
the item's type does not have. Whatever else a named value may break, the server says so, and its word comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dmlsync import schema
from dmlsync.model import Creator, Record
from dmlsync.sync.library import AttachmentChange, Change, CollectionChange, ItemChange, MoveChange
from dmlsync.text.identifiers import arxiv_in
from dmlsync.zotero.extra import arxiv_of, citation_key_of, with_arxiv, with_citation_key
from dmlsync.zotero.items import (
    ARXIV,
    CITATION_KEY,
    ITEM_TYPE,
    KEY_LENGTH,
    PREPRINT,
    Json,
    collections_in,
    creators_in,
    data_in,
    extra_in,
    is_trashed,
    replaces_in,
    tags_in,
    text_in,
)


def json_of(
    change: Change, current: Json | None, *, native_citation_key: bool = True, library: str = ""
) -> dict[str, object]:
    """The JSON that carries out a change in the library of that name.

    `current` is the item as the server has it, None for a new one: the lines of Extra and the kinds of its tags are
    kept from there. `native_citation_key` tells whether the server's schema has the field `citationKey`; the
    citation key goes into a line of Extra where it has not.
    """
    sent: dict[str, object] = {"key": change.key, "version": change.version}
    if isinstance(change, CollectionChange):
        return sent | {"name": change.name, "parentCollection": change.parent or False}
    if isinstance(change, AttachmentChange):
        return sent | _attachment(change)
    if isinstance(change, MoveChange):
        return sent | {"parentItem": change.parent}
    held = {} if current is None else data_in(current)
    return sent | _fields(change, held, native_citation_key) | _sets(change, held, library)


def data_of(record: Record, citation_key: str = "") -> dict[str, object]:
    """A record as the `data` of a new item, without a key: what Zotero's own JSON import takes."""
    fields = {ITEM_TYPE: record.item_type, **record.fields, CITATION_KEY: citation_key}
    sent = json_of(ItemChange("", 0, fields, record.creators), None)
    return {name: value for name, value in sent.items() if name not in ("key", "version")}


def holds(envelope: Json, sent: Json) -> bool:
    """Whether an object on the server says what was sent, as far as the server keeps it to the letter."""
    data = data_in(envelope)
    return all(_same(name, data, sent) for name in sent if name not in ("key", "version"))


def _same(name: str, data: Json, sent: Json) -> bool:
    match name:
        case "creators":
            return creators_in(data) == creators_in(sent)
        case "tags":
            return tags_in(data).keys() == tags_in(sent).keys()
        case "collections":
            return collections_in(data) == collections_in(sent)
        case "deleted":
            return is_trashed(data) == is_trashed(sent)
        case "relations":
            return replaces_in(data) == replaces_in(sent)
    return text_in(data, name) == text_in(sent, name)


def _attachment(change: AttachmentChange) -> dict[str, object]:
    sent: dict[str, object] = {"parentItem": change.parent, "title": change.title, "url": change.url}
    if change.version == 0:  # afterwards the server refuses even to hear of the link mode
        sent |= {ITEM_TYPE: "attachment", "linkMode": "linked_url"}
    if change.content_type:
        sent["contentType"] = change.content_type
    return sent


def _sets(change: ItemChange, held: Json, library: str) -> dict[str, object]:
    """Creators, collections, tags, relations and the trash; tags are sent only where they differ."""
    sent: dict[str, object] = {}
    if change.creators is not None:
        sent["creators"] = _creators(change.creators)
    if change.collections is not None:
        sent["collections"] = sorted(change.collections)
    if change.tags is not None:
        tags = tags_in(held)
        if change.tags != tags.keys():
            sent["tags"] = [dict(tags.get(name, {"tag": name})) for name in sorted(change.tags)]
    if change.trashed is not None:
        sent["deleted"] = int(change.trashed)
    if change.replaces is not None:
        sent["relations"] = _relations(change.replaces, held, library)
    return sent


def _relations(replaces: frozenset[str], held: Json, library: str) -> dict[str, object]:
    """All relations of an item, those of other kinds and to other libraries as they are."""
    relations = held.get("relations")
    before = dict(relations) if isinstance(relations, Mapping) else {}
    value = before.pop("dc:replaces", [])
    kept = [one for one in (value if isinstance(value, list) else [value]) if str(one)[-KEY_LENGTH:] in replaces]
    new = sorted(replaces - {str(one)[-KEY_LENGTH:] for one in kept})
    after = [*kept, *(f"http://zotero.org/{library}/items/{key}" for key in new)]
    return {**before, **({"dc:replaces": after} if after else {})}


def _creators(creators: Iterable[Creator]) -> list[object]:
    return [
        {"creatorType": creator.creator_type, "name": creator.name}
        if creator.name
        else {"creatorType": creator.creator_type, "firstName": creator.first_name, "lastName": creator.last_name}
        for creator in creators
        if str(creator)
    ]


def _fields(change: ItemChange, held: Json, native_citation_key: bool) -> dict[str, object]:
    """The named fields, and what follows from them for Extra and for the item's type."""
    before = text_in(held, ITEM_TYPE)
    item_type = change.fields.get(ITEM_TYPE) or before
    wanted = dict(change.fields)
    sent: dict[str, object] = {}
    if before and item_type != before:
        wanted, creators = _carried(wanted, held, before, item_type)
        if creators and change.creators is None:
            sent["creators"] = creators
    if item_type == PREPRINT:
        wanted = _as_preprint(wanted)
    old_extra = extra_in(held)
    extra = wanted.pop("extra", old_extra)
    if ARXIV in wanted:
        extra = with_arxiv(extra, wanted.pop(ARXIV))
    elif item_type == PREPRINT and wanted.get("archiveID") == "":
        extra = with_arxiv(extra, "")  # or the id would still be read from there
    if CITATION_KEY in wanted:
        key = wanted.pop(CITATION_KEY)
        if native_citation_key:
            sent[CITATION_KEY] = key
        if not native_citation_key or citation_key_of(extra):  # a member's own line must not contradict the field
            extra = with_citation_key(extra, key)
    if extra != old_extra:
        sent["extra"] = extra
    if wanted.get(ITEM_TYPE):
        sent[ITEM_TYPE] = wanted[ITEM_TYPE]
    return sent | _known(wanted, item_type, new=change.version == 0)


def _known(wanted: Mapping[str, str], item_type: str, *, new: bool) -> dict[str, object]:
    """The fields worth sending: known to the schema and, where blank, fields of the type that may hold something."""
    known = frozenset(schema.all_fields())
    own = frozenset(schema.fields_of(item_type)) if schema.is_item_type(item_type) else known
    return {name: value for name, value in wanted.items() if name in (known if value else own) and (value or not new)}


def _carried(
    wanted: Mapping[str, str], held: Json, before: str, item_type: str
) -> tuple[dict[str, str], list[object] | None]:
    """What a change of type must take along: values whose field has another name there, an arXiv id, creators.

    A value that the change names itself goes first. Creators are given only if some have a type that does not exist
    there.
    """
    if not (schema.is_item_type(before) and schema.is_item_type(item_type)):
        return dict(wanted), None
    carried: dict[str, str] = {}
    fields = schema.fields_of(item_type)
    for name in schema.fields_of(before):
        new_name = schema.field_for(item_type, schema.base_of(before, name))
        if name not in fields and new_name and (value := text_in(held, name)):
            carried[new_name] = wanted.get(name, value)  # a value that is cleared must not come back there
    if before == PREPRINT and not arxiv_of(extra_in(held)) and (arxiv := arxiv_in(text_in(held, "archiveID"))):
        carried[ARXIV] = arxiv
    types = schema.creator_types_of(item_type)
    creators = creators_in(held)
    if not types or all(creator.creator_type in types for creator in creators):
        return carried | dict(wanted), None
    moved = [_with_type(creator, schema.primary_creator(before), types) for creator in creators]
    return carried | dict(wanted), _creators(moved)


def _with_type(creator: Creator, primary: str, types: tuple[str, ...]) -> Creator:
    """The creator under a type that the new item type has: the primary one stays the primary one."""
    if creator.creator_type in types:
        return creator
    fallback = "contributor" if "contributor" in types and creator.creator_type != primary else types[0]
    return Creator(creator.last_name, creator.first_name, creator.name, fallback)


def _as_preprint(wanted: Mapping[str, str]) -> dict[str, str]:
    """A preprint has its arXiv id in `repository` and `archiveID` instead of Extra."""
    arxiv = wanted.get(ARXIV)
    if not arxiv:
        return dict(wanted)
    named = {name: value for name, value in wanted.items() if value}
    return {**wanted, "repository": "arXiv", "archiveID": f"arXiv:{arxiv}", **named, ARXIV: ""}
