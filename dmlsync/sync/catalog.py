"""The catalog: every entry of the lists with the work it names, and every work with its record.

This is where a line becomes a work: a line that the lock knows keeps its key; a line that names a record of
library.bib gets that key; only what is left is handed to `resolve`, and what comes back is one work, one record, one
citation key, however many lines name it. Apart from the `resolve` it is given this does no I/O.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from dmlsync.bib.entry_types import Dialect
from dmlsync.bib.keys import propose_key
from dmlsync.bib.normal import representable
from dmlsync.model import Entry, Identifiers, Record
from dmlsync.resolve.engine import Resolution
from dmlsync.resolve.match import Match, authors_of, venue_of
from dmlsync.resolve.venues import consistent_venues
from dmlsync.resolve.works import Work, group, minimal_record
from dmlsync.sync.find import identifiers_in
from dmlsync.sync.known import KnownWorks
from dmlsync.sync.link import LinkedEntry, link_entries
from dmlsync.sync.lock import Binding, Lock, OpenReview, Printed, WorkState
from dmlsync.sync.merge import ITEM_TYPE, record_of, values_of
from dmlsync.sync.plan import CITATION_KEY, ListedWork
from dmlsync.sync.refresh import refreshed, typed
from dmlsync.text.links import pdf_url
from dmlsync.text.titles import fold

Standing = Literal["known", "review", "pending", "unresolved"]
Resolve = Callable[[Sequence[Entry]], Sequence[Resolution]]

LIST = "list"
NEEDS_METADATA = "needs metadata"


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """An entry and where it stands: `known` has a citation key, the others wait for a person or for a source.

    A `known` entry with `recheck` set was edited, and a source that should look at it again was not available.
    `problems` are sentences on what the sources say against the line: another paper's link, another venue.
    """

    entry: Entry
    standing: Standing
    citation_key: str = ""
    recheck: bool = False
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalog:
    """What the project says: entries, works and records after everything new was resolved.

    `records` holds the record of every work by citation key; `written` names those that library.bib does not have,
    or has differently. `works` and `reviews` are what the lock should hold.
    """

    entries: tuple[CatalogEntry, ...] = ()
    works: Mapping[str, WorkState] = field(default_factory=dict)
    records: Mapping[str, Record] = field(default_factory=dict)
    written: tuple[str, ...] = ()
    reviews: tuple[OpenReview, ...] = ()

    def listed(self) -> tuple[ListedWork, ...]:
        """The works that the lists name, in the order of their first line."""
        lines: dict[str, list[Entry]] = defaultdict(list)
        for one in self.entries:
            if one.citation_key:
                lines[one.citation_key].append(one.entry)
        return tuple(self._listed(key, entries) for key, entries in lines.items())

    def _listed(self, key: str, entries: Sequence[Entry]) -> ListedWork:
        work, record = self.works[key], self.records[key]
        links = [link for entry in entries for link in entry.links]
        from_list = (pdf_url(link.url) for link in links if link.kind in ("pdf", "paper"))
        only_list = set(work.origins.values()) == {LIST}
        return ListedWork(
            citation_key=key,
            record=record,
            identifiers=_joined(identifiers_in(record), work.identifiers),
            sections=frozenset(entry.section for entry in entries),
            pdf=next(filter(None, from_list), work.pdf),
            code=tuple(dict.fromkeys(link.url for link in links if link.kind == "code")),
            tags=frozenset({NEEDS_METADATA} if only_list else ()),
        )


def make_catalog(
    entries: Sequence[Entry],
    lock: Lock,
    bindings: Mapping[str, Binding],
    records: Mapping[str, Record],
    resolve: Resolve,
    *,
    dialect: Dialect = "biblatex",
    again: Callable[[Entry], bool] = lambda entry: False,
    minimal: bool = False,
) -> Catalog:
    """Link every entry, resolve what is new or was edited, and give every work one record and one key.

    `bindings` are those of the target in use, `records` those of library.bib. An entry whose question was asked
    before is asked again only where `again` says so. With `minimal`, an entry that no source knows becomes a work
    with just what the list says. New records are as an entry of `dialect` carries them, so that library.bib and
    Zotero can hold the same.
    """
    return _Cataloguer(lock, bindings, records, dialect, minimal).catalog(entries, resolve, again)


class _Cataloguer:
    """A catalog as it comes together."""

    def __init__(
        self,
        lock: Lock,
        bindings: Mapping[str, Binding],
        records: Mapping[str, Record],
        dialect: Dialect,
        minimal: bool,
    ) -> None:
        self._lock = lock
        self._bindings = bindings
        self._dialect = dialect
        self._minimal = minimal
        self._in_bib = records
        self._records = {**_restored(lock, bindings), **records}
        self._works = {key: replace(work, entries=()) for key, work in lock.works.items() if key in self._records}
        self._known = KnownWorks(self._records, {key: work.identifiers for key, work in lock.works.items()})
        self._asked = {review.printed: review for review in lock.reviews}
        self._reviews: dict[Printed, OpenReview] = {}
        self._entries: dict[int, CatalogEntry] = {}
        self._printed: dict[str, set[Printed]] = defaultdict(set)

    def catalog(self, entries: Sequence[Entry], resolve: Resolve, again: Callable[[Entry], bool]) -> Catalog:
        linked = link_entries(entries, self._lock.works)
        questions = [number for number, one in enumerate(linked) if not self._is_settled(number, one, again(one.entry))]
        if questions:
            resolutions = resolve([linked[number].entry for number in questions])
            self._take_answers([linked[number] for number in questions], questions, resolutions)
        works = {key: replace(work, entries=tuple(sorted(self._printed[key]))) for key, work in self._works.items()}
        written = [key for key in works if key in self._records and self._records[key] != self._in_bib.get(key)]
        return Catalog(
            entries=tuple(self._entries[number] for number in range(len(linked))),
            works=works,
            records=self._records,
            written=tuple(written),
            reviews=tuple(self._reviews.values()),
        )

    def _is_settled(self, number: int, linked: LinkedEntry, again: bool) -> bool:
        """Whether an entry needs no source: it is known, or its question was asked before."""
        entry, printed = linked.entry, Printed.of(linked.entry)
        if again:
            return False
        if linked.citation_key in self._records and not linked.before:
            self._know(number, entry, linked.citation_key)
            return True
        found = self._known.key_of(entry) if not linked.citation_key or linked.before else ""
        if found and (found != linked.citation_key or not _says_more(linked)):
            self._know(number, entry, found)
            return True
        asked = self._asked.get(printed)
        if asked and not linked.citation_key:
            if self._minimal and not asked.candidates:
                return False
            self._reviews[printed] = asked
            self._entries[number] = CatalogEntry(entry, "review" if asked.candidates else "unresolved")
            return True
        return False

    def _know(self, number: int, entry: Entry, key: str, printed: Printed | None = None, recheck: bool = False) -> None:
        self._entries[number] = CatalogEntry(entry, "known", key, recheck)
        self._printed[key].add(printed or Printed.of(entry))
        self._works.setdefault(key, WorkState())

    def _take_answers(
        self, linked: Sequence[LinkedEntry], numbers: Sequence[int], resolutions: Sequence[Resolution]
    ) -> None:
        before = {id(one.entry): (number, one) for number, one in zip(numbers, linked, strict=True)}
        for work in _with_consistent_venues(group(resolutions)):
            asked = [(*before[id(one.entry)], one) for one in work.resolutions]
            if work.record is not None:
                self._take_work(work, asked)
                continue
            for number, one, resolution in asked:
                self._leave_open(number, one, resolution)

    def _take_work(self, work: Work, asked: Sequence[tuple[int, LinkedEntry, Resolution]]) -> None:
        """A work that the sources know: it keeps the key it had, joins the work it is, or gets a new key."""
        assert work.record is not None
        linked_keys = [one.citation_key for _, one, _ in asked if self._stays(one, work)]
        key = next(iter(linked_keys), "") or self._known.key_with(work.record, work.identifiers)
        if not key:
            key = propose_key(work.record, self._records)
        self._take_record(key, work, follow=bool(linked_keys))
        for number, one, resolution in asked:
            self._know(number, one.entry, key)
            self._entries[number] = replace(self._entries[number], problems=resolution.problems)

    def _stays(self, one: LinkedEntry, work: Work) -> bool:
        """Whether an edited line still names the work that it named."""
        if not one.citation_key or work.record is None:
            return False
        if one.citation_key not in self._records:
            return True
        return _same_title(one) or self._known.key_with(work.record, work.identifiers) == one.citation_key

    def _take_record(self, key: str, work: Work, *, follow: bool) -> None:
        """The record of a new work; that of an old one follows the sources where its own line was edited."""
        assert work.record is not None
        state = self._works.get(key, WorkState())
        pdf = state.pdf or next((link.url for link in work.links if link.kind == "pdf"), "")
        identifiers = _joined(work.identifiers, state.identifiers)
        offered = representable(work.record, self._dialect)
        if key not in self._records:
            self._records[key] = offered
            state = replace(state, origins=dict(work.origins))
        elif follow:
            state = self._follow(key, state, offered, work.origins)
        self._works[key] = replace(state, pdf=pdf, identifiers=identifiers)

    def _follow(self, key: str, state: WorkState, offered: Record, offered_origins: Mapping[str, str]) -> WorkState:
        """Let a record follow its sources; without a base nobody knows what a person typed, so all of it stays."""
        binding = self._bindings.get(key)
        base = {name: value for name, value in binding.base.items() if name != CITATION_KEY} if binding else {}
        origins = typed(state.origins, base, values_of(self._records[key])) if base else {}
        self._records[key], origins = refreshed(self._records[key], origins, offered, offered_origins)
        return replace(state, origins=origins or state.origins)

    def _leave_open(self, number: int, one: LinkedEntry, resolution: Resolution) -> None:
        """An entry that no source answered for certain."""
        entry, pending = one.entry, resolution.state == "pending"
        if one.citation_key in self._records and (pending or _same_title(one)):
            # An edited line keeps its work; while a source is away the edit is looked at again next time.
            self._know(number, entry, one.citation_key, one.before if pending else None, recheck=pending)
            state = self._works[one.citation_key]
            if set(state.origins.values()) == {LIST}:  # the list is all that is known of it
                record, origins = self._minimal_record(entry)
                self._works[one.citation_key] = self._follow(one.citation_key, state, record, origins)
            return
        if resolution.state == "unresolved" and self._minimal:
            self._take_minimal(number, entry)
            return
        if not pending:
            printed = Printed.of(entry)
            candidates = tuple(_candidate(match) for match in resolution.matches if match.verdict != "no")
            self._reviews[printed] = OpenReview(printed, candidates)
        standing: Standing = "pending" if pending else "review" if resolution.state == "review" else "unresolved"
        self._entries[number] = CatalogEntry(entry, standing, problems=resolution.problems)

    def _take_minimal(self, number: int, entry: Entry) -> None:
        record, origins = self._minimal_record(entry)
        key = self._known.key_of(entry) or propose_key(record, self._records)
        self._records.setdefault(key, record)
        self._works.setdefault(key, WorkState(origins=origins))
        self._know(number, entry, key)

    def _minimal_record(self, entry: Entry) -> tuple[Record, dict[str, str]]:
        record, origins = minimal_record(entry)
        return representable(record, self._dialect), origins


def _with_consistent_venues(works: Sequence[Work]) -> list[Work]:
    """The works with one proceedings title for each conference and year, whatever form their sources gave."""
    renamed = iter(consistent_venues([work.record for work in works if work.record]))
    return [replace(work, record=next(renamed)) if work.record else work for work in works]


def _restored(lock: Lock, bindings: Mapping[str, Binding]) -> dict[str, Record]:
    """The records of works that library.bib lost, as both sides last held them."""
    bases = {key: bindings[key].base for key in lock.works if key in bindings and ITEM_TYPE in bindings[key].base}
    return {
        key: record_of({name: value for name, value in base.items() if name != CITATION_KEY})
        for key, base in bases.items()
    }


def _says_more(linked: LinkedEntry) -> bool:
    """Whether an edit is one that sources should look at: another year, venue or link may mean another version."""
    now, before = Printed.of(linked.entry), linked.before
    return before is not None and (now.year, now.venue, now.link) != (before.year, before.venue, before.link)


def _same_title(linked: LinkedEntry) -> bool:
    return linked.before is None or fold(linked.before.title) == fold(linked.entry.title)


def _joined(first: Identifiers, second: Identifiers) -> Identifiers:
    return Identifiers(first.doi or second.doi, first.arxiv or second.arxiv, first.page or second.page)


def _candidate(match: Match) -> Mapping[str, Any]:
    """A candidate as the lock and `status --json` show it."""
    record = match.candidate.record
    return {
        "source": match.candidate.source,
        "title": record.title,
        "authors": [str(author) for author in authors_of(record)],
        "year": record.year,
        "venue": venue_of(record),
        "doi": match.candidate.identifiers.doi,
        "arxiv": match.candidate.identifiers.arxiv,
        "verdict": match.verdict,
        "reasons": [str(reason) for reason in match.reasons],
    }
