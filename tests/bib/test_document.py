from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.bib.document import Document
from dmlsync.bib.read import records
from dmlsync.errors import BibError

SAMPLE = """\ufeff% A comment with an @article{notme, in it
@string{cvpr = "Proceedings of " # {CVPR}}
@preamble{ "\\newcommand{\\x}{y}" }

@Article{One,
  author    = {A. Author and {B and C}},
  title     = "A {\\"U}ber title with @ sign",
  year      = 2001,
  month     = jan # "~5",
}
Some text between, mail me@example.org
@comment{jabref-meta: groupsversion:3; @article{hidden, title={x}}}

@inproceedings(two,
  title = {Parentheses}
, booktitle = cvpr
, pages = {1--2}
)

@misc{one, title={a duplicate}}
@book{broken, title = {never closed,
  year = {1999}

@online{three,
\ttitle={Tabs},
\turl={https://x.org/a%20b}}
"""

NASTY = [
    b"",
    b"\xff\xfe\x00broken",
    SAMPLE.encode(),
    SAMPLE.replace("\n", "\r\n").encode(),
    SAMPLE.encode("latin-1", "replace"),
    b"@article{k, title = {caf\xe9}}\n",
    b"@article{k, title = {a}, title = {b}}",
    b"@article{k,\n % comment = {x},\n title = {a} % end\n}",
    b"@",
    b"@article{",
    b"@article{k",
    b"@article{k,",
    b"@article{k, title",
    b"@article{k, title =",
    b"@article{k, title = {",
    b'@article{k, title = "',
    b"@article{k, title = {a} year = {2000}}",
    b"@article{k, title = {a},, year = {2000},,}",
    b"@article(k, title = {a)})",
    b"@comment no braces\n@misc{x}",
    b"@string{a = a # a}\n@misc{k, title = a}",
]


@pytest.mark.parametrize("data", NASTY)
def test_every_byte_is_kept(data: bytes) -> None:
    document = Document.parse(data)
    assert document.data == data
    for entry in document.entries:
        text = document.text[entry.span[0] : entry.span[1]]
        assert text.startswith("@")
        for field in entry.fields:
            assert text[field.value_start : field.end] == field.value
            assert text[field.start :].lower().startswith(field.name)


@given(st.binary(max_size=80))
def test_any_bytes_are_kept(data: bytes) -> None:
    assert Document.parse(data).data == data


@given(st.sampled_from(NASTY), st.integers(0, 700), st.integers(0, 30), st.binary(max_size=4))
def test_damaged_files_are_kept(data: bytes, start: int, length: int, other: bytes) -> None:
    damaged = data[:start] + other + data[start + length :]
    assert Document.parse(damaged).data == damaged


@given(
    st.lists(
        st.sampled_from(["@a{k,", "@string{", "t=", "{", "}", '"', "#", ",", "%", "\n", "x", "@comment", "(", ")"])
    )
)
def test_any_mixture_of_signs_is_kept(parts: list[str]) -> None:
    data = "".join(parts).encode()
    assert Document.parse(data).data == data


def test_entries_are_found_with_lines_and_fields() -> None:
    document = Document.parse(SAMPLE.encode())
    assert [(entry.type, entry.key, entry.line) for entry in document.entries] == [
        ("article", "One", 5),
        ("inproceedings", "two", 14),
        ("misc", "one", 20),
        ("online", "three", 24),
    ]
    one = document.entries[0]
    assert [field.name for field in one.fields] == ["author", "title", "year", "month"]
    assert one.value("title") == '"A {\\"U}ber title with @ sign"'
    assert one.value("month") == 'jan # "~5"'
    assert document.strings == {"cvpr": '"Proceedings of " # {CVPR}'}


def test_keys_are_found_regardless_of_case_and_the_first_counts() -> None:
    entry = Document.parse(SAMPLE.encode()).get("ONE")
    assert entry is not None and entry.type == "article"


def test_problems_name_broken_and_duplicate_entries() -> None:
    problems = Document.parse(SAMPLE.encode()).problems
    assert [(problem.line, problem.key) for problem in problems] == [(20, "one"), (21, "broken")]
    assert "line 5" in problems[0].message


