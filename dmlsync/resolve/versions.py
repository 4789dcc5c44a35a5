"""The versions of a work among its candidates, and which of them the list means.

A preprint and the paper that it became are one work; a conference paper and its extended journal version are two,
often under one title and by one group of authors. Candidates are therefore sorted into versions first, and the
fields of two published versions never mix.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dmlsync.model import Record
from dmlsync.resolve import venues
from dmlsync.resolve.match import LEAD, Facts, Match, venue_of
from dmlsync.sources.base import Candidate
from dmlsync.text import titles
from dmlsync.text.identifiers import is_preprint_doi

VersionKind = Literal["conference", "journal", "book", "preprint", "unclear"]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a work: what kind it is and the confirmed matches that describe it, best first."""

    kind: VersionKind
    matches: tuple[Match, ...]

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The candidates, best first."""
        return tuple(match.candidate for match in self.matches)

    @property
    def dois(self) -> frozenset[str]:
        """The DOIs by which its candidates say that it goes."""
        return frozenset(one.identifiers.doi for one in self.candidates if one.identifiers.doi)

    @property
    def score(self) -> float:
        """The score of its best match."""
        return max(match.score for match in self.matches)


@dataclass(frozen=True, slots=True)
class Choice:
    """The version that the list means, if there is any, the preprint of it, and a rival that is as good."""

    version: Version | None
    preprint: Version | None = None
    rival: Version | None = None

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The candidates of the version, best first."""
        return self.version.candidates if self.version else ()


def kind_of(candidate: Candidate) -> VersionKind:
    """What kind of version a record describes.

    Crossref calls papers of Springer's proceedings chapters and those of AAAI journal articles; the name of the
    container tells better.
    """
    record = candidate.record
    if candidate.preprint or record.item_type == "preprint":
        return "preprint"
    if record.item_type == "conferencePaper" or venues.kind(venue_of(record)) == "conference" or _is_chapter(record):
        return "conference"
    if record.item_type.endswith("Article"):
        return "journal"
    return "book" if record.item_type in ("bookSection", "book") else "unclear"


def _is_chapter(record: Record) -> bool:
    series = titles.fold(record.get("series"))
    return record.item_type == "bookSection" and (series.startswith("lecture notes in") or "proceedings" in series)


def versions_of(confirmed: Sequence[Match]) -> tuple[Version, ...]:
    """The versions among confirmed matches, best first; each match belongs to one."""
    groups: list[list[Match]] = []
    # Those with a DOI first: they found a version that the others, who name none, can be compared with.
    for match in sorted(confirmed, key=lambda one: (not one.candidate.identifiers.doi, -one.score)):
        home = next((group for group in groups if all(_same_version(match, one) for one in group)), None)
        if home is None:
            groups.append([match])
        else:
            home.append(match)
    found = [Version(kind_of(group[0].candidate), tuple(sorted(group, key=lambda m: -m.score))) for group in groups]
    return tuple(sorted(found, key=lambda version: -version.score))


def _same_version(a: Match, b: Match) -> bool:
    ours, theirs = a.candidate, b.candidate
    if (kind_of(ours) == "preprint") != (kind_of(theirs) == "preprint"):
        return False
    if kind_of(ours) == "preprint":
        one, other = ours.identifiers, theirs.identifiers
        return (one.arxiv == other.arxiv) if one.arxiv and other.arxiv else one.doi == other.doi
    if ours.identifiers.doi and theirs.identifiers.doi:
        return ours.identifiers.doi == theirs.identifiers.doi
    years = (ours.record.year, theirs.record.year)
    kinds = {kind_of(ours), kind_of(theirs)} - {"unclear"}
    if len(kinds) > 1 or (years[0] and years[1] and abs(years[0] - years[1]) > 1):
        return False
    alike = titles.relation(ours.record.title, theirs.record.title) in (*titles.ALIKE, "part")
    return alike and venues.agree(venue_of(ours.record), venue_of(theirs.record)) is not False


def choose(confirmed: Sequence[Match], facts: Facts) -> Choice:
    """The version that the list means: the published one before its preprint, the one of the list's venue and year.

    Venue and year are in the scores already; where two published versions are as good as each other, `rival` is the
    second, and a person has to say.
    """
    found = versions_of(confirmed)
    published = [version for version in found if version.kind != "preprint"]
    preprints = [version for version in found if version.kind == "preprint"]
    if not published:
        first = _first_arxiv(preprints)
        return Choice(first, rival=_rival(first, [one for one in preprints if one is not first]) if first else None)
    chosen = published[0]
    return Choice(chosen, _preprint_of(chosen, preprints), _rival(chosen, published[1:]))


def _rival(chosen: Version, others: Sequence[Version]) -> Version | None:
    """Another version that is as good as the chosen one, where no link of the entry and no person decides."""
    if any(match.support in ("linked", "person") for match in chosen.matches):
        return None
    return next((one for one in others if chosen.score - one.score < LEAD), None)


def _first_arxiv(preprints: Sequence[Version]) -> Version | None:
    """The preprint to keep: arXiv's before that of another repository."""
    with_arxiv = [one for one in preprints if any(candidate.identifiers.arxiv for candidate in one.candidates)]
    return next(iter([*with_arxiv, *preprints]), None)


def _preprint_of(chosen: Version, preprints: Sequence[Version]) -> Version | None:
    """The arXiv preprint of the chosen version: not one with another title that names another version's DOI."""
    title = chosen.candidates[0].record.title
    for one in preprints:
        if not any(candidate.identifiers.arxiv for candidate in one.candidates):
            continue
        named = frozenset(doi for doi in one.dois if not is_preprint_doi(doi))
        alike = any(titles.relation(title, other.record.title) in titles.ALIKE for other in one.candidates)
        if alike or not named or named & chosen.dois:
            return one
    return None
