"""`dmlsync push`: lists and library.bib to Zotero, the main command."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from dmlsync.cli.common import (
    DONE,
    WAITS,
    Progress,
    confirm,
    hand_over,
    open_project,
    refuse_without_terminal,
    say,
    shared_options,
    verbosity,
)

if TYPE_CHECKING:
    from dmlsync.project import Pushed
    from dmlsync.sync.actions import Plan


@click.command()
@click.option("--yes", is_flag=True, help="Carry the plan out without asking.")
@click.option("--dry-run", is_flag=True, help="Everything but the writes.")
@click.option("--allow-shrink", is_flag=True, help="Go on although a list or the collection lost many entries.")
@shared_options
@click.pass_context
def command(ctx: click.Context, yes: bool, dry_run: bool, allow_shrink: bool) -> None:
    """Bring the Zotero collection in line with the lists and library.bib.

    New entries are resolved first and written to library.bib. Shows the plan and asks before anything is written.
    """
    from dmlsync.cli.entries import lists_line, notice_lines, waits
    from dmlsync.cli.results import place_of, result_lines
    from dmlsync.cli.words import plan_lines, total

    project = open_project(ctx)
    if not dry_run:
        refuse_without_terminal(ctx, yes=yes)
    with project.alone():
        on_disk = project.read()
        say(ctx, lists_line(on_disk))
        catalog = project.catalog(on_disk, tell=Progress(ctx))
        with project.library() as library:
            plan = project.plan(on_disk, catalog, library, allow_shrink=allow_shrink)
            shown = notice_lines(on_disk, catalog, verbosity(ctx))
            for line in [*shown, *plan_lines(plan, verbosity(ctx))]:
                say(ctx, line)
            something = any(action.change for action in plan.actions) or bool(catalog.written)
            if something:
                say(ctx, f"Plan: {total(plan, new_records=len(catalog.written))}.")
            if dry_run:
                say(ctx, "Dry run: nothing was written.")
                hand_over(ctx, _answer(plan, None, library.requests))
                ctx.exit(WAITS if plan.waits or waits(on_disk, catalog) else DONE)
            if something:
                confirm(ctx, f"Write this to {place_of(project)}?", yes=yes)
            pushed = project.push(on_disk, catalog, plan, library, tell=Progress(ctx))
            requests = library.requests
    hand_over(ctx, _answer(plan, pushed, requests))
    refused = [one for one in pushed.run.result.outcomes.values() if one.kind in ("refused", "stale")]
    for line in result_lines(project, on_disk, catalog, pushed, requests):
        say(ctx, line)
    if pushed.run.result.error:
        raise pushed.run.result.error
    ctx.exit(WAITS if pushed.run.plans[-1].waits or refused or waits(on_disk, catalog) else DONE)


def _answer(plan: Plan, pushed: Pushed | None, requests: int) -> dict[str, Any]:
    """The plan's form, with what became of it; conflicts and notes as the last look at the library showed them."""
    from dmlsync.cli.words import plan_json
    from dmlsync.sync.apply import Result

    result = pushed.run.result if pushed else Result()
    plans = pushed.run.plans if pushed else (plan,)
    actions = tuple(action for one in plans for action in one.actions)
    whole = replace(plans[-1], actions=actions)
    name = pushed.name if pushed else ""
    return {**plan_json(whole), "run": name or None, "outcomes": result.summary, "requests": requests}
