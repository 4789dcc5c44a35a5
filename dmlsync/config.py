"""The settings of a project: `config.toml`, read and checked in full before anything else happens.

Every table and key is listed here, and the sentence below each is its row in docs/configuration.md
(`dmlsync.cli.reference`). A key that dmlsync does not know is an error with the nearest known name, never ignored: a
misspelt setting that silently does nothing costs a day.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast, get_args

from dmlsync.errors import ConfigError

Dialect = Literal["biblatex", "bibtex"]
Sections = Literal["subcollections", "tags", "none"]
OnRemoved = Literal["uncollect", "keep", "trash"]
Unresolved = Literal["skip", "minimal"]
SOURCES = ("crossref", "dblp", "arxiv", "datacite", "openalex", "semanticscholar", "pages")
SANDBOX = "sandbox"
_LIBRARY = re.compile(r"(?:groups|users)/[0-9]{1,12}\Z")


@dataclass(frozen=True, slots=True)
class ListSettings:
    """One `[[list]]`: the file, and the name that entries carry, which is the file's stem."""

    path: Path
    """A reading list; one table for each. Entries are known by their file's name without its ending, so two lists need
    different names."""
    name: str


@dataclass(frozen=True, slots=True)
class BibSettings:
    """`[bib]`: the file, the dialect of new entries, and the formula of new citation keys.

    The formula is text here: `dmlsync.bib.key_formula` knows what it means.
    """

    path: Path = Path("library.bib")
    """The bibliography. The lock lies beside it, with the same name and the ending `.lock`."""
    dialect: Dialect = "biblatex"
    """How new entries are written: biblatex is UTF-8 with `date`, `location` ..., bibtex is ASCII with `year`,
    `address` ... An entry that is there keeps its own habits."""
    key: str = "family + year + word"
    """The formula of new citation keys, see below. A key that a work has never changes by itself."""


@dataclass(frozen=True, slots=True)
class ZoteroSettings:
    """`[zotero]`: which library, where in it, what is attached, and what happens to items that left the lists."""

    library: str = SANDBOX
    """`"groups/1234567"`, `"users/42"`, or `"sandbox"`: a library in a file, for trying out."""
    endpoint: str = "https://api.zotero.org"
    """The Zotero server."""
    collection: tuple[str, ...] = ("Reading list",)
    """The collection, made when missing; `"A/B"` is B inside A."""
    sections: Sections = "subcollections"
    """What becomes of the lists' headings."""
    attach: frozenset[str] = frozenset({"pdf", "code"})
    """Which links are attached to items."""
    on_removed: OnRemoved = "uncollect"
    """What happens to an item whose line left every list: taken out of the collection, left there, or moved to Zotero's
    trash. Nothing is ever deleted for good, and library.bib keeps the record: a paper may cite it."""
    api_key_command: str = ""
    """A command that prints the API key, such as `"pass zotero"`."""


@dataclass(frozen=True, slots=True)
class ResolveSettings:
    """`[resolve]`: who asks, which sources in which order, and what to do with entries that no source knows."""

    mailto: str = ""
    """Your address; Crossref serves those faster who say who they are (10 requests per second instead of 5)."""
    sources: tuple[str, ...] = SOURCES
    """Which sources are asked; `"pages"` are the landing pages that lists link."""
    unresolved: Unresolved = "skip"
    """An entry that no source knows for certain waits; with `"minimal"` it is pushed with what the list says, tagged
    `needs metadata`."""


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """`[sources.NAME]`: where a source is and how patient to be with it; None leaves the source's own default."""

    url: str | None = None
    """Another address for a source: a proxy, a mirror, a test server. For `pages`, `""` fetches the page itself,
    anything else is asked as `<url>?url=<page>`."""
    timeout: float | None = None
    """Seconds to wait for an answer."""
    rate: float | None = None
    """Requests per second at most. Set it to go faster at a mirror of your own: then it counts whatever the service
    tells of its limits. Any address is paced so, on this machine too; services at different paths of one host are paced
    apart."""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of a project; paths are absolute."""

    path: Path
    lists: tuple[ListSettings, ...]
    bib: BibSettings
    zotero: ZoteroSettings = field(default_factory=ZoteroSettings)
    resolve: ResolveSettings = field(default_factory=ResolveSettings)
    sources: Mapping[str, SourceSettings] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """The project's folder: the one that the configuration lies in."""
        return self.path.parent

    @property
    def lock_path(self) -> Path:
        """The lock, beside library.bib and named like it."""
        return self.bib.path.with_suffix(".lock")

    @property
    def sandbox_lock_path(self) -> Path:
        """The lock of the sandbox library, beside it."""
        return self.state / "sandbox.lock"

    @property
    def state(self) -> Path:
        """The folder for what is not committed: journal, caches, the sandbox."""
        return self.root / ".dmlsync"


