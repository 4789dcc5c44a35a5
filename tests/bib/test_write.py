from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmlsync import schema
from dmlsync.bib.document import Document, printable
from dmlsync.bib.entry_types import Dialect, item_types
from dmlsync.bib.mapping import field_rules, managed_fields
from dmlsync.bib.normal import representable
from dmlsync.bib.read import record_of
from dmlsync.bib.verify import reads_alike
from dmlsync.bib.write import entry_text, updated, upserted, upserted_all
from dmlsync.errors import BibError
from dmlsync.model import Creator, Record

PAPER = Record(
    "conferencePaper",
    {
        "title": "FaceNet: A Unified Embedding & <i>More</i>",
        "proceedingsTitle": "2015 IEEE Conference on Computer Vision and Pattern Recognition (CVPR)",
        "date": "2015-06-07",
        "pages": "815-823",
        "publisher": "Sons and Daughters",
        "place": "Boston, MA",
        "DOI": "10.1109/CVPR.2015.7298682",
        "url": "https://x.org/a_b%20c{d",
        "arXiv": "1503.03832",
        "language": "en-US",
        "abstractNote": "An abstract.",
        "accessDate": "2020-01-01T00:00:00Z",
    },
    (
        Creator("Schroff", "Florian"),
        Creator("van der Maaten", "Laurens"),
        Creator("Müller", "E.", creator_type="editor"),
    ),
)
PREPRINT = Record(
    "preprint", {"title": "A survey", "repository": "arXiv", "archiveID": "arXiv:1306.6709", "date": "2013"}
)

BIBLATEX = """\
@inproceedings{schroff2015facenet,
  title = {{FaceNet}: A Unified Embedding \\& \\mkbibemph{More}},
  booktitle = {2015 {IEEE} Conference on Computer Vision and Pattern Recognition ({CVPR})},
  author = {Schroff, Florian and family=Maaten, given=Laurens, prefix=van der, useprefix=true},
  editor = {Müller, E.},
  date = {2015-06-07},
  eprint = {1503.03832},
  eprinttype = {arXiv},
  pages = {815--823},
  publisher = {{Sons and Daughters}},
  location = {Boston, MA},
  doi = {10.1109/CVPR.2015.7298682},
  url = {https://x.org/a_b%20c%7Bd},
  urldate = {2020-01-01},
  langid = {american},
}
"""
BIBTEX = """\
@inproceedings{schroff2015facenet,
  title = {{FaceNet}: A Unified Embedding \\& \\emph{More}},
  booktitle = {2015 {IEEE} Conference on Computer Vision and Pattern Recognition ({CVPR})},
  author = {Schroff, Florian and {van der Maaten}, Laurens},
  editor = {M{\\"u}ller, E.},
  year = {2015},
  month = jun,
  eprint = {1503.03832},
  archiveprefix = {arXiv},
  pages = {815--823},
  publisher = {{Sons and Daughters}},
  address = {Boston, MA},
  doi = {10.1109/CVPR.2015.7298682},
  url = {https://x.org/a_b%20c%7Bd},
  urldate = {2020-01-01},
  langid = {american},
}
"""


def test_an_entry_follows_the_conventions_of_its_dialect() -> None:
    assert entry_text("schroff2015facenet", PAPER) == BIBLATEX
    assert entry_text("schroff2015facenet", PAPER, "bibtex") == BIBTEX


def test_a_preprint_is_online_or_misc() -> None:
    assert "@online{k,\n" in entry_text("k", PREPRINT)
    text = entry_text("k", PREPRINT, "bibtex")
    assert text.startswith("@misc{k,\n") and "archiveprefix = {arXiv}" in text and "pubstate = {prepublished}" in text


def test_the_arxiv_class_is_written_where_it_is_known() -> None:
    record = Record("journalArticle", {"title": "T", "arXiv": "1401.2910 [quant-ph]"})
    assert "eprint = {1401.2910},\n  eprinttype = {arXiv},\n  eprintclass = {quant-ph}," in entry_text("k", record)


def test_words_that_zotero_marks_keep_their_case() -> None:
    record = Record("book", {"title": 'Cores of <span class="nocase">nm</span> size', "accessDate": "2020-01-02"})
    text = entry_text("k", record)
    assert "title = {Cores of {{nm}} size}" in text
    document = Document.parse(text.encode())
    assert upserted(document, "k", Record("book", {"title": "Cores of nm size"})) is document
    changed = Record("book", {"title": 'Wires of <span class="nocase">nm</span> size'})
    assert "title = {Wires of {{nm}} size}" in upserted(document, "k", changed).text
    assert "abstract" not in entry_text("k", PAPER) and "urldate" not in text


