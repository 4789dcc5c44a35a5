"""The HTML of notes: what is kept of it and what a note is called.

Notes come from strangers and end in other people's programs, so scripts, styles, event handlers and addresses of
active schemes are taken out. What is well-formed and harmless comes back as it was sent, and what came back once comes
back the same again.
"""

from __future__ import annotations

import html
import re

DEEPEST = 200
"""How many elements may be within one another; deeper ones lose their tags."""

_TAG_NAMES = (
    "a b blockquote br code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i img li ol p pre s span strike strong sub sup"
    " table tbody td tfoot th thead tr u ul"
)
_TAGS = frozenset(_TAG_NAMES.split())
_EMPTY = frozenset({"br", "hr", "img"})
_SILENT = frozenset({"script", "style", "iframe", "object", "embed", "template", "noscript", "title"})
"""Elements that go with all that is in them."""

_ATTRIBUTE_NAMES = (
    "href src title alt class rel target width height colspan rowspan start"
    " data-annotation data-attachment-key data-citation data-citation-items data-schema-version"
)
_ATTRIBUTES = frozenset(_ATTRIBUTE_NAMES.split())
_TAG = re.compile(r"""<(/?)([A-Za-z][A-Za-z0-9]*)((?:[^<>"']|"[^"<>]*"|'[^'<>]*')*+)>""")
_ATTRIBUTE = re.compile(r"""([A-Za-z][-A-Za-z0-9]*)\s*+(?:=\s*+("[^"]*"|'[^']*'|[^\s"']++))?""")
_BLOCK = re.compile(r"<(?:blockquote|div|dl|h[1-6]|hr|ol|p|pre|table|ul)\b")
_BARE_AMPERSAND = re.compile(r"&(?!(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)")
_ACTIVE_SCHEME = re.compile(r"(?!https?:|mailto:|zotero:|data:image/(?:png|jpe?g|gif|webp)[;,])[^/?#]*:", re.IGNORECASE)


def sanitized(note: str) -> str:
    """A note without anything active; text without a block element around it becomes a paragraph."""
    text = _BARE_AMPERSAND.sub("&amp;", note)
    out: list[str] = []
    unclosed: list[str] = []
    at = 0
    while at < len(text):
        start = text.find("<", at)
        out.append(text[at : start if start >= 0 else None].replace(">", "&gt;"))
        if start < 0:
            break
        tag = _TAG.match(text, start)
        if text.startswith("<!--", start):
            at = _after(text, "-->", start)
        elif tag is None:
            out.append("&lt;")
            at = start + 1
        elif tag[2].lower() in _SILENT:
            at = tag.end() if tag[1] else _after_element(text, tag[2], tag.end())
        else:
            out.append(_tag(tag, unclosed))
            at = tag.end()
    out.extend(f"</{name}>" for name in reversed(unclosed))
    cleaned = "".join(out).strip()
    return cleaned if not cleaned or _BLOCK.match(cleaned) else f"<p>{cleaned}</p>"


def _after(text: str, end: str, start: int) -> int:
    """The place after the next `end`; what never ends goes on to the end of the text."""
    found = text.find(end, start)
    return len(text) if found < 0 else found + len(end)


def _after_element(text: str, name: str, start: int) -> int:
    closing = re.compile(f"</{name}", re.IGNORECASE).search(text, start)
    return _after(text, ">", closing.start()) if closing else len(text)


def _tag(tag: re.Match[str], unclosed: list[str]) -> str:
    """A tag as it is kept, `""` for one that is not; an end tag closes what is still open within its element."""
    name = tag[2].lower()
    if name not in _TAGS or (name not in unclosed if tag[1] else len(unclosed) >= DEEPEST):
        return ""
    if tag[1]:
        closed = [unclosed.pop()]
        while closed[-1] != name:
            closed.append(unclosed.pop())
        return "".join(f"</{last}>" for last in closed)
    kept: dict[str, str] = {}
    for attribute in _ATTRIBUTE.finditer(tag[3]):
        value = html.unescape((attribute[2] or "").strip("\"'"))
        if _is_harmless(attribute[1].lower(), value):
            kept.setdefault(attribute[1].lower(), value)
    if name not in _EMPTY:
        unclosed.append(name)
    attributes = "".join(f' {key}="{html.escape(value)}"' for key, value in kept.items())
    return f"<{name}{attributes}{' /' if name in _EMPTY else ''}>"


def _is_harmless(name: str, value: str) -> bool:
    if name in ("href", "src"):
        # Programs that show HTML pass over white space and control characters in an address.
        return _ACTIVE_SCHEME.match(re.sub(r"[\x00-\x20]+", "", value)) is None
    return name in _ATTRIBUTES


def title_of(note: str) -> str:
    """The text of a note's first line, at most 120 characters."""
    line = re.split(r"</(?:p|div|h[1-6]|li)>|<br", note, maxsplit=1)[0]
    return html.unescape(re.sub(r"<[^<>]*>", "", line)).strip()[:120]
