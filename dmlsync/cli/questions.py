"""The conversation about entries that no source knows for certain: entry and candidates side by side, one answer each.

Every answer is in the lock before the next question is shown, so that Ctrl-C loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from dmlsync.cli.entries import place_of_entry
from dmlsync.cli.side_by_side import candidate_lines
from dmlsync.cli.text import count, safe
from dmlsync.model import Entry
from dmlsync.resolve.engine import entry_key
from dmlsync.resolve.evidence import Answer
from dmlsync.sync.reviews import Offered, accepted, likeness, offered, rejected
from dmlsync.text.identifiers import arxiv_in, doi_in, landing_page

if TYPE_CHECKING:
    from dmlsync.project import Project
    from dmlsync.sync.catalog import CatalogEntry
    from dmlsync.sync.lock import OpenReview

_HELP = """\
  a         apply: candidate 1 is this paper
  2         pick: candidate 2 is this paper
  A         apply candidate 1, here and to every question like this one (same reasons)
  s, Enter  skip: ask again next time
  n, n 2    not this: candidate 1 (or 2) is another paper
  0         none of these
  10.1109/..., 1503.03832, https://...   this identifier is the paper
  / words   search again by these words
  q         stop here; everything answered so far is kept"""

Ask = Callable[[str], str]


class Stop(Exception):  # noqa: N818 - the person is done, nothing failed
    """The person wants no more questions."""


class Conversation:
    """Asks about open reviews and keeps each answer. `ask` prints a prompt and returns what was typed."""

    def __init__(self, project: Project, ask: Ask, known: Mapping[str, Answer]) -> None:
        self._project = project
        self._ask = ask
        self._known = known
        self._alike: set[str] = set()
        self.answers: dict[str, Answer] = {}

    def about(self, questions: Sequence[tuple[CatalogEntry, OpenReview]]) -> dict[str, Answer]:
        """Ask one question after the other; returns the answers by `entry_key`."""
        try:
            for number, (one, review) in enumerate(questions, start=1):
                if entry_key(one.entry) not in self.answers:
                    self._question(one, review.candidates, f"{number} of {len(questions)}")
        except Stop:
            pass
        return self.answers

    def _question(self, one: CatalogEntry, candidates: Sequence[Offered], number: str) -> None:
        """One entry, until it is answered or skipped."""
        if candidates and likeness(candidates[0]) in self._alike:
            self._keep(one.entry, accepted(self._answer(one.entry), candidates[0]))
            click.echo(f"  {place_of_entry(one)}: like before, {safe(str(candidates[0]['title']))}")
            return
        asked: Sequence[Offered] | None = candidates
        shown: Sequence[Offered] | None = None
        while asked is not None:
            if asked != shown:
                self._show(one, asked, number)
                shown = asked
            typed = self._ask(_prompt(len(asked))).strip()
            if typed == "q":
                raise Stop
            asked = None if typed in ("", "s") else self._left_open(typed, one.entry, asked)

    def _left_open(self, typed: str, entry: Entry, candidates: Sequence[Offered]) -> Sequence[Offered] | None:
        """Act on what was typed; returns the candidates that are still in question, None once it is answered."""
        if typed.startswith("/"):
            return self._search(entry, typed[1:].strip()) or candidates
        if chosen := chosen_candidate(typed, candidates):
            if typed == "A":
                self._alike.add(likeness(chosen))
            self._keep(entry, accepted(self._answer(entry), chosen))
            return None
        if gone := gone_candidates(typed, candidates):
            self._keep(entry, rejected(self._answer(entry), gone))
            return [candidate for candidate in candidates if candidate not in gone] or None
        if named := named_identifier(typed):
            return None if self._takes(entry, named) else candidates
        click.echo(_HELP if typed == "?" else f"  {safe(typed)!r} is no answer; ? tells what is")
        return candidates

    def _show(self, one: CatalogEntry, candidates: Sequence[Offered], number: str) -> None:
        click.echo(f"\n{click.style(number, dim=True)}  {click.style(place_of_entry(one), bold=True)}")
        if not candidates:
            click.echo(f"  {safe(one.entry.title)}: no source has a candidate")
        for place, candidate in enumerate(candidates, start=1):
            for line in candidate_lines(place, candidate, one.entry):
                click.echo(line)

    def _answer(self, entry: Entry) -> Answer:
        key = entry_key(entry)
        return self.answers.get(key) or self._known.get(key, Answer())

    def _keep(self, entry: Entry, answer: Answer) -> None:
        self.answers[entry_key(entry)] = answer
        self._project.answer({entry_key(entry): answer})

    def _search(self, entry: Entry, words: str) -> list[Offered]:
        """What the sources offer for other words than the list's, unless a person ruled it out."""
        found = self._project.consult(replace(entry, title=words, links=()), Answer()) if words else None
        matches = [one for one in found.matches if not self._answer(entry).rejects(one.candidate)] if found else []
        if not matches:
            click.echo(f"  nothing was found for {safe(words)!r}")
        return [offered(match) for match in matches]

    def _takes(self, entry: Entry, named: str) -> bool:
        """Whether a person, shown the record behind an identifier, says that it is the paper."""
        answer = replace(self._answer(entry), accepted=named)
        answer = replace(answer, rejected=answer.rejected - {named})
        found = self._project.consult(entry, answer)
        shown = [offered(match) for match in found.matches if match.support == "person"]
        if not shown:
            why = "; ".join(found.problems)
            click.echo(f"  no source knows {safe(named)}{f' ({safe(why)})' if why else ''}")
            return False
        for line in candidate_lines(0, shown[0], entry):
            click.echo(line)
        if self._ask("is this the paper? y, n").strip().lower() not in ("y", "yes"):
            return False
        self._keep(entry, answer)
        return True


def _prompt(last: int) -> str:
    """What can be typed, in short."""
    pick = {0: "", 1: "a, A, n, "}.get(last, f"a, A, 1-{last}, n, 0, ")
    return f"{pick}an id, / words, s, q, ?"


def chosen_candidate(typed: str, candidates: Sequence[Offered]) -> Offered | None:
    """The candidate that an answer accepts."""
    if typed in ("a", "A"):
        return next(iter(candidates), None)
    number = int(typed) if typed.isdecimal() and len(typed) < 3 else 0
    return candidates[number - 1] if 0 < number <= len(candidates) else None


def gone_candidates(typed: str, candidates: Sequence[Offered]) -> Sequence[Offered]:
    """The candidates that an answer rejects."""
    if typed == "0":
        return list(candidates)
    word, _, rest = typed.partition(" ")
    if word != "n":
        return ()
    number = int(rest) if rest.strip().isdecimal() and len(rest) < 3 else 1 if not rest.strip() else 0
    return candidates[number - 1 : number] if number else ()


def named_identifier(typed: str) -> str:
    """The name that answers give to a typed identifier, `""` for anything else."""
    if arxiv := arxiv_in(typed):
        return f"arxiv:{arxiv}"
    if doi := doi_in(typed):
        return f"doi:{doi}"
    page = landing_page(typed) if typed.startswith(("http://", "https://")) else ""
    return f"page:{page}" if page else ""


def answered_line(answers: dict[str, Answer]) -> str:
    """What came of a conversation, in one line."""
    taken = sum(bool(answer.accepted) for answer in answers.values())
    return f"{count(len(answers), 'answer')} kept, {count(taken, 'entry', 'entries')} with a paper"
