"""Dates as people type them, understood with some guessing: for entries that are printed and not read back."""

from __future__ import annotations

import re
from types import MappingProxyType

from dmlsync.bib.dates import is_date, normal_date
from dmlsync.text.latex import clean
from dmlsync.text.latex_symbols import words

_NUMBERS = re.compile(r"(\d{1,2})([/. -])(\d{1,2})\2(\d{4})", re.ASCII)
_OPEN = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})/", re.ASCII)
_COMMA = re.compile(r"(\d{1,2}) (\d{1,2}), ?(\d{4})", re.ASCII)
_WITH_ORIGINAL = re.compile(r"\[([^\[\]]{4,30})\](.*)|([^\[\]]+)\[([^\[\]]{4,30})\]")
_WORD = re.compile(r"[^\W\d_]+")
_FILLERS = frozenset(words("de del of di le du la den the a"))
_MONTHS = MappingProxyType(
    {
        name: number
        for names in (
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
            "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
            "januar februar märz april mai juni juli august september oktober november dezember",
            "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
            "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
            "januari februari maart april mei juni juli augustus september oktober november december",
        )
        for number, name in enumerate(names.split(), 1)
    }
)
_ENGLISH = words("jan feb mar apr may jun jul aug sep oct nov dec")


def guessed_date(date: str) -> str:
    """A date with its day before its month where numbers alone do not tell (`10/06/2014` is of June), and with month
    names of some more languages; otherwise as `normal_date` has it."""
    text = clean(date)
    if match := _OPEN.fullmatch(text):
        return _joined(match[1], match[2], match[3], text[:-1]) + "/"
    if match := _COMMA.fullmatch(text):
        return _joined(match[3], match[1], match[2], text)
    if match := _NUMBERS.fullmatch(text):
        day, month = (match[1], match[3]) if int(match[3]) <= 12 else (match[3], match[1])
        return _joined(match[4], month, day, text)
    found = normal_date(text)
    return found if is_date(found) or len(text) > 40 else normal_date(_in_english(text))


def with_original(date: str) -> tuple[str, str]:
    """A date and the date of the original in brackets beside it: `[1990] 2002`, `2004 [1929]`, `[2014]` alone."""
    match = _WITH_ORIGINAL.fullmatch(clean(date)[:80])
    if match is None:
        return date, ""
    original = guessed_date(match[1] or match[4])
    return ((match[2] or match[3] or "").strip(), original) if is_date(original) else (date, "")


def _joined(year: str, month: str, day: str, text: str) -> str:
    if 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
        return f"{year}-{int(month):02}-{int(day):02}"
    return text


def _in_english(text: str) -> str:
    def english(match: re.Match[str]) -> str:
        word = match[0].lower()
        if word in _FILLERS:
            return ""
        return _ENGLISH[_MONTHS[word] - 1] if word in _MONTHS else match[0]

    return clean(_WORD.sub(english, text))
