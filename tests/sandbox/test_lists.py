"""Lists: paging, sorting, filters, searches and formats."""

import re

import pytest


def links(answer):
    found = re.findall(r'<([^>]*)>; rel="(\w+)"', answer.headers.get("Link", ""))
    return {name: url.partition("?")[2] for url, name in found if name != "alternate"}


class TestPages:
    @pytest.fixture(autouse=True)
    def seven(self, library):
        library.add(*({"itemType": "book", "title": f"t{number}"} for number in range(7)))

    @pytest.mark.parametrize(
        ("start", "expected"),
        [
            (0, {"next": "limit=3&sort=title&start=3", "last": "limit=3&sort=title&start=6"}),
            (
                3,
                {
                    "first": "limit=3&sort=title",
                    "prev": "limit=3&sort=title",
                    "next": "limit=3&sort=title&start=6",
                    "last": "limit=3&sort=title&start=6",
                },
            ),
            (6, {"first": "limit=3&sort=title", "prev": "limit=3&sort=title&start=3"}),
            (
                50,
                {
                    "first": "limit=3&sort=title",
                    "prev": "limit=3&sort=title&start=47",
                    "last": "limit=3&sort=title&start=4",
                },
            ),
        ],
    )
    def test_links(self, library, start, expected):
        answer = library.get(f"/items?sort=title&limit=3&start={start}")
        assert links(answer) == expected
        assert [item["data"]["title"] for item in answer.json()] == [f"t{n}" for n in range(start, min(start + 3, 7))]
        assert answer.headers["Total-Results"] == "7"

    @pytest.mark.parametrize("query", ["limit=7", "limit=100", "format=keys", "format=versions"])
    def test_one_page_has_no_links(self, library, query):
        assert links(library.get(f"/items?{query}")) == {}

    def test_links_do_not_give_the_key_away(self, library):
        answer = library.get(f"/items?limit=2&key={library.sandbox.key}")
        assert library.sandbox.key not in answer.headers["Link"]

    def test_following_the_links_gives_everything_once(self, library):
        seen, path = [], "/items?limit=2"
        while path:
            answer = library.get(path)
            seen += [item["key"] for item in answer.json()]
            query = links(answer).get("next")
            path = f"/items?{query}" if query else None
        assert sorted(seen) == sorted(library.keys("/items"))


@pytest.mark.parametrize(("limit", "shown"), [("", 25), ("0", 25), ("-1", 25), ("x", 25), ("30", 30), ("1000", 60)])
def test_limits(library, limit, shown):
    library.add(*[{"itemType": "book"}] * 50)
    library.add(*[{"itemType": "book"}] * 10)
    assert len(library.read(f"/items?limit={limit}")) == shown
    assert len(library.keys("/items")) == len(library.versions("/items")) == 60
    assert len(library.keys("/items?limit=2")) == 2


def test_at_most_100_at_once_but_any_number_by_key(library):
    for _ in range(3):
        library.add(*[{"itemType": "book"}] * 50)
    assert len(library.read("/items?limit=150")) == 100
    keys = library.keys("/items?limit=101")
    assert len(keys) == 101
    assert len(library.read(f"/items?itemKey={','.join(keys)}")) == 101


def test_a_malformed_key_is_ignored(library, paper):
    library.add(paper, paper | {"key": "PAPER333"})
    assert len(library.keys("/items?itemKey=bad")) == 2
    assert library.keys("/items?itemKey=PAPER222,bad,ZZZZ2222") == ["PAPER222"]


def test_empty_lists_in_all_formats(library):
    assert library.get("/items?format=keys").text == "\n"
    assert library.versions() == {}
    assert library.read("/items?format=csljson") == {"items": []}
    assert library.read("/items") == []


