"""A world for tests: two clones of a project, one Zotero group, people on all sides, and a faulty network between.

Everything that a person types is a token that never occurs twice. A token is over only when a person overwrites or
deletes the value that it stands in; otherwise it must be found somewhere, for ever.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from lab import CONFIG

from dmlsync import files, schema
from dmlsync.config import read_config
from dmlsync.errors import BibError, DmlsyncError, LockError
from dmlsync.project import Project
from dmlsync.project_runs import Direction
from dmlsync.sandbox import Sandbox
from dmlsync.sync.choices import Side, possible_sides
from dmlsync.sync.saved_plan import resumed
from dmlsync.transport import RetryTransport

ENDPOINT = "http://sandbox.test"
PAPERS = ("alpha", "beta", "gamma", "delta")
SECTIONS = ("", "Old", "New")
BIB_FIELDS = {"pages": "pages", "volume": "volume", "publisher": "publisher", "series": "series"}
ZOTERO_FIELDS = tuple(BIB_FIELDS)
COMMITTED = ("papers.md", "library.bib", "library.lock")
HEADER = "| Title | Authors | Year | Venue | PDF | Code |\n|---|---|---|---|---|---|\n"
_TOKEN = re.compile(r"zz\d+q")


class Killed(BaseException):
    """The process ends here, without any goodbye."""


def title_of(paper: str) -> str:
    return f"Measuring {paper.capitalize()} by Deep Embeddings"


def row_of(paper: str) -> str:
    return f"| {title_of(paper)} | {paper.capitalize()}son, A. | 2020 | CVPR | [PDF](https://x.org/{paper}.pdf) | |\n"


def entry_of(paper: str) -> str:
    name = paper.capitalize()
    return (
        f"@inproceedings{{{paper}2020,\n  title = {{{title_of(paper)}}},\n  booktitle = {{CVPR}},\n"
        f"  author = {{{name}son, Ada and Roe, Rick}},\n  date = {{2020}},\n  pages = {{1--9}},\n"
        f"  doi = {{10.1234/{paper}}},\n}}\n"
    )


@dataclass
class Clock:
    """Time that passes only when somebody waits."""

    now: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def read(self) -> float:
        return self.now


class Network(httpx2.BaseTransport):
    """The way to the server: `faults` are what happens to the next requests, in order, `None` nothing."""

    def __init__(self, app: Any, faults: list[str | None], step: Callable[[], None]) -> None:
        self._inner = httpx2.WSGITransport(app=app)
        self._faults = faults
        self._step = step

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self._step()
        fault = self._faults.pop(0) if self._faults else None
        match fault:
            case "refused":
                raise httpx2.ConnectError("no way", request=request)
            case "429" | "503":
                return httpx2.Response(int(fault), headers={"Retry-After": "3"}, text="later", request=request)
            case "412" if request.method == "POST":
                return httpx2.Response(412, text="Library has been modified since specified version", request=request)
        response = self._inner.handle_request(request)
        response.read()
        self._step()
        if fault == "lost":
            raise httpx2.ReadError("the line is cut", request=request)
        if fault == "truncated":
            body = response.content[: len(response.content) // 2]
            headers = {name: value for name, value in response.headers.items() if name != "content-length"}
            return httpx2.Response(response.status_code, headers=headers, content=body, request=request)
        return response


@dataclass
class Clone:
    """A folder with a project, as one of the curators has it."""

    folder: Path
    shared: dict[str, bytes] = field(default_factory=dict)  # what was in it when it was last exchanged
    history: list[bytes] = field(default_factory=list)  # former locks
    plan: Path | None = None

    def text(self, name: str) -> str:
        path = self.folder / name
        return path.read_text() if path.exists() else ""

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)


class World:
    """See the module. Runs are made by `run`, `undo` and so on; `lost` tells which tokens are nowhere any more."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._group = f"/groups/{sandbox.new_group()}"
        self._client = httpx2.Client(transport=httpx2.WSGITransport(app=sandbox.app), base_url=ENDPOINT)
        self._headers = {"Zotero-API-Key": sandbox.key}
        self._number = 0
        self.tokens: set[str] = set()
        self.faults: list[str | None] = []
        self.fatal = 0
        self.lines: dict[str, dict[str, str]] = {}
        self.clones = [self._made(folder / name) for name in ("one", "two")]

    def _made(self, folder: Path) -> Clone:
        folder.mkdir()
        clone = Clone(folder)
        zotero = f'library = "{self._group[1:]}"\nendpoint = "{ENDPOINT}"'
        config = CONFIG.format(lists='[[list]]\npath = "papers.md"\n', zotero=zotero, sources="[]", resolve="", more="")
        clone.write("config.toml", config)
        clone.write("library.bib", "\n".join(entry_of(paper) for paper in PAPERS))
        self.lines[folder.name] = {"alpha": "", "beta": "Old"}
        self._write_list(clone)
        clone.shared = _committed(clone)
        return clone

    # ---- people ----------------------------------------------------------------------------------------------------

    def token(self) -> str:
        self._number += 1
        token = f"zz{self._number}q"
        self.tokens.add(token)
        return token

    def overwritten(self, text: str) -> None:
        """A person saw this text and put something else in its place."""
        self.tokens -= set(_TOKEN.findall(text))

    def list_line(self, clone: Clone, paper: str, section: str | None) -> None:
        """A curator writes a line, moves it to a section, or (None) takes it out."""
        lines = self.lines[clone.folder.name]
        if section is None:
            if len(lines) > 1:
                lines.pop(paper, None)
        else:
            lines[paper] = section
        self._write_list(clone)

    def _write_list(self, clone: Clone) -> None:
        lines = self.lines[clone.folder.name]
        parts = ["# Papers\n\n"]
        for section in SECTIONS:
            rows = "".join(row_of(paper) for paper in sorted(lines) if lines[paper] == section)
            parts += [f"## {section}\n\n" if section and rows else "", HEADER + rows + "\n" if rows else ""]
        clone.write("papers.md", "".join(parts))

    def edit_bib(self, clone: Clone, paper: str, name: str, *, blank: bool) -> None:
        """A student types a value into library.bib, or deletes one."""
        text = clone.text("library.bib")
        found = re.search(rf"(?ms)^@\w+\{{{paper}2020,\n.*?^\}}\n", text)
        if not found:
            return
        entry = found[0]
        line = re.search(rf"(?m)^  {name} = .*\n", entry)
        new = "" if blank else f"  {name} = {{{self.token()}}},\n"
        self.overwritten(line[0] if line else "")
        head, rest = entry.split("\n", 1)
        after = entry.replace(line[0], new) if line else f"{head}\n{new}{rest}"
        clone.write("library.bib", text.replace(entry, after))

    def retype_entry(self, clone: Clone, paper: str, entry_type: str) -> None:
        """A student makes another kind of work of an entry."""
        text = clone.text("library.bib")
        clone.write("library.bib", re.sub(rf"(?m)^@\w+\{{{paper}2020,", f"@{entry_type}{{{paper}2020,", text))

    def edit_item(self, number: int, name: str, *, blank: bool) -> None:
        """A member types a value in Zotero, or deletes one."""
        item = self._item(number)
        if item and name in item:
            self.overwritten(item[name])
            self._post({**_address(item), name: "" if blank else self.token()})

    def act_on_item(self, number: int, act: str) -> None:
        """A member trashes an item, brings it back, takes it out, files it, tags it or hangs a note below it."""
        item = self._item(number, trashed=act == "restore")
        if not item:
            return
        home = self._home()
        changes: dict[str, dict[str, Any]] = {
            "trash": {"deleted": 1},
            "restore": {"deleted": 0},
            "take out": {"collections": []},
            "file": {"collections": sorted({*item["collections"], home} - {""})},
            "tag": {"tags": [*item["tags"], {"tag": self.token()}]} if act == "tag" else {},
        }
        if act == "note":
            self._post({"itemType": "note", "parentItem": item["key"], "note": self.token()})
        else:
            self._post({**_address(item), **changes[act]})

    def retype_item(self, number: int, item_type: str) -> None:
        """A member makes another kind of work of an item; Zotero warns of the fields that go."""
        if item := self._item(number):
            known = {*schema.fields_of(item_type), "tags"}
            self.overwritten(" ".join(str(value) for name, value in item.items() if name not in known))
            self._post({**_address(item), "itemType": item_type})

    def merge_items(self, number: int, other: int) -> None:
        """A member merges two items in Zotero, whatever they are."""
        winner, loser = self._item(number), self._item(other)
        if winner and loser and winner["key"] != loser["key"]:
            replaced = f"http://zotero.org{self._group}/items/{loser['key']}"
            self._post({**_address(winner), "relations": {"dc:replaces": replaced}})
            self._post({**_address(loser), "deleted": 1})

    def add_item(self) -> None:
        """A member adds a paper to the collection by hand."""
        if home := self._home():
            self._post({"itemType": "book", "title": f"Found {self.token()}", "collections": [home]})

    # ---- runs ------------------------------------------------------------------------------------------------------

    def run(self, clone: Clone, direction: Direction, plan: Path | None = None) -> dict[str, Any] | None:
        """A push, pull or sync; what it came to, None where it was killed or failed."""

        def work(project: Project) -> dict[str, Any]:
            on_disk = project.read()
            saved = project.saved_plan(plan, on_disk) if plan else None
            catalog = project.catalog(on_disk)
            with project.library() as library:
                now = project.plan(on_disk, catalog, library, direction, allow_shrink=True)
                only = saved.made_of.keys() if saved else None
                now = resumed(saved, now)[0] if saved else now
                finished = project.run(on_disk, catalog, now, library, direction, only=only)
                result = finished.run.result
                assert not result.summary["refused"], result.outcomes
                actions = [action for one in finished.run.plans for action in one.actions]
                conflicts = {(one.citation_key, one.field) for one in finished.run.plans[-1].conflicts}
                facts = {"actions": actions, "conflicts": conflicts, "requests": library.requests}
                facts["other keys"] = {
                    one.item_key for one in finished.run.plans[-1].conflicts if one.field == "citationKey"
                }
                return facts | {"notes": finished.run.plans[-1].notes, "error": result.error}

        return self._doing(clone, work)

    def save_plan(self, clone: Clone) -> None:
        """A plan for later."""

        def work(project: Project) -> dict[str, Any]:
            on_disk = project.read()
            catalog = project.catalog(on_disk)
            with project.library() as library:
                plan = project.plan(on_disk, catalog, library, "sync", allow_shrink=True)
            clone.plan = clone.folder / "plan.json"
            project.save_plan(clone.plan, plan, on_disk)
            return {}

        self._doing(clone, work)

    def undo(self, clone: Clone) -> None:
        """The last run is undone.

        Nobody brings a lock from before it back alone: with it, what the undo put back in library.bib would be an edit.
        What it takes out of Zotero is over for a clone that had taken it over from there, and follows.
        """

        def work(project: Project) -> dict[str, Any]:
            on_disk = project.read()
            with project.library() as library:
                undo = project.plan_undo(on_disk, project.past(on_disk), library)
                if undo.plan.actions:
                    _, result = project.undo(on_disk, undo, library)
                    assert not result.summary["refused"], result.outcomes
            return {}

        before = self._in_zotero()
        self._doing(clone, work)
        clone.history.clear()
        others = "".join(other.text("library.lock") for other in self.clones if other is not clone)
        self.tokens -= (before - self._in_zotero()) & set(_TOKEN.findall(others))

    def decide(self, clone: Clone, side: Side) -> None:
        """A person looks at the conflicts as of the last run, and says of the first whose value holds."""

        def work(project: Project) -> dict[str, Any]:
            on_disk = project.read()
            conflicts = project.remembered_conflicts(on_disk, project.catalog(on_disk, ask=False))
            for conflict in conflicts[:1]:
                if side in possible_sides(conflict):
                    self.overwritten(conflict.remote if side == "local" else conflict.local)
                    project.choose(on_disk, conflict, side)
            return {}

        self._doing(clone, work)

    def _doing(self, clone: Clone, work: Callable[[Project], dict[str, Any]]) -> dict[str, Any] | None:
        """Do something with the project, as the network and fate allow; an error of ours is part of life."""
        lock = clone.folder / "library.lock"
        if lock.exists():
            clone.history.append(lock.read_bytes())
        clock, fatal = Clock(), self.fatal
        self.fatal = 0

        def step() -> None:
            nonlocal fatal
            fatal -= 1
            if fatal == 0:
                raise Killed

        def wrap(_: httpx2.BaseTransport) -> httpx2.BaseTransport:
            network = Network(self._sandbox.app, self.faults, step)
            return RetryTransport(network, sleep=clock.sleep, clock=clock.read, jitter=lambda: 0.5)

        swap_in = files._swap_in

        def fatal_swap(target: Path, data: bytes) -> None:
            step()
            swap_in(target, data)
            step()

        files._swap_in = fatal_swap
        try:
            project = Project(read_config(clone.folder / "config.toml"), wrap=wrap)
            with project.alone():
                return work(project)
        except (Killed, DmlsyncError) as error:
            assert not isinstance(error, BibError | LockError), error
            return None
        finally:
            files._swap_in = swap_in
            self.faults.clear()

    # ---- version control -------------------------------------------------------------------------------------------

    def exchange(self, *, by_force: bool = False) -> bool:
        """Both curators commit, merge and pull; whether git could merge it. By force, the first one's files win."""
        one, two = self.clones
        merged = {name: _merged(one, two, name) for name in COMMITTED}
        if any(text is None for text in merged.values()) or not _is_sound(merged["library.lock"] or b""):
            if not by_force:
                return False
            for token in set(_TOKEN.findall(two.text("library.bib"))) - set(_TOKEN.findall(one.text("library.bib"))):
                self.tokens.discard(token)
            merged = dict(_committed(one))
        for clone in self.clones:
            for name, data in merged.items():
                path = clone.folder / name
                if data:
                    path.write_bytes(data)
                else:
                    path.unlink(missing_ok=True)
            clone.shared = _committed(clone)
            self.lines[clone.folder.name] = _lines_in(clone.text("papers.md"))
        return True

    def reset_lock(self, clone: Clone, number: int) -> None:
        """Somebody brings a former lock back, or (0) deletes it."""
        path = clone.folder / "library.lock"
        if number == 0 or not clone.history:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(clone.history[-number % len(clone.history)])

    def forget(self, clone: Clone) -> None:
        """The caches are deleted."""
        shutil.rmtree(clone.folder / ".dmlsync", ignore_errors=True)

    # ---- what must hold --------------------------------------------------------------------------------------------

    def lost(self) -> set[str]:
        """The tokens that are nowhere any more."""
        texts = [clone.text("library.bib") for clone in self.clones]
        return self.tokens - set(_TOKEN.findall("\n".join(texts))) - self._in_zotero()

    def _in_zotero(self) -> set[str]:
        """The tokens that stand in Zotero, trash included."""
        return set(_TOKEN.findall(json.dumps([self._get("/items"), self._get("/items/trash")])))

    def items(self) -> list[dict[str, Any]]:
        """The living bibliographic items."""
        return [one for one in self._get("/items") if one["itemType"] not in ("attachment", "note")]

    def duplicates(self) -> list[str]:
        """Titles, citation keys and links that the library has more than once."""
        items = self.items()
        living = {item["key"] for item in items}
        names = [f"title {item['title']}" for item in items]
        names += [f"key {item['citationKey']}" for item in items if item["citationKey"]]
        attachments = [one for one in self._get("/items") if one["itemType"] == "attachment"]
        names += [f"link {one['parentItem']} {one['url']}" for one in attachments if one["parentItem"] in living]
        names += [f"collection {one['parentCollection']} {one['name']}" for one in self._get("/collections")]
        return sorted({name for name in names if names.count(name) > 1})

    def _home(self) -> str:
        homes = (one["key"] for one in self._get("/collections") if not one["parentCollection"])
        return next(homes, "")

    def _item(self, number: int, *, trashed: bool = False) -> dict[str, Any] | None:
        items = (
            [one for one in self._get("/items/trash") if one["itemType"] != "attachment"] if trashed else self.items()
        )
        items = sorted((one for one in items if one["itemType"] != "note"), key=lambda one: str(one["title"]))
        return items[number % len(items)] if items else None

    def _get(self, path: str) -> list[dict[str, Any]]:
        answer = self._client.get(self._group + path, params={"limit": 100}, headers=self._headers)
        return [one["data"] for one in answer.raise_for_status().json()]

    def _post(self, item: dict[str, Any]) -> None:
        answer = self._client.post(f"{self._group}/items", json=[item], headers=self._headers).raise_for_status().json()
        assert not answer["failed"], answer