def read_config(path: Path) -> Config:
    """The settings in a file. Raises ConfigError with file and setting."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        above = next((one for one in path.absolute().parent.parents if (one / path.name).is_file()), None)
        found = f" (there is {above / path.name})" if above else ""
        remedy = f"dmlsync init writes one; --config FILE names another{found}"
        raise ConfigError("there is no such file", remedy, path=path) from None
    except OSError as error:
        raise ConfigError(f"cannot be read ({error.strerror})", "check its permissions", path=path) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"is not UTF-8 (byte {error.start})", "save it as UTF-8", path=path) from error
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"is not valid TOML ({error})", "correct that line", path=path) from error
    return _Reader(path.absolute()).config(content)


class _Reader:
    """Turns the content of a file into settings and knows the file for its errors."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def config(self, content: Mapping[str, Any]) -> Config:
        self._known(content, "", ["list", "bib", "zotero", "resolve", "sources"])
        lists = content.get("list")
        if not isinstance(lists, list) or not lists or not all(isinstance(one, dict) for one in lists):
            raise self._error("[[list]]", "at least one reading list is needed", 'add [[list]] with path = "..."')
        bib = self._table(content, "bib")
        sources = self._table(content, "sources")
        self._known(sources, "sources", SOURCES)
        return Config(
            path=self._path,
            lists=self._lists(lists),
            bib=self._bib(bib),
            zotero=self._zotero(self._table(content, "zotero")),
            resolve=self._resolve(self._table(content, "resolve")),
            sources={name: self._source(name, self._table(sources, name, "sources.")) for name in sources},
        )

    def _lists(self, tables: Sequence[Mapping[str, Any]]) -> tuple[ListSettings, ...]:
        lists: list[ListSettings] = []
        for table in tables:
            self._known(table, "list", ["path"])
            path = self._file(table, "list", "path")
            if path.resolve() in {one.path.resolve() for one in lists}:
                raise self._error("list.path", f"{path.name} is named twice", "take one of the tables out")
            if path.stem in {one.name for one in lists}:
                remedy = "entries are known by their list's file name: rename one of the files"
                raise self._error("list.path", f"there are two lists named {path.stem!r}", remedy)
            lists.append(ListSettings(path, path.stem))
        return tuple(lists)

    def _bib(self, table: Mapping[str, Any]) -> BibSettings:
        self._known(table, "bib", ["path", "dialect", "key"])
        path = self._file({"path": str(BibSettings().path), **table}, "bib", "path")
        if path.suffix != ".bib":
            raise self._error("bib.path", f"{path.name!r} does not end in .bib", "name the BibTeX file")
        dialect = self._choice(table, "bib", "dialect", get_args(Dialect))
        key = self._text(table, "bib", "key", BibSettings(path).key)
        return BibSettings(path, cast("Dialect", dialect), key)

    def _zotero(self, table: Mapping[str, Any]) -> ZoteroSettings:
        default = ZoteroSettings()
        names = ["library", "endpoint", "collection", "sections", "attach", "on_removed", "api_key_command"]
        self._known(table, "zotero", names)
        library = self._text(table, "zotero", "library", default.library)
        if library != SANDBOX and not _LIBRARY.match(library):
            remedy = 'use "groups/1234567", "users/42" or "sandbox"'
            raise self._error("zotero.library", f"{library!r} names no library", remedy)
        collection = self._text(table, "zotero", "collection", default.collection[0])
        parts = tuple(part.strip() for part in collection.split("/"))
        if not all(parts) or any(len(part) > 255 for part in parts):
            raise self._error("zotero.collection", f"{collection!r} is no collection name", 'use "A" or "A/B"')
        attach = table.get("attach", sorted(default.attach))
        known = {"pdf", "code"}
        if not isinstance(attach, list) or not all(isinstance(one, str) for one in attach) or set(attach) - known:
            raise self._error("zotero.attach", f"{attach!r} names unknown links", 'use any of "pdf", "code"')
        endpoint = self._address(table, "zotero", "endpoint", default.endpoint).rstrip("/")
        sections = self._choice(table, "zotero", "sections", get_args(Sections))
        on_removed = self._choice(table, "zotero", "on_removed", get_args(OnRemoved))
        return ZoteroSettings(
            library=library,
            endpoint=endpoint,
            collection=parts,
            sections=cast("Any", sections),
            attach=frozenset(attach),
            on_removed=cast("Any", on_removed),
            api_key_command=self._text(table, "zotero", "api_key_command", ""),
        )

    def _resolve(self, table: Mapping[str, Any]) -> ResolveSettings:
        self._known(table, "resolve", ["mailto", "sources", "unresolved"])
        names = table.get("sources", list(SOURCES))
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise self._error("resolve.sources", f"{names!r} is no list of names", f"use any of {', '.join(SOURCES)}")
        for name in names:
            self._known({name: None}, "resolve.sources", SOURCES)
        unresolved = self._choice(table, "resolve", "unresolved", get_args(Unresolved))
        mailto = self._text(table, "resolve", "mailto", "")
        return ResolveSettings(mailto, tuple(names), cast("Any", unresolved))

    def _source(self, name: str, table: Mapping[str, Any]) -> SourceSettings:
        self._known(table, f"sources.{name}", ["url", "timeout", "rate"])
        url = table.get("url")
        if url:
            url = self._address(table, f"sources.{name}", "url", "").rstrip("/")
        timeout, rate = (self._number(table, f"sources.{name}", key) for key in ("timeout", "rate"))
        return SourceSettings(url, timeout, rate)

    def _table(self, content: Mapping[str, Any], name: str, prefix: str = "") -> Mapping[str, Any]:
        table = content.get(name, {})
        if not isinstance(table, dict):
            raise self._error(f"{prefix}{name}", "should be a table", f"write [{prefix}{name}] above its settings")
        return table

    def _known(self, table: Mapping[str, Any], where: str, names: Sequence[str]) -> None:
        for key in table:
            if key not in names:
                near = difflib.get_close_matches(key, names, n=1)
                remedy = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(names)}"
                raise self._error(f"{where}.{key}" if where else key, "is not a setting of dmlsync", remedy)

    def _text(self, table: Mapping[str, Any], where: str, key: str, default: str) -> str:
        value = table.get(key, default)
        if not isinstance(value, str):
            raise self._error(f"{where}.{key}", f"{value!r} should be text", "put it in quotation marks")
        return value

    def _file(self, table: Mapping[str, Any], where: str, key: str) -> Path:
        text = self._text(table, where, key, "")
        if not text:
            raise self._error(f"{where}.{key}", "no file is named", f'add {key} = "..."')
        return Path(os.path.normpath(self._path.parent / Path(text).expanduser()))

    def _choice(self, table: Mapping[str, Any], where: str, key: str, choices: Sequence[str]) -> str:
        value = table.get(key, choices[0])
        if value not in choices:
            raise self._error(f"{where}.{key}", f"{value!r} is no choice", f"use one of {', '.join(choices)}")
        return cast("str", value)

    def _address(self, table: Mapping[str, Any], where: str, key: str, default: str) -> str:
        value = self._text(table, where, key, default)
        if not value.startswith(("https://", "http://")):
            raise self._error(f"{where}.{key}", f"{value!r} is no web address", "start it with https://")
        return value

    def _number(self, table: Mapping[str, Any], where: str, key: str) -> float | None:
        value = table.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
            raise self._error(f"{where}.{key}", f"{value!r} should be a number above 0", "write a number")
        return float(value)

    def _error(self, setting: str, problem: str, remedy: str) -> ConfigError:
        return ConfigError(problem, remedy, path=self._path, setting=setting)
