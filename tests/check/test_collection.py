from __future__ import annotations

from pathlib import Path

import pytest

from dmlsync.bib.document import Document
from dmlsync.bib.read import records
from dmlsync.check.problem import Problem
from dmlsync.check.rule import Checked
from dmlsync.check.rules import check
from dmlsync.model import Creator, Record
from dmlsync.readinglist import parse_list
from dmlsync.sync.library import Attachment, Item, Snapshot
from dmlsync.sync.lock import Binding, Target

LIST = parse_list("- Some Loss (**CVPR 2020**) [[paper](https://a.example/b)]\n", "papers", Path("papers.md"))
BIB = (
    b"@inproceedings{kim2020some,\n title = {Some Loss},\n author = {Kim, S.},\n date = {2020},\n doi = {10.1/a},\n}\n"
)
RECORD = Record("conferencePaper", {"title": "Some Loss", "DOI": "10.1/a", "date": "2020"}, (Creator("Kim", "S."),))
ITEM = Item("AAAAAAAA", 1, RECORD, "kim2020some", frozenset({"COLLECTS"}))
PDF = "https://a.example/b.pdf"
LINK = Attachment("LLLLLLLL", 1, "AAAAAAAA", url=PDF)
BOUND = {"kim2020some": Binding("AAAAAAAA", links=frozenset({PDF}))}
RULES = ("duplicate-item", "same-citation-key", "item-without-link", "trashed-item", "item-on-no-list")


def seen(
    *items: Item, links: tuple[Attachment, ...] = (LINK,), bound: dict[str, Binding] = BOUND, known: bool = True
) -> Checked:
    """A project with one listed work, and the library as it was last read."""
    document = Document.parse(BIB)
    return Checked(
        lists=(LIST,),
        document=document,
        keys={("papers", 1): "kim2020some"},
        records=records(document),
        snapshot=Snapshot(1, {one.key: one for one in items}, {one.key: one for one in links}) if known else None,
        target=Target(bindings=bound),
        collections=frozenset({"COLLECTS"}),
    )


def found(checked: Checked) -> list[Problem]:
    return [one for one in check(checked) if one.rule in RULES]


def another(key: str, citation_key: str = "", **parts: object) -> Item:
    return Item(key, 1, **{"record": RECORD, "citation_key": citation_key, **parts})  # type: ignore[arg-type]


def test_a_collection_in_order_is_no_problem_and_neither_is_a_library_that_was_never_read() -> None:
    assert found(seen(ITEM)) == []
    assert found(seen(known=False)) == []


def test_a_second_item_of_a_work_is_told_at_the_works_line() -> None:
    (problem,) = found(seen(ITEM, another("BBBBBBBB")))
    assert (problem.rule, str(problem.file), problem.line) == ("duplicate-item", "papers.md", 1)
    assert problem.message == "kim2020some: BBBBBBBB in Zotero is the same work as AAAAAAAA"


def test_items_that_share_a_citation_key_are_an_error_regardless_of_case() -> None:
    other = another("BBBBBBBB", "Kim2020some", record=Record("book", {"title": "Quite Another"}))
    (problem,) = found(seen(ITEM, other))
    assert (problem.rule, problem.severity, problem.line) == ("same-citation-key", "error", 1)


@pytest.mark.parametrize("links", [(), (Attachment("LLLLLLLL", 1, "AAAAAAAA", url=PDF, trashed=True),)])
def test_a_link_that_is_gone_from_zotero_is_told(links: tuple[Attachment, ...]) -> None:
    (problem,) = found(seen(ITEM, links=links))
    assert (problem.rule, problem.message) == (
        "item-without-link",
        f"kim2020some: {PDF} is no longer attached to AAAAAAAA in Zotero",
    )


def test_a_listed_work_in_the_trash_is_told_unless_another_item_took_its_place() -> None:
    trashed = another("AAAAAAAA", "kim2020some", trashed=True)
    assert [one.rule for one in found(seen(trashed))] == ["trashed-item"]
    heir = another("BBBBBBBB", "kim2020some", replaces=frozenset({"AAAAAAAA"}))
    assert found(seen(trashed, heir)) == []


def test_an_item_of_the_collection_that_nothing_names_is_told_at_the_configuration() -> None:
    stranger = another("CCCCCCCC", record=Record("book", {"title": "A Book"}), collections=frozenset({"COLLECTS"}))
    (problem,) = found(seen(ITEM, stranger))
    assert (problem.rule, str(problem.file)) == ("item-on-no-list", "config.toml")
    assert problem.message == "A Book (CCCCCCCC in Zotero) is on no list: `dmlsync pull` adopts it"
    adopted = BOUND | {"book": Binding("CCCCCCCC", adopted=True)}
    assert found(seen(ITEM, stranger, bound=adopted)) == []
    elsewhere = another("CCCCCCCC", record=Record("book", {"title": "A Book"}))
    assert found(seen(ITEM, elsewhere)) == []
