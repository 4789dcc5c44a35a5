"""DBLP: the publication search of dblp.org (https://dblp.org/faq/13501473.html).

It has no look-up by DOI or arXiv id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dmlsync.model import Identifiers, Link
from dmlsync.sources.base import Candidate, Hint
from dmlsync.sources.http import Client, Params
from dmlsync.sources.people import author_of
from dmlsync.sources.records import arxiv_fields, page_url, record
from dmlsync.sources.settings import DEFAULTS, Endpoint
from dmlsync.sources.values import first_text, inside, objects, pages, text, texts, year_in
from dmlsync.text.clean import without_full_stop
from dmlsync.text.identifiers import arxiv_in, doi_in, is_preprint_doi
from dmlsync.text.links import pdf_url

_TYPES = {
    "Conference and Workshop Papers": ("conferencePaper", "proceedingsTitle"),
    "Journal Articles": ("journalArticle", "publicationTitle"),
    "Parts in Books or Collections": ("bookSection", "bookTitle"),
    "Books and Theses": ("book", ""),
    "Informal and Other Publications": ("preprint", ""),
    "Informal Publications": ("preprint", ""),
}
_WORD = re.compile(r"[^\W_]+")


class Dblp:
    """The records of computer science: full names, venues by their short names, pages."""

    name = "dblp"

    def __init__(self, client: Client, endpoint: Endpoint = DEFAULTS["dblp"]) -> None:
        self._client = client
        self._at = endpoint

    def lookup(self, identifiers: Sequence[Identifiers]) -> Mapping[Identifiers, Candidate]:
        """Nothing: the search has no field for identifiers."""
        return {}

    def search(self, hint: Hint) -> Sequence[Candidate]:
        """Publications with all words of the title; failing that, with its longest words and the first author."""
        words = _WORD.findall(hint.title)[:30]
        if not words:
            return ()
        found = self._candidates(words)
        if not found and hint.families and len(words) > 4:
            longest = sorted(dict.fromkeys(words), key=len, reverse=True)[:4]
            found = self._candidates([*longest, *_WORD.findall(hint.families[0])[-1:]])
        return found[:10]

    def _candidates(self, words: Iterable[str]) -> list[Candidate]:
        params: Params = {"q": " ".join(words), "format": "json", "h": 10, "c": 0}
        answer = self._client.get_json(self._at, f"{self._at.url}/search/publ/api", params)
        hits = objects(inside(answer, "result", "hits", "hit"))
        return [one for hit in hits if (one := _candidate(inside(hit, "info"))) is not None]


def _candidate(info: Any) -> Candidate | None:
    item_type, container = _TYPES.get(text(inside(info, "type")), ("", ""))
    if not item_type:
        return None
    ees = texts(info.get("ee"))
    volume = text(info.get("volume"))
    venue = first_text(info.get("venue"))
    doi = doi_in(first_text(info.get("doi"))) or next(filter(None, map(doi_in, ees)), "")
    arxiv = next(filter(None, (arxiv_in(one) for one in [*ees, doi, f"CoRR {volume}"])), "")
    published = "" if is_preprint_doi(doi) else doi
    fields = {"date": year_in(info.get("year"))}
    if item_type == "preprint":
        if not arxiv:
            return None
        fields |= arxiv_fields(arxiv)
    else:
        fields |= {
            container: venue,
            "volume": volume,
            "issue": text(info.get("number")),
            "pages": pages(info.get("pages")),
            "publisher": text(info.get("publisher")),
            "DOI": _registrants(info, doi),
            "url": page_url(*ees),
        }
    creators = [author_of(_name(one)) for one in _authors(info)]
    made = record(item_type, without_full_stop(text(info.get("title"))), creators, fields)
    if made is None:
        return None
    page = "" if item_type == "preprint" else made.get("url")
    links = tuple(Link("pdf", pdf, "PDF") for pdf in dict.fromkeys(map(pdf_url, ees)) if pdf)
    return Candidate("dblp", made, Identifiers(published, arxiv, page), links, preprint=item_type == "preprint")


def _registrants(info: Mapping[str, Any], doi: str) -> str:
    """The DOI in the capitals that DBLP prints, which are the registrant's."""
    printed = first_text(info.get("doi"))
    return printed if printed.lower() == doi else doi


def _authors(info: Mapping[str, Any]) -> list[Any]:
    found = inside(info, "authors", "author")
    return found if isinstance(found, list) else [found]


def _name(one: Any) -> str:
    return text(inside(one, "text")) or text(one)
