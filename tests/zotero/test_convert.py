"""Items as .bib files and CSL JSON, entries as items."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dmlsync.bib.document import Document
from dmlsync.bib.entry_types import DIALECTS, Dialect
from dmlsync.bib.read import records, text_of
from dmlsync.zotero.convert import bib_text, csl_items, entries_of, entries_text, items_in, items_of

SHARED = Path(__file__).parents[2] / ".." / "shared" / "bibtex"
FILES = sorted((SHARED / "import").glob("*.bib"))


def paper(**fields: Any) -> dict[str, Any]:
    creators = [{"creatorType": "author", "firstName": "Ann", "lastName": "Müller"}]
    return {"itemType": "journalArticle", "title": "Metrics", "creators": creators, "date": "2020", **fields}


def entry(item: dict[str, Any], dialect: Dialect = "biblatex") -> dict[str, str]:
    """The fields of the entry that an item becomes, without delimiters, and its type."""
    (found,) = Document.parse(bib_text([item], dialect).encode()).entries
    return {"@": found.type, **{field.name: field.value.strip("{}") for field in found.fields}}


def test_extra_fills_what_the_item_lacks() -> None:
    found = entry(paper(DOI="10.1/own", extra="DOI: 10.1/extra\nPublisher: ACM\nPMID: 12\nread it"))
    assert (found["doi"], found["publisher"], found["annotation"]) == ("10.1/own", "ACM", "read it")
    assert (found["eprint"], found["eprinttype"]) == ("12", "pubmed")


def test_fields_for_bib_files_override_all_and_a_blank_one_removes() -> None:
    found = entry(paper(issue="3", extra="tex.issue=\ntex.number= special 1978\ntex.entrytype: review\nbibtex.foo: 1"))
    assert (found["@"], found["number"]) == ("review", "special 1978")
    assert "foo" not in found
    assert entry(paper(extra="bibtex.foo: 1"), "bibtex")["foo"] == "1"


def test_latex_in_extra_can_only_print() -> None:
    text = bib_text(
        [paper(extra="tex.note= \\emph{x} \\'e\ntex.addendum= \\input{/etc/passwd}\ntex.foo= a}, b = {c")], "biblatex"
    )
    assert "note = {\\emph{x} \\'e}" in text
    assert "\\input" not in text
    assert len(Document.parse(text.encode()).entries) == 1
    assert "  b = " not in text


def test_raw_latex_in_a_title_can_only_print() -> None:
    title = "<pre>\\input{x}</pre> and <script>\\LaTeX</script> by <i><pre>\\'E</pre>va</i>"
    assert entry(paper(title=title))["title"] == "x and \\LaTeX{} by \\mkbibemph{\\'Eva"


def test_titles_are_raised_where_the_entry_is_to_be_printed() -> None:
    item = paper(
        title='The cat’s <span class="nocase">mTOR</span> pathway',
        extra="Original Title: on a katze",
        shortTitle="The cat",
    )
    for raised, title, short in (
        (True, "The Cat’s {{mTOR}} Pathway", "The Cat"),
        (False, "The cat’s {{mTOR}} pathway", "The cat"),
    ):
        text = bib_text([item], "biblatex", title_case=raised)
        assert f"  title = {{{title}}},\n" in text and f"shorttitle = {{{short}}}" in text
    assert "origtitle = {On a Katze}" in bib_text([item], "biblatex", title_case=True)
    assert "title = {scikit-learn}" in bib_text(
        [{"itemType": "computerProgram", "title": "scikit-learn"}], "bibtex", title_case=True
    )
    assert csl_items([item])[0]["title"] == item["title"]


def test_kinds_of_reports_are_raised_where_a_style_sets_their_case() -> None:
    item = {"itemType": "report", "title": "On x", "reportType": "white paper", "institution": "Acme"}
    assert "type = {White Paper}" in bib_text([item], "bibtex", title_case=True)
    assert "type = {white paper}" in bib_text([item], "biblatex", title_case=True)
    manual = entry({**item, "reportType": "User manual"})
    assert (manual["@"], manual["organization"]) == ("manual", "Acme")


def test_biblatex_is_told_what_it_prints_in_the_language_of_the_document() -> None:
    found = entry(paper(itemType="book", edition="2nd ed.", date="n.d.", extra="JSTOR: 123"))
    assert (found["edition"], found["year"]) == ("2", "\\bibstring{nodate")
    assert (found["eprint"], found["eprinttype"]) == ("123", "jstor") and "jstor" not in found
    classic = entry(paper(itemType="book", edition="2nd ed.", date="n.d.", extra="JSTOR: 123"), "bibtex")
    assert (classic["edition"], classic["year"], classic["jstor"]) == ("2nd ed.", "n.d.", "123")


def test_a_reprint_has_the_date_of_the_original() -> None:
    item = paper(date="[1990] 2002")
    assert (entry(item)["date"], entry(item)["origdate"]) == ("2002", "1990")
    assert entry(item, "bibtex")["year"] == "[1990] 2002"
    (csl,) = csl_items([item])
    assert csl["issued"] == {"date-parts": [[2002]]} and csl["original-date"] == {"date-parts": [[1990]]}


def test_an_article_on_arxiv_stays_what_a_member_made_of_it() -> None:
    item = paper(publicationTitle="arXiv:1407.5694 [math]", extra="arXiv: 1407.5694")
    assert entry(item)["@"] == "unpublished"
    classic = entry(item, "bibtex")
    assert (classic["@"], classic["journal"], classic["primaryclass"]) == ("article", "arXiv:1407.5694 [math]", "math")


def test_keywords_are_names_to_filter_by() -> None:
    item = paper(tags=[{"tag": "process_model"}, {"tag": "A & B, C%"}])
    assert entry(item)["keywords"] == "A & B C,process_model"
    assert entry(item, "bibtex")["keywords"] == "A \\& B C,process\\_model"


def test_pinned_keys_come_first_and_every_entry_has_a_key_of_its_own() -> None:
    items = [paper(), paper(extra="bibtex: mueller2020metrics"), paper(citationKey="K"), paper(citationKey="k")]
    keys = [one.key for one in Document.parse(bib_text(items, "biblatex").encode()).entries]
    assert keys[1:3] == ["mueller2020metrics", "K"]
    assert len({key.lower() for key in keys}) == 4


def test_csl_follows_its_schema() -> None:
    creators = [
        {"creatorType": "author", "firstName": "Jean de", "lastName": "La Fontaine"},
        {"creatorType": "author", "firstName": "Martin Luther, Jr.", "lastName": "King"},
        {"creatorType": "author", "firstName": "Vincent", "lastName": "van Gogh"},
        {"creatorType": "editor", "name": "NASA"},
    ]
    item = paper(creators=creators, date="2014-07-25/2014-08", pages="1–9", extra="type: review\nsome note", url="u")
    (csl,) = csl_items([item, {"itemType": "note", "note": "x"}])
    assert csl["type"] == "review"
    assert csl["author"] == [
        {"family": "La Fontaine", "given": "Jean", "dropping-particle": "de"},
        {"family": "King", "given": "Martin Luther", "suffix": "Jr."},
        {"family": "Gogh", "given": "Vincent", "non-dropping-particle": "van"},
    ]
    assert csl["editor"] == [{"literal": "NASA"}]
    assert csl["issued"] == {"date-parts": [[2014, 7, 25], [2014, 8]]}
    assert (csl["page"], csl["note"], csl["URL"]) == ("1-9", "some note", "u")
    assert csl["id"] == csl["citation-key"]


@pytest.mark.parametrize(
    ("date", "csl"),
    [
        ("Winter 1975", {"date-parts": [[1975]], "season": 4}),
        ("1999?", {"date-parts": [[1999]], "circa": True}),
        ("in press", {"literal": "in press"}),
    ],
)
def test_dates_of_csl_are_parts_or_the_text(date: str, csl: dict[str, Any]) -> None:
    assert csl_items([paper(date=date)])[0]["issued"] == csl


def test_items_come_bare_in_envelopes_or_in_an_export() -> None:
    item = paper()
    envelope = {"key": "ABCD2345", "version": 1, "data": item}
    assert items_in(item) == [item]
    assert items_in([envelope]) == items_in({"items": [envelope]}) == [envelope]
    assert bib_text([envelope], "bibtex") == bib_text([item], "bibtex")
    for other in ({"a": 1}, [item, 3], "x", None):
        with pytest.raises(ValueError, match="no Zotero item"):
            items_in(other)


BIB = b"""\
@string{acm = {ACM}}
@manual{a, title = {The {BERT} book}, author = {Doe, Jane and others}, publisher = acm, keywords = {x, y z; w},
  origdate = {1929}, note = {A \\& B}, weird = {{\\LaTeX}}, lccn = {QA 1}, annote = {seen}, journal = undefinedmacro}
