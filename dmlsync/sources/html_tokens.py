"""Tags, texts and scripts of an HTML page, in time proportional to its length.

The standard library's parser needs minutes for some pages of a megabyte, and stops with an AssertionError at others, in
the Python versions that this project runs on. What is read here of a page is little; this reader finds it in any page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})")
_ATTRIBUTE = re.compile(
    r"""[\s/]{0,200}([^\s"'<>/=]{1,100})(?:\s{0,20}=\s{0,20}(?:"([^"]{0,9000})"|'([^']{0,9000})'|([^\s"'<>]{0,3000})))?"""
)
_END = re.compile(r"[^<>]{0,200}>")
_RAW = {name: re.compile(rf"</{name}", re.IGNORECASE) for name in ("script", "style", "textarea", "title")}


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag with its attributes, or an end tag; names in lower case."""

    name: str
    closes: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Text:
    """Text with its entities resolved; `inside` names the script or style element that it is the source of."""

    text: str
    inside: str = ""


def tokens(html: str) -> Iterator[Tag | Text]:
    """The tags and texts of a page in their order; comments and declarations are left out."""
    at, length = 0, len(html)
    while at < length:
        start = html.find("<", at)
        start = length if start < 0 else start
        if start > at:
            yield Text(unescape(html[at:start]))
        if start == length:
            return
        if html.startswith(("<!", "<?"), start):
            closing = "-->" if html.startswith("<!--", start) else ">"
            end = html.find(closing, start + 2)
            if end < 0:
                return
            at = end + len(closing)
            continue
        found = _TAG.match(html, start)
        if not found:
            yield Text("<")
            at = start + 1
            continue
        attributes, at = _attributes(html, found.end())
        name = found[2].lower()
        yield Tag(name, bool(found[1]), attributes)
        if name in _RAW and not found[1]:
            end_tag = _RAW[name].search(html, at)
            end = end_tag.start() if end_tag else length
            source = html[at:end]
            yield Text(source, name) if name in ("script", "style") else Text(unescape(source))
            at = end


def _attributes(html: str, at: int) -> tuple[dict[str, str], int]:
    """The attributes of a tag whose name ends at a place, and the place behind the tag."""
    attributes: dict[str, str] = {}
    while len(attributes) < 100 and (found := _ATTRIBUTE.match(html, at)):
        value = next((value for value in found.groups()[1:] if value is not None), "")
        attributes.setdefault(found[1].lower(), unescape(value))
        at = found.end()
    end = _END.match(html, at)
    return attributes, end.end() if end else at
