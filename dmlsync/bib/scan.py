"""Splitting the text of a .bib file into blocks, without losing a character.

The grammar is that of BibTeX (braces are counted whether or not a backslash stands before them), with the liberties
that biber takes: a `%` outside values starts a comment, `@comment{...}` is one block. The joined texts of the blocks
are the text of the file, whatever it holds. Time is linear in the length of the text: patterns are possessive, and
deeper nesting is answered from a table of matching braces that is made at most once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

BlockKind = Literal["text", "entry", "broken", "string", "preamble", "comment"]

_NAME = r"[^\s\"#%'(),={}@\\]++"
_BRACED = r"\{[^{}]*+(?:\{[^{}]*+\}[^{}]*+)*+\}"
_QUOTED = r"\"[^\"{}]*+(?:\{[^{}]*+\}[^\"{}]*+)*+\""
_BARE = r"[^\s\"#%'(),={}]++"
_HEAD = re.compile(rf"@\s*+({_NAME})\s*+(?=[{{(])")
_COMMENT = re.compile(r"@\s*+comment\b", re.IGNORECASE)
_LINE_HEAD = re.compile(rf"^[ \t]*+@\s*+{_NAME}\s*+[{{(]", re.MULTILINE)
_KEY = re.compile(r"\s*+([^,=\"{}\s]*+(?:[ \t]++[^,=\"{}\s]++)*+)\s*+(?:,|(?=[})]))")
_FIELD = re.compile(rf"\s*+({_NAME})\s*+=\s*+({_BRACED}|{_QUOTED}|{_BARE})\s*+(?:,\s*+|(?=[}})]))")
_FIELD_HEAD = re.compile(rf"({_NAME})\s*+=\s*+")
_SIMPLE_VALUE = re.compile(rf"{_BRACED}|{_QUOTED}|{_BARE}")
_BLANK = re.compile(r"(?:\s++|%[^\n]*+)*+")
_QUOTE_OR_BRACE = re.compile(r"[\"{}]")
_BRACE = re.compile(r"[{}]")


class RawField(NamedTuple):
    """One field of an entry, as it stands in the file.

    `name` is in lower case, `value` raw: with its braces or quotes, macros and `#` as they are. `start` is where the
    name begins, `value_start` and `end` bound the value; all three count from the start of the entry.
    """

    name: str
    value: str
    start: int
    value_start: int
    end: int


@dataclass(slots=True, eq=False, frozen=True)
class Block:
    """A stretch of the file: an entry, a @string, @preamble or @comment, or the text between them.

    A `broken` block is an entry that cannot be understood; `message` says why, `key` is its key if that much could be
    read. Of a `string` block, `key` is the macro's name in lower case and `fields` its one definition. `item_type` is
    in lower case; `complaint` is what is odd about an entry that can be understood all the same.
    """

    kind: BlockKind
    text: str
    item_type: str = ""
    key: str = ""
    fields: tuple[RawField, ...] = ()
    message: str = ""
    complaint: str = ""


class _BrokenError(Exception):
    """The text from `position` on is not what an entry goes on with."""

    def __init__(self, message: str, position: int, *, unclosed: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.unclosed = unclosed


def split(text: str) -> list[Block]:
    """The blocks of a .bib text, in order; their texts join to `text`."""
    return _Splitter(text).blocks()


class _Splitter:
    """One pass over one text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def blocks(self) -> list[Block]:
        """See `split`."""
        text, found, done, position = self.text, list[Block](), 0, 0
        in_comment = False
        while (at := text.find("@", position)) >= 0:
            line = text.rfind("\n", position, at)
            in_comment = (in_comment and line < 0) or text.find("%", max(line, position), at) >= 0
            block = None if in_comment else self._block(at)
            position = at + 1
            if block is None:
                continue
            if at > done:
                found.append(Block("text", text[done:at]))
            found.append(block)
            done = position = at + len(block.text)
        if done < len(text):
            found.append(Block("text", text[done:]))
        return found

    def _block(self, at: int) -> Block | None:
        """The block that starts with the `@` at `at`; None if this `@` is only a character of the text."""
        if comment := _COMMENT.match(self.text, at):
            return Block("comment", self.text[at : self._comment_end(comment.end())])
        head = _HEAD.match(self.text, at)
        if head is None:
            return None
        item_type = head[1].lower()
        inside = head.end() + 1
        closing = "}" if self.text[head.end()] == "{" else ")"
        key = ""
        try:
            if item_type == "preamble":
                end = self._closed(self._value_end(self._skip(inside)), closing)
                return Block("preamble", self.text[at:end], item_type)
            if item_type == "string":
                fields, end, _ = self._fields(at, inside, closing)
                name = fields[0].name if fields else ""
                return Block("string", self.text[at:end], item_type, name, tuple(fields))
            key, inside = self._key(inside)
            fields, end, complaint = self._fields(at, inside, closing)
            return Block("entry", self.text[at:end], item_type, key, tuple(fields), "", complaint)
        except _BrokenError as error:
            return Block("broken", self.text[at : self._recover(at, error)], item_type, key, (), error.message)

    def _comment_end(self, position: int) -> int:
        """Where a comment ends: with its closing brace, or with its line if it has none."""
        opening = self._skip_space(position)
        if self.text.startswith("{", opening):
            close = self._close_of(opening)
            if close is not None:
                return close + 1
        line_end = self.text.find("\n", position)
        return line_end if line_end >= 0 else len(self.text)

    def _recover(self, at: int, error: _BrokenError) -> int:
        """Where a broken entry ends: before the next line that starts an entry."""
        if not error.unclosed and _HEAD.match(self.text, error.position):
            return error.position
        reached = at if error.unclosed else error.position
        line = max(self.text.rfind("\n", at, reached), at) + 1
        following = _LINE_HEAD.search(self.text, line)
        return following.start() if following else len(self.text)

    def _key(self, position: int) -> tuple[str, int]:
        match = _KEY.match(self.text, position)
        if match:
            return match[1], match.end()
        start = self._skip(position)
        if _FIELD_HEAD.match(self.text, start):
            return "", start
        raise _BrokenError("no key and comma after the opening brace", position)

    def _fields(self, base: int, position: int, closing: str) -> tuple[list[RawField], int, str]:
        """The fields from `position` on, where the entry ends, and what is odd about it."""
        text, fields, complaint = self.text, list[RawField](), ""
        match_field = _FIELD.match
        while True:
            while match := match_field(text, position):
                start = match.start(1)
                value_start, end = match.span(2)
                fields.append(RawField(match[1].lower(), match[2], start - base, value_start - base, end - base))
                position = match.end()
            position = self._skip(position)
            if text.startswith(closing, position):
                return fields, position + 1, complaint
            if text.startswith(",", position):
                complaint = complaint or "a comma too many"
                position += 1
                continue
            if position >= len(text):
                raise _BrokenError("no closing brace", position)
            head = _FIELD_HEAD.match(text, position)
            if head is None:
                raise _BrokenError(f"a field was expected at `{text[position : position + 20].strip()}`", position)
            end = self._value_end(head.end())
            value = text[head.end() : end]
            fields.append(RawField(head[1].lower(), value, position - base, head.end() - base, end - base))
            position = self._skip(end)
            if text.startswith(",", position):
                position += 1
            elif not text.startswith(closing, position) and _FIELD_HEAD.match(text, position):
                complaint = complaint or f"no comma after the field `{head[1]}`"

    def _value_end(self, position: int) -> int:
        """Where the value that starts at `position` ends: pieces joined by `#`."""
        while True:
            end = self._piece_end(position)
            following = self._skip(end)
            if not self.text.startswith("#", following):
                return end
            position = self._skip(following + 1)

    def _piece_end(self, position: int) -> int:
        if match := _SIMPLE_VALUE.match(self.text, position):
            return match.end()
        if self.text.startswith("{", position):
            close = self._close_of(position)
            if close is None:
                raise _BrokenError("a value's opening brace is never closed", position, unclosed=True)
            return close + 1
        if self.text.startswith('"', position):
            return self._quote_end(position)
        raise _BrokenError("a value is missing", position)

    def _quote_end(self, position: int) -> int:
        at = position + 1
        while match := _QUOTE_OR_BRACE.search(self.text, at):
            if match[0] == '"':
                return match.end()
            close = self._close_of(match.start()) if match[0] == "{" else None
            if close is None:
                break
            at = close + 1
        raise _BrokenError("a value's opening quote is never closed", position, unclosed=True)

    def _closed(self, position: int, closing: str) -> int:
        position = self._skip(position)
        if not self.text.startswith(closing, position):
            raise _BrokenError("no closing brace", position)
        return position + 1

    def _skip(self, position: int) -> int:
        """Past white space and comments."""
        match = _BLANK.match(self.text, position)
        return match.end() if match else position

    def _skip_space(self, position: int) -> int:
        while position < len(self.text) and self.text[position].isspace():
            position += 1
        return position

    def _close_of(self, opening: int) -> int | None:
        return self._closing_braces.get(opening)

    @cached_property
    def _closing_braces(self) -> dict[int, int]:
        """For each opening brace of the text that is ever closed, the brace that closes it."""
        closing, open_braces = dict[int, int](), list[int]()
        for match in _BRACE.finditer(self.text):
            if match[0] == "{":
                open_braces.append(match.start())
            elif open_braces:
                closing[open_braces.pop()] = match.start()
        return closing
