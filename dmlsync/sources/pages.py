"""Landing pages: what the sites of proceedings and publishers say of a paper themselves.

For venues without Crossref records (NeurIPS, ICML, ICLR, most of BMVC) and for the open proceedings of CVPR and ICCV,
the page is the best source there is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit

from dmlsync.errors import SourceRefusedError, SourceUnavailableError
from dmlsync.model import Creator, Identifiers, Link, Record
from dmlsync.sources.base import Candidate, Hint
from dmlsync.sources.http import Client, DamagedAnswerError
from dmlsync.sources.page_reader import Page, read
from dmlsync.sources.people import author, author_of
from dmlsync.sources.records import arxiv_fields, is_proceedings, record
from dmlsync.sources.settings import DEFAULTS, Endpoint
from dmlsync.sources.values import month_in, objects, pages, text, year_in
from dmlsync.text.identifiers import arxiv_in, doi_in, is_known_site, landing_page
from dmlsync.text.links import pdf_url

_HTML = "text/html"
_CONFERENCE = ("citation_conference_title", "citation_conference")
_BOOK = ("citation_inbook_title", "citation_book_title")
_DATE = ("citation_publication_date", "citation_date", "citation_cover_date", "citation_year", "citation_online_date")


class Pages:
    """Records read off landing pages, one request a page.

    A page that a site will not show (403) is left out, as one that does not exist. If sites are down, the pages of the
    others are read all the same, so that the cache has them, before `SourceUnavailableError` is raised.
    """

    name = "pages"
    titles_at_once = 1

    def __init__(self, client: Client, endpoint: Endpoint = DEFAULTS["pages"]) -> None:
        self._client = client
        self._at = endpoint

    def lookup(self, identifiers: Sequence[Identifiers]) -> Mapping[Identifiers, Candidate]:
        """The records of those works that have a landing page."""
        found: dict[Identifiers, Candidate] = {}
        down: dict[str, SourceUnavailableError] = {}
        for one in dict.fromkeys(identifiers):
            site = urlsplit(one.page).netloc if one.page else ""
            if not site or site in down:
                continue
            try:
                made = self._candidate(one.page)
            except SourceUnavailableError as error:
                down[site] = error
            except SourceRefusedError:
                continue
            else:
                found |= {one: made} if made else {}
        if down:
            raise next(iter(down.values()))
        return found

    def search(self, hints: Sequence[Hint]) -> Mapping[Hint, Sequence[Candidate]]:
        """Nothing: pages are known by their addresses only."""
        return {}

    def _candidate(self, url: str) -> Candidate | None:
        at, params = (self._at.url, {"url": url}) if self._at.url else (url, None)
        try:
            page = self._client.get(self._at, at, params, accept=_HTML, parse=lambda html: _read(url, html))
        except DamagedAnswerError:  # not what the site shows of its papers; whatever it is, it will not be remembered
            return None
        return candidate(url, page) if page else None


def _read(url: str, html: str) -> Page:
    """The page; `ValueError` if it is to be a known site's but is something else, such as a test for robots."""
    page = read(html)
    if is_known_site(url) and not (page.tags or page.script or page.headings or page.bibtex):
        raise ValueError("a page that describes no paper")
    return page


def candidate(url: str, page: Page) -> Candidate | None:
    """What a page at an address says of its paper; None if it describes none."""
    arxiv = arxiv_in(page.tag("citation_arxiv_id")) or arxiv_in(url)
    if page.script:
        made = _of_script(page.script, url)
    elif page.tags.get("citation_title"):
        made = _of_arxiv(page, arxiv) if arxiv_in(url) else _of_tags(page, url)
    else:
        made = _of_headings(page, url) or _of_bibtex(page, url)
    if made is None:
        return None
    doi = doi_in(made.get("DOI")) or _doi_among(page.targets if not page.tags else ())
    if arxiv_in(url):
        doi = doi_in(page.tag("citation_doi"))
    pdf = _pdf(page, url)
    links = (Link("pdf", pdf, "PDF"),) if pdf else ()
    place = "" if arxiv_in(url) else landing_page(url)
    identifiers = Identifiers("" if arxiv_in(doi) else doi, arxiv, place)
    return Candidate("pages", made, identifiers, links, preprint=made.item_type == "preprint")


