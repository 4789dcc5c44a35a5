"""What a list would print of a paper: its venue by the list's own name, links in the list's form. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from dmlsync.adding.lookup import Paper
from dmlsync.model import Entry, Record
from dmlsync.readinglist.new_entry import NewEntry
from dmlsync.readinglist.venues import read_venue
from dmlsync.resolve import venues
from dmlsync.resolve.match import authors_of, venue_of
from dmlsync.text.clean import clean_name
from dmlsync.text.identifiers import landing_page
from dmlsync.text.links import pdf_url

_ACRONYM = re.compile(r"\(([A-Z][A-Za-z&+-]{1,14})[ ’']{0,2}(?:\d{2}|\d{4})?\)")
# How they write themselves; all other acronyms are in capitals.
_SPELLED = {"neurips": "NeurIPS", "acm mm": "ACM MM", "tpami": "TPAMI"}
_PDF = re.compile(r"/e?pdf(?:[/?#]|$)|\.pdf(?:[?#]|$)", re.IGNORECASE)
_MOST_WORDS = 3


def entry_of(
    paper: Paper, entries: Sequence[Entry], others: Sequence[Entry] = (), own: Sequence[Entry] = ()
) -> NewEntry:
    """A paper as an entry of a list that has these entries; `others` are those of other lists, `own` the paper's."""
    pdf = paper.pdf or pdf_url(paper.url)
    if not pdf and paper.identifiers.arxiv:
        pdf = f"https://arxiv.org/pdf/{paper.identifiers.arxiv}"
    return NewEntry(
        title=clean_name(paper.record.title),
        authors=authors_of(paper.record),
        year=paper.record.year,
        venue=venue_for(paper.record, entries, others, own),
        pdf=_like_others(pdf, entries),
        paper=_page(paper),
        code=paper.code,
    )


def _page(paper: Paper) -> str:
    """The address of the page about a paper: the one that was given, else arXiv's, the proceedings', the DOI's."""
    ids = paper.identifiers
    if paper.url and not _PDF.search(paper.url):
        return paper.url
    own = [
        landing_page(paper.url) if paper.url else "",
        f"https://arxiv.org/abs/{ids.arxiv}" if ids.arxiv else "",
        ids.page,
        f"https://doi.org/{paper.record.get('DOI') or ids.doi}" if ids.doi else "",
    ]
    return next(filter(None, [*own, paper.record.get("url")]), "")


def _like_others(pdf: str, entries: Iterable[Entry]) -> str:
    """An address of arXiv with `.pdf` at its end where the list writes most of them so."""
    if not pdf.startswith("https://arxiv.org/pdf/") or pdf.endswith(".pdf"):
        return pdf
    others = [link.url for entry in entries for link in entry.links if "arxiv.org/pdf/" in link.url]
    return f"{pdf}.pdf" if 2 * sum(url.endswith(".pdf") for url in others) > len(others) else pdf


def venue_for(record: Record, entries: Sequence[Entry], others: Sequence[Entry] = (), own: Sequence[Entry] = ()) -> str:
    """A record's venue by the name that the list, or another one, has for it, else short where the list's are short."""
    listed = Counter(entry.venue for entry in entries if entry.venue)
    if record.item_type == "preprint":
        usual = [name for name, _ in listed.most_common() if venues.kind(name) == "repository"]
        return usual[0] if usual else clean_name(record.get("repository")) or "arXiv"
    venue = clean_name(venue_of(record))
    venue = read_venue(venue).name or venue  # a list's venue is without its year
    if not venue:
        return ""
    names = [*(name for name, _ in listed.most_common()), *dict.fromkeys(one.venue for one in others if one.venue)]
    same = [name for name in names if venues.key(name) == venues.key(venue)]
    if same := same or [name for name in names if venues.agree(name, venue)]:
        return same[0]
    if printed := [one.venue for one in own if one.venue and venues.agree(one.venue, venue) is not False]:
        return printed[0]
    long = sum(times for name, times in listed.items() if len(name.split()) > _MOST_WORDS)
    return venue if 2 * long > sum(listed.values()) > 0 else short_name(venue)


def short_name(venue: str) -> str:
    """The acronym of a well-known venue, or the one that its name holds in brackets; else the name itself."""
    key = venues.key(venue)
    base = key.removesuffix(" workshop")
    workshop = " Workshop" if base != key else ""
    if base in _SPELLED:
        return _SPELLED[base] + workshop
    if acronym := _ACRONYM.search(venue):
        return acronym[1] if acronym[1].endswith("W") else acronym[1] + workshop
    is_known = " " not in base and len(base) <= 8 and venues.kind(base) != "unknown"
    return base.upper() + workshop if is_known else venue
