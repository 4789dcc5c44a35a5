"""Which item types Zotero has, and which fields and creator types belong to each.

The facts are in `schema.json` beside this module: a reduced table derived from Zotero's published schema, version 41,
https://api.zotero.org/schema. It keeps, for each item type, the English label, the CSL type, the fields in display
order, the base field of every type-specific field and the creator types with the primary one first; further the
English labels and the mapping to CSL. Other locales and the file's remaining sections are left out.

The table was put together from the schema's published parts, not copied from one file. Item types, fields, base
fields, creator types and the CSL mapping were compared one by one with version 42. What differs from it: `standard` has
no edition, part number, part title, ISBN and editor, which came after version 41; `director` is the primary creator of
radioBroadcast and videoRecording, which have a `creator` in version 42, and whether version 41 had it could not be
confirmed; `applicationNumber`, `castMember` and `podcaster` are mapped to CSL as in version 42; the CSL variable
`shortTitle`, an older name of `title-short`, is left out. The labels of rare fields were not compared.

To renew it: fetch the published schema, write the same members from `itemTypes`, `csl` and `locales["en-US"]` in the
form that `schema.json` has (one item type a line, so that a diff shows which type changed), and set `VERSION`.

A type, field or creator type that the schema does not know raises `KeyError`, unless said otherwise.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

VERSION = 41
"""The version of Zotero's schema that the table was derived from."""


@dataclass(frozen=True, slots=True)
class _ItemType:
    label: str
    csl: str
    fields: tuple[str, ...]
    base: Mapping[str, str]
    specific: Mapping[str, str]
    creator_types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Schema:
    types: Mapping[str, _ItemType]
    field_labels: Mapping[str, str]
    creator_type_labels: Mapping[str, str]
    csl_text: Mapping[str, tuple[str, ...]]
    csl_dates: Mapping[str, str]
    csl_names: Mapping[str, str]


@functools.cache
def _schema() -> _Schema:
    from importlib.resources import files  # slow to import, and most commands never ask

    raw = json.loads(files("dmlsync").joinpath("schema.json").read_text(encoding="utf-8"))
    types = {
        name: _ItemType(
            label=row["label"],
            csl=row["csl"],
            fields=tuple(row["fields"]),
            base=row["base"],
            specific={base: field for field, base in row["base"].items()},
            creator_types=tuple(row["creatorTypes"]),
        )
        for name, row in raw["itemTypes"].items()
    }
    return _Schema(
        types=types,
        field_labels=raw["fieldLabels"],
        creator_type_labels=raw["creatorTypeLabels"],
        csl_text=MappingProxyType({name: tuple(fields) for name, fields in raw["cslText"].items()}),
        csl_dates=MappingProxyType(raw["cslDates"]),
        csl_names=MappingProxyType(raw["cslNames"]),
    )


def item_types() -> tuple[str, ...]:
    """All item types, `attachment`, `note` and `annotation` among them, in alphabetical order."""
    return tuple(_schema().types)


def is_item_type(name: str) -> bool:
    """Whether Zotero has this item type."""
    return name in _schema().types


def all_fields() -> tuple[str, ...]:
    """Every field of any item type and every base field, in alphabetical order regardless of case."""
    return tuple(_schema().field_labels)


def fields_of(item_type: str) -> tuple[str, ...]:
    """The fields of a type, in the order in which Zotero shows them (`title` or its like first, `extra` last)."""
    return _schema().types[item_type].fields


def creator_types_of(item_type: str) -> tuple[str, ...]:
    """The creator types of a type, the primary one first; empty for types without creators."""
    return _schema().types[item_type].creator_types


def primary_creator(item_type: str) -> str:
    """The creator type that names the authors in the wide sense: `author` mostly, `presenter`, `director` ...

    A type without creators (`attachment`, `note`, `annotation`) raises `KeyError` too.
    """
    types = creator_types_of(item_type)
    if not types:
        raise KeyError(item_type)
    return types[0]


def base_of(item_type: str, field: str) -> str:
    """The base field behind a type-specific one: `proceedingsTitle` of a conferencePaper is its `publicationTitle`.

    A field without a base field is its own; so is a field that the type does not have.
    """
    return _schema().types[item_type].base.get(field, field)


def field_for(item_type: str, base: str) -> str | None:
    """The field by which a type says `base`, or None if it has none.

    `publicationTitle` is `proceedingsTitle` on a conferencePaper, itself on a journalArticle, nothing on a thesis.
    """
    row = _schema().types[item_type]
    if base in row.specific:
        return row.specific[base]
    return base if base in row.fields else None


def label_of_type(item_type: str) -> str:
    """The English name of an item type: `Conference Paper`."""
    return _schema().types[item_type].label


def label_of_field(field: str) -> str:
    """The English name of a field: `Abstract` for `abstractNote`."""
    return _schema().field_labels[field]


def label_of_creator_type(creator_type: str) -> str:
    """The English name of a creator type: `Series Editor`."""
    return _schema().creator_type_labels[creator_type]


def is_creator_type(name: str) -> bool:
    """Whether some item type has creators of this type."""
    return name in _schema().creator_type_labels


def csl_type_of(item_type: str) -> str:
    """The CSL type that an item type is exported as: `paper-conference` for `conferencePaper`."""
    return _schema().types[item_type].csl


def csl_text_variables() -> Mapping[str, tuple[str, ...]]:
    """CSL text variables, each with the base fields that may fill it, the preferred one first."""
    return _schema().csl_text


def csl_date_variables() -> Mapping[str, str]:
    """CSL date variables, each with the base field that fills it."""
    return _schema().csl_dates


def csl_name_variables() -> Mapping[str, str]:
    """Creator types, each with its CSL name variable; the primary creators of any type are `author` in CSL."""
    return _schema().csl_names
