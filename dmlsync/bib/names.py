"""Names of people and organisations between Zotero's creators and a .bib name list.

A list is split at ` and ` before anything is decoded, because decoding drops the braces that hold a name together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from types import MappingProxyType

from dmlsync.model import Creator
from dmlsync.text.latex import clean, escape, join, to_unicode
from dmlsync.text.latex_symbols import words

OTHERS = "others"
"""The last name of a list that goes on: BibTeX's `and others`."""

_STRUCTURE = re.compile(r"\\[{}]|[{}]|,|\s+")
_SEPARATORS = MappingProxyType(
    {"and": re.compile(r"(?<=\s)and(?=\s)", re.IGNORECASE), ",": re.compile(","), " ": re.compile(r"\s+")}
)
_EXTENDED = re.compile(r"\s*(?:family|given|prefix|suffix|useprefix|id)(?:-i)?\s*=", re.IGNORECASE)
_QUOTED = re.compile(r'=\s*"([^"{}]*)"(?=\s*(?:,|\Z))')
_FIRST_LETTER = re.compile(r"\\[A-Za-z]+|\\.|[^\W\d_]", re.DOTALL)
# `Yu.`, `IJsbrand`: one initial of two letters
_DIGRAPH = re.compile(r"(?!Jr|Sr|St|Dr|Mr|Ms)[A-Z][a-z]\.|IJ[a-z]+")
_LEADING_SIGNS = re.compile(r"\A(?:\{\\text[a-z]++\})+")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_PARTICLE = re.compile(r"[^\W\d_A-Z][\w'’.]*+")
_DROPPING = frozenset(
    words(
        """
    af al auf aus av d' da dal dalla de dei del della den der des di do dos du el in la las le les lo los of op 't te
    ten ter tho to thoe thor van vom von y zu zum zur
    """
    )
)


def creators_of(value: str, creator_type: str) -> tuple[Creator, ...]:
    """The creators that a name list stands for.

    `value` is the field's content without its delimiters, still LaTeX. Understood are `First von Last`,
    `von Last, First`, `von Last, Jr, First`, whole names in braces (organisations), a bare `others`, and biblatex's
    extended form `family=..., given=..., prefix=..., useprefix=...`.
    """
    found = (_creator(name.strip(), creator_type) for name in _split_at(value, "and"))
    return tuple(creator for creator in found if creator.name or creator.last_name)


def name_list(creators: Sequence[Creator], ascii_only: bool, extended: bool) -> str:
    """The LaTeX name list of creators, for a field without delimiters.

    `extended` uses biblatex's extended form where a particle would otherwise be lost or bound to the wrong part.
    """
    return " and ".join(filter(None, (_written(creator, ascii_only, extended) for creator in creators)))


def goes_on(value: str) -> bool:
    """Whether a name list, without its delimiters, ends in `and others`."""
    return value.split()[-2:] == ["and", OTHERS]


def normal_name(creator: Creator, extended: bool) -> Creator | None:
    """The creator as a name list can carry it; None if nothing is left of it.

    Blanks are single, and a name of one part only is a family name. Without the extended form a particle at the end
    of the given names (`Jean de`, `La Fontaine`) goes with the family name.
    """
    name, last, first = (_plain(part) for part in (creator.name, creator.last_name, creator.first_name))
    kind = creator.creator_type
    if name or not last:
        whole = name or first
        return Creator(name=whole, creator_type=kind) if whole else None
    given, particle = divided_dropping(first, last)
    if particle and not extended:
        return Creator(f"{particle} {last}", given, creator_type=kind)
    return Creator(last, first, creator_type=kind)


def _plain(text: str) -> str:
    if text.isascii() and text.isalpha():
        return text
    return clean(text.replace("\xa0", " ")).strip()


# Reading


def _pieces(value: str) -> list[str]:
    """The value cut before and behind every brace, comma and run of blanks."""
    cuts, done = list[str](), 0
    for match in _STRUCTURE.finditer(value):
        if match.start() > done:
            cuts.append(value[done : match.start()])
        cuts.append(match[0])
        done = match.end()
    return [*cuts, value[done:]] if done < len(value) else cuts


