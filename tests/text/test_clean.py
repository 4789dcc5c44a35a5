from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.text.clean import LONGEST, clean_name, clean_text, clean_title, without_full_stop, without_homonym_number


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("Deep  Metric\n   Learning ", "Deep Metric Learning"),
        ("Learning <jats:italic>k</jats:italic>-NN", "Learning <i>k</i>-NN"),
        ("H<sub>2</sub>O &amp; CO<inf>2</inf>", "H<sub>2</sub>O & CO<sub>2</sub>"),
        ("Divide &amp;amp; Conquer", "Divide & Conquer"),
        ("A &lt;i&gt;B&lt;/i&gt; C", "A <i>B</i> C"),
        ("A &amp;lt;em&amp;gt;B&amp;lt;/em&amp;gt; C", "A <i>B</i> C"),
        ("<mml:math><mml:msub><mml:mi>L</mml:mi><mml:mn>2</mml:mn></mml:msub></mml:math> Norms", "L2 Norms"),
        (
            "<inline-formula><tex-math>$L_2$</tex-math><mml:math><mml:mi>L</mml:mi></mml:math></inline-formula> Norm",
            "L Norm",
        ),
        ("Title<br/>Subtitle", "Title Subtitle"),
        ("<title>Title</title>", "Title"),
        ("Replacing <unk> by <T>", "Replacing <unk> by <T>"),
        ("If x < y and y > z", "If x < y and y > z"),
        ("Open <i>only", "Open only"),
        ("<b><i>Crossed</b></i>", "Crossed"),
        ("<i></i>Empty<sup> </sup>", "Empty"),
        ("<script>alert(1)</script>Safe", "Safe"),
        ('<span style="x">Kept</span> <a href="https://x.org">too</a>', "Kept too"),
        ("Hard\u2010Aware \u2011 Deeply", "Hard-Aware - Deeply"),
        ("ECCV \u2013 2020", "ECCV \u2013 2020"),
        ("\u202eevil\u202c \u200bzero\ufeff", "evil zero"),
        ("tab\there\x00\x1b[31mred", "tab here[31mred"),
        ("Me\u0301tric", "M\u00e9tric"),
        ("soft\u00adhyphen", "softhyphen"),
        ("<!-- note -->Text", "Text"),
        ("", ""),
    ],
)
def test_titles_become_plain_text_with_zoteros_tags(printed: str, title: str) -> None:
    assert clean_title(printed) == title


def test_names_have_no_tags_at_all() -> None:
    assert clean_name("Symposium on <i>Things</i> &amp; <b>more</b>") == "Symposium on Things & more"


def test_what_is_far_too_long_is_no_title() -> None:
    assert clean_title("x" * (LONGEST + 1)) == ""
    assert clean_title("<i>" * 1_000_000) == ""
    assert clean_title("x" * LONGEST) == "x" * LONGEST


@pytest.mark.parametrize(
    ("printed", "title"),
    [("A Title.", "A Title"), ("A Title?", "A Title?"), ("And so on....", "And so on..."), ("", "")],
)
def test_the_full_stop_that_dblp_adds_is_taken_off(printed: str, title: str) -> None:
    assert without_full_stop(printed) == title


def test_the_number_of_a_namesake_is_taken_off() -> None:
    assert without_homonym_number("Wei Wang 0025") == "Wei Wang"
    assert without_homonym_number("Wei Wang") == "Wei Wang"
    assert without_homonym_number("Agent 007") == "Agent 007"


@given(st.text(max_size=200))
def test_nothing_that_steers_a_terminal_is_left(text: str) -> None:
    for cleaned in (clean_title(text), clean_name(text), clean_text(text)):
        assert not any(unicodedata.category(char) == "Cc" or char in "\u202e\u2066\u200b" for char in cleaned)
        assert cleaned == " ".join(cleaned.split())


@given(
    st.lists(
        st.sampled_from(["<i>", "</i>", "<b>", "</b>", "<sub>", "</sub>", "word", " ", "&amp;", "<em>", "<u>"]),
        max_size=12,
    )
)
def test_tags_in_titles_are_always_closed(parts: list[str]) -> None:
    cleaned = clean_title("".join(parts))
    opened: list[str] = []
    for close, name in re.findall(r"<(/?)(\w+)>", cleaned):
        assert name in ("i", "b", "sub", "sup")
        if close:
            assert opened.pop() == name
        else:
            opened.append(name)
    assert not opened


@pytest.mark.parametrize("part", ["<i ", "<", "<!--", "&amp;", "<i>", "&lt;", "<jats:"])
def test_hostile_titles_cost_no_time(part: str) -> None:
    start = time.perf_counter()
    clean_title(part * 4000)
    assert time.perf_counter() - start < 1.0
