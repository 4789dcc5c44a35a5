"""Titles in a .bib entry: which capitals a sentence-case style must keep, and Zotero's rich text in LaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from dmlsync.bib.entry_types import Dialect
from dmlsync.bib.rich_text import RAW_MARK, Segment, printed_text, segments_of, tag_text, without_raw
from dmlsync.bib.title_case import TITLE_WORD, WORD_PARTS, in_title_case, opens
from dmlsync.text.latex import clean, escape, harmless, join, math_text
from dmlsync.text.latex_math import math_spans
from dmlsync.text.latex_symbols import words

_SMALL_WORDS = frozenset(
    words(
        """
    a an and as at but by for from in into nor of on onto or over per the to up via vs with
    """
    )
)
_SYMBOL = re.compile(r"[A-Z]\d+", re.ASCII)
_COMMAND_LAST = re.compile(r"\\[A-Za-z]+\Z")
_SPECIES = re.compile(r"[A-Z](?:[a-z]+|\.) ?[a-z]{3,}(?: [a-z]{3,})?", re.ASCII)
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

_UNCASED = frozenset(("nocase", "sub", "sup", "caps"))


@dataclass(frozen=True, slots=True)
class TitleStyle:
    """How the titles of an entry are written.

    `keep` are words to protect whatever the rule says, `title_case` whether English titles are raised to Title Case.
    `marked` are titles with marks that are no text, by the plain titles that records have: see `marked_titles`.
    """

    keep: frozenset[str] = frozenset()
    title_case: bool = False
    marked: Mapping[str, str] = field(default_factory=dict)


PLAIN_STYLE = TitleStyle()
"""Titles in the case that they have, protected by the rule alone."""


def marked_titles(values: Iterable[str]) -> Mapping[str, str]:
    """The titles among some values with marks that are no text (`nocase`, raw LaTeX), by the plain titles."""
    return {plain_title(without_raw(value)): value for value in values if "nocase" in value or RAW_MARK.search(value)}


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
    found: list[str] = TITLE_WORD.findall(title)
    words = [word for word in found[1:] if len(word) > 3 and word.casefold() not in _SMALL_WORDS]
    return sum(word[0].isupper() for word in words) > len(words) / 2


def protected(title: str, keep: frozenset[str] = frozenset(), as_written: Callable[[str], str] = str) -> str:
    """A plain-text title with braces around the parts whose capitals carry meaning.

    Protected are inner capitals (`BERT`, `GANs`), symbols (`F0`), proper nouns, the words of `keep`, and in a
    sentence-cased title every capitalised word that does not open it. `as_written` turns the pieces into LaTeX.
    """
    return join(_protected_pieces(title, title, keep, as_written, is_title_cased(title), True))


def title_text(title: str, dialect: Dialect, *, english: bool | None = True, style: TitleStyle = PLAIN_STYLE) -> str:
    """The LaTeX of a title, without the field's delimiters.

    Zotero's rich text becomes commands; a title that is not English keeps its capitals as a whole in BibTeX, and is
    left to the language's own rules in biblatex. `english=None` means a name that no style changes: a journal's.
    """
    marked = style.marked.get(title, "")
    segments = segments_of(clean(marked or title), raw=bool(marked))
    plain = "".join(printed_text(text, tag) for text, tag in segments)
    printed = in_title_case(plain, _uncased(segments)) if style.title_case and english else plain
    title_cased = is_title_cased(plain)
    ascii_only = dialect == "bibtex"
    pieces, opening, protecting, at = list[str](), True, 0, 0
    for (text, tag), (following, _) in zip(segments, [*segments, ("", "")][1:], strict=True):
        if tag:
            protecting += {"nocase": 1, "/nocase": -1}.get(tag, 0)
            pieces.append(_raw(text, following, ascii_only) if tag == "raw" else _command(tag, dialect))
            opening, at = opening and tag != "raw", at + len(printed_text(text, tag))
            continue
        if protecting or not english:
            pieces.append(escape_exactly(text, ascii_only))
        else:
            cased = printed[at : at + len(text)]
            pieces += _with_math(text, cased, style.keep, ascii_only, title_cased, opening)
        opening = opens(text) or (opening and not text.strip())
        at += len(text)
    written = join(pieces)
    return _braced(written) if english is False and ascii_only and written else written


def plain_title(title: str) -> str:
    """The title as an entry can carry it: without the mark that only says which words keep their case."""
    segments = segments_of(clean(title))
    pieces = [text if not tag else tag_text(tag) for text, tag in segments if tag not in ("nocase", "/nocase")]
    return clean(_without_empty("".join(pieces)))


def braced_words(raw: str) -> frozenset[str]:
    """The words that a person put in braces in a title's raw value: they are to keep them."""
    return frozenset(
        part for group in _BRACED_WORDS.findall(raw[1:-1]) for part in WORD_PARTS.split(group) if part.isalnum()
    )


