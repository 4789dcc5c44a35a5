"""Where new entries go among the blocks of a .bib file, and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from dmlsync.bib.scan import Block

_ATTACHED = re.compile(r"(?:\r?\n[ \t]*+){2,}+(?=\S)")


def inserted(blocks: Sequence[Block], new: Iterable[Block]) -> list[Block]:
    """The blocks with new entries: each in its place if all entries stand in the order of their keys, else at the end.

    New entries stand apart like those of the file. The old blocks keep their order and their text.
    """
    separator = _separator(blocks)
    found, rest = _with_successors(blocks, list(new), separator)
    gap = _gap_at_end("".join(block.text for block in found[-2:]), separator, line_end(blocks))
    for entry in rest:
        found += [*text_block(gap), entry]
        gap = separator if "\n" in separator else line_end(blocks)
    return [*found, *text_block(line_end(blocks))] if rest else found


def text_block(text: str) -> list[Block]:
    """A stretch of text between entries as blocks: one, or none if there is no text."""
    return [Block("text", text)] if text else []


def line_end(blocks: Iterable[Block]) -> str:
    """How the first line of a file ends."""
    first = next((block.text for block in blocks if "\n" in block.text), "\n")
    return "\r\n" if first[: first.index("\n") + 1].endswith("\r\n") else "\n"


def _with_successors(blocks: Sequence[Block], new: list[Block], separator: str) -> tuple[list[Block], list[Block]]:
    """The blocks with each new entry before the first whose key follows, and the entries that belong at the end."""
    keys = [block.key.lower() for block in blocks if block.kind == "entry"]
    if any(first > second for first, second in pairwise(keys)):
        return list(blocks), new
    waiting = sorted(new, key=lambda entry: entry.key.lower(), reverse=True)
    found = list[Block]()
    for block in blocks:
        due = list[Block]()
        while block.kind == "entry" and waiting and waiting[-1].key.lower() < block.key.lower():
            due.append(waiting.pop())
        if due:
            before = found.pop().text if found and found[-1].kind == "text" else ""
            # A comment right above an entry stays with it.
            cut = max((match.end() for match in _ATTACHED.finditer(before)), default=len(before))
            found += text_block(before[:cut])
            for entry in due[:-1]:
                found += [entry, *text_block(separator)]
            # ... and needs a blank line above, or it would be the other entry's the next time.
            gap = separator if cut == len(before) or separator.count("\n") > 1 else line_end(blocks) * 2
            found += [due[-1], *text_block(gap + before[cut:])]
        found.append(block)
    return found, waiting[::-1]


def _separator(blocks: Sequence[Block]) -> str:
    """What stands between two entries: that between the last two of the file, if it is only blanks."""
    for at in range(len(blocks) - 1, 1, -1):
        kinds = (blocks[at - 2].kind, blocks[at - 1].kind, blocks[at].kind)
        if kinds == ("entry", "text", "entry") and not blocks[at - 1].text.strip():
            return blocks[at - 1].text
    return line_end(blocks) * 2


def _gap_at_end(tail: str, separator: str, newline: str) -> str:
    """What must follow the file's last characters so that a new entry stands apart like the others."""
    if not tail.strip("\ufeff"):
        return ""
    ending = tail[len(tail.rstrip()) :]
    if "\n" not in ending:
        return separator if "\n" in separator else newline
    missing = separator.count("\n") - ending.count("\n")
    return newline * max(missing, 0)
