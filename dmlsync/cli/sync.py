"""`dmlsync sync`: push and pull in one run."""

from __future__ import annotations

import click

from dmlsync.cli.common import run_options
from dmlsync.cli.runs import run


@click.command()
@run_options
@click.pass_context
def command(ctx: click.Context, yes: bool, dry_run: bool, allow_shrink: bool) -> None:
    """Bring both sides in line: push what changed here, pull what changed in Zotero.

    A field that both sides changed is a conflict and stays as it is on both. Shows the plan and asks.
    """
    run(ctx, "sync", yes=yes, dry_run=dry_run, allow_shrink=allow_shrink)
