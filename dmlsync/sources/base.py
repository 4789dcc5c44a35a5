"""The port of the sources: what a service that knows records must be able to do.

A source turns identifiers, or the words of an entry, into candidates. It knows nothing of entries, of works or of
which candidate is right: `dmlsync.resolve` decides that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from dmlsync.model import Identifiers, Link, Record


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that a source offers.

    `source` is the source's name in the configuration, `record` cleaned text without mark-up of the source's own,
    `identifiers` everything by which this source says that the work goes, `links` the PDF addresses it gives.
    `preprint` is true where the record describes only a preprint (arXiv, SSRN ...), however the source labels it.
    """

    source: str
    record: Record
    identifiers: Identifiers
    links: tuple[Link, ...] = ()
    preprint: bool = False


@dataclass(frozen=True, slots=True)
class Hint:
    """What is known of a work that has to be searched for: its title, and family names and year where known."""

    title: str
    families: tuple[str, ...] = ()
    year: int | None = None
    venue: str = ""


class Source(Protocol):
    """A service that knows records.

    Both methods fail only with `SourceUnavailableError` (ask later: the entry stays pending) or `SourceRefusedError`
    (never ask this again). An identifier or title that the service does not know is an answer, not a failure.
    """

    @property
    def name(self) -> str:
        """The source's name in the configuration and in origins, such as `crossref`."""
        ...

    @property
    def titles_at_once(self) -> int:
        """How many titles the service can be asked for in one request."""
        ...

    def lookup(self, identifiers: Sequence[Identifiers]) -> Mapping[Identifiers, Candidate]:
        """The records of a batch of works, asked for together; what the service does not know is left out.

        Any number may be given; the source splits it into requests of the size that its service allows and ignores
        identifiers of a kind it does not know. A record is returned only under the identifiers that name it.
        """
        ...

    def search(self, hints: Sequence[Hint]) -> Mapping[Hint, Sequence[Candidate]]:
        """Candidates for works by their words, the service's best first, at most ten for each hint.

        Any number may be given, as in `lookup`; a hint for which the service offers nothing is left out.
        """
        ...
