"""Reading a list: the file, its headings, and what stands below them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dmlsync.errors import ListError
from dmlsync.readinglist.bullets import BulletReader, is_glued_bullet
from dmlsync.readinglist.characters import squeeze, trim
from dmlsync.readinglist.document import (
    Block,
    Bullets,
    Heading,
    Item,
    Paragraph,
    Raw,
    read_document,
    split_lines,
)
from dmlsync.readinglist.gathering import Gathering, has_web_link
from dmlsync.readinglist.inline import InlineReader
from dmlsync.readinglist.reading_list import Problem, ReadingList
from dmlsync.readinglist.tables import TableReader, find_tables

_EXPECTED = "expected a table with a column Title, or bullets such as `- Title (CVPR 2021) [[paper](https://...)]`"
_LONGEST_HEADING = 1000
# Bold lines used as headings rank below all real ones.
_BOLD_LEVEL = 7
_CONFLICT_MARKS = ("<" * 7, "=" * 7, ">" * 7)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_RAW_ENTRY = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)]|\|)\s*\S")


_NO_ENTRY = Problem(1, f"no entry found: {_EXPECTED}", "")


def read_list(path: Path, *, may_be_empty: bool = False) -> ReadingList:
    """Reads the reading list in a file.

    Raises `ListError` if there is no such file, if it cannot be read, is not UTF-8, holds an unfinished merge of git,
    or has no entry at all. One that `may_be_empty` has the problem of having none instead.
    """
    text = _read_text(path)
    conflict = _first_conflict(text)
    if conflict:
        raise ListError(path, "git left a conflict here", "finish the merge and remove its marks", line=conflict)
    reading_list = parse_list(text, path.stem, path)
    if reading_list.entries:
        return reading_list
    if may_be_empty:
        return reading_list if reading_list.problems else replace(reading_list, problems=(_NO_ENTRY,))
    if reading_list.problems:
        first = reading_list.problems[0]
        raise ListError(path, f"no entry can be read; the first problem is {first.message}", _EXPECTED, line=first.line)
    raise ListError(path, "no entry found", _EXPECTED)


def _read_text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ListError(path, "there is no such file", "check the path of the list in the configuration") from None
    except IsADirectoryError:
        raise ListError(path, "this is a directory", "name the Markdown file in it") from None
    except OSError as error:
        raise ListError(path, f"cannot be read: {error.strerror or error}") from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = len(split_lines(data[: error.start].decode("utf-8") + "x"))
        problem = f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8"
        raise ListError(path, problem, "save the file as UTF-8", line=line) from None


def _first_conflict(text: str) -> int | None:
    """The line of the first conflict that git marked; all three marks are needed: `=======` underlines headings."""
    start, at = 0, 0
    for number, line in enumerate(split_lines(text), start=1):
        mark = line[:7]
        if mark not in _CONFLICT_MARKS or line[7:8] not in ("", " ", "\r", "\n"):
            continue
        if mark == _CONFLICT_MARKS[0]:
            start, at = (start if at else number), 1
        elif mark == _CONFLICT_MARKS[at]:
            if at == len(_CONFLICT_MARKS) - 1:
                return start
            at += bool(at)
    return None


def parse_list(text: str, list_name: str, path: Path) -> ReadingList:
    """Reads a reading list from its text; never raises, what cannot be read is in `problems`."""
    document = read_document(text)
    reader = InlineReader(document.references)
    gathering = Gathering(list_name, document.lines, reader)
    heading = _document_heading(document.blocks)
    _Walker(gathering, heading).walk(document.blocks)
    title = trim(reader.read(heading.text[:_LONGEST_HEADING]).text) if heading else ""
    return ReadingList(
        path=path,
        name=list_name,
        title=title or squeeze(document.title) or list_name,
        text=text,
        entries=tuple(sorted(gathering.entries, key=lambda entry: entry.line)),
        problems=tuple(sorted(gathering.problems, key=lambda problem: problem.line)),
        table_lines=tuple(sorted(gathering.table_lines, key=lambda one: one.line)),
    )


def _document_heading(blocks: Sequence[Block]) -> Heading | None:
    """The only first-level heading, which names the document and no section."""
    headings = [block for block in blocks if isinstance(block, Heading) and block.level == 1]
    return headings[0] if len(headings) == 1 else None


class _Walker:
    """Goes through the blocks in their order."""

    def __init__(self, gathering: Gathering, document_heading: Heading | None) -> None:
        self._gathering = gathering
        self._document_heading = document_heading
        self._tables = TableReader(gathering)
        self._bullets = BulletReader(gathering)

    def walk(self, blocks: Sequence[Block]) -> None:
        for at, block in enumerate(blocks):
            if not isinstance(block, Paragraph):
                self._tables.forget()
            match block:
                case Heading():
                    self._take_heading(block)
                case Paragraph():
                    self._take_paragraph(block, blocks[at + 1] if at + 1 < len(blocks) else None)
                case Bullets():
                    self._bullets.read(block)
                    for item in block.items:
                        self._take_tables_in(item)
                case Raw():
                    self._take_raw(block)

    def _take_heading(self, heading: Heading) -> None:
        if heading is self._document_heading:
            self._gathering.leave(1)
            return
        self._gathering.enter(heading.level, self._printed(heading.text))

    def _take_paragraph(self, paragraph: Paragraph, follows: Block | None) -> None:
        if self._tables.read(paragraph):
            return
        self._tables.forget()
        text = paragraph.lines[0].strip()
        if len(paragraph.lines) == 1 and self._is_bold_line(text) and _starts_entries(follows):
            self._gathering.enter(_BOLD_LEVEL, self._printed(text))
            return
        for at, line in enumerate(paragraph.lines):
            if is_glued_bullet(line):
                self._gathering.report(
                    paragraph.line + at, "no bullet: there must be -, * or + and a blank before the title"
                )

    def _take_tables_in(self, item: Item) -> None:
        """Tables inside of list items, which the reader of bullets leaves out."""
        for block in item.blocks:
            if isinstance(block, Paragraph) and find_tables(block):
                self._tables.read(block)
            elif isinstance(block, Bullets):
                for nested in block.items:
                    self._take_tables_in(nested)
            elif isinstance(block, Raw):
                self._take_raw(block)
        self._tables.forget()

    def _take_raw(self, raw: Raw) -> None:
        """Reports entries in HTML, where a list is none without a blank line above it, and in front matter."""
        hidden = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), "\n".join(raw.lines)).split("\n")
        for at, line in enumerate(hidden):
            if not raw.is_html:
                if _RAW_ENTRY.match(line) and "](http" in line:
                    self._gathering.report(raw.line + at, "inside front matter: the first line of the file opens it")
            elif _RAW_ENTRY.match(line) and has_web_link(line):
                self._gathering.report(
                    raw.line + at, "inside HTML, where Markdown reads no entries: put a blank line above the list"
                )
            elif re.search(r"<(?:td|li)\b", line, re.IGNORECASE) and has_web_link(line):
                self._gathering.report(raw.line + at, "lists and tables in HTML are not read")
                break

    def _is_bold_line(self, text: str) -> bool:
        if len(text) > _LONGEST_HEADING or not text.startswith(("**", "__", "<b>", "<strong>")):
            return False
        printed = self._gathering.reader.read(text)
        return any(e.start == 0 and e.end == len(printed.text) and e.style == "strong" for e in printed.emphases)

    def _printed(self, markdown: str) -> str:
        return trim(self._gathering.reader.read(markdown[:_LONGEST_HEADING]).text)


def _starts_entries(block: Block | None) -> bool:
    return isinstance(block, Bullets) or (isinstance(block, Paragraph) and bool(find_tables(block)))
