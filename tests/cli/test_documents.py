"""Documents cannot drift: what the code has stands in them, what they name is there, and no link leads nowhere."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import get_args

import click
import pytest
from click.testing import CliRunner
from documents import DOCUMENTS, ROOT, Document, read_document

from dmlsync import config, errors
from dmlsync.check.rules import BY_ID
from dmlsync.cli import common
from dmlsync.cli.app import COMMANDS, app
from dmlsync.cli.reference import (
    EXIT_CODES,
    VARIABLES,
    command_page,
    described_commands,
    shared_options,
    with_settings,
)
from dmlsync.sync.actions import Kind, NoteKind

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
JSON = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
COMMAND_PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
MAN_PAGE = (ROOT / "docs" / "dmlsync.1").read_text(encoding="utf-8").replace("\\-", "-")

SET_BY_GITHUB = "cli/github_action.py"
"""Reads what GitHub's runner sets; the inputs among it are in docs/ci.md."""
OF_OTHER_PROGRAMS = {"--faults"}
"""Options in the documents that are a benchmark's."""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme_and_has_help(name: str) -> None:
    assert f"`dmlsync {name}" in README
    answer = CliRunner().invoke(app, [name, "--help"])
    assert answer.exit_code == 0
    command = app.get_command(click.Context(app), name)
    assert command is not None
    assert command.get_short_help_str()


@pytest.mark.skipif(not version("click").startswith("8.5."), reason="another click words types of options otherwise")
def test_the_page_of_commands_is_up_to_date() -> None:
    assert command_page() == COMMAND_PAGE, "make it anew: python -m dmlsync.cli.reference > docs/commands.md"


def test_every_option_is_on_the_page_of_commands_and_on_the_manual_page() -> None:
    for command in described_commands():
        assert f"\n## {command.name}\n" in COMMAND_PAGE
        for name, _ in (*command.options, *shared_options()):
            for option in re.findall(r"(?<!\S)--?[a-z][a-z-]*", name):
                assert re.search(rf"`{option}[ `]", COMMAND_PAGE), option
                assert option in MAN_PAGE


def test_the_tables_of_settings_and_sources_are_up_to_date() -> None:
    command = "python -m dmlsync.cli.reference --configuration docs/configuration.md"
    assert with_settings(CONFIGURATION) == CONFIGURATION, f"make them anew: {command}"


def test_every_setting_that_is_read_has_a_row(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    for table, names in settings_that_are_read(path):
        for name in names:
            assert f"| `{table}` `{name}` |" in CONFIGURATION


def settings_that_are_read(path: Path) -> Iterator[tuple[str, list[str]]]:
    """The settings by table, as the error about an unknown one lists them."""
    tables = {"[[list]]": "", "[bib]": "", "[zotero]": "", "[resolve]": "", "[sources.NAME]": "[sources.dblp]"}
    for table, real in tables.items():
        head = "" if table == "[[list]]" else '[[list]]\npath = "a.md"\n'
        path.write_text(f"{head}{real or table}\nxqxqxq = 1\n", encoding="utf-8")
        with pytest.raises(errors.ConfigError) as refused:
            config.read_config(path)
        yield table, refused.value.remedy.removeprefix("known are ").split(", ")


def test_every_exit_code_is_documented() -> None:
    ours = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.DmlsyncError)]
    codes = {one.exit_code for one in ours} | {common.DONE, common.WAITS, common.PENDING, click.UsageError.exit_code}
    assert {int(code) for code, _ in EXIT_CODES} == codes
    for text in (JSON.partition("## Exit codes")[2], app.help or ""):
        assert {int(code) for code in re.findall(r"(?<!\d)(\d) [a-z]", text)} == codes


def test_every_variable_that_is_read_is_documented() -> None:
    documented = {name for names, _ in VARIABLES for name in names.split(", ")}
    assert variables_that_are_read() <= documented
    everywhere = "".join((ROOT / name).read_text(encoding="utf-8") for name in DOCUMENTS)
    assert all(f"`{name}`" in everywhere for name in documented)


