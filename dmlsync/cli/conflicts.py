"""The conversation about conflicts: both sides with the words that differ marked, and one answer each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from dmlsync.cli.text import cut, safe, window, wrapped
from dmlsync.cli.words import last_changed
from dmlsync.history import last_edit
from dmlsync.model import CITATION_KEY
from dmlsync.sync.choices import Side, possible_sides

if TYPE_CHECKING:
    from dmlsync.project import Project
    from dmlsync.project_files import ProjectFiles
    from dmlsync.sync.actions import Conflict

_HELP = """\
  b         the value in library.bib holds
  z         the value in Zotero holds
  B, Z      the same for all conflicts that follow
  s, Enter  skip: ask again next time
  q         stop here; everything answered so far is kept"""
SIDES: dict[str, Side] = {"b": "local", "z": "remote"}
"""What a person types for a side of a conflict."""


def ask_about_conflicts(
    project: Project, on_disk: ProjectFiles, conflicts: Sequence[Conflict], ask: Callable[[str], str]
) -> tuple[ProjectFiles, int, bool]:
    """Ask about one conflict after the other, each answer kept at once.

    Returns the files then, how many were decided, and whether the person wants to be asked more.
    """
    decided, all_of = 0, ""
    for number, conflict in enumerate(conflicts, start=1):
        sides = possible_sides(conflict)
        here = _edited_here(project, on_disk, conflict)
        for line in _conflict_lines(conflict, f"{number} of {len(conflicts)}", here):
            click.echo(line)
        if not sides:
            continue
        answer = all_of if all_of and SIDES[all_of] in sides else _typed(ask, sides)
        if answer == "q":
            return on_disk, decided, False
        if answer in ("B", "Z"):
            all_of = answer.lower()
        if side := SIDES.get(answer.lower()):
            on_disk = project.choose(on_disk, conflict, side)
            decided += 1
    return on_disk, decided, True


def _typed(ask: Callable[[str], str], sides: Sequence[Side]) -> str:
    """One of the answers that the help names."""
    letters = [letter for letter, side in SIDES.items() if side in sides]
    everything = [letter.upper() for letter in letters]
    while True:
        typed = ask(f"{', '.join([*letters, *everything])}, s, q, ?").strip()
        if typed in ("", "s", "q", *letters, *everything):
            return typed
        click.echo(_HELP)


def _edited_here(project: Project, on_disk: ProjectFiles, conflict: Conflict) -> str:
    """` (entry last changed by Ada, 2026-05-31)`: who changed the work's entry in library.bib, as far as git knows."""
    document, entry = on_disk.document, on_disk.document.get(conflict.citation_key)
    lines = document.text[slice(*entry.span)].count("\n") if entry else 0
    edit = last_edit(project.config.bib.path, entry.line, entry.line + lines) if entry else None
    if edit is None:
        return ""
    return f" (entry last changed by {safe(edit.author)}, {edit.day})" if edit.day else " (entry not committed yet)"


def _conflict_lines(conflict: Conflict, number: str, here: str) -> Iterator[str]:
    """A conflict with what both sides had before, the words marked that only one side has."""
    key = safe(conflict.citation_key)
    yield ""
    yield f"{click.style(number, dim=True)}  {click.style(key, bold=True)}  {conflict.field}"
    yield from _value_lines("library.bib", conflict.local, conflict.remote, here)
    yield from _value_lines("Zotero", conflict.remote, conflict.local, last_changed(conflict))
    if conflict.base:
        yield f"  {'before':<12} {cut(conflict.base, window() - 15)}"
    if remedy := remedy_of(conflict):
        yield f"  {remedy}"


def remedy_of(conflict: Conflict) -> str:
    """What to do about a conflict that is not a choice between two values; `""` for all others."""
    if conflict.field != CITATION_KEY:
        return ""
    if possible_sides(conflict):
        command = f"dmlsync rekey {safe(conflict.local)} {safe(conflict.remote)}"
        return f"papers cite it: b puts it back in Zotero, {command} takes the other"
    return f"give it its key back in library.bib, or dmlsync rekey {safe(conflict.citation_key)} {safe(conflict.local)}"


def _value_lines(label: str, value: str, other: str, tail: str = "") -> Iterator[str]:
    """One side's value on as many lines as it takes."""
    known = set(safe(other).split())
    lines = wrapped(safe(value), window() - 15) or ["(blank)"]
    for number, line in enumerate(lines):
        marked = " ".join(word if word in known else click.style(word, fg="yellow") for word in line.split(" "))
        yield f"  {'' if number else label:<12} {marked}{tail if number == len(lines) - 1 else ''}"
