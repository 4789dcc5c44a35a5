"""Documents cannot drift: every command, setting, source and kind stands in them."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import get_args

import click
import pytest
from click.testing import CliRunner

from dmlsync import config
from dmlsync.cli.app import COMMANDS, app
from dmlsync.sync.actions import Kind, NoteKind

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
JSON = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme_and_has_help(name: str) -> None:
    assert f"`dmlsync {name}" in README
    answer = CliRunner().invoke(app, [name, "--help"])
    assert answer.exit_code == 0
    command = app.get_command(click.Context(app), name)
    assert command is not None
    assert command.get_short_help_str()


@pytest.mark.parametrize(
    ("table", "settings"),
    [
        ("[bib]", config.BibSettings),
        ("[zotero]", config.ZoteroSettings),
        ("[resolve]", config.ResolveSettings),
        ("[sources.NAME]", config.SourceSettings),
    ],
)
def test_every_setting_is_documented(table: str, settings: type) -> None:
    for field in dataclasses.fields(settings):
        assert f"| `{table}` `{field.name}` |" in CONFIGURATION


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


def test_the_documents_speak_of_the_project_alone() -> None:
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?:^|[\s`(])/(?:home|root|opt|usr|var)/", text), path
