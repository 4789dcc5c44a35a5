"""Every shell example in the documents is run as it stands there, and what it shows is what comes out.

A block is known by its document and the heading above it. It is run in a scene: a folder with what the example takes
for granted, and local servers instead of the services. A line of `...` stands for any lines; what no two runs share
(names of runs, days) is compared as SUBSTITUTIONS say. A block that cannot be run stands in NOT_RUN with the reason.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner
from documents import DOCUMENTS, ROOT, read_document
from registry import Registry, running
from shell_scenes import SCENES, Scene, Stage

from dmlsync.cli.app import app

NOT_RUN: dict[str, str] = {}
"""Blocks that are not run, by name, and why."""

SUBSTITUTIONS = (
    (re.compile(r"\b\d{8}-\d{6}-[0-9a-f]{7}\b"), "RUN"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "DAY"),
)
"""What differs from run to run, and what it is compared as."""


@dataclass(frozen=True)
class Block:
    """A fenced block of shell lines: its name, and the commands with the output shown for each (None: none shown)."""

    name: str
    commands: tuple[tuple[str, str | None], ...]


def blocks_of(document: str) -> Iterator[Block]:
    """The shell blocks of a document in their order; the second below a heading is named `...-2`."""
    seen = Counter[str]()
    for fence in read_document(document).fences:
        if fence.language in ("console", "sh", "bash", "shell"):
            name = f"{document}#{fence.heading}"
            seen[name] += 1
            number = f"-{seen[name]}" if seen[name] > 1 else ""
            yield Block(name + number, _commands(fence.lines, fence.language))


def _commands(lines: Sequence[str], language: str) -> tuple[tuple[str, str | None], ...]:
    if language != "console":
        return tuple((line, None) for line in lines if line.strip() and not line.startswith("#"))
    commands: list[tuple[str, list[str]]] = []
    for line in lines:
        if line.startswith("$ "):
            commands.append((line[2:], []))
        else:
            commands[-1][1].append(line)
    return tuple((command, "\n".join(shown) if shown else None) for command, shown in commands)


BLOCKS = [block for document in DOCUMENTS for block in blocks_of(document)]


class Shell:
    """Runs the commands of one block in the current folder."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._meant = dict(scene.stands_for)
        self._servers: list[subprocess.Popen[str]] = []

    def here(self, text: str) -> str:
        """A text of the document as it has to read here."""
        for word, other in self._meant.items():
            text = text.replace(word, other)
        return text

    def run(self, command: str, shown: str | None) -> tuple[int, str]:
        """Exit code and output of a command."""
        words = shlex.split(self.here(command))
        if words[:2] == ["make", "demo"]:
            recipe = re.search(r"^demo:.*\n\t@\$\(BIN\)/(.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
            assert recipe
            words = shlex.split(recipe[1])
        if words[0] == "curl":
            return self._curl(words)
        assert words[0] == "dmlsync", f"only dmlsync, make demo and curl can be run, not {words[0]}"
        if words[1:3] == ["sandbox", "serve"]:
            return self._serve(words, shown)
        typed = self._scene.typed.get(command, "")
        if "<" in words:
            typed, words = Path(words[-1]).read_text(encoding="utf-8"), words[: words.index("<")]
        result = CliRunner().invoke(app, words[1:], input=typed, catch_exceptions=False)
        return result.exit_code, result.output

    def _serve(self, words: list[str], shown: str | None) -> tuple[int, str]:
        """Start a server; what it prints first is what later commands mean by what the document shows instead."""
        if "--port" in words:
            words[words.index("--port") + 1] = "0"
        command = [sys.executable, "-u", "-m", "dmlsync", *words[1:]]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self._servers.append(server)
        assert server.stdout
        lines = [server.stdout.readline() for _ in range(5)]
        for line, other in zip((shown or "").splitlines(), lines, strict=False):
            self._meant[line.split()[-1]] = other.split()[-1]
        return 0 if all(lines) else server.wait(timeout=10), "".join(lines)

    def _curl(self, words: list[str]) -> tuple[int, str]:
        headers = dict(one.split(": ", 1) for flag, one in pairwise(words) if flag == "-H")
        answer = httpx2.get(words[-1], headers=headers)
        return 0 if answer.is_success else 22, answer.text

    def close(self) -> None:
        """Stop what was started."""
        for server in self._servers:
            server.terminate()
            server.communicate()


def compared(text: str) -> str:
    """A text less what differs from run to run, and less blanks at the ends of lines."""
    for pattern, stand_in in SUBSTITUTIONS:
        text = pattern.sub(stand_in, text)
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def fits(shown: str, output: str) -> bool:
    """Whether an output is the one that the document shows, in which a line of dots stands for any lines."""
    lines = [r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n" for line in compared(shown).splitlines()]
    return bool(re.fullmatch("".join(lines), compared(output) + "\n"))


@pytest.fixture
def registry() -> Iterator[Registry]:
    with running() as service:
        yield service


@pytest.mark.parametrize("block", [one for one in BLOCKS if one.name in SCENES], ids=lambda block: block.name)
def test_an_example_does_what_it_shows(
    block: Block, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("ZOTERO_API_KEY", raising=False)
    scene = SCENES[block.name](Stage(folder, request, monkeypatch))
    shell = Shell(scene)
    try:
        for command, shown in block.commands:
            scene.before.get(command, lambda: None)()
            exit_code, output = shell.run(command, shown)
            assert shown is None or fits(shell.here(shown), output), f"{command} shows:\n{output}"
            assert exit_code == scene.exit_codes.get(command, 0), output
    finally:
        shell.close()


def test_every_example_is_run_or_has_a_reason_not_to_be() -> None:
    names = [block.name for block in BLOCKS]
    assert not set(SCENES) & set(NOT_RUN)
    assert sorted(names) == sorted([*SCENES, *NOT_RUN])
