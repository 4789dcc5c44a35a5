"""Is this candidate the entry's work? The verdict, scored and explained.

`judge` compares what is known of an entry with one candidate and answers *yes*, *ask* or *no*. A *yes* needs
near-equal titles, agreeing authors and a year within reason; an identifier from the entry's own link lets the titles
differ more, but never the authors. The same title with other authors is never a *yes*. `best` then asks for a clear
lead over the runner-up. Everything here is pure; the service's own ranking is not evidence and plays no part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dmlsync.model import Creator, Entry, Record
from dmlsync.resolve import venues
from dmlsync.resolve.verdicts import Comparison, Support, Verdict, verdict
from dmlsync.sources.base import Candidate
from dmlsync.text import names, titles

_TITLE = {
    "equal": 50.0,
    "near": 45.0,
    "slip": 40.0,
    "part": 32.0,
    "similar": 20.0,
    "kin": 14.0,
    "apart": -60.0,
    "different": -40.0,
}
_TITLE_TEXT = {
    "equal": "title equal",
    "near": "title equal but for a slip",
    "slip": "title equal but for one letter",
    "part": "title equal but for a subtitle or a name in front",
    "similar": "title similar",
    "kin": "title shares a name or half of its words",
    "apart": "title apart by a numeral, `++` or a word such as `erratum`",
    "different": "title different",
}
_AUTHORS = {"all": 30.0, "most": 24.0, "some": 10.0, "unknown": 0.0, "none": -60.0}
_SUPPORT = {"": 0.0, "revealed": 4.0, "linked": 8.0, "person": 100.0}
_SUPPORT_TEXT = {
    "revealed": "another source names this identifier",
    "linked": "the entry links this identifier",
    "person": "a person said so",
}
LEAD = 5.0  # how far a *yes* must lead over another work that is a *yes* too


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an entry's work: first from the list, then also from candidates that are certainly it.

    `title` is the list's; `other_titles` are those of confirmed candidates, `families` the folded family names of the
    authors, `initials` the first letters of their given names where known, `et_al` whether there are more;
    `confirmed` is true once the authors come from a confirmed candidate.
    """

    title: str
    families: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    et_al: bool = False
    year: int | None = None
    venue: str = ""
    other_titles: tuple[str, ...] = ()
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of a verdict: its `name`, what it adds to the score, and the words for a person."""

    name: str
    weight: float
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Match:
    """The verdict on a candidate for an entry; `score` (at most 200) orders matches of one entry."""

    candidate: Candidate
    verdict: Verdict
    score: float
    reasons: tuple[Reason, ...] = ()
    support: Support = ""


def facts_of(entry: Entry) -> Facts:
    """What the list itself says of the work."""
    printed = [name for name in entry.author_names if names.family(name)]
    initials = tuple(names.initial(name) for name in printed)
    return Facts(entry.title, names.families(printed), initials, entry.et_al, entry.year, entry.venue)


def facts_of_record(record: Record) -> Facts:
    """A record's own words as facts, to be compared with another record."""
    families = author_families(record)
    return Facts(record.title, families, year=record.year, venue=venue_of(record), confirmed=True)


def informed(facts: Facts, candidate: Candidate) -> Facts:
    """The facts enriched by a candidate that is certainly the work: its title, and its full list of authors."""
    record = candidate.record
    families = author_families(record)
    known = {titles.fold(title) for title in (facts.title, *facts.other_titles)}
    others = facts.other_titles if titles.fold(record.title) in known else (*facts.other_titles, record.title)
    if facts.confirmed or not families:
        return replace(facts, other_titles=others)
    return replace(facts, other_titles=others, families=families, initials=(), et_al=False, confirmed=True)


def authors_of(record: Record) -> tuple[Creator, ...]:
    """The authors of a record, without editors and the like."""
    return tuple(creator for creator in record.creators if creator.creator_type == "author")


def author_families(record: Record) -> tuple[str, ...]:
    """The folded family names of a record's authors."""
    return tuple(filter(None, (_family(one) for one in authors_of(record))))


def _family(author: Creator) -> str:
    return titles.fold(author.last_name) or names.family(author.name)


def venue_of(record: Record) -> str:
    """The conference, journal or book in which a record says that it was published."""
    for field in ("proceedingsTitle", "conferenceName", "publicationTitle", "bookTitle"):
        if record.get(field):
            return record.get(field)
    return ""


