"""What holds for all rules: their names, their documents, and whatever text they look at."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmlsync.bib.document import Document
from dmlsync.bib.read import records
from dmlsync.check.mend import mended
from dmlsync.check.problem import Problem, in_order
from dmlsync.check.rule import Checked
from dmlsync.check.rules import BY_ID, RULES, check, chosen
from dmlsync.readinglist import parse_list
from dmlsync.text.edits import Edit, Lines

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "rules.md"
SECTIONS = re.split(r"^### ", DOCS.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:] if DOCS.exists() else []


def test_ids_are_words_joined_by_hyphens_and_each_rule_has_its_own() -> None:
    assert all(re.fullmatch(r"[a-z]+(?:-[a-z]+)*", one.id) for one in RULES)
    assert len(BY_ID) == len(RULES)
    assert all(one.summary and not one.summary.endswith(".") and one.find.__doc__ for one in RULES)


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.id)
def test_every_rule_has_a_section_in_the_documents_that_says_what_it_is_and_what_fix_does(one: object) -> None:
    rule = BY_ID[one.id]  # type: ignore[attr-defined]
    (section,) = [text for text in SECTIONS if text.split("\n", 1)[0] == f"`{rule.id}`"]
    assert f"**{rule.severity}**" in section
    assert rule.summary in section
    assert ("`--fix`" in section) == rule.mends


def test_the_documents_have_the_rules_in_their_order_and_no_others() -> None:
    assert [text.split("\n", 1)[0].strip("`") for text in SECTIONS] == [one.id for one in RULES]


def test_rules_are_chosen_by_id_and_those_on_request_only_by_name() -> None:
    assert "listed-twice" not in {one.id for one in chosen()}
    assert [one.id for one in chosen(["listed-twice", "bad-doi"], ["bad-doi"])] == ["listed-twice"]
    assert len(chosen(ignored=["bad-doi"])) == len(chosen()) - 1
    with pytest.raises(KeyError):
        chosen(["bad-doy"])


def test_problems_come_by_file_and_line_and_once() -> None:
    one, two = (Problem("r", "info", Path("a"), line, "m") for line in (10, 9))
    assert in_order([one, two, one]) == (two, one)
    assert not one.fixable
    assert Problem("r", "info", Path("a"), 1, "m", edits=(Edit(0, 0, "x"),)).fixable


PDF = "https://a.example/b.pdf"
_WORDS = [
    "Some",
    "Loss",
    "CVPR",
    "NeuRIPS",
    "2020",
    "et al.",
    "Kim, S.",
    "A.et al.",
    "BERT",
    "http://proceedings.mlr.press/v1",
]
_SIGNS = [
    "|",
    "[",
    "]",
    "(",
    ")",
    "* ",
    "## 2020",
    "---",
    "\n",
    "\r\n",
    " ",
    "**",
    "`",
    "<",
    "\\",
    "\ufeff",
    "\u200b",
    "#:~:text=",
]
LIST_TEXT = st.lists(st.sampled_from([*_WORDS, *_SIGNS]) | st.text(max_size=3), max_size=60).map("".join)
ROWS = st.lists(LIST_TEXT.map(lambda text: f"| {text} [PDF](https://a.example/{len(text)}.pdf)"), max_size=6).map(
    lambda rows: "\n".join(["| Title | Authors | Year | Venue | PDF |", "|---|---|---|", *rows])
)
_PARTS = [
    "@article{a,",
    "title = {",
    "author = {",
    "pages = {1-2}",
    "doi = {https://doi.org/10.1/a}",
    "}",
    "},",
    '"',
    "&",
    "$",
    " and ",
]
BIB_TEXT = st.lists(st.sampled_from([*_PARTS, *_WORDS, "\n", "\\", "{"]) | st.text(max_size=3), max_size=50).map(
    "".join
)


@settings(max_examples=120, deadline=None)
@given(text=LIST_TEXT | ROWS, key=st.sampled_from(["", "a"]))
def test_whatever_a_list_holds_is_looked_at_and_mending_settles(text: str, key: str) -> None:
    one = parse_list(text, "papers", Path("papers.md"))
    bib = Document.parse(b"@article{a, title={Some Loss}, author={Kim, S.}, date={2019}, journaltitle={CVPR}}")
    checked = Checked((one,), document=bib, keys={("papers", e.line): key for e in one.entries}, records=records(bib))
    count = len(Lines(text))
    assert all(1 <= problem.line <= max(count, 1) for problem in check(checked) if problem.file == one.path)
    once = mended(checked, RULES)
    assert not mended(once.checked, RULES).problems
    after = once.checked.lists[0]
    assert len(Lines(after.text)) == count
    untouched = set(range(1, count + 1)) - {problem.line for problem in once.problems}
    assert all(Lines(after.text)[line] == Lines(text)[line] for line in untouched)


@pytest.mark.parametrize(
    "piece", ["[", "(", "`", "](", "a,", ", ", "<", "a.et al ", "http://x//", "\\(", "{}", "1,2 ", "$", "and "]
)
def test_hostile_lines_and_values_take_no_longer_than_others(piece: str) -> None:
    long = piece * (15_000 // len(piece))
    short = long[:4000]
    row = f"| A {short} | {short} | {short} | {short} | [PDF]({PDF}) |"
    text = f"| Title | Authors | Year | Venue | PDF |\n|---|---|---|---|---|\n{row}\n"
    one = parse_list(f"{text}\n- A Loss {long} (**CVPR 2020**) [[paper]({PDF})]\n", "papers", Path("papers.md"))
    fields = ", ".join(
        f"{name} = {{x {long} y}}" for name in ("title", "author", "year", "doi", "isbn", "pages", "journal")
    )
    document = Document.parse(f"@article{{a, {fields}}}\n".encode())
    keys = {("papers", entry.line): "a" for entry in one.entries}
    checked = Checked((one,), document=document, keys=keys, records=records(document))
    started = time.process_time()
    check(checked, RULES)
    mended(checked, RULES)
    assert time.process_time() - started < 8


@settings(max_examples=120, deadline=None)
@given(text=BIB_TEXT, dialect=st.sampled_from(["bibtex", "biblatex"]))
def test_whatever_the_bib_holds_is_looked_at_and_mending_changes_no_record(text: str, dialect: str) -> None:
    document = Document.parse(text.encode("utf-8", "surrogateescape"))
    checked = Checked(document=document, dialect=dialect, records=records(document))  # type: ignore[arg-type]
    once = mended(checked, RULES)
    assert not mended(once.checked, RULES).problems
    assert records(once.checked.document) == checked.records
