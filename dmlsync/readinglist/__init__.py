"""Reading curated Markdown lists of papers: files in, `dmlsync.model.Entry` values with exact lines out.

`read_list` reads a file, `parse_list` a text. The way of an entry through this room::

    document   Markdown text -> headings, paragraphs, list items, with the file's line numbers
    inline     the Markdown of one line, cell or bullet -> printed text that still knows its links and emphasis
    tables     paragraphs -> table rows -> entries;   bullets   list items -> entries
    citation   printed text -> parts -> title, authors, venue, year; running_text where nothing marks the title
    prose      which bullets are remarks and sentences, and no titles
    authors, venues, links    what a piece of text or an address is; vocabulary holds the words they know
    parse      puts it together under the headings
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmlsync.readinglist.reading_list import Problem, ReadingList

if TYPE_CHECKING:
    from dmlsync.readinglist.parse import parse_list, read_list

__all__ = ["Problem", "ReadingList", "parse_list", "read_list"]


def __getattr__(name: str) -> object:
    """Loads the Markdown parser only when a list is read."""
    if name in ("parse_list", "read_list"):
        from dmlsync.readinglist import parse

        return getattr(parse, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
