"""One list of authors out of several: everyone, in order, with full given names.

Registries are wrong here more than anywhere: Crossref's lists of IEEE papers swap or shorten names, DBLP numbers
homonyms, some give initials only. The families' list that most sources agree on wins; each given name is then the
fullest one that a source gives for that person.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from dmlsync.model import Creator
from dmlsync.resolve.match import Facts, author_families, authors_of
from dmlsync.sources.base import Candidate
from dmlsync.text import names, titles

# Those that copy a paper's authors from the publisher's registry are one voice, however many they are.
_COPIES = frozenset({"crossref", "dblp", "openalex", "semanticscholar", "datacite"})
# Those that print the names as the authors do.
_OWN = frozenset({"pages", "arxiv"})
# How much a printed form of a name counts.
_WEIGHT = {"dblp": 3, "pages": 3, "arxiv": 2, "crossref": 2, "datacite": 1, "semanticscholar": 1, "openalex": 1}
_HOMONYM = re.compile(r"\s+\d{4}$")

_Forms = defaultdict[tuple[str, str], Counter[tuple[str, str]]]


def combined_authors(
    published: Sequence[Candidate], preprint: Sequence[Candidate], facts: Facts
) -> tuple[tuple[Creator, ...], str]:
    """The authors of a work and the source whose list they follow.

    Three voices are heard: the proceedings' page, the registries (which copy from each other) and the authors' own
    preprint; the list's printed names side with those that they agree with. The preprint says who and in which order
    only where it does not stand alone, or where it merely has another order than the registries: it may be from
    before somebody joined.
    """
    named = [one for one in (*published, *preprint) if author_families(one.record)]
    if not named:
        return (), ""
    votes: Counter[tuple[str, ...]] = Counter()
    for people, voices in _voices(published, preprint).items():
        votes[people] = sum({"pages": 4, "registries": 3, "preprint": 2}[voice] for voice in voices)
    for people in votes:
        reordered = any(sorted(people) == sorted(other) != list(other) for other in votes if other != people)
        votes[people] += 2 if reordered and "preprint" in _voices(published, preprint)[people] else 0
        votes[people] += 2 if names.agree(facts.families, people, facts.et_al).level == "all" else 0
    winner = max(votes, key=lambda people: (votes[people], len(people)))
    leading = max((one for one in named if _people(one) == winner), key=_weight)
    printed = authors_of(leading.record)
    forms, persons = _forms(named), Counter(_person(*_name(one)) for one in printed)
    own = {_name(one) for candidate in named if candidate.source in _OWN for one in authors_of(candidate.record)}
    creators = tuple(_best_form(one, forms, own, persons[_person(*_name(one))] > 1) for one in printed)
    editors = tuple(creator for creator in leading.record.creators if creator.creator_type != "author")
    return (*creators, *editors), leading.source


def authors_settled(candidates: Sequence[Candidate]) -> bool:
    """Whether candidates of one work list the same people in one order, each with a written-out given name by one."""
    named = [one for one in candidates if author_families(one.record)]
    if not named or authors_disputed(named):
        return False
    creators, _ = combined_authors(named, (), Facts(""))
    return all(one.name or _is_full(one.first_name, one.last_name) for one in creators)


def authors_disputed(candidates: Sequence[Candidate]) -> bool:
    """Whether candidates of one work list different people, or the same in another order."""
    return len({_people(one) for one in candidates if author_families(one.record)}) > 1


def _voices(published: Sequence[Candidate], preprint: Sequence[Candidate]) -> dict[tuple[str, ...], set[str]]:
    """Which voices stand behind each list of people; of the registries only the list that most of them have."""
    lists: dict[tuple[str, ...], set[str]] = defaultdict(set)
    registries: Counter[tuple[str, ...]] = Counter()
    for one in published:
        if author_families(one.record):
            if one.source in _COPIES:
                registries[_people(one)] += _weight(one)
            else:
                lists[_people(one)].add("pages")
    for one in preprint:
        if author_families(one.record):
            lists[_people(one)].add("preprint")
    if registries:
        lists[max(registries, key=lambda people: registries[people])].add("registries")
    return dict(lists)


def _weight(candidate: Candidate) -> int:
    return _WEIGHT.get(candidate.source, 1)


def _people(candidate: Candidate) -> tuple[str, ...]:
    """Who is listed, by the last word of each family name: enough to compare lists whatever they do to particles."""
    return tuple(family.split()[-1].replace("ue", "u").replace("oe", "o").replace("ae", "a")
                 for family in author_families(candidate.record))  # fmt: skip


def _forms(candidates: Sequence[Candidate]) -> _Forms:
    """For each family and first initial, how often each printed form (given, family) occurs, weighted."""
    forms: _Forms = defaultdict(Counter)
    for one in candidates:
        for creator in authors_of(one.record):
            given, family = _name(creator)
            if given and family:
                forms[_person(given, family)][given, family] += _weight(one)
    return forms


def _name(creator: Creator) -> tuple[str, str]:
    """Given and family name without the numbers by which DBLP tells people of one name apart."""
    return _HOMONYM.sub("", creator.first_name).strip(), _HOMONYM.sub("", creator.last_name).strip()


def _person(given: str, family: str) -> tuple[str, str]:
    return titles.fold(family).replace(" ", ""), titles.fold(given)[:1]


def _best_form(creator: Creator, forms: _Forms, own: set[tuple[str, str]], namesakes: bool) -> Creator:
    """The fullest form of a person's name that some source prints; of equally full ones the most frequent.

    Of equally frequent ones it is the one in `own`, the names as the paper itself prints them.
    A family name alone (Crossref loses given names) becomes the only person of that family whom other sources name.
    With `namesakes` (Chao, Chunjing and Chang Xu wrote one paper) initials say nothing, and the name stays as it is.
    """
    given, family = _name(creator)
    alone = family or creator.name
    known = forms.get(_person(given, family), Counter())
    if not given:
        of_family = [found for (name, _), found in forms.items() if name == titles.fold(alone).replace(" ", "")]
        known = of_family[0] if len(of_family) == 1 else known
    elif namesakes:
        known = Counter({form: count for form, count in known.items() if titles.fold(form[0]) == titles.fold(given)})
    else:
        known = Counter({form: count for form, count in known.items() if _same_given(form[0], given)})
    if not known:
        return Creator(family, given) if family else creator
    best_given, best_family = max(
        known, key=lambda form: (_is_full(*form), known[form], form in own, form == (given, family))
    )
    return Creator(best_family, best_given)


def _same_given(one: str, other: str) -> bool:
    """Whether two given names can be one: equal words, or initials of them, as far as both go."""
    pairs = zip(titles.fold(one).split(), titles.fold(other).split(), strict=False)
    return all(a.startswith(b) or b.startswith(a) for a, b in pairs)


def _is_full(given: str, family: str) -> bool:
    """Whether a name has a written-out given name and is not in capitals."""
    first = re.split(r"[\s.]+", given)[0]
    initials = len(first) <= 1 or (first.isupper() and len(first) <= 3)
    return not initials and not (len(family) > 2 and family.isupper())
