"""`dmlsync bib`: a .bib file of what a document cites."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dmlsync.cli.common import DONE, WAITS, hand_over, open_project, say, shared_options, verbosity, wants_json
from dmlsync.cli.text import count, safe

if TYPE_CHECKING:
    from dmlsync.bib.entry_types import Dialect
    from dmlsync.bib.extract import Extract, Unknown
    from dmlsync.config import Config


@click.command()
@click.option(
    "--cited",
    "documents",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A document's .aux, .bcf or .tex file; may be given several times.  [the whole library]",
)
@click.option("--dialect", type=click.Choice(["biblatex", "bibtex"]), help="The dialect to write.  [library.bib's]")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file.  [standard output]")
@shared_options
@click.pass_context
def command(ctx: click.Context, documents: tuple[Path, ...], dialect: Dialect | None, output: Path | None) -> None:
    """Write a .bib of exactly what a document cites, or of the whole library, in either dialect.

    In the dialect of library.bib entries are copied as they stand there. Keys that library.bib does not have are
    listed with the nearest known ones, and the exit code is then 3.
    """
    from dmlsync import files
    from dmlsync.bib.cited import Cited, cited_by

    project = open_project(ctx)
    if output is not None:
        _refuse_project_file(output, project.config)
    cited = cited_by(documents) if documents else Cited(everything=True)
    extract = project.extract(cited, dialect)
    data = extract.text.encode("utf-8", "surrogateescape")
    if output is not None:
        files.replace(output, data, expected=files.read_or_none(output))
    elif not wants_json(ctx):
        click.echo(data, nl=False)
    _tell(ctx, extract, cited.notes, output)
    ctx.exit(WAITS if extract.unknown else DONE)


def _refuse_project_file(output: Path, config: Config) -> None:
    """Nothing that a project lives of may be replaced by an extract of it."""
    own = [config.bib.path, config.lock_path, config.path, *(one.path for one in config.lists)]
    if output.resolve() in [path.resolve() for path in own]:
        raise click.BadParameter(f"{output.name} is a file of this project: name another", param_hint="-o")


def _tell(ctx: click.Context, extract: Extract, notes: Iterable[str], output: Path | None) -> None:
    answer = {
        "keys": list(extract.keys),
        "unknown": [{"key": safe(one.key), "nearest": [*one.nearest], "broken": one.broken} for one in extract.unknown],
        "notes": list(notes),
        "file": str(output) if output else None,
        "bib": None if output else extract.text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"),
    }
    hand_over(ctx, answer)
    if output is not None:
        say(ctx, f"{count(len(extract.keys), 'entry', 'entries')} written to {output}")
    for note in notes if verbosity(ctx) >= 0 else ():
        click.echo(f"note: {safe(note)}", err=True)
    for one in extract.unknown:
        click.echo(f"{click.style('unknown:', fg='yellow')} {_unknown_line(one)}", err=True)


def _unknown_line(one: Unknown) -> str:
    if one.broken:
        return f"{safe(one.key)} (its entry in library.bib cannot be read)"
    near = f" (did you mean {' or '.join(map(safe, one.nearest))}?)" if one.nearest else ""
    return f"{safe(one.key)}{near}"
