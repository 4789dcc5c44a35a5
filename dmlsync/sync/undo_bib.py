"""The part of an undo that is about library.bib. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from dmlsync.bib.document import Document
from dmlsync.bib.entry_types import Dialect
from dmlsync.bib.read import record_of
from dmlsync.bib.write import updated
from dmlsync.model import Record
from dmlsync.sync.actions import Action, FieldChange, Note, shown
from dmlsync.sync.merge import Value, Values, merge, values_of
from dmlsync.sync.merge import record_of as record_with
from dmlsync.sync.past import Turn

_WHY = "undone"


@dataclass(frozen=True, slots=True)
class UndoneBib:
    """library.bib after an undo, and what that took: `fields` that go back by entry, entries that are `removed`."""

    document: Document
    actions: tuple[Action, ...] = ()
    notes: tuple[Note, ...] = ()
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()


def undo_bib(
    entries: Mapping[str, Turn[str]], document: Document, dialect: Dialect, spared: Container[str]
) -> UndoneBib:
    """Take back what a run wrote into library.bib, except in entries of works whose items are `spared`."""
    actions, notes = list[Action](), list[Note]()
    fields, removed = dict[str, frozenset[str]](), set[str]()
    for key, turn in entries.items():
        block = document.block(key)
        if block is None or turn.after is None or (turn.before is None and key in spared):
            if turn.after is None and turn.before is not None and block is None:  # an undo had taken it out
                document = document.with_entry(turn.before)
                actions.append(_action(key, {}, values_of(record_of(document, key))))
            continue
        now = values_of(record_of(document, key))
        if turn.before is None:
            if block.text != turn.after:
                notes.append(Note("spared", key, "", "its entry in library.bib changed since"))
                continue
            document = _without(document, key, block.text)
            removed.add(key)
            actions.append(_action(key, now, {}))
            continue
        if block.text == turn.after:
            after_undo = document.replaced(key, turn.before)
            left = frozenset[str]()
        else:
            after_undo, left = _merged(document, key, turn.before, turn.after, dialect)
        if left:
            notes.append(Note("spared", key, "", f"{', '.join(sorted(left))} changed in library.bib since"))
        then = values_of(record_of(after_undo, key))
        if after_undo is not document and now != then:
            document = after_undo
            actions.append(_action(key, now, then))
            fields[key] = frozenset(_changed(now, then))
    return UndoneBib(document, tuple(actions), tuple(notes), fields, frozenset(removed))


def _without(document: Document, key: str, entry: str) -> Document:
    """The document without an entry; where it was the last one, without the empty line before it too."""
    edited = document.without(key)
    if not document.text.rstrip().endswith(entry):
        return edited
    text = edited.text.rstrip()
    first_line_end = edited.text.find("\n", len(text)) + 1
    ending = edited.text[len(text) : first_line_end] if first_line_end else ""
    return Document.parse((text + ending).encode("utf-8", "surrogateescape"), document.path)


def _merged(document: Document, key: str, before: str, after: str, dialect: Dialect) -> tuple[Document, frozenset[str]]:
    """The document with the fields of one entry taken back that are still as the run left them; and the others."""
    found, left = _record_in(before, document, key), _record_in(after, document, key)
    now = record_of(document, key)
    values, spared = dict(values_of(now)), set[str]()
    for one in merge(values_of(left), values_of(found), values_of(now)):
        if one.base != one.local and one.verdict == "push":
            values[one.name] = one.local
        elif one.base != one.local and one.verdict == "conflict":
            spared.add(one.name)
    wanted = record_with({name: value for name, value in values.items() if value})
    return (updated(document, key, now, wanted, dialect) if wanted != now else document), frozenset(spared)


def _record_in(text: str, document: Document, key: str) -> Record:
    """The record of an entry's former text."""
    return record_of(document.replaced(key, text), key)


def _action(key: str, before: Values, after: Values) -> Action:
    lines = (
        FieldChange(name, shown(before.get(name, "")), shown(after.get(name, "")), _WHY)
        for name in _changed(before, after)
    )
    title = _text(after.get("title", "")) or _text(before.get("title", ""))
    return Action("restore", key, "", title, tuple(lines))


def _changed(before: Values, after: Values) -> list[str]:
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""
