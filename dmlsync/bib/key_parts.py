"""What a key formula is made of: parts, which take something out of a record, and filters, which change it.

Parts and filters that Better BibTeX has too mean the same here, so that its formulas give its keys. `family` and
`word` are of our own: the default formula `family + year + word` gives `weinberger2005distance`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dmlsync import schema
from dmlsync.bib.folding import ascii_of
from dmlsync.model import Creator, Record
from dmlsync.text.latex_symbols import words

_MAX_FAMILY, _MAX_WORD, _MAX_TITLE = 40, 30, 1000
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,80}>")
_COMMAND = re.compile(r"\\[A-Za-z]+|[$\\{}]")
_WORD = re.compile(r"[^\W_]+(?:[-‐‑'’.][^\W_]+)*+")
_NOT_KEY = re.compile(r"[^a-z0-9]+")
_MARKUP = re.compile(r"</?(?:i|b|sc|nc|sub|sup|code|span[^<>]{0,80})>|\"", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"[\s/:–—]+")
_PUNCTUATION = re.compile(r"[^\w\s+$^`|~<>=]|_")
_IDEOGRAPHS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_FOUR_DIGITS = re.compile(r"(?<!\d)\d{4}(?!\d)")
_CENTURY = re.compile(r"\d{2}")
_PAGE = re.compile(r"[A-Za-z]?\d+")
_MONTH = re.compile(r"\d{4}-(\d{2})(?!\d)")
_MONTHS = words("jan feb mar apr may jun jul aug sep oct nov dec")
_EDITORS = frozenset(("editor", "seriesEditor"))

SKIPPED = frozenset(
    words(
        """
    a ab aboard about above across after against al along amid among an and anti around as at before behind below
    beneath beside besides between beyond but by d da das de degli dei del dell della delle dello dem den der des
    despite die do down du during ein eine einem einen einer eines el en et except for from gli i il in inside into is
    l la las le les like lo los near nor of off on onto or over past per plus round save since so some sur than the
    through to toward towards un una unas under underneath une unlike uno unos until up upon versus via von while with
    within without yet zu zum
    """
    )
)
"""The words that Better BibTeX leaves out of keys as it is installed; compared in lower case."""

_FILLING = frozenset(
    words(
        """
    a about across after against all along am among an and any are around as at be because been before behind being
    below beneath beside between beyond both but by can could did do does doing down during each either else even
    every few for from further had has have having he her here his how i if in inside into is it its itself just let
    like may me might more most much must my near neither no nor not of off on once one only onto or other our out
    over own per rather same shall she should since so some such than that the their them then there these they this
    those through throughout till to too toward towards under until up upon us using very via was we were what when
    where whether which while who whom whose why will with within without would yet you your der die das ein eine und
    le la les un une des et du de el los las y il lo gli
    """
    )
)

Argument = str | int


@dataclass(frozen=True, slots=True)
class Part:
    """One part or filter of the language: `form` says how it is written, `arguments` what kinds it takes at most."""

    form: str
    apply: Callable[..., str]
    arguments: tuple[type, ...] = ()
    needed: int = 0


# ---- what a record says -------------------------------------------------------------------------------------------


def field_value(record: Record, base: str) -> str:
    """A field under its base name: the title of a court case is its `caseName`."""
    if record.get(base) or not schema.is_item_type(record.item_type):
        return record.get(base)
    known = schema.fields_of(record.item_type)
    return next((record.get(name) for name in known if schema.base_of(record.item_type, name) == base), "")


def language_of(record: Record) -> str:
    """The record's language, which decides how its letters are folded."""
    return record.get("language")


def _names(record: Record) -> list[str]:
    """The family names that keys are made of: of the authors, else of editors, translators, anybody."""
    types = schema.creator_types_of(record.item_type) if schema.is_item_type(record.item_type) else ()
    primary = frozenset(("author", *types[:1]))
    for kinds in (primary, _EDITORS, frozenset(("translator",))):
        found = [_name(one) for one in record.creators if one.creator_type in kinds and one.name != "others"]
        if any(found):
            return list(filter(None, found))
    return list(filter(None, map(_name, record.creators)))


def _name(creator: Creator) -> str:
    name = creator.last_name or creator.name or creator.first_name
    quoted = len(name) > 1 and name[0] == name[-1] == '"'
    return _TAG.sub("", name[1:-1] if quoted else name)


def _auth(record: Record, length: int = 0, number: int = 1) -> str:
    name = next(iter(_names(record)[max(number, 1) - 1 :]), "")
    return name[:length] if length else name


def _authors(record: Record, most: int = 0) -> str:
    names = _names(record)
    return "".join(names if not most or len(names) <= most else [*names[:most], "EtAl"])


def _auth_et_al(record: Record) -> str:
    names = _names(record)
    return "".join(names if len(names) <= 2 else [names[0], "EtAl"])


def _authors_alpha(record: Record) -> str:
    names = [name.replace(" ", "") for name in _names(record)]
    if len(names) == 1:
        return names[0][:3]
    return "".join(name[0] for name in names[: 4 if len(names) <= 4 else 3]) + ("+" if len(names) > 4 else "")


def _year(record: Record) -> str:
    """The year; `20` is a century and gives `20xx`; what holds no year stands for itself."""
    date = field_value(record, "date")
    if found := _FOUR_DIGITS.search(date):
        return found[0]
    return f"{date}xx" if _CENTURY.fullmatch(date) else date


def _short_year(record: Record) -> str:
    return _year(record)[-2:]


