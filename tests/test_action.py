"""`action.yml` and `.pre-commit-hooks.yaml`: their shell steps are run as GitHub runs them, against a server."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lab import ARCFACE, COSFACE, FACENET, HEADER, Lab

from dmlsync.cli.github_action import COMMANDS, settings_of
from dmlsync.cli.github_summary import shown, summary
from dmlsync.cli.workflow_commands import workflow_command
from dmlsync.sandbox import Sandbox

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
needs_shell = pytest.mark.skipif(not shutil.which("bash") or not shutil.which("git"), reason="needs bash and git")

ROOT = Path(__file__).parents[1]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
DOCUMENT = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
STEPS: dict[str, dict[str, Any]] = {step["id"]: step for step in ACTION["runs"]["steps"]}
EXPRESSION = re.compile(r"\$\{\{\s*([^}]*?)\s*\}\}")
HOSTILE = "::error file=a::x ##[add-mask]a %0A::set-output name=commit::evil <img src=x> [a](http://b) @ada `$(id)` $x$"


@dataclass(frozen=True)
class Step:
    """What a step came to."""

    exit_code: int
    log: str
    summary: str
    outputs: Mapping[str, str]

    @property
    def commands(self) -> list[tuple[str, str]]:
        """The workflow commands that the runner would take out of the log: name and properties, message."""
        found, waits_for = list[tuple[str, str]](), ""
        for line in self.log.splitlines():
            matched = re.match(r"\s*::([^:]*)::(.*)", line)
            if waits_for:
                waits_for = "" if matched and matched[1] == waits_for else waits_for
            elif matched and matched[1] == "stop-commands":
                waits_for = matched[2]
            elif matched:
                found.append((matched[1].rstrip(), matched[2]))
            else:
                assert "##[" not in line, line
        return found


class Runner:
    """A checkout with a remote, in which steps of the action run."""

    def __init__(self, lab: Lab, folder: Path) -> None:
        self.lab, self.folder, self.workspace = lab, folder, lab.folder
        self.remote = folder / "remote.git"
        self.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.remote), at=folder)
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("remote", "add", "origin", str(self.remote))
        (self.workspace / ".gitignore").write_text(".dmlsync/\n")
        self.commit_all("start")

    def git(self, *arguments: str, at: Path | None = None) -> str:
        identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        done = subprocess.run(
            ["git", *identity, *arguments], cwd=at or self.workspace, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def commit_all(self, message: str, at: Path | None = None) -> None:
        self.git("add", "--all", at=at)
        self.git("commit", "--quiet", "-m", message, at=at)
        self.git("push", "--quiet", "origin", "main", at=at)

    def run(self, **inputs: str) -> Step:
        """Run the action's last step with these inputs, the others as they are by default."""
        given = {name: str(one["default"]) for name, one in ACTION["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        values = {f"inputs.{name}": value for name, value in given.items()}
        values["steps.install.outputs.python"] = sys.executable
        files = {name: self.folder / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in files.values():
            path.write_text("", encoding="utf-8")
        step = STEPS["run"]
        variables = {name: EXPRESSION.sub(lambda at: values[at[1]], text) for name, text in step["env"].items()}
        script = self.folder / "step.sh"
        script.write_text(step["run"], encoding="utf-8")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.workspace,
            env={
                **os.environ,
                **variables,
                **{name: str(path) for name, path in files.items()},
                "GITHUB_WORKSPACE": str(self.workspace),
                "RUNNER_TEMP": str(self.folder),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert not done.stderr, done.stderr
        texts = {name: path.read_text(encoding="utf-8") for name, path in files.items()}
        outputs = dict(line.split("=", 1) for line in texts["GITHUB_OUTPUT"].splitlines())
        everything = done.stdout + "".join(texts.values())
        key = os.environ.get("ZOTERO_API_KEY")
        assert not key or key not in everything
        return Step(done.returncode, done.stdout, texts["GITHUB_STEP_SUMMARY"], outputs)


@pytest.fixture
def runner(lab: Lab, tmp_path: Path, server: tuple[str, Sandbox]) -> Runner:
    """A project whose library is a server on this machine, checked out from a remote."""
    url, sandbox = server
    lab.configure("papers.md", zotero=f'library = "groups/{sandbox.group}"\nendpoint = "{url}"')
    return Runner(lab, tmp_path)


def member_edits(server: tuple[str, Sandbox], key: str, **fields: str) -> None:
    """A member of the group changes an item."""
    import httpx2

    url, sandbox = server
    headers = {"Zotero-API-Key": sandbox.key}
    with httpx2.Client(base_url=f"{url}/groups/{sandbox.group}", headers=headers, trust_env=False) as client:
        items = client.get("/items", params={"q": key, "qmode": "everything"}).raise_for_status().json()
        [item] = [one["data"] for one in items if one["data"].get("citationKey") == key]
        change = {"key": item["key"], "version": item["version"], **fields}
        assert client.post("/items", json=[change]).raise_for_status().json()["successful"]


# ---- as it is written ------------------------------------------------------------------------------------------------


def test_no_input_can_become_a_part_of_a_script() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
        assert step.get("shell", "bash") == "bash"


def test_every_input_is_used_and_every_output_is_made() -> None:
    used = {name for step in ACTION["runs"]["steps"] for name in EXPRESSION.findall(json.dumps(step))}
    assert {f"inputs.{name}" for name in ACTION["inputs"]} == {name for name in used if name.startswith("inputs.")}
    assert all("description" in one and "default" in one for one in ACTION["inputs"].values())
    assert {one["value"] for one in ACTION["outputs"].values()} == {
        f"${{{{ steps.run.outputs.{name} }}}}" for name in ACTION["outputs"]
    }


def test_the_key_is_no_input() -> None:
    assert not [name for name in ACTION["inputs"] if "key" in name or "token" in name or "secret" in name]


def test_the_commands_are_those_that_the_description_names() -> None:
    assert set(re.findall(r"\w+", ACTION["inputs"]["command"]["description"])) - {"or"} == set(COMMANDS)


@needs_shell
def test_installing_makes_an_environment_of_its_own_from_the_actions_checkout(tmp_path: Path) -> None:
    said = tmp_path / "said"
    fake = tmp_path / "python"
    fake.write_text(
        "#!/usr/bin/env bash\n"
        f'printf "%s\\n" "$*" >> "{said}"\n'
        'if [ "$3" = venv ]; then mkdir -p "$4/bin"; cp "$0" "$4/bin/python"; fi\n'
    )
    fake.chmod(0o755)
    files = {"RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(tmp_path / "out"), "GITHUB_ACTION_PATH": "/the/action"}
    command = ["bash", "-e", "-o", "pipefail", "-c", STEPS["install"]["run"]]
    subprocess.run(command, env={**os.environ, **files, "PYTHON": str(fake)}, check=True)
    venv, pip = said.read_text().splitlines()
    assert venv.startswith(f"-I -m venv {tmp_path}/dmlsync.")
    assert pip == "-I -m pip install --quiet --disable-pip-version-check /the/action"
    assert Path((tmp_path / "out").read_text().strip().removeprefix("python=")).exists()


# ---- as it is described ----------------------------------------------------------------------------------------------


def test_every_input_and_output_is_in_the_document() -> None:
    inputs, _, outputs = DOCUMENT.partition("### Outputs")
    for name, one in ACTION["inputs"].items():
        default = f"`{one['default']}` |" if one["default"] else "|"
        assert f"| `{name}` | {default}" in inputs
    assert all(f"`{name}`" in outputs for name in ACTION["outputs"])
    assert all(f"| `{hook['id']}` |" in DOCUMENT for hook in HOOKS)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.splitlines()[0])
def test_the_examples_are_sound(example: str) -> None:
    workflow = yaml.safe_load(example)
    steps = [step for job in workflow.get("jobs", {}).values() for step in job["steps"]]
    for step in steps:
        if step.get("uses", "").startswith("OWNER/"):
            assert set(step["with"]) <= set(ACTION["inputs"])
            assert step["with"]["command"] in COMMANDS
            assert ("ZOTERO_API_KEY" in step.get("env", {})) == (step["with"]["command"] != "check")
        assert "${{" not in step.get("run", "")
        subprocess.run(["bash", "-n", "-c", step.get("run", ":")], check=True)
    used = {hook["id"] for repo in workflow.get("repos", ()) for hook in repo["hooks"]}
    assert used <= {hook["id"] for hook in HOOKS}


# ---- check -----------------------------------------------------------------------------------------------------------


@needs_shell
def test_check_annotates_lines_and_fails_on_errors(runner: Runner) -> None:
    runner.lab.write("papers.md", HEADER + FACENET + "| | Kim, S. | 2020 | CVPR | [PDF](https://example.org/a) | |\n")
    step = runner.run()
    assert (step.exit_code, step.outputs["exit-code"]) == (1, "1")
    assert int(step.outputs["problems"]) >= 1
    assert step.commands[0][0].startswith("error file=papers.md,line=4,title=dmlsync list-syntax")
    assert "| error | papers&#46;md&#58;4 |" in step.summary
    assert json.loads(Path(step.outputs["result"]).read_text())["problems"]
    assert not [name for name, _ in runner.run(annotate="false").commands if "file=" in name]


@needs_shell
def test_files_are_named_as_in_the_repository_where_the_project_is_a_folder_of_it(runner: Runner) -> None:
    inner = runner.workspace / "reading: lists"
    inner.mkdir()
    for name in ("papers.md", "library.bib", "config.toml"):
        shutil.copy(runner.workspace / name, inner / name)
    (inner / "papers.md").write_text(HEADER + FACENET + "| | Kim, S. | 2020 | CVPR | | |\n")
    step = runner.run(config="reading: lists/config.toml")
    assert step.commands[0][0].startswith("error file=reading%3A lists/papers.md,line=4,")


@needs_shell
def test_a_clean_project_passes_with_a_notice(runner: Runner) -> None:
    step = runner.run(args="--ignore missing-link")
    assert (step.exit_code, step.outputs["problems"]) == (0, "0")
    assert step.commands == [("notice title=dmlsync check", "no problems")]


@needs_shell
def test_hostile_titles_forge_nothing(runner: Runner) -> None:
    row = FACENET.replace("FaceNet: A unified embedding for face recognition and clustering", HOSTILE)
    runner.lab.write("papers.md", HEADER + row + row + COSFACE)
    for command in ("check", "plan", "push"):
        step = runner.run(command=command, commit="true", args="--allow-shrink" if command == "push" else "")
        names = {name.split()[0] for name, _ in step.commands}
        assert names <= {"error", "warning", "notice"}
        assert step.outputs["commit"] != "evil"
        assert all("title=dmlsync" in name for name, _ in step.commands)
        assert not re.search(r"<|@ada|\]\(|`|\$", step.summary)


@needs_shell
def test_what_went_wrong_is_said_where_no_command_is_looked_for(runner: Runner) -> None:
    runner.lab.config.write_text('"\\n::error file=a::x ##[add-mask]a" = 1\n' + runner.lab.config.read_text())
    step = runner.run()
    assert (step.exit_code, "add-mask" in step.log) == (2, True)
    assert [name for name, _ in step.commands] == ["error title=dmlsync check"]


# ---- push, plan, sync ------------------------------------------------------------------------------------------------


@needs_shell
def test_a_push_fills_the_library_and_commits_what_it_recorded(runner: Runner) -> None:
    (runner.workspace / "notes.txt").write_text("mine")
    step = runner.run(command="push", commit="true")
    assert step.exit_code == 0, step
    assert int(step.outputs["changes"]) > 2
    assert "new item | schroff2015facenet | FaceNet" in step.summary
    assert runner.git("rev-parse", "main", at=runner.remote) == step.outputs["commit"]
    assert runner.git("show", "--name-only", "--format=%an", "main").split() == ["github-actions[bot]", "library.lock"]
    assert "[skip ci]" in runner.git("log", "-1", "--format=%B")
    again = runner.run(command="push", commit="true")
    assert (again.exit_code, again.outputs["commit"], again.outputs["changes"]) == (0, "", "0")
    assert again.commands == [("notice title=dmlsync push", "nothing to do")]


@needs_shell
def test_without_commit_nothing_is_committed(runner: Runner) -> None:
    before = runner.git("rev-parse", "HEAD")
    assert runner.run(command="push").outputs["commit"] == ""
    assert runner.git("rev-parse", "HEAD") == before


@needs_shell
def test_a_commit_goes_on_top_of_what_others_pushed_meanwhile(runner: Runner, tmp_path: Path) -> None:
    other = tmp_path / "other"
    runner.git("clone", "--quiet", str(runner.remote), str(other), at=tmp_path)
    (other / "papers.md").write_text(HEADER + FACENET + COSFACE + ARCFACE)
    runner.commit_all("another row", at=other)
    (runner.workspace / "papers.md").write_text((runner.workspace / "papers.md").read_text() + "\n")
    step = runner.run(command="push", commit="true")
    assert step.exit_code == 0, step
    assert runner.git("log", "--format=%s", "main", at=runner.remote).splitlines()[1:] == ["another row", "start"]
    assert "ArcFace" in (runner.workspace / "papers.md").read_text()


@needs_shell
def test_a_commit_that_others_contradict_fails_and_is_not_pushed(runner: Runner, tmp_path: Path) -> None:
    other = tmp_path / "other"
    runner.git("clone", "--quiet", str(runner.remote), str(other), at=tmp_path)
    (other / "library.lock").write_text("theirs\n")
    runner.commit_all("their lock", at=other)
    step = runner.run(command="push", commit="true")
    assert step.exit_code == 1
    assert step.commands[-1][0] == "error title=dmlsync%3A commit"
    assert "moved on" in step.commands[-1][1]
    assert runner.git("log", "-1", "--format=%s", "main", at=runner.remote) == "their lock"
    assert not (runner.workspace / ".git" / "rebase-merge").exists()


@needs_shell
def test_on_a_pull_requests_checkout_nothing_can_be_committed(runner: Runner) -> None:
    runner.git("checkout", "--quiet", "--detach")
    step = runner.run(command="push", commit="true")
    assert step.exit_code == 1
    assert "on no branch" in step.commands[-1][1]


@needs_shell
def test_what_waits_is_a_warning_unless_it_shall_fail(runner: Runner, server: tuple[str, Sandbox]) -> None:
    runner.run(command="push", commit="true")
    member_edits(server, "schroff2015facenet", pages="815-825")
    runner.lab.edit_bib("pages = {815--823}", "pages = {815--824}")
    step = runner.run(command="sync", commit="true")
    assert (step.exit_code, step.outputs["exit-code"], step.outputs["conflicts"]) == (0, "3", "1")
    assert step.commands[-1] == (
        "warning title=dmlsync sync",
        "waits for a person: 1 conflict; nothing to do",
    )
    assert "| schroff2015facenet | pages | 815-824 | 815-825 | 815-823 |" in step.summary
    strict = runner.run(command="sync", fail_on_waiting="true")
    assert (strict.exit_code, strict.commands[-1][0]) == (3, "error title=dmlsync sync")


@needs_shell
def test_lines_that_wait_are_named(runner: Runner) -> None:
    runner.lab.write("papers.md", HEADER + FACENET + COSFACE + "| Nobody Knows It | Nemo, N. | 2020 | CVPR | | |\n")
    step = runner.run(command="push")
    assert (step.exit_code, step.outputs["exit-code"]) == (0, "3")
    assert step.commands[-1][1].startswith("waits for a person: 1 entry; 1 new collection")
    assert "| unresolved | papers&#58;5 | Nobody Knows It |" in step.summary


@needs_shell
def test_a_sync_brings_members_edits_into_the_repository(runner: Runner, server: tuple[str, Sandbox]) -> None:
    runner.run(command="push", commit="true")
    member_edits(server, "schroff2015facenet", pages="815-825")
    step = runner.run(command="sync", commit="true")
    assert step.exit_code == 0
    assert "pages&#58; 815-823 → 815-825" in step.summary
    assert "815--825" in runner.git("show", "main:library.bib", at=runner.remote)


@needs_shell
def test_a_plan_changes_nothing(runner: Runner) -> None:
    before = runner.git("status", "--porcelain")
    step = runner.run(command="plan", args="--exit-code", commit="true")
    assert (step.exit_code, step.outputs["exit-code"]) == (0, "4")
    assert "CosFace" in step.summary
    assert runner.git("status", "--porcelain") == before


@needs_shell
def test_failures_are_told_in_one_annotation(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZOTERO_API_KEY")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    step = runner.run(command="push", commit="true")
    assert (step.exit_code, step.outputs["commit"]) == (2, "")
    assert "ZOTERO_API_KEY" in step.commands[-1][1]
    assert runner.run(config="gone.toml").exit_code == 2


@needs_shell
@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"command": "push; id"}, "command: "),
        ({"command": "rekey"}, "command: "),
        ({"args": "'"}, "args: "),
        ({"annotate": "yes"}, "annotate: "),
        ({"fail_on_waiting": "$(id)"}, "fail-on-waiting: "),
    ],
)
def test_wrong_inputs_are_refused_by_name(runner: Runner, inputs: dict[str, str], said: str) -> None:
    step = runner.run(**inputs)
    assert step.exit_code == 2
    assert step.commands[0][1].startswith(said)


@needs_shell
def test_arguments_are_words_not_shell(runner: Runner) -> None:
    step = runner.run(args="--ignore '$(touch pwned)' `touch pwned` ; touch pwned")
    assert step.exit_code == 2
    assert not (runner.workspace / "pwned").exists()


@needs_shell
def test_a_module_in_the_repository_stands_in_for_nothing(runner: Runner) -> None:
    for name in ("json.py", "click.py", "dmlsync.py", "sitecustomize.py"):
        (runner.workspace / name).write_text("raise SystemExit('taken over')\n")
    assert runner.run().exit_code == 0


# ---- words -----------------------------------------------------------------------------------------------------------


def test_inputs_have_the_defaults_that_action_yml_names() -> None:
    defaults = {name: str(one["default"]) for name, one in ACTION["inputs"].items()}
    settings = settings_of({f"DMLSYNC_ACTION_{name.upper().replace('-', '_')}": one for name, one in defaults.items()})
    assert (settings.command, settings.annotate, settings.commit) == ("check", True, False)
    assert not settings.fail_on_waiting


def test_a_workflow_command_is_one_line_whatever_it_says() -> None:
    line = workflow_command("error", "a\r\n::set-env name=x::y", file="a,b:c%\n.md", line=3)
    assert line == "::error file=a%2Cb%3Ac%25%0A.md,line=3::a\N{REPLACEMENT CHARACTER}%0A::set-env name=x::y"


def test_text_is_shown_letter_by_letter() -> None:
    assert shown("*a* <b>|\n#1 www.example.org") == ("&#42;a&#42; &#60;b&#62;&#124; &#35;1 www&#46;example&#46;org")
    assert len(shown("é" * 1000)) == 300


def test_long_tables_are_cut() -> None:
    one = {"severity": "info", "file": "a.md", "line": 1, "message": "x", "rule": "y"}
    text = summary("check", {"problems": [one] * 1000}, (), "")
    assert text.count("| info |") == 200
    assert "... and 800 more" in text


# ---- pre-commit ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hook", HOOKS, ids=lambda one: one["id"])
def test_a_hook_runs_when_a_file_of_a_project_changes(hook: dict[str, Any]) -> None:
    pattern = re.compile(hook["files"])
    for name in ("lists/papers.md", "library.bib", "library.lock", "config.toml", "thesis/refs.bib"):
        assert pattern.search(name)
    for name in ("README.md", "poetry.lock", "bib.py"):
        assert not pattern.search(name)
    assert (hook["language"], hook["pass_filenames"]) == ("python", False)


@needs_shell
def test_the_hooks_entries_are_commands_that_fail_on_errors_and_mend(runner: Runner) -> None:
    entries = {hook["id"]: hook["entry"].split() for hook in HOOKS}
    program = [sys.executable, "-m", "dmlsync"]

    def hook(name: str) -> int:
        assert entries[name][0] == "dmlsync"
        return subprocess.run(
            [*program, *entries[name][1:]], cwd=runner.workspace, capture_output=True, check=False
        ).returncode

    assert hook("dmlsync-check") == 0
    runner.lab.write("papers.md", HEADER + FACENET.rstrip() + "   \n" + COSFACE)
    assert hook("dmlsync-check-fix") == 0
    assert (runner.workspace / "papers.md").read_text() == HEADER + FACENET + COSFACE
    runner.lab.write("papers.md", HEADER + FACENET + "| | Kim, S. | 2020 | CVPR | | |\n")
    assert hook("dmlsync-check") == 1
