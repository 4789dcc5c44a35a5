"""A person's name in parts, for formats that keep particles and suffixes apart."""

from __future__ import annotations

from dmlsync.bib.names import divided_dropping, divided_particle, divided_suffix
from dmlsync.model import Creator
from dmlsync.text.latex import clean


def without_quotes(creator: Creator) -> Creator:
    """The creator without the quotation marks by which Zotero's users say that a family name is one (`"de Gaulle"`)."""
    last = creator.last_name
    if len(last) > 2 and last[0] == last[-1] == '"':
        return Creator(last[1:-1], creator.first_name, creator.name, creator.creator_type)
    return creator


def name_parts(creator: Creator) -> dict[str, str]:
    """The parts of a person's name in CSL's words, blank ones among them.

    A particle before the family name is kept with it when that stands alone (`van` of `van Gogh`), one at the end of
    the given names is dropped then (`de` of `Jean de La Fontaine`).
    """
    quoted = creator != (creator := without_quotes(creator))
    first, suffix = divided_suffix(clean(creator.first_name))
    last = clean(creator.last_name)
    given, dropping = (first, "") if quoted else divided_dropping(first, last)
    kept, family = ("", last) if quoted else divided_particle(last)
    return {
        "family": family,
        "given": given,
        "non-dropping-particle": kept,
        "dropping-particle": dropping,
        "suffix": suffix,
    }
