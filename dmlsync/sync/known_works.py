"""Works that library.bib has already: a new line that names one of them needs no source to be asked.

This is how a second list, or a line that was taken out and comes back, finds its way to the key that papers cite.
Pure: no I/O.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from dmlsync.model import Entry, Identifiers, Record
from dmlsync.resolve.identify import identifiers_of
from dmlsync.resolve.match import Match, best, facts_of, judge, same_work
from dmlsync.sources.base import Candidate
from dmlsync.text.titles import fold

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

    def key_named(self, identifiers: Identifiers) -> str:
        """The citation key of the only record that carries one of these identifiers, `""` for none or several."""
        keys = {key for name in identifiers.names for key in self._by_name.get(name, [])}
        return keys.pop() if len(keys) == 1 else ""
