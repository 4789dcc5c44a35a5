"""A .bib file of what a document cites."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab import ARCFACE_RECORD, COSFACE_RECORD, FACENET_RECORD, Lab

LIBRARY = f"""% Our library.
@preamble{{"\\newcommand{{\\venue}}[1]{{#1}}"}}
@string{{cvpr = ieee # " CVPR"}}
@string{{ieee = "IEEE"}}
@string{{unused = "nowhere"}}

% The one that started it.
{FACENET_RECORD}
@inproceedings{{old, title = "An {{Elegant}} Study of Metric Learning", year = 2001,
  booktitle = cvpr # " 2001", ids = {{older, oldest}},
  author = {{M{{\\"u}}ller, J.}}, crossref = {{parent}}}} % remark
{COSFACE_RECORD}
@proceedings{{parent, title = {{The Proceedings}}, publisher = {{P}}, xdata = {{common}}}}
@xdata{{common, location = {{Here}}}}
@misc{{broken, title = {{never closed
{ARCFACE_RECORD}"""


@pytest.fixture
def library(lab: Lab) -> Lab:
    lab.bib.write_text(LIBRARY.replace('{ {" 2001"} }', '" 2001"').replace("{' 2001'}", '" 2001"'), encoding="utf-8")
    return lab


def test_entries_are_copied_with_their_comment_in_the_order_of_the_library(library: Lab) -> None:
    aux = library.write("paper.aux", "\\citation{wang2018cosface,schroff2015facenet}\n\\bibcite{old}{1}\n")
    answer = library.run("bib", "--cited", str(aux))
    assert answer.exit_code == 0, answer
    preamble = '@preamble{"\\newcommand{\\venue}[1]{#1}"}\n\n'
    assert answer.output == preamble + "% The one that started it.\n" + FACENET_RECORD + "\n" + COSFACE_RECORD
    assert answer.errors == ""


def test_macros_and_parents_come_along(library: Lab) -> None:
    tex = library.write("paper.tex", r"\cite{old}")
    output = library.run("bib", "--cited", str(tex)).output
    assert '@string{cvpr = ieee # " CVPR"}' in output
    assert '@string{ieee = "IEEE"}' in output
    assert "unused" not in output
    assert "@proceedings{parent," in output
    assert "@xdata{common," in output
    assert "schroff" not in output


def test_unknown_keys_are_listed_with_the_nearest_known_ones_and_the_rest_is_written(library: Lab) -> None:
    aux = library.write("paper.aux", "\\citation{wang2018cosfac,zzz,broken,old}")
    answer = library.run("bib", "--cited", str(aux))
    assert answer.exit_code == 3
    assert "wang2018cosfac (did you mean wang2018cosface?)" in answer.errors
    assert "unknown: zzz\n" in answer.errors
    assert "broken (its entry in library.bib cannot be read)" in answer.errors
    assert "@inproceedings{old," in answer.output


def test_an_alias_finds_its_entry(library: Lab) -> None:
    bcf = library.write("p.bcf", '<b:x xmlns:b="b"><b:citekey>oldest</b:citekey></b:x>')
    answer = library.run("bib", "--cited", str(bcf))
    assert (answer.exit_code, "@inproceedings{old," in answer.output) == (0, True)
    assert "ids = {older, oldest}" in answer.output


def test_bibtex_gets_the_entry_under_the_alias_that_is_cited(library: Lab) -> None:
    aux = library.write("paper.aux", "\\citation{older}\\citation{SCHROFF2015facenet}")
    answer = library.run("bib", "--cited", str(aux), "--dialect", "bibtex")
    assert answer.exit_code == 0, answer
    assert "@inproceedings{older," in answer.output
    assert "@inproceedings{old," not in answer.output
    assert "@inproceedings{schroff2015facenet," in answer.output


def test_the_other_dialect_is_written_anew_with_what_is_inherited(library: Lab) -> None:
    aux = library.write("paper.aux", "\\citation{old}\\citation{schroff2015facenet}")
    output = library.run("bib", "--cited", str(aux), "--dialect", "bibtex").output
    assert "year = {2001}" in output
    assert 'M{\\"u}ller, J.' in output
    assert "{IEEE} {CVPR} 2001" in output
    assert "title = {An {Elegant} Study of Metric Learning}" in output  # braces that a person put stay
    assert "archiveprefix = {arXiv}" in output
    assert "@string" not in output


def test_capitals_matter_to_biber(library: Lab) -> None:
    tex = library.write("paper.tex", r"\cite{SCHROFF2015facenet}")
    answer = library.run("bib", "--cited", str(tex))
    assert answer.exit_code == 3
    assert "did you mean schroff2015facenet?" in answer.errors


def test_several_documents_are_one_file(library: Lab) -> None:
    one, two = library.write("one.tex", r"\cite{old}"), library.write("two.aux", r"\citation{wang2018cosface}")
    answer = library.run("bib", "--cited", str(one), "--cited", str(two), "--json").json
    assert answer["keys"] == ["old", "wang2018cosface"]
    assert answer["unknown"] == []
    assert answer["file"] is None
    assert "@inproceedings{old," in answer["bib"]


def test_everything_is_the_file_itself(library: Lab) -> None:
    assert library.run("bib").output == library.bib.read_text()
    tex = library.write("paper.tex", r"\nocite{*}\cite{zzz}")
    answer = library.run("bib", "--cited", str(tex))
    assert (answer.exit_code, answer.output) == (3, library.bib.read_text())


def test_the_whole_library_in_the_other_dialect(library: Lab) -> None:
    output = library.run("bib", "--dialect", "bibtex").output
    assert output.isascii()
    keys = [line.partition("{")[2].rstrip(",") for line in output.splitlines() if line.startswith("@")]
    assert keys == ["schroff2015facenet", "old", "wang2018cosface", "parent", "common", "deng2019arcface"]


def test_a_file_is_written_in_one_step_and_never_over_one_of_the_projects_own(library: Lab, tmp_path: Path) -> None:
    aux = library.write("paper.aux", "\\citation{old}")
    out = tmp_path / "out.bib"
    answer = library.run("bib", "--cited", str(aux), "-o", str(out))
    assert (answer.exit_code, answer.output) == (0, f"1 entry written to {out}\n")
    assert "@inproceedings{old," in out.read_text()
    (tmp_path / "link.bib").symlink_to(library.bib)
    for path in (library.bib, tmp_path / "link.bib", library.folder / "papers.md", library.lock, library.config):
        before = path.read_bytes() if path.exists() else None
        refused = library.run("bib", "-o", str(path))
        assert (refused.exit_code, "is a file of this project" in refused.errors) == (2, True)
        assert (path.read_bytes() if path.exists() else None) == before


def test_bytes_that_are_not_utf_8_and_windows_line_ends_are_copied_as_they_are(lab: Lab, tmp_path: Path) -> None:
    entry = b"@misc{a,\r\n  title = {M\xfcller},\r\n}\r\n"
    lab.bib.write_bytes(b"% x\r\n\r\n" + entry + b"\r\n@misc{b, title={B}}\r\n")
    aux, out = lab.write("paper.aux", "\\citation{a}"), tmp_path / "out.bib"
    assert lab.run("bib", "--cited", str(aux), "-o", str(out)).exit_code == 0
    assert out.read_bytes() == entry


def test_a_document_that_is_missing_or_of_another_kind_is_an_error(library: Lab) -> None:
    assert library.run("bib", "--cited", "nowhere.aux").exit_code == 2
    pdf = library.write("paper.pdf", "x")
    answer = library.run("bib", "--cited", str(pdf))
    assert (answer.exit_code, "is no .aux, .bcf or .tex file" in answer.errors) == (1, True)


def test_files_that_cannot_be_followed_are_noted(library: Lab) -> None:
    tex = library.write("paper.tex", r"\cite{old}\input{../outside}\input{gone}")
    answer = library.run("bib", "--cited", str(tex))
    assert answer.exit_code == 0
    assert "note: ../outside lies outside the document's folder" in answer.errors
    assert "note: gone was not found" in answer.errors


def test_keys_follow_the_formula_of_the_configuration(lab: Lab) -> None:
    lab.config.write_text(lab.config.read_text().replace("[bib]", '[bib]\nkey = "auth.lowr"'))
    answer = lab.run("status")
    assert answer.exit_code == 2
    assert "bib.key: there is no filter `lowr` in key formulas: did you mean lower" in answer.errors


def test_new_works_get_keys_by_the_formula_and_old_ones_keep_theirs(lab: Lab) -> None:
    lab.config.write_text(
        lab.config.read_text()
        .replace("[bib]", '[bib]\nkey = "auth.lower + shorttitle(3, 3) + year"')
        .replace("[resolve]", '[resolve]\nunresolved = "minimal"')
    )
    lab.write(
        "papers.md",
        (lab.folder / "papers.md").read_text() + "| A Study of Losses for Retrieval | Doe, J. | 2021 | BMVC | | |\n",
    )
    lab.push()
    assert set(lab.items()) == {"schroff2015facenet", "wang2018cosface", "doeStudyLossesRetrieval2021"}
