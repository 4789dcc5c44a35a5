"""The formula of new citation keys: `auth.lower + shorttitle(3, 3) + year`.

A formula joins parts and quoted texts with `+`; a part may have arguments in parentheses and filters behind dots:

    formula = term, { "+", term }
    term    = ( text | part ), { ".", filter }
    part    = name, [ "(", [ argument, { ",", argument } ], ")" ]

What the parts and filters are is told by `dmlsync.bib.key_parts`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from dmlsync import schema
from dmlsync.bib.folding import ascii_of
from dmlsync.bib.key_parts import FILTERS, PARTS, Argument, Part, field_value, language_of
from dmlsync.errors import ConfigError
from dmlsync.model import Record

DEFAULT_KEY = "family + year + word"
"""The formula of keys like `weinberger2005distance`."""

BETTER_BIBTEX_KEY = "auth.lower + shorttitle(3, 3) + year"
"""Better BibTeX's formula as it is installed, for keys like `weinbergerDistanceMetricLearning2005`."""

_SETTING = "bib.key"
_OPTION = "--key-formula"
_MAX_FORMULA, _MAX_KEY, _MAX_TERMS, _MAX_TEXT = 1000, 160, 50, 1000
_TOKEN = re.compile(
    r"\s*+(?:(?P<name>[A-Za-z_]\w*+)|(?P<number>\d{1,4}+)|(?P<text>\"[^\"]*+\"|'[^']*+')|(?P<sign>[+.(),])|(?P<end>\Z))",
    re.ASCII,
)
# What BibTeX, biber or TeX reads as something else, and blanks: no key may hold it.
_UNSAFE = re.compile(r"[^A-Za-z0-9+\-_.:/*!?]+")


@dataclass(frozen=True, slots=True)
class _Call:
    """A part or filter with its arguments."""

    apply: Callable[..., str]
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class _Term:
    """A part with its filters, in the order in which they are applied."""

    part: _Call
    filters: tuple[_Call, ...] = ()

    def of(self, record: Record) -> str:
        text = self.part.apply(record, *self.part.arguments)
        for one in self.filters:
            text = one.apply(text, *one.arguments)[:_MAX_TEXT]
        return text


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was understood; `text` is how it was written."""

    text: str
    terms: tuple[_Term, ...]

    def of(self, record: Record) -> str:
        """The key that the formula gives to a record: ASCII, safe in TeX, `anonymous` where it gives nothing."""
        raw = "".join(term.of(record) for term in self.terms)
        return _UNSAFE.sub("", ascii_of(raw, language_of(record)))[:_MAX_KEY] or "anonymous"


def parse_formula(text: str, path: Path | None = None) -> Formula:
    """The formula that a text is. Raises `ConfigError`, which names the part that is wrong and names near it.

    `path` is the configuration that it stands in, for the error alone.
    """
    return _Parser(text, path).formula()


class _Token(NamedTuple):
    kind: str
    text: str


class _Parser:
    """Reads one formula from left to right, looking one token ahead."""

    def __init__(self, text: str, path: Path | None) -> None:
        self._text = text
        self._path = path
        self._tokens = self._split() if len(text) <= _MAX_FORMULA else []
        self._at = 0

    def formula(self) -> Formula:
        if not self._tokens:
            raise self._error(f"the formula is longer than {_MAX_FORMULA} characters", "shorten it")
        terms = [self._term()]
        while self._take("+"):
            terms.append(self._term())
        if self._next.kind != "end":
            raise self._error(
                f"`+` was expected before `{self._next.text}`", "parts are joined with `+`, filters follow a dot"
            )
        if len(terms) > _MAX_TERMS:
            raise self._error(f"the formula joins more than {_MAX_TERMS} parts", "shorten it")
        return Formula(self._text, tuple(terms))

    def _term(self) -> _Term:
        token = self._advance()
        if token.kind == "text":
            literal = token.text[1:-1]
            part = _Call(lambda record: literal)
        elif token.kind == "name":
            part = self._call(token.text, self._part(token.text))
        else:
            place = f"at `{token.text}`" if token.text else "at the end"
            raise self._error(f"a part was expected {place}", f"parts are {', '.join(PARTS)} or a quoted text")
        filters = list[_Call]()
        while self._take("."):
            token = self._advance()
            if token.kind != "name" or token.text not in FILTERS:
                raise self._unknown("filter", token.text, FILTERS)
            filters.append(self._call(token.text, FILTERS[token.text]))
        return _Term(part, tuple(filters))

    def _part(self, name: str) -> Part:
        if name in PARTS:
            return PARTS[name]
        field = name[0].lower() + name[1:]
        if name[0].isupper() and (field in schema.all_fields() or name in schema.all_fields()):
            known = name if name in schema.all_fields() else field
            return Part(name, lambda record: field_value(record, known))
        raise self._unknown("part", name, PARTS)

    def _call(self, name: str, part: Part) -> _Call:
        arguments = self._arguments(name) if self._take("(") else ()
        fits = part.needed <= len(arguments) <= len(part.arguments)
        if not fits or not all(isinstance(one, kind) for one, kind in zip(arguments, part.arguments, strict=False)):
            raise self._error(f"`{name}` has the wrong arguments", f"write {part.form}")
        return _Call(part.apply, arguments)

    def _arguments(self, name: str) -> tuple[Argument, ...]:
        found = list[Argument]()
        while not self._take(")"):
            token = self._advance()
            if found:
                if token.text != ",":
                    raise self._error(f"the arguments of `{name}` are not closed", "write a comma or `)`")
                token = self._advance()
            if token.kind == "number":
                found.append(int(token.text))
            elif token.kind in ("text", "name"):
                found.append(token.text[1:-1] if token.kind == "text" else token.text)
            else:
                raise self._error(
                    f"the arguments of `{name}` are not closed", "write numbers or quoted texts, then `)`"
                )
        return tuple(found)

    def _split(self) -> list[_Token]:
        tokens, position = list[_Token](), 0
        while not tokens or tokens[-1].kind != "end":
            match = _TOKEN.match(self._text, position)
            if match is None:
                rest = self._text[position:].strip()
                raise self._error(
                    f"`{rest[:20]}` is not understood", "put signs in quotation marks, as in auth + '-' + year"
                )
            tokens.append(_Token(str(match.lastgroup), match[str(match.lastgroup)]))
            position = match.end()
        return tokens

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _advance(self) -> _Token:
        token = self._next
        self._at += token.kind != "end"
        return token

    def _take(self, sign: str) -> bool:
        found = self._next.kind == "sign" and self._next.text == sign
        self._at += found
        return found

    def _unknown(self, kind: str, name: str, known: Mapping[str, Part]) -> ConfigError:
        if not name:
            return self._error(f"a {kind} was expected at the end", f"{kind}s are {', '.join(known)}")
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
        folded = [one for one in known if one.lower() == name.lower()]
        names = list(dict.fromkeys([*folded, *near]))
        remedy = f"did you mean {' or '.join(names)}?" if names else f"{kind}s are {', '.join(known)}"
        return self._error(f"there is no {kind} `{name}` in key formulas", remedy)

    def _error(self, problem: str, remedy: str) -> ConfigError:
        return ConfigError(problem, remedy, path=self._path, setting=_SETTING if self._path else _OPTION)
