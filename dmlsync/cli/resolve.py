"""`dmlsync resolve`: metadata for the entries, without touching Zotero."""

from __future__ import annotations

import click

from dmlsync.cli.common import DONE, WAITS, Progress, hand_over, open_project, say, shared_options, verbosity
from dmlsync.cli.text import count
from dmlsync.model import Entry


@click.command()
@click.argument("entry", nargs=-1)
@shared_options
@click.pass_context
def command(ctx: click.Context, entry: tuple[str, ...]) -> None:
    """Fill in metadata: ask the sources for what is new, and again for each ENTRY named (`dvsml:12`, `dvsml`).

    Writes library.bib and library.lock, never Zotero. What no source knows for certain is listed as a question.
    """
    from dmlsync.cli.entries import entries_json, lists_line, notice_lines, waits

    project = open_project(ctx)
    with project.alone():
        _check(entry, project.read().entries)
        on_disk, catalog = project.resolve(lambda one: _is_named(one, entry), tell=Progress(ctx))
    target = on_disk.target
    hand_over(ctx, {**entries_json(catalog, target), "written": list(catalog.written)})
    say(ctx, lists_line(on_disk))
    for line in notice_lines(on_disk, catalog, verbosity(ctx)):
        say(ctx, line)
    name = project.config.bib.path.name
    say(ctx, f"{count(len(catalog.written), 'record')} written to {name}" if catalog.written else f"{name} is complete")
    ctx.exit(WAITS if waits(on_disk, catalog) else DONE)


def _is_named(entry: Entry, names: tuple[str, ...]) -> bool:
    return entry.list_name in names or f"{entry.list_name}:{entry.line}" in names


def _check(names: tuple[str, ...], entries: tuple[Entry, ...]) -> None:
    """Every name has to stand for something."""
    for name in names:
        if not any(_is_named(entry, (name,)) for entry in entries):
            raise click.BadParameter(f"{name!r} is no entry: use LIST or LIST:LINE, with the entry's first line")
