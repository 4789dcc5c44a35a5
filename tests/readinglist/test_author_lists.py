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
        ("Liang Du, Yi-Dong Shen", ("Liang Du", "Yi-Dong Shen"), False),
        ("Liang Du, Yu Xiang", ("Liang Du", "Yu Xiang"), False),
        ("Du, Liang", ("Du, Liang",), False),
        ("Du, L., Shen, Y.-D.", ("Du, L.", "Shen, Y.-D."), False),
        ("Le, Thuc Duy", ("Le, Thuc Duy",), False),
        ("Ryan, Malcolm R. K.", ("Ryan, Malcolm R. K.",), False),
        ("Van Gool, Luc", ("Van Gool, Luc",), False),
        ("Schroff, F., Kalenichenko, D.", ("Schroff, F.", "Kalenichenko, D."), False),
        (
            "Schroff, F., Kalenichenko, D. and Philbin, J. K.",
            ("Schroff, F.", "Kalenichenko, D.", "Philbin, J. K."),
            False,
        ),
        ("Guan, Hao and Smith, William A. P.", ("Guan, Hao", "Smith, William A. P."), False),
        ("Isley, Guy, Hillar, Christopher J.", ("Isley, Guy", "Hillar, Christopher J."), False),
        ("Schroff, Florian, Dmitry Kalenichenko", ("Schroff, Florian", "Dmitry Kalenichenko"), False),
        ("Freund Y, Opper M", ("Freund Y", "Opper M"), False),
        ("Wang Y and Blei DM", ("Wang Y", "Blei DM"), False),
        ("Yamini BK, Wu SM", ("Yamini BK", "Wu SM"), False),
        ("D. K. G., S. K. Ambat", ("D. K. G.", "S. K. Ambat"), False),
        (
            "Blaise Agüera y Arcas, Juan Pérez y María López",
            ("Blaise Agüera y Arcas", "Juan Pérez", "María López"),
            False,
        ),
        ("محمد علي، أحمد حسن", ("محمد علي", "أحمد حسن"), False),
        ("Иванов А. и Петров П.", ("Иванов А.", "Петров П."), False),
        ("Иванов А. и др.", ("Иванов А.",), True),
        ("Zhengming Ding, Yun Fu.", ("Zhengming Ding", "Yun Fu"), False),
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
        "Wang A, Kim PR",
        "Bin Fan, In So Kweon, Kwang Kim, Yang An, Bo Li, Xu Wei, Jan Novak, Eva Mala",
        "张三, 李四",
        "김철수, 이영희",
        "山田太郎、鈴木花子",
        "สมชาย ใจดี, สมหญิง รักเรียน",
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
        "A Hyper-connected World",
    ],
)
def test_titles_are_no_author_lists(text: str) -> None:
    assert not looks_like_names(text)


def test_one_name_is_enough_where_the_place_says_so() -> None:
    assert looks_like_names("Sungyeon Kim", single=True)
    assert not looks_like_names("Metric Learning", single=True)
