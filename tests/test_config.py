"""Every setting is read, every mistake in the file is named with the setting and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmlsync.config import Config, read_config
from dmlsync.errors import ConfigError

MINIMAL = '[[list]]\npath = "papers.md"\n'


def read(tmp_path: Path, text: str) -> Config:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return read_config(path)


def test_a_list_is_all_that_is_needed(tmp_path: Path) -> None:
    config = read(tmp_path, MINIMAL)
    assert [(one.name, one.path) for one in config.lists] == [("papers", tmp_path / "papers.md")]
    assert (config.bib.path, config.bib.dialect) == (tmp_path / "library.bib", "biblatex")
    assert config.lock_path == tmp_path / "library.lock"
    assert config.zotero.library == "sandbox"
    assert config.resolve.unresolved == "skip"


def test_the_example_is_valid_and_names_both_lists() -> None:
    config = read_config(Path(__file__).parents[1] / "config.example.toml")
    assert [one.name for one in config.lists] == ["dvsml", "awesome-metric-learning"]
    assert config.zotero.collection == ("Deep Metric Learning",)


def test_every_setting_arrives(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        MINIMAL
        + """
[bib]
path = "refs/lab.bib"
dialect = "bibtex"
[zotero]
library = "groups/1234567"
endpoint = "https://zotero.example.org/api/"
collection = "Lab / Papers"
sections = "tags"
attach = ["pdf"]
on_removed = "trash"
api_key_command = "pass zotero"
[resolve]
mailto = "me@example.org"
sources = ["dblp"]
unresolved = "minimal"
[sources.dblp]
url = "http://127.0.0.1:8900/dblp/"
timeout = 3
rate = 0.5
""",
    )
    assert config.lock_path == tmp_path / "refs" / "lab.lock"
    assert config.zotero.endpoint == "https://zotero.example.org/api"
    assert config.zotero.collection == ("Lab", "Papers")
    assert config.zotero.attach == {"pdf"}
    assert config.resolve.sources == ("dblp",)
    assert config.sources["dblp"].url == "http://127.0.0.1:8900/dblp"
    assert (config.sources["dblp"].timeout, config.sources["dblp"].rate) == (3.0, 0.5)


@pytest.mark.parametrize(
    ("text", "setting", "words"),
    [
        ("", "[[list]]", "at least one reading list"),
        ('list = "papers.md"', "[[list]]", "at least one reading list"),
        ("[[list]]\n", "list.path", "no file is named"),
        ("[[list]]\npath = 3\n", "list.path", "should be text"),
        (MINIMAL + '[[list]]\npath = "other/papers.md"\n', "list.path", "two lists named 'papers'"),
        (MINIMAL + "[zotro]\n", "zotro", "did you mean 'zotero'?"),
        (MINIMAL + '[zotero]\ncolection = "x"\n', "zotero.colection", "did you mean 'collection'?"),
        (MINIMAL + '[zotero]\nlibrary = "my group"\n', "zotero.library", "names no library"),
        (MINIMAL + '[zotero]\nendpoint = "zotero.org"\n', "zotero.endpoint", "is no web address"),
        (MINIMAL + '[zotero]\ncollection = "A//B"\n', "zotero.collection", "is no collection name"),
        (MINIMAL + '[zotero]\nsections = "folders"\n', "zotero.sections", "use one of subcollections, tags, none"),
        (MINIMAL + '[zotero]\nattach = ["movie"]\n', "zotero.attach", 'use any of "pdf", "code"'),
        (MINIMAL + '[bib]\npath = "library.txt"\n', "bib.path", "does not end in .bib"),
        ("bib = 3\n" + MINIMAL, "bib", "should be a table"),
        (MINIMAL + '[resolve]\nsources = ["crosref"]\n', "resolve.sources.crosref", "did you mean 'crossref'?"),
        (MINIMAL + '[resolve]\nsources = "crossref"\n', "resolve.sources", "is no list of names"),
        (MINIMAL + "[sources.dblp]\nrate = 0\n", "sources.dblp.rate", "a number above 0"),
        (MINIMAL + "[sources.dblp]\ntimeout = true\n", "sources.dblp.timeout", "a number above 0"),
    ],
)
def test_a_mistake_is_named_with_its_setting_and_the_remedy(
    tmp_path: Path, text: str, setting: str, words: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert caught.value.setting == setting
    assert words in str(caught.value)
    assert str(tmp_path / "config.toml") in str(caught.value)
    assert caught.value.exit_code == 2


def test_one_that_lies_further_up_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    (tmp_path / "lists").mkdir()
    with pytest.raises(ConfigError, match=f"there is {tmp_path / 'config.toml'}"):
        read_config(tmp_path / "lists" / "config.toml")


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="dmlsync init writes one"):
        read_config(tmp_path / "config.toml")


@pytest.mark.parametrize(("data", "words"), [(b"\xff\xfe", "is not UTF-8"), (b"[[list", "is not valid TOML")])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(data)
    with pytest.raises(ConfigError, match=words):
        read_config(path)
