"""Venues: what a list, a registry and a proceedings' page call the same conference or journal.

A list prints `CVPR`, Crossref `2018 IEEE/CVF Conference on Computer Vision and Pattern Recognition`, DBLP `CVPR`. The
table below holds the well-known venues of machine learning and vision; any other venue is known by its acronym in
brackets or by its folded name without years, ordinals and publishers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from dmlsync.model import Record
from dmlsync.text.titles import fold, is_shouting

Kind = Literal["conference", "journal", "repository", "unknown"]


@dataclass(frozen=True, slots=True)
class _Venue:
    """A well-known venue: `names` as folded, `title` how its proceedings call themselves.

    In `title`, `{nth}` is the ordinal of the year's meeting, the first having been held, in an unbroken yearly
    series, in the year `first`; `{year}` the year.
    """

    key: str
    kind: Kind
    names: tuple[str, ...]
    title: str = ""
    first: int = 0


_KNOWN = (
    _Venue("neurips", "conference", ("nips", "neural information processing systems"),
           "Advances in Neural Information Processing Systems"),
    _Venue("icml", "conference", ("international conference on machine learning",),
           "Proceedings of the {nth} International Conference on Machine Learning", 1984),
    _Venue("iclr", "conference", ("international conference on learning representations",),
           "International Conference on Learning Representations"),
    _Venue("aistats", "conference", ("international conference on artificial intelligence and statistics",)),
    _Venue("cvpr", "conference", ("conference on computer vision and pattern recognition",
                                  "computer vision and pattern recognition")),
    _Venue("iccv", "conference", ("international conference on computer vision",)),
    _Venue("eccv", "conference", ("european conference on computer vision", "computer vision eccv"),
           "Computer Vision – ECCV {year}"),
    _Venue("accv", "conference", ("asian conference on computer vision", "computer vision accv"),
           "Computer Vision – ACCV {year}"),
    _Venue("wacv", "conference", ("winter conference on applications of computer vision",)),
    _Venue("bmvc", "conference", ("british machine vision conference",),
           "{nth} British Machine Vision Conference {year}", 1990),
    _Venue("aaai", "conference", ("aaai conference on artificial intelligence",),
           "Proceedings of the AAAI Conference on Artificial Intelligence"),
    _Venue("ijcai", "conference", ("international joint conference on artificial intelligence",
                                   "international joint conferences on artificial intelligence")),
    _Venue("acm mm", "conference", ("acm multimedia", "acmmm", "international conference on multimedia",
                                    "acm mm", "multimedia conference")),
    _Venue("icassp", "conference", ("international conference on acoustics speech and signal processing",)),
    _Venue("kdd", "conference", ("sigkdd", "conference on knowledge discovery and data mining",
                                 "knowledge discovery and data mining")),
    _Venue("tpami", "journal", ("pami", "ieee tpami", "trans pattern anal mach intell",
                                "transactions on pattern analysis and machine intelligence"),
           "IEEE Transactions on Pattern Analysis and Machine Intelligence"),
    _Venue("tip", "journal", ("ieee tip", "transactions on image processing", "trans image process"),
           "IEEE Transactions on Image Processing"),
    _Venue("tnnls", "journal", ("transactions on neural networks and learning systems",
                                "trans neural networks learn syst"),
           "IEEE Transactions on Neural Networks and Learning Systems"),
    _Venue("ijcv", "journal", ("international journal of computer vision", "int j comput vis"),
           "International Journal of Computer Vision"),
    _Venue("jmlr", "journal", ("journal of machine learning research", "j mach learn res"),
           "Journal of Machine Learning Research"),
    _Venue("tmlr", "journal", ("transactions on machine learning research", "trans mach learn res"),
           "Transactions on Machine Learning Research"),
    _Venue("repository", "repository", ("arxiv", "corr", "arxiv preprint", "arxiv cornell university", "biorxiv",
                                        "techrxiv", "ssrn", "ssrn electronic journal", "research square", "openreview",
                                        "preprint")),
)  # fmt: skip
_BY_NAME = {name: venue for venue in _KNOWN for name in (venue.key, *venue.names)}
_LONG_NAMES = sorted(((name, venue) for name, venue in _BY_NAME.items() if " " in name), key=lambda pair: -len(pair[0]))
_ACRONYM = re.compile(r"\(([A-Z][A-Za-z&+-]{1,14})[ ’']{0,2}(?:\d{2}|\d{4})?\)")
_NOISE_WORDS = """
    the proceedings of proc procedings ieee cvf acm computer society annual on in and conference international vol
    volume advances oral spotlight poster highlight paper findings main track
