from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from dmlsync.model import Identifiers
from dmlsync.sync.lock import WorkState

Look = Callable[..., object]

BIB = """@inproceedings{kim2020proxy,
  title = {Proxy Anchor Loss},
  eprint = {2003.13911},
  eprinttype = {arXiv},
  doi = {10.1109/cvpr42600.2020.00330},
}

@inproceedings{roth2020revisiting,
  title = {Revisiting Training Strategies},
  eprint = {2002.08473},
  eprinttype = {arXiv},
}

@inproceedings{opitz2017bier,
  title = {BIER},
  doi = {10.1109/iccv.2017.555},
}
"""


@pytest.fixture
def link(in_list: Look) -> Callable[..., object]:
    """A bullet with one link, for a work."""

    def look(url: str, key: str = "kim2020proxy", works: Mapping[str, WorkState] | None = None) -> object:
        found = in_list(f"* Some Loss for Learning (**CVPR 2020**) [[paper]({url})]\n", {1: key} if key else {}, BIB)
        found.checked = replace(found.checked, works=works or {})
        return found

    return look


@pytest.mark.parametrize(
    "url",
    [
        "https://arxiv.org/abs/2003.13911v2",
        "https://doi.org/10.1109/CVPR42600.2020.00330",
        "https://doi.org/10.48550/arXiv.2003.13911",
        "https://a.example/paper.pdf",
        "https://openaccess.thecvf.com/content_CVPR_2020/papers/Kim_Proxy_CVPR_2020_paper.pdf",
    ],
)
def test_a_link_to_the_work_or_to_somewhere_unknown_is_no_problem(url: str, link: Look) -> None:
    assert link(url).lines("wrong-link") == []


def test_a_link_to_another_work_names_it(link: Look) -> None:
    assert link("https://arxiv.org/pdf/2002.08473.pdf").says("wrong-link") == [
        "the link leads to roth2020revisiting, not to kim2020proxy"
    ]


def test_a_link_to_another_arxiv_paper_or_doi_is_told(link: Look) -> None:
    assert link("https://arxiv.org/abs/1901.00001").says("wrong-link") == [
        "the link leads to arXiv:1901.00001, the work is arXiv:2003.13911 (kim2020proxy)"
    ]
    assert "leads to doi:10.1109/cvpr.2019.1" in link("https://doi.org/10.1109/CVPR.2019.1").says("wrong-link")[0]


def test_an_arxiv_link_that_no_source_took_for_the_work_is_told_only_where_sources_answered(link: Look) -> None:
    url, key = "https://arxiv.org/abs/1801.04815", "opitz2017bier"
    asked = WorkState(identifiers=Identifiers(doi="10.1109/iccv.2017.555"), origins={"title": "crossref"})
    arxiv = {"roth2020revisiting": WorkState(origins={"arXiv": "arxiv"})}
    assert link(url, key, {key: asked} | arxiv).lines("wrong-link") == [1]
    assert link(url, key, {key: asked}).lines("wrong-link") == []
    assert link(url, key, {key: replace(asked, incomplete=True)} | arxiv).lines("wrong-link") == []
    assert link(url, key).lines("wrong-link") == []


@pytest.mark.parametrize(
    ("url", "tidy"),
    [
        (
            "https://arxiv.org/abs/1811.12649#:~:text=Abstract%3A%20Deep,recognition.",
            "https://arxiv.org/abs/1811.12649",
        ),
        ("http://proceedings.mlr.press/v119/chu20a.html", "https://proceedings.mlr.press/v119/chu20a.html"),
        (
            "https://ojs.aaai.org//index.php/AAAI/article/view/5795",
            "https://ojs.aaai.org/index.php/AAAI/article/view/5795",
        ),
        ("https://arxiv.org/abs/1811.12649?utm_source=x", "https://arxiv.org/abs/1811.12649"),
    ],
)
def test_what_does_not_belong_to_an_address_is_taken_off(url: str, tidy: str, link: Look) -> None:
    assert link(url).lines("untidy-link") == [1]
    assert link(url).after("untidy-link") == link(tidy).checked.lists[0].text
    assert link(tidy).lines("untidy-link") == []


@pytest.mark.parametrize(
    "url",
    [
        "http://yann.lecun.com/exdb/publis/pdf/hadsell-chopra-lecun-06.pdf",
        "https://web.archive.org/web/2020/http://a.example//b.pdf",
        "https://a.example//b.pdf",
        "https://a.example/b?c=//d",
        "https://a.example/#section",
    ],
)
def test_an_address_that_nobody_can_judge_is_left_alone(url: str, link: Look) -> None:
    assert link(url).lines("untidy-link") == []


def test_links_to_code_are_attached_as_they_are_and_not_mended(in_list: Look) -> None:
    text = "* Some Loss (**CVPR 2020**) [[code](https://github.com/a/b?utm_source=x)]\n"
    assert in_list(text).lines("untidy-link") == [1]
    assert in_list(text).after("untidy-link") == text


def test_a_pdf_link_to_a_page_is_told_where_the_others_are_pdfs(in_list: Look) -> None:
    row = "| Loss {0} | [PDF](https://arxiv.org/{1}/2001.0000{0}) |\n"
    head = "| Title | PDF |\n|---|---|\n"
    look = in_list(head + row.format(1, "pdf") + row.format(2, "pdf") + row.format(3, "abs"))
    assert look.says("pdf-is-page") == ["the PDF link leads to a page; the PDF is https://arxiv.org/pdf/2001.00003"]
    assert in_list(head + row.format(1, "abs") + row.format(2, "abs")).lines("pdf-is-page") == []


def test_a_link_on_a_later_line_of_its_entry_is_told_and_mended_there(in_list: Look) -> None:
    text = "* Some Loss for\n  Learning (**CVPR 2020**) [[paper](http://arxiv.org/abs/2001.00001)]\n"
    assert in_list(text).lines("untidy-link") == [2]
    assert in_list(text).after("untidy-link") == text.replace("http://", "https://")


def test_two_works_with_one_link_are_told_at_the_later_line(in_list: Look) -> None:
    line = "* {} Loss for Learning (**CVPR 2020**) [[paper](https://a.example/{}.pdf)]\n"
    look = in_list(line.format("Some", 1) + line.format("Another", 2) + line.format("Copied", 1))
    assert look.says("shared-link") == ["Some Loss for Learning in papers.md:1 has the same link"]
    assert look.lines("shared-link") == [3]


def test_a_link_of_one_work_in_two_places_or_of_a_whole_workshop_is_no_problem(in_list: Look) -> None:
    line = "* {} Loss for Learning (**CVPR 2020**) [[paper](https://a.example/workshop)]\n"
    look = in_list(line.format("Some") + line.format("Some"), {1: "kim2020proxy", 2: "kim2020proxy"}, BIB)
    assert look.lines("shared-link") == []
    assert in_list("".join(line.format(word) for word in ("Some", "Another", "Third"))).lines("shared-link") == []
