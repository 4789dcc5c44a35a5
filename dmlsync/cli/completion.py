"""What a shell proposes for values: citation keys, runs, entries of lists.

Click does the rest: `_DMLSYNC_COMPLETE=bash_source dmlsync` prints what a shell has to be told. A proposal is made on
every press of a key, so nothing here asks a service or opens a library, and what cannot be read proposes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from dmlsync.cli.common import config_path
from dmlsync.cli.text import cut

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from dmlsync.config import Config

_HELP_COLUMNS = 60


def citation_keys(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The citation keys of library.bib, with the titles of their works."""
    return _proposed(ctx, incomplete, _citation_keys)


def run_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The runs that `dmlsync log` lists, newest first."""
    return _proposed(ctx, incomplete, _run_names)


def entries(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The names of the lists and, as soon as one of them is written out, `LIST:LINE` of its entries.

    Bash takes a colon for the end of a word: a name and a colon arrive as words of their own, and what is to be
    completed is the line alone.
    """
    said = [str(one) for one in ctx.params.get(param.name or "") or ()]
    if incomplete == ":" and said:
        return _proposed(ctx, "", lambda config: _lines_of(config, said[-1]))
    if said[-1:] == [":"] and len(said) > 1:
        return _proposed(ctx, incomplete, lambda config: _lines_of(config, said[-2]))
    name, colon, _ = incomplete.partition(":")
    return _proposed(ctx, incomplete, lambda config: _entries_of(config, name) if colon else _lists_of(config, name))


def list_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The names of the lists."""
    return _proposed(ctx, incomplete, lambda config: ((one.name, one.path.name) for one in config.lists))


def rules(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The ids of the rules of `dmlsync check`."""
    from click.shell_completion import CompletionItem

    from dmlsync.check.rules import BY_ID

    return [CompletionItem(name) for name in sorted(BY_ID) if name.startswith(incomplete)]


def _proposed(
    ctx: click.Context, incomplete: str, values: Callable[[Config], Iterator[tuple[str, str]]]
) -> list[CompletionItem]:
    """The values that go on from what is typed, regardless of case; none where there is no project to ask."""
    from click.shell_completion import CompletionItem

    from dmlsync.config import read_config
    from dmlsync.errors import DmlsyncError

    typed = incomplete.casefold()
    found: list[CompletionItem] = []
    with suppress(DmlsyncError, OSError):
        for value, about in values(read_config(config_path(ctx))):
            # Shells take proposals line by line.
            if value.casefold().startswith(typed) and value.isprintable() and " " not in value:
                found.append(CompletionItem(value, help=cut(about, _HELP_COLUMNS) or None))
    return found


def _citation_keys(config: Config) -> Iterator[tuple[str, str]]:
    from dmlsync.bib.file import document_of
    from dmlsync.files import read_or_none

    document = document_of(config.bib.path, read_or_none(config.bib.path))
    for entry in document.entries:
        yield entry.key, entry.value("title").replace("{", "").replace("}", "")


def _run_names(config: Config) -> Iterator[tuple[str, str]]:
    """The journals by name: the one of a large run has many megabytes, too many to be read for this."""
    for path in sorted((config.state / "journal").glob("*.jsonl"), reverse=True):
        yield path.stem, ""


def _lists_of(config: Config, typed: str) -> Iterator[tuple[str, str]]:
    """The lists' names; where only one goes on from what is typed, its entries as well."""
    names = [one for one in config.lists if one.name.casefold().startswith(typed.casefold())]
    for one in names:
        yield one.name, one.path.name
    if typed and len(names) == 1:
        yield from _entries_of(config, names[0].name)


def _entries_of(config: Config, name: str) -> Iterator[tuple[str, str]]:
    for line, title in _lines_of(config, name):
        yield f"{name}:{line}", title


def _lines_of(config: Config, name: str) -> Iterator[tuple[str, str]]:
    """The first lines of a list's entries, with their titles."""
    from dmlsync.readinglist import read_list

    for one in config.lists:
        if one.name == name:
            for entry in read_list(one.path).entries:
                yield str(entry.line), entry.title
