"""Checks of this machine and of the project's files: nobody else is asked."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from operator import eq, ge, gt, le, lt, ne
from pathlib import Path
from urllib.parse import urlsplit

from dmlsync.credentials import COMMAND, VARIABLE
from dmlsync.doctor.finding import Finding, failed, ok, warning
from dmlsync.doctor.scene import Scene
from dmlsync.errors import BibError, BusyError, ConfigError, FileError, ListError, LockError
from dmlsync.files import read_or_none
from dmlsync.new_project.finding import dialect_of
from dmlsync.project_files import make_state_folder, read_library
from dmlsync.readinglist import read_list
from dmlsync.sync.journal import cut_off_run
from dmlsync.sync.lock_file import read_lock

_OLDEST_PYTHON = (3, 11)
_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*([^;]*)(;.*)?")
_BOUND = re.compile(r"(>=|<=|==|!=|<|>)\s*([0-9]+(?:\.[0-9]+)*)")
_HOLDS = {">=": ge, "<=": le, "==": eq, "!=": ne, "<": lt, ">": gt}
_NUMBERS = re.compile(r"\d+")
_SCARCE, _TOO_LITTLE = 200_000_000, 20_000_000
_MOST_NAMED = 3


def python(scene: Scene) -> Finding:
    """Whether this Python is one that dmlsync runs on."""
    version = ".".join(map(str, scene.python()))
    if scene.python()[:2] < _OLDEST_PYTHON:
        return failed(f"Python {version} is too old", "install Python 3.11 or newer, and dmlsync in it")
    return ok(f"Python {version}")


def packages(scene: Scene) -> Finding:
    """Whether what dmlsync needs is installed, in versions that it was made for."""
    wrong = [one for requirement in scene.requirements() if (one := _wrong_package(scene, requirement))]
    if wrong:
        return failed("; ".join(wrong), "install dmlsync anew: pip install --upgrade --force-reinstall dmlsync")
    return ok("everything that dmlsync needs is installed")


def _wrong_package(scene: Scene, requirement: str) -> str:
    found = _REQUIREMENT.match(requirement)
    if found is None or "extra" in (found[3] or ""):
        return ""
    name, bounds, version = found[1], found[2].strip(), scene.installed(found[1])
    if not version:
        return f"{name} is not installed"
    fits = all(_fits(version, sign, bound) for sign, bound in _BOUND.findall(bounds))
    return "" if fits else f"{name} is {version}, and {bounds} is needed"


def _fits(version: str, sign: str, bound: str) -> bool:
    """Whether a version is within a bound, by its numbers; what stands behind them (`rc1`) does not count."""
    numbers = [int(part) for part in _NUMBERS.findall(version.partition("+")[0])[:4]]
    limit = [int(part) for part in bound.split(".")]
    width = max(len(numbers), len(limit))
    ours, theirs = ([*one, *[0] * (width - len(one))] for one in (numbers, limit))
    return bool(_HOLDS[sign](ours, theirs))


def config(scene: Scene) -> Finding:
    """Whether the configuration can be read and has no setting that dmlsync does not know."""
    try:
        scene.project  # noqa: B018  reading it is the check
    except ConfigError as error:
        return failed(f"{error.where()}{error.problem}", error.remedy)
    return ok(f"{scene.path} can be read")


def mailto(scene: Scene) -> Finding:
    """Whether the services are told who asks."""
    address = scene.config.resolve.mailto
    if "@" in address and not address.endswith(("@example.org", "@example.com")):
        return ok(f"the services are told that {address} asks")
    what = "mailto is not set" if not address else f"mailto is {address!r}, which is nobody's"
    return warning(f"{what}: Crossref answers more slowly then", "set mailto under [resolve] to your address")


def lists(scene: Scene) -> Finding:
    """Whether the lists can be read, and all their lines."""
    numbers, unread = [], []
    for one in scene.config.lists:
        try:
            read = read_list(one.path)
        except ListError as error:
            return failed(f"{error.where()}{error.problem}", error.remedy)
        numbers.append(f"{one.name} ({len(read.entries)})")
        unread += [f"{one.path.name}:{problem.line}: {problem.message}" for problem in read.problems]
    if unread:
        return warning(_some(unread), "correct these lines, or dmlsync leaves them out; `dmlsync check` shows all")
    return ok(f"entries in the lists: {', '.join(numbers)}")


def bib(scene: Scene) -> Finding:
    """Whether library.bib can be read, and all its entries."""
    path = scene.config.bib.path
    try:
        document, _ = read_library(scene.config)
        data = read_or_none(path)
    except LockError:  # told by its own check
        return ok(f"{path.name} is read with the lock")
    except (BibError, FileError) as error:
        return failed(f"{error.where()}{error.problem}", error.remedy)
    if data is None:
        return ok(f"{path.name} is made by the first push")
    if document.problems:
        found = [f"{path.name}:{one.line}: {one.message}" for one in document.problems]
        return warning(_some(found), "correct these entries; dmlsync leaves them as they are and does not use them")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return warning(f"{path.name}:{line}: is not UTF-8", "save the file as UTF-8")
    return ok(f"{path.name} has {len(document.keys)} entries")


def lock(scene: Scene) -> Finding:
    """Whether the lock can be read, and the sandbox's."""
    paths = [scene.config.lock_path, *([scene.config.sandbox_lock_path] if scene.is_sandbox else [])]
    try:
        known = [len(read_lock(path)[0].works) for path in paths]
    except FileError as error:
        return failed(f"{error.where()}{error.problem}", error.remedy)
    return ok(f"{paths[0].name} knows {known[0]} works")


