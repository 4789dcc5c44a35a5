"""Entries of library.bib as a whole: readable, complete, there once, with a key that works. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from dmlsync.bib.entry_types import Dialect
from dmlsync.bib.keys import key_problem
from dmlsync.check.rule import Checked, Finding, InBib, rule
from dmlsync.model import Record
from dmlsync.resolve.match import author_families, same_work
from dmlsync.sources.base import Candidate
from dmlsync.text.identifiers import is_preprint_doi
from dmlsync.text.titles import fold, is_generic, relation

_Table = Mapping[str, tuple[str, ...]]


def _table(text: str) -> _Table:
    """Rows of an entry type and its required fields; `a|b` is one or the other."""
    rows = (line.split() for line in text.strip().splitlines())
    return MappingProxyType({name: tuple(fields) for name, *fields in rows})


# BibTeX's own table: Oren Patashnik, "BibTeXing" (1988), section 3.1.
_CLASSIC = _table(
    """
    article        author title journal year
    book           author|editor title publisher year
    booklet        title
    conference     author title booktitle year
    inbook         author|editor title chapter|pages publisher year
    incollection   author title booktitle publisher year
    inproceedings  author title booktitle year
    manual         title
    mastersthesis  author title school year
    phdthesis      author title school year
    proceedings    title year
    techreport     author title institution year
    unpublished    author title note
    """
)
# The biblatex manual, section 2.1.1; @book with an editor alone, and @misc, @online and @dataset without an author,
# are printed well by every standard style and no problem here.
_MODERN = _table(
    """
    article        author title journaltitle date
    book           author|editor title date
    mvbook         author|editor title date
    inbook         author|editor title booktitle date
    bookinbook     author|editor title booktitle date
    booklet        title date
    collection     editor title date
    mvcollection   editor title date
    incollection   author title booktitle date
    dataset        title date
    manual         title date
    misc           title
    online         title doi|eprint|url
    patent         author title number date
    periodical     title date
    proceedings    title date
    mvproceedings  title date
    inproceedings  author title booktitle date
    report         author title institution date
    thesis         author title institution date
    unpublished    author title date
    conference     author title booktitle date
    electronic     title doi|eprint|url
    www            title doi|eprint|url
    mastersthesis  author title institution date
    phdthesis      author title institution date
    techreport     author title institution date
    """
)
_TABLES: Mapping[Dialect, _Table] = MappingProxyType({"bibtex": _CLASSIC, "biblatex": _MODERN})
_CLASSIC_NAMES = MappingProxyType({"journaltitle": "journal", "date": "year", "institution": "school"})
_MODERN_NAMES = MappingProxyType({classic: modern for modern, classic in _CLASSIC_NAMES.items()})


@rule("bib-syntax", "error", "An entry of library.bib cannot be read, or its key stands twice")
def bib_syntax(checked: Checked) -> Iterator[Finding]:
    """Unbalanced braces, missing commas and keys, macros that nobody defines, keys that stand twice."""
    for problem in checked.document.problems:
        message = f"{problem.key}: {problem.message}" if problem.key else problem.message
        yield Finding(checked.bib, problem.line, message)


@rule("missing-field", "warning", "An entry lacks a field that its type needs")
def missing_fields(checked: Checked) -> Iterator[Finding]:
    """Fields that the dialect requires of an entry's type, those inherited by `crossref` included."""
    for one in checked.in_bib:
        required = _TABLES[checked.dialect].get(one.entry.type, ())
        if not required or _lacks_parent(checked, one):
            continue
        missing = [names for names in required if not _has(one, names, checked.dialect)]
        if missing:
            told = ", ".join(_told(one, names) for names in missing)
            yield checked.finding_in(one, f"@{one.entry.type} without {told}")


def _lacks_parent(checked: Checked, one: InBib) -> bool:
    """Whether an entry inherits from one that is not here, so that nobody can tell what it has."""
    parents = [one.values.get("crossref", ""), *one.values.get("xdata", "").split(",")]
    return any(name.strip() and checked.document.block(name.strip()) is None for name in parents)


def _has(one: InBib, names: str, dialect: Dialect) -> bool:
    for name in names.split("|"):
        other = _CLASSIC_NAMES.get(name, name) if dialect == "biblatex" else name
        if one.values.get(name, "").strip(" {}") or one.values.get(other, "").strip(" {}"):
            return True
    return False


