"""What a plan starts from: the works that the lists name, and the settings that decide what goes where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from dmlsync.bib.entry_types import Dialect
from dmlsync.model import Identifiers, Record
from dmlsync.sync.place import Path


@dataclass(frozen=True, slots=True)
class ListedWork:
    """What the project says of one work: its record in library.bib, its sections and links in the lists.

    `tags` are those that dmlsync itself gives, beside those that a configuration makes of sections; `renamed` is the
    key that a person gave the work's entry in library.bib, where it is another one.
    """

    citation_key: str
    record: Record
    identifiers: Identifiers = field(default_factory=Identifiers)
    sections: frozenset[Path] = frozenset()
    pdf: str = ""
    code: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()
    renamed: str = ""


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
