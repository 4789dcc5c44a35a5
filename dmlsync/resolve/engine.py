"""From entries to records: which source is asked what, and when enough is known.

The order: the identifiers of all entries in batches; what those reveal, in batches; a search at DBLP, which knows
published version and preprint at once; what that reveals; searches elsewhere only for what is still missing. All
judging is done by the pure modules beside this one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from dmlsync.model import Entry, Identifiers, Link, Record
from dmlsync.resolve import venues
from dmlsync.resolve.asking import Panel, Progress
from dmlsync.resolve.case import PREPRINTS_ONLY, Case, case_of, hints_of, is_needed, revealed
from dmlsync.resolve.combine import Combined, combine
from dmlsync.resolve.evidence import Answer
from dmlsync.resolve.match import Match, venue_of
from dmlsync.resolve.versions import Choice
from dmlsync.sources.base import Candidate, Hint, Source
from dmlsync.text import titles
from dmlsync.text.links import pdf_url

State = Literal["resolved", "review", "pending", "unresolved"]

MOST_MATCHES = 5
"""How many matches of an entry are kept for a person to look at."""

# Sources that copy from others are asked for identifiers only where the original did not answer.
_FALLBACKS = {"datacite": ("arxiv",)}
# By title: first the source that knows both versions, then those for one of them, then the aggregators. In the end
# the first once more, by the right title, where the list's has a slip in it and finds nothing there.
_LOOKED_UP_ONLY = ("datacite", "pages")
_SEARCHES = (("dblp",), ("crossref", "arxiv"), ("openalex", "semanticscholar"))


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of an entry.

    `resolved` has a record; `review` has matches between which a person has to decide; `pending` needed a source that
    was not available; `unresolved` is known to no source that was asked. `identifiers` are the work's, or those of
    the entry's own links as long as there is no record; `links` are the entry's own, then the PDFs that sources know;
    `matches` the best first, one a work; `problems` sentences about the list or the sources. `incomplete` is true where
    a source was asked for this entry and was not available: another run may know more, whatever the state.
    """

    entry: Entry
    state: State
    record: Record | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    identifiers: Identifiers = field(default_factory=Identifiers)
    links: tuple[Link, ...] = ()
    matches: tuple[Match, ...] = ()
    problems: tuple[str, ...] = ()
    incomplete: bool = False


def entry_key(entry: Entry) -> str:
    """The name under which answers about an entry are remembered: it outlives moves within and between lists."""
    return "|".join((titles.fold(entry.title), titles.fold(entry.authors), str(entry.year or "")))


def resolve(
    entries: Sequence[Entry],
    sources: Sequence[Source],
    *,
    known: Mapping[str, Answer] | None = None,
    progress: Progress | None = None,
) -> tuple[Resolution, ...]:
    """The records of entries, in order, as far as the sources know them.

    `known` holds what a person has said before, by `entry_key`. Sources are asked side by side, each in a thread of
    its own; `progress` is called from those threads, one call at a time.
    """
    panel = Panel(sources, progress)
    cases = [case_of(entry, (known or {}).get(entry_key(entry))) for entry in entries]
    _follow_identifiers(cases, panel, lambda case: case.linked)
    _follow_identifiers(cases, panel, revealed)
    others = tuple(name for name in panel.names if not any(name in wave for wave in (*_SEARCHES, _LOOKED_UP_ONLY)))
    for wave in ((*_SEARCHES[0], *others), *_SEARCHES[1:], *_SEARCHES[:1]):
        _search(cases, panel, wave)
        _follow_identifiers(cases, panel, revealed)
    return tuple(_resolution(case, panel) for case in cases)


def _follow_identifiers(cases: Sequence[Case], panel: Panel, of: Callable[[Case], Sequence[Identifiers]]) -> None:
    """Looks up what `of` names for each case, fallbacks after the originals, and judges again."""
    changed = []
    for case in cases:
        wanted = [one for one in of(case) if one not in case.questions]
        case.questions.update(dict.fromkeys(wanted))
        if wanted:
            changed.append((case, wanted))

    def open_questions(name: str) -> list[Identifiers]:
        return [one for case, wanted in changed for one in wanted if case.is_open(name, one)]

    panel.look_up({name: open_questions(name) for name in panel.names if name not in _FALLBACKS})
    panel.look_up(
        {
            name: [
                one
                for case, wanted in changed
                for one in wanted
                if all(case.is_open(source, one) and not panel.answers(source, one) for source in originals)
            ]
            for name, originals in _FALLBACKS.items()
            if name in panel.names
        }
    )
    for case, _ in changed:
        case.weigh_again(panel)


