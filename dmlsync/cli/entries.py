"""Where the entries of the lists stand, in words and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import click

from dmlsync.cli.text import count, cut, safe, window
from dmlsync.project_files import ProjectFiles
from dmlsync.sync.catalog import Catalog, CatalogEntry
from dmlsync.sync.lock import Printed, Target

_MOST_WAITING = 12
STATES = ("linked", "resolved", "review", "pending", "unresolved")
_COLOUR = {"linked": "green", "resolved": "green", "review": "yellow", "pending": "yellow", "unresolved": "red"}


def state_of(one: CatalogEntry, target: Target) -> str:
    """`linked` to an item of the library, `resolved` to a record, or waiting: see DESIGN's JSON."""
    if one.standing == "known":
        return "linked" if is_linked(one, target) else "resolved"
    return one.standing


def is_linked(one: CatalogEntry, target: Target) -> bool:
    """Whether the entry's work has an item in the library."""
    return one.citation_key in target.bindings and not target.bindings[one.citation_key].unlisted


def entries_json(catalog: Catalog, target: Target) -> dict[str, Any]:
    """The entries and open questions as `status --json` prints them."""
    lines = {Printed.of(one.entry): one.entry for one in catalog.entries}
    return {
        "entries": [
            {
                "list": one.entry.list_name,
                "line": one.entry.line,
                "title": one.entry.title,
                "state": state_of(one, target),
                "citation_key": one.citation_key or None,
                "item_key": target.bindings[one.citation_key].item_key if is_linked(one, target) else None,
            }
            for one in catalog.entries
        ],
        "reviews": [
            {
                "list": review.printed.list_name,
                "line": lines[review.printed].line,
                "title": review.printed.title,
                "candidates": [dict(candidate) for candidate in review.candidates],
            }
            for review in catalog.reviews
            if review.candidates and review.printed in lines
        ],
    }


def counts(catalog: Catalog, target: Target) -> Mapping[str, int]:
    """How many entries stand where."""
    return Counter(state_of(one, target) for one in catalog.entries)


def lists_line(on_disk: ProjectFiles) -> str:
    """`98 entries in 2 lists: dvsml (34), awesome-metric-learning (64)`."""
    names = ", ".join(f"{safe(one.name)} ({len(one.entries)})" for one in on_disk.lists)
    return f"{count(len(on_disk.entries), 'entry', 'entries')} in {count(len(on_disk.lists), 'list')}: {names}"


def notice_lines(on_disk: ProjectFiles, catalog: Catalog, verbose: int) -> Iterator[str]:
    """All that a person should look at: what cannot be read, what waits, what sources say against a line."""
    yield from problem_lines(on_disk)
    yield from waiting_lines(catalog, on_disk.target, verbose)


def problem_lines(on_disk: ProjectFiles) -> Iterator[str]:
    """What in the lists and in library.bib could not be read, with its line."""
    for one in on_disk.lists:
        for problem in one.problems:
            yield f"  {click.style('?', fg='yellow')} {one.path.name}:{problem.line}: {safe(problem.message)}"
    for trouble in on_disk.document.problems:
        yield f"  {click.style('?', fg='yellow')} {on_disk.document.path.name}:{trouble.line}: {safe(trouble.message)}"


def waiting_lines(catalog: Catalog, target: Target, verbose: int = 0) -> Iterator[str]:
    """The entries that wait for a person or for a source, with the best candidates, and what sources say of others.

    Of many waiting entries only the first are shown: `-v` shows all.
    """
    candidates = {review.printed: review.candidates for review in catalog.reviews}
    for state in ("review", "unresolved", "pending"):
        waiting = [one for one in catalog.entries if state_of(one, target) == state]
        shown = waiting if verbose > 0 or len(waiting) <= _MOST_WAITING else waiting[: _MOST_WAITING - 1]
        for one in shown:
            yield f"  {click.style(state, fg=_COLOUR[state])}  {_place_and_title(one, len(state) + 5)}"
            if state != "pending":
                yield from (f"      {safe(problem)}" for problem in one.problems)
            for candidate in candidates.get(Printed.of(one.entry), ())[:3]:
                yield f"      {cut(_candidate_text(candidate), window() - 6)}"
        if len(shown) < len(waiting):
            yield f"    ... and {count(len(waiting) - len(shown), 'more entry', 'more entries')} {state}"
        if state == "pending":
            for problem in dict.fromkeys(problem for one in waiting for problem in one.problems):
                yield f"      {safe(problem)}"
    for one in catalog.entries:
        if one.standing == "known" and one.problems:
            yield f"  {click.style('i', fg='blue')} {_place_and_title(one, 4)}"
            yield from (f"      {safe(problem)}" for problem in one.problems)
        if one.recheck:
            what = "a source was not available; it is asked again next time"
            yield f"  {click.style('pending', fg='yellow')}  {place_of_entry(one)}  {what}"


def review_line(catalog: Catalog, conflicts: int) -> Iterator[str]:
    """How many questions a person can answer, and where; nothing where there is none."""
    questions = len(catalog.questions(also=lambda entry: True))
    parts = [count(number, noun) for number, noun in ((conflicts, "conflict"), (questions, "question")) if number]
    if parts:
        yield f"{' and '.join(parts)} for you: dmlsync review"


def place_of_entry(one: CatalogEntry) -> str:
    """`dvsml:12`: the name by which commands take an entry."""
    return f"{safe(one.entry.list_name)}:{one.entry.line}"


def _place_and_title(one: CatalogEntry, columns_before: int) -> str:
    place = place_of_entry(one)
    return f"{place}  {cut(one.entry.title, window() - len(place) - columns_before - 2)}"


def _candidate_text(candidate: Mapping[str, Any]) -> str:
    authors = candidate.get("authors") or []
    names = ", ".join(authors[:3]) + (" ..." if len(authors) > 3 else "")
    year = candidate.get("year") or "no year"
    return (
        f"{candidate.get('title')} ({names}; {candidate.get('venue') or 'no venue'}, {year}) by {candidate['source']}"
    )


def waits(on_disk: ProjectFiles, catalog: Catalog) -> bool:
    """Whether anything waits for a person or for a source: an entry, or a line or record that cannot be read."""
    unread = any(one.problems for one in on_disk.lists) or bool(on_disk.document.problems)
    return unread or any(one.standing != "known" or one.recheck for one in catalog.entries)
