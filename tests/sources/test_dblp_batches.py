"""How DBLP is asked for several titles in one request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2

from dmlsync.sources.base import Hint, Source
from dmlsync.sources.http import Client

Over = Callable[..., tuple[Source, Client]]
ONE = Hint("Sampling Matters in Deep Embedding Learning", ("wu",))
TWO = Hint("Attention Pooling of Curious Garden Birds", ("lee",))
SHORT = Hint("Curious Birds", ("lee", "doe"))


def hit(title: str, author: str = "Ann Lee") -> dict[str, Any]:
    kind = "Conference and Workshop Papers"
    return {"info": {"title": f"{title}.", "authors": {"author": author}, "venue": "X", "year": "2017", "type": kind}}


def answering(*titles: str) -> tuple[list[str], Callable[[httpx2.Request], httpx2.Response]]:
    """A DBLP that knows some titles by their words, as it would find them; and the queries that it was sent."""
    queries: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        query = request.url.params["q"]
        queries.append(query)
        wanted = [place.lower().split("|") for place in query.split()]
        hits = [
            hit(one)
            for one in titles
            if all(any(word in one.lower() for word in alternatives) for alternatives in wanted)
        ]
        return httpx2.Response(200, json={"result": {"hits": {"hit": hits}}})

    return queries, answer


def test_several_titles_cost_one_request(source_over: Over) -> None:
    queries, answer = answering(ONE.title, TWO.title)
    source, client = source_over("dblp", answer)
    found = source.search([ONE, TWO])
    assert [found[hint][0].record.title for hint in (ONE, TWO)] == [ONE.title, TWO.title]
    assert client.requests == 1
    assert queries[0].split()[0] == "embedding|attention"


def test_a_title_that_is_not_found_with_others_is_asked_for_alone(source_over: Over) -> None:
    queries, answer = answering(ONE.title, TWO.title.replace("Birds", "Bird Songs"))
    source, _ = source_over("dblp", answer)
    found = source.search([ONE, TWO])
    assert set(found) == {ONE}
    assert queries[1] == TWO.title


def test_what_is_found_by_chance_is_left_out(source_over: Over) -> None:
    _, answer = answering(
        ONE.title, TWO.title, "Embedding Matters of Sampling Garden Birds in Deep Curious Learning Pooling"
    )
    source, _ = source_over("dblp", answer)
    assert [one.record.title for one in source.search([ONE, TWO])[TWO]] == [TWO.title]


def test_a_short_title_is_asked_for_with_its_first_author(source_over: Over) -> None:
    queries, answer = answering()
    source, _ = source_over("dblp", answer)
    assert source.search([SHORT]) == {}
    assert queries == ["Curious Birds lee", "lee doe"]
