"""The identifiers that an entry's links carry."""

from __future__ import annotations

from dmlsync.model import Entry, Identifiers
from dmlsync.text.identifiers import arxiv_in, doi_in, is_known_site, landing_page


def identifiers_of(entry: Entry) -> Identifiers:
    """DOI, arXiv id and landing page out of an entry's links, each the first one found; links to code say nothing.

    A page of a site with a known scheme goes before any other address; an arXiv page counts as arXiv id alone.
    """
    urls = [link.url for link in entry.links if link.kind != "code"]
    arxiv = next(filter(None, map(arxiv_in, urls)), "")
    doi = next((found for found in map(doi_in, urls) if found and not arxiv_in(found)), "")
    paged = [url for url in urls if not arxiv_in(url)]
    known = [page for url in paged if is_known_site(url) and (page := landing_page(url))]
    others = [page for url in paged if (page := landing_page(url))]
    return Identifiers(doi, arxiv, next(iter([*known, *others]), ""))
