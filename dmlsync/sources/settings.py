"""Where the sources are, and how patient and how polite to be with each."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
class Key:
    """What makes a service know us, and the `header` or the `parameter` of the address in which it wants to see it."""

    value: str = field(repr=False)
    header: str = ""
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A source as the client needs it: `name` for errors, base `url` without a slash at its end, seconds, requests/s.

    An empty `url` stands for a source without an address of its own (`pages` fetches the pages themselves). `fixed` is
    true where a person set the rate: then what the service tells of its limits does not count.
    """

    name: str
    url: str
    timeout: float = 30.0
    rate: float = 10.0
    fixed: bool = False
    key: Key | None = None


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


# Variables that hold a key, and where the service wants it:
# https://api.semanticscholar.org/api-docs/graph and https://developers.openalex.org/guides/authentication
_KEYS = {
    "semanticscholar": ("SEMANTIC_SCHOLAR_API_KEY", "x-api-key", ""),
    "openalex": ("OPENALEX_API_KEY", "", "api_key"),
}


def endpoint(name: str, settings: Settings | None = None, environment: Mapping[str, str] = os.environ) -> Endpoint:
    """The endpoint of a source under the settings given for it, with the key that the environment holds for it."""
    default, key = DEFAULTS[name], _key(name, environment)
    if settings is None:
        return replace(default, key=key)
    return Endpoint(
        name,
        default.url if settings.url is None else settings.url.rstrip("/"),
        default.timeout if settings.timeout is None else settings.timeout,
        default.rate if settings.rate is None else settings.rate,
        fixed=settings.rate is not None,
        key=key,
    )


def _key(name: str, environment: Mapping[str, str]) -> Key | None:
    variable, header, parameter = _KEYS.get(name, ("", "", ""))
    value = environment.get(variable, "").strip()
    return Key(value, header, parameter) if value.isascii() and value.isprintable() and value else None
