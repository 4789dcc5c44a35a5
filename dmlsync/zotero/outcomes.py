"""What a server's report on a batch means, change by change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dmlsync.sync.library import Change, Outcome
from dmlsync.zotero.items import Json, version_in

_GONE_OR_NEWER = frozenset({404, 412})


def outcomes_of(changes: Sequence[Change], report: Json) -> list[Outcome]:
    """One outcome per change, in their order, from the report on the batch that held just these changes."""
    return [_outcome(change, str(position), report) for position, change in enumerate(changes)]


def outcome_of_refusal(change: Change, status: int, words: str) -> Outcome:
    """The outcome where the server refused one object, or the batch around it, with this status.

    An object that is newer or gone is stale. So is one that the server failed at through no fault of the change (429,
    5xx): it was not written, and reading and deciding anew is just what is to be done.
    """
    if status in _GONE_OR_NEWER or status == 429 or status >= 500:
        return Outcome("stale", change.key, change.version, words)
    return Outcome("refused", change.key, change.version, words)


def successful(report: Json) -> list[Json]:
    """The envelopes of the objects that were written."""
    return [envelope for envelope in _part(report, "successful").values() if isinstance(envelope, Mapping)]


def has_unchanged(report: Json) -> bool:
    """Whether the report speaks of objects that were as they should be already."""
    return bool(_part(report, "unchanged"))


def mark_after(mark: int | None, library_version: int, versions: Iterable[int], *, gaps: bool) -> int | None:
    """The version up to which a mirror is whole after a write that gave objects these versions.

    It is the library's version if nobody else wrote in between: then our versions follow the old mark one by one, or,
    on servers that give one version to a whole request, are all the next one. `gaps` says that some of our own versions
    are unknown (of unchanged objects), so that a gap could be anyone's. Otherwise the mark stays.
    """
    ours = set(versions)
    if mark is None or gaps or library_version - mark != len(ours):
        return mark
    return library_version if ours == set(range(mark + 1, library_version + 1)) else mark


def _outcome(change: Change, position: str, report: Json) -> Outcome:
    if isinstance(envelope := _part(report, "successful").get(position), Mapping):
        return Outcome("written", change.key, version_in(envelope))
    if position in _part(report, "unchanged"):
        return Outcome("unchanged", change.key, change.version)
    failure = _part(report, "failed").get(position)
    if not isinstance(failure, Mapping):
        return Outcome("stale", change.key, change.version, "the server's report leaves it out")
    code = failure.get("code")
    words = " ".join(str(failure.get("message") or "").split())[:500]
    return outcome_of_refusal(change, code if isinstance(code, int) else 400, words)


def _part(report: Json, name: str) -> Json:
    """A member of the report by position; some servers write an empty one as a list."""
    part = report.get(name)
    return part if isinstance(part, Mapping) else {}
