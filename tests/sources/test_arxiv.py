"""arXiv's search: several titles in one request, each answer with its title."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmlsync.sources.arxiv import LONGEST_QUERY, MOST_PER_TITLE, Arxiv
from dmlsync.sources.base import Hint, Source
from dmlsync.sources.http import Client
from dmlsync.sources.settings import Endpoint

Over = Callable[..., tuple[Source, Client]]
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def feed(titles: list[str]) -> str:
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/2001.{number:05d}v1</id><title>{escape(title)}</title>"
        "<published>2020-01-01T00:00:00Z</published><author><name>Ann Lee</name></author></entry>"
        for number, title in enumerate(titles, 1)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>arXiv Query</title>{entries}</feed>'


class Service:
    """arXiv with some titles: it answers with those that hold all words of any of the titles asked for."""

    def __init__(self, *titles: str) -> None:
        self.titles = titles
        self.queries: list[str] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        query, most = request.url.params["search_query"], int(request.url.params["max_results"])
        self.queries.append(query)
        groups = [re.findall(r"\bti:(\w+)", part) for part in query.split(" OR ")]
        hits = [one for one in self.titles if any(all(word in one.lower() for word in group) for group in groups)]
        return httpx2.Response(200, headers={"content-type": "application/atom+xml"}, text=feed(hits[:most]))


def titles_of(found: Any, hint: Hint) -> list[str]:
    return [one.record.title for one in found.get(hint, ())]


def test_ten_titles_are_one_request_and_each_has_its_own_candidates(source_over: Over) -> None:
    titles = [f"Learning Metric {number.title()}" for number in NUMBERS]
    service = Service(*titles)
    source, client = source_over("arxiv", service)
    hints = [Hint(title) for title in titles]
    found = source.search([*hints, *hints])
    assert client.requests == 2
    assert [titles_of(found, hint) for hint in hints] == [[title] for title in titles]


def test_a_title_that_nobody_wrote_has_no_candidates(source_over: Over) -> None:
    source, _ = source_over("arxiv", Service("Deep Metric Learning"))
    found = source.search([Hint("Deep Metric Learning"), Hint("Quokka Embeddings")])
    assert list(found) == [Hint("Deep Metric Learning")]


def test_a_title_with_many_hits_does_not_crowd_the_others_out(source_over: Over) -> None:
    crowd = [f"Metric Learning of Kind {number}" for number in range(60)]
    service = Service(*crowd, "Rare Words", "Other Words")
    source, client = source_over("arxiv", service)
    hints = [Hint("Metric Learning"), Hint("Rare Words"), Hint("Other Words")]
    found = source.search(hints)
    assert [len(found[hint]) for hint in hints] == [MOST_PER_TITLE, 1, 1]
    assert client.requests <= 5


def test_words_that_arxiv_compares_by_their_stem_find_their_title(source_over: Over) -> None:
    answer = httpx2.Response(200, headers={"content-type": "application/atom+xml"}, text=feed(["Networks of Cats"]))
    source, _ = source_over("arxiv", lambda _: answer)
    assert titles_of(source.search([Hint("Cat Networks"), Hint("Metric Dogs")]), Hint("Cat Networks")) == [
        "Networks of Cats"
    ]


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ('"Quoted" (and bracketed): words', "ti:quoted AND ti:bracketed AND ti:words"),
        ("To Be OR Not AND ANDNOT cat:cs.CV", "ti:not AND ti:cat AND ti:cs AND ti:cv"),
        ("Loss ti:x au:y [1] {2} \\ * ? ~", "ti:loss AND ti:ti AND ti:x AND ti:au AND ti:y AND ti:1 AND ti:2"),
        ("O(n²) search & rescue", "ti:o AND ti:n² AND ti:search AND ti:rescue"),
    ],
)
def test_signs_and_operators_in_a_title_mean_nothing(title: str, query: str, source_over: Over) -> None:
    service = Service()
    source_over("arxiv", service)[0].search([Hint(title)])
    assert service.queries == [query]


def test_the_first_author_is_asked_for_with_each_title(source_over: Over) -> None:
    service = Service()
    source_over("arxiv", service)[0].search([Hint("Deep Cats", ("van der Maaten", "Hinton")), Hint("Dogs")])
    assert service.queries == ["(ti:deep AND ti:cats AND au:maaten) OR (ti:dogs)"]


def test_long_questions_are_asked_in_parts(source_over: Over) -> None:
    service = Service()
    hints = [Hint(" ".join(f"глубокое{number}обучение{word}" for word in range(12))) for number in range(10)]
    source_over("arxiv", service)[0].search(hints)
    assert len(service.queries) > 1
    sizes = [len(str(httpx2.QueryParams({"q": query}))) for query in service.queries]
    assert max(sizes) < 1.2 * LONGEST_QUERY


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=12))
def test_any_titles_make_questions_that_arxiv_can_read(texts: list[str]) -> None:
    service = Service()
    at = Endpoint("arxiv", "https://service.example", rate=1_000_000, fixed=True)
    with Client([at], network=httpx2.MockTransport(service)) as client:
        assert Arxiv(client, at).search([Hint(text) for text in texts]) == {}
    term = r"(?:ti|au):\w+"
    group = rf"{term}(?: AND {term})*"
    for query in service.queries:
        assert re.fullmatch(rf"{group}|\({group}\)(?: OR \({group}\))*", query)
