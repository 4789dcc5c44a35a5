"""Plans in files: made today, looked at by somebody, carried out tomorrow.

A saved plan holds the actions for people to read, and of each work what the plan was made from. Nothing that stands in
the file is ever sent: carrying it out means planning anew and doing only what the file names. A work that is as it was
then gets the same actions again; one that moved is named and planned anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from dmlsync import files
from dmlsync.errors import FileError
from dmlsync.sync.actions import Action, Plan, Side
from dmlsync.sync.apply import action_json
from dmlsync.sync.library import CollectionChange, Item, ItemChange
from dmlsync.sync.lock_file import encode_binding, encode_value
from dmlsync.sync.place import Places

FORMAT = 1
_REMEDY = "make it again with dmlsync plan -o"
_MOVED = {
    "remote": "changed in Zotero since the plan was made",
    "local": "changed in library.bib or in its list since the plan was made",
    "base": "another run came in between",
    "actions": "is planned otherwise by now",
}


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan as its file has it: `made_of` tells for each work what it was made from, `actions` what is to be done."""

    target: str
    made_of: Mapping[str, Mapping[str, str]]
    actions: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Moved:
    """A work of a saved plan that is not as it was then, and in what."""

    citation_key: str
    what: str


def plan_bytes(plan: Plan, target: str) -> bytes:
    """A plan as the content of a file."""
    acted_on = {action.citation_key for action in plan.actions}
    content: dict[str, Any] = {
        "dmlsync_plan": FORMAT,
        "target": target,
        "made_of": {key: facts for key, facts in _made_of(plan).items() if key in acted_on},
        "actions": [action_json(action) for action in plan.actions],
        "conflicts": [asdict(conflict) for conflict in plan.conflicts],
        "notes": [asdict(note) for note in plan.notes],
        "summary": plan.summary,
    }
    text = json.dumps({**content, "digest": _digest(content)}, indent=1, ensure_ascii=False, sort_keys=True)
    return (text + "\n").encode("utf-8", "replace")


def read_plan(path: Path, target: str) -> SavedPlan:
    """The plan in a file. Raises FileError where it is none, was changed, or is about another library than `target`."""
    data = files.read_or_none(path)
    if data is None:
        raise FileError(path, "there is no such file", _REMEDY)
    try:
        content = json.loads(data)
        version = content["dmlsync_plan"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise FileError(path, "is no plan of dmlsync", _REMEDY) from None
    if version != FORMAT:
        raise FileError(path, f"has the format {version!r}, this dmlsync knows {FORMAT}", _REMEDY)
    if content.get("digest") != _digest({name: value for name, value in content.items() if name != "digest"}):
        raise FileError(path, "was changed after it was made", _REMEDY)
    try:
        plan = _decoded(content)
    except (LookupError, TypeError, AttributeError):
        raise FileError(path, "does not have the form of a plan", _REMEDY) from None
    if plan.target != target:
        problem = f"is about {plan.target}, the configuration names {target}"
        raise FileError(path, problem, "use the configuration that it was made with")
    return plan


def _decoded(content: Mapping[str, Any]) -> SavedPlan:
    """The plan in a file's content. LookupError, TypeError, AttributeError for anything else."""
    made_of = {
        str(key): {name: str(facts[name]) for name in ("item_key", "remote", "local", "base")}
        for key, facts in content["made_of"].items()
    }
    actions = [{**action, "citation_key": str(action["citation_key"])} for action in content["actions"]]
    return SavedPlan(str(content["target"]), made_of, actions)


def resumed(saved: SavedPlan, plan: Plan) -> tuple[Plan, tuple[Moved, ...]]:
    """The part of a new plan that a saved one names, and which of its works are not as they were then."""
    now, part = _made_of(plan), part_of(plan, saved.made_of)
    open_works = {one.citation_key for one in part.actions} | {one.citation_key for one in part.conflicts}
    shown_now = [action_json(action) for action in plan.actions]
    moved = []
    for key, then in saved.made_of.items():
        parts = [name for name in ("remote", "local", "base") if then[name] != now.get(key, then)[name]]
        if key not in open_works:
            moved.append(Moved(key, "there is nothing left to do"))
        elif parts:
            what = ", and ".join(_MOVED[name] for name in parts if name != "base" or len(parts) == 1)
            moved.append(Moved(key, f"{what}: planned anew"))
        elif _shown(saved.actions, key) != _shown(shown_now, key):
            moved.append(Moved(key, f"{_MOVED['actions']}: planned anew"))
    return part, tuple(moved)


def _shown(actions: Iterable[Mapping[str, Any]], citation_key: str) -> list[str]:
    return [json.dumps(one, sort_keys=True) for one in actions if one["citation_key"] == citation_key]


def part_of(plan: Plan, keys: Collection[str]) -> Plan:
    """The part of a plan that is about these works, with the collections that they need."""
    wanted = frozenset(keys)
    actions = [action for action in plan.actions if action.citation_key in wanted]
    needed = {
        key
        for action in actions
        if isinstance(action.change, ItemChange) and action.change.collections
        for key in action.change.collections
    }
    made: list[Action] = []
    left_out: set[str] = set()
    for action in reversed(plan.actions):  # the inner collections come after those that they lie in
        if isinstance(action.change, CollectionChange):
            if action.change.key in needed:
                needed.add(action.change.parent)
                made.insert(0, action)
            else:
                left_out.add(action.change.key)
    return replace(
        plan,
        actions=(*made, *actions),
        conflicts=tuple(one for one in plan.conflicts if one.citation_key in wanted),
        notes=tuple(one for one in plan.notes if one.citation_key in wanted),
        works=tuple(one for one in plan.works if one.citation_key in wanted),
        removed=tuple(key for key in plan.removed if key in wanted),
        released=tuple(key for key in plan.released if key in wanted),
        places=Places({path: key for path, key in plan.places.keys.items() if key not in left_out}),
    )


def _made_of(plan: Plan) -> dict[str, dict[str, str]]:
    """What the plan rests on for each work; one that is about to be adopted cannot be pushed."""
    adopted = {action.citation_key for action in plan.actions if action.kind == "adopt"}
    found = {
        work.citation_key: {
            "item_key": work.item_key,
            "remote": _digest([work.version, _side(work.before)]),
            "local": _digest(_side(work.local)),
            "base": _digest(encode_binding(work.binding)),
        }
        for work in plan.works
        if work.citation_key not in adopted
    }
    for action in plan.actions:
        if action.citation_key in plan.removed and isinstance(action.found, Item):
            remote = _digest([action.found.version])
            facts = {"item_key": action.item_key, "remote": remote, "local": "", "base": ""}
            found[action.citation_key] = facts
    return found


def _side(side: Side) -> Any:
    values = {name: encode_value(value) for name, value in side.values.items()}
    return [values, sorted(side.collections), sorted(side.tags), sorted(side.links)]


def _digest(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
