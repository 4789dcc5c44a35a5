"""`dmlsync review`: the open questions, as a conversation or as a file to edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from dmlsync.cli.progress import Progress
from dmlsync.cli.text import count, safe

if TYPE_CHECKING:
    from dmlsync.project import Project
    from dmlsync.project_files import ProjectFiles
    from dmlsync.resolve.evidence import Answer
    from dmlsync.sync.catalog import Catalog
    from dmlsync.sync.choices import Side

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("-o", "output", type=_FILE, help="Write the open questions to a file, to be answered in an editor.")
@click.option("--apply", "answered", type=_FILE, help="Take the answers from such a file.")
@shared_options
@click.pass_context
def command(ctx: click.Context, output: Path | None, answered: Path | None) -> None:
    """Answer what waits for a person: which paper an entry means, and whose value holds where both sides changed one.

    On a terminal, one question after the other; elsewhere the questions are listed. Every answer is in library.lock
    at once and never asked for again. `dmlsync sync` carries out what was said of conflicts. Never writes to Zotero.
    """
    if output and answered:
        raise click.UsageError("-o writes the questions, --apply reads the answers: one at a time")
    project = open_project(ctx)
    with project.alone():
        on_disk = project.read(empty_lists=True)
        catalog = project.catalog(on_disk, ask=False)
        if output:
            _write(ctx, project, on_disk, catalog, output)
        on_disk, choices, answers = _answered(ctx, project, on_disk, catalog, answered)
        if answers:
            on_disk, catalog = project.resolve(lambda one: _key(one) in answers, tell=Progress(ctx))
        _tell(ctx, project, on_disk, catalog, choices, answers)


def _key(entry: Any) -> str:
    from dmlsync.resolve.engine import entry_key

    return entry_key(entry)


def _write(ctx: click.Context, project: Project, on_disk: ProjectFiles, catalog: Catalog, output: Path) -> None:
    """The questions as a file; ends the command."""
    from dmlsync.cli.review_file import questions_text
    from dmlsync.files import read_or_none, replace

    questions, conflicts = _questions(catalog), project.remembered_conflicts(on_disk, catalog)
    if not questions and not conflicts:
        hand_over(ctx, {"file": None, "questions": 0})
        say(ctx, "Nothing waits for an answer.")
        ctx.exit(DONE)
    replace(output, questions_text(questions, conflicts).encode(), expected=read_or_none(output))
    number = len(questions) + len(conflicts)
    hand_over(ctx, {"file": str(output), "questions": number})
    say(ctx, f"{count(number, 'question')} in {safe(str(output))}: answer them, then dmlsync review --apply {output}")
    ctx.exit(WAITS)


def _questions(catalog: Catalog) -> Sequence[Any]:
    return catalog.questions(also=lambda one: True)


def _answered(
    ctx: click.Context, project: Project, on_disk: ProjectFiles, catalog: Catalog, answered: Path | None
) -> tuple[ProjectFiles, int, Mapping[str, Answer]]:
    """What a person says, on a terminal or in a file: the files then, how many conflicts are decided, the answers."""
    questions, conflicts = _questions(catalog), project.remembered_conflicts(on_disk, catalog)
    chosen: Sequence[tuple[Any, Side]] = ()
    answers: Mapping[str, Answer] = {}
    if answered:
        from dmlsync.cli.review_file import answers_in

        answers, chosen = answers_in(answered, questions, conflicts, on_disk.lock.answers)
        for conflict, side in chosen:
            on_disk = project.choose(on_disk, conflict, side)
        if answers:
            project.answer(answers)
        return on_disk, len(chosen), answers
    if not has_terminal(ctx) or not (questions or conflicts):
        return on_disk, 0, answers
    from dmlsync.cli.conflicts import ask_about_conflicts
    from dmlsync.cli.questions import Conversation

    def ask(prompt: str) -> str:
        return str(click.prompt(prompt, default="", show_default=False))

    say(ctx, f"{count(len(questions) + len(conflicts), 'question')}; ? tells what can be answered")
    on_disk, number, goes_on = ask_about_conflicts(project, on_disk, conflicts, ask)
    talk = Conversation(project, ask, on_disk.lock.answers)
    return on_disk, number, talk.about(questions) if goes_on else {}


def _tell(
    ctx: click.Context,
    project: Project,
    on_disk: ProjectFiles,
    catalog: Catalog,
    choices: int,
    answers: Mapping[str, Answer],
) -> None:
    """What was answered, and what is still open; ends the command."""
    from dataclasses import asdict

    from dmlsync.cli.entries import entries_json, waiting_lines, waits
    from dmlsync.cli.words import conflict_lines

    conflicts = project.remembered_conflicts(on_disk, catalog)
    facts = {"answers": len(answers), "choices": choices, "conflicts": [asdict(one) for one in conflicts]}
    hand_over(ctx, {**entries_json(catalog, on_disk.target), **facts})
    for conflict in conflicts:
        for line in conflict_lines(conflict):
            say(ctx, line)
    for line in waiting_lines(catalog, on_disk.target, verbosity(ctx)):
        say(ctx, line)
    if answers:
        say(ctx, f"{count(len(answers), 'answer')} kept.")
    if choices:
        say(ctx, f"{count(choices, 'conflict')} decided: dmlsync sync carries that out.")
    open_ones = bool(conflicts) or waits(on_disk, catalog)
    if not open_ones:
        say(ctx, "Nothing waits for an answer.")
    ctx.exit(WAITS if open_ones else DONE)
