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
from dmlsync.sources.records import arxiv_fields, batches, one_by_one, page_url, record
from dmlsync.sources.settings import DEFAULTS, Endpoint
from dmlsync.sources.values import first_text, inside, objects, pages, text, texts, year_in
from dmlsync.text.clean import without_full_stop
from dmlsync.text.identifiers import arxiv_in, doi_in, is_preprint_doi
from dmlsync.text.links import pdf_url
from dmlsync.text.titles import fold, similarity

_TYPES = {
    "Conference and Workshop Papers": ("conferencePaper", "proceedingsTitle"),
    "Journal Articles": ("journalArticle", "publicationTitle"),
    "Parts in Books or Collections": ("bookSection", "bookTitle"),
    "Books and Theses": ("book", ""),
    "Informal and Other Publications": ("preprint", ""),
    "Informal Publications": ("preprint", ""),
}
_WORD = re.compile(r"[^\W_]+")
_FEW_WORDS = 4  # of a title
_FEWEST_WORDS = 4  # telling words that a title must have to be asked for with others
_MOST_WORDS = 8
_MOST = 300  # hits asked for


class Dblp:
    """The records of computer science: full names, venues by their short names, pages.

    Several titles are asked for in one request: `deep|graph metric|matching` finds what has one word of each pair, and
    what that finds by chance is left out here. Titles that are not found so are asked for one by one.
    """

    name = "dblp"
    titles_at_once = 8

    def __init__(self, client: Client, endpoint: Endpoint = DEFAULTS["dblp"]) -> None:
        self._client = client
        self._at = endpoint

    def lookup(self, identifiers: Sequence[Identifiers]) -> Mapping[Identifiers, Candidate]:
        """Nothing: the search has no field for identifiers."""
        return {}

    def search(self, hints: Sequence[Hint]) -> Mapping[Hint, Sequence[Candidate]]:
        """Publications with all words of the title; failing that, of these authors, or with its longest words."""
        telling = {hint: words for hint in hints if len(words := _telling_words(hint.title)) >= _FEWEST_WORDS}
        found: dict[Hint, Sequence[Candidate]] = {}
        for batch in batches(telling, self.titles_at_once):
            if len(batch) > 1:
                found |= self._together({hint: telling[hint] for hint in batch})
        return found | one_by_one(self._search, [hint for hint in hints if hint not in found])

    def _together(self, telling: Mapping[Hint, Sequence[str]]) -> dict[Hint, Sequence[Candidate]]:
        """The candidates of those hints whose very titles were found."""
        places = range(max(map(len, telling.values())))
        alternatives = [
            dict.fromkeys(words[min(place, len(words) - 1)] for words in telling.values()) for place in places
        ]
        candidates = self._candidates(["|".join(words) for words in alternatives], most=_MOST)
        titles = [(one, fold(one.record.title).split()) for one in candidates]
        found: dict[Hint, Sequence[Candidate]] = {}
        for hint, words in telling.items():
            own = [one for one, title in titles if all(any(had.startswith(word) for had in title) for word in words)]
            if any(_is_titled(one, hint) for one in own):
                found[hint] = _nearest_first(own, hint)
        return found

    def _search(self, hint: Hint) -> Sequence[Candidate]:
        words = _WORD.findall(hint.title)[:30]
        first, *others = [_WORD.findall(family)[-1:] for family in hint.families] or [[]]
        # Few words have thousands of hits, of which the right one may be none of the first.
        few = len(words) <= _FEW_WORDS
        found = self._candidates([*words, *first], most=30) if few else self._candidates(words)
        if not found and others:
            found = self._candidates([*first, *(word for other in others[:3] for word in other)], most=_MOST)
        elif not found and first and not few:
            longest = sorted(dict.fromkeys(words), key=len, reverse=True)[:4]
            found = self._candidates([*longest, *first])
        return _nearest_first(found, hint)

    def _candidates(self, words: Iterable[str], most: int = 10) -> list[Candidate]:
        params: Params = {"q": " ".join(words), "format": "json", "h": most, "c": 0}
        answer = self._client.get_json(self._at, f"{self._at.url}/search/publ/api", params)
        hits = objects(inside(answer, "result", "hits", "hit"))
        return [one for hit in hits if (one := _candidate(inside(hit, "info"))) is not None]


def _telling_words(title: str) -> list[str]:
    """The longest words of a title, which are the rarest as a rule."""
    words = [word for word in dict.fromkeys(fold(title).split()) if word.isalpha() and len(word) > 2]
    return sorted(words, key=len, reverse=True)[:_MOST_WORDS]


def _is_titled(candidate: Candidate, hint: Hint) -> bool:
    return fold(candidate.record.title).replace(" ", "") == fold(hint.title).replace(" ", "")


def _nearest_first(candidates: Sequence[Candidate], hint: Hint) -> list[Candidate]:
    """At most ten, those with the most similar titles first."""
    order = sorted(candidates, key=lambda one: -similarity(one.record.title, hint.title))
    return order[:10]


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
