"""library.bib and library.lock, committed and pushed from a workflow's checkout."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from dmlsync.errors import DmlsyncError

# The account by which GitHub's own workflows commit.
_IDENTITY = (("NAME", "github-actions[bot]"), ("EMAIL", "41898282+github-actions[bot]@users.noreply.github.com"))
_SKIP = "[skip ci]"
_TRIES = 4


class CommitError(DmlsyncError):
    """The files could not be committed or pushed."""


def commit(config_path: Path, told: str) -> str:
    """Commit what a run wrote, and push it; returns the commit, `""` where nothing changed. Raises CommitError.

    Only library.bib and the lock, whatever else lies changed or staged. Where somebody else pushed meanwhile, the
    commit is put on top of that. The message asks GitHub to start no workflow for it, so that no run follows its own
    commit; and a run that has nothing to do writes nothing.
    """
    from dmlsync.config import read_config

    config = read_config(config_path)
    files = [str(path) for path in (config.bib.path, config.lock_path) if path.exists()]
    folder = config.root
    if not files or not _git(folder, "status", "--porcelain", "--", *files).strip():
        return ""
    branch = _branch(folder)
    _git(folder, "add", "--", *files)
    # The hooks of a repository are for people.
    _git(folder, "commit", "--quiet", "--no-verify", "-m", f"{told}\n\n{_SKIP}", "--", *files)
    _push(folder, branch)
    return _git(folder, "rev-parse", "HEAD").strip()


def _branch(folder: Path) -> str:
    try:
        return _git(folder, "symbolic-ref", "--quiet", "--short", "HEAD").strip()
    except CommitError:
        problem = "the checkout is on no branch, so nothing can be committed"
        raise CommitError(problem, "run on a push to a branch, not on a pull request") from None


def _push(folder: Path, branch: str) -> None:
    for tries_left in range(_TRIES - 1, -1, -1):
        try:
            _git(folder, "push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")
            return
        except CommitError:
            if not tries_left:
                raise
        _git(folder, "fetch", "--quiet", "origin", f"refs/heads/{branch}")
        try:
            _git(folder, "rebase", "--quiet", "--autostash", "FETCH_HEAD")
        except CommitError:
            _git(folder, "rebase", "--abort")
            problem = f"{branch} moved on meanwhile and changed the same lines"
            raise CommitError(problem, "run the workflow again, it starts from what is there") from None


def _git(folder: Path, *arguments: str) -> str:
    """Run git under the bot's name, without the Zotero key in its environment."""
    from dmlsync.credentials import VARIABLE

    names = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in _IDENTITY}
    environ = {name: value for name, value in os.environ.items() if name != VARIABLE}
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        errors="replace",
        env={**environ, **names, "GIT_TERMINAL_PROMPT": "0"},
        check=False,
    )
    if done.returncode:
        said = " ".join(done.stderr.split())[-300:]
        raise CommitError(f"git {arguments[0]} failed ({said or f'exit code {done.returncode}'})")
    return done.stdout
