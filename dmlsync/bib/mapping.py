"""Which Zotero field is which field of an entry: data, and look-ups in it.

Fields are mapped by their base field (`proceedingsTitle` by `publicationTitle`), so that every item type of Zotero's
schema has its place. The first name of a field is biblatex's, the second classic BibTeX's; the names behind are read
as well, never written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Literal

from dmlsync import schema
from dmlsync.bib.entry_types import Dialect, item_types
from dmlsync.text.latex_symbols import words

Kind = Literal[
    "title", "rich", "text", "list", "number", "pages", "verbatim", "date", "origdate", "language", "thesis", "eprint"
]
"""How a value is written and read.

`title` has capitals to protect and rich text, `rich` only rich text, `list` breaks at `and`, `number` and `pages` have
dashes, `verbatim` is never escaped.
"""


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One Zotero field of one item type in a .bib entry: its name in both dialects, and further names that are read."""

    biblatex: str
    bibtex: str
    kind: Kind = "text"
    also: tuple[str, ...] = ()
    names: tuple[str, ...] = field(init=False)
    """All names under which the value is looked for, the preferred first."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(dict.fromkeys((self.biblatex, self.bibtex, *self.also))))

    def name(self, dialect: Dialect) -> str:
        """The field's name in a dialect."""
        return self.biblatex if dialect == "biblatex" else self.bibtex


def _same(name: str, kind: Kind = "text", *also: str) -> FieldRule:
    return FieldRule(name, name, kind, also)


_JOURNAL = FieldRule("journaltitle", "journal", "rich")
_BOOKTITLE = _same("booktitle", "title")
_SITE = FieldRule("organization", "howpublished", "list")
_INSTITUTION = FieldRule("institution", "institution", "list", ("school", "organization", "publisher"))

_BY_BASE: Mapping[str, FieldRule] = MappingProxyType(
    {
        "title": _same("title", "title"),
        "shortTitle": _same("shorttitle", "title"),
        "publicationTitle": _BOOKTITLE,
        "conferenceName": _same("eventtitle", "title"),
        "meetingName": _same("eventtitle", "title"),
        "eventPlace": _same("venue"),
        "date": FieldRule("date", "year", "date", ("month", "day")),
        "originalDate": _same("origdate", "origdate"),
        "originalPublisher": _same("origpublisher", "list"),
        "originalPlace": _same("origlocation", "list"),
        "journalAbbreviation": _same("shortjournal"),
        "series": _same("series", "title"),
        "edition": _same("edition"),
        "volume": _same("volume", "number"),
        "number": _same("number"),
        "numberOfVolumes": _same("volumes"),
        "numPages": FieldRule("pagetotal", "numpages"),
        "pages": _same("pages", "pages"),
        "versionNumber": _same("version"),
        "type": _same("type", "title"),
        "publisher": FieldRule("publisher", "publisher", "list", ("organization", "institution")),
        "authority": _INSTITUTION,
        "assignee": _same("holder", "list"),
        "place": FieldRule("location", "address"),
        "country": FieldRule("location", "address"),
        "ISBN": _same("isbn"),
        "ISSN": _same("issn"),
        "PMID": _same("pmid"),
        "PMCID": _same("pmcid"),
        "DOI": _same("doi", "verbatim"),
        "url": _same("url", "verbatim"),
        "language": _same("langid", "language", "language"),
        "arXiv": _same("eprint", "eprint"),
    }
)
_IN_PERIODICAL = MappingProxyType(
    {
        "publicationTitle": _JOURNAL,
        "issue": FieldRule("number", "number", "number", ("issue",)),
        "publisher": _same("publisher", "list"),
    }
)
_ON_A_SITE = MappingProxyType({"publicationTitle": _SITE, "publisher": _same("publisher", "list")})
_IN_SERIES = MappingProxyType({"seriesNumber": FieldRule("number", "number", "number")})
_OF_SERIES = MappingProxyType({"seriesTitle": _same("series", "title")})
_BY_TYPE: Mapping[str, Mapping[str, FieldRule]] = MappingProxyType(
    {
        **dict.fromkeys(("journalArticle", "magazineArticle", "newspaperArticle"), _IN_PERIODICAL),
        "conferencePaper": {
            "issue": FieldRule("number", "number", "number", ("issue",)),
            "seriesNumber": _same("seriesnumber"),
        },
        "thesis": {
            "publisher": FieldRule("institution", "school", "list", ("publisher",)),
            "type": _same("type", "thesis"),
            "seriesNumber": _same("number"),
        },
        "report": {
            "publisher": _INSTITUTION,
            "seriesTitle": _same("series", "title"),
            "seriesNumber": _same("seriesnumber"),
        },
        "manuscript": {"publisher": _INSTITUTION},
        "standard": {
            "authority": FieldRule("organization", "organization", "list", ("institution",)),
            "publisher": _same("publisher", "list"),
        },
        **dict.fromkeys(("webpage", "blogPost", "forumPost"), _ON_A_SITE),
        "preprint": {
            "seriesNumber": _same("number"),
            "number": _same("eprint", "eprint"),
            "publisher": FieldRule("eprinttype", "archiveprefix"),
        },
        "patent": {"country": _same("country")},
        "hearing": {"authority": _INSTITUTION, "publisher": _same("publisher", "list")},
        **dict.fromkeys(("book", "bookSection", "encyclopediaArticle", "dictionaryEntry"), _IN_SERIES),
        **dict.fromkeys(("audioRecording", "videoRecording", "computerProgram", "map", "podcast"), _OF_SERIES),
    }
)

