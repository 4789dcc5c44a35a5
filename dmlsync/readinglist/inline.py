"""The printed text of a piece of inline Markdown, which still knows where its links and its emphasis stand."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from dmlsync.readinglist.characters import trim

Style = Literal["strong", "em", "code"]

# Longer rows and bullets are no entries. It bounds the work on hostile text.
LONGEST = 20_000

_HREF = re.compile(r"""\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
_TAG = re.compile(r"<\s*(/?)\s*([A-Za-z][A-Za-z0-9]*)")
_TAG_STYLES: dict[str, Style] = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "cite": "em", "code": "code"}
_ADDRESS = re.compile(r"https?://[^\s<>|\"\[\]（）【】，。]+", re.IGNORECASE)
# `[^1]`; inside of brackets and links, too, where it would be part of a label.
_FOOTNOTE_SIGN = re.compile(r"\[\^[^\[\]\s]{1,40}\](?!\()")
_TOKEN_STYLES: dict[str, Style] = {"strong": "strong", "em": "em"}


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link in printed text: where its label stands, its target as written, and what the list calls it.

    A badge, a link whose label is a picture, has its alternative text as `label` and no width. A bare address is its
    own target and has no label.
    """

    start: int
    end: int
    url: str
    label: str = ""

    @property
    def is_web(self) -> bool:
        """Whether the target can be fetched: links of other kinds are none to this tool."""
        return self.url[:8].lower().startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True)
class Emphasis:
    """A stretch of printed text in bold, italics or code."""

    start: int
    end: int
    style: Style


@dataclass(frozen=True, slots=True)
class Printed:
    """Text without mark-up. A hard line break is two newlines, a soft one a single newline."""

    text: str
    anchors: tuple[Anchor, ...] = ()
    emphases: tuple[Emphasis, ...] = ()


class InlineReader:
    """Reads inline Markdown; `references` are the document's link definitions."""

    def __init__(self, references: Mapping[str, Any]) -> None:
        self._env = {"references": dict(references)}
        self._parser = MarkdownIt("commonmark").enable("strikethrough")
        # Addresses stay as the list has them, and those that Markdown would refuse are to be seen, and reported.
        self._parser.validateLink = lambda url: True  # type: ignore[method-assign]
        self._parser.normalizeLink = lambda url: url.replace(" ", "%20")  # type: ignore[method-assign]

    def read(self, markdown: str) -> Printed:
        """The printed text of `markdown`, of which only the first `LONGEST` characters are looked at."""
        tokens = self._parser.parseInline(_FOOTNOTE_SIGN.sub("", markdown[:LONGEST]), self._env)
        printer = _Printer()
        printer.take(tokens[0].children or [])
        return printer.printed()


class _Printer:
    def __init__(self) -> None:
        self._text: list[str] = []
        self._length = 0
        self._anchors: list[Anchor] = []
        self._emphases: list[Emphasis] = []
        self._open_styles: list[tuple[str, int]] = []
        self._open_link: tuple[str, int] | None = None
        self._picture = ""

    def take(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            match token.type:
                case "text" | "text_special":
                    self._put(token.content)
                case "code_inline":
                    self._put_styled(token.content, "code")
                case "softbreak":
                    self._put("\n")
                case "hardbreak":
                    self._put("\n\n")
                case "image":
                    self._picture = self._picture or token.content
                case "link_open":
                    self._start_link(str(token.attrs.get("href", "")))
                case "link_close":
                    self._end_link()
                case "strong_open" | "em_open":
                    self._start_style(_TOKEN_STYLES[token.tag])
                case "strong_close" | "em_close":
                    self._end_style(_TOKEN_STYLES[token.tag])
                case "html_inline":
                    self._take_tag(token.content)

    def printed(self) -> Printed:
        """What was taken, with the bare addresses found in it."""
        self._end_link()
        text = "".join(self._text)
        bare = list(_bare_addresses(text, self._anchors))
        anchors = sorted([*self._anchors, *bare], key=lambda anchor: (anchor.start, anchor.end))
        return Printed(text, tuple(anchors), tuple(self._emphases))

    def _put(self, text: str) -> None:
        self._text.append(text)
        self._length += len(text)

    def _put_styled(self, text: str, style: Style) -> None:
        self._emphases.append(Emphasis(self._length, self._length + len(text), style))
        self._put(text)

    def _start_style(self, style: Style) -> None:
        self._open_styles.append((style, self._length))

    def _end_style(self, style: Style) -> None:
        if self._open_styles and self._open_styles[-1][0] == style:
            self._emphases.append(Emphasis(self._open_styles.pop()[1], self._length, style))

    def _start_link(self, url: str) -> None:
        self._end_link()
        self._open_link = (url.strip(), self._length)
        self._picture = ""

    def _end_link(self) -> None:
        if self._open_link is None:
            return
        url, start = self._open_link
        label = " ".join("".join(self._text)[start:].split()) if start < self._length else self._picture
        # An <auto> link prints its address and has no label.
        self._anchors.append(Anchor(start, self._length, url, "" if label == url else trim(label)))
        self._open_link = None

    def _take_tag(self, tag: str) -> None:
        found = _TAG.match(tag)
        if not found:
            return
        closing, name = bool(found[1]), found[2].lower()
        if name == "br":
            self._put("\n\n")
        elif name == "a":
            target = None if closing else _HREF.search(tag)
            if closing:
                self._end_link()
            elif target:
                self._start_link(html.unescape(target[1] or target[2] or target[3] or ""))
        elif name in _TAG_STYLES:
            (self._end_style if closing else self._start_style)(_TAG_STYLES[name])


def _bare_addresses(text: str, anchors: Sequence[Anchor]) -> list[Anchor]:
    """Addresses that stand in the text itself, outside of every link."""
    found: list[Anchor] = []
    taken = iter([*sorted((anchor.start, anchor.end) for anchor in anchors), (len(text) + 1, len(text) + 1)])
    start, end = next(taken)
    for match in _ADDRESS.finditer(text):
        while end <= match.start():
            start, end = next(taken)
        if match.start() < start:
            url = _less_punctuation(match[0])
            found.append(Anchor(match.start(), match.start() + len(url), url))
    return found


def _less_punctuation(url: str) -> str:
    """An address from running text less the punctuation behind it; a closing bracket with a partner stays."""
    surplus = url.count(")") - url.count("(")
    end = len(url)
    while end and (url[end - 1] in ".,;:!?'*_" or (url[end - 1] == ")" and surplus > 0)):
        surplus -= url[end - 1] == ")"
        end -= 1
    return url[:end]
