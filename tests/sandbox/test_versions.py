"""One version per object: what moves the library's counter and what an object gets of it."""

import pytest


def lmv(answer):
    return int(answer.headers["Last-Modified-Version"])


def test_an_empty_library_is_at_version_1(library):
    for path in ("/items", "/items/top", "/items/trash", "/collections", "/items?format=versions", "/deleted?since=0"):
        assert lmv(library.get(path)) == 1


def test_every_object_of_a_batch_takes_a_version_in_the_order_of_the_batch(library):
    written = library.add(*({"itemType": "book", "title": str(number)} for number in range(5)))
    assert [item["version"] for item in written] == [2, 3, 4, 5, 6]
    assert library.version == 6


def test_items_and_collections_share_the_counter(library, paper):
    library.add({"name": "A"}, to="/collections")
    [item] = library.add(paper)
    assert item["version"] == 3
    assert lmv(library.get("/collections")) == 3


def test_a_failed_object_takes_none_and_an_unchanged_one_takes_one(library, paper):
    library.add(paper)
    outcome = library.post({"key": "PAPER222", "version": 2, "title": "A Paper"}, {"itemType": "bogus"})
    assert outcome["unchanged"] == {"0": "PAPER222"}
    assert library.version == 3
    assert library.versions() == {"PAPER222": 2}


def test_a_patch_without_effect_tells_the_old_version_and_takes_one(library, paper):
    library.add(paper)
    answer = library.ask("PATCH", "/items/PAPER222", since=2, json={"title": "A Paper"})
    assert (answer.status_code, answer.content, lmv(answer)) == (204, b"", 2)
    assert lmv(library.ask("PATCH", "/items/PAPER222", since=2, json={"title": "B"})) == 4


def test_a_refused_patch_takes_none(library, paper):
    library.add(paper)
    assert library.ask("PATCH", "/items/PAPER222", since=2, json={"bogus": 1}).status_code == 400
    assert library.version == 2


@pytest.mark.parametrize("keys", ["PAPER222", "PAPER222,PAPER333", "ZZZZ2222", ""])
def test_a_deletion_takes_one_version_for_the_whole_request(library, paper, keys):
    library.add(paper, paper | {"key": "PAPER333"})
    answer = library.ask("DELETE", f"/items?itemKey={keys}", since=3)
    assert (answer.status_code, lmv(answer), library.version) == (204, 4, 4)


def test_a_child_does_not_move_its_parent_nor_a_member_its_collection(library, paper, link):
    library.add({"key": "AAAA2222", "version": 0, "name": "A"}, to="/collections")
    library.add(paper | {"collections": ["AAAA2222"]}, link)
    assert library.versions() == {"PAPER222": 3, "FILE2222": 4}
    assert library.versions("/collections") == {"AAAA2222": 2}


def test_libraries_count_for_themselves(library, paper):
    library.add(paper)
    answer = library.http.get(f"/users/{library.sandbox.user}/items?format=versions")
    assert (lmv(answer), answer.json()) == (1, {})


@pytest.mark.parametrize(("since", "found"), [(0, 2), (2, 1), (3, 0), (-1, 2), (10**30, 0)])
def test_since_means_a_greater_version(library, paper, since, found):
    library.add(paper, paper | {"key": "PAPER333"})
    assert len(library.versions(f"/items?since={since}")) == found
    assert len(library.read(f"/items/top?since={since}")) == found


def test_since_must_be_a_number(library):
    for path in ("/items", "/collections", "/deleted"):
        answer = library.get(f"{path}?since=abc")
        assert (answer.status_code, answer.text) == (400, "Invalid value for 'since' parameter")
        assert "Last-Modified-Version" not in answer.headers


def test_a_list_that_is_not_newer_is_304_without_a_version(library, paper):
    library.add(paper)
    for path in ("/items", "/items/top", "/collections", "/items?format=versions"):
        answer = library.get(path, headers={"If-Modified-Since-Version": "2"})
        assert (answer.status_code, answer.content) == (304, b"")
        assert "Last-Modified-Version" not in answer.headers
        assert library.get(path, headers={"If-Modified-Since-Version": "1"}).status_code == 200
    for path in ("/items/PAPER222", "/deleted?since=0"):
        assert library.get(path, headers={"If-Modified-Since-Version": "9"}).status_code == 200


@pytest.mark.parametrize("path", ["/items/top", "/items/PAPER222/children", "/collections/AAAA2222/items", "/tags"])
def test_every_list_may_be_304(library, paper, path):
    library.add({"key": "AAAA2222", "version": 0, "name": "A"}, to="/collections")
    library.add(paper)
    for since, status in {"2": 200, "3": 304, "99": 304, "-1": 200}.items():
        assert library.get(path, headers={"If-Modified-Since-Version": since}).status_code == status


@pytest.mark.parametrize(
    ("since", "found"), [("1.5", 1), ("1e0", 1), (" 1", 1), ("0", 1), ("-9", 1), ("2", 0), ("9" * 30, 0)]
)
def test_since_may_be_any_number(library, paper, since, found):
    library.add(paper)
    assert len(library.versions(f"/items?since={since}")) == found


@pytest.mark.parametrize("since", ["", "abc", "1,2", "0x1", "--1"])
def test_since_may_be_nothing_else(library, since):
    for path in ("/items", "/collections/top", "/tags", "/deleted", "/searches"):
        answer = library.get(f"{path}?since={since}")
        assert (answer.status_code, answer.text) == (400, "Invalid value for 'since' parameter")


def test_since_on_tags_means_those_given_to_an_item_later(library, paper):
    library.add(paper | {"tags": [{"tag": "a"}, {"tag": "b"}]})
    library.add(paper | {"key": "PAPER333", "tags": [{"tag": "b"}]})
    names = {since: [tag["tag"] for tag in library.read(f"/tags?since={since}")] for since in (1, 2, 3)}
    assert names == {1: ["a", "b"], 2: ["b"], 3: []}
    assert library.get("/tags?since=2").headers["Total-Results"] == "1"
