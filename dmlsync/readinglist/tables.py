"""Tables: the pipe rows in a paragraph, and the entries in them.

More is accepted than GFM does, since curators look at the rendered page and not at the grammar: a delimiter row of
another length than the header, rows without outer pipes, a blank line between rows, no delimiter row at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dmlsync.model import Entry, Link
from dmlsync.readinglist.authors import read_names
from dmlsync.readinglist.characters import squeeze, trim
from dmlsync.readinglist.citation import read_title_cell
from dmlsync.readinglist.columns import Columns, known_names, read_columns
from dmlsync.readinglist.document import Paragraph
from dmlsync.readinglist.gathering import Gathering, has_web_link
from dmlsync.readinglist.inline import LONGEST, Printed
from dmlsync.readinglist.links import distinct, is_generic, links_of, title_links_of
from dmlsync.readinglist.parts import split_parts
from dmlsync.readinglist.phrases import has_words, word_count
from dmlsync.readinglist.reading_list import LineKind, TableLine
from dmlsync.readinglist.running_text import Citation
from dmlsync.readinglist.venues import read_venue, read_year

_PIPE = re.compile(r"(?<!\\)\|")
_DELIMITER = re.compile(r":?-+:?")
_ROWS_TO_LOOK_AT = 20
_MOST_COLUMNS = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table, cut into cells of Markdown."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it; `delimiter` is the delimiter row's line, None where it is missing.

    A table without `header` is the continuation of an earlier one after a blank line, or has lost its own.
    """

    header: Row | None
    delimiter: int | None
    rows: tuple[Row, ...]


def split_row(line: str) -> tuple[str, ...]:
    """The cells of a row, trimmed and with `\\|` unescaped; outer pipes may be missing."""
    cells = [cell.strip().replace("\\|", "|") for cell in _PIPE.split(line.strip())]
    if len(cells) > 1 and not cells[0]:
        del cells[0]
    if len(cells) > 1 and not cells[-1]:
        del cells[-1]
    return tuple(cells)


def find_tables(paragraph: Paragraph) -> list[Table]:
    """The tables in a paragraph; a paragraph of prose has none."""
    numbered = [(paragraph.line + at, text) for at, text in enumerate(paragraph.lines)]
    rows = [(line, split_row(text)) if _PIPE.search(text) else (line, ()) for line, text in numbered]
    delimiters = [at for at in range(1, len(rows)) if _is_delimiter(rows[at][1]) and rows[at - 1][1]]
    if not delimiters:
        return _tables_without_delimiter(paragraph, rows)
    tables = []
    for at, after in zip(delimiters, [*(at - 1 for at in delimiters[1:]), len(rows)], strict=True):
        body = tuple(Row(line, cells) for line, cells in rows[at + 1 : after] if cells)
        tables.append(Table(Row(*rows[at - 1]), rows[at][0], body))
    return tables


def _is_delimiter(cells: Sequence[str]) -> bool:
    return bool(cells) and all(_DELIMITER.fullmatch(cell) for cell in cells)


def _tables_without_delimiter(paragraph: Paragraph, rows: list[tuple[int, tuple[str, ...]]]) -> list[Table]:
    """A header whose names are known, or rows that begin with a pipe; prose with a pipe in it is neither."""
    first = rows[0][1]
    body = tuple(Row(line, cells) for line, cells in rows if cells and not _is_delimiter(cells))
    if len(first) > 1 and known_names([trim(cell) for cell in first]) >= 2 and len(body) > 1:
        return [Table(body[0], None, body[1:])]
    if paragraph.lines[0].lstrip().startswith("|") and any(len(row.cells) > 1 for row in body):
        return [Table(None, None, body)]
    return []