class TestOrder:
    @pytest.fixture(autouse=True)
    def three(self, library, paper):
        for key, title, date, name, added, modified in [
            ("PAPER222", "beta", "2024", "Zed", "2020-01-03", "2020-02-01"),
            ("PAPER333", "Alpha", "2026-01", "Abe", "2020-01-01", "2020-02-03"),
            ("PAPER444", "gamma", "2025-12-31", "mid", "2020-01-02", "2020-02-02"),
        ]:
            sent = {"key": key, "title": title, "date": date, "creators": [{"creatorType": "author", "name": name}]}
            times = {"dateAdded": f"{added}T00:00:00Z", "dateModified": f"{modified}T00:00:00Z"}
            library.add(paper | sent | times | {"publisher": name})

    @pytest.mark.parametrize(
        ("query", "order"),
        [
            ("", "342"),
            ("sort=title", "324"),
            ("sort=title&direction=desc", "423"),
            ("sort=creator", "342"),
            ("sort=creator&direction=desc", "243"),
            ("sort=date", "342"),
            ("sort=date&direction=asc", "243"),
            ("sort=dateAdded", "243"),
            ("sort=dateModified&direction=asc", "243"),
            ("sort=publisher", "342"),
            ("direction=asc", "243"),
        ],
    )
    def test_orders(self, library, query, order):
        assert "".join(key[-1] for key in library.keys(f"/items?{query}")) == order

    def test_of_equals_the_newest_created_comes_first(self, library, paper):
        same = {"dateModified": "2020-02-02T00:00:00Z"}
        library.add(paper | {"key": "PAPER555"} | same)
        assert library.keys("/items") == ["PAPER333", "PAPER555", "PAPER444", "PAPER222"]

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ("sort=bogus", "Invalid 'sort' value 'bogus'"),
            ("sort=title&direction=up", "Invalid 'direction' value 'up'"),
            ("format=bogus", "Invalid 'format' value 'bogus'"),
            ("itemType=bogus", "Invalid itemType 'bogus'"),
        ],
    )
    def test_what_is_refused(self, library, query, message):
        answer = library.get(f"/items?{query}")
        assert (answer.status_code, answer.text) == (400, message)


class TestSearch:
    @pytest.fixture(autouse=True)
    def found(self, library, paper, link):
        library.add(
            paper
            | {"title": "Neural Networks", "date": "2026-05-01", "abstractNote": "hidden", "DOI": "10.1/x"}
            | {"creators": [{"creatorType": "author", "firstName": "Ada", "lastName": "Lovelace"}]},
            {"itemType": "journalArticle", "key": "PAPER333", "version": 0, "title": "Graph 100%_Theory"},
            link | {"title": "Neural PDF"},
        )

    @pytest.mark.parametrize(
        ("query", "keys"),
        [
            ("q=neural", {"PAPER222", "FILE2222"}),
            ("q=NETWORKS%20neural", {"PAPER222"}),
            ("q=lovelace%202026", {"PAPER222"}),
            ("q=hidden", set()),
            ("q=10.1/x", set()),
            ("q=100%25_", {"PAPER333"}),
            ("q=%25", {"PAPER333"}),
            ("q=hidden&qmode=everything", {"PAPER222"}),
            ("itemType=conferencePaper", {"PAPER222"}),
            ("itemType=-attachment", {"PAPER222", "PAPER333"}),
            ("itemType=conferencePaper%20||%20journalArticle", {"PAPER222", "PAPER333"}),
        ],
    )
    def test_what_is_found(self, library, query, keys):
        assert set(library.keys(f"/items?{query}")) == keys

    def test_a_match_in_a_child_finds_its_parent_among_the_top_items(self, library):
        assert library.keys("/items/top?q=pdf") == ["PAPER222"]


class TestCsl:
    @pytest.fixture(autouse=True)
    def cited(self, library, paper, link):
        library.add(
            paper
            | {"date": "2026-05-01", "DOI": "10.1/x", "url": "https://example.org/p", "proceedingsTitle": "Proc of X"}
            | {"conferenceName": "X", "pages": "1-9", "abstractNote": "Abs", "citationKey": "ck", "extra": "line"}
            | {
                "creators": [
                    {"creatorType": "author", "firstName": "Ada", "lastName": "Lovelace"},
                    {"creatorType": "editor", "name": "Org"},
                ]
            },
            link,
        )

    def test_an_item(self, library):
        shown = library.read("/items/PAPER222?include=csljson,data")
        assert shown["data"]["title"] == "A Paper"
        assert shown["csljson"] == {
            "id": shown["csljson"]["id"],
            "type": "paper-conference",
            "abstract": "Abs",
            "citation-key": "ck",
            "container-title": "Proc of X",
            "DOI": "10.1/x",
            "event-title": "X",
            "note": "line",
            "page": "1-9",
            "title": "A Paper",
            "URL": "https://example.org/p",
            "author": [{"family": "Lovelace", "given": "Ada"}],
            "editor": [{"family": "Org", "given": ""}],
            "issued": {"date-parts": [[2026, 5, 1]]},
        }
        assert shown["csljson"]["id"].endswith("/PAPER222")
        assert "data" not in library.read("/items/PAPER222?include=csljson")

    def test_a_list_leaves_out_what_cannot_be_cited(self, library):
        answer = library.get("/items?format=csljson")
        assert answer.headers["Content-Type"] == "application/vnd.citationstyles.csl+json"
        assert [item["title"] for item in answer.json()["items"]] == ["A Paper"]
        assert answer.headers["Total-Results"] == "1"


