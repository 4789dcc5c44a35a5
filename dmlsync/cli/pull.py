"""`dmlsync pull`: what members changed in Zotero to library.bib."""

from __future__ import annotations

import click

from dmlsync.cli.common import run_options
from dmlsync.cli.runs import run


@click.command()
@run_options
@click.pass_context
def command(ctx: click.Context, yes: bool, dry_run: bool, allow_shrink: bool) -> None:
    """Bring library.bib in line with what members changed in Zotero.

    Only fields that nobody changed in library.bib are taken over; nothing is written to Zotero. Shows the plan and
    asks before anything is written.
    """
    run(ctx, "pull", yes=yes, dry_run=dry_run, allow_shrink=allow_shrink)
