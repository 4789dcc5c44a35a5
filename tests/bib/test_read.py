from __future__ import annotations

import time

import pytest

from dmlsync.bib.document import Document
from dmlsync.bib.read import record_of, records
from dmlsync.model import Creator, Record


def read(text: str, key: str = "k") -> Record:
    return record_of(Document.parse(text.encode()), key)


def test_a_biblatex_entry_is_read() -> None:
    record = read(
        "@inproceedings{k, title={{BERT}: Deep}, author={Devlin, Jacob and {Google AI}},"
        " booktitle={Proc. of \\emph{X}},"
        " date={2019-06-02}, eventtitle={NAACL}, location={Minneapolis}, publisher={ACL}, pages={4171--4186},"
        " doi={https://doi.org/10.18653/v1/N19-1423}, url={https://x.org/a_b%20c}, eprint={1810.04805},"
        " eprinttype={arXiv},"
        " eprintclass={cs.CL}, langid={american}, abstract={We\n  do.}, urldate={2020-01-02}}"
    )
    assert record == Record(
        "conferencePaper",
        {
            "title": "BERT: Deep",
            "proceedingsTitle": "Proc. of <i>X</i>",
            "conferenceName": "NAACL",
            "date": "2019-06-02",
            "place": "Minneapolis",
            "publisher": "ACL",
            "pages": "4171-4186",
            "DOI": "10.18653/v1/N19-1423",
            "url": "https://x.org/a_b%20c",
            "arXiv": "1810.04805",
            "language": "en-US",
            "abstractNote": "We do.",
            "accessDate": "2020-01-02",
        },
        (Creator("Devlin", "Jacob"), Creator(name="Google AI")),
    )


def test_a_bibtex_entry_is_read() -> None:
    record = read(
        "@string{pami = {IEEE Trans. } # {PAMI}}\n"
        '@Article{k, Title="M{\\"u}ller \\& Co", AUTHOR={M{\\"u}ller, J. and others}, journal=pami,'
        ' year=2015, month=jul # "~5",'
        " volume=3, number={4}, pages={1--2}, address={New York}, archivePrefix={arXiv}, eprint={1503.03832},"
        " primaryClass={cs.CV}}"
    )
    assert record == Record(
        "journalArticle",
        {
            "title": "Müller & Co",
            "publicationTitle": "IEEE Trans. PAMI",
            "date": "2015-07-05",
            "volume": "3",
            "issue": "4",
            "pages": "1-2",
            "place": "New York",
            "arXiv": "1503.03832",
        },
        (Creator("Müller", "J."), Creator(name="others")),
    )


@pytest.mark.parametrize(
    ("entry", "item_type"),
    [
        ("@article{k}", "journalArticle"),
        ("@online{k, url={https://x.org}}", "webpage"),
        ("@online{k, eprint={1306.6709}, eprinttype={arxiv}}", "preprint"),
        ("@misc{k, eprint={1306.6709}, archivePrefix={arXiv}}", "preprint"),
        ("@misc{k, doi={10.48550/arXiv.1306.6709}, publisher={arXiv}}", "preprint"),
        ("@misc{k, howpublished={\\url{https://x.org}}}", "webpage"),
        ("@misc{k}", "document"),
        ("@article{k, journal={arXiv preprint arXiv:1306.6709}}", "preprint"),
        ("@article{k, journal={CoRR}, volume={abs/1306.6709}}", "preprint"),
        ("@article{k, journal={Nature}, eprint={1306.6709}, archiveprefix={arXiv}}", "journalArticle"),
        ("@phdthesis{k}", "thesis"),
        ("@techreport{k}", "report"),
        ("@inbook{k}", "bookSection"),
        ("@software{k}", "computerProgram"),
        ("@dataset{k}", "dataset"),
        ("@patent{k}", "patent"),
        ("@unpublished{k}", "manuscript"),
        ("@unpublished{k, eventtitle={X}}", "presentation"),
        ("@article{k, entrysubtype={newspaper}}", "newspaperArticle"),
        ("@weird{k}", "document"),
    ],
)
def test_the_item_type_comes_from_type_and_fields(entry: str, item_type: str) -> None:
    assert read(entry).item_type == item_type


