"""Math inside text: what may stay between dollar signs, and what is only money."""

from __future__ import annotations

import re

from dmlsync.text.latex_symbols import words

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
    min max arg det dim ker lim sup inf Pr mathbb mathbf mathcal mathfrak mathit mathrm mathsf mathtt boldsymbol text
    textrm hat bar tilde vec dot ddot widehat widetilde overline underline quad qquad
    """
    )
)


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
