"""Entries of reading lists as people print them: made out of papers, in classes of right and of wrong ways.

Every class draws its papers and its slips from a random generator of its own, seeded with the class's name, so the
entries of a class stay the same whichever other classes are measured. Entries are printed as Markdown, in the two
forms of the real lists (a table, or bullets under a heading for each year), and read again by dmlsync.
"""

from __future__ import annotations

import random
import re
import string
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dmlsync.model import Entry
from dmlsync.readinglist.parse import parse_list
from resolving.papers import Paper, Papers

# DBLP's short names that lists do not use.
_LISTED_AS = {"jmlr": "JMLR", "mm": "ACM MM", "bigdataconf": "IEEE BigData", "sigmod": "SIGMOD"}
_SPECIAL = re.compile(r"([\\`*_\[\]<>|$#~])")


@dataclass(frozen=True, slots=True)
class Row:
    """What is printed of a paper; `authors` as printed, `url` the link or blank, `bullet` the form without authors."""

    title: str
    authors: str
    year: int
    venue: str
    url: str = ""
    bullet: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A printed row, the paper that it means (None: it exists nowhere) and dmlsync's reading of it."""

    kind: str
    row: Row
    paper: Paper | None
    entry: Entry


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of entries: its share of the whole (parts of a thousand), whether its papers exist, how it is printed.

    `has_identifier` is true where the entry links a DOI or an arXiv id of its own paper.
    """

    name: str
    share: int
    exists: bool
    make: Callable[[Desk], tuple[Row, Paper | None] | None]
    has_identifier: bool = False


class Desk:
    """Where rows are made: the papers to draw from and the dice."""

    def __init__(self, papers: Papers, seed: int, kind: str) -> None:
        self.papers = papers
        self.dice = random.Random(f"{seed} {kind}")
        self._pool = [paper for paper in papers.all.values() if not paper.is_trap and paper.venue != "corr"]

    def paper(self, wanted: Callable[[Paper], bool] = lambda _: True) -> Paper:
        """A paper at random among those that are wanted."""
        while True:
            paper = self.dice.choice(self._pool)
            if wanted(paper):
                return paper

    def row(self, paper: Paper, url: str = "") -> Row:
        """A right row of a paper, in one of the usual ways to print authors and capitals."""
        return Row(self.title(paper), self.authors(paper), paper.year, self.venue(paper), url)

    def title(self, paper: Paper) -> str:
        """The title, one time in three with small letters but for names in mixed letters."""
        if self.dice.random() < 2 / 3:
            return paper.title
        first, *others = paper.title.split(" ")
        return " ".join([first, *(word.lower() if word[1:] == word[1:].lower() else word for word in others)])

    def authors(self, paper: Paper, *, short: bool | None = None) -> str:
        """The authors: the first and "et al." (`short`), all with initials, or all in full."""
        style = "short" if short else self.dice.choice(("short", "initials", "initials last", "full"))
        if style == "short" and len(paper.authors) > 1:
            return f"{_turned(*paper.authors[0])} et al."
        if style == "full":
            return ", ".join(f"{given} {family}".strip() for given, family in paper.authors)
        if style == "initials last":
            return _listed([_turned(given, family) for given, family in paper.authors])
        return _listed([f"{_initials(given)} {family}".strip() for given, family in paper.authors])

    def venue(self, paper: Paper) -> str:
        """The venue as lists print it: its acronym."""
        if paper.venue in _LISTED_AS:
            return _LISTED_AS[paper.venue]
        return "NeurIPS" if paper.venue == "nips" and self.dice.random() < 0.5 else paper.acronym

    def link(self, paper: Paper) -> str:
        """The paper's arXiv or DOI link, in one of their spellings; `""` where it has neither."""
        forms = [f"https://arxiv.org/abs/{paper.arxiv}", f"https://arxiv.org/pdf/{paper.arxiv}.pdf",
                 f"http://arxiv.org/abs/{paper.arxiv}v1"] if paper.arxiv else []  # fmt: skip
        forms += [f"https://doi.org/{paper.doi}", f"http://dx.doi.org/{paper.doi.upper()}"] if paper.doi else []
        return self.dice.choice(forms) if forms else ""


def _initials(given: str) -> str:
    return " ".join("-".join(f"{part[0]}." for part in name.split("-") if part) for name in given.split())


