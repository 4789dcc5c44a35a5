"""Authors out of the ways in which services print them."""

from __future__ import annotations

from dmlsync.model import Creator
from dmlsync.text.clean import clean_name, without_homonym_number

# Words that begin a family name when they stand between given names and family name.
_PARTICLE_WORDS = """
    af al av bin d' da de del della den der des di dos du el ibn la le st. 't ten ter van vom von zu zum zur
"""
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_GROUPS = (" collaboration", " consortium", " team")
_SUFFIXES = frozenset(["jr", "jr.", "sr", "sr.", "ii", "iii", "iv"])


def author(given: str, family: str, suffix: str = "") -> Creator | None:
    """An author from separate names; None if nothing is left of them. A family name alone is a single name."""
    given, family, suffix = clean_name(given), clean_name(family), clean_name(suffix)
    if not family:
        given, family = "", given
    if not family:
        return None
    if not given:
        return Creator(name=family)
    return Creator(last_name=family, first_name=f"{given}, {suffix}" if suffix else given)


def author_of(printed: str) -> Creator | None:
    """An author from one printed name: `Laurens van der Maaten`, `Maaten, Laurens van der`, `Wei Wang 0025`."""
    name = without_homonym_number(clean_name(printed)).strip(" ,;*")
    if name.lower().endswith(_GROUPS):
        return Creator(name=name)
    if "," in name:
        parts = [part.strip() for part in name.split(",")]
        if len(parts) == 2 and parts[1].lower() in _SUFFIXES:
            return _split(parts[0], parts[1])
        suffix = parts[1] if len(parts) > 2 and parts[1].lower() in _SUFFIXES else ""
        return author(parts[-1], parts[0], suffix)
    return _split(name, "")


def _split(name: str, suffix: str) -> Creator | None:
    words = name.split()
    if len(words) > 2 and words[-1].lower() in _SUFFIXES:
        suffix = words.pop()
    at = len(words) - 1
    while at > 1 and words[at - 1].lower() in _PARTICLES:
        at -= 1
    if at == 1 and words[0].islower() and words[0] in _PARTICLES:
        at = 0
    return author(" ".join(words[:at]), " ".join(words[at:]), suffix)
