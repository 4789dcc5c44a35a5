"""pybtex: divided names, fields not decoded."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.append(sys.path.pop(0))  # this script's own name

from measure import TITLE, measure
from pybtex.database import parse_file


def read(path: Path) -> Any:
    """The bibliography."""
    return parse_file(str(path), bib_format="bibtex")


def change(library: Any, target: Path) -> None:
    """Another title for one entry."""
    key = list(library.entries)[len(library.entries) // 2]
    library.entries[key].fields["title"] = TITLE
    library.to_file(str(target), bib_format="bibtex")


measure(read, lambda library: len(library.entries), change)
