from __future__ import annotations

from typing import Any

import pytest

from dmlsync.sources.values import first_text, inside, month_in, pages, text, texts, year_in


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [
        ("815", "823", "815-823"),
        ("815–823", None, "815-823"),
        ("815--823", None, "815-823"),
        ("815 - 823", None, "815-823"),
        ("1066", None, "1066"),
        ("12:1", "12:20", "12:1-12:20"),
        ("e0118432", "e0118432", "e0118432"),
        ("1-1", None, ""),
        ("1", "1", ""),
        (None, None, ""),
        ({"a": 1}, [], ""),
        (7, 9, "7-9"),
    ],
)
def test_pages_have_one_hyphen(first: Any, last: Any, whole: str) -> None:
    assert pages(first, last) == whole


@pytest.mark.parametrize(
    ("value", "year", "month"),
    [
        ("2020-07-13", "2020", "2020-07"),
        ("2020/7/13", "2020", "2020-07"),
        ("2019/9", "2019", "2019-09"),
        ("2020", "2020", "2020"),
        (2020, "2020", "2020"),
        ("2020-13", "2020", "2020"),
        ("99999", "", ""),
        ("n/a", "", ""),
        (None, "", ""),
        (True, "", ""),
        ("٢٠٢٠", "", ""),
    ],
)
def test_dates_are_read_as_far_as_they_are_known(value: Any, year: str, month: str) -> None:
    assert (year_in(value), month_in(value)) == (year, month)


def test_a_value_of_the_wrong_type_is_absent() -> None:
    assert text({"a": 1}) == text(None) == text(1.5) == text([]) == ""
    assert texts("one") == ["one"]
    assert texts(["one", None, 2, {}, " "]) == ["one", "2"]
    assert first_text([None, "b"]) == "b"
    assert inside({"a": {"b": 1}}, "a", "b") == 1
    assert inside({"a": []}, "a", "b") is inside(None, "a") is None
