"""`dmlsync sandbox`: serving, faults, groups."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner, Result

from dmlsync.cli.app import app
from dmlsync.sandbox.faults import KINDS

DOCUMENT = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["sandbox", *arguments])


@pytest.fixture
def served(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[dict[str, object]]:
    """The facts that a server prints, started with the options of the test."""
    options = getattr(request, "param", ())
    command = [sys.executable, "-m", "dmlsync", "sandbox", "serve", "--db", str(tmp_path / "a.sqlite"), "--json"]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def test_items_can_be_had_as_bibtex(served: dict[str, object]) -> None:
    assert list(served) == ["url", "key", "read_only_key", "user", "group"]
    items = f"{served['url']}/groups/{served['group']}/items"
    headers = {"Zotero-API-Key": str(served["key"])}
    paper = {"itemType": "book", "title": "A Book", "date": "2020", "citationKey": "book20"}
    httpx2.post(items, json=[paper], headers=headers).raise_for_status()
    for dialect, field in (("bibtex", "year"), ("biblatex", "date")):
        text = httpx2.get(f"{items}?format={dialect}", headers=headers).text
        assert text.startswith("@book{book20,\n")
        assert f"{field} = {{2020}}" in text


@pytest.mark.parametrize("served", [("--fault", "maintenance:on=write", "--seed", "3")], indirect=True)
def test_serving_with_faults(served: dict[str, object]) -> None:
    items = f"{served['url']}/groups/{served['group']}/items?key={served['key']}"
    assert httpx2.get(items).status_code == 200
    assert httpx2.post(items, json=[]).status_code == 503


def test_a_fault_that_there_is_not(tmp_path: Path) -> None:
    answer = run("serve", "--db", str(tmp_path / "a.sqlite"), "--fault", "nope")
    assert answer.exit_code == 2
    assert "there is no fault `nope`" in answer.stderr


def test_every_fault_is_listed_and_documented() -> None:
    listed = run("serve", "--fault", "help")
    assert listed.exit_code == 0
    for kind in KINDS:
        assert f"\n{kind} " in f"\n{listed.stdout}"
        assert f"| `{kind}` |" in DOCUMENT


def test_a_new_group(tmp_path: Path) -> None:
    numbers = [int(run("new-group", "--db", str(tmp_path / "a.sqlite")).stdout) for _ in range(2)]
    assert numbers[1] == numbers[0] + 1
