from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from dmlsync.model import Identifiers
from dmlsync.sync.lock import WorkState

Look = Callable[..., object]

PAPER = """@inproceedings{kim2020proxy,
  title = {Proxy Anchor Loss for Deep Metric Learning},
  author = {Kim, Sungyeon and Cho, Minsu},
  booktitle = {Some Conference},
  year = {2020},
  doi = {10.1109/cvpr42600.2020.00330},
}
"""
PREPRINT = """@misc{kim2020preprint,
  title = {Proxy Anchor Loss for Deep Metric Learning},
  author = {Kim, Sungyeon and Cho, Minsu},
  year = {2020},
  eprint = {2003.13911},
  archiveprefix = {arXiv},
}
"""
RULES = ("bib-syntax", "missing-field", "bad-key", "duplicate-record", "published-preprint")


@pytest.mark.parametrize("dialect", ["bibtex", "biblatex"])
def test_a_complete_entry_is_no_problem(dialect: str, in_bib: Look) -> None:
    assert [in_bib(PAPER, dialect).lines(rule) for rule in RULES] == [[]] * len(RULES)


def test_what_cannot_be_read_is_an_error_with_its_line_and_key(in_bib: Look) -> None:
    look = in_bib("@misc{a,\n title = {A}\n}\n@misc{A,\n title = {B}\n}\n@misc{c,\n title = {open\n")
    assert look.lines("bib-syntax") == [4, 7]
    assert look.says("bib-syntax")[0] == "A: the key `A` stands in line 1 already"


@pytest.mark.parametrize(
    ("entry", "dialect", "message"),
    [
        ("@article{a, title={T}, author={A, B}, journal={J}}", "bibtex", "a: @article without year"),
        ("@article{a, title={T}, author={A, B}, journal={J}}", "biblatex", "a: @article without date"),
        (
            "@article{a, title={T}, author={A, B}, journaltitle={J}, date={2020}}",
            "bibtex",
            "a: @article without journal (BibTeX does not know its journaltitle), year (BibTeX does not know its date)",
        ),
        ("@book{a, title={T}, year={2020}, publisher={P}}", "bibtex", "a: @book without author or editor"),
        ("@phdthesis{a, title={T}, author={A, B}, year={2020}}", "biblatex", "a: @phdthesis without institution"),
        ("@online{a, title={T}, author={A, B}}", "biblatex", "a: @online without doi or eprint or url"),
        ("@misc{a, author = {A, B}}", "biblatex", "a: @misc without title"),
    ],
)
def test_a_field_that_the_type_needs_is_missed(entry: str, dialect: str, message: str, in_bib: Look) -> None:
    assert in_bib(entry, dialect).says("missing-field") == [message]


@pytest.mark.parametrize(
    ("entry", "dialect"),
    [
        ("@article{a, title={T}, author={A, B}, journal={J}, year={2020}}", "biblatex"),
        ("@book{a, title={T}, editor={A, B}, publisher={P}, year={2020}}", "bibtex"),
        ("@misc{a}", "bibtex"),
        ("@set{a, entryset={b}}", "biblatex"),
        ("@inproceedings{a, title={T}, author={A, B}, crossref={elsewhere}}", "bibtex"),
        (
            "@inproceedings{a, title={T}, author={A, B}, crossref={p}}\n@proceedings{p, title={P}, year={2020}}",
            "biblatex",
        ),
    ],
)
def test_fields_under_other_names_and_inherited_ones_count(entry: str, dialect: str, in_bib: Look) -> None:
    assert in_bib(entry, dialect).lines("missing-field") == []


def test_keys_that_cannot_be_cited_are_told_by_dialect(in_bib: Look) -> None:
    assert in_bib("@misc{a b, title={T}}").says("bad-key") == ["a b: a citation key cannot hold a blank"]
    assert in_bib("@misc{müller, title={T}}").lines("bad-key") == []
    assert in_bib("@misc{müller, title={T}}", "bibtex").lines("bad-key") == [1]
    assert in_bib("@misc{o'hara, title={T}}", "bibtex").lines("bad-key") == []
    assert in_bib("@misc{o'hara, title={T}}").lines("bad-key") == [1]


def test_two_entries_of_one_work_are_told_at_the_later_one(in_bib: Look) -> None:
    again = PAPER.replace("kim2020proxy", "Kim:2020").replace("doi = {10.1109/cvpr42600.2020.00330},", "")
    assert in_bib(PAPER + again).says("duplicate-record") == ["Kim:2020: describes the work of kim2020proxy in line 1"]
    other = PAPER.replace("kim2020proxy", "b").replace("Proxy Anchor Loss for Deep Metric Learning", "Quite Another")
    assert in_bib(PAPER + other).says("duplicate-record") == ["b: has the DOI of another work, kim2020proxy in line 1"]


def test_a_conference_paper_and_its_journal_version_are_two_works(in_bib: Look) -> None:
    journal = PAPER.replace("@inproceedings{kim2020proxy", "@article{kim2022proxy").replace("booktitle", "journal")
    assert (
        in_bib(PAPER + journal.replace("10.1109/cvpr42600.2020.00330", "10.1109/tpami.2022.1")).lines(
            "duplicate-record"
        )
        == []
    )


def test_a_title_that_half_the_field_uses_makes_no_duplicate(in_bib: Look) -> None:
    one = "@article{%s, title={Deep Learning}, author={Lee, J.}, journal={J}, year={2015}}\n"
    assert in_bib(one % "a" + one % "b").lines("duplicate-record") == []


def test_a_preprint_beside_its_published_version_is_told(in_bib: Look) -> None:
    look = in_bib(PAPER + PREPRINT)
    assert look.says("published-preprint") == [
        "kim2020preprint: kim2020proxy is the published version of this preprint"
    ]
    assert look.lines("duplicate-record") == []


def test_a_preprint_that_the_lock_knows_by_a_publishers_doi_is_told(in_bib: Look) -> None:
    look = in_bib(PREPRINT)
    assert look.lines("published-preprint") == []
    known = WorkState(identifiers=Identifiers(doi="10.1109/cvpr42600.2020.00330", arxiv="2003.13911"))
    look.checked = replace(look.checked, works={"kim2020preprint": known})
    assert look.says("published-preprint") == [
        "kim2020preprint: published as doi:10.1109/cvpr42600.2020.00330, and still a preprint here"
    ]
