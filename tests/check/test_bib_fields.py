from __future__ import annotations

from collections.abc import Callable

import pytest

from dmlsync.bib.document import Document
from dmlsync.bib.read import records

Look = Callable[..., object]


def entry(field: str, kind: str = "article") -> str:
    return f"@{kind}{{a,\n  author = {{A, B}},\n  {field},\n}}\n"


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (
            "unprotected-capitals",
            "title = {Learning with BERT and ArcFace}",
            "title = {Learning with {BERT} and {ArcFace}}",
        ),
        ("unprotected-capitals", 'title = "GANs for All"', 'title = "{GANs} for All"'),
        ("unescaped-sign", "journal = {Science & Nature}", r"journal = {Science \& Nature}"),
        ("unescaped-sign", "title = {50% of C# and a_b}", r"title = {50\% of C\# and a\_b}"),
        ("bad-doi", "doi = {https://doi.org/10.1109/5.771073}", "doi = {10.1109/5.771073}"),
        ("bad-doi", "doi = {doi: 10.1109/5.771073}", "doi = {10.1109/5.771073}"),
        ("page-range", "pages = {12-34}", "pages = {12--34}"),
        ("page-range", "pages = {12–34}", "pages = {12--34}"),
        ("page-range", 'pages = " 12---34 "', 'pages = " 12--34 "'),
    ],
)
def test_a_field_is_mended_to_the_byte_and_means_what_it_meant(
    rule: str, before: str, after: str, in_bib: Look
) -> None:
    look = in_bib("% Kept as it is \r\n" + entry(before), "bibtex")
    assert look.lines(rule) == [4]
    assert look.after(rule) == "% Kept as it is \r\n" + entry(after)
    assert records(Document.parse(look.after(rule).encode())) == look.checked.records


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ("shouting-title", "title = {GANs and VAEs and BERT: A Survey of Recent Results}"),
        ("shouting-title", "title = {ORB: An Efficient Alternative to SIFT or SURF}"),
        ("shouting-title", "title = {{XMU}-{TS} for {NIST} {SRE19} {CTS}}"),
        ("shouting-title", "title = {שלום עולם טוב מאוד}"),
        ("unprotected-capitals", "title = {Learning with {BERT} and {Arc}Face in $L_2$ and \\LaTeX}"),
        ("unprotected-capitals", "title = {{The ABC of CNNs}}"),
        ("unprotected-capitals", "title = {A Deep Loss: The F-Statistic and the N-pair}"),
        ("unprotected-capitals", "title = {BERT auf Deutsch}, langid = {german}"),
        ("unprotected-capitals", "booktitle = {Proceedings of the IEEE}"),
        ("unescaped-sign", r"title = {A \& B, $a_b$, {\%}, \#1}"),
        ("unescaped-sign", "url = {https://a.example/a_b?c=d&e=%20#f}"),
        ("unescaped-sign", r"publisher = {\url{https://a.example/a_b}}"),
        ("unescaped-sign", "abstract = {50% & more}"),
        ("bad-doi", "doi = {10.1109/5.771073}"),
        ("bad-doi", r"doi = {10.1007/978-3-030-58571-6\_17}"),
        ("bad-isbn", "isbn = {978-3-16-148410-0}, issn = {0378-5955}"),
        ("bad-isbn", "isbn = {0-306-40615-2 (print), 9783161484100}"),
        ("bad-isbn", "issn = {ISSN 0378-5955; 2434-561X}"),
        ("page-range", "pages = {12--34}"),
        ("page-range", "pages = {12:1--12:34}"),
        ("page-range", "pages = {1234--45}"),
        ("page-range", "pages = {e12345}"),
        ("bad-date", "date = {2020-05}, year = {2020}, month = jul"),
        ("bad-date", "date = {2020/2021}"),
        ("bad-date", "date = {1984~}"),
        ("bad-date", "year = {in press}, month = {July/August}"),
        ("bad-date", "year = {2019--2020}, month = {05}"),
        ("bad-date", "year = {c1999}"),
    ],
)
def test_a_good_field_is_no_problem(rule: str, field: str, in_bib: Look) -> None:
    assert in_bib(entry(field), "bibtex").lines(rule) == []


@pytest.mark.parametrize(
    ("rule", "field", "message"),
    [
        ("shouting-title", "title = {DEEP LEARNING OF THINGS}", "the title is in capitals"),
        ("bad-doi", "doi = {see the web page}", "doi: `see the web page` is no DOI"),
        ("bad-doi", "doi = {10.1109/5.771073 and more}", "doi: `10.1109/5.771073 and more` holds more than"),
        ("bad-isbn", "isbn = {978-3-16-148410-1}", "isbn: `978-3-16-148410-1` is not a valid ISBN"),
        ("bad-isbn", "isbn = {0378-5955}", "isbn: `0378-5955` is an ISSN"),
        ("bad-isbn", "issn = {0378-5954}", "issn: `0378-5954` is not a valid ISSN"),
        ("page-range", "pages = {120--34}", ""),
        ("page-range", "pages = {340--120}", "pages: `340--120` runs backwards"),
        ("bad-date", "month = {Febuary 31st}", ""),
        ("bad-date", "month = {13}", "month: `13` is no month"),
        ("bad-date", "date = {2020-13-45}", "date: `2020-13-45` is no date"),
        ("bad-date", "year = {20}", "year: `20` is no year"),
        ("unescaped-sign", "title = {A $5 Loss}", "title: a `$` that opens math and never closes it"),
    ],
)
def test_what_only_a_person_can_mend_is_told(rule: str, field: str, message: str, in_bib: Look) -> None:
    look = in_bib(entry(field))
    said = look.says(rule)
    assert [one.startswith(f"a: {message}") for one in said] == ([True] if message else [])
    assert look.after(rule) == entry(field)


def test_biblatex_knows_a_single_hyphen(in_bib: Look) -> None:
    assert in_bib(entry("pages = {12-34}"), "biblatex").lines("page-range") == []


def test_titles_that_no_style_lowers_need_no_braces(in_bib: Look) -> None:
    assert in_bib(entry("title = {The ABC of CNNs}", "book")).lines("unprotected-capitals") == []


def test_a_title_of_many_capital_words_is_left_to_a_person(in_bib: Look) -> None:
    text = entry("title = {On AAA and BBB and CCC and DDD for the quick and the very lazy}")
    assert in_bib(text).lines("unprotected-capitals") == [3]
    assert in_bib(text).after("unprotected-capitals") == text


def test_bytes_that_are_not_utf_8_stay(in_bib: Look) -> None:
    text = b"@article{a, title = {K\xf6nig & BERT}, pages = {1-2}}\n".decode("utf-8", "surrogateescape")
    mended = in_bib(text, "bibtex").after("unescaped-sign")
    assert mended.encode("utf-8", "surrogateescape") == b"@article{a, title = {K\xf6nig \\& BERT}, pages = {1-2}}\n"
