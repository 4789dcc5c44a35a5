"""Both replicas hold the same record: what an entry can carry, Zotero's JSON carries too."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmlsync import schema
from dmlsync.bib.document import Document
from dmlsync.bib.entry_types import Dialect, item_types
from dmlsync.bib.mapping import managed_fields
from dmlsync.bib.normal import representable
from dmlsync.bib.read import records
from dmlsync.model import Creator, Record
from dmlsync.zotero.changes import data_of
from dmlsync.zotero.items import item_of

FILES = sorted((Path(__file__).parents[2] / ".." / "shared" / "bibtex" / "import").glob("*.bib"))
DIALECTS: tuple[Dialect, ...] = ("biblatex", "bibtex")
ENTRIES = b"""\
@phdthesis{a, title={T}, author={A, B}, editor={C, D}, school={U}, year=2015, month=jul}
@article{b, title={On {BERT}}, author={{Google AI}}, journal={J}, eprint={0806.3095_}, archiveprefix={arXiv}}
@article{c, title={T}, journal={J}, eprint={forthcoming}, archiveprefix={arXiv}}
@article{d, title={T}, journal={CoRR}, volume={abs/1306.6709v2}}
@online{e, title={T}, eprint={0806.3095_}, eprinttype={arXiv}}
@movie{f, title={T}, author={A, B}, editor={C, D}, date={1999-01/1999-02}}
@inproceedings{g, title={<i>x</i> $L_2$}, booktitle={P}, pages={1--2, 5--6}, doi={doi:10.1/X}, langid={french}}
"""

WORDS = """arXiv arXiv:1503.03832v2 0806.3095_ math.GT/0309136 CoRR 2015-06-07 1-2 doi:10.1/x <i>a</i>
https://doi.org/10.48550/arXiv.1503.03832"""
TEXT = st.text(max_size=6) | st.sampled_from(
    [*WORDS.split(), "June 2014", "1 – 2", "a  b", "PhD thesis", "a\u2028b", "\x00a"]
)


def over_zotero(record: Record) -> Record:
    return item_of(data_of(record)).record


@st.composite
def any_record(draw: st.DrawFn) -> Record:
    item_type = draw(st.sampled_from(item_types()))
    fields = draw(st.dictionaries(st.sampled_from(sorted(managed_fields(item_type))), TEXT, max_size=6))
    kinds = st.sampled_from(["author", "editor", "contributor", *schema.creator_types_of(item_type)])
    creators = st.builds(Creator, TEXT, TEXT, st.just(""), kinds) | st.builds(
        Creator, st.just(""), st.just(""), TEXT, kinds
    )
    return Record(item_type, fields, tuple(draw(st.lists(creators, max_size=3))))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_record_out_of_an_entry_comes_back_from_zotero_as_it_was(dialect: Dialect) -> None:
    for record in records(Document.parse(ENTRIES)).values():
        normal = representable(record, dialect)
        assert representable(over_zotero(normal), dialect) == normal


@settings(max_examples=200, deadline=None)
@given(any_record(), st.sampled_from(DIALECTS))
def test_any_record_comes_back_from_zotero_as_it_was(record: Record, dialect: Dialect) -> None:
    normal = representable(record, dialect)
    assert representable(over_zotero(normal), dialect) == normal


@given(any_record(), st.sampled_from(DIALECTS))
def test_zotero_has_every_role_on_the_type_of_its_item(record: Record, dialect: Dialect) -> None:
    normal = representable(record, dialect)
    assert {one.creator_type for one in normal.creators} <= {*schema.creator_types_of(normal.item_type)}


@pytest.mark.skipif(not FILES, reason="the shared sample of .bib files is not here")
@pytest.mark.parametrize("dialect", DIALECTS)
def test_records_of_real_files_come_back_from_zotero_as_they_were(dialect: Dialect) -> None:
    for path in FILES:
        for key, record in records(Document.parse(path.read_bytes())).items():
            normal = representable(record, dialect)
            assert representable(normal, dialect) == normal, (path.name, key)
            assert representable(over_zotero(normal), dialect) == normal, (path.name, key)
