"""Relations between items."""

import pytest


@pytest.fixture
def uri(library):
    return lambda key: f"http://zotero.org{library.path}/items/{key}"


def test_one_value_is_text_and_several_are_a_list(library, paper, uri):
    sent = {"dc:replaces": [uri("ABCD2345")], "owl:sameAs": [uri("ABCD2345"), uri("ABCD2346")]}
    [made] = library.add(paper | {"relations": sent})
    assert made["data"]["relations"] == {"dc:replaces": uri("ABCD2345"), "owl:sameAs": sent["owl:sameAs"]}


def test_dc_relation_is_written_in_the_other_item_with_the_same_version(library, paper, uri):
    library.add(paper, paper | {"key": "PAPER333"})
    library.ask("PATCH", "/items/PAPER222", since=9, json={"relations": {"dc:relation": uri("PAPER333")}})
    assert library.data("PAPER333")["relations"] == {"dc:relation": uri("PAPER222")}
    assert library.versions() == {"PAPER222": 4, "PAPER333": 4}


def test_taking_it_out_takes_it_out_there_without_a_version(library, paper, uri):
    library.add(paper, paper | {"key": "PAPER333", "relations": {"dc:relation": uri("PAPER222")}})
    assert library.data("PAPER222")["relations"] == {"dc:relation": uri("PAPER333")}
    library.ask("PATCH", "/items/PAPER222", since=9, json={"relations": {}})
    assert library.data("PAPER333")["relations"] == {}
    assert library.versions() == {"PAPER222": 4, "PAPER333": 3}


def test_what_is_not_sent_stays_and_an_empty_list_clears(library, paper, uri):
    library.add(paper | {"relations": {"owl:sameAs": uri("ABCD2345")}})
    library.ask("PATCH", "/items/PAPER222", since=9, json={"title": "b"})
    assert library.data("PAPER222")["relations"]
    library.ask("PATCH", "/items/PAPER222", since=9, json={"relations": []})
    assert library.data("PAPER222")["relations"] == {}


@pytest.mark.parametrize(
    ("relations", "message"),
    [
        ({"dc:x": "http://zotero.org/groups/1/items/ABCD2345"}, "Unsupported predicate 'dc:x'"),
        ({"owl:sameAs": "https://doi.org/10.1/x"}, "'relations' values currently must be Zotero item URIs"),
        (
            {"owl:sameAs": "https://zotero.org/groups/1/items/ABCD2345"},
            "'relations' values currently must be Zotero item URIs",
        ),
        ({"owl:sameAs": [5]}, "'relations' values currently must be Zotero item URIs"),
        ("x", "'relations' property must be an object"),
    ],
)
def test_relations_that_are_refused(library, paper, relations, message):
    assert library.failure(paper | {"relations": relations}) == (400, message)


def test_two_new_items_of_one_batch_may_be_related(library, paper):
    uri = f"http://zotero.org{library.path}/items/PAPER222"
    library.add(paper, paper | {"key": "PAPER333", "relations": {"dc:relation": uri}})
    assert library.data("PAPER222")["relations"]["dc:relation"].endswith("/PAPER333")
    assert set(library.versions().values()) == {3}


def test_a_relation_to_what_is_not_here_is_kept(library, paper):
    elsewhere = "http://zotero.org/users/5/items/ABCD2345"
    [made] = library.add(paper | {"relations": {"dc:relation": [elsewhere], "owl:sameAs": [elsewhere, elsewhere]}})
    assert made["data"]["relations"] == {"dc:relation": elsewhere, "owl:sameAs": elsewhere}
