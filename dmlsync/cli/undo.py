"""`dmlsync undo`: the inverse of a run."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from dmlsync.cli.common import (
    DONE,
    WAITS,
    confirm,
    hand_over,
    open_project,
    refuse_without_terminal,
    say,
    shared_options,
    verbosity,
)
from dmlsync.cli.completion import run_names
from dmlsync.cli.progress import stoppable

if TYPE_CHECKING:
    from dmlsync.project import Project
    from dmlsync.sync.apply import Result
    from dmlsync.sync.undo import Undo


@click.command()
@click.argument("run", default="", metavar="[RUN]", shell_complete=run_names)
@click.option("--dry-run", is_flag=True, help="Everything but the writes.")
@click.option("--yes", is_flag=True, help="Undo it without asking.")
@shared_options
@click.pass_context
def command(ctx: click.Context, run: str, yes: bool, dry_run: bool) -> None:
    """Undo the last run, or the RUN that `dmlsync log` names, field by field.

    What changed since is spared and named. New items go to the trash, values in Zotero and library.bib go back. Shows
    the plan and asks. An undo is a run as well: it can be undone by its name.
    """
    from dmlsync.cli.results import unwritten_lines
    from dmlsync.cli.text import count, safe
    from dmlsync.cli.words import plan_lines, total

    project = open_project(ctx)
    if not dry_run:
        refuse_without_terminal(ctx, yes=yes)
    with project.alone():
        on_disk = project.read(empty_lists=True)
        past = project.past(on_disk, run)
        with project.library() if past.steps else nullcontext() as library:
            undo = project.plan_undo(on_disk, past, library)
            say(ctx, f"Undoing {safe(past.run)} ({safe(past.command)})")
            for line in plan_lines(undo.plan, verbosity(ctx)):
                say(ctx, line)
            if not undo.plan.actions or dry_run:
                nothing = "Nothing can be undone." if undo.plan.notes else "Nothing to do: all of it is undone already."
                say(ctx, "Dry run: nothing was written." if dry_run else nothing)
                hand_over(ctx, _answer(undo, "", None, library.requests if library else 0))
                ctx.exit(WAITS if undo.plan.notes else DONE)
            say(ctx, f"Plan: {total(undo.plan)}.")
            confirm(ctx, f"Write this to {_places(project, with_library=bool(library))}?", yes=yes)
            with stoppable(ctx) as progress:
                name, result = project.undo(on_disk, undo, library, progress)
            requests = library.requests if library else 0
    hand_over(ctx, _answer(undo, name, result, requests))
    for line in unwritten_lines(result):
        say(ctx, line)
    if result.error:
        raise result.error
    say(ctx, f"{click.style('Done:', fg='green', bold=True)} undone in {count(requests, 'request')}.")
    ctx.exit(WAITS if undo.plan.notes or result.unwritten else DONE)


def _places(project: Project, *, with_library: bool) -> str:
    """Where an undo writes."""
    from dmlsync.cli.results import place_of

    name = project.config.bib.path.name
    return f"{place_of(project)} and {name}" if with_library else name


def _answer(undo: Undo, name: str, result: Result | None, requests: int) -> dict[str, Any]:
    from dmlsync.cli.words import plan_json
    from dmlsync.sync.apply import Result

    outcomes = (result or Result()).summary
    facts = {"run": name or None, "undoes": undo.past.run, "outcomes": outcomes, "requests": requests}
    return {**plan_json(undo.plan), **facts}