def _split_at(value: str, separator: str) -> list[str]:
    """The parts of a value between separators (`and`, `,` or blanks, `" "`) that stand outside all braces."""
    if "{" not in value and "}" not in value:
        return _SEPARATORS[separator].split(value)  # most names
    parts, part, depth = list[str](), list[str](), 0
    pieces = _pieces(value)
    for number, piece in enumerate(pieces):
        depth = max(depth + (piece[-1] == "{") - (piece[-1] == "}"), 0) if piece[-1] in "{}" else depth
        if depth == 0 and _separates(pieces, number, separator):
            parts.append("".join(part))
            part = []
        else:
            part.append(piece)
    parts.append("".join(part))
    return parts


def _separates(pieces: list[str], number: int, separator: str) -> bool:
    piece = pieces[number]
    if separator == "and":
        around = pieces[number - 1 : number] + pieces[number + 1 : number + 2]
        return piece.lower() == "and" and len(around) == 2 and all(other.isspace() for other in around)
    return piece.isspace() if separator == " " else piece == separator


@lru_cache(maxsize=8192)  # the same people write many papers
def _creator(name: str, kind: str) -> Creator:
    if name == OTHERS:
        return Creator(name=OTHERS, creator_type=kind)
    if _EXTENDED.match(name):
        return _extended(name, kind)
    if _is_group(name):
        return Creator(name=_text(name), creator_type=kind)
    parts = [part.strip() for part in _split_at(name, ",")]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    if len(parts) > 1:
        given = ", ".join(filter(None, (_text(part) for part in (parts[-1], *parts[1:-1]))))
        return Creator(_text(parts[0]), given, creator_type=kind)
    words = [word for word in _split_at(parts[0], " ") if word]
    family = next((at for at, word in enumerate(words[:-1]) if _is_lower(word)), len(words) - 1)
    return Creator(_text(" ".join(words[family:])), _text(" ".join(words[:family])), creator_type=kind)


def _text(latex: str) -> str:
    return _plain(to_unicode(latex))


def _is_group(name: str) -> bool:
    """Whether one pair of braces holds the whole name."""
    if not (name.startswith("{") and name.endswith("}")):
        return False
    depth = 0
    for number, character in enumerate(name):
        depth += (character == "{") - (character == "}")
        if depth == 0:
            return number == len(name) - 1
    return False


def _is_lower(word: str) -> bool:
    """Whether BibTeX takes a word for a particle: its first letter outside braces (or accented) is lower case."""
    if word[:1].isalpha():
        return word[0].islower()
    if word.startswith("{") and not word.startswith("{\\"):
        return False
    first = _FIRST_LETTER.search(to_unicode(word))
    return first is not None and first[0].islower()


def _extended(name: str, kind: str) -> Creator:
    parts = dict[str, str]()
    for part in _split_at(_QUOTED.sub(r"={\1}", name), ","):
        label, _, value = part.partition("=")
        parts[label.strip().lower()] = _text(value.strip())
    family, given, prefix = (parts.get(label, "") for label in ("family", "given", "prefix"))
    if prefix and parts.get("useprefix", "true").lower() == "false":
        given = f"{given} {prefix}".strip()
    elif prefix:
        family = f"{prefix}{'' if prefix.endswith(('’', chr(39))) else ' '}{family}"
    if parts.get("suffix"):
        given = f"{given}, {parts['suffix']}"
    return Creator(family, given, creator_type=kind) if family else Creator(name=given, creator_type=kind)


# Writing


def _written(creator: Creator, ascii_only: bool, extended: bool) -> str:
    normal = normal_name(creator, extended)
    if normal is None:
        return ""
    if normal.name:
        if normal.name == OTHERS:
            return OTHERS
        return "{" + _corporate(normal.name, ascii_only) + "}"
    last, (first, suffix) = normal.last_name, divided_suffix(normal.first_name)
    if not first:
        return _family_alone(last, ascii_only)
    given, dropping = divided_dropping(first, last)
    particle, rest = divided_particle(last)
    if extended and dropping and not suffix:
        return _labelled(last, given, dropping, "false", ascii_only)
    if extended and particle and not suffix:
        return _labelled(rest, first, particle, "true", ascii_only)
    family = _family(last, ascii_only, extended)
    middle = f", {_part(suffix, ascii_only)}" if suffix else ""
    return f"{family}{middle}, {_part(first, ascii_only)}"


