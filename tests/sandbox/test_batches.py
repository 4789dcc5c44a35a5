"""POST of several objects: outcomes by position, keys, preconditions, write tokens."""

import gzip
import json

import pytest

NEEDS_VERSION = "Either If-Unmodified-Since-Version or 'version' property must be provided for 'key'-based writes"
STALE = "Item has been modified since specified version (expected {}, found {})"


def test_the_four_outcomes_stand_by_their_position(library, paper):
    library.add(paper, paper | {"key": "PAPER333"})
    outcome = library.post(
        {"key": "PAPER222", "version": 2, "title": "A Paper"},
        {"itemType": "book", "title": "new"},
        {"itemType": "bogus"},
        {"key": "PAPER333", "version": 1, "title": "stale"},
    )
    assert outcome["unchanged"] == {"0": "PAPER222"}
    assert list(outcome["success"]) == list(outcome["successful"]) == ["1"]
    assert outcome["successful"]["1"]["data"]["title"] == "new"
    assert outcome["failed"] == {
        "2": {"code": 400, "message": "'bogus' is not a valid itemType"},
        "3": {"code": 412, "message": STALE.format(1, 3)},
    }


def test_a_creation_with_a_key_and_version_0_is_safe_to_repeat(library, paper):
    library.add(paper)
    assert library.failure(paper) == (412, STALE.format(0, 2))
    assert library.versions() == {"PAPER222": 2}


def test_equal_content_is_never_merged(library):
    twin = {"itemType": "book", "title": "Twin", "ISBN": "1"}
    assert len({item["key"] for item in library.add(twin, twin)}) == 2


def test_an_existing_key_is_patched(library, paper):
    library.add(paper | {"extra": "keep", "tags": [{"tag": "t"}]})
    for sent in ({"title": "b"}, {"itemType": "conferencePaper", "title": "c"}):
        [item] = library.add({"key": "PAPER222", "version": library.version} | sent)
        assert (item["data"]["title"], item["data"]["extra"]) == (sent["title"], "keep")
        assert item["data"]["tags"] == [{"tag": "t"}]


def test_an_envelope_is_understood(library, paper):
    [item] = library.add({"data": {"itemType": "book", "title": "x"}})
    item["data"]["title"] = "y"
    [changed] = library.add(item)
    assert changed["data"]["title"] == "y"
    outer = {"key": item["key"], "version": changed["version"], "data": {"title": "z"}}
    assert library.add(outer)[0]["data"]["title"] == "z"


@pytest.mark.parametrize(
    ("sent", "code", "message"),
    [
        ({"version": 5}, 404, "Item doesn't exist (expected version 5; use 0 instead)"),
        ({"version": None}, 428, NEEDS_VERSION),
        ({"key": None}, 400, "'version' is valid only if item key is provided"),
        ({"version": "x"}, 400, "'version' must be an integer"),
        ({"version": 1.5}, 404, "Item doesn't exist (expected version 1; use 0 instead)"),
        ({"version": "1e1"}, 404, "Item doesn't exist (expected version 10; use 0 instead)"),
        ({"version": []}, 400, "'version' must be an integer"),
        ({"version": True}, 400, "'version' must be an integer"),
        ({"key": 5}, 400, "'key' must be a string"),
        ({"itemKey": "PAPER222"}, 400, "'itemKey' property is now 'key'"),
        ({"itemVersion": 0}, 400, "'itemVersion' property is now 'version'"),
        ({"key": "bad"}, 400, "'bad' is not a valid item key"),
        ({"key": "ABCDEFGO"}, 400, "'ABCDEFGO' is not a valid item key"),
        ({"key": "ABCDEFG1"}, 400, "'ABCDEFG1' is not a valid item key"),
        ({"key": ""}, 400, "'' is not a valid item key"),
        ({"key": "PAPER222\n"}, 400, "'PAPER222\n' is not a valid item key"),
    ],
)
def test_keys_and_versions_of_new_objects(library, paper, sent, code, message):
    assert library.failure(paper | sent) == (code, message)
    assert library.version == 1


@pytest.mark.parametrize("version", [2, 3, 1000, "2", "1000"])
def test_a_version_at_or_above_the_objects_is_accepted(library, paper, version):
    library.add(paper)
    library.add({"key": "PAPER222", "version": version, "title": "b"})


