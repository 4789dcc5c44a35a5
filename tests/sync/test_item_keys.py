"""Keys that follow from what they are for."""

from __future__ import annotations

import re
from itertools import islice

from dmlsync.model import Identifiers
from dmlsync.sync.item_keys import identity_of_work, keys_for


def test_keys_are_of_zoteros_form() -> None:
    for key in islice(keys_for("groups/1", "doi:10.1/x"), 20):
        assert re.fullmatch(r"[23456789ABCDEFGHIJKLMNPQRSTUVWXYZ]{8}", key)


def test_two_people_draw_the_same_key_for_the_same_work() -> None:
    assert next(keys_for("groups/1", "doi:10.1/x")) == next(keys_for("groups/1", "doi:10.1/x"))


def test_other_libraries_and_other_works_have_other_keys() -> None:
    keys = {next(keys_for(library, work)) for library in ("groups/1", "groups/2") for work in ("doi:a", "doi:b")}
    assert len(keys) == 4


def test_the_next_in_sequence_is_another_key() -> None:
    assert len(set(islice(keys_for("groups/1", "doi:10.1/x"), 5))) == 5


def test_a_work_is_its_doi_then_its_arxiv_id_then_its_citation_key_and_title() -> None:
    assert identity_of_work(Identifiers("10.1/X", "1503.03832"), "k", "T") == "doi:10.1/x"
    assert identity_of_work(Identifiers("", "1503.03832"), "k", "T") == "arxiv:1503.03832"
    assert identity_of_work(Identifiers(), "Key", "A Title") == "key:key\na title"
    assert identity_of_work(Identifiers(), "Key", "A Title") != identity_of_work(Identifiers(), "Key", "Another")
