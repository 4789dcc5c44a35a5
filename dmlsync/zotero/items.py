"""What the server's JSON says: items, attachments and collections as the values of the library port.

Reading is lenient: a member that is missing or of the wrong kind counts as blank, an unknown field is passed over, and
both a full envelope (`{"key", "version", "meta", "data"}`) and the bare `data` are understood.

A record takes in every bibliographic field of its item type. Left to Zotero and its members are `OWN_FIELDS`. Values
are brought into the form that `Record` promises: the DOI bare, page ranges with a single hyphen, dates as ISO 8601
where Zotero could read them, white space in lines collapsed (except in the abstract).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

from dmlsync import schema
from dmlsync.model import Creator, Record
from dmlsync.sync.library import Attachment, Collection, Item, ItemNote
from dmlsync.zotero.extra import arxiv_of, citation_key_of

Json: TypeAlias = Mapping[str, object]
ItemKind = Literal["item", "attachment", "other"]

ARXIV = "arXiv"
CITATION_KEY = "citationKey"
ITEM_TYPE = "itemType"
PREPRINT = "preprint"

OWN_FIELDS = frozenset({"extra", "accessDate", "libraryCatalog", "callNumber", "rights", "archive", "archiveLocation"})
"""Fields that say how a member came by an item, and where it is kept; no part of a record, never written."""

KEY = re.compile(r"[23456789ABCDEFGHIJKLMNPQRSTUVWXYZ]{8}")
"""An object key, to be used with `fullmatch`. The server ignores other texts, and then lists the whole library."""

KEY_LENGTH = 8
"""The characters of an object key."""

BIGGEST_VERSION = 2**53
"""Beyond any version; a larger number is none."""

_DOI_PREFIX = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)[ \t]*", re.IGNORECASE)
_DASHES = re.compile(r" ?[-‐‑‒–—−]+ ?")
_ISO_DATE = re.compile(r"\d{4}(?:[-/]|$)")
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")


def kind_of(envelope: Json) -> ItemKind:
    """Whether this is an item, a child attachment, or something a record has no use for (a note, an annotation ...)."""
    data = data_in(envelope)
    item_type = text_in(data, ITEM_TYPE)
    if item_type == "attachment":
        return "attachment" if text_in(data, "parentItem") else "other"
    return "other" if item_type in ("", "note", "annotation") else "item"


def item_of(envelope: Json) -> Item:
    """The bibliographic item that this JSON describes."""
    data = data_in(envelope)
    extra = extra_in(data)
    return Item(
        key=key_in(envelope),
        version=version_in(envelope),
        record=_record_of(envelope, extra),
        citation_key=text_in(data, CITATION_KEY) or citation_key_of(extra),
        collections=collections_in(data),
        tags=frozenset(tags_in(data)),
        trashed=is_trashed(data),
        modified_by=_modified_by(envelope),
        modified_on=text_in(data, "dateModified")[:10],
        replaces=replaces_in(data),
        own={name: text for name in OWN_FIELDS if (text := extra if name == "extra" else text_in(data, name))},
    )


def attachment_of(envelope: Json) -> Attachment:
    """The child attachment that this JSON describes."""
    data = data_in(envelope)
    return Attachment(
        key=key_in(envelope),
        version=version_in(envelope),
        parent=text_in(data, "parentItem"),
        title=text_in(data, "title"),
        url=text_in(data, "url"),
        content_type=text_in(data, "contentType"),
        trashed=is_trashed(data),
        is_link=text_in(data, "linkMode") in ("", "linked_url"),
    )


def note_of(envelope: Json) -> ItemNote:
    """The child note that this JSON describes."""
    data = data_in(envelope)
    return ItemNote(key_in(envelope), version_in(envelope), text_in(data, "parentItem"), is_trashed(data))


def collection_of(envelope: Json) -> Collection:
    """The collection that this JSON describes."""
    data = data_in(envelope)
    return Collection(
        key=key_in(envelope),
        version=version_in(envelope),
        name=text_in(data, "name"),
        parent=text_in(data, "parentCollection"),
        trashed=is_trashed(data),
    )


def managed_fields(item_type: str) -> tuple[str, ...]:
    """The names that a record of this type may hold, `arXiv` included; of an unknown type, every known field."""
    known = schema.fields_of(item_type) if schema.is_item_type(item_type) else schema.all_fields()
    fields = tuple(name for name in known if name not in OWN_FIELDS and name != CITATION_KEY)
    return fields if item_type == PREPRINT else (*fields, ARXIV)


def data_in(envelope: Json) -> Json:
    """The `data` of an envelope; bare data is its own."""
    data = envelope.get("data")
    return data if isinstance(data, Mapping) else envelope


def key_in(envelope: Json) -> str:
    """The object's key, `""` if it has no proper one."""
    key = text_in(envelope, "key") or text_in(data_in(envelope), "key")
    return key if KEY.fullmatch(key) else ""


