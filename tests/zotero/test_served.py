"""The formats that the sandbox serves, by the project's own converters."""

import pytest

from dmlsync.zotero.served import converters, served_csl

PAPER = {
    "itemType": "conferencePaper",
    "title": "A <i>Paper</i>",
    "creators": [
        {"creatorType": "author", "firstName": "Ada", "lastName": "Lovelace"},
        {"creatorType": "author", "firstName": "", "lastName": "Plato"},
        {"creatorType": "editor", "name": "Org"},
    ],
    "date": "2026-05-01",
    "DOI": "10.1/x",
    "citationKey": "ck",
    "extra": "line one\nline two",
    "tags": [{"tag": "t"}],
}


def test_csl_is_that_of_the_web_api():
    assert served_csl(PAPER) == {
        "type": "paper-conference",
        "title": "A <i>Paper</i>",
        "DOI": "10.1/x",
        "author": [{"family": "Lovelace", "given": "Ada"}, {"family": "Plato", "given": ""}],
        "editor": [{"family": "Org", "given": ""}],
        "issued": {"date-parts": [[2026, 5, 1]]},
        "citation-key": "ck",
        "note": "line one\nline two",
    }


def test_an_item_without_a_citation_key_gets_none():
    assert "citation-key" not in served_csl(PAPER | {"citationKey": ""})


def test_every_item_has_one_csl_object():
    items = [PAPER, {"itemType": "attachment", "title": "PDF"}, {"itemType": "note", "note": "<p>n</p>"}]
    assert [csl["type"] for csl in converters()["csljson"](items)] == ["paper-conference", "document", "document"]


@pytest.mark.parametrize(("dialect", "venue"), [("bibtex", "year"), ("biblatex", "date")])
def test_entries(dialect, venue):
    text = converters()[dialect]([PAPER, {"itemType": "note", "note": "x"}])
    assert text.startswith("@inproceedings{ck,")
    assert f"  {venue} = " in text
    assert text.count("@") == 1
