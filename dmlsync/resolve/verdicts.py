"""The rules by which what was seen of a candidate becomes *yes*, *ask* or *no*.

A wrong *yes* is cited, a wrong *ask* costs a moment: where the rules are in doubt they ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dmlsync.text import titles
from dmlsync.text.names import Agreement

Verdict = Literal["yes", "ask", "no"]
Support = Literal["", "revealed", "linked", "person"]
"""Where a candidate's identifier comes from: nowhere (found by its words), named by a candidate that is a *yes*, a
link of the entry itself, or a person's answer."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the rules look at.

    `years_apart` is the record's year less the printed one, `venue` whether the venues agree (None: cannot be told),
    `generic` whether a title is short or common, `telling` whether the printed title tells the paper though it is not
    whole.
    """

    relation: titles.Relation
    authors: Agreement
    years_apart: int | None
    venue: bool | None
    support: Support
    generic: bool
    telling: bool


def verdict(seen: Comparison, preprint: bool) -> Verdict:
    """The verdict on a candidate; `preprint` says whether it is one."""
    if seen.support == "person":
        return "yes"
    if seen.relation == "apart":
        return "no"
    return _verdict_by_words(seen, preprint) if seen.support == "" else _verdict_by_identifier(seen, preprint)


def _verdict_by_words(seen: Comparison, preprint: bool) -> Verdict:
    """Found by its words alone: title, authors and year have to agree."""
    if seen.relation == "different" or seen.authors.level == "none":
        return "no"
    gap = None if seen.years_apart is None else abs(seen.years_apart)
    if seen.relation in ("equal", "near"):
        return "yes" if _words_suffice(seen, gap, preprint) else "ask"
    if seen.relation == "slip":
        return "yes" if _same_but_for_title(seen, gap) or _everybody(seen, gap) else "ask"
    if seen.relation == "part":
        return "yes" if _same_but_for_title(seen, gap) else "ask"
    return "ask" if seen.relation != "kin" or seen.authors.level != "unknown" else "no"


def _same_but_for_title(seen: Comparison, gap: int | None) -> bool:
    """Whether everything but the title agrees: venue, year and all authors that the list prints.

    The first author alone tells only together with a title that is neither short nor common. Of 47,000 papers with a
    subtitle, one in a thousand shares name, venue, year and first author with another one, often its demonstration.
    """
    if gap != 0 or seen.venue is not True:
        return False
    if seen.authors.complete and seen.authors.matched > 1:
        return True
    return seen.authors.level == "all" and not seen.authors.doubtful and seen.telling


def _everybody(seen: Comparison, gap: int | None) -> bool:
    """Whether two or more authors are exactly those of the record, and neither year nor venue speaks against it."""
    everybody = seen.authors.complete and seen.authors.matched > 1
    return everybody and gap is not None and gap <= 1 and seen.venue is not False


def _words_suffice(seen: Comparison, gap: int | None, preprint: bool) -> bool:
    authors = seen.authors.level
    if seen.generic:
        return authors in ("all", "most") and gap is not None and gap <= 1 and (seen.venue is not False)
    if authors == "unknown":
        return seen.venue is True and gap is not None and gap <= 1
    if authors == "some":
        return seen.venue is True and gap == 0 and not seen.authors.doubtful
    if gap is None:
        return seen.venue is True or seen.authors.complete
    if seen.venue is True and seen.authors.complete and gap <= 3:
        return True  # a journal may print three years after it accepted
    return gap <= (1 if seen.venue is False else 2) or (preprint and _preprint_fits(seen.years_apart))


def _verdict_by_identifier(seen: Comparison, preprint: bool) -> Verdict:
    """Found by an identifier: believed if what the list says agrees with it, however the title was changed."""
    if seen.authors.level == "none":
        # The list may misprint one author, but hardly a title as well.
        return "ask" if seen.relation in titles.ALIKE and not seen.generic else "no"
    gap = None if seen.years_apart is None else abs(seen.years_apart)
    in_time = gap is None or gap <= (3 if seen.venue and seen.authors.complete else 2)
    in_time = in_time or (preprint and _preprint_fits(seen.years_apart))
    if seen.relation in titles.ALIKE:
        return "yes" if in_time or seen.support == "linked" else "ask"
    known = seen.authors.level in ("all", "most")
    if seen.relation == "part":
        tells = known if seen.generic else seen.authors.level != "some"
        return "yes" if in_time and tells else "ask"
    if seen.relation in ("similar", "kin"):
        return "yes" if known and seen.years_apart is not None and abs(seen.years_apart) <= 1 else "ask"
    return "ask" if known and in_time else "no"


def _preprint_fits(years_apart: int | None) -> bool:
    """Whether a preprint's year fits the published one's: up to four years before it, two after."""
    return years_apart is None or -4 <= years_apart <= 2
