"""What `action.yml` runs: a command, told to GitHub as annotations, a summary, outputs and, if asked for, a commit.

Inputs come in variables named DMLSYNC_ACTION_..., never on a command line. What lists, sources and servers said reaches
the log only where GitHub does not look for workflow commands, or escaped inside of one.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from dmlsync.cli.common import DONE, PENDING, WAITS
from dmlsync.cli.github_commit import CommitError, commit
from dmlsync.cli.github_summary import headline, summary, waiting_line
from dmlsync.cli.text import safe
from dmlsync.cli.workflow_commands import workflow_command
from dmlsync.errors import ConfigError

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "check": (),
    "plan": (),
    "push": ("--yes",),
    "pull": ("--yes",),
    "sync": ("--yes",),
}
"""The commands that a workflow may run, and what each needs where nobody can be asked."""

_PREFIX = "DMLSYNC_ACTION_"
_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}
_FAILED = 1


@dataclass(frozen=True, slots=True)
class Settings:
    """The inputs of the action."""

    command: str
    config: Path
    arguments: tuple[str, ...]
    annotate: bool
    fail_on_waiting: bool
    commit: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command printed, and how it ended; `content` is None where it printed no JSON."""

    exit_code: int
    content: Mapping[str, Any] | None
    text: str
    errors: str


def main() -> None:
    """Run as the inputs in the environment say."""
    try:
        settings = settings_of(os.environ)
    except ConfigError as error:
        click.echo(workflow_command("error", str(error), title="dmlsync"))
        raise SystemExit(error.exit_code) from None
    raise SystemExit(run(settings, os.environ))


def settings_of(environ: Mapping[str, str]) -> Settings:
    """The inputs. Raises ConfigError with the input's name where one is wrong."""
    command = environ.get(f"{_PREFIX}COMMAND", "")
    if command not in COMMANDS:
        raise ConfigError(f"{command!r} is none of {', '.join(COMMANDS)}", setting="command")
    try:
        arguments = tuple(shlex.split(environ.get(f"{_PREFIX}ARGS", "")))
    except ValueError as error:
        raise ConfigError(f"cannot be read ({error})", "put both quotes", setting="args") from error
    return Settings(
        command=command,
        config=Path(environ.get(f"{_PREFIX}CONFIG") or "config.toml"),
        arguments=arguments,
        annotate=_flag(environ, "ANNOTATE"),
        fail_on_waiting=_flag(environ, "FAIL_ON_WAITING"),
        commit=_flag(environ, "COMMIT"),
    )