def _turned(given: str, family: str) -> str:
    return f"{family}, {_initials(given)}" if given else family


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _right(desk: Desk) -> tuple[Row, Paper | None]:
    paper = desk.paper()
    return desk.row(paper), paper


def _bullet(desk: Desk) -> tuple[Row, Paper | None]:
    paper = desk.paper()
    return replace(desk.row(paper), authors="", bullet=True), paper


def _arxiv_doi(desk: Desk) -> tuple[Row, Paper | None]:
    return _arxiv(desk, lambda paper: bool(paper.arxiv and paper.doi))


def _arxiv_no_doi(desk: Desk) -> tuple[Row, Paper | None]:
    return _arxiv(desk, lambda paper: bool(paper.arxiv and not paper.doi))


def _arxiv(desk: Desk, wanted: Callable[[Paper], bool]) -> tuple[Row, Paper | None]:
    paper = desk.paper(wanted)
    row = desk.row(paper, desk.link(replace(paper, doi="")))
    return (replace(row, authors="", bullet=True) if desk.dice.random() < 0.5 else row), paper


def _doi(desk: Desk) -> tuple[Row, Paper | None]:
    paper = desk.paper(lambda one: bool(one.doi))
    return desk.row(paper, desk.link(replace(paper, arxiv=""))), paper


def _page(desk: Desk) -> tuple[Row, Paper | None]:
    paper = desk.paper(lambda one: "openaccess.thecvf" in one.page or not one.doi)
    row = desk.row(paper, paper.page)
    return (replace(row, authors="", bullet=True) if desk.dice.random() < 0.5 else row), paper


def _slip(desk: Desk) -> tuple[Row, Paper | None]:
    paper = desk.paper()
    row = desk.row(paper)
    title, dice = row.title, desk.dice
    at = dice.choice([place for place, letter in enumerate(title) if letter.isalpha()])
    before, letter, after = title[:at], title[at], title[at + 1 :]
    other = dice.choice([one for one in string.ascii_lowercase if one != letter.lower()])
    slipped = dice.choice((before + other + after, before + after, before + letter * 2 + after,
                           before + after[:1] + letter + after[1:]))  # fmt: skip
    return replace(row, title=slipped), paper


def _short_authors(desk: Desk) -> tuple[Row, Paper | None]:
    paper = desk.paper()
    return replace(desk.row(paper), authors=desk.authors(paper, short=True)), paper


def _no_subtitle(desk: Desk) -> tuple[Row, Paper | None]:
    paper = desk.paper(lambda one: ": " in one.title)
    row = desk.row(paper)
    return replace(row, title=row.title.partition(": ")[0]), paper


def _wrong_year(desk: Desk) -> tuple[Row, Paper | None]:
    paper = desk.paper()
    return replace(desk.row(paper), year=paper.year + desk.dice.choice((-2, -1, -1, 1, 1, 2))), paper


def _wrong_venue(desk: Desk) -> tuple[Row, Paper | None]:
    paper = desk.paper()
    return replace(desk.row(paper), venue=desk.paper(lambda one: one.venue != paper.venue).acronym), paper


def _wrong_link(desk: Desk) -> tuple[Row, Paper | None]:
    paper, other = desk.paper(), desk.paper(lambda one: bool(one.arxiv or one.doi))
    return desk.row(paper, desk.link(other)), paper


def _other_authors(desk: Desk) -> tuple[Row, Paper | None] | None:
    """Title, year and venue of one paper, the authors of another; one time in three with the first one's link."""
    paper, other = desk.paper(), desk.paper()
    if any(same.families & other.families for same in desk.papers.titled(paper.title)):
        return None
    row = replace(desk.row(paper), authors=desk.authors(other))
    return (replace(row, url=desk.link(paper)) if desk.dice.random() < 1 / 3 else row), None


