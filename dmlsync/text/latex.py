"""LaTeX to Unicode and back, for the text of bibliographies.

`to_unicode(escape(text, ascii_only)) == clean(text)` for every text, in both alphabets. Rich text is Zotero's:
`\\emph{x}` reads as `<i>x</i>`. Math that plain text can say is text (`Cu$_2$O` is Cu₂O), what only TeX can set
(`$\\ell_2$`) is kept as it is in both directions; a dollar sign anywhere else is money.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from types import MappingProxyType

from dmlsync.text.latex_decode import is_harmless, is_plain_math, lone_math, to_unicode
from dmlsync.text.latex_math import ABOVE, BELOW, GREEK, is_math, math_spans, plain_math, raised_math
from dmlsync.text.latex_symbols import command_for

__all__ = ["balanced", "clean", "escape", "harmless", "in_ascii", "join", "math_text", "to_unicode"]

_PAIRS = frozenset(("--", "``", "''", "?`", "!`"))
_BLANKS = re.compile(r"[ \t\n\v\f\r]++")
_COMMAND = re.compile(r"\\([A-Za-z]++|.)", re.DOTALL)
_MATH_SPAN = re.compile(r"\$([^$]*+)\$")
_SHORT_MATH = re.compile(r"\$([\^_](?:\{[^{}$\\]{1,20}\}|[^{}$\\\s])|\\[A-Za-z]{2,10})\$")
_UNSAFE_IN_LATEX = re.compile(r"[#$%&_^\\]")
# Characters that are styled, or drawn as one, but say what plain ones do: publishers' mathematical letters (`𝑘-means`),
# Roman numbers and degrees in one character, signs of mathematics that look like those of text, blanks of all widths.
_STYLED = (*range(0x1D400, 0x1D800), 0x210E, 0x2103, 0x2109, *range(0x2160, 0x2180), *range(0x2000, 0x2009), 0x200A)
_TIDIED = MappingProxyType(
    {
        **{code: unicodedata.normalize("NFKC", chr(code)) for code in (*_STYLED, 0x205F, 0x3000)},
        **{ord(sign): plain for sign, plain in zip("∆∕∗∶\u202f", "Δ/*:\u2009", strict=True)},
        **dict.fromkeys((0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF)),
        **dict.fromkeys(map(ord, "\u2028\u2029\x85"), " "),
        0x2500: "—",  # a line of boxes, which people take for a dash
        **{0xFB00 + place: text for place, text in enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"))},
    }
)
_DOTLESS = re.compile("[ıȷ](?=[\u0300-\u0314])")
_HALF_TIES = re.compile("([A-Za-z])\ufe20([A-Za-z])\ufe21")
_LETTERS_WITH_MARKS = "[A-Za-z0-9](?:\u0361[A-Za-z]|[\u0300-\u0360\u0362-\u036f]+)"
_RUNS = f"[{re.escape(ABOVE)}]+|[{re.escape(BELOW)}]+"
# What text fonts lack goes by math in UTF-8 as well, or pdfTeX stops: signs below and above the line but for ¹²³, and
# a Greek letter among others. Greek words are text in both alphabets, for documents that have a font with Greek.
_MATH_SYMBOLS = "\u2032\u2113\u2190-\u22ff♭♮♯⟨⟩"
_GREEK_TEXT = "\u0370-\u03ff\u1f00-\u1fff"
_CLUSTER = re.compile(f"(?P<whole>{_RUNS}|{_LETTERS_WITH_MARKS})|(?P<text>[{_GREEK_TEXT}]{{2,}})|.", re.DOTALL)
_SET_BY_MATH = re.compile(
    f"(?P<whole>[¹²³]*[{re.escape(ABOVE.translate(str.maketrans('', '', '¹²³')))}][{re.escape(ABOVE)}]*"
    f"|[{re.escape(BELOW)}]+|[{_MATH_SYMBOLS}]|(?<![{_GREEK_TEXT}])[{GREEK}](?![{_GREEK_TEXT}]))"
    f"|(?P<text>[{_GREEK_TEXT}]{{2,}})|.",
    re.DOTALL,
)
_NEEDS_MATH = re.compile(f"[{_MATH_SYMBOLS}{GREEK}{re.escape(ABOVE)}{re.escape(BELOW)}]")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str) -> str:
    """Text as a .bib file can carry it: composed (NFC), single blanks, nothing that controls or has no width.

    Ligatures are split, for no font needs them spelled out; a dotless i under an accent is an i.
    """
    if text.isascii() and text.isprintable() and "  " not in text and "$" not in text:
        return text.strip(" ")  # most text
    if not text.isascii():
        text = _HALF_TIES.sub("\\1\u0361\\2", _DOTLESS.sub(_dotted, text.translate(_TIDIED)))
        text = unicodedata.normalize("NFC", text)
    if "$" in text:
        text = _SHORT_MATH.sub(lambda math: plain_math(math[1]) or math[0], text)
    return _BLANKS.sub(" ", _NOT_TEXT.sub("", text)).strip(" ")


def escape(text: str, ascii_only: bool) -> str:
    """LaTeX that prints exactly `text`; with `ascii_only` in ASCII, as far as commands exist for its characters.

    One pass over the characters: nothing in the text can act as a command, open or close a group or start a comment.
    """
    text = clean(text)
    if _is_plain(text, ascii_only):
        return text
    pieces, done = list[str](), 0
    for start, end in math_spans(text):
        pieces += _characters(text[done:start], ascii_only)
        pieces.append(math_text(text[start:end]))
        done = end
    return join(pieces + _characters(text[done:], ascii_only))


def _characters(text: str, ascii_only: bool) -> list[str]:
    """Each character of a text in LaTeX; a letter and the marks that it cannot be composed with are one."""
    if text.isascii():
        return [_character(character, ascii_only) for character in text]
    pieces = list[str]()
    for match in (_CLUSTER if ascii_only else _SET_BY_MATH).finditer(text):
        command = _cluster(match["whole"], ascii_only) if match["whole"] else match["text"]
        pieces += [command] if command else [_character(character, ascii_only) for character in match[0]]
    return pieces


def _cluster(cluster: str, ascii_only: bool) -> str:
    """What sets several characters at once, or one that text fonts lack; `""` where each goes by itself."""
    if cluster[1:] == "\u0305":
        return f"{{$\\overline{{{cluster[0]}}}$}}"
    command = raised_math(cluster) or command_for(cluster)
    if not ascii_only and command.startswith("{$") and not is_plain_math(command[2:-2]):
        return ""  # a command of some package: an engine that reads UTF-8 may do better without
    return command if command and to_unicode(command) == cluster else ""


def _dotted(match: re.Match[str]) -> str:
    return "i" if match[0] == "ı" else "j"


def harmless(latex: str, ascii_only: bool) -> str:
    """LaTeX that somebody wrote by hand, as it is if it can do nothing but print; otherwise its text, escaped.

    Only accents, letters, signs and the usual markup may stand in it, with balanced braces and no sign that means
    something to TeX outside math.
    """
    math = all(is_math(span[1]) for span in _MATH_SPAN.finditer(latex))
    rest = _MATH_SPAN.sub("", latex)
    names = [match[1] for match in _COMMAND.finditer(rest)]
    known = all(not name.isalpha() or is_harmless(name) for name in names)
    if not math or not known or _UNSAFE_IN_LATEX.search(_COMMAND.sub("", rest)) or not balanced(latex):
        return escape(to_unicode(latex), ascii_only)
    return in_ascii(latex) if ascii_only else latex


def in_ascii(latex: str) -> str:
    """LaTeX with its letters beyond ASCII as commands, as far as there are any."""
    return latex if latex.isascii() else "".join(one if one.isascii() else _character(one, True) for one in latex)


def balanced(latex: str) -> bool:
    """Whether each brace has its partner; BibTeX counts escaped ones too."""
    depth = 0
    for character in latex:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0


def math_text(math: str) -> str:
    """Math, dollars included, as it stands in LaTeX text.

    A lone symbol gets an empty group in front, so that braces around it do not make it a character (`{$\\alpha$}`).
    """
    return "{}" + math if lone_math(math[1:-1]) is not None else math


def join(pieces: list[str]) -> str:
    """Joins pieces of LaTeX so that no ligature (`--`, two quotes) arises where they meet."""
    out, last = list[str](), ""
    for piece in pieces:
        if last and piece and last + piece[0] in _PAIRS:
            out.append("{}")
        out.append(piece)
        last = piece[-1:] or last
    return "".join(out)


_SPECIAL = MappingProxyType(
    {
        **{character: f"\\{character}" for character in "#$%&_"},
        "\\": "{\\textbackslash}",
        "{": "{\\textbraceleft}",
        "}": "{\\textbraceright}",
        "~": "{\\textasciitilde}",
        "^": "{\\textasciicircum}",
        "<": "{$<$}",
        ">": "{$>$}",
        "\xa0": "~",
        "\u2009": "{\\,}",
    }
)
_UNSAFE = re.compile(r"[#$%&_\\{}~^<>\xa0\u2009]|--|``|''|[?!]`")


def _is_plain(text: str, ascii_only: bool) -> bool:
    return _UNSAFE.search(text) is None and (text.isascii() or (not ascii_only and _NEEDS_MATH.search(text) is None))


@lru_cache(maxsize=4096)
def _character(character: str, ascii_only: bool) -> str:
    special = _SPECIAL.get(character)
    if special is not None:
        return special
    if not ascii_only or character.isascii():
        return character
    command = command_for(character)
    return command if command and to_unicode(command) == character else character
