"""`dmlsync check`: problems in the lists and in library.bib, and behind their links."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dmlsync.cli.common import DONE, Progress, open_project, say, shared_options, wants_json
from dmlsync.cli.text import count, safe

if TYPE_CHECKING:
    from dmlsync.check.problem import Problem

FAILED = 1
_GITHUB = {"error": "error", "warning": "warning", "info": "notice"}
_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}


@click.command()
@click.option("--links", is_flag=True, help="Also look behind every link of the lists and every PDF link.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github"]), default="text", help="How problems are printed."
)
@shared_options
@click.pass_context
def command(ctx: click.Context, links: bool, form: str) -> None:
    """Find problems in the lists and in library.bib, with file and line. Writes nothing.

    Exits with 1 if there is an error among them. `--format github` prints annotations for GitHub's workflows.
    """
    form = "json" if wants_json(ctx) else form
    project = open_project(ctx)
    problems = project.check(links=links, tell=Progress(ctx))
    root = project.config.root
    if form == "json":
        found = {"problems": [_json(one, root) for one in problems]}
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for one in problems:
            click.echo(_annotation(one, root) if form == "github" else _line(one, root), color=ctx.color)
    if form == "text":
        say(ctx, _summary(problems))
    ctx.exit(FAILED if any(one.severity == "error" for one in problems) else DONE)


def _json(problem: Problem, root: Path) -> dict[str, Any]:
    return {
        "rule": problem.rule,
        "severity": problem.severity,
        "file": _place(problem, root),
        "line": problem.line,
        "message": problem.message,
        "fixable": problem.fixable,
    }


def _place(problem: Problem, root: Path) -> str:
    """The file as seen from the project's folder."""
    inside = problem.file.is_relative_to(root)
    return (problem.file.relative_to(root) if inside else problem.file).as_posix()


def _line(problem: Problem, root: Path) -> str:
    severity = click.style(problem.severity, fg=_COLOURS[problem.severity])
    return f"{safe(_place(problem, root))}:{problem.line}: {severity}: {safe(problem.message)} [{problem.rule}]"


def _annotation(problem: Problem, root: Path) -> str:
    """A workflow command of GitHub, in which a few signs have to be escaped."""
    file = _escaped(_place(problem, root)).replace(":", "%3A").replace(",", "%2C")
    where = f"file={file},line={problem.line},title={problem.rule}"
    return f"::{_GITHUB[problem.severity]} {where}::{_escaped(safe(problem.message))}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _summary(problems: tuple[Problem, ...]) -> str:
    numbers = [(sum(one.severity == severity for one in problems), severity) for severity in ("error", "warning")]
    unchecked = sum(one.severity == "info" for one in problems)
    parts = [count(number, severity) for number, severity in numbers if number]
    parts += [f"{count(unchecked, 'link')} could not be checked"] if unchecked else []
    return ", ".join(parts) or "no problems"
