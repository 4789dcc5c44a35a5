"""Carrying out a plan: batches, journalled before they go out, one outcome per change.

Thin: what to do was decided by `dmlsync.sync.plan`, what follows is decided by `dmlsync.sync.settle`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any

from dmlsync.errors import LibraryError, StoppedError
from dmlsync.sync.actions import Action, Plan
from dmlsync.sync.journal import Journal
from dmlsync.sync.library import Change, CollectionChange, Library, Outcome
from dmlsync.sync.lock import Target
from dmlsync.sync.settle import settle
from dmlsync.sync.steps import step_json, steps_of

# The Web API takes at most 50 objects in one request
# (https://www.zotero.org/support/dev/web_api/v3/write_requests#creating_multiple_objects).
BATCH = 50
_NONE: Mapping[str, frozenset[str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a plan: the outcome of each change by its object's key, and the error that ended it early.

    That is one of the library, or says that a person stopped the run.

    `batches` is the number that the journal's next batch would have.
    """

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    error: LibraryError | StoppedError | None = None
    batches: int = 0

    @property
    def summary(self) -> dict[str, int]:
        """How many changes had each outcome."""
        counts = Counter(outcome.kind for outcome in self.outcomes.values())
        return {kind: counts[kind] for kind in ("written", "unchanged", "stale", "refused")}

    @property
    def unwritten(self) -> tuple[Outcome, ...]:
        """The changes that the library did not take: stale or refused."""
        return tuple(outcome for outcome in self.outcomes.values() if outcome.kind in ("stale", "refused"))


def apply(
    plan: Plan,
    library: Library,
    journal: Journal,
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    first_batch: int = 0,
) -> Result:
    """Send the changes of a plan. A library that fails on the way ends the run; what was done so far is returned.

    `progress` is told after each batch how many objects of how many are done; it may raise StoppedError.
    """
    changes = [action.change for action in plan.actions if action.change]
    needs = {action.change.key: action.needs for action in plan.actions if action.change and action.needs}
    outcomes: dict[str, Outcome] = {}
    number = first_batch
    for number, batch in enumerate(batches(changes, needs), start=first_batch):
        possible = _possible(batch, outcomes, needs)
        if not possible:
            continue
        journal.intend(number, [change.key for change in possible])
        try:
            answers = library.write(possible)
        except LibraryError as error:
            return Result(outcomes, error, number + 1)
        journal.done(number, [asdict(answer) for answer in answers])
        outcomes.update((answer.key, answer) for answer in answers)
        try:
            progress(len(outcomes), len(changes))
        except StoppedError as error:
            return Result(outcomes, error, number + 1)
    return Result(outcomes, None, number + 1)


def batches(changes: Sequence[Change], needs: Mapping[str, frozenset[str]] = _NONE) -> Iterator[list[Change]]:
    """Split changes into full requests, in their order and collections apart from items.

    A change that `needs` others to have succeeded is in a later request than these.
    """
    batch: list[Change] = []
    for change in changes:
        apart = batch and isinstance(batch[0], CollectionChange) != isinstance(change, CollectionChange)
        waits = needs.get(change.key, frozenset()) & {one.key for one in batch} if needs else False
        if batch and (apart or waits or len(batch) == BATCH):
            yield batch
            batch = []
        batch.append(change)
    if batch:
        yield batch


def _possible(
    batch: Sequence[Change], outcomes: Mapping[str, Outcome], needs: Mapping[str, frozenset[str]]
) -> list[Change]:
    """The batch without what hangs on an object that could not be made, or needs one that was not written.

    Those changes get no outcome.
    """
    lost = {key for key, outcome in outcomes.items() if outcome.kind == "refused"}
    written = {key for key, outcome in outcomes.items() if outcome.kind in ("written", "unchanged")}
    possible = [change for change in batch if getattr(change, "parent", "") not in lost]
    return [change for change in possible if needs.get(change.key, frozenset()) <= written]


def action_json(action: Action) -> dict[str, Any]:
    """An action as the command line's JSON and the journal show it."""
    return {
        "kind": action.kind,
        "citation_key": action.citation_key,
        "item_key": action.item_key,
        "title": action.title,
        "fields": [asdict(one) for one in action.fields],
    }


@dataclass(frozen=True, slots=True)
class Run:
    """What a run came to: the library's state for the lock, all outcomes, and the plans that were carried out.

    There is a second plan where the first met changes that somebody made at the same moment.
    """

    target: Target
    result: Result
    plans: tuple[Plan, ...]


def carry_out(
    plan: Plan,
    target: Target,
    library: Library,
    journal: Journal,
    replan: Callable[[Target], Plan],
    progress: Callable[[int, int], None] = lambda done, total: None,
    *,
    pulled: bool = False,
) -> Run:
    """Apply a plan, and once more what proved stale: someone else wrote at the same moment, so read and merge again.

    `replan` reads the library anew and plans against the target it is given. With `pulled`, library.bib takes over
    what the first plan pulls.
    """
    result = apply(plan, library, journal, progress)
    target = settle(plan, target, result.outcomes, pulled=pulled)
    if result.error or not any(outcome.kind == "stale" for outcome in result.outcomes.values()):
        return Run(target, result, (plan,))
    try:
        second = replan(target)
    except LibraryError as error:
        return Run(target, Result(result.outcomes, error), (plan,))
    journal.replanned([action_json(action) for action in second.actions], [step_json(one) for one in steps_of(second)])
    again = apply(second, library, journal, progress, first_batch=result.batches)
    target = settle(second, target, again.outcomes)
    joined = {key: outcome for key, outcome in result.outcomes.items() if outcome.kind != "stale"} | again.outcomes
    return Run(target, Result(joined, again.error), (plan, second))
