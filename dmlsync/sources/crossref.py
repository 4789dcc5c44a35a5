"""Crossref: the REST API of api.crossref.org, through habanero (https://api.crossref.org/swagger-ui/index.html)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import httpx2

from dmlsync.errors import SourceRefusedError, SourceUnavailableError
from dmlsync.model import Identifiers
from dmlsync.sources.base import Candidate, Hint
from dmlsync.sources.crossref_record import candidate
from dmlsync.sources.habanero_client import asking_through
from dmlsync.sources.http import Client
from dmlsync.sources.records import batches, one_by_one
from dmlsync.sources.settings import DEFAULTS, Endpoint
from dmlsync.sources.values import inside, objects, text

BATCH = 50
"""DOIs asked for in one request: the address stays under 4 kB."""

_REGISTERED_ELSEWHERE = ("10.48550/", "10.5281/")  # arXiv and Zenodo register with DataCite


class Crossref:
    """The publishers' own records, looked up by DOI in batches or searched for by title and authors."""

    name = "crossref"
    titles_at_once = 1

    def __init__(self, client: Client, endpoint: Endpoint = DEFAULTS["crossref"]) -> None:
        self._client = client
        self._at = endpoint

    def lookup(self, identifiers: Sequence[Identifiers]) -> Mapping[Identifiers, Candidate]:
        """The records of those works that have a DOI which Crossref may know."""
        wanted = [one.doi for one in identifiers if one.doi and not one.doi.startswith(_REGISTERED_ELSEWHERE)]
        messages: dict[str, Mapping[str, Any]] = {}
        for batch in batches((doi for doi in wanted if "," not in doi), BATCH):
            messages |= self._batch(batch)
        for doi in wanted:
            if "," in doi:  # a comma would split the filter
                messages |= self._one(doi)
        found = {doi: made for doi, message in messages.items() if (made := candidate(message)) is not None}
        return {one: found[one.doi] for one in identifiers if one.doi in found}

    def search(self, hints: Sequence[Hint]) -> Mapping[Hint, Sequence[Candidate]]:
        """What Crossref ranks first for the title and the authors' family names."""
        return one_by_one(self._search, hints)

    def _search(self, hint: Hint) -> Sequence[Candidate]:
        query = {"query_bibliographic": hint.title[:500], "query_author": " ".join(hint.families[:5])[:200]}
        answer = self._works(lambda works: works(limit=10, **{name: words for name, words in query.items() if words}))
        found = (candidate(message) for message in objects(inside(answer, "message", "items")))
        return tuple(one for one in found if one is not None)[:10]

    def _batch(self, dois: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """The messages of a batch by DOI; one malformed DOI makes Crossref refuse all, so a refused batch is halved."""
        try:
            answer = self._works(lambda works: works(filter={"doi": list(dois)}, limit=len(dois)))
        except SourceRefusedError:
            if len(dois) == 1:
                return {}
            half = len(dois) // 2
            return self._batch(dois[:half]) | self._batch(dois[half:])
        asked = set(dois)
        messages = objects(inside(answer, "message", "items"))
        return {doi: message for message in messages if (doi := text(message.get("DOI")).lower()) in asked}

    def _one(self, doi: str) -> dict[str, Mapping[str, Any]]:
        # habanero does not quote ids: `#` and `?` would cut them, and another work's record would come back.
        answer = self._works(lambda works: works(ids=quote(doi, safe="")))
        message = inside(answer, "message")
        return {doi: message} if text(inside(message, "DOI")).lower() == doi else {}

    def _works(self, ask: Callable[[Callable[..., Any]], Any]) -> Any | None:
        """Let habanero ask, through our client; None if there is no such thing."""
        from habanero import Crossref as Habanero
        from habanero.exceptions import RequestError

        try:
            with asking_through(self._get):
                return ask(Habanero(base_url=self._at.url).works)
        except httpx2.HTTPStatusError as error:
            if error.response.status_code == 404:
                return None
            raise SourceRefusedError(self.name, f"answers {error.response.status_code}") from error
        except RequestError as error:
            raise SourceRefusedError(self.name, str(error)) from error
        except (RuntimeError, KeyError) as error:  # what habanero makes of an answer it cannot read
            raise SourceUnavailableError(self.name, "the answer is damaged", "ask again later") from error

    def _get(self, url: str, params: Mapping[str, Any]) -> httpx2.Response:
        answer = self._client.get_json(self._at, url, {name: str(value) for name, value in params.items()})
        request = httpx2.Request("GET", url)
        if answer is None:
            return httpx2.Response(404, request=request, text="Resource not found.")
        if not isinstance(inside(answer, "message"), Mapping):
            raise SourceUnavailableError(self.name, "the answer is damaged", "ask again later")
        return httpx2.Response(200, request=request, json=answer)
