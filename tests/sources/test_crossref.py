from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from dmlsync.errors import SourceRefusedError, SourceUnavailableError
from dmlsync.model import Creator, Identifiers
from dmlsync.sources.base import Hint, Source
from dmlsync.sources.crossref import Crossref
from dmlsync.sources.crossref_record import candidate
from dmlsync.sources.http import Client
from dmlsync.sources.settings import Endpoint

Over = Callable[..., tuple[Source, Client]]

MESSAGE = {
    "DOI": "10.1109/x.1",
    "type": "proceedings-article",
    "title": ["A Title"],
    "author": [{"given": "Ann", "family": "Lee"}],
    "container-title": ["2015 IEEE Conference on Things"],
    "issued": {"date-parts": [[2015, 6]]},
}


def made(**changes: Any) -> Any:
    found = candidate({**MESSAGE, **changes})
    assert found is not None
    return found


def answering(items: list[dict[str, Any]]) -> Callable[[httpx2.Request], httpx2.Response]:
    """Crossref with these records, as it answers a filter, a search and a single id."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked = request.url.params.get("filter", "")
        if "?" in str(request.url):
            wanted = [part.removeprefix("doi:").lower() for part in asked.split(",")]
            found = [one for one in items if not asked or one["DOI"].lower() in wanted]
            return httpx2.Response(200, json={"message": {"items": found, "total-results": len(found)}})
        doi = request.url.path.rpartition("/works/")[2]
        one = next((one for one in items if one["DOI"] == doi), None)
        return httpx2.Response(200, json={"message": one}) if one else httpx2.Response(404, text="Resource not found.")

    return answer


def test_all_of_a_batch_come_back_although_twenty_is_the_services_default(source_over: Over) -> None:
    seen: list[httpx2.Request] = []
    items = [{**MESSAGE, "DOI": f"10.1109/X.{number}"} for number in range(45)]

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return answering(items)(request)

    source, _ = source_over("crossref", answer)
    assert len(source.lookup([Identifiers(doi=one["DOI"].lower()) for one in items])) == 45
    assert [request.url.params["rows"] for request in seen] == ["45"]


def test_a_doi_with_a_comma_is_asked_for_alone(source_over: Over) -> None:
    items = [{**MESSAGE, "DOI": "10.1000/a,b"}, {**MESSAGE, "DOI": "10.1000/c"}]
    source, client = source_over("crossref", answering(items))
    asked = [Identifiers(doi="10.1000/a,b"), Identifiers(doi="10.1000/c"), Identifiers(doi="10.1000/d,e")]
    assert list(source.lookup(asked)) == asked[:2]
    assert client.requests == 3


@pytest.mark.parametrize(
    "doi", ["10.1000/a#b,c", "10.1000/a?b,c", "10.1000/a b,c", "10.1000/a%2fb,c", "10.1000/<a>;b,c"]
)
def test_ids_are_quoted(doi: str, source_over: Over) -> None:
    seen: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.url.raw_path.decode())
        return httpx2.Response(200, json={"message": {**MESSAGE, "DOI": "10.1000/a"}})

    source, _ = source_over("crossref", answer)
    assert source.lookup([Identifiers(doi=doi)]) == {}, "another work's record must not be taken"
    assert len(seen) == 1 and not any(sign in seen[0].rpartition("/works/")[2] for sign in "#? /<>;,")


@pytest.mark.parametrize(
    "doi", ["10.1002/(sici)1(1998)49:8<693::aid>3.0.co;2-o", "10.1000/a#b", "10.1000/a&b=c", "10.1000/a+b"]
)
def test_signs_in_a_doi_arrive_in_a_batch_as_they_are(doi: str, source_over: Over) -> None:
    source, client = source_over("crossref", answering([{**MESSAGE, "DOI": doi}, MESSAGE]))
    asked = [Identifiers(doi=doi), Identifiers(doi="10.1109/x.1")]
    assert list(source.lookup(asked)) == asked
    assert client.requests == 1


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (
            400,
            json.dumps({"status": "failed", "message": [{"type": "parameter", "message": "bad"}]}),
            SourceRefusedError,
        ),
        (400, "no JSON", SourceRefusedError),
        (403, json.dumps({"message": "blocked"}), SourceUnavailableError),
        (500, "down", SourceUnavailableError),
        (200, json.dumps({"status": "ok"}), SourceUnavailableError),
        (200, "[]", SourceUnavailableError),
        (200, "half {", SourceUnavailableError),
    ],
)
def test_habaneros_errors_are_the_two_of_the_port(
    status: int, body: str, error: type[Exception], source_over: Over
) -> None:
    source, _ = source_over("crossref", lambda _: httpx2.Response(status, text=body))
    with pytest.raises(error):
        source.search([Hint("A Title")])


class _Counting(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    connections: int = 0

    def setup(self) -> None:
        type(self).connections += 1
        super().setup()

    def do_GET(self) -> None:
        body = json.dumps({"message": {"items": [], "total-results": 0}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


def test_all_requests_go_through_one_connection() -> None:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Counting) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        at = Endpoint("crossref", f"http://127.0.0.1:{server.server_port}", rate=1000, fixed=True)
        with Client([at]) as client:
            Crossref(client, at).search([Hint(f"Title {number}") for number in range(5)])
            assert client.requests == 5
        server.shutdown()
        thread.join()
    assert _Counting.connections == 1


def test_a_malformed_doi_does_not_take_its_batch_with_it(source_over: Over) -> None:
    items = [{**MESSAGE, "DOI": f"10.1109/x.{number}"} for number in range(7)]

    def answer(request: httpx2.Request) -> httpx2.Response:
        if "bad" in request.url.params["filter"]:
            return httpx2.Response(400, json={"status": "failed", "message": [{"type": "x", "message": "no DOI"}]})
        return answering(items)(request)

    source, _ = source_over("crossref", answer)
    found = source.lookup([*(Identifiers(doi=one["DOI"]) for one in items), Identifiers(doi="10.1000/bad")])
    assert len(found) == 7


def test_dois_of_other_registries_are_not_asked_for(source_over: Over) -> None:
    source, client = source_over("crossref", answering([]))
    assert source.lookup([Identifiers(doi="10.48550/arxiv.1503.03832", arxiv="1503.03832")]) == {}
    assert client.requests == 0


def test_the_mail_address_is_sent_for_the_polite_pool(source_over: Over) -> None:
    seen: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers["user-agent"])
        return answering([])(request)

    source, _ = source_over("crossref", answer, mailto="lab@example.org")
    source.search([Hint("A Title", ("Lee",))])
    assert "mailto:lab@example.org" in seen[0] and seen[0].startswith("dmlsync/")


def test_two_sources_in_one_process_do_not_mix_up_their_clients(source_over: Over) -> None:
    one, first = source_over("crossref", answering([MESSAGE]))
    other, second = source_over("crossref", answering([]))
    assert len(one.search([Hint("A Title")])) == 1
    assert len(other.search([Hint("A Title")])) == 0
    assert (first.requests, second.requests) == (1, 1)


@pytest.mark.parametrize(
    ("kind", "containers", "item_type"),
    [
        ("proceedings-article", ["2015 IEEE Conference on Things"], "conferencePaper"),
        ("journal-article", ["Symmetry"], "journalArticle"),
        ("journal-article", ["Proceedings of the AAAI Conference on Artificial Intelligence"], "conferencePaper"),
        ("journal-article", ["Proceedings of the IEEE"], "journalArticle"),
        ("journal-article", ["IEEE Transactions on Pattern Analysis and Machine Intelligence"], "journalArticle"),
        (
            "book-chapter",
            ["Lecture Notes in Computer Science", "Similarity-Based Pattern Recognition"],
            "conferencePaper",
        ),
        ("book-chapter", ["Proceedings of the 2010 SIAM International Conference on Data Mining"], "conferencePaper"),
        ("book-chapter", ["Metric Learning: An Introduction"], "bookSection"),
        ("monograph", [], "book"),
        ("dissertation", [], "thesis"),
        ("posted-content", [], "preprint"),
    ],
)
def test_types_are_mapped_by_what_the_container_is(kind: str, containers: list[str], item_type: str) -> None:
    assert made(type=kind, **{"container-title": containers}).record.item_type == item_type


@pytest.mark.parametrize("kind", ["component", "peer-review", "proceedings", "journal-issue", "grant", "", None])
def test_what_is_no_work_of_its_own_is_left_out(kind: str | None) -> None:
    assert candidate({**MESSAGE, "type": kind}) is None


def test_a_chapter_of_lncs_has_its_series_and_its_conference() -> None:
    asserted = [{"name": "conference_name", "value": "European Conference on Computer Vision"}]
    found = made(
        type="book-chapter",
        assertion=asserted,
        **{"container-title": ["Lecture Notes in Computer Science", "Computer Vision – ECCV 2020"]},
    )
    assert found.record.get("series") == "Lecture Notes in Computer Science"
    assert found.record.get("proceedingsTitle") == "Computer Vision – ECCV 2020"
    assert found.record.get("conferenceName") == "European Conference on Computer Vision"


def test_a_paper_has_a_year_and_an_article_a_month() -> None:
    print_later = {"published-online": {"date-parts": [[2020, 1]]}, "published-print": {"date-parts": [[2021, 3, 4]]}}
    assert made(**print_later).record.get("date") == "2021"
    assert made(type="journal-article", **{"container-title": ["J"]}, **print_later).record.get("date") == "2021-03"
    assert made(issued={"date-parts": [[None]]}).record.get("date") == ""


def test_a_subtitle_completes_the_title_once() -> None:
    assert made(title=["BIER"], subtitle=["Boosting Robustly"]).record.title == "BIER: Boosting Robustly"
    assert made(title=["BIER: Boosting"], subtitle=["Boosting"]).record.title == "BIER: Boosting"


def test_names_keep_suffixes_and_groups() -> None:
    people = [
        {"given": "Martin", "family": "King", "suffix": "Jr."},
        {"name": "The OpenMetric Team"},
        {"family": "Plato"},
        {},
    ]
    assert made(author=people).record.creators == (
        Creator("King", "Martin, Jr."),
        Creator(name="The OpenMetric Team"),
        Creator(name="Plato"),
    )


def test_a_preprint_names_the_paper_it_became_and_a_paper_its_preprint() -> None:
    became = {"is-preprint-of": [{"id-type": "doi", "id": "10.1109/X.2"}]}
    posted = made(type="posted-content", DOI="10.21203/rs.3.rs-1/v1", relation=became)
    assert posted.preprint
    assert posted.identifiers.doi == "10.1109/x.2"
    assert posted.record.get("DOI") == "10.21203/rs.3.rs-1/v1"
    was = {"has-preprint": [{"id-type": "doi", "id": "10.48550/arXiv.1503.03832"}]}
    paper = made(relation=was)
    assert paper.identifiers.arxiv == paper.record.get("arXiv") == "1503.03832"


def test_only_pdfs_that_anyone_may_read_are_links() -> None:
    links = [
        {"URL": "https://ojs.aaai.org/index.php/AAAI/article/download/1/2", "content-type": "application/pdf"},
        {"URL": "http://xplorestaging.ieee.org/ielx7/1.pdf", "content-type": "application/pdf"},
        {"URL": "https://example.org/x", "content-type": "text/html"},
        {"URL": "javascript:alert(1)", "content-type": "application/pdf"},
    ]
    assert [one.url for one in made(link=links).links] == ["https://ojs.aaai.org/index.php/AAAI/article/download/1/2"]


def test_the_landing_page_is_not_the_resolver() -> None:
    assert made(resource={"primary": {"URL": "https://doi.org/10.1/x"}}).record.get("url") == ""
    ieee = made(resource={"primary": {"URL": "http://ieeexplore.ieee.org/document/7298682/"}})
    assert ieee.record.get("url") == ieee.identifiers.page == "https://ieeexplore.ieee.org/document/7298682"
