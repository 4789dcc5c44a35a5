"""Where things stand in a list's file: its lines, its headings, and the tables that its rows belong to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dmlsync.model import Entry
from dmlsync.readinglist.characters import trim
from dmlsync.readinglist.columns import Columns, read_columns
from dmlsync.readinglist.document import Block, Bullets, Heading, Item, Paragraph, read_document, split_lines
from dmlsync.readinglist.inline import InlineReader
from dmlsync.readinglist.phrases import word_count
from dmlsync.readinglist.tables import Table, find_tables

_LONGEST_HEADING = 1000
_ROWS_TO_LOOK_AT = 20


@dataclass(frozen=True, slots=True)
class HeadingLines:
    """A heading: its first line, how many lines it takes, and its printed text."""

    line: int
    length: int
    text: str


@dataclass(frozen=True, slots=True)
class TableLines:
    """A table with a header, and what its columns hold."""

    table: Table
    columns: Columns

    @property
    def top(self) -> tuple[int, int]:
        """The first and the last line above its rows."""
        header = self.table.header
        first = header.line if header else self.table.rows[0].line
        return first, self.table.delimiter or first


class Layout:
    """A list's text by its lines; `lines` are without their endings and count from 0, all other numbers from 1."""

    def __init__(self, text: str) -> None:
        whole = split_lines(text)
        self.lines = tuple(line.rstrip("\r\n") for line in whole)
        self._endings = tuple(line[len(bare) :] for line, bare in zip(whole, self.lines, strict=True))
        document = read_document(text)
        self._reader = InlineReader(document.references)
        self._blocks = tuple(_flat(document.blocks))
        self._tables = self._find_tables()

    @property
    def newline(self) -> str:
        """How most lines end."""
        endings = Counter(ending for ending in self._endings if ending)
        return endings.most_common(1)[0][0] if endings else "\n"

    def raw(self, entry: Entry) -> str:
        """The lines of an entry."""
        return "\n".join(self.lines[entry.line - 1 : entry.last_line])

    def is_row(self, entry: Entry) -> bool:
        """Whether an entry is a row of a table."""
        return entry.line in self._tables

    def table_of(self, entry: Entry) -> TableLines | None:
        """The table that an entry is a row of."""
        return self._tables.get(entry.line)

    def blanks_before(self, line: int) -> int:
        """How many blank lines stand right above a line."""
        number = 0
        while line - 2 - number >= 0 and not self.lines[line - 2 - number].strip():
            number += 1
        return number

    def blanks_behind(self, line: int) -> int:
        """How many blank lines stand right below a line."""
        number = 0
        while line + number < len(self.lines) and not self.lines[line + number].strip():
            number += 1
        return number if line + number < len(self.lines) else 0

    def heading(self, text: str, before: int) -> HeadingLines | None:
        """The last heading with this printed text above a line."""
        found = [one for one in self._headings() if one.text == text and one.line < before]
        return found[-1] if found else None

    def with_lines(self, new: Sequence[str], behind: int) -> str:
        """The text with lines put in below line `behind`; where its last line has no ending, it has none again."""
        whole = [line + ending for line, ending in zip(self.lines, self._endings, strict=True)]
        put_in = [line + self.newline for line in new]
        if behind == len(whole) and whole and not self._endings[-1]:
            whole[-1] += self.newline
            put_in[-1] = put_in[-1].removesuffix(self.newline)
        return "".join([*whole[:behind], *put_in, *whole[behind:]])

    def _headings(self) -> Iterator[HeadingLines]:
        for block in self._blocks:
            if isinstance(block, Heading):
                is_marked = self.lines[block.line - 1].lstrip(" >").startswith("#")
                length = 1 if is_marked else 2  # its text stands on one line: see `document`
                yield HeadingLines(block.line, length, self._printed(block.text))
            elif isinstance(block, Paragraph) and len(block.lines) == 1:
                yield HeadingLines(block.line, 1, self._printed(block.lines[0]))

    def _printed(self, markdown: str) -> str:
        return trim(self._reader.read(markdown[:_LONGEST_HEADING]).text)

    def _find_tables(self) -> dict[int, TableLines]:
        """The tables by the lines of their rows; rows that a blank line cut off belong to the table above."""
        found: dict[int, TableLines] = {}
        last: TableLines | None = None
        for block in self._blocks:
            tables = find_tables(block) if isinstance(block, Paragraph) else []
            for table in tables:
                last = TableLines(table, self._columns(table)) if table.header else last
                if last:
                    found |= dict.fromkeys((row.line for row in table.rows), last)
            if not tables:
                last = None
        return found

    def _columns(self, table: Table) -> Columns:
        headers = [trim(self._reader.read(cell).text) for cell in table.header.cells] if table.header else []

        def words_in(column: int) -> float:
            return sum(
                word_count(row.cells[column]) for row in table.rows[:_ROWS_TO_LOOK_AT] if column < len(row.cells)
            )

        return read_columns(headers, words_in)


def _flat(blocks: Iterable[Block]) -> Iterator[Block]:
    """All blocks in their order, those in list items too."""
    for block in blocks:
        yield block
        if isinstance(block, Bullets):
            for item in block.items:
                yield from _flat([item])
        elif isinstance(block, Item):
            yield from _flat(block.blocks)
