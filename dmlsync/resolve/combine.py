"""One record out of the confirmed candidates of a work, with the origin of each field.

Every value is one that a source gave; nothing is made up. Three things are completed by rule: an acronym that a
source gives for a well-known venue, the DOI that arXiv registers for each of its papers, and the volume that the
address of a paper's page names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dmlsync import schema
from dmlsync.model import Entry, Identifiers, Link, Record
from dmlsync.resolve import venues
from dmlsync.resolve.authors import combined_authors
from dmlsync.resolve.match import Facts, Match, facts_of, venue_of
from dmlsync.resolve.versions import Version, VersionKind, choose, kind_of
from dmlsync.sources.base import Candidate
from dmlsync.text import titles
from dmlsync.text.identifiers import is_preprint_doi

# Whose word counts first, by what is asked. Sources not named come last, in the order of the matches.
_ORDER = ("crossref", "pages", "dblp", "openalex", "semanticscholar", "datacite", "arxiv")
_ORDER_OF_TITLES = ("pages", "crossref", "dblp", "arxiv", "datacite", "semanticscholar", "openalex")
_ORDER_OF_PREPRINTS = ("arxiv", "datacite", "dblp", "semanticscholar", "openalex", "crossref")
_WEIGHT_OF_YEAR = {"crossref": 3, "dblp": 3, "pages": 3}
_ITEM_TYPES: Mapping[VersionKind, str] = {
    "conference": "conferencePaper",
    "journal": "journalArticle",
    "preprint": "preprint",
}
# Decided by rules of their own below, or the list's and the library's business.
_APART = frozenset({"title", "date", "DOI", "arXiv", "extra", "citationKey", "accessDate", "libraryCatalog", "rights"})
_FROM_PREPRINT = ("abstractNote", "language")
_DASHES = re.compile(r"\s*[-‐‑‒–—―−]+\s*")


@dataclass(frozen=True, slots=True)
class Combined:
    """What the candidates of a work come to.

    `origins` maps each field of the record, `creators` and `itemType` to the source that the value is from (`list`
    where the list's word decided); `links` are the PDF addresses that sources give.
    """

    record: Record
    origins: Mapping[str, str]
    identifiers: Identifiers
    links: tuple[Link, ...] = field(default=())


def combine(matches: Sequence[Match], entry: Entry, facts: Facts | None = None) -> Combined | None:
    """The record of an entry's work out of its confirmed matches; None if nothing is confirmed.

    The published version that the list's venue and year mean gives the record, its preprint the arXiv id; without a
    published version the preprint is the record. `facts` are those of the entry unless more is known.
    """
    confirmed = [match for match in matches if match.verdict == "yes"]
    choice = choose(confirmed, facts or facts_of(entry))
    if choice.version is None:
        return None
    if choice.version.kind == "preprint":
        return _combine(choice.version, None, entry)
    return _combine(choice.version, choice.preprint, entry)


def _combine(version: Version, preprint: Version | None, entry: Entry) -> Combined:
    candidates = list(version.candidates)
    before = list(preprint.candidates) if preprint else []
    kind, type_origin = _kind(candidates, entry)
    item_type = _ITEM_TYPES.get(kind) or candidates[0].record.item_type
    values = _plain_fields(candidates, item_type, _ORDER_OF_PREPRINTS if kind == "preprint" else _ORDER)
    for name in _FROM_PREPRINT:
        found = _first(_by_order(before, _ORDER_OF_PREPRINTS), name)
        if found and name not in values:
            values[name] = found
    values["title"] = _title(candidates)
    year = _year(candidates)
    if year is not None:
        values["date"] = year
    values.update(_identifying_fields(kind, candidates, before))
    _name_the_venue(values, candidates, item_type)
    _complete_the_volume(values, candidates, item_type)
    creators, creators_origin = combined_authors(candidates, before, facts_of(entry))
    fields = {name: value for name, (value, _) in values.items()}
    origins = {name: origin for name, (value, origin) in values.items() if value}
    origins |= {"itemType": type_origin} | ({"creators": creators_origin} if creators else {})
    record = Record(item_type, fields, creators)
    return Combined(record, origins, _identifiers(record, candidates), _pdf_links([*candidates, *before]))


def _by_order(candidates: Sequence[Candidate], order: Sequence[str]) -> list[Candidate]:
    places = {name: place for place, name in enumerate(order)}
    return sorted(candidates, key=lambda one: places.get(one.source, len(places)))


def _first(candidates: Sequence[Candidate], name: str) -> tuple[str, str] | None:
    return next(((text, one.source) for one in candidates if (text := one.record.get(name))), None)


def _kind(candidates: Sequence[Candidate], entry: Entry) -> tuple[VersionKind, str]:
    """What kind of publication it is, and who says so; the list's venue outranks a registry's label."""
    listed = venues.kind(entry.venue)
    kinds = Counter(kind_of(one) for one in candidates)
    if "preprint" in kinds:
        return "preprint", candidates[0].source
    agreeing = any(venues.agree(entry.venue, venue_of(one.record)) for one in candidates)
    if listed == "conference" and agreeing and any(one.record.item_type != "conferencePaper" for one in candidates):
        return "conference", "list"
    winner = max(kinds, key=lambda kind: (kind != "unclear", kinds[kind], kind == "conference"))
    return winner, next(one.source for one in _by_order(candidates, _ORDER) if kind_of(one) == winner)


def _plain_fields(candidates: Sequence[Candidate], item_type: str, order: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Each field of the type from the first source in order that has it, with its source."""
    allowed = set(schema.fields_of(item_type)) - _APART
    values: dict[str, tuple[str, str]] = {}
    for one in _by_order(candidates, order):
        for name, text in one.record.fields.items():
            target = name if name in allowed else _translated(one.record.item_type, name, item_type)
            if target in allowed and target not in values:
                values[target] = (_pages(text) if target == "pages" else text, one.source)
    return values


def _translated(from_type: str, name: str, to_type: str) -> str:
    """The field by which another type says the same (`bookTitle` of a chapter is a paper's `proceedingsTitle`)."""
    if not schema.is_item_type(from_type):
        return ""
    return schema.field_for(to_type, schema.base_of(from_type, name)) or ""


def _pages(text: str) -> str:
    """Pages as `first-last` with one hyphen; a single page or article number once."""
    parts = _DASHES.split(text.strip())
    return parts[0] if len(parts) == 2 and parts[0] == parts[1] else "-".join(parts)


def _title(candidates: Sequence[Candidate]) -> tuple[str, str]:
    """The title as most sources print it, the publisher's own first; not cut before its subtitle, not in capitals."""
    ordered = [one for one in _by_order(candidates, _ORDER_OF_TITLES) if one.record.title]
    kept = [one for one in ordered if _is_whole(one.record.title, ordered)] or ordered
    kept = [one for one in kept if not titles.is_shouting(one.record.title)] or kept
    counted = Counter(" ".join(one.record.title.split()) for one in kept)
    best = max(kept, key=lambda one: counted[" ".join(one.record.title.split())]) if kept else None
    return (" ".join(best.record.title.split()), best.source) if best else ("", "")


def _is_whole(title: str, candidates: Sequence[Candidate]) -> bool:
    """Whether no other candidate has the same title with a subtitle or a name in front besides."""
    folded = titles.fold(title)
    return not any(
        len(titles.fold(one.record.title)) > len(folded) and titles.relation(title, one.record.title) == "part"
        for one in candidates
    )


def _year(candidates: Sequence[Candidate]) -> tuple[str, str] | None:
    """The year of publication that the registries agree on. Finer dates differ between them and are left out."""
    votes: Counter[int] = Counter()
    for one in candidates:
        if one.record.year is not None:
            votes[one.record.year] += _WEIGHT_OF_YEAR.get(one.source, 1)
    if not votes:
        return None
    year = max(votes, key=lambda found: votes[found])
    return str(year), next(one.source for one in _by_order(candidates, _ORDER) if one.record.year == year)


def _identifying_fields(
    kind: VersionKind, candidates: Sequence[Candidate], before: Sequence[Candidate]
) -> dict[str, tuple[str, str]]:
    """DOI and arXiv id; for a preprint the fields in which Zotero keeps its repository."""
    preprints = _by_order(candidates if kind == "preprint" else [*before, *candidates], _ORDER_OF_PREPRINTS)
    arxiv = next(((one.identifiers.arxiv, one.source) for one in preprints if one.identifiers.arxiv), None)
    if kind == "preprint" and arxiv:
        number, origin = arxiv
        return {
            "repository": ("arXiv", origin),
            "archiveID": (f"arXiv:{number}", origin),
            "DOI": (f"10.48550/arXiv.{number}", origin),
        }
    found = {"arXiv": arxiv} if arxiv else {}
    wanted = kind == "preprint"
    for one in _by_order(candidates, _ORDER):
        doi = one.record.get("DOI") or one.identifiers.doi
        if doi and is_preprint_doi(doi) == wanted:
            return {**found, "DOI": (doi, one.source)}
    return found


def _name_the_venue(values: dict[str, tuple[str, str]], candidates: Sequence[Candidate], item_type: str) -> None:
    """Writes out the acronym of a well-known venue and prefers a source's full name of it to another's acronym."""
    name = schema.field_for(item_type, "publicationTitle")
    if name is None or name not in values:
        return
    year = candidates[0].record.year
    forms = [venue_of(one.record) for one in _by_order(candidates, _ORDER) if kind_of(one) != "preprint"]
    alike = [form for form in forms if venues.agree(form, values[name][0]) is not False]
    best = venues.best_form(alike, year)
    origin = next((one.source for one in _by_order(candidates, _ORDER) if venue_of(one.record) == best), "")
    values[name] = (best, origin or values[name][1])
    meeting = values.get("conferenceName")
    if meeting and name == "proceedingsTitle" and venues.agree(meeting[0], best):
        del values["conferenceName"]  # says the same once more, in the registry's garbled form


def _complete_the_volume(values: dict[str, tuple[str, str]], candidates: Sequence[Candidate], item_type: str) -> None:
    """Adds what the address of the paper's page tells of its volume; the origin is the source of the address."""
    if item_type != "conferencePaper":
        return
    for one in candidates:
        for name, text in venues.volume_fields(venue_of(one.record), one.record.year, one.identifiers.page).items():
            values.setdefault(name, (text, one.source))


def _identifiers(record: Record, candidates: Sequence[Candidate]) -> Identifiers:
    number = record.get("arXiv") or record.get("archiveID").removeprefix("arXiv:")
    pages = [one.identifiers.page for one in _by_order(candidates, ("pages", "dblp", *_ORDER)) if one.identifiers.page]
    return Identifiers(record.get("DOI").lower(), number, pages[0] if pages else "")


def _pdf_links(candidates: Sequence[Candidate]) -> tuple[Link, ...]:
    """The PDF addresses of all candidates, each once; aggregators' come after the publisher's own."""
    found: dict[str, Link] = {}
    for one in _by_order(candidates, ("pages", "arxiv", *_ORDER)):
        for link in one.links:
            if link.kind == "pdf":
                found.setdefault(link.url, link)
    return tuple(found.values())
