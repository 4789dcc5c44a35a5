"""Sentences, remarks and headings among bullets: what is no paper's title though it has as many words.

Titles are sentences, too (`Attention Is All You Need`), so that only plain signs count, and none of its words makes a
text a remark that is capitalised as titles are.
"""

from __future__ import annotations

from dmlsync.readinglist.characters import squeeze
from dmlsync.readinglist.vocabulary import LINK_LEADS, REMARK_LABELS, REMARK_STARTS, REMARK_WORDS

_LONGEST_TITLE = 400
_STOPS = (".", "…", ":", "：", ";", "；", ",", "，", "。")
_UNFINISHED = ("...", "…", ":", "：")
_AROUND = "\"'“”‘’()[]*_.,;:!?"


def is_remark(text: str) -> bool:
    """Whether a text tells the reader something or asks something of them: `Please keep the order`, `More below:`."""
    text = squeeze(text[:_LONGEST_TITLE])
    words = [word.strip(_AROUND) for word in text.split()]
    if not words or text.endswith(_UNFINISHED):
        return True
    if text.partition(":")[0].strip().lower() in REMARK_LABELS:
        return True
    if _is_capitalised(words):
        return False
    lower = [word.lower() for word in words]
    return lower[0] in REMARK_STARTS or not REMARK_WORDS.isdisjoint(lower)


def is_sentence(text: str) -> bool:
    """Whether a text is a remark, ends with a stop, starts small as topics do, or is longer than any title."""
    text = squeeze(text[: 2 * _LONGEST_TITLE])
    first = text.partition(" ")[0].strip(_AROUND)
    is_small = first.isalpha() and first.islower()
    return len(text) > _LONGEST_TITLE or text.endswith(_STOPS) or is_small or is_remark(text)


def leads_to_link(text: str) -> bool:
    """Whether a text goes on in the link behind it: `Read the [guide](..)`, `for more, see [here](..)`."""
    last = text.rstrip().rpartition(" ")[2]
    return last.strip(_AROUND).lower() in LINK_LEADS


def _is_capitalised(words: list[str]) -> bool:
    """Whether most of the longer words behind the first have a capital."""
    longer = [word for word in words[1:] if len(word) >= 4 and word[0].isalpha()]
    capitals = sum(word[0].isupper() for word in longer)
    return capitals >= 2 and 2 * capitals > len(longer)
