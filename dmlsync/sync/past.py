"""A past run as its journal tells of it: what it found and left in the library, in library.bib and in the lock.

Values only; `changes_here` makes what a journal's `here` line holds, `past_of` reads a journal, `undo` inverts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from dmlsync.bib.document import Document
from dmlsync.errors import GuardError
from dmlsync.sync.journal import RunLog
from dmlsync.sync.library import Outcome
from dmlsync.sync.lock import Binding, Lock, Target, WorkState
from dmlsync.sync.lock_file import decode_binding, decode_work, encode_binding, encode_work
from dmlsync.sync.steps import Step, step_in

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Turn(Generic[_Value]):
    """One value before and after a run; None where there was or is none."""

    before: _Value | None
    after: _Value | None


@dataclass(frozen=True, slots=True)
class Past:
    """All that a journal tells of a run.

    `outcomes` are by the key of the object. `entries` holds the texts of entries of library.bib by their keys, `works`
    and `bindings` the parts of the lock by citation key.
    """

    run: str
    command: str
    steps: tuple[Step, ...] = ()
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    entries: Mapping[str, Turn[str]] = field(default_factory=dict)
    works: Mapping[str, Turn[WorkState]] = field(default_factory=dict)
    bindings: Mapping[str, Turn[Binding]] = field(default_factory=dict)


def changes_here(
    documents: tuple[Document, Document],
    works: tuple[Mapping[str, WorkState], Mapping[str, WorkState]],
    targets: tuple[Target, Target],
    written: Iterable[str],
) -> dict[str, Any]:
    """What changes in library.bib and in the lock, each as a pair of before and after, for the journal.

    `written` are the keys of the entries that may have changed.
    """
    texts = tuple({key: block.text for key in written if (block := one.block(key))} for one in documents)
    bindings = (targets[0].bindings, targets[1].bindings)
    return {
        "entries": _turns((texts[0], texts[1]), str),
        "works": _turns(works, encode_work),
        "bindings": _turns(bindings, encode_binding),
    }


def _turns(
    sides: tuple[Mapping[str, _Value], Mapping[str, _Value]], encode: Callable[[_Value], Any]
) -> dict[str, list[Any]]:
    before, after = sides
    changed = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    return {key: [encode(side[key]) if key in side else None for side in sides] for key in changed}


def past_of(log: RunLog) -> Past:
    """A journal's run. Raises GuardError where it does not hold enough to be undone, or changed a citation key."""
    try:
        first = log.lines[0]
        if first["command"] == "rekey":
            key = first["actions"][0]["fields"][0]
            problem = f"the run {log.run} changed a citation key, in which papers may have followed it"
            raise GuardError(problem, f"change it back with dmlsync rekey {key['after']} {key['before']}")
        steps = [step_in(one) for line in log.lines if "actions" in line for one in line["steps"]]
        if not _is_whole(log):
            raise LookupError
        here: Mapping[str, Any] = next((line["here"] for line in reversed(log.lines) if "here" in line), {})
        return Past(
            log.run,
            str(first["command"]),
            tuple(steps),
            _outcomes(log.lines),
            _read_turns(here.get("entries", {}), str),
            _read_turns(here.get("works", {}), decode_work),
            _read_turns(here.get("bindings", {}), decode_binding),
        )
    except (LookupError, TypeError, ValueError, AttributeError):
        problem = f"the journal of the run {log.run} does not hold enough to undo it"
        raise GuardError(problem, "change back by hand what should go back") from None


def _is_whole(log: RunLog) -> bool:
    """Whether a journal tells of values before and after."""
    return any(line.get("steps") or "here" in line for line in log.lines)


def _outcomes(lines: Sequence[Mapping[str, Any]]) -> dict[str, Outcome]:
    done = (Outcome(**one) for line in lines if "done" in line for one in line["outcomes"])
    return {outcome.key: outcome for outcome in done}


def _read_turns(content: Mapping[str, Any], decode: Callable[[Any], _Value]) -> dict[str, Turn[_Value]]:
    return {
        key: Turn(*(None if side is None else decode(side) for side in (before, after)))
        for key, (before, after) in content.items()
    }


def undone_runs(logs: Sequence[RunLog]) -> frozenset[str]:
    """The runs that later ones have undone, unless these were undone themselves; `logs` are oldest first."""
    undone = set[str]()
    for log in reversed(logs):
        inverted = str(log.lines[0].get("undoes", "")) if log.lines else ""
        is_whole = log.ended and not log.lines[-1].get("problem")
        if inverted and is_whole and log.run not in undone:
            undone.add(inverted)
    return frozenset(undone)


def last_to_undo(logs: Sequence[RunLog], target: str) -> RunLog | None:
    """The newest run against a target that is neither undone nor an undo itself; None where there is none.

    A changed citation key is such a run, though it cannot be undone: to go past it in silence would undo another run
    than the one that the person has in mind.
    """
    undone = undone_runs(logs)
    runs = (log for log in reversed(logs) if log.lines and log.target == target and log.run not in undone)
    return next((log for log in runs if not log.lines[0].get("undoes")), None)


def recovered(lock: Lock, cut_off: RunLog | None, document: Document) -> Lock:
    """The lock with what a run had found out about works before it was cut off between library.bib and the lock.

    library.bib alone does not tell where its values are from.
    """
    if cut_off is None:
        return lock
    try:
        past = past_of(cut_off)
    except GuardError:
        return lock
    works = dict(lock.works)
    for key, turn in past.works.items():
        entry, block = past.entries.get(key), document.block(key)
        is_written = entry is not None and block is not None and block.text == entry.after
        if turn.after and is_written and works.get(key) == turn.before:
            works[key] = turn.after
    return replace(lock, works=works)
