"""Authors are printed as the list prints them."""

from __future__ import annotations

import pytest

from dmlsync.model import Creator, Entry
from dmlsync.readinglist.author_style import style_of
from dmlsync.readinglist.authors import read_names

ONE = (Creator("Wu", "Chao-Yuan"),)
TWO = (*ONE, Creator("van der Maaten", "Laurens"))
FOUR = (*TWO, Creator(name="The Lab"), Creator("Cho", "Minsu"))


def entries(*authors: str) -> list[Entry]:
    read = [(text, read_names(text)) for text in authors]
    return [
        Entry("papers", 1, 1, "T", authors=text, author_names=names.names, et_al=names.et_al) for text, names in read
    ]


@pytest.mark.parametrize(
    ("printed", "one", "two", "four"),
    [
        (
            ["Song, H. O. et al.", "Zhai, A. and Wu, H.", "Kim, S. et al."],
            "Wu, C.-Y.",
            "Wu, C.-Y. and van der Maaten, L.",
            "Wu, C.-Y. et al.",
        ),
        (
            ["Sungyeon Kim, Dongwon Kim, Minsu Cho", "Ada Angler, Ben Boat"],
            "Chao-Yuan Wu",
            "Chao-Yuan Wu, Laurens van der Maaten",
            "Chao-Yuan Wu, Laurens van der Maaten, The Lab, Minsu Cho",
        ),
        (
            ["S. Kim, D. Kim and M. Cho", "A. Angler and B. Boat"],
            "C.-Y. Wu",
            "C.-Y. Wu and L. van der Maaten",
            "C.-Y. Wu, L. van der Maaten, The Lab and M. Cho",
        ),
        (["Kim et al.", "Song et al."], "Wu", "Wu et al.", "Wu et al."),
        (
            ["Kim, Sungyeon; Cho, Minsu", "Angler, Ada; Boat, Ben; Fish, Cy"],
            "Wu, Chao-Yuan",
            "Wu, Chao-Yuan; van der Maaten, Laurens",
            "Wu, Chao-Yuan; van der Maaten, Laurens; The Lab; Cho, Minsu",
        ),
        (["Kim S, Cho M", "Angler A"], "Wu C-Y", "Wu C-Y, van der Maaten L", None),
        ([], "Chao-Yuan Wu", "Chao-Yuan Wu, Laurens van der Maaten", None),
    ],
)
def test_styles(printed: list[str], one: str, two: str, four: str | None) -> None:
    style = style_of(entries(*printed))
    assert (style.printed(ONE), style.printed(TWO)) == (one, two)
    assert four is None or style.printed(FOUR) == four


def test_nobody_prints_nothing() -> None:
    assert style_of([]).printed(()) == ""
