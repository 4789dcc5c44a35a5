"""Setting a project up: choices are checked against the files and the server before anything is written."""

from __future__ import annotations

import re
from pathlib import Path

from dmlsync import files
from dmlsync.config import Config, read_config
from dmlsync.errors import ConfigError, LibraryRefusedError
from dmlsync.new_project.config_text import Choices, config_text
from dmlsync.project_files import make_state_folder
from dmlsync.zotero.access import Account, Holding, account_of
from dmlsync.zotero.library import ZoteroLibrary
from dmlsync.zotero.mirror import Mirror

_LIBRARY = re.compile(r"(?:groups|users)/[0-9]{1,12}")
KEYS_PAGE = "https://www.zotero.org/settings/keys"


def check_free(path: Path, *, force: bool) -> bytes | None:
    """What the configuration holds already; None where there is none. Raises ConfigError unless it may be replaced."""
    data = files.read_or_none(path)
    if data is not None and not force:
        raise ConfigError("there is a configuration already", "add --force to write a new one in its place", path=path)
    return data


def writable(account: Account) -> tuple[Holding, ...]:
    """The libraries of an account that may be written, groups first."""
    found = [one for one in account.holdings if one.may_write]
    return tuple(sorted(found, key=lambda one: not one.name.startswith("groups/")))


def read_account(endpoint: str, key: str) -> Account:
    """What a key opens. Raises LibraryError with what to do where it is wrong, or opens nothing for writing."""
    account = account_of(endpoint, key)
    if writable(account):
        return account
    if account.holdings:
        problem = f"the key of {account.user or 'this account'} may only read"
        remedy = f"allow it to write to the group, at {KEYS_PAGE}, or make another key"
        raise LibraryRefusedError(endpoint, problem, remedy)
    problem = "the key opens no library at all"
    raise LibraryRefusedError(endpoint, problem, f"give it read and write access to the group, at {KEYS_PAGE}")


def check_library(name: str, endpoint: str, key: str) -> str:
    """The title of a library that the key may write to. Raises ConfigError, LibraryError with what is missing."""
    if not _LIBRARY.fullmatch(name):
        raise ConfigError(f"{name!r} names no library", 'use "groups/1234567", "users/42" or "sandbox"')
    with ZoteroLibrary(name, endpoint, key, Mirror(None)) as library:
        access = library.check_access()
    return access.group or access.user


def write_config(path: Path, choices: Choices, before: bytes | None) -> Config:
    """Write the configuration in one step, and read it back. Raises ConfigError, FileError, FileChangedError.

    What would not be read back as it was meant is refused before it is written.
    """
    text = config_text(choices, path.absolute().parent)
    check_names(choices)
    files.replace(path, text.encode("utf-8"), expected=before)
    config = read_config(path)
    make_state_folder(config)  # it tells git to ignore it
    return config


def check_names(choices: Choices) -> None:
    """Raise ConfigError where the choices cannot go together."""
    stems = [one.stem for one in choices.lists]
    if not stems:
        raise ConfigError("no list is named", "name a Markdown file with --list FILE")
    double = next((stem for stem in stems if stems.count(stem) > 1), "")
    if double:
        raise ConfigError(
            f"there are two lists named {double!r}", "entries are known by their list's file name: rename one"
        )
    if choices.bib.suffix != ".bib":
        raise ConfigError(f"{choices.bib.name!r} does not end in .bib", "name the BibTeX file with --bib FILE.bib")
    if not all(part.strip() for part in choices.collection.split("/")):
        raise ConfigError(f"{choices.collection!r} is no collection name", 'use "A" or "A/B"')
    if not choices.endpoint.startswith(("https://", "http://")):
        raise ConfigError(f"{choices.endpoint!r} is no web address", "start it with https://")
