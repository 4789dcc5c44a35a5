"""A record as the fields of an entry: names and raw values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from dmlsync.bib.dates import is_date, year_and_month
from dmlsync.bib.entry_types import Dialect, subtype_of
from dmlsync.bib.eprints import arxiv_id
from dmlsync.bib.languages import is_english, langid_of
from dmlsync.bib.mapping import (
    FIELD_ORDER,
    LAST_FIELDS,
    NAME_ROLES,
    THESIS_TYPES,
    FieldRule,
    creator_types,
    field_rules,
    name_field,
)
from dmlsync.bib.names import name_list
from dmlsync.bib.normal import normal_value, thesis_entry_type, written_type
from dmlsync.bib.read import item_type_of
from dmlsync.bib.titles import PLAIN_STYLE, TitleStyle, title_text
from dmlsync.model import Record
from dmlsync.text.latex import clean, escape

_AND = re.compile(r"(?<![^\W_])and(?![^\W_])", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+(?:[-/][0-9]+)?|[ivxlcdmIVXLCDM]+|[A-Za-z]")
_NOT_IN_KEYWORDS = re.compile(r"[{},#%\\]")
_RANGE = re.compile(r"[0-9]+-[0-9]+")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])-(?=[0-9])")
_BETWEEN_PAGES = re.compile(r"(?<![^\W_])([A-Za-z]{1,3})([0-9]{1,9})-(?=\1[0-9])")  # S1-S10, but not A1-B2
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PLACES = {
    **{name: place for place, name in enumerate(FIELD_ORDER)},
    **{name: place for place, name in enumerate(LAST_FIELDS, len(FIELD_ORDER) + 1)},
}
_THESIS_WORDS = {text: name for name, text in THESIS_TYPES.items()}


def fields_of(
    record: Record,
    dialect: Dialect,
    *,
    ascii_only: bool | None = None,
    style: TitleStyle = PLAIN_STYLE,
    arxiv_class: str = "",
) -> dict[str, str]:
    """The entry's managed fields in their order: names and raw values, delimiters included.

    `record` is one that is `representable` in the dialect already. `dialect` decides the names; `ascii_only` the
    alphabet, which goes with the dialect unless said otherwise. `style` is how titles are written, `arxiv_class` what
    to say beside an arXiv id.
    """
    letters: Dialect = dialect if ascii_only is None else "bibtex" if ascii_only else "biblatex"
    found = dict[str, str]()
    for name, rule in field_rules(record.item_type).items():
        value = record.get(name)
        if value:
            found |= _field(record, rule, value, dialect, letters, style)
    if record.item_type == "thesis" and dialect == "bibtex":
        found |= _thesis_type(record, letters)
    if record.item_type == "preprint":
        found |= _preprint(record, dialect, letters)
    if arxiv_class and "eprint" in found:
        found["eprintclass" if dialect == "biblatex" else "primaryclass"] = "{" + arxiv_class + "}"
    found |= _names(record, letters, extended=dialect == "biblatex")
    contents = {name: value[1:-1] if value.startswith("{") else value for name, value in found.items()}
    if item_type_of(written_type(record, dialect), contents) != record.item_type:
        found["entrysubtype"] = "{" + subtype_of(record.item_type) + "}"
    return dict(ordered(found))


def day_of_access(record: Record) -> dict[str, str]:
    """The field that a new entry gets but that is never compared: `urldate`, for an address."""
    accessed = _DAY.match(record.get("accessDate"))
    return {"urldate": "{" + accessed[0] + "}"} if accessed and record.get("url") else {}


def keywords_value(keywords: Iterable[str], dialect: Dialect) -> str:
    """The raw value of `keywords`, `""` without any: sorted, without what would divide or end the list.

    In biblatex they are names that documents filter by (`keyword=process_model`), never printed: nothing is escaped.
    """
    plain = {clean(_NOT_IN_KEYWORDS.sub("", word)) for word in keywords} - {""}
    words = [word if dialect == "biblatex" else escape(word, True) for word in sorted(plain, key=_without_case)]
    return "{" + ",".join(words) + "}" if words else ""


def _without_case(word: str) -> tuple[str, str]:
    return word.casefold(), word


def written_value(
    rule: FieldRule, value: str, dialect: Dialect, language: str = "", style: TitleStyle = PLAIN_STYLE
) -> str:
    """The raw value of one field of its own, as `fields_of` would write it; `""` for a blank one."""
    value = normal_value(rule, value, dialect)
    if not value:
        return ""
    record = Record("document", {"language": language})
    found = _field(record, rule, value, dialect, dialect, style)
    return next(iter(found.values()))


def ordered(fields: dict[str, str]) -> list[tuple[str, str]]:
    """Fields in the order in which entries have them."""
    return sorted(fields.items(), key=lambda item: (_PLACES.get(item[0], len(FIELD_ORDER)), item[0]))


def _field(
    record: Record, rule: FieldRule, value: str, dialect: Dialect, letters: Dialect, style: TitleStyle
) -> dict[str, str]:
    """The fields that one Zotero field becomes."""
    name, ascii_only = rule.name(dialect), letters == "bibtex"
    if rule.kind == "date":
        return _date(value, dialect, ascii_only)
    if rule.kind in ("title", "rich"):
        english = is_english(record.get("language")) if rule.kind == "title" else None
        if rule.biblatex == "type" and dialect == "biblatex":
            style = replace(style, title_case=False)  # a kind of report, which biblatex prints as it is
        text = title_text(value, letters, english=english, style=style)
    elif rule.kind == "verbatim":
        text = value
    elif rule.kind == "eprint":
        text = _eprint(record, value)
        if record.item_type != "preprint":
            prefix = "eprinttype" if dialect == "biblatex" else "archiveprefix"
            return {name: "{" + text + "}", prefix: "{arXiv}"}
    elif rule.kind == "pages":
        text = _BETWEEN_PAGES.sub(r"\1\2--", _BETWEEN_DIGITS.sub("--", escape(value, ascii_only)))
    elif rule.kind == "number":
        if "issue" in rule.names and dialect == "biblatex" and not _NUMBER.fullmatch(value):
            name = "issue"
        text = escape(value, ascii_only)
        text = text.replace("-", "--") if _RANGE.fullmatch(value) else text
    elif rule.kind == "language":
        text = escape(langid_of(value), ascii_only)
    elif rule.kind == "thesis":
        text = _THESIS_WORDS.get(value) or escape(value, ascii_only)
    else:
        text = escape(value, ascii_only)
        text = "{" + text + "}" if rule.kind == "list" and _AND.search(value) else text
    return {name: "{" + text + "}"}


def _eprint(record: Record, value: str) -> str:
    """What the field `eprint` holds of an id: at arXiv only the bare id."""
    if record.item_type == "preprint" and record.get("repository") != "arXiv":
        return value
    return arxiv_id(value) or value


def _date(value: str, dialect: Dialect, ascii_only: bool) -> dict[str, str]:
    if dialect == "biblatex" and is_date(value):
        return {"date": "{" + value + "}"}
    year, month = year_and_month(value) if dialect == "bibtex" else (value, "")
    written = year if re.fullmatch(r"\d{4}--\d{4}", year) else escape(year, ascii_only)
    return {"year": "{" + written + "}"} | ({"month": month} if month else {})


def _thesis_type(record: Record, letters: Dialect) -> dict[str, str]:
    """BibTeX says the usual kinds of theses by the entry's type; `Thesis` stands for "not said"."""
    kind = record.get("thesisType")
    usual = THESIS_TYPES["phdthesis" if thesis_entry_type(kind) == "phdthesis" else "mathesis"]
    if kind == usual:
        return {"type": ""}
    return {"type": "{" + (title_text(kind, letters) or "Thesis") + "}"}


def _preprint(record: Record, dialect: Dialect, letters: Dialect) -> dict[str, str]:
    found = {"pubstate": "{prepublished}"}
    repository = record.get("repository")
    if repository and dialect == "bibtex":
        found["publisher"] = "{" + escape(repository, letters == "bibtex") + "}"
    return found


def _names(record: Record, letters: Dialect, *, extended: bool) -> dict[str, str]:
    found = dict[str, str]()
    for field in creator_types(record.item_type):
        creators = [c for c in record.creators if name_field(record.item_type, c.creator_type) == field]
        if creators:
            found[field] = "{" + name_list(creators, letters == "bibtex", extended) + "}"
            if field in NAME_ROLES:
                role, word = NAME_ROLES[field]
                found[role] = "{" + word + "}"
    return found
