from __future__ import annotations

from collections.abc import Callable

import pytest

Look = Callable[..., object]


def author(names: str) -> str:
    return f"@misc{{a,\n  title = {{T}},\n  author = {names},\n}}\n"


@pytest.mark.parametrize(
    ("names", "complaint"),
    [
        ("{Kim, S. and et al.}", "`et al.` is read as a name: write `and others`"),
        ("{Kim, S. et al.}", "`et al.` is read as a name: write `and others`"),
        ("{Kim, S. and}", "a name is missing beside an `and`"),
        ("{Kim, S. and and Cho, M.}", "a name is missing beside an `and`"),
        ("{Kim, S.; Cho, M.}", "names are parted by `and`, not by `;`"),
        ("{Kim, S. & Cho, M.}", "names are parted by `and`, not by `&`"),
        ("{Kim, S., Cho, M., Kwak, S.}", "a name with more than two commas: names are parted by `and`"),
        ('"Kim, S., Cho, M., Kwak, S."', "a name with more than two commas: names are parted by `and`"),
        ("{, Sungyeon}", "a name begins with a comma"),
    ],
)
def test_a_list_that_is_read_as_other_names_is_told(names: str, complaint: str, in_bib: Look) -> None:
    assert in_bib(author(names)).says("broken-name") == [f"a: author: {complaint}"]
    assert in_bib(author(names)).lines("broken-name") == [3]


@pytest.mark.parametrize(
    "names",
    [
        "{Kim, Sungyeon and Cho, Minsu and others}",
        "{van der Maaten, Laurens}",
        "{King, Jr, Martin Luther}",
        "{{Barnes and Noble, Inc., and et al.} and Kim, S.}",
        r"{M{\"u}ller, J{\"o}rg and {\O}ster, {\AA}sa}",
        "{family=Beethoven, prefix=van, given=Ludwig, useprefix=true}",
        r"{{AT\&T} and Kim, S.}",
        "{Sandberg, Anderson and Andersen, Sander}",
        "kim # { and } # cho",
        "{NASA}",
        "{UNESCO and Kim, S.}",
        "{Kim, S. and Wu, C.-Y. and Song, Hyun Oh and Li, Li and Xu, BoYi}",
        "{گال, سارا and 王, 伟}",
    ],
)
def test_good_names_are_no_problem(names: str, in_bib: Look) -> None:
    text = '@string{kim = "Kim, S."}\n@string{cho = "Cho, M."}\n' + author(names)
    look = in_bib(text)
    assert [look.lines(rule) for rule in ("broken-name", "name-in-capitals", "joined-initials")] == [[], [], []]


def test_names_in_capitals_are_told(in_bib: Look) -> None:
    assert in_bib(author("{KIM, SUNGYEON and Cho, M.}")).says("name-in-capitals") == [
        "a: author: `KIM, SUNGYEON` is in capitals"
    ]


@pytest.mark.parametrize(
    ("names", "spaced"), [("{Smith, J.A.}", "J. A."), ("{Smith, JA}", "J. A."), ("{J.A. Smith}", "J. A.")]
)
def test_initials_that_run_together_are_told(names: str, spaced: str, in_bib: Look) -> None:
    (message,) = in_bib(author(names)).says("joined-initials")
    assert message.endswith(f"is read as one name: write `{spaced}`")
