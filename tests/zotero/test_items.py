"""Reading item JSON."""

from __future__ import annotations

import pytest

from dmlsync import schema
from dmlsync.model import Creator
from dmlsync.zotero.items import (
    OWN_FIELDS,
    attachment_of,
    collection_of,
    item_of,
    kind_of,
    managed_fields,
)


def envelope(**data):
    data = {"itemType": "conferencePaper", **data}
    return {"key": "PAPER222", "version": 7, "data": data}


def test_an_item_has_its_fields_creators_tags_and_collections():
    item = item_of(
        envelope(
            title="FaceNet",
            proceedingsTitle="CVPR",
            DOI="10.1109/CVPR.2015.7298682",
            citationKey="schroff2015",
            abstractNote="",
            creators=[{"creatorType": "author", "firstName": "Florian", "lastName": "Schroff"}, {"name": "Google"}],
            tags=[{"tag": "faces"}, {"tag": "auto", "type": 1}],
            collections=["AAAA2222"],
            relations={"dc:replaces": "http://zotero.org/groups/1/items/ABCD2345"},
        )
    )
    assert (item.key, item.version, item.citation_key) == ("PAPER222", 7, "schroff2015")
    assert item.record.item_type == "conferencePaper"
    assert dict(item.record.fields) == {
        "title": "FaceNet",
        "proceedingsTitle": "CVPR",
        "DOI": "10.1109/CVPR.2015.7298682",
    }
    assert item.record.creators == (Creator("Schroff", "Florian"), Creator(name="Google"))
    assert item.tags == {"faces", "auto"}
    assert item.collections == {"AAAA2222"}
    assert item.replaces == {"ABCD2345"}
    assert not item.trashed


def test_bare_data_is_read_like_an_envelope():
    item = item_of({"key": "PAPER222", "version": 3, "itemType": "book", "title": "A"})
    assert (item.key, item.version, item.record.title) == ("PAPER222", 3, "A")


def test_what_members_keep_for_themselves_is_no_part_of_the_record():
    own = dict.fromkeys(OWN_FIELDS, "x")
    assert dict(item_of(envelope(title="A", **own)).record.fields) == {"title": "A"}


def test_a_field_that_the_schema_does_not_know_is_passed_over():
    assert dict(item_of(envelope(title="A", shoeSize="43", publicationTitle="J")).record.fields) == {"title": "A"}


def test_an_item_type_of_a_newer_schema_still_gives_the_known_fields():
    item = item_of(envelope(itemType="hologram", title="A", DOI="10.1/x", colour="red"))
    assert item.record.item_type == "hologram"
    assert dict(item.record.fields) == {"title": "A", "DOI": "10.1/x"}


@pytest.mark.parametrize(
    "line",
    [
        "arXiv: 1401.2910",
        "arXiv: 1401.2910 [quant-ph]",
        "arxiv:1401.2910v3",
        "arXiv:1401.2910 [cs]",
        "ArXiv ID: 1401.2910",
        "arXiv: arXiv:1401.2910",
        "arXiv: https://arxiv.org/abs/1401.2910",
    ],
)
def test_the_usual_spellings_of_an_arxiv_line_are_read(line):
    assert item_of(envelope(extra=f"some remark\n{line}\nPMID: 1")).record.get("arXiv") == "1401.2910"


@pytest.mark.parametrize("line", ["arXiv: see the supplement", "see arXiv: 1401.2910", "arXiv:", "arXiv 1401.2910"])
def test_a_remark_about_arxiv_is_no_arxiv_line(line):
    assert item_of(envelope(extra=line)).record.get("arXiv") == ""


def test_the_arxiv_id_of_a_preprint_is_in_its_archive_id():
    item = item_of(envelope(itemType="preprint", repository="arXiv", archiveID="arXiv:1503.03832", extra="arXiv: 1.2"))
    assert dict(item.record.fields) == {"repository": "arXiv", "archiveID": "arXiv:1503.03832"}
    older = item_of(envelope(itemType="preprint", extra="arXiv:1503.03832 [cs]"))
    assert dict(older.record.fields) == {"archiveID": "arXiv:1503.03832"}


def test_the_citation_key_is_the_native_field_or_else_the_line_of_extra():
    assert item_of(envelope(extra="Citation Key: a2015")).citation_key == "a2015"
    assert item_of(envelope(extra="citation key : a2015", citationKey="b2015")).citation_key == "b2015"
    assert item_of(envelope(extra="Citation Key: two words")).citation_key == ""


