"""What is special about each registry but Crossref, on the smallest answer that shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from dmlsync.model import Creator, Identifiers
from dmlsync.sources.base import Candidate, Hint, Source
from dmlsync.sources.http import Client

Over = Callable[..., tuple[Source, Client]]
HINT = Hint("A Title of Several Long Words", ("van der Maaten",))


@pytest.fixture
def first(source_over: Over) -> Callable[..., Candidate]:
    """The first candidate that a source offers for one answer."""

    def offered(name: str, answer: Any) -> Candidate:
        body = {"text": answer} if isinstance(answer, str) else {"json": answer}
        source, _ = source_over(name, lambda _: httpx2.Response(200, **body))
        if name == "datacite":
            return next(iter(source.lookup([Identifiers(arxiv="2001.00001")]).values()))
        return source.search([HINT])[HINT][0]

    return offered


FEED = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"><title>Query</title>
<entry><id>http://arxiv.org/api/errors#incorrect_id</id><title>Error</title></entry>
<entry><id>http://arxiv.org/abs/cs/0112017v1</id><title>A
  Title &lt; B</title><published>2001-12-11T18:21:44Z</published><author><name>Ann Lee</name></author>
  <arxiv:doi>10.1109/X.1</arxiv:doi><arxiv:comment>CVPR 2002</arxiv:comment></entry></feed>"""


def test_arxivs_errors_are_no_papers_and_a_published_doi_is_an_identifier(first: Any) -> None:
    found = first("arxiv", FEED)
    assert found.identifiers == Identifiers(doi="10.1109/x.1", arxiv="cs/0112017")
    assert found.record.title == "A Title < B"
    assert found.record.get("DOI") == "10.48550/arXiv.cs/0112017"
    assert "CVPR" not in str(found.record.fields)


def dblp(*infos: dict[str, Any]) -> dict[str, Any]:
    return {"result": {"hits": {"hit": [{"info": info} for info in infos]}}}


def test_dblps_marks_are_taken_off(first: Any) -> None:
    authors = {"author": {"@pid": "1", "text": "Wei Wang 0025"}}
    info = {
        "type": "Conference and Workshop Papers",
        "title": "Cats &amp; Dogs.",
        "authors": authors,
        "venue": ["CVPR", "X"],
    }
    found = first("dblp", dblp(info | {"year": "2020", "pages": "1-9", "ee": "https://doi.org/10.1109/X.1"}))
    assert found.record.title == "Cats & Dogs"
    assert found.record.creators == (Creator("Wang", "Wei"),)
    assert found.record.get("proceedingsTitle") == "CVPR"
    assert found.identifiers.doi == "10.1109/x.1"
    assert found.record.get("url") == ""


def test_dblps_corr_is_arxiv(first: Any) -> None:
    info = {
        "type": "Informal and Other Publications",
        "title": "T.",
        "venue": "CoRR",
        "volume": "abs/2001.00001",
        "year": "2020",
    }
    found = first("dblp", dblp(info))
    assert found.preprint
    assert found.record.get("archiveID") == "arXiv:2001.00001"
    assert found.identifiers == Identifiers(arxiv="2001.00001")


def test_dblp_is_asked_a_second_time_with_fewer_words(source_over: Over) -> None:
    seen: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.url.params["q"])
        return httpx2.Response(200, json=dblp())

    source, _ = source_over("dblp", answer)
    assert source.search([Hint('Words: "50%" | of-it$ all (again)', ("van der Maaten",))]) == {}
    assert seen == ["Words 50 of it all again", "Words again all 50 Maaten"]


def test_datacite_knows_the_published_version(first: Any) -> None:
    related = [{"relationType": "IsVersionOf", "relatedIdentifier": "10.1109/X.1"}]
    creators = [{"nameType": "Organizational", "name": "The Lab"}, {"name": "Lee, Ann"}]
    attributes = {
        "doi": "10.48550/arxiv.2001.00001",
        "titles": [{"title": "T"}],
        "relatedIdentifiers": related,
        "creators": creators,
    }
    found = first("datacite", {"data": [{"attributes": attributes}]})
    assert found.identifiers == Identifiers(doi="10.1109/x.1", arxiv="2001.00001")
    assert found.record.creators == (Creator(name="The Lab"), Creator("Lee", "Ann"))


