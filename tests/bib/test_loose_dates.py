"""Dates as people type them."""

from __future__ import annotations

import pytest

from dmlsync.bib.loose_dates import guessed_date, with_original


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("10/06/2014", "2014-06-10"),
        ("10/13/2014", "2014-10-13"),
        ("05 01, 2018", "2018-05-01"),
        ("26 de enero de 2009", "2009-01-26"),
        ("März 1999", "1999-03"),
        ("2019/03/09/", "2019-03-09/"),
        ("2019/33/09/", "2019/33/09/"),
        ("Winter 1975", "1975-24"),
        ("2004-06-01/unknown", "2004-06-01/"),
        ("in press", "in press"),
        ("", ""),
    ],
)
def test_a_date_is_understood_with_some_guessing(written: str, date: str) -> None:
    assert guessed_date(written) == date


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("[1990] 2002", ("2002", "1990")),
        ("2004 [1929]", ("2004", "1929")),
        ("[2014]", ("", "2014")),
        ("[no date] 2002", ("[no date] 2002", "")),
        ("2002", ("2002", "")),
    ],
)
def test_the_date_of_the_original_stands_in_brackets(written: str, parts: tuple[str, str]) -> None:
    assert with_original(written) == parts
