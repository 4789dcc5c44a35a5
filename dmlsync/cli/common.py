"""What all commands share: their common options, the way to the project, and how a run ends."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from dmlsync.project import Project

DONE, WAITS, PENDING = 0, 3, 4
"""Exit codes: all is done; done, but something waits for a person; changes are pending."""

_META = "dmlsync.options"
F = TypeVar("F", bound=Callable[..., Any])


def _store(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """Keep a shared option, wherever on the command line it stood."""
    options = ctx.meta.setdefault(_META, {})
    if value or param.name not in options:
        options[param.name] = value
    if param.name == "no_color" and value:
        ctx.color = False


def shared_options(command: F) -> F:
    """Add the options that every command takes, before or after the subcommand's name."""
    folder = click.Path(path_type=Path, dir_okay=False)
    for option in (
        click.option("--no-color", is_flag=True, help="No colours, also on a terminal."),
        click.option("-q", "--quiet", is_flag=True, help="Only errors and data."),
        click.option("-v", "--verbose", count=True, help="Say more: every field, reasons, tracebacks."),
        click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output."),
        click.option("--config", type=folder, help="The configuration [DMLSYNC_CONFIG, else ./config.toml]."),
    ):
        add = option
        command = add(command)
    for parameter in getattr(command, "__click_params__", []):
        if parameter.name in ("no_color", "quiet", "verbose", "as_json", "config"):
            parameter.expose_value = False
            parameter.callback = _store
    return command


def run_options(command: F) -> F:
    """Add the options of the commands that carry a plan out, besides the shared ones."""
    add_shrink = click.option(
        "--allow-shrink", is_flag=True, help="Go on although a list or the collection lost many entries."
    )
    add_dry_run = click.option("--dry-run", is_flag=True, help="Everything but the writes.")
    add_yes = click.option("--yes", is_flag=True, help="Carry the plan out without asking.")
    return add_yes(add_dry_run(add_shrink(shared_options(command))))


def _option(ctx: click.Context, name: str) -> Any:
    return ctx.meta.get(_META, {}).get(name)


def verbosity(ctx: click.Context) -> int:
    """How often -v was given, -1 for -q."""
    return -1 if _option(ctx, "quiet") else int(_option(ctx, "verbose") or 0)


def wants_json(ctx: click.Context) -> bool:
    """Whether standard output is for a program."""
    return bool(_option(ctx, "as_json"))


def config_path(ctx: click.Context) -> Path:
    """The configuration that was named, or the one in this folder."""
    return Path(_option(ctx, "config") or os.environ.get("DMLSYNC_CONFIG") or "config.toml")


def open_project(ctx: click.Context) -> Project:
    """The project whose configuration was named, or the one in this folder."""
    from dmlsync.config import read_config
    from dmlsync.project import Project

    return Project(read_config(config_path(ctx)))


def say(ctx: click.Context, text: str = "") -> None:
    """A line for people: on standard output, or nowhere with --json and -q."""
    if not wants_json(ctx) and verbosity(ctx) >= 0:
        click.echo(text, color=ctx.color)


def hand_over(ctx: click.Context, answer: Mapping[str, Any]) -> None:
    """The answer for a program, where --json asked for it."""
    if wants_json(ctx):
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def has_terminal(ctx: click.Context) -> bool:
    """Whether there is somebody to ask: a terminal on both sides, and no program that wants JSON."""
    return not wants_json(ctx) and sys.stdin.isatty() and sys.stdout.isatty()


def refuse_without_terminal(ctx: click.Context, *, yes: bool) -> None:
    """Refuse a run that would have to ask where nobody can answer."""
    if not yes and not has_terminal(ctx):
        raise click.UsageError("there is no terminal to ask on: add --yes to go on without asking")


def confirm(ctx: click.Context, question: str, *, yes: bool) -> None:
    """Ask before a run. Ends the command on no."""
    if not yes and not click.confirm(question):
        click.echo("Nothing was changed.", err=True)
        ctx.exit(1)
