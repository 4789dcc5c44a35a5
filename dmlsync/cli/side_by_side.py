"""An entry and a candidate side by side: what the list says on the left, what the source says on the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

import click

from dmlsync.cli.text import pad, safe, window, wrapped
from dmlsync.model import Entry
from dmlsync.resolve.identify import identifiers_of
from dmlsync.sync.reviews import Offered
from dmlsync.text.titles import fold

_LABEL = 9
_MOST_LINES = 6
_MOST_AUTHORS = 8


def candidate_lines(place: int, candidate: Offered, entry: Entry) -> Iterator[str]:
    """A table of two columns with a row for each fact, then the reasons; words that only the source has stand out.

    `place` is the number by which a person picks the candidate, 0 for one that was asked for by its identifier.
    """
    width = (window() - _LABEL - 6) // 2
    left = click.style(pad("the list", width), dim=True)
    right = click.style(safe(f"{place or '='}  {candidate['source']}"), bold=True)
    yield ""
    yield f"  {pad('', _LABEL)} {left}  {right}"
    for label, ours, theirs in _rows(entry, candidate):
        yield from _row(label, ours, theirs, width)
    reasons = "; ".join(safe(str(reason)) for reason in candidate["reasons"])
    for number, line in enumerate(wrapped(reasons, window() - _LABEL - 4)):
        yield f"  {pad('' if number else 'why', _LABEL)} {line}"


def _rows(entry: Entry, candidate: Offered) -> Iterator[tuple[str, str, str]]:
    authors = [str(author) for author in candidate.get("authors") or []]
    many = f" and {len(authors) - _MOST_AUTHORS} more" if len(authors) > _MOST_AUTHORS else ""
    yield "title", entry.title, str(candidate.get("title") or "")
    yield "authors", entry.authors, ", ".join(authors[:_MOST_AUTHORS]) + many
    yield "venue", entry.venue, str(candidate.get("venue") or "")
    yield "year", _text(entry.year), _text(candidate.get("year"))
    named = identifiers_of(entry)
    yield "doi", named.doi, str(candidate.get("doi") or "")
    yield "arxiv", named.arxiv, str(candidate.get("arxiv") or "")


def _row(label: str, ours: str, theirs: str, width: int) -> Iterator[str]:
    """One fact on as many lines as it takes; nothing where neither side has it."""
    if not ours and not theirs:
        return
    known = None if label == "authors" or not ours else set(fold(ours).split())
    left, right = wrapped(safe(ours), width), wrapped(safe(theirs), width)
    for number, (one, other) in enumerate(zip_longest(_shortened(left), _shortened(right), fillvalue="")):
        marked = other if known is None else " ".join(_marked(word, known) for word in other.split(" "))
        yield f"  {pad('' if number else label, _LABEL)} {pad(one, width)}  {marked}".rstrip()


def _shortened(lines: Sequence[str]) -> Sequence[str]:
    """The first lines of many, with an ellipsis where something is missing."""
    return lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1]}…"]


def _marked(word: str, known: set[str]) -> str:
    return word if set(fold(word).split()) <= known else click.style(word, fg="yellow")


def _text(value: Any) -> str:
    return str(value) if value else ""
