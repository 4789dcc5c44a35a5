"""The catalog: every entry of the lists with the work it names, and every work with its record.

Values only; `dmlsync.sync.cataloguing` makes them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Literal

from dmlsync.model import Entry, Identifiers, Record
from dmlsync.sync.follow import LIST
from dmlsync.sync.listed import ListedWork
from dmlsync.sync.lock import OpenReview, Printed, WorkState
from dmlsync.text.identifiers import arxiv_in
from dmlsync.text.links import pdf_url

Standing = Literal["known", "review", "pending", "unresolved"]

ASKED: tuple[Standing, ...] = ("review", "unresolved")
"""Where an entry stands that only a person can help."""

NEEDS_METADATA = "needs metadata"


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """An entry and where it stands: `known` has a citation key, the others wait for a person or for a source.

    A `known` entry with `recheck` set is to be asked again, for a source was not available; one that waits keeps the
    key of the work that it named before it was edited.
    `problems` are sentences on what the sources say against the line: another paper's link, another venue.
    """

    entry: Entry
    standing: Standing
    citation_key: str = ""
    recheck: bool = False
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalog:
    """What the project says: entries, works and records after everything new was resolved.

    `records` holds the record of every work by citation key; `written` those that library.bib does not have, or has
    differently, by the key of their entry there. `works` and `reviews` are what the lock should hold. `renamed` tells
    which works have another key in library.bib than in the lock, `entry_keys` which are spelt otherwise there. `taken`
    are the keys that no new work may get, in lower case. `printed` are the addresses that a work's lines printed when
    they were linked, by citation key.
    """

    entries: tuple[CatalogEntry, ...] = ()
    works: Mapping[str, WorkState] = field(default_factory=dict)
    records: Mapping[str, Record] = field(default_factory=dict)
    written: Mapping[str, Record] = field(default_factory=dict)
    reviews: tuple[OpenReview, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    entry_keys: Mapping[str, str] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()
    printed: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def listed_keys(self) -> frozenset[str]:
        """The citation keys of the works that a line names."""
        return frozenset(one.citation_key for one in self.entries if one.citation_key)

    def questions(
        self, also: Callable[[Entry], bool] = lambda entry: False
    ) -> tuple[tuple[CatalogEntry, OpenReview], ...]:
        """The entries that wait for a person, each with its candidates, in the order of the lists.

        An entry without candidates is asked about only where `also` says so: there is nothing to choose from.
        """
        asked = {review.printed: review for review in self.reviews}
        waiting = [(one, asked.get(Printed.of(one.entry))) for one in self.entries if one.standing in ASKED]
        return tuple((one, review) for one, review in waiting if review and (review.candidates or also(one.entry)))

    def limited_to(self, keys: AbstractSet[str], before: Mapping[str, WorkState]) -> Catalog:
        """The catalog in which only the works with these keys are new or changed; `before` is what the lock said."""
        entry_keys = {self.entry_keys.get(key, key) for key in keys}
        known = keys | before.keys()
        waiting = (replace(one, standing="pending", citation_key="") for one in self.entries)
        return replace(
            self,
            entries=tuple(
                one if not one.citation_key or one.citation_key in known else wait
                for one, wait in zip(self.entries, waiting, strict=True)
            ),
            works={key: work if key in keys else before[key] for key, work in self.works.items() if key in known},
            written={key: record for key, record in self.written.items() if key in entry_keys},
        )

    def listed(self) -> tuple[ListedWork, ...]:
        """The works that the lists name, in the order of their first line."""
        lines: dict[str, list[Entry]] = defaultdict(list)
        for one in self.entries:
            if one.citation_key:
                lines[one.citation_key].append(one.entry)
        return tuple(self._listed(key, entries) for key, entries in lines.items())

    def _listed(self, key: str, entries: Sequence[Entry]) -> ListedWork:
        work, record = self.works[key], self.records[key]
        identifiers = record.identifiers.filled_from(work.identifiers)
        links = [link for entry in entries for link in entry.links]
        papers = [link.url for link in links if link.kind in ("pdf", "paper")]
        from_list = (pdf_url(url) for url in papers if not is_another_paper(url, identifiers))
        return ListedWork(
            citation_key=key,
            record=record,
            identifiers=identifiers,
            sections=frozenset(entry.section for entry in entries),
            pdf=next(filter(None, from_list), work.pdf),
            code=tuple(dict.fromkeys(link.url for link in links if link.kind == "code")),
            tags=frozenset({NEEDS_METADATA} if set(work.origins.values()) == {LIST} else ()),
            renamed=self.renamed.get(key, ""),
            dropped=self.printed.get(key, frozenset()) - {pdf_url(url) for url in papers},
        )


def is_another_paper(url: str, identifiers: Identifiers) -> bool:
    """Whether a line's link leads to another paper than its work: lists are wrong too, and a wrong PDF is read."""
    arxiv = arxiv_in(url)
    return bool(arxiv and identifiers.arxiv and arxiv != identifiers.arxiv)
