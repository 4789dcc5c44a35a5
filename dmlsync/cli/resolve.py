"""`dmlsync resolve`: metadata for the entries, without touching Zotero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from dmlsync.cli.common import (
    DONE,
    WAITS,
    hand_over,
    has_terminal,
    open_project,
    say,
    shared_options,
    verbosity,
)
from dmlsync.cli.completion import entries
from dmlsync.cli.progress import Progress
from dmlsync.cli.text import count
from dmlsync.model import Entry

if TYPE_CHECKING:
    from dmlsync.project import Project
    from dmlsync.project_files import ProjectFiles
    from dmlsync.resolve.evidence import Answer
    from dmlsync.sync.catalog import CatalogEntry
    from dmlsync.sync.lock import OpenReview


@click.command()
@click.argument("entry", nargs=-1, shell_complete=entries)
@click.option("--refresh", is_flag=True, help="Ask the sources again, cache or not, and propose what they changed.")
@click.option("--yes", is_flag=True, help="Take over every proposal without asking.")
@shared_options
@click.pass_context
def command(ctx: click.Context, entry: tuple[str, ...], refresh: bool, yes: bool) -> None:
    """Fill in metadata: ask the sources for what is new, and again for each ENTRY named (`dvsml:12`, `dvsml`).

    On a terminal, asks about what no source knows for certain and remembers every answer; elsewhere the open questions
    are listed. Writes library.bib and library.lock, never Zotero. With --refresh nothing is replaced unasked: what the
    sources say otherwise is proposed, and a value that a person typed stays.
    """
    from dmlsync.cli.entries import entries_json, lists_line, notice_lines, waits
    from dmlsync.cli.proposals import decide, proposals_json
    from dmlsync.resolve.engine import entry_key

    if yes and not refresh:
        raise click.UsageError("--yes takes over proposals: it goes with --refresh")
    project = open_project(ctx)
    with project.alone():
        _check(entry, project.read().entries)
        again = _nothing if refresh else lambda one: _is_named(one, entry)
        on_disk, catalog = project.resolve(again, tell=Progress(ctx))
        questions = catalog.questions(also=lambda one: _is_named(one, entry)) if has_terminal(ctx) else ()
        if questions:
            answers = _conversation(ctx, project, on_disk, questions)
            on_disk, catalog = project.resolve(lambda one: entry_key(one) in answers, tell=Progress(ctx))
        open_proposals = 0
        if refresh:
            refreshed = project.refresh(lambda one: not entry or _is_named(one, entry), tell=Progress(ctx))
            decision = decide(ctx, refreshed.proposals, yes=yes)
            open_proposals = len(refreshed.proposals) - len(decision.accepted) - len(decision.declined)
            catalog = project.take_over(refreshed, decision)
    target = on_disk.target
    answer = {**entries_json(catalog, target), "written": list(catalog.written)}
    hand_over(ctx, {**answer, "proposals": proposals_json(refreshed.proposals)} if refresh else answer)
    say(ctx, lists_line(on_disk))
    for line in notice_lines(on_disk, catalog, verbosity(ctx)):
        say(ctx, line)
    name = project.config.bib.path.name
    say(ctx, f"{count(len(catalog.written), 'record')} written to {name}" if catalog.written else f"{name} is complete")
    ctx.exit(WAITS if waits(on_disk, catalog) or open_proposals else DONE)


def _conversation(
    ctx: click.Context, project: Project, on_disk: ProjectFiles, questions: Sequence[tuple[CatalogEntry, OpenReview]]
) -> Mapping[str, Answer]:
    """Ask a person about the open questions; the answers are in the lock already."""
    from dmlsync.cli.questions import Conversation, answered_line

    say(ctx, f"{count(len(questions), 'entry', 'entries')} to decide; ? tells what can be answered")
    talk = Conversation(
        project, lambda prompt: str(click.prompt(prompt, default="", show_default=False)), on_disk.lock.answers
    )
    answers = talk.about(questions)
    say(ctx, answered_line(answers))
    return answers


def _nothing(entry: Entry) -> bool:
    """No entry at all."""
    return False


def _is_named(entry: Entry, names: tuple[str, ...]) -> bool:
    return entry.list_name in names or f"{entry.list_name}:{entry.line}" in names


def _check(names: tuple[str, ...], entries: tuple[Entry, ...]) -> None:
    """Every name has to stand for something."""
    for name in names:
        if not any(_is_named(entry, (name,)) for entry in entries):
            raise click.BadParameter(f"{name!r} is no entry: use LIST or LIST:LINE, with the entry's first line")
