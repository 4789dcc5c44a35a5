"""An entry on its way to its record: what is known of it so far, and what should be asked next.

Pure but for reading what the sources have answered already.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from dmlsync.model import Entry, Identifiers
from dmlsync.resolve import venues
from dmlsync.resolve.asking import Panel, Question
from dmlsync.resolve.authors import authors_disputed, authors_settled
from dmlsync.resolve.evidence import Answer, Weighed, weigh
from dmlsync.resolve.identify import identifiers_of
from dmlsync.resolve.match import venue_of
from dmlsync.resolve.versions import Choice, Version, choose
from dmlsync.sources.base import Hint
from dmlsync.text import titles
from dmlsync.text.identifiers import is_preprint_doi

PREPRINTS_ONLY = frozenset({"arxiv", "datacite"})
"""Sources that know no published versions."""

# Venues whose proceedings have no DOIs at Crossref: searching there finds only other papers.
_NOT_AT_CROSSREF = frozenset({"neurips", "icml", "iclr", "aistats", "colt", "uai", "mlsys", "jmlr", "tmlr"})
# Who registers papers and gives out their DOIs.
_REGISTRIES = frozenset({"crossref", "datacite"})
_AGGREGATORS = frozenset({"openalex", "semanticscholar"})
# Sites of proceedings whose papers have no page numbers.
_WITHOUT_PAGES = frozenset({"openreview.net"})
_FIRST_YEAR_OF_ARXIV = 1993  # of its computer science


@dataclass(slots=True)
class Case:
    """An entry on its way, with the questions that were put to sources for it."""

    entry: Entry
    answer: Answer
    linked: tuple[Identifiers, ...]
    questions: dict[Question, None] = field(default_factory=dict)
    weighed: Weighed | None = None

    def weigh_again(self, panel: Panel) -> None:
        """Judges everything that the sources have answered so far."""
        candidates = [
            candidate
            for name in panel.names
            for question in self.questions
            for candidate in panel.answers(name, question)
        ]
        self.weighed = weigh(self.entry, candidates, self.linked, self.answer)

    @property
    def known(self) -> Weighed:
        """The matches so far."""
        if self.weighed is None:
            self.weighed = weigh(self.entry, (), self.linked, self.answer)
        return self.weighed

    def is_open(self, source: str, wanted: Identifiers) -> bool:
        """Whether a source may add something about identifiers: not what it gave to another question already."""
        own = [match.candidate for match in self.known.matches if match.candidate.source == source]
        if source == "pages":
            return not _is_unreadable(wanted.page)
        if wanted.doi:
            return not any(one.identifiers.doi == wanted.doi and not one.preprint for one in own)
        return not (wanted.arxiv and any(one.identifiers.arxiv == wanted.arxiv for one in own))

    @property
    def choice(self) -> Choice:
        """The version that the matches so far lead to."""
        return choose(self.known.confirmed, self.known.facts)


def case_of(entry: Entry, answer: Answer | None) -> Case:
    """An entry at the start: the identifiers of its links, unless a person rejected them, and those a person gave."""
    answer = answer or Answer()
    linked, accepted = identifiers_of(entry), answer.identifiers
    own = [linked] if linked and answer.rejected.isdisjoint(linked.names) else []
    return Case(entry, answer, (*own, *([accepted] if accepted else [])))


def revealed(case: Case) -> tuple[Identifiers, ...]:
    """Identifiers that confirmed candidates name and that nobody was asked about; at most one of a kind.

    A landing page costs a request of its own. It is read where nobody who was asked so far knows the pages of a paper
    without DOI, and where the candidates disagree about the authors, whom it names as the paper does.
    """
    asked = [one for one in case.questions if isinstance(one, Identifiers)]
    confirmed = [match.candidate.identifiers for match in case.known.confirmed]
    dois = [one.doi for one in confirmed if one.doi and not is_preprint_doi(one.doi)]
    arxivs = [one.arxiv for one in confirmed if one.arxiv]
    new = [Identifiers(doi=doi) for doi in dict.fromkeys(dois) if all(doi != one.doi for one in asked)]
    new += [Identifiers(arxiv=number) for number in dict.fromkeys(arxivs) if all(number != one.arxiv for one in asked)][
        :1
    ]
    pages = [page for page in _helpful_pages(case.choice) if all(page != one.page for one in asked)]
    return (*new, *(Identifiers(page=page) for page in pages[:1]))


def _helpful_pages(choice: Choice) -> list[str]:
    """The landing pages of the chosen version that may tell more than its records do."""
    version = choice.version
    if version is None or version.kind == "preprint":
        return []
    found = dict.fromkeys(one.identifiers.page for one in version.candidates if one.identifiers.page)
    pages = {page: urlsplit(page).hostname for page in found if not _is_unreadable(page)}
    if authors_disputed([*version.candidates, *(choice.preprint.candidates if choice.preprint else ())]):
        return list(pages)
    if version.dois or any(one.record.get("pages") for one in version.candidates):
        return []
    return [page for page, host in pages.items() if host not in _WITHOUT_PAGES]


def _is_unreadable(page: str) -> bool:
    """Whether a page cannot be read: ACM shows its pages to browsers only, AAAI has taken its old system down."""
    parts = urlsplit(page)
    host = parts.hostname or ""
    return host == "dl.acm.org" or (host in ("aaai.org", "www.aaai.org") and parts.path.startswith("/ocs/"))


def hints_of(case: Case) -> list[Hint]:
    """The list's title, and that of a confirmed candidate where the list has a slip in it or the work was renamed."""
    facts = case.known.facts
    hint = Hint(facts.title, facts.families, facts.year, facts.venue)
    others = [title for title in facts.other_titles if titles.relation(title, facts.title) != "equal"]
    return [hint, *(Hint(title, facts.families, facts.year, facts.venue) for title in others[:1])]


