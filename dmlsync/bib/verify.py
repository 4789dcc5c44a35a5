"""A second opinion on what we write: bibtexparser, one entry at a time. Nothing else imports it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from dmlsync.bib.scan import Block

if TYPE_CHECKING:
    from bibtexparser.bibtexexpression import BibtexExpression


class SecondReader:
    """bibtexparser's grammar, made when it is first needed: that takes as long as reading an entry with it.

    The grammar alone, without the database that bibtexparser fills with it, keeps nothing from one entry to the next.
    """

    def reads_alike(self, entry: Block) -> bool:
        """Whether bibtexparser finds just one entry in this text, with our key, our type and our field names."""
        if not entry.fields:
            return True  # bibtexparser does not see entries without fields
        try:
            found = self._grammar.entry.parse_string(entry.text, parse_all=True)
        except (self._grammar.ParseException, RecursionError, ValueError, KeyError, IndexError, TypeError):
            return False
        return (
            found["Key"] == entry.key
            and found["EntryType"].lower() == entry.item_type
            and {name.lower() for name in found["Fields"]} == {field.name for field in entry.fields}
        )

    @cached_property
    def _grammar(self) -> BibtexExpression:
        from bibtexparser.bibtexexpression import BibtexExpression

        return BibtexExpression()


def reads_alike(entry: Block) -> bool:
    """See `SecondReader`; for a single entry."""
    return SecondReader().reads_alike(entry)
