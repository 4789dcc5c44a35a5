"""arXiv: the Atom API of export.arxiv.org (https://info.arxiv.org/help/api/user-manual.html)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from urllib.parse import quote

from dmlsync.model import Identifiers, Link
from dmlsync.sources.base import Candidate, Hint
from dmlsync.sources.http import Client, Params
from dmlsync.sources.people import author_of
from dmlsync.sources.records import arxiv_fields, batches, record
from dmlsync.sources.settings import DEFAULTS, Endpoint
from dmlsync.sources.values import first_text, month_in, objects, text
from dmlsync.text.identifiers import arxiv_in, doi_in, is_preprint_doi
from dmlsync.text.latex import to_unicode

BATCH = 100
MOST_PER_TITLE = 10
LONGEST_QUERY = 4000
_ATOM = "application/atom+xml"
_WORD = re.compile(r"[^\W_]+")
_STOPPED = frozenset("a an and are as at be by for from in is it of on or the to via with".split())  # noqa: SIM905


class Arxiv:
    """The records of preprints on arXiv, looked up by id in batches or searched for by title and first author.

    `identifiers.doi` of a candidate is the DOI that the authors gave for the published version, if any; the record
    itself holds arXiv's own.
    """

    name = "arxiv"
    titles_at_once = 10

    def __init__(self, client: Client, endpoint: Endpoint = DEFAULTS["arxiv"]) -> None:
        self._client = client
        self._at = endpoint

    def lookup(self, identifiers: Sequence[Identifiers]) -> Mapping[Identifiers, Candidate]:
        """The records of those works that have an arXiv id."""
        found: dict[str, Candidate] = {}
        for batch in batches((one.arxiv for one in identifiers if one.arxiv), BATCH):
            params: Params = {"id_list": ",".join(batch), "max_results": len(batch)}
            found |= {one.identifiers.arxiv: one for one in self._candidates(params)}
        return {one: found[one.arxiv] for one in identifiers if one.arxiv in found}

    def search(self, hints: Sequence[Hint]) -> Mapping[Hint, Sequence[Candidate]]:
        """Preprints whose titles hold all telling words of a hint's title, and its first author's family name."""
        words = {hint: terms for hint in hints if (terms := _telling_words(hint.title))}
        found: dict[Hint, Sequence[Candidate]] = {}
        for batch in batches(words, self.titles_at_once):
            found |= self._search({hint: words[hint] for hint in batch})
        return found

    def _search(self, words: Mapping[Hint, Sequence[str]]) -> dict[Hint, Sequence[Candidate]]:
        """Several titles in one request; halved where the question gets too long, or the answer is full."""
        terms = [_terms(hint, words[hint]) for hint in words]
        query = terms[0] if len(terms) == 1 else " OR ".join(f"({one})" for one in terms)
        most = MOST_PER_TITLE * len(words)
        if len(words) == 1 or len(quote(query)) <= LONGEST_QUERY:
            candidates = self._candidates({"search_query": query, "max_results": most})
            if len(words) == 1 or len(candidates) < most:
                return _by_hint(words, candidates)
        hints, half = list(words), len(words) // 2
        parts = (hints[:half], hints[half:])
        first, second = (self._search({hint: words[hint] for hint in part}) for part in parts)
        return first | second

    def _candidates(self, params: Params) -> list[Candidate]:
        url = f"{self._at.url}/api/query"
        entries = self._client.get(self._at, url, params, accept=_ATOM, parse=_entries) or []
        return [one for entry in objects(entries) if (one := _candidate(entry)) is not None]


def _telling_words(title: str) -> list[str]:
    """The words of a title that are worth asking for, in small letters: in capitals AND, OR, ANDNOT are operators."""
    words = _WORD.findall(title[:500].lower())
    return [word for word in words if word not in _STOPPED and word != "andnot" and len(word) < 40][:12]


def _terms(hint: Hint, words: Sequence[str]) -> str:
    terms = [f"ti:{word}" for word in words]
    terms += [f"au:{word}" for family in hint.families[:1] for word in _WORD.findall(family.lower())[-1:]]
    return " AND ".join(terms)


def _by_hint(words: Mapping[Hint, Sequence[str]], candidates: Sequence[Candidate]) -> dict[Hint, Sequence[Candidate]]:
    """Each candidate with those hints of which its title has the most words; arXiv compares words by their stems."""
    found: dict[Hint, list[Candidate]] = {}
    for candidate in candidates:
        title = set(_WORD.findall(candidate.record.title.lower()))
        shares = {hint: sum(word in title for word in asked) / len(asked) for hint, asked in words.items()}
        best = max(shares.values())
        for hint in (hint for hint, share in shares.items() if share == best):
            found.setdefault(hint, []).append(candidate)
    return {hint: candidates[:MOST_PER_TITLE] for hint, candidates in found.items()}


def _entries(feed: str) -> Any:
    """The entries of an Atom feed; `ValueError` if it is none, or only part of one."""
    import feedparser

    # A text would be taken for an address or a file's name, if it looked like one.
    parsed = feedparser.parse(BytesIO(feed.encode()), sanitize_html=False, resolve_relative_uris=False)
    if parsed.bozo or not parsed.get("version", "").startswith("atom"):
        raise ValueError("no complete Atom feed")
    return parsed.entries


def _candidate(entry: Mapping[str, Any]) -> Candidate | None:
    arxiv = arxiv_in(text(entry.get("id")))
    if not arxiv:  # an error of the API is an entry, too
        return None
    title = text(entry.get("title"))
    title = to_unicode(title) if "\\" in title else title  # authors write TeX, and prices in dollars
    creators = [author_of(text(one.get("name"))) for one in objects(entry.get("authors"))]
    fields = {**arxiv_fields(arxiv), "date": month_in(entry.get("published"))}
    made = record("preprint", title, creators, fields)
    if made is None:
        return None
    doi = doi_in(first_text(entry.get("arxiv_doi")))
    published = "" if is_preprint_doi(doi) else doi
    pdf = Link("pdf", f"https://arxiv.org/pdf/{arxiv}", "PDF")
    return Candidate("arxiv", made, Identifiers(doi=published, arxiv=arxiv), (pdf,), preprint=True)
