"""Semantic Scholar: the Academic Graph API of api.semanticscholar.org (https://api.semanticscholar.org/api-docs/graph)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dmlsync.errors import SourceRefusedError
from dmlsync.model import Identifiers, Link
from dmlsync.sources.base import Candidate, Hint
from dmlsync.sources.http import Client, Params
from dmlsync.sources.people import author_of
from dmlsync.sources.records import arxiv_fields, batches, is_proceedings, one_by_one, record
from dmlsync.sources.settings import DEFAULTS, Endpoint
from dmlsync.sources.values import inside, objects, pages, text, texts, year_in
from dmlsync.text.identifiers import arxiv_in, doi_in, is_preprint_doi

BATCH = 500
_FIELDS = "title,authors,year,venue,publicationVenue,publicationTypes,externalIds,journal,openAccessPdf"
_CONTAINER = {"conferencePaper": "proceedingsTitle", "journalArticle": "publicationTitle", "bookSection": "bookTitle"}


class Semanticscholar:
    """Records read off papers by machine: wide coverage, and the link between arXiv ids and DOIs.

    Looked up by DOI or arXiv id in batches, or searched for by title, which gives the one best match.
    """

    name = "semanticscholar"
    titles_at_once = 1

    def __init__(self, client: Client, endpoint: Endpoint = DEFAULTS["semanticscholar"]) -> None:
        self._client = client
        self._at = endpoint

    def lookup(self, identifiers: Sequence[Identifiers]) -> Mapping[Identifiers, Candidate]:
        """The records of those works that have a DOI or an arXiv id."""
        asked = {one: name for one in identifiers if (name := _name(one))}
        found: dict[str, Candidate] = {}
        for batch in batches(asked.values(), BATCH):
            found |= self._batch(batch)
        return {one: found[name] for one, name in asked.items() if name in found}

    def search(self, hints: Sequence[Hint]) -> Mapping[Hint, Sequence[Candidate]]:
        """The paper whose title is nearest to the hint's."""
        return one_by_one(self._search, hints)

    def _search(self, hint: Hint) -> Sequence[Candidate]:
        title = " ".join(hint.title.replace("-", " ").split())[:300]
        params: Params = {"query": title, "fields": _FIELDS}
        answer = self._client.get_json(self._at, f"{self._at.url}/graph/v1/paper/search/match", params)
        found = (_candidate(paper) for paper in objects(inside(answer, "data")))
        return tuple(one for one in found if one is not None)[:10]

    def _batch(self, names: Sequence[str]) -> dict[str, Candidate]:
        """A batch's candidates by the name asked; a refused batch is halved, until the name at fault stands alone."""
        url, params = f"{self._at.url}/graph/v1/paper/batch", {"fields": _FIELDS}
        try:
            answer = self._client.post_json(self._at, url, {"ids": list(names)}, params)
        except SourceRefusedError:
            if len(names) == 1:
                return {}
            half = len(names) // 2
            return self._batch(names[:half]) | self._batch(names[half:])
        if not isinstance(answer, list) or len(answer) != len(names):
            return {}  # the answer is by position: one of another length cannot be read
        made = ((name, _candidate(paper)) for name, paper in zip(names, answer, strict=True))
        return {name: one for name, one in made if one is not None}


def _name(one: Identifiers) -> str:
    if one.doi and not arxiv_in(one.doi):
        return f"DOI:{one.doi}"
    arxiv = one.arxiv or arxiv_in(one.doi)
    return f"ARXIV:{arxiv}" if arxiv else ""


def _candidate(paper: Any) -> Candidate | None:
    if not isinstance(paper, Mapping):
        return None
    printed = text(inside(paper, "externalIds", "DOI"))
    doi, arxiv = doi_in(printed), arxiv_in(text(inside(paper, "externalIds", "ArXiv")))
    arxiv = arxiv or arxiv_in(doi)
    published = "" if is_preprint_doi(doi) else doi
    item_type, venue = _place(paper, arxiv, published)
    fields = {"date": year_in(paper.get("year"))}
    if item_type == "preprint":
        fields |= arxiv_fields(arxiv) if arxiv else {"DOI": printed, "repository": venue}
    else:
        fields |= {
            _CONTAINER.get(item_type, ""): venue,
            "volume": text(inside(paper, "journal", "volume")),
            "pages": pages(inside(paper, "journal", "pages")),
            "DOI": printed if published else "",
            "arXiv": arxiv,
        }
    creators = [author_of(text(one.get("name"))) for one in objects(paper.get("authors"))]
    made = record(item_type, text(paper.get("title")), creators, fields)
    if made is None:
        return None
    pdf = text(inside(paper, "openAccessPdf", "url"))
    links = (Link("pdf", pdf, "PDF"),) if pdf.startswith(("http://", "https://")) else ()
    preprint = item_type == "preprint"
    return Candidate("semanticscholar", made, Identifiers(published, arxiv), links, preprint=preprint)


def _place(paper: Mapping[str, Any], arxiv: str, published: str) -> tuple[str, str]:
    """Item type and venue. Its own types are unreliable (conference papers are `JournalArticle`, too)."""
    venue = text(inside(paper, "publicationVenue", "name")) or text(paper.get("venue"))
    venue = venue or text(inside(paper, "journal", "name"))
    on_arxiv = not venue or venue.lower().startswith("arxiv") or venue.lower() == "corr"
    if on_arxiv and not published and (arxiv or is_preprint_doi(doi_in(text(inside(paper, "externalIds", "DOI"))))):
        return "preprint", "arXiv" if arxiv else ""
    venue = "" if on_arxiv else venue
    kinds = texts(paper.get("publicationTypes"))
    if text(inside(paper, "publicationVenue", "type")) == "journal":
        return "journalArticle", venue
    if "Conference" in kinds or is_proceedings(venue) or inside(paper, "publicationVenue", "type") == "conference":
        return "conferencePaper", venue
    if "BookSection" in kinds:
        return "bookSection", venue
    return ("book", "") if kinds == ["Book"] else ("journalArticle", venue)
