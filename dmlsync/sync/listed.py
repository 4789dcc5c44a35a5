"""What a plan starts from: the works that the lists name, and the settings that decide what goes where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from dmlsync.bib.entry_types import Dialect
from dmlsync.model import Identifiers, Record
from dmlsync.sync.place import Path

PDF = "PDF"
"""The title of the link to a work's paper."""


@dataclass(frozen=True, slots=True)
class ListedWork:
    """What the project says of one work: its record in library.bib, its sections and links in the lists.

    `tags` are those that dmlsync itself gives, beside those that a configuration makes of sections; `renamed` is the
    key that a person gave the work's entry in library.bib, where it is another one. An `adopted` work is on no list: a
    member added it to the collection, and where it lies there and what hangs on it is the members' alone. `dropped` are
    the addresses that its lines printed at the last run and do not any more.
    """

    citation_key: str
    record: Record
    identifiers: Identifiers = field(default_factory=Identifiers)
    sections: frozenset[Path] = frozenset()
    pdf: str = ""
    code: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()
    renamed: str = ""
    adopted: bool = False
    dropped: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings that decide what goes where; see `[zotero]` and `[bib]` in the configuration.

    `dialect` is that of library.bib: what its entries cannot carry is not compared.
    """

    collection: Path
    sections: Literal["subcollections", "tags", "none"] = "subcollections"
    attach: frozenset[str] = frozenset({"pdf", "code"})
    on_removed: Literal["uncollect", "keep", "trash"] = "uncollect"
    dialect: Dialect = "biblatex"

    def paths(self, work: ListedWork) -> set[Path]:
        """The collections that a work belongs to: the project's, and one for each section where sections are such."""
        inner = work.sections if self.sections == "subcollections" else frozenset()
        return {self.collection} | {self.collection + section for section in inner}

    def tags(self, work: ListedWork) -> frozenset[str]:
        """The tags that a work's item should have."""
        sections = work.sections if self.sections == "tags" else frozenset()
        return work.tags | {" / ".join(path) for path in sections if path}

    def links(self, work: ListedWork) -> dict[str, str]:
        """The addresses that a work's item should have under it, with their titles."""
        wanted = {work.pdf: PDF} if work.pdf and "pdf" in self.attach else {}
        if "code" in self.attach:
            wanted |= {url: "Code" for url in work.code if url not in wanted}
        return wanted
