"""Collections: names, nesting, membership, deletion and trash."""

import pytest

A = {"key": "AAAA2222", "version": 0, "name": "A"}
B = {"key": "BBBB2222", "version": 0, "name": "B", "parentCollection": "AAAA2222"}


def add(library, *collections):
    return library.add(*collections, to="/collections")


def test_a_collection_in_full(library):
    [made] = add(library, A)
    assert made["data"] == {
        "key": "AAAA2222",
        "version": 2,
        "name": "A",
        "parentCollection": False,
        "relations": {},
    }
    assert made["meta"] == {"numCollections": 0, "numItems": 0}
    assert made["links"]["self"]["href"] == f"http://sandbox{library.path}/collections/AAAA2222"
    assert library.read("/collections/AAAA2222") == made


@pytest.mark.parametrize(
    ("name", "stored"),
    [("   ", ""), ("x" * 255, "x" * 255), ("é" * 255, "é" * 255), ("  sp  ace ", "sp  ace"), ("a\nb", "a\nb")],
)
def test_names_that_pass(library, name, stored):
    assert add(library, {"name": name})[0]["data"]["name"] == stored


@pytest.mark.parametrize(
    ("sent", "code", "message"),
    [
        ({"name": ""}, 400, "Collection name cannot be empty"),
        ({"name": "x" * 256}, 413, f"Collection name '{'x' * 50}…' too long"),
        ({"name": 5}, 400, "'name' must be a string"),
        ({"name": None}, 400, "'name' property not provided"),
        ({}, 400, "'name' property not provided"),
        ({"name": "ok", "color": "red"}, 400, "Invalid property 'color'"),
        ({"name": "ok", "key": "bad"}, 400, "'bad' is not a valid collection key"),
    ],
)
def test_names_that_do_not(library, sent, code, message):
    assert library.failure(sent, to="/collections") == (code, message)


def test_two_may_have_the_same_name(library):
    assert len({made["key"] for made in add(library, {"name": "Twin"}, {"name": "Twin"})}) == 2


def test_a_parent_comes_before_its_child(library):
    outcome = library.post(B, A, to="/collections")
    message = "Parent collection AAAA2222 not found"
    assert outcome["failed"] == {"0": {"code": 409, "message": message, "data": {"collection": "AAAA2222"}}}
    assert outcome["success"] == {"1": "AAAA2222"}
    add(library, B)
    assert library.read("/collections/AAAA2222")["meta"]["numCollections"] == 1


def test_moving_to_another_parent_and_to_the_top(library):
    add(library, A, B)
    assert library.keys("/collections/AAAA2222/collections") == ["BBBB2222"]
    assert library.keys("/collections/top") == ["AAAA2222"]
    library.ask("PATCH", "/collections/BBBB2222", since=3, json={"parentCollection": False})
    assert library.read("/collections/BBBB2222")["data"]["parentCollection"] is False
    answer = library.ask("PATCH", "/collections/BBBB2222", since=4, json={"parentCollection": "ZZZZ2222"})
    assert (answer.status_code, answer.text) == (409, "Parent collection ZZZZ2222 not found")


def test_a_collection_cannot_be_within_itself(library):
    add(library, A)
    answer = library.ask("PATCH", "/collections/AAAA2222", since=2, json={"parentCollection": "AAAA2222"})
    assert (answer.status_code, answer.text) == (409, "Collection AAAA2222 cannot be within itself")


def test_a_parent_from_within_moves_to_the_top_first(library):
    add(library, A, B)
    answer = library.ask("PATCH", "/collections/AAAA2222", since=3, json={"parentCollection": "BBBB2222"})
    assert (answer.status_code, answer.headers["Last-Modified-Version"]) == (204, "4")
    assert library.keys("/collections/top") == ["BBBB2222"]
    assert library.keys("/collections/BBBB2222/collections") == ["AAAA2222"]
    assert library.versions("/collections") == {"AAAA2222": 4, "BBBB2222": 4}


def test_renaming_by_patch_put_and_post(library):
    add(library, A)
    library.ask("PATCH", "/collections/AAAA2222", since=2, json={"name": "B"})
    library.ask("PUT", "/collections/AAAA2222", json={"name": "C", "version": 3})
    assert library.post(A | {"version": 4, "name": "C"}, to="/collections")["unchanged"] == {"0": "AAAA2222"}
    [made] = add(library, A | {"version": 4, "name": "D"})
    assert (made["version"], made["data"]["name"]) == (6, "D")