def _search(cases: Sequence[Case], panel: Panel, wave: Sequence[str]) -> None:
    """Searches the sources of a wave by title for the cases that still miss what these sources know."""
    wanted: dict[str, list[Hint]] = {name: [] for name in wave if name in panel.names}
    changed = []
    for case in cases:
        names = [name for name in wanted if is_needed(case, name)]
        hints = hints_of(case) if names else []
        for name in names:
            wanted[name] += hints
        if hints:
            case.questions.update(dict.fromkeys(titles.fold(hint.title) for hint in hints))
            changed.append(case)
    panel.search(wanted)
    for case in changed:
        case.weigh_again(panel)


def _resolution(case: Case, panel: Panel) -> Resolution:
    weighed, choice = case.known, case.choice
    failed = {name for name in panel.names for question in case.questions if panel.failed(name, question)}
    combined = combine(weighed.matches, case.entry, weighed.facts) if choice.rival is None else None
    state = _state(case, combined, failed)
    problems = tuple(_problems(case, choice, panel, failed))
    matches = _one_a_work(weighed.matches)
    found = Resolution(case.entry, state, matches=matches, problems=problems, incomplete=bool(failed))
    if combined is None or state != "resolved":
        return replace(found, identifiers=_own_identifiers(case), links=case.entry.links)
    return replace(
        found,
        record=combined.record,
        origins=combined.origins,
        identifiers=combined.identifiers,
        links=with_source_links(case.entry.links, combined.links),
    )


def _own_identifiers(case: Case) -> Identifiers:
    """What the entry's links name, unless they are known to lead to another paper."""
    verdicts = {match.verdict for match in case.known.matches if match.support == "linked"}
    return Identifiers() if verdicts == {"no"} or not case.linked else case.linked[0]


def with_source_links(own: Sequence[Link], found: Sequence[Link]) -> tuple[Link, ...]:
    """The list's own links, then the PDFs that sources know and the list does not link already in another spelling."""
    files = [link.url for link in own if link.kind == "pdf" or "pdf" in link.url.lower()]
    known = {link.url for link in own} | {pdf_url(url) for url in files}
    return (*own, *(link for link in found if link.url not in known and (pdf_url(link.url) or link.url) not in known))


def _state(case: Case, combined: Combined | None, failed: set[str]) -> State:
    if combined is not None:
        unpublished = combined.record.item_type == "preprint" and venues.kind(case.entry.venue) != "repository"
        # "Not published" is not to be concluded from a source that gave no answer.
        waits = unpublished and bool(case.entry.venue) and bool(failed - PREPRINTS_ONLY)
        return "pending" if waits else "resolved"
    if failed:
        return "pending"
    return "review" if any(match.verdict != "no" for match in case.known.matches) else "unresolved"


def _problems(case: Case, choice: Choice, panel: Panel, failed: set[str]) -> list[str]:
    """What a curator should know: links to other papers, a venue that is not the record's, sources that were down."""
    found = []
    linked = [match for match in case.known.matches if match.support == "linked"]
    if linked and all(match.verdict == "no" for match in linked):
        found.append(f"the entry's link leads to another paper: {linked[0].candidate.record.title}")
    used = [id(one) for version in (choice.version, choice.preprint) if version for one in version.candidates]
    confirmed = [match for match in linked if match.verdict == "yes"]
    if choice.version and confirmed and not any(id(match.candidate) in used for match in confirmed):
        found.append(f"the entry's link leads to another version: {confirmed[0].candidate.record.title}")
    version = choice.version
    if version is not None and version.kind == "preprint":
        maybe = [one for one in case.known.matches if one.verdict == "ask" and not one.candidate.preprint]
        if maybe and case.entry.venue:
            record = maybe[0].candidate.record
            place = f" in {venue_of(record)}" if venue_of(record) else ""
            found.append(f"perhaps published{place}: {record.title}")
    elif version is not None:
        names = [venue_of(one.record) for one in version.candidates]
        agreeing = {name: venues.agree(case.entry.venue, name) for name in names}
        # Records without a venue say nothing about it: the first that names another one is quoted.
        other = next((name for name, agrees in agreeing.items() if agrees is False), "")
        if other and not any(agreeing.values()):
            found.append(f"the list says {case.entry.venue}, the record found is of {other}")
    return list(dict.fromkeys([*found, *(f"{name} was not available" for name in panel.names if name in failed)]))


def _one_a_work(matches: Sequence[Match]) -> tuple[Match, ...]:
    """The best match of each work, so that the same record from five sources does not hide the others."""
    found: dict[tuple[str, ...], Match] = {}
    for match in matches:
        candidate: Candidate = match.candidate
        name = candidate.identifiers.doi or candidate.identifiers.arxiv
        words = (titles.fold(candidate.record.title), str(candidate.record.year or ""))
        found.setdefault((name,) if name else words, match)
    return tuple(found.values())[:MOST_MATCHES]
