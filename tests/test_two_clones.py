"""Clones of one project push to one group at the same moment, and end in the same state."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import httpx2
from lab import ARCFACE, COSFACE, FACENET, HEADER, Lab, many_rows

from dmlsync.sandbox import Sandbox

# How many processes push how many papers at once: DMLSYNC_TEST_AT_ONCE=8x200 for the whole thing.
PROCESSES, PAPERS = map(int, os.environ.get("DMLSYNC_TEST_AT_ONCE", "4x30").split("x"))


def pushing(lab: Lab) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-m", "dmlsync", "--config", str(lab.config), "push", "--yes"]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def objects(server: tuple[str, Sandbox]) -> list[dict[str, object]]:
    url, sandbox = server
    found: list[dict[str, object]] = []
    while True:
        path = f"{url}/groups/{sandbox.group}/items?limit=100&start={len(found)}"
        answer = httpx2.get(path, headers={"Zotero-API-Key": sandbox.key})
        page = answer.raise_for_status().json()
        found += [one["data"] for one in page]
        if len(page) < 100:
            return found


def test_two_people_push_the_same_new_lines_at_once(lab: Lab, tmp_path: Path, server: tuple[str, Sandbox]) -> None:
    url, sandbox = server
    lab.configure("papers.md", zotero=f'library = "groups/{sandbox.group}"\nendpoint = "{url}"')
    lab.write("papers.md", HEADER + FACENET + COSFACE + ARCFACE)
    labs = [lab]
    for number in range(3):
        folder = tmp_path / f"clone {number}"
        shutil.copytree(lab.folder, folder)
        labs.append(Lab(folder))
    runs = [pushing(one) for one in labs]
    for run in runs:
        output, errors = run.communicate(timeout=120)
        assert run.returncode in (0, 3), output + errors
    found = objects(server)
    items = [one for one in found if one["itemType"] == "conferencePaper"]
    links = [(one["parentItem"], one["url"]) for one in found if one["itemType"] == "attachment"]
    assert len(items) == 3
    assert len(links) == len(set(links)) == 4
    for one in labs:
        assert one.push().exit_code == 0
        assert one.push("--json").json["actions"] == []
    assert len({one.lock.read_bytes() for one in labs}) == 1
    assert len({one.bib.read_bytes() for one in labs}) == 1


def test_many_processes_push_the_same_new_papers_at_once(tmp_path: Path, server: tuple[str, Sandbox]) -> None:
    url, sandbox = server
    labs = [Lab(tmp_path / f"clone {number}") for number in range(PROCESSES)]
    for lab in labs:
        zotero = f'library = "groups/{sandbox.group}"\nendpoint = "{url}"'
        lab.configure("papers.md", zotero=zotero, resolve='unresolved = "minimal"')
        lab.write("papers.md", many_rows(PAPERS))
    for run in [pushing(lab) for lab in labs]:
        output, errors = run.communicate(timeout=600)
        assert run.returncode in (0, 3), output + errors
    for lab in labs:
        assert lab.push().exit_code == 0
        assert lab.push("--json").json["actions"] == []
    found = objects(server)
    items = [one for one in found if one["itemType"] == "conferencePaper"]
    links = [(one["parentItem"], one["url"]) for one in found if one["itemType"] == "attachment"]
    assert len(items) == len({one["citationKey"] for one in items}) == PAPERS
    assert len(links) == len(set(links)) == 2 * PAPERS
    assert len({lab.lock.read_bytes() for lab in labs}) == 1
    assert len({lab.bib.read_bytes() for lab in labs}) == 1