def test_a_stale_collection(library):
    add(library, A)
    message = "Collection has been modified since specified version (expected 1, found 2)"
    assert library.failure(A | {"version": 1}, to="/collections") == (412, message)


def test_the_items_of_a_collection_and_their_children(library, paper, link):
    add(library, A, B)
    library.add(paper | {"collections": ["AAAA2222"]}, link, paper | {"key": "PAPER333", "collections": ["BBBB2222"]})
    assert set(library.keys("/collections/AAAA2222/items")) == {"PAPER222", "FILE2222"}
    assert library.keys("/collections/AAAA2222/items/top") == ["PAPER222"]
    assert library.read("/collections/AAAA2222")["meta"] == {"numCollections": 1, "numItems": 1}


def test_the_collections_of_an_item_are_replaced_as_a_whole(library, paper):
    add(library, A, B)
    library.add(paper | {"collections": ["AAAA2222", "AAAA2222"]})
    assert library.data("PAPER222")["collections"] == ["AAAA2222"]
    library.ask("PATCH", "/items/PAPER222", since=9, json={"collections": ["BBBB2222"]})
    assert library.data("PAPER222")["collections"] == ["BBBB2222"]
    library.ask("PATCH", "/items/PAPER222", since=9, json={"collections": []})
    assert library.data("PAPER222")["collections"] == []


@pytest.mark.parametrize(
    ("collections", "code", "message"),
    [
        (["ZZZZ2222"], 409, "Collection ZZZZ2222 not found"),
        (["bad"], 400, "'bad' is not a valid collection key"),
        ("AAAA2222", 400, "'collections' property must be an array"),
        (None, 400, "'collections' property must be an array"),
    ],
)
def test_memberships_that_are_refused(library, paper, collections, code, message):
    assert library.failure(paper | {"collections": collections}) == (code, message)


def test_a_child_cannot_be_in_a_collection(library, paper, link):
    add(library, A)
    library.add(paper)
    message = "Child items cannot be assigned to collections"
    assert library.failure(link | {"collections": ["AAAA2222"]}) == (400, message)
    [child] = library.add(link | {"collections": []})
    assert "collections" not in child["data"]


def test_deleting_one_leaves_its_items_as_they_are(library, paper):
    add(library, A)
    library.add(paper | {"collections": ["AAAA2222"]})
    library.ask("DELETE", "/collections/AAAA2222", since=2)
    assert library.versions() == {"PAPER222": 3}
    assert library.data("PAPER222")["collections"] == []
    assert library.read("/deleted?since=0")["collections"] == ["AAAA2222"]


def test_deleting_one_deletes_what_is_within_but_names_only_the_top(library, paper):
    add(library, A, B, {"key": "CCCC2222", "version": 0, "name": "C", "parentCollection": "BBBB2222"})
    library.add(paper | {"collections": ["CCCC2222"]})
    library.ask("DELETE", "/collections?collectionKey=AAAA2222", since=5)
    assert library.versions("/collections") == {}
    assert library.read("/deleted?since=0")["collections"] == ["AAAA2222"]
    assert library.data("PAPER222")["collections"] == []


def test_one_in_the_trash_stays_in_the_lists(library, paper):
    add(library, A)
    library.add(paper | {"collections": ["AAAA2222"]})
    library.ask("PATCH", "/collections/AAAA2222", since=2, json={"deleted": True})
    [shown] = library.read("/collections")
    assert shown["data"]["deleted"] is True
    assert library.read("/deleted?since=0")["collections"] == []
    assert library.data("PAPER222")["collections"] == ["AAAA2222"]
    library.ask("PATCH", "/collections/AAAA2222", since=9, json={"deleted": False})
    assert "deleted" not in library.read("/collections/AAAA2222")["data"]


def test_the_lists_of_collections(library):
    add(library, {"name": "beta", "key": "BBBB2222", "version": 0}, {"name": "Alpha", "key": "AAAA2222", "version": 0})
    assert library.keys("/collections?sort=title") == ["AAAA2222", "BBBB2222"]
    assert library.keys("/collections?sort=title&direction=desc") == ["BBBB2222", "AAAA2222"]
    assert library.keys("/collections?collectionKey=BBBB2222,ZZZZ2222") == ["BBBB2222"]
    assert library.versions("/collections?since=2") == {"AAAA2222": 3}


