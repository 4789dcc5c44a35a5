"""A second opinion on what we write: bibtexparser, one entry at a time. Nothing else imports it.

Its grammar takes longer than all the rest of the writing. An entry of the plainest form (a field a line, each value in
braces or a month) is therefore read by a pattern instead, which is as independent of our own reader: whatever it
accepts, bibtexparser reads alike, and a test holds that.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from dmlsync.bib.scan import Block

if TYPE_CHECKING:
    from bibtexparser.bibtexexpression import BibtexExpression

_TEXT = r"[^{}@\n]*+"
_BRACED = rf"\{{{_TEXT}\}}"
_TWICE = rf"\{{{_TEXT}(?:{_BRACED}{_TEXT})*+\}}"
_VALUE = rf"\{{{_TEXT}(?:{_TWICE}{_TEXT})*+\}}"
_LINE = rf"  [a-z]++ = (?:{_VALUE}|[a-z]{{3}}),\n"
_PLAIN_ENTRY = re.compile(rf"@([a-z]++)\{{([A-Za-z0-9:_./+-]++),\n((?:{_LINE})++)\}}")
_LONG = 65_536  # characters
_NAME = re.compile(r"^  ([a-z]++) = ", re.MULTILINE)


class SecondReader:
    """bibtexparser's grammar, made when it is first needed: that takes as long as reading an entry with it.

    The grammar alone, without the database that bibtexparser fills with it, keeps nothing from one entry to the next.
    """

    def reads_alike(self, entry: Block) -> bool:
        """Whether another reader finds just one entry in this text, with our key, our type and our field names."""
        return self.reads_plainly(entry) or self.reads_in_full(entry)

    def reads_plainly(self, entry: Block) -> bool:
        """Whether the entry is of the plainest form and reads alike."""
        plain = _PLAIN_ENTRY.fullmatch(entry.text)
        if plain is None:
            return False
        names = [field.name for field in entry.fields]
        return plain.group(1, 2) == (entry.item_type, entry.key) and _NAME.findall(plain[3]) == names

    def reads_in_full(self, entry: Block) -> bool:
        """Whether bibtexparser reads the entry alike, whatever its form.

        One of tens of thousands of characters takes it half a minute: there the first reader's word has to do.
        """
        if not entry.fields or len(entry.text) > _LONG:
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
