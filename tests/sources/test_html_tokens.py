from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.sources.html_tokens import Tag, Text, tokens
from dmlsync.sources.page_reader import read


def test_tags_attributes_and_texts_are_read() -> None:
    html = (
        """<!DOCTYPE html><P Class="a b" data-x='1>2' hidden id=top>A &amp; <b>B</b><!-- <i>no</i> --> < C</p><br/>"""
    )
    assert list(tokens(html)) == [
        Tag("p", False, {"class": "a b", "data-x": "1>2", "hidden": "", "id": "top"}),
        Text("A & "),
        Tag("b"),
        Text("B"),
        Tag("b", True),
        Text(" "),
        Text("<"),
        Text(" C"),
        Tag("p", True),
        Tag("br"),
    ]


def test_what_is_in_a_script_is_no_mark_up() -> None:
    found = list(tokens('<script type=x>if (a < b) "<meta>"</SCRIPT><title>A &lt; B</title>'))
    assert found[1] == Text('if (a < b) "<meta>"', "script")
    assert Text("A < B") in found
    assert Tag("meta") not in found


@pytest.mark.parametrize(
    "html", ["<", "<a", "<a b", '<a b="', "<!--", "<![", "<?", "</", "<script>", "<script", "&", "<a =", ""]
)
def test_half_a_page_is_read_as_far_as_it_goes(html: str) -> None:
    list(tokens(html))
    assert list(tokens(f"<p>text</p>{html}"))[:3] == [Tag("p"), Text("text"), Tag("p", True)]


@given(st.text(alphabet="<>/!-?[]=\"' abpscript&;{}@,", max_size=200))
def test_any_page_is_read_without_failing(html: str) -> None:
    read(html)


@pytest.mark.parametrize(
    "part", ["<!--", "<a ", "<", "<a b='", "<![", "</a ", "<script>", "@article{a,b={", "<div id=papertitle>"]
)
def test_hostile_pages_cost_little_time(part: str) -> None:
    start = time.perf_counter()
    read(part * (300_000 // len(part)))
    assert time.perf_counter() - start < 3.0