def test_ranges_of_pages_have_dashes() -> None:
    for pages, written in (("S1-S10", "S1--S10"), ("1-9, 12-13", "1--9, 12--13"), ("A1-B2", "A1-B2"), ("X-1", "X-1")):
        assert f"pages = {{{written}}}" in entry_text("k", Record("journalArticle", {"pages": pages}))


@pytest.mark.parametrize("key", ["", "a b", "a,b", "a{b", "a%b", "a}", "ä b"])
def test_an_unsafe_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="key"):
        entry_text(key, PAPER)
    with pytest.raises(BibError):
        upserted(Document.parse(b""), key, PAPER)


@pytest.mark.parametrize("dialect", ["biblatex", "bibtex"])
@pytest.mark.parametrize(
    "evil",
    [
        "\\input{/etc/passwd}",
        "x}, evil = {y",
        "}\n@misc{evil, title={x}}",
        "100% \\write18{ls}",
        '" # evil # "',
        "{",
        "$\\input{x}$",
    ],
)
def test_no_text_can_leave_its_field(evil: str, dialect: Dialect) -> None:
    fields = dict.fromkeys(managed_fields("conferencePaper"), evil)
    record = Record("conferencePaper", fields, (Creator(evil, evil), Creator(name=evil)))
    text = entry_text("k", record, dialect)
    document = Document.parse(text.encode())
    assert len(document.entries) == 1 and not document.problems
    assert "evil" not in {field.name for field in document.entries[0].fields}
    assert "\\input" not in text and "\\write" not in text
    assert representable(record_of(document, "k"), dialect) == representable(record, dialect)


@pytest.mark.parametrize("item_type", item_types())
@pytest.mark.parametrize("dialect", ["biblatex", "bibtex"])
def test_each_field_of_a_type_has_a_name_of_its_own(item_type: str, dialect: Dialect) -> None:
    rules = field_rules(item_type)
    names = [rule.name(dialect) for rule in rules.values()]
    assert len(names) == len(set(names))
    for field, rule in rules.items():
        others = {
            name for other, theirs in rules.items() if other != field for name in (theirs.biblatex, theirs.bibtex)
        }
        assert not others & set(rule.names)


WORDS = st.one_of(
    st.sampled_from(
        [
            "van",
            "and",
            "others",
            ",",
            "{",
            "}",
            "=",
            "\\",
            "É",
            "BERT",
            "Deep",
            "of",
            "-",
            "--",
            "'",
            '"',
            "~",
            "$",
            "$\\ell_2$",
            "$L_2$",
            "$\\Delta$",
            "Δ",
            "ß",
            "@",
            "<i>",
            "</i>",
            "<sub>",
            "</sub>",
            '<span class="nocase">',
            "</span>",
            "\xa0",
            "%",
            "&",
            "#",
            "_",
            "^",
            "phdthesis",
            "Thesis",
            "arXiv",
            "arXiv:1503.03832",
            "1503.03832",
            "2015-06-07",
            "June 2014",
            "1973-1974",
            "12",
            "3-4",
            "English",
            "fr",
            "magazine",
            "preprint",
            "https://arxiv.org/abs/1503.03832",
            "10.48550/arXiv.1503.03832",
            "CoRR",
            "\\url{http://x}",
            "1401.2910 [quant-ph]",
            "\ud800x\udcff",
            "0806.3095_",
            "math.GT/0309136v2",
            "2013.99999",
            "e\u0301",
            "n.d.",
        ]
    ),
    st.text(max_size=3),
)
TEXT = WORDS | st.lists(WORDS, max_size=4).map(" ".join) | st.lists(WORDS, max_size=3).map("".join)
CREATOR_TYPES = sorted({kind for item_type in item_types() for kind in schema.creator_types_of(item_type)})
DIALECTS: st.SearchStrategy[Dialect] = st.sampled_from(["biblatex", "bibtex"])


