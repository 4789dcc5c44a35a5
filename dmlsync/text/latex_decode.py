"""LaTeX read as text: see `dmlsync.text.latex`, whose way back this is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from types import MappingProxyType

from dmlsync.text.latex_math import is_math, plain_math
from dmlsync.text.latex_symbols import ACCENTS, symbol

_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]++)\*?[ \t\r\n]*+|\\(?P<sign>.)|(?P<open>\{)|(?P<close>\})|(?P<math>\$\$?)"
    r"|(?P<ligature>~|---?|``|''|[?!]`)|(?P<text>[^\\{}$~\-`'?!]++|.)",
    re.DOTALL,
)
_NEEDS_DECODING = re.compile(r"[\\{}~$]|--|``|''|[?!]`")
_LIGATURES = MappingProxyType({"~": "\xa0", "--": "–", "---": "—", "``": "“", "''": "”", "?`": "¿", "!`": "¡"})
_SIGNS = MappingProxyType({" ": " ", "\n": " ", "\t": " ", ",": "\u2009", ";": " ", ":": " ", "\\": " "})
_EMPTY_SIGNS = frozenset("-/@!*")
_MAX_DEPTH = 40  # of commands in commands: every level copies its text once

_MARKUP = MappingProxyType(
    {
        **dict.fromkeys(("emph", "textit", "textsl", "mkbibemph", "mkbibitalic"), ("<i>", "</i>")),
        **dict.fromkeys(("textbf", "mkbibbold"), ("<b>", "</b>")),
        **dict.fromkeys(("textsuperscript", "mkbibsuperscript"), ("<sup>", "</sup>")),
        **dict.fromkeys(("textsubscript", "mkbibsubscript"), ("<sub>", "</sub>")),
        **dict.fromkeys(("textsc", "mkbibsc"), ('<span style="font-variant:small-caps;">', "</span>")),
        **dict.fromkeys(("enquote", "mkbibquote"), ("“", "”")),
        **dict.fromkeys(("noopsort", "href", "hskip", "hspace", "vspace", "label", "footnote"), None),
    }
)
_SWITCHES = MappingProxyType(
    {
        **dict.fromkeys(("em", "it", "itshape", "sl", "slshape"), ("<i>", "</i>")),
        **dict.fromkeys(("bf", "bfseries"), ("<b>", "</b>")),
        **dict.fromkeys(("sc", "scshape"), ('<span style="font-variant:small-caps;">', "</span>")),
    }
)
_OVERLINED = re.compile(r"\\overline\{([A-Za-z0-9])\}")
_DOUBLE_STRUCK = MappingProxyType(
    {f"\\mathbb{{{letter}}}": sign for letter, sign in zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)}
)
_MATH_SIGNS = MappingProxyType({"<": "<", ">": ">", "|": "|", "'": "ʹ", "^\\prime": "′", "-": "−", "\\surd": "√"})


def to_unicode(latex: str) -> str:
    """The plain text (with Zotero's rich-text tags) that LaTeX text stands for.

    Braces go, commands become characters, `~` a no-break space, dashes and quotes of several characters one; unknown
    commands leave their arguments. Never raises, whatever the text is; `%`, `&`, `_` and `#` stand for themselves.
    """
    return latex if _NEEDS_DECODING.search(latex) is None else _Decoder(latex).decode()


def is_harmless(name: str) -> bool:
    """Whether a command only marks text up, or stands for a character of text."""
    if name in ACCENTS or name in _SWITCHES or name == "relax" or _MARKUP.get(name):
        return True
    return name not in ("par", "newline") and symbol(name) is not None


class _Decoder:
    """One pass over one text: output so far, and what to do at the ends of the groups that are open."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.out: list[str] = []
        self.groups: list[_Group] = []
        self.waiting: list[_Finish] = []  # commands that still wait for their argument, the outermost first
        self.depth = 0

    def decode(self) -> str:
        """See `to_unicode`."""
        position, text = 0, self.text
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:  # a backslash ends the text
                self._put("\\")
                break
            position = match.end()
            kind = match.lastgroup
            if kind == "text":
                self._put(match["text"])
            elif kind == "word":
                self._command(match["word"])
            elif kind == "sign":
                self._sign(match["sign"])
            elif kind == "open":
                self._open()
            elif kind == "close":
                self._close()
            elif kind == "ligature":
                self._put(_LIGATURES.get(match["ligature"], match["ligature"]))
            else:
                position = self._math(match.start(), match.end())
        while self.groups:
            self._close()
        return "".join(self.out)

    def _put(self, text: str) -> None:
        """Text, the first character of which may be a waiting command's argument."""
        if self.waiting:
            text = text.lstrip(" \t\r\n")
            if not text:
                return
            self.out.append(_through(self._taken(), text[0]))
            text = text[1:]
        self.out.append(text)

    def _wait(self, finish: _Finish) -> None:
        if self.depth < _MAX_DEPTH:
            self.depth += 1
            self.waiting.append(finish)

    def _taken(self) -> list[_Finish]:
        """The commands that have found their argument; none waits any more."""
        taken, self.waiting = self.waiting, []
        self.depth -= len(taken)
        return taken

    def _open(self, *, switch: bool = False) -> None:
        finish = self._taken()
        self.depth += len(finish)
        self.groups.append(_Group(len(self.out), finish, switch))

    def _close(self) -> None:
        self._taken()
        while self.groups:
            group = self.groups.pop()
            if group.finish:
                self.depth -= len(group.finish)
                text = "".join(self.out[group.start :])
                del self.out[group.start :]
                self.out.append(_through(group.finish, text))
            if not group.switch:
                return

    def _sign(self, sign: str) -> None:
        if sign in ACCENTS:
            self._wait(_accent(ACCENTS[sign]))
        elif sign not in _EMPTY_SIGNS:
            self._put(_SIGNS.get(sign, sign))

    def _command(self, name: str) -> None:
        if name in ACCENTS:
            self._wait(_accent(ACCENTS[name]))
        elif name in _MARKUP:
            self._wait(_marked(_MARKUP[name]))
        elif name in _SWITCHES:
            self._wait(_marked(_SWITCHES[name]))
            self._open(switch=True)
        elif text := symbol(name):
            self._put(text)

    def _math(self, start: int, inside: int) -> int:
        """Math from the dollar sign at `start`; returns where it ends."""
        dollars = self.text[start:inside]
        close = self.text.find(dollars, inside)
        if close < 0 or not self.text[inside:close].strip():
            self._put("$")
            return start + 1
        inner, end = self.text[inside:close], close + len(dollars)
        grouped = self.text[start - 1 : start] == "{" and self.text[end : end + 1] == "}"
        character = plain_math(inner) or (lone_math(inner) if grouped else None)
        if character is None:
            character = f"${inner}$" if is_math(inner) else to_unicode(inner)
        self._put(character)
        return end


_Finish = Callable[[str], str]


class _Group:
    """An open brace: where its output starts, what its text goes through at its end.

    A `switch` has no brace of its own: it ends with the group around it (`{\\em ...}`).
    """

    __slots__ = ("finish", "start", "switch")

    def __init__(self, start: int, finish: list[_Finish], switch: bool) -> None:
        self.start, self.finish, self.switch = start, finish, switch


def _through(commands: list[_Finish], argument: str) -> str:
    """What commands make of their argument, the innermost (last) first."""
    for command in reversed(commands):
        argument = command(argument)
    return argument


def lone_math(inner: str) -> str | None:
    """The character that a group of nothing but math stands for: `{$<$}`, `{$\\alpha$}`."""
    if (sign := _MATH_SIGNS.get(inner) or _DOUBLE_STRUCK.get(inner)) is not None:
        return sign
    if overlined := _OVERLINED.fullmatch(inner):
        return overlined[1] + "\u0305"
    return symbol(inner[1:]) if inner[:1] == "\\" and inner[1:].isalpha() and inner.isascii() else None


def is_plain_math(inner: str) -> bool:
    """Whether every LaTeX can set this math, of which `lone_math` knows the character."""
    return inner in _MATH_SIGNS or is_math(inner)


def _accent(mark: str) -> _Finish:
    def finish(letter: str) -> str:
        base = {"ı": "i", "ȷ": "j"}.get(letter[:1], letter[:1])
        if not base:
            return ""
        if mark == ACCENTS["t"] and len(letter) < 2:
            return letter
        return unicodedata.normalize("NFC", base + mark) + letter[1:]

    return finish


def _marked(tags: tuple[str, str] | None) -> _Finish:
    if tags is None:
        return lambda argument: ""
    before, after = tags
    return lambda argument: f"{before}{argument}{after}" if argument else ""
