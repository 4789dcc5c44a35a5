"""Progress on a terminal, and Ctrl-C."""

from __future__ import annotations

import signal
from typing import Any

import click
import pytest
from lab import Lab, many_rows

from dmlsync.cli.progress import Progress, duration
from dmlsync.errors import StoppedError
from dmlsync.sync.journal import Journal


@pytest.fixture
def large(lab: Lab) -> Lab:
    lab.configure("papers.md", resolve='unresolved = "minimal"')
    lab.write("papers.md", many_rows(60))
    return lab


def interrupting(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """A person presses Ctrl-C when the first items have been written."""
    done, calls = Journal.done, list[int]()

    def and_ctrl_c(self: Journal, batch: int, outcomes: Any) -> None:
        done(self, batch, outcomes)
        calls.append(batch)
        if len(calls) == 2:
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Journal, "done", and_ctrl_c)


def test_ctrl_c_ends_a_push_between_two_requests_and_the_next_does_the_rest(
    large: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        interrupting(patched, times=1)
        answer = large.push()
    assert answer.exit_code == 1
    assert "Stopping after this request" in answer.errors
    assert "51 objects of 181 written; run the command again" in answer.output
    assert "stopped by Ctrl-C" in answer.errors
    assert '"end"' in next((large.folder / ".dmlsync" / "journal").glob("*.jsonl")).read_text()
    assert len(large.lock.read_text()) > 1000
    assert large.push("--json").json["outcomes"]["written"] == 130
    assert large.push("--json").json["actions"] == []
    assert len(large.items()) == 60


def test_a_second_ctrl_c_ends_it_at_once_and_the_next_push_does_the_rest(
    large: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        interrupting(patched, times=2)
        answer = large.push()
    assert (answer.exit_code, "Stopped: run the command again" in answer.errors) == (1, True)
    assert large.push().exit_code == 0
    assert len(large.items()) == 60
    assert len(large.attachments()) == 120
    assert large.push("--json").json["actions"] == []


def test_the_handler_of_before_is_back_after_a_run(large: Lab) -> None:
    before = signal.getsignal(signal.SIGINT)
    large.push()
    assert signal.getsignal(signal.SIGINT) is before


class Terminal:
    """Standard error as a terminal, with a clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
        self.progress = Progress(click.Context(click.Command("push")), clock=lambda: self.now)

    def at(self, seconds: float, done: int, total: int) -> None:
        self.now = seconds
        self.progress("Writing to Zotero", done, total)


def test_a_line_says_how_far_how_fast_and_how_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal(monkeypatch)
    terminal.at(0, 50, 1000)
    terminal.at(1, 100, 1000)
    assert capsys.readouterr().err.endswith("Writing to Zotero: 100 of 1000")
    terminal.at(10, 550, 1000)
    assert capsys.readouterr().err.endswith("Writing to Zotero: 550 of 1000, 50 a second, 9 s left")
    terminal.at(20, 1000, 1000)
    line = capsys.readouterr().err
    assert line.strip() == ""


def test_work_that_is_done_is_not_stopped() -> None:
    progress = Progress(click.Context(click.Command("push")))
    progress.stopping = True
    progress("Writing", 3, 3)
    with pytest.raises(StoppedError):
        progress("Writing", 2, 3)


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.4, "0 s"), (89, "89 s"), (90, "2 min"), (5399, "90 min"), (7200, "2 h")]
)
def test_durations_are_round(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_ctrl_d_at_a_question_says_that_what_is_done_is_kept(large: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmlsync.cli.common.has_terminal", lambda ctx: True)
    answer = large.run("push")
    assert (answer.exit_code, "Stopped: run the command again" in answer.errors) == (1, True)
    assert not large.objects()