@st.composite
def any_record(draw: st.DrawFn) -> Record:
    item_type = draw(st.sampled_from(item_types()))
    fields = draw(st.dictionaries(st.sampled_from(sorted(managed_fields(item_type))), TEXT, max_size=6))
    kinds = st.sampled_from(schema.creator_types_of(item_type)) | st.sampled_from(CREATOR_TYPES)
    person = st.builds(Creator, TEXT, TEXT, st.just(""), kinds)
    body = st.builds(Creator, st.just(""), st.just(""), TEXT, kinds)
    return Record(item_type, fields, tuple(draw(st.lists(person | body, max_size=3))))


@settings(max_examples=150, deadline=None)
@given(any_record(), DIALECTS)
def test_a_record_is_read_back_as_it_was_written(record: Record, dialect: Dialect) -> None:
    normal = representable(record, dialect)
    assert representable(normal, dialect) == normal
    document = Document.parse(entry_text("k", record, dialect).encode())
    assert not document.problems and len(document.entries) == 1
    assert record_of(document, "k") == normal
    block = document.block("k")
    assert block is not None and reads_alike(block)
    assert {c.creator_type for c in normal.creators} <= {*schema.creator_types_of(normal.item_type)}


KEYS = st.sampled_from(["a", "B", "c", "D", "e", "F", "g", "h1", "H2"])


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(KEYS, any_record(), max_size=5), st.dictionaries(KEYS, any_record(), max_size=5), DIALECTS)
def test_all_records_at_once_are_what_they_are_one_by_one(
    first: dict[str, Record], second: dict[str, Record], dialect: Dialect
) -> None:
    document = upserted_all(Document.parse(b"% head\n\n% about d\n@misc{d1}\n@misc{x}\n"), first, dialect)
    edited = upserted_all(document, second, dialect)
    assert Document.parse(edited.data).entries == edited.entries and not edited.problems
    folded = [entry.key.lower() for entry in edited.entries]
    assert folded == sorted(folded)
    for key, record in (first | second).items():
        assert record_of(edited, key) == record_of(Document.parse(edited.data), key)
        assert representable(record_of(edited, key), dialect) == representable(record, dialect)
    one_by_one = document
    for key, record in second.items():
        one_by_one = upserted(one_by_one, key, record, dialect)
    assert [one_by_one.block(key).text for key in folded] == [edited.block(key).text for key in folded]
    assert "\n\n% about d\n@misc{d1}" in one_by_one.text and "\n\n% about d\n@misc{d1}" in edited.text


@settings(max_examples=100, deadline=None)
@given(any_record(), any_record(), DIALECTS, DIALECTS)
def test_an_update_says_what_it_should_and_nothing_changes_outside(
    old: Record, new: Record, first: Dialect, second: Dialect
) -> None:
    before, after = "% comment\n@misc{a,\n title={q}}\n\n", "\n@misc{z,\n title={q}}\n"
    document = upserted(Document.parse((before + after.lstrip()).encode()), "k", old, first)
    edited = upserted(document, "k", new, second)
    assert edited.text.startswith(before) and edited.text.endswith(after)
    assert representable(record_of(edited, "k"), second) == representable(new, second)
    assert upserted(edited, "k", new, second) is edited


def test_plain_records_are_their_own_representation() -> None:
    managed = Record(
        PAPER.item_type, {k: v for k, v in PAPER.fields.items() if k in managed_fields(PAPER.item_type)}, PAPER.creators
    )
    expected = dict(managed.fields) | {"url": "https://x.org/a_b%20c%7Bd"}
    assert representable(PAPER) == Record(PAPER.item_type, expected, PAPER.creators)
    assert representable(PAPER, "bibtex").get("date") == "2015-06"


HAND = """\
@InProceedings{schroff,
   Title     = "{FaceNet}: {A} unified embedding",
   Author    = {Florian Schroff and Dmitry Kalenichenko},
   booktitle = cvpr, % our macro
   year      = 2015,
   month     = jun,
   pages     = {815-823},
   note      = {Read this!},
   address   = {Boston},
}
"""


def hand() -> tuple[Document, Record]:
    document = Document.parse(("@string{cvpr = {Proc. CVPR}}\n" + HAND).encode())
    return document, record_of(document, "schroff")


def changed(record: Record, **fields: str) -> Record:
    return Record(record.item_type, {**record.fields, **fields}, record.creators)


def test_an_update_without_a_change_changes_no_byte() -> None:
    document, record = hand()
    assert updated(document, "schroff", record, record) is document
    assert updated(document, "schroff", record, changed(record, pages="815–823")) is document


