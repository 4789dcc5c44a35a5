"""Titles in a .bib entry: which capitals a sentence-case style must keep, and Zotero's rich text."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import MappingProxyType

from dmlsync.bib.entry_types import Dialect
from dmlsync.text.latex import clean, escape, join, math_text
from dmlsync.text.latex_math import math_spans
from dmlsync.text.latex_symbols import words

_SMALL_WORDS = frozenset(
    words(
        """
    a an and as at but by for from in into nor of on onto or over per the to up via vs with
    """
    )
)
_WORD = re.compile(r"(?:[^\W_]|(?<=\w)[\u0300-\u036f])+(?:[-'’&](?:[^\W_]|(?<=\w)[\u0300-\u036f])+)*+")
_PART = re.compile(r"([-'’])")
_TAG = re.compile(
    r"<(/?)(i|b|sub|sup|sc|span)((?: (?:class=\"nocase\"|style=\"(?:font-variant: ?)?small-caps;?\"))?+)>"
)
_BRACED_WORDS = re.compile(r"\{([^{}\\$]++)\}")

# Names of people, places and things that keep their capital in running English text. Short on purpose: a word that
# is also an ordinary one (Page, Brown, Bond) does not belong here.
PROPER_NOUNS = frozenset(
    words(
        """
    Abelian Africa African America American Arabic Asia Asian Australia Australian Banach Bayes Bayesian Bellman
    Bernoulli Boltzmann Boolean Bregman Brownian Cauchy Chebyshev China Chinese Cholesky Dirichlet Dutch England
    English Euclid Euclidean Euler Eulerian Europe European Fisher Fourier France Freebase French Frobenius Galerkin
    Gauss Gaussian German Germany Gibbs Grassmann Grassmannian Greek Hadamard Hamiltonian Hamming Hausdorff Hebbian
    Hebrew Hermitian Hessian Hilbert India Indian Israel Italian Italy Jaccard Jacobian Japan Japanese Jensen Kalman
    Korea Korean Kronecker Kullback Lagrange Lagrangian Langevin Laplace Laplacian Latin Leibler Levenshtein Lipschitz
    Lorentz Lorentzian Lyapunov Mahalanobis Markov Markovian Maxwell Mercer Minkowski Monte Carlo Nash Newton
    Newtonian Nyström Pareto Parkinson Parseval Poisson Portuguese Pythagorean Rademacher Riemann Riemannian Russia
    Russian Schur Shannon Shapley Siamese Sinkhorn Sobolev Spain Spanish Stackelberg Stein Stiefel Sweden Swiss
    Switzerland Sylvester Taylor Tikhonov Turing Turkish Twitter Voronoi Wasserstein Weibull Wikipedia Wishart
    """
    )
)

_COMMANDS = MappingProxyType(
    {
        ("i", "biblatex"): "mkbibemph",
        ("i", "bibtex"): "emph",
        ("b", "biblatex"): "textbf",
        ("b", "bibtex"): "textbf",
        ("sub", "biblatex"): "textsubscript",
        ("sub", "bibtex"): "textsubscript",
        ("sup", "biblatex"): "textsuperscript",
        ("sup", "bibtex"): "textsuperscript",
        ("caps", "biblatex"): "textsc",
        ("caps", "bibtex"): "textsc",
    }
)


def is_title_cased(title: str) -> bool:
    """Whether most of a title's longer words start with a capital, so that a capital says nothing about a word."""
    found: list[str] = _WORD.findall(title)
    words = [word for word in found[1:] if len(word) > 3 and word.casefold() not in _SMALL_WORDS]
    return sum(word[0].isupper() for word in words) > len(words) / 2


def protected(title: str, keep: frozenset[str] = frozenset(), as_written: Callable[[str], str] = str) -> str:
    """A plain-text title with braces around the parts whose capitals carry meaning.

    Protected are inner capitals (`BERT`, `GANs`), proper nouns, the words of `keep`, and in a sentence-cased title
    every capitalised word that does not open it. `as_written` turns the pieces into LaTeX.
    """
    return join(_protected_pieces(title, keep, as_written, is_title_cased(title), True))


def title_text(title: str, dialect: Dialect, *, english: bool | None = True, keep: frozenset[str] = frozenset()) -> str:
    """The LaTeX of a title, without the field's delimiters.

    Zotero's rich text becomes commands; a title that is not English keeps its capitals as a whole in BibTeX, and is
    left to the language's own rules in biblatex. `english=None` means a name that no style changes: a journal's.
    """
    title = clean(title)
    segments = _segments(title)
    plain = "".join(text for text, tag in segments if not tag)
    title_cased = is_title_cased(plain)
    ascii_only = dialect == "bibtex"
    pieces, opening, protecting = list[str](), True, 0
    for text, tag in segments:
        if tag:
            protecting += {"nocase": 1, "/nocase": -1}.get(tag, 0)
            pieces.append(_command(tag, dialect))
        elif protecting or not english:
            pieces.append(escape_exactly(text, ascii_only))
        else:
            pieces += _with_math(text, keep, ascii_only, title_cased, opening)
        if not tag:
            opening = _opens(text) or (opening and not text.strip())
    written = join(pieces)
    return _braced(written) if english is False and ascii_only and written else written