def _of_tags(page: Page, url: str) -> Record | None:
    """The record of the `citation_*` tags, with what the BibTeX entry of the page knows besides."""
    bibtex = page.bibtex
    conference, book, journal = page.tag(*_CONFERENCE), page.tag(*_BOOK), page.tag("citation_journal_title")
    if conference or is_proceedings(journal or book):
        proceedings = bibtex.get("booktitle") or book or journal or conference
        item_type, container = "conferencePaper", {"proceedingsTitle": proceedings}
        if conference and not conference.lower().startswith("proceedings"):
            container["conferenceName"] = conference
    elif journal:
        item_type, container = "journalArticle", {"publicationTitle": journal}
    elif book:
        item_type, container = "bookSection", {"bookTitle": book}
    else:
        item_type, container = "document", {}
    printed_pages = pages(page.tag("citation_firstpage"), page.tag("citation_lastpage"))
    date = page.tag(*_DATE)
    fields = {
        **container,
        "date": month_in(date) if item_type == "journalArticle" else year_in(date) or year_in(bibtex.get("year")),
        "volume": page.tag("citation_volume") or bibtex.get("volume", ""),
        "issue": page.tag("citation_issue"),
        "pages": printed_pages
        or pages(page.tag("citation_pages"))
        or pages(bibtex.get("pages", "").replace("--", "-")),
        "publisher": page.tag("citation_publisher") or bibtex.get("publisher", ""),
        "series": bibtex.get("series", ""),
        "DOI": _bare_doi(page.tag("citation_doi")),
        "url": landing_page(url),
    }
    return record(item_type, page.tag("citation_title"), _authors(page), fields)


def _of_arxiv(page: Page, arxiv: str) -> Record | None:
    """arXiv's own page: a preprint, whatever DOI it names."""
    fields = {**arxiv_fields(arxiv), "date": month_in(page.tag("citation_date"))}
    return record("preprint", page.tag("citation_title"), _authors(page), fields)


def _of_script(data: Mapping[str, Any], url: str) -> Record | None:
    """IEEE Xplore's page."""
    venue = text(data.get("publicationTitle"))
    conference = is_proceedings(venue)
    fields = {
        "proceedingsTitle" if conference else "publicationTitle": venue,
        "date": year_in(data.get("publicationYear")),
        "volume": text(data.get("volume")),
        "issue": text(data.get("issue")),
        "pages": pages(data.get("startPage"), data.get("endPage")),
        "publisher": "IEEE" if text(data.get("publisher")) == "IEEE" else "",
        "DOI": text(data.get("doi")),
        "url": landing_page(url),
    }
    people = [
        author(text(one.get("firstName")), text(one.get("lastName"))) or author_of(text(one.get("name")))
        for one in objects(data.get("authors"))
    ]
    title = text(data.get("formulaStrippedArticleTitle")) or text(data.get("title"))
    return record("conferencePaper" if conference else "journalArticle", title, people, fields)


def _of_headings(page: Page, url: str) -> Record | None:
    """ECVA's page: title and authors in two headings, the year in its address."""
    if "papertitle" not in page.headings:
        return None
    names = page.headings.get("authors", "").split(";")[0].split(",")
    volume = re.search(r"/eccv_(\d{4})/", url)
    fields = {"date": volume[1] if volume else "", "url": landing_page(url)}
    return record("conferencePaper", page.headings["papertitle"], map(author_of, names), fields)


def _of_bibtex(page: Page, url: str) -> Record | None:
    """A page that has nothing but its paper's BibTeX entry, as those of BMVC."""
    bibtex = page.bibtex
    names = [name for name in bibtex.get("author", "").split(" and ") if name.strip()]
    proceedings, journal = bibtex.get("booktitle", ""), bibtex.get("journal", "")
    if not names or not (proceedings or journal):
        return None
    fields = {
        "proceedingsTitle" if proceedings else "publicationTitle": proceedings or journal,
        "date": year_in(bibtex.get("year")),
        "volume": bibtex.get("volume", ""),
        "issue": bibtex.get("number", ""),
        "pages": pages(bibtex.get("pages", "").replace("--", "-")),
        "publisher": bibtex.get("publisher", ""),
        "series": bibtex.get("series", ""),
        "DOI": _bare_doi(bibtex.get("doi", "")),
        "url": landing_page(url),
    }
    item_type = "conferencePaper" if proceedings else "journalArticle"
    return record(item_type, bibtex.get("title", ""), map(author_of, names), fields)


def _authors(page: Page) -> list[Creator | None]:
    names = page.tags.get("citation_author") or page.tag("citation_authors").split(";")
    return [author_of(name) for name in names]


def _pdf(page: Page, url: str) -> str:
    """The PDF that a page names in its tags, that its address tells, or, on a page without tags, that it links to."""
    named = urljoin(url, page.tag("citation_pdf_url")) if page.tag("citation_pdf_url") else ""
    if named or (derived := pdf_url(url)):
        found = pdf_url(named) or named if named else derived
        return found if found.startswith(("http://", "https://")) else ""
    linked = (urljoin(url, target) for target in page.targets if "papertitle" in page.headings and "supp" not in target)
    return next(filter(None, map(pdf_url, linked)), "")


def _bare_doi(printed: str) -> str:
    """A DOI as a tag prints it, in the registrant's capitals, without a resolver."""
    at = printed.find("10.")
    bare = printed[at:].strip() if at >= 0 else ""
    return bare if bare.lower() == doi_in(printed) else doi_in(printed)


def _doi_among(targets: Sequence[str]) -> str:
    """The DOI that a page links to, if there is just one."""
    dois = {doi for target in targets if (doi := doi_in(target))}
    return dois.pop() if len(dois) == 1 else ""
