"""`dmlsync check`: problems in the lists, in library.bib and in the collection, and mending what is certain."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dmlsync.cli.common import DONE, open_project, say, shared_options, verbosity, wants_json
from dmlsync.cli.completion import rules
from dmlsync.cli.progress import Progress
from dmlsync.cli.text import count, safe
from dmlsync.cli.workflow_commands import workflow_command

if TYPE_CHECKING:
    from dmlsync.check.problem import Problem
    from dmlsync.checking import Fixed
    from dmlsync.text.edits import ChangedLine

FAILED = 1
_GITHUB = {"error": "error", "warning": "warning", "info": "notice"}
_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}
_MOST_NOTES = 10  # of one rule in one file that are shown without -v
_AROUND = 30  # characters shown on either side of what changed in a line


def _known_ids(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of rules; a wrong one ends the command with the nearest right ones."""
    if not value:
        return value
    from difflib import get_close_matches

    from dmlsync.check.rules import BY_ID

    for name in value:
        if name not in BY_ID:
            near = get_close_matches(name, BY_ID, n=3)
            hint = f": did you mean {' or '.join(near)}?" if near else ": docs/rules.md lists them"
            raise click.BadParameter(f"there is no rule {name!r}{hint}", ctx, param)
    return value


@click.command()
@click.option("--fix", is_flag=True, help="Mend what is certain, and show what was changed.")
@click.option("--links", is_flag=True, help="Also look behind every link of the lists and every PDF link.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github"]), default="text", help="How problems are printed."
)
@click.option(
    "--rule",
    "only",
    multiple=True,
    metavar="ID",
    callback=_known_ids,
    shell_complete=rules,
    help="Only this rule; may be repeated.",
)
@click.option(
    "--ignore",
    "ignored",
    multiple=True,
    metavar="ID",
    callback=_known_ids,
    shell_complete=rules,
    help="Not this rule; likewise.",
)
@shared_options
@click.pass_context
def command(
    ctx: click.Context, fix: bool, links: bool, form: str, only: tuple[str, ...], ignored: tuple[str, ...]
) -> None:
    """Find problems in the lists, in library.bib and in the collection as it was last read, with file and line.

    Asks no service without --links. Writes nothing without --fix, which mends only what is certain, to the byte. Exits
    with 1 if there is an error among the problems. docs/rules.md explains every rule. --format github prints
    annotations for GitHub's workflows.
    """
    from dmlsync import checking

    form = "json" if wants_json(ctx) else form
    project = open_project(ctx)
    root, fixed = project.config.root, None
    if fix:
        fixed = checking.fix(project, only=only, ignored=ignored, links=links, tell=Progress(ctx))
        problems = fixed.left
        if form == "text":
            _show_changes(ctx, fixed, root)
    else:
        problems = checking.problems_of(project, only=only, ignored=ignored, links=links, tell=Progress(ctx))
    if form == "json":
        more = {"fixed": [_json(one, root) for one in fixed.mended]} if fixed else {}
        found = {"problems": [_json(one, root) for one in problems], **more}
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    elif form == "github":
        for one in problems:
            click.echo(_annotation(one, root))
    else:
        _show_problems(ctx, problems, root, every=bool(only))
        say(ctx, _summary(problems, after_mending=fix))
    ctx.exit(FAILED if any(one.severity == "error" for one in problems) else DONE)


def _show_problems(ctx: click.Context, problems: Sequence[Problem], root: Path, *, every: bool) -> None:
    """A line for each problem; for matters of tidiness only so many, unless somebody asked for them."""
    shown, hidden = (problems, {}) if every or verbosity(ctx) > 0 else _abridged(problems)
    for one in shown:
        click.echo(_line(one, root), color=ctx.color)
    for (file, name), number in hidden.items():
        say(ctx, f"{safe(_place(file, root))}: {number} more [{name}]: -v shows them")


