"""Two clones of one project push to one group at the same moment, and end in the same state."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import httpx2
from lab import ARCFACE, COSFACE, FACENET, HEADER, Lab

from dmlsync.sandbox import Sandbox


def pushing(lab: Lab) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-m", "dmlsync", "--config", str(lab.config), "push", "--yes"]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def objects(server: tuple[str, Sandbox]) -> list[dict[str, object]]:
    url, sandbox = server
    path = f"{url}/groups/{sandbox.group}/items?limit=100"
    answer = httpx2.get(path, headers={"Zotero-API-Key": sandbox.key})
    return [one["data"] for one in answer.raise_for_status().json()]


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
