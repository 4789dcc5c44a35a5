"""Where the API key comes from, and that no error holds it."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest

from dmlsync.config import BibSettings, Config, ZoteroSettings
from dmlsync.credentials import FoundKey, api_key, find_key, keep_key, other_keys
from dmlsync.errors import ConfigError


def config(command: str = "") -> Config:
    zotero = ZoteroSettings(library="groups/1", api_key_command=command)
    return Config(Path("config.toml"), (), BibSettings(Path("library.bib")), zotero)


@pytest.fixture(autouse=True)
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZOTERO_API_KEY", raising=False)
    monkeypatch.setitem(sys.modules, "keyring", None)


def test_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", " abc ")
    assert api_key(config("false")) == "abc"


def test_a_command_may_tell_it() -> None:
    assert api_key(config(f"{sys.executable} -c \"print('fromcommand')\"")) == "fromcommand"


def test_without_any_the_error_says_where_to_make_one() -> None:
    with pytest.raises(ConfigError, match="ZOTERO_API_KEY"):
        api_key(config())


@pytest.mark.parametrize("ending", ["raise SystemExit(3)", "print()"])
def test_a_command_that_fails_is_named_without_its_output(ending: str) -> None:
    command = f"{sys.executable} -c \"import sys; sys.stderr.write('secret'); {ending}\""
    with pytest.raises(ConfigError) as caught:
        api_key(config(command))
    assert caught.value.setting == "zotero.api_key_command"
    assert "secret" not in str(caught.value)


class Ring:
    """A keyring that holds keys by service and server."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.held.get((service, name))

    def set_password(self, service: str, name: str, key: str) -> None:
        self.held[service, name] = key


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    ring = Ring()
    errors = types.ModuleType("keyring.errors")
    errors.KeyringError = OSError  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", ring)  # type: ignore[arg-type]
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    return ring


def test_a_key_is_kept_in_the_keyring_for_its_server_and_found_there(ring: Ring) -> None:
    assert keep_key("https://api.zotero.org", "abc")
    assert find_key(config("false")) == FoundKey("keyring", "abc")
    assert ring.held == {("dmlsync", "https://api.zotero.org"): "abc"}


def test_a_keyring_that_refuses_keeps_nothing(ring: Ring, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: str) -> None:
        raise OSError

    monkeypatch.setattr(ring, "set_password", refuse)
    assert not keep_key("https://api.zotero.org", "abc")
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert not keep_key("https://api.zotero.org", "abc")


def test_the_keys_that_are_not_used_are_told(ring: Ring, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_key("https://api.zotero.org", "abc")
    assert other_keys(config()) == ()
    monkeypatch.setenv("ZOTERO_API_KEY", "def")
    assert other_keys(config()) == (FoundKey("keyring", "abc"),)
    assert find_key(config()).place == "ZOTERO_API_KEY"


def test_a_found_key_does_not_show_itself() -> None:
    assert "secret" not in repr(FoundKey("keyring", "secret"))
