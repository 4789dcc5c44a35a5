"""The block structure of a Markdown text, with the file's own line numbers.

CommonMark decides what is a heading, a paragraph, a list item, code or HTML. Tables are *not* recognised here: GFM
sees no table at all when header and delimiter row differ in length, which real lists do, so that
`dmlsync.readinglist.tables` finds the rows in the paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from dmlsync.readinglist.characters import tame

# Each nested list takes two levels; deeper ones are left out by the parser, which recurses.
_NESTING = 100
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_FRONT_MATTER_TITLE = re.compile(r"^title:[ \t]*(\S.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 6 with its Markdown text."""

    line: int
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of text without a blank one between them, less quotation marks and indentation; `line` is the first's."""

    line: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Raw:
    """Lines that Markdown passes through or hides: an HTML block, front matter."""

    line: int
    lines: tuple[str, ...]
    is_html: bool


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list: its lines, trailing blank ones excluded, and the blocks in it."""

    line: int
    last_line: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A bulleted or numbered list."""

    items: tuple[Item, ...]


Block = Heading | Paragraph | Raw | Item | Bullets


@dataclass(frozen=True, slots=True)
class Document:
    """The blocks of a text; `lines` are its tamed lines, `references` the targets of `[label]: url` definitions."""

    lines: tuple[str, ...]
    blocks: tuple[Block, ...]
    title: str = ""
    references: Mapping[str, Any] = field(default_factory=dict)


def split_lines(text: str) -> list[str]:
    """The lines of `text` with their endings, as this room counts them: CRLF, LF and a lone CR end a line."""
    return _LINE.findall(text)


def read_document(text: str) -> Document:
    """The block structure of a Markdown text; pure, and linear in its length."""
    text = tame(text)
    lines = tuple(line.rstrip("\r\n") for line in split_lines(text))
    parser = MarkdownIt("commonmark", {"maxNesting": _NESTING}).use(front_matter_plugin)
    parser.disable(["inline", "text_join"])
    env: dict[str, Any] = {}
    # Only "\n" inside: one line for the parser is one line here.
    tokens = parser.parse("\n".join(lines), env) if lines else []
    front_matter = next((token.content for token in tokens if token.type == "front_matter"), "")
    found = _FRONT_MATTER_TITLE.search(front_matter)
    return Document(
        lines=lines,
        blocks=_Builder(tokens, lines).blocks(),
        title=found[1].strip().strip("\"'") if found else "",
        references=env.get("references", {}),
    )


class _Builder:
    """Turns the flat stream of block tokens into nested blocks."""

    def __init__(self, tokens: Sequence[Token], lines: Sequence[str]) -> None:
        self._tokens = tokens
        self._lines = lines
        self._at = 0

    def blocks(self, closing: str = "") -> tuple[Block, ...]:
        """The blocks from here up to the token `closing`, which is passed over."""
        found: list[Block] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if token.type == closing:
                break
            found.extend(self._block(token))
        return tuple(found)

    def _block(self, token: Token) -> tuple[Block, ...]:
        first, after = token.map or (0, 0)
        match token.type:
            case "blockquote_open":
                return self.blocks("blockquote_close")
            case "bullet_list_open" | "ordered_list_open":
                close = token.type.replace("open", "close")
                items = self.blocks(close)
                return (Bullets(tuple(item for item in items if isinstance(item, Item))),)
            case "list_item_open":
                return (Item(first + 1, self._last_line(first, after), self.blocks("list_item_close")),)
            case "heading_open" | "paragraph_open":
                content = self._tokens[self._at].content
                self._at += 2
                return (self._text_block(token, first + 1, content),)
            case "html_block" | "front_matter":
                return (Raw(first + 1, tuple(self._lines[first:after]), token.type == "html_block"),)
        return ()

    @staticmethod
    def _text_block(token: Token, line: int, content: str) -> Block:
        """A heading or a paragraph; a table that ends in a rule reads as a heading of many lines, and is none."""
        lines = tuple(content.split("\n"))
        if token.type == "heading_open" and (len(lines) == 1 or not any("|" in text for text in lines)):
            return Heading(line, int(token.tag[1:]), " ".join(lines))
        return Paragraph(line, lines)

    def _last_line(self, first: int, after: int) -> int:
        after = min(after, len(self._lines))
        while after > first + 1 and not self._lines[after - 1].strip():
            after -= 1
        return after
