"""Characters that no printed title should hold, and the trimming of what surrounds one."""

from __future__ import annotations

import re
import unicodedata

_PAIRS = {"(": ")", "[": "]", "{": "}", "（": "）", "【": "】", "「": "」"}
_CLOSING = {closing: opening for opening, closing in _PAIRS.items()}
_BRACKETS = {*_PAIRS, *_CLOSING}
_SEPARATORS = " \t\n-–—―−:：,，،;；؛|·•/~*_"
# Layers of brackets and separators taken off a text; bounds the work on hostile text.
_MOST_LAYERS = 12
_ODD_BLANK = re.compile(r"[^\S\n\r\t ]")
# Unicode's categories Cc and Cf, less line ends, tabs and the two joiners that letters of some scripts and emojis need.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
_SHORTCODE = re.compile(r"(?<!\S)(?::[a-z][a-z0-9_+\-]{1,40}:){1,9}(?!\S)")


def tame(text: str) -> str:
    """`text` without control and invisible characters and with plain blanks, each line still on its own line.

    Bidirectional overrides could make a terminal or a page show a title other than the one that is stored.
    """
    return _INVISIBLE.sub("", _ODD_BLANK.sub(" ", text))


def squeeze(text: str) -> str:
    """`text` on one line, with single blanks."""
    return " ".join(text.split())


def trim(text: str) -> str:
    """`text` on one line, less separators, pictograms and stray brackets at its ends."""
    text = squeeze(_SHORTCODE.sub(" ", text) if ":" in text else text)
    for _ in range(_MOST_LAYERS):
        before = text
        text = _trim_brackets(_trim_pictograms(text.strip(_SEPARATORS)))
        if text == before:
            break
    return text


def less_full_stop(text: str) -> str:
    """`text` without the one full stop that ends it; an ellipsis stays."""
    return text[:-1].rstrip() if text.endswith(".") and not text.endswith("..") else text


def _trim_pictograms(text: str) -> str:
    start, end = 0, len(text)
    while start < end and _is_pictogram(text[start]):
        start += 1
    while end > start and _is_pictogram(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_pictogram(char: str) -> bool:
    return unicodedata.category(char) == "So" or char in "\ufe0f\ufe0e\u200d" or "\U0001f3fb" <= char <= "\U0001f3ff"


def _trim_brackets(text: str) -> str:
    """Drops the brackets at both ends that have no partner, and pairs that enclose everything or nothing."""
    text = text.strip()
    if text[:1] not in _BRACKETS and text[-1:] not in _BRACKETS:
        return text
    alone = stray_brackets(text)
    start, end = 0, len(text)
    while start < end and (start in alone or text[start].isspace()):
        start += 1
    while end > start and (end - 1 in alone or text[end - 1].isspace()):
        end -= 1
    text = text[start:end]
    for opening, closing in _PAIRS.items():
        if text.endswith(opening + closing):
            text = text[:-2]
    if text[:1] in _PAIRS and text.endswith(_PAIRS[text[0]]) and bracket_pairs(text)[0] == len(text) - 1:
        text = text[1:-1]
    return text


def bracket_pairs(text: str) -> dict[int, int]:
    """The positions of all opening brackets that are closed, with those of their closing ones."""
    waiting: dict[str, list[int]] = {opening: [] for opening in _PAIRS}
    pairs: dict[int, int] = {}
    for position, char in enumerate(text):
        if char in _PAIRS:
            waiting[char].append(position)
        elif char in _CLOSING and waiting[_CLOSING[char]]:
            pairs[waiting[_CLOSING[char]].pop()] = position
    return pairs


def stray_brackets(text: str) -> set[int]:
    """The positions of all brackets that have no partner."""
    pairs = bracket_pairs(text)
    paired = set(pairs) | set(pairs.values())
    return {at for at, char in enumerate(text) if (char in _PAIRS or char in _CLOSING) and at not in paired}
