"""A plan in a file: what of it is still true, and what it names."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dmlsync.errors import FileError
from dmlsync.model import CITATION_KEY, Creator
from dmlsync.sync.actions import Action, Plan, Side, WorkPlan
from dmlsync.sync.library import CollectionChange, ItemChange
from dmlsync.sync.lock import Binding
from dmlsync.sync.place import Places
from dmlsync.sync.saved_plan import _digest, part_of, plan_bytes, read_plan, resumed


def side(**values: str) -> Side:
    people = (Creator("Doe", "Jane"),)
    sets = (frozenset({"HQME2222"}), frozenset[str](), frozenset[str]())
    return Side({CITATION_KEY: "k", "creators": people, **values}, *sets)


def work(key: str, **values: str) -> WorkPlan:
    return WorkPlan(
        key, f"ITEM-{key}", Binding(f"ITEM-{key}"), side(**values), side(), side(**values), {}, {}, False, 3
    )


def update(key: str) -> Action:
    return Action("update", key, f"ITEM-{key}", "T", (), ItemChange(f"ITEM-{key}", 3, collections=frozenset({"C-IN"})))


OUTER = Action("collection", "", "C-OUT", "Outer", (), CollectionChange("C-OUT", 0, "Outer"))
INNER = Action("collection", "", "C-IN", "Inner", (), CollectionChange("C-IN", 0, "Inner", "C-OUT"))
OTHER = Action("collection", "", "C-NO", "Other", (), CollectionChange("C-NO", 0, "Other"))
PLACES = Places({("Outer",): "C-OUT", ("Outer", "Inner"): "C-IN", ("Other",): "C-NO"})
PLAN = Plan((OUTER, INNER, OTHER, update("a"), update("b")), works=(work("a", pages="1"), work("b")), places=PLACES)


def saved(path: Path, plan: Plan) -> Path:
    path.write_bytes(plan_bytes(plan, "groups/1"))
    return path


def test_the_same_state_gives_the_same_plan_and_nothing_moved(tmp_path: Path) -> None:
    again = read_plan(saved(tmp_path / "p", replace(PLAN, actions=PLAN.actions[:2] + PLAN.actions[3:])), "groups/1")
    plan, moved = resumed(again, PLAN)
    assert [action.title for action in plan.actions] == ["Outer", "Inner", "T", "T"]
    assert moved == ()


def test_the_part_about_some_works_brings_the_collections_that_they_need() -> None:
    part = part_of(PLAN, ["a"])
    assert [action.item_key for action in part.actions] == ["C-OUT", "C-IN", "ITEM-a"]
    assert set(part.places.keys.values()) == {"C-OUT", "C-IN"}
    assert [one.citation_key for one in part.works] == ["a"]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (replace(work("a", pages="1"), version=4), "changed in Zotero"),
        (work("a", pages="2"), "changed in library.bib"),
        (replace(work("a", pages="1"), binding=Binding("ITEM-a", {"pages": "1"})), "another run"),
    ],
)
def test_what_a_work_moved_in_is_told(tmp_path: Path, now: WorkPlan, words: str) -> None:
    again = read_plan(saved(tmp_path / "p", PLAN), "groups/1")
    _, moved = resumed(again, replace(PLAN, works=(now, work("b"))))
    assert [(one.citation_key, words in one.what) for one in moved] == [("a", True)]


@pytest.mark.parametrize("text", ["", "[]", "7", "null", '{"dmlsync_plan": []}', "[" * 100_000])
def test_what_is_no_plan_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "p"
    path.write_text(text)
    with pytest.raises(FileError):
        read_plan(path, "groups/1")


@pytest.mark.parametrize("damage", [{"made_of": {"a": {}}}, {"made_of": 7}, {"actions": [1]}, {"target": None}])
def test_a_forged_plan_is_refused_whatever_is_missing(tmp_path: Path, damage: dict[str, object]) -> None:
    path = saved(tmp_path / "p", PLAN)
    content = {**json.loads(path.read_text()), **damage}
    del content["digest"]
    path.write_text(json.dumps({**content, "digest": _digest(content)}))
    with pytest.raises(FileError):
        read_plan(path, "groups/1")


def test_every_byte_counts(tmp_path: Path) -> None:
    path = saved(tmp_path / "p", PLAN)
    path.write_text(path.read_text().replace("ITEM-a", "ITEM-c"))
    with pytest.raises(FileError, match="was changed after it was made"):
        read_plan(path, "groups/1")
