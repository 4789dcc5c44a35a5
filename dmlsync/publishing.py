"""The browsable page of a project, written into a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dmlsync import files
from dmlsync.errors import FileError
from dmlsync.project import Project
from dmlsync.site.page import MADE_BY, render
from dmlsync.site.works import page_library

_START = 4096  # bytes of a page among which its maker is named


@dataclass(frozen=True, slots=True)
class Published:
    """What was written: the page's path and size in bytes, and how many works it shows.

    `without_record` counts those of which only the list's line is known, `changed` tells whether the page is another
    than the one that was there.
    """

    path: Path
    works: int
    size: int
    without_record: int
    changed: bool


def publish(project: Project, folder: Path, *, title: str = "", force: bool = False) -> Published:
    """Write the page of a project's works into a folder, which is made where it is missing; no source is asked.

    Without a `title` the page has the name of the Zotero collection. Raises FileError where the folder holds an
    `index.html` that dmlsync did not make, unless `force`.
    """
    path = folder / "index.html"
    before = _page_there(folder, path, force=force)
    on_disk = project.read()
    catalog = project.catalog(on_disk, ask=False)
    library = page_library(title or project.config.zotero.collection[-1], on_disk.lists, catalog, on_disk.document)
    page = render(library)
    changed = files.replace(path, page, expected=before)
    _keep_from_jekyll(folder)
    without = sum(not work.key for work in library.works)
    return Published(path, len(library.works), len(page), without, changed)


def _page_there(folder: Path, path: Path, *, force: bool) -> bytes | None:
    """The page that is there; FileError where it is none of ours and nobody said that it may go."""
    if folder.exists() and not folder.is_dir():
        raise FileError(folder, "is no folder", "name a folder for the page")
    data = files.read_or_none(path)
    if data and not force and MADE_BY.encode() not in data[:_START]:
        raise FileError(path, "was not made by dmlsync", "name another folder, or add --force to replace it")
    return data


def _keep_from_jekyll(folder: Path) -> None:
    """GitHub Pages serves a folder as it is where this file lies in it."""
    marker = folder / ".nojekyll"
    if not marker.exists():
        files.replace(marker, b"", expected=None)
