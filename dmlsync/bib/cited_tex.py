"""Which keys a LaTeX text cites, and which files it reads in: as far as can be told without running TeX.

Comments, verbatim text, `\\iffalse ... \\fi` and everything behind `\\end{document}` do not count. Time is linear in
the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from dmlsync.text.latex_symbols import words

_VERBATIM = frozenset(
    words(
        """
        verbatim Verbatim BVerbatim LVerbatim SaveVerbatim VerbatimOut spverbatim lstlisting minted comment filecontents
        """
    )
)
_SIGN = re.compile(
    r"%[^\n]*+\n?[ \t]*+"
    r"|\\begin[ \t]*+\{(?P<environment>[A-Za-z]++\*?)\}"
    r"|\\(?:[vV]erb|lstinline|mintinline)(?![A-Za-z])\*?+(?:\[[^][{}\n]{0,200}+\])?+(?P<verbatim>)"
    r"|\\(?P<false>iffalse)(?![A-Za-z@])"
    r"|\\(?P<end>end[ \t]*+\{document\})"
    r"|\\(?:[A-Za-z@]++|.)",
    re.DOTALL,
)
_COMMAND = re.compile(r"\\([A-Za-z@]++)\*?+")
_GAP = re.compile(r"[ \t]*+\n?[ \t]*+")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_BARE_BRACE = re.compile(r"[{}]")
_STOP = re.compile(r"\\.|[{\])>]", re.DOTALL)
_ARGUMENT_ENDS = {"[": "]", "(": ")", "<": ">"}
_PLAIN_FILE = re.compile(r"[ \t]++([\w./-]+)")
_IF = re.compile(
    r"\\(?:(?P<open>if(?:x|cat|num|dim|odd|[vhm]mode|inner|void|[hv]box|eof|true|false|case|defined|csname)?)|(?P<close>fi)"
    r"|else)(?![A-Za-z@])"
)
_LANGUAGE = re.compile(r"\{[\w+-]{1,40}\}(?=[^\sA-Za-z])")
_MAX_OPTIONAL, _MAX_VERB = 1000, 10_000

# Commands with `cite` in their name that do not name keys.
_NO_CITATION = re.compile(
    r"(?:declare|new|renew|provide|set|def|atevery|atnext|if|use|every|print)[a-z]*cite"
    r"|bibcite|citation|citestyle|citetext|citereset|citesetup|citetracker|citecounter|citeindex|citepunct|citedelim"
    r"|citefont|citeform|citeleft|citeright|citemid|citedash|citesep|citeblock|nociteprefix",
    re.IGNORECASE,
)
_INPUTS = frozenset(("input", "include", "subfile", "subfileinclude", "includestandalone", "InputIfFileExists"))
_IMPORTS = frozenset(("import", "subimport", "includefrom", "subincludefrom", "inputfrom", "subinputfrom"))


@dataclass(frozen=True, slots=True)
class Found:
    """What one file cites, in its order, and the names of the files that it reads in; `*` cites everything."""

    keys: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()


def cited_in_tex(text: str) -> Found:
    """The keys that LaTeX source cites, with the commands of LaTeX, natbib, biblatex, ACM, apacite and their like.

    Any command with `cite` in its name counts, be it with a star, optional arguments or several keys; `\\cites` and its
    like take several groups. Keys in the definition of a command (`#1`) do not count.
    """
    return _Source(_without_verbatim(text)).found()


def keys_of(argument: str) -> Iterator[str]:
    """The keys in the argument of a citation, without those that stand for a parameter or hold a command."""
    for part in argument.split(","):
        key = " ".join(part.split())
        if key and not any(sign in key for sign in "#\\{}"):
            yield key


def _cites(name: str) -> bool:
    return name == "bibentry" or ("cite" in name.lower() and not _NO_CITATION.match(name))


class _Source:
    """LaTeX source without verbatim text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def found(self) -> Found:
        """See `cited_in_tex`."""
        keys, inputs = list[str](), list[str]()
        for match in _COMMAND.finditer(self._text):
            name = match[1]
            if name in _INPUTS:
                inputs.extend(self._file(match.end()))
            elif name in _IMPORTS:
                folder, file = [*self._groups(match.end(), 2), "", ""][:2]
                inputs.extend([f"{folder.strip().rstrip('/')}/{file.strip()}"] if file else [])
            elif _cites(name):
                for group in self._key_groups(match.end(), name):
                    keys.extend(keys_of(group))
        return Found(tuple(dict.fromkeys(keys)), tuple(dict.fromkeys(inputs)))

    def _key_groups(self, position: int, name: str) -> list[str]:
        """The arguments with keys: one, or with biblatex's plural commands as many as there are."""
        if "volcite" in name.lower():  # \volcite[pre]{volume}[page]{key}
            return self._groups(position, 100 if name.endswith("cites") else 2)[1::2]
        return self._groups(position, 100 if name.endswith("cites") else 1)

    def _groups(self, position: int, most: int) -> list[str]:
        """At most so many arguments in braces, with optional ones before each."""
        found = list[str]()
        while len(found) < most:
            position = self._behind_gap(position)
            while self._text[position : position + 1] in tuple(_ARGUMENT_ENDS):
                end = self._optional_end(position)
                if end is None:
                    return found
                position = self._behind_gap(end)
            end = self._closing.get(position)
            if end is None:
                return found
            found.append(self._text[position + 1 : end])
            position = end + 1
        return found

    def _behind_gap(self, position: int) -> int:
        match = _GAP.match(self._text, position)
        return match.end() if match else position

    def _optional_end(self, position: int) -> int | None:
        """Where an optional argument ends: brackets inside braces do not count."""
        closing = _ARGUMENT_ENDS[self._text[position]]
        last = position + _MAX_OPTIONAL
        match = _STOP.search(self._text, position + 1, last)
        while match and match[0] != closing:
            behind = self._closing.get(match.start(), match.start()) + len(match[0])
            match = _STOP.search(self._text, behind, last)
        return match.end() if match else None

    def _file(self, position: int) -> list[str]:
        """The file that `\\input` names: in braces, or in plain TeX's manner without."""
        groups = self._groups(position, 1)
        if not groups and (plain := _PLAIN_FILE.match(self._text, position)):
            groups = [plain[1]]
        names = (group.strip().strip('"') for group in groups)
        return [name for name in names if name and not any(sign in name for sign in "#\\{}")]

    @cached_property
    def _closing(self) -> dict[int, int]:
        """For each brace that opens a group and is ever closed, the one that closes it."""
        closing, open_braces = dict[int, int](), list[int]()
        for match in _BRACE.finditer(self._text):
            if match[0] == "{":
                open_braces.append(match.start())
            elif match[0] == "}" and open_braces:
                closing[open_braces.pop()] = match.start()
        return closing


