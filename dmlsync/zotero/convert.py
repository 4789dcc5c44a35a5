"""Items as the Web API has them made into .bib files and CSL JSON, and entries of a .bib file into items.

Plain functions on `data` objects or whole envelopes: the command line calls them, and the sandbox is given them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from dmlsync import schema
from dmlsync.bib.carried import carried
from dmlsync.bib.csl import csl_of
from dmlsync.bib.document import Document
from dmlsync.bib.entry_types import DIALECTS, Dialect, item_type_for
from dmlsync.bib.export import ExportedItem, exported_entry
from dmlsync.bib.key_formula import Formula
from dmlsync.bib.keys import propose_key
from dmlsync.bib.names import OTHERS
from dmlsync.bib.normal import written_type
from dmlsync.bib.read import text_of
from dmlsync.bib.write import is_key
from dmlsync.model import ARXIV, Record
from dmlsync.zotero.changes import data_of
from dmlsync.zotero.extra_lines import ExtraLines, label_of, lines_of
from dmlsync.zotero.items import OWN_FIELDS, PREPRINT, Json, data_in, extra_in, item_of, kind_of, text_in

_UNSAFE_IN_KEY = re.compile(r"[\s\"#%'(),={}~\\@\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def bib_text(
    items: Iterable[Json], dialect: Dialect, formula: Formula | None = None, *, title_case: bool = False
) -> str:
    """Items as the entries of a .bib file, in their order, a blank line between them.

    An entry has the item's own citation key; where it has none, or one that is taken already, it gets one by the
    formula. With `title_case`, English titles are raised to Title Case. Attachments and notes are left out.
    """
    return entries_text(map(exported, citable(items)), dialect, formula, title_case=title_case)


def entries_text(
    items: Iterable[ExportedItem], dialect: Dialect, formula: Formula | None = None, *, title_case: bool = False
) -> str:
    """Items as the entries of a .bib file: see `bib_text`."""
    found = keyed(items, formula)
    return "\n".join(exported_entry(key, item, dialect, title_case=title_case) for key, item in found)


def csl_items(items: Iterable[Json], formula: Formula | None = None) -> list[dict[str, Any]]:
    """Items as CSL JSON, in their order; the `id` of each is its citation key. Attachments and notes are left out."""
    return csl_objects(map(exported, citable(items)), formula)


def csl_objects(items: Iterable[ExportedItem], formula: Formula | None = None) -> list[dict[str, Any]]:
    """Items as CSL JSON: see `csl_items`."""
    return [csl_of(key, item) for key, item in keyed(items, formula)]


def entries_of(document: Document) -> list[ExportedItem]:
    """All readable entries of a .bib file, duplicates and those without a key among them."""
    return [carried(document, block) for block in document.readable]


def items_of(document: Document) -> list[dict[str, object]]:
    """The entries of a .bib file as the `data` of new items, as Zotero's own JSON import takes them.

    What Zotero has no field for stands in Extra, a line each: the labels that Zotero knows, or `tex.field: text`.
    """
    return [_data(item) for item in entries_of(document)]


def _data(item: ExportedItem) -> dict[str, object]:
    record = item.record
    creators = tuple(creator for creator in record.creators if creator.name != OTHERS)
    data = data_of(replace(record, creators=creators), item.citation_key)
    lines = [str(data.get("extra", ""))]
    for base, value in item.more.items():
        name = schema.field_for(record.item_type, base)
        if name is None:
            lines.append(f"{label_of(base)}: {value}")
        elif not data.get(name):
            data[name] = value
    for own in item.own:
        if own.name == "entrytype":
            implied = {written_type(record, dialect) for dialect in DIALECTS}
            if own.value not in implied and item_type_for(own.value) == record.item_type:
                lines.append(f"tex.entrytype: {own.value}")
        elif not own.dialect and own.name != "file":
            lines.append(f"tex.{own.name}: {text_of(own.value)}")
    lines += item.note.split("\n")
    if extra := "\n".join(filter(None, lines)):
        data["extra"] = extra
    data["tags"] = [{"tag": tag} for tag in sorted(item.tags)]
    return data


def citable(items: Iterable[Json]) -> list[Json]:
    """The items that stand for works: no attachments, notes and annotations."""
    return [item for item in items if kind_of(item) == "item"]


def data_objects(items: Iterable[Json]) -> list[Json]:
    """The bare `data` of items, whether or not they came in their envelopes."""
    return [data_in(item) for item in items]


def keyed(items: Iterable[ExportedItem], formula: Formula | None = None) -> list[tuple[str, ExportedItem]]:
    """Each item with a key that is safe in BibTeX and no other item's, whatever its case."""
    items = list(items)
    keys, taken = dict[int, str](), set[str]()
    for number, item in enumerate(items):
        key = _UNSAFE_IN_KEY.sub("", item.citation_key)
        if key and is_key(key) and key.lower() not in taken:
            keys[number] = key
            taken.add(key.lower())
    for number, item in enumerate(items):
        if number not in keys:
            keys[number] = propose_key(item.record, taken, formula)
            taken.add(keys[number].lower())
    return [(keys[number], item) for number, item in enumerate(items)]


def exported(envelope: Json) -> ExportedItem:
    """An item with all that its fields, its tags and the lines of its Extra say."""
    item, data = item_of(envelope), data_in(envelope)
    extra = lines_of(extra_in(data))
    record = item.record
    if not schema.is_item_type(record.item_type):
        record = replace(record, item_type="document")
    record, rest = _filled(record, extra)
    own = {name: text_in(data, name) for name in OWN_FIELDS - {"extra"}}
    more = {name: value for name, value in {**own, **rest}.items() if value}
    key = item.citation_key or extra.citation_key
    return ExportedItem(record, key, item.tags, more, extra.own, extra.rest, extra.csl_type)


def _filled(record: Record, extra: ExtraLines) -> tuple[Record, Mapping[str, str]]:
    """The record with what Extra says of its blank fields (a date there always counts), and what it has no field for.

    Where the type has a field of another name for the base field, that is meant: `publicationTitle` of a
    conferencePaper is `proceedingsTitle`.
    """
    fields, rest = dict(record.fields), dict[str, str]()
    for base, value in extra.values.items():
        name = schema.field_for(record.item_type, base)
        if name is None or name in OWN_FIELDS:
            rest[base] = value
        elif not fields.get(name) or base == "date":
            fields[name] = value
    if extra.arxiv:
        name = "archiveID" if record.item_type == PREPRINT else ARXIV
        labelled = f"arXiv:{extra.arxiv}" if record.item_type == PREPRINT else extra.arxiv
        if not fields.get(name) or fields[name] in labelled:
            fields[name] = labelled
    known = {str(creator) for creator in record.creators}
    added = tuple(creator for creator in extra.creators if str(creator) and str(creator) not in known)
    return Record(record.item_type, fields, (*record.creators, *added)), rest


def items_in(value: Any) -> list[Json]:
    """The items in parsed JSON: one, a list of them, or an object that holds such a list as `items`.

    `ValueError` says what it is instead.
    """
    if isinstance(value, Mapping) and isinstance(value.get("items"), list):
        value = value["items"]
    found = value if isinstance(value, list) else [value]
    for number, item in enumerate(found, 1):
        if not isinstance(item, Mapping) or not text_in(data_in(item), "itemType"):
            place = f"member {number} of the list" if isinstance(value, list) else "the JSON"
            raise ValueError(f"{place} is no Zotero item: it has no itemType")
    return found
