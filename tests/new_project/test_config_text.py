"""The configuration that `init` writes is read back as it was meant, whatever the names in it."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dmlsync.config import read_config
from dmlsync.new_project.config_text import Choices, config_text, quoted


def test_every_choice_is_read_back(tmp_path: Path) -> None:
    choices = Choices(
        lists=(tmp_path / "lists" / "a.md", tmp_path.parent / "b.md"),
        bib=tmp_path / "refs.bib",
        dialect="bibtex",
        library="groups/12",
        collection="Our / Papers",
        endpoint="https://zotero.example.org",
        mailto="me@uni.edu",
        api_key_command='pass "zotero"',
    )
    path = tmp_path / "config.toml"
    path.write_text(config_text(choices, tmp_path), encoding="utf-8")
    config = read_config(path)
    assert tuple(one.path for one in config.lists) == choices.lists
    assert (config.bib.path, config.bib.dialect) == (choices.bib, "bibtex")
    assert (config.zotero.library, config.zotero.endpoint) == ("groups/12", "https://zotero.example.org")
    assert config.zotero.collection == ("Our", "Papers")
    assert (config.resolve.mailto, config.zotero.api_key_command) == ("me@uni.edu", 'pass "zotero"')


def test_files_are_named_as_seen_from_the_project(tmp_path: Path) -> None:
    text = config_text(Choices((tmp_path / "lists" / "a.md",), tmp_path / "library.bib"), tmp_path)
    assert 'path = "lists/a.md"' in text
    assert str(tmp_path) not in text
    assert "endpoint" not in text


@given(st.text(min_size=1))
def test_any_text_can_be_quoted(text: str) -> None:
    import tomllib

    text = text.encode("utf-8", "replace").decode()
    assert tomllib.loads(f"a = {quoted(text)}")["a"] == text