def _without_verbatim(text: str) -> str:
    """The text as TeX would act on it: no comments, no verbatim text, nothing behind the document's end."""
    kept, position, never = list[str](), 0, set[str]()
    while match := _SIGN.search(text, position):
        kept.append(text[position : match.start()])
        position = match.end()
        if match["end"]:
            return "".join(kept)
        environment = match["environment"]
        if environment and environment.rstrip("*") in _VERBATIM and environment not in never:
            closing = f"\\end{{{environment}}}"
            end = text.find(closing, position)
            if end >= 0:
                position = end + len(closing)
            else:
                never.add(environment)
        elif match["verbatim"] is not None:
            position = _behind_verb(text, position)
        elif match["false"]:
            end = _behind_false(text, position) if "iffalse" not in never else -1
            if end >= 0:
                position = end
            else:
                never.add("iffalse")
        elif not match[0].startswith("%"):
            kept.append(match[0])
    return "".join([*kept, text[position:]])


def _behind_verb(text: str, position: int) -> int:
    """Where what `\\verb` and its like print ends: at the sign that it begins with, in the same line."""
    if language := _LANGUAGE.match(text, position):  # \\mintinline{python}|...|
        position = language.end()
    sign = text[position : position + 1]
    if not sign or sign.isspace() or sign.isalpha():
        return position
    if sign == "{":
        return _behind_braces(text, position)
    line_end = text.find("\n", position, position + _MAX_VERB)
    end = text.find(sign, position + 1, line_end if line_end >= 0 else position + _MAX_VERB)
    return end + 1 if end >= 0 else position


def _behind_braces(text: str, position: int) -> int:
    """Where the group that opens here ends, every brace counted; the same place if it does not end soon."""
    depth = 0
    for match in _BARE_BRACE.finditer(text, position, position + _MAX_OPTIONAL):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return match.end()
    return position


def _behind_false(text: str, position: int) -> int:
    """Where text that `\\iffalse` hides ends, -1 if it never does; conditions inside have ends of their own."""
    depth = 1
    for match in _IF.finditer(text, position):
        depth += 1 if match["open"] else -1 if match["close"] or depth == 1 else 0
        if depth == 0:
            return match.end()
    return -1
