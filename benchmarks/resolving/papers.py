"""The facts: what the stand-in's database holds of each paper, and which of its records are one and the same paper.

The facts are read from the database that the stand-in builds out of its records, not asked of its services, so that
nothing that dmlsync does to an answer can change them. Titles and names are compared by rules of this module alone.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import sqlite3
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_WORD = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i"})
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
# How the proceedings without a registry call themselves; a name that holds these words is right.
_CORES = {
    "nips": "neural information processing systems",
    "icml": "international conference on machine learning",
    "iclr": "international conference on learning representations",
    "aistats": "artificial intelligence and statistics",
    "uai": "uncertainty in artificial intelligence",
    "colt": "conference on learning theory",
    "jmlr": "journal of machine learning research",
    "aaai": "aaai conference on artificial intelligence",
    "ijcai": "international joint conference on artificial intelligence",
    "bmvc": "british machine vision conference",
    "kdd": "knowledge discovery and data mining",
    "eccv": "eccv",
    "pami": "transactions on pattern analysis and machine intelligence",
}


@dataclass(frozen=True, slots=True)
class Paper:
    """One record of the database: `number` its row, `venue` DBLP's key of the venue, `acronym` as lists print it.

    `venue_names` are the folded names that any service gives the venue, `arxiv` the id of its preprint and
    `preprint_title` that one's title, `page` its landing page. `is_trap` marks records that the stand-in made up.
    """

    number: int
    title: str
    authors: tuple[tuple[str, str], ...]
    year: int
    venue: str
    acronym: str
    venue_names: frozenset[str] = field(repr=False)
    pages: str = ""
    doi: str = ""
    arxiv: str = ""
    preprint_title: str = ""
    page: str = ""
    is_trap: bool = False

    @property
    def families(self) -> frozenset[str]:
        """The folded last words of the authors' family names."""
        return frozenset(family_key(family) for _, family in self.authors)

    def has_venue(self, name: str) -> bool:
        """Whether a printed venue is this paper's."""
        folded = words(name)
        core = _CORES.get(self.venue, "")
        return folded in self.venue_names or bool(core and f" {core} " in f" {folded} " and "workshop" not in folded)


def words(text: str) -> str:
    """The words of a text in lower case without accents, one blank between them."""
    plain = unicodedata.normalize("NFKD", text.replace("'", "").replace("’", "").casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(_LETTERS)
    return " ".join(_WORD.findall(plain))


def title_key(title: str) -> str:
    """What equal titles have in common: letters, digits and plus signs alone."""
    return words(title.replace("+", "plus")).replace(" ", "")


def family_key(family: str) -> str:
    """The last word of a family name, folded, `Jr.` and the like aside."""
    return ([word for word in words(family).split() if word not in _SUFFIXES] or [""])[-1]


class Papers:
    """All papers of the database, by number and by title."""

    def __init__(self, home: Path) -> None:
        self.all: dict[int, Paper] = {}
        self._by_title: dict[str, list[Paper]] = defaultdict(list)
        self._preprints: dict[str, str] = {}
        for paper in _read(home, self._preprints):
            self.all[paper.number] = paper
            for title in {title_key(paper.title), title_key(paper.preprint_title)} - {""}:
                self._by_title[title].append(paper)

    def titled(self, title: str) -> tuple[Paper, ...]:
        """The papers of one title, preprints' titles too."""
        return tuple(self._by_title.get(title_key(title), ()))

    def is_preprint_title(self, title: str) -> bool:
        """Whether a preprint goes by this title, of a paper or alone."""
        return title_key(title) in self._preprints


def _read(home: Path, preprints: dict[str, str]) -> Iterator[Paper]:
    default = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "scholar_sim" / "sim.sqlite"
    path = Path(os.environ.get("SCHOLAR_DB", default))
    sys.path.insert(0, str(home))
    model = importlib.import_module("scholar_sim.model")
    sys.path.remove(str(home))
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        meta = dict(database.execute("SELECT k, v FROM meta WHERE k = 'books'"))
        rows = [json.loads(row) for (row,) in database.execute("SELECT j FROM works ORDER BY id")]
    books = json.loads(meta["books"])
    titles = {row["id"]: row["title"] for row in rows if row["kind"] == "preprint"}
    preprints.update({title_key(title): "" for title in titles.values()})
    for row in rows:
        if row["kind"] in ("conf", "chapter", "journal") and row.get("authors") and row.get("year"):
            row["booktitle"] = books[row["booktitle"]] if "booktitle" in row else ""
            yield _paper(row, titles.get(row.get("pre"), ""), model)


def _doi_in(url: str) -> str:
    """The DOI in the address that DBLP gives, where its field for the DOI is blank."""
    found = re.search(r"^https?://(?:dx\.doi\.org|doi\.org|dl\.acm\.org/doi)/(10\.\d+/\S+)$", url)
    return found[1] if found else ""


def _paper(row: Mapping[str, Any], preprint_title: str, model: Any) -> Paper:
    names = [*model.crossref_container(row)[1], model.dblp_venue(row), model.acronym(row), row.get("journal", "")]
    names += [row.get("container", ""), row["booktitle"], model.event_of(row["booktitle"])[0]]
    return Paper(
        row["id"],
        row["title"],
        tuple((given, family) for given, family in row["authors"]),
        row["year"],
        row.get("venue", ""),
        model.acronym(row),
        frozenset(words(name) for name in names if name),
        row.get("pages", ""),
        (row.get("doi") or _doi_in(row.get("url", ""))).lower(),
        row.get("arxiv", "").lower() if row.get("pre") else "",
        preprint_title,
        model.landing(row) or "",
        row.get("src") not in ("dblp", "gold"),
    )