def dialect(scene: Scene) -> Finding:
    """Whether library.bib is written in the dialect that the configuration names."""
    set_to, found = scene.config.bib.dialect, dialect_of(scene.config.bib.path)
    if found and found != set_to:
        name = scene.config.bib.path.name
        what = f'dialect is "{set_to}", but most fields of {name} are those of {found}'
        return warning(
            what, f'set dialect = "{found}" under [bib], or convert the file: dmlsync bib --dialect {set_to}'
        )
    return ok(f"new entries are written for {set_to}")


def state_folder(scene: Scene) -> Finding:
    """Whether the folder for journal and caches can be written."""
    folder = scene.config.state
    try:
        make_state_folder(scene.config)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (OSError, FileError):
        return failed(f"{folder} cannot be written", "give yourself write permission for it, or remove it")
    return ok(f"{folder.name} can be written")


def git(scene: Scene) -> Finding:
    """Whether git keeps track of what is nobody else's business."""
    tracked = scene.committed_state()
    if tracked:
        name = scene.config.state.name
        what = f"git keeps track of {len(tracked)} files in {name}, which are of this machine alone"
        return failed(what, f"take them out: git rm -r --cached {name}")
    return ok(f"git leaves {scene.config.state.name} alone")


def writable(scene: Scene) -> Finding:
    """Whether the files can be written that a run writes."""
    paths = [scene.config.bib.path, scene.config.lock_path, *(one.path for one in scene.config.lists)]
    closed = [path.name for path in paths if not scene.is_writable(path)]
    if closed:
        return failed(f"{_some(closed, ', ')} cannot be written", "give yourself write permission for file and folder")
    return ok("library.bib, lock and lists can be written")


def disk(scene: Scene) -> Finding:
    """Whether there is room for the files."""
    free = scene.free_bytes()
    what = f"{free / 1e6:,.0f} MB are free on the project's disk"
    if free < _SCARCE:
        remedy = "make room: a run that cannot write its journal stops before it sends anything"
        return failed(what, remedy) if free < _TOO_LITTLE else warning(what, remedy)
    return ok(what)


def other_run(scene: Scene) -> Finding:
    """Whether another run of the project is going on."""
    try:
        with scene.project.alone():
            return ok("no other run is going on")
    except BusyError:
        return warning("another run of this project is going on", "wait until it has finished, or end that process")


def journal(scene: Scene) -> Finding:
    """Whether the last run came to its end."""
    try:
        cut_off = cut_off_run(scene.config.state / "journal")
    except FileError as error:
        return failed(f"{error.where()}{error.problem}", error.remedy)
    if cut_off:
        what = f"the run {cut_off.run} was cut off"
        return warning(what, "run `dmlsync push` (or sync): it knows what was written and goes on from there")
    return ok("the last run came to its end")


def databases(scene: Scene) -> Finding:
    """Whether the files are whole in which the library is remembered, and the sandbox."""
    for name in ("mirror.sqlite", "cache.sqlite", "sandbox.sqlite"):
        path = scene.config.state / name
        if path.exists() and (problem := _damage(path)):
            what = f"{path} is damaged ({problem})"
            if name == "sandbox.sqlite":
                return failed(what, "run `dmlsync sandbox reset`, then push: the library is made anew")
            return warning(what, f"delete {path}: it is a copy and is made again")
    return ok("what is remembered of the library is whole")


def _damage(path: Path) -> str:
    """What SQLite says of a file, `""` where it is whole."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as db:
            said = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        return "" if "locked" in str(error) else str(error)
    return "" if said == "ok" else said


def keyring(scene: Scene) -> Finding:
    """Whether the key can be kept by the system."""
    if scene.is_sandbox or scene.has_keyring():
        return ok("the keyring is installed" if scene.has_keyring() else "the sandbox needs no keyring")
    if scene.config.zotero.api_key_command or scene.key_is_in_environment():
        return ok(f"no keyring is needed: the key comes from {VARIABLE} or from {COMMAND}")
    what = "the keyring is not installed, so that the key has to be in the environment"
    return warning(what, "pip install 'dmlsync[keyring]', then run dmlsync init --force")


def proxies(scene: Scene) -> Finding:
    """Which proxies are in use, and which cannot be."""
    found = scene.proxies()
    unusable = [name for name, url in found.items() if not _is_proxy(url)]
    if unusable:
        what = f"the proxy for {', '.join(unusable)} is none that dmlsync can use: only http:// and https:// are"
        return warning(what, "set HTTPS_PROXY to an HTTP proxy, or unset it")
    if found:
        hosts = ", ".join(sorted({urlsplit(url).hostname or "" for url in found.values()}))
        return ok(f"sources and Zotero are asked through {hosts}")
    return ok("no proxy is set")


def _is_proxy(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
    except ValueError:
        return False


def _some(sentences: list[str], between: str = "; ") -> str:
    """The first of some sentences, and how many more there are."""

    def parts() -> Iterator[str]:
        yield from sentences[:_MOST_NAMED]
        if len(sentences) > _MOST_NAMED:
            yield f"and {len(sentences) - _MOST_NAMED} more"

    return between.join(parts())