class TestMatchesInChildren:
    """Among the top items a child that meets what is asked stands for its parent."""

    @pytest.fixture(autouse=True)
    def family(self, library, paper, link):
        note = {"itemType": "note", "key": "NNTE2222", "version": 0, "note": "loose leaf"}
        library.add(paper, link, note, note | {"key": "NNTE3333", "parentItem": "PAPER222", "note": "inner"})

    @pytest.mark.parametrize(
        ("query", "keys"),
        [
            ("itemType=attachment", {"PAPER222"}),
            ("itemType=note", {"PAPER222", "NNTE2222"}),
            ("itemType=-attachment", {"PAPER222", "NNTE2222"}),
            ("itemType=book", set()),
            ("itemKey=FILE2222", {"PAPER222"}),
            ("itemKey=FILE2222,NNTE2222", {"PAPER222", "NNTE2222"}),
            ("q=inner", {"PAPER222"}),
            ("q=leaf", {"NNTE2222"}),
            ("q=pdf&itemType=attachment", {"PAPER222"}),
            ("q=pdf&itemType=note", set()),
            ("tag=t", set()),
        ],
    )
    def test_of_top_items(self, library, query, keys):
        assert set(library.keys(f"/items/top?{query}")) == keys

    def test_not_in_the_trash(self, library):
        library.ask("PATCH", "/items/FILE2222", since=99, json={"deleted": 1})
        assert library.keys("/items/top?q=pdf") == []
        assert library.keys("/items/top?q=pdf&includeTrashed=1") == ["PAPER222"]

    def test_items_in_no_collection(self, library, paper):
        library.add({"key": "AAAA2222", "version": 0, "name": "A"}, to="/collections")
        library.add(paper | {"key": "PAPER333", "collections": ["AAAA2222"]})
        assert set(library.keys("/items/unfiled")) == {"PAPER222", "NNTE2222"}


class TestBlanks:
    @pytest.fixture(autouse=True)
    def two(self, library, paper):
        full = {"date": "2020", "publisher": "P", "creators": [{"creatorType": "author", "name": "N"}], "title": "T"}
        library.add({"itemType": "book", "key": "FVLL2222", "version": 0} | full)
        library.add({"itemType": "book", "key": "BLNK2222", "version": 0})

    @pytest.mark.parametrize(
        ("sort", "ascending"),
        [("title", "BF"), ("date", "BF"), ("creator", "FB"), ("publisher", "FB"), ("extra", "FB"), ("itemType", "FB")],
    )
    def test_where_they_are_sorted(self, library, sort, ascending):
        for direction, order in {"asc": ascending, "desc": ascending[::-1]}.items():
            found = library.keys(f"/items?sort={sort}&direction={direction}")
            assert "".join(key[0] for key in found) == order


