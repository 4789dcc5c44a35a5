"""Zotero's rich text: a title as stretches of text and the tags between them."""

from __future__ import annotations

import re
from types import MappingProxyType

from dmlsync.text.latex import to_unicode

_TAG = re.compile(
    r"<(/?)(i|b|sub|sup|sc|span)((?: (?:class=\"nocase\"|style=\"(?:font-variant: ?)?small-caps;?\"))?+)>"
    r"|<(?P<raw>pre|script)>(?P<latex>[^<]*)</(?P=raw)>"
)
_SPANS = MappingProxyType({"nocase": '<span class="nocase">', "caps": '<span style="font-variant:small-caps;">'})
_CLOSING = MappingProxyType({"nocase": ("span",), "caps": ("span", "sc")})

RAW_MARK = re.compile(r"</(?:pre|script)>")
"""What a text has that holds LaTeX to be taken raw."""

Segment = tuple[str, str]
"""Text and `""`, nothing and a tag (`i`, `/i`, `nocase`, `caps` ...), or LaTeX to be taken raw and `raw`."""


def segments_of(title: str, *, raw: bool = False) -> list[Segment]:
    """The title as text (`text`, "") and tags ("", `i` or `/i`); a tag without its partner is text.

    With `raw`, LaTeX that is marked to be taken raw is a segment (`LaTeX`, "raw").
    """
    found, open_tags, done = list[Segment](), list[tuple[str, int]](), 0
    for match in _TAG.finditer(title):
        if match["raw"]:
            if raw:
                found += [(title[done : match.start()], ""), (match["latex"], "raw")]
                done = match.end()
            continue
        name = _tag_name(match)
        innermost = open_tags[-1][0] if open_tags else ""
        closed = _CLOSING.get(innermost, (innermost,)) if innermost else ()
        if name not in closed if match[1] else name == "span":
            continue
        found.append((title[done : match.start()], ""))
        done = match.end()
        if match[1]:
            open_tags.pop()
            found.append(("", f"/{innermost}"))
        else:
            open_tags.append((name, len(found)))
            found.append(("", name))
    found.append((title[done:], ""))
    for tag, place in open_tags:
        found[place] = (tag_text(tag), "")
    return [segment for segment in found if segment != ("", "")]


def _tag_name(match: re.Match[str]) -> str:
    """The tag's name; `nocase` and `caps` for the two spans that mean something, `span` for what is no tag of ours."""
    if match[2] == "sc" and not match[3]:
        return "sc" if match[1] else "caps"
    if match[2] != "span" or match[1]:
        return "span" if match[3] else match[2]
    return "nocase" if "nocase" in match[3] else "caps" if match[3] else "span"


def tag_text(tag: str) -> str:
    """A tag as it stands in a title."""
    closing = tag.startswith("/")
    name = tag.removeprefix("/")
    if name in _SPANS:
        return "</span>" if closing else _SPANS[name]
    return f"</{name}>" if closing else f"<{name}>"


def printed_text(text: str, tag: str) -> str:
    """What of a segment is text of the title."""
    return to_unicode(text) if tag == "raw" else text


def without_raw(text: str) -> str:
    """Without the tags by which members mark LaTeX that is to be taken raw; what stands between them is its text."""
    if RAW_MARK.search(text) is None:
        return text
    return _TAG.sub(lambda match: to_unicode(match["latex"]) if match["raw"] else match[0], text)
