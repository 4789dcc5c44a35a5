"""The text of a new `config.toml`: the settings in use, with a word on each. Pure."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dmlsync.bib.entry_types import Dialect
from dmlsync.config import SANDBOX, ZoteroSettings

ENDPOINT = ZoteroSettings().endpoint
"""Zotero's own server."""

_COMMENT_AT = 37


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose: what `config.toml` is to say. Paths are absolute; the key is never among them."""

    lists: tuple[Path, ...]
    bib: Path
    dialect: Dialect = "biblatex"
    library: str = SANDBOX
    collection: str = "Reading list"
    endpoint: str = ENDPOINT
    mailto: str = ""
    api_key_command: str = ""


def config_text(choices: Choices, folder: Path) -> str:
    """The configuration for a project in `folder`; files in it are named as seen from there."""
    return "".join(f"{line}\n" for line in _lines(choices, folder))


def _lines(choices: Choices, folder: Path) -> Iterator[str]:
    yield "# The settings of dmlsync. Every setting is described in docs/configuration.md."
    yield "# The key of Zotero is not one of them: it comes from ZOTERO_API_KEY or from the system's keyring."
    for path in choices.lists:
        yield ""
        yield "[[list]]"
        yield f"path = {quoted(_seen_from(folder, path))}"
    yield ""
    yield "[bib]"
    yield f"path = {quoted(_seen_from(folder, choices.bib))}"
    yield _with_comment(f"dialect = {quoted(choices.dialect)}", 'or "bibtex": ASCII-safe, classic fields')
    yield ""
    yield "[zotero]"
    what = "in a file, no account needed; " if choices.library == SANDBOX else ""
    yield _with_comment(f"library = {quoted(choices.library)}", f'{what}"groups/1234567" | "users/42" | "sandbox"')
    if choices.endpoint != ENDPOINT:
        yield f"endpoint = {quoted(choices.endpoint)}"
    if choices.api_key_command:
        yield _with_comment(f"api_key_command = {quoted(choices.api_key_command)}", "its first line is the key")
    yield _with_comment(f"collection = {quoted(choices.collection)}", 'made when missing; "A/B" nests')
    yield _with_comment('sections = "subcollections"', 'the lists\' headings; or "tags", "none"')
    yield _with_comment('attach = ["pdf", "code"]', "links under each item")
    yield _with_comment('on_removed = "uncollect"', 'an item whose line left the lists; or "keep", "trash"')
    yield ""
    yield "[resolve]"
    yield _with_comment(f"mailto = {quoted(choices.mailto)}", "Crossref serves those first who say who they are")
    yield _with_comment('unresolved = "skip"', 'or "minimal": push what the list itself says')


def quoted(text: str) -> str:
    """A text as TOML writes it: a basic string, with everything escaped that has to be."""
    signs = {'"': '\\"', "\\": "\\\\"}
    return '"' + "".join(signs.get(sign, sign if sign.isprintable() else _code(sign)) for sign in text) + '"'


def _code(sign: str) -> str:
    return f"\\u{ord(sign):04X}" if ord(sign) <= 0xFFFF else f"\\U{ord(sign):08X}"


def _with_comment(setting: str, comment: str) -> str:
    return f"{setting.ljust(_COMMENT_AT)} # {comment}"


def _seen_from(folder: Path, path: Path) -> str:
    """A file as a person would write it: relative within the folder or right beside it."""
    try:
        relative = Path(os.path.relpath(path, folder))
    except ValueError:  # on another drive
        return path.as_posix()
    parts: Sequence[str] = relative.parts
    return path.as_posix() if parts[:2] == ("..", "..") else relative.as_posix()
