"""API keys, users, groups, API versions and unknown paths."""

import pytest


@pytest.fixture
def bare(library):
    """The client without a key."""
    del library.http.headers["Zotero-API-Key"]
    return library


def ask(library, path, **headers):
    return library.http.get(path, headers=headers)


def test_ways_to_send_the_key(bare):
    key = bare.sandbox.key
    for headers, query in (
        ({"Zotero-API-Key": key}, ""),
        ({"Authorization": f"Bearer {key}"}, ""),
        ({}, f"?key={key}"),
    ):
        assert bare.get(f"/items{query}", headers=headers).status_code == 200


def test_without_a_key(bare, paper):
    assert (bare.get("/items").status_code, bare.get("/items").text) == (403, "Forbidden")
    answer = bare.ask("POST", "/items", json=[paper])
    assert (answer.status_code, answer.text) == (403, "An API key is required for write requests.")
    for path in ("/items/PAPER222", "/collections/AAAA2222", ""):
        assert (bare.get(path).status_code, bare.get(path).text) == (404, "Not found")
    answer = ask(bare, "/keys/current")
    assert (answer.status_code, answer.text) == (403, "Forbidden")


@pytest.mark.parametrize("path", ["/items", "/items/PAPER222", "/collections", "/deleted?since=0"])
def test_a_key_that_does_not_exist(library, path):
    answer = library.get(path, headers={"Zotero-API-Key": "x" * 24})
    assert (answer.status_code, answer.text) == (403, "Invalid key")


def test_the_page_of_a_key_needs_no_authorisation(bare):
    page = ask(bare, f"/keys/{bare.sandbox.key}").json()
    assert page["userID"] == bare.sandbox.user
    assert page["access"] == {
        "user": {"library": True, "files": True, "notes": True, "write": True},
        "groups": {"all": {"library": True, "write": True}},
    }
    answer = ask(bare, "/keys/" + "x" * 24)
    assert (answer.status_code, answer.text) == (404, f"Key '{'x' * 24}' not found")


def test_a_read_only_key_reads(library, paper):
    library.add(paper)
    library.http.headers["Zotero-API-Key"] = library.sandbox.read_only_key
    assert library.read("/items/PAPER222")
    page = ask(library, "/keys/current").json()
    assert page["access"] == {
        "user": {"library": True, "files": True, "notes": True},
        "groups": {"all": {"library": True, "write": False}},
    }
    for method, path, options in (
        ("POST", "/items", {"json": [paper]}),
        ("PATCH", "/items/PAPER222", {"json": {"title": "b"}, "since": 2}),
        ("DELETE", "/items/PAPER222", {"since": 2}),
        ("POST", "/collections", {"json": [{"name": "x"}]}),
    ):
        answer = library.ask(method, path, **options)
        assert (answer.status_code, answer.text) == (403, "Write access denied")
        assert "Last-Modified-Version" not in answer.headers


def test_groups(sandbox, library):
    second = sandbox.new_group()
    user = f"/users/{sandbox.user}/groups"
    assert ask(library, f"{user}?format=versions").json() == {str(sandbox.group): 1, str(second): 1}
    assert [group["id"] for group in ask(library, user).json()] == [sandbox.group, second]
    page = library.read("")
    assert (page["id"], page["data"]["type"], page["data"]["owner"]) == (sandbox.group, "Private", sandbox.user)
    assert ask(library, f"/groups/{second}/items?format=versions").headers["Last-Modified-Version"] == "1"


def test_unknown_libraries(library):
    for path, message in {"/groups/999999": "Not found", "/users/999999": "User 999999 not found"}.items():
        answer = ask(library, f"{path}/items")
        assert (answer.status_code, answer.text) == (404, message)


def test_unknown_paths_and_methods(library):
    answer = ask(library, "/nothing")
    assert answer.status_code == 404
    assert answer.text.startswith("<!DOCTYPE html>")
    assert library.get("/nothing").text == "Not found"
    for method, path in (("PATCH", "/items"), ("POST", "/deleted"), ("PUT", "/tags"), ("POST", "/items/PAPER222")):
        answer = library.ask(method, path)
        assert (answer.status_code, answer.text) == (405, "Method not allowed")
    assert library.ask("POST", "/items/trash", json=[]).headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(("version", "status"), [("3", 200), ("4", 400), ("40", 400), ("abc", 200), ("", 200)])
def test_api_versions(library, version, status):
    assert library.get("/items", headers={"Zotero-API-Version": version}).status_code == status
    del library.http.headers["Zotero-API-Version"]
    answer = library.get(f"/items?v={version}")
    assert answer.status_code == status
    assert answer.headers["Zotero-API-Version"] == "3"
    assert answer.headers["Zotero-Schema-Version"] == "41"


@pytest.mark.parametrize(
    "path",
    [
        "/items/../../etc/passwd",
        "/items/PAPER222%00",
        "/tags/%ff%fe",
        "/tags/a%0d%0aX-Evil:%201",
        "/items?itemKey=' OR 1=1",
        "/items?q=%27%22;--",
    ],
)
def test_hostile_paths_are_harmless(library, path):
    assert library.get(path).status_code in (200, 404)


def test_numbers_beyond_all_bounds_are_harmless(library):
    huge = "9" * 40
    for query in (f"since={huge}", f"start={huge}", f"limit={huge}", f"since=-{huge}"):
        assert library.get(f"/items?{query}").status_code == 200
    assert ask(library, f"/groups/{huge}/items").status_code == 404


@pytest.mark.parametrize("header", ["Bearer", "bearer ", "Bearer a b", "Bearer a-b"])
def test_a_bearer_token_that_is_none(library, header):
    del library.http.headers["Zotero-API-Key"]
    answer = library.get("/items", headers={"Authorization": header})
    assert (answer.status_code, answer.text) == (400, "Invalid Authorization header format")


def test_other_kinds_of_authorization_are_passed_over(library):
    del library.http.headers["Zotero-API-Key"]
    answer = library.get("/items", headers={"Authorization": "Basic abc"})
    assert (answer.status_code, answer.text) == (403, "Forbidden")


def test_two_keys_that_differ(library):
    answer = library.get(f"/items?key={library.sandbox.read_only_key}")
    assert (answer.status_code, answer.text) == (400, "Zotero-API-Key header and 'key' parameter differ")


def test_a_write_without_a_key_is_refused_whatever_it_is_about(library):
    del library.http.headers["Zotero-API-Key"]
    for path in (library.path, "/groups/999", "/users/999"):
        answer = library.http.post(f"{path}/items", json=[])
        assert (answer.status_code, answer.text) == (403, "An API key is required for write requests.")


def test_a_head_has_the_headers_of_a_get(library, paper):
    library.add(paper)
    answer = library.ask("HEAD", "/items?limit=1")
    assert (answer.status_code, answer.content) == (200, b"")
    assert (answer.headers["Total-Results"], answer.headers["Last-Modified-Version"]) == ("1", "2")
    assert library.ask("HEAD", "/items/PAPER222").headers["Last-Modified-Version"] == "2"


def test_groups_have_two_formats(library):
    path = f"/users/{library.sandbox.user}/groups"
    assert library.http.get(f"{path}?format=versions").json() == {str(library.sandbox.group): 1}
    answer = library.http.get(f"{path}?format=keys")
    assert (answer.status_code, answer.text) == (400, "Invalid 'format' value 'keys'")
