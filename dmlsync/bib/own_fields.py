"""Fields that people write for their .bib files alone, as lines `tex.field: text` or `tex.field= LaTeX` of Extra."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dmlsync.bib.dates import is_date, normal_date, year_and_month
from dmlsync.bib.entry_types import Dialect
from dmlsync.bib.normal import normal_link
from dmlsync.text.latex import balanced, clean, escape, harmless, in_ascii

_LISTS_OF_KEYS = frozenset(("crossref", "xref", "xdata", "ids", "entryset", "related", "relatedtype"))
_VERBATIM = re.compile(r"doi|eprint|file|pdf|verb[abc]|(?:.*-)?url(?:-\d+)?")
_NOT_IN_KEYS = re.compile(r"[{}\\%#\x00-\x1f]")


@dataclass(frozen=True, slots=True)
class OwnField:
    """One such field: its name in lower case, its text, and whether that is LaTeX already.

    `dialect` limits it to one dialect, "" to none. A blank value takes the field out of the entry. `from_bib` tells
    that it comes from a .bib file, where its LaTeX was run already.
    """

    name: str
    value: str
    latex: bool = False
    dialect: str = ""
    from_bib: bool = False


def own_value(own: OwnField, dialect: Dialect) -> dict[str, str]:
    """The raw value by the field's name, `""` where it takes the field out; a date is classic BibTeX's two fields.

    LaTeX is taken as it is only if it can do nothing but print; otherwise its text is escaped.
    """
    ascii_only = dialect == "bibtex"
    value = clean(own.value)
    if not value:
        return {own.name: ""}
    if own.name in _LISTS_OF_KEYS:
        return {own.name: "{" + _NOT_IN_KEYS.sub("", value) + "}"}
    if _VERBATIM.fullmatch(own.name):
        return {own.name: "{" + normal_link(value, doi=own.name == "doi", ascii_only=ascii_only) + "}"}
    if own.name == "date" and ascii_only and is_date(date := normal_date(value, dialect)):
        year, month = year_and_month(date)
        return {"year": "{" + year + "}", "month": month}
    if own.from_bib and balanced(value):
        return {own.name: "{" + (in_ascii(value) if ascii_only else value) + "}"}
    written = harmless(value, ascii_only) if own.latex else escape(value, ascii_only)
    return {own.name: "{" + written + "}"}
