from __future__ import annotations

import pytest

from dmlsync.readinglist.characters import tame, trim
from dmlsync.readinglist.document import Bullets, Heading, Paragraph, Raw, read_document, split_lines
from dmlsync.readinglist.inline import Anchor, InlineReader


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" a  b\n", "a b"),
        ("Title] (", "Title"),
        ("[[[Title", "Title"),
        ("(Title)", "Title"),
        ("Title (with more)", "Title (with more)"),
        ("(Un)supervised (Learning)", "(Un)supervised (Learning)"),
        ("Title () -", "Title"),
        ("- Title:", "Title"),
        ("Why?", "Why?"),
        ("C++", "C++"),
        (":star: ⭐️ Title 🔥", "Title"),
        ("a[0] = b(1)", "a[0] = b(1)"),
        ("", ""),
        ("([-", ""),
    ],
)
def test_a_title_is_trimmed_of_what_surrounds_it(text: str, expected: str) -> None:
    assert trim(text) == expected


def test_control_characters_vanish_and_odd_blanks_become_blanks() -> None:
    assert tame("a\u00a0b\u202ec\x00d\u200be\u2028f\tg\r\nh") == "a bcde f\tg\r\nh"
    assert tame("क्‍ष 👩‍💻") == "क्‍ष 👩‍💻"


def test_lines_keep_their_ends() -> None:
    assert split_lines("a\r\nb\rc\n\nd") == ["a\r\n", "b\r", "c\n", "\n", "d"]
    assert split_lines("") == []


def test_blocks_know_their_lines() -> None:
    text = (
        "---\ntitle: T\n---\n# H\ntext\nmore\n\n- a\n  - b\n\n- c\n\n> quoted\n\n<div>\nx\n</div>\n\n```\ncode\n```\n"
    )
    document = read_document(text)
    assert document.title == "T"
    front, heading, paragraph, bullets, quoted, html = document.blocks
    assert front == Raw(1, ("---", "title: T", "---"), is_html=False)
    assert heading == Heading(4, 1, "H")
    assert paragraph == Paragraph(5, ("text", "more"))
    assert isinstance(bullets, Bullets)
    assert [(item.line, item.last_line) for item in bullets.items] == [(8, 9), (11, 11)]
    assert quoted == Paragraph(13, ("quoted",))
    assert html == Raw(15, ("<div>", "x", "</div>"), is_html=True)


def test_printed_text_knows_its_links() -> None:
    reader = InlineReader({})
    printed = reader.read("a [*b*](http://c) <http://d> http://e.org/f_(g). ![i](j) [![k](l)](http://m)<br>&amp;")
    assert printed.text == "a b http://d http://e.org/f_(g).  \n\n&"
    assert printed.anchors == (
        Anchor(2, 3, "http://c", "b"),
        Anchor(4, 12, "http://d"),
        Anchor(13, 31, "http://e.org/f_(g)"),
        Anchor(34, 34, "http://m", "k"),
    )
