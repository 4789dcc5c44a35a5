"""What looks like an accident stops the run."""

from __future__ import annotations

import pytest

from dmlsync.errors import GuardError
from dmlsync.model import Record
from dmlsync.sync.actions import Plan
from dmlsync.sync.guards import check_library, check_removal
from dmlsync.sync.library import Collection, Item, Snapshot
from dmlsync.sync.lock import Binding, Printed, Target, WorkState

WORKS = {f"k{n}": WorkState((Printed("papers", f"T{n}"),)) for n in range(12)}
HOME = ("Papers",)
TARGET = Target({HOME: "HQME2222"}, {f"k{n}": Binding(f"I{n}", {}, frozenset({"HQME2222"})) for n in range(3)})
HERE = {"HQME2222": Collection("HQME2222", 1, "Papers")}


def items(collections: frozenset[str]) -> dict[str, Item]:
    return {f"I{n}": Item(f"I{n}", 1, Record("book"), collections=collections) for n in range(3)}


def removing(number: int) -> Plan:
    return Plan(removed=tuple(f"k{n}" for n in range(number)))


def test_up_to_a_quarter_may_go() -> None:
    check_removal(removing(3), WORKS)


def test_more_than_a_quarter_stops_and_says_how_to_go_on() -> None:
    with pytest.raises(GuardError, match=r"papers shrank from 12 works to 8.*--allow-shrink"):
        check_removal(removing(4), WORKS)


def test_a_line_or_two_out_of_a_short_list_is_daily_work() -> None:
    check_removal(Plan(removed=("k0", "k1")), {key: WORKS[key] for key in ("k0", "k1", "k2")})


def test_a_list_that_shrank_is_seen_beside_a_long_one() -> None:
    others = {f"o{n}": WorkState((Printed("other", f"O{n}"),)) for n in range(500)}
    with pytest.raises(GuardError, match="papers"):
        check_removal(removing(4), {**WORKS, **others})


def test_a_full_collection_is_fine() -> None:
    check_library(TARGET, Snapshot(1, items(frozenset({"HQME2222"})), {}, HERE), HOME)


@pytest.mark.parametrize(
    ("snapshot", "words"),
    [
        (Snapshot(1, items(frozenset()), {}, HERE), "none of the 3 items"),
        (Snapshot(1, {}, {}, HERE), "none of the 3 items"),
        (Snapshot(1, items(frozenset()), {}, {}), "was deleted in Zotero"),
        (Snapshot(1, {}, {}, {"HQME2222": Collection("HQME2222", 1, "P", trashed=True)}), "is in Zotero's trash"),
    ],
)
def test_an_emptied_or_missing_collection_stops(snapshot: Snapshot, words: str) -> None:
    with pytest.raises(GuardError, match=words):
        check_library(TARGET, snapshot, HOME)


def test_a_new_project_has_nothing_to_guard() -> None:
    check_library(Target(), Snapshot(1), HOME)
