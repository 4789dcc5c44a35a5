"""Batches that fail in part, and sources that are down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest

from dmlsync.errors import SourceUnavailableError
from dmlsync.model import Identifiers
from dmlsync.resolve.asking import Panel
from dmlsync.sources.base import Candidate, Hint

Make = Callable[..., Candidate]


@dataclass
class FrailSource:
    """A service that fails on every batch with a bad question in it; it knows all others but the unknown ones."""

    make: Make
    bad: Callable[[Identifiers], bool]
    unknown: Callable[[Identifiers], bool] = lambda one: False
    name: str = "frail"
    titles_at_once: int = 1
    batches: list[tuple[Identifiers, ...]] = field(default_factory=list)

    def lookup(self, identifiers: Sequence[Identifiers]) -> Mapping[Identifiers, Candidate]:
        self.batches.append(tuple(identifiers))
        if any(self.bad(one) for one in identifiers):
            raise SourceUnavailableError(self.name, "no answer within 30 s")
        return {one: self.make("A Title", doi=one.doi, page=one.page) for one in identifiers if not self.unknown(one)}

    def search(self, hints: Sequence[Hint]) -> Mapping[Hint, Sequence[Candidate]]:
        self.batches.append(())
        return {}


def dois(count: int) -> list[Identifiers]:
    return [Identifiers(doi=f"10.1/{number}") for number in range(count)]


def page(site: str, number: int) -> Identifiers:
    return Identifiers(page=f"https://{site}/{number}")


def failed(panel: Panel, questions: Sequence[Identifiers]) -> list[Identifiers]:
    return [one for one in questions if panel.failed("frail", one)]


@pytest.mark.parametrize("bad", [0, 1, 17, 49, 98, 99])
def test_one_question_that_fails_costs_no_other_answer(make_candidate: Make, bad: int) -> None:
    questions = dois(100)
    source = FrailSource(make_candidate, lambda one: one == questions[bad])
    panel = Panel([source])
    panel.look_up({"frail": questions})
    assert failed(panel, questions) == [questions[bad]]
    assert all(panel.answers("frail", one) for one in questions if one != questions[bad])
    assert len(source.batches) < 20


def test_one_question_of_a_few_is_found_one_by_one(make_candidate: Make) -> None:
    questions = dois(4)
    source = FrailSource(make_candidate, lambda one: one == questions[1])
    panel = Panel([source])
    panel.look_up({"frail": questions})
    assert failed(panel, questions) == [questions[1]]
    assert [len(batch) for batch in source.batches] == [4, 1, 1, 1, 1]


def test_sites_that_are_down_cost_their_own_pages_only(make_candidate: Make) -> None:
    sites = [f"site{number}.org" for number in range(12)]
    questions = [page(site, number) for number in range(5) for site in sites] + dois(20)
    down = {sites[0], sites[7]}
    source = FrailSource(
        make_candidate, lambda one: urlsplit(one.page).netloc in down, unknown=lambda one: not one.page
    )
    panel = Panel([source])
    panel.look_up({"frail": questions})
    assert failed(panel, questions) == [one for one in questions if urlsplit(one.page).netloc in down]
    assert len(source.batches) < 30


def test_a_site_that_is_down_does_not_end_the_asking_of_others(make_candidate: Make) -> None:
    """Identifiers without a page are no questions to this source: their silence says nothing."""
    source = FrailSource(make_candidate, lambda one: "down" in one.page, unknown=lambda one: not one.page)
    panel = Panel([source])
    panel.look_up({"frail": [page("down.org", 1), *dois(9)]})
    panel.look_up({"frail": [page("up.org", 1)]})
    assert panel.answers("frail", page("up.org", 1))


def test_a_source_that_is_down_is_seen_to_be_after_few_requests(make_candidate: Make) -> None:
    source = FrailSource(make_candidate, lambda one: True)
    panel = Panel([source])
    panel.look_up({"frail": dois(200)})
    assert len(source.batches) == 3
    panel.look_up({"frail": [Identifiers(doi="10.2/x")]})
    panel.search({"frail": [Hint("Some Title")]})
    assert len(source.batches) == 3
    assert len(failed(panel, dois(200))) == 200
    assert panel.failed("frail", "some title")


def test_the_requests_for_parts_are_bounded_whatever_fails(make_candidate: Make) -> None:
    questions = [*dois(300), *(page(f"site{number % 40}.org", number) for number in range(300))]
    for divisor in (2, 3, 7, 50, 211):
        source = FrailSource(make_candidate, lambda one, of=divisor: questions.index(one) % of == 0)  # type: ignore[misc]
        Panel([source]).look_up({"frail": questions})
        assert len(source.batches) <= 80


def test_what_is_answered_later_did_not_fail(make_candidate: Make) -> None:
    question = Identifiers(doi="10.1/a")
    answers = iter([True, False])
    panel = Panel([FrailSource(make_candidate, lambda one: next(answers))])
    panel.look_up({"frail": [question]})
    assert panel.failed("frail", question)
    panel.look_up({"frail": [question]})
    assert not panel.failed("frail", question)
    assert panel.answers("frail", question)
