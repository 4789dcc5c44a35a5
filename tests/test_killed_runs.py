"""A push that is killed anywhere is completed by the next one: nothing twice, nothing lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lab import ARCFACE, ARCFACE_RECORD, COSFACE, COSFACE_RECORD, FACENET, FACENET_RECORD, HEADER, Lab, many_rows

# Every step with DMLSYNC_TEST_EVERY_KILL in the environment, which takes some minutes; otherwise only some of them.
EVERY = "DMLSYNC_TEST_EVERY_KILL" in os.environ

# Runs a push in a process of its own and kills it, without any goodbye, at the step that was asked for. Steps are
# counted over requests (before they are sent, and after the server carried them out), replaced files and lines of the
# journal (likewise).
KILLED_PUSH = """
import itertools, os, signal, sys
from pathlib import Path
from dmlsync import files
from dmlsync.config import read_config
from dmlsync.project import Project
from dmlsync.sync.journal import Journal

config, fatal_step = Path(sys.argv[1]), int(sys.argv[2])
steps = itertools.count(1)

def step():
    if next(steps) == fatal_step:
        os.kill(os.getpid(), signal.SIGKILL)

class Fatal:
    def __init__(self, inner):
        self.inner = inner
    def handle_request(self, request):
        step()
        response = self.inner.handle_request(request)
        response.read()
        step()
        return response
    def close(self):
        self.inner.close()
    def __getattr__(self, name):
        return getattr(self.inner, name)

import httpx2
class FatalTransport(Fatal, httpx2.BaseTransport):
    pass

def fatal(write):
    def fatal_write(*arguments):
        step()
        write(*arguments)
        step()
    return fatal_write

files._swap_in = fatal(files._swap_in)
Journal._write = fatal(Journal._write)

project = Project(read_config(config), wrap=FatalTransport)
with project.alone():
    on_disk = project.read()
    catalog = project.catalog(on_disk)
    with project.library() as library:
        plan = project.plan(on_disk, catalog, library)
        project.run(on_disk, catalog, plan, library)
print(next(steps) - 1)
"""


def prepared(folder: Path) -> Lab:
    """A project with two listed papers that was never pushed."""
    lab = Lab(folder)
    lab.configure("papers.md")
    lab.write("library.bib", "\n".join([FACENET_RECORD, COSFACE_RECORD, ARCFACE_RECORD]))
    lab.write("papers.md", HEADER + FACENET + COSFACE)
    return lab


def killed_push(lab: Lab, fatal: int) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-c", KILLED_PUSH, str(lab.config), str(fatal)]
    return subprocess.run(arguments, capture_output=True, text=True, check=False)


def state(lab: Lab) -> dict[str, Any]:
    """What a person sees in the end: items with their values, links, collections, the committed files."""
    hidden = ("version", "dateAdded", "dateModified")
    items = {key: {name: item[name] for name in item if name not in hidden} for key, item in lab.items().items()}
    return {
        "items": items,
        "attachments": lab.attachments(),
        "collections": sorted(
            (one["key"], one["name"], one["parentCollection"]) for one in lab.objects("/collections")
        ),
        "bib": lab.bib.read_text(),
        "lock": lab.lock.read_text(),
        "target": (lab.folder / ".dmlsync" / "sandbox.lock").read_text(),
    }


def first_push(lab: Lab) -> None:
    """Nothing before: the killed run makes everything."""


def later_push(lab: Lab) -> None:
    """A push before; then an edit in the bib, a new line and a line less."""
    assert lab.push().exit_code == 0
    lab.edit_bib("pages = {815--823}", "pages = {815--824}")
    lab.write("papers.md", HEADER + FACENET + ARCFACE)


def many_papers(folder: Path) -> Lab:
    """A project with 200 listed papers, each with a PDF and code, that no source knows."""
    lab = Lab(folder)
    lab.configure("papers.md", resolve='unresolved = "minimal"')
    lab.write("papers.md", many_rows(200))
    return lab


@pytest.mark.parametrize("before", [first_push, later_push], ids=["first push", "later push"])
def test_a_push_killed_at_any_step_is_completed_by_the_next(tmp_path: Path, before: Any) -> None:
    whole = prepared(tmp_path / "whole")
    before(whole)
    answer = killed_push(whole, 0)
    assert answer.returncode == 0, answer.stderr
    steps = int(answer.stdout)
    assert steps >= 8
    expected = state(whole)
    for fatal in range(1, steps + 1) if EVERY else range(1 if before is first_push else 2, steps + 1, 3):
        lab = prepared(tmp_path / f"killed at {fatal}")
        before(lab)
        assert killed_push(lab, fatal).returncode == -9
        assert lab.push().exit_code == 0
        assert state(lab) == expected, f"killed at step {fatal} of {steps}"
        assert lab.push("--json").json["actions"] == []


def test_a_push_of_200_papers_killed_anywhere_is_completed_by_the_next(tmp_path: Path) -> None:
    whole = many_papers(tmp_path / "whole")
    answer = killed_push(whole, 0)
    assert answer.returncode == 0, answer.stderr
    steps, expected = int(answer.stdout), state(whole)
    assert len(expected["items"]) == 200
    assert len(expected["attachments"]) == 400
    for fatal in range(1, steps + 1) if EVERY else (steps // 3, 2 * steps // 3, steps - 6, steps - 4):
        lab = many_papers(tmp_path / f"killed at {fatal}")
        assert killed_push(lab, fatal).returncode == -9
        assert lab.push().exit_code == 0
        assert state(lab) == expected, f"killed at step {fatal} of {steps}"
        assert lab.push("--json").json["actions"] == []
        shutil.rmtree(lab.folder)
