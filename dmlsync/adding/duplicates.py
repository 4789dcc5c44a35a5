"""The lines that name a paper already. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from dmlsync.adding.lookup import Paper, entry_for, named_in
from dmlsync.model import Entry
from dmlsync.resolve.identify import identifiers_of
from dmlsync.resolve.match import author_families
from dmlsync.sync.catalog import Catalog, CatalogEntry
from dmlsync.text.names import agree, families
from dmlsync.text.titles import fold


def lines_of(catalog: Catalog, paper: Paper) -> tuple[CatalogEntry, ...]:
    """The entries that are this paper: the same work, the same link, or the same title and authors."""
    return tuple(one for one in catalog.entries if _is_same(one, paper))


def lines_named(catalog: Catalog, wanted: str) -> tuple[CatalogEntry, ...]:
    """The entries that a person names by an identifier or an address: found without asking any source."""
    if not named_in(wanted):
        return ()
    names = set(_names(entry_for(wanted)))
    works = {key for key, work in catalog.works.items() if names & set(work.identifiers.names)}
    return tuple(one for one in catalog.entries if one.citation_key in works or names & set(_names(one.entry)))


def _names(entry: Entry) -> Iterator[str]:
    """What an entry's links name, a plain page only by itself: anything may link to a project's page."""
    yield from identifiers_of(entry).names


def _is_same(one: CatalogEntry, paper: Paper) -> bool:
    if one.citation_key and one.citation_key == paper.citation_key:
        return True
    same_title = fold(one.entry.title) == fold(paper.record.title)
    if same_title and _agrees(one.entry, paper):
        return True
    is_settled = bool(one.citation_key)  # what its link leads to was judged when it was linked
    return not is_settled and not set(_names(one.entry)).isdisjoint(paper.identifiers.names)


def _agrees(entry: Entry, paper: Paper) -> bool:
    """Whether the authors can be the same; where the list prints none, the year has to do."""
    printed = families(entry.author_names)
    if printed:
        return agree(printed, author_families(paper.record), entry.et_al).level in ("all", "most")
    years = (entry.year, paper.record.year)
    return None in years or abs((years[0] or 0) - (years[1] or 0)) <= 1
