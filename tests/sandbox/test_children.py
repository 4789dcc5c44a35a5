"""Attachments and notes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.sandbox.notes import sanitized, title_of


def test_a_linked_url_in_full(library, paper, link):
    library.add(paper, link | {"accessDate": "2026-01-02T03:04:05Z", "note": "", "tags": [{"tag": "t"}]})
    shown = library.read("/items/FILE2222")
    dates = {name: shown["data"].pop(name) for name in ("dateAdded", "dateModified")}
    assert dates["dateAdded"] == dates["dateModified"]
    assert shown["data"] == {
        "key": "FILE2222",
        "version": 3,
        "parentItem": "PAPER222",
        "itemType": "attachment",
        "linkMode": "linked_url",
        "title": "PDF",
        "accessDate": "2026-01-02T03:04:05Z",
        "url": "https://example.org/a.pdf",
        "note": "",
        "contentType": "application/pdf",
        "charset": "",
        "tags": [{"tag": "t"}],
        "relations": {},
    }
    assert list(shown["meta"]) == ["createdByUser"]
    assert shown["links"]["up"]["href"].endswith("/items/PAPER222")


def test_the_children_of_an_item(library, paper, link):
    library.add(paper, link)
    assert library.keys("/items/PAPER222/children") == ["FILE2222"]
    assert library.keys("/items/top") == ["PAPER222"]
    assert library.read("/items/PAPER222")["meta"]["numChildren"] == 1


def test_a_parent_comes_before_its_child(library, paper, link):
    outcome = library.post(link, paper)
    failure = {"code": 409, "message": "Parent item PAPER222 not found", "data": {"parentItem": "PAPER222"}}
    assert outcome["failed"] == {"0": failure}
    assert outcome["success"] == {"1": "PAPER222"}


def test_a_child_fails_with_its_parent(library, paper, link):
    outcome = library.post(paper | {"bogus": 1}, link)
    assert [outcome["failed"][position]["code"] for position in "01"] == [400, 409]


def test_the_url_is_not_checked(library, paper, link):
    library.add(paper)
    for number, url in enumerate(["not a url", "", "  https://example.org/ü "]):
        [made] = library.add(link | {"key": f"FILE222{number + 3}", "url": url})
        assert made["data"]["url"] == url.strip()


def test_moving_a_child(library, paper, link):
    library.add({"key": "AAAA2222", "version": 0, "name": "A"}, to="/collections")
    library.add(paper, paper | {"key": "PAPER333"}, link)
    library.ask("PATCH", "/items/FILE2222", since=99, json={"parentItem": "PAPER333"})
    assert library.keys("/items/PAPER333/children") == ["FILE2222"]
    library.ask("PATCH", "/items/FILE2222", since=99, json={"parentItem": False})
    assert library.data("FILE2222")["collections"] == []
    library.ask("PATCH", "/items/FILE2222", since=99, json={"collections": ["AAAA2222"]})
    library.ask("PATCH", "/items/FILE2222", since=99, json={"parentItem": "PAPER222"})
    assert "collections" not in library.data("FILE2222")
    assert library.keys("/collections/AAAA2222/items") == []


@pytest.mark.parametrize(
    ("sent", "code", "message"),
    [
        ({"parentItem": "ZZZZ2222"}, 409, "Parent item ZZZZ2222 not found"),
        ({"parentItem": "FILE2222"}, 400, "Parent item FILE2222 cannot be a child item"),
        ({"parentItem": "bad"}, 400, "'parentItem' must be a valid item key or false"),
        ({"parentItem": None}, 400, "'parentItem' must be a valid item key or false"),
        ({"linkMode": None}, 400, "'linkMode' property not provided"),
        ({"linkMode": "x"}, 400, "'x' is not a valid linkMode"),
        ({"linkMode": "linked_file"}, 400, "Linked files can only be added to user libraries"),
        ({"md5": None}, 400, "'md5' is valid only for imported and embedded-image attachments"),
        ({"mtime": 1}, 400, "'mtime' is valid only for imported and embedded-image attachments"),
        ({"filename": "x"}, 400, "'filename' is valid only for imported and embedded-image attachments"),
        ({"path": "x"}, 400, "'path' is valid only for linked file attachment items"),
        ({"DOI": "10.1/x"}, 400, "'DOI' is not a valid field for type 'attachment'"),
    ],
)
def test_attachments_that_are_refused(library, paper, link, sent, code, message):
    library.add(paper, link)
    assert library.failure(link | {"key": "FILE3333"} | sent) == (code, message)


def test_the_link_mode_cannot_change(library, paper, link):
    library.add(paper, link)
    answer = library.ask("PATCH", "/items/FILE2222", since=9, json={"linkMode": "imported_url"})
    assert (answer.status_code, answer.text) == (400, "Cannot change attachment linkMode")


def test_a_paper_is_nobodys_child(library, paper):
    library.add(paper)
    code, message = library.failure(paper | {"key": "PAPER333", "parentItem": "PAPER222"})
    assert (code, message) == (400, "Child item must be note, attachment, or annotation")


def test_an_imported_file_has_a_name_and_no_hash_yet(library):
    [made] = library.add({"itemType": "attachment", "linkMode": "imported_file", "filename": "a.pdf"})
    assert (made["data"]["filename"], made["data"]["md5"], made["data"]["mtime"]) == ("a.pdf", None, None)
    assert library.post(made["data"])["unchanged"]


def test_a_linked_file_is_for_user_libraries(sandbox, library):
    sent = [{"itemType": "attachment", "linkMode": "linked_file", "path": "x.pdf"}]
    made = library.http.post(f"/users/{sandbox.user}/items", json=sent).json()["successful"]["0"]
    assert made["data"]["path"] == "x.pdf"
    assert made["library"]["type"] == "user"


def test_a_note(library, paper):
    library.add(paper)
    note = {"itemType": "note", "key": "NNTE2222", "version": 0, "parentItem": "PAPER222", "note": "plain"}
    [made] = library.add(note)
    assert made["data"]["note"] == "<p>plain</p>"
    assert library.post(made["data"])["unchanged"]
    assert library.failure({"itemType": "note", "title": "x"})[1] == "'title' is not a valid field for type 'note'"
    message = "'note' property is valid only for note and attachment items"
    assert library.failure({"itemType": "book", "note": "x"}) == (400, message)


@pytest.mark.parametrize(
    ("note", "kept"),
    [
        ("", ""),
        ("<p>a <b>b</b></p>", "<p>a <b>b</b></p>"),
        ("a & b &amp; c &eacute;", "<p>a &amp; b &amp; c &eacute;</p>"),
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        ('<p><a href="javascript:x()">a</a></p>', "<p><a>a</a></p>"),
        ('<p><a href=" JaVaScRiPt:x()">a</a></p>', "<p><a>a</a></p>"),
        ('<p><a href="https://example.org/?a=1">a</a></p>', '<p><a href="https://example.org/?a=1">a</a></p>'),
        ("<p>open <i>tags", "<p>open <i>tags</i></p>"),
        ("<svg onload=x()><p>a</p>", "<p>a</p>"),
    ],
)
def test_notes_lose_what_is_active(note, kept):
    assert sanitized(note) == kept


@given(st.text(alphabet="<>/&;\"'= abpi#!-[]scrt", max_size=60))
def test_a_sanitized_note_stays_as_it_is(note):
    once = sanitized(note)
    assert sanitized(once) == once
    assert "<script" not in once


def test_a_note_is_called_by_its_first_line():
    assert title_of("<p>One &amp; <b>two</b></p><p>three</p>") == "One & two"


IMAGE = {"itemType": "attachment", "linkMode": "embedded_image", "contentType": "image/png"}


def test_an_image_in_a_note(library):
    library.add({"itemType": "note", "key": "NNTE2222", "version": 0})
    [made] = library.add(IMAGE | {"parentItem": "NNTE2222"})
    assert not {"title", "url", "note", "tags", "collections", "relations"} & set(made["data"])
    for sent, message in [
        ({}, "Embedded-image attachment must have a parent item"),
        (
            {"parentItem": "NNTE2222", "contentType": "text/html"},
            "Embedded-image attachment must have an image content type",
        ),
    ]:
        assert library.failure(IMAGE | sent) == (400, message)


def test_an_item_is_not_its_own_child(library):
    library.add({"itemType": "note", "key": "NNTE2222", "version": 0})
    answer = library.ask("PATCH", "/items/NNTE2222", since=2, json={"parentItem": "NNTE2222"})
    assert (answer.status_code, answer.text) == (400, "Item NNTE2222 cannot be a child of itself")


def test_a_note_that_is_too_long(library):
    note = {"itemType": "note", "key": "NNTE2222", "version": 0}
    library.add(note | {"note": "x" * 250_000})
    [failed] = library.post(note | {"key": "NNTE3333", "note": "x" * 250_001})["failed"].values()
    assert failed["code"] == 413
    assert failed["message"].startswith(f"Note '{'x' * 79}...' too long for item '")
    assert "data" not in failed


def test_a_note_that_is_no_text_is_blank(library):
    for note in (5, None, [], {}):
        assert library.add({"itemType": "note", "note": note})[0]["data"]["note"] == ""


@pytest.mark.parametrize("sent", [{"md5": None}, {"mtime": None}, {"md5": ""}, {"mtime": 0}])
def test_a_blank_hash_or_time_leaves_the_files(library, sent):
    stored = {"itemType": "attachment", "linkMode": "imported_file", "md5": "a" * 32, "mtime": 5}
    [made] = library.add(stored)
    assert library.post({"key": made["key"], "version": 2, **sent})["unchanged"]
    assert library.failure(stored | {"md5": "x"}) == (400, "'x' is not a valid MD5 hash")
