"""Which paper a person means by an identifier, an address, a title or a citation key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dmlsync.model import Entry, Identifiers, Link, Record
from dmlsync.resolve.evidence import Answer
from dmlsync.sync.catalog import Catalog
from dmlsync.sync.known_works import KnownWorks
from dmlsync.sync.lock import WorkState
from dmlsync.sync.reviews import Offered, offered
from dmlsync.text.identifiers import arxiv_in, doi_in, is_known_site, landing_page

if TYPE_CHECKING:
    from dmlsync.project import Project
    from dmlsync.resolve.engine import Resolution

Tell = Callable[[str, int, int], None]
_LONGEST = 2000


def silent(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that is to get a line.

    `url` is the address that a person gave, `pdf` the one that a source or the lock knows. `citation_key` is the
    work's in library.bib, `""` where it has none yet; `accepted` the name by which a person chose the record.
    """

    record: Record
    identifiers: Identifiers
    url: str = ""
    pdf: str = ""
    code: str = ""
    citation_key: str = ""
    accepted: str = ""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What became of a look-up: the `paper`, else the `candidates` that it may be, and sentences on what went wrong.

    `asked` is the entry that the sources were asked for: candidates are compared with it.
    """

    paper: Paper | None
    asked: Entry
    candidates: tuple[Offered, ...] = ()
    problems: tuple[str, ...] = ()


def named_in(wanted: str) -> str:
    """The name of the work that a text gives as an identifier or as an address, `""` for words."""
    text = wanted.strip()[:_LONGEST]
    is_address = _is_address(text)
    if not is_address and " " in text and not text.lower().startswith(("doi:", "arxiv:")):
        return ""
    if arxiv := arxiv_in(text):
        return f"arxiv:{arxiv}"
    if doi := doi_in(text):
        return f"doi:{doi}"
    page = landing_page(text) if is_address else ""
    return f"page:{page}" if page else ""


def _is_address(text: str) -> bool:
    return text.strip().lower().startswith(("http://", "https://"))


def entry_for(wanted: str) -> Entry:
    """What a person typed as an entry that sources can be asked for: an address or a title."""
    text, name = wanted.strip()[:_LONGEST], named_in(wanted)
    kind, _, value = name.partition(":")
    addresses = {"arxiv": f"https://arxiv.org/abs/{value}", "doi": f"https://doi.org/{value}", "page": value}
    if not name:
        return Entry("", 0, 0, text)
    url = text if _is_address(text) else addresses[kind]
    return Entry("", 0, 0, "", links=(Link("paper", url),))


def known_paper(catalog: Catalog, key: str, url: str = "") -> Paper:
    """A work of library.bib as a paper."""
    record, work = catalog.records[key], catalog.works.get(key, WorkState())
    return Paper(record, record.identifiers.filled_from(work.identifiers), url, pdf=work.pdf, citation_key=key)


def look_up(project: Project, catalog: Catalog, wanted: str, tell: Tell = silent) -> LookedUp:
    """The paper that is meant: a work of library.bib by its key, else what the sources say.

    A library.bib that has the work already gives its record: what people corrected there stays.
    """
    key = next((key for key in catalog.records if key.casefold() == wanted.strip().casefold()), "")
    if key:
        return LookedUp(known_paper(catalog, key), entry_for(""))
    entry, name = entry_for(wanted), named_in(wanted)
    if not name and _is_address(wanted):
        problem = "an address of code, of a file or of a whole site tells no paper"
        return LookedUp(None, entry, problems=(problem,))
    if key := _works(catalog).key_named(_identifiers(name)) if name else "":
        return LookedUp(known_paper(catalog, key, _own_url(entry)), entry)
    return _judged(catalog, project.consult(entry, Answer(accepted=name), tell), name)


def choose(project: Project, catalog: Catalog, looked_up: LookedUp, candidate: Offered) -> LookedUp:
    """The look-up once a person said which candidate is meant."""
    name = str(candidate["name"])
    return _judged(catalog, project.consult(looked_up.asked, Answer(accepted=name)), name)


def _judged(catalog: Catalog, found: Resolution, accepted: str) -> LookedUp:
    """What the sources' answer comes to."""
    candidates = tuple(offered(match) for match in found.matches if match.verdict != "no")
    looked_up = LookedUp(None, found.entry, candidates, found.problems)
    record = found.record
    if record is None and accepted:  # a preprint of which a published version is still looked for is good enough here
        chosen = next((one.candidate for one in found.matches if one.support == "person"), None)
        record = chosen.record if chosen else None
        identifiers = chosen.identifiers if chosen else Identifiers()
    else:
        identifiers = found.identifiers
    if record is None or not record.title:
        return looked_up
    url = _own_url(found.entry)
    if key := _works(catalog).key_with(record, identifiers):
        known = known_paper(catalog, key, url)
        return replace(looked_up, paper=replace(known, identifiers=known.identifiers.filled_from(identifiers)))
    pdf = next((link.url for link in found.links if link.kind == "pdf"), "")
    return replace(looked_up, paper=Paper(record, identifiers, url, pdf, accepted=accepted))


def _own_url(entry: Entry) -> str:
    return entry.links[0].url if entry.links else ""


def _works(catalog: Catalog) -> KnownWorks:
    return KnownWorks(catalog.records, {key: work.identifiers for key, work in catalog.works.items()})


def _identifiers(name: str) -> Identifiers:
    """The identifiers behind a name, as far as they tell a work: any other page may be about many."""
    kind, _, value = name.partition(":")
    if kind == "page" and not is_known_site(value):
        return Identifiers()
    return Identifiers(**{kind: value})


def titles_of(candidates: Sequence[Offered]) -> list[str]:
    """The candidates in a line each, for a message: first the identifier that adds it."""
    return [f"{_typed(str(one['name']))}  {one['title']} ({one.get('year') or 'no year'})" for one in candidates]


def _typed(name: str) -> str:
    """What a person types to mean the work of that name; a dash where it has no identifier."""
    kind, _, value = name.partition(":")
    return value if kind in ("doi", "arxiv", "page") else "-"
