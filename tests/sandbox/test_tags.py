"""Tags: their form, what counts as a change, the tags of a library and the filter by tags."""

import pytest


def test_they_come_back_trimmed_sorted_and_once(library, paper):
    sent = ["zeta", "Alpha", " beta ", "", "  ", "éa", "10", "9", "_", "alpha", "alpha"]
    [made] = library.add(paper | {"tags": [{"tag": name} for name in sent]})
    shown = [tag["tag"] for tag in made["data"]["tags"]]
    assert shown == ["10", "9", "Alpha", "_", "alpha", "beta", "zeta", "éa"]


def test_type_0_is_not_shown(library, paper):
    [made] = library.add(paper | {"tags": [{"tag": "a", "type": 1}, {"tag": "b", "type": 0}, {"tag": 7}]})
    assert made["data"]["tags"] == [{"tag": "7"}, {"tag": "a", "type": 1}, {"tag": "b"}]


@pytest.mark.parametrize(
    ("tags", "code", "message"),
    [
        (["x"], 400, "Tag must be an object"),
        ([{}], 400, "Tag object is empty"),
        ([{"tag": "a", "x": 1}], 400, "Invalid tag property 'x'"),
        ([{"tag": None}], 400, "Invalid tag name"),
        ([{"tag": ["a"]}], 400, "Invalid tag name"),
        ({}, 400, "'tags' property must be an array"),
        (None, 400, "'tags' property must be an array"),
        ([{"tag": "x" * 256}], 413, f"Tag '{'x' * 50}…' too long"),
    ],
)
def test_tags_that_are_refused(library, paper, tags, code, message):
    assert library.failure(paper | {"tags": tags}) == (code, message)


def test_a_tag_that_is_too_long_is_named_in_full(library, paper):
    outcome = library.post(paper | {"tags": [{"tag": "x" * 256}]})
    assert outcome["failed"]["0"]["data"] == {"tag": "x" * 256}
    library.add(paper | {"tags": [{"tag": "é" * 255}]})


@pytest.mark.parametrize("sent", [["a", "b"], ["b", " a "], []])
def test_tags_that_are_sent_count_as_a_change(library, paper, sent):
    old = "2020-01-01T00:00:00Z"
    library.add(paper | {"tags": [{"tag": "a"}, {"tag": "b"}], "dateModified": old})
    [made] = library.add({"key": "PAPER222", "version": 2, "tags": [{"tag": tag} for tag in sent]})
    assert made["version"] == 3
    assert made["data"]["dateModified"] != old


@pytest.mark.parametrize("sent", [[], [{"tag": ""}], [{"tag": " "}]])
def test_none_on_none_is_no_change(library, paper, sent):
    library.add(paper)
    assert library.post({"key": "PAPER222", "version": 2, "tags": sent})["unchanged"]


class TestOfALibrary:
    @pytest.fixture(autouse=True)
    def tagged(self, library, paper):
        library.add(
            paper | {"tags": [{"tag": "x"}, {"tag": "y"}]},
            paper | {"key": "PAPER333", "tags": [{"tag": "y"}, {"tag": "z z", "type": 1}]},
        )

    def counts(self, library, path):
        return {tag["tag"]: tag["meta"]["numItems"] for tag in library.read(path)}

    def test_each_with_its_number_of_items(self, library):
        assert self.counts(library, "/tags") == {"x": 1, "y": 2, "z z": 1}
        assert library.get("/tags").headers["Total-Results"] == "3"
        assert library.read("/tags")[2]["links"]["self"]["href"].endswith("/tags/z+z")

    def test_of_an_item_and_of_a_name(self, library):
        assert self.counts(library, "/items/PAPER222/tags") == {"x": 1, "y": 2}
        assert self.counts(library, "/tags/z+z") == self.counts(library, "/tags/z%20z") == {"z z": 1}

    def test_a_tag_that_nobody_has_is_gone(self, library):
        library.ask("PATCH", "/items/PAPER222", since=9, json={"tags": []})
        assert self.counts(library, "/tags") == {"y": 1, "z z": 1}

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("tag=x", {"PAPER222"}),
            ("tag=y", {"PAPER222", "PAPER333"}),
            ("tag=x&tag=y", {"PAPER222"}),
            ("tag=x&tag=z%20z", set()),
            ("tag=x%20||%20z%20z", {"PAPER222", "PAPER333"}),
            ("tag=-x", {"PAPER333"}),
            ("tag=y&tag=-x", {"PAPER333"}),
            ("tag=X", {"PAPER222"}),
            ("tag=nosuch", set()),
        ],
    )
    def test_the_filter(self, library, query, found):
        assert set(library.keys(f"/items?{query}")) == found


