from __future__ import annotations

from collections.abc import Callable

import pytest

Look = Callable[..., object]

HEADER = "| Title | Authors | Year | Venue | PDF |\n|---|---|---|---|---|\n"
ONE = "| Some Loss for Learning | Kim, S. et al. | 2020 | CVPR | [PDF](https://arxiv.org/pdf/2001.00001) |\n"
TWO = "| Another Loss for Learning | Lee, J. et al. | 2021 | ICCV | [PDF](https://arxiv.org/pdf/2101.00001) |\n"
GOOD = HEADER + ONE + TWO
LINK = "[[paper](https://arxiv.org/abs/2001.00001)]"


@pytest.mark.parametrize(
    "rule", ["missing-pipe", "short-delimiter", "trailing-blanks", "stray-bracket", "author-form", "list-syntax"]
)
def test_a_tidy_table_is_no_problem(rule: str, in_list: Look) -> None:
    assert in_list(GOOD).lines(rule) == []


def test_a_row_without_its_first_or_last_pipe_is_found_and_mended(in_list: Look) -> None:
    for lacking in (ONE[2:], ONE.replace(" |\n", "\n")):
        look = in_list(HEADER + lacking + TWO)
        assert look.lines("missing-pipe") == [3]
        assert look.after("missing-pipe") == GOOD


def test_a_table_without_outer_pipes_has_a_style_and_no_problem(in_list: Look) -> None:
    bare = "".join(line.strip("| \n") + "\n" for line in GOOD.splitlines(keepends=True))
    assert in_list(bare).lines("missing-pipe") == []


def test_a_pipe_is_put_where_the_row_begins_and_line_ends_stay(in_list: Look) -> None:
    text = "\ufeff" + (HEADER + "  " + ONE[2:] + TWO).replace("\n", "\r\n")
    assert in_list(text).after("missing-pipe") == "\ufeff" + (HEADER + "  " + ONE + TWO).replace("\n", "\r\n")


def test_a_table_in_a_quotation_is_mended_inside_of_it(in_list: Look) -> None:
    quoted = "".join(f"> {line}" for line in (HEADER + ONE[2:] + TWO).splitlines(keepends=True))
    assert in_list(quoted).after("missing-pipe") == "".join(f"> {line}" for line in GOOD.splitlines(keepends=True))


def test_dashes_that_are_missing_below_the_header_are_added_like_the_last_ones(in_list: Look) -> None:
    look = in_list("| Title | Year | PDF |\n| :--- | ---: |\n| Some Loss | 2020 | [PDF](https://a.example/b.pdf) |\n")
    assert look.lines("short-delimiter") == [2]
    assert look.after("short-delimiter").splitlines()[1] == "| :--- | ---: | ---: |"
    bare = in_list("Title | Year | PDF\n--- | ---\nSome Loss | 2020 | [PDF](https://a.example/b.pdf)\n")
    assert bare.after("short-delimiter").splitlines()[1] == "--- | --- | ---"


def test_more_dashes_than_columns_are_told_and_left_alone(in_list: Look) -> None:
    text = "| Title | PDF |\n|---|---|---|\n| Some Loss | [PDF](https://a.example/b.pdf) |\n"
    assert in_list(text).lines("short-delimiter") == [2]
    assert in_list(text).after("short-delimiter") == text


def test_blanks_behind_the_last_pipe_go_and_no_others(in_list: Look) -> None:
    look = in_list(GOOD.replace(" |\n", " | \t\n", 1).replace("CVPR |", "CVPR  |"))
    assert look.lines("trailing-blanks") == [1]
    assert look.after("trailing-blanks") == GOOD.replace("CVPR |", "CVPR  |")


def test_brackets_without_a_partner_are_found_and_taken_out(in_list: Look) -> None:
    look = in_list(f"* Some Loss for Learning] (**CVPR**) [{LINK}\n")
    assert look.says("stray-bracket") == ["`]` and `[` have no partner"]
    assert look.after("stray-bracket") == f"* Some Loss for Learning (**CVPR**) {LINK}\n"


@pytest.mark.parametrize(
    "title",
    [
        "Some Loss (and More) for Learning",
        "A Loss on [0, 1) for Learning",
        "a) Some Loss for Learning",
        "Some Loss :) for Learning",
        "Some `f(x` for Learning",
        "Some Loss <https://a.example/(b> for Learning",
        "Some Loss [link](https://en.wikipedia.org/wiki/Loss_(ML)) for Learning",
        "Some Loss for\n  Learning (CVPR\n  2020)",
    ],
)
def test_brackets_that_belong_are_no_problem(title: str, in_list: Look) -> None:
    assert in_list(f"* {title} (**CVPR**) {LINK}\n").lines("stray-bracket") == []


def test_a_bracket_is_left_where_taking_it_out_would_change_what_is_read(in_list: Look) -> None:
    text = f"* Some (Loss for Learning {LINK}\n"
    look = in_list(text)
    assert look.lines("stray-bracket") == [1]
    assert look.after("stray-bracket") == text


def test_et_al_that_is_glued_to_an_initial_is_parted(in_list: Look) -> None:
    look = in_list(GOOD.replace("Kim, S. et al.", "Kim, S.et al."))
    assert look.lines("author-form") == [3]
    assert look.after("author-form") == GOOD


def test_initials_that_lost_their_name_are_told_and_left_alone(in_list: Look) -> None:
    text = GOOD.replace("Kim, S. et al.", "S. Kim, J. et al.")
    assert in_list(text).says("author-form") == ["`S. Kim, J. et al.` ends in initials without a family name"]
    assert in_list(text).after("author-form") == text


def test_a_line_that_cannot_be_read_is_an_error_with_its_line(in_list: Look) -> None:
    assert in_list(GOOD + "| | | 2020 | CVPR | [PDF](https://a.example/b.pdf) |\n").lines("list-syntax") == [5]
