"""From lines to works: making the catalog.

A line that the lock knows keeps its key; a line that names a record of library.bib gets that key; only what is left is
handed to `resolve`, and what comes back is one work, one record, one citation key, however many lines name it. Apart
from the `resolve` it is given this does no I/O.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from dmlsync.bib.entry_types import Dialect
from dmlsync.bib.key_formula import Formula
from dmlsync.bib.keys import propose_key
from dmlsync.bib.normal import representable
from dmlsync.model import Entry, Record
from dmlsync.resolve.engine import Resolution, entry_key
from dmlsync.resolve.evidence import Answer
from dmlsync.resolve.venues import consistent_venues
from dmlsync.resolve.works import Work, group, minimal_record
from dmlsync.sync.bib_records import BibRecords
from dmlsync.sync.catalog import Catalog, CatalogEntry, Standing, is_another_paper
from dmlsync.sync.follow import LIST, PERSON, followed, typed
from dmlsync.sync.known_lines import LinkedEntry, link_entries
from dmlsync.sync.known_works import KnownWorks
from dmlsync.sync.lock import Binding, Lock, OpenReview, Printed, WorkState
from dmlsync.sync.merge import values_of
from dmlsync.sync.reviews import is_answered, offered
from dmlsync.text.links import pdf_url

Resolve = Callable[[Sequence[Entry]], Sequence[Resolution]]


def make_catalog(
    entries: Sequence[Entry],
    lock: Lock,
    bindings: Mapping[str, Binding],
    bib: BibRecords,
    resolve: Resolve,
    *,
    dialect: Dialect = "biblatex",
    again: Callable[[Entry], bool] = lambda entry: False,
    minimal: bool = False,
    formula: Formula | None = None,
) -> Catalog:
    """Link every entry, resolve what is new or was edited, and give every work one record and one key.

    `bindings` are those of the target in use, `bib` is what library.bib says of the lock's works. An entry whose
    question was asked before is asked again only where `again` says so. With `minimal`, an entry that no source knows
    becomes a work with just what the list says. New records are as an entry of `dialect` carries them, so that
    library.bib and Zotero can hold the same, and get their citation keys by `formula`.
    """
    return _Cataloguer(lock, bindings, bib, dialect, minimal, formula).catalog(entries, resolve, again)


class _Cataloguer:
    """A catalog as it comes together: first the lines that are known, then works, then what stays open."""

    def __init__(
        self,
        lock: Lock,
        bindings: Mapping[str, Binding],
        bib: BibRecords,
        dialect: Dialect,
        minimal: bool,
        formula: Formula | None,
    ) -> None:
        self._bindings = bindings
        self._bib = bib
        self._dialect: Dialect = dialect
        self._minimal = minimal
        self._formula = formula
        self._lock = lock
        self._records = dict(bib.records)
        self._works = {key: self._with_origins(key, work) for key, work in lock.works.items() if key in self._records}
        self._known = KnownWorks(self._records, {key: work.identifiers for key, work in lock.works.items()})
        self._asked = {review.printed: review for review in lock.reviews}
        self._taken = set(bib.taken)
        self._reviews: dict[Printed, OpenReview] = {}
        self._entries: dict[int, CatalogEntry] = {}
        self._printed: dict[str, set[Printed]] = defaultdict(set)
        self._linked = set[str]()

    def catalog(self, entries: Sequence[Entry], resolve: Resolve, again: Callable[[Entry], bool]) -> Catalog:
        lines = link_entries(entries, self._lock.works)
        self._linked = {line.citation_key for line in lines}
        open_lines = {
            number: line for number, line in enumerate(lines) if again(line.entry) or not self._is_settled(number, line)
        }
        if open_lines:
            self._take_answers(open_lines, resolve([line.entry for line in open_lines.values()]))
        return Catalog(
            entries=tuple(self._entries[number] for number in range(len(lines))),
            works={key: self._with_lines(key, work) for key, work in self._works.items()},
            records=self._records,
            written=self._bib.missing({key: self._records[key] for key in [*self._printed, *self._adopted]}),
            reviews=tuple(self._reviews.values()),
            renamed=self._bib.renamed,
            entry_keys=self._bib.entry_keys,
            taken=frozenset(self._taken),
            printed={
                key: frozenset(pdf_url(line.link) for line in work.entries if line.link)
                for key, work in self._lock.works.items()
            },
        )

    @property
    def _adopted(self) -> list[str]:
        """The works that members added: their entries come back too while their items stand in the collection."""
        return [key for key, one in self._bindings.items() if one.adopted and key in self._records]

    def _with_origins(self, key: str, work: WorkState) -> WorkState:
        """The state of a work, with the fields marked that a person typed since both sides last agreed."""
        base = self._bindings[key].record_values if key in self._bindings else {}
        return replace(work, origins=typed(work.origins, base, values_of(self._records[key])))

    def _with_lines(self, key: str, work: WorkState) -> WorkState:
        """The state of a work with its lines now; one that lost its last line keeps them until its item is settled."""
        return replace(work, entries=tuple(sorted(self._printed[key]))) if key in self._printed else work

    # ---- lines that need no source ---------------------------------------------------------------------------------

    def _is_settled(self, number: int, line: LinkedEntry) -> bool:
        """Whether an entry needs no source: it is known, or its question was asked before."""
        if line.citation_key in self._records and not line.before:
            if self._works[line.citation_key].incomplete:
                return False
            self._know(number, line, line.citation_key)
            return True
        found = self._known.key_of(line.entry)
        if found and (found != line.citation_key or not _says_more(line)):
            self._know(number, line, found)
            return True
        asked = self._asked.get(Printed.of(line.entry))
        answer = self._lock.answers.get(entry_key(line.entry), Answer())
        if asked and not is_answered(asked.candidates, answer) and not (self._minimal and not asked.candidates):
            self._keep_question(number, line, asked)
            return True
        return False

    def _know(
        self, number: int, line: LinkedEntry, key: str, *, recheck: bool = False, problems: tuple[str, ...] = ()
    ) -> None:
        self._entries[number] = CatalogEntry(line.entry, "known", key, recheck, problems)
        self._printed[key].add(Printed.of(line.entry))
        self._works.setdefault(key, WorkState())

    def _keep_question(
        self,
        number: int,
        line: LinkedEntry,
        asked: OpenReview,
        *,
        pending: bool = False,
        problems: tuple[str, ...] = (),
    ) -> None:
        self._reviews[asked.printed] = asked
        self._wait(number, line, "pending" if pending else "review" if asked.candidates else "unresolved", problems)

    def _wait(self, number: int, line: LinkedEntry, standing: Standing, problems: tuple[str, ...] = ()) -> None:
        """An entry that waits. An edited line keeps the work that it named until it is known what it names now."""
        key = line.citation_key if line.citation_key in self._records else ""
        self._entries[number] = CatalogEntry(line.entry, standing, key, problems=problems)
        if key:
            self._printed[key].add(line.before or Printed.of(line.entry))

    # ---- works that sources were asked for -------------------------------------------------------------------------

    def _take_answers(self, lines: Mapping[int, LinkedEntry], resolutions: Sequence[Resolution]) -> None:
        numbers = {id(line.entry): number for number, line in lines.items()}
        for work in _with_consistent_venues(group(resolutions)):
            answers = [(number, lines[number], one) for one in work.resolutions for number in [numbers[id(one.entry)]]]
            if work.record is not None:
                self._take_work(work.record, work, answers)
            else:
                self._take_unknown(answers)

    def _take_work(self, record: Record, work: Work, answers: Sequence[tuple[int, LinkedEntry, Resolution]]) -> None:
        """A work that the sources know: it keeps the key it had, joins the work it is, or gets a new key."""
        same = self._known.key_with(record, work.identifiers)
        kept = [line.citation_key for _, line, _ in answers if self._stays(line, same)]
        key = next(iter(kept), "") or same
        if not key and (broken := self._unreadable_key(record)):
            self._wait_for_entry(broken, answers)
            return
        key = key or self._new_key(record)
        ours = representable(record, self._dialect)
        state = self._works.get(key, WorkState())
        if key not in self._records:
            self._records[key] = ours
            state = replace(state, origins=dict(work.origins))
        elif kept:  # its own line was edited, or a person asked: the record follows its sources
            state = self._follow(key, state, ours, work.origins)
        identifiers = work.identifiers.filled_from(state.identifiers)
        pdfs = (link.url for link in work.links if link.kind == "pdf" and not is_another_paper(link.url, identifiers))
        pdf = state.pdf or next(pdfs, "")
        incomplete = any(resolution.incomplete for _, _, resolution in answers)
        self._works[key] = replace(state, pdf=pdf, identifiers=identifiers, incomplete=incomplete)
        for number, line, resolution in answers:
            self._know(number, line, key, recheck=incomplete, problems=resolution.problems)

    def _follow(self, key: str, state: WorkState, offered: Record, offered_origins: Mapping[str, str]) -> WorkState:
        """Let a record follow its sources; without a base nobody knows what a person typed, so all of it stays."""
        has_base = key in self._bindings and bool(self._bindings[key].base)
        origins = state.origins if has_base else {}
        record, after = followed(self._records[key], origins, offered, offered_origins)
        self._records[key] = record
        known, held = {**state.origins, **after}, values_of(record)
        return replace(state, origins={name: one for name, one in known.items() if name in held or one == PERSON})

    def _stays(self, line: LinkedEntry, same: str) -> bool:
        """Whether an edited line still names the work that it named; `same` is the work that the sources found."""
        key = line.citation_key
        return bool(key) and (key not in self._records or line.has_same_title or same == key)

    def _unreadable_key(self, record: Record) -> str:
        """The key that the work would have, where library.bib has an entry of that key which cannot be read."""
        key = propose_key(record, (), self._formula)
        return key if key in self._bib.unreadable else ""

    def _wait_for_entry(self, key: str, answers: Sequence[tuple[int, LinkedEntry, Resolution]]) -> None:
        """The work's own entry may be the one that cannot be read: a second one beside it would stay for good."""
        for number, line, _ in answers:
            self._wait(number, line, "pending", (f"library.bib has an entry {key} that cannot be read: mend it first",))

    def _new_key(self, record: Record) -> str:
        key = propose_key(record, self._taken, self._formula)
        self._taken.add(key.lower())
        return key

    def _take_unknown(self, answers: Sequence[tuple[int, LinkedEntry, Resolution]]) -> None:
        """Entries of one work that no source answered for certain."""
        pending = any(resolution.state == "pending" for _, _, resolution in answers)
        key = next((line.citation_key for _, line, _ in answers if self._is_kept(line, pending)), "")
        if not key and self._minimal and all(resolution.state == "unresolved" for _, _, resolution in answers):
            record, _ = self._minimal_record(answers[0][1])
            if broken := self._unreadable_key(record):
                self._wait_for_entry(broken, answers)
                return
            entry = answers[0][1].entry
            free = self._records.keys() - self._printed.keys() - self._linked  # no line names them, or none any more
            key = self._known.key_of(entry) or self._known.key_like(entry, free) or self._new_key(record)
        for number, line, resolution in answers:
            if key:
                self._know_without_source(number, line, key, recheck=pending)
            else:
                self._leave_open(number, line, resolution)

    def _is_kept(self, line: LinkedEntry, pending: bool) -> bool:
        """Whether an edited line keeps its work though no source confirms the edit."""
        if line.citation_key not in self._records:
            return False
        return pending or line.has_same_title or self._works[line.citation_key].is_minimal

    def _know_without_source(self, number: int, line: LinkedEntry, key: str, *, recheck: bool) -> None:
        """Keep a line's work. Of a work that only the lists know, the record is what they say."""
        state = self._works.get(key, WorkState(origins={"title": LIST}))
        if state.is_minimal:
            record, origins = self._minimal_record(line)
            if key in self._records:
                state = self._follow(key, state, record, origins)
            else:
                self._records[key] = record
                state = replace(state, origins=origins)
        self._works[key] = state
        self._know(number, line, key, recheck=recheck)
        if recheck and line.before:  # the edit is looked at again next time
            self._printed[key] = self._printed[key] - {Printed.of(line.entry)} | {line.before}

    def _minimal_record(self, line: LinkedEntry) -> tuple[Record, dict[str, str]]:
        record, origins = minimal_record(line.entry)
        return representable(record, self._dialect), origins

    def _leave_open(self, number: int, line: LinkedEntry, resolution: Resolution) -> None:
        """An entry that waits: for a source that was away, or for a person."""
        printed, pending = Printed.of(line.entry), resolution.state == "pending"
        candidates = tuple(offered(match) for match in resolution.matches if match.verdict != "no")
        asked = self._asked.get(printed) if pending else OpenReview(printed, candidates)
        if asked:
            self._keep_question(number, line, asked, pending=pending, problems=resolution.problems)
        else:
            self._wait(number, line, "pending", resolution.problems)


def _with_consistent_venues(works: Sequence[Work]) -> list[Work]:
    """The works with one proceedings title for each conference and year, whatever form their sources gave."""
    renamed = iter(consistent_venues([work.record for work in works if work.record]))
    return [replace(work, record=next(renamed)) if work.record else work for work in works]


def _says_more(line: LinkedEntry) -> bool:
    """Whether an edit is one that sources should look at: another year, venue or link may mean another version."""
    now, before = Printed.of(line.entry), line.before
    return before is not None and (now.year, now.venue, now.link) != (before.year, before.venue, before.link)
