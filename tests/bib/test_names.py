from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.bib.names import creators_of, name_list, normal_name
from dmlsync.model import Creator


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Song, Hyun Oh", [Creator("Song", "Hyun Oh")]),
        ("Hyun Oh Song", [Creator("Song", "Hyun Oh")]),
        ("Laurens van der Maaten", [Creator("van der Maaten", "Laurens")]),
        ("van der Maaten, Laurens", [Creator("van der Maaten", "Laurens")]),
        ("{van Gogh}, Vincent", [Creator("van Gogh", "Vincent")]),
        ("King, Jr., Martin Luther", [Creator("King", "Martin Luther, Jr.")]),
        ("{NASA and ESA} and Doe, J.", [Creator(name="NASA and ESA"), Creator("Doe", "J.")]),
        ("Doe, J. and others", [Creator("Doe", "J."), Creator(name="others")]),
        ("family=Oord, given=Aaron, prefix=van den, useprefix=true", [Creator("van den Oord", "Aaron")]),
        ("family=La Fontaine, given=Jean, prefix=de, useprefix=false", [Creator("La Fontaine", "Jean de")]),
        (
            "family=Gogh, given=Vincent, given-i=V, prefix=van, prefix-i=v, useprefix=true",
            [Creator("van Gogh", "Vincent")],
        ),
        ('FAMILY = "Smith, X", given=Y, id=q', [Creator("Smith, X", "Y")]),
        ('given={Simon}, family="Lacoste-Julien"', [Creator("Lacoste-Julien", "Simon")]),
        ("M{\\\"u}ller, J{\\'o}zef", [Creator("Müller", "Józef")]),
        ("Plato", [Creator("Plato")]),
        ("Knuth, Donald~E.", [Creator("Knuth", "Donald E.")]),
        (
            "Anders, A.\n  and\tBeth, B. AND Carl, C.",
            [Creator("Anders", "A."), Creator("Beth", "B."), Creator("Carl", "C.")],
        ),
        ("Anders Sandberg and Andrew Andand", [Creator("Sandberg", "Anders"), Creator("Andand", "Andrew")]),
        ("", []),
        (" and ", []),
        ("{}", []),
    ],
)
def test_names_are_read(written: str, expected: list[Creator]) -> None:
    assert list(creators_of(written, "author")) == expected


@pytest.mark.parametrize(
    ("creator", "biblatex", "bibtex"),
    [
        (Creator("Song", "Hyun Oh"), "Song, Hyun Oh", "Song, Hyun Oh"),
        (Creator("King", "Martin Luther, Jr."), "King, Jr., Martin Luther", "King, Jr., Martin Luther"),
        (
            Creator("van Gogh", "Vincent"),
            "family=Gogh, given=Vincent, prefix=van, useprefix=true",
            "{van Gogh}, Vincent",
        ),
        (Creator("Ortega y Gasset", "José"), "{Ortega y Gasset}, José", "{Ortega y Gasset}, Jos{\\'e}"),
        (Creator("Sackville-West", "Victoria"), "Sackville-West, Victoria", "{Sackville-West}, Victoria"),
        (Creator(name="Barnes and Noble, Inc."), "{Barnes and Noble, Inc.}", "{Barnes and Noble, Inc.}"),
        (Creator(name="École Normale"), "{École Normale}", "{{\\'E}cole Normale}"),
        (Creator("Smith", "and"), "Smith, {and}", "Smith, {and}"),
        (Creator(name="others"), "others", "others"),
        (Creator("王", "小明"), "王, 小明", "{\\relax 王}, {\\relax 小明}"),
        (Creator("王小明"), "王小明", "{}{\\relax 王小明}"),
        (Creator(name="東京 University"), "{東京 University}", "{\\relax 東京 University}"),
        (Creator("Trương", "Ảnh"), "Trương, Ảnh", "Tr{\\relax ươ}ng, {\\relax Ả}nh"),
        (
            Creator(name="{x} Group"),
            "{\\textbraceleft{}x{\\textbraceright} Group}",
            "{{\\textbraceleft}x{\\textbraceright} Group}",
        ),
        (Creator("Łukasz", "Ł."), "Łukasz, Ł.", "{\\L}ukasz, {\\L}."),
        (
            Creator("de Waele", "A. Th."),
            "family=Waele, given=A. Th., prefix=de, useprefix=true",
            "{de Waele}, A. {\\relax Th}.",
        ),
    ],
)
def test_names_are_written(creator: Creator, biblatex: str, bibtex: str) -> None:
    assert name_list([creator], ascii_only=False, extended=True) == biblatex
    assert name_list([creator], ascii_only=True, extended=False) == bibtex


WORDS = st.one_of(
    st.sampled_from(
        [
            "van",
            "de",
            "and",
            "others",
            "Jr.",
            ",",
            "{",
            "}",
            "=",
            "family=",
            "\\",
            "É",
            "Łu",
            "-",
            "'",
            '"',
            "~",
            "$",
            "d'",
        ]
    ),
    st.text(max_size=3),
)
PARTS = st.lists(WORDS, max_size=5).map(" ".join) | st.lists(WORDS, max_size=4).map("".join)
CREATORS = st.lists(st.builds(Creator, PARTS, PARTS) | st.builds(lambda name: Creator(name=name), PARTS), max_size=3)


@given(CREATORS, st.booleans(), st.booleans())
def test_any_names_are_read_back(creators: list[Creator], ascii_only: bool, extended: bool) -> None:
    normal = [name for name in (normal_name(creator, extended) for creator in creators) if name]
    written = name_list(creators, ascii_only, extended)
    assert list(creators_of(written, "author")) == normal
    assert [normal_name(name, extended) for name in normal] == normal
