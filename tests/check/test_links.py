from __future__ import annotations

import threading
from pathlib import Path

import pytest

from dmlsync.check.links import CheckedLink, check_links, judge, judge_answer, links_of
from dmlsync.model import Entry, Link
from dmlsync.readinglist import ReadingList
from dmlsync.sources.peek import Peek

PDF = b"%PDF-1.5\n%\xd0\xd4\xc5\xd8\n"
PAGE = b"<!DOCTYPE html><html><head><title>A Paper</title></head><body>Abstract</body></html>"
LOGIN = b"<html><head><title>Sign in</title></head><body><form>Please sign in to continue</form></body></html>"
ROBOTS = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>"
URL = "https://site.example/paper.pdf"


@pytest.mark.parametrize(
    ("kind", "status", "content_type", "first", "rule"),
    [
        ("pdf", 200, "application/pdf", PDF, None),
        ("pdf", 206, "application/octet-stream", PDF, None),
        ("pdf", 200, "text/html", PDF, None),
        ("pdf", 200, "application/pdf", b"\xef\xbb\xbf\n" + PDF, None),
        ("pdf", 200, "application/pdf", PAGE, "not-a-pdf"),
        ("pdf", 200, "text/html", PAGE, "not-a-pdf"),
        ("pdf", 200, "text/html", LOGIN, "not-a-pdf"),
        ("pdf", 200, "application/pdf", b"", "not-a-pdf"),
        ("pdf", 200, "image/png", b"\x89PNG", "not-a-pdf"),
        ("pdf", 200, "", b"what is this", "not-a-pdf"),
        ("pdf", 200, "text/html", ROBOTS, "link-unchecked"),
        ("page", 200, "text/html", PAGE, None),
        ("page", 200, "text/html", LOGIN, None),
        ("page", 206, "", b"", None),
        ("page", 204, "", b"", None),
        *[("pdf", status, "text/html", PAGE, "dead-link") for status in (400, 404, 410)],
        *[("page", status, "text/html", PAGE, "dead-link") for status in (400, 404, 410)],
        *[
            (kind, status, "text/html", ROBOTS, "link-unchecked")
            for kind in ("pdf", "page")
            for status in (401, 403, 405, 406, 416, 418, 429, 451, 500, 502, 503, 520, 999)
        ],
    ],
)
def test_an_answer_is_judged_by_its_status_and_its_first_bytes(
    kind: str, status: int, content_type: str, first: bytes, rule: str | None
) -> None:
    fault = judge_answer(kind, status, content_type, first, URL)  # type: ignore[arg-type]
    assert (fault.rule if fault else None) == rule


def test_a_page_to_log_in_is_called_one_and_the_message_says_where_it_is() -> None:
    fault = judge_answer("pdf", 200, "text/html", LOGIN, "https://sso.example/login?for=paper")
    assert fault
    assert "log in" in fault.reason and "https://sso.example/login?for=paper" in fault.reason


def test_what_gives_no_answer_is_not_dead() -> None:
    fault = judge("page", Peek(URL, problem="could not be reached (refused)"))
    assert fault and fault.rule == "link-unchecked"


def listed(*links: Link) -> ReadingList:
    return ReadingList(Path("lists/a.md"), "a", "A", "", (Entry("a", 7, 7, "A Title", links=links),))


def found(*links: Link, pdf: str = "") -> dict[str, str]:
    return {one.url: one.kind for one in links_of([listed(*links)], lambda name, line: pdf if line == 7 else "")}


def test_the_links_of_entries_are_checked_and_the_pdf_of_their_work() -> None:
    links = (Link("pdf", URL), Link("code", "https://github.com/a/b"), Link("paper", "https://doi.org/10.1/x"))
    assert found(*links, pdf="https://other.example/1.pdf") == {
        URL: "pdf",
        "https://github.com/a/b": "page",
        "https://doi.org/10.1/x": "page",
        "https://other.example/1.pdf": "pdf",
    }


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://arxiv.org/pdf/1503.03832v2", "pdf"),
        ("https://ojs.aaai.org/index.php/AAAI/article/download/16226/16033", "pdf"),
        ("https://site.example/download?id=7", "pdf"),
        ("https://arxiv.org/abs/1503.03832", "page"),
        ("https://proceedings.mlr.press/v119/roth20a.html", "page"),
        ("https://ieeexplore.ieee.org/document/7298682", "pdf"),
    ],
)
def test_a_link_labelled_pdf_may_be_the_page_that_tells_where_the_pdf_is(url: str, kind: str) -> None:
    assert found(Link("pdf", url, "PDF")) == {url: kind}


def link(url: str, line: int = 1, file: str = "a.md") -> CheckedLink:
    return CheckedLink(Path(file), line, url, "page")


def test_every_address_is_looked_at_once_and_reported_at_each_of_its_places() -> None:
    asked: list[str] = []

    def look(url: str) -> Peek:
        asked.append(url)
        return Peek(url, 404)

    url = "https://gone.example/"
    problems = check_links([link(url, 9), link(url, 2), link(url, 3, "b.md"), link(url, 2)], look)
    assert asked == [url]
    assert [(one.file.name, one.line, one.rule, one.severity) for one in problems] == [
        ("a.md", 2, "dead-link", "error"),
        ("a.md", 9, "dead-link", "error"),
        ("b.md", 3, "dead-link", "error"),
    ]


def test_sites_are_asked_side_by_side_and_one_site_one_address_at_a_time() -> None:
    busy: set[str] = set()
    guard, both = threading.Lock(), threading.Barrier(2, timeout=5)
    told: list[tuple[int, int]] = []

    def look(url: str) -> Peek:
        site = url.split("/")[2]
        with guard:
            assert site not in busy
            busy.add(site)
        if url.endswith("/0"):
            both.wait()
        with guard:
            busy.remove(site)
        return Peek(url, 200)

    links = [link(f"https://{site}.example/{number}") for site in "ab" for number in range(5)]
    assert check_links(links, look, lambda done, total: told.append((done, total))) == ()
    assert told == [(number, 10) for number in range(1, 11)]


def test_no_links_are_no_work() -> None:
    assert check_links([], Peek) == ()