def test_adding_by_key_moves_no_version(library, paper):
    add(library, A)
    library.add(paper)
    assert library.ask("POST", "/collections/AAAA2222/items", content="PAPER222").status_code == 204
    assert library.data("PAPER222")["collections"] == ["AAAA2222"]
    assert library.version == 3
    assert library.ask("DELETE", "/collections/AAAA2222/items/PAPER222").status_code == 500


@pytest.mark.parametrize(
    ("sent", "code", "message"),
    [
        ({"parent": False}, 400, "'parent' property is now 'parentCollection'"),
        ({"collectionKey": "AAAA2222"}, 400, "'collectionKey' property is now 'key'"),
        ({"parentCollection": True}, 400, "'parentCollection' must be a collection key or FALSE (boolean)"),
        ({"parentCollection": 5}, 400, "'parentCollection' must be a collection key or FALSE (integer)"),
        ({"parentCollection": "bad"}, 409, "Parent collection bad not found"),
        ({"relations": {"dc:relation": []}}, 400, "Unsupported predicate 'dc:relation'"),
        ({"relations": {"owl:sameAs": "x"}}, 400, "'relations' values currently must be Zotero collection URIs"),
        ({"deleted": "yes"}, 400, "'deleted' must be a boolean"),
        ({"name": None, "color": "red"}, 400, "'name' property not provided"),
    ],
)
def test_collections_that_are_refused(library, sent, code, message):
    assert library.failure({"name": "A", **sent}, to="/collections") == (code, message)


def test_a_put_puts_back_what_it_does_not_send(library):
    same = {"owl:sameAs": "http://zotero.org/groups/1/collections/ABCD2345"}
    add(library, A, B | {"relations": same, "deleted": True})
    library.ask("PUT", "/collections/BBBB2222", since=9, json={"name": "B"})
    data = library.read("/collections/BBBB2222")["data"]
    assert (data["parentCollection"], data["relations"], "deleted" in data) == (False, {}, False)


def test_a_patch_leaves_what_it_does_not_send(library):
    add(library, A, B)
    for name, message in {"": "Collection name cannot be empty", None: "'name' must be a string"}.items():
        answer = library.ask("PATCH", "/collections/BBBB2222", since=9, json={"name": name})
        assert (answer.status_code, answer.text) == (400, message)
    library.ask("PATCH", "/collections/BBBB2222", since=9, json={"name": "C", "parentCollection": None})
    assert library.read("/collections/BBBB2222")["data"]["parentCollection"] == "AAAA2222"


def test_a_name_is_searched_as_it_is_written(library):
    add(library, A | {"name": "Deep Metric Learning"}, B | {"name": "Metric"})
    assert set(library.keys("/collections?q=metric")) == {"AAAA2222", "BBBB2222"}
    assert library.keys("/collections?q=metric%20learning") == ["AAAA2222"]
    assert library.keys("/collections?q=learning%20metric") == []


def test_deleting_several_collections_of_one_family(library, paper):
    add(library, A, B, {"key": "CCCC2222", "version": 0, "name": "C"})
    library.add(paper | {"collections": ["BBBB2222", "CCCC2222"]})
    answer = library.ask("DELETE", "/collections?collectionKey=BBBB2222,AAAA2222,ZZZZ2222", since=5)
    assert (answer.status_code, answer.headers["Last-Modified-Version"]) == (204, "6")
    assert library.read("/deleted?since=5")["collections"] == ["AAAA2222", "BBBB2222"]
    assert library.data("PAPER222")["collections"] == ["CCCC2222"]
    assert library.versions() == {"PAPER222": 5}


def test_keys_that_cannot_be_added_to_a_collection(library, paper, link):
    add(library, A)
    library.add(paper, link)
    for key, message in {
        "ZZZZ2222": "Item 'ZZZZ2222' not found in library",
        "FILE2222": "Child items cannot be added to collections directly",
    }.items():
        answer = library.ask("POST", "/collections/AAAA2222/items", content=f"PAPER222 {key}".encode())
        assert (answer.status_code, answer.text) == (400, message)
    assert library.keys("/collections/AAAA2222/items") == []
