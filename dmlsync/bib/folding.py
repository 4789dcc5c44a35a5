"""Text folded to ASCII letters, as citation keys need it: accents off, letters of other alphabets transliterated."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from dmlsync.text.latex_symbols import words

# The transliterations that Better BibTeX's keys have; signs without a sound of their own fall away.
_LATIN = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
_LATIN |= {"ŋ": "n", "ƒ": "f", "ə": "e", "ẞ": "SS"}
_CYRILLIC = dict(
    zip(
        "абвгдезийклмнопрстуфхцчыэюяіґ",
        words("a b v g d e z i j k l m n o p r s t u f h c ch y e yu ya i g"),
        strict=True,
    )
)
_CYRILLIC |= {"ё": "yo", "ж": "zh", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ї": "yi", "є": "ye", "ў": "u"}
_CYRILLIC |= {"ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "ђ": "dj", "џ": "dz", "ѓ": "gj", "ќ": "kj", "ѕ": "dz"}
_GREEK = dict(zip("αβγδεζηικλμνξοπρστυω", "abgdezeiklmnxoprstuo", strict=True))
_GREEK |= {"ς": "s", "θ": "th", "φ": "ph", "χ": "kh", "ψ": "ps"}
_SIGNS = {
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "“": '"',
    "”": '"',
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "−": "-",
    "\xa0": " ",
}
_GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue"}
_GERMAN_NAMES = ("de", "german", "deutsch", "ngerman", "austrian", "naustrian", "swissgerman", "nswissgerman")


def _both_cases(small: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    for letter, written in small.items():
        yield ord(letter), written
        if len(letter.upper()) == 1 and letter.upper() != letter:
            yield ord(letter.upper()), written.capitalize()


_LETTERS = MappingProxyType(dict(_both_cases(_LATIN | _CYRILLIC | _GREEK | _SIGNS)))
_UMLAUTS = MappingProxyType(dict(_both_cases(_GERMAN)))


def ascii_of(text: str, language: str = "") -> str:
    """The text in ASCII: `Łukasz` gives `Lukasz`, `Романько` gives `Romanko`.

    `language` is Zotero's field: in German `ä` becomes `ae`, elsewhere `a`. What has no letters of ours (Chinese,
    Japanese, Arabic) falls away.
    """
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", text)
    if is_german(language):
        composed = composed.translate(_UMLAUTS)
    # Letters before accents: й is a letter of its own, ά is an alpha with an accent.
    decomposed = unicodedata.normalize("NFKD", composed.translate(_LETTERS)).translate(_LETTERS)
    return decomposed.encode("ascii", "ignore").decode("ascii")


def is_german(language: str) -> bool:
    """Whether a field `language` means German, as a code or as a name."""
    name = language.strip().lower()
    return name.startswith(("de-", "de_")) or name in _GERMAN_NAMES
