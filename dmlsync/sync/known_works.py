"""Works that library.bib has already: a new line that names one of them needs no source to be asked.

This is how a second list, or a line that was taken out and comes back, finds its way to the key that papers cite.
Pure: no I/O.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from dmlsync.model import Entry, Identifiers, Record
from dmlsync.resolve.identify import identifiers_of
from dmlsync.resolve.match import Facts, Match, author_families, best, facts_of, judge, same_work
from dmlsync.sources.base import Candidate
from dmlsync.text.names import agree
from dmlsync.text.titles import fold, relation

_SOURCE = "library.bib"


class KnownWorks:
    """The records of library.bib, indexed by what names them."""

    def __init__(self, records: Mapping[str, Record], identifiers: Mapping[str, Identifiers]) -> None:
        """`identifiers` are those that the lock knows beyond what a record carries, by citation key."""
        self._candidates: dict[str, Candidate] = {}
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for key, record in records.items():
            ids = record.identifiers.filled_from(identifiers.get(key, Identifiers()))
            self._candidates[key] = Candidate(_SOURCE, record, ids, preprint=record.item_type == "preprint")
            for name in ids.names:
                self._by_name[name].append(key)
            self._by_name[f"title:{fold(record.title)}"].append(key)

    def key_of(self, entry: Entry) -> str:
        """The citation key of the work that an entry certainly names, `""` where there is none."""
        linked = {key for name in identifiers_of(entry).names for key in self._by_name.get(name, [])}
        titled = self._by_name.get(f"title:{fold(entry.title)}", [])
        facts = facts_of(entry)
        matches: dict[str, Match] = {}
        for key in [*linked, *(key for key in titled if key not in linked)]:
            matches[key] = judge(facts, self._candidates[key], support="linked" if key in linked else "")
        decided = best(list(matches.values()))
        if decided is None or decided.verdict != "yes":
            return ""
        return next(key for key, match in matches.items() if match.candidate is decided.candidate)

    def key_with(self, record: Record, identifiers: Identifiers) -> str:
        """The citation key of the work that a resolved record is, `""` where library.bib does not have it.

        One identifier is not enough: a conference paper and its extended journal version share an arXiv id.
        """
        ours = Candidate(_SOURCE, record, identifiers, preprint=record.item_type == "preprint")
        named = [key for name in identifiers.names for key in self._by_name.get(name, [])]
        titled = self._by_name.get(f"title:{fold(record.title)}", [])
        return next((key for key in [*named, *titled] if same_work(ours, self._candidates[key])), "")

    def key_like(self, entry: Entry, keys: Collection[str]) -> str:
        """The only one of these keys whose record may be a work that no source knows, under a title that was edited.

        Without a lock nobody knows which line a record was made of; then authors, year and a related title have to do.
        """
        facts = facts_of(entry)
        alike = [key for key in keys if _is_like(facts, self._candidates[key].record)]
        return alike[0] if len(alike) == 1 else ""

    def key_named(self, identifiers: Identifiers) -> str:
        """The citation key of the only record that carries one of these identifiers, `""` for none or several."""
        keys = {key for name in identifiers.names for key in self._by_name.get(name, [])}
        return keys.pop() if len(keys) == 1 else ""


def _is_like(facts: Facts, record: Record) -> bool:
    """Whether a record without identifiers has an entry's authors, year and a related title."""
    if record.identifiers or facts.year is None or record.year != facts.year:
        return False
    same_authors = agree(facts.families, author_families(record), facts.et_al).level == "all"
    return same_authors and relation(facts.title, record.title) not in ("apart", "different")