def test_values_take_the_form_that_a_record_promises():
    record = item_of(
        envelope(
            title="  Deep \t metric\r\nlearning ",
            DOI="https://doi.org/10.1/AbC",
            pages="815 – 823",
            date="2015-06",
            abstractNote=" One.\r\nTwo. ",
        )
    ).record
    assert dict(record.fields) == {
        "title": "Deep metric learning",
        "DOI": "10.1/AbC",
        "pages": "815-823",
        "date": "2015-06",
        "abstractNote": "One.\nTwo.",
    }


def test_a_date_in_words_is_given_as_zotero_understood_it():
    paper = envelope(date="June 7-12, 2015") | {"meta": {"parsedDate": "2015-06-07"}}
    assert item_of(paper).record.get("date") == "2015-06-07"
    assert item_of(envelope(date="in press")).record.get("date") == "in press"
    assert item_of(envelope(date="2015-06-07/2015-06-12")).record.get("date") == "2015-06-07/2015-06-12"
    assert item_of(envelope(date="") | {"meta": {"parsedDate": "2015"}}).record.get("date") == ""


def test_who_changed_an_item_last_is_told_by_the_group():
    paper = envelope() | {"meta": {"createdByUser": {"username": "ada"}, "lastModifiedByUser": {"username": "bob"}}}
    assert item_of(paper).modified_by == "bob"
    assert item_of(envelope() | {"meta": {"createdByUser": {"username": "ada"}}}).modified_by == "ada"
    assert item_of(envelope()).modified_by == ""


@pytest.mark.parametrize("deleted", [1, True, "1"])
def test_an_item_in_the_trash_is_trashed(deleted):
    assert item_of(envelope(deleted=deleted)).trashed
    assert not item_of(envelope(deleted=0)).trashed


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"data": None},
        {"key": 5, "version": "x", "data": {"itemType": ["a"], "title": {"x": 1}, "creators": "x", "tags": {"a": 1}}},
        {"key": "short", "version": -1, "data": {"itemType": "book", "title": None, "collections": "AAAA2222"}},
        {"data": {"itemType": "book", "creators": [None, 3, {}, {"lastName": ""}], "tags": ["x", {"tag": None}]}},
        {"data": {"itemType": "book", "collections": [1, "bad", None], "relations": ["x"], "extra": 7}},
        {"meta": [], "data": {"itemType": "book", "relations": {"dc:replaces": [1, "nonsense"]}, "date": True}},
    ],
)
def test_odd_data_is_read_as_blank(odd):
    item = item_of(odd)
    assert (item.key, item.version) == ("", 0)
    assert not item.record.fields
    assert not item.record.creators
    assert not (item.tags or item.collections or item.replaces)
    assert attachment_of(odd).url == ""
    assert collection_of(odd).name == ""


def test_a_number_where_text_belongs_is_text():
    assert item_of(envelope(volume=12)).record.get("volume") == "12"


def test_an_attachment_belongs_to_a_parent():
    child = {"itemType": "attachment", "parentItem": "PAPER222", "title": "PDF", "url": "https://x.org/a.pdf"}
    found = attachment_of({"key": "FILE2222", "version": 8, "data": child | {"contentType": "application/pdf"}})
    assert (found.key, found.version, found.parent) == ("FILE2222", 8, "PAPER222")
    assert (found.title, found.url, found.content_type) == ("PDF", "https://x.org/a.pdf", "application/pdf")


def test_a_collection_has_a_name_and_perhaps_a_parent():
    top = collection_of({"key": "AAAA2222", "version": 2, "data": {"name": "A", "parentCollection": False}})
    assert (top.name, top.parent, top.trashed) == ("A", "", False)
    sub = collection_of({"key": "BBBB2222", "data": {"name": "B", "parentCollection": "AAAA2222", "deleted": True}})
    assert (sub.parent, sub.trashed) == ("AAAA2222", True)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"itemType": "book"}, "item"),
        ({"itemType": "attachment", "parentItem": "PAPER222"}, "attachment"),
        ({"itemType": "attachment"}, "other"),
        ({"itemType": "note", "parentItem": "PAPER222"}, "other"),
        ({"itemType": "annotation"}, "other"),
        ({}, "other"),
    ],
)
def test_notes_annotations_and_loose_files_are_other_things(data, kind):
    assert kind_of({"key": "PAPER222", "data": data}) == kind


def test_every_type_but_the_preprint_may_hold_an_arxiv_id():
    for item_type in schema.item_types():
        names = managed_fields(item_type)
        assert ("arXiv" in names) == (item_type != "preprint")
        assert not OWN_FIELDS & set(names)
        assert "citationKey" not in names


def test_half_a_character_and_an_absurd_version_do_no_harm():
    item = item_of({"key": "PAPER222", "version": 10**40, "data": {"itemType": "book", "title": "a\ud800b"}})
    assert item.version == 0
    assert item.record.title == "a?b"
