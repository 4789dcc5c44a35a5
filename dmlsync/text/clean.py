"""Titles and names as registries print them, made into plain text. Pure.

Registries deliver JATS, MathML and HTML mark-up, entities escaped once or twice, layout blanks, look-alike hyphens and
characters that no terminal should be given. What is left here is plain Unicode in composed form; titles keep the few
tags that Zotero shows as rich text (`<i>`, `<b>`, `<sub>`, `<sup>`).
"""

from __future__ import annotations

import html
import re
import unicodedata

LONGEST = 2000
"""A title or name longer than this is none: it comes back as `""`."""

_TAG = re.compile(r"<(/?)(?:[a-zA-Z]{1,10}:)?([a-zA-Z][a-zA-Z0-9-]{0,30})(?:\s[^<>]{0,500})?/?>")
_COMMENT = re.compile(r"<!--[^<>]{0,500}-->|<!\[CDATA\[|\]\]>")
_RICH = {
    "i": "i", "em": "i", "italic": "i", "b": "b", "strong": "b", "bold": "b",
    "sub": "sub", "inf": "sub", "sup": "sup", "sp": "sup",
}  # fmt: skip
_SILENT = frozenset({"script", "style", "tex-math", "annotation", "annotation-xml", "head"})
_OTHER_FORM = re.compile(
    r"<(?:[a-z]{1,10}:)?math[\s>]|\\documentclass", re.IGNORECASE
)  # a formula's second form is there
_BLOCK = frozenset({"br", "p", "title", "div", "break", "li", "hr", "td", "tr"})
_PLAIN_WORDS = """
    a abbr acronym alternatives article-title big body center cite code disp-formula ext-link fn font formula h1 h2 h3
    h4 h5 h6 html img inline-formula inline-graphic jats label list list-item literal math menclose mfenced mfrac mi
    mmultiscripts mn mo mover mpadded mphantom mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr
    munder munderover named-content nobr ol overline pre roman s sans-serif sc scp sec semantics small span strike
    styled-content svg table tbody tt u ul underline uri var xref
"""
_KNOWN = frozenset(_PLAIN_WORDS.split()) | _RICH.keys() | _SILENT | _BLOCK

_HYPHENS = {ord(char): "-" for char in "\u2010\u2011\ufe63\uff0d"}
_INVISIBLE = {
    code: None
    for first, last in (
        (0x00AD, 0x00AD), (0x061C, 0x061C), (0x200B, 0x200B), (0x200E, 0x200F), (0x202A, 0x202E), (0x2060, 0x2064),
        (0x2066, 0x206F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB), (0xE0000, 0xE007F), (0xD800, 0xDFFF), (0xFFFE, 0xFFFF),
    )
    for code in range(first, last + 1)
}  # fmt: skip
_HOMONYM = re.compile(r"\s+\d{4}$")


def clean_title(text: str) -> str:
    """A title as plain text with Zotero's rich-text tags; other mark-up is taken off, its text kept.

    Only tags of HTML, JATS and MathML are mark-up: `<unk>` in a title stays. A formula given twice, in TeX and in
    MathML, is kept once.
    """
    if len(text) > 10 * LONGEST:
        return ""
    text = _COMMENT.sub("", _without_entities(text))
    return clean_text(_balanced(_convert_tags(text)))


def clean_name(text: str) -> str:
    """A person's, journal's or publisher's name as plain text without any tags."""
    if len(text) > 10 * LONGEST:
        return ""
    return clean_text(re.sub(r"</?(?:i|b|sub|sup)>", "", _convert_tags(_without_entities(text))))


def clean_text(text: str) -> str:
    """Text with one blank between words, ASCII hyphens, and no control, direction or invisible characters."""
    text = unicodedata.normalize("NFC", text.translate(_HYPHENS).translate(_INVISIBLE))
    kept = "".join(char if char.isspace() or unicodedata.category(char) != "Cc" else "" for char in text)
    kept = " ".join(kept.split())
    return kept if len(kept) <= LONGEST else ""


def without_full_stop(title: str) -> str:
    """A title of DBLP without the full stop that DBLP adds to each; one of several stops is taken, too."""
    return title[:-1].rstrip() if title.endswith(".") else title


def without_homonym_number(name: str) -> str:
    """A person's name of DBLP without the number that tells namesakes apart (`Wei Wang 0025`)."""
    return _HOMONYM.sub("", name)


def _without_entities(text: str) -> str:
    """Entities resolved, also those that were escaped a second or third time (`&amp;lt;i&amp;gt;`)."""
    for _ in range(3):
        resolved = html.unescape(text)
        if resolved == text:
            break
        text = resolved
    return text


def _convert_tags(text: str) -> str:
    """Rich tags in Zotero's names, silent elements dropped with what is in them, other known tags dropped alone."""
    parts: list[str] = []
    at, silent = 0, ""
    unheard = _SILENT if _OTHER_FORM.search(text) else _SILENT - {"tex-math"}
    for found in _TAG.finditer(text):
        name = found[2].lower()
        if name not in _KNOWN:
            continue
        if not silent:
            parts.append(text[at : found.start()])
        at = found.end()
        if silent:
            silent = "" if found[1] and name == silent else silent
        elif name in unheard:
            silent = "" if found[1] or found[0].endswith("/>") else name
        elif name in _RICH and not found[0].endswith("/>"):
            parts.append(f"<{found[1]}{_RICH[name]}>")
        elif name in _BLOCK:
            parts.append(" ")
    if not silent:
        parts.append(text[at:])
    return "".join(parts)


def _balanced(text: str) -> str:
    """The text without rich tags that are not closed in their order, and without pairs around nothing."""
    if "<" not in text:
        return text
    for _ in range(3):
        text = re.sub(r"<(i|b|sub|sup)>(\s{0,5})</\1>", r"\2", text)
    opened: list[str] = []
    for close, name in re.findall(r"<(/?)(i|b|sub|sup)>", text):
        if not close:
            opened.append(name)
        elif not opened or opened.pop() != name:
            opened.append("wrong")
            break
    return re.sub(r"</?(?:i|b|sub|sup)>", "", text) if opened else text