class TestWithinItems:
    @pytest.fixture(autouse=True)
    def tagged(self, library, paper):
        library.add({"key": "AAAA2222", "version": 0, "name": "A"}, to="/collections")
        note = {"itemType": "note", "note": "Test", "parentItem": "PAPER222", "tags": [{"tag": "n"}]}
        library.add(paper | {"tags": [{"tag": "a"}, {"tag": "g"}]}, note)
        library.add({"itemType": "book", "title": "Foo", "collections": ["AAAA2222"], "tags": [{"tag": "b"}]})

    @pytest.mark.parametrize(
        ("path", "tags"),
        [
            ("/items/tags", "abgn"),
            ("/items/top/tags", "abg"),
            ("/items/trash/tags", ""),
            ("/items/tags?itemQ=paper", "ag"),
            ("/items/tags?itemTag=a", "ag"),
            ("/items/tags?itemTag=a&itemTag=b", ""),
            ("/items/tags?itemType=note", "n"),
            ("/items/tags?tag=a", "a"),
            ("/items/tags?q=g", "g"),
            ("/collections/AAAA2222/items/tags", "b"),
            ("/collections/AAAA2222/items/top/tags", "b"),
            ("/tags?tag=a%20||%20b", "ab"),
        ],
    )
    def test_lists(self, library, path, tags):
        assert [tag["tag"] for tag in library.read(path)] == list(tags)


class TestDeletion:
    def test_tags_are_taken_from_all_items(self, library):
        library.add(*({"itemType": "book", "tags": [{"tag": "a"}, {"tag": "b"}]} for _ in range(2)))
        answer = library.ask("DELETE", "/tags?tag=a%20||%20nosuch", since=3)
        assert (answer.status_code, answer.headers["Last-Modified-Version"]) == (204, "4")
        assert [item["data"]["tags"] for item in library.read("/items")] == [[{"tag": "b"}]] * 2
        assert set(library.versions().values()) == {4}
        assert library.read("/deleted?since=3")["tags"] == ["a"]
        library.add({"itemType": "book", "tags": [{"tag": "a"}]})
        assert library.read("/deleted?since=3")["tags"] == []

    @pytest.mark.parametrize(("since", "status"), [(None, 428), (1, 412)])
    def test_preconditions(self, library, since, status):
        library.add({"itemType": "book", "tags": [{"tag": "a"}]})
        assert library.ask("DELETE", "/tags?tag=a", since=since).status_code == status
        assert [tag["tag"] for tag in library.read("/tags")] == ["a"]


class TestTheListOfTags:
    @pytest.fixture(autouse=True)
    def tagged(self, library):
        for tags in (["beta", "Alpha"], ["beta"], ["gamma beta"]):
            library.add({"itemType": "book", "tags": [{"tag": tag, "type": int(tag == "Alpha")} for tag in tags]})

    @pytest.mark.parametrize(
        ("query", "tags"),
        [
            ("", ["Alpha", "beta", "gamma beta"]),
            ("sort=title", ["Alpha", "beta", "gamma beta"]),
            ("sort=title&direction=desc", ["gamma beta", "beta", "Alpha"]),
            ("sort=numItems&direction=desc", ["beta", "Alpha", "gamma beta"]),
            ("q=BETA", ["beta", "gamma beta"]),
            ("q=beta&qmode=startswith", ["beta"]),
            ("q=a%20b", ["gamma beta"]),
            ("tagType=1", ["Alpha"]),
            ("tagType=-1", ["beta", "gamma beta"]),
            ("tagType=0%20||%201", ["Alpha", "beta", "gamma beta"]),
            ("limit=1&start=1", ["beta"]),
        ],
    )
    def test_narrowed_and_sorted(self, library, query, tags):
        assert [tag["tag"] for tag in library.read(f"/tags?{query}")] == tags

    def test_a_name_that_nobody_has(self, library):
        answer = library.get("/tags/nothing")
        assert (answer.status_code, answer.text) == (404, "Not found")

    def test_a_bar_without_spaces_belongs_to_a_name(self, library):
        library.add({"itemType": "book", "tags": [{"tag": "a||b"}]})
        assert len(library.keys("/items?tag=a||b")) == 1
        assert len(library.keys("/items?tag=a%20||%20b")) == 0
