"""Which column of a table holds what, from the names in its header."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dmlsync.model import LinkKind
from dmlsync.readinglist.vocabulary import (
    AUTHOR_COLUMNS,
    LINK_COLUMNS,
    TITLE_COLUMNS,
    TITLE_OR_LINK_COLUMNS,
    VENUE_COLUMNS,
    YEAR_COLUMNS,
)


@dataclass(frozen=True, slots=True)
class Columns:
    """The places of a table's columns, counted from 0; `links` gives the kind of links that do not say more."""

    width: int
    title: int | None = None
    authors: int | None = None
    year: int | None = None
    venue: int | None = None
    links: Mapping[int, LinkKind] | None = None

    def link_kind(self, column: int) -> LinkKind | None:
        """What the links of a column are; None for a column without links of interest."""
        return (self.links or {}).get(column)


def column_name(header: str) -> str:
    """A header cell reduced to what is compared: lower case, words only."""
    return " ".join(re.findall(r"[^\W_]+", header.lower()))


def read_columns(headers: Sequence[str], words_in: Callable[[int], float]) -> Columns:
    """Finds the columns by their printed names, in any order.

    `Paper` and `Name` hold titles in some lists and links or nicknames in others: without a column `Title`, the one
    whose cells hold the most words (`words_in(column)`) is the title's.
    """
    names = [column_name(header) for header in headers]
    title = _first(names, TITLE_COLUMNS)
    if title is None:
        candidates = [at for at, name in enumerate(names) if name in TITLE_OR_LINK_COLUMNS]
        if len(candidates) > 1:
            candidates.sort(key=words_in, reverse=True)
        title = candidates[0] if candidates else None
    free = ["" if at == title else name for at, name in enumerate(names)]
    year = _first(free, YEAR_COLUMNS)
    return Columns(
        width=len(names),
        title=title,
        authors=_first(free, AUTHOR_COLUMNS),
        year=year,
        venue=_first(["" if at == year else name for at, name in enumerate(free)], VENUE_COLUMNS),
        links={at: LINK_COLUMNS[name] for at, name in enumerate(free) if name in LINK_COLUMNS},
    )


def known_names(headers: Sequence[str]) -> int:
    """How many of the header cells name a column that this module knows."""
    known = TITLE_COLUMNS | TITLE_OR_LINK_COLUMNS | AUTHOR_COLUMNS | YEAR_COLUMNS | VENUE_COLUMNS | set(LINK_COLUMNS)
    return sum(column_name(header) in known for header in headers)


def _first(names: Sequence[str], wanted: frozenset[str]) -> int | None:
    return next((at for at, name in enumerate(names) if name in wanted), None)
