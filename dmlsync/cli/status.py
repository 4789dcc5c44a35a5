"""`dmlsync status`: where each entry stands, and what waits for a person."""

from __future__ import annotations

from dataclasses import asdict

import click

from dmlsync.cli.common import DONE, WAITS, hand_over, open_project, say, shared_options, verbosity
from dmlsync.cli.text import count, cut, pad, window


@click.command()
@shared_options
@click.pass_context
def command(ctx: click.Context) -> None:
    """Show where each entry stands, and what waits for a person. Asks no service and writes nothing."""
    from dmlsync.cli.entries import (
        STATES,
        counts,
        entries_json,
        lists_line,
        notice_lines,
        place_of_entry,
        review_line,
        state_of,
        waits,
    )
    from dmlsync.cli.words import conflict_lines

    project = open_project(ctx)
    on_disk = project.read(empty_lists=True)
    catalog, target = project.catalog(on_disk, ask=False), project.remembered_target(on_disk)
    conflicts = project.remembered_conflicts(on_disk, catalog)
    hand_over(ctx, {**entries_json(catalog, target), "conflicts": [asdict(conflict) for conflict in conflicts]})
    say(ctx, lists_line(on_disk))
    if verbosity(ctx) > 0:
        for one in catalog.entries:
            place = pad(place_of_entry(one), 28)
            say(ctx, f"  {place}  {pad(state_of(one, target), 10)}  {cut(one.entry.title, window() - 44)}")
    numbers = counts(catalog, target)
    works = len({one.citation_key for one in catalog.entries if one.citation_key})
    states = ", ".join(f"{numbers[state]} {state}" for state in STATES if numbers.get(state))
    say(ctx, f"{count(works, 'work')} in {project.config.bib.path.name}; {states}")
    for line in notice_lines(on_disk, catalog, verbosity(ctx)):
        say(ctx, line)
    for conflict in conflicts:
        for line in conflict_lines(conflict):
            say(ctx, line)
    for line in review_line(catalog, len(conflicts)):
        say(ctx, line)
    ctx.exit(WAITS if conflicts or waits(on_disk, catalog) else DONE)
