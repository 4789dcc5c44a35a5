"""Another citation key for an entry: only the key changes, and what refers to it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dmlsync.bib.document import Document
from dmlsync.bib.keys import IDS
from dmlsync.bib.values import content

REFERENCES = frozenset(("crossref", "xref", "xdata", "related", "entryset"))
"""Fields that name other entries, one or several separated by commas."""


def with_key(document: Document, old: str, new: str, *, alias: bool) -> Document:
    """The document with another key for the entry `old`, there and in the fields of others that name it.

    With `alias` the entry keeps the old key in its field `ids`, by which biblatex still finds it. Raises `BibError`
    where there is no such entry, or another one has the new key.
    """
    edited = document.rekeyed(old, new)
    block = document.block(old)
    old = block.key if block else old
    # BibTeX finds a parent whatever its capitals. A bare name is a macro.
    reference = re.compile(rf"(?<=[\s,{{\"]){re.escape(old)}(?=[\s,}}\"])", re.IGNORECASE)
    for entry in document.entries:
        changes = {
            field.name: after
            for field in entry.fields
            if field.name in REFERENCES and (after := reference.sub(lambda _: new, field.value)) != field.value
        }
        if changes and document.block(entry.key) is not None:
            edited = edited.with_fields(new if entry.key == old else entry.key, dict(changes))
    return with_ids(edited, new, [old] if alias else [], without=new)


def with_ids(document: Document, key: str, aliases: Iterable[str], *, without: str = "") -> Document:
    """The document with these aliases in the field `ids` of an entry, behind those that it has, and `without` one."""
    block = document.block(key)
    written = next((field.value for field in block.fields if field.name == IDS), "") if block else ""
    before = [name.strip() for name in content(written, document).split(",")] if written else []
    after = [name for name in dict.fromkeys([*before, *aliases]) if name and name != without]
    if after == before:
        return document
    return document.with_fields(key, {IDS: f"{{{', '.join(after)}}}" if after else None})
