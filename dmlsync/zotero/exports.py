"""The text of a .bib file for items as the Web API has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dmlsync.bib.entry_types import Dialect
from dmlsync.zotero.items import item_of


def bib_text(items: Iterable[Mapping[str, Any]], dialect: Dialect) -> str:
    """Items (`data` or whole envelopes) as the entries of a .bib file, in their order, a blank line between them.

    An entry has the item's own citation key; where it has none, or one that is taken or not safe in BibTeX, it gets
    one made of author, year and title. Tags become keywords.
    """
    from dmlsync.bib.keys import propose_key
    from dmlsync.bib.write import entry_text

    taken: set[str] = set()
    entries = []
    for data in items:
        item = item_of(data)
        key = item.citation_key
        if not key or key.casefold() in taken:
            key = propose_key(item.record, taken)
        try:
            entry = entry_text(key, item.record, dialect, abstracts=True, keywords=sorted(item.tags))
        except ValueError:
            key = propose_key(item.record, taken)
            entry = entry_text(key, item.record, dialect, abstracts=True, keywords=sorted(item.tags))
        taken.add(key.casefold())
        entries.append(entry)
    return "\n".join(entries)
