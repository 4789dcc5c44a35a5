"""Whatever is sent is answered in the words of the API, never with a crash."""

import json
from urllib.parse import urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PROPERTIES = (
    "key version data itemType title date accessDate dateAdded dateModified creators creatorType"
    " firstName lastName name tags tag type collections relations dc:relation owl:sameAs parentItem"
    " deleted note linkMode url md5 mtime path contentType filename parentCollection proceedingsTitle"
    " publicationTitle extra"
)
NAMES = PROPERTIES.split()
PARAMETERS = "since format limit start itemKey sort direction q qmode tag itemType includeTrashed include v"
WORDS = [
    *NAMES,
    "book",
    "attachment",
    "note",
    "linked_url",
    "imported_file",
    "linked_file",
    "PAPER222",
    "AAAA2222",
    "bad",
]
WORDS += [
    "author",
    "2026-05-01",
    "2026-05-01 x",
    "2026-05-01T00:00:00Z",
    "http://zotero.org/groups/1/items/ABCD2345",
    "",
]
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.sampled_from(WORDS))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)),
    max_leaves=12,
)
objects = st.dictionaries(st.sampled_from(NAMES), values, max_size=8)
shared = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@shared
@given(items=st.lists(objects, max_size=4), kind=st.sampled_from(["items", "collections"]))
def test_any_batch(library, items, kind):
    body = json.dumps(items).encode()
    answer = library.ask("POST", f"/{kind}", content=body)
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        outcome = answer.json()
        outcomes = [position for name in ("success", "unchanged", "failed") for position in outcome[name]]
        assert sorted(map(int, outcomes)) == list(range(len(items)))
        for made in outcome["successful"].values():
            again = (
                library.post(made | {"data": made["data"] | {"tags": []}}, to=f"/{kind}") if kind == "items" else None
            )
            assert again is None or not again["failed"], (made, again)


@shared
@given(
    method=st.sampled_from(["PATCH", "PUT", "DELETE"]),
    path=st.sampled_from(["/items/PAPER222", "/items/ZZZZ2222", "/collections/AAAA2222"]),
    sent=values,
    since=st.one_of(st.none(), st.integers(-1, 10)),
)
def test_any_write_to_one_object(library, paper, method, path, sent, since):
    library.post(paper)
    answer = library.ask(method, path, since=since, content=json.dumps(sent).encode())
    assert answer.status_code in (204, 400, 404, 409, 412, 413, 428)
    assert library.read("/items?includeTrashed=1") is not None


@shared
@given(
    path=st.sampled_from(
        ["/items", "/items/top", "/items/trash", "/collections", "/tags", "/deleted", "/items/PAPER222"]
    ),
    query=st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "since",
                    "format",
                    "limit",
                    "start",
                    "itemKey",
                    "sort",
                    "direction",
                    "q",
                    "qmode",
                    "tag",
                    "itemType",
                    "includeTrashed",
                    "include",
                    "v",
                ]
            ),
            st.one_of(
                st.text(max_size=6),
                st.sampled_from(
                    ["0", "-1", "3", "json", "keys", "versions", "csljson", "title", "publisher", "a || -b", "x"]
                ),
            ),
        ),
        max_size=4,
    ),
)
def test_any_question(library, paper, path, query):
    library.post(paper)
    encoded = urlencode([(name, value.encode("utf-8", "replace")) for name, value in query])
    assert library.get(f"{path}?{encoded}").status_code in (200, 400)


ROUTES = (
    "/items /items/top /items/trash /items/unfiled /items/tags /items/K /items/K/children /items/K/tags /items/K/file"
    " /items/K/file/view /items/K/file/view/url /items/K/fulltext /collections /collections/top /collections/C"
    " /collections/C/collections /collections/C/items /collections/C/items/top /collections/C/tags"
    " /collections/C/items/tags /searches /searches/K /deleted /fulltext /settings /settings/x /tags /tags/x"
    " /publications/items /nothing"
)
HEADERS = {
    "If-Unmodified-Since-Version": ["0", "5", "x", ""],
    "If-Modified-Since-Version": ["0", "99"],
    "Zotero-Write-Token": ["abcde", "x"],
    "Zotero-API-Version": ["2", "4", "x"],
    "Content-Type": ["application/json", "multipart/form-data; boundary=x", "x"],
    "If-Match": ["x", "a" * 32],
    "If-None-Match": ["*"],
}


@shared
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
    path=st.sampled_from(ROUTES.split()),
    body=st.one_of(st.binary(max_size=8), values.map(lambda value: json.dumps(value).encode())),
    headers=st.fixed_dictionaries({}, optional={name: st.sampled_from(sent) for name, sent in HEADERS.items()}),
)
def test_any_request_to_any_route(library, paper, link, method, path, body, headers):
    library.post(paper, link)
    path = path.replace("K", "FILE2222").replace("C", "AAAA2222")
    answer = library.ask(method, path, content=body, headers=headers)
    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == "text/html; charset=UTF-8"
        assert method == "HEAD" or answer.text
