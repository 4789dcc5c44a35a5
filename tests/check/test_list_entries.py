from __future__ import annotations

from collections.abc import Callable

Look = Callable[..., object]

HEADER = "| Title | Authors | Year | Venue | PDF |\n|---|---|---|---|---|\n"


def row(title: str, year: str = "2020", venue: str = "CVPR", authors: str = "Kim, S. et al.", link: str = "") -> str:
    link = link or f"https://a.example/{title.replace(' ', '')}.pdf"
    return f"| {title} | {authors} | {year} | {venue} | [PDF]({link}) |\n"


def test_a_work_that_stands_twice_in_a_section_is_told_at_its_later_line(in_list: Look) -> None:
    text = HEADER + row("First Loss") + row("Second Loss") + row("First Loss, Again")
    look = in_list(text, {3: "kim2020first", 4: "kim2020second", 5: "kim2020first"})
    assert look.lines("duplicate-entry") == [5]
    assert look.says("duplicate-entry") == ["stands in line 3 already: kim2020first"]


def test_entries_that_nobody_linked_are_one_work_only_with_one_link_or_the_same_people(in_list: Look) -> None:
    same = in_list(HEADER + row("A Loss for Learning") + row("a loss for learning", authors="Kim, S. and Cho, M."))
    assert same.lines("duplicate-entry") == [4]
    other = in_list(
        HEADER + row("A Survey") + row("A Survey", authors="Lee, J. et al.", link="https://b.example/b.pdf")
    )
    assert other.lines("duplicate-entry") == []


def test_a_work_in_two_sections_is_told_only_on_request(in_list: Look) -> None:
    bullet = "- First Loss (**CVPR 2020**) [[paper](https://arxiv.org/abs/2001.00001)]\n"
    look = in_list(f"# Papers\n## A\n{bullet}## B\n{bullet}")
    assert look.lines("duplicate-entry") == []
    assert look.lines("listed-twice") == [5]


def test_a_venue_in_other_capitals_than_the_usual_is_mended(in_list: Look) -> None:
    text = HEADER + row("A Loss", venue="NeurIPS") + row("B Loss", venue="NeuRIPS") + row("C Loss", venue="NeurIPS")
    look = in_list(text)
    assert look.lines("venue-spelling") == [4]
    assert look.after("venue-spelling") == text.replace("NeuRIPS", "NeurIPS")


def test_two_names_of_a_venue_are_told_and_left_to_a_person(in_list: Look) -> None:
    text = HEADER + row("A Loss", venue="TPAMI") + row("B Loss", venue="PAMI")
    assert in_list(text).says("venue-spelling") == ["`PAMI` is written `TPAMI` elsewhere in this list (once)"]
    assert in_list(text).after("venue-spelling") == text


def test_a_spelling_that_is_a_habit_is_told_once(in_list: Look) -> None:
    rows = [row(f"Loss {word}", venue=venue) for word in "abcdef" for venue in ("TPAMI", "TPAMI", "IEEE TPAMI")]
    assert len(in_list(HEADER + "".join(rows)).lines("venue-spelling")) == 1


def test_capitals_that_are_a_habit_are_left_to_a_person(in_list: Look) -> None:
    rows = [row(f"Loss {word}", venue=venue) for word in "abcde" for venue in ("NeurIPS", "NeurIPS", "NEURIPS")]
    look = in_list(HEADER + "".join(rows))
    assert len(look.lines("venue-spelling")) == 1
    assert look.after("venue-spelling") == HEADER + "".join(rows)


def test_a_conference_may_have_had_another_name_or_a_track(in_list: Look) -> None:
    rows = row("A Loss", "2016", "NIPS") + row("B Loss", "2020", "NeurIPS") + row("C Loss", venue="arXiv")
    rows += row("D Loss", venue="CVPR") + row("E Loss", venue="CVPR Workshop") + row("F Loss", venue="CoRR")
    assert in_list(HEADER + rows).lines("venue-spelling") == []
    late = row("A Loss", "2020", "NeurIPS") + row("B Loss", "2020", "NIPS")
    assert in_list(HEADER + late).lines("venue-spelling") == [4]


def test_a_year_beside_its_own_column_goes(in_list: Look) -> None:
    text = HEADER + row("A Loss") + row("B Loss", venue="ECCV 2020") + row("C Loss")
    look = in_list(text)
    assert look.lines("year-in-venue") == [4]
    assert look.after("year-in-venue") == text.replace("ECCV 2020", "ECCV")


def test_years_in_venues_are_fine_where_they_differ_or_all_rows_have_one(in_list: Look) -> None:
    assert (
        in_list(HEADER + row("A Loss", venue="CVPR 2020") + row("B Loss", venue="ECCV 2020")).lines("year-in-venue")
        == []
    )
    assert (
        in_list(HEADER + row("A Loss") + row("B Loss", "2021", "ECCV 2020") + row("C Loss")).lines("year-in-venue")
        == []
    )


def test_a_date_among_years_is_told(in_list: Look) -> None:
    rows = "".join(row(f"Loss {word}") for word in "abcd")
    look = in_list(HEADER + rows + row("Last Loss", "2022/03"))
    assert look.says("year-form") == ["`2022/03` stands where other rows have a year"]
    assert in_list(HEADER + "".join(row(f"Loss {word}", "2022/03") for word in "abcd")).lines("year-form") == []


def test_an_entry_below_the_heading_of_another_year_is_told(in_list: Look) -> None:
    link = "[[paper](https://arxiv.org/abs/2001.0000{})]"
    bullets = "".join(f"- Loss Number {at} (**CVPR**) {link.format(at)}\n" for at in range(4))
    look = in_list(f"# Papers\n## 2020\n{bullets}- Some Other Loss (**ICCV 2019**) {link.format(5)}\n")
    assert look.says("wrong-heading") == ["says 2019 below the heading of 2020"]
    custom = "".join(f"- Loss Number {at} (**CVPR 2019**) {link.format(at)}\n" for at in range(4))
    assert in_list(f"# Papers\n## 2020\n{custom}").lines("wrong-heading") == []


def test_an_entry_without_a_link_is_told_where_nearly_all_have_one(in_list: Look) -> None:
    rows = "".join(row(f"Loss {word}") for word in "abcdefghij")
    bare = "| Bare Loss | Kim, S. et al. | 2020 | CVPR | |\n"
    assert in_list(HEADER + rows + bare).lines("missing-link") == [13]
    assert in_list(HEADER + row("A Loss") + bare).lines("missing-link") == []
