"""Asking the sources: side by side, each question once, one thread a source.

A source that is down costs its own answers only. After a few failures in a row it is left alone for the rest of the
run, so that a dead service does not cost its time-out for every entry.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from dmlsync.errors import SourceRefusedError, SourceUnavailableError
from dmlsync.model import Identifiers
from dmlsync.sources.base import Candidate, Hint, Source
from dmlsync.text.titles import fold

Progress = Callable[[str, int, int], None]
"""Called with a source's name, the questions answered and the questions put to it in this round."""

Question = Identifiers | str
"""What a source is asked: identifiers to look up, or a folded title to search for."""

_PATIENCE = 2  # failures in a row after which a source is left alone

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
        """Whether a source was asked this and was not available."""
        return question in self._memories[source].failed

    def _side_by_side(self, ask: Callable[[_Memory, Sequence[_T]], None], wanted: Mapping[str, Sequence[_T]]) -> None:
        tasks = [(self._memories[name], questions) for name, questions in wanted.items() if questions]
        if not tasks:
            return
        with ThreadPoolExecutor(max_workers=len(tasks), thread_name_prefix="dmlsync-source") as pool:
            finished = False
            try:
                # Reading the results raises what a source must not raise, here and not in silence.
                list(pool.map(lambda task: ask(*task), tasks))
                finished = True
            finally:
                if not finished:  # interrupted: the other threads end after the request that they are at
                    self._stopped.set()

    def _look_up(self, memory: _Memory, wanted: Sequence[Identifiers]) -> None:
        new = [one for one in dict.fromkeys(wanted) if one and one not in memory.answers]
        if not new:
            return
        if memory.given_up:
            memory.failed.update(new)
            return
        self._report(memory, 0, len(new))
        try:
            found = memory.source.lookup(new)
        except SourceUnavailableError as error:
            self._note_failure(memory, error)
            memory.failed.update(new)
        except SourceRefusedError as error:
            memory.problem = str(error)
            memory.answers.update(dict.fromkeys(new, ()))
        else:
            memory.failures = 0
            memory.answers.update({one: (found[one],) if one in found else () for one in new})
        self._report(memory, len(new), len(new))

    def _search(self, memory: _Memory, wanted: Sequence[Hint]) -> None:
        new = {fold(hint.title): hint for hint in reversed(wanted) if fold(hint.title) not in memory.answers}
        for done, (question, hint) in enumerate(reversed(new.items()), start=1):
            if self._stopped.is_set():
                return
            if memory.given_up:
                memory.failed.add(question)
                continue
            try:
                memory.answers[question] = tuple(memory.source.search(hint))
            except SourceUnavailableError as error:
                self._note_failure(memory, error)
                memory.failed.add(question)
            except SourceRefusedError as error:
                memory.problem = str(error)
                memory.answers[question] = ()
            else:
                memory.failures = 0
            self._report(memory, done, len(new))

    @staticmethod
    def _note_failure(memory: _Memory, error: SourceUnavailableError) -> None:
        memory.failures += 1
        memory.problem = str(error)

    def _report(self, memory: _Memory, done: int, total: int) -> None:
        if self._progress is not None:
            with self._lock:
                self._progress(memory.source.name, done, total)