def test_titles_are_sorted_without_what_they_begin_with(library, paper):
    for key, title in {"A": "“Beta”", "B": "[alpha]", "C": "gamma"}.items():
        library.add(paper | {"key": f"PAPER22{key}", "title": title})
    assert "".join(key[-1] for key in library.keys("/items?sort=title")) == "BAC"


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("sort=itemKeyList", "342"),
        ("sort=itemKeyList&direction=desc", "243"),
        ("sort=asc", "234"),
        ("sort=desc", "432"),
    ],
)
def test_orders_of_keys_and_older_forms(library, paper, query, order):
    for key in "234":
        library.add(paper | {"key": f"PAPER22{key}", "dateModified": f"202{key}-01-01T00:00:00Z"})
    found = library.keys(f"/items?itemKey=PAPER223,PAPER224,PAPER222&{query}")
    assert "".join(key[-1] for key in found) == order


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/items?sort=numItems", "Invalid 'order' value 'numItems'"),
        ("/items?sort=itemKeyList", "order=itemKeyList requires the itemKey parameter"),
        ("/items?sort=collectionKeyList&collectionKey=AAAA2222", "Invalid 'sort' value 'collectionKeyList'"),
        ("/items?qmode=startswith", "Invalid 'qmode' value 'startswith'"),
        ("/tags?qmode=everything", "Invalid 'qmode' value 'everything'"),
        ("/tags?tag=a&tag=b", "Cannot specify 'tag' more than once"),
        ("/items?itemType=book&itemType=note", "Cannot specify 'itemType' more than once"),
        ("/items?itemType=book||note", "Invalid itemType 'book||note'"),
        ("/items?include=bogus", "Invalid 'include' value 'bogus'"),
        ("/items?include=data,none", "include=none is not valid in multi-format responses"),
        ("/items?include=json", "include=json is valid only for format=atom"),
        ("/items?include=data&format=keys", "'include' is valid only for format=json"),
        ("/items?sort=<b>", "Invalid 'sort' value '&lt;b&gt;'"),
        ("/items?v=2", "Zotero-API-Version header does not match 'v' query parameter"),
        ("/items?key=other", "Zotero-API-Key header and 'key' parameter differ"),
    ],
)
def test_parameters_that_are_refused(library, path, message):
    answer = library.get(path)
    assert (answer.status_code, answer.text) == (400, message)
    assert "Last-Modified-Version" not in answer.headers


@pytest.mark.parametrize(
    ("query", "next_page"),
    [
        ("limit=1&foo=bar&format=json&start=0", "limit=1&start=1"),
        ("limit=1&sort=dateModified&direction=desc&include=data&since=0", "limit=1&start=1"),
        ("limit=1&sort=title&direction=desc", "direction=desc&limit=1&sort=title&start=1"),
        ("limit=1&sort=date&direction=desc", "limit=1&sort=date&start=1"),
        ("limit=1&since=1&q=a&itemType=book", "itemType=book&limit=1&q=a&since=1&start=1"),
        ("limit=1&includeTrashed=yes&include=none", "include=none&includeTrashed=1&limit=1&start=1"),
    ],
)
def test_links_repeat_what_is_not_the_default(library, query, next_page):
    library.add(*({"itemType": "book", "title": "a"} for _ in range(3)))
    assert links(library.get(f"/items?{query}"))["next"] == next_page


def test_links_of_pages_that_are_not_in_step(library):
    library.add(*({"itemType": "book"} for _ in range(7)))
    assert links(library.get("/items?limit=3&start=5")) == {
        "first": "limit=3",
        "prev": "limit=3&start=2",
        "last": "limit=3&start=6",
    }
    assert links(library.get("/items?format=keys&start=3")) == {"first": "format=keys", "prev": "format=keys&start=3"}
    assert links(library.get("/items?limit=0&start=3")) == {"first": "", "prev": "", "last": ""}


def test_an_object_without_members(library, paper):
    library.add(paper)
    assert set(library.read("/items?include=none")[0]) == {"key", "version", "library", "links", "meta"}


@pytest.mark.parametrize(("query", "found"), [("q=2026", 1), ("q=202", 0), ("q=26", 0), ("q=a%202026", 1)])
def test_a_year_is_matched_as_a_whole(library, paper, query, found):
    library.add(paper | {"date": "May 2026"})
    assert len(library.keys(f"/items?{query}")) == found


def test_only_some_items_tell_how_many_children_they_have(library, paper, link):
    stored = {"itemType": "attachment", "linkMode": "imported_file", "contentType": "application/pdf"}
    note = {"itemType": "note", "parentItem": "PAPER222"}
    made = library.add(paper, link, {key: link[key] for key in ("itemType", "linkMode", "title")}, stored, note)
    assert ["numChildren" in item["meta"] for item in made] == [True, False, False, True, True]
    assert library.read("/items/PAPER222")["meta"]["numChildren"] == 2