@pytest.mark.parametrize("key", [b"m\xfcller", b"a\x1b[2J", b"a\tb", "a\x9b".encode()])
def test_an_entry_whose_key_cannot_be_printed_has_a_problem_and_no_record(key: bytes) -> None:
    data = b"@misc{a, title={x}}\n@misc{%b, title={y} year=1}\n@misc{%b, title={z}}\n@misc{%b" % (key, key, key)
    document = Document.parse(data)
    assert document.data == data and [entry.line for entry in document.entries] == [1, 2, 3]
    assert list(records(document)) == ["a"]
    assert [problem.line for problem in document.problems] == [2, 2, 3, 4]
    for problem in document.problems:
        assert problem.message.isprintable() and problem.key.isprintable()
    name = key.decode("utf-8", "surrogateescape")
    assert document.get(name) is None and document.block(name) is None and name.lower() in document.keys
    with pytest.raises(BibError) as error:
        document.with_fields(name, {"t": "{a}"})
    assert str(error.value).isprintable()


@given(st.binary(max_size=60) | st.sampled_from(NASTY))
def test_problems_and_records_of_any_bytes_can_be_encoded(data: bytes) -> None:
    document = Document.parse(b"@misc{k" + data + b"}\n" + data)
    for problem in document.problems:
        f"{problem.message}{problem.key}".encode()
    for key, record in records(document).items():
        f"{key}{record}".encode()


def test_a_missing_comma_is_a_problem_but_the_entry_is_read() -> None:
    document = Document.parse(b"@misc{k, title = {a} year = {2000}}")
    assert [field.name for field in document.entries[0].fields] == ["title", "year"]
    assert "comma" in document.problems[0].message


def test_a_broken_entry_ends_before_the_next_one() -> None:
    document = Document.parse(b"@misc{a, title = {{x}\n@misc{b, title = {y}}\n@misc{c, title={z}}")
    assert [entry.key for entry in document.entries] == ["b", "c"]
    assert document.keys == {"a", "b", "c"}


def test_a_commented_entry_is_no_entry() -> None:
    assert Document.parse(b"% @misc{a, title = {x}}\n@misc{b}").get("a") is None


def test_a_new_entry_goes_to_its_place_in_a_sorted_file() -> None:
    document = Document.parse(b"@misc{a, t={x}}\n\n@misc{c, t={z}}\n").with_entry("@misc{b, t={y}}")
    assert document.data == b"@misc{a, t={x}}\n\n@misc{b, t={y}}\n\n@misc{c, t={z}}\n"


def test_a_new_entry_goes_to_the_end_of_an_unsorted_file() -> None:
    document = Document.parse(b"@misc{c, t={x}}\n\n@misc{a, t={z}}").with_entry("@misc{b, t={y}}\n")
    assert document.data == b"@misc{c, t={x}}\n\n@misc{a, t={z}}\n\n@misc{b, t={y}}\n"


def test_a_comment_stays_with_the_entry_below_it() -> None:
    document = Document.parse(b"@misc{a}\n\n% about c\n@misc{c}\n").with_entry("@misc{b}")
    assert document.data == b"@misc{a}\n\n@misc{b}\n\n% about c\n@misc{c}\n"


def test_a_first_entry_makes_a_file() -> None:
    assert Document.parse(b"").with_entry("@misc{a, t={x}}\n").data == b"@misc{a, t={x}}\n"


def test_a_new_entry_takes_the_line_ends_of_the_file() -> None:
    document = Document.parse(b"@misc{a,\r\n t={x}}\r\n").with_entry("@misc{b,\n t={y},\n}\n")
    assert document.data == b"@misc{a,\r\n t={x}}\r\n\r\n@misc{b,\r\n t={y},\r\n}\r\n"


def test_a_taken_key_is_refused_also_on_a_broken_entry() -> None:
    document = Document.parse(SAMPLE.encode())
    for key in ("ONE", "broken"):
        with pytest.raises(BibError):
            document.with_entry(f"@misc{{{key}, t={{x}}}}")


@pytest.mark.parametrize("text", ["", "text", "@misc{a}@misc{b}", "@misc{a, t={x}", "@misc{, t={x}}", "@comment{a}"])
def test_what_is_not_exactly_one_entry_is_refused(text: str) -> None:
    with pytest.raises(BibError):
        Document.parse(b"").with_entry(text)


def test_a_broken_entry_cannot_swallow_a_new_one() -> None:
    document = Document.parse(b'@misc{a, t="x\n')
    with pytest.raises(BibError):
        document.with_entry('@misc(b,\n  t="y")')
    assert document.with_entry("@misc{b, t={y}}").get("b") is not None


