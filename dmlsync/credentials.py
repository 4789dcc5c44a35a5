"""The Zotero API key: where it comes from, and how it is kept in the system's keyring.

dmlsync writes it nowhere else and shows it nowhere.
"""

from __future__ import annotations

import importlib.util
import os
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field

from dmlsync.config import Config
from dmlsync.errors import ConfigError

VARIABLE = "ZOTERO_API_KEY"
KEYRING = "keyring"
COMMAND = "zotero.api_key_command"
KEYRING_SERVICE = "dmlsync"


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key and the place that it comes from: the variable's name, `keyring`, or the setting of the command."""

    place: str
    key: str = field(repr=False)


def api_key(config: Config) -> str:
    """The key from the environment, else the system's keyring, else the configured command. Raises ConfigError."""
    return find_key(config).key


def find_key(config: Config) -> FoundKey:
    """The key that is used, and where it comes from. Raises ConfigError where there is none that can be one."""
    found = next(_found_keys(config), None)
    if found:
        return _checked(found, config)
    raise ConfigError(
        "there is no Zotero API key",
        f"make one at https://www.zotero.org/settings/keys and set {VARIABLE}",
        path=config.path,
        setting="zotero.library",
    )


def is_there_a_key(config: Config) -> bool:
    """Whether some place gives a key; a command counts without being run."""
    here = os.environ.get(VARIABLE, "").strip() or config.zotero.api_key_command
    return bool(here or key_kept(config.zotero.endpoint))


def other_keys(config: Config) -> tuple[FoundKey, ...]:
    """The keys that are there besides the one that is used; the command is not run for that."""
    kept = [
        FoundKey(VARIABLE, os.environ.get(VARIABLE, "").strip()),
        FoundKey(KEYRING, key_kept(config.zotero.endpoint)),
    ]
    return tuple(one for one in kept if one.key)[1:]


def is_api_key(text: str) -> bool:
    """Whether a text can be a key: those are letters and digits."""
    return text.isascii() and text.isalnum()


def _found_keys(config: Config) -> Iterator[FoundKey]:
    """The keys there are, the one that counts first; each place is looked into only when it is its turn."""
    if key := os.environ.get(VARIABLE, "").strip():
        yield FoundKey(VARIABLE, key)
    if key := key_kept(config.zotero.endpoint):
        yield FoundKey(KEYRING, key)
    if config.zotero.api_key_command:
        yield FoundKey(COMMAND, _from_command(config))


def _checked(found: FoundKey, config: Config) -> FoundKey:
    """The key, if it can be one; what cannot stand in a header must not reach an error that repeats it."""
    if is_api_key(found.key):
        return found
    problem = "what it gives is no Zotero API key: those are letters and digits"
    raise ConfigError(problem, "copy the key again, without anything around it", path=config.path, setting=found.place)


def has_keyring() -> bool:
    """Whether the optional extra is installed; the system may still have no keyring behind it."""
    return importlib.util.find_spec("keyring") is not None


def key_kept(endpoint: str) -> str:
    """The key that the system's keyring holds for this server; `""` without keyring or key."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:  # an optional extra: many machines have no keyring
        return ""
    try:
        return keyring.get_password(KEYRING_SERVICE, endpoint) or ""
    except KeyringError:
        return ""


def keep_key(endpoint: str, key: str) -> bool:
    """Keep a key for this server in the system's keyring; whether that is where it is found from now on."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return False
    try:
        keyring.set_password(KEYRING_SERVICE, endpoint, key)
    except KeyringError:
        return False
    return key_kept(endpoint) == key


def _from_command(config: Config) -> str:
    """The first line that the configured command prints; its output is in no error, for it may hold the key."""
    problem = "the command printed nothing"
    try:
        command = shlex.split(config.zotero.api_key_command)
        answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        if key := answer.stdout.strip().partition("\n")[0].strip():
            return key
    except subprocess.CalledProcessError as error:
        problem = f"the command ended with exit code {error.returncode}"
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        problem = f"the command could not be run ({type(error).__name__})"
    raise ConfigError(problem, "run it by hand: its first line has to be the key", path=config.path, setting=COMMAND)
