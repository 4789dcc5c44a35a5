"""What `push`, `pull` and `sync` share: show the plan, ask, carry it out, tell what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
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
    verbosity,
)
from dmlsync.cli.progress import Progress, stoppable

if TYPE_CHECKING:
    from dmlsync.project_runs import Direction, Finished
    from dmlsync.sync.actions import Plan
    from dmlsync.sync.saved_plan import Moved

_QUESTION = {
    "push": "Write this to {place}?",
    "pull": "Write this to {bib}?",
    "sync": "Write this to {place} and {bib}?",
}


def run(
    ctx: click.Context,
    direction: Direction,
    *,
    yes: bool,
    dry_run: bool,
    allow_shrink: bool,
    saved: Path | None = None,
) -> None:
    """A run in one direction or both, from reading the files to its exit code; of a `saved` plan just what it names."""
    from dmlsync.cli.entries import lists_line, notice_lines, review_line, waits
    from dmlsync.cli.results import place_of, result_lines
    from dmlsync.cli.words import moved_line, plan_lines, total
    from dmlsync.sync.saved_plan import Moved, resumed

    project = open_project(ctx)
    if not dry_run:
        refuse_without_terminal(ctx, yes=yes)
    with project.alone():
        on_disk = project.read(empty_lists=allow_shrink)
        saved_plan = project.saved_plan(saved, on_disk) if saved else None
        say(ctx, lists_line(on_disk))
        catalog = project.catalog(on_disk, tell=Progress(ctx))
        with project.library() as library:
            plan = project.plan(on_disk, catalog, library, direction, allow_shrink=allow_shrink)
            only, moved = None, tuple[Moved, ...]()
            if saved_plan:
                only = saved_plan.made_of.keys()
                plan, moved = resumed(saved_plan, plan)
                catalog = catalog.limited_to(only, on_disk.lock.works)
            for one in moved:
                say(ctx, moved_line(one))
            for line in [*notice_lines(on_disk, catalog, verbosity(ctx)), *plan_lines(plan, verbosity(ctx))]:
                say(ctx, line)
            done, left = _parts(plan, direction)
            something = bool(catalog.written or done.actions)
            if something:
                say(ctx, f"Plan: {total(done, new_records=len(catalog.written))}.")
            if left.actions:
                say(ctx, f"Left for dmlsync {'pull' if direction == 'push' else 'push'}: {total(left)}.")
            if dry_run:
                say(ctx, "Dry run: nothing was written.")
                hand_over(ctx, _answer(plan, None, library.requests, moved))
                ctx.exit(WAITS if plan.waits or waits(on_disk, catalog) else DONE)
            if something:
                question = _QUESTION[direction].format(place=place_of(project), bib=project.config.bib.path.name)
                confirm(ctx, question, yes=yes)
            with stoppable(ctx) as progress:
                finished = project.run(on_disk, catalog, plan, library, direction, progress, only=only)
            requests = library.requests
    hand_over(ctx, _answer(plan, finished, requests, moved))
    result = finished.run.result
    for line in result_lines(project, finished, requests):
        say(ctx, line)
    for line in review_line(finished.catalog, len(finished.run.plans[-1].conflicts)):
        say(ctx, line)
    if result.error:
        raise result.error
    ctx.exit(WAITS if finished.run.plans[-1].waits or result.unwritten or waits(on_disk, catalog) else DONE)


def _parts(plan: Plan, direction: Direction) -> tuple[Plan, Plan]:
    """What a run in this direction carries out of a plan, and what it leaves for one in the other."""
    from dmlsync.sync.actions import HERE

    def part(*, done: bool) -> Plan:
        is_both = direction == "sync"
        actions = (one for one in plan.actions if (is_both or (one.kind in HERE) == (direction == "pull")) == done)
        return replace(plan, actions=tuple(actions))

    return part(done=True), part(done=False)


def _answer(plan: Plan, finished: Finished | None, requests: int, moved: Sequence[Moved]) -> dict[str, Any]:
    """The plan's form, with what became of it; conflicts and notes as the last look at the library showed them."""
    from dmlsync.cli.words import plan_json
    from dmlsync.sync.apply import Result

    result = finished.run.result if finished else Result()
    plans = finished.run.plans if finished else (plan,)
    actions = tuple(action for one in plans for action in one.actions)
    whole = replace(plans[-1], actions=actions)
    name = finished.name if finished else ""
    told = {"moved": [asdict(one) for one in moved]} if moved else {}
    return {**plan_json(whole), **told, "run": name or None, "outcomes": result.summary, "requests": requests}