def is_needed(case: Case, source: str) -> bool:
    """Whether a search at this source may add what is still missing: a published version, or the arXiv id.

    A search costs a request for each entry or for a few, where a look-up costs one for fifty. So an entry whose link
    or DOI gave the published paper, with all that a registry knows of it, is not searched for anywhere.
    """
    published = _has_published(case)
    if source == "dblp":
        return not published or not _is_settled(case)
    if source == "crossref":
        version = case.choice.version
        if venues.key(case.entry.venue) in _NOT_AT_CROSSREF and version is not None:
            return False
        return not published or (version is not None and not version.dois and not _is_without_doi(version))
    if source in PREPRINTS_ONLY:
        return _misses_preprint(case)
    return not published


def _is_without_doi(version: Version) -> bool:
    """Whether nothing suggests that a published version has a DOI: two who know others' DOIs name none for it."""
    sources = {one.source for one in version.candidates}
    return version.kind == "preprint" or ("dblp" in sources and not sources.isdisjoint(_AGGREGATORS))


def _is_settled(case: Case) -> bool:
    """Whether the publisher's registry gave the record, and its authors are beyond doubt.

    DBLP knows authors better than anybody: it is asked where the others disagree, or give initials only.
    """
    choice = case.choice
    version = choice.version
    if version is None or not any(one.source in _REGISTRIES for one in version.candidates):
        return False
    return authors_settled([*version.candidates, *(choice.preprint.candidates if choice.preprint else ())])


def _has_published(case: Case) -> bool:
    """Whether the version that the list means has been found: published, unless the list says that it is not."""
    version = case.choice.version
    if version is None or case.choice.rival is not None:
        return False
    if version.kind == "preprint":
        return venues.kind(case.entry.venue) == "repository"
    agreeing = {venues.agree(case.entry.venue, venue_of(one.record)) for one in version.candidates}
    named = any(venue_of(one.record) for one in version.candidates)
    return not case.entry.venue or True in agreeing or (named and agreeing == {None})


def _misses_preprint(case: Case) -> bool:
    """Whether the arXiv id is unknown though there may be one.

    Aggregators that know the published paper by its DOI know its preprint as a rule. Where DBLP found the paper, it has
    listed the preprint of that title, too; but it does not hold all of arXiv.
    """
    if any(match.candidate.identifiers.arxiv for match in case.known.confirmed):
        return False
    if any(one.source in _AGGREGATORS and one.identifiers.doi for one in case.choice.candidates):
        return False
    return case.entry.year is None or case.entry.year >= _FIRST_YEAR_OF_ARXIV
