"""What a rule is, what it looks at, and what it says. Pure.

A rule is a function from all that is known of a project to what it finds in it; the decorator `rule` gives it its id,
its severity and the one line that says what it is about. It is in use once it stands in `dmlsync.check.rules.RULES`,
and a test asks for its section in `docs/rules.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from dmlsync.bib.document import Document, RawEntry, printable
from dmlsync.bib.entry_types import Dialect
from dmlsync.bib.scan import Block, RawField
from dmlsync.bib.values import values_of
from dmlsync.check.problem import Problem, Severity
from dmlsync.model import Entry, Identifiers, Record
from dmlsync.readinglist import ReadingList
from dmlsync.sync.library import Snapshot
from dmlsync.sync.lock import Target, WorkState
from dmlsync.text.edits import Edit, Lines


class Named(NamedTuple):
    """An entry of a list and the citation key of the work that it is known to name, `""` where that is not known."""

    entry: Entry
    list: ReadingList
    citation_key: str = ""


class InBib(NamedTuple):
    """An entry of library.bib: where it stands, what it consists of, and the text of its fields, still LaTeX."""

    entry: RawEntry
    block: Block
    values: Mapping[str, str]


@dataclass(frozen=True)
class Checked:
    """What rules look at: the files as they were read, and what is known of the works in them.

    `keys` gives the citation key of an entry's work by the list's name and the entry's line. `records` are those of
    library.bib, `works` what the lock knows beyond them. `snapshot` is the Zotero library as it was last read (None:
    never), `target` what the lock knows of it, `collections` the keys of the project's collections there; `config` is
    the file that names them.
    """

    lists: tuple[ReadingList, ...] = ()
    bib: Path = Path("library.bib")
    document: Document = field(default_factory=lambda: Document(()))
    dialect: Dialect = "biblatex"
    keys: Mapping[tuple[str, int], str] = field(default_factory=dict)
    records: Mapping[str, Record] = field(default_factory=dict)
    works: Mapping[str, WorkState] = field(default_factory=dict)
    snapshot: Snapshot | None = None
    target: Target = field(default_factory=Target)
    collections: frozenset[str] = frozenset()
    config: Path = Path("config.toml")

    @cached_property
    def entries(self) -> tuple[Named, ...]:
        """The entries of all lists with their works, in their order."""
        return tuple(
            Named(entry, one, self.keys.get((one.name, entry.line), "")) for one in self.lists for entry in one.entries
        )

    @cached_property
    def in_bib(self) -> tuple[InBib, ...]:
        """The entries of library.bib that can be read, in their order."""
        pairs = zip(self.document.entries, self.document.readable, strict=True)
        return tuple(InBib(entry, block, values_of(self.document, block)) for entry, block in pairs)

    def finding_in(
        self, one: InBib, message: str, field: RawField | None = None, edits: tuple[Edit, ...] = (), at: int = 0
    ) -> Finding:
        """A finding about an entry of library.bib, or about a field of it, `at` characters into its raw value."""
        start = one.entry.span[0]
        place = start + (field.value_start + at if field else 0)
        before = self.document.text[start:place]
        line_start = self.document.text.rfind("\n", 0, place) + 1
        name = f"{printable(one.entry.key)}: " if one.entry.key else ""
        return Finding(self.bib, one.entry.line + before.count("\n"), name + message, place - line_start + 1, edits)

    @cached_property
    def lines(self) -> Mapping[Path, Lines]:
        """The lists' texts by lines."""
        return {one.path: Lines(one.text) for one in self.lists}

    def identifiers(self, citation_key: str) -> Identifiers:
        """All that names a work."""
        known = self.works.get(citation_key, WorkState()).identifiers
        record = self.records.get(citation_key)
        return record.identifiers.filled_from(known) if record else known


class Finding(NamedTuple):
    """What a rule says of a place: see `Problem`."""

    file: Path
    line: int
    message: str
    column: int = 0
    edits: tuple[Edit, ...] = ()


Find = Callable[[Checked], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `id` in words joined by hyphens, and `summary`, a line without a full stop.

    `mends` tells that `--fix` can mend (some of) what it finds; `changes_print`, that this changes what an entry says
    and not only how it is written. One that is not `by_default` speaks only when it is named.
    """

    id: str
    severity: Severity
    summary: str
    find: Find
    mends: bool = False
    changes_print: bool = False
    by_default: bool = True

    def __call__(self, checked: Checked) -> Iterator[Problem]:
        """The problems that the rule finds."""
        for found in self.find(checked):
            yield Problem(self.id, self.severity, *found)


def rule(
    name: str,
    severity: Severity,
    summary: str,
    *,
    mends: bool = False,
    changes_print: bool = False,
    by_default: bool = True,
) -> Callable[[Find], Rule]:
    """Make a rule of a function: see `Rule`."""

    def made(find: Find) -> Rule:
        return Rule(name, severity, summary, find, mends, changes_print, by_default)

    return made
