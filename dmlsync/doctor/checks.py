"""All checks in their order, and how they are made: one that failed leaves those unmade that need it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dmlsync.doctor import here, server
from dmlsync.doctor.finding import Check, Finding, not_checked
from dmlsync.doctor.scene import Scene
from dmlsync.doctor.services import source_checks
from dmlsync.errors import ConfigError

CHECKS = (
    Check("python", here.python),
    Check("packages", here.packages),
    Check("config", here.config),
    Check("mailto", here.mailto, ("config",)),
    Check("lists", here.lists, ("config",)),
    Check("lock", here.lock, ("config",)),
    Check("bib", here.bib, ("config",)),
    Check("dialect", here.dialect, ("bib",)),
    Check("writable", here.writable, ("config",)),
    Check("disk", here.disk, ("config",)),
    Check("state folder", here.state_folder, ("config",)),
    Check("git", here.git, ("config",)),
    Check("other run", here.other_run, ("state folder",)),
    Check("journal", here.journal, ("state folder",)),
    Check("databases", here.databases, ("state folder",)),
    Check("keyring", here.keyring, ("config",)),
    Check("key", server.key, ("config",)),
    Check("key copies", server.key_copies, ("key",)),
    Check("proxies", here.proxies),
    Check("server", server.server, ("config",), on_the_network=True),
    Check("clock", server.clock, ("server",), on_the_network=True),
    Check("account", server.account, ("server", "key"), on_the_network=True),
    Check("library", server.library, ("account", "state folder", "databases"), on_the_network=True),
    Check("permission", server.may_write, ("library",), on_the_network=True),
    Check("collection", server.collection, ("library",), on_the_network=True),
)
"""Every check but those of the sources, which the configuration names."""


def checks_of(scene: Scene) -> tuple[Check, ...]:
    """All checks of a project, those of its sources last."""
    try:
        return (*CHECKS, *source_checks(scene.config.resolve.sources))
    except ConfigError:  # told by a check of its own
        return CHECKS


def examine(
    scene: Scene, *, offline: bool = False, tell: Callable[[Check], None] = lambda check: None
) -> Iterator[tuple[Check, Finding]]:
    """Make all checks, one after the other. `tell` hears of each before it is made."""
    states: dict[str, str] = {}
    for check in checks_of(scene):
        tell(check)
        finding = _made(check, scene, states, offline=offline)
        states[check.id] = finding.state
        yield check, finding


def _made(check: Check, scene: Scene, states: dict[str, str], *, offline: bool) -> Finding:
    if offline and check.on_the_network:
        return not_checked("--offline: nobody was asked")
    missing = [need for need in check.needs if states.get(need) not in ("ok", "warning")]
    if missing:
        return not_checked(f"it needs what failed above: {', '.join(missing)}")
    return check.run(scene)