@article{, title = {Without a key}, year = 2001}
@misc{A, title = {A duplicate}}
"""


def test_entries_become_items_with_all_that_they_say() -> None:
    first, second, third = items_of(Document.parse(BIB))
    assert first["itemType"] == "report" and first["citationKey"] == "a"
    assert first["creators"] == [{"creatorType": "author", "firstName": "Jane", "lastName": "Doe"}]
    assert first["tags"] == [{"tag": "w"}, {"tag": "x"}, {"tag": "y z"}]
    assert first["callNumber"] == "QA 1"
    lines = str(first["extra"]).split("\n")
    assert "original-date: 1929" in lines and "tex.note: A & B" in lines and "tex.weird: LaTeX" in lines
    assert "tex.entrytype: manual" in lines and "seen" in lines
    assert (second["title"], third["title"]) == ("Without a key", "A duplicate")


def test_habits_of_other_programs_are_understood() -> None:
    data = b"""@movie{a, director = {Marka, Sebastiaan}, call-number = {HV40}, tags = {b, a},
        keywords = {space groups; International Tables for
           Crystallography}, bdsk-url-1 = {https://x.org/a_b}}
        @article{b, keywords = {one\ntwo}, doi = {10.1/x}, bdsk-url-1 = {https://doi.org/10.1/x}}"""
    film, paper = items_of(Document.parse(data))
    assert film["creators"] == [{"creatorType": "director", "firstName": "Sebastiaan", "lastName": "Marka"}]
    assert (film["callNumber"], film["url"]) == ("HV40", "https://x.org/a_b")
    tags = ["International Tables for Crystallography", "a", "b", "space groups"]
    assert [tag["tag"] for tag in film["tags"]] == tags  # type: ignore[attr-defined]
    assert paper["tags"] == [{"tag": "one"}, {"tag": "two"}]
    assert "url" not in paper and "extra" not in film | paper


def test_entries_go_over_into_the_other_dialect_with_all_that_they_say() -> None:
    document = Document.parse(BIB)
    found = Document.parse(entries_text(entries_of(document), "bibtex").encode())
    assert [one.type for one in found.entries] == ["manual", "article", "misc"]
    assert len(found.keys) == 3
    first = found.entries[0]
    assert first.value("author") == "{Doe, Jane and others}"
    assert first.value("note") == "{A \\& B}" and first.value("weird") == "{{\\LaTeX}}"
    assert first.value("title") == "{The {BERT} book}"


@pytest.mark.skipif(not FILES, reason="the shared sample of .bib files is not here")
@pytest.mark.parametrize("dialect", DIALECTS)
def test_real_files_lose_no_entry_whatever_they_become(dialect: Dialect) -> None:
    for path in FILES:
        document = Document.parse(path.read_bytes())
        assert document.data == path.read_bytes()
        items = items_of(document)
        assert len(items) == len(document.entries)
        for text in (entries_text(entries_of(document), dialect), bib_text(items, dialect)):
            again = Document.parse(text.encode("utf-8", "replace"))
            assert len(again.entries) == len(items) and not again.problems, path.name
            assert len(records(again)) == len(items)
        assert len(csl_items(items)) == len(items)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared cases of exports are not here")
@pytest.mark.parametrize("dialect", DIALECTS)
def test_real_items_are_of_the_expected_type_under_their_own_keys(dialect: Dialect) -> None:
    for line in (SHARED / "cases.jsonl").read_bytes().splitlines():
        case = json.loads(line)
        expected = case[f"expected_{dialect}"]
        if expected:
            (found,) = Document.parse(bib_text([case["item"]], dialect).encode()).entries
            assert found.type == expected["type"], case["case"]
            assert case["key_mode"] != "pinned" or found.key == case["expected_key"]


@pytest.mark.skipif(not SHARED.exists(), reason="the shared cases of exports are not here")
@pytest.mark.parametrize("dialect", DIALECTS)
def test_titles_of_real_items_print_as_expected_in_their_capitals_too(dialect: Dialect) -> None:
    same, count = 0, 0
    for line in (SHARED / "cases.jsonl").read_bytes().splitlines():
        case = json.loads(line)
        expected = (case[f"expected_{dialect}"] or {"fields": {}})["fields"].get("title")
        if expected and "title" not in case[f"mask_{dialect}"]:
            (found,) = Document.parse(bib_text([case["item"]], dialect, title_case=True).encode()).entries
            same += text_of(expected) == text_of(found.value("title"))
            count += 1
    assert same / count > 0.96
