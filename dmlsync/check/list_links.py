"""Links of a list, as far as their addresses tell: where they lead, and how they are written. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from dmlsync.check.links import kind_behind
from dmlsync.check.rule import Checked, Finding, Named, rule
from dmlsync.model import Link
from dmlsync.sync.lock import WorkState
from dmlsync.text.edits import Edit
from dmlsync.text.identifiers import arxiv_in, doi_in, is_known_site, is_preprint_doi, landing_page
from dmlsync.text.links import pdf_url
from dmlsync.text.sites import SERVE_HTTPS
from dmlsync.text.titles import fold

_PAPERS = ("pdf", "paper")
_SERVE_HTTPS = SERVE_HTTPS | {"arxiv.org", "www.arxiv.org", "doi.org", "dx.doi.org"}
_ARXIV_SOURCE = "arxiv"
_LONGEST_SHOWN = 60
_A_PAIR = 2
_TEXT_FRAGMENT = re.compile(r"#:~:text=.*$|(?<=.)(?:%23|#):~:text=.*$")
_DOUBLE_SLASH = re.compile(r"(?<=[^:/])/{2,}(?=[^/])")
_TRACKING = re.compile(r"(?:(?<=\?)|&)(?:utm_[a-z]+|fbclid|gclid)=[^&#]*")


@rule("wrong-link", "warning", "A link leads to another paper")
def wrong_link(checked: Checked) -> Iterator[Finding]:
    """Links whose address names another work, or an arXiv paper that no source takes for the entry's."""
    owners = _owners(checked)
    for named in checked.entries:
        if not named.citation_key:
            continue
        for link in (link for link in named.entry.links if link.kind in _PAPERS):
            if message := _complaint(checked, named.citation_key, link.url, owners):
                yield _found(checked, named, link, message)


def _owners(checked: Checked) -> Mapping[str, set[str]]:
    """The works by everything that names them."""
    found: Mapping[str, set[str]] = defaultdict(set)
    for key in {*checked.records, *checked.works}:
        for name in checked.identifiers(key).names:
            found[name].add(key)
    return found


def _complaint(checked: Checked, key: str, url: str, owners: Mapping[str, set[str]]) -> str:
    """What is wrong with the place where a link of a work leads, `""` where nothing is known against it."""
    ours = checked.identifiers(key)
    arxiv, doi = arxiv_in(url), doi_in(url).casefold()
    page = landing_page(url) if is_known_site(url) and not arxiv else ""
    names = [f"arxiv:{arxiv}"] * bool(arxiv) + [f"doi:{doi}"] * bool(doi) + [f"page:{page.casefold()}"] * bool(page)
    for name in names:
        others = owners.get(name, set())
        if others and key not in others:
            return f"the link leads to {min(others)}, not to {key}"
    if arxiv and ours.arxiv and arxiv != ours.arxiv:
        return f"the link leads to arXiv:{arxiv}, the work is arXiv:{ours.arxiv} ({key})"
    if arxiv and not ours.arxiv and _was_looked_for(checked, key):
        return f"the link leads to arXiv:{arxiv}, which is not known as a version of this work ({key})"
    if doi and ours.doi and doi != ours.doi and not is_preprint_doi(doi) and not is_preprint_doi(ours.doi):
        return f"the link leads to doi:{doi}, the work is doi:{ours.doi} ({key})"
    return ""


def _was_looked_for(checked: Checked, key: str) -> bool:
    """Whether sources were asked for a work, arXiv's among them, and all of them answered."""
    state = checked.works.get(key, WorkState())
    if not state.origins or state.incomplete or state.is_minimal or not state.identifiers:
        return False
    return any(_ARXIV_SOURCE in one.origins.values() for one in checked.works.values())


