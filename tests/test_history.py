"""Who last changed some lines of a file."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from dmlsync.history import LastEdit, last_edit


def git(folder: Path, *arguments: str, author: str = "Ada", day: str = "2024-05-06") -> None:
    stamp = f"{day}T12:00:00Z"
    environment = {
        **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), author),
        **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "a@example.org"),
        **dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), stamp),
        "HOME": str(folder),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
    }
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    path = tmp_path / "library.bib"
    git(tmp_path, "init")
    path.write_text("one\ntwo\nthree\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    path.write_text("one\n2\nthree\n")
    git(tmp_path, "commit", "-am", "second", author="Bob Łoś", day="2025-01-02")
    return path


def test_the_last_commit_of_the_lines_is_named(repository: Path) -> None:
    assert last_edit(repository, 1, 1) == LastEdit("Ada", "2024-05-06")
    assert last_edit(repository, 1, 3) == LastEdit("Bob Łoś", "2025-01-02")


def test_what_is_not_committed_yet_has_no_author(repository: Path) -> None:
    repository.write_text("one\n2\nthree!\n")
    assert last_edit(repository, 2, 3) == LastEdit("", None)
    assert last_edit(repository, 1, 2) == LastEdit("Bob Łoś", "2025-01-02")


def test_without_a_repository_a_file_or_such_lines_nothing_is_known(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "new.bib").write_text("one\n")
    assert last_edit(tmp_path / "new.bib", 1, 1) is None
    assert last_edit(tmp_path / "missing.bib", 1, 1) is None
    assert last_edit(repository, 7, 9) is None


def test_without_git_nothing_is_known(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert last_edit(repository, 1, 1) is None
