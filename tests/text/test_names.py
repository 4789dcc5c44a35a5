from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.text.names import agree, families, family, initial, same_family

PRINTED = [
    ("Song, H. O.", "song"),
    ("K. Q. Weinberger", "weinberger"),
    ("Hyun Oh Song", "song"),
    ("Laurens van der Maaten", "van der maaten"),
    ("van der Maaten, L.", "van der maaten"),
    ("L.J.P. van der Maaten", "van der maaten"),
    ("Jia Guo 0004", "guo"),
    ("Sutton R. S.", "sutton"),
    ("Robert Downey Jr.", "downey"),
    ("Downey, Jr., Robert", "downey"),
    ("C.-Y. Wu", "wu"),
    ("Björn Ommer", "ommer"),
    ("Movshovitz-Attias, Y.", "movshovitz attias"),
    ("Noel E. O'Connor", "oconnor"),
    ("Quoc V. Le", "le"),
    ("Le Song", "song"),
    ("de Vries", "de vries"),
    ("Leal-Taixé, Laura", "leal taixe"),
    ("J.", ""),
    ("", ""),
    ("Plato", "plato"),
]


@pytest.mark.parametrize(("printed", "expected"), PRINTED)
def test_the_family_name_of_any_printed_form(printed: str, expected: str) -> None:
    assert family(printed) == expected


def test_initials_alone_are_nobody() -> None:
    assert families(["K. Q. Weinberger", "J."]) == ("weinberger",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("muller", "mueller"),
        ("van dyk", "dyk"),
        ("leal taixe", "taixe"),
        ("garcia marquez", "garcia"),
        ("o connor", "connor"),
    ],
)
def test_one_family_in_two_spellings(one: str, other: str) -> None:
    assert same_family(one, other)
    assert same_family(other, one)


@pytest.mark.parametrize(("one", "other"), [("wang", "wong"), ("li", "lin"), ("chen", "cheng"), ("", "")])
def test_two_families(one: str, other: str) -> None:
    assert not same_family(one, other)


def test_the_first_author_is_enough_before_et_al() -> None:
    result = agree(["song"], ["song", "xiang", "jegelka"], et_al=True)
    assert (result.level, result.complete) == ("all", False)
    assert str(result) == "authors agree 1 of 1"


def test_a_later_author_is_not_enough_before_et_al() -> None:
    assert agree(["wu"], ["manmatha", "wu", "smola"], et_al=True).level == "some"


def test_everybody_in_order_is_complete() -> None:
    assert agree(["zhai", "wu"], ["zhai", "wu"]).complete


def test_a_list_that_leaves_out_the_last_author_agrees_mostly() -> None:
    assert agree(["a one", "b two"], ["a one", "b two", "c three"]).level == "most"


def test_other_authors_do_not_agree() -> None:
    assert agree(["song"], ["wang", "li"], et_al=True).level == "none"
    assert agree(["a", "b", "c"], ["x", "y", "a"]).level == "some"
    assert agree(["a", "b", "c", "d"], ["x", "y", "a", "z"]).level == "none"


def test_nobody_agrees_with_anybody_unknowingly() -> None:
    assert agree([], ["wang"]).level == "unknown"
    assert agree(["wang"], []).level == "unknown"


def test_a_name_printed_family_first_is_accepted_with_care() -> None:
    assert agree(["zhang"], ["wei"], et_al=True, given=["zhang"]).level == "some"


def test_another_initial_is_somebody_else() -> None:
    assert agree(["wang"], ["wang"], initials=["l"], given=["xun"]).level == "some"
    assert agree(["wang"], ["wang"], initials=["x"], given=["xun"]).level == "all"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [("Song, H. O.", "h"), ("C.-Y. Wu", "c"), ("Weinberger", ""), ("Sutton R. S.", "r"), ("", "")],
)
def test_the_initial_of_any_printed_form(printed: str, expected: str) -> None:
    assert initial(printed) == expected


@given(st.lists(st.sampled_from(["abel", "baker", "charlie", "delta", "echo"]), max_size=5, unique=True), st.booleans())
def test_agreement_with_oneself_is_complete(people: list[str], et_al: bool) -> None:
    result = agree(people, people, et_al)
    assert result.level == ("all" if people else "unknown")


@given(st.text(max_size=40))
def test_any_text_has_a_family_or_none(text: str) -> None:
    assert isinstance(family(text), str)
    assert isinstance(initial(text), str)