@rule("shared-link", "warning", "Two works have one link")
def shared_link(checked: Checked) -> Iterator[Finding]:
    """Links that two works have, told at the later one; a page that more of them share is that of a book or a venue."""
    owners = _owners(checked)
    by_address: Mapping[str, dict[str, tuple[Named, Link]]] = defaultdict(dict)
    for named in checked.entries:
        for link in (link for link in named.entry.links if link.kind in _PAPERS):
            address = landing_page(link.url) if is_known_site(link.url) else link.url
            by_address[address].setdefault(named.citation_key or fold(named.entry.title), (named, link))
    for shared in by_address.values():
        if len(shared) != _A_PAIR:
            continue
        (first, before), (again, link) = shared.values()
        pairs = ((first, before), (again, link))
        if not any(one.citation_key and _complaint(checked, one.citation_key, it.url, owners) for one, it in pairs):
            place = f"{first.list.path.name}:{first.entry.line}"
            message = f"{first.citation_key or first.entry.title} in {place} has the same link"
            yield _found(checked, again, link, message)


@rule("pdf-is-page", "info", "A link called PDF leads to a web page, where the others lead to PDFs")
def pdf_is_page(checked: Checked) -> Iterator[Finding]:
    """PDF links to the page of a paper whose PDF is known."""
    for one in checked.lists:
        entries = [named for named in checked.entries if named.list is one]
        pdfs = [(named, link) for named in entries for link in named.entry.links if link.kind == "pdf"]
        pages = [(named, link) for named, link in pdfs if kind_behind(link.kind, link.url) == "page"]
        if 2 * len(pages) < len(pdfs):
            for named, link in pages:
                message = f"the PDF link leads to a page; the PDF is {pdf_url(link.url)}"
                yield _found(checked, named, link, message)


@rule("untidy-link", "info", "An address has parts that do not belong to it", mends=True, changes_print=True)
def untidy_link(checked: Checked) -> Iterator[Finding]:
    """A highlighted passage, marks of a campaign, a doubled slash, or http where the site has https."""
    for named in checked.entries:
        for link in named.entry.links:
            tidy, reasons = _tidied(link.url)
            if not reasons:
                continue
            shown = link.url if len(link.url) <= _LONGEST_SHOWN else f"{link.url[:_LONGEST_SHOWN]}…"
            message = f"{shown}: {' and '.join(reasons)}"
            yield _found(checked, named, link, message, tidy if _means_the_same(link, tidy) else "")


def _tidied(url: str) -> tuple[str, list[str]]:
    """An address as it should be, and what was wrong with it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url, []
    tidy, reasons = url, list[str]()
    if _TEXT_FRAGMENT.search(tidy):
        tidy, reasons = _TEXT_FRAGMENT.sub("", tidy), [*reasons, "it marks a passage of the page"]
    if _TRACKING.search(tidy):
        tidy, reasons = (
            _TRACKING.sub("", tidy).rstrip("?").replace("?&", "?"),
            [*reasons, "it carries the marks of a campaign"],
        )
    single = _DOUBLE_SLASH.sub("/", tidy)
    if single != tidy and not (parts.query or parts.fragment) and is_known_site(single):
        tidy, reasons = single, [*reasons, "a slash is doubled"]
    if parts.scheme == "http" and (parts.hostname or "") in _SERVE_HTTPS:
        tidy, reasons = f"https{tidy[4:]}", [*reasons, "the site has https"]
    return tidy, reasons


def _means_the_same(link: Link, tidy: str) -> bool:
    """Whether a link leads to the same paper and PDF when it is tidied; those to code are attached as they are."""
    return link.kind in _PAPERS and landing_page(link.url) == landing_page(tidy) and pdf_url(link.url) == pdf_url(tidy)


def _found(checked: Checked, named: Named, link: Link, message: str, tidy: str = "") -> Finding:
    """A finding at a link's address; with `tidy`, that takes its place. An address that stands twice has no place."""
    lines, entry = checked.lines[named.list.path], named.entry
    start, end = lines.start(entry.line), lines.end(entry.last_line)
    if lines.whole.count(link.url, start, end) != 1:
        return Finding(named.list.path, entry.line, message)
    at = lines.whole.index(link.url, start, end)
    line, column = lines.place(at)
    edits = (Edit(at, at + len(link.url), tidy),) if tidy else ()
    return Finding(named.list.path, line, message, column, edits)
