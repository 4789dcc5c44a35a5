"""`dmlsync add`: a paper into a list, as a line in the list's own style."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from dmlsync.cli.common import (
    DONE,
    WAITS,
    confirm,
    hand_over,
    has_terminal,
    open_project,
    refuse_without_terminal,
    say,
    shared_options,
)
from dmlsync.cli.completion import list_names
from dmlsync.cli.progress import Progress
from dmlsync.cli.text import cut, safe, window

if TYPE_CHECKING:
    from dmlsync.adding.lookup import LookedUp, Paper
    from dmlsync.adding.writing import Draft, Written
    from dmlsync.project import Project
    from dmlsync.sync.catalog import Catalog, CatalogEntry
    from dmlsync.sync.reviews import Offered

FAILED = 1
_MOST_CANDIDATES = 5


@click.command()
@click.argument("paper", metavar="ID")
@click.option(
    "--list", "list_name", default="", metavar="LIST", shell_complete=list_names, help="The list [the only one]."
)
@click.option("--section", default="", help="The heading it goes under [where its year and the order say].")
@click.option("--code", default="", metavar="URL", help="The address of its code, for lists that link code.")
@click.option("--yes", is_flag=True, help="Write the line without asking.")
@click.option("--dry-run", is_flag=True, help="Show the line and write nothing.")
@shared_options
@click.pass_context
def command(ctx: click.Context, paper: str, list_name: str, section: str, code: str, yes: bool, dry_run: bool) -> None:
    """Add a paper to a list: ID is a DOI, an arXiv id, an address, a title in quotes, or a citation key.

    The paper is looked up, shown, and written as a row or bullet like its neighbours; the rest of the file stays byte
    for byte the same. A citation key names a work that library.bib has, such as one that `pull` adopted.
    """
    from dataclasses import replace

    from dmlsync.adding.duplicates import lines_named
    from dmlsync.adding.lookup import look_up
    from dmlsync.adding.writing import Draft, draft, list_named, write

    if not dry_run:
        refuse_without_terminal(ctx, yes=yes)
    if not paper.strip():
        raise click.BadParameter("it is blank", param_hint="ID")
    project = open_project(ctx)
    with project.alone():
        on_disk = project.read(empty_lists=True)
        reading_list = list_named(on_disk, list_name)
        catalog = project.catalog(on_disk, ask=False)
        named = [one for one in lines_named(catalog, paper) if one.entry.list_name == reading_list.name]
        if named:
            _refuse_duplicate(ctx, named)
        looked_up = _decided(ctx, project, catalog, look_up(project, catalog, paper, Progress(ctx)), paper)
        assert looked_up.paper is not None  # or `_decided` had ended the command
        found = replace(looked_up.paper, code=code)
        for line in _paper_lines(found):
            say(ctx, line)
        drafted = draft(catalog, reading_list, found, section)
        if not isinstance(drafted, Draft):
            _refuse_duplicate(ctx, drafted.lines)
        else:
            for line in _draft_lines(drafted):
                say(ctx, line)
            if dry_run:
                say(ctx, "Dry run: nothing was written.")
                hand_over(ctx, _answer(drafted, None))
                ctx.exit(DONE)
            confirm(ctx, f"Write this to {safe(reading_list.path.name)}?", yes=yes)
            written = write(project, on_disk, drafted, Progress(ctx))
            hand_over(ctx, _answer(drafted, written))
            say(ctx, _done_line(drafted, written))
            ctx.exit(DONE if written.resolved else WAITS)


def _decided(ctx: click.Context, project: Project, catalog: Catalog, looked_up: LookedUp, wanted: str) -> LookedUp:
    """The look-up with a paper: certain, or chosen by a person. Ends the command where there is none."""
    from dmlsync.adding.lookup import choose

    if looked_up.paper:
        return looked_up
    candidates = looked_up.candidates[:_MOST_CANDIDATES]
    if candidates and has_terminal(ctx):
        number = _ask(looked_up, candidates)
        if number:
            chosen = choose(project, catalog, looked_up, candidates[number - 1])
            if chosen.paper:
                return chosen
            looked_up = chosen
        else:
            click.echo("Nothing was changed.", err=True)
            ctx.exit(FAILED)
    what = (
        f"no source is certain which paper {safe(wanted)!r} is" if candidates else f"no source knows {safe(wanted)!r}"
    )
    why = f" ({safe('; '.join(looked_up.problems))})" if looked_up.problems else ""
    remedy = "add it by the identifier of one of these" if candidates else "check it, or add the line by hand"
    _refuse(ctx, f"{what}{why}: {remedy}", candidates=candidates)
    return looked_up


def _ask(looked_up: LookedUp, candidates: Sequence[Offered]) -> int:
    """The number of the candidate that a person picks, 0 for none."""
    from dmlsync.cli.side_by_side import candidate_lines

    for place, candidate in enumerate(candidates, start=1):
        for line in candidate_lines(place, candidate, looked_up.asked):
            click.echo(line)
    choice = click.Choice([str(number) for number in range(len(candidates) + 1)])
    return int(click.prompt("Which one is it (0: none of these)?", type=choice, show_choices=False))


def _refuse_duplicate(ctx: click.Context, lines: Sequence[CatalogEntry]) -> None:
    from dmlsync.cli.entries import place_of_entry

    one = lines[0]
    _refuse(ctx, f"{place_of_entry(one)} has it already: {safe(one.entry.title)}", duplicate=one)


def _refuse(
    ctx: click.Context, sentence: str, *, candidates: Sequence[Offered] = (), duplicate: CatalogEntry | None = None
) -> None:
    """End the command with what is known of the paper; nothing was written."""
    from dmlsync.adding.lookup import titles_of

    at = duplicate.entry if duplicate else None
    line = {"list": at.list_name, "line": at.line, "title": at.title} if at else None
    hand_over(ctx, {"written": False, "duplicate": line, "candidates": [dict(one) for one in candidates]})
    click.echo(f"{click.style('error:', fg='red', bold=True)} {sentence}", err=True)
    for title in titles_of(candidates):
        click.echo(f"  {safe(title)}", err=True)
    ctx.exit(FAILED)


def _draft_lines(draft: Draft) -> Iterator[str]:
    """The line with its place, and the lines of other lists."""
    from dmlsync.cli.entries import place_of_entry

    for one in draft.elsewhere:
        yield f"  also at {place_of_entry(one)}: the same work, with the same key"
    entry = draft.insertion.entry
    under = f" under {safe(' / '.join(entry.section))}" if entry.section else ""
    yield f"{safe(draft.reading_list.path.name)}:{entry.line}{under}"
    yield from (f"{click.style('+', fg='green')} {safe(line)}" for line in draft.insertion.lines)


def _paper_lines(paper: Paper) -> Iterator[str]:
    from dmlsync.resolve.match import authors_of, venue_of

    record, width = paper.record, window() - 2
    authors = ", ".join(str(author) for author in authors_of(record))
    yield click.style(cut(record.title, width + 2), bold=True)
    yield f"  {cut(authors or 'no authors are known', width)}"
    yield f"  {cut(', '.join(filter(None, [venue_of(record), str(record.year or 'no year')])), width)}"
    named = paper.identifiers
    yield from (f"  {cut(name, width)}" for name in (named.doi, named.arxiv, named.page) if name)
    if paper.citation_key:
        yield f"  {cut(paper.citation_key, width - 32)} in library.bib; it keeps its key"


def _done_line(draft: Draft, written: Written) -> str:
    place = f"{safe(draft.reading_list.path.name)}:{draft.insertion.entry.line}"
    if not written.resolved:
        return f"Written to {place}; it waits: dmlsync status tells for what, dmlsync resolve asks again."
    return f"Written to {place} as {safe(written.entry.citation_key)}. Next: dmlsync push"


def _answer(draft: Draft, written: Written | None) -> dict[str, Any]:
    """The answer for a program."""
    entry, paper = draft.insertion.entry, draft.paper
    key = written.entry.citation_key if written else paper.citation_key
    return {
        "written": written is not None,
        "list": entry.list_name,
        "line": entry.line,
        "section": list(entry.section),
        "lines": list(draft.insertion.lines),
        "title": entry.title,
        "authors": list(entry.author_names),
        "year": entry.year,
        "venue": entry.venue,
        "links": [{"kind": link.kind, "url": link.url} for link in entry.links],
        "citation_key": key or None,
        "state": None if written is None else written.entry.standing if not written.resolved else "resolved",
        "duplicate": None,
        "candidates": [],
    }
