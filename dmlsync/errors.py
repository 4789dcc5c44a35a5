"""Everything dmlsync raises on purpose.

The tree::

    DmlsyncError
    ├── ConfigError          a setting, an option or a secret is wrong            exit code 2
    ├── FileError            a file of the project cannot be used
    │   ├── ListError        a reading list cannot be read at all
    │   ├── BibError         library.bib cannot be read or would be damaged
    │   ├── LockError        library.lock cannot be read
    │   └── FileChangedError a file changed between reading and writing it
    ├── SourceError          a source of records gave no usable answer
    │   ├── SourceUnavailableError  down, too slow, over its limit: ask again later
    │   └── SourceRefusedError      it will never answer this: a bad request, a bad key
    ├── LibraryError         the Zotero library gave no usable answer
    │   ├── LibraryUnavailableError not reachable, over its limit, in maintenance
    │   └── LibraryRefusedError     no such library, no permission, a bad key
    ├── GuardError           a run would remove too much, or rests on too little
    ├── BusyError            another run of this project is going on
    └── StoppedError         a person stopped a run on the way

Errors carry facts (`path`, `line`, `problem`, `remedy` ...). Only `dmlsync.cli` turns them into the one sentence
that a person reads; `str()` of an error is that same sentence for logs and tests.
"""

from __future__ import annotations

from pathlib import Path


class DmlsyncError(Exception):
    """Base of all errors that dmlsync raises on purpose.

    `problem` says what is wrong and where, `remedy` what a person can do; both are sentences without a full stop.
    """

    exit_code = 1

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.where()}{self.problem}{f': {self.remedy}' if self.remedy else ''}"

    def where(self) -> str:
        """The place that the sentence starts with, such as `lists/a.md:12: `; empty where there is none."""
        return ""


class ConfigError(DmlsyncError):
    """A setting, an option or a secret is missing or wrong; `setting` names it, `path` the file it stands in."""

    exit_code = 2

    def __init__(self, problem: str, remedy: str = "", *, path: Path | None = None, setting: str = "") -> None:
        super().__init__(problem, remedy)
        self.path = path
        self.setting = setting

    def where(self) -> str:
        """File and setting."""
        return "".join(f"{part}: " for part in (self.path, self.setting) if part)


class FileError(DmlsyncError):
    """A file of the project cannot be used; `line` counts from 1, None where the whole file is meant."""

    def __init__(self, path: Path, problem: str, remedy: str = "", *, line: int | None = None) -> None:
        super().__init__(problem, remedy)
        self.path = path
        self.line = line

    def where(self) -> str:
        """File and line."""
        return f"{self.path}:{self.line}: " if self.line else f"{self.path}: "


class ListError(FileError):
    """A reading list cannot be read at all: missing, not UTF-8, in an unfinished merge, without a single entry."""


class BibError(FileError):
    """library.bib cannot be read, or a change would damage it."""


class LockError(FileError):
    """library.lock cannot be read: no JSON, a newer format, a broken merge."""


class FileChangedError(FileError):
    """A file changed between the moment it was read and the moment it was to be replaced."""


class SourceError(DmlsyncError):
    """A source of records gave no usable answer; `source` is its name in the configuration."""

    def __init__(self, source: str, problem: str, remedy: str = "") -> None:
        super().__init__(problem, remedy)
        self.source = source

    def where(self) -> str:
        """The source."""
        return f"{self.source}: "


class SourceUnavailableError(SourceError):
    """The source is down, too slow or over its limit: the same question may succeed later."""


class SourceRefusedError(SourceError):
    """The source will never answer this question: a malformed request, a missing permission."""


class LibraryError(DmlsyncError):
    """The Zotero library gave no usable answer; `library` is its name, such as `groups/12`."""

    def __init__(self, library: str, problem: str, remedy: str = "") -> None:
        super().__init__(problem, remedy)
        self.library = library

    def where(self) -> str:
        """The library."""
        return f"{self.library}: "


class LibraryUnavailableError(LibraryError):
    """The server cannot be reached, is in maintenance, or kept asking for less."""


class LibraryRefusedError(LibraryError):
    """There is no such library, or the key may not do this."""


class GuardError(DmlsyncError):
    """A run was stopped because it would remove too much or rests on too little (DESIGN, guards)."""


class BusyError(DmlsyncError):
    """Another run of the same project is going on."""


class StoppedError(DmlsyncError):
    """A person stopped a run between two requests; what was done until then is written down."""

    def __init__(self) -> None:
        super().__init__("stopped by Ctrl-C", "what is done is recorded, and the next run does the rest")
