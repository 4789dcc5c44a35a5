"""What the sources have in common: types of venues, fields of preprints, batches and single questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from dmlsync import schema
from dmlsync.model import Creator, Record
from dmlsync.sources.base import Candidate, Hint
from dmlsync.text.clean import clean_name, clean_title
from dmlsync.text.identifiers import landing_page

Member = TypeVar("Member")

_EVENT = re.compile(
    r"\b(?:conference|symposium|workshops?|meeting|congress|colloquium|neural information processing)\b", re.I
)
_JOURNAL_TOO = re.compile(r"\b(?:journal|transactions|letters|magazine)\b", re.I)

_SERIES = re.compile(
    r"lecture notes in (?:computer science|artificial intelligence|bioinformatics|networks and systems)"
    r"|communications in computer and information science|ifip advances in information"
    r"|advances in intelligent systems and computing|lecture notes of the institute for computer sciences",
    re.IGNORECASE,
)


def is_proceedings_series(name: str) -> bool:
    """Whether a name is that of one of Springer's series of proceedings, whose papers registries call chapters."""
    return bool(_SERIES.search(name))


def is_proceedings(container: str) -> bool:
    """Whether a container's name is that of a conference's proceedings rather than a journal's or a book's."""
    return bool(_EVENT.search(container)) and not _JOURNAL_TOO.search(container)


def record(item_type: str, title: str, creators: Iterable[Creator | None], fields: Mapping[str, str]) -> Record | None:
    """A record with clean text, only of fields that its type has; None if there is no usable title."""
    cleaned = clean_title(title)
    if not cleaned:
        return None
    allowed = {*schema.fields_of(item_type), "arXiv"}
    apart = {"DOI", "url", "date", "pages", "arXiv", "archiveID"}
    kept = {
        name: value if name in apart else clean_name(value)
        for name, value in fields.items()
        if value and name in allowed
    }
    return Record(item_type, {"title": cleaned, **kept}, tuple(one for one in creators if one is not None))


def arxiv_fields(arxiv: str) -> dict[str, str]:
    """The fields that every preprint on arXiv has by its id alone."""
    return {
        "repository": "arXiv",
        "archiveID": f"arXiv:{arxiv}",
        "DOI": f"10.48550/arXiv.{arxiv}",
        "url": f"https://arxiv.org/abs/{arxiv}",
    }


def page_url(*urls: str) -> str:
    """The first address that is a landing page, in its canonical form; resolvers and PDFs are none."""
    return next((page for url in urls if (page := landing_page(url))), "")


def one_by_one(search: Callable[[Hint], Sequence[Candidate]], hints: Iterable[Hint]) -> dict[Hint, Sequence[Candidate]]:
    """The searches of a service that takes one title a request; a title without a word is not asked for."""
    asked = (hint for hint in dict.fromkeys(hints) if any(char.isalnum() for char in hint.title))
    found = {hint: search(hint) for hint in asked}
    return {hint: candidates for hint, candidates in found.items() if candidates}


def batches(members: Iterable[Member], size: int) -> Iterator[Sequence[Member]]:
    """The members, each once, in pieces of at most `size`."""
    unique = list(dict.fromkeys(members))
    for start in range(0, len(unique), size):
        yield unique[start : start + size]
