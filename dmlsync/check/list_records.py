"""Entries of a list against the records of the works that they name. Pure.

Lists and records may both be wrong; a rule of this module says what differs, and mends only where the rest of the
library tells which side has the slip.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from dmlsync.check.printed import column_of, find_once
from dmlsync.check.rule import Checked, Finding, Named, rule
from dmlsync.model import Record
from dmlsync.resolve import venues
from dmlsync.resolve.match import author_families, authors_of, venue_of
from dmlsync.text.edits import Edit
from dmlsync.text.identifiers import arxiv_in
from dmlsync.text.names import agree, families, same_family
from dmlsync.text.titles import Relation, fold, relation

_TOLD: frozenset[Relation] = frozenset({"near", "slip", "similar", "kin", "apart", "different"})
_OCCASION = re.compile(r"\s\([A-Z][^()]{1,40}(?:(?:19|20)|['’])\d{2}\)$")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_ARXIV_YEAR = re.compile(r"\d{4}\.\d{4,5}")
_VENUE_FIELDS = ("proceedingsTitle", "conferenceName", "publicationTitle", "bookTitle", "journalAbbreviation", "series")
_LATE_ISSUE = 2  # years between the online version of an article and its issue
_MOST_WORDS = 12
_MOST_COMPARED = 150
_FEW = 3


@rule("title-differs", "warning", "A title differs from its record", mends=True, changes_print=True)
def title_differs(checked: Checked) -> Iterator[Finding]:
    """Titles that are not their record's, slips among them; a missing subtitle or nickname is no difference."""
    for named, record in _with_records(checked):
        found = relation(_plain(named.entry.title), _plain(record.title))
        if found in _TOLD:
            ours, theirs = _differing(named.entry.title, record.title)
            said = f"`{ours}` where the record has `{theirs}`" if ours and theirs else _lacking(ours, theirs)
            message = f"the title says {said} ({named.citation_key})"
            span = find_once(checked, named, ours) if ours else None
            edits = (
                (Edit(*span, theirs),) if span and found in ("near", "slip") and _is_typo(checked, ours, theirs) else ()
            )
            yield Finding(named.list.path, named.entry.line, message, column_of(checked, named, span), edits)


def _plain(title: str) -> str:
    """A title as it is compared: a workshop's year in brackets at its end reads like a venue, `\\varepsilon` like ε."""
    return _OCCASION.sub("", title).replace("\\var", "\\")


def _lacking(ours: str, theirs: str) -> str:
    return f"`{ours}`, which the record lacks" if ours else f"nothing of `{theirs}`, which the record has"


def _differing(ours: str, theirs: str) -> tuple[str, str]:
    """The words from the first that differs to the last, as printed on either side."""
    one, other = ours.split()[:_MOST_COMPARED], theirs.split()[:_MOST_COMPARED]
    ours_folded, theirs_folded = [fold(word) for word in one], [fold(word) for word in other]
    changes = [
        code
        for code in SequenceMatcher(None, ours_folded, theirs_folded, autojunk=False).get_opcodes()
        if code[0] != "equal"
    ]
    if not changes:  # words joined or parted
        return ours, theirs
    found = [" ".join(one[changes[0][1] : changes[-1][2]]), " ".join(other[changes[0][3] : changes[-1][4]])]
    shown = [" ".join(text.split()[:_MOST_WORDS]).strip(",;:.-–— ") for text in found]
    return shown[0], shown[1]


def _is_typo(checked: Checked, ours: str, theirs: str) -> bool:
    """Whether one word is a slip for the other for certain: nobody else in the library writes it, others the right one.

    Registries have slips, too, so that one record alone proves nothing.
    """
    wrong, right = fold(ours), fold(theirs)
    if not (ours.isalpha() and theirs.isalpha()) or theirs[0].isupper() != ours[0].isupper():
        return False
    if _spelling(wrong) == _spelling(right):
        return False
    counts = [0, 0]
    for record in checked.records.values():
        words = fold(record.title).split()
        counts[0] += wrong in words
        counts[1] += right in words
    return counts[0] == 0 and counts[1] >= 2


def _spelling(word: str) -> str:
    """A word without what British and American spelling, and singular and plural, differ in."""
    for british, american in (("z", "s"), ("our", "or"), ("ll", "l"), ("ae", "e")):
        word = word.replace(british, american)
    return re.sub(r"(?:re|er)$", "r", word.removesuffix("s"))


@rule("venue-differs", "warning", "A venue is not the one of the record")
def venue_differs(checked: Checked) -> Iterator[Finding]:
    """Entries that name another conference or journal than their record; a preprint's record says nothing of it."""
    for named, record in _with_records(checked):
        venue = named.entry.venue
        if venue and _is_known(venue) and _venues_agree(venue, record) is False:
            span = find_once(checked, named, venue)
            message = f"the venue is `{venue}`, the record has `{venue_of(record)}` ({named.citation_key})"
            yield Finding(named.list.path, named.entry.line, message, column_of(checked, named, span))


