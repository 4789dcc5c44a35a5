"""Plans, results and the state of entries in words, for people and as JSON.

Everything from lists, sources and servers goes through `safe` or `cut` before it reaches a terminal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import click

from dmlsync.cli.text import count, cut, pad, safe, width_of, window, wrapped
from dmlsync.model import CITATION_KEY
from dmlsync.sync.actions import Action, Conflict, FieldChange, Kind, Note, Plan
from dmlsync.sync.apply import action_json
from dmlsync.sync.saved_plan import Moved

_SIGN: Mapping[Kind, tuple[str, str]] = {
    "collection": ("+", "green"),
    "create": ("+", "green"),
    "link": ("+", "green"),
    "update": ("~", "yellow"),
    "unlink": ("-", "red"),
    "uncollect": ("-", "red"),
    "trash": ("-", "red"),
    "pull": ("<", "cyan"),
    "adopt": ("<", "cyan"),
    "restore": ("~", "yellow"),
    "move": ("~", "yellow"),
}
NOUNS: Mapping[str, tuple[str, str]] = {
    "collection": ("new collection", "new collections"),
    "create": ("new item", "new items"),
    "link": ("new link", "new links"),
    "update": ("changed item", "changed items"),
    "unlink": ("link to the trash", "links to the trash"),
    "uncollect": ("item out of the collection", "items out of the collection"),
    "trash": ("item to the trash", "items to the trash"),
    "pull": ("change by a member in Zotero", "changes by members in Zotero"),
    "adopt": ("item added by a member in Zotero", "items added by members in Zotero"),
    "restore": ("entry of library.bib", "entries of library.bib"),
    "move": ("child of another item", "children of other items"),
}
_MOST_NEW = 12

_NOTE = {
    "trashed": "is in Zotero's trash: a member threw it out, it stays there",
    "deleted": "was deleted in Zotero for good: take its line out of the list (a push later, a new line makes it anew)",
    "taken out": "was taken out of the collection by a member: take its line out of the list, or file it again",
    "link removed": "has a link that a member removed: it stays removed",
    "merged": "has no item of its own any more: a member merged it into that of another work of the lists; restore it "
    "from Zotero's trash, or take one of the lines out of the list:",
    "duplicate": "is in the library more than once (`dmlsync merge` makes it one), also as",
    "key taken": "is the citation key of another paper in the library, and the work was not added: change a key:",
    "look-alike": "may be in the library already (same title, authors and year) and was not added: give that item this "
    "citation key or its DOI in Zotero if it is, another title if not:",
    "unlisted": "is on no list any more and kept in Zotero",
    "adopted": "is not on any list: a member added it to the collection; `pull` and `sync` take it into library.bib, "
    "`dmlsync add` with its key writes its line",
    "released": "left the collection again, where a member had put it: its entry in library.bib stays",
    "spared": "stays as it is:",
    "older": "Zotero is at an earlier state than at the last run, restored from a backup perhaps, or another library: "
    "every difference is a question now (`dmlsync review`):",
}

_WITH_DETAIL = ("merged", "duplicate", "key taken", "look-alike", "spared", "older")


def plan_json(plan: Plan) -> dict[str, Any]:
    """A plan as `--json` prints it."""
    return {
        "actions": [action_json(action) for action in plan.actions],
        "conflicts": [asdict(conflict) for conflict in plan.conflicts],
        "notes": [asdict(note) for note in plan.notes],
        "summary": plan.summary,
    }


def plan_lines(plan: Plan, verbose: int) -> Iterator[str]:
    """A plan as a person reads it: a line for each work with its changed fields below, then what cannot be decided.

    Of many new items only the first are shown: `-v` shows all, with every field.
    """
    collections = [action.title for action in plan.actions if action.kind == "collection"]
    if collections:
        what = count(len(collections), *NOUNS["collection"])
        yield f"  {click.style('+', fg='green')} {what}: {cut(', '.join(collections), window() - 30)}"
    created = [action for action in plan.actions if action.kind == "create"]
    shown = created if verbose > 0 or len(created) <= _MOST_NEW else created[: _MOST_NEW - 1]
    new_keys = {action.item_key for action in created}
    changed = [action for action in plan.actions if action.kind not in ("collection", "create")]
    changed = [action for action in changed if action.kind != "link" or action.item_key not in new_keys]
    changed.sort(key=lambda action: list(NOUNS).index(action.kind))
    columns = min(28, max((len(action.citation_key) for action in [*shown, *changed]), default=0))
    links = Counter(action.item_key for action in plan.actions if action.kind == "link")
    for action in shown:
        yield from _new_item_lines(action, links[action.item_key], columns, verbose)
    if len(shown) < len(created):
        yield f"    ... and {count(len(created) - len(shown), 'more new item')}"
    adopted = [action.item_key for action in changed if action.kind == "adopt"]
    hidden = set() if verbose > 0 or len(adopted) <= _MOST_NEW else set(adopted[_MOST_NEW - 1 :])
    for action in changed:
        if action.item_key in hidden:
            continue
        yield _heading(action, columns)
        if action.kind != "adopt" or verbose > 0:
            yield from (line for one in action.fields for line in change_lines(one, verbose))
    if hidden:
        yield f"    ... and {count(len(hidden), 'more item')} added by members"
    for conflict in plan.conflicts:
        yield from conflict_lines(conflict)
    for note in plan.notes:
        if note.item_key not in hidden:
            yield note_line(note)


def total(plan: Plan, new_records: int = 0) -> str:
    """The plan in one line, such as `76 new items, 89 new links`."""
    summary = plan.summary
    parts = [count(summary[kind], *nouns) for kind, nouns in NOUNS.items() if summary.get(kind)]
    return ", ".join([*parts, *([f"{count(new_records, 'record')} for library.bib"] if new_records else [])])


def _new_item_lines(action: Action, links: int, columns: int, verbose: int) -> Iterator[str]:
    """A new item: one line with its title and how many links it gets; with -v all its fields."""
    tail = f"  {count(links, 'link')}" if links else ""
    title = cut(action.title, window() - columns - 6 - len(tail))
    yield _line("create", action.citation_key, columns, title) + click.style(tail, dim=True)
    if verbose > 0:
        yield from (line for one in action.fields for line in change_lines(one, verbose))


def _heading(action: Action, columns: int) -> str:
    tail = (
        f"  {NOUNS[action.kind][0]}"
        if action.kind in ("unlink", "uncollect", "trash", "pull", "adopt", "restore", "move")
        else ""
    )
    title = cut(action.title, window() - columns - 6 - len(tail))
    return _line(action.kind, action.citation_key, columns, title) + click.style(tail, dim=True)


def _line(kind: Kind, citation_key: str, columns: int, title: str) -> str:
    sign, colour = _SIGN[kind]
    return f"  {click.style(sign, fg=colour)} {pad(cut(citation_key, columns), columns)}  {title}"


def change_lines(one: FieldChange, verbose: int) -> Iterator[str]:
    """One field before and after, on one line where that fits, else below each other; readable without colours.

    The words that are not on the other side stand out.
    """
    before, after = safe(one.before), safe(one.after)
    why = f"  ({safe(one.why)})" if one.why and verbose > 0 else ""
    tail = click.style(why, dim=True)
    marked_before, marked_after = _marked(before, after, "red"), _marked(after, before, "green")
    if not before or not after:
        change = marked_after if after else f"{marked_before} -> (none)"
        yield f"      {one.name}: {change}{tail}"
    elif len(one.name) + width_of(before) + width_of(after) + width_of(why) + 12 <= window():
        yield f"      {one.name}: {marked_before} -> {marked_after}{tail}"
    else:
        yield f"      {one.name}:{tail}"
        yield from _value_lines("-", before, after, "red")
        yield from _value_lines("+", after, before, "green")


def _value_lines(sign: str, value: str, other: str, colour: str) -> Iterator[str]:
    """One side of a change on as many lines as it takes."""
    for number, line in enumerate(wrapped(value, window() - 10)):
        yield f"        {click.style(' ' if number else sign, fg=colour)} {_marked(line, other, colour)}"


def _marked(value: str, other: str, colour: str) -> str:
    """A value in its colour, the words bold that the other side does not have."""
    there = set(other.split())
    words = (
        click.style(word, fg=colour, bold=(bool(other) and word not in there) or None) for word in value.split(" ")
    )
    return " ".join(words)


def conflict_lines(conflict: Conflict) -> Iterator[str]:
    """A conflict: both values, and who changed what."""
    sign = click.style("!", fg="magenta", bold=True)
    what = (
        "was changed" if conflict.field == CITATION_KEY else "was changed on both sides" if conflict.base else "differs"
    )
    yield f"  {sign} {safe(conflict.citation_key)}  {conflict.field} {what}, neither side is touched"
    yield f"      library.bib: {safe(conflict.local) or '(blank)'}"
    yield f"      Zotero:      {safe(conflict.remote) or '(blank)'}{last_changed(conflict)}"
    if conflict.base:
        yield f"      before:      {safe(conflict.base)}"


def last_changed(conflict: Conflict) -> str:
    """` (last changed by ada, 2026-05-31)`: who changed the item in Zotero, as far as it is known."""
    by = f" by {safe(conflict.changed_by)}" if conflict.changed_by else ""
    on = f", {safe(conflict.changed_on)}" if conflict.changed_on else ""
    return f" (last changed{by}{on})" if by or on else ""


def note_line(note: Note) -> str:
    """Something worth knowing, in one line."""
    detail = f" {safe(note.detail)}" if note.kind in _WITH_DETAIL else ""
    work = f"{safe(note.citation_key)}  " if note.citation_key else ""
    return f"  {click.style('i', fg='blue')} {work}{_NOTE[note.kind]}{detail}"


def moved_line(moved: Moved) -> str:
    """A work of a saved plan that is not as it was when the plan was made."""
    return f"  {click.style('i', fg='blue')} {safe(moved.citation_key)}  {moved.what}"
