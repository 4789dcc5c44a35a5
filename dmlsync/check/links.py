"""Links that lead nowhere, and links to a PDF behind which there is none.

Judging is pure and apart from fetching. A site that will not show a page to a program (403, 429, a test for robots) has
said nothing about the page: such a link could not be checked, which is not to say that it is dead.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from dmlsync.check.problem import Problem, in_order
from dmlsync.check.rule import Checked, Finding, rule
from dmlsync.readinglist import ReadingList
from dmlsync.sources.peek import Peek
from dmlsync.sources.together import together
from dmlsync.text.links import pdf_url

Kind = Literal["pdf", "page"]
Name = Literal["dead-link", "not-a-pdf", "link-unchecked"]

_DEAD = frozenset({400, 404, 410, 414})
_MOST_AT_ONCE = 8  # sites that are asked side by side
_WALLS = (b"just a moment", b"captcha", b"cf-chl", b"enable javascript", b"are you a robot", b"access denied", b"ddos")
_LOGINS = (b"sign in", b"signin", b"log in", b"login", b"password")


@rule("dead-link", "error", "A page is not there (with --links)")
def dead_link(checked: Checked) -> Iterator[Finding]:
    """Told by `check_links`, which looks behind the links: nothing here."""
    return iter(())


@rule("not-a-pdf", "error", "A web page stands where a PDF should be (with --links)")
def not_a_pdf(checked: Checked) -> Iterator[Finding]:
    """Told by `check_links`."""
    return iter(())


@rule("link-unchecked", "info", "A site will not answer a program (with --links)")
def link_unchecked(checked: Checked) -> Iterator[Finding]:
    """Told by `check_links`."""
    return iter(())


RULES = (dead_link, not_a_pdf, link_unchecked)
"""The rules that look behind links."""

_SEVERITY = {one.id: one.severity for one in RULES}


@dataclass(frozen=True, slots=True)
class CheckedLink:
    """A link with the place in a list that it belongs to, and what should be behind it."""

    file: Path
    line: int
    url: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a link: the rule that says so, and what the message says after the address."""

    rule: Name
    reason: str


def links_of(lists: Iterable[ReadingList], pdfs: Callable[[str, int], str]) -> Iterator[CheckedLink]:
    """Every link of the lists, and the PDF of the work that an entry names, at the entry's line.

    `pdfs` tells that PDF by the list's name and the entry's line, `""` where there is none.
    """
    for one in lists:
        for entry in one.entries:
            found: dict[str, Kind] = {link.url: kind_behind(link.kind, link.url) for link in entry.links}
            if pdf := pdfs(one.name, entry.line):
                found[pdf] = "pdf"
            yield from (CheckedLink(one.path, entry.line, url, kind) for url, kind in found.items())


def kind_behind(kind: str, url: str) -> Kind:
    """Whether a PDF should be behind a link: a paper's page, from which the PDF is known, need not be one itself."""
    if kind != "pdf":
        return "page"
    pdf = pdf_url(url)
    return "pdf" if not pdf or pdf == url or "pdf" in url.lower() else "page"


def judge_answer(kind: Kind, status: int, content_type: str, first_bytes: bytes, final_url: str) -> Fault | None:
    """What an answer says of a link; None where all is well.

    `first_bytes` are those of the body, `content_type` without parameters, `final_url` where the redirects ended.
    """
    if status in _DEAD:
        return Fault("dead-link", f"answers {status}")
    if not 200 <= status < 300:
        return Fault("link-unchecked", f"could not be checked: it answers {status}")
    if kind == "page" or b"%PDF-" in first_bytes:  # viewers take a few bytes before the mark
        return None
    text = first_bytes.lower()
    if any(sign in text for sign in _WALLS):
        return Fault("link-unchecked", "could not be checked: the site wants to know whether a person asks")
    if content_type in ("text/html", "application/xhtml+xml") or text.lstrip().startswith(
        (b"<!doctype html", b"<html")
    ):
        page = "a page to log in" if any(sign in text for sign in _LOGINS) else "a web page"
        return Fault("not-a-pdf", f"is {page} instead of a PDF ({final_url})")
    if not first_bytes:
        return Fault("not-a-pdf", "is empty instead of a PDF")
    return Fault("not-a-pdf", f"is no PDF, but {content_type or 'something without a type'}")


def judge(kind: Kind, peek: Peek) -> Fault | None:
    """What a look behind a link says of it; None where all is well."""
    if not peek.status:
        return Fault("link-unchecked", peek.problem)
    return judge_answer(kind, peek.status, peek.content_type, peek.first, peek.url)


def check_links(
    links: Sequence[CheckedLink],
    look: Callable[[str], Peek],
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Problem, ...]:
    """The problems of links, by file and line; every address is looked at once, sites side by side.

    `look` is called from several threads, `tell` with the addresses looked at and all of them, one call at a time.
    """
    urls = dict.fromkeys(link.url for link in links)
    peeks = _looked_at(list(urls), look, tell)
    faults = ((link, judge(link.kind, peeks[link.url])) for link in links if link.url in peeks)
    return in_order(
        Problem(fault.rule, _SEVERITY[fault.rule], link.file, link.line, f"{link.url} {fault.reason}")
        for link, fault in faults
        if fault
    )


def _looked_at(
    urls: Sequence[str], look: Callable[[str], Peek], tell: Callable[[int, int], None]
) -> Mapping[str, Peek]:
    """A look behind each address; those of one site one after the other."""
    sites: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        sites[_site(url)].append(url)
    waiting = sorted(sites.values(), key=len)  # the longest is taken first
    peeks: dict[str, Peek] = {}
    guard, stopped = threading.Lock(), threading.Event()

    def work() -> None:
        while not stopped.is_set():
            with guard:
                if not waiting:
                    return
                site = waiting.pop()
            for url in site:
                if stopped.is_set():
                    return
                peek = look(url)
                with guard:
                    peeks[url] = peek
                    tell(len(peeks), len(urls))

    together([work] * min(_MOST_AT_ONCE, len(sites)), stopped.set)
    return peeks


def _site(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""
