from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from dmlsync.errors import SourceUnavailableError
from dmlsync.model import Identifiers
from dmlsync.sources.base import Source
from dmlsync.sources.cache import Cache
from dmlsync.sources.http import Client
from dmlsync.sources.page_reader import bibtex_fields, read
from dmlsync.sources.pages import Pages, candidate
from dmlsync.sources.settings import Endpoint

Over = Callable[..., tuple[Source, Client]]
TAGS = """<META NAME=citation_title content='A &amp; B'><meta property="citation_author" content="Lee, Ann">
<meta name="citation_publication_date" content="2020/07/13"><meta name="Citation_Author" content="Bo Li"/>"""


def made(url: str, html: str) -> Any:
    found = candidate(url, read(html))
    assert found is not None
    return found


def test_tags_are_read_in_any_spelling() -> None:
    page = read(TAGS)
    assert page.tags["citation_title"] == ["A & B"]
    assert page.tags["citation_author"] == ["Lee, Ann", "Bo Li"]


@pytest.mark.parametrize(
    ("tags", "item_type", "date"),
    [
        ('<meta name="citation_journal_title" content="Symmetry">', "journalArticle", "2020-07"),
        ('<meta name="citation_journal_title" content="Proceedings of a Conference">', "conferencePaper", "2020"),
        ('<meta name="citation_conference_title" content="ICML">', "conferencePaper", "2020"),
        ('<meta name="citation_inbook_title" content="Metric Learning">', "bookSection", "2020"),
        ("", "document", "2020"),
    ],
)  # fmt: skip
def test_the_container_tells_the_type(tags: str, item_type: str, date: str) -> None:
    record = made("https://site.example/paper", TAGS + tags).record
    assert (record.item_type, record.get("date")) == (item_type, date)


def test_bibtex_on_the_page_completes_the_tags() -> None:
    bibtex = """<pre>@InProceedings{pmlr-v1-lee, title = {A {B}}, booktitle = {Proceedings of the 37th {ICML}},
      pages = {1--9}, volume = 119, series = "PMLR", publisher = {\\input{evil}}, year = {2020} }</pre>"""
    record = made(
        "https://site.example/p", f'{TAGS}<meta name="citation_conference_title" content="ICML">{bibtex}'
    ).record
    assert record.get("proceedingsTitle") == "Proceedings of the 37th ICML"
    assert (record.get("volume"), record.get("series"), record.get("pages")) == ("119", "PMLR", "1-9")
    assert record.get("publisher") == ""


@pytest.mark.parametrize(
    "text",
    ["@article{x", "@article{x,", "@article{x, a = {", "@article{x, a = ", "@article{x, a", "", "@article{x, = 3}"],
)
def test_half_a_bibtex_entry_is_survived(text: str) -> None:
    assert bibtex_fields(text) == {}


def test_a_relative_pdf_link_is_completed() -> None:
    found = made("https://site.example/a/paper", f'{TAGS}<meta name="citation_pdf_url" content="../b.pdf">')
    assert [link.url for link in found.links] == ["https://site.example/b.pdf"]
    evil = made("https://site.example/a", f'{TAGS}<meta name="citation_pdf_url" content="javascript:alert(1)">')
    assert evil.links == ()


def test_arxivs_own_page_is_a_preprint_with_the_published_doi_as_identifier() -> None:
    tags = f'{TAGS}<meta name="citation_arxiv_id" content="2001.00001"><meta name="citation_doi" content="10.1109/X.1">'
    found = made("https://arxiv.org/abs/2001.00001", tags)
    assert found.preprint
    assert found.record.get("DOI") == "10.48550/arXiv.2001.00001"
    assert found.identifiers == Identifiers(doi="10.1109/x.1", arxiv="2001.00001")


def test_headings_and_links_of_ecva_are_read() -> None:
    html = """<div id="papertitle">A Title<br></div><div id="authors"><b><i>Ann Lee*, Bo Li</i></b>; ECCV</div>
      <a href="../papers/123_supp.pdf">supp</a><a href="../papers/123.pdf">pdf</a><a href="https://doi.org/10.1007/978-3-1_2">DOI</a>"""
    found = made("https://www.ecva.net/papers/eccv_2020/papers_ECCV/html/7_ECCV_2020_paper.php", html)
    assert found.record.title == "A Title"
    assert [str(one) for one in found.record.creators] == ["Ann Lee", "Bo Li"]
    assert (found.record.get("date"), found.identifiers.doi) == ("2020", "10.1007/978-3-1_2")
    assert [link.url for link in found.links] == ["https://www.ecva.net/papers/eccv_2020/papers_ECCV/papers/123.pdf"]


def test_a_page_that_describes_no_paper_is_none() -> None:
    assert candidate("https://site.example/", read("<html><title>Welcome</title></html>")) is None
    assert candidate("https://site.example/", read('<script>xplGlobal.document.metadata={"a": [')) is None


def test_pages_are_fetched_at_their_own_address_unless_another_is_set() -> None:
    seen: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(str(request.url))
        return httpx2.Response(200, html=TAGS)

    page = "https://openreview.net/forum?id=abcdef"
    for url in ("", "https://proxy.example/page"):
        at = Endpoint("pages", url, rate=1_000_000)
        client = Client([at], network=httpx2.MockTransport(answer))
        assert len(Pages(client, at).lookup([Identifiers(page=page)])) == 1
    assert seen == [page, "https://proxy.example/page?url=https%3A%2F%2Fopenreview.net%2Fforum%3Fid%3Dabcdef"]


def test_a_forbidden_page_is_left_out_and_a_dead_site_is_asked_once(source_over: Over) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        target = request.url.params["url"]
        return httpx2.Response(403 if "acm" in target else 503 if "down" in target else 200, html=TAGS)

    good, acm = Identifiers(page="https://good.example/1"), Identifiers(page="https://acm.example/1")
    source, _ = source_over("pages", answer)
    assert list(source.lookup([acm, good])) == [good]
    source, client = source_over("pages", answer)
    with pytest.raises(SourceUnavailableError):
        source.lookup([Identifiers(page=f"https://down.example/{number}") for number in range(5)] + [good])
    assert client.requests == 3  # twice the first page of the dead site, once the good one


def test_a_test_for_robots_on_a_known_site_is_not_remembered_as_its_page(tmp_path: Path) -> None:
    bodies = ["<p>Just a moment</p>"] * 3 + [TAGS]
    at = Endpoint("pages", "", rate=1_000_000)
    network = httpx2.MockTransport(lambda _: httpx2.Response(200, html=bodies.pop(0)))
    page = Identifiers(page="https://openreview.net/forum?id=abcdef")
    with Client([at], network=network, cache=Cache(tmp_path / "cache.sqlite")) as client:
        source = Pages(client, at)
        assert source.lookup([page]) == {}
        assert len(source.lookup([page])) == 1
