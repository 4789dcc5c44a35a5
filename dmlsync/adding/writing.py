"""Writing a paper's line into a list, and linking it to its work.

The list is written first. A kill behind that leaves a line that the next run resolves like any other new one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dmlsync import files
from dmlsync.adding.duplicates import lines_of
from dmlsync.adding.lookup import Paper, Tell, silent
from dmlsync.adding.wording import entry_of
from dmlsync.errors import ConfigError
from dmlsync.project_files import ProjectFiles
from dmlsync.readinglist import ReadingList
from dmlsync.readinglist.edit import Insertion, with_entry
from dmlsync.resolve.engine import entry_key
from dmlsync.resolve.evidence import Answer
from dmlsync.sync.catalog import Catalog, CatalogEntry
from dmlsync.sync.lock import Printed, WorkState

if TYPE_CHECKING:
    from dmlsync.project import Project


@dataclass(frozen=True, slots=True)
class Draft:
    """A line that is about to be written: the list, the paper, the list with the line in it.

    `elsewhere` are the lines of other lists that name the paper, too.
    """

    reading_list: ReadingList
    paper: Paper
    insertion: Insertion
    elsewhere: tuple[CatalogEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The lines of the list that name the paper already."""

    lines: tuple[CatalogEntry, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a line: `entry` is where it stands now, `resolved` whether its record is in library.bib."""

    entry: CatalogEntry
    resolved: bool


def list_named(on_disk: ProjectFiles, name: str) -> ReadingList:
    """The list of that name or file; without one the only list. Raises ConfigError with the lists that there are."""
    here = Path(name).absolute()
    found = [one for one in on_disk.lists if name in ("", one.name, one.path.name) or one.path == here]
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.name for one in on_disk.lists)
    problem = f"there is no list called {name!r}" if name else "there are several lists"
    raise ConfigError(problem, f"name one with --list: {names}")


def draft(catalog: Catalog, reading_list: ReadingList, paper: Paper, section: str = "") -> Draft | Duplicate:
    """The line that the list would get, or the lines that it has for this paper. Raises ListError."""
    lines = lines_of(catalog, paper)
    own = tuple(one for one in lines if one.entry.list_name == reading_list.name)
    if own:
        return Duplicate(own)
    others = [one.entry for one in catalog.entries if one.entry.list_name != reading_list.name]
    new = entry_of(paper, reading_list.entries, others, [one.entry for one in lines])
    insertion = with_entry(reading_list, new, section)
    return Draft(reading_list, paper, insertion, lines)


def write(project: Project, on_disk: ProjectFiles, draft: Draft, tell: Tell = silent) -> Written:
    """Write the line; then link it to the work it is, or resolve it into one. Raises FileChangedError, FileError.

    A work that library.bib has keeps its key, so that its item in Zotero is found again.
    """
    entry, paper = draft.insertion.entry, draft.paper
    before, after = (text.encode("utf-8") for text in (draft.reading_list.text, draft.insertion.text))
    on_disk.check_unchanged()
    files.replace(draft.reading_list.path, after, expected=before)
    if paper.citation_key:
        _link(on_disk, Printed.of(entry), paper.citation_key)
    elif paper.accepted and not _is_found_without(project, draft):
        project.answer({entry_key(entry): Answer(accepted=paper.accepted)})
    _, catalog = project.resolve(lambda one: False, tell)
    place = (entry.list_name, entry.line)
    standing = next(one for one in catalog.entries if (one.entry.list_name, one.entry.line) == place)
    return Written(standing, standing.standing == "known")


def _link(on_disk: ProjectFiles, printed: Printed, key: str) -> None:
    """Remember that a line names a work: the lines of a list may say too little to be sure of it."""
    work = on_disk.lock.works.get(key, WorkState())
    works = {**on_disk.lock.works, key: replace(work, entries=tuple(sorted({*work.entries, printed})))}
    on_disk.write(on_disk.document, *on_disk.locks_with(works=works))


def _is_found_without(project: Project, draft: Draft) -> bool:
    """Whether the line alone leads to the same paper: then no answer of a person has to be kept for it."""
    found = project.consult(draft.insertion.entry, Answer())
    ours = draft.paper.identifiers
    return found.state == "resolved" and not set(found.identifiers.names).isdisjoint(ours.names)