NAME_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "editor": "editor",
        "translator": "translator",
        "bookAuthor": "bookauthor",
        "seriesEditor": "editora",
        "contributor": "namea",
    }
)
"""Creator types and their name lists. A type's primary creators are `author`, any other type is its name in lower
case: a field that styles ignore but that loses nobody."""
NAME_ROLES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"editora": ("editoratype", "redactor"), "namea": ("nameatype", "collaborator")}
)
"""Name lists that need a word on the role: the field that holds it, and the word."""

THESIS_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "phdthesis": "PhD thesis",
        "mathesis": "Master's thesis",
        "bathesis": "Bachelor's thesis",
        "candthesis": "Candidate thesis",
    }
)
"""biblatex's words for kinds of theses, and what they say in Zotero's field."""

FIELD_ORDER: tuple[str, ...] = words(
    """
    type entrysubtype ids title shorttitle booktitle author editor date year month journaltitle journal shortjournal
    series edition volume number issue eprint eprinttype eprintclass archiveprefix primaryclass pages publisher
    institution school organization howpublished location address issn doi url urldate
    """
)
"""The order of fields in an entry that we write; others follow by name, `LAST_FIELDS` at the end."""
LAST_FIELDS: tuple[str, ...] = ("abstract", "keywords", "annotation", "note", "file")


@cache
def field_rules(item_type: str) -> Mapping[str, FieldRule]:
    """How each Zotero field of a type stands in an entry; `arXiv` is one of them for all types but preprints.

    A type that the schema does not know raises `KeyError`.
    """
    special = _BY_TYPE.get(item_type, {})
    rules = dict[str, FieldRule]()
    for name in schema.fields_of(item_type):
        base = schema.base_of(item_type, name)
        rule = special.get(name) or special.get(base) or _BY_BASE.get(base)
        if rule is not None:
            rules[name] = rule
    if item_type != "preprint":
        rules["arXiv"] = _BY_BASE["arXiv"]
    written = {name for rule in rules.values() for name in (rule.biblatex, rule.bibtex)}
    for name, rule in rules.items():
        # What another field is written in cannot stand in for this one.
        rules[name] = replace(rule, also=tuple(other for other in rule.also if other not in written))
    return MappingProxyType(rules)


@cache
def fields_read_from(item_type: str) -> Mapping[str, tuple[str, ...]]:
    """For each field of an entry, the Zotero fields that its value may be read as."""
    found = dict[str, tuple[str, ...]]()
    for field_name, rule in field_rules(item_type).items():
        for name in rule.names:
            found[name] = (*found.get(name, ()), field_name)
    return MappingProxyType(found)


_EXPORTED: Mapping[str, FieldRule] = MappingProxyType(
    {
        "originalTitle": _same("origtitle", "title"),
        "status": _same("pubstate"),
        "issue": FieldRule("number", "number", "number"),
    }
)
"""Fields of no record, or of other types, that an entry may carry all the same."""


def exported_rule(item_type: str, field: str) -> FieldRule | None:
    """How a value stands in an entry that nobody reads back, given its Zotero field or base field.

    That the type lacks the field is no hindrance: articles have publishers. None for what an entry has no field for.
    """
    special = _BY_TYPE.get(item_type, {})
    return special.get(field) or _EXPORTED.get(field) or _BY_BASE.get(field)


@cache
def managed_fields(item_type: str) -> frozenset[str]:
    """The Zotero fields of a type that an entry carries; `citationKey` is not one of them, it is the entry's key."""
    return frozenset(field_rules(item_type))


def name_field(item_type: str, creator_type: str) -> str:
    """The name list of a creator type on an item type."""
    types = schema.creator_types_of(item_type)
    if types and creator_type == types[0] and creator_type != "contributor":
        return "author"
    # A role whose list is taken by the type's primary creators would be read as one of them.
    return NAME_FIELDS.get(creator_type, creator_type.lower() if creator_type != "author" else "author")


@cache
def creator_types(item_type: str) -> Mapping[str, str]:
    """The name lists that are read for a type, with the creator type each one stands for, in the order of reading.

    Lists of creators that the type does not have are read as well: see `creator_type_on`.
    """
    known = schema.creator_types_of(item_type)
    fields = dict[str, str]()
    for creator_type in (*known, "editor", "translator", *_all_creator_types()):
        fields.setdefault(name_field(item_type, creator_type), creator_type_on(item_type, creator_type))
    if known and known[0] not in NAME_FIELDS:
        fields.setdefault(known[0].lower(), known[0])  # `director` of a film, for which we write `author`
    return MappingProxyType(fields)


def creator_type_on(item_type: str, creator_type: str) -> str:
    """The creator type as Zotero has it on an item type: one that it lacks there is a `contributor` (a thesis has no
    editors), or the primary type if there are no contributors; an `author` is always the primary one (a director)."""
    types = schema.creator_types_of(item_type)
    if creator_type in types:
        return creator_type
    return "contributor" if creator_type != "author" and "contributor" in types else types[0]


@cache
def _all_creator_types() -> tuple[str, ...]:
    found = dict.fromkeys(name for item_type in item_types() for name in schema.creator_types_of(item_type))
    return tuple(found)
