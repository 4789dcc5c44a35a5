"""`dmlsync check`, over a server on this machine that stands in for all pages of the web."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from lab import COSFACE, FACENET, HEADER, Lab

PDF = (200, "application/pdf", b"%PDF-1.5\n")
PAGE = (200, "text/html", b"<html><title>A page</title></html>")
LOGIN = (200, "text/html", b"<html><form>Please sign in</form></html>")
FACENET_PDF = "https://arxiv.org/pdf/1503.03832.pdf"
FACENET_CODE = "https://github.com/davidsandberg/facenet"
COSFACE_PDF = "https://arxiv.org/pdf/1801.09414.pdf"
WORKS_PDFS = ("https://arxiv.org/pdf/1503.03832", "https://arxiv.org/pdf/1801.09414")


class Web(http.server.BaseHTTPRequestHandler):
    pages: dict[str, tuple[int, str, bytes]]
    asked: list[str]

    def do_GET(self) -> None:
        url = parse_qs(urlsplit(self.path).query)["url"][0]
        self.asked.append(url)
        status, media, body = self.pages.get(url, (404, "text/html", b"gone"))
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def web(lab: Lab) -> Iterator[type[Web]]:
    """The pages behind the lab's links, where all is well at first."""
    well = dict.fromkeys((FACENET_PDF, COSFACE_PDF, *WORKS_PDFS), PDF) | {FACENET_CODE: PAGE}
    handler = type("Handler", (Web,), {"pages": well, "asked": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        lab.configure("papers.md", sources={"pages": f"http://127.0.0.1:{server.server_port}/page"})
        yield handler
        server.shutdown()
        thread.join()


def test_a_clean_project_has_no_problems_and_no_page_is_fetched(lab: Lab, web: type[Web]) -> None:
    answer = lab.run("check")
    assert (answer.exit_code, answer.output, web.asked) == (0, "no problems\n", [])
    assert lab.run("check", "--json").json == {"problems": []}


def test_links_that_are_well_are_no_problems_and_each_is_looked_at_once(lab: Lab, web: type[Web]) -> None:
    answer = lab.run("check", "--links")
    assert (answer.exit_code, answer.output) == (0, "no problems\n")
    assert sorted(web.asked) == sorted(web.pages)


def test_the_pdf_of_a_work_is_checked_at_the_line_that_names_it(lab: Lab, web: type[Web]) -> None:
    del web.pages[WORKS_PDFS[1]]
    answer = lab.run("check", "--links")
    assert answer.exit_code == 1
    assert answer.output.splitlines()[0] == f"papers.md:4: error: {WORKS_PDFS[1]} answers 404 [dead-link]"


def test_dead_links_and_pages_instead_of_pdfs_are_errors(lab: Lab, web: type[Web]) -> None:
    del web.pages[FACENET_CODE]
    web.pages[COSFACE_PDF] = LOGIN
    answer = lab.run("check", "--links", "--json")
    assert answer.exit_code == 1
    assert answer.json == {
        "problems": [
            {
                "rule": "dead-link",
                "severity": "error",
                "file": "papers.md",
                "line": 3,
                "message": f"{FACENET_CODE} answers 404",
                "fixable": False,
            },
            {
                "rule": "not-a-pdf",
                "severity": "error",
                "file": "papers.md",
                "line": 4,
                "message": f"{COSFACE_PDF} is a page to log in instead of a PDF ({COSFACE_PDF})",
                "fixable": False,
            },
        ]
    }


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_site_that_will_not_answer_is_no_error(status: int, lab: Lab, web: type[Web]) -> None:
    web.pages[FACENET_PDF] = (status, "text/html", b"<title>Just a moment...</title>")
    answer = lab.run("check", "--links")
    assert answer.exit_code == 0
    assert answer.output.splitlines() == [
        f"papers.md:3: info: {FACENET_PDF} could not be checked: it answers {status} [link-unchecked]",
        "1 link could not be checked",
    ]


def test_what_cannot_be_read_is_an_error_in_its_file(lab: Lab, web: type[Web]) -> None:
    lab.edit_bib("@inproceedings{deng2019arcface,", "@inproceedings{wang2018cosface,")
    answer = lab.run("check")
    assert answer.exit_code == 1
    assert answer.output.startswith("library.bib:") and "[bib-syntax]" in answer.output


def test_github_gets_annotations_with_its_signs_escaped(lab: Lab, web: type[Web]) -> None:
    link = "https://gone.example/100%25.pdf"
    lab.write("papers.md", HEADER + FACENET + COSFACE.replace("| |", f"| [code]({link}) |"))
    answer = lab.run("check", "--links", "--format", "github")
    assert answer.exit_code == 1
    message = "https://gone.example/100%2525.pdf answers 404"
    assert answer.output == f"::error file=papers.md,line=4,title=dead-link::{message}\n"


def test_nothing_is_written(lab: Lab, web: type[Web]) -> None:
    before = {path: path.read_bytes() for path in lab.folder.rglob("*") if path.is_file()}
    lab.run("check", "--links")
    assert {path: path.read_bytes() for path in lab.folder.rglob("*") if path.is_file()} == before
