"""Batches, their journal, and what is not sent after a refusal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from dmlsync.errors import FileError, LibraryUnavailableError
from dmlsync.sync.actions import Action, Plan
from dmlsync.sync.apply import BATCH, apply, batches
from dmlsync.sync.journal import Journal, cut_off_run, read_journal, runs
from dmlsync.sync.library import AttachmentChange, Change, CollectionChange, ItemChange, Outcome, Snapshot


def item(number: int) -> ItemChange:
    return ItemChange(f"ITEM{number:04}", 0)


def link(number: int) -> AttachmentChange:
    return AttachmentChange(f"LINK{number:04}", 0, f"ITEM{number:04}", "PDF", "https://example.org")


class Recorder:
    """A library that answers as it is told."""

    name = "groups/1"
    requests = 0

    def __init__(self, refuse: Iterable[str] = (), fail_at: int = -1) -> None:
        self.batches: list[list[str]] = []
        self._refuse = set(refuse)
        self._fail_at = fail_at

    def snapshot(self) -> Snapshot:
        return Snapshot(1)

    def find(self, keys: Iterable[str]) -> Snapshot:
        return Snapshot(1)

    def write(self, changes: Sequence[Change]) -> Sequence[Outcome]:
        if len(self.batches) == self._fail_at:
            raise LibraryUnavailableError(self.name, "is away")
        self.batches.append([change.key for change in changes])
        return [Outcome("refused" if one.key in self._refuse else "written", one.key, 2) for one in changes]


def plan_of(*changes: Change) -> Plan:
    return Plan(tuple(Action("create", "k", change.key, "T", (), change) for change in changes))


def test_requests_are_full_and_an_item_goes_out_before_its_links() -> None:
    changes: list[Change] = [change for number in range(40) for change in (item(number), link(number))]
    assert [len(batch) for batch in batches(changes)] == [50, 30]
    assert [change for batch in batches([item(100), *changes]) for change in batch] == [item(100), *changes]


def test_collections_go_out_before_and_apart() -> None:
    changes: list[Change] = [CollectionChange("C1", 0, "A"), item(1), link(1)]
    assert [len(batch) for batch in batches(changes)] == [1, 2]


def test_an_item_with_more_links_than_a_batch_holds_is_split() -> None:
    many: list[Change] = [item(1), *(AttachmentChange(f"L{n}", 0, "ITEM0001", "PDF", "u") for n in range(120))]
    assert [len(batch) for batch in batches(many)] == [BATCH, BATCH, 21]


def test_every_batch_stands_in_the_journal_before_it_is_sent(tmp_path: Path) -> None:
    changes = [change for number in range(30) for change in (item(number), link(number))]
    with Journal(tmp_path, "run") as journal:
        journal.begin("groups/1", "push", [])
        result = apply(plan_of(*changes), Recorder(fail_at=1), journal)
    assert isinstance(result.error, LibraryUnavailableError)
    assert len(result.outcomes) == 50
    members = [set(line) & {"intent", "done"} for line in read_journal(tmp_path / "run.jsonl").lines[1:]]
    assert members == [{"intent"}, {"done"}, {"intent"}]
    assert not read_journal(tmp_path / "run.jsonl").ended


def test_nothing_is_sent_that_hangs_on_a_refused_item(tmp_path: Path) -> None:
    library = Recorder(refuse=["ITEM0001"])
    changes = [item(1), *(AttachmentChange(f"L{n}", 0, "ITEM0001", "PDF", "u") for n in range(60))]
    with Journal(tmp_path, "run") as journal:
        result = apply(plan_of(*changes), library, journal)
    assert len(library.batches) == 1
    assert result.outcomes["ITEM0001"].kind == "refused"


def test_a_journal_that_was_cut_off_in_a_line_is_read_up_to_there(tmp_path: Path) -> None:
    with Journal(tmp_path, "run") as journal:
        journal.begin("groups/1", "push", [])
    path = tmp_path / "run.jsonl"
    path.write_text(path.read_text() + '{"intent": 0, "ke')
    (log,) = runs(tmp_path)
    assert (log.target, log.ended, len(log.lines)) == ("groups/1", False, 1)
    assert json.loads(path.read_text().splitlines()[0])["format"] == 1


def test_a_journal_that_cannot_be_begun_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="nothing was sent"):
        Journal(tmp_path / "file" / "journal", "run")


def test_a_run_that_was_cut_off_is_found_and_a_finished_one_is_not(tmp_path: Path) -> None:
    assert cut_off_run(tmp_path / "nowhere") is None
    with Journal(tmp_path, "first") as journal:
        journal.begin("sandbox", "push", [{"title": '{"end": '}])
        journal.here({"works": {}})
        cut_off = cut_off_run(tmp_path)
        assert cut_off is not None
        assert cut_off.run == "first"
        journal.end("the library went away")
    assert cut_off_run(tmp_path) is None


def test_of_a_finished_journal_only_the_end_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Journal(tmp_path, "first") as journal:
        journal.begin("sandbox", "push", [{"title": "x" * 10_000}])
        journal.end()
    monkeypatch.setattr("dmlsync.sync.journal.read_journal", lambda path: pytest.fail("was read whole"))
    assert cut_off_run(tmp_path) is None


def test_a_last_line_that_was_cut_in_two_is_no_end(tmp_path: Path) -> None:
    with Journal(tmp_path, "first") as journal:
        journal.begin("sandbox", "push", [])
        journal.end()
    path = tmp_path / "first.jsonl"
    path.write_bytes(path.read_bytes()[:-3])
    assert cut_off_run(tmp_path) is not None


def test_an_end_too_long_to_be_seen_is_found_by_reading_all(tmp_path: Path) -> None:
    with Journal(tmp_path, "first") as journal:
        journal.begin("sandbox", "push", [])
        journal.end("x" * 10_000)
    assert cut_off_run(tmp_path) is None
