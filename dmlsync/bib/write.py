"""Records written as entries, and entries brought up to date field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dmlsync.bib.document import Document, printable
from dmlsync.bib.entry_types import Dialect
from dmlsync.bib.eprints import arxiv_class
from dmlsync.bib.fields import day_of_access, fields_of, ordered
from dmlsync.bib.mapping import NAME_ROLES, creator_types, field_rules
from dmlsync.bib.names import creators_of, goes_on
from dmlsync.bib.normal import representable, written_type
from dmlsync.bib.read import record_of
from dmlsync.bib.scan import Block
from dmlsync.bib.titles import TitleStyle, braced_words, marked_titles
from dmlsync.bib.verify import SecondReader
from dmlsync.errors import BibError
from dmlsync.model import Record

_KEY = re.compile(r"[^\s\"#%'(),={}~\\@\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_BIBTEX_HABITS = frozenset(("year", "journal", "address", "school", "archiveprefix"))
_BIBLATEX_HABITS = frozenset(("date", "journaltitle", "location", "eprinttype"))


def is_key(text: str) -> bool:
    """Whether a text is safe as a citation key in BibTeX."""
    return _KEY.fullmatch(text) is not None


def entry_text(key: str, record: Record, dialect: Dialect = "biblatex") -> str:
    """A record as an entry of its own: one field a line, indented by two blanks.

    `biblatex` is UTF-8 with biblatex's names, `bibtex` ASCII as far as commands exist, with the classic ones. A key
    that is not safe in BibTeX raises `ValueError`.
    """
    if not is_key(key):
        raise ValueError(f"not a citation key: {key!r}")
    return _entry(key, record, representable(record, dialect), dialect)


def _entry(key: str, record: Record, normal: Record, dialect: Dialect) -> str:
    """See `entry_text`; `normal` is what is representable of the record."""
    style = TitleStyle(marked=marked_titles(record.fields.values()))
    fields = fields_of(normal, dialect, style=style, arxiv_class=arxiv_class(record)) | day_of_access(record)
    lines = [f"  {name} = {value},\n" for name, value in ordered(fields) if value]
    return f"@{written_type(normal, dialect)}{{{key},\n{''.join(lines)}}}\n"


def upserted(document: Document, key: str, record: Record, dialect: Dialect = "biblatex") -> Document:
    """The document with this record: see `upserted_all`."""
    return upserted_all(document, {key: record}, dialect)


def upserted_all(document: Document, records: Mapping[str, Record], dialect: Dialect = "biblatex") -> Document:
    """The document with these records by their keys: new entries, and existing ones brought up to date.

    New entries go to their places if all entries stand in the order of their keys, else to the end in the order given.
    Everything written is read back, by our own reader and by bibtexparser; `BibError` names the entry if either reads
    something else, if a key is not safe or stands on a broken entry. Then nothing is written at all.
    """
    reader = SecondReader()
    new = {key: record for key, record in records.items() if document.block(key) is None}
    edited = _with_new(document, new, dialect, reader)
    old = [key for key in records if key not in new]
    for key in sorted(old, key=lambda key: _inherits(document, key)):
        target = representable(records[key], dialect)
        edited = _updated(edited, key, target, dialect, reader, marked_titles(records[key].fields.values()))
    return edited


def _with_new(document: Document, records: Mapping[str, Record], dialect: Dialect, reader: SecondReader) -> Document:
    """The document with a new entry for each of these records."""
    normal = {key: representable(record, dialect) for key, record in records.items()}
    for key in records:
        if not _KEY.fullmatch(key):
            raise BibError(document.path, f"`{printable(key)}` cannot be a citation key")
    edited = document.with_entries(_entry(key, record, normal[key], dialect) for key, record in records.items())
    for key in records:
        if not _says(edited, key, normal[key], dialect) or not _readable(edited, key, reader):
            raise _not_as_meant(document, key)
    return edited


def _inherits(document: Document, key: str) -> bool:
    """Whether an entry takes values from others, which are to be changed before it."""
    block = document.block(key)
    return block is not None and any(field.name in ("crossref", "xdata") for field in block.fields)


def updated(document: Document, key: str, before: Record, after: Record, dialect: Dialect = "biblatex") -> Document:
    """The document with the changes from `before` to `after` made in one entry.

    Only fields are written whose value differs both between the two records and between the entry and `after`; any
    other hand edit stays, whatever its spelling. The entry's own habits decide on names (`year` or `date`) and layout,
    the dialect on the alphabet. Verified as in `upserted`; a value that comes from a `crossref` parent cannot be
    removed and raises `BibError`.
    """
    if document.block(key) is None:
        raise BibError(document.path, f"there is no entry `{printable(key)}` that can be read")
    target = _merged(record_of(document, key), before, after, dialect)
    return _updated(document, key, target, dialect, SecondReader(), marked_titles(after.fields.values()))


def _updated(
    document: Document, key: str, target: Record, dialect: Dialect, reader: SecondReader, marked: Mapping[str, str]
) -> Document:
    """The document with one entry changed so that it reads as `target`, which is representable in the dialect.

    `marked` are titles as their source marks them: see `TitleStyle`.
    """
    block = document.block(key)
    if block is None or _says(document, key, target, dialect):
        return document
    for names, whole in ((_habits(block, dialect), False), (dialect, False), (dialect, True)):
        if representable(target, names) != target:
            continue  # these names cannot say it
        edited = _rewritten(document, block, target, names, dialect, marked, whole=whole)
        if _says(edited, key, target, dialect) and (_readable(edited, key, reader) or not reader.reads_alike(block)):
            return edited
    raise _not_as_meant(document, key)


def _merged(now: Record, before: Record, after: Record, dialect: Dialect) -> Record:
    """The entry as it reads now, with what changes from `before` to `after`."""
    now, before, after = (representable(record, dialect) for record in (now, before, after))
    item_type = after.item_type if after.item_type != before.item_type else now.item_type
    changed = {name for name in {*before.fields, *after.fields} if before.get(name) != after.get(name)}
    fields = {**now.fields, **{name: after.get(name) for name in changed}}
    creators = after.creators if after.creators != before.creators else now.creators
    return representable(Record(item_type, fields, creators), dialect)


def _habits(block: Block, dialect: Dialect) -> Dialect:
    """The dialect whose field names an entry uses; the given one where it uses neither or both."""
    names = {field.name for field in block.fields}
    classic, modern = bool(names & _BIBTEX_HABITS), bool(names & _BIBLATEX_HABITS)
    return dialect if classic == modern else "bibtex" if classic else "biblatex"


def _rewritten(
    document: Document,
    block: Block,
    target: Record,
    names: Dialect,
    dialect: Dialect,
    marked: Mapping[str, str],
    *,
    whole: bool,
) -> Document:
    """The document with the fields of one entry written anew whose values differ (or all of them, if `whole`)."""
    now = representable(record_of(document, block.key), names)
    title = next((field.value for field in block.fields if field.name == "title"), "")
    style = TitleStyle(braced_words(title), marked=marked)
    fields = fields_of(target, names, ascii_only=dialect == "bibtex", style=style)
    present = {field.name for field in block.fields}
    owned = set[str]()
    retyped = target.item_type != now.item_type
    rules = {**field_rules(now.item_type), **field_rules(target.item_type)}
    for name, rule in rules.items():
        if whole or retyped or now.get(name) != target.get(name):
            owned |= {*rule.names, *_COMPANIONS.get(rule.biblatex, ())}
    if whole or retyped or now.creators != target.creators:
        lists = {*creator_types(now.item_type), *creator_types(target.item_type)}
        owned |= lists | {NAME_ROLES[field][0] for field in lists & set(NAME_ROLES)}
    if whole or retyped:
        owned |= {"entrysubtype", "pubstate"}
    # A name that another field of the record lives in as well (a journal's publisher) is only this field's to write.
    kept_names = {name for name in owned if name in fields}
    changes: dict[str, str | None] = {name: fields[name] or None for name in fields if name in kept_names}
    lists = {*creator_types(target.item_type)} & changes.keys()
    changes |= {name: _going_on(block, name, str(changes[name])) for name in lists if changes[name]}
    changes |= {name: None for name in owned & present if name not in changes}
    # The entry's type says what kind of thesis it is, so that it goes with the field.
    kind_changed = now.get("thesisType") != target.get("thesisType")
    new_type = written_type(target, names)
    retyped = whole or kind_changed or new_type != written_type(now, names)
    return document.with_fields(block.key, changes, new_type if retyped else None)


def _going_on(block: Block, name: str, value: str) -> str:
    """A name list's new raw value, with the `and others` of the old one where as many people are named as before."""
    old = next((field.value[1:-1] for field in block.fields if field.name == name), "")
    same_length = len(creators_of(old, "author")) == len(creators_of(value[1:-1], "author")) + 1
    return f"{value[:-1]} and others}}" if goes_on(old) and same_length else value


_COMPANIONS = {
    "eprint": ("eprinttype", "eprintclass", "archiveprefix", "primaryclass"),
    "eprinttype": ("publisher",),
    "title": ("subtitle",),
    "booktitle": ("booksubtitle",),
    "journaltitle": ("journalsubtitle",),
    "url": ("howpublished",),
}
"""Fields that are written or removed together with another."""


def _says(document: Document, key: str, target: Record, dialect: Dialect) -> bool:
    """Whether the entry reads as this record, as far as the dialect can say it; `target` is representable in it."""
    return representable(record_of(document, key), dialect) == target


def _readable(document: Document, key: str, reader: SecondReader) -> bool:
    block = document.block(key)
    return block is not None and reader.reads_alike(block)


def _not_as_meant(document: Document, key: str) -> BibError:
    entry = document.get(key)
    problem = f"the entry `{printable(key)}` would not be read back as it was meant"
    return BibError(document.path, problem, line=entry.line if entry else None)
