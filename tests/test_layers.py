"""The house: which room may know which, and which library only one room knows."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import dmlsync

ROOT = Path(dmlsync.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))

# Lowest first; a room may import its own floor's rooms only where they are the same room, and all floors below.
FLOORS = (
    {"errors", "schema"},
    {"text", "files", "history", "transport", "proxies"},
    {"model"},
    {"readinglist", "bib", "sources"},
    {"resolve"},
    {"sync"},
    {"zotero", "check", "site"},
    {"config", "credentials"},
    {"project_files"},
    {"project_runs", "project_library"},
    {"project"},
    {"adding", "checking", "new_project", "publishing", "rekeying"},
    {"doctor"},
    {"cli"},
    {"__main__"},
)
FREE = {"config": {"errors"}, "credentials": {"errors", "config"}}
SANDBOX_KNOWS = {"schema", "errors", "sandbox"}
TESTING_KNOWS = {"sandbox", "zotero"}
ONLY_IN = {
    "pyzotero": ("zotero", "testing.py"),
    "habanero": ("sources/crossref.py",),
    "bibtexparser": ("bib",),
    "click": ("cli",),
    "pytest": ("testing.py",),
}
PURE = (
    *(f"sync/{name}.py" for name in ("merge", "verdicts", "sides", "place", "find", "adopt", "settle", "unite")),
    *(
        f"sync/{name}.py"
        for name in ("plan", "plan_item", "plan_links", "plan_removal", "steps", "undo", "undo_bib", "undo_lock")
    ),
    "resolve/match.py",
)
HEAVY = {"pyzotero", "habanero", "bibtexparser", "httpx2", "feedparser", "rapidfuzz", "markdown_it", "sqlite3"}
IMPURE = {"os", "time", "datetime", "sqlite3", "socket", "subprocess", "httpx2", "random", "click", "logging"}


@cache
def imports_of(path: Path) -> frozenset[str]:
    """The dotted names that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(names)


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def rooms_known(path: Path) -> set[str]:
    found = (name.split(".") for name in imports_of(path) if name.startswith("dmlsync."))
    return {parts[1] for parts in found if parts[1] != "__version__"}


def floor(name: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if name in rooms)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    name = room(path)
    if name == "__init__":
        return
    known = rooms_known(path)
    if name == "sandbox":
        assert known <= SANDBOX_KNOWS
        return
    if name == "testing":
        assert known <= TESTING_KNOWS
        return
    if name in FREE:
        assert known <= FREE[name]
        return
    for other in known - {name}:
        if other == "sandbox":
            assert name in ("project_library", "cli")
        else:
            assert floor(other) < floor(name), f"{name} must not know {other}"


@pytest.mark.parametrize("library", ONLY_IN)
def test_only_one_room_knows_each_of_these_libraries(library: str) -> None:
    allowed = {ROOT / place for place in ONLY_IN[library]}
    for path in MODULES:
        if any(name.split(".")[0] == library for name in imports_of(path)):
            assert allowed & {path, *path.parents}, f"{path} imports {library}"


@pytest.mark.parametrize("name", PURE)
def test_deciding_modules_do_no_io(name: str) -> None:
    assert not {imported.split(".")[0] for imported in imports_of(ROOT / name)} & IMPURE


def test_every_module_can_be_imported_alone() -> None:
    names = [one.name for one in pkgutil.walk_packages([str(ROOT)], "dmlsync.") if not one.name.endswith("__main__")]
    for name in names:
        importlib.import_module(name)


def test_help_imports_no_heavy_library() -> None:
    code = (
        "import sys\n"
        "from dmlsync.cli.app import app\n"
        "app(['--help'], standalone_mode=False)\n"
        f"heavy = {HEAVY!r}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))\n"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "HEAVY []"
