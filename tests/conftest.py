"""Fixtures that several rooms' tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab import ARCFACE_RECORD, COSFACE, COSFACE_RECORD, FACENET, FACENET_RECORD, HEADER, Lab


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    """A project with a list of two papers whose records library.bib has, besides that of a third."""
    lab = Lab(tmp_path / "project")
    lab.configure("papers.md")
    lab.write("papers.md", HEADER + FACENET + COSFACE)
    lab.write("library.bib", "\n".join([FACENET_RECORD, COSFACE_RECORD, ARCFACE_RECORD]))
    return lab
