"""`dmlsync log`: the runs of this project, from their journals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from dmlsync.cli.common import hand_over, open_project, say, shared_options
from dmlsync.cli.text import count, safe
from dmlsync.cli.words import NOUNS

if TYPE_CHECKING:
    from dmlsync.sync.journal import RunLog


@click.command()
@shared_options
@click.pass_context
def command(ctx: click.Context) -> None:
    """List the runs that changed something, newest first."""
    from dmlsync.sync.journal import runs
    from dmlsync.sync.past import undone_runs

    project = open_project(ctx)
    logs = runs(project.config.state / "journal")
    undone = undone_runs(logs)
    found = [{**_facts(log), "undone": log.run in undone} for log in logs]
    for number, run in enumerate(found):  # a later run that came to its end has repaired what was cut off before
        later = (one for one in found[number + 1 :] if one["target"] == run["target"])
        run["repaired"] = not run["ended"] and any(one["ended"] and not one["problem"] for one in later)
    found.reverse()
    hand_over(ctx, {"runs": found})
    for run in found:
        if not run["command"]:
            say(ctx, f"{run['run']}  cannot be read: its journal is damaged")
            continue
        parts = [count(number, *NOUNS.get(kind, (kind, kind))) for kind, number in run["summary"].items()]
        parts += [f"{count(run['records'], 'record')} in library.bib"] if run["records"] else []
        actions = ", ".join(parts)
        if run["problem"] and not run["written"]:
            actions = f"nothing of {actions}"
        where = {"resolve": "", "pull": f" from {run['target']}"}.get(run["command"], f" to {run['target']}")
        say(ctx, f"{run['run']}  {safe(run['command'] + where)}: {actions}")
        if run["undoes"]:
            say(ctx, f"    undoes {safe(run['undoes'])}")
        if run["undone"]:
            say(ctx, "    was undone")
        if run["problem"]:
            say(ctx, f"    ended early: {safe(run['problem'])}")
        elif not run["ended"]:
            say(ctx, "    was cut off" + (", and repaired by a later run" if run["repaired"] else ": push again"))
    if not found:
        say(ctx, "No run has changed anything yet.")


def _facts(run: RunLog) -> dict[str, Any]:
    first = run.lines[0] if run.lines else {}
    kinds = Counter(action["kind"] for action in first.get("actions", []))
    last = run.lines[-1] if run.ended else {}
    here: Mapping[str, Any] = next((line["here"] for line in reversed(run.lines) if "here" in line), {})
    return {
        "run": run.run,
        "command": first.get("command", ""),
        "target": run.target,
        "undoes": first.get("undoes", ""),
        "ended": run.ended,
        "problem": last.get("problem", ""),
        "summary": dict(kinds),
        "written": sum(
            outcome["kind"] in ("written", "unchanged") for line in run.lines for outcome in line.get("outcomes", ())
        ),
        "records": len(here.get("entries", {})),
    }
