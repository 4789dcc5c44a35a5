from __future__ import annotations

import pytest

from dmlsync.model import Creator
from dmlsync.sources.people import author, author_of


@pytest.mark.parametrize(
    ("printed", "last", "first"),
    [
        ("Florian Schroff", "Schroff", "Florian"),
        ("Schroff, Florian", "Schroff", "Florian"),
        ("Kilian Q. Weinberger", "Weinberger", "Kilian Q."),
        ("Laurens van der Maaten", "van der Maaten", "Laurens"),
        ("van der Maaten, Laurens", "van der Maaten", "Laurens"),
        ("Luc Van Gool", "Van Gool", "Luc"),
        ("Wei Wang 0025", "Wang", "Wei"),
        ("Martin Luther King Jr.", "King", "Martin Luther, Jr."),
        ("King, Jr., Martin Luther", "King", "Martin Luther, Jr."),
        ("Le Song", "Song", "Le"),
        ("Quoc V. Le", "Le", "Quoc V."),
        ("Laura Leal-Taixé", "Leal-Taixé", "Laura"),
        ("Hyun  Oh\u00a0Song", "Song", "Hyun Oh"),
        ("Jiří Matas*", "Matas", "Jiří"),
    ],
)
def test_a_printed_name_is_split_into_last_and_first(printed: str, last: str, first: str) -> None:
    assert author_of(printed) == Creator(last_name=last, first_name=first)


def test_a_single_word_is_a_whole_name() -> None:
    assert author_of("Plato") == Creator(name="Plato")
    assert author("", "Plato") == author("Plato", "") == Creator(name="Plato")


@pytest.mark.parametrize("printed", ["", " ", ",", "*", "\u202e"])
def test_nothing_is_no_author(printed: str) -> None:
    assert author_of(printed) is None