def _told(one: InBib, names: str) -> str:
    """The name of a missing field; that of the other dialect beside it where the entry has that."""
    name = names.replace("|", " or ")
    other = _MODERN_NAMES.get(names, "")
    return f"{name} (BibTeX does not know its {other})" if other and one.values.get(other) else name


@rule("bad-key", "warning", "A citation key cannot be cited in this dialect")
def bad_key(checked: Checked) -> Iterator[Finding]:
    """Keys with blanks or signs that LaTeX takes for something else; in BibTeX also letters beyond ASCII."""
    for one in checked.in_bib:
        # BibTeX itself minds no apostrophe; biber's parser does.
        key = one.entry.key.replace("'", "") if checked.dialect == "bibtex" else one.entry.key
        if key and (problem := key_problem(key, checked.dialect)):
            yield checked.finding_in(one, problem)


@rule("duplicate-record", "warning", "Two entries of library.bib describe one work, or carry one DOI")
def duplicate_records(checked: Checked) -> Iterator[Finding]:
    """Entries with one DOI or arXiv id and one title, or with the title, authors and year of another."""
    for first, again in _pairs(checked):
        ours, theirs = (checked.records[one.entry.key] for one in (first, again))
        if (ours.item_type == "preprint") == (theirs.item_type == "preprint") and _is_same(ours, theirs):
            is_titled_alike = relation(ours.title, theirs.title) != "different"
            said = "describes the work of" if is_titled_alike else "has the DOI of another work,"
            yield checked.finding_in(again, f"{said} {first.entry.key} in line {first.entry.line}")


@rule("published-preprint", "warning", "A preprint's published version is known")
def published_preprint(checked: Checked) -> Iterator[Finding]:
    """Preprints that library.bib also has as published, or that the lock knows by a publisher's DOI."""
    told = set()
    for first, again in _pairs(checked):
        ours, theirs = (checked.records[one.entry.key] for one in (first, again))
        if (ours.item_type == "preprint") != (theirs.item_type == "preprint") and _is_same(ours, theirs):
            preprint, published = (first, again) if ours.item_type == "preprint" else (again, first)
            told.add(preprint.entry.key)
            yield checked.finding_in(preprint, f"{published.entry.key} is the published version of this preprint")
    for one in _recorded(checked):
        doi = checked.identifiers(one.entry.key).doi
        state = checked.works.get(one.entry.key)
        known = state.identifiers.doi if state else ""
        is_preprint = checked.records[one.entry.key].item_type == "preprint" and one.entry.key not in told
        found = next((name for name in (doi, known) if name and not is_preprint_doi(name)), "")
        if is_preprint and found:
            yield checked.finding_in(one, f"published as doi:{found}, and still a preprint here")


def _recorded(checked: Checked) -> Iterator[InBib]:
    """The entries that have a record, each key once."""
    seen = set()
    for one in checked.in_bib:
        if one.entry.key in checked.records and one.entry.key not in seen:
            seen.add(one.entry.key)
            yield one


def _pairs(checked: Checked) -> Iterator[tuple[InBib, InBib]]:
    """Entries that may be one work: they share an identifier or a title. Of several, each later one with the first."""
    groups: Mapping[str, list[InBib]] = defaultdict(list)
    for one in _recorded(checked):
        record = checked.records[one.entry.key]
        for name in (*record.identifiers.names, f"title:{fold(record.title)}" if record.title else ""):
            groups[name].append(one)
    told = set()
    for name, (first, *others) in groups.items():
        for again in others if name else ():
            pair = (first.entry.key, again.entry.key)
            if pair not in told:
                told.add(pair)
                yield first, again


def _is_same(ours: Record, theirs: Record) -> bool:
    """Whether two records are one work for certain: a title of their own, and people who wrote it."""
    if not ours.title or not theirs.title or not author_families(ours) or not author_families(theirs):
        return False
    if is_generic(ours.title) and not set(ours.identifiers.names) & set(theirs.identifiers.names):
        return False
    one, other = (
        Candidate("", record, record.identifiers, preprint=record.item_type == "preprint") for record in (ours, theirs)
    )
    return same_work(one, other)
