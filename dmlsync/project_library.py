"""The Zotero library of a configuration: the way to it, its copy as last read, and the sandbox in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dmlsync.config import SANDBOX, Config
from dmlsync.credentials import api_key
from dmlsync.project_files import make_state_folder

if TYPE_CHECKING:
    import httpx2

    from dmlsync.sync.library import Snapshot
    from dmlsync.zotero.library import ZoteroLibrary
    from dmlsync.zotero.mirror import Mirror

SANDBOX_ENDPOINT = "http://sandbox.invalid"
Wrap = Callable[["httpx2.BaseTransport"], "httpx2.BaseTransport"]


class ProjectLibrary:
    """Opens the library that a configuration names; `wrap` may put a transport around the library's own."""

    def __init__(self, config: Config, wrap: Wrap | None = None) -> None:
        self._config = config
        self._wrap = wrap or (lambda transport: transport)

    @property
    def is_sandbox(self) -> bool:
        """Whether it is the embedded library."""
        return self._config.zotero.library == SANDBOX

    @property
    def sandbox_path(self) -> Path:
        """The file of the embedded library."""
        return self._config.state / "sandbox.sqlite"

    @property
    def name(self) -> str:
        """The library's name on its server, such as `groups/1234567`."""
        return _sandbox_group() if self.is_sandbox else self._config.zotero.library

    @property
    def endpoint(self) -> str:
        """The address of its server."""
        return SANDBOX_ENDPOINT if self.is_sandbox else self._config.zotero.endpoint

    @contextmanager
    def opened(self) -> Iterator[ZoteroLibrary]:
        """The library, ready to be read and written. Raises ConfigError without a key."""
        import httpx2

        from dmlsync.proxies import ProxyTransport
        from dmlsync.zotero.library import ZoteroLibrary

        make_state_folder(self._config)
        if not self.is_sandbox:
            transport = self._wrap(ProxyTransport())
            with ZoteroLibrary(self.name, self.endpoint, api_key(self._config), self._mirror(), transport) as library:
                yield library
            return
        from dmlsync.sandbox import open_sandbox

        with open_sandbox(self.sandbox_path) as sandbox:
            transport = self._wrap(httpx2.WSGITransport(app=sandbox.app))
            with ZoteroLibrary(self.name, self.endpoint, sandbox.key, self._mirror(), transport) as library:
                yield library

    def remembered(self) -> Snapshot | None:
        """The library as it was last read, None where it was not; asks nobody."""
        from dmlsync.zotero.remembered import remembered

        return remembered(self._mirror(), self.endpoint, self.name) if self._config.state.is_dir() else None

    def forget(self) -> None:
        """Forget the library as it was last read: it is read in full again."""
        from dmlsync.zotero.mirror import mirrored_as

        self._mirror().forget(mirrored_as(self.endpoint, self.name))

    def reset_sandbox(self) -> None:
        """Throw the embedded library away, and all that is remembered of it."""
        from dmlsync.sandbox import remove_sandbox
        from dmlsync.zotero.mirror import mirrored_as

        self._mirror().forget(mirrored_as(SANDBOX_ENDPOINT, _sandbox_group()))
        remove_sandbox(self.sandbox_path)
        self._config.sandbox_lock_path.unlink(missing_ok=True)

    def _mirror(self) -> Mirror:
        from dmlsync.zotero.mirror import Mirror

        return Mirror(self._config.state / "mirror.sqlite")


def _sandbox_group() -> str:
    """The name of the embedded library."""
    from dmlsync.sandbox.libraries import FIRST_GROUP

    return f"groups/{FIRST_GROUP}"