class TableReader:
    """Reads the tables of a list; remembers the columns of the last one for rows that a blank line cut off."""

    def __init__(self, gathering: Gathering) -> None:
        self._gathering = gathering
        self._columns: Columns | None = None
        self._header_line = 0

    def forget(self) -> None:
        """Something else stands between the last table and what follows."""
        self._columns = None

    def read(self, paragraph: Paragraph) -> bool:
        """Reads the tables of a paragraph; false where it has none."""
        tables = find_tables(paragraph)
        for table in tables:
            if table.header is not None:
                self._columns = self._find_columns(table, table.header)
                self._header_line = table.header.line
            if self._columns is None:
                for row in table.rows:
                    if has_web_link(self._gathering.lines[row.line - 1]):
                        self._gathering.report(row.line, "a table row without a header above it")
            elif self._columns.title is not None:
                for row in table.rows:
                    if table.header is None or row.cells != table.header.cells:
                        self._read_row(row, self._columns)
                self._keep_lines(table, paragraph, self._columns)
        if tables:
            self._report_lines_without_pipes(paragraph, tables)
        return bool(tables)

    def _keep_lines(self, table: Table, paragraph: Paragraph, columns: Columns) -> None:
        """Keep which lines a table consists of."""
        header = [table.header.line] if table.header else []
        delimiter = [table.delimiter] if table.delimiter else []
        kinds: tuple[tuple[LineKind, list[int]], ...] = (
            ("header", header),
            ("delimiter", delimiter),
            ("row", [row.line for row in table.rows]),
        )
        for kind, numbers in kinds:
            for number in numbers:
                indent = self._gathering.lines[number - 1].find(paragraph.lines[number - paragraph.line])
                found = TableLine(number, kind, self._header_line, max(indent, 0), columns)
                self._gathering.table_lines.append(found)

    def _find_columns(self, table: Table, header: Row) -> Columns:
        cells = header.cells[:_MOST_COLUMNS]

        def words_in(column: int) -> float:
            looked_at = [row.cells[column] for row in table.rows[:_ROWS_TO_LOOK_AT] if column < len(row.cells)]
            return sum(_title_words(self._gathering.reader.read(cell)) for cell in looked_at)

        columns = read_columns([trim(self._gathering.reader.read(cell).text) for cell in cells], words_in)
        lines = self._gathering.lines
        if columns.title is None and any(_has_link(lines[row.line - 1]) for row in table.rows):
            self._gathering.report(header.line, "a table with links but without a column for titles")
        return columns

    def _read_row(self, row: Row, columns: Columns) -> None:
        gathering = self._gathering
        if sum(map(len, row.cells)) > LONGEST:
            gathering.report(row.line, f"a row of more than {LONGEST} characters is no entry")
            return
        if not any(has_words(cell) for cell in row.cells):
            return
        printed = [gathering.reader.read(cell) for cell in row.cells]
        for cell in printed:
            gathering.report_forbidden(row.line, cell.anchors)
        if not _fits(printed, columns):
            message = (
                f"a row of {len(printed)} cells under a header of {columns.width}: write a pipe inside a cell as \\|"
            )
            gathering.report(row.line, message)
            return
        entry = self._entry(row, columns, printed)
        if entry is None:
            gathering.report(row.line, "a table row without a title")
        else:
            gathering.entries.append(entry)

    def _entry(self, row: Row, columns: Columns, printed: Sequence[Printed]) -> Entry | None:
        def cell(column: int | None) -> Printed:
            return printed[column] if column is not None and column < len(printed) else Printed("")

        title = read_title_cell(cell(columns.title))
        if not any(char.isalpha() for char in title.title):
            return None
        authors = _text(cell(columns.authors), line_break=", ") or title.authors
        names = read_names(authors)
        venue, year = read_venue(_text(cell(columns.venue))), read_venue(_text(cell(columns.year)))
        return Entry(
            list_name=self._gathering.list_name,
            line=row.line,
            last_line=row.line,
            title=title.title,
            section=self._gathering.section,
            authors=authors,
            author_names=names.names,
            et_al=names.et_al,
            year=year.year or venue.year or title.year or self._gathering.year,
            venue=venue.name or title.venue or (year.name if year.is_sure else ""),
            links=distinct(_row_links(columns, printed, title)),
        )

    def _report_lines_without_pipes(self, paragraph: Paragraph, tables: Sequence[Table]) -> None:
        """A line inside a table that has no pipe is prose, unless it links to something."""
        first = min((table.header or table.rows[0]).line for table in tables)
        for line in range(first, paragraph.line + len(paragraph.lines)):
            text = paragraph.lines[line - paragraph.line]
            if not _PIPE.search(text) and has_web_link(text):
                self._gathering.report(line, "a line inside a table that is no row of it: it has no |")


def _row_links(columns: Columns, printed: Sequence[Printed], title: Citation) -> Iterator[Link]:
    for at, cell in enumerate(printed):
        if at == columns.title:
            for anchor in cell.anchors:
                yield from title_links_of([anchor]) if anchor.url == title.title_url else links_of([anchor])
        elif at in (columns.venue, columns.year) or at >= columns.width:
            yield from links_of(cell.anchors)
        elif kind := columns.link_kind(at):
            yield from links_of(cell.anchors, default=kind)


def _text(cell: Printed, *, line_break: str = " ") -> str:
    lines = [squeeze(line).strip(" ,") for line in cell.text.split("\n\n")]
    return line_break.join(line for line in lines if line)


def _title_words(cell: Printed) -> int:
    return sum(word_count(part.text) for part in split_parts(cell) if not (part.is_generic or part.is_link_only))


def _is_links_only(cell: Printed) -> bool:
    """Whether a cell is blank or holds nothing but links that say what they are."""
    parts = split_parts(cell)
    return all(
        not has_words(part.text) or part.is_link_only or (part.kind == "link" and is_generic(part.label))
        for part in parts
    )


def _fits(printed: Sequence[Printed], columns: Columns) -> bool:
    """Whether the cells of a row stand below their headers.

    A row may have more cells than the header if these hold links; an unescaped pipe in a title moves all the others.
    """
    if len(printed) <= columns.width:
        return True
    linked = [*(columns.links or ()), *range(columns.width, len(printed))]
    year = _text(printed[columns.year]) if columns.year is not None else ""
    return all(_is_links_only(printed[at]) for at in linked) and (not has_words(year) or read_year(year) is not None)


def _has_link(line: str) -> bool:
    """Whether a row links to a page; pictures and anchors in the page do not count."""
    return has_web_link(re.sub(r"!\[[^\]]*\]\([^)]*\)", "", line[:LONGEST]))
