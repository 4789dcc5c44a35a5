"""`dmlsync init`: a configuration for the lists in a folder, asked for or given by options."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from dmlsync.cli.common import (
    DONE,
    config_path,
    hand_over,
    has_terminal,
    refuse_without_terminal,
    say,
    shared_options,
)
from dmlsync.cli.text import count, cut, pad, safe, window

if TYPE_CHECKING:
    from dmlsync.bib.entry_types import Dialect
    from dmlsync.new_project.finding import FoundList
    from dmlsync.zotero.access import Account, Holding

_FILE = click.Path(path_type=Path, dir_okay=False)
_TRIES = 3
_NEW_KEY = "https://www.zotero.org/settings/keys/new"


@click.command()
@click.option("--list", "lists", multiple=True, type=_FILE, help="A reading list; may be given again [those found].")
@click.option("--library", help="groups/ID, users/ID or sandbox [asked for; with --yes: sandbox].")
@click.option("--collection", help="The collection in it; A/B nests [after the list's title].")
@click.option("--endpoint", default="", metavar="URL", help="Another server than Zotero's.")
@click.option(
    "--key-command", default="", metavar="COMMAND", help="A command that prints the key, such as `pass zotero`."
)
@click.option("--mailto", help="Your mail address, for the services that want to know who asks.")
@click.option("--bib", type=_FILE, help="The .bib file [the only one here, else library.bib].")
@click.option(
    "--dialect",
    type=click.Choice(["biblatex", "bibtex"]),
    help="How new entries are written [as the .bib file is, else biblatex].",
)
@click.option("--force", is_flag=True, help="Replace a configuration that is there.")
@click.option("--yes", is_flag=True, help="Ask nothing: take what the options say, and else what would be proposed.")
@shared_options
@click.pass_context
def command(
    ctx: click.Context,
    lists: tuple[Path, ...],
    library: str | None,
    collection: str | None,
    endpoint: str,
    key_command: str,
    mailto: str | None,
    bib: Path | None,
    dialect: str | None,
    force: bool,
    yes: bool,
) -> None:
    """Set a project up in this folder: find its lists, check the Zotero key, write config.toml.

    The key comes from ZOTERO_API_KEY, from the system's keyring, or is asked for; it is never written to a file.
    Without an account, take the sandbox: a Zotero library in a file.
    """
    from dmlsync.new_project.config_text import ENDPOINT, Choices
    from dmlsync.new_project.finding import dialect_of, find_bib
    from dmlsync.new_project.setup import check_free, check_names, write_config

    refuse_without_terminal(ctx, yes=yes)
    path = config_path(ctx)
    before = check_free(path, force=force)
    asks = not yes and has_terminal(ctx)
    folder = path.absolute().parent
    found = _lists(ctx, folder, lists, asks=asks)
    bib_path = (bib or find_bib(folder)).absolute()
    server = _Server((endpoint or ENDPOINT).rstrip("/"), key_command, asks=asks)
    chosen = server.library(ctx, library)
    choices = Choices(
        lists=tuple(one.path for one in found),
        bib=bib_path,
        dialect=cast("Dialect", dialect or dialect_of(bib_path) or "biblatex"),
        library=chosen,
        collection=collection if collection is not None else _collection(found, asks=asks),
        endpoint=server.endpoint,
        mailto=mailto if mailto is not None else _mailto(asks=asks),
        api_key_command=key_command,
    )
    check_names(choices)
    config = write_config(path, choices, before)
    next_one = "dmlsync push" + ("" if path == Path("config.toml") else f" --config {shlex.quote(str(path))}")
    names = [str(one.path) for one in config.lists]
    facts = {"library": chosen, "collection": choices.collection, "lists": names, "key_kept": server.kept}
    hand_over(ctx, {"config": str(config.path), **facts, "next": next_one})
    say(ctx, f"{safe(str(path))} is written: {count(len(names), 'list')}, {safe(choices.collection)} in {chosen}.")
    for line in server.hints():
        say(ctx, line)
    say(ctx, f"Next: {safe(next_one)}")
    ctx.exit(DONE)


def _lists(ctx: click.Context, folder: Path, named: Sequence[Path], *, asks: bool) -> list[FoundList]:
    """The lists that were named, else those that were found, of which a person may leave some out."""
    from dmlsync.errors import ConfigError
    from dmlsync.new_project.finding import find_lists, look_at
    from dmlsync.readinglist import read_list

    found = [look_at(path.absolute()) for path in named] if named else list(find_lists(folder))
    for path, one in zip(named, found, strict=False):
        if one is None:
            read_list(path.absolute())  # raises with what is wrong
    lists = [one for one in found if one]
    if not lists:
        problem = "no Markdown file here reads as a list of papers"
        raise ConfigError(problem, "name one with --list FILE; docs/lists.md shows what is read")
    columns = max(len(_name(one, folder)) for one in lists)
    for number, one in enumerate(lists, start=1):
        unread = f", {count(one.problems, 'line')} cannot be read" if one.problems else ""
        entries = count(one.entries, "entry", "entries")
        say(ctx, f"  {number}  {pad(_name(one, folder), columns)}  {entries}{unread}")
    if named or len(lists) == 1 or not asks:
        return lists
    while True:
        typed = click.prompt("Which of these are reading lists? (numbers, Enter: all)", default="", show_default=False)
        numbers = str(typed).replace(",", " ").split()
        if all(one.isdecimal() and 0 < int(one[:4]) <= len(lists) for one in numbers):
            return [lists[int(one) - 1] for one in dict.fromkeys(numbers)] or lists
        click.echo(f"  numbers from 1 to {len(lists)}")


def _name(one: FoundList, folder: Path) -> str:
    inside = one.path.is_relative_to(folder)
    return safe(str(one.path.relative_to(folder) if inside else one.path))


def _collection(found: Sequence[FoundList], *, asks: bool) -> str:
    from dmlsync.new_project.finding import collection_for

    proposed = collection_for(found[0].title)
    return str(click.prompt("The collection for them", default=safe(proposed))).strip() if asks else proposed


def _mailto(*, asks: bool) -> str:
    if not asks:
        return ""
    what = "Your mail address, for Crossref and others that serve those first who say who they are (Enter: none)"
    return str(click.prompt(what, default="", show_default=False)).strip()


class _Server:
    """The Zotero server of the new project, and the key that was found or typed for it."""

    def __init__(self, endpoint: str, key_command: str, *, asks: bool) -> None:
        self.endpoint = endpoint
        self._command = key_command
        self.kept = False
        self._asks = asks
        self._key = ""
        self._typed = False

    def library(self, ctx: click.Context, wanted: str | None) -> str:
        """The library that was named, once the key was found to be good for it, or the one that a person picks."""
        from dmlsync.config import SANDBOX
        from dmlsync.errors import LibraryRefusedError

        if wanted == SANDBOX or (wanted is None and not self._asks):
            return SANDBOX
        for tries_left in range(_TRIES - 1, -1, -1):
            self._find_key(optional=wanted is None)
            if not self._key:
                return SANDBOX
            try:
                chosen = self._chosen(ctx, wanted)
                break
            except LibraryRefusedError as error:
                if not self._typed or not tries_left:
                    raise
                click.echo(f"  {safe(error.problem)}: {safe(error.remedy)}")
        self._offer_to_keep()
        return chosen

    def _chosen(self, ctx: click.Context, wanted: str | None) -> str:
        from dmlsync.new_project.setup import check_library, read_account

        if wanted is None:
            return self._picked(read_account(self.endpoint, self._key))
        title = check_library(wanted, self.endpoint, self._key)
        say(ctx, f"The key may write to {wanted} ({safe(title)}).")
        return wanted

    def hints(self) -> list[str]:
        """What is left to do about the key."""
        from dmlsync.credentials import KEYRING_SERVICE, VARIABLE, has_keyring

        if not self._typed:
            return []
        if self.kept:
            return [f"The key is in the system's keyring, as {KEYRING_SERVICE}, for {safe(self.endpoint)}."]
        extra = "" if has_keyring() else "; or `pip install 'dmlsync[keyring]'` and run init again to keep it there"
        return [f"Set the key where dmlsync finds it: export {VARIABLE}=...{extra}"]

    def _find_key(self, *, optional: bool) -> None:
        """The key of the environment, the keyring or the command, else the one that a person types, unseen."""
        from dmlsync.config import BibSettings, Config, ZoteroSettings
        from dmlsync.credentials import find_key, is_api_key, is_there_a_key
        from dmlsync.errors import ConfigError

        settings = ZoteroSettings(endpoint=self.endpoint, api_key_command=self._command)
        config = Config(Path("config.toml"), (), BibSettings(Path("library.bib")), settings)
        if is_there_a_key(config) or not self._asks:
            self._key = find_key(config).key
            return
        if optional:
            click.echo(f"A key for Zotero is made at {_NEW_KEY}; without one, the sandbox is a library in a file.")
        no_key = " (Enter: try without an account)" if optional else ""
        what = f"Zotero API key, not shown as you type{no_key}"
        self._key = str(click.prompt(what, default="", show_default=False, hide_input=True)).strip()
        self._typed = bool(self._key)
        if not is_api_key(self._key) and (self._key or not optional):
            raise ConfigError("that is no Zotero API key: those are letters and digits", "copy the key again")

    def _picked(self, account: Account) -> str:
        """The library that a person picks among those that the key may write, or the sandbox."""
        from dmlsync.config import SANDBOX
        from dmlsync.new_project.setup import writable

        libraries = writable(account)
        click.echo(f"The key of {safe(account.user) or 'this account'} may write to:")
        for number, one in enumerate(libraries, start=1):
            click.echo(f"  {number}  {_holding_line(one)}")
        click.echo(f"  {len(libraries) + 1}  {SANDBOX}: a library in a file, to try things without touching the others")
        if not any(one.name.startswith("groups/") for one in libraries):
            click.echo(
                "  The key opens no group: make one at https://www.zotero.org/groups/new, and let the key write."
            )
        last = len(libraries) + 1
        number = click.prompt("Which library?", type=click.IntRange(1, last), default=1)
        return SANDBOX if number == last else libraries[number - 1].name

    def _offer_to_keep(self) -> None:
        from dmlsync.credentials import has_keyring, keep_key

        question = "Keep the key in the system's keyring, where dmlsync finds it?"
        if self._typed and has_keyring() and click.confirm(question, default=True):
            self.kept = keep_key(self.endpoint, self._key)
            if not self.kept:
                click.echo("  The system has no keyring that takes it.", err=True)


def _holding_line(one: Holding) -> str:
    is_group = one.name.startswith("groups/")
    people = f", {count(one.members, 'member')}" if one.members else ""
    what = cut(one.title, window() - 40) if is_group else "your own library, which only you see"
    return f"{one.name}: {what}{people}"
