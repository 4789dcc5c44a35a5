"""A paper that is to become an entry, and its words made fit for Markdown.

Everything here may come from a registry or a web page: line breaks and control characters go, and what Markdown would
take for mark-up can be escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dmlsync.model import Creator
from dmlsync.readinglist.characters import less_full_stop, squeeze, tame, trim

Part = Literal["title", "authors", "venue", "year", "short year", "pdf", "paper", "code", "other"]
"""What an entry prints: the year with four digits or with two, and the addresses of its links."""

_LONGEST = 1000
_MARKUP = re.compile(r"[\\`*_\[\]<>|~]|&(?=#?[A-Za-z0-9]{1,32};)")
_LIGHT_MARKUP = re.compile(r"[\\`*\[\]<>]|(?<![^\W_])_|_(?![^\W_])|&(?=#?[A-Za-z0-9]{1,32};)")
_BLOCK_START = re.compile(r"^(?:[#+\-=]|\d{1,9}(?=[.)]))")
_BEHIND_NUMBER = re.compile(r"^(\d{1,9})([.)])")
_ADDRESS = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_NOT_IN_ADDRESS = re.compile(r"[\s\\<>|\"'`^{}\[\]]|[^\x21-\U0010ffff]")


def plain(text: str) -> str:
    """Text on one line, without control and invisible characters, cut off where it is longer than any real one."""
    return squeeze(tame(text[:_LONGEST]))


def address(url: str) -> str:
    """A web address that can stand in a Markdown link, `""` for anything else."""
    url = plain(url)
    if not _ADDRESS.fullmatch(url):
        return ""
    url = _NOT_IN_ADDRESS.sub(lambda sign: "".join(f"%{byte:02X}" for byte in sign[0].encode()), url)
    depth = 0
    for sign in url:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            break
    return url if depth == 0 else url.replace("(", "%28").replace(")", "%29")


def lightly_escaped(text: str) -> str:
    """Text in which the mark-up that Markdown sees most often is escaped; often enough, and easier to read."""
    return _LIGHT_MARKUP.sub(r"\\\g<0>", text)


def escaped(text: str) -> str:
    """Text in which Markdown sees no mark-up, wherever in a bullet or a cell it stands."""
    text = _MARKUP.sub(r"\\\g<0>", text)
    return _BEHIND_NUMBER.sub(r"\1\\\2", text) if text[:1].isdigit() else _BLOCK_START.sub(r"\\\g<0>", text)


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What is known of a paper that a list is to name; `""` and None where nothing is.

    `venue` is as the list would call it. `pdf` is the address of a PDF, `paper` that of a page about the paper, `code`
    that of its code.
    """

    title: str
    authors: tuple[Creator, ...] = ()
    year: int | None = None
    venue: str = ""
    pdf: str = ""
    paper: str = ""
    code: str = ""

    @property
    def printed_title(self) -> str:
        """The title as it is read back from a list."""
        return less_full_stop(trim(plain(self.title)))

    def values(self, authors: str) -> Mapping[Part, str]:
        """The text of each part, not yet escaped; a link to a PDF stands in for one to the page, and the reverse."""
        pdf, paper, code = (address(url) for url in (self.pdf, self.paper, self.code))
        return {
            "title": plain(self.title),
            "authors": plain(authors),
            "venue": plain(self.venue),
            "year": str(self.year or ""),
            "short year": str(self.year)[-2:] if self.year else "",
            "pdf": pdf or paper,
            "paper": paper or pdf,
            "code": code,
            "other": "",
        }
