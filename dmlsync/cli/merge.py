"""`dmlsync merge`: one item of several of the same work."""

from __future__ import annotations

from typing import Any

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
from dmlsync.cli.completion import citation_keys
from dmlsync.cli.progress import stoppable


@click.command()
@click.argument("keys", nargs=-1, metavar="[KEY]...", shell_complete=citation_keys)
@click.option("--dry-run", is_flag=True, help="Everything but the writes.")
@click.option("--yes", is_flag=True, help="Merge without asking.")
@shared_options
@click.pass_context
def command(ctx: click.Context, keys: tuple[str, ...], yes: bool, dry_run: bool) -> None:
    """Make one item of the items that the library has of the same work, for these citation keys or for all works.

    The item that the work is bound to stays: it gets the fields that are blank there, the collections, tags, notes and
    attachments of the others. These go to the trash, with the values in which they differ. Shows the plan and asks.
    """
    from dmlsync.cli.results import place_of, unwritten_lines
    from dmlsync.cli.text import count
    from dmlsync.cli.words import plan_json, plan_lines, total
    from dmlsync.sync.apply import Result

    project = open_project(ctx)
    if not dry_run:
        refuse_without_terminal(ctx, yes=yes)
    with project.alone():
        on_disk = project.read(empty_lists=True)
        catalog = project.catalog(on_disk, ask=False)
        if unknown := [key for key in keys if key not in catalog.works]:
            raise click.UsageError(f"there is no work {', '.join(unknown)}")
        with project.library() as library:
            plan = project.plan_merges(on_disk, catalog, library, keys)
            for line in plan_lines(plan, verbosity(ctx)):
                say(ctx, line)
            name, result = "", Result()
            if plan.actions and not dry_run:
                say(ctx, f"Plan: {total(plan)}.")
                confirm(ctx, f"Write this to {place_of(project)}?", yes=yes)
                with stoppable(ctx) as progress:
                    name, result = project.merge(on_disk, plan, library, progress)
            requests = library.requests
    facts: dict[str, Any] = {"run": name or None, "outcomes": result.summary, "requests": requests}
    hand_over(ctx, {**plan_json(plan), **facts})
    for line in unwritten_lines(result):
        say(ctx, line)
    if result.error:
        raise result.error
    if not plan.actions:
        say(ctx, "Nothing to do: no work has more than one item.")
    elif dry_run:
        say(ctx, "Dry run: nothing was written.")
    else:
        say(ctx, f"{click.style('Done:', fg='green', bold=True)} merged in {count(requests, 'request')}.")
    ctx.exit(WAITS if result.unwritten else DONE)
