"""Changing single fields inside the text of one entry, in the entry's own layout."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dmlsync.bib.scan import Block, RawField

_TYPE = re.compile(r"(@\s*+)([^\s{(]++)")
_DELIMITED = re.compile(r"[{\"]")


def with_changes(entry: Block, changes: Mapping[str, str | None], item_type: str | None = None) -> str:
    """The text of `entry` after setting fields to raw values (`{Text}`, `jul`); None removes a field.

    Only the text of these fields changes. A new field comes after the last one and copies its indentation, its blanks
    around `=` (or the column where all `=` stand), its place of the comma, its capitals and its delimiters.
    """
    wanted = {name.lower(): value for name, value in changes.items()}
    seen, edits = set[str](), list[tuple[int, int, str]]()
    removed = [f for f in entry.fields if f.name in wanted and wanted[f.name] is None]
    for field in entry.fields:
        value = wanted.get(field.name)
        if value is not None and field.name not in seen:
            edits.append((field.value_start, field.end, _restyled(field.value, value)))
        seen.add(field.name)
    edits += _removals(entry, removed)
    added = {name: value for name, value in wanted.items() if value is not None and name not in seen}
    if added:
        kept = [field for field in entry.fields if field not in removed]
        edits.append(_addition(entry, kept, added))
    text = entry.text
    for start, end, replacement in sorted(edits, reverse=True):
        text = text[:start] + replacement + text[end:]
    return _with_type(text, item_type) if item_type is not None else text


def _restyled(old: str, new: str) -> str:
    """A new raw value in the delimiters of the one it replaces, where it can stand in them."""
    inner = new[1:-1]
    if not new.startswith("{"):
        return new
    if old.startswith('"') and "#" not in old and '"' not in inner:
        return f'"{inner}"'
    if old.isdecimal() and inner.isdecimal() and inner.isascii():
        return inner
    return new


def _removals(entry: Block, removed: list[RawField]) -> list[tuple[int, int, str]]:
    """The cuts that take fields out, each with the comma and line break before it (or after it, for the first)."""
    cuts = list[tuple[int, int, str]]()
    if not removed:
        return cuts
    first_kept = next((field for field in entry.fields if field not in removed), None)
    for number, field in enumerate(entry.fields):
        if field not in removed:
            continue
        before = entry.fields[number - 1].end if number else 0
        between = entry.text[before : field.start]
        if first_kept is None or field.start < first_kept.start or "%" in between:
            cuts.append((field.start, _after_comma(entry.text, field.end), ""))
        else:
            cuts.append((before, field.end, ""))
    if first_kept is None:
        # Nothing is left: take the blanks in front of the first field too.
        start = len(entry.text[: entry.fields[0].start].rstrip())
        if "%" not in entry.text[start : entry.fields[-1].end]:
            return [(start, _comma_end(entry.text, entry.fields[-1].end), "")]
    return cuts


def _comma_end(text: str, position: int) -> int:
    comma = re.compile(r"\s*+,").match(text, position)
    return comma.end() if comma else position


def _after_comma(text: str, position: int) -> int:
    """Behind the comma that follows a field and the blanks after it, but not into a comment."""
    end = _comma_end(text, position)
    space = re.compile(r"\s*+").match(text, end)
    following = space.end() if space else end
    return following if end > position and text[following : following + 1] not in ("}", ")", "%") else end


def _addition(entry: Block, kept: list[RawField], added: Mapping[str, str]) -> tuple[int, int, str]:
    """The one insertion that adds new fields behind the last."""
    text, newline = entry.text, "\r\n" if "\r\n" in entry.text else "\n"
    lines = [_field_text(entry, kept, name, value) for name, value in added.items()]
    if kept:
        gap = _separator(entry, newline)
        return kept[-1].end, kept[-1].end, "".join(gap + line for line in lines)
    # No field left to copy from: behind the key, whose comma may be missing.
    end = entry.fields[-1].end if entry.fields else len(text) - 1
    head = text[: entry.fields[0].start if entry.fields else end].rstrip()
    comma = "" if head.endswith(",") else ","
    joined = f",{newline}  ".join(lines)
    tail = "" if text[len(head) :].lstrip(" \t").startswith(("\n", "\r")) else newline
    return len(head), len(head), f"{comma}{newline}  {joined}{',' if entry.fields else ''}{tail}"


def _separator(entry: Block, newline: str) -> str:
    """What stands between two fields of this entry: the comma and the line break, in this entry's order."""
    fields = entry.fields
    if len(fields) > 1:
        between = entry.text[fields[-2].end : fields[-1].start]
        if between.strip() == ",":
            return between
    gap = entry.text[: fields[0].start]
    indent = gap[len(gap.rstrip()) :]
    return "," + (indent or f"{newline}  ")


def _field_text(entry: Block, kept: list[RawField], name: str, value: str) -> str:
    """`name = value` in the manner of the fields around it."""
    if not kept:
        return f"{name} = {value}"
    model = kept[-1]
    equals = entry.text.index("=", model.start)
    written = entry.text[model.start : equals].rstrip()
    if written.isupper():
        name = name.upper()
    elif written.istitle():
        name = name.capitalize()
    before = entry.text[model.start + len(written) : equals]
    after = entry.text[equals + 1 : model.value_start]
    column = _equals_column(entry)
    if column is not None:
        before = " " * max(column - len(name), 1 if before else 0)
    if sum(field.value.startswith('"') for field in kept) * 2 > len(kept):
        value = _restyled('""', value)
    return f"{name}{before}={after}{value}"


def _equals_column(entry: Block) -> int | None:
    """How far behind the start of the name all `=` of the entry stand, if they stand in one column."""
    columns, lengths = set[int](), set[int]()
    for field in entry.fields:
        columns.add(entry.text.index("=", field.start) - field.start)
        lengths.add(len(field.name))
    return columns.pop() if len(columns) == 1 and len(lengths) > 1 else None


def _with_type(text: str, item_type: str) -> str:
    """The entry's text with another type, in the capitals of the old one."""
    match = _TYPE.match(text)
    if match is None:
        return text
    old = match[2]
    new = item_type.upper() if old.isupper() else item_type.capitalize() if old[:1].isupper() else item_type
    return text if old.lower() == item_type.lower() else match[1] + new + text[match.end() :]