def _abridged(problems: Sequence[Problem]) -> tuple[list[Problem], Mapping[tuple[Path, str], int]]:
    """The problems to show, and how many notes of a rule in a file are left out: matters of tidiness may be many."""
    shown: list[Problem] = []
    seen: Counter[tuple[Path, str]] = Counter()
    for one in problems:
        seen[one.file, one.rule] += 1
        if one.severity != "info" or seen[one.file, one.rule] <= _MOST_NOTES:
            shown.append(one)
    notes = {(one.file, one.rule) for one in problems if one.severity == "info"}
    return shown, {name: seen[name] - _MOST_NOTES for name in seen if name in notes and seen[name] > _MOST_NOTES}


def _json(problem: Problem, root: Path) -> dict[str, Any]:
    return {
        "rule": problem.rule,
        "severity": problem.severity,
        "file": _place(problem.file, root),
        "line": problem.line,
        "column": problem.column or None,
        "message": problem.message,
        "fixable": problem.fixable,
    }


def _place(file: Path, root: Path) -> str:
    """The file as seen from the project's folder."""
    return (file.relative_to(root) if file.is_relative_to(root) else file).as_posix()


def _line(problem: Problem, root: Path) -> str:
    severity = click.style(problem.severity, fg=_COLOURS[problem.severity])
    return f"{safe(_place(problem.file, root))}:{problem.line}: {severity}: {safe(problem.message)} [{problem.rule}]"


def _annotation(problem: Problem, root: Path) -> str:
    """A problem as a workflow command of GitHub."""
    return workflow_command(
        _GITHUB[problem.severity],
        problem.message,
        file=_place(problem.file, root),
        line=problem.line,
        col=problem.column,
        title=problem.rule,
    )


def _summary(found: Sequence[Problem], *, after_mending: bool) -> str:
    """How many problems of each severity there are, and how many of them `--fix` mends."""
    names = (("error", "error"), ("warning", "warning"), ("info", "info"))
    numbers = [(sum(one.severity == severity for one in found), name) for severity, name in names]
    told = ", ".join(count(number, name) for number, name in numbers if number)
    mendable = sum(one.fixable for one in found)
    more = f"; `dmlsync check --fix` mends {mendable} of them" if mendable and not after_mending else ""
    return f"{told}{more}" if told else "no problems"


def _show_changes(ctx: click.Context, fixed: Fixed, root: Path) -> None:
    """Every changed line before and after, as far as it changed."""
    for file, changes in fixed.changes.items():
        rules: Mapping[int, list[str]] = {
            change.line: [one.rule for one in fixed.mended if (one.file, one.line) == (file, change.line)]
            for change in changes
        }
        for change in changes:
            names = ", ".join(dict.fromkeys(rules[change.line])) or "mended"
            say(ctx, f"{safe(_place(file, root))}:{change.line}: {names}")
            before, after = _excerpts(change)
            say(ctx, click.style(f"  - {safe(before)}", fg="red"))
            say(ctx, click.style(f"  + {safe(after)}", fg="green"))
    if fixed.mended:
        say(ctx, f"mended {count(len(fixed.mended), 'problem')} in {count(len(fixed.changes), 'file')}\n")


def _excerpts(change: ChangedLine) -> tuple[str, str]:
    """What changed in a line, on both sides, with a few characters around it; blanks at the end are shown as dots."""
    before, after = change.before, change.after
    shorter = min(len(before), len(after))
    same = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    behind = next((at for at in range(shorter - same) if before[-1 - at] != after[-1 - at]), shorter - same)
    start = max(0, same - _AROUND)
    return _excerpt(before, start, len(before) - behind), _excerpt(after, start, len(after) - behind)


def _excerpt(text: str, start: int, end: int) -> str:
    last = min(len(text), end + _AROUND)
    shown = text[start:last]
    kept = shown.rstrip(" \t")
    dots = "·" * (len(shown) - len(kept)) if last == len(text) else shown[len(kept) :]
    return f"{'…' if start else ''}{kept}{dots}{'…' if last < len(text) else ''}"