@pytest.mark.parametrize("version", [1, 0, -1, "1", "-1"])
def test_a_lower_version_is_stale(library, paper, version):
    library.add(paper)
    assert library.failure({"key": "PAPER222", "version": version, "title": "b"}) == (412, STALE.format(version, 2))


def test_the_same_key_twice_fails_the_second_time(library, paper):
    outcome = library.post(paper, paper | {"title": "second"})
    assert outcome["failed"] == {"1": {"code": 412, "message": STALE.format(0, 2)}}
    assert library.data("PAPER222")["title"] == "A Paper"


def test_the_librarys_version_can_stand_for_the_objects(library, paper):
    library.add(paper)
    sent = {"key": "PAPER222", "title": "b"}
    assert library.failure(sent) == (428, NEEDS_VERSION)
    answer = library.ask("POST", "/items", since=1, json=[sent])
    assert answer.status_code == 412
    assert answer.text == "Library has been modified since specified version (expected 1, found 2)"
    assert "Last-Modified-Version" not in answer.headers
    assert library.post(sent, {"itemType": "book", "key": "NEWKEY22"}, since=2)["success"]["1"] == "NEWKEY22"


def test_both_versions_are_checked(library, paper):
    library.add(paper)
    outcome = library.post({"key": "PAPER222", "version": 1, "title": "b"}, since=2)
    assert outcome["failed"]["0"]["code"] == 412


def test_a_version_header_must_be_a_number(library):
    answer = library.ask("POST", "/items", json=[], headers={"If-Unmodified-Since-Version": "abc"})
    assert (answer.status_code, answer.text) == (400, "Invalid If-Unmodified-Since-Version value")


@pytest.mark.parametrize("kind", ["items", "collections"])
def test_fifty_objects_are_the_most(library, kind):
    thing = {"itemType": "book", "name": "x"} if kind == "collections" else {"itemType": "book"}
    answer = library.ask("POST", f"/{kind}", json=[thing] * 51)
    assert (answer.status_code, answer.text) == (413, f"Cannot add more than 50 {kind} at a time")
    assert library.version == 1
    assert library.ask("POST", f"/{kind}", json=[thing] * 50).status_code == 200


def test_an_empty_batch_is_answered_in_full(library):
    assert library.post() == {"successful": {}, "success": {}, "unchanged": {}, "failed": {}}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "POST data not provided"),
        (b"{bad", "JSON Error: Syntax error, malformed JSON"),
        (b"\xff", "JSON Error: Syntax error, malformed JSON"),
        (b'["\\ud800"]', "JSON Error: Syntax error, malformed JSON"),
        (b"[NaN]", "JSON Error: Syntax error, malformed JSON"),
        (b"[" * 100_000, "JSON Error: Syntax error, malformed JSON"),
        (b'[{"version": ' + b"9" * 5000 + b"}]", "JSON Error: Syntax error, malformed JSON"),
        (b'{"itemType": "book"}', "Uploaded data must be a JSON array"),
        (b"5", "Uploaded data must be a JSON array"),
    ],
)
def test_a_body_that_is_no_list(library, body, message):
    answer = library.ask("POST", "/items", content=body)
    assert (answer.status_code, answer.text) == (400, message)
    assert answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("element", ["text", 5, None, [], True])
def test_an_element_that_is_no_object(library, element):
    message = "Invalid value for index 0 in uploaded data; expected JSON item object"
    assert library.failure(element) == (400, message)


def test_a_body_may_be_packed(library):
    packed = gzip.compress(json.dumps([{"itemType": "book"}]).encode())
    answer = library.ask("POST", "/items", content=packed, headers={"Content-Encoding": "gzip"})
    assert list(answer.json()["success"]) == ["0"]
    assert library.ask("POST", "/items", content=b"no", headers={"Content-Encoding": "gzip"}).status_code == 400


def test_a_packed_body_may_not_burst(library):
    bomb = gzip.compress(b" " * (33 * 1024 * 1024))
    assert library.ask("POST", "/items", content=bomb, headers={"Content-Encoding": "gzip"}).status_code == 413


