"""arXiv: the Atom API of export.arxiv.org (https://info.arxiv.org/help/api/user-manual.html)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from dmlsync.model import Identifiers, Link
from dmlsync.sources.base import Candidate, Hint
from dmlsync.sources.http import Client, Params
from dmlsync.sources.people import author_of
from dmlsync.sources.records import arxiv_fields, batches, record
from dmlsync.sources.settings import DEFAULTS, Endpoint
from dmlsync.sources.values import first_text, month_in, objects, text
from dmlsync.text.identifiers import arxiv_in, doi_in, is_preprint_doi

BATCH = 100
_ATOM = "application/atom+xml"
_WORD = re.compile(r"[^\W_]+")
_STOPPED = frozenset("a an and are as at be by for from in is it of on or the to via with".split())  # noqa: SIM905


class Arxiv:
    """The records of preprints on arXiv, looked up by id in batches or searched for by title and first author.

    `identifiers.doi` of a candidate is the DOI that the authors gave for the published version, if any; the record
    itself holds arXiv's own.
    """

    name = "arxiv"

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

    def search(self, hint: Hint) -> Sequence[Candidate]:
        """Preprints whose titles hold all telling words of the hint's title."""
        words = [word for word in _WORD.findall(hint.title) if word.lower() not in _STOPPED][:12]
        if not words:
            return ()
        terms = [f"ti:{word}" for word in words]
        terms += [f"au:{word}" for family in hint.families[:1] for word in _WORD.findall(family)[-1:]]
        return tuple(self._candidates({"search_query": " AND ".join(terms), "max_results": 10}))[:10]

    def _candidates(self, params: Params) -> list[Candidate]:
        url = f"{self._at.url}/api/query"
        entries = self._client.get(self._at, url, params, accept=_ATOM, parse=_entries) or []
        return [one for entry in objects(entries) if (one := _candidate(entry)) is not None]


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
    creators = [author_of(text(one.get("name"))) for one in objects(entry.get("authors"))]
    fields = {**arxiv_fields(arxiv), "date": month_in(entry.get("published"))}
    made = record("preprint", text(entry.get("title")), creators, fields)
    if made is None:
        return None
    doi = doi_in(first_text(entry.get("arxiv_doi")))
    published = "" if is_preprint_doi(doi) else doi
    pdf = Link("pdf", f"https://arxiv.org/pdf/{arxiv}", "PDF")
    return Candidate("arxiv", made, Identifiers(doi=published, arxiv=arxiv), (pdf,), preprint=True)
