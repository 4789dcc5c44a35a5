"""DataCite: the REST API of api.datacite.org, where arXiv and data archives register their DOIs.

Documentation: https://support.datacite.org/docs/api-queries
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dmlsync.model import Creator, Identifiers, Link
from dmlsync.sources.base import Candidate, Hint
from dmlsync.sources.http import Client, Params
from dmlsync.sources.people import author, author_of
from dmlsync.sources.records import arxiv_fields, batches, page_url, record
from dmlsync.sources.settings import DEFAULTS, Endpoint
from dmlsync.sources.values import first_text, inside, month_in, objects, text, year_in
from dmlsync.text.clean import clean_name
from dmlsync.text.identifiers import arxiv_in, doi_in, is_preprint_doi

BATCH = 50
_ARXIV = "10.48550/arxiv."
_TYPES = {
    "preprint": "preprint",
    "conferencepaper": "conferencePaper",
    "journalarticle": "journalArticle",
    "bookchapter": "bookSection",
    "dissertation": "thesis",
    "report": "report",
    "book": "book",
}
_CONTAINER = {"conferencePaper": "proceedingsTitle", "journalArticle": "publicationTitle", "bookSection": "bookTitle"}
_PUBLISHER = {"thesis": "university", "report": "institution", "preprint": "repository"}


class Datacite:
    """The records of arXiv's and archives' DOIs, looked up in batches; it is not searched, as arXiv itself is."""

    name = "datacite"
    titles_at_once = 1

    def __init__(self, client: Client, endpoint: Endpoint = DEFAULTS["datacite"]) -> None:
        self._client = client
        self._at = endpoint

    def lookup(self, identifiers: Sequence[Identifiers]) -> Mapping[Identifiers, Candidate]:
        """The records of works with an arXiv id or a DOI that looks like DataCite's."""
        asked = {one: doi for one in identifiers if (doi := _doi_to_ask(one))}
        found: dict[str, Candidate] = {}
        for batch in batches(asked.values(), BATCH):
            quoted = " OR ".join(f'"{doi}"' for doi in batch)
            params: Params = {"query": f"doi:({quoted})", "page[size]": len(batch)}
            answer = self._client.get_json(self._at, f"{self._at.url}/dois", params)
            for one in objects(inside(answer, "data")):
                made = _candidate(inside(one, "attributes"))
                doi = text(inside(one, "attributes", "doi")).lower()
                if made is not None and doi in batch:
                    found[doi] = made
        return {one: found[doi] for one, doi in asked.items() if doi in found}

    def search(self, hints: Sequence[Hint]) -> Mapping[Hint, Sequence[Candidate]]:
        """Nothing: what DataCite would find is arXiv's and comes from arXiv."""
        return {}


def _doi_to_ask(one: Identifiers) -> str:
    if one.doi.startswith(("10.48550/", "10.5281/", "10.6084/", "10.17863/")) and '"' not in one.doi:
        return one.doi
    return f"{_ARXIV}{one.arxiv.lower()}" if one.arxiv else ""


def _candidate(attributes: Any) -> Candidate | None:
    doi = doi_in(text(inside(attributes, "doi")))
    if not doi:
        return None
    arxiv = arxiv_in(doi)
    kind = text(inside(attributes, "types", "resourceTypeGeneral")).lower()
    item_type = "preprint" if arxiv else _TYPES.get(kind, "document" if kind == "text" else "")
    if not item_type:
        return None
    if arxiv:
        fields = {**arxiv_fields(arxiv), "date": _submitted(attributes)}
    else:
        publisher = attributes.get("publisher")
        fields = {
            _CONTAINER.get(item_type, ""): text(inside(attributes, "container", "title")),
            _PUBLISHER.get(item_type, "publisher"): text(publisher) or text(inside(publisher, "name")),
            "date": year_in(attributes.get("publicationYear")),
            "DOI": doi,
            "url": page_url(text(attributes.get("url"))),
        }
    titles = [text(one.get("title")) for one in objects(attributes.get("titles")) if not one.get("titleType")]
    creators = [_creator(one) for one in objects(attributes.get("creators"))]
    made = record(item_type, first_text(titles), creators, fields)
    if made is None:
        return None
    published = _published_doi(attributes) or ("" if arxiv else doi)
    links = (Link("pdf", f"https://arxiv.org/pdf/{arxiv}", "PDF"),) if arxiv else ()
    return Candidate("datacite", made, Identifiers(published, arxiv), links, preprint=item_type == "preprint")


def _creator(one: Mapping[str, Any]) -> Creator | None:
    given, family, name = (text(one.get(key)) for key in ("givenName", "familyName", "name"))
    if family:
        return author(given, family)
    if text(one.get("nameType")) == "Organizational":
        return Creator(name=clean_name(name)) if clean_name(name) else None
    return author_of(name)


def _submitted(attributes: Mapping[str, Any]) -> str:
    """Year and month of the first version, failing that the year that DataCite states."""
    dates = {text(one.get("dateType")): one.get("date") for one in reversed([*objects(attributes.get("dates"))])}
    return month_in(dates.get("Submitted")) or year_in(attributes.get("publicationYear"))


def _published_doi(attributes: Mapping[str, Any]) -> str:
    """The DOI of the published version, where the authors told arXiv."""
    for one in objects(attributes.get("relatedIdentifiers")):
        doi = doi_in(text(one.get("relatedIdentifier")))
        if text(one.get("relationType")) in ("IsVersionOf", "IsPreprintOf") and doi and not is_preprint_doi(doi):
            return doi
    return ""
