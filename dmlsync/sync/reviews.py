"""Open questions about candidates, and what a person's answers make of them.

A candidate is kept in the lock as a mapping of plain values, the same that `status --json` prints, so that a question
can be answered later, on another machine, without asking the sources again. Pure: no I/O.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dmlsync.resolve.evidence import Answer, name_of
from dmlsync.resolve.match import Match, authors_of, venue_of

Offered = Mapping[str, Any]
"""A candidate as the lock and `status --json` show it."""

_COUNTS = re.compile(r"\b([0-9]+) of ([0-9]+)\b")


def offered(match: Match) -> Offered:
    """A match as a candidate for a person to look at; `name` is what answers call it."""
    record = match.candidate.record
    return {
        "name": name_of(match.candidate),
        "source": match.candidate.source,
        "title": record.title,
        "authors": [str(author) for author in authors_of(record)],
        "year": record.year,
        "venue": venue_of(record),
        "doi": match.candidate.identifiers.doi,
        "arxiv": match.candidate.identifiers.arxiv,
        "verdict": match.verdict,
        "reasons": [str(reason) for reason in match.reasons],
    }


def accepted(before: Answer, candidate: Offered) -> Answer:
    """The answer that this candidate is the work, whatever was said of it before."""
    name = str(candidate["name"])
    return Answer(name, before.rejected - {name})


def rejected(before: Answer, candidates: Iterable[Offered]) -> Answer:
    """The answer that none of these candidates is the work."""
    names = {str(candidate["name"]) for candidate in candidates}
    return replace(
        before,
        accepted="" if before.accepted in names else before.accepted,
        rejected=before.rejected | names,
    )


def is_answered(candidates: Sequence[Offered], answer: Answer) -> bool:
    """Whether the answer says something about these candidates that was not known when they were kept."""
    names = {str(candidate.get("name", "")) for candidate in candidates}
    return bool(answer) and (answer.accepted in names or not answer.rejected.isdisjoint(names))


def likeness(candidate: Offered) -> str:
    """What makes two questions alike: the same reasons, however many authors there are to compare."""
    return "; ".join(_COUNTS.sub(_all_or_some, str(reason)) for reason in candidate["reasons"])


def _all_or_some(counted: re.Match[str]) -> str:
    return "all" if counted[1] == counted[2] else "some"