def _halves(desk: Desk) -> tuple[Row, Paper | None] | None:
    """The first half of one title and the second half of another, with the first one's authors, year and venue."""
    first, second = desk.paper(), desk.paper()
    ours, theirs = first.title.split(), second.title.split()
    title = " ".join([*ours[: (len(ours) + 1) // 2], *theirs[len(theirs) // 2 :]])
    row = replace(desk.row(first), title=title)
    return (row, None) if _is_new(desk, title) else None


def _halves_bullet(desk: Desk) -> tuple[Row, Paper | None] | None:
    made = _halves(desk)
    return (replace(made[0], authors="", bullet=True), None) if made else None


def _sequel(desk: Desk) -> tuple[Row, Paper | None] | None:
    """A sequel that nobody wrote: `++` or a number added to a real title, with its authors, year and venue."""
    paper = desk.paper()
    base = paper.title.rstrip(".?! ")
    name, colon, rest = base.partition(": ")
    forms = [f"{base} II", f"{base}, Part 2", f"{base} 2.0"]
    forms += [f"{name}++{colon}{rest}", f"{name} v2{colon}{rest}"] if colon and len(name.split()) < 4 else [f"{base}++"]
    title = desk.dice.choice(forms)
    return (replace(desk.row(paper), title=title), None) if _is_new(desk, title) else None


def _is_new(desk: Desk, title: str) -> bool:
    return not desk.papers.titled(title) and not desk.papers.is_preprint_title(title)


KINDS = (
    Kind("title, authors, year, venue", 130, True, _right),
    Kind("title, venue, year (bullet)", 80, True, _bullet),
    Kind("first author et al.", 90, True, _short_authors),
    Kind("arXiv link, paper with DOI", 80, True, _arxiv_doi, has_identifier=True),
    Kind("arXiv link, paper without DOI", 70, True, _arxiv_no_doi, has_identifier=True),
    Kind("DOI link", 130, True, _doi, has_identifier=True),
    Kind("proceedings' page link", 90, True, _page),
    Kind("one letter wrong", 70, True, _slip),
    Kind("subtitle dropped", 30, True, _no_subtitle),
    Kind("year off by 1 or 2", 40, True, _wrong_year),
    Kind("another venue", 30, True, _wrong_venue),
    Kind("another paper's link", 30, True, _wrong_link),
    Kind("same title, other authors", 40, False, _other_authors),
    Kind("two halves, real authors", 40, False, _halves),
    Kind("two halves, no authors", 20, False, _halves_bullet),
    Kind("`++`, `II`, `part 2` added", 30, False, _sequel),
)
"""All classes; in their shares, a third of the entries link an identifier, and one in five has something wrong."""


def cases(papers: Papers, kinds: Sequence[Kind], entries: int, seed: int) -> Mapping[str, Sequence[Case]]:
    """About `entries` cases, by class, in the classes' shares; at least one of each."""
    total = sum(kind.share for kind in kinds)
    found: dict[str, Sequence[Case]] = {}
    for kind in kinds:
        desk = Desk(papers, seed, kind.name)
        wanted = max(1, round(entries * kind.share / total))
        made: list[tuple[Row, Paper | None]] = []
        while len(made) < wanted:
            one = kind.make(desk)
            if one is not None:
                made.append(one)
        found[kind.name] = list(_read(kind.name, made))
    return found


def markdown(rows: Sequence[Row]) -> tuple[str, dict[int, Row]]:
    """A reading list of these rows: a table, then bullets under their years; and the line on which each row stands."""
    lines = ["# Papers", "", "| Title | Authors | Year | Conference | Link |", "| --- | --- | --- | --- | --- |"]
    places: dict[int, Row] = {}
    for row in rows:
        if not row.bullet:
            link = f"[PDF]({row.url})" if row.url else ""
            lines.append(f"| {_plain(row.title)} | {_plain(row.authors)} | {row.year} | {row.venue} | {link} |")
            places[len(lines)] = row
    years: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if row.bullet:
            years[row.year].append(row)
    for year in sorted(years, reverse=True):
        lines += ["", f"### {year}"]
        for row in years[year]:
            # A bullet without any link is hardly told from running text; one to code tells nothing of the paper.
            link = f"[[paper]({row.url})]" if row.url else "[[code](https://github.com/lab/code)]"
            lines += ["", f"* {_plain(row.title)} (**{row.venue}**) {link}"]
            places[len(lines)] = row
    return "\n".join([*lines, ""]), places


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _read(kind: str, made: Sequence[tuple[Row, Paper | None]]) -> Iterator[Case]:
    """The cases of rows that were printed and read again; a row that is not read is an error of its own."""
    text, places = markdown([row for row, _ in made])
    entries = {entry.line: entry for entry in parse_list(text, "printed", Path("printed.md")).entries}
    paper_of = {id(row): paper for row, paper in made}
    missing = [row for line, row in places.items() if line not in entries]
    if missing:
        raise ValueError(f"{len(missing)} rows of {kind!r} are not read as entries, the first: {missing[0]}")
    for line, row in places.items():
        yield Case(kind, row, paper_of[id(row)], entries[line])