def _address(item: dict[str, Any]) -> dict[str, Any]:
    return {"key": item["key"], "version": item["version"]}


def _committed(clone: Clone) -> dict[str, bytes]:
    paths = {name: clone.folder / name for name in COMMITTED}
    return {name: path.read_bytes() if path.exists() else b"" for name, path in paths.items()}


def _merged(one: Clone, two: Clone, name: str) -> bytes | None:
    """What git makes of one file, None where that takes a person."""
    ours, theirs, base = _committed(one)[name], _committed(two)[name], one.shared[name]
    if ours == theirs or theirs == base:
        return ours
    if ours == base:
        return theirs
    paths = []
    for number, data in enumerate((ours, base, theirs)):
        paths.append(one.folder / f"merge{number}")
        paths[-1].write_bytes(data)
    command = ["git", "merge-file", "-p", "-q", *map(str, paths)]
    answer = subprocess.run(command, capture_output=True, check=False)
    return answer.stdout if answer.returncode == 0 else None


def _is_sound(lock: bytes) -> bool:
    try:
        return not lock or bool(json.loads(lock))
    except ValueError:
        return False


def _lines_in(text: str) -> dict[str, str]:
    lines, section = dict[str, str](), ""
    for line in text.splitlines():
        if line.startswith("## "):
            section = line[3:]
        lines |= {paper: section for paper in PAPERS if title_of(paper) in line}
    return lines
