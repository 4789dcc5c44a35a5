"""bibtexparser 2: plain fields, neither decoded nor divided."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bibtexparser
from measure import TITLE, measure


def read(path: Path) -> Any:
    """The library."""
    return bibtexparser.parse_file(str(path))


def change(library: Any, target: Path) -> None:
    """Another title for one entry."""
    entry = library.entries[len(library.entries) // 2]
    entry["title"] = TITLE
    bibtexparser.write_file(str(target), library)


measure(read, lambda library: len(library.entries), change)