def test_an_update_touches_only_the_field_whose_value_changed() -> None:
    document, record = hand()
    edited = updated(document, "schroff", record, changed(record, pages="815-824", DOI="10.1/x_y"))
    expected = HAND.replace("{815-823}", "{815--824}").replace("{Boston},\n", "{Boston},\n   doi       = {10.1/x_y},\n")
    assert edited.text == "@string{cvpr = {Proc. CVPR}}\n" + expected


def test_an_update_keeps_the_entrys_own_names() -> None:
    document, record = hand()
    edited = updated(document, "schroff", record, changed(record, date="2016-07", place="Las Vegas"))
    assert "year      = 2016,\n   month     = jul," in edited.text and "address   = {Las Vegas}" in edited.text
    assert "date" not in edited.text


def test_a_day_needs_the_field_date() -> None:
    document, record = hand()
    edited = updated(document, "schroff", record, changed(record, date="2015-06-08"))
    assert record_of(edited, "schroff").get("date") == "2015-06-08"
    assert {"year", "month"}.isdisjoint(field.name for field in edited.entries[0].fields)
    assert updated(document, "schroff", record, changed(record, date="2015-06-08"), "bibtex") is document


def test_a_persons_braces_survive_a_new_title() -> None:
    document, record = hand()
    edited = updated(document, "schroff", record, changed(record, title="FaceNet: A unified embedding for faces"))
    assert '"{FaceNet}: {A} unified embedding for faces"' in edited.text


def test_a_removed_value_takes_its_field_along() -> None:
    document, record = hand()
    edited = updated(document, "schroff", record, changed(record, place=""))
    assert edited.text == document.text.replace("   address   = {Boston},\n", "")


def test_a_hand_edit_since_the_known_state_survives() -> None:
    document, record = hand()
    known = changed(record, pages="1-2")
    edited = updated(document, "schroff", known, changed(known, DOI="10.1/x"))
    assert record_of(edited, "schroff").get("pages") == "815-823"


def test_an_author_change_keeps_the_rest() -> None:
    document, record = hand()
    edited = updated(
        document,
        "schroff",
        record,
        Record(record.item_type, record.fields, (*record.creators, Creator("Philbin", "James"))),
    )
    assert "Author    = {Schroff, Florian and Kalenichenko, Dmitry and Philbin, James}," in edited.text
    assert "% our macro" in edited.text


def test_a_preprint_that_was_published_changes_its_type() -> None:
    document = Document.parse(
        b"@article{k,\n  title={T},\n  journal={arXiv preprint arXiv:1503.03832},\n  year={2015}\n}\n"
    )
    record = record_of(document, "k")
    assert record.item_type == "preprint"
    after = Record("conferencePaper", {"title": "T", "date": "2015", "proceedingsTitle": "CVPR", "arXiv": "1503.03832"})
    edited = updated(document, "k", record, after)
    assert record_of(edited, "k") == after
    assert edited.text.startswith("@inproceedings{k,")


def test_what_comes_from_a_parent_cannot_be_removed() -> None:
    document = Document.parse(b"@inbook{k, title={T}, crossref={p}}\n@book{p, title={B}, publisher={P}}\n")
    record = record_of(document, "k")
    with pytest.raises(BibError):
        updated(document, "k", record, changed(record, publisher=""))
    edited = updated(document, "k", record, changed(record, publisher="Q"))
    assert record_of(edited, "k").get("publisher") == "Q" and record_of(edited, "p").get("publisher") == "P"


def test_a_broken_or_missing_entry_is_an_error() -> None:
    with pytest.raises(BibError):
        updated(Document.parse(b""), "k", PAPER, PAPER)
    with pytest.raises(BibError):
        upserted(Document.parse(b"@misc{k, title = {x\n"), "k", PAPER)


def test_nothing_to_write_changes_nothing() -> None:
    document = upserted(Document.parse(b""), "k", PAPER)
    assert upserted_all(document, {}) is document
    assert upserted_all(document, {"k": PAPER, "K": PAPER}) is document


def test_many_records_stand_as_far_apart_as_the_entries_of_the_file() -> None:
    records = {key: Record("document", {"title": key}) for key in ("d", "b", "z")}
    edited = upserted_all(Document.parse(b"@misc{a}\n@misc{c}\n"), records)
    assert [entry.key for entry in edited.entries] == ["a", "b", "c", "d", "z"]
    assert "\n\n" not in edited.text
    unsorted = upserted_all(Document.parse(b"@misc{c}\r\n\r\n% x\r\n@misc{a}"), records)
    assert [entry.key for entry in unsorted.entries] == ["c", "a", "d", "b", "z"]
    assert unsorted.text.count("\n") == unsorted.text.count("\r\n")


