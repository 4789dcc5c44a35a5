"""A .bib file of its own out of a document: the entries that somebody cites, and all that they need.

In the file's own dialect entries are copied as they stand, with the comment lines above them, their `@string` macros,
their parents (`crossref`, `xdata` ...) and every `@preamble`; in the other dialect they are written anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from dmlsync.bib.carried import carried
from dmlsync.bib.cited import Cited
from dmlsync.bib.document import Document
from dmlsync.bib.entry_types import Dialect
from dmlsync.bib.export import exported_entry
from dmlsync.bib.insert import line_end
from dmlsync.bib.keys import nearest
from dmlsync.bib.pieces import macros_in
from dmlsync.bib.rekey import REFERENCES, with_ids
from dmlsync.bib.values import content


@dataclass(frozen=True, slots=True)
class Unknown:
    """A cited key that no entry has, with the known ones that it may mean; `broken` where its entry cannot be read."""

    key: str
    nearest: tuple[str, ...] = ()
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Extract:
    """A .bib file as text, the keys of the cited entries in it, and what was cited in vain."""

    text: str
    keys: tuple[str, ...]
    unknown: tuple[Unknown, ...] = ()


def extracted(
    document: Document, cited: Cited, aliases: Mapping[str, str], dialect: Dialect, *, anew: bool = False
) -> Extract:
    """The cited entries in the document's order.

    `aliases` are other names of entries. biblatex finds an entry by its field `ids`, which is added to the copy where
    it lacks the alias; BibTeX cannot, so that there the entry is written under the name that was cited. The entries
    are copied, or with `anew` written in a `dialect` that is not the document's. Where all of them are cited by their
    own keys, the copy is the document itself.
    """
    found = _Finder(document, aliases, dialect).found(cited)
    keys = tuple(found.names)
    if anew:
        return Extract(_Anew(document, dialect).text(found.names), keys, found.unknown)
    if cited.everything and all(names == (key,) for key, names in found.names.items()):
        return Extract(document.text, keys, found.unknown)
    return Extract(_Copy(document, dialect).text(found.names), keys, found.unknown)


@dataclass(frozen=True, slots=True)
class _Found:
    """For each entry that is wanted, the names under which it was cited; what is unknown."""

    names: Mapping[str, tuple[str, ...]]
    unknown: tuple[Unknown, ...]


class _Finder:
    """Finds the entries that cited keys mean."""

    def __init__(self, document: Document, aliases: Mapping[str, str], dialect: Dialect) -> None:
        self._document = document
        self._aliases = aliases
        readable = (entry.key for entry in document.entries if document.block(entry.key))
        self._keys = dict.fromkeys(readable)
        # BibTeX looks entries up whatever their capitals; biber does not.
        self._folded = {key.lower(): key for key in reversed(self._keys)} if dialect == "bibtex" else {}

    def found(self, cited: Cited) -> _Found:
        """See `extracted`."""
        names, unknown = defaultdict[str, list[str]](list), list[Unknown]()
        if cited.everything:
            names |= {key: [key] for key in self._keys}
        for name in cited.keys:
            key = self._key_of(name)
            if key:
                is_key = self._folded and name.lower() == key.lower()
                names[key].append(key if is_key else name)
            else:
                broken = name.lower() in self._document.keys and name.lower() not in map(str.lower, self._keys)
                near = () if broken else nearest(name, [*self._keys, *self._aliases])
                unknown.append(Unknown(name, near, broken))
        return _Found({key: tuple(dict.fromkeys(names[key])) for key in self._keys if key in names}, tuple(unknown))

    def _key_of(self, name: str) -> str:
        if name in self._keys:
            return name
        alias = self._aliases.get(name, "")
        return alias if alias in self._keys else self._folded.get(name.lower(), "")


class _Anew:
    """Writes entries anew: they inherit what their parents hold, and need nothing else."""

    def __init__(self, document: Document, dialect: Dialect) -> None:
        self._document = document
        self._dialect: Dialect = dialect

    def text(self, names: Mapping[str, tuple[str, ...]]) -> str:
        """The file with these entries."""
        return "\n".join(
            copy for key, cited in names.items() for copy in _under(self._entry(key), cited, self._dialect)
        )

    def _entry(self, key: str) -> Document:
        block = self._document.block(key)
        assert block is not None
        return _alone(exported_entry(key, carried(self._document, block), self._dialect))


class _Copy:
    """Copies entries as they stand, with what they need."""

    def __init__(self, document: Document, dialect: Dialect) -> None:
        self._document = document
        self._dialect: Dialect = dialect

    def text(self, names: Mapping[str, tuple[str, ...]]) -> str:
        """The file with these entries."""
        if not names:
            return ""
        wanted = self._with_parents(names)
        macros = self._macros(wanted)
        pieces, end = list[str](), line_end(self._document.blocks)
        for before, block in pairwise([None, *self._document.blocks]):
            assert block is not None
            above = _comment_above(before.text) if before and before.kind == "text" else ""
            if block.kind == "entry" and block.key in wanted and self._document.block(block.key) is block:
                cited = names.get(block.key, (block.key,))
                pieces.append(above + end.join(_under(_alone(block.text + end), cited, self._dialect)))
            elif block.kind == "preamble" or (block.kind == "string" and block.key in macros):
                pieces.append(above + block.text + end)
        return end.join(pieces)

    def _with_parents(self, names: Iterable[str]) -> set[str]:
        """These keys and those of all entries that they name, and so on."""
        wanted, waiting = set[str](), list(names)
        while waiting:
            block = self._document.block(waiting.pop())
            if block is None or block.key in wanted:
                continue
            wanted.add(block.key)
            for field in block.fields:
                if field.name in REFERENCES:
                    waiting.extend(one.strip() for one in content(field.value, self._document).split(","))
        return wanted

    def _macros(self, keys: Iterable[str]) -> set[str]:
        """The @string macros that these entries use, and those that stand in them."""
        strings = self._document.strings
        blocks = filter(None, map(self._document.block, keys))
        waiting, found = [field.value for block in blocks for field in block.fields], set[str]()
        while waiting:
            names = map(str.lower, macros_in(waiting.pop()))
            new = {name for name in names if name in strings and name not in found}
            found |= new
            waiting.extend(strings[name] for name in new)
        return found


def _alone(text: str) -> Document:
    """A document that holds nothing but this entry."""
    return Document.parse(text.encode("utf-8", "surrogateescape"))


def _under(entry: Document, cited: tuple[str, ...], dialect: Dialect) -> list[str]:
    """An entry under the names that it was cited by: see `extracted`."""
    key = entry.entries[0].key
    others = [name for name in cited if name != key]
    if dialect == "biblatex":
        return [with_ids(entry, key, others).text]
    return [*([entry.text] if key in cited else []), *(entry.rekeyed(key, name).text for name in others)]


def _comment_above(text: str) -> str:
    """The comment lines directly above what follows this text; its first line belongs to what stands before it."""
    lines = text.splitlines(keepends=True)
    first = len(lines) if lines and lines[-1].endswith("\n") else 0
    while first > 1 and lines[first - 1].lstrip().startswith("%"):
        first -= 1
    return "".join(lines[first:]) if first else ""