def openalex(**changes: Any) -> dict[str, Any]:
    work = {"doi": "https://doi.org/10.1000/a", "type": "article", "title": "T", "publication_year": 2020}
    return {"results": [work | changes]}


@pytest.mark.parametrize(
    ("kind", "place", "item_type"),
    [
        ("article", {"type": "journal", "display_name": "Symmetry"}, "journalArticle"),
        ("article", {"type": "conference", "display_name": "CVPR"}, "conferencePaper"),
        ("article", {"type": "journal", "display_name": "Proceedings of the AAAI Conference on AI"}, "conferencePaper"),
        (
            "book-chapter",
            {"type": "book series", "display_name": "Lecture notes in computer science"},
            "conferencePaper",
        ),
        ("book-chapter", {"type": "ebook platform", "display_name": "A Book"}, "bookSection"),
        ("article", None, "document"),
    ],
)
def test_openalexs_articles_are_told_apart_by_where_they_appeared(
    kind: str, place: Any, item_type: str, first: Any
) -> None:
    found = first("openalex", openalex(type=kind, primary_location={"source": place}))
    assert found.record.item_type == item_type
    if place and place["type"] == "book series":
        assert found.record.get("series") == "Lecture notes in computer science"
        assert found.record.get("proceedingsTitle") == ""


def test_openalexs_first_of_january_is_no_month(first: Any) -> None:
    place = {"source": {"type": "journal", "display_name": "J"}}
    assert (
        first("openalex", openalex(publication_date="2020-01-01", primary_location=place)).record.get("date") == "2020"
    )
    assert (
        first("openalex", openalex(publication_date="2020-03-05", primary_location=place)).record.get("date")
        == "2020-03"
    )


def test_a_doi_that_would_split_openalexs_filter_is_asked_for_alone(source_over: Over) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if "filter" in request.url.params:
            return httpx2.Response(200, json=openalex())
        return httpx2.Response(200, json=openalex(doi="https://doi.org/10.1000/b,c")["results"][0])

    source, client = source_over("openalex", answer)
    asked = [Identifiers(doi="10.1000/a"), Identifiers(doi="10.1000/b,c")]
    assert list(source.lookup(asked)) == asked
    assert client.requests == 2


def test_semantic_scholars_answer_by_position_is_read_only_if_complete(source_over: Over) -> None:
    paper = {"title": "T", "year": 2020, "venue": "CVPR", "externalIds": {"ArXiv": "2001.00001"}}
    asked = [Identifiers(doi="10.1000/a"), Identifiers(arxiv="2001.00001")]
    source, _ = source_over("semanticscholar", lambda _: httpx2.Response(200, json=[None, paper]))
    assert list(source.lookup(asked)) == [asked[1]]
    source, _ = source_over("semanticscholar", lambda _: httpx2.Response(200, json=[paper]))
    assert source.lookup(asked) == {}


BOTH = {"ArXiv": "2001.00001", "DOI": "10.48550/arXiv.2001.00001"}
ARTICLE, CONFERENCE = "JournalArticle", "Conference"


@pytest.mark.parametrize(
    ("paper", "item_type"),
    [
        ({"venue": "arXiv.org", "externalIds": {"ArXiv": "2001.00001"}, "publicationTypes": [ARTICLE]}, "preprint"),
        ({"venue": "", "externalIds": BOTH}, "preprint"),
        ({"venue": "Computer Vision", "publicationTypes": [ARTICLE, CONFERENCE]}, "conferencePaper"),
        ({"venue": "European Conference on Computer Vision", "publicationTypes": None}, "conferencePaper"),
        ({"publicationVenue": {"type": "journal", "name": "J"}, "publicationTypes": [CONFERENCE]}, "journalArticle"),
    ],
)
def test_semantic_scholars_types_are_told_by_the_venue(paper: dict[str, Any], item_type: str, first: Any) -> None:
    assert first("semanticscholar", {"data": [{"title": "T", **paper}]}).record.item_type == item_type
