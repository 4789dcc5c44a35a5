"""PATCH, PUT and DELETE of one object, DELETE of several, and their preconditions."""

import pytest

NEEDS_VERSION = "Either If-Unmodified-Since-Version or object version property must be provided for key-based writes"
WHOLE = {"itemType": "conferencePaper", "title": "b", "tags": [], "collections": [], "relations": {}}


def test_patch_keeps_what_is_not_sent(library, paper):
    library.add(paper | {"extra": "keep", "tags": [{"tag": "t"}]})
    answer = library.ask("PATCH", "/items/PAPER222", since=2, json={"title": "b"})
    assert (answer.status_code, answer.content, answer.headers["Last-Modified-Version"]) == (204, b"", "3")
    data = library.data("PAPER222")
    assert (data["title"], data["extra"], data["tags"]) == ("b", "keep", [{"tag": "t"}])


def test_the_version_may_stand_in_the_json(library, paper):
    library.add(paper)
    assert library.ask("PATCH", "/items/PAPER222", json={"title": "b", "version": 2}).status_code == 204
    answer = library.ask("PATCH", "/items/PAPER222", since=4, json={"title": "c", "version": 3})
    message = "If-Unmodified-Since-Version value does not match JSON 'version' property (4 != 3)"
    assert (answer.status_code, answer.text) == (400, message)


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_write_without_a_version_is_428(library, paper, method):
    library.add(paper)
    answer = library.ask(method, "/items/PAPER222", json=WHOLE)
    assert (answer.status_code, answer.text) == (428, NEEDS_VERSION)


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
def test_a_stale_write_is_412_and_tells_the_objects_version(library, paper, method):
    library.add(paper, {"itemType": "book"})
    options = {} if method == "DELETE" else {"json": WHOLE}
    answer = library.ask(method, "/items/PAPER222", since=1, **options)
    message = "Item has been modified since specified version (expected 1, found 2)"
    assert (answer.status_code, answer.text, answer.headers["Last-Modified-Version"]) == (412, message, "2")


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
@pytest.mark.parametrize(("kind", "noun"), [("items", "Item"), ("collections", "Collection")])
def test_a_missing_object_with_a_version_is_412(library, method, kind, noun):
    options = {} if method == "DELETE" else {"json": {"name": "x"}}
    answer = library.ask(method, f"/{kind}/ZZZZ2222", since=3, **options)
    assert (answer.status_code, answer.text) == (412, f"{noun} not found (expected version 3)")
    assert "Last-Modified-Version" not in answer.headers


def test_patch_of_a_missing_object_creates_it_with_version_0_only(library):
    answer = library.ask("PATCH", "/items/NEWKEY22", json={"itemType": "book", "title": "x"})
    message = "Item not found (to create, use If-Unmodified-Since-Version: 0, JSON 'version' 0, or PUT method)"
    assert (answer.status_code, answer.text) == (404, message)
    assert library.ask("PATCH", "/items/NEWKEY22", since=0, json={"itemType": "book"}).status_code == 204
    assert library.versions() == {"NEWKEY22": 2}


@pytest.mark.parametrize("since", [None, 0])
def test_put_of_a_missing_object_creates_it(library, since):
    answer = library.ask("PUT", "/items/NEWKEY22", since=since, json={"itemType": "book", "title": "x"})
    assert (answer.status_code, answer.headers["Last-Modified-Version"]) == (204, "2")
    assert library.data("NEWKEY22")["title"] == "x"


@pytest.mark.parametrize("missing", ["itemType", "tags", "collections", "relations"])
def test_put_needs_the_members_that_it_replaces(library, paper, missing):
    library.add(paper)
    sent = {name: value for name, value in WHOLE.items() if name != missing}
    answer = library.ask("PUT", "/items/PAPER222", since=2, json=sent)
    assert (answer.status_code, answer.text) == (400, f"'{missing}' property not provided")


def test_put_leaves_fields_and_creators_that_are_not_sent(library, paper):
    creators = [{"creatorType": "author", "name": "Org"}]
    library.add(paper | {"extra": "old", "tags": [{"tag": "t"}], "creators": creators})
    assert library.ask("PUT", "/items/PAPER222", since=2, json=WHOLE).status_code == 204
    data = library.data("PAPER222")
    assert (data["title"], data["extra"], data["creators"], data["tags"]) == ("b", "old", creators, [])


def test_put_brings_back_from_the_trash_and_detaches(library, paper, link):
    library.add(paper | {"deleted": 1}, link)
    library.ask("PUT", "/items/PAPER222", since=2, json=WHOLE)
    assert "deleted" not in library.data("PAPER222")
    sent = {"itemType": "attachment", "linkMode": "linked_url", "tags": [], "relations": {}}
    assert library.ask("PUT", "/items/FILE2222", since=3, json=sent).status_code == 204
    data = library.data("FILE2222")
    assert ("parentItem" in data, data["collections"], data["url"]) == (False, [], "https://example.org/a.pdf")


