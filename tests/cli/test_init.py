"""`dmlsync init`: from a folder with lists to a configuration that works."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from lab import ARCFACE, COSFACE, FACENET, HEADER, Answer, Lab

from dmlsync import credentials
from dmlsync.config import read_config
from dmlsync.sandbox import Sandbox

LIST = "# Face Papers\n\n" + HEADER + FACENET + COSFACE + ARCFACE


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A folder with a list and nothing else, on a machine without a keyring."""
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.setattr(credentials, "has_keyring", lambda: False)
    monkeypatch.delenv("ZOTERO_API_KEY", raising=False)
    lab = Lab(tmp_path / "new")
    lab.write("faces.md", LIST)
    return lab


@pytest.fixture
def person(folder: Lab, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """The same, with somebody at the terminal."""
    monkeypatch.setattr("dmlsync.cli.common.has_terminal", lambda ctx: True)
    monkeypatch.setattr("dmlsync.cli.init.has_terminal", lambda ctx: True)
    return folder


def init(lab: Lab, *arguments: str, typed: str = "") -> Answer:
    return lab.run("init", *arguments, typed=typed)


def test_without_questions_the_sandbox_is_set_up_and_a_push_works(folder: Lab) -> None:
    answer = init(folder, "--yes")
    assert answer.exit_code == 0, answer
    assert "faces.md  3 entries" in answer.output
    assert answer.output.splitlines()[-1] == f"Next: dmlsync push --config {folder.config}"
    config = read_config(folder.config)
    assert (config.zotero.library, config.zotero.collection) == ("sandbox", ("Face Papers",))
    assert [one.path.name for one in config.lists] == ["faces.md"]
    folder.config.write_text(folder.config.read_text() + "sources = []\n")
    assert folder.push().exit_code == 3  # nobody knows the papers
    assert (folder.folder / ".dmlsync" / ".gitignore").read_text() == "*\n"


def test_a_configuration_that_is_there_is_not_replaced(folder: Lab) -> None:
    folder.config.write_text("mine")
    answer = init(folder, "--yes")
    assert (answer.exit_code, "add --force" in answer.errors) == (2, True)
    assert folder.config.read_text() == "mine"
    assert init(folder, "--yes", "--force").exit_code == 0


def test_without_a_terminal_yes_is_needed(folder: Lab) -> None:
    assert init(folder).exit_code == 2
    assert not folder.config.exists()


def test_options_say_everything(folder: Lab, server: tuple[str, Sandbox]) -> None:
    url, sandbox = server
    options = ["--library", f"groups/{sandbox.group}", "--endpoint", url, "--collection", "A/B", "--mailto", "a@b.edu"]
    more = ["--bib", str(folder.folder / "refs.bib"), "--dialect", "bibtex", "--list", str(folder.folder / "faces.md")]
    answer = init(folder, "--yes", *options, *more, "--json")
    assert answer.exit_code == 0, answer
    assert (answer.json["library"], answer.json["key_kept"]) == (f"groups/{sandbox.group}", False)
    config = read_config(folder.config)
    assert (config.zotero.endpoint, config.zotero.collection, config.resolve.mailto) == (url, ("A", "B"), "a@b.edu")
    assert (config.bib.path.name, config.bib.dialect) == ("refs.bib", "bibtex")
    assert sandbox.key not in folder.config.read_text()


# ---- keys that do not do -------------------------------------------------------------------------------------------


def test_a_key_that_may_only_read_is_refused_before_anything_is_written(
    folder: Lab, server: tuple[str, Sandbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, sandbox = server
    monkeypatch.setenv("ZOTERO_API_KEY", sandbox.read_only_key)
    answer = init(folder, "--yes", "--library", f"groups/{sandbox.group}", "--endpoint", url)
    assert (answer.exit_code, "no write permission" in answer.errors) == (1, True)
    assert sandbox.read_only_key not in answer.output + answer.errors
    assert not folder.config.exists()


@pytest.mark.parametrize(
    ("key", "library", "sentence"),
    [
        ("wrong", "groups/5001", "does not know the API key: make a new key"),
        ("not a key", "groups/5001", "letters and digits"),
        ("", "groups/5001", "there is no Zotero API key: make one at"),
        ("right", "groups/77", "no such group"),
        ("right", "grups/77", "names no library"),
    ],
)
def test_each_mistake_has_its_sentence(
    folder: Lab, server: tuple[str, Sandbox], monkeypatch: pytest.MonkeyPatch, key: str, library: str, sentence: str
) -> None:
    url, sandbox = server
    monkeypatch.setenv("ZOTERO_API_KEY", sandbox.key if key == "right" else key)
    answer = init(folder, "--yes", "--library", library, "--endpoint", url)
    assert answer.exit_code in (1, 2)
    assert sentence in answer.errors
    assert len(answer.errors.strip().splitlines()) == 1
    assert not folder.config.exists()


def test_a_server_that_is_not_there_is_named(folder: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", "abc")
    answer = init(folder, "--yes", "--library", "groups/1", "--endpoint", "http://127.0.0.1:9")
    assert (answer.exit_code, "cannot be reached" in answer.errors) == (1, True)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--list", "nope.md"], "there is no such file"),
        (["--collection", "A//B"], "is no collection name"),
        (["--bib", "refs.txt"], "does not end in .bib"),
        (["--endpoint", "zotero.org", "--library", "sandbox"], "is no web address"),
    ],
)
def test_choices_that_cannot_be_are_refused(folder: Lab, options: list[str], sentence: str) -> None:
    answer = init(folder, "--yes", *options)
    assert answer.exit_code in (1, 2)
    assert sentence in answer.errors
    assert not folder.config.exists()


def test_a_folder_without_a_list_says_so(folder: Lab) -> None:
    (folder.folder / "faces.md").write_text("# Nothing\n\nHere.\n")
    answer = init(folder, "--yes")
    assert (answer.exit_code, "name one with --list FILE" in answer.errors) == (2, True)


# ---- the conversation ----------------------------------------------------------------------------------------------


def test_a_person_without_an_account_gets_the_sandbox(person: Lab) -> None:
    answer = init(person, typed="\n\nme@uni.edu\n")
    assert answer.exit_code == 0, answer
    config = read_config(person.config)
    assert (config.zotero.library, config.zotero.collection) == ("sandbox", ("Face Papers",))
    assert config.resolve.mailto == "me@uni.edu"


def test_a_person_types_a_key_and_picks_a_group(
    person: Lab, server: tuple[str, Sandbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, sandbox = server
    monkeypatch.delenv("ZOTERO_API_KEY")
    answer = init(person, "--endpoint", url, typed=f"wrong\n{sandbox.key}\n1\nLab / Faces\n\n")
    assert answer.exit_code == 0, answer
    assert "does not know the API key" in answer.output
    assert f"groups/{sandbox.group}: Sandbox Group {sandbox.group}" in answer.output
    assert "export ZOTERO_API_KEY=..." in answer.output
    assert sandbox.key not in answer.output + person.config.read_text()
    assert read_config(person.config).zotero.library == f"groups/{sandbox.group}"


def test_a_person_leaves_a_list_out(person: Lab) -> None:
    person.write("more.md", LIST.replace("Face Papers", "More"))
    answer = init(person, typed="9\n2\n\n\n\n")
    assert answer.exit_code == 0, answer
    assert "numbers from 1 to 2" in answer.output
    assert [one.name for one in read_config(person.config).lists] == ["more"]


def test_the_key_goes_into_the_keyring_where_there_is_one(
    person: Lab, server: tuple[str, Sandbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, sandbox = server
    kept: dict[str, str] = {}

    def keep(endpoint: str, key: str) -> bool:
        kept[endpoint] = key
        return True

    monkeypatch.delenv("ZOTERO_API_KEY")
    monkeypatch.setattr(credentials, "has_keyring", lambda: True)
    monkeypatch.setattr(credentials, "keep_key", keep)
    answer = init(person, "--endpoint", url, "--library", f"groups/{sandbox.group}", typed=f"{sandbox.key}\ny\n\n\n")
    assert answer.exit_code == 0, answer
    assert kept == {url: sandbox.key}
    assert "The key is in the system's keyring" in answer.output


def test_a_command_may_give_the_key(folder: Lab, server: tuple[str, Sandbox], monkeypatch: pytest.MonkeyPatch) -> None:
    url, sandbox = server
    monkeypatch.delenv("ZOTERO_API_KEY")
    command = f"{sys.executable} -c \"print('{sandbox.key}')\""
    options = ["--library", f"groups/{sandbox.group}", "--endpoint", url, "--key-command", command]
    assert init(folder, "--yes", *options).exit_code == 0
    assert read_config(folder.config).zotero.api_key_command == command