def plain_title(title: str) -> str:
    """The title as an entry can carry it: without the mark that only says which words keep their case."""
    segments = _segments(clean(title))
    pieces = [text if not tag else _tag_text(tag) for text, tag in segments if tag not in ("nocase", "/nocase")]
    return clean(_without_empty("".join(pieces)))


def braced_words(raw: str) -> frozenset[str]:
    """The words that a person put in braces in a title's raw value: they are to keep them."""
    return frozenset(
        part for group in _BRACED_WORDS.findall(raw[1:-1]) for part in _PART.split(group) if part.isalnum()
    )


def escape_exactly(text: str, ascii_only: bool) -> str:
    """`escape` for a piece of a text: blanks at its ends stay."""
    inner = text.strip(" ")
    if not inner:
        return text
    start = text.index(inner)
    return text[:start] + escape(inner, ascii_only) + text[start + len(inner) :]


def _with_math(text: str, keep: frozenset[str], ascii_only: bool, title_cased: bool, opening: bool) -> list[str]:
    """A stretch of a title with its words protected and its math as it is, in braces if it has capitals."""
    pieces, done = list[str](), 0

    def write(piece: str) -> str:
        return escape_exactly(piece, ascii_only)

    for start, end in math_spans(text):
        pieces += _protected_pieces(text[done:start], keep, write, title_cased, opening)
        math, opening = math_text(text[start:end]), False
        pieces.append("{" + math + "}" if any(character.isupper() for character in math) else math)
        done = end
    return pieces + _protected_pieces(text[done:], keep, write, title_cased, opening)


def _protected_pieces(
    title: str, keep: frozenset[str], write: Callable[[str], str], title_cased: bool, opening: bool
) -> list[str]:
    pieces, end = list[str](), 0
    for match in _WORD.finditer(title):
        gap = title[end : match.start()]
        opening = opening or _opens(gap)
        pieces.append(write(gap))
        for number, part in enumerate(_PART.split(match[0])):
            inner = any(character.isupper() for character in part[1:])
            named = part in keep or part in PROPER_NOUNS
            plain = part[:1].isupper() and not title_cased and not (opening and number == 0)
            written = write(part)
            pieces.append(_braced(written) if inner or named or plain else written)
        end, opening = match.end(), False
    return [*pieces, write(title[end:])]


def _opens(before: str) -> bool:
    """Whether what follows this text is the start of a subtitle or sentence."""
    return before.rstrip(" ").endswith((":", "?", "!"))


def _braced(written: str) -> str:
    # A brace followed by a command is one letter to BibTeX, not protection.
    return "{{" + written + "}}" if written.startswith("\\") else "{" + written + "}"


def _segments(title: str) -> list[tuple[str, str]]:
    """The title as text (`text`, "") and tags ("", `i` or `/i`); a tag without its partner is text."""
    found, open_tags, done = list[tuple[str, str]](), list[tuple[str, int]](), 0
    for match in _TAG.finditer(title):
        name = _tag_name(match)
        innermost = open_tags[-1][0] if open_tags else ""
        closed = _CLOSING.get(innermost, (innermost,)) if innermost else ()
        if name not in closed if match[1] else name == "span":
            continue
        found.append((title[done : match.start()], ""))
        done = match.end()
        if match[1]:
            open_tags.pop()
            found.append(("", f"/{innermost}"))
        else:
            open_tags.append((name, len(found)))
            found.append(("", name))
    found.append((title[done:], ""))
    for tag, place in open_tags:
        found[place] = (_tag_text(tag), "")
    return [segment for segment in found if segment != ("", "")]


def _tag_name(match: re.Match[str]) -> str:
    """The tag's name; `nocase` and `caps` for the two spans that mean something, `span` for what is no tag of ours."""
    if match[2] == "sc" and not match[3]:
        return "sc" if match[1] else "caps"
    if match[2] != "span" or match[1]:
        return "span" if match[3] else match[2]
    return "nocase" if "nocase" in match[3] else "caps" if match[3] else "span"


_SPANS = MappingProxyType({"nocase": '<span class="nocase">', "caps": '<span style="font-variant:small-caps;">'})

_CLOSING = MappingProxyType({"nocase": ("span",), "caps": ("span", "sc")})


def _tag_text(tag: str) -> str:
    closing = tag.startswith("/")
    name = tag.removeprefix("/")
    if name in _SPANS:
        return "</span>" if closing else _SPANS[name]
    return f"</{name}>" if closing else f"<{name}>"


def _command(tag: str, dialect: Dialect) -> str:
    if tag == "nocase":
        return "{{"
    if tag == "/nocase":
        return "}}"
    return "}" if tag.startswith("/") else f"\\{_COMMANDS[tag, dialect]}{{"


def _without_empty(title: str) -> str:
    """Without tags that enclose nothing, which an entry cannot hold."""
    empty = re.compile(r"<(i|b|sub|sup)></\1>|<span style=\"font-variant:small-caps;\"></span>")
    while (shorter := empty.sub("", title)) != title:
        title = shorter
    return title
