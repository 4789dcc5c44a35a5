"""`dmlsync site`: the browsable page of the library."""

from __future__ import annotations

from pathlib import Path

import click

from dmlsync.cli.common import DONE, WAITS, hand_over, open_project, say, shared_options
from dmlsync.cli.text import count, safe


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--title", default="", help="The heading of the page.  [the Zotero collection's name]")
@click.option("--force", is_flag=True, help="Replace an index.html that dmlsync did not make.")
@shared_options
@click.pass_context
def command(ctx: click.Context, folder: Path, title: str, force: bool) -> None:
    """Write the library as one web page into the folder DIR: index.html, which needs nothing else.

    It shows the works of all lists with search, filters and a chart, copies BibTeX and \\cite, and works from a disk,
    a web server or GitHub Pages. No service is asked. The same lists and library.bib give the same page, byte for byte.
    """
    from dmlsync.publishing import publish

    done = publish(open_project(ctx), folder, title=title, force=force)
    hand_over(
        ctx,
        {"path": str(done.path), "works": done.works, "bytes": done.size, "without_record": done.without_record},
    )
    what = f"{count(done.works, 'work')}, {_size(done.size)}"
    say(ctx, f"{safe(str(done.path))}: {what}{'' if done.changed else ', as it was'}")
    if done.without_record:
        waiting = count(done.without_record, "work has", "works have")
        say(ctx, f"{click.style('!', fg='yellow')} {waiting} no record yet: dmlsync resolve")
    ctx.exit(WAITS if done.without_record else DONE)


def _size(number: int) -> str:
    """Bytes for people."""
    return f"{number / 1e6:.1f} MB" if number >= 1e6 else f"{max(1, round(number / 1e3))} kB"
