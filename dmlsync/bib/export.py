"""Items as entries that nobody reads back: with all that an item says besides its record.

The entries of library.bib hold what both replicas can hold (see `dmlsync.bib.fields`). An entry made for a paper, for
another program or for another dialect may say more: tags, the day of access, what members wrote into Extra for their
.bib files. It follows the conventions of Better BibTeX where these do not stand against a style's own work.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dmlsync.bib.entry_types import Dialect, entry_type_of_csl, is_entry_type
from dmlsync.bib.eprints import arxiv_class, arxiv_id, arxiv_journal, eprint_of_link
from dmlsync.bib.fields import fields_of, keywords_value, ordered, written_value
from dmlsync.bib.loose_dates import guessed_date, with_original
from dmlsync.bib.mapping import NAME_FIELDS, exported_rule, name_field
from dmlsync.bib.name_parts import without_quotes
from dmlsync.bib.names import OTHERS
from dmlsync.bib.normal import representable, written_type
from dmlsync.bib.own_fields import OwnField, own_value
from dmlsync.bib.rich_text import without_raw
from dmlsync.bib.titles import TitleStyle, marked_titles
from dmlsync.model import ARXIV, Creator, Record
from dmlsync.text.latex import clean, escape

__all__ = ["ExportedItem", "OwnField", "exported_entry"]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ORDINAL = re.compile(r"\{(\d{1,3})(?:st|nd|rd|th)(?: ed(?:ition|\.)?)?\}", re.ASCII | re.IGNORECASE)
_NO_DATE = re.compile(r"\{n\. ?d\.?\}", re.IGNORECASE)
_ARCHIVES = ("jstor", "hdl", "googlebooks")
_ENTRY_TYPE = re.compile(r"[A-Za-z]{1,30}")
_PRINTED_LISTS = frozenset((*NAME_FIELDS.values(), "author"))
_ONLY_CLASSIC = {"callNumber": "lccn", "rights": "copyright"}


@dataclass(frozen=True, slots=True)
class ExportedItem:
    """An item with all that an entry or a CSL object can say of it.

    `more` holds values by Zotero's base fields that are no part of the record, because the item's type lacks the field
    or no record has it (`accessDate`, `callNumber`, `rights`, `originalTitle`). `own` are fields that were written for
    .bib files alone. `note` is text without a field of its own, `csl_type` a CSL type that outranks the item's,
    `keep` words of the title that somebody protected by hand.
    """

    record: Record
    citation_key: str = ""
    tags: frozenset[str] = frozenset()
    more: Mapping[str, str] = field(default_factory=dict)
    own: tuple[OwnField, ...] = ()
    note: str = ""
    csl_type: str = ""
    keep: frozenset[str] = frozenset()


def exported_entry(key: str, item: ExportedItem, dialect: Dialect, *, title_case: bool = False) -> str:
    """The entry of an item under a key that is safe in BibTeX: one field a line, indented by two blanks.

    With `title_case`, English titles are raised to Title Case: see `dmlsync.bib.title_case`.
    """
    item_type, fields = _entry(item, dialect, title_case)
    for own in item.own:
        if own.dialect in ("", dialect) and own.name != "entrytype":
            fields |= own_value(own, dialect)
    for own in item.own:
        if own.name == "entrytype" and own.dialect in ("", dialect) and _ENTRY_TYPE.fullmatch(own.value):
            item_type = own.value.lower() if not own.from_bib or is_entry_type(own.value, dialect) else item_type
    if dialect == "biblatex":
        fields |= _in_terms_of_biblatex(fields)
    lines = [f"  {name} = {value},\n" for name, value in ordered(fields) if value not in ("", "{}")]
    return f"@{item_type}{{{key},\n{''.join(lines)}}}\n"


def _entry(item: ExportedItem, dialect: Dialect, title_case: bool) -> tuple[str, dict[str, str]]:
    """The entry's type and its fields, but for those that the item's members wrote for .bib files."""
    record, journal = _prepared(item)
    date, original = with_original(record.get("date"))
    record = replace(record, fields={**record.fields, "date": guessed_date(date)})
    more = {"originalDate": original, **item.more} if original else dict(item.more)
    normal = representable(record, dialect)
    others = [creator for creator in record.creators if creator.name == OTHERS]
    if others:
        normal = replace(normal, creators=(*normal.creators, *others[:1]))
    title_case = title_case and record.item_type != "computerProgram"  # its title is its name: scikit-learn
    style = TitleStyle(item.keep, title_case, marked_titles((*item.record.fields.values(), *more.values())))
    fields = fields_of(normal, dialect, style=style, arxiv_class=arxiv_class(item.record))
    item_type = written_type(normal, dialect)
    if dialect == "bibtex" or fields.get("entrysubtype") not in ("{magazine}", "{newspaper}"):
        fields.pop("entrysubtype", None)  # it tells what only our own reader asks
    if normal.item_type == "journalArticle" and "eprint" in fields and journal is not None:
        if dialect == "bibtex":
            fields["journal"] = "{" + escape(journal, True) + "}" if journal else ""
        else:
            item_type = "unpublished"
    if record.item_type == "report" and "manual" in record.get("reportType").lower():
        item_type, organization = "manual", fields.pop("institution", "")
        fields |= {"organization": organization} if organization else {}
    if item.csl_type:
        item_type = entry_type_of_csl(item.csl_type, dialect) or item_type
    fields |= _more(more, normal, dialect, fields, style)
    fields |= _access(item, normal, dialect)
    fields |= _eprint(normal, dialect, fields)
    if dialect == "bibtex" and "namea" in fields:
        fields["collaborator"] = fields.pop("namea")
        fields.pop("nameatype", None)
    return item_type, fields | _texts(item, dialect)


def _texts(item: ExportedItem, dialect: Dialect) -> dict[str, str]:
    """The abstract, the keywords, and the text without a field of its own, line by line."""
    ascii_only = dialect == "bibtex"
    note = [escape(line, ascii_only) for line in without_raw(item.note).split("\n")]
    return {
        "abstract": "{" + escape(without_raw(item.record.get("abstractNote")), ascii_only) + "}",
        "keywords": keywords_value(item.tags, dialect),
        "annotation": "{" + "\\\\\n".join(note) + "}",
    }


def _prepared(item: ExportedItem) -> tuple[Record, str | None]:
    """The record as it is exported, and the "journal" that was only arXiv: `""` without one, None for a real one.

    Such an article stays the article that a member made of it: what it should rather be is not the exporter's to say.
    """
    record = item.record
    fields, journal = dict(record.fields), None
    if record.item_type == "journalArticle":
        printed = fields.get("publicationTitle", "")
        found = arxiv_journal(printed, fields.get("volume", "")) if printed else ""
        if found is not None:
            journal = fields.pop("publicationTitle", "")
            fields[ARXIV] = fields.get(ARXIV) or found or arxiv_id(journal)
        if abbreviated := "" if fields.get("publicationTitle") or journal else fields.pop("journalAbbreviation", ""):
            fields["publicationTitle"] = abbreviated
            journal = None
    for name, value in fields.items():
        fields[name] = without_raw(value)
    creators = tuple(without_quotes(_of_printed_list(record.item_type, creator)) for creator in record.creators)
    return Record(record.item_type, fields, creators), journal


def _of_printed_list(item_type: str, creator: Creator) -> Creator:
    """A creator whose role has no list that biblatex knows is a contributor."""
    if name_field(item_type, creator.creator_type) in _PRINTED_LISTS:
        return creator
    return replace(creator, creator_type="contributor")


def _with_original_year(year: str, original: str) -> str:
    """Classic BibTeX's year of a reprint: `[1990] 2002`."""
    return "{" + (f"[{original}] {year[1:-1]}" if year else f"[{original}]") + "}"