def test_an_entry_is_taken_out_with_its_line() -> None:
    document = Document.parse(b"@misc{a}\n\n@misc{b}\n\n@misc{c}\n")
    assert document.without("b").data == b"@misc{a}\n\n@misc{c}\n"
    assert document.without("a").data == b"@misc{b}\n\n@misc{c}\n"
    assert document.without("c").without("b").without("a").data.strip() == b""
    with pytest.raises(BibError):
        document.without("d")


def test_an_entry_is_replaced_in_its_place() -> None:
    document = Document.parse(b"% x\n@misc{a, t={1}}\ntext @misc{b}")
    assert document.replaced("A", "@book{a, t={2}}").data == b"% x\n@book{a, t={2}}\ntext @misc{b}"
    with pytest.raises(BibError):
        document.replaced("a", "@misc{c}")


EDITS = [
    ("@misc{k, title={a}}", {"title": "{b}"}, "@misc{k, title={b}}"),
    ('@misc{k, title = "a"}', {"title": "{b}"}, '@misc{k, title = "b"}'),
    ('@misc{k, title = "a"}', {"title": '{b "c"}'}, '@misc{k, title = {b "c"}}'),
    ("@misc{k, year = 2000}", {"year": "{2001}"}, "@misc{k, year = 2001}"),
    ("@misc{k, year = 2000}", {"year": "{in press}"}, "@misc{k, year = {in press}}"),
    ("@misc{k, month = jan}", {"month": "feb"}, "@misc{k, month = feb}"),
    ("@misc{k, t = a # b}", {"t": "{c}"}, "@misc{k, t = {c}}"),
    ("@misc{k,\n  t = {a}\n}", {"u": "{b}"}, "@misc{k,\n  t = {a},\n  u = {b}\n}"),
    ("@misc{k,\n  t = {a},\n}", {"u": "{b}"}, "@misc{k,\n  t = {a},\n  u = {b},\n}"),
    ("@misc{k\n, t = {a}\n, v = {c}\n}", {"u": "{b}"}, "@misc{k\n, t = {a}\n, v = {c}\n, u = {b}\n}"),
    (
        "@misc{k,\n\tt      = {a},\n\tauthor = {c},\n}",
        {"ur": "{b}"},
        "@misc{k,\n\tt      = {a},\n\tauthor = {c},\n\tur     = {b},\n}",
    ),
    (
        "@misc{k,\n  TITLE = {a},\n  YEAR = {1}}",
        {"url": "{b}"},
        "@misc{k,\n  TITLE = {a},\n  YEAR = {1},\n  URL = {b}}",
    ),
    ('@misc{k,\n  t = "a"\n}', {"u": "{b}"}, '@misc{k,\n  t = "a",\n  u = "b"\n}'),
    ("@misc{k}", {"u": "{b}"}, "@misc{k,\n  u = {b}\n}"),
    ("@misc{k,}", {"u": "{b}"}, "@misc{k,\n  u = {b}\n}"),
    ("@misc{k,\n  t = {a},\n  u = {b},\n  v = {c},\n}", {"u": None}, "@misc{k,\n  t = {a},\n  v = {c},\n}"),
    ("@misc{k,\n  t = {a},\n  u = {b}\n}", {"u": None}, "@misc{k,\n  t = {a}\n}"),
    ("@misc{k,\n  t = {a},\n  u = {b},\n}", {"t": None}, "@misc{k,\n  u = {b},\n}"),
    ("@misc{k,\n  t = {a},\n  u = {b},\n}", {"t": None, "u": None}, "@misc{k,\n}"),
    ("@misc{k,\n  t = {a},\n}", {"t": None, "u": "{b}"}, "@misc{k,\n  u = {b},\n}"),
    ("@misc{k,\n  t = {a}, % why\n  u = {b},\n}", {"t": "{c}"}, "@misc{k,\n  t = {c}, % why\n  u = {b},\n}"),
    ("@misc{k,\r\n  t = {a}\r\n}", {"u": "{b}"}, "@misc{k,\r\n  t = {a},\r\n  u = {b}\r\n}"),
    ("@misc(k, t = {a})", {"u": "{b}"}, "@misc(k, t = {a}, u = {b})"),
]


