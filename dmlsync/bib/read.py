"""An entry read as a record, in either dialect and whatever its hand-made habits are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from dmlsync.bib.dates import from_parts
from dmlsync.bib.document import Document
from dmlsync.bib.entry_types import item_type_for, item_type_of_subtype
from dmlsync.bib.eprints import arxiv_id, arxiv_journal, with_arxiv
from dmlsync.bib.mapping import (
    NAME_ROLES,
    THESIS_TYPES,
    FieldRule,
    creator_type_on,
    creator_types,
    field_rules,
    fields_read_from,
)
from dmlsync.bib.names import creators_of
from dmlsync.bib.normal import normal_value
from dmlsync.bib.scan import Block
from dmlsync.bib.values import values_of
from dmlsync.model import Creator, Record
from dmlsync.text.latex import clean, to_unicode

_LINK_COMMAND = re.compile(r"\s*(?:[A-Za-z ]{0,30}:?\s)?\\(?:url|href|path)\s*\{([^{}]*)\}(?:\s*\{[^{}]*\})?\.?\s*")
_LINK_ESCAPE = re.compile(r"\\([#$%&_~{}])|\{\\?([~_&%#])\}|\\(?:textasciitilde|texttildelow|sim)\b(?:\{\})?|\{\}")
_NEEDS_CLEANING = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]|  |^ | $")
_SUBTITLES = MappingProxyType({"title": "subtitle", "booktitle": "booksubtitle", "journaltitle": "journalsubtitle"})
_FROM_ELSEWHERE = frozenset(("url", "thesisType"))  # a note may hold the address, the entry's type the kind of thesis
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def record_of(document: Document, key: str) -> Record:
    """The record that an entry describes; `KeyError` if there is no readable entry with this key.

    Text is decoded, macros are expanded, what `crossref` and `xdata` name is inherited. Besides the managed fields the
    record has `abstractNote` and `accessDate` where the entry has them. The citation key is not a field of it.
    """
    block = document.block(key)
    if block is None:
        raise KeyError(key)
    return entry_record(document, block)


def records(document: Document) -> Mapping[str, Record]:
    """The records of all readable entries with a key, in the order of the file; of duplicates the first."""
    found = dict[str, Record]()
    for entry in document.entries:
        block = document.block(entry.key)
        if block is not None and block.key == entry.key and entry.key not in found:
            found[entry.key] = entry_record(document, block)
    return MappingProxyType(found)


def entry_record(document: Document, block: Block) -> Record:
    """The record of one readable entry of a document: see `record_of`."""
    values = values_of(document, block)
    item_type = item_type_of(block.item_type, values)
    rules = field_rules(item_type)
    places = fields_read_from(item_type)
    present = {field for name in values for field in places.get(name, ())} | (_FROM_ELSEWHERE & rules.keys())
    fields = {name: _field(name, rules[name], block.item_type, values) for name in present}
    if item_type == "preprint":
        fields |= _preprint(values)
    elif not _is_arxiv(values):
        fields.pop("arXiv", None)
    for name in fields:
        if fields[name] and rules[name].names[0] != "eprint":
            fields[name] = normal_value(rules[name], fields[name], "biblatex")
    if abstract := values.get("abstract"):
        fields["abstractNote"] = text_of(abstract)
    if accessed := _ISO_DAY.match(text_of(values.get("urldate", ""))):
        fields["accessDate"] = accessed[0]
    record = with_arxiv(Record(item_type, fields, _creators(item_type, values)))
    return record


def text_of(latex: str) -> str:
    """The plain text of LaTeX, in single blanks."""
    text = to_unicode(latex)
    return clean(text) if not text.isascii() or _NEEDS_CLEANING.search(text) else text


def item_type_of(entry_type: str, values: Mapping[str, str]) -> str:
    """Zotero's item type of an entry: what `entrysubtype` says, else what its type and fields mean."""
    subtype = item_type_of_subtype(values["entrysubtype"].strip()) if "entrysubtype" in values else None
    if subtype is not None:
        return subtype
    item_type = item_type_for(entry_type)
    if item_type == "journalArticle":
        journal = text_of(values.get("journaltitle") or values.get("journal", ""))
        is_arxiv = arxiv_journal(journal, text_of(values.get("volume", ""))) is not None
        return "preprint" if journal and is_arxiv else item_type
    if item_type == "manuscript" and "eventtitle" in values:
        return "presentation"
    if item_type not in ("webpage", "document"):
        return item_type
    doi, publisher = values.get("doi", "").lower(), text_of(values.get("publisher", "")).lower()
    if (
        values.get("pubstate", "").strip().lower() in ("prepublished", "preprint")
        or "eprint" in values
        or publisher in ("arxiv", "arxiv.org")
        or "10.48550/arxiv." in doi
    ):
        return "preprint"
    is_page = entry_type == "misc" and _url(values) and not ("publisher" in values or "type" in values)
    return "webpage" if is_page else item_type


