"""What the tests of rules look at: a list or a .bib text, and the records that belong to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from dmlsync.bib.document import Document
from dmlsync.bib.entry_types import Dialect
from dmlsync.bib.read import records
from dmlsync.check.mend import mended
from dmlsync.check.rule import Checked
from dmlsync.check.rules import BY_ID, check
from dmlsync.readinglist import parse_list

BIB = Path("library.bib")


class Look:
    """Files that rules look at, and what one of them makes of it."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked

    def lines(self, rule: str) -> list[int]:
        """The lines that a rule finds."""
        return [one.line for one in check(self.checked, [BY_ID[rule]])]

    def says(self, rule: str) -> list[str]:
        """What a rule says."""
        return [one.message for one in check(self.checked, [BY_ID[rule]])]

    def after(self, rule: str) -> str:
        """The list, else library.bib, as it is after mending; a second time nothing is left to mend."""
        once = mended(self.checked, [BY_ID[rule]])
        assert not mended(once.checked, [BY_ID[rule]]).problems
        assert not [one for one in check(once.checked, [BY_ID[rule]]) if one.fixable]
        return once.checked.lists[0].text if once.checked.lists else once.checked.document.text


@pytest.fixture
def in_list() -> Callable[..., Look]:
    """Looks at a list; `keys` gives the works of its lines, whose records stand in `bib`."""

    def look(text: str, keys: Mapping[int, str] | None = None, bib: str = "") -> Look:
        document = Document.parse(bib.encode(), BIB)
        one = parse_list(text, "papers", Path("papers.md"))
        found = {("papers", line): key for line, key in (keys or {}).items()}
        return Look(Checked((one,), BIB, document, "biblatex", found, records(document)))

    return look


@pytest.fixture
def in_bib() -> Callable[..., Look]:
    """Looks at library.bib."""

    def look(text: str, dialect: Dialect = "biblatex") -> Look:
        document = Document.parse(text.encode("utf-8", "surrogateescape"), BIB)
        return Look(replace(Checked(), document=document, dialect=dialect, records=records(document)))

    return look
