"""Words of strangers in Markdown: nothing in them is taken for mark-up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.readinglist.inline import InlineReader
from dmlsync.readinglist.new_entry import address, escaped, lightly_escaped, plain

READER = InlineReader({})


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_escaped_words_are_printed_as_they_are(text: str) -> None:
    text = plain(text)
    if "://" not in text:
        assert READER.read(escaped(text)).text == text


@given(st.text(alphabet="[]()*_`\\|<>~&#;!ab1. x", max_size=40))
def test_mark_up_is_only_words(text: str) -> None:
    text = plain(text)
    printed = READER.read(escaped(text))
    assert (printed.text, printed.anchors, printed.emphases) == (text, (), ())


def test_light_escaping_leaves_what_needs_none() -> None:
    assert lightly_escaped("snake_case | C++ *x* [y] &amp; a & b") == "snake_case | C++ \\*x\\* \\[y\\] \\&amp; a & b"


@given(st.text(max_size=200))
def test_plain_text_is_one_line_without_controls(text: str) -> None:
    found = plain(text)
    assert "\n" not in found
    assert found == " ".join(found.split())


@given(st.text(max_size=60))
def test_an_address_can_stand_in_a_link(rest: str) -> None:
    url = address(f"https://x.org/{rest}")
    if url:
        anchors = READER.read(f"[a]({url})").anchors
        assert [anchor.url for anchor in anchors] == [url]


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("https://doi.org/10.1016/0031-3203(88)90009-8", "https://doi.org/10.1016/0031-3203(88)90009-8"),
        ("https://x.org/a(b", "https://x.org/a%28b"),
        ("https://x.org/a|b<c>", "https://x.org/a%7Cb%3Cc%3E"),
        ("javascript:alert(1)", ""),
        ("https://x.org/a b", ""),
        ("", ""),
    ],
)
def test_addresses(url: str, written: str) -> None:
    assert address(url) == written
