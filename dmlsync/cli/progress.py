"""How far long work is, on one line of standard error, and how it is stopped."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import click

from dmlsync.cli.common import verbosity, wants_json
from dmlsync.cli.text import cut, window
from dmlsync.errors import StoppedError

# Sooner than that nobody can say how long the rest takes.
_MEANINGFUL = 3.0


class Progress:
    """One line that says what is done, how fast and how long it will take; silent where nobody looks at it."""

    def __init__(self, ctx: click.Context, clock: Callable[[], float] = time.monotonic) -> None:
        self._shown = sys.stderr.isatty() and not wants_json(ctx) and verbosity(ctx) >= 0
        self._clock = clock
        self._line = ""
        self._began: dict[str, tuple[float, int]] = {}
        self.stopping = False

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show `what` with `done` of `total`; the line goes when all is done.

        Raises StoppedError where a person asked for the end and something is left to do.
        """
        if self.stopping and done < total:
            self._show("")
            raise StoppedError
        if self._shown:
            self._show("" if done >= total else f"{what}: {done} of {total}{self._pace(what, done, total)}")

    def _pace(self, what: str, done: int, total: int) -> str:
        """The rate and the time left, once they mean something."""
        now = self._clock()
        began, before = self._began.setdefault(what, (now, done))
        if done <= before or now - began < _MEANINGFUL:
            return ""
        rate = (done - before) / (now - began)
        number = f"{rate:.0f} a second" if rate >= 1 else f"{rate * 60:.0f} a minute"
        return f", {number}, {duration((total - done) / rate)} left"

    def _show(self, line: str) -> None:
        line = cut(line, window() - 1)
        if line or self._line:
            click.echo(f"\r{line.ljust(len(self._line))}\r{line}", nl=False, err=True)
        self._line = line


def duration(seconds: float) -> str:
    """`40 s`, `12 min`, `3 h`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.0f} h"


@contextmanager
def stoppable(ctx: click.Context) -> Iterator[Progress]:
    """Progress for work that Ctrl-C stops between two requests, with all that is done written down.

    A second Ctrl-C stops at once, as a crash would: the next run finds out what arrived.
    """
    progress = Progress(ctx)

    def stop(number: int, frame: FrameType | None) -> None:
        if progress.stopping:
            raise KeyboardInterrupt
        progress.stopping = True
        click.echo("\nStopping after this request (Ctrl-C again stops at once) ...", err=True)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield progress
    finally:
        signal.signal(signal.SIGINT, before)