"""
_NOISE = frozenset(_NOISE_WORDS.split())
_ORDINAL = re.compile(
    r"\d+(?:st|nd|rd|th)?|(?:twen|thir|for|fif|six|seven|eigh|nine)tieth"
    r"|(?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty)?(?:first|second|third|(?:four|fif|six|seven|eigh|nin)th)"
    r"|(?:ten|eleven|twelf|(?:thir|four|fif|six|seven|eigh|nine)teen)th"
)
_PMLR = re.compile(r"https?://proceedings\.mlr\.press/v(\d{1,4})/")
_NEURIPS = re.compile(r"https?://(?:proceedings\.neurips\.cc|papers\.n(?:eur)?ips\.cc)/")
_WORKSHOP = re.compile(r"workshops?|cvprw|iccvw|eccvw|wksp")


@lru_cache(maxsize=4096)
def key(venue: str) -> str:
    """What a printed venue is known by: equal for every form of one venue, `""` where nothing is left of it.

    A workshop is another venue than its conference: its key ends in ` workshop`.
    """
    folded = fold(venue)
    if not folded:
        return ""
    base = _base_key(venue, folded)
    return f"{base} workshop" if base and _WORKSHOP.search(folded) and base != "repository" else base


def _base_key(venue: str, folded: str) -> str:
    bare = " ".join(word for word in folded.split() if not _ORDINAL.fullmatch(word))
    for text in (folded, bare):
        if text in _BY_NAME:
            return _BY_NAME[text].key
    for name, known in _LONG_NAMES:
        if f" {name} " in f" {bare} ":
            return known.key
    words = [word for word in bare.split() if word not in _NOISE]
    for word in words[:1] if len(words) <= 2 else ():
        single = word[:-1] if word in ("cvprw", "iccvw", "eccvw") else word
        if single in _BY_NAME:
            return _BY_NAME[single].key
    acronym = _ACRONYM.search(venue)
    if acronym:
        found = fold(acronym[1])
        return _BY_NAME[found].key if found in _BY_NAME else found
    return " ".join(words) or bare


def kind(venue: str) -> Kind:
    """Whether a venue is a conference or a journal, as far as its name tells."""
    found = _BY_NAME.get(key(venue).removesuffix(" workshop"))
    if found is not None:
        return found.kind
    words = set(fold(venue).split())
    if words & {"proceedings", "conference", "symposium", "workshop", "workshops", "meeting", "congress"}:
        return "conference"
    if words & {"journal", "transactions", "trans", "letters", "magazine", "j"}:
        return "journal"
    return "unknown"


def agree(a: str, b: str) -> bool | None:
    """Whether two printed venues are one; None where that cannot be told.

    An unknown acronym against a long name is compared with the initials of the name's words.
    """
    ours, theirs = key(a), key(b)
    if not ours or not theirs or "repository" in (ours, theirs):
        return None
    if ours == theirs:
        return True
    if ours.endswith(" workshop") != theirs.endswith(" workshop"):
        return False
    if ours in _BY_NAME and theirs in _BY_NAME:
        return False  # whatever the initials: IEEE Conference on Computer Vision and Pattern Recognition is no ICCV
    first, second = _initials(a, ours, b), _initials(b, theirs, a)
    if first is None and second is None:
        return False
    # An acronym that nobody knows may stand for anything (SIMBAD: Similarity-Based Pattern Recognition).
    unknown = any(name not in _BY_NAME and found is not None for name, found in ((ours, first), (theirs, second)))
    return bool(first or second) or (None if unknown else False)


def _initials(short: str, short_key: str, long: str) -> bool | None:
    """Whether one acronym is made of a long name's initials; None where it is no acronym or the other no long name."""
    words = [word for word in fold(long).split() if not _ORDINAL.fullmatch(word)]
    if " " in short_key or len(short_key) > 8 or len(words) < 3:
        return None
    if short_key in words:
        return True
    telling = [word[0] for word in words if word not in ("of", "the", "on", "and", "in", "for")]
    return short_key in "".join(telling) or short_key in "".join(word[0] for word in words)


