"""The trash: where an item in it is still seen."""

import pytest


@pytest.fixture(autouse=True)
def trashed(library, paper, link):
    library.add({"key": "AAAA2222", "version": 0, "name": "A"}, to="/collections")
    library.add(paper | {"collections": ["AAAA2222"]}, paper | {"key": "PAPER333"}, link)
    assert library.ask("PATCH", "/items/PAPER222", since=3, json={"deleted": 1}).status_code == 204


def test_it_is_absent_from_the_lists_and_from_deleted(library):
    assert library.keys("/items") == ["FILE2222", "PAPER333"]
    assert library.keys("/items/top") == ["PAPER333"]
    assert library.keys("/items?since=5") == []
    assert library.keys("/items?itemKey=PAPER222,PAPER333") == ["PAPER333"]
    assert library.keys("/collections/AAAA2222/items/top") == []
    assert library.read("/deleted?since=0")["items"] == []
    assert library.read("/collections/AAAA2222")["meta"]["numItems"] == 0


def test_it_is_seen_where_it_is_asked_for(library):
    assert library.versions("/items?includeTrashed=1&since=5") == {"PAPER222": 6}
    assert set(library.keys("/items/top?includeTrashed=1")) == {"PAPER222", "PAPER333"}
    assert library.keys("/items/trash") == ["PAPER222"]
    data = library.data("PAPER222")
    assert (data["deleted"], data["collections"]) == (1, ["AAAA2222"])


def test_its_children_are_not_marked(library):
    assert library.keys("/items/PAPER222/children") == ["FILE2222"]
    assert "deleted" not in library.data("FILE2222")


def test_a_child_in_the_trash_is_left_out_but_counted(library):
    library.ask("PATCH", "/items/FILE2222", since=9, json={"deleted": True})
    assert library.keys("/items/PAPER222/children") == []
    assert library.keys("/items/PAPER222/children?includeTrashed=1") == ["FILE2222"]
    assert library.read("/items/PAPER222")["meta"]["numChildren"] == 1


def test_an_edit_leaves_it_there(library):
    library.ask("PATCH", "/items/PAPER222", since=9, json={"title": "b"})
    assert library.keys("/items/trash") == ["PAPER222"]


@pytest.mark.parametrize("value", [0, False])
def test_bringing_it_back(library, value):
    library.ask("PATCH", "/items/PAPER222", since=9, json={"deleted": value})
    assert "deleted" not in library.data("PAPER222")
    assert library.keys("/items/trash") == []


def test_its_key_is_still_taken(library, paper):
    code, message = library.failure(paper)
    assert (code, message) == (412, "Item has been modified since specified version (expected 0, found 6)")


def test_deleting_it_for_good(library):
    library.ask("DELETE", "/items/PAPER222", since=6)
    assert set(library.read("/deleted?since=0")["items"]) == {"FILE2222", "PAPER222"}
    assert library.keys("/items/trash") == []


BOOK = {"itemType": "book", "key": "BKKK2222", "version": 0}


def test_a_collection_does_not_count_what_is_in_the_trash(library):
    library.add({"key": "CCCC2222", "version": 0, "name": "C"}, to="/collections")
    library.add(BOOK | {"collections": ["CCCC2222"]})
    assert library.read("/collections/CCCC2222")["meta"]["numItems"] == 1
    library.ask("PATCH", "/items/BKKK2222", since=99, json={"deleted": True})
    assert library.read("/collections/CCCC2222")["meta"]["numItems"] == 0
    assert library.keys("/collections/CCCC2222/items?includeTrashed=1") == ["BKKK2222"]


def test_it_is_changed_once_only(library):
    library.add(BOOK | {"deleted": 1})
    for deleted, outcome in ((True, "unchanged"), (False, "successful"), (0, "unchanged")):
        assert library.post({"key": "BKKK2222", "version": 99, "deleted": deleted})[outcome]


def test_an_item_may_be_in_the_trash_from_the_start(library):
    library.add(BOOK | {"deleted": 1})
    assert "BKKK2222" not in library.keys("/items")
    assert "BKKK2222" in library.keys("/items/trash")
