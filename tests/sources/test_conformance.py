"""What every source must do; a new source joins by its line in SOURCES and its recorded answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from plain_candidates import plain

from dmlsync import schema
from dmlsync.errors import SourceRefusedError, SourceUnavailableError
from dmlsync.model import Identifiers
from dmlsync.sources import NAMES
from dmlsync.sources.base import Candidate, Hint, Source
from dmlsync.sources.http import Client

Over = Callable[..., tuple[Source, Client]]


@dataclass(frozen=True)
class Kind:
    """A source as the suite needs it: what it can do, its batch and media type, an empty answer, works to ask for."""

    name: str
    looks_up: bool
    searches: bool
    batch: int
    media: str
    empty: str
    work: Callable[[int], Identifiers]


def doi(number: int) -> Identifiers:
    return Identifiers(doi=f"10.1109/cvpr.{number}")


def arxiv(number: int) -> Identifiers:
    return Identifiers(arxiv=f"2001.{number:05d}")


def page(number: int) -> Identifiers:
    return Identifiers(page=f"https://site.example/{number}")


JSON, ATOM, HTML = "application/json", "application/atom+xml", "text/html"
FEED = '<feed xmlns="http://www.w3.org/2005/Atom"><title>arXiv Query</title></feed>'
NOTHING = (
    '{"message": {"items": [], "total-results": 0}, "data": [], "results": [], "result": {"hits": {"@total": "0"}}}'
)
SOURCES = [
    Kind("crossref", True, True, 50, JSON, NOTHING, doi),
    Kind("dblp", False, True, 0, JSON, NOTHING, doi),
    Kind("arxiv", True, True, 100, ATOM, FEED, arxiv),
    Kind("datacite", True, False, 50, JSON, NOTHING, arxiv),
    Kind("openalex", True, True, 50, JSON, NOTHING, doi),
    Kind("semanticscholar", True, True, 500, JSON, NOTHING, doi),
    Kind("pages", True, False, 1, HTML, "<html></html>", page),
]
HINT = Hint("Deep Metric Learning via Lifted Structured Feature Embedding", ("Song",), 2016)

every = pytest.mark.parametrize("kind", SOURCES, ids=lambda kind: kind.name)
looking_up = pytest.mark.parametrize("kind", [kind for kind in SOURCES if kind.looks_up], ids=lambda kind: kind.name)
searching = pytest.mark.parametrize("kind", [kind for kind in SOURCES if kind.searches], ids=lambda kind: kind.name)


def always(kind: Kind, body: str, status: int = 200, media: str = "") -> Callable[[httpx2.Request], httpx2.Response]:
    return lambda _: httpx2.Response(status, headers={"content-type": media or kind.media}, text=body)


def ask(kind: Kind, source: Source) -> list[Candidate]:
    """Everything that a source can be asked."""
    found = list(source.lookup([kind.work(1), kind.work(2)]).values())
    return [*found, *source.search([HINT]).get(HINT, ())]


def test_the_suite_covers_all_sources() -> None:
    assert [kind.name for kind in SOURCES] == list(NAMES)


@every
def test_it_goes_by_its_name_in_the_configuration(kind: Kind, source_over: Over) -> None:
    assert source_over(kind.name, always(kind, kind.empty))[0].name == kind.name


@every
def test_recorded_answers_become_the_expected_records(kind: Kind, replayed: Any, expected: Any) -> None:
    source, _ = replayed(kind.name)
    questions = [(Identifiers(**one["identifiers"]), one["candidate"]) for one in expected(kind.name)["lookup"]]
    found = source.lookup([identifiers for identifiers, _ in questions])
    assert {one: plain(candidate) for one, candidate in found.items()} == {one: what for one, what in questions if what}
    for one in expected(kind.name)["search"]:
        hint = Hint(one["title"], tuple(one["families"]), one["year"])
        offered = source.search([hint]).get(hint, ())
        assert len(offered) == one["count"] <= 10
        assert (plain(offered[0]) if offered else None) == one["first"]


@every
def test_records_keep_the_promises_of_the_model(kind: Kind, replayed: Any, expected: Any) -> None:
    source, _ = replayed(kind.name)
    found = list(source.lookup([Identifiers(**one["identifiers"]) for one in expected(kind.name)["lookup"]]).values())
    for one in expected(kind.name)["search"]:
        hint = Hint(one["title"], tuple(one["families"]), one["year"])
        found += source.search([hint]).get(hint, ())
    assert found
    for candidate in found:
        record = candidate.record
        assert candidate.source == kind.name
        assert record.title and record.creators
        assert set(record.fields) <= {*schema.fields_of(record.item_type), "arXiv"}
        assert re.fullmatch(r"(\d{4}(-\d\d)?)?", record.get("date"))
        assert re.fullmatch(r"[\w.:]*(-[\w.:]+)?", record.get("pages"))
        assert not record.get("DOI").startswith(("http", "doi:"))
        assert "doi.org/" not in record.get("url")
        assert candidate.identifiers.doi == candidate.identifiers.doi.lower()
        assert all(link.kind == "pdf" and link.url.startswith(("http://", "https://")) for link in candidate.links)
        assert candidate.preprint == (record.item_type == "preprint")
        if record.item_type == "preprint":
            assert not record.get("arXiv")
        for value in record.fields.values():
            assert value == " ".join(value.split())


@every
def test_no_question_costs_no_request(kind: Kind, source_over: Over) -> None:
    source, client = source_over(kind.name, always(kind, kind.empty))
    assert source.lookup([]) == {}
    assert source.lookup([Identifiers()]) == {}
    assert source.search([]) == {}
    assert source.search([Hint(""), Hint(" ?! ")]) == {}
    assert client.requests == 0


@every
def test_what_is_not_known_is_an_answer(kind: Kind, source_over: Over) -> None:
    for body, status in ((kind.empty, 200), ("", 404)):
        source, _ = source_over(kind.name, always(kind, body, status))
        assert ask(kind, source) == []


@looking_up
def test_lookups_are_batched_and_ask_for_each_work_once(kind: Kind, source_over: Over) -> None:
    source, client = source_over(kind.name, always(kind, kind.empty))
    works = [kind.work(number) for number in range(1, 2 * kind.batch + 2)]
    assert source.lookup([*works, *works]) == {}
    assert client.requests == 3


@every
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 520])
def test_a_service_that_is_down_is_unavailable(kind: Kind, status: int, source_over: Over) -> None:
    source, _ = source_over(kind.name, always(kind, "down", status))
    with pytest.raises(SourceUnavailableError) as caught:
        assert not ask(kind, source)
    assert caught.value.source == kind.name


@every
def test_a_broken_connection_is_unavailable(kind: Kind, source_over: Over) -> None:
    def broken(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    with pytest.raises(SourceUnavailableError):
        ask(kind, source_over(kind.name, broken)[0])


@every
@pytest.mark.parametrize(
    "body", ['{"message": {"items": [{"DO', FEED[:40], "", "http://127.0.0.1:9/feed", "pyproject.toml"]
)
def test_half_an_answer_is_unavailable(kind: Kind, body: str, source_over: Over) -> None:
    source, _ = source_over(kind.name, always(kind, body))
    if kind.media == HTML:  # half a page is a page that says less
        assert ask(kind, source) == []
        return
    with pytest.raises(SourceUnavailableError):
        ask(kind, source)


@every
def test_the_web_page_of_a_portal_is_no_answer(kind: Kind, source_over: Over) -> None:
    source, _ = source_over(kind.name, always(kind, "<html><body>Sign in to the network</body></html>", media=HTML))
    if kind.media == HTML:
        assert ask(kind, source) == []
        return
    with pytest.raises(SourceUnavailableError):
        ask(kind, source)


@searching
@pytest.mark.parametrize("status", [400, 406, 422])
def test_a_search_that_is_not_answered_ever_is_refused(kind: Kind, status: int, source_over: Over) -> None:
    for body in ('{"status": "error", "message": "no"}', '{"message": [{"message": "bad"}]}', "no"):
        with pytest.raises(SourceRefusedError):
            source_over(kind.name, always(kind, body, status))[0].search([HINT])


@searching
@pytest.mark.parametrize("status", [401, 403])
def test_a_network_or_key_that_may_not_ask_says_nothing_of_the_question(
    kind: Kind, status: int, source_over: Over
) -> None:
    with pytest.raises(SourceUnavailableError, match=f"answers {status}"):
        source_over(kind.name, always(kind, "no", status))[0].search([HINT])


NESTED = "[" * 100_000
CROSSREF_JUNK = {
    "DOI": "10.1109/cvpr.1", "type": "journal-article", "title": [None, "T"], "author": [None, {"name": 3}],
    "issued": {"date-parts": [["2015", "x"]]}, "container-title": "C", "link": [{"URL": 4}], "relation": [],
}  # fmt: skip
DBLP_JUNK = {"info": {"type": "Journal Articles", "title": "T.", "authors": {"author": ["A B", None]}}}
DATACITE_JUNK = {
    "doi": "10.48550/arxiv.2001.00001",
    "titles": [{"title": None}, {"title": "T"}],
    "creators": [{"name": 1}],
}
OPENALEX_JUNK = {
    "doi": "https://doi.org/10.1109/cvpr.1",
    "type": "article",
    "title": "T",
    "authorships": [None, {"author": None}],
}
JUNK: list[Any] = [
    None,
    [],
    {},
    "text",
    1,
    [None],
    [[]],
    {"message": None},
    {"message": {"total-results": 5, "items": [None, 1, "x", {}, []]}},
    {
        "message": {
            "items": [{"DOI": 1, "type": [], "title": {"a": 1}, "author": "x", "issued": {"date-parts": [[None]]}}]
        }
    },
    {"message": {"total-results": 1, "items": [CROSSREF_JUNK]}},
    {"result": {"hits": {"hit": [DBLP_JUNK, {"info": 3}]}}},
    {"data": [{"attributes": DATACITE_JUNK}]},
    {"results": [OPENALEX_JUNK]},
    {"data": [{"title": "T", "externalIds": None, "authors": None, "year": "n/a"}]},
    [{"title": "T", "externalIds": {"DOI": 5}, "authors": [{"name": None}], "journal": "x"}, 7],
]


@every
@pytest.mark.parametrize("value", JUNK, ids=lambda value: json.dumps(value)[:40])
def test_an_answer_of_any_shape_is_survived(kind: Kind, value: Any, source_over: Over) -> None:
    try:
        found = ask(kind, source_over(kind.name, always(kind, json.dumps(value)))[0])
    except SourceUnavailableError:
        return
    assert all(candidate.record.title for candidate in found)


@every
def test_an_answer_that_is_too_deep_to_read_is_survived(kind: Kind, source_over: Over) -> None:
    with suppress(SourceUnavailableError):
        assert ask(kind, source_over(kind.name, always(kind, NESTED))[0]) == []


@every
def test_an_answer_that_is_too_large_is_not_read(kind: Kind, source_over: Over) -> None:
    source, client = source_over(kind.name, always(kind, "x" * 40_000_000))
    with suppress(SourceRefusedError):
        assert ask(kind, source) == []
    assert client.requests <= 4