def _field(name: str, rule: FieldRule, entry_type: str, values: Mapping[str, str]) -> str:
    """The plain value of one Zotero field."""
    if rule.kind == "date":
        return _date(values)
    if name == "url":
        return _url(values)
    if rule.kind == "thesis":
        return _thesis_type(entry_type, text_of(values.get("type", "")))
    found = next((found for found in rule.names if values.get(found)), None)
    if found is None:
        return ""
    if rule.kind in ("verbatim", "eprint"):
        return link_of(values[found])
    if found == "howpublished" and _LINK_COMMAND.fullmatch(values[found]):
        return ""
    text = text_of(values[found])
    subtitle = _SUBTITLES.get(found)
    if subtitle and name != "shortTitle" and (second := text_of(values.get(subtitle, ""))):
        text = f"{text} {second}" if text.endswith(("?", "!", ":")) else f"{text}: {second}"
    return text


def _date(values: Mapping[str, str]) -> str:
    if "date" in values and (date := _plain_date(values["date"])):
        return date
    parts = (text_of(values.get(name, "")) for name in ("year", "month", "day"))
    return from_parts(*parts)


def _plain_date(latex: str) -> str:
    # A tilde in a date means "uncertain", not a blank.
    return latex.strip() if not re.search(r"[\\{}]", latex) else text_of(latex)


def _thesis_type(entry_type: str, written: str) -> str:
    classic = {"phdthesis": "phdthesis", "mastersthesis": "mathesis", "masterthesis": "mathesis"}.get(entry_type)
    if classic and not written:
        return THESIS_TYPES[classic]
    return "" if classic and written == "Thesis" else THESIS_TYPES.get(written, written)


def _url(values: Mapping[str, str]) -> str:
    if values.get("url"):
        return link_of(values["url"])
    for name in ("howpublished", "note"):
        link = _LINK_COMMAND.fullmatch(values[name]) if "\\" in values.get(name, "") else None
        if link:
            return link_of(link[1])
    return ""


def link_of(latex: str) -> str:
    """An address or identifier as it is meant: verbatim, less the escapes that people put there all the same."""
    text = " ".join(latex.split())
    if "\\" in text or "{" in text:
        command = _LINK_COMMAND.fullmatch(text)
        text = command[1] if command else text
        text = _LINK_ESCAPE.sub(_unescaped, text).replace("{", "").replace("}", "")
    return text


def _unescaped(match: re.Match[str]) -> str:
    if match[1] or match[2]:
        return match[1] or match[2]
    return "" if match[0] == "{}" else "~"


def _is_arxiv(values: Mapping[str, str]) -> bool:
    kind = values.get("eprinttype") or values.get("archiveprefix")
    if kind:
        return text_of(kind).lower() == "arxiv"
    return bool(arxiv_id(link_of(values.get("eprint", ""))))


def _preprint(values: Mapping[str, str]) -> dict[str, str]:
    """Repository and id of a preprint; the rest of it `with_arxiv` knows."""
    repository = text_of(values.get("eprinttype") or values.get("archiveprefix") or values.get("publisher", ""))
    archive_id = link_of(values.get("eprint", ""))
    journal = text_of(values.get("journaltitle") or values.get("journal", ""))
    found = arxiv_journal(journal, text_of(values.get("volume", ""))) if journal else None
    if found is not None:
        return {"repository": "arXiv", "archiveID": arxiv_id(archive_id) or found}
    return {"repository": repository, "archiveID": archive_id}


def _creators(item_type: str, values: Mapping[str, str]) -> tuple[Creator, ...]:
    found = list[Creator]()
    for field, creator_type in creator_types(item_type).items():
        if field not in values:
            continue
        if field in NAME_ROLES:
            role, word = NAME_ROLES[field]
            said = text_of(values.get(role, "")).lower()
            creator_type = creator_type if said in ("", word) else creator_type_on(item_type, "contributor")  # noqa: PLW2901
        found += creators_of(values[field], creator_type)
    return tuple(found)
