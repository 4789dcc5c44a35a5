"""What the lines of Extra say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dmlsync.bib.own_fields import OwnField
from dmlsync.model import Creator
from dmlsync.zotero.extra_lines import label_of, lines_of


def test_labels_of_zotero_and_variables_of_csl_are_values_in_any_spelling() -> None:
    lines = lines_of("Series Title: S\noriginal-publisher: P\nPMID: 12\nEvent Place: Oslo\nNumber of Pages: 3")
    assert dict(lines.values) == {
        "seriesTitle": "S",
        "originalPublisher": "P",
        "PMID": "12",
        "eventPlace": "Oslo",
        "numPages": "3",
    }
    assert lines.rest == ""


def test_the_old_spelling_in_braces_is_read_wherever_it_stands() -> None:
    lines = lines_of("read this {:original-date: 1929} soon\n{:status:forthcoming}")
    assert dict(lines.values) == {"originalDate": "1929", "status": "forthcoming"}
    assert lines.rest == "read this  soon"


def test_fields_for_bib_files_keep_their_dialect_and_their_latex() -> None:
    lines = lines_of(
        "tex.addendum: A & B\ntex.note= \\emph{x}\nbibtex.foo: 1\nbiblatex.referencetype: review\ntex.issue="
    )
    assert lines.own == (
        OwnField("addendum", "A & B"),
        OwnField("note", "\\emph{x}", latex=True),
        OwnField("foo", "1", dialect="bibtex"),
        OwnField("entrytype", "review", dialect="biblatex"),
        OwnField("issue", "", latex=True),
    )


def test_a_type_is_one_of_csl_or_the_kind_of_a_report() -> None:
    assert lines_of("type: review-book").csl_type == "review-book"
    assert dict(lines_of("Type: White paper").values) == {"type": "White paper"}


def test_keys_arxiv_ids_and_people_have_their_places() -> None:
    lines = lines_of(
        "Citation Key: doe2001\narXiv: 1401.2910 [quant-ph]\nEditor: van Gogh || Vincent\nTranslator: NASA"
    )
    assert (lines.citation_key, lines.arxiv) == ("doe2001", "1401.2910 [quant-ph]")
    assert lines.creators == (
        Creator("van Gogh", "Vincent", creator_type="editor"),
        Creator(name="NASA", creator_type="translator"),
    )


def test_all_other_lines_are_text() -> None:
    assert lines_of("OCLC: 12\n\n00000\nsee https://x.org: good").rest == "OCLC: 12\n\n00000\nsee https://x.org: good"


def test_what_is_written_under_a_label_is_read_again() -> None:
    for base in ("originalDate", "originalTitle", "publisher", "seriesTitle", "rights", "callNumber", "accessDate"):
        assert dict(lines_of(f"{label_of(base)}: 1999").values) == {base: "1999"}


@given(st.text(alphabet="aT:{}=.|\n e", max_size=60))
def test_any_extra_can_be_read(extra: str) -> None:
    lines_of(extra)
