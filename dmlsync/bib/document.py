"""A .bib file as a value: every byte of it, its entries, and edits that return a new one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from dmlsync.bib.insert import inserted, line_end, text_block
from dmlsync.bib.layout import with_changes
from dmlsync.bib.pieces import macros_in
from dmlsync.bib.scan import Block, RawField, split
from dmlsync.errors import BibError

__all__ = ["Document", "Problem", "RawEntry", "RawField"]

_BREAK = re.compile(r"[\t\r\n]")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class RawEntry(NamedTuple):
    """One entry as it stands in the file.

    `type` is in lower case, `line` counts from 1, `span` bounds the entry's text in `Document.text`; the positions
    in `fields` count from the start of the entry.
    """

    type: str
    key: str
    line: int
    fields: tuple[RawField, ...]
    span: tuple[int, int]

    def value(self, name: str) -> str:
        """The raw value of the first field of this name, `""` if there is none."""
        return next((field.value for field in self.fields if field.name == name), "")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in the file: an entry that cannot be read, a key that stands twice.

    Message and key can be printed: a byte that is not UTF-8 or controls a terminal is shown as U+FFFD.
    """

    line: int
    message: str
    key: str = ""


class Document:
    """A .bib file: `data` is the file, byte for byte, whatever it holds.

    Bytes that are not UTF-8 are kept as they are. Edits return a new document and change nothing outside the entry
    that they name; an edit that would not leave a file with exactly the expected entries raises `BibError`. Keys are
    compared regardless of case, as BibTeX does; where a key stands twice, the first entry is meant.
    """

    def __init__(self, blocks: Iterable[Block], path: Path = Path("library.bib")) -> None:
        self._blocks = tuple(blocks)
        self.path = path

    @classmethod
    def parse(cls, data: bytes, path: Path = Path("library.bib")) -> Document:
        """The document that these bytes are; never fails. `path` only serves error messages."""
        return cls(split(data.decode("utf-8", "surrogateescape")), path)

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        return self.text.encode("utf-8", "surrogateescape")

    @cached_property
    def text(self) -> str:
        """The file's text; bytes that are not UTF-8 are lone surrogates (PEP 383)."""
        return "".join(block.text for block in self._blocks)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The stretches that the file consists of, in order; their texts join to `text`."""
        return self._blocks

    @cached_property
    def entries(self) -> tuple[RawEntry, ...]:
        """The entries that can be read, in the order of the file, duplicates among them.

        One whose key is not UTF-8 or holds a control character is found here alone: it has no record, only a problem.
        """
        return tuple(
            RawEntry(block.item_type, block.key, line, block.fields, (start, start + len(block.text)))
            for block, line, start in self._places()
            if block.kind == "entry"
        )

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong in the file, by line."""
        found, seen, macros = list[Problem](), dict[str, int](), {*self.strings}
        for block, line, _ in self._places():
            key = printable(block.key)
            if block.kind == "broken":
                found.append(Problem(line, printable(block.message), key))
            elif block.kind == "entry":
                if block.complaint:
                    found.append(Problem(line, printable(block.complaint), key))
                if not key:
                    found.append(Problem(line, "an entry without a key"))
                elif _UNPRINTABLE.search(block.key):
                    found.append(Problem(line, f"the key `{key}` holds a control character or is not UTF-8", key))
                elif key.lower() in seen:
                    found.append(Problem(line, f"the key `{key}` stands in line {seen[key.lower()]} already", key))
                seen.setdefault(block.key.lower(), line)
                for name in self._undefined(block, macros):
                    macros.add(name.lower())  # once is enough
                    found.append(Problem(line, f"the macro `{printable(name)}` is defined nowhere", key))
        return tuple(found)

    @cached_property
    def readable(self) -> tuple[Block, ...]:
        """The blocks of all entries that can be read, in the order of the file, duplicates among them."""
        return tuple(block for block in self._blocks if block.kind == "entry")

    @cached_property
    def keys(self) -> frozenset[str]:
        """All keys in lower case, those of broken entries among them: none of them is free."""
        return frozenset(block.key.lower() for block in self._blocks if block.kind in ("entry", "broken") and block.key)

    @cached_property
    def strings(self) -> Mapping[str, str]:
        """The raw values of all @string macros by their names in lower case; a later definition counts."""
        strings = [block for block in self._blocks if block.kind == "string"]
        return {field.name: field.value for block in strings for field in block.fields}

    def get(self, key: str) -> RawEntry | None:
        """The entry with this key, None if there is no readable one."""
        return self._located.get(key.lower())

    def block(self, key: str) -> Block | None:
        """The same as `get`, without the places in the file: cheap after an edit."""
        return self._by_key.get(key.lower())

    def with_entry(self, text: str) -> Document:
        """With a new entry: see `with_entries`."""
        return self.with_entries([text])

    def with_entries(self, texts: Iterable[str]) -> Document:
        """With new entries: in their places if all entries stand in the order of their keys, else at the end."""
        new, taken = list[Block](), set(self.keys)
        for text in texts:
            entry = self._one_entry(self._in_line_ends(text))
            if entry.key.lower() in taken:
                raise self._error(f"there is an entry `{entry.key}` already", entry.key)
            taken.add(entry.key.lower())
            new.append(entry)
        if not new:
            return self
        return self._edited(inserted(self._blocks, new))

    def replaced(self, key: str, text: str) -> Document:
        """With another text for one entry; its key may change only in its capitals."""
        old, new = self._present(key), self._one_entry(self._in_line_ends(text))
        if new.key.lower() != old.key.lower():
            raise self._error(f"the new text of `{old.key}` has the key `{new.key}`", key)
        return self._with_block(old, new)

    def with_fields(self, key: str, changes: Mapping[str, str | None], item_type: str | None = None) -> Document:
        """With other raw values (`{Text}`, `jul`) for fields of one entry; None removes a field.

        Only the text of these fields changes: see `dmlsync.bib.layout`. `item_type` changes the entry's type.
        """
        old = self._present(key)
        return self._with_block(old, self._one_entry(with_changes(old, changes, item_type)))

    def rekeyed(self, key: str, new: str) -> Document:
        """With another key for one entry, which stays in its place; nothing else changes."""
        old = self._present(key)
        if new.lower() != old.key.lower() and new.lower() in self.keys:
            raise self._error(f"there is an entry `{new}` already", new)
        opening = min(at for at in map(old.text.find, "{(") if at >= 0)
        at = old.text.index(old.key, opening)
        return self._with_block(old, self._one_entry(old.text[:at] + new + old.text[at + len(old.key) :]))

    def without(self, key: str) -> Document:
        """Without one entry and the line break behind it."""
        old = self._present(key)
        blocks = list(self._blocks)
        at = blocks.index(old)
        following = blocks[at + 1] if at + 1 < len(blocks) else None
        if following is not None and following.kind == "text":
            before = "".join(block.text for block in blocks[:at][-1:])
            # One gap must stay of the two around the entry.
            pattern = r"[ \t]*+(?:\r?\n)*+" if not before.strip() else r"[ \t]*+(?:\r?\n)?+"
            match = re.compile(pattern).match(following.text)
            blocks[at : at + 2] = text_block(following.text[match.end() :] if match else following.text)
        else:
            del blocks[at]
        return self._edited(blocks)

    # What follows serves the methods above.

    @staticmethod
    def _undefined(block: Block, defined: set[str]) -> Iterable[str]:
        """The macros of an entry that are not defined."""
        for field in block.fields:
            yield from (name for name in macros_in(field.value) if name.lower() not in defined)

    def _places(self) -> Iterable[tuple[Block, int, int]]:
        """Every block with its line and its start."""
        line, start = 1, 0
        for block in self._blocks:
            yield block, line, start
            line += block.text.count("\n")
            start += len(block.text)

    @cached_property
    def _located(self) -> Mapping[str, RawEntry]:
        found = dict[str, RawEntry]()
        for entry in self.entries:
            if entry.key.lower() in self._by_key:
                found.setdefault(entry.key.lower(), entry)
        return found

    @cached_property
    def _by_key(self) -> dict[str, Block]:
        found = dict[str, Block]()
        for block in self._blocks:
            if block.kind == "entry" and block.key and not _UNPRINTABLE.search(block.key):
                found.setdefault(block.key.lower(), block)
        return found

    @cached_property
    def _healthy(self) -> bool:
        """Whether no broken entry could swallow what is written behind it."""
        return all(block.kind != "broken" for block in self._blocks)

    def _present(self, key: str) -> Block:
        found = self.block(key)
        if found is None:
            broken = key.lower() in self.keys
            raise self._error(f"the entry `{key}` cannot be read" if broken else f"there is no entry `{key}`", key)
        return found

    def _error(self, problem: str, key: str) -> BibError:
        places = [line for block, line, _ in self._places() if block.key and block.key.lower() == key.lower()]
        return BibError(self.path, printable(problem), line=places[0] if places else None)

    def _in_line_ends(self, text: str) -> str:
        """An entry's text with this file's line ends, without blanks around it."""
        return text.strip().replace("\r\n", "\n").replace("\n", line_end(self._blocks))

    def _one_entry(self, text: str) -> Block:
        """The block that an entry's text is."""
        blocks = split(text)
        if len(blocks) != 1 or blocks[0].kind != "entry" or not blocks[0].key:
            message = next((block.message for block in blocks if block.message), "it is not exactly one entry")
            raise BibError(self.path, printable(f"this text cannot be an entry: {message}"))
        return blocks[0]

    def _with_block(self, old: Block, new: Block) -> Document:
        blocks = tuple(new if block is old else block for block in self._blocks)
        return self._edited(blocks, replaced=(old, new))

    def _edited(self, blocks: Iterable[Block], replaced: tuple[Block, Block] | None = None) -> Document:
        edited = Document(blocks, self.path)
        if not self._healthy:
            # What a broken entry holds is a guess of the splitter: make sure that it guesses the same again.
            keys = [block.key for block in edited._blocks if block.kind == "entry"]
            edited = Document.parse(edited.data, self.path)
            if [block.key for block in edited._blocks if block.kind == "entry"] != keys:
                block, line = next((block, line) for block, line, _ in self._places() if block.kind == "broken")
                name = f"the broken entry `{printable(block.key)}`" if block.key else "a broken entry"
                problem = f"{name} stands in the way of the change"
                raise BibError(self.path, problem, "mend it first", line=line)
        elif replaced is not None and "_by_key" in self.__dict__ and replaced[0].key == replaced[1].key:
            edited.__dict__["_by_key"] = {**self._by_key, replaced[0].key.lower(): replaced[1]}
            edited.__dict__["_healthy"] = True
            edited.__dict__["strings"] = self.strings
        return edited


def printable(text: str) -> str:
    """Text out of a file for messages: what cannot be encoded or controls a terminal is shown as U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", _BREAK.sub(" ", text))
