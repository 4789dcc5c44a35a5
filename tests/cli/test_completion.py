"""Shell completion, asked for as bash, zsh and fish ask; and other ways in: `python -m dmlsync`, the manual page."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner
from lab import Lab

from dmlsync import __version__
from dmlsync.cli.app import COMMANDS, app
from dmlsync.cli.man import man_page

ROOT = Path(__file__).parents[2]
PROGRAM = [sys.executable, "-m", "dmlsync"]


def ask(lab: Lab, *words: str, shell: str = "bash") -> list[str]:
    """What is proposed for the last word, the others being on the line already."""
    line = ["dmlsync", "--config", str(lab.config), *words]
    typed = line if shell != "fish" else line[:-1]
    environ = {
        "_DMLSYNC_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": " ".join(typed),
        "COMP_CWORD": str(len(line) - 1) if shell != "fish" else words[-1],
    }
    answer = CliRunner().invoke(app, prog_name="dmlsync", env=environ, catch_exceptions=False)
    assert (answer.exit_code, answer.stderr) == (0, "")
    return answer.stdout.splitlines()


def values(lab: Lab, *words: str) -> list[str]:
    """The values alone, as bash gets them."""
    return [line.partition(",")[2] for line in ask(lab, *words) if line.startswith("plain,")]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_is_told_what_it_needs(shell: str) -> None:
    environ = {**os.environ, "_DMLSYNC_COMPLETE": f"{shell}_source"}
    program = "import sys; sys.argv[0] = 'dmlsync'; from dmlsync.cli import main; main()"
    answer = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True)
    assert f"_DMLSYNC_COMPLETE={shell}_complete" in answer.stdout


def test_commands_and_options_are_proposed(lab: Lab) -> None:
    assert set(values(lab, "")) == set(COMMANDS)
    assert values(lab, "pu") == ["push", "pull"]
    assert "--allow-shrink" in values(lab, "push", "--")


@pytest.mark.parametrize("command", ["rekey", "merge"])
def test_citation_keys_are_those_of_library_bib(lab: Lab, command: str) -> None:
    assert values(lab, command, "sch") == ["schroff2015facenet"]
    assert values(lab, command, "WANG") == ["wang2018cosface"]
    assert len(values(lab, command, "")) == 3


def test_a_new_citation_key_is_nothing_to_propose(lab: Lab) -> None:
    assert values(lab, "rekey", "schroff2015facenet", "s") == []


def test_shells_that_show_it_get_the_title_too(lab: Lab) -> None:
    assert ask(lab, "rekey", "sch", shell="fish") == [
        "plain,schroff2015facenet\tFaceNet: A Unified Embedding for Face Recognition and Clust…"
    ]
    assert ask(lab, "rekey", "sch", shell="zsh")[:2] == ["plain", "schroff2015facenet"]


def test_runs_are_proposed_newest_first(lab: Lab) -> None:
    assert values(lab, "undo", "") == []
    lab.push()
    lab.edit_bib("date = {2015}", "date = {2016}")
    lab.push()
    assert values(lab, "undo", "") == [one["run"] for one in lab.run("log", "--json").json["runs"]]


def test_lists_are_proposed_then_their_entries(lab: Lab) -> None:
    lab.configure("papers.md", "others.md")
    assert values(lab, "resolve", "") == ["papers", "others"]
    assert values(lab, "resolve", "pap") == ["papers", "papers:3", "papers:4"]
    assert values(lab, "resolve", "papers:4") == ["papers:4"]
    assert values(lab, "resolve", "papers:3", "papers:") == ["papers:3", "papers:4"]
    assert values(lab, "resolve", "others:") == []  # there is no such file


def test_rules_and_lists_are_proposed_for_options(lab: Lab) -> None:
    assert values(lab, "check", "--rule", "bad-d") == ["bad-date", "bad-doi"]
    assert values(lab, "check", "--ignore", "stray") == ["stray-bracket"]
    assert values(lab, "add", "--list", "") == ["papers"]


def test_bash_takes_a_colon_for_the_end_of_a_word(lab: Lab) -> None:
    assert values(lab, "resolve", "papers", ":") == ["3", "4"]
    assert values(lab, "resolve", "papers", ":", "4") == ["4"]


@pytest.mark.parametrize("words", [("rekey", ""), ("merge", ""), ("undo", ""), ("resolve", ""), ("resolve", "a:")])
def test_outside_a_project_nothing_is_proposed_and_nothing_said(tmp_path: Path, words: tuple[str, ...]) -> None:
    nowhere = Lab(tmp_path / "nowhere")
    assert values(nowhere, *words) == []
    nowhere.config.write_text("not = [toml")
    assert values(nowhere, *words) == []
    nowhere.configure("papers.md")
    nowhere.bib.write_bytes(b"\xff\xfe\x00@article{")
    nowhere.lock.write_text("<<<<<<<")
    assert set(values(nowhere, *words)) <= {"papers"}


def test_no_key_can_make_a_proposal_of_its_own(lab: Lab) -> None:
    lab.bib.write_text("@misc{schroff evil, title = {a\tb\nplain,evil}}\n@misc{sch\x1b[2J,}\n@misc{schroff,}\n")
    for shell in ("bash", "fish"):
        assert ask(lab, "rekey", "sch", shell=shell) == ["plain,schroff"]


def test_a_proposal_opens_no_library_and_asks_nobody(lab: Lab) -> None:
    ask(lab, "merge", "")
    ask(lab, "resolve", "papers")
    assert not (lab.folder / ".dmlsync").exists()


# ---- other ways in ---------------------------------------------------------------------------------------------------


def test_python_m_dmlsync_is_the_command(lab: Lab) -> None:
    answer = subprocess.run([*PROGRAM, "--version"], capture_output=True, text=True, check=True)
    assert answer.stdout == f"dmlsync, version {__version__}\n"
    command = [*PROGRAM, "--config", str(lab.config), "status", "--json"]
    failed = subprocess.run([*PROGRAM, "nonsense"], capture_output=True, text=True, check=False)
    assert (failed.returncode, "Usage: dmlsync" in failed.stderr) == (2, True)
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert answer.stdout.startswith("{")


@pytest.mark.skipif(not version("click").startswith("8.5."), reason="another click words types of options otherwise")
def test_the_manual_page_is_up_to_date() -> None:
    page = (ROOT / "docs" / "dmlsync.1").read_text(encoding="utf-8")
    assert page == man_page(), "make it anew: python -m dmlsync.cli.man > docs/dmlsync.1"


def test_the_manual_page_has_every_command_and_option() -> None:
    page = man_page().replace("\\-", "-")
    for name in COMMANDS:
        assert f'.SS "dmlsync {name}' in page
    for option in ("--allow-shrink", "--exit-code", "--config", "--json", "new-group", "ZOTERO_API_KEY"):
        assert option in page


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_the_manual_page_is_sound_troff() -> None:
    command = ["groff", "-man", "-Tutf8", "-ww", "-z"]
    answer = subprocess.run(command, input=man_page(), capture_output=True, text=True, check=True)
    assert answer.stderr == ""
