"""Items in other formats, by converters that the library is given."""

import httpx2
import pytest

from dmlsync.sandbox import open_sandbox


def lines(items):
    """A format of its own: a line an item."""
    return "".join(f"{item['itemType']}: {item['title']}\n" for item in items)


@pytest.fixture
def sandbox(sandbox):
    sandbox.close()
    converters = {"bibtex": lines, "csljson": lambda items: [{"title": item["title"].upper()} for item in items]}
    with open_sandbox(sandbox.path, converters) as opened:
        yield opened


@pytest.fixture(autouse=True)
def papers(library, paper, link):
    library.add(paper, link, {"itemType": "book", "title": "A Book"})


def test_a_list(library):
    answer = library.get("/items?format=bibtex&sort=title")
    assert answer.text == "book: A Book\nconferencePaper: A Paper\n"
    assert answer.headers["Content-Type"] == "application/x-bibtex"
    assert (answer.headers["Total-Results"], answer.headers["Last-Modified-Version"]) == ("2", "4")


def test_pages_of_a_list(library):
    answer = library.get("/items/top?format=bibtex&sort=title&limit=1")
    assert answer.text == "book: A Book\n"
    assert "format=bibtex&limit=1&sort=title&start=1" in answer.headers["Link"]


def test_one_item(library):
    answer = library.get("/items/PAPER222?format=bibtex")
    assert (answer.text, answer.headers["Last-Modified-Version"]) == ("conferencePaper: A Paper\n", "2")


def test_as_a_member(library):
    shown = library.read("/items/PAPER222?include=data,bibtex,csljson")
    assert shown["bibtex"] == "conferencePaper: A Paper\n"
    assert shown["csljson"]["title"] == "A PAPER"
    assert shown["csljson"]["id"].endswith("/PAPER222")
    assert library.read("/items/FILE2222?include=bibtex")["bibtex"] == ""


def test_csl_json_by_a_converter(library):
    found = library.read("/items?format=csljson&sort=title")["items"]
    assert [item["title"] for item in found] == ["A BOOK", "A PAPER"]


def test_formats_without_a_converter(library):
    for query in ("format=biblatex", "include=biblatex"):
        answer = library.get(f"/items?{query}")
        assert (answer.status_code, answer.text) == (400, f"Invalid '{query.split('=')[0]}' value 'biblatex'")


def test_without_converters_there_are_the_formats_of_the_api_only(library):
    with open_sandbox(library.sandbox.path) as plain:
        transport = httpx2.WSGITransport(app=plain.app)
        with httpx2.Client(transport=transport, base_url="http://sandbox") as client:
            for name in ("csljson", "bibtex"):
                answer = client.get(f"{library.path}/items?format={name}&key={plain.key}")
                assert (answer.status_code, answer.text) == (400, f"Invalid 'format' value '{name}'")
