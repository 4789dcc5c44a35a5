"""Fields of library.bib: titles, identifiers, pages, dates, signs of LaTeX. Pure.

A mend of a field never changes what the entry says, only how it is written: `dmlsync.check.certain` sees to that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dmlsync.bib.dates import from_parts, is_date, normal_date
from dmlsync.bib.languages import is_english
from dmlsync.bib.read import link_of, text_of
from dmlsync.bib.scan import RawField
from dmlsync.check.rule import Checked, Finding, InBib, rule
from dmlsync.text.edits import Edit
from dmlsync.text.identifiers import doi_in
from dmlsync.text.latex_symbols import words
from dmlsync.text.titles import is_shouting

# Types whose title no style turns into lower case.
_TITLES_KEPT = frozenset(
    words(
        """
    book mvbook collection mvcollection proceedings mvproceedings manual periodical phdthesis thesis booklet
    """
    )
)
_TYPESET = frozenset(
    words(
        """
    title subtitle booktitle booksubtitle journal journaltitle series publisher organization institution school
    address location author editor eventtitle maintitle chapter edition
    """
    )
)
_BRACED_WORD = re.compile(r"\{[^{}\s]+\}")
_WORD = re.compile(r"[^\W\d_](?:[^\W_]|&)*")
_HIDDEN = re.compile(
    r"\{(?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*+\})*+\})*+\})*+\}|\$[^$]*\$|\\[A-Za-z]+|\\.", re.DOTALL
)
_MATH_AND_LINKS = re.compile(r"\$[^$]*\$|\\\(.*?\\\)|\\(?:url|href|path|ensuremath)\s*\{[^{}]*\}|\\.", re.DOTALL)
_SIGN = re.compile(r"[&%#_^]")
_LONGEST = 5000
_LONGEST_YEAR = 40
_MOST_ACRONYMS = 3
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_DOI_IN_FRONT = re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:\s*)(?=10\.\d)", re.IGNORECASE)
_RANGE = re.compile(r"(?P<first>[A-Za-z]{0,3}\d+)(?P<dash>-{1,3}|[–—])(?P<last>[A-Za-z]{0,3}\d+)")
_ISBN_ENDING = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\b(?:e-?)?isbn(?:-1[03])?:?", re.IGNORECASE)
_ISSN = re.compile(r"(\d{4})-?(\d{3})([\dXx])")
_PLAUSIBLE_YEAR = re.compile(r"\D*[12]\d{3}\D*(?:[12]\d{3}|\d{2})?\D*")


@rule("shouting-title", "warning", "A title is written in capitals throughout")
def shouting_title(checked: Checked) -> Iterator[Finding]:
    """Titles as some registries deposit them; only a person knows which capitals belong."""
    for one in checked.in_bib:
        field = _simple(one, "title")
        if field and _is_loud(text_of(_BRACED_WORD.sub(" ", field.value[1:-1]))):
            yield checked.finding_in(one, "the title is in capitals", field)


@rule("unprotected-capitals", "warning", "A style that lowers titles will lower capitals that belong", mends=True)
def unprotected_capitals(checked: Checked) -> Iterator[Finding]:
    """`BERT` and `ArcFace` outside of braces, in titles that styles print in lower case."""
    for one in checked.in_bib:
        field = _simple(one, "title")
        english = is_english(text_of(one.values.get("langid") or one.values.get("language", "")))
        if field is None or one.entry.type in _TITLES_KEPT or not english:
            continue
        if _is_loud(text_of(one.values["title"])):
            continue
        found = list(_open_capitals(field.value))
        if found:
            start = one.entry.span[0] + field.value_start
            edits = tuple(
                Edit(start + at, start + at, sign) for first, last in found for at, sign in ((first, "{"), (last, "}"))
            )
            if len(found) > _MOST_ACRONYMS:  # rather words in capitals, which only a person can tell
                edits = ()
            told = ", ".join(f"`{field.value[first:last]}`" for first, last in found[:5])
            message = f"{told} {'stand' if len(found) > 1 else 'stands'} outside of braces in the title"
            yield checked.finding_in(one, message, field, edits, found[0][0])


def _is_loud(title: str) -> bool:
    """Whether a title, or most of it, is in capitals; scripts without capitals never are."""
    words = [word for word in re.findall(r"[^\W\d_]{3,}", title) if word.upper() != word.lower()]
    loud = sum(word == word.upper() for word in words)
    return title != title.lower() and (is_shouting(title) or (loud >= 3 and loud > 2 * (len(words) - loud)))


def _open_capitals(raw: str) -> Iterator[tuple[int, int]]:
    """The words outside of braces, math and commands that have a capital behind their first letter."""
    inner = _HIDDEN.sub(lambda match: " " * len(match[0]) if match[0][0] != "{" else "\0" * len(match[0]), raw[1:-1])
    for match in _WORD.finditer(inner):
        touching = inner[match.start() - 1 : match.start()] == "\0" or inner[match.end() : match.end() + 1] == "\0"
        if any(letter.isupper() for letter in match[0][1:]) and not touching:
            yield match.start() + 1, match.end() + 1


@rule("unescaped-sign", "warning", "A sign that LaTeX takes for a command stands in a text", mends=True)
def unescaped_signs(checked: Checked) -> Iterator[Finding]:
    """`&`, `%`, `#`, `_` and `^` outside of math, and a lone `$`."""
    for one in checked.in_bib:
        for field in one.block.fields:
            if field.name not in _TYPESET or not _is_simple(field):
                continue
            inner = _MATH_AND_LINKS.sub(lambda match: " " * len(match[0]), field.value[1:-1])
            found = [match.start() + 1 for match in _SIGN.finditer(inner)]
            if "$" in inner:
                yield checked.finding_in(one, f"{field.name}: a `$` that opens math and never closes it", field)
            elif found:
                start = one.entry.span[0] + field.value_start
                edits = tuple(Edit(start + at, start + at, "\\") for at in found if field.value[at] != "^")
                signs = ", ".join(dict.fromkeys(f"`{field.value[at]}`" for at in found))
                message = f"{field.name}: {signs} without a backslash"
                yield checked.finding_in(one, message, field, edits if len(edits) == len(found) else (), found[0])


@rule("bad-doi", "warning", "A DOI is none, or is written as an address", mends=True)
def bad_doi(checked: Checked) -> Iterator[Finding]:
    """The field holds the DOI alone: `10.1109/...`."""
    for one in checked.in_bib:
        field = _simple(one, "doi")
        if field is None or not (value := link_of(field.value[1:-1]).strip()) or _DOI.fullmatch(value):
            continue
        prefix = _DOI_IN_FRONT.match(field.value, 1)
        if prefix:
            start = one.entry.span[0] + field.value_start
            edit = Edit(start + prefix.start(), start + prefix.end(), "")
            message = f"write the DOI without `{prefix[0].strip()}`"
            yield checked.finding_in(one, message, field, (edit,), prefix.start())
        else:
            said = f"holds more than `{found}`" if (found := doi_in(value)) else "is no DOI"
            yield checked.finding_in(one, f"doi: `{value[:60]}` {said}", field)


@rule("bad-isbn", "warning", "An ISBN or ISSN has a wrong check digit or length")
def bad_isbn(checked: Checked) -> Iterator[Finding]:
    """Numbers with a slip: their last digit follows from the others."""
    for one in checked.in_bib:
        for name, is_right in (("isbn", _is_isbn), ("issn", _is_issn)):
            field = _simple(one, name)
            if field is None:
                continue
            numbers = [
                part.strip() for part in re.split(r"[,;/]|\s(?=97[89])", _ISBN_ENDING.sub(" ", field.value[1:-1]))
            ]
            wrong = [number for number in numbers if number and not is_right(number)]
            if wrong:
                said = "is an ISSN" if name == "isbn" and _is_issn(wrong[0]) else f"is not a valid {name.upper()}"
                yield checked.finding_in(one, f"{name}: `{wrong[0][:40]}` {said}", field)


def _is_isbn(text: str) -> bool:
    digits = re.sub(r"[-‐-―\s]", "", text).upper()
    if len(digits) == 10 and digits[:9].isdecimal() and (digits[9].isdecimal() or digits[9] == "X"):
        values = [10 if digit == "X" else int(digit) for digit in digits]
        return sum(weight * value for weight, value in zip(range(10, 0, -1), values, strict=True)) % 11 == 0
    if len(digits) == 13 and digits.isdecimal():
        return sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits)) % 10 == 0
    # Before 1970 books had nine digits (SBN).
    return len(digits) == 9 and digits.isdecimal()


def _is_issn(text: str) -> bool:
    """An ISSN; journals have several, which some files put side by side."""
    found = [_ISSN.fullmatch(part) for part in re.sub(r"[‐-―]", "-", re.sub(r"(?i)issn:?", " ", text)).split()]
    return bool(found) and all(match is not None and _issn_adds_up(match) for match in found)


def _issn_adds_up(match: re.Match[str]) -> bool:
    digits = match[1] + match[2]
    total = sum(weight * int(digit) for weight, digit in zip(range(8, 1, -1), digits, strict=True))
    return (total + (10 if match[3] in "Xx" else int(match[3]))) % 11 == 0


@rule("page-range", "warning", "A page range is not one for BibTeX, or runs backwards", mends=True)
def page_range(checked: Checked) -> Iterator[Finding]:
    """A single hyphen, which BibTeX prints as a hyphen (biblatex knows better), or a last page before the first."""
    for one in checked.in_bib:
        field = _simple(one, "pages")
        match = _RANGE.fullmatch(field.value[1:-1].strip()) if field else None
        if field is None or match is None:
            continue
        at = field.value.index(match[0])
        if _runs_backwards(match["first"], match["last"]):
            yield checked.finding_in(one, f"pages: `{match[0]}` runs backwards", field, at=at)
        elif checked.dialect == "bibtex" and match["dash"] != "--":
            start = one.entry.span[0] + field.value_start + at
            edit = Edit(start + match.start("dash"), start + match.end("dash"), "--")
            yield checked.finding_in(one, f"pages: write `{match['first']}--{match['last']}`", field, (edit,), at)


def _runs_backwards(first: str, last: str) -> bool:
    return len(first) == len(last) and first.isdecimal() and last.isdecimal() and int(first) > int(last)


@rule("bad-date", "warning", "A date, year or month is none")
def bad_date(checked: Checked) -> Iterator[Finding]:
    """Months that do not exist, years that cannot be, dates that are not ISO 8601; `in press` is no date and fine."""
    for one in checked.in_bib:
        for name in ("date", "year", "month"):
            field = next((field for field in one.block.fields if field.name == name), None)
            text = text_of(one.values.get(name, "")).strip() if field else ""
            if text and not _DATES[name](text):
                yield checked.finding_in(one, f"{name}: `{text[:40]}` is no {name}", field)


def _is_date(text: str) -> bool:
    return is_date(normal_date(text)) or not any(sign.isdecimal() for sign in text)


def _is_year(text: str) -> bool:
    return _is_date(text) or (len(text) <= _LONGEST_YEAR and _PLAUSIBLE_YEAR.fullmatch(text) is not None)


def _is_month(text: str) -> bool:
    return len(from_parts("2000", text, "")) > 4


_DATES = {"date": _is_date, "year": _is_year, "month": _is_month}


def _simple(one: InBib, name: str) -> RawField | None:
    """The first field of a name, where its value is one text in braces or quotes."""
    found = next((field for field in one.block.fields if field.name == name), None)
    return found if found and _is_simple(found) else None


def _is_simple(field: RawField) -> bool:
    value = field.value
    if not 3 <= len(value) <= _LONGEST:  # longer values are abstracts or attacks
        return False
    if value[0] == "{":
        return value[-1] == "}" and "} #" not in value and "}#" not in value
    return value[0] == '"' and value[-1] == '"' and value.count('"') == 2