@pytest.mark.parametrize("key", ["no key", "broken", "A", "\udcff", "\x1b[2J"])
def test_an_entry_that_cannot_be_written_is_named_and_the_others_are_not_written(key: str) -> None:
    document = Document.parse(b"@misc{b, title={x}}\n@misc{broken, title={x\n")
    with pytest.raises(BibError) as error:
        upserted_all(document, {"a": PAPER, key: PAPER})
    assert f"`{printable(key)}`" in str(error.value)
    str(error.value).encode()
    assert str(error.value).isprintable()


def test_parents_are_changed_before_their_children() -> None:
    document = Document.parse(b"@inbook{k, title={T}, crossref={p}}\n@book{p, title={B}, publisher={P}}\n")
    child, parent = record_of(document, "k"), record_of(document, "p")
    records = {"k": child, "p": changed(parent, publisher="Q")}
    edited = upserted_all(document, records)
    assert {key: record_of(edited, key) for key in records} == records


def test_a_person_whose_role_zotero_lacks_there_is_a_contributor() -> None:
    editor, author = Creator("E", "F", creator_type="editor"), Creator("A", "B")
    record = Record("thesis", {"title": "T"}, (editor, author))
    contributor = Creator("E", "F", creator_type="contributor")
    assert representable(record).creators == (author, contributor)
    read = record_of(Document.parse(b"@phdthesis{k, title={T}, editor={E, F}, author={A, B}}"), "k")
    assert read.creators == (author, contributor)
    film = Record("film", {"title": "T"}, (author, Creator("L", "M", creator_type="recipient")))
    assert [one.creator_type for one in representable(film).creators] == ["director", "contributor"]


@pytest.mark.parametrize(
    ("written", "arxiv"),
    [
        ("0806.3095_", "0806.3095"),
        ("arXiv:1401.2910v2 [quant-ph]", "1401.2910"),
        ("math.GT/0309136", "math/0309136"),
        ("2013.99999", ""),
        ("forthcoming", ""),
    ],
)
def test_an_arxiv_id_is_what_zotero_would_read_in_its_line_and_else_nothing(written: str, arxiv: str) -> None:
    text = f"@article{{k, title={{T}}, journal={{J}}, eprint={{{written}}}, eprinttype={{arxiv}}}}"
    document = Document.parse(text.encode())
    record = record_of(document, "k")
    assert record.get("arXiv") == arxiv
    assert representable(changed(record, arXiv=written)).get("arXiv") == arxiv
    assert f"{{{written}}}" in updated(document, "k", record, changed(record, volume="1")).text


def test_what_is_no_arxiv_id_stays_with_a_preprint() -> None:
    read = record_of(Document.parse(b"@online{k, eprint={0806.3095_}, eprinttype={arXiv}}"), "k")
    assert read.get("archiveID") == "0806.3095_" and representable(read) == read


@pytest.mark.parametrize("dialect", ["biblatex", "bibtex"])
def test_pybtex_reads_what_we_write(dialect: Dialect) -> None:
    pybtex = pytest.importorskip("pybtex.database")
    # biblatex's extended names (`family=..., prefix=...`), written for particles, are beyond pybtex
    people = tuple(one for one in PAPER.creators if not one.last_name[:1].islower())
    text = entry_text("k", Record(PAPER.item_type, PAPER.fields, people), dialect)
    found = pybtex.parse_string(text, "bibtex").entries["k"]
    names = {field.name for field in Document.parse(text.encode()).entries[0].fields}
    assert {name.lower() for name in [*found.fields, *found.persons]} == names


def test_and_others_is_nobody_and_stays_in_the_file() -> None:
    document = Document.parse(b"@article{k, author = {Doe, Jnae and others}, title = {T}, journal = {J}}")
    before = representable(record_of(document, "k"))
    assert before.creators == (Creator("Doe", "Jnae"),)
    mended = replace(before, creators=(Creator("Doe", "Jane"),))
    assert b"author = {Doe, Jane and others}" in updated(document, "k", before, mended).data
    completed = replace(before, creators=(Creator("Doe", "Jane"), Creator("Roe", "Ann")))
    assert b"author = {Doe, Jane and Roe, Ann}," in updated(document, "k", before, completed).data
