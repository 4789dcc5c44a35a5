"""What the page shows of each work of the lists. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from dmlsync.bib.carried import carried
from dmlsync.bib.document import Document
from dmlsync.bib.scan import Block
from dmlsync.model import Entry, Record
from dmlsync.readinglist.reading_list import ReadingList
from dmlsync.resolve.venues import key as venue_key
from dmlsync.site.markup import bare
from dmlsync.sync.catalog import Catalog
from dmlsync.sync.listed import ListedWork
from dmlsync.text.titles import fold

Place = tuple[str, ...]
"""A list's name and, behind it, the headings above an entry, outermost first."""

_VENUE_FIELDS = (
    "proceedingsTitle", "publicationTitle", "bookTitle", "conferenceName", "meetingName", "repository", "university",
    "institution", "publisher",
)  # fmt: skip
_LABELS: Mapping[str, str] = {"pdf": "PDF", "paper": "Paper", "code": "Code", "other": "Link"}
PREPRINTS = "repository"
"""The key of all preprint servers together, see `dmlsync.resolve.venues`."""

_SPELT = {"neurips": "NeurIPS", "acm mm": "ACM MM", PREPRINTS: "Preprint"}


@dataclass(frozen=True, slots=True)
class Venue:
    """Where a work appeared: `key` is equal for all forms of one venue, `label` short, `name` as the record has it."""

    key: str
    label: str
    name: str


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link as the page offers it; whether its address is one that may be followed is `markup`'s to say."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class PageWork:
    """One work as the page shows it.

    An entry that has no record yet is a work without a citation key, with what its list says. `family` is the name that
    it is sorted by, `bibtex` its entry as it stands in library.bib, `""` where it has none there.
    """

    title: str
    key: str = ""
    authors: tuple[str, ...] = ()
    et_al: bool = False
    family: str = ""
    year: int | None = None
    venue: Venue | None = None
    places: tuple[Place, ...] = ()
    tags: tuple[str, ...] = ()
    links: tuple[PageLink, ...] = ()
    bibtex: str = ""
    abstract: str = ""


@dataclass(frozen=True, slots=True)
class PageLibrary:
    """What a page is made of: its title, the works in the order of the lists, and the lists' sections.

    `lists` holds the title of each list by its name, `places` every section in the order of the files.
    """

    title: str
    works: tuple[PageWork, ...] = ()
    lists: Mapping[str, str] = field(default_factory=dict)
    places: tuple[Place, ...] = ()


def page_library(title: str, lists: Sequence[ReadingList], catalog: Catalog, document: Document) -> PageLibrary:
    """What the page of a project is made of."""
    places = dict.fromkeys((entry.list_name, *entry.section) for one in lists for entry in one.entries)
    titles = {one.name: one.title or one.name for one in lists}
    return PageLibrary(title, page_works(catalog, document), titles, tuple(places))


def page_works(catalog: Catalog, document: Document) -> tuple[PageWork, ...]:
    """The works that the lists name, in the order of their first line; those without a record among them."""
    groups: dict[str, list[Entry]] = {}
    for one in catalog.entries:
        printed = f"\n{fold(one.entry.title) or one.entry.title}"  # no citation key begins with a line break
        groups.setdefault(one.citation_key or printed, []).append(one.entry)
    listed = {work.citation_key: work for work in catalog.listed()}
    return tuple(
        _recorded(listed[name], entries, document.block(catalog.entry_keys.get(name, name)), document)
        if name in listed
        else _unrecorded(entries)
        for name, entries in groups.items()
    )


def _recorded(work: ListedWork, entries: Sequence[Entry], block: Block | None, document: Document) -> PageWork:
    record, entry = work.record, None if block is None else carried(document, block)
    names = [one for one in record.creators if one.creator_type == "author"] or list(record.creators)
    return PageWork(
        title=record.title or entries[0].title,
        key=block.key if block else work.citation_key,
        authors=tuple(map(str, names)) or entries[0].author_names,
        family=names[0].last_name or names[0].name if names else _family(entries[0]),
        year=record.year or entries[0].year,
        venue=_venue(record) or _printed_venue(entries),
        places=_places(entries),
        tags=tuple(sorted(work.tags | (entry.tags if entry else frozenset()), key=lambda tag: (fold(tag), tag))),
        links=tuple(_links(work)),
        bibtex=block.text.encode("utf-8", "surrogateescape").decode("utf-8", "replace") if block else "",
        abstract=bare(entry.record.get("abstractNote")) if entry else "",
    )


def _unrecorded(entries: Sequence[Entry]) -> PageWork:
    first = entries[0]
    links = {link.url: PageLink(_LABELS[link.kind], link.url) for entry in entries for link in entry.links}
    return PageWork(
        title=first.title,
        authors=first.author_names or tuple(filter(None, [first.authors])),
        et_al=first.et_al and bool(first.author_names),
        family=_family(first),
        year=first.year,
        venue=_printed_venue(entries),
        places=_places(entries),
        links=tuple(links.values()),
    )


def _family(entry: Entry) -> str:
    """The first author's family name, as far as a list's own form tells it."""
    first = entry.author_names[0] if entry.author_names else entry.authors
    family, comma, _ = first.partition(",")
    return family if comma else first.rpartition(" ")[2]


def _places(entries: Sequence[Entry]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys((entry.list_name, *entry.section) for entry in entries))


def _links(work: ListedWork) -> list[PageLink]:
    """PDF, code and the pages that the identifiers lead to; the record's own address where none of these is it."""
    doi, arxiv = work.record.get("DOI") or work.identifiers.doi, work.identifiers.arxiv
    found = [PageLink("PDF", work.pdf)] + [PageLink("Code", url) for url in work.code]
    found += [PageLink("DOI", f"https://doi.org/{quote(doi, safe='/:;()._-')}" if doi else "")]
    found += [PageLink("arXiv", f"https://arxiv.org/abs/{quote(arxiv, safe='/.')}" if arxiv else "")]
    page = work.record.get("url") or work.identifiers.page
    known = {one.url for one in found}
    if page not in known and "//doi.org/" not in page and "//arxiv.org/" not in page:
        found.append(PageLink("Page", page))
    return [one for one in found if one.url]


def _venue(record: Record) -> Venue | None:
    name = next(filter(None, map(record.get, _VENUE_FIELDS)), "")
    return make_venue(name) if name else None


def _printed_venue(entries: Sequence[Entry]) -> Venue | None:
    name = next((entry.venue for entry in entries if entry.venue), "")
    return make_venue(name) if name else None


def make_venue(name: str) -> Venue:
    """A venue with the short name that readers know it by: an acronym where there is one."""
    key = venue_key(name) or name.casefold()
    base = key.removesuffix(" workshop")
    label = _SPELT.get(base) or _acronym(name, base) or name
    return Venue(key, f"{label} workshop" if key != base and label != name else label, name)


def _acronym(name: str, key: str) -> str:
    """A one-word key as the name spells it, with most capitals, else in capitals; `""` where the key is no acronym."""
    if " " in key:
        return ""
    words = "".join(sign if sign.isalnum() else " " for sign in name).split()
    spelt = [word for word in words if word.casefold() == key]
    return max(spelt, key=lambda word: sum(map(str.isupper, word)), default=key.upper())
