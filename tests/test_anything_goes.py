"""Whatever people, networks and crashes do: nothing typed is lost, all sides come to agree, nothing is there twice."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from world import BIB_FIELDS, PAPERS, SECTIONS, ZOTERO_FIELDS, Clone, World

from dmlsync.bib.document import Document
from dmlsync.bib.read import records
from dmlsync.model import ITEM_TYPE
from dmlsync.sandbox import Sandbox, open_sandbox
from dmlsync.schema import fields_of
from dmlsync.sync import settle
from dmlsync.sync.choices import Side
from dmlsync.sync.merge import Values, comparable

# How many lives are lived, and how long they are: a few short ones in each run of the tests, more on demand.
EXAMPLES = int(os.environ.get("DMLSYNC_TEST_EXAMPLES", "40"))
STEPS = int(os.environ.get("DMLSYNC_TEST_STEPS", "20"))
clones = st.sampled_from([0, 1])
papers = st.sampled_from(PAPERS)
numbers = st.integers(0, 5)
blanks = st.sampled_from([False, False, False, True])
FAULTS = ("lost", "412", "429", "503", "truncated", "refused")


class AnythingGoes(RuleBasedStateMachine):
    """A world in which everybody does what they like."""

    sandbox: Sandbox

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="dmlsync-world-")
        self.world = World(Path(self.folder.name), self.sandbox)

    # ---- people ----------------------------------------------------------------------------------------------------

    @rule(clone=clones, paper=papers, section=st.sampled_from([*SECTIONS, None]))
    def a_curator_edits_the_list(self, clone: int, paper: str, section: str | None) -> None:
        self.world.list_line(self.world.clones[clone], paper, section)

    @rule(clone=clones, paper=papers, name=st.sampled_from(tuple(BIB_FIELDS)), blank=blanks)
    def a_student_edits_the_bib(self, clone: int, paper: str, name: str, blank: bool) -> None:
        self.world.edit_bib(self.world.clones[clone], paper, name, blank=blank)

    @rule(number=numbers, name=st.sampled_from(ZOTERO_FIELDS), blank=blanks)
    def a_member_edits_an_item(self, number: int, name: str, blank: bool) -> None:
        self.world.edit_item(number, name, blank=blank)

    @rule(number=numbers, act=st.sampled_from(["trash", "restore", "take out", "file", "tag", "note"]))
    def a_member_does_something_to_an_item(self, number: int, act: str) -> None:
        self.world.act_on_item(number, act)

    @rule(clone=clones, paper=papers, entry_type=st.sampled_from(["inproceedings", "article", "book"]))
    def a_student_changes_a_type(self, clone: int, paper: str, entry_type: str) -> None:
        self.world.retype_entry(self.world.clones[clone], paper, entry_type)

    @rule(number=numbers, item_type=st.sampled_from(["conferencePaper", "journalArticle", "book"]))
    def a_member_changes_a_type(self, number: int, item_type: str) -> None:
        self.world.retype_item(number, item_type)

    @rule(number=numbers, other=numbers)
    def a_member_merges_two_items(self, number: int, other: int) -> None:
        self.world.merge_items(number, other)

    @rule(clone=clones, side=st.sampled_from(["local", "remote"]))
    def someone_decides_a_conflict(self, clone: int, side: Side) -> None:
        self.world.decide(self.world.clones[clone], side)

    @rule()
    def a_member_adds_an_item(self) -> None:
        self.world.add_item()

    # ---- runs ------------------------------------------------------------------------------------------------------

    @rule(clone=clones, direction=st.sampled_from(["push", "pull", "sync", "sync"]))
    def someone_runs(self, clone: int, direction: str) -> None:
        self.world.run(self.world.clones[clone], direction)

    @rule(
        clone=clones, direction=st.sampled_from(["push", "sync"]), where=st.integers(0, 6), what=st.sampled_from(FAULTS)
    )
    def someone_runs_over_a_bad_line(self, clone: int, direction: str, where: int, what: str) -> None:
        self.world.faults = [None] * where + [what]
        self.world.run(self.world.clones[clone], direction)

    @rule(clone=clones, direction=st.sampled_from(["push", "pull", "sync"]), fatal=st.integers(1, 16))
    def a_run_is_killed(self, clone: int, direction: str, fatal: int) -> None:
        self.world.fatal = fatal
        self.world.run(self.world.clones[clone], direction)

    @rule(clone=clones)
    def someone_saves_a_plan(self, clone: int) -> None:
        self.world.save_plan(self.world.clones[clone])

    @precondition(lambda self: any(clone.plan for clone in self.world.clones))
    @rule(clone=clones)
    def someone_pushes_a_stale_plan(self, clone: int) -> None:
        if plan := self.world.clones[clone].plan:
            self.world.run(self.world.clones[clone], "push", plan)

    @rule(clone=clones)
    def someone_undoes_a_run(self, clone: int) -> None:
        self.world.undo(self.world.clones[clone])

    @rule(clone=clones, where=st.integers(0, 4), what=st.sampled_from(FAULTS))
    def someone_undoes_a_run_over_a_bad_line(self, clone: int, where: int, what: str) -> None:
        self.world.faults = [None] * where + [what]
        self.world.undo(self.world.clones[clone])

    @rule(clone=clones, fatal=st.integers(1, 12))
    def an_undo_is_killed(self, clone: int, fatal: int) -> None:
        self.world.fatal = fatal
        self.world.undo(self.world.clones[clone])

    # ---- version control -------------------------------------------------------------------------------------------

    @rule()
    def the_curators_exchange_their_files(self) -> None:
        self.world.exchange()

    @rule(clone=clones, number=numbers)
    def someone_brings_a_former_lock_back(self, clone: int, number: int) -> None:
        self.world.reset_lock(self.world.clones[clone], number)

    @rule(clone=clones)
    def someone_deletes_the_caches(self, clone: int) -> None:
        self.world.forget(self.world.clones[clone])

    # ---- what must hold --------------------------------------------------------------------------------------------

    @invariant()
    def nothing_that_a_person_typed_is_lost(self) -> None:
        if hasattr(self, "world"):
            assert not self.world.lost()

    def teardown(self) -> None:
        """In the end everybody runs until nothing is left to do; then all sides agree."""
        if not hasattr(self, "world"):
            return
        try:
            self._settle()
        finally:
            self.folder.cleanup()

    def _settle(self) -> None:
        world = self.world
        world.exchange(by_force=True)
        for _ in range(5):
            before = self._state()
            for clone in world.clones:
                assert world.run(clone, "sync") is not None
            world.exchange(by_force=True)
            if self._state() == before:
                break
        else:
            raise AssertionError("it never comes to rest")
        assert not world.lost()
        assert not world.duplicates()
        for clone in world.clones:
            result = world.run(clone, "sync")
            assert result is not None
            assert not result["actions"]
            assert result["requests"] <= 2
            self._check_agreement(clone, result)

    def _state(self) -> object:
        texts = [clone.text(name) for clone in self.world.clones for name in ("library.bib", "library.lock")]
        return texts, [{**item, "version": 0, "dateModified": ""} for item in self.world.items()]

    def _check_agreement(self, clone: Clone, result: dict[str, object]) -> None:
        """Every field of every item says the same in library.bib, unless it is a conflict."""
        here = records(Document.parse((clone.folder / "library.bib").read_bytes()))
        conflicts = result["conflicts"]
        assert isinstance(conflicts, set)
        outside = {note.citation_key for note in result["notes"]}  # type: ignore[attr-defined]
        listed = self.world.lines[clone.folder.name]
        for item in self.world.items():
            key = item["citationKey"]
            if key in outside or (key.removesuffix("2020") in PAPERS and key.removesuffix("2020") not in listed):
                continue
            if not item["collections"] or item["key"] in result["other keys"]:  # type: ignore[operator]
                continue
            for name in ("title", *ZOTERO_FIELDS):
                known = name in item and (name in fields_of(here[key].item_type) or (key, ITEM_TYPE) not in conflicts)
                if known and (key, name) not in conflicts:
                    assert comparable(name, here[key].get(name)) == comparable(name, item[name]), (key, name)


@contextmanager
def living_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[AnythingGoes]]:
    with open_sandbox(folder / "server.sqlite") as sandbox:
        monkeypatch.setenv("ZOTERO_API_KEY", sandbox.key)
        yield type("Lives", (AnythingGoes,), {"sandbox": sandbox})


def lives(examples: int, steps: int, *, derandomize: bool = False) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=derandomize,
        suppress_health_check=list(HealthCheck),
        # Making a failing life shorter takes minutes: only where somebody looks for the cause.
        phases=[phase for phase in Phase if phase != Phase.shrink or "DMLSYNC_TEST_SHRINK" in os.environ],
    )


def test_nothing_is_lost_or_doubled_whatever_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with living_in(tmp_path, monkeypatch) as machine:
        run_state_machine_as_test(machine, settings=lives(EXAMPLES, STEPS))


def follow_the_library(base: Values, local: Values, remote: Values) -> dict[str, object]:
    """A wrong base: what the library holds after a run, whether library.bib holds it or not."""
    return {name: value for name, value in sorted(remote.items()) if value}


def test_the_machine_notices_a_base_that_moves_to_what_one_side_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settle, "moved", follow_the_library)
    with living_in(tmp_path, monkeypatch) as machine, pytest.raises(AssertionError, match="zz"):
        run_state_machine_as_test(machine, settings=lives(400, 20, derandomize=True))
