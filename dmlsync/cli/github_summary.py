"""What a command on GitHub came to, in Markdown for the summary of a job.

Titles and values come from lists and from Zotero: they are shown letter by letter, so that none becomes a link, an
image, a mention or a piece of HTML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dmlsync.cli.text import count, safe
from dmlsync.cli.words import NOUNS

_MOST_ROWS = 200
_MOST_CHARACTERS = 300
_PLAIN = frozenset(" ,;?()/'\"-%+=")
_SEVERITIES = ("error", "warning", "info")
_WAITING = ("review", "pending", "unresolved")
Json = Mapping[str, Any]


def shown(text: str) -> str:
    """Text that Markdown shows as it stands: every sign that could mean something is written as its number."""
    line = " ".join(safe(text).split())
    line = line if len(line) <= _MOST_CHARACTERS else f"{line[: _MOST_CHARACTERS - 1]}…"
    return "".join(
        sign if sign.isalnum() or sign in _PLAIN or not sign.isascii() else f"&#{ord(sign)};" for sign in line
    )


def headline(command: str, answer: Json) -> str:
    """The answer in one line, such as `2 errors, 1 warning` or `3 new items; 7 objects written in 2 requests`."""
    if command == "check":
        problems = answer["problems"]
        numbers = ((sum(one["severity"] == name for one in problems), name) for name in _SEVERITIES)
        told = [count(number, name) for number, name in numbers if number]
        return ", ".join(told) or "no problems"
    actions = [count(number, *NOUNS.get(kind, (kind, kind))) for kind, number in answer["summary"].items()]
    parts = [", ".join(actions) or "nothing to do"]
    if answer.get("run"):
        written = count(answer["outcomes"]["written"], "object")
        parts.append(f"{written} written in {count(answer['requests'], 'request')}")
    return "; ".join(parts)


def waiting_line(answer: Json | None, entries: Sequence[Json]) -> str:
    """What waits for a person, such as `1 conflict, 2 entries`; the entries are all as `status` has them."""
    conflicts = len(answer.get("conflicts", ())) if answer else 0
    waiting = sum(one["state"] in _WAITING for one in entries)
    told = [count(conflicts, "conflict")] if conflicts else []
    told += [count(waiting, "entry", "entries")] if waiting else []
    return ", ".join(told) or "a line or a note in the summary"


def summary(command: str, answer: Json | None, entries: Sequence[Json], errors: str) -> str:
    """The whole summary: the headline, what was or would be done, what waits for a person, what went wrong."""
    lines = [f"### dmlsync {shown(command)}", ""]
    if answer is not None:
        lines += [shown(headline(command, answer)), ""]
        lines += _problems(answer["problems"]) if command == "check" else _plan(answer)
    lines += _entries(entries)
    if errors.strip():
        lines += [*(f"> {shown(line)}  " for line in errors.strip().splitlines()[-20:]), ""]
    return "\n".join(lines) + "\n"


def _problems(problems: Sequence[Json]) -> Iterator[str]:
    ordered = sorted(problems, key=lambda one: _SEVERITIES.index(one["severity"]))
    rows = ((one["severity"], f"{one['file']}:{one['line']}", one["message"], one["rule"]) for one in ordered)
    yield from _table(("", "where", "what", "rule"), list(rows))


def _plan(answer: Json) -> Iterator[str]:
    """Conflicts first: they wait for somebody."""
    yield from _table(
        ("conflict", "field", "library.bib", "Zotero", "before", "last changed by"),
        [
            tuple(one[name] for name in ("citation_key", "field", "local", "remote", "base", "changed_by"))
            for one in answer["conflicts"]
        ],
    )
    new = {one["item_key"] for one in answer["actions"] if one["kind"] == "create"}
    done = [one for one in answer["actions"] if one["kind"] != "link" or one["item_key"] not in new]
    yield from _table(("what", "work", "title", "fields"), [_action(one) for one in done])
    notes = ((one["citation_key"], one["kind"], one["detail"]) for one in answer["notes"])
    yield from _table(("note on", "", ""), list(notes))


def _action(one: Json) -> tuple[str, ...]:
    """An action; of a new item the fields say nothing that its title does not."""
    kind = str(one["kind"])
    changes = () if kind in ("create", "collection", "adopt") else one["fields"]
    told = "; ".join(f"{change['name']}: {change['before'] or '∅'} → {change['after'] or '∅'}" for change in changes)
    return NOUNS.get(kind, (kind, kind))[0], one["citation_key"], one["title"], told


def _entries(entries: Sequence[Json]) -> Iterator[str]:
    waiting = [one for one in entries if one["state"] in _WAITING]
    yield from _table(
        ("waits", "entry", "title"),
        [(one["state"], f"{one['list']}:{one['line']}", one["title"]) for one in waiting],
    )


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """A table, or nothing where it would be empty; a very long one is cut."""
    if not rows:
        return
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(shown(str(cell)) for cell in row)} |" for row in rows[:_MOST_ROWS])
    yield ""
    if len(rows) > _MOST_ROWS:
        yield f"... and {len(rows) - _MOST_ROWS} more"
        yield ""
