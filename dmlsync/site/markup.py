"""Text that strangers wrote, made harmless: HTML, links, JSON inside a page, and the policy that seals it. Pure.

Titles come from lists, registries and Zotero. Whatever they hold, the page must not run it, load it or let it escape
from its place.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

_RICH_TAG = re.compile(r"</?(?:i|b|sub|sup)>")
_RICH = re.compile(r"&lt;(/?)(i|b|sub|sup)&gt;")
_TAG = r"<\1\2>"
_ESCAPED_IN_JSON = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def plain(text: str) -> str:
    """Text without characters that HTML forbids: controls go, lone surrogates become U+FFFD, blanks stay blanks."""
    if text.isprintable():
        return text
    return "".join(map(_allowed, text))


def _allowed(sign: str) -> str:
    if sign.isspace():
        return " " if sign != "\n" else sign
    category = unicodedata.category(sign)
    return "" if category == "Cc" else "\ufffd" if category == "Cs" else sign


def escaped(text: str) -> str:
    """Text for an element or a quoted attribute."""
    return html.escape(plain(text))


def isolated(text: str) -> str:
    """Text as an element of its own, whose writing direction cannot reach what stands beside it."""
    return f"<bdi>{escaped(text)}</bdi>"


def rich(text: str) -> str:
    """A title with Zotero's tags for italics, bold, sub- and superscript, if they are closed in their order."""
    inert = escaped(text)
    opened: list[str] = []
    for close, name in _RICH.findall(inert):
        if not close:
            opened.append(name)
        elif not opened or opened.pop() != name:
            return f"<bdi>{inert}</bdi>"
    return f"<bdi>{inert}</bdi>" if opened else f"<bdi>{_RICH.sub(_TAG, inert)}</bdi>"


def bare(text: str) -> str:
    """Text without these tags, for places that hold no elements."""
    return _RICH_TAG.sub("", text)


def web_address(url: str) -> str:
    """The address where it is one of the web, which a link may lead to; `""` for anything else."""
    text = url.strip()
    if any(sign.isspace() or not sign.isprintable() for sign in text):
        return ""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return ""
    return text if parts.scheme.lower() in ("http", "https") and host and "@" not in parts.netloc else ""


def json_for_script(value: Any) -> str:
    """JSON that may stand in a script element: nothing in it can end the element or open a comment."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED_IN_JSON)


def policy(styles: Iterable[str], scripts: Iterable[str]) -> str:
    """The page's Content-Security-Policy: these very styles and scripts, and nothing from anywhere else."""
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src {' '.join(map(_hash, styles))}",
            f"script-src {' '.join(map(_hash, scripts))}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
