"""Saved searches, full texts, settings: what other clients keep in a library."""

import pytest

CONDITIONS = [{"condition": "title", "operator": "contains", "value": "metric"}]
SEARCH = {"name": "Metrics", "conditions": CONDITIONS}


class TestSearches:
    def test_made_and_read(self, library):
        [made] = library.add(SEARCH, to="/searches")
        key = made["key"]
        assert made["data"] == {"key": key, "version": 2, **SEARCH}
        assert library.read(f"/searches/{key}") == made == library.read("/searches")[0]
        assert library.keys("/searches") == [key]
        assert library.versions("/searches") == {key: 2}
        assert library.versions("/searches?since=2") == {}

    def test_changed(self, library):
        library.add({"key": "SEARCH22", "version": 0, **SEARCH}, to="/searches")
        outcome = library.post({"key": "SEARCH22", "version": 2, "name": "B"}, to="/searches")
        assert outcome["successful"]["0"]["data"]["conditions"] == CONDITIONS
        assert library.post({"key": "SEARCH22", "version": 3, "name": "B"}, to="/searches")["unchanged"]
        answer = library.ask("PUT", "/searches/SEARCH22", since=3, json=SEARCH)
        assert (answer.status_code, answer.headers["Last-Modified-Version"]) == (204, "5")
        answer = library.ask("PATCH", "/searches/SEARCH22", since=3, json={"name": "C"})
        assert (answer.status_code, answer.text) == (
            412,
            "Search has been modified since specified version (expected 3, found 5)",
        )

    def test_deleted(self, library):
        library.add({"key": "SEARCH22", "version": 0, **SEARCH}, to="/searches")
        assert library.ask("DELETE", "/searches/SEARCH22", since=2).status_code == 204
        assert library.read("/deleted?since=2")["searches"] == ["SEARCH22"]
        assert library.get("/searches/SEARCH22").status_code == 404
        library.add({"key": "SEARCH22", "version": 0, **SEARCH}, to="/searches")
        assert library.read("/deleted?since=2")["searches"] == []
        assert library.ask("DELETE", "/searches?searchKey=SEARCH22,ZZZZ2222").status_code == 204
        assert library.read("/searches") == []

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"name": ""}, "Search name cannot be empty"),
            ({"name": None}, "'name' property not provided"),
            ({"name": 1}, "'name' must be a string"),
            ({"conditions": []}, "'conditions' cannot be empty"),
            ({"conditions": None}, "'conditions' property not provided"),
            ({"conditions": {}}, "'conditions' property must be an array"),
            ({"conditions": [{"operator": "is"}]}, "'condition' property not provided for search condition"),
            ({"conditions": [{"condition": ""}]}, "Search condition cannot be empty"),
            ({"conditions": [{"condition": "title"}]}, "'operator' property not provided for search condition"),
            ({"conditions": [{"condition": "title", "operator": ""}]}, "Search operator cannot be empty"),
            ({"bogus": 1}, "Invalid property 'bogus'"),
        ],
    )
    def test_what_is_refused(self, library, changes, message):
        assert library.failure(SEARCH | changes, to="/searches") == (400, message)


class TestFullTexts:
    @pytest.fixture(autouse=True)
    def attachments(self, library, paper, link):
        stored = {"itemType": "attachment", "linkMode": "imported_url", "version": 0}
        library.add(paper, link, *({**stored, "key": key} for key in ("TEXT2222", "TEXT3333")))

    def test_one_text(self, library):
        assert library.get("/items/TEXT2222/fulltext").status_code == 404
        text = {"content": "Some text", "indexedPages": 2, "totalPages": 3}
        answer = library.ask("PUT", "/items/TEXT2222/fulltext", json=text | {"bogus": 1})
        assert (answer.status_code, answer.headers["Last-Modified-Version"]) == (204, "6")
        answer = library.get("/items/TEXT2222/fulltext")
        assert (answer.json(), answer.headers["Last-Modified-Version"]) == (text, "6")
        library.ask("PUT", "/items/TEXT2222/fulltext", json={"content": ""})
        assert library.read("/items/TEXT2222/fulltext") == {"content": ""}
        assert library.read("/fulltext?since=6") == {"TEXT2222": 7}
        assert library.read("/fulltext?since=7") == {}

    def test_several_texts_get_one_version(self, library):
        texts = [{"key": "TEXT2222", "content": "a"}, {"content": "b"}, {"key": "TEXT3333", "content": "c"}]
        answer = library.ask("POST", "/fulltext", json=texts, since=5)
        assert (list(answer.json()["success"]), list(answer.json()["failed"])) == (["0", "2"], ["1"])
        assert library.read("/fulltext") == {"TEXT2222": 6, "TEXT3333": 6}
        assert library.ask("POST", "/fulltext", json=texts, since=5).status_code == 412
        assert library.ask("POST", "/fulltext", json=texts).status_code == 428

    def test_what_can_have_no_text(self, library):
        for key in ("PAPER222", "FILE2222", "ZZZZ2222"):
            assert library.ask("PUT", f"/items/{key}/fulltext", json={"content": "a"}).status_code == 404
        answer = library.ask("PUT", "/items/TEXT2222/fulltext", content="a")
        assert (answer.status_code, answer.text) == (400, "Content-Type must be application/json")

    def test_a_text_goes_with_its_item(self, library):
        library.ask("PUT", "/items/TEXT2222/fulltext", json={"content": "a"})
        library.ask("DELETE", "/items/TEXT2222", since=99)
        assert library.read("/fulltext") == {}


class TestSettings:
    def test_written_read_and_deleted(self, library):
        colors = [{"name": "todo", "color": "#FF6666"}]
        answer = library.ask("PUT", "/settings/tagColors", json={"value": colors})
        assert (answer.status_code, answer.headers["Last-Modified-Version"]) == (204, "2")
        assert library.read("/settings") == {"tagColors": {"value": colors, "version": 2}}
        assert library.read("/settings/tagColors") == {"value": colors, "version": 2}
        assert library.read("/settings?since=2") == {}
        assert library.ask("PUT", "/settings/tagColors", json={"value": [], "version": 1}).status_code == 412
        assert library.ask("PUT", "/settings/tagColors", json={"value": []}).status_code == 428
        assert library.ask("DELETE", "/settings/tagColors", since=2).status_code == 204
        assert library.get("/settings/tagColors").status_code == 404
        assert library.read("/deleted?since=2")["settings"] == ["tagColors"]

    def test_several_or_none(self, library):
        answer = library.ask("POST", "/settings", json={"a": {"value": 1}, "b": {"value": True}})
        assert answer.headers["Last-Modified-Version"] == "2"
        again = library.ask("POST", "/settings", json={"a": {"value": 1}})
        assert (again.status_code, again.headers["Last-Modified-Version"]) == (204, "2")
        answer = library.ask("POST", "/settings", json={"a": {"value": 2}, "b": {"value": None}})
        assert (answer.status_code, library.read("/settings/a")["value"]) == (400, 1)