def variables_that_are_read() -> set[str]:
    """Names that the environment is asked for, and constants that look like the name of a key or a variable of ours."""
    code = ROOT / "dmlsync"
    found = set[str]()
    for path in code.rglob("*.py"):
        if path.is_relative_to(code / "sandbox") or path == code / SET_BY_GITHUB:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Constant(value=str(name)) if re.fullmatch(r"[A-Z_]+_API_KEY|_?DMLSYNC_[A-Z_]+", name):
                    found.add(name)
                case ast.Call(func=ast.Attribute(value=asked, attr="get"), args=[ast.Constant(value=str(name)), *_]):
                    found |= {name} if ast.unparse(asked).endswith("environ") else set()
    return found


def test_every_rule_is_documented() -> None:
    rules = read_document("docs/rules.md").anchors
    assert set(BY_ID) <= rules


def test_every_source_is_documented() -> None:
    from dmlsync import sources

    assert set(sources.NAMES) == set(config.SOURCES)
    for name in config.SOURCES:
        assert f'`"{name}"`' in CONFIGURATION


def test_every_kind_of_action_and_note_is_documented() -> None:
    for kind in (*get_args(Kind), *get_args(NoteKind)):
        assert f"`{kind}`" in JSON


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["-h"]])
def test_help_and_version_need_no_project(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, arguments).exit_code == 0


def test_options_work_before_and_after_the_command() -> None:
    runner = CliRunner()
    for arguments in (["--config", "/nowhere/c.toml", "status"], ["status", "--config", "/nowhere/c.toml"]):
        answer = runner.invoke(app, arguments)
        assert answer.exit_code == 2
        assert "/nowhere/c.toml" in answer.stderr


# ---- what documents name and link ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_link_leads_nowhere(name: str) -> None:
    for link in read_document(name).links():
        if not re.match(r"[a-z]+:", link):
            file, _, anchor = link.partition("#")
            target = (ROOT / name).parent / file if file else ROOT / name
            assert target.exists(), f"{name} links {link}"
            if anchor:
                assert anchor in read_document(str(target.resolve().relative_to(ROOT))).anchors, f"{name} links {link}"


def test_every_document_is_linked_from_the_readme() -> None:
    linked = {link.partition("#")[0] for link in read_document("README.md").links()}
    assert {name for name in DOCUMENTS if name != "README.md"} <= linked


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_name_no_command_and_no_option_that_there_is_not(name: str) -> None:
    known = {
        one.name: {option for names, _ in (*one.options, *shared_options()) for option in _options(names)}
        for one in described_commands()
    }
    everything = {option for options in known.values() for option in options} | OF_OTHER_PROGRAMS
    for command, options in mentioned(read_document(name)):
        assert not command or command in known, f"{name} names {command}"
        assert set(options) <= known.get(command, everything), f"{name} names {command} {options}"


def mentioned(document: Document) -> Iterator[tuple[str, list[str]]]:
    """The commands in a document's code with their options; no command where an option stands alone."""
    fences = document.fences
    lines = [line for fence in fences for line in fence.lines if fence.language != "console" or line.startswith("$ ")]
    for code in (*lines, *document.inline_code()):
        for words in re.findall(r"(?<![\w./@-])dmlsync((?: +[^\s|;&)<>`]+)+)", code):
            command = ["dmlsync"]
            for word in re.sub(r"--config \S+", "", words).split():
                if not re.fullmatch(r"[a-z][a-z-]*", word) or command[1:] not in ([], ["sandbox"]):
                    break
                command.append(word)
            if len(command) > 1:
                yield " ".join(command), _options(words)
    yield from (("", [code]) for code in document.inline_code() if re.fullmatch(r"--[a-z-]+", code))


def _options(words: str) -> list[str]:
    return re.findall(r"(?<!\S)(?:--[a-z][a-z-]*|-[a-z])(?![\w-])", words)


def test_the_documents_speak_of_the_project_alone() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?:^|[\s`(])/(?:home|root|opt|usr|var)/", text), path
