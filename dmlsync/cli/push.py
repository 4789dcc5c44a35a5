"""`dmlsync push`: lists and library.bib to Zotero, the main command."""

from __future__ import annotations

import click

from dmlsync.cli.common import run_options
from dmlsync.cli.runs import run


@click.command()
@run_options
@click.pass_context
def command(ctx: click.Context, yes: bool, dry_run: bool, allow_shrink: bool) -> None:
    """Bring the Zotero collection in line with the lists and library.bib.

    New entries are resolved first and written to library.bib. Shows the plan and asks before anything is written.
    """
    run(ctx, "push", yes=yes, dry_run=dry_run, allow_shrink=allow_shrink)
