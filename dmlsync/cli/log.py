"""`dmlsync log`: the runs of this project, from their journals."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from dmlsync.cli.common import hand_over, open_project, say, shared_options
from dmlsync.cli.text import safe

if TYPE_CHECKING:
    from dmlsync.sync.journal import RunLog


@click.command()
@shared_options
@click.pass_context
def command(ctx: click.Context) -> None:
    """List the runs that wrote to Zotero, newest first."""
    from dmlsync.sync.journal import runs

    project = open_project(ctx)
    found = [_facts(run) for run in reversed(runs(project.config.state / "journal"))]
    hand_over(ctx, {"runs": found})
    for run in found:
        actions = ", ".join(f"{number} {kind}" for kind, number in run["summary"].items())
        cut_off = "" if run["ended"] else click.style("  cut off: the next push repairs it", fg="yellow")
        say(ctx, f"{run['run']}  {safe(run['command'])} to {safe(run['target'])}: {actions}{cut_off}")
    if not found:
        say(ctx, "No run has written to Zotero yet.")


def _facts(run: RunLog) -> dict[str, Any]:
    first = run.lines[0] if run.lines else {}
    kinds = Counter(action["kind"] for action in first.get("actions", []))
    command = first.get("command", "")
    return {"run": run.run, "command": command, "target": run.target, "ended": run.ended, "summary": dict(kinds)}