def _month(record: Record) -> str:
    found = _MONTH.match(field_value(record, "date"))
    return _MONTHS[int(found[1]) - 1] if found and 1 <= int(found[1]) <= 12 else ""


def _title_words(record: Record) -> list[str]:
    """The title's words in ASCII: compounds in one, punctuation off, without filling words and single letters."""
    plain = _MARKUP.sub("", field_value(record, "title")[:_MAX_TITLE])
    found = [word for word in _BETWEEN_WORDS.split(plain) if word.strip(".,;!?()").lower() not in SKIPPED]
    found = [_PUNCTUATION.sub("", word) for word in found]
    telling = [word for word in found if len(word) > 1 or word.isdecimal() or _IDEOGRAPHS.match(word)]
    return list(filter(None, (ascii_of(word, language_of(record)).replace(" ", "") for word in telling)))


def _title(record: Record) -> str:
    return "".join(map(_raised, _title_words(record)))


def _short_title(record: Record, number: int = 3, raised: int = 0) -> str:
    chosen = _title_words(record)[:number]
    return "".join(_raised(word) if at < raised else word for at, word in enumerate(chosen))


def _very_short_title(record: Record, number: int = 1, raised: int = 0) -> str:
    return _short_title(record, number, raised)


def _raised(word: str) -> str:
    return word[:1].upper() + word[1:]


def _journal(record: Record) -> str:
    return record.get("journalAbbreviation") or field_value(record, "publicationTitle")


def _first_page(record: Record) -> str:
    found = _PAGE.match(record.get("pages"))
    return found[0] if found else ""


def _type(record: Record) -> str:
    return record.item_type


def _family(record: Record) -> str:
    """The default key's name: lower-case letters and digits, never empty."""
    names = (_plain(name) for name in _names(record))
    return next(filter(None, names), "anonymous")[:_MAX_FAMILY]


def _telling_word(record: Record) -> str:
    """The default key's word: the first of the title that says something, in lower-case letters and digits."""
    title = _COMMAND.sub("", _TAG.sub("", field_value(record, "title")[:_MAX_TITLE]))
    found = [_plain(word) for word in _WORD.findall(title)]
    found = [word for word in found if len(word) > 1 or word.isdecimal()]
    telling = (word for word in found if word not in _FILLING)
    return next(telling, found[0] if found else "")[:_MAX_WORD]


def _plain(text: str) -> str:
    return _NOT_KEY.sub("", ascii_of(text.lower()))


PARTS: Mapping[str, Part] = MappingProxyType(
    {
        "auth": Part("auth, auth(5), auth(5, 2)", _auth, (int, int)),
        "authors": Part("authors, authors(3)", _authors, (int,)),
        "authEtAl": Part("authEtAl", _auth_et_al),
        "authorsAlpha": Part("authorsAlpha", _authors_alpha),
        "family": Part("family", _family),
        "year": Part("year", _year),
        "shortyear": Part("shortyear", _short_year),
        "month": Part("month", _month),
        "title": Part("title", _title),
        "shorttitle": Part("shorttitle, shorttitle(3, 3)", _short_title, (int, int)),
        "veryshorttitle": Part("veryshorttitle, veryshorttitle(1, 1)", _very_short_title, (int, int)),
        "word": Part("word", _telling_word),
        "journal": Part("journal", _journal),
        "firstpage": Part("firstpage", _first_page),
        "type": Part("type", _type),
    }
)
"""The parts by their names; a field of Zotero with a capital (`Volume`, `PublicationTitle`) is one too."""


# ---- what can be done with it -------------------------------------------------------------------------------------


def _capitalize(text: str) -> str:
    return " ".join(map(_raised, text.split()))


def _without_punctuation(text: str) -> str:
    return _PUNCTUATION.sub("", text)


def _without_filling(text: str) -> str:
    return " ".join(word for word in text.split() if word.lower() not in SKIPPED)


def _select(text: str, start: int = 1, number: int = 0) -> str:
    first = max(start, 1) - 1
    return " ".join(text.split()[first : first + number if number else None])


def _substring(text: str, start: int = 1, number: int = 0) -> str:
    first = max(start, 1) - 1
    return text[first : first + number if number else None]


def _condense(text: str, separator: str = "") -> str:
    return separator.join(text.split())


def _prefix(text: str, before: str) -> str:
    return before + text if text else ""


def _postfix(text: str, behind: str) -> str:
    return text + behind if text else ""


def _abbreviated(text: str) -> str:
    return "".join(word[0] for word in text.split())


def _alphanumeric(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


FILTERS: Mapping[str, Part] = MappingProxyType(
    {
        "lower": Part("lower", str.lower),
        "upper": Part("upper", str.upper),
        "capitalize": Part("capitalize", _capitalize),
        "fold": Part("fold", ascii_of),
        "nopunct": Part("nopunct", _without_punctuation),
        "alphanum": Part("alphanum", _alphanumeric),
        "skipwords": Part("skipwords", _without_filling),
        "abbr": Part("abbr", _abbreviated),
        "select": Part("select(1, 2)", _select, (int, int), 1),
        "substring": Part("substring(1, 3)", _substring, (int, int), 1),
        "condense": Part("condense, condense('_')", _condense, (str,)),
        "replace": Part("replace('from', 'to')", str.replace, (str, str), 2),
        "prefix": Part("prefix('_')", _prefix, (str,), 1),
        "postfix": Part("postfix('_')", _postfix, (str,), 1),
    }
)
"""The filters by their names."""