def spelled_out(venue: str, year: int | None) -> str:
    """The full title of a known venue's proceedings, or of a journal, for an acronym; else the venue as it came."""
    found = _BY_NAME.get(key(venue))
    if found is None or not found.title or not _is_short(venue):
        return venue
    if "{" in found.title and year is None:
        return venue
    nth = _ordinal(year - found.first + 1) if year and found.first else ""
    return found.title.format(nth=nth, year=year)


def _is_short(venue: str) -> bool:
    """Whether a venue is only an acronym or an abbreviated name, not how proceedings call themselves."""
    folded = fold(venue)
    words = [word for word in folded.split() if not _ORDINAL.fullmatch(word)]
    return len(words) <= 2 or "." in venue or folded in _LONG_FORMS


_LONG_FORMS = frozenset(name for venue in _KNOWN if venue.title for name in venue.names)


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def volume_fields(venue: str, year: int | None, page: str) -> dict[str, str]:
    """What the address of a paper's page tells of the volume that it is in; empty for other sites.

    PMLR numbers its volumes in the address (https://proceedings.mlr.press); NeurIPS has printed one a year since 1988.
    """
    pmlr = _PMLR.match(page)
    if pmlr:
        return {"volume": pmlr[1], "series": "Proceedings of Machine Learning Research", "publisher": "PMLR"}
    if _NEURIPS.match(page) and key(venue) == "neurips" and year is not None and year >= 1988:
        return {"volume": str(year - 1987)}
    return {}


def best_form(forms: Sequence[str], year: int | None) -> str:
    """The best of several forms of one venue's title: written out, with its year, not shouting, most frequent."""
    counted = Counter(form for form in forms if form)
    if not counted:
        return ""
    order = {form: -place for place, form in enumerate(dict.fromkeys(forms))}

    def worth(form: str) -> tuple[bool, bool, int, int]:
        return (not _is_short(form), not is_shouting(form), counted[form], order[form])

    return spelled_out(max(counted, key=worth), year)


def consistent_venues(records: Sequence[Record]) -> tuple[Record, ...]:
    """The records, in order, with one proceedings title for each conference and year among them.

    Registries give one meeting several titles (with and without the acronym in brackets). Only conference papers of
    one and the same venue and year are made alike; volumes that a title numbers stay apart.
    """
    forms: dict[tuple[str, int], list[str]] = {}
    for record in records:
        group = _meeting(record)
        if group is not None:
            forms.setdefault(group, []).append(record.get("proceedingsTitle"))
    best = {group: best_form(sorted(found), group[1]) for group, found in forms.items()}
    return tuple(_renamed(record, best) for record in records)


def _meeting(record: Record) -> tuple[str, int] | None:
    title = record.get("proceedingsTitle")
    if record.item_type != "conferencePaper" or not title or record.year is None:
        return None
    if any(word in ("volume", "vol", "part") for word in fold(title).split()):
        return None
    return key(title), record.year


def _renamed(record: Record, best: dict[tuple[str, int], str]) -> Record:
    group = _meeting(record)
    if group is None or best[group] == record.get("proceedingsTitle"):
        return record
    return Record(record.item_type, {**record.fields, "proceedingsTitle": best[group]}, record.creators)
