"""`dmlsync convert` works without a project, and says in one sentence what is wrong with its input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dmlsync.cli.app import app

ITEM = {"itemType": "book", "title": "Müller & Co", "creators": [], "date": "2001", "citationKey": "k"}


def convert(*options: str, data: bytes = b"") -> Result:
    return CliRunner().invoke(app, ["convert", *options], input=data)


def test_items_on_standard_input_become_a_bib_file() -> None:
    answer = convert("--from", "zotero", "--to", "bibtex", data=json.dumps(ITEM).encode())
    assert (answer.exit_code, answer.stdout) == (
        0,
        '@book{k,\n  title = {M{\\"u}ller \\& {Co}},\n  year = {2001},\n}\n',
    )


def test_english_titles_of_items_are_in_title_case_unless_they_are_to_be_kept() -> None:
    item = json.dumps({**ITEM, "title": "Learning with the Euclidean metric"}).encode()
    kept = "Learning with the {Euclidean} metric"
    assert "{Learning with the {Euclidean} Metric}" in convert("--from", "zotero", "--to", "bibtex", data=item).stdout
    for source, data in (("zotero", item), ("bib", f"@book{{k, title = {{{kept}}}}}".encode())):
        answer = convert("--from", source, "--to", "biblatex", *["--keep-case"] * (source == "zotero"), data=data)
        assert f"title = {{{kept}}}" in answer.stdout


def test_a_bib_file_becomes_items_or_csl(tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    path.write_bytes(b"\xef\xbb\xbf@book{k, title = {On {BERT}}, date = {2001}}\r\n")
    for target, member in (("zotero", "citationKey"), ("csl", "id")):
        (found,) = json.loads(convert(str(path), "--from", "bib", "--to", target).stdout)
        assert (found[member], found["title"]) == ("k", "On BERT")


def test_what_cannot_be_read_in_a_bib_file_is_told_and_the_rest_converted() -> None:
    answer = convert("-", "--from", "bib", "--to", "biblatex", data=b"@book{a, title = \n@book{b, title = {x}}")
    assert answer.exit_code == 0
    assert answer.stdout.startswith("@book{b,")
    assert answer.stderr.startswith("standard input:1: ")


@pytest.mark.parametrize("data", [b"{", b"\xff", b"3", b'{"a": 1}', b"[[]]", b"[" * 100_000])
def test_other_json_is_one_sentence(data: bytes) -> None:
    answer = convert("--from", "zotero", "--to", "csl", data=data)
    assert answer.exit_code == 1
    assert answer.stderr.startswith("error: standard input") and answer.stderr.count("\n") == 1


@pytest.mark.parametrize("data", [b"\0", b"\xff\xfe@\0"])
def test_what_is_no_text_is_one_sentence(data: bytes) -> None:
    answer = convert("--from", "bib", "--to", "csl", data=data)
    assert (answer.exit_code, answer.stderr.count("\n")) == (1, 1)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    answer = convert(str(tmp_path / "none.bib"), "--from", "bib", "--to", "csl")
    assert (answer.exit_code, answer.stderr.count("\n")) == (1, 1)


def test_nothing_in_is_nothing_out() -> None:
    assert convert("--from", "zotero", "--to", "bibtex", data=b"[]").stdout == ""
    assert convert("--from", "bib", "--to", "csl").stdout == "[]\n"


def test_items_without_a_key_get_one_by_better_bibtex_s_formula_or_by_another() -> None:
    people = [{"creatorType": "author", "firstName": "Kilian", "lastName": "Weinberger"}]
    data = json.dumps({**ITEM, "citationKey": "", "title": "A metric for learning", "creators": people}).encode()
    options = ("--from", "zotero", "--to", "bibtex")
    assert "{weinbergerMetricLearning2001," in convert(*options, data=data).stdout
    assert "{weinberger2001metric," in convert(*options, "--key-formula", "family + year + word", data=data).stdout
    wrong = convert(*options, "--key-formula", "nonsense(", data=data)
    assert (wrong.exit_code, wrong.stderr.count("\n")) == (2, 1)