def version_in(envelope: Json) -> int:
    """The object's version, 0 if it states none."""
    for version in (envelope.get("version"), data_in(envelope).get("version")):
        if isinstance(version, int) and 0 <= version <= BIGGEST_VERSION:
            return version
    return 0


def text_in(data: Json, name: str) -> str:
    """A member as one line of text: trimmed, white space collapsed; `""` for what is no text."""
    text = _plain(data.get(name))
    return text if text.isprintable() and "  " not in text else _BLANKS.sub(" ", text).strip()


def extra_in(data: Json) -> str:
    """The field Extra, its lines separated by a line feed."""
    return _plain(data.get("extra"))


def creators_in(data: Json) -> tuple[Creator, ...]:
    """The creators in their order; nameless ones are passed over."""
    creators = (_creator(member) for member in _list_in(data, "creators") if isinstance(member, Mapping))
    return tuple(creator for creator in creators if creator.name or creator.last_name or creator.first_name)


def tags_in(data: Json) -> dict[str, Json]:
    """The tags by name, each as the server gave it (an automatic tag has a `type`)."""
    tags = (tag for tag in _list_in(data, "tags") if isinstance(tag, Mapping))
    return {name: tag for tag in tags if (name := _plain(tag.get("tag")))}


def collections_in(data: Json) -> frozenset[str]:
    """The keys of the collections that an item lies in."""
    return frozenset(key for key in _list_in(data, "collections") if isinstance(key, str) and KEY.fullmatch(key))


def is_trashed(data: Json) -> bool:
    """Whether the object lies in the trash."""
    return data.get("deleted") not in (None, False, 0, "", "0")


def _record_of(envelope: Json, extra: str) -> Record:
    data = data_in(envelope)
    item_type = text_in(data, ITEM_TYPE)
    fields = {name: _value(envelope, item_type, name) for name in managed_fields(item_type) if name in data}
    arxiv = arxiv_of(extra)
    if item_type != PREPRINT:
        fields[ARXIV] = arxiv
    elif arxiv and not fields.get("archiveID"):
        fields["archiveID"] = f"arXiv:{arxiv}"  # where translators put it before Zotero had that field
    return Record(item_type, fields, creators_in(data))


def _value(envelope: Json, item_type: str, name: str) -> str:
    """One field in the form that `Record` promises."""
    data = data_in(envelope)
    if name == "abstractNote":
        return _plain(data.get(name))
    text = text_in(data, name)
    if name == "DOI":
        return _DOI_PREFIX.sub("", text, count=1) if _DOI_PREFIX.match(text) else text
    if name == "pages":
        return _DASHES.sub("-", text)
    if schema.is_item_type(item_type) and schema.base_of(item_type, name) == "date" and not _ISO_DATE.match(text):
        parsed = text_in(_mapping_in(envelope, "meta"), "parsedDate")
        return parsed if text and _ISO_DATE.match(parsed) else text
    return text


def _creator(member: Json) -> Creator:
    creator_type = text_in(member, "creatorType") or "author"
    if name := text_in(member, "name"):
        return Creator(name=name, creator_type=creator_type)
    return Creator(text_in(member, "lastName"), text_in(member, "firstName"), "", creator_type)


def _modified_by(envelope: Json) -> str:
    """Who changed the item last, by user name; in a group the server tells, in one's own library it does not."""
    meta = _mapping_in(envelope, "meta")
    for role in ("lastModifiedByUser", "createdByUser"):
        user = _mapping_in(meta, role)
        if name := text_in(user, "username") or text_in(user, "name"):
            return name
    return ""


def replaces_in(data: Json) -> frozenset[str]:
    """The keys at the end of the addresses under `dc:replaces`, which is one text or a list of them."""
    value = _mapping_in(data, "relations").get("dc:replaces")
    addresses = value if isinstance(value, list) else [value]
    keys = (address.rpartition("/")[2] for address in addresses if isinstance(address, str))
    return frozenset(key for key in keys if KEY.fullmatch(key))


def _plain(value: object) -> str:
    """Text as the server keeps it: trimmed, lines ending in a line feed. Numbers become text, anything else blank."""
    if not isinstance(value, str):
        value = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
    if not value.isascii():
        value = value.encode("utf-8", "replace").decode("utf-8")  # halves of characters cannot be written anywhere
    return value.replace("\r\n", "\n").replace("\r", "").strip(" \t\n\f\v\0")


def _list_in(data: Json, name: str) -> list[object]:
    value = data.get(name)
    return value if isinstance(value, list) else []


def _mapping_in(data: Json, name: str) -> Json:
    value = data.get(name)
    return value if isinstance(value, Mapping) else {}
