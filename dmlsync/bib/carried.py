"""Entries as items for export: the record, and what the entry carries besides."""

from __future__ import annotations

import re
from dataclasses import replace
from types import MappingProxyType

from dmlsync.bib.document import Document
from dmlsync.bib.export import ExportedItem
from dmlsync.bib.mapping import NAME_ROLES, creator_types, field_rules
from dmlsync.bib.own_fields import OwnField
from dmlsync.bib.read import entry_record, link_of, text_of
from dmlsync.bib.scan import Block
from dmlsync.bib.titles import braced_words
from dmlsync.bib.values import values_of
from dmlsync.model import Record
from dmlsync.text.latex_symbols import words

_MORE = MappingProxyType(
    {
        "copyright": "rights",
        "lccn": "callNumber",
        "call-number": "callNumber",
        "library": "callNumber",
        "origtitle": "originalTitle",
        "origdate": "originalDate",
        "origpublisher": "originalPublisher",
        "origlocation": "originalPlace",
    }
)
_KEYWORD_FIELDS = ("keywords", "keyword", "mendeley-tags", "tags")
_BIBDESK_LINK = "bdsk-url-1"
_OF_THE_RECORD = frozenset(
    words(
        """
    subtitle booksubtitle journalsubtitle year month day date eprint eprinttype eprintclass archiveprefix primaryclass
    entrysubtype abstract urldate crossref xdata annotation annote
    """
    )
)
_SEPARATORS = re.compile(r";|,(?![^{]*\})")
_LINES = re.compile(r"\n")
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_+-]{0,60}")


def carried(document: Document, block: Block) -> ExportedItem:
    """One readable entry of a document with all that it says; what it inherits is its own from now on."""
    values, record = values_of(document, block), entry_record(document, block)
    link = link_of(values.get(_BIBDESK_LINK, ""))
    if link and not record.get("url") and "url" in field_rules(record.item_type) and link != _resolved(record):
        record = replace(record, fields={**record.fields, "url": link})
    more = {base: text_of(values[name]) for name, base in _MORE.items() if name in values}
    if day := record.get("accessDate"):
        more["accessDate"] = day
    words = (word for name in _KEYWORD_FIELDS for word in _keywords(values.get(name, "")))
    tags = frozenset(filter(None, map(text_of, words)))
    read = _read_fields(record) | _OF_THE_RECORD | {*_MORE, *_KEYWORD_FIELDS}
    read |= {name for name in ("howpublished", _BIBDESK_LINK) if _is_link(values.get(name, ""), record)}
    own = [
        OwnField(name, value, latex=True, from_bib=True)
        for name, value in values.items()
        if name not in read and value.strip() and _FIELD_NAME.fullmatch(name)
    ]
    note = text_of(values.get("annotation") or values.get("annote", ""))
    if arxiv_class := values.get("eprintclass") or values.get("primaryclass"):
        own += [
            OwnField("eprintclass", arxiv_class, dialect="biblatex"),
            OwnField("primaryclass", arxiv_class, dialect="bibtex"),
        ]
    own.append(OwnField("entrytype", block.item_type, from_bib=True))
    keep = braced_words(next((field.value for field in block.fields if field.name == "title"), ""))
    return ExportedItem(record, block.key, tags, more, tuple(own), note, keep=keep)


def _keywords(value: str) -> list[str]:
    """The words of a list; a line each only where no other sign divides them, for long lists are wrapped."""
    return (_SEPARATORS if _SEPARATORS.search(value) else _LINES).split(value)


def _is_link(value: str, record: Record) -> bool:
    """Whether a field holds but the address that the record or its DOI has."""
    return bool(value) and link_of(value) in (record.get("url"), _resolved(record))


def _resolved(record: Record) -> str:
    """The address that a record's DOI is anyway."""
    return f"https://doi.org/{record.get('DOI')}"


def _read_fields(record: Record) -> set[str]:
    """The fields of an entry that its record holds already."""
    lists = creator_types(record.item_type)
    found = {*lists, *(role for field, (role, _) in NAME_ROLES.items() if field in lists)}
    for name, rule in field_rules(record.item_type).items():
        if record.get(name) or rule.biblatex != "publisher":
            found |= {*rule.names}
    return found
