"""A request to one library, as the handlers of routes get it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from dmlsync.sandbox.libraries import Library, version_of
from dmlsync.sandbox.messages import Request, Response
from dmlsync.sandbox.views import View


@dataclass(slots=True)
class Call:
    """A request to one library. `key` is what the path names; `in_vain` is set by a batch that failed altogether.

    `quota` is how many megabytes the user's files may take.
    """

    db: sqlite3.Connection
    request: Request
    library: Library
    view: View
    key: str = ""
    quota: int = 0
    in_vain: bool = False

    @property
    def version(self) -> int:
        """The library's present version."""
        return version_of(self.db, self.library)

    @property
    def unmodified_since(self) -> int | None:
        """The version of the library on which the request rests."""
        return self.request.number("If-Unmodified-Since-Version")

    @property
    def object_version(self) -> int | None:
        """The same header, where it is about one object."""
        return self.request.number("If-Unmodified-Since-Version", quoted=True)


Handler = Callable[[Call], Response]
