"""Math inside text: what may stay between dollar signs, and what is only money."""

from __future__ import annotations

import re
from types import MappingProxyType

from dmlsync.text.latex_symbols import symbol, words

_MATH = re.compile(r"\$([^$\s](?:[^$]*[^$\s])?+)\$")
_MATH_TELLS = re.compile(r"[\\^_]|\A[A-Za-z]'*+\Z")
_MATH_PLAIN = re.compile(r"[A-Za-z0-9 +\-*/=<>()\[\]|,.:;!'^_{}]*+")
_MATH_COMMAND = re.compile(r"\\([A-Za-z]++|[,;:! |])")
_MATH_ERRORS = re.compile(
    r"[\^_](?:[\s^_})\]]|\Z)|[\^_][A-Za-z0-9]?'*+[\^_][A-Za-z0-9]?[\^_]|\^[A-Za-z0-9]\^|_[A-Za-z0-9]_"
    r"|\\(?:sqrt|math[a-z]++|boldsymbol|text[a-z]*+|hat|bar|tilde|vec|d?dot|wide[a-z]++|overline|underline)\b(?!\{)"
)
_MATH_WORDS = frozenset(
    words(
        """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho
    sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell
    hbar infty nabla partial forall exists emptyset Re Im aleph times cdot cdots ldots dots pm mp div ast star circ
    bullet oplus otimes cap cup setminus subset subseteq supset supseteq in notin ni le leq ge geq ll gg neq ne approx
    sim simeq cong equiv propto to rightarrow leftarrow Rightarrow Leftarrow leftrightarrow mapsto langle rangle
    lfloor rfloor lceil rceil vert Vert mid parallel perp wedge vee neg prime sum prod int sqrt log exp sin cos tan
    surd flat natural sharp angle asymp bowtie coprod oint diamond doteq frown smile prec preceq succ succeq sqcap sqcup
    sqsubseteq sqsupseteq uplus odot ominus oslash amalg top bot vdash dashv models vdots ddots wp wr bigcap bigcup
    bigvee bigwedge triangleleft triangleright uparrow downarrow updownarrow Uparrow Downarrow Updownarrow nearrow
    nwarrow searrow swarrow hookleftarrow hookrightarrow leftharpoonup leftharpoondown rightharpoonup rightharpoondown
    rightleftharpoons Leftrightarrow longleftarrow longrightarrow longleftrightarrow longmapsto Longleftarrow
    Longrightarrow Longleftrightarrow
    min max arg det dim ker lim sup inf Pr mathbb mathbf mathcal mathfrak mathit mathrm mathsf mathtt boldsymbol text
    textrm hat bar tilde vec dot ddot widehat widetilde overline underline quad qquad
    """
    )
)

_RAISED = re.compile(r"([\^_])(?:\{([0-9A-Za-z+\-=()]{1,20})\}|([0-9A-Za-z+\-]))")
_GREEK_COMMAND = re.compile(r"\\([A-Za-z]{2,10})")
_ABOVE = MappingProxyType(dict(zip("0123456789+-=()in", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿ", strict=True)))
_BELOW = MappingProxyType(
    dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
)
_FROM_ABOVE = MappingProxyType({small: plain for plain, small in _ABOVE.items()})
_FROM_BELOW = MappingProxyType({small: plain for plain, small in _BELOW.items()})
ABOVE, BELOW = "".join(_FROM_ABOVE), "".join(_FROM_BELOW)
"""The characters above and below the line that math of one piece stands for."""
GREEK = "Α-Ωα-ωϑϕϖϱϵ"
"""Greek letters, for a character class."""


def plain_math(inner: str) -> str:
    """Math, without its dollars, as plain text where that says the same: a Greek letter, or short text above or below
    the line (`_2`, `^{31}`); otherwise `""`."""
    if raised := _RAISED.fullmatch(inner):
        table, text = (_ABOVE if raised[1] == "^" else _BELOW), raised[2] or raised[3]
        return "".join(table[sign] for sign in text) if all(sign in table for sign in text) else ""
    greek = _GREEK_COMMAND.fullmatch(inner)
    letter = symbol(greek[1]) if greek else None
    return letter if letter and re.fullmatch(f"[{GREEK}]", letter) else ""


def raised_math(run: str) -> str:
    """The math that sets a run of characters above or below the line, in a group; `""` for other text."""
    for sign, table in (("^", _FROM_ABOVE), ("_", _FROM_BELOW)):
        if all(character in table for character in run) and len(run) <= 20:
            return "{$" + sign + "{" + "".join(table[character] for character in run) + "}$}"
    return ""


def math_spans(text: str) -> list[tuple[int, int]]:
    """Where a text has math, dollars included."""
    return [match.span() for match in _MATH.finditer(text) if is_math(match[1])]


def is_math(inner: str) -> bool:
    """Whether what stands between two dollar signs is math, and harmless: known commands and balanced braces only."""
    if _MATH_TELLS.search(inner) is None or _MATH_ERRORS.search(inner):
        return False
    if any(word[1].isalpha() and word[1] not in _MATH_WORDS for word in _MATH_COMMAND.finditer(inner)):
        return False
    rest = _MATH_COMMAND.sub("", inner)
    if not _MATH_PLAIN.fullmatch(rest):
        return False
    depth = 0
    # BibTeX counts escaped braces too.
    for character in inner:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0
