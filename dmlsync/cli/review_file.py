"""Open questions as a file to edit: TOML with an `answer` to fill in, and the reasons as comments.

What is asked stands in the file itself (the candidates' names, both values of a conflict), so that an answer to a
question that has changed since is noticed instead of being taken for an answer to another one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmlsync import files
from dmlsync.cli.conflicts import SIDES, remedy_of
from dmlsync.cli.entries import place_of_entry
from dmlsync.cli.questions import chosen_candidate, gone_candidates, named_identifier
from dmlsync.cli.text import safe
from dmlsync.cli.words import last_changed
from dmlsync.errors import FileError
from dmlsync.new_project.config_text import quoted
from dmlsync.resolve.engine import entry_key
from dmlsync.resolve.evidence import Answer
from dmlsync.sync.actions import Conflict
from dmlsync.sync.choices import Side, possible_sides
from dmlsync.sync.reviews import Offered, accepted, rejected

if TYPE_CHECKING:
    from dmlsync.sync.catalog import CatalogEntry
    from dmlsync.sync.lock import OpenReview

    Questions = Sequence[tuple[CatalogEntry, OpenReview]]

_HEAD = """\
# What waits for you. Fill in the answers, leave blank what is to be asked again, and give the file back:
#
#     dmlsync review --apply FILE
#
# Answers to a question: 1 (that candidate is the paper), n 1 (it is not), 0 (none of these), or the paper's DOI,
# arXiv id or address. Answers to a conflict: b (the value in library.bib holds) or z (the one in Zotero).
"""


def questions_text(questions: Questions, conflicts: Sequence[Conflict]) -> str:
    """The content of the file."""
    parts = [_HEAD]
    parts += ["\n".join(_question_lines(one, review.candidates)) for one, review in questions]
    parts += ["\n".join(_conflict_lines(one)) for one in conflicts]
    return "\n".join(parts) + "\n"


def _question_lines(one: CatalogEntry, candidates: Sequence[Offered]) -> Iterator[str]:
    entry = one.entry
    yield "[[question]]"
    yield f"entry = {quoted(place_of_entry(one))}"
    yield f"title = {quoted(entry.title)}"
    said = (entry.authors, entry.venue, str(entry.year or ""))
    yield _comment(f"the list: {'; '.join(part for part in said if part) or 'nothing else'}")
    for place, candidate in enumerate(candidates, start=1):
        authors = ", ".join(str(author) for author in candidate.get("authors") or ())
        facts = (authors, str(candidate.get("venue") or ""), str(candidate.get("year") or ""), str(candidate["name"]))
        yield _comment(f"{place} {candidate['source']}: {candidate.get('title') or ''}")
        yield _comment(f"{'; '.join(fact for fact in facts if fact)}")
        yield _comment(f"{'; '.join(str(reason) for reason in candidate['reasons'])}")
    yield f"candidates = [{', '.join(quoted(str(candidate['name'])) for candidate in candidates)}]"
    yield 'answer = ""'
    yield ""


def _conflict_lines(conflict: Conflict) -> Iterator[str]:
    yield "[[conflict]]"
    yield f"citation_key = {quoted(conflict.citation_key)}"
    yield f"field = {quoted(conflict.field)}"
    yield f"library_bib = {quoted(conflict.local)}"
    yield f"zotero = {quoted(conflict.remote)}"
    if conflict.base:
        yield _comment(f"before: {conflict.base}")
    if changed := last_changed(conflict):
        yield _comment(f"in Zotero{changed}")
    if remedy := remedy_of(conflict):
        yield _comment(remedy)
    yield 'answer = ""'
    yield ""


def _comment(text: str) -> str:
    return "# " + " ".join(safe(text).split())


def answers_in(
    path: Path, questions: Questions, conflicts: Sequence[Conflict], known: Mapping[str, Answer]
) -> tuple[dict[str, Answer], list[tuple[Conflict, Side]]]:
    """The answers in a file, by `entry_key`, and the sides chosen in conflicts.

    Raises FileError for anything that is no answer, or one to a question that is not open any more; `known` are the
    answers given before.
    """
    content = _content(path)
    by_place = {place_of_entry(one): (one, review.candidates) for one, review in questions}
    answers: dict[str, Answer] = {}
    for asked in content.get("question", []):
        if typed := _typed(path, asked):
            place, names = str(asked.get("entry", "")), asked.get("candidates", [])
            found = by_place.get(place)
            if found is None or found[0].entry.title != asked.get("title") or names != _names(found[1]):
                raise _refused(path, place, "is not open like this any more", "write the questions anew with -o")
            key = entry_key(found[0].entry)
            answer = _answer(typed, known.get(key, Answer()), found[1])
            if answer is None:
                raise _refused(path, place, f"{typed!r} is no answer", "the file's head tells what is")
            answers[key] = answer
    by_field = {(one.citation_key, one.field): one for one in conflicts}
    chosen = [
        _chosen(path, asked, typed, by_field) for asked in content.get("conflict", []) if (typed := _typed(path, asked))
    ]
    return answers, chosen


def _content(path: Path) -> Mapping[str, Any]:
    data = files.read_or_none(path)
    if data is None:
        raise FileError(path, "there is no such file", "write one with dmlsync review -o")
    try:
        content = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise FileError(path, f"is no TOML ({error})", "put every answer between quotation marks") from None
    if not all(isinstance(one, dict) for name in ("question", "conflict") for one in _listed(content.get(name, []))):
        raise FileError(path, "does not have the form of a review", "write it anew with dmlsync review -o")
    return content


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [None]


def _typed(path: Path, asked: Mapping[str, Any]) -> str:
    typed = asked.get("answer", "")
    if not isinstance(typed, str | int):
        raise FileError(path, f"{typed!r} is no answer", "the file's head tells what is")
    return str(typed).strip()


def _names(candidates: Sequence[Offered]) -> list[str]:
    return [str(candidate["name"]) for candidate in candidates]


def _answer(typed: str, before: Answer, candidates: Sequence[Offered]) -> Answer | None:
    """What was typed as an answer, None where it is none."""
    if candidate := chosen_candidate(typed, candidates):
        return accepted(before, candidate)
    if gone := gone_candidates(typed, candidates):
        return rejected(before, gone)
    named = named_identifier(typed)
    return Answer(named, before.rejected - {named}) if named else None


def _chosen(
    path: Path, asked: Mapping[str, Any], typed: str, by_field: Mapping[tuple[str, str], Conflict]
) -> tuple[Conflict, Side]:
    key, field = str(asked.get("citation_key", "")), str(asked.get("field", ""))
    conflict = by_field.get((key, field))
    if conflict is None or (asked.get("library_bib"), asked.get("zotero")) != (conflict.local, conflict.remote):
        raise _refused(path, f"{key} {field}", "is not open like this any more", "write the questions anew with -o")
    side = SIDES.get(typed)
    if side is None or side not in possible_sides(conflict):
        what = remedy_of(conflict) or "the file's head tells what is"
        raise _refused(path, f"{key} {field}", f"{typed!r} is no answer", what)
    return conflict, side


def _refused(path: Path, what: str, problem: str, remedy: str) -> FileError:
    return FileError(path, f"{what}: {problem}; nothing was kept", remedy)
