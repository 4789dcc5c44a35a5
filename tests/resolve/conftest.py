"""Candidates, entries and sources for the tests of this room: real values, and sources that answer from a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from dmlsync.errors import SourceError, SourceUnavailableError
from dmlsync.model import Creator, Entry, Identifiers, Link, Record
from dmlsync.sources.base import Candidate, Hint
from dmlsync.text.titles import fold

ITEM_TYPES = {"conference": "conferencePaper", "journal": "journalArticle", "preprint": "preprint"}
CONTAINERS = {"conferencePaper": "proceedingsTitle", "journalArticle": "publicationTitle", "bookSection": "bookTitle"}


def person(name: str) -> Creator:
    given, _, family = name.rpartition(" ")
    return Creator(family, given)


def candidate(
    title: str,
    authors: str = "",
    year: int | None = None,
    venue: str = "",
    *,
    source: str = "crossref",
    kind: str = "conference",
    doi: str = "",
    arxiv: str = "",
    page: str = "",
    item_type: str = "",
    **fields: str,
) -> Candidate:
    """A record of a source; `authors` are full names with commas between them."""
    item_type = item_type or ITEM_TYPES[kind]
    if item_type in CONTAINERS:
        fields[CONTAINERS[item_type]] = venue
    if doi:
        fields["DOI"] = doi
    people = tuple(person(name.strip()) for name in authors.split(",") if name.strip())
    record = Record(item_type, {"title": title, "date": str(year or ""), **fields}, people)
    return Candidate(source, record, Identifiers(doi.lower(), arxiv, page), preprint=kind == "preprint")


def entry(
    title: str,
    authors: str = "",
    year: int | None = None,
    venue: str = "",
    *links: str,
    et_al: bool = False,
    list_name: str = "list",
    line: int = 1,
) -> Entry:
    """A row of a list; `authors` as printed, with semicolons between them."""
    names = tuple(name.strip() for name in authors.split(";") if name.strip())
    addresses = tuple(Link("paper", url, "paper") for url in links)
    return Entry(list_name, line, line, title, (), authors, names, et_al, year, venue, addresses)


@dataclass
class TableSource:
    """A source that knows some candidates: by their identifiers, and by the words of their titles.

    `fails` gives the error of a request, `fails_for` is a question with which a request fails.
    """

    name: str
    known: Sequence[Candidate] = ()
    fails: Callable[[str], SourceError | None] = lambda question: None
    asked: list[Identifiers | str] = field(default_factory=list)
    fails_for: Identifiers | str | None = None
    titles_at_once: int = 1

    def lookup(self, identifiers: Sequence[Identifiers]) -> Mapping[Identifiers, Candidate]:
        self._note(*identifiers)
        return {one: found for one in identifiers if (found := self._find(one)) is not None}

    def search(self, hints: Sequence[Hint]) -> Mapping[Hint, Sequence[Candidate]]:
        return {hint: self._search(hint) for hint in hints}

    def _search(self, hint: Hint) -> Sequence[Candidate]:
        self._note(hint.title)
        words = set(fold(hint.title).split())
        return [one for one in self.known if len(words & set(fold(one.record.title).split())) * 2 >= len(words)][:10]

    def _note(self, *questions: Identifiers | str) -> None:
        self.asked.extend(questions)
        error = down(self.name) if self.fails_for in questions else self.fails(self.name)
        if error is not None:
            raise error

    def _find(self, wanted: Identifiers) -> Candidate | None:
        for one in self.known:
            had = one.identifiers
            if (wanted.doi and wanted.doi == had.doi) or (wanted.page and wanted.page == had.page):
                return one
            if wanted.arxiv and wanted.arxiv == had.arxiv:
                return one
        return None


def down(name: str) -> SourceError:
    return SourceUnavailableError(name, "no answer within 30 s")


@pytest.fixture
def make_candidate() -> Callable[..., Candidate]:
    return candidate


@pytest.fixture
def make_entry() -> Callable[..., Entry]:
    return entry


@pytest.fixture
def make_source() -> Callable[..., TableSource]:
    return TableSource


@pytest.fixture
def unavailable() -> Callable[[str], SourceError]:
    return down
