"""Changes as JSON: only what is named, Extra line by line, and back again without loss."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync import schema
from dmlsync.model import Creator, Record
from dmlsync.sync.library import AttachmentChange, CollectionChange, ItemChange
from dmlsync.zotero.changes import data_of, holds, json_of
from dmlsync.zotero.extra import arxiv_of, citation_key_of, with_arxiv, with_citation_key
from dmlsync.zotero.items import item_of, managed_fields


def paper(version=7, **data):
    return {"key": "PAPER222", "version": version, "data": {"itemType": "conferencePaper", **data}}


def change(version=7, **named):
    return ItemChange("PAPER222", version, **named)


def test_only_what_a_change_names_is_sent():
    assert json_of(change(fields={"title": "New"}), paper(title="Old", extra="x")) == {
        "key": "PAPER222",
        "version": 7,
        "title": "New",
    }


def test_a_blank_clears_a_field():
    assert json_of(change(fields={"pages": ""}), paper(pages="1-2"))["pages"] == ""


def test_a_new_item_has_its_type_and_all_that_is_known():
    fields = {"itemType": "conferencePaper", "title": "A", "pages": "", "citationKey": "a2015", "arXiv": "1503.03832"}
    sent = json_of(
        ItemChange(
            "PAPER222", 0, fields, (Creator("B", "A"), Creator(name="C")), frozenset({"AAAA2222"}), frozenset({"t"})
        ),
        None,
    )
    assert sent == {
        "key": "PAPER222",
        "version": 0,
        "itemType": "conferencePaper",
        "title": "A",
        "citationKey": "a2015",
        "extra": "arXiv: 1503.03832",
        "creators": [
            {"creatorType": "author", "firstName": "A", "lastName": "B"},
            {"creatorType": "author", "name": "C"},
        ],
        "collections": ["AAAA2222"],
        "tags": [{"tag": "t"}],
    }


def test_a_server_without_native_citation_keys_gets_a_line_of_extra():
    new = json_of(
        ItemChange("PAPER222", 0, {"itemType": "book", "citationKey": "a2015"}), None, native_citation_key=False
    )
    assert new["extra"] == "Citation Key: a2015"
    assert "citationKey" not in new
    changed = json_of(
        change(fields={"citationKey": "b2016"}), paper(extra="one\nCitation Key: a2015\ntwo"), native_citation_key=False
    )
    assert changed["extra"] == "one\nCitation Key: b2016\ntwo"


def test_a_members_citation_key_line_follows_the_native_field():
    held = paper(citationKey="a2015", extra="Citation Key: a2015\nremark")
    assert json_of(change(fields={"citationKey": "b2015"}), held)["extra"] == "Citation Key: b2015\nremark"
    assert json_of(change(fields={"citationKey": ""}), held)["extra"] == "remark"
    assert "extra" not in json_of(change(fields={"citationKey": "b2015"}), paper(extra="remark"))


def test_extra_keeps_every_line_but_our_own():
    held = paper(extra="OpenReview ID: abc\narXiv: 1401.2910 [quant-ph]\n\n  remark: arXiv is fine\nPMID: 7")
    sent = json_of(change(fields={"arXiv": "1503.03832"}), held)
    assert sent["extra"] == "OpenReview ID: abc\narXiv: 1503.03832\n\n  remark: arXiv is fine\nPMID: 7"
    cleared = json_of(change(fields={"arXiv": ""}), held)
    assert cleared["extra"] == "OpenReview ID: abc\n\n  remark: arXiv is fine\nPMID: 7"


def test_an_arxiv_line_that_says_the_same_already_keeps_its_spelling():
    held = paper(extra="arxiv:1401.2910v2 [quant-ph]")
    assert json_of(change(fields={"arXiv": "1401.2910"}), held) == {"key": "PAPER222", "version": 7}


def test_tags_that_are_as_they_should_be_are_not_sent():
    held = paper(tags=[{"tag": "a", "type": 1}, {"tag": "b"}])
    assert "tags" not in json_of(change(tags=frozenset({"a", "b"})), held)
    sent = json_of(change(tags=frozenset({"a", "c"})), held)
    assert sent["tags"] == [{"tag": "a", "type": 1}, {"tag": "c"}]


def test_trashing_and_bringing_back_are_sent():
    assert json_of(change(trashed=True), paper())["deleted"] == 1
    assert json_of(change(trashed=False), paper(deleted=1))["deleted"] == 0


def test_a_field_that_the_schema_does_not_know_is_never_sent():
    assert json_of(change(fields={"shoeSize": "43"}), paper()) == {"key": "PAPER222", "version": 7}


def test_a_blank_for_a_field_of_another_type_is_not_sent_but_a_value_is():
    assert "publicationTitle" not in json_of(change(fields={"publicationTitle": ""}), paper())
    assert json_of(change(fields={"publicationTitle": "J"}), paper())["publicationTitle"] == "J"


def test_a_preprint_that_is_published_keeps_its_arxiv_id():
    held = paper(itemType="preprint", repository="arXiv", archiveID="arXiv:1503.03832", extra="remark")
    sent = json_of(change(fields={"itemType": "conferencePaper", "archiveID": "", "repository": ""}), held)
    assert sent == {
        "key": "PAPER222",
        "version": 7,
        "itemType": "conferencePaper",
        "extra": "remark\narXiv: 1503.03832",
        "publisher": "",  # where the server would put `arXiv`, the repository
    }


def test_an_arxiv_id_for_a_preprint_goes_to_its_archive_id():
    sent = json_of(ItemChange("PAPER222", 0, {"itemType": "preprint", "arXiv": "1503.03832"}), None)
    assert (sent["repository"], sent["archiveID"]) == ("arXiv", "arXiv:1503.03832")
    assert "extra" not in sent
    clearing = json_of(change(fields={"archiveID": ""}), paper(itemType="preprint", extra="a\narXiv:1503.03832 [cs]"))
    assert clearing["extra"] == "a"


def test_a_change_of_type_takes_values_along_under_their_new_name():
    held = paper(publicationTitle="CVPR", itemType="journalArticle", DOI="10.1/x")
    sent = json_of(change(fields={"itemType": "conferencePaper"}), held)
    assert sent == {"key": "PAPER222", "version": 7, "itemType": "conferencePaper", "proceedingsTitle": "CVPR"}
    named = json_of(change(fields={"itemType": "conferencePaper", "proceedingsTitle": "ICCV"}), held)
    assert named["proceedingsTitle"] == "ICCV"


def test_a_change_of_type_keeps_creators_that_would_have_no_type_there():
    held = paper(
        itemType="presentation",
        creators=[
            {"creatorType": "presenter", "lastName": "P", "firstName": "A"},
            {"creatorType": "author", "name": "X"},
        ],
    )
    sent = json_of(change(fields={"itemType": "conferencePaper"}), held)
    assert sent["creators"] == [
        {"creatorType": "author", "firstName": "A", "lastName": "P"},
        {"creatorType": "author", "name": "X"},
    ]


def test_a_collection_at_the_top_has_false_for_a_parent():
    assert json_of(CollectionChange("AAAA2222", 0, "A"), None)["parentCollection"] is False
    assert json_of(CollectionChange("BBBB2222", 3, "B", "AAAA2222"), None) == {
        "key": "BBBB2222",
        "version": 3,
        "name": "B",
        "parentCollection": "AAAA2222",
    }


def test_an_attachment_names_its_link_mode_only_when_new():
    new = json_of(AttachmentChange("FILE2222", 0, "PAPER222", "PDF", "https://x.org/a.pdf", "application/pdf"), None)
    assert (new["itemType"], new["linkMode"]) == ("attachment", "linked_url")
    old = json_of(AttachmentChange("FILE2222", 5, "PAPER222", "PDF", "https://x.org/b.pdf"), None)
    assert old.keys() == {"key", "version", "parentItem", "title", "url"}


def test_what_was_sent_is_recognised_on_the_server():
    sent = json_of(change(0, fields={"itemType": "book", "title": " A "}, tags=frozenset({"t"}), trashed=True), None)
    held = {"key": "PAPER222", "version": 9, "data": {"itemType": "book", "title": "A", "tags": [{"tag": "t"}]}}
    assert not holds(held, sent)
    held["data"]["deleted"] = 1
    assert holds(held, sent)
    held["data"]["title"] = "B"
    assert not holds(held, sent)


lines = st.text(st.characters(blacklist_characters="\r\n\x0b\x0c", blacklist_categories=["Cs", "Cc"]), max_size=20)
extras = st.lists(
    st.one_of(lines, st.sampled_from(["arXiv: 1401.2910 [cs]", "Citation Key: old", "PMID: 3", "", "arXiv: maybe"])),
    max_size=6,
).map("\n".join)
ids = st.sampled_from(["1503.03832", "cs/0112017", "2001.00001"])


@given(extras, ids)
def test_setting_and_clearing_the_arxiv_line_keeps_all_other_lines(extra, arxiv):
    others = [line for line in extra.split("\n") if not arxiv_of(line)]
    changed = with_arxiv(extra, arxiv)
    assert arxiv_of(changed) == arxiv
    assert with_arxiv(changed, arxiv) == changed
    cleared = with_arxiv(changed, "")
    assert arxiv_of(cleared) == ""
    assert [line for line in cleared.split("\n") if line] == [line for line in others if line]
    assert citation_key_of(cleared) == citation_key_of(extra)


@given(extras)
def test_setting_and_clearing_the_citation_key_line_keeps_all_other_lines(extra):
    changed = with_citation_key(extra, "new2015")
    assert citation_key_of(changed) == "new2015"
    assert arxiv_of(changed) == arxiv_of(extra)
    assert citation_key_of(with_citation_key(changed, "")) == ""


def as_server_keeps_it(data, before=None):
    """The data after the server's own normalisation, on top of what an item held before."""
    kept = dict(before or {})
    for name, value in data.items():
        kept[name] = value.replace("\r\n", "\n").replace("\r", "").strip() if isinstance(value, str) else value
    return kept


words = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="-‐‑‒–—−"), min_size=1, max_size=30
).map(lambda text: " ".join(text.split()))
titles = words.filter(lambda text: text and not text.lower().startswith(("http", "doi:")))


@st.composite
def records(draw):
    item_type = draw(st.sampled_from(["conferencePaper", "journalArticle", "preprint", "thesis", "book", "case"]))
    names = [name for name in managed_fields(item_type) if name != "arXiv"]
    fields = draw(st.dictionaries(st.sampled_from(names), titles, max_size=8))
    if item_type != "preprint":
        fields["arXiv"] = draw(st.one_of(st.just(""), ids))
    types = st.sampled_from(schema.creator_types_of(item_type))
    creator = st.one_of(
        st.builds(Creator, titles, st.one_of(st.just(""), titles), st.just(""), types),
        st.builds(lambda name, kind: Creator(name=name, creator_type=kind), titles, types),
    )
    return Record(item_type, fields, tuple(draw(st.lists(creator, max_size=3))))


@given(records())
def test_a_record_survives_the_way_to_the_server_and_back(record):
    kept = as_server_keeps_it(data_of(record, "a2015"))
    item = item_of({"key": "PAPER222", "version": 1, "data": kept})
    assert item.record == record
    assert item.citation_key == "a2015"


@given(records(), records(), extras)
def test_changing_one_record_into_another_leaves_the_other(before, after, extra):
    first = as_server_keeps_it(data_of(before))
    first["extra"] = with_arxiv(extra, before.get("arXiv")).strip()
    held = {"key": "PAPER222", "version": 1, "data": first}
    blanks = dict.fromkeys(item_of(held).record.fields, "")
    fields = {**blanks, "itemType": after.item_type, **after.fields}
    sent = json_of(ItemChange("PAPER222", 1, fields, after.creators), held)
    kept = as_server_keeps_it({name: value for name, value in sent.items() if name not in ("key", "version")}, first)
    assert item_of({"key": "PAPER222", "version": 2, "data": kept}).record == after


@pytest.mark.parametrize("item_type", schema.item_types())
def test_every_item_type_can_be_sent_blank(item_type):
    assert data_of(Record(item_type))["itemType"] == item_type
