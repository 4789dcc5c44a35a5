"""What a paper's web page says about itself, read without trusting its HTML.

Read are the `citation_*` tags that Google Scholar asks sites for, a BibTeX entry printed on the page, the script data
of IEEE Xplore, and the two headings of ECVA, whose pages have none of these.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from dmlsync.sources.html_tokens import Tag, Text, tokens

LONGEST = 1_000_000
"""Characters of a page that are read; what describes a paper stands at its beginning."""

_BIBTEX = re.compile(r"@(?:inproceedings|article|incollection|conference)\s{0,5}\{", re.IGNORECASE)
_NAME = re.compile(r"[\s,]{0,200}([a-zA-Z_]{1,40})\s{0,40}=\s{0,40}")
_IEEE = "xplGlobal.document.metadata="
_HEADINGS = ("papertitle", "authors")
_VOID = frozenset({"area", "base", "br", "col", "dd", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})


@dataclass(slots=True)
class Page:
    """What was found: `tags` by lower-case name, `headings` by id, link targets, BibTeX fields, script data."""

    tags: dict[str, list[str]] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    targets: list[str] = field(default_factory=list)
    bibtex: dict[str, str] = field(default_factory=dict)
    script: Mapping[str, Any] = field(default_factory=dict)

    def tag(self, *names: str) -> str:
        """The first value of the first of these tags that the page has."""
        return next((values[0] for name in names if (values := self.tags.get(name))), "")


def read(html: str) -> Page:
    """What an HTML page says about its paper."""
    page = Page()
    texts: list[str] = []
    scripts: list[str] = []
    headings: dict[str, list[str]] = {}
    heading, depth = "", 0  # the heading that is being read, and how many of its elements are open
    for token in tokens(html[:LONGEST]):
        if isinstance(token, Text):
            if token.inside:
                scripts += [token.text] if token.inside == "script" else []
                continue
            texts.append(token.text)
            if heading:
                headings[heading].append(token.text)
        elif heading:
            depth += 0 if token.name in _VOID else -1 if token.closes else 1
            heading = heading if depth > 0 else ""
        elif token.attributes.get("id") in _HEADINGS and token.attributes["id"] not in headings:
            heading, depth = token.attributes["id"], 1
            headings[heading] = []
        else:
            _note(page, token)
    page.headings = {name: " ".join("".join(parts).split()) for name, parts in headings.items()}
    page.bibtex = bibtex_fields("".join(texts))
    page.script = _script_data("".join(scripts))
    return page


def _note(page: Page, tag: Tag) -> None:
    """Keep what a tag says: a `citation_*` value, or where a link leads."""
    if tag.name == "meta":
        name = (tag.attributes.get("name") or tag.attributes.get("property", "")).lower()
        content = tag.attributes.get("content", "").strip()
        if name.startswith("citation_") and content:
            page.tags.setdefault(name, []).append(content)
    elif tag.name == "a" and tag.attributes.get("href"):
        page.targets.append(tag.attributes["href"])


def bibtex_fields(text: str) -> dict[str, str]:
    """The fields of the only entry in a text, lower-case names, braces off; TeX commands make a value unusable."""
    entries = list(islice(_BIBTEX.finditer(text), 2))
    found = entries[0] if len(entries) == 1 else None
    at = text.find(",", found.end()) if found else -1
    fields: dict[str, str] = {}
    while at >= 0 and len(fields) < 40:
        named = _NAME.match(text, at)
        if not named:
            break
        value, at = _value(text, named.end())
        if value and "\\" not in value and "$" not in value:
            fields.setdefault(named[1].lower(), " ".join(value.replace("{", "").replace("}", "").split()))
    return fields


def _value(text: str, at: int) -> tuple[str, int]:
    """A value in braces, in quotation marks or bare, and the place behind it; -1 where it does not end."""
    opening = text[at : at + 1]
    if opening not in ("{", '"'):
        end = min((place for place in (text.find(mark, at) for mark in ",}\n") if place >= 0), default=-1)
        return (text[at:end].strip(), end) if end >= 0 else ("", -1)
    depth = 0
    for place in range(at, min(len(text), at + 20_000)):
        char = text[place]
        depth += (char == "{") - (char == "}")
        if (opening == "{" and depth == 0) or (opening == '"' and depth == 0 and char == '"' and place > at):
            return text[at + 1 : place], place + 1
    return "", -1


def _script_data(scripts: str) -> Mapping[str, Any]:
    """The object that IEEE Xplore assigns to its metadata."""
    at = scripts.find(_IEEE)
    if at < 0:
        return {}
    try:
        value, _ = json.JSONDecoder().raw_decode(scripts, at + len(_IEEE))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
