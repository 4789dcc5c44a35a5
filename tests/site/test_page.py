"""The page as a file: complete, sealed and the same every time."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from html.parser import HTMLParser

from dmlsync.site.page import MADE_BY, MOST_AUTHORS, SCRIPTS, asset, render
from dmlsync.site.works import PageLibrary, PageWork


def between(page: str, start: str, end: str) -> str:
    at = page.index(start) + len(start)
    return page[at : page.index(end, at)]


def test_the_same_library_gives_the_same_bytes(library: PageLibrary) -> None:
    assert render(library) == render(library)


def test_the_page_asks_for_nothing(library: PageLibrary) -> None:
    page = render(library).decode()
    head = page[: page.index("<body>")]
    assert re.findall('(?:src|href)="([^"]{0,30})', head) == ["data:image/svg+xml,%3Csvg xmln"]
    assert not re.search("(?:src=|url\\(|@import|fetch\\(|XMLHttpRequest|WebSocket|import\\()", page)
    assert not re.search("\\.(?:innerHTML|outerHTML|insertAdjacentHTML)|document\\.write|eval\\(", page)


def test_the_policy_has_the_hashes_of_what_is_in_the_page(library: PageLibrary) -> None:
    page = render(library).decode()
    policy = html.unescape(between(page, 'Content-Security-Policy" content="', '">'))
    inline = [between(page, "<style>", "</style>"), between(page, "<script>", "</script>")]
    inline.append(page[page.rindex("<script>") + 8 : page.rindex("</script>")])
    for text in inline:
        assert f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in policy
    assert "unsafe" not in policy


def test_every_link_out_of_the_page_is_made_safe(library: PageLibrary) -> None:
    page = render(library).decode()
    links = re.findall('<a href="http[^>]*>', page)
    assert links
    assert all(' rel="noopener noreferrer"' in one for one in links)


def test_the_data_block_is_json_with_a_row_for_each_work(library: PageLibrary) -> None:
    data = json.loads(between(render(library).decode(), 'id="data">', "</script>"))
    assert [one["key"] for one in data["works"]] == [
        "brown2020smooth",
        "",
        "deng2019arcface",
        "schroff2015facenet",
        "anonymous",
    ]
    assert [facet["name"] for facet in data["facets"]] == ["venue", "year", "place", "tag"]
    assert data["works"][0]["bib"].startswith("@inproceedings{brown2020smooth,")


def test_elements_are_closed_in_their_order(library: PageLibrary) -> None:
    class Reader(HTMLParser):
        opened: list[str] = []  # noqa: RUF012

        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag not in ("meta", "link", "input"):
                self.opened.append(tag)

        def handle_startendtag(self, tag: str, attrs: object) -> None:
            """An element of the picture without content."""

        def handle_endtag(self, tag: str) -> None:
            assert self.opened.pop() == tag

    reader = Reader()
    reader.feed(render(library).decode())
    assert reader.opened == []


def test_a_long_line_of_authors_is_cut_and_still_found() -> None:
    names = tuple(f"Author No{at}" for at in range(MOST_AUTHORS + 970))
    page = render(PageLibrary("x", (PageWork("Big", "big", authors=names),))).decode()
    assert "and 970 more</p>" in page
    assert "No999" in between(page, 'id="data">', "</script>")


def test_an_empty_library_is_a_page_too() -> None:
    page = render(PageLibrary("Nothing yet")).decode()
    assert '<h1 dir="auto">Nothing yet</h1>' in page
    assert "0 works" in page


def test_a_page_names_its_maker_early(library: PageLibrary) -> None:
    assert MADE_BY.encode() in render(library)[:4096]


def test_every_script_is_part_of_the_page(library: PageLibrary) -> None:
    page = render(library).decode()
    for name in SCRIPTS:
        assert asset(f"{name}.js") in page
    assert "</" not in "".join(asset(f"{name}.js") for name in (*SCRIPTS, "early"))
