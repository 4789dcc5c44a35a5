from __future__ import annotations

from dmlsync.bib.document import Document
from dmlsync.bib.rekey import with_key

SOURCE = """% see old, cite old
@comment{ old }
@string{old = {x}}
@article( Old , title = old # { old}, note = {old}, ids = {older} )
@inproceedings{kid, crossref = {old}, related = {a, old,old2}, title={old}}
@inproceedings{kid2, crossref = "OLD", xdata = { Old }}
@inproceedings{kid3, crossref = old}
@misc{old2, title={x}}
"""


def test_all_references_follow_whatever_their_capitals_and_nothing_else_changes() -> None:
    edited = with_key(Document.parse(SOURCE.encode()), "old", "new", alias=True)
    expected = (
        SOURCE.replace("( Old ,", "( new ,")
        .replace("{older}", "{older, Old}")
        .replace("crossref = {old}, related = {a, old,old2}", "crossref = {new}, related = {a, new,old2}")
        .replace('"OLD", xdata = { Old }', '"new", xdata = { new }')
    )
    assert edited.text == expected


def test_an_alias_that_becomes_the_key_is_none_any_more() -> None:
    edited = with_key(Document.parse(b"@misc{a, ids = {b, c}}"), "a", "b", alias=True)
    assert edited.text == "@misc{b, ids = {c, a}}"
    assert with_key(edited, "b", "a", alias=False).text == "@misc{a, ids = {c}}"


def test_keys_with_signs_of_regular_expressions_are_keys_like_others() -> None:
    edited = with_key(
        Document.parse(b"@misc{a.b+c}@misc{k, crossref={a.b+c}, xref={aXb+c}}"), "a.b+c", "z:1", alias=False
    )
    assert edited.text == "@misc{z:1}@misc{k, crossref={z:1}, xref={aXb+c}}"
