"""Lines of a list that are not written as they are meant: pipes, dashes, brackets, blanks. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from dmlsync.check.printed import Span, body_start, cells, seen
from dmlsync.check.rule import Checked, Finding, rule
from dmlsync.readinglist import ReadingList
from dmlsync.readinglist.authors import read_names
from dmlsync.readinglist.characters import stray_brackets, tame
from dmlsync.readinglist.reading_list import TableLine
from dmlsync.text.edits import Edit, Lines

_PIPE_AT_END = re.compile(r"(?<!\\)\|[ \t]*$")
_DASHES = re.compile(r":?-+:?")
_NUMBERING = re.compile(r"(?:^|(?<=[\s(,;]))[A-Za-z0-9]{1,4}\)|[:;]-?[()]")
_INTERVAL = re.compile(r"[\[(][^\[\]()]{1,30},[^\[\]()]{1,30}[\])]")
_GLUED = re.compile(r"(?<=[^\W\d_][.,])(et\.? ?al\b)", re.IGNORECASE)
_ET_AL = re.compile(r",?\s*\bet\.?\s?al\b.*$", re.IGNORECASE)


@rule("list-syntax", "error", "A line looks like an entry, or like a link, but cannot be read as one")
def list_syntax(checked: Checked) -> Iterator[Finding]:
    """What reading the list could not read."""
    for one in checked.lists:
        for problem in one.problems:
            yield Finding(one.path, problem.line, problem.message)


@rule("missing-pipe", "warning", "A row lacks the pipe at its start or end that the other rows have", mends=True)
def missing_pipes(checked: Checked) -> Iterator[Finding]:
    """Rows without an outer pipe in a table where most have it."""
    for one, lines, table in _tables(checked):
        rows = [row for row in table if row.kind != "delimiter"]
        for side, has_it in (("start", _starts_with_pipe), ("end", _ends_with_pipe)):
            lacking = [row for row in rows if not has_it(lines, row)]
            if 2 * len(lacking) >= len(rows):
                continue
            for row in lacking:
                edit, place = _pipe_at(lines, row, side)
                column = place - lines.start(row.line) + 1
                yield Finding(one.path, row.line, f"the row has no pipe at its {side}", column, (edit,))


def _starts_with_pipe(lines: Lines, row: TableLine) -> bool:
    return lines[row.line][row.indent :].lstrip().startswith("|")


def _ends_with_pipe(lines: Lines, row: TableLine) -> bool:
    return _PIPE_AT_END.search(lines[row.line]) is not None


def _pipe_at(lines: Lines, row: TableLine, side: str) -> tuple[Edit, int]:
    text = lines[row.line]
    if side == "start":
        at = lines.start(row.line) + row.indent + len(text[row.indent :]) - len(text[row.indent :].lstrip())
        return Edit(at, at, "| "), at
    at = lines.start(row.line) + len(text.rstrip())
    return Edit(at, at, " |"), at


@rule("short-delimiter", "warning", "The row of dashes has another number of cells than the header", mends=True)
def short_delimiters(checked: Checked) -> Iterator[Finding]:
    """Delimiter rows for which GitHub shows no table at all."""
    for one, lines, table in _tables(checked):
        for row in (row for row in table if row.kind == "delimiter"):
            found = cells(lines, row)
            if len(found) == row.columns.width:
                continue
            message = (
                f"{len(found)} cells of dashes under {row.columns.width} columns: GitHub shows no table at all then"
            )
            column = (found[0].start if found else lines.start(row.line)) - lines.start(row.line) + 1
            yield Finding(one.path, row.line, message, column, _more_dashes(lines, row, found))


def _more_dashes(lines: Lines, row: TableLine, found: Sequence[Span]) -> tuple[Edit, ...]:
    """The cells that are missing, each like the last one with the blanks around it."""
    missing = row.columns.width - len(found)
    if missing < 0 or not found or not _DASHES.fullmatch(lines.whole, *found[-1]):
        return ()
    text = lines[row.line].rstrip()
    has_pipe = _ends_with_pipe(lines, row)
    last = text.rstrip("|").rpartition("|")[2]
    at = lines.start(row.line) + len(text)
    cell = f"{last}|" if has_pipe else f"{' ' * last.startswith(' ')}|{last}"
    return (Edit(at, at, cell * missing),)


@rule("trailing-blanks", "info", "Blanks stand behind the last pipe of a row", mends=True)
def trailing_blanks(checked: Checked) -> Iterator[Finding]:
    """Blanks at the end of rows, which no reader sees and every diff shows."""
    for one, lines, table in _tables(checked):
        for row in table:
            text = lines[row.line]
            kept = len(text.rstrip(" \t"))
            if kept < len(text) and _ends_with_pipe(lines, row):
                start = lines.start(row.line)
                edit = Edit(start + kept, start + len(text), "")
                yield Finding(one.path, row.line, "blanks behind the last pipe", kept + 1, (edit,))


@rule("stray-bracket", "warning", "A bracket of an entry has no partner", mends=True)
def stray_bracket(checked: Checked) -> Iterator[Finding]:
    """Brackets that opened or closed nothing; intervals, smileys and `a)` are no such thing."""
    for named in checked.entries:
        lines = checked.lines[named.list.path]
        start, end = lines.start(named.entry.line), lines.end(named.entry.last_line)
        text = lines.whole[start:end]
        alone = [at for at in _alone(seen(text)) if at >= body_start(text)]
        if alone:
            signs = " and ".join(f"`{text[at]}`" for at in alone[:4])
            edits = tuple(Edit(start + at, start + at + 1, "") for at in alone)
            line, column = lines.place(start + alone[0])
            partner = "have no partner" if len(alone) > 1 else "has no partner"
            yield Finding(named.list.path, line, f"{signs} {partner}", column, edits)


def _alone(line: str) -> list[int]:
    """Where brackets stand that have no partner and need one."""
    plain = _INTERVAL.sub(lambda match: "_" * len(match[0]), line)
    fine = {match.end() - 1 for match in _NUMBERING.finditer(plain)}
    return [at for at in sorted(stray_brackets(plain)) if plain[at] in "[]()" and at not in fine]


@rule("author-form", "warning", "An author cell is cut off, or runs into `et al.`", mends=True, changes_print=True)
def author_form(checked: Checked) -> Iterator[Finding]:
    """`A.et al.`, and initials that have lost their family name."""
    for named in checked.entries:
        entry, lines = named.entry, checked.lines[named.list.path]
        line = lines[entry.line]
        glued = _GLUED.search(seen(line)) if entry.authors else None
        if glued and glued[0] in entry.authors:
            at = lines.start(entry.line) + glued.start()
            message = f"no blank before `{glued[0]}`"
            yield Finding(named.list.path, entry.line, message, glued.start() + 1, (Edit(at, at, " "),))
        head = _ET_AL.sub("", entry.authors)
        if head != entry.authors and read_names(head).et_al and "..." not in head and "…" not in head:
            column = line.find(entry.authors) + 1
            yield Finding(
                named.list.path, entry.line, f"`{entry.authors}` ends in initials without a family name", column
            )


def _tables(checked: Checked) -> Iterator[tuple[ReadingList, Lines, Sequence[TableLine]]]:
    """The lines of each table; those with invisible characters aside, whose cells cannot be placed for certain."""
    for one in checked.lists:
        lines = checked.lines[one.path]
        found: Mapping[int, list[TableLine]] = defaultdict(list)
        for row in one.table_lines:
            if tame(lines[row.line]) == lines[row.line]:
                found[row.table].append(row)
        for table in found.values():
            yield one, lines, table
