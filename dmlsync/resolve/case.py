"""An entry on its way to its record: what is known of it so far, and what should be asked next.

Pure but for reading what the sources have answered already.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dmlsync.model import Entry, Identifiers
from dmlsync.resolve import venues
from dmlsync.resolve.asking import Panel, Question
from dmlsync.resolve.authors import authors_disputed
from dmlsync.resolve.evidence import Answer, Weighed, weigh
from dmlsync.resolve.identify import identifiers_of
from dmlsync.resolve.match import venue_of
from dmlsync.resolve.versions import Choice, choose
from dmlsync.sources.base import Hint
from dmlsync.text import titles
from dmlsync.text.identifiers import is_preprint_doi

PREPRINTS_ONLY = frozenset({"arxiv", "datacite"})
"""Sources that know no published versions."""

# Venues whose proceedings have no DOIs at Crossref: searching there finds only other papers.
_NOT_AT_CROSSREF = frozenset({"neurips", "icml", "iclr", "aistats", "jmlr", "tmlr"})
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

    The landing page is fetched only where there is no DOI to look up (proceedings without DOIs) and where the
    candidates disagree about the authors, whom the page names as the paper does.
    """
    asked = [one for one in case.questions if isinstance(one, Identifiers)]
    confirmed = [match.candidate.identifiers for match in case.known.confirmed]
    dois = [one.doi for one in confirmed if one.doi and not is_preprint_doi(one.doi)]
    arxivs = [one.arxiv for one in confirmed if one.arxiv]
    new = [Identifiers(doi=doi) for doi in dict.fromkeys(dois) if all(doi != one.doi for one in asked)]
    new += [Identifiers(arxiv=number) for number in dict.fromkeys(arxivs) if all(number != one.arxiv for one in asked)][
        :1
    ]
    choice = case.choice
    version, preprint = choice.version, choice.preprint
    if version is None or version.kind == "preprint":
        return tuple(new)
    if not version.dois or authors_disputed([*version.candidates, *(preprint.candidates if preprint else ())]):
        pages = [one.identifiers.page for one in version.candidates if one.identifiers.page]
        new += [Identifiers(page=page) for page in dict.fromkeys(pages) if all(page != one.page for one in asked)][:1]
    return tuple(new)


def hints_of(case: Case) -> list[Hint]:
    """The list's title, and that of a confirmed candidate where the work was renamed since."""
    facts = case.known.facts
    hint = Hint(facts.title, facts.families, facts.year, facts.venue)
    renamed = [title for title in facts.other_titles if titles.relation(title, facts.title) not in ("equal", "near")]
    return [hint, *(Hint(title, facts.families, facts.year, facts.venue) for title in renamed[:1])]


def is_needed(case: Case, source: str) -> bool:
    """Whether a search at this source may add what is still missing: a published version, or the arXiv id."""
    published = _has_published(case)
    if source == "dblp":
        return True
    if source == "crossref":
        version = case.choice.version
        if venues.key(case.entry.venue) in _NOT_AT_CROSSREF and version is not None:
            return False
        return not published or (version is not None and version.kind != "preprint" and not version.dois)
    if source in PREPRINTS_ONLY:
        return _misses_preprint(case)
    return not published


def _has_published(case: Case) -> bool:
    """Whether the version that the list means has been found: published, unless the list says that it is not."""
    version = case.choice.version
    if version is None or case.choice.rival is not None:
        return False
    if version.kind == "preprint":
        return venues.kind(case.entry.venue) == "repository"
    agreeing = {venues.agree(case.entry.venue, venue_of(one.record)) for one in version.candidates}
    return not case.entry.venue or True in agreeing or agreeing == {None}


def _misses_preprint(case: Case) -> bool:
    """Whether the arXiv id is unknown though there may be one: registries and aggregators miss many."""
    if any(match.candidate.identifiers.arxiv for match in case.known.confirmed):
        return False
    return case.entry.year is None or case.entry.year >= _FIRST_YEAR_OF_ARXIV
