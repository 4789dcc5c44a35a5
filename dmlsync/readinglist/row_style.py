"""A row of a table written as those around it are: the same columns, blanks, outer pipes and forms of links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dmlsync.model import Entry
from dmlsync.readinglist.columns import Columns
from dmlsync.readinglist.layout import Layout
from dmlsync.readinglist.new_entry import Part
from dmlsync.readinglist.pattern import Pattern, pattern_of
from dmlsync.readinglist.phrases import has_words

_PIPE = re.compile(r"(?<!\\)\|")
_ROWS_TO_LOOK_AT = 100
_LONGEST_PLACEHOLDER = 3


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as it stands: its cells with the blanks in them, and whether it has outer pipes."""

    entry: Entry
    cells: tuple[str, ...]
    opened: bool
    closed: bool


def row_like(
    layout: Layout, neighbours: Sequence[Entry], anchor: Entry, values: Mapping[Part, str], *, has_pdf: bool
) -> Iterator[str]:
    """A row with these values for the table of `anchor`; nothing where that has no header."""
    table = layout.table_of(anchor)
    if table is None or table.columns.title is None:
        return
    rows = [
        _row(layout, entry) for entry in neighbours if (other := layout.table_of(entry)) and other.table is table.table
    ]
    rows = sorted(rows, key=lambda row: abs(row.entry.line - anchor.line))[:_ROWS_TO_LOOK_AT]
    piped = {part: _piped(value) for part, value in values.items()}
    yield _RowWriter(rows, table.columns, piped, has_pdf, aligned=_is_aligned(layout, table.top[0], rows)).row()


def _is_aligned(layout: Layout, header: int, rows: Sequence[_Row]) -> bool:
    """Whether somebody filled the cells up so that the pipes stand below each other."""
    lines = [layout.lines[header - 1], *(layout.lines[row.entry.line - 1] for row in rows)]
    return len(rows) > 1 and len({tuple(sign.start() for sign in _PIPE.finditer(line)) for line in lines}) == 1


def _piped(value: str) -> str:
    return _PIPE.sub(r"\|", value)


def _row(layout: Layout, entry: Entry) -> _Row:
    cells = _PIPE.split(layout.lines[entry.line - 1])
    opened, closed = not cells[0].strip(), len(cells) > 1 and not cells[-1].strip()
    return _Row(entry, tuple(cells[opened : len(cells) - closed]), opened, closed)


class _RowWriter:
    def __init__(
        self, rows: Sequence[_Row], columns: Columns, values: Mapping[Part, str], has_pdf: bool, *, aligned: bool
    ) -> None:
        self._aligned = aligned
        self._rows = rows
        self._columns = columns
        self._values = values
        self._has_pdf = has_pdf

    def row(self) -> str:
        cells = [self._with_blanks(column, self._content(column)) for column in range(self._columns.width)]
        opened, closed = self._most(lambda row: row.opened), self._most(lambda row: row.closed)
        return f"{'|' if opened else ''}{'|'.join(cells)}{'|' if closed else ''}".rstrip()

    def _most(self, holds: Callable[[_Row], bool]) -> bool:
        return 2 * sum(map(holds, self._rows)) > len(self._rows)

    def _content(self, column: int) -> str:
        """A cell's text: as in the nearest row that shows it, else plain."""
        parts = self._parts(column)
        if not any(self._values.get(part) for part in parts):
            return self._placeholder(column)
        main = parts[0]
        found = [one for row in self._rows if (one := self._pattern(row, column, parts)) and self._fits(one, main)]
        if found:
            return min(found, key=self._distance).filled(self._values, has_pdf=self._has_pdf)
        value = self._values[main]
        return f"[{self._label(main)}]({value})" if main in ("pdf", "paper", "code") else value

    def _parts(self, column: int) -> list[Part]:
        """What may stand in a column, what it is there for first."""
        of = self._columns
        if column == of.title:
            no_other = of.links is None or not set(of.links.values()) & {"pdf", "paper"}
            links: list[Part] = ["pdf", "paper", "code"] if no_other else []
            return ["title", *links]
        if column == of.authors:
            return ["authors"]
        if column == of.year:
            return ["year"]
        if column == of.venue:
            return ["venue"] if of.year is not None else ["venue", "year"]
        kind = of.link_kind(column)
        if kind == "code":
            return ["code"]
        if kind not in ("pdf", "paper"):
            return []
        papers: list[Part] = ["pdf", "paper"] if kind == "pdf" else ["paper", "pdf"]
        return papers if "code" in (of.links or {}).values() else [*papers, "code"]

    @staticmethod
    def _pattern(row: _Row, column: int, parts: Sequence[Part]) -> Pattern | None:
        cell = row.cells[column].strip() if column < len(row.cells) else ""
        return pattern_of(cell, row.entry, frozenset(parts)) if cell else None

    def _fits(self, pattern: Pattern, main: Part) -> bool:
        links = {"pdf", "paper"}
        shown = set(pattern.parts)
        return pattern.is_plain and (main in shown or (main in links and bool(shown & links)))

    def _distance(self, pattern: Pattern) -> int:
        """How many parts a cell shows too much or too little."""
        shown = {"paper" if part == "pdf" else part for part in pattern.parts}
        return sum((part in shown) != bool(self._values.get(part)) for part in ("paper", "code", "year"))

    def _label(self, part: Part) -> str:
        return {"pdf": "PDF" if self._has_pdf else "Paper", "paper": "Paper", "code": "Code"}[part]

    def _placeholder(self, column: int) -> str:
        """What blank cells of a column hold, such as a dash."""
        cells = [row.cells[column].strip() for row in self._rows if column < len(row.cells)]
        if not self._parts(column) and (number := self._next_number(cells)):
            return number
        blank = [cell for cell in cells if len(cell) <= _LONGEST_PLACEHOLDER and (not has_words(cell) or cell == "N/A")]
        return Counter(blank).most_common(1)[0][0] if blank else ""

    def _next_number(self, cells: Sequence[str]) -> str:
        """The number of a new last row in a column that counts the rows, `""` in any other."""
        lines = [row.entry.line for row in self._rows]
        if len(cells) < 2 or len(cells) != len(lines) or not all(cell.isdecimal() for cell in cells):
            return ""
        numbers = [int(cell) for cell in cells]
        counts = sorted(zip(lines, numbers, strict=True)) == list(zip(sorted(lines), sorted(numbers), strict=True))
        return str(numbers[0] + 1) if counts and lines[0] == max(lines) else ""

    def _with_blanks(self, column: int, content: str) -> str:
        """A cell with the blanks that most of its column have, filled up to the column's width if it has one."""
        cells = [row.cells[column] for row in self._rows if column < len(row.cells) and row.cells[column].strip()]
        around = Counter((_blanks(cell, left=True), _blanks(cell, left=False)) for cell in cells)
        if self._aligned:
            return f" {content} ".ljust(len(self._rows[0].cells[column]))
        left, right = around.most_common(1)[0][0] if around else (" ", " ")
        return f"{left}{content}{right}" if content else left or " "


def _blanks(cell: str, *, left: bool) -> str:
    return cell[: len(cell) - len(cell.lstrip())] if left else cell[len(cell.rstrip()) :]
