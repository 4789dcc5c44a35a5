"""Where the sources are, and how patient and how polite to be with each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Settings(Protocol):
    """What a configuration may say about a source; None leaves the default."""

    @property
    def url(self) -> str | None:
        """The base address."""
        ...

    @property
    def timeout(self) -> float | None:
        """Seconds to wait for a connection or for more of an answer."""
        ...

    @property
    def rate(self) -> float | None:
        """Requests per second at most."""
        ...


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A source as the client needs it: `name` for errors, base `url` without a slash at its end, seconds, requests/s.

    An empty `url` stands for a source without an address of its own (`pages` fetches the pages themselves).
    """

    name: str
    url: str
    timeout: float = 30.0
    rate: float = 10.0


DEFAULTS = {
    # Crossref tells its limit in each answer (`x-rate-limit-limit`), which then counts.
    "crossref": Endpoint("crossref", "https://api.crossref.org", timeout=45.0, rate=5.0),
    # "no more than one request per second": https://dblp.org/faq/1474706.html
    "dblp": Endpoint("dblp", "https://dblp.org", rate=1.0),
    # "no more than one request every three seconds": https://info.arxiv.org/help/api/tou.html
    "arxiv": Endpoint("arxiv", "https://export.arxiv.org", timeout=60.0, rate=1 / 3),
    "datacite": Endpoint("datacite", "https://api.datacite.org"),
    "openalex": Endpoint("openalex", "https://api.openalex.org"),
    # One request per second is what a key buys; without one, all users share a pool.
    "semanticscholar": Endpoint("semanticscholar", "https://api.semanticscholar.org", rate=1.0),
    "pages": Endpoint("pages", "", timeout=15.0, rate=2.0),
}
"""The real services, with the politeness that they ask for."""


def endpoint(name: str, settings: Settings | None = None) -> Endpoint:
    """The endpoint of a source under the settings given for it."""
    default = DEFAULTS[name]
    if settings is None:
        return default
    return Endpoint(
        name,
        default.url if settings.url is None else settings.url.rstrip("/"),
        default.timeout if settings.timeout is None else settings.timeout,
        default.rate if settings.rate is None else settings.rate,
    )
