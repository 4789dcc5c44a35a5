"""Which LaTeX commands stand for which characters: the tables behind `dmlsync.text.latex`.

Rarer symbols come from pylatexenc, one command or one character at a time, and only when they are met.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from types import MappingProxyType
from typing import Any


def words(text: str) -> tuple[str, ...]:
    """A table of words, written as text."""
    return tuple(text.split())


ACCENTS = MappingProxyType(
    {
        "`": "\u0300",
        "'": "\u0301",
        "^": "\u0302",
        "~": "\u0303",
        "=": "\u0304",
        "u": "\u0306",
        ".": "\u0307",
        '"': "\u0308",
        "r": "\u030a",
        "H": "\u030b",
        "v": "\u030c",
        "d": "\u0323",
        "c": "\u0327",
        "k": "\u0328",
        "b": "\u0331",
        "t": "\u0361",
        "textcommabelow": "\u0326",
    }
)
"""Accent commands and the combining marks that they set."""

LETTERS = MappingProxyType(
    {
        "ss": "ß",
        "ae": "æ",
        "AE": "Æ",
        "oe": "œ",
        "OE": "Œ",
        "o": "ø",
        "O": "Ø",
        "l": "ł",
        "L": "Ł",
        "aa": "å",
        "AA": "Å",
        "i": "ı",
        "j": "ȷ",
        "dh": "ð",
        "DH": "Ð",
        "dj": "đ",
        "DJ": "Đ",
        "th": "þ",
        "TH": "Þ",
        "ng": "ŋ",
        "NG": "Ŋ",
        "SS": "ẞ",
    }
)
"""Letters that have a command of their own."""

SIGNS = MappingProxyType(
    {
        "textbackslash": "\\",
        "textasciitilde": "~",
        "textasciicircum": "^",
        "textbraceleft": "{",
        "textbraceright": "}",
        "textless": "<",
        "textgreater": ">",
        "textbar": "|",
        "textunderscore": "_",
        "textdollar": "$",
        "textquotesingle": "'",
        "textquotedbl": '"',
        "textasciigrave": "`",
        "textendash": "–",
        "textemdash": "—",
        "textquoteleft": "‘",
        "textquoteright": "’",
        "textquotedblleft": "“",
        "textquotedblright": "”",
        "quotesinglbase": "‚",
        "quotedblbase": "„",
        "guillemotleft": "«",
        "guillemotright": "»",
        "guilsinglleft": "‹",
        "guilsinglright": "›",
        "textexclamdown": "¡",
        "textquestiondown": "¿",
        "textellipsis": "…",
        "ldots": "…",
        "dots": "…",
        "textbullet": "•",
        "textperiodcentered": "·",
        "textdegree": "°",
        "textregistered": "®",
        "textcopyright": "©",
        "copyright": "©",
        "texttrademark": "™",
        "textsection": "§",
        "S": "§",
        "textparagraph": "¶",
        "P": "¶",
        "textdagger": "†",
        "dag": "†",
        "textdaggerdbl": "‡",
        "ddag": "‡",
        "pounds": "£",
        "textsterling": "£",
        "texteuro": "€",
        "euro": "€",
        "textyen": "¥",
        "textcent": "¢",
        "textordfeminine": "ª",
        "textordmasculine": "º",
        "textonehalf": "½",
        "textonequarter": "¼",
        "textthreequarters": "¾",
        "textonesuperior": "¹",
        "texttwosuperior": "²",
        "textthreesuperior": "³",
        "textmu": "µ",
        "texttimes": "×",
        "textdiv": "÷",
        "textpm": "±",
        "textlnot": "¬",
        "textnumero": "№",
        "LaTeX": "LaTeX",
        "TeX": "TeX",
        "BibTeX": "BibTeX",
        "quad": "\u2003",
        "qquad": "\u2003\u2003",
        "newline": " ",
        "par": " ",
        "textvisiblespace": "␣",
        "slash": "/",
    }
)
"""Signs and words that have a command in text."""

# What ASCII mode writes for a character that is not an accented letter: the shortest of its commands, and ligatures.
_WRITTEN = MappingProxyType(
    {
        **{letter: f"{{\\{name}}}" for name, letter in LETTERS.items()},
        **{
            sign: f"{{\\{name}}}"
            for name, sign in reversed(list(SIGNS.items()))
            if len(sign) == 1 and not sign.isascii()
        },
        "…": "{\\dots}",
        "€": "{\\texteuro}",
        "–": "--",
        "—": "---",
        "“": "``",
        "”": "''",
        "\u2009": "{\\,}",
        "ʹ": "{$'$}",
        "′": "{$^\\prime$}",
        "−": "{$-$}",
        "√": "{$\\surd$}",
        "∅": "{$\\emptyset$}",
        "♭": "{$\\flat$}",
        "♮": "{$\\natural$}",
        "♯": "{$\\sharp$}",
    }
)
_ENSUREMATH = re.compile(r"\{\\ensuremath\{(.*)\}\}")
_BRACED = re.compile(r"\{.*\}", re.DOTALL)


@lru_cache(maxsize=4096)
def symbol(command: str) -> str | None:
    """The text that a command without arguments stands for (`alpha` is α), None if it stands for none."""
    known = LETTERS.get(command) or SIGNS.get(command)
    if known is not None:
        return known
    spec = _macros().get_macro_spec(command)
    text = spec.simplify_repl if spec is not None else None
    # Longer answers, and functions, are structure (\today, \maketitle), not characters.
    return text if isinstance(text, str) and len(text) == 1 and not text.isspace() and text not in "\\%" else None


@lru_cache(maxsize=4096)
def command_for(character: str) -> str:
    """What ASCII LaTeX writes for one character that is not ASCII, always closed by braces; `""` if it has nothing.

    A letter with combining marks behind it is one character too, as are two letters under one tie.
    """
    if character in _WRITTEN:
        return _WRITTEN[character]
    accented = _accented(character)
    if accented:
        return accented
    if len(character) > 1:
        return f"{{\\t{{{character[0]}{character[2]}}}}}" if character[1:-1] == ACCENTS["t"] else ""
    found = _encoder().unicode_to_latex(character)
    if not isinstance(found, str) or not found.isascii():
        return ""
    found = _ENSUREMATH.sub(r"{$\1$}", found)
    return found if _BRACED.fullmatch(found) else ""


def _accented(character: str) -> str:
    """An accented letter as its letter under accent commands: `{\\'e}`, `{\\~{\\^{e}}}`; `""` if it is none."""
    decomposed = unicodedata.normalize("NFD", character)
    base, marks = decomposed[:1], decomposed[1:]
    commands = {mark: command for command, mark in ACCENTS.items() if command != "t"}
    if not marks or not base.isascii() or not base.isalpha() or any(mark not in commands for mark in marks):
        return ""
    text = "\\j" if base == "j" else base  # LaTeX itself sets \'i without the dot
    for mark in marks:
        command = commands[mark]
        plain = len(text) == 1 and not command.isalpha()
        text = f"\\{command}{text}" if plain else f"\\{command}{{{text}}}"
    return "{" + text + "}"


@lru_cache(maxsize=1)
def _macros() -> Any:
    from pylatexenc.latex2text import get_default_latex_context_db  # slow to import, and most text needs it for nothing

    return get_default_latex_context_db()


@lru_cache(maxsize=1)
def _encoder() -> Any:
    from pylatexenc.latexencode import UnicodeToLatexEncoder

    return UnicodeToLatexEncoder(
        non_ascii_only=True,
        replacement_latex_protection="braces-all",
        unknown_char_policy="keep",
        unknown_char_warning=False,
    )
