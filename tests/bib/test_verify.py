"""The short way of the second reader agrees with bibtexparser."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dmlsync.bib import verify
from dmlsync.bib.document import Document
from dmlsync.bib.scan import Block

TEXT = st.text(alphabet="aZ0 {}\\'\"%#,=@~$&_é()", max_size=20)
VALUE = TEXT.map(lambda text: "{" + text + "}") | st.sampled_from(["jul", "12", '"x"', "{A {B {C}}}", '{{\\"o}}'])
FIELD = st.tuples(st.sampled_from(["title", "author", "note", "year"]), VALUE)


def only_block(text: str) -> Block | None:
    blocks = Document.parse(text.encode()).readable
    return blocks[0] if len(blocks) == 1 and blocks[0].text == text else None


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["k", "a:b_c-1.x", "k'"]), st.lists(FIELD, min_size=1, max_size=3, unique_by=lambda one: one[0]))
def test_whatever_the_short_way_accepts_bibtexparser_reads_alike(key: str, fields: list[tuple[str, str]]) -> None:
    lines = "".join(f"  {name} = {value},\n" for name, value in fields)
    block = only_block(f"@misc{{{key},\n{lines}}}")
    if block is None:
        return
    reader = verify.SecondReader()
    if reader.reads_plainly(block):
        assert reader.reads_in_full(block)


def test_an_entry_in_another_layout_takes_the_long_way() -> None:
    block = only_block("@misc{k, title = {x}}")
    assert block is not None
    reader = verify.SecondReader()
    assert not reader.reads_plainly(block)
    assert reader.reads_alike(block)
