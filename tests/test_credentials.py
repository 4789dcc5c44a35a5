"""Where the API key comes from, and that no error holds it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dmlsync.config import BibSettings, Config, ZoteroSettings
from dmlsync.credentials import api_key
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
