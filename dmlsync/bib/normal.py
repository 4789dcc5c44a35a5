"""What an entry can carry of a record: the projection that writing and reading back an entry is the identity on."""

from __future__ import annotations

import re
from urllib.parse import quote

from dmlsync import schema
from dmlsync.bib.dates import normal_date
from dmlsync.bib.entry_types import Dialect, entry_type
from dmlsync.bib.eprints import with_arxiv
from dmlsync.bib.languages import normal_language
from dmlsync.bib.mapping import THESIS_TYPES, FieldRule, creator_type_on, creator_types, field_rules, name_field
from dmlsync.bib.names import OTHERS, normal_name
from dmlsync.bib.titles import plain_title
from dmlsync.model import Creator, Record
from dmlsync.text.latex import clean

_RESOLVER = re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_UNSAFE_IN_LINKS = re.compile(r"[{}\\\s\x00-\x20\x7f-\x9f\ud800-\udfff]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_DASHES = re.compile(r"(?: ?[-‐-―−])++ ?")
_MASTER = re.compile(r"master|\bm\.?a\b|\bm\.?phil\b|\bm\.?sc\b", re.IGNORECASE)
_DOCTORAL = re.compile(r"(?:ph\.? ?d\.?|doctoral) (?:thesis|diss\.?|dissertation)", re.IGNORECASE)
# Entry types in which classic BibTeX prints a volume or a number, and warns of both (btxbst.doc, format.number.series).
_ONE_NUMBER = frozenset(("book", "inbook", "incollection", "inproceedings", "proceedings"))
_THESIS_NAMES = {word.lower(): text for name, text in THESIS_TYPES.items() for word in (name, text)}


def representable(record: Record, dialect: Dialect = "biblatex") -> Record:
    """The record as an entry of a dialect carries it: reading back what was written gives exactly this.

    Managed fields only, with single blanks, DOIs bare, dates and languages in their normal form, arXiv ids in their
    place, creators in the order of their name lists and of types that Zotero has on the item type. Classic BibTeX
    further loses the day of a date, the difference between a conference's name and its proceedings', the number of a
    volume of proceedings, and non-ASCII letters in addresses (percent-encoded). The `others` at the end of a list that
    goes on are nobody, so that they never become a creator in Zotero.
    """
    record = with_arxiv(record)
    item_type = record.item_type if schema.is_item_type(record.item_type) else "document"
    item_type = item_type if item_type not in ("attachment", "note", "annotation") else "document"
    rules = field_rules(item_type)
    fields = {name: normal_value(rules[name], value, dialect) for name, value in record.fields.items() if name in rules}
    if dialect == "bibtex":
        if item_type == "conferencePaper" and not fields.get("proceedingsTitle"):
            fields["proceedingsTitle"] = fields.pop("conferenceName", "")
        if fields.get("volume") and entry_type(item_type, "bibtex") in _ONE_NUMBER:
            fields.pop("issue", None)
            fields.pop("seriesNumber", None)
        if item_type == "thesis" and fields.get("thesisType") == "Thesis":
            del fields["thesisType"]
    return with_arxiv(Record(item_type, fields, _normal_creators(item_type, record.creators, dialect)))


def normal_value(rule: FieldRule, value: str, dialect: Dialect) -> str:
    """A field's value as an entry of a dialect carries it, without blanks of any kind at its ends."""
    return _normal(rule, value, dialect).strip()


def _normal(rule: FieldRule, value: str, dialect: Dialect) -> str:
    if rule.kind in ("title", "rich"):
        return plain_title(value)
    if rule.kind in ("verbatim", "eprint"):
        return normal_link(value, doi=rule.biblatex == "doi", ascii_only=dialect == "bibtex")
    value = clean(value)
    if rule.kind == "pages":
        return _DASHES.sub("-", value)
    if rule.kind == "number":
        return _DASHES.sub("-", value) if _DASHES.sub("", value).isalnum() else value
    if rule.kind in ("date", "origdate"):
        return normal_date(value, dialect if rule.kind == "date" else "biblatex")
    if rule.kind == "language":
        return normal_language(value)
    if rule.kind == "thesis":
        return THESIS_TYPES["phdthesis"] if _DOCTORAL.fullmatch(value) else _THESIS_NAMES.get(value.lower(), value)
    return value


def normal_link(value: str, *, doi: bool = False, ascii_only: bool = False) -> str:
    """An address or identifier that can stand in an entry unescaped: what would end or break it is percent-encoded."""
    value = " ".join(value.split())
    if doi:
        value = _RESOLVER.sub("", value, count=1) if _RESOLVER.match(value) else value
    value = _UNSAFE_IN_LINKS.sub(lambda match: quote(match[0], errors="replace"), value)
    return _NOT_ASCII.sub(lambda match: quote(match[0], errors="replace"), value) if ascii_only else value


def thesis_entry_type(thesis_type: str) -> str:
    """Classic BibTeX's entry type of a thesis."""
    return "mastersthesis" if _MASTER.search(thesis_type) else "phdthesis"


def written_type(record: Record, dialect: Dialect) -> str:
    """The entry type of a record."""
    if record.item_type == "thesis" and dialect == "bibtex":
        return thesis_entry_type(record.get("thesisType"))
    if record.item_type == "bookSection" and any(creator.creator_type == "bookAuthor" for creator in record.creators):
        return "inbook"
    if record.item_type == "book" and dialect == "biblatex" and not record.get("volume"):
        volumes = record.get("numberOfVolumes")
        return "mvbook" if volumes.isdecimal() and volumes != "1" else "book"
    return entry_type(record.item_type, dialect)


def _normal_creators(item_type: str, creators: tuple[Creator, ...], dialect: Dialect) -> tuple[Creator, ...]:
    roles = creator_types(item_type)
    order = list(roles)
    found = list[tuple[int, Creator]]()
    for creator in creators:
        field = name_field(item_type, creator_type_on(item_type, creator.creator_type))
        normal = normal_name(creator, extended=dialect == "biblatex")
        if normal is not None and normal.name != OTHERS and field in roles:
            kind = roles[field]
            found.append((order.index(field), Creator(normal.last_name, normal.first_name, normal.name, kind)))
    return tuple(creator for _, creator in sorted(found, key=lambda pair: pair[0]))
