"""`dmlsync push`: lists and library.bib to Zotero, the main command."""

from __future__ import annotations

from pathlib import Path

import click

from dmlsync.cli.common import run_options
from dmlsync.cli.runs import run


@click.command()
@click.argument("plan", required=False, type=click.Path(path_type=Path, dir_okay=False))
@run_options
@click.pass_context
def command(ctx: click.Context, plan: Path | None, yes: bool, dry_run: bool, allow_shrink: bool) -> None:
    """Bring the Zotero collection in line with the lists and library.bib.

    New entries are resolved first and written to library.bib. Shows the plan and asks before anything is written.

    With a PLAN that `dmlsync plan -o PLAN` saved, only what it names is done; works that changed since are named and
    planned anew.
    """
    run(ctx, "push", yes=yes, dry_run=dry_run, allow_shrink=allow_shrink, saved=plan)