@pytest.mark.parametrize(("before", "changes", "after"), EDITS)
def test_a_field_is_changed_in_the_manner_of_its_entry(before: str, changes: dict[str, str | None], after: str) -> None:
    frame = "% before @x\n{}\n% after {{\n"
    edited = Document.parse(frame.format(before).encode()).with_fields("k", changes)
    assert edited.data == frame.format(after).encode()


def test_a_comment_between_fields_survives_the_removal_of_its_neighbour() -> None:
    document = Document.parse(b"@misc{k,\n  t = {a},\n  % keep me\n  u = {b},\n  v = {c},\n}")
    edited = document.with_fields("k", {"u": None})
    assert b"% keep me" in edited.data
    assert [field.name for field in edited.entries[0].fields] == ["t", "v"]


def test_the_type_is_changed_in_its_capitals() -> None:
    assert Document.parse(b"@MISC{k}").with_fields("k", {}, "online").data == b"@ONLINE{k}"
    assert Document.parse(b"@Misc{k}").with_fields("k", {}, "online").data == b"@Online{k}"
    assert Document.parse(b"@misc{k}").with_fields("k", {}, "online").data == b"@online{k}"


def test_a_value_that_would_end_the_entry_is_refused() -> None:
    with pytest.raises(BibError):
        Document.parse(b"@misc{k, t = {a}}").with_fields("k", {"t": "{a}} @misc{evil, t={b"})


NAMES = st.sampled_from(["title", "year", "note", "url", "author", "new"])
CHANGES = st.dictionaries(NAMES, st.one_of(st.none(), st.sampled_from(["{x}", "jan", "{a {b} c}", "12"])), max_size=4)
LAYOUTS = [
    before.replace("@misc{k", "@misc{k").replace("t =", "title =").replace("u =", "note =") for before, _, _ in EDITS
]


@given(st.sampled_from(LAYOUTS), CHANGES)
def test_an_edit_changes_only_what_was_asked(entry: str, changes: dict[str, str | None]) -> None:
    before, after = "\ufeff@misc{first, title={1}} text\n", "\n@string{x = {y}}\n@misc{z, title={2}} % end"
    document = Document.parse((before + entry + after).encode())
    old = {field.name: field.value for field in document.entries[1].fields}
    edited = document.with_fields("k", changes)
    assert edited.text.startswith(before) and edited.text.endswith(after)
    again = Document.parse(edited.data)
    assert [e.key for e in again.entries] == ["first", "k", "z"]
    assert all("macro" in problem.message for problem in again.problems)
    assert again.entries == edited.entries
    new = {field.name: field.value.strip('{}"') for field in again.entries[1].fields}
    expected = {name: value.strip('{}"') for name, value in {**old, **changes}.items() if value is not None}
    assert new == expected


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["add", "drop", "set"])), max_size=12))
def test_edits_leave_what_parsing_finds(steps: list[tuple[str, str]]) -> None:
    document = Document.parse(b"@comment{x}\n@misc{b, t={1}}\n\n@misc{e, t={1}}")
    keys = {"b", "e"}
    for key, step in steps:
        if step == "add" and key not in keys:
            document, keys = document.with_entry(f"@misc{{{key}, t={{1}}}}"), keys | {key}
        elif step == "drop" and key in keys:
            document, keys = document.without(key), keys - {key}
        elif step == "set" and key in keys:
            document = document.with_fields(key, {"u": "{2}"})
    again = Document.parse(document.data)
    assert {entry.key for entry in again.entries} == keys and not again.problems
    assert again.entries == document.entries
    assert document.text.startswith("@comment{x}\n")


@pytest.mark.parametrize(
    "part", ['@a{k,t="x\n', "@a{", "@a{k,t={x\n", "@", '@a{k,t=" {', "@a(k,t={{{x}}} #\n", "{", "%@a{k", "@comment{"]
)
def test_hostile_files_are_split_in_linear_time(part: str) -> None:
    data = (part * (200_000 // len(part))).encode()
    start = time.perf_counter()
    assert Document.parse(data).data == data
    assert time.perf_counter() - start < 3


def test_a_macro_that_nobody_defined_is_a_problem_once_and_its_name_in_the_text() -> None:
    document = Document.parse(
        b"@string{j = {Journal}}\n@misc{a, title = tpami # { x}, journal = J}\n@misc{b, note = TPAMI, month = jul}"
    )
    assert [(problem.line, problem.key, problem.message) for problem in document.problems] == [
        (2, "a", "the macro `tpami` is defined nowhere")
    ]
    assert records(document)["a"].title == "tpami x"
