"""`dmlsync sandbox`: the embedded library, over HTTP and otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import click

from dmlsync.cli.common import (
    confirm,
    hand_over,
    open_project,
    refuse_without_terminal,
    say,
    shared_options,
    wants_json,
)


def _database(ctx: click.Context, db: Path | None) -> Path:
    """The file that was named, else the project's own."""
    return db or open_project(ctx).sandbox_path


def _list_faults() -> None:
    from dmlsync.sandbox.faults import KINDS

    for kind, effect in KINDS.items():
        click.echo(f"{kind:14} {effect}")
    click.echo("All: on=all|read|write, share=0..1, after=N, times=N")


@click.group()
@shared_options
def command() -> None:
    """The embedded Zotero library: try dmlsync without an account."""


@command.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port on 127.0.0.1 [a free one].")
@click.option("--db", type=click.Path(path_type=Path, dir_okay=False), help="The library's file [the project's].")
@click.option("--quota", type=click.IntRange(0), help="How many megabytes all files may take [300].")
@click.option("--fault", "faults", metavar="FAULT", multiple=True, help="Fail on purpose; `--fault help` lists how.")
@click.option("--seed", type=int, default=0, help="What decides which requests a fault strikes [0].")
@shared_options
@click.pass_context
def serve(
    ctx: click.Context, port: int, db: Path | None, quota: int | None, faults: tuple[str, ...], seed: int
) -> None:
    """Serve the library over HTTP for other Zotero clients, on this machine only, until Ctrl-C.

    A FAULT is a kind with options, such as rate-limit:seconds=2,share=0.1.
    """
    from dmlsync import sandbox
    from dmlsync.zotero.served import converters

    if "help" in faults:
        _list_faults()
        return
    quota = sandbox.QUOTA if quota is None else quota
    with sandbox.open_sandbox(_database(ctx, db), converters(), quota) as library:
        try:
            server = sandbox.serve(library, port, library.with_faults(faults, seed) if faults else None)
        except OSError as error:
            problem = f"port {port} cannot be used ({error.strerror}): name another with --port"
            raise click.UsageError(problem) from error
        facts = {
            "url": server.url,
            "key": library.key,
            "read_only_key": library.read_only_key,
            "user": library.user,
            "group": library.group,
        }
        if wants_json(ctx):
            click.echo(json.dumps(facts))
        else:
            for name, value in facts.items():
                click.echo(f"{name:14} {value}")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
        finally:
            server.close()


@command.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@shared_options
@click.pass_context
def reset(ctx: click.Context, yes: bool) -> None:
    """Throw the project's sandbox library away, with what dmlsync remembers of it."""
    from dmlsync.config import SANDBOX

    project = open_project(ctx)
    refuse_without_terminal(ctx, yes=yes)
    confirm(ctx, f"Throw away everything in {project.sandbox_path}?", yes=yes)
    project.reset_sandbox()
    fills = project.config.zotero.library == SANDBOX
    say(ctx, f"The sandbox is empty.{' `dmlsync push` fills it again.' if fills else ''}")
    hand_over(ctx, {"reset": str(project.sandbox_path)})


@command.command("new-group")
@click.option("--db", type=click.Path(path_type=Path, dir_okay=False), help="The library's file [the project's].")
@shared_options
@click.pass_context
def new_group(ctx: click.Context, db: Path | None) -> None:
    """Make an empty group that the sandbox's key may write; prints its id."""
    from dmlsync import sandbox

    with sandbox.open_sandbox(_database(ctx, db)) as library:
        click.echo(library.new_group())
