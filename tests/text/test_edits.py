from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.text.edits import ChangedLine, Edit, Lines, apart, applied, changed_lines


def test_edits_change_their_stretches_and_nothing_else() -> None:
    assert applied("one two three", [Edit(8, 13, "3"), Edit(0, 3, "1"), Edit(3, 3, "!")]) == "1! two 3"
    assert applied("unchanged", []) == "unchanged"


def test_edits_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        applied("one two", [Edit(0, 4, ""), Edit(3, 5, "")])


def test_a_group_that_touches_an_earlier_one_waits() -> None:
    first, touching, free = (Edit(0, 3, "x"), Edit(9, 9, "y")), (Edit(3, 4, ""),), (Edit(5, 6, ""),)
    assert apart([first, touching, free]) == [first, free]


def test_lines_end_with_crlf_lf_or_cr_and_a_byte_order_mark_belongs_to_none() -> None:
    lines = Lines("\ufeffone\r\ntwo\rthree\n")
    assert [lines[at] for at in range(1, len(lines) + 1)] == ["one", "two", "three"]
    assert (lines.start(1), lines.end(1), lines.place(lines.start(3) + 2)) == (1, 4, (3, 3))


def test_changed_lines_are_told_before_and_after() -> None:
    assert changed_lines("a\nb\nc\n", "a\nB\nc\n") == [ChangedLine(2, "b", "B")]


@given(st.text(alphabet="ab\r\n\ufeff", max_size=40))
def test_every_character_has_a_place_in_a_line(text: str) -> None:
    lines = Lines(text)
    for at in range(len(lines)):
        assert lines.place(lines.start(at + 1)) == (at + 1, 1) or lines[at + 1] == ""


@given(
    st.text(max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.text(max_size=3)), max_size=8)
)
def test_groups_that_are_apart_can_all_be_applied(text: str, drawn: list[tuple[int, int, str]]) -> None:
    edits = [Edit(min(one, other, len(text)), min(max(one, other), len(text)), new) for one, other, new in drawn]
    kept = apart((edit,) for edit in edits)
    after = applied(text, [edit for group in kept for edit in group])
    assert len(after) == len(text) + sum(len(edit.text) - (edit.end - edit.start) for (edit,) in kept)
