"""All candidates of one entry weighed together: a confirmed candidate tells more of the work than the list does.

The list may print one author and an old title. Once the preprint that it links is confirmed, all authors are known,
and a DOI that it names counts for the record with that DOI. So candidates are judged in rounds, each with what the
round before made certain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dmlsync.model import Entry, Identifiers, Record
from dmlsync.resolve.match import Facts, Match, Reason, best, facts_of, informed, judge, ranked
from dmlsync.resolve.verdicts import Support
from dmlsync.sources.base import Candidate
from dmlsync.text import titles

_REGISTRARS = {"doi": ("crossref", "datacite"), "arxiv": ("arxiv",)}
_AGGREGATORS = frozenset({"openalex", "semanticscholar"})
_ROUNDS = 3  # what the list says, what a confirmed candidate adds, what the identifiers revealed by that add


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said of an entry: the name of the candidate that is its work, and of those that are not.

    Names are those of `name_of`. One name is enough, and more would be wrong: a conference paper and its extended
    journal version share an arXiv id.
    """

    accepted: str = ""
    rejected: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.accepted or self.rejected)

    @property
    def identifiers(self) -> Identifiers:
        """The identifier that was accepted, to be looked up; blank where a record without any was accepted."""
        kind, _, value = self.accepted.partition(":")
        return Identifiers(**{kind: value}) if kind in ("doi", "arxiv", "page") else Identifiers()

    def accepts(self, candidate: Candidate) -> bool:
        """Whether the candidate is the record that a person accepted, or another service's record of it."""
        return self.accepted.casefold() in _names(candidate)

    def rejects(self, candidate: Candidate) -> bool:
        """Whether a person said that the candidate is not the work."""
        return name_of(candidate).casefold() in {name.casefold() for name in self.rejected}


def name_of(candidate: Candidate) -> str:
    """The surest name of a candidate: `doi:...`, `arxiv:...`, `page:...`, else `words:` with its title and year."""
    named = candidate.identifiers
    for kind, value in (("doi", named.doi), ("arxiv", named.arxiv), ("page", named.page)):
        if value:
            return f"{kind}:{value}"
    return f"words:{titles.fold(candidate.record.title)} {candidate.record.year or ''}".rstrip()


def _names(candidate: Candidate) -> frozenset[str]:
    return frozenset({*candidate.identifiers.names, name_of(candidate).casefold()})


@dataclass(frozen=True, slots=True)
class Weighed:
    """The matches of one entry, best first, with the facts that were certain in the end."""

    facts: Facts
    matches: tuple[Match, ...]

    @property
    def confirmed(self) -> tuple[Match, ...]:
        """The *yes* matches, best first."""
        return tuple(match for match in self.matches if match.verdict == "yes")


def weigh(
    entry: Entry, candidates: Sequence[Candidate], linked: Sequence[Identifiers], answer: Answer | None = None
) -> Weighed:
    """Judges all candidates of an entry; `linked` are the identifiers of its own links.

    A person's answer outranks the rules both ways; rejected candidates are left out.
    """
    answer = answer or Answer()
    kept = [one for one in _distinct(candidates) if not answer.rejects(one)]
    facts, revealed = facts_of(entry), frozenset[str]()
    matches: tuple[Match, ...] = ()
    for _ in range(_ROUNDS):
        matches = ranked([judge(facts, one, support=_support(one, linked, revealed, answer)) for one in kept])
        matches = ranked(_aggregators_lowered(_without_disproved(matches)))
        leader = best(matches)
        if leader is None or leader.verdict != "yes":
            break
        before = (facts, revealed)
        facts = informed(facts, leader.candidate)
        yes = [match for match in matches if match.verdict == "yes"]
        revealed = frozenset(name for match in yes for name in match.candidate.identifiers.names)
        if (facts, revealed) == before:
            break
    return Weighed(facts, matches)


def _distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Each record of a source once, though a look-up and a search both found it."""
    found: dict[tuple[str, Identifiers, str], Candidate] = {}
    for one in candidates:
        found.setdefault((one.source, one.identifiers, one.record.title), one)
    return list(found.values())


def _support(candidate: Candidate, linked: Sequence[Identifiers], revealed: frozenset[str], answer: Answer) -> Support:
    if answer.accepts(candidate):
        return "person"
    if any(_shares(candidate.identifiers, one) for one in linked):
        return "linked"
    return "revealed" if revealed.intersection(candidate.identifiers.names) else ""


def _shares(a: Identifiers, b: Identifiers) -> bool:
    return not set(a.names).isdisjoint(b.names)


def _without_disproved(matches: tuple[Match, ...]) -> tuple[Match, ...]:
    """Takes from confirmed candidates an identifier whose own registrar says that it is another work's.

    Aggregators (OpenAlex, Semantic Scholar) attach a wrong DOI or arXiv id now and then.
    """
    disproved = {
        kind: {
            value
            for match in matches
            if match.verdict == "no" and match.candidate.source in registrars
            if (value := getattr(match.candidate.identifiers, kind))
        }
        for kind, registrars in _REGISTRARS.items()
    }
    return tuple(_cleared(match, disproved) if match.verdict == "yes" else match for match in matches)


def _cleared(match: Match, disproved: Mapping[str, set[str]]) -> Match:
    candidate, identifiers = match.candidate, match.candidate.identifiers
    gone = [kind for kind, values in disproved.items() if getattr(identifiers, kind) in values]
    if not gone or match.support == "person" or candidate.source in {name for one in gone for name in _REGISTRARS[one]}:
        return match
    blank = dict.fromkeys(gone, "")
    fields = {name: text for name, text in candidate.record.fields.items() if name.casefold() not in blank}
    record = Record(candidate.record.item_type, fields, candidate.record.creators)
    return replace(match, candidate=replace(candidate, record=record, identifiers=replace(identifiers, **blank)))


def _aggregators_lowered(matches: tuple[Match, ...]) -> tuple[Match, ...]:
    """Lowers an aggregator's *yes* to *ask* where a registry's record of the same DOI is only an *ask*.

    Aggregators mix the preprint's year, title and id into the record of the published version.
    """
    doubtful: dict[str, float] = {}
    certain: set[str] = set()
    for match in matches:
        doi = match.candidate.identifiers.doi
        if doi and not match.candidate.preprint and match.candidate.source not in _AGGREGATORS:
            if match.verdict == "yes":
                certain.add(doi)
            elif match.verdict == "ask":
                doubtful[doi] = match.score
    return tuple(_lowered(one, doubtful) if one.candidate.identifiers.doi not in certain else one for one in matches)


def _lowered(match: Match, doubtful: Mapping[str, float]) -> Match:
    doi = match.candidate.identifiers.doi
    if doi not in doubtful or match.candidate.source not in _AGGREGATORS:
        return match
    if match.verdict != "yes" or match.support == "person":
        return match
    reason = Reason("registry differs", 0.0, "the registry's own record of this DOI is less certain")
    score = min(match.score, doubtful[doi])
    return replace(match, verdict="ask", score=score, reasons=(*match.reasons, reason))