class TestWriteToken:
    TOKEN = "0123456789abcdef"

    def write(self, library, *objects, to="/items", token=TOKEN, **options):
        return library.ask("POST", to, json=list(objects), headers={"Zotero-Write-Token": token}, **options)

    def test_it_works_once_for_any_kind_of_object(self, library):
        assert self.write(library, {"itemType": "book"}).status_code == 200
        for to, thing in (("/items", {"itemType": "book"}), ("/collections", {"name": "x"})):
            answer = self.write(library, thing, to=to)
            assert (answer.status_code, answer.text) == (412, "Write token already used")
        assert len(library.versions()) == 1

    def test_a_batch_that_failed_altogether_does_not_use_it_up(self, library):
        self.write(library, {"itemType": "bogus"})
        assert list(self.write(library, {"itemType": "book"}).json()["success"]) == ["0"]

    def test_a_412_does_not_use_it_up(self, library, paper):
        library.add(paper)
        assert self.write(library, {"itemType": "book"}, since=1).status_code == 412
        assert self.write(library, {"itemType": "book"}, since=2).status_code == 200

    @pytest.mark.parametrize("token", ["abcd", "x" * 33])
    def test_its_length(self, library, token):
        answer = self.write(library, {"itemType": "book"}, token=token)
        assert (answer.status_code, answer.text) == (400, "Write token must be 5-32 characters in length")


TOKEN = {"Zotero-Write-Token": "0123456789abcdef"}


class TestWriteTokensElsewhere:
    @pytest.mark.parametrize(("token", "status"), [("abcd", 400), ("x" * 33, 400), ("abcde", 200), ("x" * 32, 200)])
    def test_their_length(self, library, token, status):
        answer = library.ask("POST", "/items", json=[{"itemType": "book"}], headers={"Zotero-Write-Token": token})
        assert answer.status_code == status
        if status == 400:
            assert answer.text == "Write token must be 5-32 characters in length"

    def test_a_patch_uses_one_up_and_a_refused_one_does_not(self, library, paper):
        library.add(paper)
        write = {"json": {"title": "B"}, "headers": TOKEN}
        assert library.ask("PATCH", "/items/PAPER222", since=1, **write).status_code == 412
        assert library.ask("PATCH", "/items/PAPER222", since=2, **write).status_code == 204
        assert library.ask("PATCH", "/items/PAPER222", since=3, **write).text == "Write token already used"

    def test_a_deletion_uses_none_up(self, library, paper):
        library.add(paper)
        assert library.ask("DELETE", "/items/PAPER222", since=2, headers=TOKEN).status_code == 204
        answer = library.ask("DELETE", "/items/PAPER222", since=2, headers=TOKEN)
        assert answer.text == "Item not found (expected version 2)"

    def test_each_key_has_its_own(self, library):
        other = {"Zotero-API-Key": library.sandbox.read_only_key}
        assert library.ask("POST", "/items", json=[{"itemType": "book"}], headers=TOKEN).status_code == 200
        assert library.get("/items", headers=TOKEN).status_code == 200
        assert library.ask("POST", "/items", json=[], headers=TOKEN | other).text == "Write access denied"


@pytest.mark.parametrize("body", [b"5", b'"x"', b"null", b'{"items": []}'])
@pytest.mark.parametrize("kind", ["items", "collections", "searches"])
def test_json_that_is_no_list(library, kind, body):
    answer = library.ask("POST", f"/{kind}", content=body)
    assert (answer.status_code, answer.text) == (400, "Uploaded data must be a JSON array")


def test_an_empty_body_is_refused_before_the_version(library):
    answer = library.ask("POST", "/items", since=0)
    assert (answer.status_code, answer.text) == (400, "POST data not provided")


def test_a_batch_of_50_may_be_mixed(library, paper):
    keys = [f"PAGE22{first}{second}" for first in "23456" for second in "23456789AB"]
    library.add(*(paper | {"key": key} for key in keys))
    sent = [{"key": key, "version": 51, "title": "B" if number % 3 else "A Paper"} for number, key in enumerate(keys)]
    sent[1] |= {"version": 1}
    outcome = library.post(*sent)
    assert list(outcome["failed"]) == ["1"]
    assert list(outcome["unchanged"]) == [str(number) for number in range(0, 50, 3)]
    assert len(outcome["success"]) == 50 - 1 - 17
    assert library.version == 51 + 49
