from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.bib.dates import from_parts, is_date, normal_date


@pytest.mark.parametrize(
    ("date", "biblatex", "bibtex"),
    [
        ("2015", "2015", "2015"),
        ("2015-06", "2015-06", "2015-06"),
        ("2015-06-07", "2015-06-07", "2015-06"),
        ("2007-6-29", "2007-06-29", "2007-06"),
        ("1993-00-00", "1993", "1993"),
        ("2/2016", "2016-02", "2016-02"),
        ("August 19, 2013", "2013-08-19", "2013-08"),
        ("19 Aug. 2013", "2013-08-19", "2013-08"),
        ("1996 Nov 15", "1996-11-15", "1996-11"),
        ("Winter 1975", "1975-24", "1975"),
        ("1973–1974", "1973/1974", "1973/1974"),
        ("1973/74", "1973/1974", "1973/1974"),
        ("2014-12-31/", "2014-12-31/", "2014-12"),
        ("199u", "199X", "199X"),
        ("1999-uu", "1999-XX", "1999"),
        ("2004-06-01/unknown", "2004-06-01/", "2004-06"),
        ("unknown/2006", "/2006", "2006"),
        ("2004/open", "2004/..", "2004"),
        ("19XX", "19XX", "19XX"),
        ("../1985", "../1985", "1985"),
        ("2004-06~", "2004-06~", "2004-06"),
        ("1964~/2008?", "1964~/2008?", "1964/2008"),
        ("2004-06-11%", "2004-06-11%", "2004-06"),
        ("2016-01-01T00:00:00Z", "2016-01-01", "2016-01"),
        ("10/06/2014", "10/06/2014", "10/06/2014"),
        ("in press", "in press", "in press"),
        ("2013-13", "2013-13", "2013-13"),
    ],
)
def test_dates_have_a_normal_form(date: str, biblatex: str, bibtex: str) -> None:
    assert normal_date(date) == biblatex
    assert normal_date(date, "bibtex") == bibtex


@pytest.mark.parametrize(
    "date", ["2003-02-29", "2004-06-31", "2001-22-03", "2013-13", "199u", "2001/unknown", "in press"]
)
def test_biber_would_ignore_a_day_that_does_not_exist_or_old_edtf(date: str) -> None:
    assert not is_date(date)


@pytest.mark.parametrize("date", ["2004-02-29", "2001-24", "19XX", "/1985", "1985/..", "2004%"])
def test_biber_reads_edtf(date: str) -> None:
    assert is_date(date)


@given(
    st.one_of(
        st.text(max_size=12),
        st.lists(st.sampled_from(["2013", "-", "/", "06", " ", "7", "Jun", ".", ","])).map("".join),
    )
)
def test_the_normal_form_is_stable(date: str) -> None:
    for dialect in ("biblatex", "bibtex"):
        normal = normal_date(date, dialect)
        assert normal_date(normal, dialect) == normal


@pytest.mark.parametrize(
    ("year", "month", "day", "date"),
    [
        ("2013", "", "", "2013"),
        ("2013", "jul", "", "2013-07"),
        ("2013", "July", "", "2013-07"),
        ("2013", "7", "", "2013-07"),
        ("2013", "jul", "4", "2013-07-04"),
        ("2013", "5 jul", "", "2013-07-05"),
        ("2013", "jul\u00a05", "", "2013-07-05"),
        ("2013", "jul/aug", "", "2013-07"),
        ("2013", "summer", "", "2013"),
        ("1973–1974", "", "", "1973/1974"),
        ("in press", "jul", "", "in press"),
        ("", "jul", "", ""),
    ],
)
def test_year_and_month_are_a_date(year: str, month: str, day: str, date: str) -> None:
    assert from_parts(year, month, day) == date
