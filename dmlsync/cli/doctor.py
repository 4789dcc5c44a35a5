"""`dmlsync doctor`: what is wrong, and what to do about it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from dmlsync.cli.common import DONE, config_path, hand_over, say, shared_options
from dmlsync.cli.progress import Progress
from dmlsync.cli.text import count, pad, safe, window, wrapped

if TYPE_CHECKING:
    from dmlsync.doctor.finding import Check, Finding

FAILED = 1
_COLOURS = {"ok": "green", "warning": "yellow", "failed": "red", "not checked": "bright_black"}
_STATE, _ID = 11, 23


@click.command()
@click.option("--offline", is_flag=True, help="Ask no server and no source.")
@shared_options
@click.pass_context
def command(ctx: click.Context, offline: bool) -> None:
    """Check configuration, files, key, library and sources, and say what to do about what is wrong.

    Exit code 1 where something failed; warnings are none. The key itself is never shown.
    """
    from dmlsync.doctor.checks import checks_of, examine
    from dmlsync.doctor.scene import Scene

    scene, progress = Scene(config_path(ctx)), Progress(ctx)
    many, found = len(checks_of(scene)), list["tuple[Check, Finding]"]()
    for check, finding in examine(
        scene, offline=offline, tell=lambda check: progress(f"Checking {check.id}", len(found), many)
    ):
        progress("", many, many)
        found.append((check, finding))
        for line in _lines(check, finding):
            say(ctx, line)
    hand_over(ctx, {"checks": [{"id": check.id, **asdict(finding)} for check, finding in found]})
    failed = sum(one.state == "failed" for _, one in found)
    warnings = sum(one.state == "warning" for _, one in found)
    say(ctx, f"{count(failed, 'check')} failed, {count(warnings, 'warning')}." if failed + warnings else "All is well.")
    ctx.exit(FAILED if failed else DONE)


def _lines(check: Check, finding: Finding) -> list[str]:
    """A check on one line, or more where its sentence is long, and its remedy below."""
    columns = max(30, window() - _STATE - _ID - 4)
    sentence = wrapped(safe(finding.message), columns) or [""]
    state = click.style(pad(finding.state, _STATE), fg=_COLOURS[finding.state])
    lines = [f"{state}  {pad(check.id, _ID)}  {sentence[0]}"]
    indent = " " * (_STATE + _ID + 4)
    lines += [f"{indent}{line}" for line in sentence[1:]]
    remedy = wrapped(safe(finding.remedy), columns - 3)
    return lines + [f"{indent}{'   ' if number else '-> '}{line}" for number, line in enumerate(remedy)]
