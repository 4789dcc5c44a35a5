"""Asking the sources: side by side, each question once, one thread a source.

A source that is down costs its own answers only. After a few failures in a row it is left alone for the rest of the
run, so that a dead service does not cost its time-out for every entry. A batch that fails is asked for again in parts,
so that one bad page or one site that is down does not cost the answers of the others.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit

from dmlsync.errors import SourceRefusedError, SourceUnavailableError
from dmlsync.model import Identifiers
from dmlsync.sources.base import Candidate, Hint, Source
from dmlsync.sources.together import together
from dmlsync.text.titles import fold

Progress = Callable[[str, int, int], None]
"""Called with a source's name, the questions answered and the questions put to it in this round."""

Question = Identifiers | str
"""What a source is asked: identifiers to look up, or a folded title to search for."""

_PATIENCE = 2  # failures in a row after which a source is left alone
_PART_PATIENCE = 3  # failures in a row, the whole batch's first, after which nothing more of a site is asked again
_MOST_IN_A_ROW = 5  # the same over all sites: now it is the source that is down
_MOST_FAILURES = 12  # failures of one batch and its parts; it bounds the requests, as every failure has few parts
_SMALL = 4  # a failed part of so many questions is asked again one by one

_T = TypeVar("_T")


@dataclass(slots=True)
class _Memory:
    """What one source was asked in this run, and what came of it."""

    source: Source
    answers: dict[Question, tuple[Candidate, ...]] = field(default_factory=dict)
    failed: set[Question] = field(default_factory=set)
    failures: int = 0
    problem: str = ""

    @property
    def given_up(self) -> bool:
        return self.failures >= _PATIENCE


class Panel:
    """The sources of one run, with everything that they answered."""

    def __init__(self, sources: Sequence[Source], progress: Progress | None = None) -> None:
        self._memories = {source.name: _Memory(source) for source in sources}
        self._progress = progress
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    @property
    def names(self) -> tuple[str, ...]:
        """The sources' names, in the order of the settings."""
        return tuple(self._memories)

    @property
    def problems(self) -> tuple[str, ...]:
        """What sources failed of, one sentence each."""
        return tuple(memory.problem for memory in self._memories.values() if memory.problem)

    def look_up(self, wanted: Mapping[str, Sequence[Identifiers]]) -> None:
        """Asks each named source for its identifiers in one batch; identifiers asked before are left out."""
        self._side_by_side(self._look_up, wanted)

    def search(self, wanted: Mapping[str, Sequence[Hint]]) -> None:
        """Asks each named source for its hints, one after the other; titles asked before are left out."""
        self._side_by_side(self._search, wanted)

    def answers(self, source: str, question: Question) -> tuple[Candidate, ...]:
        """What a source offered for identifiers or a folded title; nothing where it is not there or was not asked."""
        memory = self._memories.get(source)
        return memory.answers.get(question, ()) if memory else ()

    def failed(self, source: str, question: Question) -> bool:
        """Whether a source was asked this and was not available, whenever it was asked."""
        return question in self._memories[source].failed

    def _side_by_side(self, ask: Callable[[_Memory, Sequence[_T]], None], wanted: Mapping[str, Sequence[_T]]) -> None:
        tasks = [(self._memories[name], questions) for name, questions in wanted.items() if questions]
        if not tasks:
            return
        together([partial(ask, *task) for task in tasks], self._stopped.set)

    def _look_up(self, memory: _Memory, wanted: Sequence[Identifiers]) -> None:
        new = [one for one in dict.fromkeys(wanted) if one and one not in memory.answers]
        if not new:
            return
        if memory.given_up:
            memory.failed.update(new)
            return
        self._report(memory, 0, len(new))
        if self._ask(memory, new):
            memory.failures = 0
        else:
            self._ask_again(memory, new)
        self._report(memory, len(new), len(new))

    @staticmethod
    def _ask(memory: _Memory, batch: Sequence[Identifiers]) -> bool:
        """Asks for a batch and keeps what comes of it; False if the source was not available."""
        try:
            found = memory.source.lookup(batch)
        except SourceUnavailableError as error:
            memory.problem = str(error)
            memory.failed.update(batch)
            return False
        except SourceRefusedError as error:
            memory.problem = str(error)
            found = {}
        memory.answers.update({one: (found[one],) if one in found else () for one in batch})
        memory.failed.difference_update(batch)
        return True

    def _ask_again(self, memory: _Memory, batch: Sequence[Identifiers]) -> None:
        """Asks for the parts of a failed batch, so that only those questions stay failed which make it fail.

        Parts are asked for by the site of their pages, then by halves, as long as the source shows signs of life.
        """
        waiting = deque(_parts(batch))
        of_site = Counter({_site(part[0]): 1 for part in waiting})
        failures = in_a_row = 1
        found_some = False
        while waiting and failures < _MOST_FAILURES and in_a_row < _MOST_IN_A_ROW and not self._stopped.is_set():
            part = waiting.popleft()
            site = _site(part[0])
            if of_site[site] >= _PART_PATIENCE:
                continue
            if not self._ask(memory, part):
                of_site[site] += 1
                failures, in_a_row = failures + 1, in_a_row + 1
                waiting.extend(_parts(part))
            elif any(memory.answers[one] for one in part):  # nothing found may be nothing asked: no sign of life
                of_site[site] = in_a_row = 0
                found_some = True
        is_down = of_site[""] >= _PART_PATIENCE or in_a_row >= _MOST_IN_A_ROW
        memory.failures = 0 if found_some else memory.failures + (_PATIENCE if is_down else 1)

    def _search(self, memory: _Memory, wanted: Sequence[Hint]) -> None:
        new = {fold(hint.title): hint for hint in reversed(wanted) if fold(hint.title) not in memory.answers}
        questions = list(reversed(new))
        size = memory.source.titles_at_once
        self._report(memory, 0, len(new))
        for start in range(0, len(new), size):
            if self._stopped.is_set():
                return
            batch = questions[start : start + size]
            if memory.given_up:
                memory.failed.update(batch)
                continue
            try:
                found = memory.source.search([new[question] for question in batch])
                memory.answers.update({question: tuple(found.get(new[question], ())) for question in batch})
            except SourceUnavailableError as error:
                memory.failures += 1
                memory.problem = str(error)
                memory.failed.update(batch)
            except SourceRefusedError as error:
                memory.problem = str(error)
                memory.answers.update(dict.fromkeys(batch, ()))
            else:
                memory.failures = 0
            self._report(memory, start + len(batch), len(new))

    def _report(self, memory: _Memory, done: int, total: int) -> None:
        if self._progress is not None:
            with self._lock:
                self._progress(memory.source.name, done, total)


def _site(question: Identifiers) -> str:
    """The site of a question's page: each site fails by itself."""
    return urlsplit(question.page).netloc if question.page else ""


def _parts(batch: Sequence[Identifiers]) -> list[Sequence[Identifiers]]:
    """What to ask for instead of a batch that failed: its sites one by one, else its halves; none of one question."""
    sites: dict[str, list[Identifiers]] = {}
    for one in batch:
        sites.setdefault(_site(one), []).append(one)
    if len(sites) > 1:
        return list(sites.values())
    if len(batch) <= _SMALL:
        return [(one,) for one in batch] if len(batch) > 1 else []
    half = len(batch) // 2
    return [batch[:half], batch[half:]]
