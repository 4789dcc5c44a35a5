"""Which keys a document cites: from its .aux or .bcf file, or from its LaTeX source.

What LaTeX wrote is exact; the source is read as well as can be without running TeX (`dmlsync.bib.cited_tex`). Files
that a file reads in are followed within the folder of the document, never outside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from xml.parsers import expat

from dmlsync import files
from dmlsync.bib.cited_tex import Found, cited_in_tex, keys_of
from dmlsync.errors import FileError

_AUX = re.compile(
    r"\\(?:citation|abx@aux@cite[ \t]*+(?:\{\d*+\})?+)[ \t]*+\{(?P<keys>[^{}]*+)\}|\\@input[ \t]*+\{(?P<file>[^{}]*+)\}"
    r"|\\abx@aux@(?P<all>nociteall)\b"
)
# Keys that packages cite to steer a style: no entries of anybody.
_CONTROL = re.compile(r"(?:biblatex-control|achemso-control|REVTEX\d+Control|apsrev[\d-]+Control|aip\d+Control)\Z")
_MAX_SIZE = 32 * 1024 * 1024
_MAX_FILES = 1000


@dataclass(frozen=True, slots=True)
class Cited:
    """What a document cites: the keys in the order of their first citation, and whether `\\nocite{*}` cites them all.

    `notes` are sentences about files that could not be followed.
    """

    keys: tuple[str, ...] = ()
    everything: bool = False
    notes: tuple[str, ...] = ()


def cited_by(paths: Iterable[Path]) -> Cited:
    """What the documents at these paths cite together. Raises `FileError` for a file that cannot be read as such."""
    keys, notes = dict[str, None](), dict[str, None]()
    for path in paths:
        reader = _reader_of(path)
        if reader is None:
            raise FileError(
                path, "is no .aux, .bcf or .tex file", "name what LaTeX wrote beside the document, or its source"
            )
        walk = _Walk(path, reader)
        keys |= dict.fromkeys(walk.keys)
        notes |= dict.fromkeys(walk.notes)
    return Cited(tuple(key for key in keys if key != "*" and not _CONTROL.match(key)), "*" in keys, tuple(notes))


def cited_in_aux(text: str) -> Found:
    """What a .aux file says: `\\citation` of LaTeX, biblatex's `\\abx@aux@cite` in both forms, chapters' files."""
    keys, inputs = list[str](), list[str]()
    for match in _AUX.finditer(text):
        if match["all"]:
            keys.append("*")
        elif match["file"]:
            inputs.append(match["file"].strip())
        elif match["keys"]:
            keys.extend(keys_of(match["keys"]))
    return Found(tuple(dict.fromkeys(keys)), tuple(inputs))


def cited_in_bcf(path: Path, data: bytes) -> Found:
    """What biblatex's control file says. Raises `FileError` for anything but plain XML without a document type."""
    reader = _BcfReader()
    try:
        reader.read(data)
    except (expat.ExpatError, _DoctypeError) as error:
        problem = f"cannot be read as a .bcf file ({error})"
        raise FileError(path, problem, "run LaTeX again, or name the .aux or .tex file") from error
    return Found(tuple(dict.fromkeys(reader.keys)))


class _DoctypeError(Exception):
    """A document type: biblatex writes none, and its entities could fill the memory."""


class _BcfReader:
    """Collects the elements `citekey`."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self._text: list[str] | None = None

    def read(self, data: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.Parse(data, True)

    def _refuse(self, *_: object) -> None:
        raise _DoctypeError("it has a document type")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name.rpartition(":")[2] != "citekey":
            return
        if attributes.get("type") == "set":  # a set of the document's own: its members are the entries
            self.keys.extend(keys_of(attributes.get("members", "")))
        else:
            self._text = []

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        if self._text is not None and name.rpartition(":")[2] == "citekey":
            self.keys.extend(keys_of("".join(self._text)))
            self._text = None


Reader = Callable[[Path, bytes], Found]


def _reader_of(path: Path) -> Reader | None:
    return _READERS.get(path.suffix.lower())


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


_READERS: Mapping[str, Reader] = MappingProxyType(
    {
        ".aux": lambda path, data: cited_in_aux(_text(data)),
        ".bcf": cited_in_bcf,
        ".tex": lambda path, data: cited_in_tex(_text(data)),
        ".ltx": lambda path, data: cited_in_tex(_text(data)),
    }
)


class _Walk:
    """A document with all files that it reads in, each once, none outside its folder."""

    def __init__(self, path: Path, reader: Reader) -> None:
        self.keys: dict[str, None] = {}
        self.notes: list[str] = []
        self._reader = reader
        self._suffix = path.suffix
        self._folder = path.resolve().parent
        self._seen: set[Path] = set()
        self._read(path)

    def _read(self, path: Path) -> None:
        """Read a file, and what it reads in, in the order in which TeX would."""
        waiting = [path]
        while waiting:
            now = waiting.pop()
            place = now.resolve()
            if place in self._seen or len(self._seen) >= _MAX_FILES:
                continue
            self._seen.add(place)
            found = self._reader(now, _bytes_of(now))
            self.keys |= dict.fromkeys(found.keys)
            inner = (self._inner(name, place.parent) for name in found.inputs)
            waiting.extend(reversed([one for one in inner if one]))

    def _inner(self, name: str, beside: Path) -> Path | None:
        """The file of this name, if there is one that may be read.

        It is looked for beside the document as TeX does, then beside the file that names it, as the packages
        subfiles and import do.
        """
        candidates = [folder / one for folder in (self._folder, beside) for one in (f"{name}{self._suffix}", name)]
        inside = [path for path in candidates if "\0" not in name and path.resolve().is_relative_to(self._folder)]
        for path in inside:
            if path.suffix == self._suffix and path.is_file():
                return path
        if len(inside) < len(candidates):
            self.notes.append(f"{name} lies outside the document's folder and was not read")
            return None
        if Path(name).suffix in ("", self._suffix):
            self.notes.append(f"{name} was not found and not read")
        return None


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_SIZE:
            raise FileError(path, f"is larger than {_MAX_SIZE // 1024**2} MB", "name the document's own file")
    except OSError as error:
        raise FileError(path, f"cannot be read ({error.strerror})", "check the path and its permissions") from error
    return files.read_or_none(path) or b""
