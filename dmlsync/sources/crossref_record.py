"""Crossref's messages as records (https://github.com/CrossRef/rest-api-doc/blob/master/api_format.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from dmlsync.model import Creator, Identifiers, Link
from dmlsync.sources.base import Candidate
from dmlsync.sources.people import author
from dmlsync.sources.records import is_proceedings, is_proceedings_series, page_url, record
from dmlsync.sources.values import first_text, inside, members, objects, pages, text, texts, year_in
from dmlsync.text.clean import clean_name, clean_title
from dmlsync.text.identifiers import arxiv_in, doi_in

# Types that are works of their own. Components, issues, whole volumes, reviews and grants are not.
_TYPES = {
    "proceedings-article": "conferencePaper",
    "journal-article": "journalArticle",
    "book-chapter": "bookSection",
    "book-section": "bookSection",
    "book-part": "bookSection",
    "reference-entry": "bookSection",
    "posted-content": "preprint",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "dissertation": "thesis",
    "report": "report",
    "report-component": "report",
}
_CONTAINER = {
    "conferencePaper": "proceedingsTitle",
    "journalArticle": "publicationTitle",
    "bookSection": "bookTitle",
}
_PUBLISHER = {"thesis": "university", "report": "institution", "preprint": "repository"}
_CORRECTIONS = frozenset({"erratum", "corrigendum", "correction", "retraction", "withdrawal", "expression_of_concern"})
_PAYWALLED = ("ieee.org", "springer.com", "acm.org", "wiley.com", "elsevier.com", "tandfonline.com", "sagepub.com")


def candidate(message: Mapping[str, Any]) -> Candidate | None:
    """The candidate that a message describes; None for what is no work of its own, or has no title."""
    containers = texts(message.get("container-title"))
    item_type = _item_type(message, containers)
    doi = doi_in(text(message.get("DOI")))
    if not item_type or not doi or _corrects(message):
        return None
    series = containers[0] if len(containers) > 1 and item_type in ("conferencePaper", "bookSection") else ""
    resource = text(inside(message, "resource", "primary", "URL"))
    fields = {
        _CONTAINER.get(item_type, ""): containers[-1] if containers else "",
        "conferenceName": _conference_name(message),
        "series": series,
        "date": _date(message, item_type),
        "volume": text(message.get("volume")),
        "issue": text(message.get("issue")),
        "pages": pages(message.get("page")) or pages(message.get("article-number")),
        _PUBLISHER.get(item_type, "publisher"): text(message.get("publisher")),
        "DOI": text(message.get("DOI")),
        "url": page_url(resource),
    }
    arxiv = next(filter(None, map(arxiv_in, _related(message, "has-preprint", "is-version-of", "has-version"))), "")
    if item_type != "preprint":
        fields["arXiv"] = arxiv
    made = record(item_type, _title(message), _authors(message), fields)
    if made is None:
        return None
    preprint = item_type == "preprint"
    published = _related_doi(message, "is-preprint-of") if preprint else doi
    return Candidate(
        "crossref",
        made,
        Identifiers(published or doi, arxiv, made.get("url")),
        tuple(Link("pdf", url, "PDF") for url in _pdfs(message)),
        preprint=preprint,
    )


def _item_type(message: Mapping[str, Any], containers: list[str]) -> str:
    kind = _TYPES.get(text(message.get("type")), "")
    if kind not in ("bookSection", "journalArticle"):
        return kind
    names = " / ".join(containers)
    if is_proceedings(names) or _assertion(message, "conference_name"):
        return "conferencePaper"
    if kind == "bookSection" and len(containers) > 1 and is_proceedings_series(names):
        return "conferencePaper"
    return kind


def _corrects(message: Mapping[str, Any]) -> bool:
    """Whether a message corrects or takes back another work; it may carry that work's title and authors."""
    return any(text(one.get("type")).lower() in _CORRECTIONS for one in objects(message.get("update-to")))


def _conference_name(message: Mapping[str, Any]) -> str:
    return text(inside(message, "event", "name")) or _assertion(message, "conference_name")


def _assertion(message: Mapping[str, Any], name: str) -> str:
    """What Springer asserts about a chapter under a name, such as the conference's."""
    found = (one for one in objects(message.get("assertion")) if text(one.get("name")) == name)
    return next((text(one.get("value")) for one in found), "")


def _title(message: Mapping[str, Any]) -> str:
    """The title with its subtitle, which some publishers deposit apart."""
    title, subtitle = first_text(message.get("title")), first_text(message.get("subtitle"))
    if not title or not subtitle or clean_title(subtitle).lower() in clean_title(title).lower():
        return title
    return f"{title.rstrip(' :')}: {subtitle}"


def _authors(message: Mapping[str, Any]) -> Iterator[Creator | None]:
    for one in objects(message.get("author")):
        given, family = text(one.get("given")), text(one.get("family"))
        if family or given:
            yield author(given, family, text(one.get("suffix")))
        elif name := clean_name(text(one.get("name"))):  # an organisation
            yield Creator(name=name)


def _date(message: Mapping[str, Any], item_type: str) -> str:
    """The year of a paper or book, year and month of an article; print before online, as the volume is cited."""
    for name in ("published-print", "issued", "published", "published-online", "posted"):
        parts = members(next(iter(members(inside(message, name, "date-parts"))), None))
        year = year_in(parts[0]) if parts else ""
        if year:
            month = parts[1] if len(parts) > 1 and isinstance(parts[1], int) and 1 <= parts[1] <= 12 else 0
            return f"{year}-{month:02d}" if month and item_type in ("journalArticle", "preprint") else year
    return ""


def _related(message: Mapping[str, Any], *names: str) -> list[str]:
    """The identifiers to which a message is related in one of these ways."""
    return [text(one.get("id")) for name in names for one in objects(inside(message, "relation", name))]


def _related_doi(message: Mapping[str, Any], name: str) -> str:
    return next(filter(None, map(doi_in, _related(message, name))), "")


def _pdfs(message: Mapping[str, Any]) -> list[str]:
    """The PDFs that anyone may read: those of houses that want a subscription are left out."""
    urls = [
        text(one.get("URL"))
        for one in objects(message.get("link"))
        if text(one.get("content-type")) == "application/pdf"
    ]
    hosts = {
        url: (urlsplit(url).hostname or "") for url in dict.fromkeys(urls) if url.startswith(("http://", "https://"))
    }
    return [url for url, host in hosts.items() if not host.endswith(_PAYWALLED)]
