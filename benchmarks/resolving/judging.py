"""What became of an entry, held against the facts.

*Right* is a record that is the entry's paper. It carries the paper's DOI, its arXiv id, or both, and no other; a record
without either has the paper's title, year, authors and venue. A record of the paper's preprint is right, too, but its
fields are held against the published paper's, so it costs there.

Several records may be one work, or fit the printed words as well: a conference paper and the journal paper of the same
authors under the same title, a paper that was registered twice. Such a twin is right where the entry's words do not
prefer the paper: the twin's year is at least as near to the printed one, and its venue is the printed one if the
paper's is. The fields are then held against the twin's facts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dmlsync.model import Record
from dmlsync.resolve.engine import Resolution
from dmlsync.resolve.match import author_families, venue_of
from dmlsync.sources.base import Candidate
from resolving.papers import Paper, Papers, family_key, title_key, words
from resolving.printing import Case, Row

Outcome = Literal["yes", "wrong yes", "ask", "ask without it", "unresolved", "pending"]
FIELDS = ("authors", "title", "year", "venue", "pages", "DOI", "arXiv id")
_ARXIV_DOI = "10.48550/arxiv."
_DASHES = re.compile(r"\s*[-‐‑‒–—]+\s*")


@dataclass(frozen=True, slots=True)
class Judged:
    """A case with its resolution, what became of it, and for a right record the fields that are wrong.

    `fields` maps each field that the facts have to whether the record has the same.
    """

    case: Case
    resolution: Resolution
    outcome: Outcome
    fields: dict[str, bool]

    @property
    def wrong_fields(self) -> tuple[str, ...]:
        """The names of the fields that differ."""
        return tuple(name for name, same in self.fields.items() if not same)


def judge(case: Case, resolution: Resolution, papers: Papers) -> Judged:
    """What became of a case."""
    if resolution.state in ("pending", "unresolved"):
        return Judged(case, resolution, resolution.state, {})
    meant = acceptable(case, papers)
    if resolution.state == "review":
        offered = any(_is_of(one.candidate, paper) for one in resolution.matches for paper in meant)
        return Judged(case, resolution, "ask" if offered else "ask without it", {})
    record = resolution.record
    if record is None:
        raise ValueError("a resolved entry has no record")
    doi, arxiv = resolution.identifiers.doi, resolution.identifiers.arxiv
    found = next((paper for paper in meant if _names(record, doi, arxiv, paper)), None)
    if found is None:
        return Judged(case, resolution, "wrong yes", {})
    return Judged(case, resolution, "yes", _compared(record, doi, arxiv, found))


def acceptable(case: Case, papers: Papers) -> tuple[Paper, ...]:
    """The entry's paper and its twins (see above); nothing for a paper that exists nowhere."""
    paper = case.paper
    if paper is None:
        return ()
    same = {one.number: one for title in (paper.title, case.row.title) for one in papers.titled(title)}
    twins = [one for one in same.values() if one.number != paper.number and one.families == paper.families]
    return (paper, *(twin for twin in twins if _fits_as_well(case.row, twin, paper)))


def _fits_as_well(row: Row, twin: Paper, paper: Paper) -> bool:
    nearer = abs(twin.year - row.year) <= abs(paper.year - row.year)
    return nearer and (twin.has_venue(row.venue) or not paper.has_venue(row.venue))


def _is_of(candidate: Candidate, paper: Paper) -> bool:
    return _names(candidate.record, candidate.identifiers.doi, candidate.identifiers.arxiv, paper)


def _names(record: Record, doi: str, arxiv: str, paper: Paper) -> bool:
    """Whether a record is this paper's: by its identifiers, all of which have to be the paper's, else by its words."""
    doi, arxiv = doi.lower(), arxiv.lower()
    if doi.startswith(_ARXIV_DOI):
        arxiv, doi = arxiv or doi.removeprefix(_ARXIV_DOI), ""
    if (doi and doi != paper.doi) or (arxiv and arxiv != paper.arxiv):
        return False
    if doi or (arxiv and record.item_type == "preprint"):
        return True
    # The DOI is missing: the words have to say that it is this publication and no other of the same title.
    same_title = title_key(record.title) in {title_key(paper.title), title_key(paper.preprint_title)}
    same_people = {family_key(name) for name in author_families(record)} == paper.families
    near = record.year is not None and abs(record.year - paper.year) <= 1
    return same_title and same_people and near and (not venue_of(record) or paper.has_venue(venue_of(record)))


def _compared(record: Record, doi: str, arxiv: str, paper: Paper) -> dict[str, bool]:
    """Each field that the facts have, and whether the record says the same; a DOI too many counts as well."""
    people = [sorted(words(one.name or f"{one.first_name} {one.last_name}").split()) for one in record.creators
              if one.creator_type == "author"]  # fmt: skip
    found = {
        "authors": people == [sorted(words(f"{given} {family}").split()) for given, family in paper.authors],
        "title": title_key(record.title) == title_key(paper.title) and not re.search(r"&\w+;|</?\w+>", record.title),
        "year": record.year == paper.year,
        "venue": paper.has_venue(venue_of(record)),
        "DOI": doi.lower() == paper.doi,
    }
    if paper.pages:
        found["pages"] = _pages(record.get("pages")) == _pages(paper.pages)
    if paper.arxiv:
        found["arXiv id"] = arxiv.lower() == paper.arxiv
    return found


def _pages(text: str) -> tuple[str, ...]:
    first, *others = _DASHES.split(text.strip())
    return (first,) if others in ([first], []) else (first, *others)


def explained(judged: Sequence[Judged]) -> list[str]:
    """For reading by a person: each case with what was printed, what was found, and why."""
    lines = []
    for one in judged:
        row, record = one.case.row, one.resolution.record
        lines.append(f"{one.outcome}: [{one.case.kind}] {row.title} | {row.authors} | {row.year} {row.venue} {row.url}")
        if one.case.paper is not None:
            paper = one.case.paper
            lines.append(f"    meant   {paper.title} | {_listed(paper)} | {paper.year} {paper.venue} "
                         f"{paper.doi} {paper.arxiv} {paper.pages}")  # fmt: skip
        if record is not None:
            lines.append(f"    found   {_shown(record)} {' '.join(one.wrong_fields)}")
        for match in one.resolution.matches[:3]:
            reasons = "; ".join(str(reason) for reason in match.reasons)
            lines.append(f"    {match.verdict:4} {match.score:6} {match.candidate.source}: "
                         f"{_shown(match.candidate.record)} ({reasons})")  # fmt: skip
        lines += [f"    {problem}" for problem in one.resolution.problems]
    return lines


def _listed(paper: Paper) -> str:
    return ", ".join(f"{given} {family}" for given, family in paper.authors)


def _shown(record: Record) -> str:
    people = ", ".join(str(one) for one in record.creators[:6])
    names = record.identifiers
    place = venue_of(record) or record.get("repository")
    return f"{record.title} | {people} | {record.year} {place} {record.get('pages')} {names.doi} {names.arxiv}"
