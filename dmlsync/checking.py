"""Looking for problems in a project, and mending what is certain.

Apart from the links, which are looked at only when somebody asks for it, nothing outside of the project's files is
read: the Zotero library is the one that the last run saw.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dmlsync import files
from dmlsync.bib.read import records
from dmlsync.check.links import RULES as LINK_RULES
from dmlsync.check.links import check_links, links_of
from dmlsync.check.mend import mended
from dmlsync.check.problem import Problem, in_order
from dmlsync.check.rule import Checked
from dmlsync.check.rules import check, chosen
from dmlsync.model import Entry
from dmlsync.project import Project, Tell
from dmlsync.project_files import ProjectFiles
from dmlsync.project_library import ProjectLibrary
from dmlsync.resolve.engine import entry_key
from dmlsync.sync.catalog import Catalog
from dmlsync.sync.library import Snapshot
from dmlsync.sync.lock import Lock, Printed, Target
from dmlsync.text.edits import ChangedLine, changed_lines


@dataclass(frozen=True, slots=True)
class Fixed:
    """What mending came to: the problems that are gone, those that are left, and the lines that changed, by file."""

    mended: tuple[Problem, ...]
    left: tuple[Problem, ...]
    changes: Mapping[Path, tuple[ChangedLine, ...]]


def problems_of(
    project: Project,
    *,
    only: Collection[str] = (),
    ignored: Collection[str] = (),
    links: bool = False,
    tell: Tell,
) -> tuple[Problem, ...]:
    """What the rules find in a project; see `dmlsync.check.rules.chosen`. Writes nothing.

    With `links`, the problems behind the links, too. Raises what `Project.read` raises.
    """
    on_disk = project.read()
    catalog = project.catalog(on_disk, ask=False)
    found = check(_checked(project, on_disk, catalog), chosen(only, ignored))
    return in_order([*found, *_behind_links(project, on_disk, catalog, only, ignored, tell)]) if links else found


def fix(
    project: Project,
    *,
    only: Collection[str] = (),
    ignored: Collection[str] = (),
    links: bool = False,
    tell: Tell,
) -> Fixed:
    """Mend what is certain in lists and library.bib, and tell what is left.

    The lock learns what the mended lines print now, so that they stay linked to their works. Raises
    FileChangedError, with nothing written, where a person saved one of the files in the meantime.
    """
    rules = chosen(only, ignored)
    with project.alone():
        on_disk = project.read()
        catalog = project.catalog(on_disk, ask=False)
        before = _checked(project, on_disk, catalog)
        done = mended(before, rules)
        after = done.checked
        if done.problems:
            _write(on_disk, before, after)
    left = check(after, rules)
    if links:
        now = replace(on_disk, lists=after.lists)
        left = in_order([*left, *_behind_links(project, now, catalog, only, ignored, tell)])
    return Fixed(done.problems, left, _changes(before, after))


def _write(on_disk: ProjectFiles, before: Checked, after: Checked) -> None:
    """The lists, then library.bib and the lock; all of them are looked at before the first is written."""
    on_disk.check_unchanged()
    lists = [
        (old.path, old.text.encode(), new.text.encode()) for old, new in zip(before.lists, after.lists, strict=True)
    ]
    for path, old, _ in lists:
        files.check(path, expected=old)
    for path, old, new in lists:
        files.replace(path, new, expected=old)
    pairs = _pairs(before, after)
    known = [(old, new) for old, new in pairs if Printed.of(old) != Printed.of(new)]
    same = {Printed.of(new) for _, new in pairs}
    document = after.document if after.document.data != before.document.data else on_disk.document
    on_disk.write(document, _followed(on_disk.lock, known, same), on_disk.target_lock)


def _pairs(before: Checked, after: Checked) -> list[tuple[Entry, Entry]]:
    """The entries of the same lines before and after; mending moves none."""
    now = {(one.name, entry.line): entry for one in after.lists for entry in one.entries}
    pairs = ((entry, now.get((one.name, entry.line))) for one in before.lists for entry in one.entries)
    return [(old, new) for old, new in pairs if new is not None]


def _followed(lock: Lock, known: list[tuple[Entry, Entry]], same: set[Printed]) -> Lock:
    """The lock with lines known by what they print now; questions and answers about them go along.

    `same` is what lines print now: another line may still print what a mended one did.
    """
    if not known:
        return lock
    printed = {Printed.of(old): Printed.of(new) for old, new in known}
    asked = {entry_key(old): entry_key(new) for old, new in known}
    works = {
        # A record that was made of its line alone follows the line, as after an edit by hand.
        key: work if work.is_minimal else replace(work, entries=_lines_now(work.entries, printed, same))
        for key, work in lock.works.items()
    }
    reviews = tuple(replace(one, printed=printed.get(one.printed, one.printed)) for one in lock.reviews)
    answers = {asked.get(name, name): answer for name, answer in lock.answers.items()}
    return replace(lock, works=works, reviews=reviews, answers=answers)


def _lines_now(
    entries: tuple[Printed, ...], printed: Mapping[Printed, Printed], same: set[Printed]
) -> tuple[Printed, ...]:
    kept = {one for one in entries if one not in printed or one in same}
    return tuple(sorted(kept | {printed[one] for one in entries if one in printed}))


def _changes(before: Checked, after: Checked) -> Mapping[Path, tuple[ChangedLine, ...]]:
    pairs = [(old.path, old.text, new.text) for old, new in zip(before.lists, after.lists, strict=True)]
    pairs.append((before.bib, before.document.text, after.document.text))
    return {path: tuple(changed_lines(old, new)) for path, old, new in pairs if old != new}


def _checked(project: Project, on_disk: ProjectFiles, catalog: Catalog) -> Checked:
    """The files, the works that their entries name, and the library as it was last read."""
    config = project.config
    snapshot = ProjectLibrary(config).remembered()
    return Checked(
        lists=on_disk.lists,
        bib=config.bib.path,
        document=on_disk.document,
        dialect=config.bib.dialect,
        keys={(one.entry.list_name, one.entry.line): one.citation_key for one in catalog.entries},
        records={**records(on_disk.document), **catalog.records},
        works=catalog.works,
        snapshot=snapshot,
        target=project.remembered_target(on_disk),
        collections=_collections(on_disk.target, snapshot),
        config=config.path,
    )


def _collections(target: Target, snapshot: Snapshot | None) -> frozenset[str]:
    """The keys of the project's collections that are still there."""
    known = snapshot.collections if snapshot else {}
    return frozenset(key for key in target.collections.values() if key in known and not known[key].trashed)


def _behind_links(
    project: Project,
    on_disk: ProjectFiles,
    catalog: Catalog,
    only: Collection[str],
    ignored: Collection[str],
    tell: Tell,
) -> tuple[Problem, ...]:
    """The problems behind the links of the lists and the PDFs of their works."""
    from dmlsync import sources
    from dmlsync.sources.peek import Peeker

    wanted = {one.id for one in LINK_RULES} & {one.id for one in chosen(only, ignored)}
    if not wanted:
        return ()
    pdfs = {one.citation_key: one.pdf for one in catalog.listed()}
    of_line = {(one.entry.list_name, one.entry.line): pdfs.get(one.citation_key, "") for one in catalog.entries}
    found = list(links_of(on_disk.lists, lambda name, line: of_line.get((name, line), "")))
    config = project.config
    with Peeker(sources.endpoints(("pages",), config.sources), mailto=config.resolve.mailto) as peeker:
        problems = check_links(found, peeker.peek, lambda done, total: tell("Links", done, total))
    return tuple(one for one in problems if one.rule in wanted)
