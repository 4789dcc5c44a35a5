"""`dmlsync plan`: what a run would do, field by field."""

from __future__ import annotations

from pathlib import Path

import click

from dmlsync.cli.common import DONE, PENDING, WAITS, hand_over, open_project, say, shared_options, verbosity
from dmlsync.cli.progress import Progress


@click.command()
@click.option("-o", "output", type=click.Path(path_type=Path, dir_okay=False), help="Save the plan for `push PLAN`.")
@click.option("--exit-code", is_flag=True, help="End with 4 where changes are pending.")
@click.option("--allow-shrink", is_flag=True, help="Go on although a list or the collection lost many entries.")
@shared_options
@click.pass_context
def command(ctx: click.Context, output: Path | None, exit_code: bool, allow_shrink: bool) -> None:
    """Show what a sync would do, field by field and why. Changes nothing, here or in Zotero."""
    from dmlsync.cli.entries import lists_line, notice_lines, review_line, waits
    from dmlsync.cli.text import safe
    from dmlsync.cli.words import plan_json, plan_lines, total

    project = open_project(ctx)
    with project.alone():
        on_disk = project.read(empty_lists=allow_shrink)
        catalog = project.catalog(on_disk, tell=Progress(ctx))
        with project.library() as library:
            plan = project.plan(on_disk, catalog, library, "sync", allow_shrink=allow_shrink)
    hand_over(ctx, plan_json(plan))
    say(ctx, lists_line(on_disk))
    for line in [*notice_lines(on_disk, catalog, verbosity(ctx)), *plan_lines(plan, verbosity(ctx))]:
        say(ctx, line)
    say(ctx, total(plan) or f"Nothing {'else ' if plan.waits else ''}to do.")
    for line in review_line(catalog, len(plan.conflicts)):
        say(ctx, line)
    if output:
        project.save_plan(output, plan, on_disk)
        say(ctx, f"Saved: dmlsync push {safe(str(output))} carries it out.")
    if exit_code and (plan.actions or catalog.written):
        ctx.exit(PENDING)
    ctx.exit(WAITS if plan.waits or waits(on_disk, catalog) else DONE)
