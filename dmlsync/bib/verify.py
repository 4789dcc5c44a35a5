"""A second opinion on what we write: bibtexparser, one entry at a time. Nothing else imports it."""

from __future__ import annotations

import logging
import re

from dmlsync.bib.dates import MONTHS
from dmlsync.bib.scan import Block

# Its complaints are our verdict; they are not for standard error.
logging.getLogger("bibtexparser").addHandler(logging.NullHandler())

_MACRO = re.compile(r"[A-Za-z][^\s\"#%'(),={}]*")


def reads_alike(entry: Block) -> bool:
    """Whether bibtexparser finds one entry in this text, with our key, our type and our field names."""
    if not entry.fields:
        return True  # bibtexparser does not see entries without fields
    import bibtexparser
    from bibtexparser.bibdatabase import UndefinedString
    from bibtexparser.bparser import BibTexParser

    parser = BibTexParser(ignore_nonstandard_types=False, interpolate_strings=False, common_strings=True)
    definitions = "".join(f"@string{{{name} = {{}}}}\n" for name in sorted(_macros(entry)))
    try:
        found = bibtexparser.loads(definitions + entry.text, parser).entries
    except (UndefinedString, ValueError, KeyError, IndexError, TypeError):
        return False
    if len(found) != 1:
        return False
    names = {field.name for field in entry.fields}
    return (
        found[0]["ID"] == entry.key
        and found[0]["ENTRYTYPE"].lower() == entry.item_type
        and {name.lower() for name in found[0]} - {"id", "entrytype"} == names
    )


def _macros(entry: Block) -> set[str]:
    """The macros that an entry uses and BibTeX does not define itself."""
    bare = (field.value for field in entry.fields if not field.value.startswith(("{", '"')) or "#" in field.value)
    words = {word for value in bare for word in _MACRO.findall(re.sub(r"\{[^{}]*\}|\"[^\"]*\"", "", value))}
    return {word for word in words if word.lower() not in MONTHS}