def _flag(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(f"{_PREFIX}{name}", "").strip().lower()
    if value not in ("true", "false", ""):
        raise ConfigError(f"{value!r} is neither true nor false", setting=name.lower().replace("_", "-"))
    return value == "true"


def run(settings: Settings, environ: Mapping[str, str]) -> int:
    """Run the command, tell GitHub of it, commit; returns the exit code of the step."""
    answer = _dmlsync(settings, settings.command, *COMMANDS[settings.command], *settings.arguments)
    _log(answer.errors)
    if settings.annotate and settings.command == "check" and answer.content:
        for line in _annotations(answer.content["problems"], _folder(settings, environ)):
            click.echo(line)
    waiting = _waiting(settings) if answer.exit_code == WAITS else ()
    _append(environ.get("GITHUB_STEP_SUMMARY"), summary(settings.command, answer.content, waiting, answer.errors))
    told = headline(settings.command, answer.content) if answer.content else ""
    exit_code, sha = _verdict(answer, told, waiting, settings), ""
    # A run that failed on the way is committed as well: the files say what was done until then.
    if settings.commit and COMMANDS[settings.command] and answer.exit_code != ConfigError.exit_code:
        try:
            sha = commit(settings.config, f"dmlsync {settings.command}{told and f': {told}'}")
        except CommitError as error:
            click.echo(workflow_command("error", str(error), title="dmlsync: commit"))
            exit_code = exit_code or _FAILED
    _append(environ.get("GITHUB_OUTPUT"), _outputs(answer, sha, environ.get("RUNNER_TEMP")))
    return exit_code


def _dmlsync(settings: Settings, command: str, *arguments: str) -> Answer:
    """Run a command with --json. Isolated: nothing in the repository can stand in for a module of dmlsync."""
    program = [sys.executable, "-I", "-X", "utf8", "-m", "dmlsync", "--config", str(settings.config), "--json"]
    done = subprocess.run(
        [*program, command, *arguments],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    try:
        content = json.loads(done.stdout)
    except json.JSONDecodeError:
        content = None
    return Answer(done.returncode, content if isinstance(content, dict) else None, done.stdout, done.stderr)


def _log(errors: str) -> None:
    """What the command said on standard error, where the runner does not look for commands."""
    if errors.strip():
        token = secrets.token_hex(16)
        click.echo(f"::stop-commands::{token}\n{safe(errors).strip()}\n::{token}::")


def _annotations(problems: Sequence[Mapping[str, Any]], folder: str) -> list[str]:
    """A command for each problem, the gravest first (GitHub shows ten of a kind); files as the repository has them."""
    levels = list(_LEVELS)
    return [
        workflow_command(
            _LEVELS[one["severity"]],
            f"{one['message']} [{one['rule']}]",
            file=f"{folder}{one['file']}",
            line=one["line"],
            col=one.get("column"),
            title=f"dmlsync {one['rule']}",
        )
        for one in sorted(problems, key=lambda one: levels.index(one["severity"]))
    ]


def _folder(settings: Settings, environ: Mapping[str, str]) -> str:
    """The project's folder as seen from the repository's, with a slash at its end; empty where they are the same."""
    top = Path(environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
    folder = settings.config.resolve().parent
    inside = folder.relative_to(top).as_posix() if folder.is_relative_to(top) else "."
    return "" if inside == "." else f"{inside}/"


def _waiting(settings: Settings) -> Sequence[Mapping[str, Any]]:
    """The entries as they stand, some of which wait for a person."""
    status = _dmlsync(settings, "status")
    return status.content["entries"] if status.content else ()


def _verdict(answer: Answer, told: str, entries: Sequence[Mapping[str, Any]], settings: Settings) -> int:
    """The exit code of the step, with a line for it: what waits for a person fails only where that was asked for."""
    title = f"dmlsync {settings.command}"
    if answer.exit_code == WAITS:
        level = "error" if settings.fail_on_waiting else "warning"
        waits = waiting_line(answer.content, entries)
        click.echo(workflow_command(level, f"waits for a person: {waits}; {told}", title=title))
        return WAITS if settings.fail_on_waiting else DONE
    if answer.exit_code in (DONE, PENDING):
        click.echo(workflow_command("notice", told, title=title))
        return DONE
    reasons = [one for one in (told, _last_line(answer.errors)) if one] or [f"exit code {answer.exit_code}"]
    click.echo(workflow_command("error", "; ".join(reasons), title=title))
    return answer.exit_code


def _last_line(errors: str) -> str:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    return re.sub(r"^error: ", "", lines[-1]) if lines else ""


def _outputs(answer: Answer, sha: str, folder: str | None) -> str:
    """The outputs: none holds text that came from outside, but the file that `result` names."""
    content = answer.content or {}
    result = ""
    if answer.content is not None and folder:
        path = Path(folder) / f"dmlsync-{secrets.token_hex(4)}.json"
        path.write_text(answer.text, encoding="utf-8")
        result = str(path)
    facts = {
        "exit-code": answer.exit_code,
        "changes": len(content.get("actions", ())),
        "conflicts": len(content.get("conflicts", ())),
        "problems": len(content.get("problems", ())),
        "result": result,
        "commit": sha,
    }
    return "".join(f"{name}={value}\n" for name, value in facts.items())


def _append(file: str | None, text: str) -> None:
    """Add text to one of the files by which a step talks to GitHub; elsewhere there is none."""
    if file:
        with Path(file).open("a", encoding="utf-8") as stream:
            stream.write(text)


if __name__ == "__main__":
    main()
