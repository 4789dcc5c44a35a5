"""What members write into Zotero's field Extra, line by line: values of fields that the item's type lacks, and more.

Read are `DOI: 10.1/x` and all other labels of Zotero, names of its fields and of CSL's variables in any spelling,
`{:original-date: 1929}`, `Editor: Family || Given`, and what is meant for .bib files alone: `tex.field: text`,
`tex.field= LaTeX`, the same with `bibtex.` or `biblatex.` for one dialect. Nothing here changes Extra: see `extra`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from dmlsync import schema
from dmlsync.bib.export import OwnField
from dmlsync.model import Creator

_BRACED = re.compile(r"\{:[ \t]*([A-Za-z][A-Za-z _-]{0,40}):([^{}]*)\}")
_LABELLED = re.compile(r"([A-Za-z_][A-Za-z0-9 _.-]{0,40}?)[ \t]*:[ \t]*(.*)")
_OWN = re.compile(r"(tex|bibtex|biblatex)\.([A-Za-z][A-Za-z0-9_-]{0,40})[ \t]*([:=])[ \t]*(.*)", re.IGNORECASE)
_ARXIV = re.compile(r"arxiv(?: id)?[ \t]*:[ \t]*(\S.*)", re.IGNORECASE)
_NO_KEY = re.compile(r"[\s\"#%'(),={}~\\@]")

# Labels in use that are neither Zotero's nor CSL's, by what they fill: a base field, or an entry's field after a colon.
_OTHER_LABELS = MappingProxyType(
    {
        "archiveprefix": ":eprinttype",
        "citation key alias": ":ids",
        "container title short": "journalAbbreviation",
        "event": "conferenceName",
        "eventdate": ":eventdate",
        "google books": ":googlebooks",
        "googlebooks": ":googlebooks",
        "hdl": ":hdl",
        "issued": "date",
        "jstor": ":jstor",
        "lccn": "callNumber",
        "mr": ":mrnumber",
        "mrnumber": ":mrnumber",
        "number of pages": "numPages",
        "number of volumes": "numberOfVolumes",
        "original title": "originalTitle",
        "pubstate": "status",
        "volume title": ":maintitle",
        "zbl": ":zmnumber",
        "zmnumber": ":zmnumber",
    }
)
_NOT_CARRIED = frozenset(("eprint", "library catalog", "source", "note", "extra"))


@dataclass(frozen=True, slots=True)
class ExtraLines:
    """What the lines of one Extra say.

    `values` are by Zotero's base fields, and `originalTitle`, `status` and the like by their CSL meaning; `own` are
    fields for .bib files; `csl_type` is a CSL type that overrides the item's; `entry_types` are entry types by dialect,
    "" for both; `rest` is the text of all other lines.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    creators: tuple[Creator, ...] = ()
    own: tuple[OwnField, ...] = ()
    citation_key: str = ""
    csl_type: str = ""
    arxiv: str = ""
    rest: str = ""


def lines_of(extra: str) -> ExtraLines:
    """What an Extra says, whatever it is."""
    reader = _Reader()
    for line in extra.split("\n"):
        rest = _BRACED.sub(lambda match: "" if reader.takes(match[1], match[2].strip()) else match[0], line)
        if (rest.strip() and not reader.takes_line(rest.strip())) or (not line and reader.rest):
            reader.rest.append(rest.rstrip())
    return reader.result()


def label_of(base: str) -> str:
    """The label under which `lines_of` reads a value, as Zotero and CSL spell it: `original-date`, `Series Title`."""
    variables = {base: variable for variable, base in schema.csl_date_variables().items()}
    variables |= {bases[0]: variable for variable, bases in schema.csl_text_variables().items()}
    return variables.get(base) or ("original-title" if base == "originalTitle" else base)


class _Reader:
    """The lines read so far."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.creators: list[Creator] = []
        self.own: list[OwnField] = []
        self.rest: list[str] = []
        self.key = self.csl_type = self.arxiv = ""

    def result(self) -> ExtraLines:
        """All of it as a value."""
        rest = "\n".join(self.rest).strip("\n")
        values = MappingProxyType(self.values)
        return ExtraLines(values, tuple(self.creators), tuple(self.own), self.key, self.csl_type, self.arxiv, rest)

    def takes_line(self, line: str) -> bool:
        """Whether a line says something that has its own place."""
        if own := _OWN.fullmatch(line):
            self._own(own[1].lower(), own[2].lower(), own[4].strip(), own[3] == "=")
            return True
        if arxiv := _ARXIV.fullmatch(line):
            self.arxiv = self.arxiv or arxiv[1].strip()
            return True
        labelled = _LABELLED.fullmatch(line)
        return labelled is not None and self.takes(labelled[1], labelled[2].strip())

    def takes(self, label: str, value: str) -> bool:
        """Whether a label is known, and takes its value."""
        name = _folded(label)
        if name in _NOT_CARRIED or (name == "citation key" and not value):
            return True
        if name in ("citation key", "bibtex"):
            if _NO_KEY.search(value):
                return False
            self.key = self.key or value
        elif name == "type":
            if value.lower().replace(" ", "_") not in _csl_types():
                self.values.setdefault("type", value)
            else:
                self.csl_type = value.lower().replace(" ", "_")
        elif creator_type := _creator_labels().get(name):
            self.creators.append(_creator(value, creator_type))
        elif target := _field_labels().get(name):
            if target.startswith(":"):
                self.own.append(OwnField(target[1:], value))
            elif value:
                self.values.setdefault(target, value)
        else:
            return False
        return True

    def _own(self, scope: str, name: str, value: str, raw: bool) -> None:
        name = "entrytype" if name == "referencetype" else name
        self.own.append(OwnField(name, value, raw, "" if scope == "tex" else scope))


def _folded(label: str) -> str:
    """A label without its case, `originalDate`, `original-date` and `Original Date` made one."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", label.strip())
    return re.sub(r"[\s_-]+", " ", spaced).strip().lower()


@cache
def _field_labels() -> Mapping[str, str]:
    """Labels and what they fill: a base field, or after a colon an entry's own field."""
    found = dict[str, str]()
    for variable, bases in schema.csl_text_variables().items():
        found[_folded(variable)] = bases[0]
    for variable, base in schema.csl_date_variables().items():
        found[_folded(variable)] = base
    for name in schema.all_fields():
        if name not in ("extra", "title", "citationKey", "type"):
            found.setdefault(_folded(name), name)
            found.setdefault(_folded(schema.label_of_field(name)), name)
    return MappingProxyType({**found, **_OTHER_LABELS})


@cache
def _creator_labels() -> Mapping[str, str]:
    found = {_folded(variable): kind for kind, variable in schema.csl_name_variables().items()}
    for item_type in schema.item_types():
        found |= {_folded(kind): kind for kind in schema.creator_types_of(item_type)}
    return MappingProxyType(found)


@cache
def _csl_types() -> frozenset[str]:
    more = "classic collection event figure interview musical_score pamphlet performance periodical regulation review"
    known = {schema.csl_type_of(name) for name in schema.item_types()}
    return frozenset({*known, *more.split(), "review-book", "treaty", "article", "entry"})


def _creator(value: str, creator_type: str) -> Creator:
    """`Family || Given`, or a name in one piece."""
    family, bars, given = (part.strip() for part in value.partition("||"))
    if bars and family and given:
        return Creator(family, given, creator_type=creator_type)
    return Creator(name=family or given, creator_type=creator_type)
