"""The `dmlsync` command: its subcommands, the options that all of them share, and how errors end it."""

from __future__ import annotations

import importlib
import traceback
from pathlib import Path
from typing import Any

import click

from dmlsync import __version__
from dmlsync.cli.common import shared_options, verbosity
from dmlsync.cli.text import safe
from dmlsync.errors import DmlsyncError

COMMANDS = (
    "init",
    "status",
    "add",
    "resolve",
    "review",
    "plan",
    "push",
    "pull",
    "sync",
    "merge",
    "undo",
    "log",
    "check",
    "bib",
    "site",
    "rekey",
    "convert",
    "sandbox",
    "doctor",
)
"""The subcommands in the order that `--help` lists them; each is the attribute `command` of a module beside this."""


class App(click.Group):
    """A group that imports a subcommand's module when it is asked for, and ends on our errors with one sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the subcommands, in the order of a working day."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The subcommand of that name, None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"dmlsync.cli.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand; an error of ours becomes one sentence and its exit code, with -v its traceback too."""
        try:
            return super().invoke(ctx)
        except DmlsyncError as error:
            if verbosity(ctx) > 0:
                click.echo(safe(traceback.format_exc()), err=True)
            sentence = str(error).replace(f"{Path.cwd()}/", "")
            click.echo(f"{click.style('error:', fg='red', bold=True)} {safe(sentence)}", err=True)
            ctx.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):  # Ctrl-C, or Ctrl-D at a question
            click.echo("\nStopped: run the command again, it goes on from what is done.", err=True)
            ctx.exit(1)


@click.group(cls=App, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="dmlsync")
@shared_options
def app() -> None:
    """Keep Markdown reading lists, a shared Zotero collection and library.bib saying the same.

    Exit codes: 0 done, nothing waits; 1 failed; 2 wrong usage or configuration; 3 done, but something waits for a
    person; 4 changes are pending (plan --exit-code).
    """