def escape_exactly(text: str, ascii_only: bool) -> str:
    """`escape` for a piece of a text: blanks at its ends stay."""
    inner = text.strip(" ")
    if not inner:
        return text
    start = text.index(inner)
    return text[:start] + escape(inner, ascii_only) + text[start + len(inner) :]


def _raw(latex: str, following: str, ascii_only: bool) -> str:
    """Raw LaTeX if it only prints, else its text; a command at its end must not eat what follows."""
    written = harmless(latex, ascii_only)
    return written + "{}" if _COMMAND_LAST.search(written) and re.match(r"[A-Za-z ]", following) else written


def _uncased(segments: list[Segment]) -> Iterator[tuple[int, int]]:
    """The stretches of a title's text whose case means something.

    These are marked ones, indices, small capitals, math, and names of species: `<i>Escherichia coli</i>`.
    """
    at, inside, before = 0, 0, ""
    for text, tag in segments:
        printed = printed_text(text, tag)
        inside += (tag in _UNCASED) - (tag.startswith("/") and tag[1:] in _UNCASED)
        if inside or tag == "raw" or (before == "i" and _SPECIES.fullmatch(text)):
            yield at, at + len(printed)
        else:
            yield from ((at + start, at + end) for start, end in math_spans(printed))
        at, before = at + len(printed), tag


def _with_math(
    text: str, cased: str, keep: frozenset[str], ascii_only: bool, title_cased: bool, opening: bool
) -> list[str]:
    """A stretch of a title with its words protected and its math as it is, in braces if it has capitals."""
    pieces, done = list[str](), 0

    def write(piece: str) -> str:
        return escape_exactly(piece, ascii_only)

    for start, end in math_spans(text):
        pieces += _protected_pieces(text[done:start], cased[done:start], keep, write, title_cased, opening)
        math, opening = math_text(text[start:end]), False
        pieces.append("{" + math + "}" if any(character.isupper() for character in math) else math)
        done = end
    return pieces + _protected_pieces(text[done:], cased[done:], keep, write, title_cased, opening)


def _protected_pieces(
    title: str, cased: str, keep: frozenset[str], write: Callable[[str], str], title_cased: bool, opening: bool
) -> list[str]:
    """The pieces of a title in LaTeX: what is protected, `title` decides, what is printed, `cased` says."""
    pieces, end = list[str](), 0
    for match in TITLE_WORD.finditer(title):
        gap = title[end : match.start()]
        opening = opening or opens(gap)
        pieces.append(write(gap))
        at = match.start()
        for number, part in enumerate(WORD_PARTS.split(match[0])):
            inner = any(character.isupper() for character in part[1:]) or _SYMBOL.fullmatch(part) is not None
            named = part in keep or part in PROPER_NOUNS
            plain = part[:1].isupper() and not title_cased and not (opening and number == 0)
            written = write(cased[at : at + len(part)])
            at += len(part)
            pieces.append(_braced(written) if inner or named or plain else written)
        end, opening = match.end(), False
    return [*pieces, write(title[end:])]


def _braced(written: str) -> str:
    # A brace followed by a command is one letter to BibTeX, not protection.
    return "{{" + written + "}}" if written.startswith("\\") else "{" + written + "}"


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
