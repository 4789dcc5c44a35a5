"""OpenAlex: the REST API of api.openalex.org (https://docs.openalex.org)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from dmlsync.errors import SourceRefusedError
from dmlsync.model import Identifiers, Link
from dmlsync.sources.base import Candidate, Hint
from dmlsync.sources.http import Client, Params
from dmlsync.sources.people import author_of
from dmlsync.sources.records import (
    arxiv_fields,
    batches,
    is_proceedings,
    is_proceedings_series,
    one_by_one,
    page_url,
    record,
)
from dmlsync.sources.settings import DEFAULTS, Endpoint
from dmlsync.sources.values import inside, month_in, objects, pages, text, year_in
from dmlsync.text.identifiers import arxiv_in, doi_in

BATCH = 50
_FIELDS = (
    "id,doi,title,publication_year,publication_date,primary_location,locations,best_oa_location,type,authorships,biblio"
)
_RESERVED = re.compile(r"[,|:!\"&]")  # they separate values and filters
_OPERATOR = re.compile(r"[()*?~]|\b(?:AND|OR|NOT)\b")  # in a search; the words count in capitals only
_TYPES = {
    "article": "",
    "review": "",
    "letter": "",
    "conference-paper": "conferencePaper",
    "preprint": "preprint",
    "book-chapter": "bookSection",
    "book": "book",
    "dissertation": "thesis",
    "report": "report",
}
_TYPES_OF_PLACES = {"journal": "journalArticle", "conference": "conferencePaper", "repository": "preprint"}
_CONTAINER = {"conferencePaper": "proceedingsTitle", "journalArticle": "publicationTitle", "bookSection": "bookTitle"}


class Openalex:
    """Records gathered from other registries, looked up by DOI (also arXiv's) in batches or searched for by title."""

    name = "openalex"
    titles_at_once = 1

    def __init__(self, client: Client, endpoint: Endpoint = DEFAULTS["openalex"]) -> None:
        self._client = client
        self._at = endpoint

    def lookup(self, identifiers: Sequence[Identifiers]) -> Mapping[Identifiers, Candidate]:
        """The records of those works that have a DOI, or failing that an arXiv id."""
        asked = {one: doi for one in identifiers if (doi := one.doi or _arxiv_doi(one.arxiv))}
        works: dict[str, Mapping[str, Any]] = {}
        for batch in batches((doi for doi in asked.values() if not _RESERVED.search(doi)), BATCH):
            params: Params = {"filter": f"doi:{'|'.join(batch)}", "per-page": len(batch), "select": _FIELDS}
            answer = self._client.get_json(self._at, f"{self._at.url}/works", params)
            works |= {doi_in(text(work.get("doi"))): work for work in objects(inside(answer, "results"))}
        for doi in asked.values():
            if _RESERVED.search(doi):
                works |= self._one(doi)
        found = {doi: made for doi, work in works.items() if doi and (made := _candidate(work)) is not None}
        return {one: found[doi] for one, doi in asked.items() if doi in found}

    def search(self, hints: Sequence[Hint]) -> Mapping[Hint, Sequence[Candidate]]:
        """Works whose titles have the words of the hint's title."""
        return one_by_one(self._search, hints)

    def _search(self, hint: Hint) -> Sequence[Candidate]:
        title = _OPERATOR.sub(lambda found: found[0].lower() if found[0].isalpha() else " ", hint.title[:500])
        words = " ".join(_RESERVED.sub(" ", title).split())
        params: Params = {"filter": f"title.search:{words}", "per-page": 10, "select": _FIELDS}
        answer = self._client.get_json(self._at, f"{self._at.url}/works", params)
        found = (_candidate(work) for work in objects(inside(answer, "results")))
        return tuple(one for one in found if one is not None)[:10]

    def _one(self, doi: str) -> dict[str, Mapping[str, Any]]:
        url = f"{self._at.url}/works/doi:{quote(doi, safe='')}"
        try:
            work = self._client.get_json(self._at, url, {"select": _FIELDS})
        except SourceRefusedError:
            return {}
        return {doi: work} if isinstance(work, Mapping) and doi_in(text(work.get("doi"))) == doi else {}


def _arxiv_doi(arxiv: str) -> str:
    return f"10.48550/arxiv.{arxiv.lower()}" if arxiv else ""


def _candidate(work: Mapping[str, Any]) -> Candidate | None:
    kind, doi = text(work.get("type")), doi_in(text(work.get("doi")))
    if kind not in _TYPES:
        return None
    place = inside(work, "primary_location", "source")
    venue = text(inside(place, "display_name"))
    arxiv = arxiv_in(doi) or next(filter(None, map(arxiv_in, _addresses(work))), "")
    item_type = _item_type(kind, text(inside(place, "type")), venue)
    if arxiv_in(doi) or (item_type == "preprint" and arxiv and not doi):
        item_type = "preprint"
        fields = arxiv_fields(arxiv)
    else:
        fields = {
            "series" if is_proceedings_series(venue) else _CONTAINER.get(item_type, ""): venue,
            "repository": venue,
            "arXiv": "" if item_type == "preprint" else arxiv,
            "volume": text(inside(work, "biblio", "volume")),
            "issue": text(inside(work, "biblio", "issue")),
            "pages": pages(inside(work, "biblio", "first_page"), inside(work, "biblio", "last_page")),
            "DOI": doi,
            "url": page_url(text(inside(work, "primary_location", "landing_page_url"))),
        }
    with_month = item_type in ("journalArticle", "preprint")
    day = text(work.get("publication_date"))
    # A date on the first of January is what OpenAlex writes where it knows the year alone.
    fields["date"] = (
        month_in(day) if with_month and not day.endswith("-01-01") else year_in(work.get("publication_year"))
    )
    creators = [author_of(_name(one)) for one in objects(work.get("authorships"))]
    made = record(item_type, text(work.get("title")), creators, fields)
    if made is None:
        return None
    preprint = item_type == "preprint"
    page = "" if preprint and arxiv else made.get("url")
    pdf = text(inside(work, "best_oa_location", "pdf_url"))
    links = (Link("pdf", pdf, "PDF"),) if pdf.startswith(("http://", "https://")) else ()
    return Candidate("openalex", made, Identifiers("" if arxiv_in(doi) else doi, arxiv, page), links, preprint=preprint)


def _item_type(kind: str, kind_of_place: str, venue: str) -> str:
    """OpenAlex calls nearly everything an article; where it appeared tells more, and without that nobody knows."""
    if kind in ("preprint", "book", "dissertation", "report", "conference-paper"):
        return _TYPES[kind]
    if is_proceedings_series(venue) or is_proceedings(venue):
        return "conferencePaper"
    return _TYPES[kind] or _TYPES_OF_PLACES.get(kind_of_place, "document")


def _addresses(work: Mapping[str, Any]) -> list[str]:
    """All addresses under which OpenAlex has seen the work."""
    locations = list(objects(work.get("locations")))
    return [text(one.get(name)) for one in locations for name in ("landing_page_url", "pdf_url")]


def _name(authorship: Mapping[str, Any]) -> str:
    """The name as the work prints it, unless that is family name first without a comma or blank."""
    return text(authorship.get("raw_author_name")) or text(inside(authorship, "author", "display_name"))
