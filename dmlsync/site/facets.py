"""What readers filter and sort by: the values of each facet with their numbers, and the orders of the works. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dmlsync.site.works import PageLibrary, PageWork, Place
from dmlsync.text.titles import fold

NO_YEAR = "none"


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet: `id` stands in the page's address, `depth` says how far a section is indented."""

    id: str
    label: str
    count: int
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet: its values in the order they are offered, and for each work the positions of its values among them."""

    name: str
    values: tuple[Value, ...]
    of_work: tuple[tuple[int, ...], ...]


def facets_of(library: PageLibrary, works: Sequence[PageWork]) -> tuple[Facet, ...]:
    """The facets year, venue, place and tag of the library's works, which may come in another order."""
    return (years(works), venues(works), _places(works, library), _tags(works))


def years(works: Sequence[PageWork]) -> Facet:
    """The years, latest first; works without one come last."""
    counts = Counter(work.year for work in works)
    order = sorted(counts, key=_latest_first)
    values = [Value(str(year), str(year), counts[year]) if year else Value(NO_YEAR, "no year", counts[year])
              for year in order]  # fmt: skip
    return _facet("year", values, [[str(work.year or NO_YEAR)] for work in works])


def _latest_first(year: int | None) -> int:
    return -(year or -(10**6))


def venues(works: Sequence[PageWork]) -> Facet:
    """The venues, the most frequent first, each under the most frequent of its labels."""
    found = [work.venue for work in works if work.venue]
    counts = Counter(venue.key for venue in found)
    labels: dict[str, Counter[str]] = {}
    for venue in found:
        labels.setdefault(venue.key, Counter())[venue.label] += 1
    best = {key: min(forms, key=lambda form: (-forms[form], form)) for key, forms in labels.items()}
    order = sorted(counts, key=lambda key: (-counts[key], fold(best[key]), key))
    values = [Value(key, best[key], counts[key]) for key in order]
    return _facet("venue", values, [[work.venue.key] if work.venue else [] for work in works])


def place_id(place: Place) -> str:
    """A list's name and its headings as one address: slashes part them, those inside a name are escaped."""
    return "/".join(part.replace("~", "~0").replace("/", "~1") for part in place)


def _places(works: Sequence[PageWork], library: PageLibrary) -> Facet:
    """Lists and their sections as a tree, in the order of the files; who chooses a section means what is below it."""
    known = [_with_parents(work.places) for work in works]
    counts = Counter(place for places in known for place in places)
    top = 1 if len(library.lists) == 1 else 0  # a single list would only say "everything"
    in_files = _with_parents([*library.places, *(place for work in works for place in work.places)])
    position = {place: at for at, place in enumerate(in_files)}
    tree = sorted(position, key=lambda place: [position[place[:end]] for end in range(1, len(place) + 1)])
    values = [
        Value(place_id(place), place_label(place, library), counts[place], depth=len(place) - 1 - top)
        for place in tree
        if len(place) > top and place in counts
    ]
    return _facet("place", values, [[place_id(place) for place in places if len(place) > top] for places in known])


def place_label(place: Place, library: PageLibrary) -> str:
    """What a list or its innermost section is called."""
    return place[-1] if len(place) > 1 else library.lists.get(place[0], place[0])


def _with_parents(places: Iterable[Place]) -> list[Place]:
    """Every list and section that places lie in, each once, the outer before the inner."""
    return list(dict.fromkeys(place[:end] for place in places for end in range(1, len(place) + 1)))


def _tags(works: Sequence[PageWork]) -> Facet:
    counts = Counter(tag for work in works for tag in work.tags)
    order = sorted(counts, key=lambda tag: (-counts[tag], fold(tag), tag))
    return _facet("tag", [Value(tag, tag, counts[tag]) for tag in order], [work.tags for work in works])


def _facet(name: str, values: Sequence[Value], of_work: Sequence[Sequence[str]]) -> Facet:
    position = {value.id: at for at, value in enumerate(values)}
    return Facet(name, tuple(values), tuple(tuple(position[one] for one in ids) for ids in of_work))


def in_reading_order(works: Sequence[PageWork]) -> tuple[PageWork, ...]:
    """The works as the page first shows them: the latest year first, within a year by first author and title."""
    return tuple(works[at] for at in _reading_order(works))


def orders(works: Sequence[PageWork]) -> dict[str, list[int]]:
    """The other orders of works that stand in the order of the lists, as positions in the reading order."""
    at_first = {place: at for at, place in enumerate(_reading_order(works))}

    def positions(key: Callable[[PageWork], tuple[object, ...]]) -> list[int]:
        return [at_first[place] for place in sorted(range(len(works)), key=lambda place: key(works[place]))]

    return {
        "oldest": positions(lambda work: (work.year or 10**6, *_by_author(work))),
        "title": positions(lambda work: (fold(work.title), work.year or 0)),
        "author": positions(lambda work: (not work.family, *_by_author(work))),
        "listed": [at_first[place] for place in range(len(works))],
    }


def _reading_order(works: Sequence[PageWork]) -> list[int]:
    return sorted(range(len(works)), key=lambda at: (_latest_first(works[at].year), *_by_author(works[at])))


def _by_author(work: PageWork) -> tuple[str, str, str]:
    return fold(work.family), fold(work.title), work.key
