"""The Zotero API key: where it comes from. It is never written anywhere by dmlsync, nor shown."""

from __future__ import annotations

import os
import shlex
import subprocess

from dmlsync.config import Config
from dmlsync.errors import ConfigError

VARIABLE = "ZOTERO_API_KEY"
KEYRING_SERVICE = "dmlsync"


def api_key(config: Config) -> str:
    """The key from the environment, else the system's keyring, else the configured command. Raises ConfigError."""
    if key := os.environ.get(VARIABLE, "").strip():
        return _checked(key, config, VARIABLE)
    if key := _in_keyring(config.zotero.endpoint):
        return _checked(key, config, "keyring")
    if config.zotero.api_key_command:
        return _checked(_from_command(config), config, "zotero.api_key_command")
    raise ConfigError(
        "there is no Zotero API key",
        f"make one at https://www.zotero.org/settings/keys and set {VARIABLE}",
        path=config.path,
        setting="zotero.library",
    )


def _checked(key: str, config: Config, place: str) -> str:
    """The key, if it can be one; what cannot stand in a header must not reach an error that repeats it."""
    if key.isascii() and key.isalnum():
        return key
    problem = "what it gives is no Zotero API key: those are letters and digits"
    raise ConfigError(problem, "copy the key again, without anything around it", path=config.path, setting=place)


def _in_keyring(endpoint: str) -> str:
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
    raise ConfigError(
        problem, "run it by hand: its first line has to be the key", path=config.path, setting="zotero.api_key_command"
    )
