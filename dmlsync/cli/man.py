"""The manual page, made of what `--help` says: `python -m dmlsync.cli.man > docs/dmlsync.1`.

It has no date, so that the same commands give the same page, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from dmlsync import __version__
from dmlsync.cli.app import app
from dmlsync.cli.reference import EXIT_CODES, VARIABLES, described_commands, shared_options

_FILES = (
    ("config.toml", "The settings: lists, library.bib, the Zotero collection, sources."),
    ("library.lock", "What all sides last agreed on; to be committed together with library.bib."),
    (".dmlsync/", "The journal of the runs, caches, the sandbox; not to be committed."),
)


def man_page() -> str:
    """The page in the language of man(7)."""
    return "\n".join([*_head(), *_commands(), *_options(), *_tables(), *_tail()]) + "\n"


def _head() -> Iterator[str]:
    summary, _, _ = (app.help or "").partition("\n\n")
    yield ".\\\" Made by `python -m dmlsync.cli.man`: change the commands' help instead."
    yield f'.TH DMLSYNC 1 "" "dmlsync {__version__}" "User Commands"'
    yield from (".SH NAME", f"dmlsync \\- {_text(summary[:1].lower() + summary[1:].rstrip('.'))}")
    yield from (".SH SYNOPSIS", ".B dmlsync", "[\\fIOPTIONS\\fR] \\fICOMMAND\\fR [\\fIARGUMENTS\\fR]")
    yield ".SH DESCRIPTION"
    description = (
        "A row added to a list becomes a full record in library.bib and an item with its PDF link in the Zotero "
        "collection that a lab shares. What a person typed, on any side, stays."
    )
    yield from _paragraphs([description])


def _commands() -> Iterator[str]:
    """Each command with its own options."""
    yield ".SH COMMANDS"
    for one in described_commands():
        yield f'.SS "{_text(one.usage)}"'
        yield from _paragraphs(one.paragraphs)
        yield from _records(one.options)


def _options() -> Iterator[str]:
    yield from (".SH OPTIONS", "All commands take these, before or after their name.")
    yield from _records(shared_options())


def _tables() -> Iterator[str]:
    for title, rows in (("EXIT STATUS", EXIT_CODES), ("ENVIRONMENT", VARIABLES), ("FILES", _FILES)):
        yield f'.SH "{title}"'
        yield from _records(rows)


def _tail() -> Iterator[str]:
    yield from (".SH EXAMPLES", "A new project, its first push, and what a paper cites:")
    yield from (".PP", ".nf", ".RS")
    yield from (_text(line) for line in ("dmlsync init", "dmlsync push", "dmlsync bib --cited paper.aux -o paper.bib"))
    yield from (".RE", ".fi", '.SH "SEE ALSO"', ".BR biber (1),", ".BR bibtex (1)")


def _records(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, text in rows:
        yield from (".TP", f"\\fB{_text(name)}\\fR", _text(text))


def _paragraphs(paragraphs: Iterable[str]) -> Iterator[str]:
    for paragraph in paragraphs:
        yield from (".PP", _text(paragraph))


def _text(text: str) -> str:
    """Text on one line that troff prints as it stands: no escapes, no requests, plain hyphens and quotes."""
    line = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq").replace("'", "\\(aq")
    line = line.replace("`", "\\(ga")
    return f"\\&{line}" if line.startswith(".") else line


if __name__ == "__main__":
    click.echo(man_page(), nl=False)
