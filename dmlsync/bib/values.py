"""The raw values of an entry as LaTeX text: delimiters off, macros expanded, fields of parents inherited."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dmlsync.bib.document import Document
from dmlsync.bib.pieces import MONTHS, pieces
from dmlsync.bib.scan import Block
from dmlsync.text.latex_symbols import words

_BYTES = re.compile(r"[\udc80-\udcff]++")
_MAX_LENGTH = 100_000  # of one expanded value: macros that double each other must not fill the memory
_MAX_PARENTS = 20

# What a child does not take from its parent: names of the parent itself, and what says how to print it.
_OWN = frozenset(
    words(
        """
    crossref xref xdata ids entryset entrysubtype execute label options presort related relatedoptions relatedstring
    relatedtype shorthand shorttitle sorttitle indextitle indexsorttitle keywords file abstract annotation note
    """
    )
)
_WITH_BOOKTITLE = frozenset(("inbook", "incollection", "inproceedings", "inreference", "conference", "suppbook"))


def values_of(document: Document, entry: Block) -> dict[str, str]:
    """Each field's content by its name: still LaTeX, but in one piece and with single blanks nowhere guaranteed.

    The first of several fields of one name counts. What `crossref` and `xdata` name is inherited as biblatex does it:
    a collection's `title` becomes its chapters' `booktitle`. Circles and missing parents are ignored.
    """
    found = _own_values(document, entry)
    if "crossref" in found or "xdata" in found:
        _inherit(document, entry, found, {entry.key.lower()})
    return found


def _own_values(document: Document, entry: Block) -> dict[str, str]:
    found = dict[str, str]()
    for field in entry.fields:
        if field.name not in found:
            found[field.name] = content(field.value, document)
    return found


def _inherit(document: Document, entry: Block, found: dict[str, str], seen: set[str]) -> None:
    parents = [("xdata", key) for key in found.get("xdata", "").split(",")] + [("crossref", found.get("crossref", ""))]
    for relation, key in parents:
        name = key.strip().lower()
        parent = document.block(name) if name and name not in seen and len(seen) < _MAX_PARENTS else None
        if parent is None:
            continue
        seen.add(name)
        theirs = _own_values(document, parent)
        if "crossref" in theirs or "xdata" in theirs:
            _inherit(document, parent, theirs, seen)
        if relation == "crossref":
            theirs = _handed_down(parent.item_type, entry.item_type, theirs)
        for field, value in theirs.items():
            found.setdefault(field, value)


def _handed_down(parent: str, child: str, values: Mapping[str, str]) -> dict[str, str]:
    """A parent's fields under the names that they have in its child."""
    given = {name: value for name, value in values.items() if name not in _OWN}
    title, subtitle = given.pop("title", None), given.pop("subtitle", None)
    if child in _WITH_BOOKTITLE and title is not None:
        given.setdefault("booktitle", title)
        if subtitle is not None:
            given.setdefault("booksubtitle", subtitle)
    elif parent == "periodical" and title is not None:
        given.setdefault("journaltitle", title)
    if child == "inbook" and "author" in given:
        given.setdefault("bookauthor", given["author"])
    elif child in _WITH_BOOKTITLE:
        given.pop("author", None)
    return given


def content(raw: str, document: Document) -> str:
    """A raw value's text: without its delimiters, concatenated, macros expanded, bytes that are not UTF-8 decoded."""
    plain = "#" not in raw and raw[:1] in ("{", '"')
    text = raw[1:-1] if plain else _expanded(raw, document.strings, {})
    return _BYTES.sub(_decoded, text) if not text.isascii() else text


def _decoded(match: re.Match[str]) -> str:
    data = match[0].encode("utf-8", "surrogateescape")
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _expanded(raw: str, strings: Mapping[str, str], known: dict[str, str]) -> str:
    parts = [_piece(piece.strip(), strings, known) for piece in pieces(raw)]
    return "".join(parts)[:_MAX_LENGTH]


def _piece(piece: str, strings: Mapping[str, str], known: dict[str, str]) -> str:
    if piece[:1] in ("{", '"') and len(piece) > 1:
        return piece[1:-1]
    name = piece.lower()
    if name in known:
        return known[name]
    if name not in strings or len(known) > 1000:
        return name if name in MONTHS else piece
    known[name] = ""  # a macro that names itself is empty
    known[name] = _expanded(strings[name], strings, known) if len(known) < 200 else ""
    return known[name]