def _more(
    more: Mapping[str, str], normal: Record, dialect: Dialect, fields: Mapping[str, str], style: TitleStyle
) -> dict[str, str]:
    """The fields of values that the record has no place for, where nothing stands yet."""
    found = dict[str, str]()
    classic = dialect == "bibtex"
    for name, value in more.items():
        if name in _ONLY_CLASSIC:
            if classic:
                found[_ONLY_CLASSIC[name]] = "{" + escape(value, True) + "}"
            continue
        rule = exported_rule(normal.item_type, name)
        if rule is None:
            continue
        written = written_value(rule, value, dialect, normal.get("language"), style)
        target = rule.name(dialect)
        if name == "number" and target in fields and not classic:
            found["issue"] = fields[target]
            found[target] = written
        elif name == "eventPlace" and classic:
            found.setdefault("address", fields.get("address") or written)
        elif name == "originalDate" and classic:
            found["year"] = _with_original_year(fields.get("year", ""), clean(value)[:4])
        elif target not in fields:
            found[target] = written
    return found


def _in_terms_of_biblatex(fields: Mapping[str, str]) -> dict[str, str]:
    """What biblatex prints in the document's own language, or links: an edition by its number, no date, archives."""
    found = dict[str, str]()
    if edition := _ORDINAL.fullmatch(fields.get("edition", "")):
        found["edition"] = "{" + edition[1] + "}"
    if _NO_DATE.fullmatch(fields.get("year", "")):
        found["year"] = "{\\bibstring{nodate}}"
    archive = next((name for name in _ARCHIVES if name in fields), "")
    if archive and "eprint" not in fields:
        found |= {"eprint": fields[archive], "eprinttype": "{" + archive + "}", archive: ""}
    return found


def _access(item: ExportedItem, normal: Record, dialect: Dialect) -> dict[str, str]:
    """The day of access: biblatex warns of one without an address."""
    day = _DAY.match(item.more.get("accessDate", ""))
    wanted = day is not None and (dialect == "bibtex" or normal.get("url"))
    return {"urldate": "{" + day[0] + "}"} if day is not None and wanted else {}


def _eprint(normal: Record, dialect: Dialect, fields: Mapping[str, str]) -> dict[str, str]:
    """What stands for an address at JSTOR, PubMed or the Handle system, and in biblatex for a PubMed id."""
    if "eprint" in fields:
        return {}
    pmid = fields.get("pmid", "")[1:-1]
    kind, found = ("pubmed", pmid) if pmid and dialect == "biblatex" else eprint_of_link(normal.get("url"))
    if not found:
        return {}
    gone = {"pmid": ""} if kind == "pubmed" and dialect == "biblatex" else {}
    return {"eprint": "{" + found + "}", "eprinttype": "{" + kind + "}", **gone}
