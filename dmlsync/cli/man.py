"""The manual page, made of what `--help` says: `python -m dmlsync.cli.man > docs/dmlsync.1`.

It has no date, so that the same commands give the same page, byte for byte.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import click

from dmlsync import __version__
from dmlsync.cli.app import app

_FILES = (
    ("config.toml", "The settings: lists, library.bib, the Zotero collection, sources."),
    ("library.lock", "What all sides last agreed on; to be committed together with library.bib."),
    (".dmlsync/", "The journal of the runs, caches, the sandbox; not to be committed."),
)
_VARIABLES = (
    ("ZOTERO_API_KEY", "The key of the Zotero library; without it the system's keyring or api_key_command is asked."),
    ("DMLSYNC_CONFIG", "The configuration where no --config names one."),
    ("_DMLSYNC_COMPLETE", "Shell completion: bash_source, zsh_source or fish_source prints what the shell needs."),
)
_EXIT_CODES = (
    ("0", "Done, nothing waits."),
    ("1", "Failed."),
    ("2", "Wrong usage or configuration."),
    ("3", "Done, but something waits for a person."),
    ("4", "Changes are pending (plan --exit-code)."),
)


def man_page() -> str:
    """The page in the language of man(7)."""
    ctx = click.Context(app, info_name="dmlsync")
    return "\n".join([*_head(), *_commands(ctx), *_options(ctx), *_tables(), *_tail()]) + "\n"


def _head() -> Iterator[str]:
    summary, _, _ = (app.help or "").partition("\n\n")
    yield ".\\\" Made by `python -m dmlsync.cli.man`: change the commands' help instead."
    yield f'.TH DMLSYNC 1 "" "dmlsync {__version__}" "User Commands"'
    yield from (".SH NAME", f"dmlsync \\- {_text(summary[:1].lower() + summary[1:].rstrip('.'))}")
    yield from (".SH SYNOPSIS", ".B dmlsync", "[\\fIOPTIONS\\fR] \\fICOMMAND\\fR [\\fIARGUMENTS\\fR]")
    yield ".SH DESCRIPTION"
    yield from _paragraphs(
        "A row added to a list becomes a full record in library.bib and an item with its PDF link in the Zotero "
        "collection that a lab shares. What a person typed, on any side, stays."
    )


def _commands(ctx: click.Context) -> Iterator[str]:
    yield ".SH COMMANDS"
    for name in app.list_commands(ctx):
        command = app.get_command(ctx, name)
        if command is not None:
            yield from _command(command, click.Context(command, parent=ctx, info_name=name))


def _command(command: click.Command, ctx: click.Context) -> Iterator[str]:
    """A command with its own options, then its subcommands."""
    yield f'.SS "{_text(f"{ctx.command_path} {_usage(command, ctx)}".strip())}"'
    yield from _paragraphs(command.help or "")
    shared = {parameter.name for parameter in app.params}
    yield from _records(_options_of(command, ctx, without=shared))
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            child = command.get_command(ctx, name)
            if child is not None:
                yield from _command(child, click.Context(child, parent=ctx, info_name=name))


def _options_of(
    command: click.Command, ctx: click.Context, without: Collection[str | None]
) -> Iterator[tuple[str, str]]:
    """The options of a command with their help; --help itself goes without saying."""
    for one in command.params:
        record = one.get_help_record(ctx) if isinstance(one, click.Option) and one.name not in without else None
        if record:
            yield record


def _usage(command: click.Command, ctx: click.Context) -> str:
    """The arguments; options are listed below."""
    return " ".join(piece for piece in command.collect_usage_pieces(ctx) if piece != "[OPTIONS]")


def _options(ctx: click.Context) -> Iterator[str]:
    yield from (".SH OPTIONS", "All commands take these, before or after their name.")
    yield from _records(_options_of(app, ctx, without=()))
    yield from _records([("-h, --help", "What a command does and takes.")])


def _tables() -> Iterator[str]:
    for title, rows in (("EXIT STATUS", _EXIT_CODES), ("ENVIRONMENT", _VARIABLES), ("FILES", _FILES)):
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


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        yield from (".PP", _text(paragraph))


def _text(text: str) -> str:
    """Text on one line that troff prints as it stands: no escapes, no requests, plain hyphens and quotes."""
    line = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq").replace("'", "\\(aq")
    line = line.replace("`", "\\(ga")
    return f"\\&{line}" if line.startswith(".") else line


if __name__ == "__main__":
    click.echo(man_page(), nl=False)
