"""Who last changed some lines of a file, as git knows it; nothing where there is no git, or no repository."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_HEADER = re.compile(r"^(author|author-time) (.*)$", re.MULTILINE)
_UNCOMMITTED = "Not Committed Yet"  # git-blame(1) on lines that are only in the working tree
_PATIENCE = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class LastEdit:
    """The last commit that changed some lines: its author, and its day; `""` and None where it is still to be made."""

    author: str
    day: str | None


def last_edit(path: Path, first: int, last: int) -> LastEdit | None:
    """The last edit of the lines `first` to `last` of a file, counted from 1; None where git does not say."""
    command = ["git", "blame", "--porcelain", f"-L{first},{last}", "--", path.name]
    try:
        answer = subprocess.run(command, cwd=path.parent, capture_output=True, timeout=_PATIENCE, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    found = _HEADER.findall(answer.stdout.decode("utf-8", "replace"))
    authors = [value for name, value in found if name == "author"]
    times = [int(value) for name, value in found if name == "author-time" and value.isdecimal()]
    if not authors or len(authors) != len(times):
        return None
    if _UNCOMMITTED in authors:
        return LastEdit("", None)
    time, author = max(zip(times, authors, strict=True))
    return LastEdit(author, datetime.fromtimestamp(time, UTC).date().isoformat())
