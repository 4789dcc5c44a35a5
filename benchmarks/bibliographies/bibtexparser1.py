"""bibtexparser 1: plain fields, neither decoded nor divided."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bibtexparser
from bibtexparser.bparser import BibTexParser
from measure import TITLE, measure


def read(path: Path) -> Any:
    """The database."""
    with path.open(encoding="utf-8") as file:
        return bibtexparser.load(file, parser=BibTexParser(common_strings=True, ignore_nonstandard_types=False))


def change(database: Any, target: Path) -> None:
    """Another title for one entry."""
    database.entries[len(database.entries) // 2]["title"] = TITLE
    with target.open("w", encoding="utf-8") as file:
        bibtexparser.dump(database, file)


measure(read, lambda database: len(database.entries), change)
