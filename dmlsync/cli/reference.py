"""The reference of commands and settings, made of the code, so that neither can say what the other does not.

`python -m dmlsync.cli.reference > docs/commands.md` writes the page of all commands from their own help;
`python -m dmlsync.cli.reference --configuration docs/configuration.md` puts the tables of settings and sources between
the markers in that file. Nothing has a date: the same code gives the same text, byte for byte.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import json
from collections.abc import Iterable, Iterator
from dataclasses import Field, dataclass, fields
from itertools import pairwise
from pathlib import Path
from textwrap import wrap
from typing import Any, Literal, get_args, get_origin, get_type_hints

import click

from dmlsync import config
from dmlsync.cli.app import app
from dmlsync.sources.settings import DEFAULTS

Rows = tuple[tuple[str, str], ...]
"""Names with what they mean."""

VARIABLES: Rows = (
    ("ZOTERO_API_KEY", "The key of the Zotero library; without it the system's keyring or api_key_command is asked."),
    ("DMLSYNC_CONFIG", "The configuration where no --config names one."),
    ("SEMANTIC_SCHOLAR_API_KEY", "A key for Semantic Scholar, optional; sent to it alone."),
    ("OPENALEX_API_KEY", "A key for OpenAlex, optional; sent to it alone."),
    ("HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY", "The proxies that sources and links are asked through."),
    ("_DMLSYNC_COMPLETE", "Shell completion: bash_source, zsh_source or fish_source prints what the shell needs."),
)
EXIT_CODES: Rows = (
    ("0", "Done, nothing waits."),
    ("1", "Failed."),
    ("2", "Wrong usage or configuration."),
    ("3", "Done, but something waits for a person."),
    ("4", "Changes are pending (plan --exit-code)."),
)
SETTINGS = {
    "[[list]]": config.ListSettings,
    "[bib]": config.BibSettings,
    "[zotero]": config.ZoteroSettings,
    "[resolve]": config.ResolveSettings,
    "[sources.NAME]": config.SourceSettings,
}
"""The tables of config.toml, and the classes that their settings become."""


@dataclass(frozen=True, slots=True)
class DescribedCommand:
    """A command as its `--help` tells of it: full name, arguments, paragraphs, and its own options."""

    name: str
    arguments: str
    paragraphs: tuple[str, ...]
    options: Rows

    @property
    def usage(self) -> str:
        """The name with the arguments."""
        return f"{self.name} {self.arguments}".strip()


def described_commands() -> Iterator[DescribedCommand]:
    """All commands in the order of `--help`, each group before its own commands."""
    yield from _below(app, click.Context(app, info_name="dmlsync"))


def shared_options() -> Rows:
    """The options that every command takes, before or after its name."""
    return (*_options(app, click.Context(app), without=set()), ("-h, --help", "What a command does and takes."))


def _below(group: click.Group, ctx: click.Context) -> Iterator[DescribedCommand]:
    shared: set[str | None] = {parameter.name for parameter in app.params}
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if command is None:
            continue
        inner = click.Context(command, parent=ctx, info_name=name)
        arguments = " ".join(piece for piece in command.collect_usage_pieces(inner) if piece != "[OPTIONS]")
        paragraphs = tuple(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
        yield DescribedCommand(inner.command_path, arguments, paragraphs, _options(command, inner, shared))
        if isinstance(command, click.Group):
            yield from _below(command, inner)


def _options(command: click.Command, ctx: click.Context, without: set[str | None]) -> Rows:
    """The options of a command with their help; --help itself goes without saying."""
    options = [one for one in command.params if isinstance(one, click.Option) and one.name not in without]
    records = (option.get_help_record(ctx) for option in options)
    return tuple((name, " ".join(text.split())) for name, text in filter(None, records))


def command_page() -> str:
    """docs/commands.md."""
    return "\n".join(_command_lines()) + "\n"


def _command_lines() -> Iterator[str]:
    commands = list(described_commands())
    yield from ("# Commands", "")
    yield "<!-- Made by `python -m dmlsync.cli.reference > docs/commands.md`: change the commands' help instead. -->"
    yield from ("", "What `dmlsync COMMAND --help` says, on one page; [json.md](json.md) has what `--json` prints.", "")
    yield from (_row("command", ""), "|---|---|")
    for one in commands:
        yield _row(f"[`{one.name}`](#{one.name.replace(' ', '-')})", _escaped(one.paragraphs[0]))
    yield from ("", "## Options of all commands", "", "Before or after the command's name.", "")
    yield from _table("option", shared_options())
    for one in commands:
        yield from ("", f"## {one.name}")
        if one.arguments:
            yield from ("", f"`{one.usage}`")
        for paragraph in one.paragraphs:
            yield from ("", *wrap(_escaped(paragraph), 120, break_long_words=False, break_on_hyphens=False))
        if one.options:
            yield ""
            yield from _table("option", one.options)
    for title, head, rows in (("Exit codes", "code", EXIT_CODES), ("Environment", "variable", VARIABLES)):
        yield from ("", f"## {title}", "")
        yield from _table(head, rows)


def with_settings(page: str) -> str:
    """docs/configuration.md with the tables between its markers made anew."""
    for name, rows in (("settings", _settings()), ("sources", _sources())):
        start, end = f"<!-- {name}: made by `python -m dmlsync.cli.reference --configuration` -->\n\n", "\n<!-- end -->"
        before, _, rest = page.partition(start)
        _, _, after = rest.partition(end)
        page = f"{before}{start}" + "".join(f"{row}\n" for row in rows) + f"{end}{after}"
    return page


def _settings() -> Iterator[str]:
    yield from (_row("setting", "default", "meaning"), "|---|---|---|")
    for table, settings in SETTINGS.items():
        types, meanings = get_type_hints(settings), _meanings(settings)
        for one in fields(settings):
            if one.name in meanings:
                yield _row(f"`{table}` `{one.name}`", _default(one, types[one.name]), meanings[one.name])


def _meanings(settings: type) -> dict[str, str]:
    """What stands below each field in the source of a class, without its full stop; a field without is no setting."""
    (body,) = (one.body for one in ast.parse(inspect.getsource(settings)).body if isinstance(one, ast.ClassDef))
    meanings = {}
    for name, text in pairwise(body):
        match name, text:
            case ast.AnnAssign(target=ast.Name(id=field)), ast.Expr(value=ast.Constant(value=str(meaning))):
                meanings[field] = _as_cell(meaning)
    return meanings


def _as_cell(meaning: str) -> str:
    """A sentence as the other cells of a table have it: one line, a small letter, no full stop."""
    line = " ".join(meaning.split()).removesuffix(".")
    return line[:1].lower() + line[1:]


def _default(one: Field[Any], kind: Any) -> str:
    """The default as config.toml has it, and what else a choice may be."""
    match one.default:
        case _ if get_origin(kind) is Literal:
            first, *others = (f'`"{choice}"`' for choice in get_args(kind))
            return f"{first}, else {' or '.join(others)}"
        case config.SOURCES as names:
            return "all: " + ", ".join(f'`"{name}"`' for name in names)
        case frozenset() as words:
            return f"`{json.dumps(sorted(words, reverse=True))}`"
        case tuple() as parts:
            return f'`"{"/".join(parts)}"`'
        case (str() | Path()) as text if str(text):
            return f'`"{text}"`'
    return ""


def _sources() -> Iterator[str]:
    """The sources as they are where nothing is set."""
    yield from (_row("`NAME`", "`url`", "`timeout`", "`rate`"), "|---|---|---|---|")
    for name, source in DEFAULTS.items():
        rate = f"{source.rate:g}" if source.rate >= 1 else f"1 in {1 / source.rate:g} s"
        yield _row(f"`{name}`", source.url or "that of each page", f"{source.timeout:g}", rate)


def _table(head: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield from (_row(head, ""), "|---|---|")
    for name, text in rows:
        code = ", ".join(f"`{part}`" for part in name.split(", "))
        yield _row(code.replace("|", "\\|"), _escaped(text).replace("|", "\\|"))


def _row(*cells: str) -> str:
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"


def _escaped(text: str) -> str:
    """Text that Markdown shows as it stands, but for its `code`."""
    parts = text.split("`")
    for at in range(0, len(parts), 2):
        for sign in "\\<*[]":
            parts[at] = parts[at].replace(sign, f"\\{sign}")
    return "`".join(parts)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m dmlsync.cli.reference")
    parser.add_argument("--configuration", type=Path, metavar="FILE", help="put the tables of settings into this file")
    target: Path | None = parser.parse_args().configuration
    if target:
        target.write_text(with_settings(target.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        click.echo(command_page(), nl=False)
