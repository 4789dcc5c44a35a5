"""Proposals of the sources, shown as a plan is, and a person's word on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click

from dmlsync.cli.common import has_terminal, say
from dmlsync.cli.text import count, cut, safe, window
from dmlsync.cli.words import change_lines
from dmlsync.sync.proposals import Decision, Proposal

_HELP = """\
  a         apply: take these values over
  A         apply all that follow, too
  s, Enter  skip: propose it again next time
  n         no: keep what is there, for good
  q         stop here"""


def decide(ctx: click.Context, proposed: Sequence[Proposal], *, yes: bool) -> Decision:
    """Show every proposal and, on a terminal, ask about it; with `yes` all are taken over."""
    accepted, declined, everything, asking = set[str](), set[str](), yes, has_terminal(ctx) and not yes
    for number, one in enumerate(proposed, start=1):
        _show(ctx, one)
        typed = "a" if everything else _typed(number, len(proposed)) if asking else "s"
        everything = everything or typed == "A"
        asking = asking and typed != "q"
        if typed in ("a", "A"):
            accepted.add(one.citation_key)
        elif typed == "n":
            declined.add(one.citation_key)
    if proposed and not accepted | declined:
        say(ctx, f"{count(len(proposed), 'proposal')}, none taken over: --yes takes over all")
    elif not proposed:
        say(ctx, "The sources say what the records say.")
    return Decision(frozenset(accepted), frozenset(declined))


def _typed(number: int, total: int) -> str:
    """One of the answers that the help names."""
    while True:
        typed = str(click.prompt(f"{number} of {total}: a, A, s, n, q, ?", default="", show_default=False)).strip()
        if typed in ("", "a", "A", "s", "n", "q"):
            return typed
        click.echo(_HELP)


def _show(ctx: click.Context, one: Proposal) -> None:
    key = safe(one.citation_key)
    say(ctx, f"  {click.style('~', fg='yellow')} {key}  {cut(one.title, window() - len(key) - 6)}")
    for change in one.fields:
        for line in change_lines(change, verbose=1):
            say(ctx, line)


def proposals_json(proposed: Sequence[Proposal]) -> list[dict[str, Any]]:
    """Proposals as `resolve --refresh --json` prints them."""
    return [asdict(one) for one in proposed]
