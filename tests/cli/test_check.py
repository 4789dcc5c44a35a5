"""`dmlsync check`, over a server on this machine that stands in for all pages of the web."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from lab import ARCFACE, COSFACE, FACENET, HEADER, Lab

from dmlsync.check.mend import Mended, mended

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
                "column": None,
                "message": f"{FACENET_CODE} answers 404",
                "fixable": False,
            },
            {
                "rule": "not-a-pdf",
                "severity": "error",
                "file": "papers.md",
                "line": 4,
                "column": None,
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
        "1 info",
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


UNTIDY = (
    "\ufeff| Title | Authors | Year | Venue | PDF | Code |\r\n|---|---|---|---|---|\r\n"
    + FACENET[2:].replace("Schroff, F. et al.", "Schroff, F.et al.").replace("\n", "\r\n")
    + COSFACE.replace("Recognition |", "Recognition] |").replace("| |\n", "| | \r\n")
    + ARCFACE.replace("| CVPR ", "| CVPR 2019 ").replace("\n", "\r\n")
)
TIDY = "\ufeff" + (HEADER + FACENET + COSFACE + ARCFACE).replace("\n", "\r\n")


@pytest.fixture
def untidy(lab: Lab) -> Lab:
    """A pushed list with a slip in every line, written on Windows."""
    lab.configure("papers.md")
    (lab.folder / "papers.md").write_bytes(UNTIDY.encode())
    assert lab.push().exit_code == 0
    return lab


def test_what_is_certain_is_mended_to_the_byte_and_only_once(untidy: Lab) -> None:
    found = untidy.run("check", "--json").json["problems"]
    answer = untidy.run("check", "--fix")
    assert answer.exit_code == 0
    assert (untidy.folder / "papers.md").read_bytes() == TIDY.encode()
    assert f"mended {len([one for one in found if one['fixable']])} problems in 1 file" in answer.output
    lock = untidy.lock.read_bytes()
    again = untidy.run("check", "--fix")
    assert (again.output, untidy.lock.read_bytes()) == ("no problems\n", lock)


def test_a_mended_line_stays_linked_and_a_push_has_nothing_to_do(untidy: Lab) -> None:
    keys = [one["citation_key"] for one in untidy.run("status", "--json").json["entries"]]
    untidy.run("check", "--fix")
    entries = untidy.run("status", "--json").json["entries"]
    assert [(one["citation_key"], one["state"]) for one in entries] == [(key, "linked") for key in keys]
    assert untidy.run("push", "--dry-run", "--json").json["actions"] == []


def test_changes_are_shown_before_and_after_with_their_rules(untidy: Lab) -> None:
    lines = untidy.run("check", "--fix").output.splitlines()
    at = lines.index("papers.md:3: missing-pipe, author-form")
    assert lines[at + 1].startswith("  - FaceNet") and lines[at + 2].startswith("  + | FaceNet")
    assert "Schroff, F.et al." in lines[at + 1] and "Schroff, F. et al." in lines[at + 2]


def test_what_was_mended_is_told_in_json(untidy: Lab) -> None:
    answer = untidy.run("check", "--fix", "--json").json
    assert {one["rule"] for one in answer["fixed"]} == {
        "missing-pipe",
        "short-delimiter",
        "author-form",
        "stray-bracket",
        "trailing-blanks",
        "year-in-venue",
    }
    assert answer["problems"] == []


def test_a_list_that_somebody_saves_meanwhile_is_not_overwritten(untidy: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    path = untidy.folder / "papers.md"
    before, lock = path.read_bytes() + b"\r\nA remark.\r\n", untidy.lock.read_bytes()

    def saved_meanwhile(*arguments: Any) -> Mended:
        path.write_bytes(before)
        return mended(*arguments)

    monkeypatch.setattr("dmlsync.checking.mended", saved_meanwhile)
    answer = untidy.run("check", "--fix")
    assert answer.exit_code == 1
    assert "was changed by someone else" in answer.errors
    assert (path.read_bytes(), untidy.lock.read_bytes()) == (before, lock)


def test_library_bib_is_mended_without_a_word_to_zotero(lab: Lab) -> None:
    lab.configure("papers.md")
    lab.push()
    lab.edit_bib("doi = {10.1109/CVPR.2018.00552}", "doi = {https://doi.org/10.1109/CVPR.2018.00552}")
    lab.edit_bib("title = {{CosFace}:", "title = {CosFace:")
    assert lab.run("push", "--dry-run", "--json").json["actions"] == []
    answer = lab.run("check", "--fix")
    assert "library.bib" in answer.output and answer.exit_code == 0
    assert "  doi = {10.1109/CVPR.2018.00552}" in lab.bib.read_text(encoding="utf-8")
    assert "title = {{CosFace}:" in lab.bib.read_text(encoding="utf-8")
    assert lab.run("push", "--dry-run", "--json").json["actions"] == []


def test_rules_are_chosen_and_ignored_by_id(untidy: Lab) -> None:
    only = untidy.run("check", "--rule", "stray-bracket", "--json").json["problems"]
    assert [(one["rule"], one["line"], one["column"], one["fixable"]) for one in only] == [
        ("stray-bracket", 4, 62, True)
    ]
    rest = untidy.run("check", "--ignore", "stray-bracket", "--json").json["problems"]
    assert rest and "stray-bracket" not in {one["rule"] for one in rest}
    wrong = untidy.run("check", "--rule", "stray-brackets")
    assert wrong.exit_code == 2
    assert "did you mean stray-bracket" in wrong.errors


def test_only_the_rules_that_were_chosen_are_mended(untidy: Lab) -> None:
    untidy.run("check", "--fix", "--rule", "stray-bracket")
    assert (untidy.folder / "papers.md").read_bytes() == UNTIDY.replace("Recognition]", "Recognition").encode()


def test_annotations_have_columns_and_warnings_alone_are_no_failure(untidy: Lab) -> None:
    answer = untidy.run("check", "--format", "github", "--rule", "stray-bracket")
    message = "::warning file=papers.md,line=4,col=62,title=stray-bracket::`]` has no partner"
    assert (answer.exit_code, answer.output) == (0, message + "\n")


def test_matters_of_tidiness_are_not_all_shown_unless_asked_for(lab: Lab) -> None:
    lab.configure("papers.md")
    rows = "".join(
        f"| A Loss Number {at} for Learning | | 2020 | CVPR | [PDF](https://a.example/{at}.pdf) | | \n"
        for at in range(14)
    )
    lab.write("papers.md", HEADER + rows)
    lines = lab.run("check").output.splitlines()
    assert sum("[trailing-blanks]" in line for line in lines) == 11
    assert "papers.md: 4 more [trailing-blanks]: -v shows them" in lines
    assert sum("[trailing-blanks]" in line for line in lab.run("check", "-v").output.splitlines()) == 14


def test_the_collection_is_looked_at_as_it_was_last_read(lab: Lab) -> None:
    lab.configure("papers.md")
    lab.push()
    lab.edit_item("wang2018cosface", deleted=1)
    assert lab.run("check").output == "no problems\n"
    lab.run("plan")
    answer = lab.run("check")
    assert answer.output.startswith("papers.md:4: warning: wang2018cosface: its item ")
    assert "lies in Zotero's trash [trashed-item]" in answer.output


def test_a_record_that_was_made_of_its_line_follows_it_after_mending(lab: Lab) -> None:
    lab.configure("papers.md", resolve='unresolved = "minimal"')
    row = "| {0} Losses for {0} Learning | Kim, S. | 2020 | {1} | [PDF](https://a.example/{0}.pdf) | |\n"
    rows = [row.format("Soft", "CVPR"), row.format("Hard", "CVPR"), row.format("Odd", "Cvpr")]
    lab.write("papers.md", HEADER + "".join(rows))
    lab.push()
    assert lab.run("check", "--fix", "--rule", "venue-spelling").exit_code == 0
    lab.push()
    assert {one["proceedingsTitle"] for one in lab.items().values()} == {"CVPR"}
    assert lab.run("push", "--dry-run", "--json").json["actions"] == []
