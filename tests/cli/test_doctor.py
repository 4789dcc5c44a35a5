"""`dmlsync doctor`: one line a check, the remedy below, and an exit code for scripts."""

from __future__ import annotations

import pytest
from lab import Lab


def test_all_is_well(lab: Lab) -> None:
    lab.configure("papers.md", resolve='mailto = "me@uni.edu"')
    answer = lab.run("doctor")
    assert answer.exit_code == 0, answer
    assert answer.output.splitlines()[-1] == "All is well."
    assert "ok           lists" in answer.output


def test_a_warning_is_no_failure_and_has_its_remedy_below(lab: Lab) -> None:
    answer = lab.run("doctor", "--offline")
    assert answer.exit_code == 0
    assert answer.output.splitlines()[-1] == "no checks failed, 1 warning."
    lines = answer.output.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("warning"))
    assert any(line.strip().startswith("-> set mailto") for line in lines[at : at + 4])
    assert all(len(line) <= 80 for line in lines)


def test_what_failed_gives_exit_code_1(lab: Lab) -> None:
    (lab.folder / "papers.md").unlink()
    answer = lab.run("doctor", "--offline")
    assert answer.exit_code == 1
    assert "1 check failed" in answer.output


def test_it_needs_no_configuration_to_say_that_there_is_none(lab: Lab) -> None:
    lab.config.unlink()
    answer = lab.run("doctor", "--json")
    assert answer.exit_code == 1
    states = {one["id"]: one["state"] for one in answer.json["checks"]}
    assert (states["python"], states["config"], states["lists"]) == ("ok", "failed", "not checked")
    assert all(set(one) == {"id", "state", "message", "remedy"} for one in answer.json["checks"])


def test_what_comes_from_files_cannot_steer_the_terminal(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.config.write_text("[zotero]\nlibrary = 1\n[\x1b[31m]\n")
    assert "\x1b[31m]" not in lab.run("doctor", "--no-color").output
