"""The two lines that dmlsync keeps in Zotero's field Extra, among whatever the members wrote there.

A published work's arXiv id has no field of its own in Zotero, so it stands in Extra as `arXiv: 1503.03832`, where
Zotero's own translators put it too. A server whose schema lacks `citationKey` gets the line `Citation Key: x`, which
Zotero and Better BibTeX understand. Every other line of Extra, and the order of all of them, stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable

from dmlsync.text.identifiers import arxiv_in

_ARXIV_LABELS = frozenset({"arxiv", "arxiv id"})
_KEY_LABELS = frozenset({"citation key"})


def arxiv_of(extra: str) -> str:
    """The arXiv id that a line of Extra states, without its version; `""` where none does.

    Read are all spellings in use: `arXiv: 1401.2910 [quant-ph]`, `arxiv:1401.2910v2`, `arXiv: cs/0112017`.
    """
    return next(filter(None, map(_arxiv_of_line, extra.split("\n"))), "")


def citation_key_of(extra: str) -> str:
    """The citation key that a line of Extra states, `""` where none does."""
    return next(filter(None, map(_citation_key_of_line, extra.split("\n"))), "")


def with_arxiv(extra: str, arxiv: str) -> str:
    """Extra with this arXiv id in its line; without such a line where `arxiv` is blank."""
    if arxiv_of(extra) == arxiv:
        return extra
    return _with_line(extra, _arxiv_of_line, f"arXiv: {arxiv}" if arxiv else "")


def with_citation_key(extra: str, key: str) -> str:
    """Extra with this citation key in its line; without such a line where `key` is blank."""
    if citation_key_of(extra) == key:
        return extra
    return _with_line(extra, _citation_key_of_line, f"Citation Key: {key}" if key else "")


def _arxiv_of_line(line: str) -> str:
    words = _value_of(line, _ARXIV_LABELS).split(maxsplit=1)
    return arxiv_in(f"arXiv:{words[0]}") if words else ""


def _citation_key_of_line(line: str) -> str:
    value = _value_of(line, _KEY_LABELS)
    return value if len(value.split()) == 1 else ""


def _value_of(line: str, labels: frozenset[str]) -> str:
    label, _, value = line.partition(":")
    return value.strip() if label.strip().casefold() in labels else ""


def _with_line(extra: str, value_of_line: Callable[[str], str], line: str) -> str:
    """Replace the first line that states such a value, or append one; a blank `line` takes all of them out."""
    lines = extra.split("\n") if extra else []
    if not line:
        return "\n".join(text for text in lines if not value_of_line(text))
    ours = next((position for position, text in enumerate(lines) if value_of_line(text)), len(lines))
    lines[ours : ours + 1] = [line]
    return "\n".join(lines)