@pytest.mark.parametrize(
    "entry",
    ["@online{k, eprint={1306.6709v2}, eprinttype={arxiv}}", "@article{k, journal={arXiv preprint arXiv:1306.6709v2}}"],
)
def test_a_preprint_has_repository_and_id(entry: str) -> None:
    record = read(entry)
    assert (record.get("repository"), record.get("archiveID"), record.get("arXiv")) == (
        "arXiv",
        "arXiv:1306.6709v2",
        "",
    )


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ("@thesis{k, type={phdthesis}}", "PhD thesis"),
        ("@phdthesis{k}", "PhD thesis"),
        ("@mastersthesis{k}", "Master's thesis"),
        ("@thesis{k, type={Habilitation}}", "Habilitation"),
        ("@thesis{k}", ""),
    ],
)
def test_the_kind_of_thesis_is_read(entry: str, kind: str) -> None:
    assert read(entry).get("thesisType") == kind


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x.org/a_b?c=d%20e&f#g", "https://x.org/a_b?c=d%20e&f#g"),
        ("\\url{https://x.org/a}", "https://x.org/a"),
        ("https://x.org/a\\_b\\%20c\\&d", "https://x.org/a_b%20c&d"),
        ("https://x.org/{\\~{}}u", "https://x.org/~u"),
        ("https://x.org/$\\sim$u", "https://x.org/$~$u"),
    ],
)
def test_addresses_are_verbatim(url: str, expected: str) -> None:
    assert read(f"@online{{k, url={{{url}}}}}").get("url") == expected


def test_a_subtitle_belongs_to_the_title() -> None:
    assert read("@book{k, title={Main}, subtitle={Second}}").title == "Main: Second"
    assert read("@book{k, title={Why?}, subtitle={Because}}").title == "Why? Because"


def test_a_chapter_inherits_from_its_book() -> None:
    text = (
        "@incollection{k, title={Part}, author={A, B}, crossref={Whole}, xdata={pub}}\n"
        "@xdata{pub, publisher={Springer}, location={Berlin}}\n"
        "@collection{whole, title={The Whole}, subtitle={All}, editor={E, F}, date={2011}, author={No, One}}\n"
    )
    record = read(text)
    assert record.get("bookTitle") == "The Whole: All"
    assert (record.get("date"), record.get("publisher"), record.get("place")) == ("2011", "Springer", "Berlin")
    assert record.creators == (Creator("A", "B"), Creator("E", "F", creator_type="editor"))


def test_circles_of_parents_end() -> None:
    text = "@inbook{k, crossref={j}}\n@book{j, crossref={k}, xdata={j,k}, title={T}}"
    assert read(text).get("bookTitle") == "T"


def test_macros_that_double_each_other_stay_small() -> None:
    text = "@string{m0 = {xxxxxxxxxx}}" + "".join(f"@string{{m{i} = m{i - 1} # m{i - 1}}}" for i in range(1, 60))
    start = time.perf_counter()
    record = read(text + "@misc{k, title = m59 # m59}")
    assert len(record.title) <= 100_000 and time.perf_counter() - start < 2
    assert read("@string{a = a # {x}}@misc{k, title = a}").title == "x"


def test_an_undefined_macro_is_its_name() -> None:
    assert read("@misc{k, title = unknown # { x}}").title == "unknown x"


def test_bytes_that_are_not_utf8_are_windows_letters() -> None:
    document = Document.parse("@misc{k, title={Café ".encode() + b"M\xfcller\x96x}}")
    assert record_of(document, "k").title == "Café Müller–x"


def test_an_entry_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        read("@misc{k}", "j")


def test_all_records_come_in_order() -> None:
    document = Document.parse(b"@misc{b, title={1}}@misc{a, title={2}}@misc{B, title={3}}@misc{, title={4}}")
    assert {key: record.title for key, record in records(document).items()} == {"b": "1", "a": "2"}