def _is_known(venue: str) -> bool:
    """Whether a venue is a well-known one: of others nobody can tell what their acronym stands for."""
    return venues.kind(venues.key(venue).removesuffix(" workshop")) != "unknown"


def _venues_agree(venue: str, record: Record) -> bool | None:
    """Whether a venue is one that a record names; None where that cannot be told."""
    if record.item_type == "preprint":
        return None
    known = [venues.agree(venue, record.get(name)) for name in _VENUE_FIELDS if record.get(name)]
    told = [answer for answer in known if answer is not None]
    return any(told) if told and len(told) == len(known) else (True if any(told) else None)


@rule("year-differs", "warning", "A year is not the one of the record")
def year_differs(checked: Checked) -> Iterator[Finding]:
    """Entries of another year than their record, where both speak of the same version of the work.

    A list in which a third of them differ counts years in a way of its own: only the first is told.
    """
    of_list: Mapping[str, list[tuple[Named, Record, bool]]] = defaultdict(list)
    for named, record in _with_records(checked):
        year = named.entry.year
        if year is not None and record.year is not None:
            differs = year != record.year and not _is_meant(named, record, year)
            of_list[named.list.name].append((named, record, differs))
    for compared in of_list.values():
        wrong = [(named, record) for named, record, differs in compared if differs]
        has_custom = len(wrong) > _FEW and 3 * len(wrong) > len(compared)
        yield from _other_years(checked, wrong[:1] if has_custom else wrong, len(wrong) if has_custom else 0)


def _other_years(checked: Checked, wrong: Sequence[tuple[Named, Record]], all_of_them: int) -> Iterator[Finding]:
    for named, record in wrong:
        entry, year = named.entry, named.entry.year
        span = find_once(checked, named, str(year))
        where = "" if span else " by its heading"
        more = f"; {all_of_them - 1} other years of this list differ, too" if all_of_them else ""
        message = f"the year is {year}{where}, the record has {record.year} ({named.citation_key}){more}"
        yield Finding(named.list.path, entry.line, message, column_of(checked, named, span))


def _is_meant(named: Named, record: Record, year: int) -> bool:
    """Whether the year is that of another version or reckoning: the preprint's, the meeting's, an early issue's."""
    if _venues_agree(named.entry.venue, record) is False:
        return True  # another version: the venue is what differs
    if record.item_type == "journalArticle" and record.year and abs(year - record.year) <= _LATE_ISSUE:
        return True
    if any(str(year) in _YEAR.findall(record.get(name)) for name in (*_VENUE_FIELDS, "volume")):
        return True
    ids = [found for link in named.entry.links if (found := arxiv_in(link.url))] or [record.identifiers.arxiv]
    preprints = {2000 + int(found[:2]) for found in ids if _ARXIV_YEAR.fullmatch(found)}
    return year in preprints and (not named.entry.venue or record.item_type == "preprint")


@rule("authors-differ", "warning", "An author is not among the record's, or not the first")
def authors_differ(checked: Checked) -> Iterator[Finding]:
    """Entries that name people whom their record does not, or somebody else first."""
    for named, record in _with_records(checked):
        entry = named.entry
        printed, authors = families(entry.author_names), author_families(record)
        given = tuple(fold(one.first_name) for one in authors_of(record))
        agreement = agree(printed, authors, entry.et_al, given=given)
        if agreement.level == "unknown" or _names_all(entry.authors, authors):
            continue
        if agreement.matched < agreement.printed:
            strangers = [name for name in printed if not any(same_family(name, one) for one in authors)]
            who = ", ".join(_as_printed(named, name) for name in strangers) or "somebody twice"
            message = f"the record does not name {who} ({named.citation_key})"
        elif len(authors[0]) > 1 and not same_family(printed[0], authors[0]) and printed[0] != given[0]:
            message = f"the first author is {authors_of(record)[0]} in the record ({named.citation_key})"
        else:
            continue
        span = find_once(checked, named, entry.authors)
        yield Finding(named.list.path, entry.line, message, column_of(checked, named, span))


def _names_all(printed: str, authors: Sequence[str]) -> bool:
    """Whether the printed text has all family names in their order, however it is cut into names."""
    words, place = f" {fold(printed)} ", 0
    for family in authors:
        place = words.find(f" {family} ", place) + 1
        if not place:
            return False
    return True


def _as_printed(named: Named, family: str) -> str:
    return next((name for name in named.entry.author_names if families((name,)) == (family,)), family)


def _with_records(checked: Checked) -> Iterator[tuple[Named, Record]]:
    """The entries whose work has a record that is more than the entry itself."""
    for named in checked.entries:
        record = checked.records.get(named.citation_key)
        state = checked.works.get(named.citation_key)
        if record and not (state and state.is_minimal):
            yield named, record
