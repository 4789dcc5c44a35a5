from __future__ import annotations

import pytest

from dmlsync.readinglist.authors import looks_like_names, read_names


@pytest.mark.parametrize(
    ("text", "names", "et_al"),
    [
        ("Song, H. O. et al.", ("Song, H. O.",), True),
        ("K. Q. Weinberger, J. et al.", ("K. Q. Weinberger",), True),
        ("Zhai, A. and Wu, H.", ("Zhai, A.", "Wu, H."), False),
        ("Zhai, A. & Wu, H.", ("Zhai, A.", "Wu, H."), False),
        ("Ermolov, A.et al.", ("Ermolov, A.",), True),
        ("Wu, C.-Y. et al.", ("Wu, C.-Y.",), True),
        ("Kim, S., Kim, D., Cho, M., and Kwak, S.", ("Kim, S.", "Kim, D.", "Cho, M.", "Kwak, S."), False),
        ("S. Kim, D. Kim, M. Cho", ("S. Kim", "D. Kim", "M. Cho"), False),
        ("Kim S, Cho M", ("Kim S", "Cho M"), False),
        ("Sungyeon Kim, Minsu Cho and Suha Kwak", ("Sungyeon Kim", "Minsu Cho", "Suha Kwak"), False),
        ("Kim, Sungyeon; Cho, Minsu", ("Kim, Sungyeon", "Cho, Minsu"), False),
        ("Kim, Sungyeon and Cho, Minsu", ("Kim, Sungyeon", "Cho, Minsu"), False),
        ("van der Maaten, L. and Hinton, G.", ("van der Maaten, L.", "Hinton, G."), False),
        ("Laurens van der Maaten, Geoffrey Hinton", ("Laurens van der Maaten", "Geoffrey Hinton"), False),
        ("Kim et al", ("Kim",), True),
        ("Kim and others", ("Kim",), True),
        ("Kim, S., ...", ("Kim, S.",), True),
        ("Kim, S., Jr., and Cho, M.", ("Kim, S., Jr.", "Cho, M."), False),
        ("Kim*, Cho†, Kwak1", ("Kim", "Cho", "Kwak"), False),
        ("Authors: Sungyeon Kim, Minsu Cho.", ("Sungyeon Kim", "Minsu Cho"), False),
        ("张三, 李四", ("张三", "李四"), False),
        ("The OpenAI Team", ("The OpenAI Team",), False),
        ("", (), False),
        ("et al.", (), True),
    ],
)
def test_names_are_taken_apart(text: str, names: tuple[str, ...], et_al: bool) -> None:
    found = read_names(text)
    assert (found.names, found.et_al) == (names, et_al)


@pytest.mark.parametrize(
    "text",
    [
        "S. Kim",
        "Kim et al.",
        "Sungyeon Kim, Minsu Cho",
        "van der Maaten, L. and Hinton, G.",
        "Kim, S., Cho, M.",
        "by S. Kim",
    ],
)
def test_author_lists_are_recognised(text: str) -> None:
    assert looks_like_names(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Deep Metric Learning",
        "Deep Learning, Metric Learning",
        "Sungyeon Kim",
        "CVPR 2020",
        "Divide and Conquer",
        "ICCV",
        "What? A. Smith",
        "a survey of things",
        "Asking, Telling",
    ],
)
def test_titles_are_no_author_lists(text: str) -> None:
    assert not looks_like_names(text)


def test_one_name_is_enough_where_the_place_says_so() -> None:
    assert looks_like_names("Sungyeon Kim", single=True)
    assert not looks_like_names("Metric Learning", single=True)