def judge(facts: Facts, candidate: Candidate, *, support: Support = "") -> Match:
    """The verdict on `candidate` for the work of which `facts` are known.

    `support` says where the candidate's identifier comes from. With `linked` this is the guard against wrong links:
    a *no* then means that the list's link leads to another paper.
    """
    record = candidate.record
    given = tuple(titles.fold(one.first_name) for one in authors_of(record) if _family(one))
    relation = _best_relation(facts, record.title)
    seen = Comparison(
        relation=relation,
        authors=names.agree(facts.families, author_families(record), facts.et_al, initials=facts.initials, given=given),
        years_apart=None if facts.year is None or record.year is None else record.year - facts.year,
        venue=None if candidate.preprint else _venues_agree(facts.venue, record),
        support=support,
        generic=titles.is_generic(facts.title) or titles.is_generic(record.title),
        telling=_is_telling(facts.title, record.title, relation),
    )
    reasons = _reasons(seen, candidate)
    score = round(sum(reason.weight for reason in reasons), 1)
    return Match(candidate, verdict(seen, candidate.preprint), score, reasons, support)


def _is_telling(printed: str, title: str, relation: titles.Relation) -> bool:
    """Whether the printed title tells the paper though it is not whole: a coined name, or no short or common title.

    Where a part is missing, it has to be the end: `Similarity Learning` may be in the name of many papers.
    """
    short = titles.fold(printed)
    if relation == "part" and not titles.fold(title).startswith(short):
        return False
    return short == titles.coined_name(title) != "" or not (titles.is_generic(printed) or titles.is_generic(title))


def _best_relation(facts: Facts, title: str) -> titles.Relation:
    """The closest relation to any known title; a mark that sets it apart from the list's own title outweighs that."""
    own = titles.relation(facts.title, title)
    if own == "apart":
        return own
    return max((own, *(titles.relation(other, title) for other in facts.other_titles)), key=lambda one: _TITLE[one])


def _venues_agree(venue: str, record: Record) -> bool | None:
    answers = [
        venues.agree(venue, record.get(field))
        for field in ("proceedingsTitle", "conferenceName", "publicationTitle", "bookTitle", "journalAbbreviation")
        if record.get(field)
    ]
    known = [answer for answer in answers if answer is not None]
    return any(known) if known else None


def _reasons(seen: Comparison, candidate: Candidate) -> tuple[Reason, ...]:
    reasons = [
        Reason(f"title {seen.relation}", _TITLE[seen.relation], _TITLE_TEXT[seen.relation]),
        Reason(f"authors {seen.authors.level}", _AUTHORS[seen.authors.level], str(seen.authors)),
    ]
    if seen.years_apart is not None:
        gap = abs(seen.years_apart)
        text = f"year differs by {gap}" if gap else "year equal"
        reasons.append(Reason("year", {0: 10.0, 1: 5.0, 2: 0.0}.get(gap, -15.0), text))
    if seen.venue is not None:
        text = "venue agrees" if seen.venue else "venue differs"
        reasons.append(Reason("venue", 10.0 if seen.venue else -6.0, text))
    if seen.generic:
        reasons.append(Reason("generic title", -4.0, "title is short or common"))
    if candidate.preprint:
        reasons.append(Reason("preprint", -1.0, "a preprint"))
    if seen.support:
        reasons.append(Reason(seen.support, _SUPPORT[seen.support], _SUPPORT_TEXT[seen.support]))
    return tuple(reasons)


def same_work(a: Candidate, b: Candidate) -> bool:
    """Whether two candidates are one work: an identifier in common, or title, authors and year (symmetric).

    Two DOIs of publishers, or a conference paper and a journal article, are two works even under one title.
    """
    ours, theirs = a.identifiers, b.identifiers
    if ours.doi and theirs.doi and not a.preprint and not b.preprint:
        return ours.doi == theirs.doi
    if ours.arxiv and theirs.arxiv and (a.preprint or b.preprint):
        return ours.arxiv == theirs.arxiv
    if not a.preprint and not b.preprint and a.record.item_type != b.record.item_type:
        return False
    return judge(facts_of_record(a.record), b).verdict == "yes" and judge(facts_of_record(b.record), a).verdict == "yes"


def ranked(matches: Sequence[Match]) -> tuple[Match, ...]:
    """Matches, best first: *yes* before *ask* before *no*, then by score; ties keep their order."""
    order = {"yes": 0, "ask": 1, "no": 2}
    return tuple(sorted(matches, key=lambda match: (order[match.verdict], -match.score)))


def best(matches: Sequence[Match]) -> Match | None:
    """The match that decides: the best one, lowered to *ask* where another work is (nearly) as good; None for none.

    The same work from several sources is no rival, and neither is a preprint of it.
    """
    order = ranked(matches)
    if not order or order[0].verdict == "no":
        return None
    first = order[0]
    if first.verdict != "yes":
        return first
    for other in order[1:]:
        close = other.verdict == "yes" and first.score - other.score < LEAD
        if close and first.support in ("", "revealed") and not same_work(first.candidate, other.candidate):
            rival = Reason("rival", 0.0, f"another work is as good: {other.candidate.record.title}")
            return replace(first, verdict="ask", reasons=(*first.reasons, rival))
    return first