def test_the_key_in_the_body_must_be_that_of_the_path(library, paper):
    library.add(paper)
    answer = library.ask("PATCH", "/items/PAPER222", since=2, json={"key": "PAPER333", "title": "x"})
    assert (answer.status_code, answer.text) == (409, "'key' property in JSON does not match item key of request")


def test_another_type_carries_over_what_means_the_same(library, paper):
    creators = [{"creatorType": "author", "name": "A"}, {"creatorType": "seriesEditor", "name": "S"}]
    library.add(paper | {"proceedingsTitle": "Proc", "conferenceName": "Conf", "DOI": "10.1/x", "creators": creators})
    library.ask("PATCH", "/items/PAPER222", since=2, json={"itemType": "journalArticle"})
    data = library.data("PAPER222")
    assert (data["publicationTitle"], data["DOI"], data["itemType"]) == ("Proc", "10.1/x", "journalArticle")
    assert "conferenceName" not in data and "proceedingsTitle" not in data
    assert [creator["creatorType"] for creator in data["creators"]] == ["author", "contributor"]


@pytest.mark.parametrize("kind", ["items", "collections"])
def test_a_deletion_of_one_needs_its_version(library, paper, kind):
    library.add(paper)
    for key in ("PAPER222", "ZZZZ2222"):
        answer = library.ask("DELETE", f"/{kind}/{key}")
        message = "If-Unmodified-Since-Version must be provided for delete requests"
        assert (answer.status_code, answer.text) == (428, message)


def test_a_deletion_of_several_needs_no_version_but_checks_it(library, paper):
    library.add(paper, paper | {"key": "PAPER333"})
    answer = library.ask("DELETE", "/items?itemKey=PAPER222", since=2)
    assert answer.text == "Library has been modified since specified version (expected 2, found 3)"
    assert library.ask("DELETE", "/items?itemKey=PAPER222,ZZZZ2222").status_code == 204
    assert list(library.versions()) == ["PAPER333"]


def test_deleting_an_item_deletes_its_children_and_names_them(library, paper, link):
    library.add(paper, link, {"itemType": "note", "key": "NNTE2222", "version": 0, "parentItem": "PAPER222"})
    library.ask("DELETE", "/items/PAPER222", since=2)
    deleted = library.read("/deleted?since=1")
    assert set(deleted.pop("items")) == {"PAPER222", "FILE2222", "NNTE2222"}
    assert deleted == {"collections": [], "searches": [], "tags": [], "settings": []}
    assert library.get("/items/FILE2222").status_code == 404


def test_deleted_names_what_went_after_the_version(library, paper):
    library.add(paper, paper | {"key": "PAPER333"})
    library.ask("DELETE", "/items/PAPER222", since=2)
    library.ask("DELETE", "/items/PAPER333", since=3)
    assert library.read("/deleted?since=4")["items"] == ["PAPER333"]
    assert library.read("/deleted?since=5")["items"] == []
    assert library.get("/deleted").text == "'since' parameter must be provided"


def test_a_key_that_is_created_again_is_no_longer_deleted(library, paper):
    library.add(paper)
    library.ask("DELETE", "/items/PAPER222", since=2)
    library.add(paper)
    assert library.read("/deleted?since=0")["items"] == []


def test_reading_a_missing_object(library):
    for path, message in {
        "/items/ZZZZ2222": "Item does not exist",
        "/items/ZZZZ2222/children": "Item not found",
        "/items/ZZZZ2222/tags": "Not found",
        "/collections/ZZZZ2222": "Collection not found",
        "/collections/ZZZZ2222/items": "Collection not found",
        "/items/bad_key!": "Not found",
        "/items/PAPER222/nothing": "Not found",
    }.items():
        answer = library.get(path)
        assert (answer.status_code, answer.text) == (404, message)
        assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("kind", ["items", "collections"])
@pytest.mark.parametrize(
    ("since", "status"),
    [(0, 412), (-1, 412), (1, 412), (2, 204), (" 2", 204), ("2.5", 204), (3, 204), ("9" * 30, 204), ("x", 400)],
)
def test_the_forms_of_the_version_in_the_header(library, paper, kind, since, status):
    library.add(paper if kind == "items" else {"key": "PAPER222", "version": 0, "name": "A"}, to=f"/{kind}")
    name = "title" if kind == "items" else "name"
    answer = library.ask("PATCH", f"/{kind}/PAPER222", since=since, json={name: "B"})
    assert answer.status_code == status
    assert library.ask("DELETE", f"/{kind}/PAPER222", since=since if status != 204 else 9).status_code == status


def test_a_version_that_is_no_number_is_quoted(library, paper):
    library.add(paper)
    for options in ({"since": "x"}, {"json": {"version": "x"}}):
        answer = library.ask("PATCH", "/items/PAPER222", **{"json": {"title": "B"}} | options)
        assert answer.status_code == 400
        assert answer.text.endswith("value 'x'")


def test_the_version_is_looked_at_before_the_key(library, paper):
    library.add(paper)
    other = {"key": "PAPER333", "title": "B"}
    assert library.ask("PATCH", "/items/PAPER222", json=other).status_code == 428
    assert library.ask("PATCH", "/items/PAPER222", since=1, json=other).status_code == 412
    assert library.ask("PATCH", "/items/PAPER222", since=2, json=other).status_code == 409