def divided_suffix(first: str) -> tuple[str, str]:
    """Given names without the suffix that Zotero keeps behind them (`Martin Luther, Jr.`)."""
    given, comma, suffix = first.partition(", ")
    divided = comma and given.strip() == given and suffix.strip() == suffix and "," not in given + suffix
    return (given, suffix) if divided and given and suffix else (first, "")


def divided_dropping(first: str, last: str) -> tuple[str, str]:
    """Given names and the particles at their end, which are dropped when the family name stands alone."""
    words = first.split(" ")
    count = len(words)
    while count > 1 and words[count - 1].replace("’", "'") in _DROPPING:
        count -= 1
    if not last or last[0].islower() or "," in first or count == len(words):
        return first, ""
    return " ".join(words[:count]), " ".join(words[count:])


def divided_particle(last: str) -> tuple[str, str]:
    """A family name's particles and the rest of it (`van der`, `Maaten`)."""
    words = last.split(" ")
    count = 0
    while count < len(words) - 1 and _PARTICLE.fullmatch(words[count]) and words[count].islower():
        count += 1
    rest = words[count:]
    # A lower-case word further on (`Ortega y Gasset`) makes the whole a family name without particles.
    if not count or any(word[:1].islower() for word in rest) or "," in last:
        return "", last
    particle = " ".join(words[:count])
    return (particle, " ".join(rest)) if not particle.endswith(("'", "’")) else ("", last)


def _labelled(family: str, given: str, prefix: str, use: str, ascii_only: bool) -> str:
    family, given, prefix = (_value(part, ascii_only) for part in (family, given, prefix))
    return f"family={family}, given={given}, prefix={prefix}, useprefix={use}"


def _value(text: str, ascii_only: bool) -> str:
    """One value of the extended form; in braces where its signs would be taken for the form's own."""
    written = _part(text, ascii_only)
    return "{" + written + "}" if re.search(r"[=\"]", text) else written


def _family(last: str, ascii_only: bool, extended: bool) -> str:
    written = _part(last, ascii_only)
    inner_lower = any(word[:1].islower() for word in last.split(" ")) and " " in last
    whole = inner_lower or (not extended and "-" in last) or _EXTENDED.match(last)
    return "{" + written + "}" if whole else written


def _family_alone(last: str, ascii_only: bool) -> str:
    """A family name without given names: one word to TeX, and not in braces like an organisation."""
    words = [_part(word, ascii_only) for word in last.split(" ")]
    written = "{ }".join(words)
    if written == OTHERS or _EXTENDED.match(last) or _is_group(written):
        return "{}" + written
    return written


def _part(text: str, ascii_only: bool) -> str:
    """A part of a name: commas and the word `and` in braces, so that they do not divide it."""
    words = [_word(word, ascii_only) for word in text.split(" ")]
    return " ".join(words)


def _word(word: str, ascii_only: bool) -> str:
    if word.lower() == "and":
        return "{" + word + "}"
    if ascii_only and _DIGRAPH.fullmatch(word):
        return "{\\relax " + word[:2] + "}" + word[2:]
    written = join(["{,}" if piece == "," else escape(piece, ascii_only) for piece in re.split("(,)", word)])
    return _NOT_ASCII.sub(_uncut, written) if ascii_only else _opened(written)


def _corporate(name: str, ascii_only: bool) -> str:
    """An organisation's name, to stand in braces that are not taken for an accented letter's."""
    written = escape(name, ascii_only)
    if ascii_only and not written.isascii():
        return f"\\relax {written}"
    written = written if ascii_only else _opened(written)
    return "{" + written + "}" if written.startswith("\\") and ascii_only else written


def _opened(written: str) -> str:
    """A word without braces around the commands at its front, of which biber would take one brace for the initial."""
    return _LEADING_SIGNS.sub(lambda signs: signs[0].replace("{", "").replace("}", "{}"), written)


def _uncut(letters: re.Match[str]) -> str:
    """Letters without a command as one "letter" of BibTeX, which would take the first byte of them for an initial."""
    return f"{{\\relax {letters[0]}}}"
