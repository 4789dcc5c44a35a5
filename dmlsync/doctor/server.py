"""Checks of the key, the Zotero server and the library."""

from __future__ import annotations

from dmlsync.credentials import VARIABLE, other_keys
from dmlsync.doctor.finding import Finding, failed, ok, warning
from dmlsync.doctor.scene import Scene
from dmlsync.errors import ConfigError, DmlsyncError, LibraryError
from dmlsync.sync.library import Snapshot
from dmlsync.zotero.access import account_of

_SANDBOX = "the sandbox needs none"
_UNMADE = "the sandbox is made by the first push"
_CLOCK_SECONDS = 300
_API_VERSION = "3"


def key(scene: Scene) -> Finding:
    """Whether there is an API key, and where it comes from."""
    if scene.is_sandbox:
        return ok(_SANDBOX)
    try:
        return ok(f"the key comes from {scene.key.place}")
    except ConfigError as error:
        return failed(f"{error.where()}{error.problem}", error.remedy)


def key_copies(scene: Scene) -> Finding:
    """Whether keys are kept in two places that do not agree."""
    if scene.is_sandbox:
        return ok(_SANDBOX)
    others = [one.place for one in other_keys(scene.config) if one.key != scene.key.key]
    if others:
        what = f"{scene.key.place} and {others[0]} hold different keys: that of {scene.key.place} is used"
        return warning(what, f"unset {VARIABLE}, or run dmlsync init --force to keep the right one in the keyring")
    return ok(f"one key, from {scene.key.place}")


def server(scene: Scene) -> Finding:
    """Whether the server answers, as a Zotero server of the right version does."""
    if scene.is_sandbox:
        return ok("the sandbox is a file: no server is asked")
    endpoint = scene.config.zotero.endpoint
    try:
        version = scene.greeting.api_version
    except LibraryError as error:
        return failed(f"{error.where()}{error.problem}", error.remedy)
    if version and version != _API_VERSION:
        what = f"{endpoint} speaks version {version} of the API, and dmlsync version {_API_VERSION}"
        return failed(what, "set endpoint under [zotero] to a server of that version")
    return ok(f"{endpoint} answers")


def clock(scene: Scene) -> Finding:
    """Whether this machine's clock goes right."""
    apart = None if scene.is_sandbox else scene.greeting.clock
    if apart is not None and abs(apart) > _CLOCK_SECONDS:
        way = "behind" if apart > 0 else "ahead of"
        what = f"this machine's clock is {abs(apart) / 60:.0f} minutes {way} the server's"
        return warning(what, "set it right: certificates and pauses that servers ask for depend on it")
    return ok("the clock goes right" if apart is not None else "no clock to compare with")


def account(scene: Scene) -> Finding:
    """Whether the server knows the key."""
    if scene.is_sandbox:
        return ok(_SANDBOX)
    try:
        found = account_of(scene.config.zotero.endpoint, scene.key.key)
    except LibraryError as error:
        return failed(f"{error.where()}{error.problem}", error.remedy)
    return ok(f"the key is that of {found.user or 'a user without a name'}")


def library(scene: Scene) -> Finding:
    """Whether the library is there and may be read."""
    return _access(scene, write=False)


def may_write(scene: Scene) -> Finding:
    """Whether the key may write to the library."""
    return _access(scene, write=True)


def _access(scene: Scene, *, write: bool) -> Finding:
    name = scene.config.zotero.library
    if _is_unmade(scene):
        return ok(_UNMADE)
    try:
        with scene.project.library() as found:
            access = found.check_access(write=write)
    except DmlsyncError as error:
        return failed(f"{error.where()}{error.problem}", error.remedy)
    title = f" ({access.group})" if access.group and not scene.is_sandbox else ""
    return ok(f"{name}{title} may be {'written' if write else 'read'}")


def collection(scene: Scene) -> Finding:
    """Whether the collection is there; the library is read for that, as a push would."""
    path = scene.config.zotero.collection
    if _is_unmade(scene):
        return ok(_UNMADE)
    try:
        with scene.project.library() as found:
            snapshot = found.snapshot()
    except DmlsyncError as error:
        return failed(f"{error.where()}{error.problem}", error.remedy)
    name = " / ".join(path)
    key = _collection_at(snapshot, path)
    if not key:
        return ok(f"{name} is made by the first push")
    return ok(f"{name} has {sum(1 for item in snapshot.items_in([key]) if not item.trashed)} items of its own")


def _is_unmade(scene: Scene) -> bool:
    """Whether the library is a sandbox that there is not yet: looking must not make it."""
    return scene.is_sandbox and not scene.project.sandbox_path.exists()


def _collection_at(snapshot: Snapshot, path: tuple[str, ...]) -> str:
    """The key of the collection with this path, `""` where there is none."""
    parent = ""
    for name in path:
        inside = (key for key, one in snapshot.collections.items() if one.name == name and one.parent == parent)
        parent = next(inside, "")
        if not parent:
            return ""
    return parent