def test_a_put_of_an_attachment_needs_its_link_mode_only(library, paper, link):
    library.add(paper, link)
    answer = library.ask("PUT", "/items/FILE2222", since=9, json={"itemType": "attachment", "parentItem": "PAPER222"})
    assert (answer.status_code, answer.text) == (400, "'linkMode' property not provided")
    whole = {"itemType": "attachment", "linkMode": "linked_url", "parentItem": "PAPER222", "title": "B"}
    assert library.ask("PUT", "/items/FILE2222", since=9, json=whole).status_code == 204
    data = library.data("FILE2222")
    assert (data["title"], data["url"]) == ("B", "https://example.org/a.pdf")


def test_a_put_tells_what_is_missing_in_its_order(library, paper):
    library.add(paper)
    sent = {}
    for name, value in {"itemType": "book", "tags": [], "relations": {}, "collections": []}.items():
        answer = library.ask("PUT", "/items/PAPER222", since=2, json=sent)
        assert (answer.status_code, answer.text) == (400, f"'{name}' property not provided")
        sent[name] = value
    assert library.ask("PUT", "/items/PAPER222", since=2, json=sent).status_code == 204


@pytest.mark.parametrize("kind", ["items", "collections", "searches"])
def test_deleting_what_version_0_says_is_not_there(library, kind):
    answer = library.ask("DELETE", f"/{kind}/ZZZZ2222", since=0)
    assert (answer.status_code, answer.headers["Last-Modified-Version"]) == (204, "2")
    answer = library.ask("DELETE", f"/{kind}/ZZZZ2222", since=7)
    assert (answer.status_code, answer.text.split(" ", 1)[1]) == (412, "not found (expected version 7)")


@pytest.mark.parametrize("query", ["", "?itemKey=", "?itemKey=bad", "?itemKey=ZZZZ2222,,"])
def test_a_deletion_of_nothing_takes_a_version(library, paper, query):
    library.add(paper)
    answer = library.ask("DELETE", f"/items{query}")
    assert (answer.status_code, answer.headers["Last-Modified-Version"]) == (204, "3")
    assert list(library.versions()) == ["PAPER222"]


def test_a_deletion_of_several_goes_by_the_librarys_version(library, paper):
    library.add(paper, paper | {"key": "PAPER333"})
    for since, status in {"x": 400, "2": 412, "-1": 412}.items():
        answer = library.ask("DELETE", "/items?itemKey=PAPER222", since=since)
        assert (answer.status_code, answer.headers.get("Last-Modified-Version")) == (status, None)
    assert library.ask("DELETE", "/items?itemKey=PAPER222,PAPER333", since=3).status_code == 204
    assert library.read("/deleted?since=3")["items"] == ["PAPER222", "PAPER333"]
    assert library.version == 4


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b"5", b'"x"', b"null", b"{", b'{"a": NaN}'])
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_a_body_that_is_no_object(library, paper, method, body):
    library.add(paper)
    answer = library.ask(method, "/items/PAPER222", since=2, content=body)
    assert (answer.status_code, answer.headers.get("Last-Modified-Version")) == (400, None)
    if not body:
        assert answer.text == f"{method} data not provided"
    assert library.version == 2


def test_the_content_type_of_a_body_does_not_matter(library, paper):
    library.add(paper)
    headers = {"Content-Type": "text/plain", "If-Unmodified-Since-Version": "2"}
    assert library.ask("PATCH", "/items/PAPER222", content=b'{"title": "B"}', headers=headers).status_code == 204


def test_deleting_an_item_takes_it_out_of_the_relations_of_others(library, paper):
    uri = f"http://zotero.org{library.path}/items/PAPER222"
    library.add(paper)
    library.add(paper | {"key": "PAPER333", "relations": {"dc:relation": uri, "dc:replaces": uri}})
    library.ask("DELETE", "/items/PAPER222", since=99)
    assert library.data("PAPER333")["relations"] == {"dc:replaces": uri}
    assert library.versions() == {"PAPER333": 3}


def test_a_put_of_a_child_without_its_parent_makes_it_a_top_item(library, paper):
    library.add({"key": "AAAA2222", "version": 0, "name": "A"}, to="/collections")
    library.add(paper, {"itemType": "note", "key": "NNTE2222", "version": 0, "parentItem": "PAPER222"})
    whole = {"itemType": "note", "tags": [], "relations": {}}
    answer = library.ask("PUT", "/items/NNTE2222", since=9, json=whole)
    assert (answer.status_code, answer.text) == (400, "'collections' property not provided")
    kept = whole | {"parentItem": "PAPER222"}
    assert library.ask("PUT", "/items/NNTE2222", since=9, json=kept).status_code == 204
    library.ask("PUT", "/items/NNTE2222", since=9, json=whole | {"collections": ["AAAA2222"]})
    assert library.data("NNTE2222")["collections"] == ["AAAA2222"]
    assert library.keys("/items/PAPER222/children") == []
