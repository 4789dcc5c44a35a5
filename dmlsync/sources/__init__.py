"""Services that know records, one module each, behind the port in `base`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dmlsync.sources.base import Source
    from dmlsync.sources.http import Client
    from dmlsync.sources.settings import Endpoint, Settings

NAMES = ("crossref", "dblp", "arxiv", "datacite", "openalex", "semanticscholar", "pages")
"""All sources there are, by their names in the configuration."""


def endpoints(names: Iterable[str] = NAMES, settings: Mapping[str, Settings] | None = None) -> tuple[Endpoint, ...]:
    """Where the named sources are, under the settings given; what `Client` has to know."""
    from dmlsync.sources.settings import endpoint

    return tuple(endpoint(name, (settings or {}).get(name)) for name in names)


def build(at: Iterable[Endpoint], client: Client) -> tuple[Source, ...]:
    """The sources at these endpoints, in their order, asking through `client`."""
    from dmlsync.sources.arxiv import Arxiv
    from dmlsync.sources.crossref import Crossref
    from dmlsync.sources.datacite import Datacite
    from dmlsync.sources.dblp import Dblp
    from dmlsync.sources.openalex import Openalex
    from dmlsync.sources.pages import Pages
    from dmlsync.sources.semanticscholar import Semanticscholar

    kinds = (Crossref, Dblp, Arxiv, Datacite, Openalex, Semanticscholar, Pages)
    makers = {kind.name: kind for kind in kinds}
    return tuple(makers[one.name](client, one) for one in at)
