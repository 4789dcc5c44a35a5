"""Fixtures that several rooms' tests share."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab import ARCFACE_RECORD, COSFACE, COSFACE_RECORD, FACENET, FACENET_RECORD, HEADER, Lab

from dmlsync.sandbox import Sandbox, open_sandbox, serve


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Sandbox]]:
    """A Zotero server on this machine, whose key is in the environment: its address and what is behind it."""
    with open_sandbox(tmp_path / "server.sqlite") as sandbox:
        running = serve(sandbox, 0)
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        monkeypatch.setenv("ZOTERO_API_KEY", sandbox.key)
        try:
            yield running.url, sandbox
        finally:
            running.shutdown()
            thread.join()


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    """A project with a list of two papers whose records library.bib has, besides that of a third."""
    lab = Lab(tmp_path / "project")
    lab.configure("papers.md")
    lab.write("papers.md", HEADER + FACENET + COSFACE)
    lab.write("library.bib", "\n".join([FACENET_RECORD, COSFACE_RECORD, ARCFACE_RECORD]))
    return lab
