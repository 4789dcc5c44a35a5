"""The shapes in which awesome lists write their bullets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dmlsync.model import Entry, Link
from dmlsync.readinglist import ReadingList, parse_list

PAPER = "https://arxiv.org/abs/1503.03832"
PDF = "https://arxiv.org/pdf/1503.03832.pdf"
CODE = "https://github.com/owner/repository"


def read(text: str) -> ReadingList:
    return parse_list(text, "papers", Path("papers.md"))


def only(text: str) -> Entry:
    reading_list = read(text)
    assert reading_list.problems == ()
    assert len(reading_list.entries) == 1, reading_list.entries
    return reading_list.entries[0]


def kinds(entry: Entry) -> list[tuple[str, str]]:
    return [(link.kind, link.url) for link in entry.links]


SHAPES: list[tuple[str, dict[str, Any]]] = [
    (f"Some Loss for Learning (**CVPR**) [[paper]({PAPER})]", {"venue": "CVPR"}),
    (f"Some Loss for Learning (**CVPR Oral**) [[paper]({PAPER})]", {"venue": "CVPR"}),
    (f"Some Loss for Learning (**ACM Multimedia**) [[paper]({PAPER})]", {"venue": "ACM Multimedia"}),
    (f"Some Loss for Learning (**J. Mach. Learn. Res.**) [[paper]({PAPER})]", {"venue": "J. Mach. Learn. Res."}),
    (f"Some Loss for Learning (**SIMBAD 2015**) [[paper]({PAPER})]", {"venue": "SIMBAD", "year": 2015}),
    (f"Some Loss for Learning [CVPR 2021] [paper]({PAPER})", {"venue": "CVPR", "year": 2021}),
    (f"Some Loss for Learning **CVPR 2021** [paper]({PAPER})", {"venue": "CVPR", "year": 2021}),
    (f"Some Loss for Learning *NeurIPS 2020* [paper]({PAPER})", {"venue": "NeurIPS", "year": 2020}),
    (f"Some Loss for Learning `ICML'20` [paper]({PAPER})", {"venue": "ICML", "year": 2020}),
    (f"Some Loss for Learning, CVPR, 2021 [paper]({PAPER})", {"venue": "CVPR", "year": 2021}),
    (f"Some Loss for Learning. In CVPR, 2021. [paper]({PAPER})", {"venue": "CVPR", "year": 2021}),
    (f"Some Loss for Learning - CVPR 2021 - [paper]({PAPER})", {"venue": "CVPR", "year": 2021}),
    (f"Some Loss for Learning CVPR 2021 [paper]({PAPER})", {"venue": "CVPR", "year": 2021}),
    (f"**[CVPR 2021]** Some Loss for Learning [paper]({PAPER})", {"venue": "CVPR", "year": 2021}),
    (f"[CVPR 2021]({PAPER}) Some Loss for Learning", {"venue": "CVPR", "year": 2021}),
    (f"Some Loss for Learning [CVPR 2021]({PAPER})", {"venue": "CVPR", "year": 2021}),
    (f"Some Loss for Learning (2019) [paper]({PAPER})", {"year": 2019}),
    (f"(2019) Some Loss for Learning [paper]({PAPER})", {"year": 2019}),
    (f"2019 - Some Loss for Learning - [paper]({PAPER})", {"year": 2019}),
    (f"2019: Some Loss for Learning [paper]({PAPER})", {"year": 2019}),
    (f"[2019/03] Some Loss for Learning [paper]({PAPER})", {"year": 2019}),
    (f"**Some Loss for Learning** [paper]({PAPER})", {}),
    (f"***Some Loss for Learning*** [paper]({PAPER})", {}),
    (f"*Some Loss for Learning* [paper]({PAPER})", {}),
    (f'"Some Loss for Learning" [paper]({PAPER})', {}),
    (f"“Some Loss for Learning”, CVPR 2021 [paper]({PAPER})", {"venue": "CVPR", "year": 2021}),
    (f"[Some Loss for Learning]({PAPER})", {}),
    (f"**[Some Loss for Learning]({PAPER})** (ICCV 2017)", {"venue": "ICCV", "year": 2017}),
    (f"[**Some Loss for Learning**]({PAPER}). ICCV 2017", {"venue": "ICCV", "year": 2017}),
    (f"Some Loss for Learning {PAPER}", {}),
    (f"Some Loss for Learning: {PAPER}.", {}),
    (f"Some Loss for Learning <{PAPER}>", {}),
    (f"Some Loss for Learning ({PAPER})", {}),
    (f"Some Loss for Learning [paper] ({PAPER})", {}),
    (f"Some Loss for Learning [paper][1]\n\n[1]: {PAPER}", {}),
    (f"Some Loss for Learning [[paper][1]]\n\n[1]: {PAPER}", {}),
    (f"Some Loss for Learning [[paper]]({PAPER})", {}),
    (f'Some Loss for Learning <a href="{PAPER}">paper</a>', {}),
    (f"Some Loss for Learning [![arXiv](https://img.shields.io/a.svg)]({PAPER})", {}),
    (f"![new](https://img.shields.io/n.svg) Some Loss for Learning [paper]({PAPER})", {}),
    (f":fire: 🔥 Some Loss for Learning :star: [paper]({PAPER})", {}),
    (f"[x] Some Loss for Learning [paper]({PAPER})", {}),
    (f"[ ] Some Loss for Learning [paper]({PAPER})", {}),
    (f"[[paper]({PAPER})] Some Loss for Learning", {}),
    (f"[SLL] Some Loss for Learning [paper]({PAPER})", {}),
    (f"~~Some~~ Loss for Learning [paper]({PAPER})", {}),
    (f"Some Loss\n  for Learning\n  (CVPR 2021)\n  [paper]({PAPER})", {"venue": "CVPR", "year": 2021}),
    (f"Some Loss for Learning  \n  [paper]({PAPER})", {}),
    (f"Some Loss for Learning] (**CVPR**) [[[paper]({PAPER})]", {"venue": "CVPR"}),
    (f"Some\u00a0Loss\u200b for\tLearning [paper]({PAPER})", {}),
    (f"\u202eSome Loss\u2066 for Learning\x07 [paper]({PAPER})", {}),
]


@pytest.mark.parametrize(("bullet", "expected"), SHAPES, ids=[bullet[:40] for bullet, _ in SHAPES])
@pytest.mark.parametrize("mark", ["* ", "- ", "1. ", "-   "])
def test_a_bullet_is_read_in_each_shape(mark: str, bullet: str, expected: dict[str, Any]) -> None:
    entry = only(mark + bullet)
    assert entry.title == "Some Loss for Learning"
    assert (entry.venue, entry.year) == (expected.get("venue", ""), expected.get("year"))
    assert kinds(entry) == [("paper", PAPER)]


AUTHORS = [
    "**T**, Hyun Oh Song, Stefanie Jegelka, CVPR 2017",
    "**T.** Hyun Oh Song, Stefanie Jegelka. CVPR 2017",
    "**T** <br> *Hyun Oh Song, Stefanie Jegelka* <br> CVPR 2017",
    "**T** | CVPR 2017 | Hyun Oh Song and Stefanie Jegelka",
    "**T** (CVPR 2017) by Hyun Oh Song and Stefanie Jegelka",
    '"T", *Hyun Oh Song, Stefanie Jegelka* [CVPR 2017]',
    'Hyun Oh Song and Stefanie Jegelka, "T," in CVPR, 2017.',
    "T. Hyun Oh Song and Stefanie Jegelka. CVPR 2017.",
    "T, Hyun Oh Song, Stefanie Jegelka, CVPR 2017",
    "T - Hyun Oh Song, Stefanie Jegelka (CVPR 2017)",
    "Hyun Oh Song, Stefanie Jegelka. T. CVPR 2017.",
    "Hyun Oh Song, Stefanie Jegelka (2017). T. In CVPR.",
    "[T](https://arxiv.org/abs/1), Hyun Oh Song, Stefanie Jegelka, CVPR 2017",
    "Hyun Oh Song, Stefanie Jegelka, [T](https://arxiv.org/abs/1), CVPR 2017",
    "T  \n  Hyun Oh Song, Stefanie Jegelka  \n  CVPR 2017",
    "T\n  Hyun Oh Song, Stefanie Jegelka\n  CVPR 2017",
    "T\n  - Hyun Oh Song, Stefanie Jegelka\n  - CVPR 2017",
    "T\n  - Authors: Hyun Oh Song, Stefanie Jegelka\n  - Venue: CVPR 2017",
]


@pytest.mark.parametrize("shape", AUTHORS)
def test_authors_are_found_around_the_title(shape: str) -> None:
    title = "Deep Metric Learning via Facility Location"
    entry = only("- " + shape.replace("T", title, 1) + f"\n  [pdf]({PDF})\n" * ("\n" not in shape) + "")
    assert entry.title == title
    assert entry.author_names == ("Hyun Oh Song", "Stefanie Jegelka")
    assert (entry.venue, entry.year) == ("CVPR", 2017)


@pytest.mark.parametrize(
    "authors",
    ["Vaswani et al.", "A. Vaswani *et al*.", "Vaswani, A., Shazeer, N., et al.", "Ashish Vaswani and others"],
)
def test_et_al_is_noticed(authors: str) -> None:
    entry = only(f"- **Attention Is All You Need**, {authors}, NIPS 2017 [pdf]({PDF})")
    assert entry.et_al
    assert entry.author_names[0].strip("A., ").removeprefix("shish ") == "Vaswani"


@pytest.mark.parametrize(
    "title",
    [
        "Do Different Losses Lead to Similar Learned Features?",
        "Why Should I Trust You? Explaining Any Classifier",
        "Recall@k Surrogate Loss with Large Batches and Similarity Mixup",
        "The Group Loss++: A deeper look into group loss",
        "BIER - Boosting Independent Embeddings Robustly",
        "Dividing, Conquering, and Learning: A Study of Metrics",
        "Supervised Contrastive (SupCon) Learning",
        "What is Metric Learning (And Why)",
        "Neighbourhood Components Analysis (NCA)",
        "(Almost) No Label No Cry",
        "f(x)-Divergence Losses",
        "Softmax vs. Triplet: a Comparison",
        "Beyond $L_2$: Learning with $\\ell_p$ Norms",
        "ImageNet Large Scale Challenge 2012",
        "Learning in Nature",
        "DeepFace",
        "度量学习综述",
        "Метрическое обучение",
        "Attention, Please! A Survey",
        "Learning by Cheating",
        "A/B Testing with Embeddings",
        "No. 1 in Retrieval",
    ],
)
def test_a_title_keeps_its_punctuation(title: str) -> None:
    entry = only(f"* {title} (**CVPR**) [[paper]({PAPER})]")
    assert (entry.title, entry.venue, entry.authors) == (title, "CVPR", "")
    assert only(f"* {title} [[paper]({PAPER})]").title == title
    assert only(f"* **{title}** [[paper]({PAPER})]").title == title
    assert only(f"* [{title}]({PAPER})").title == title


@pytest.mark.parametrize(
    "remark", ["Must Read", "**Great Work**", "(Highly Recommended)", "- a nice paper. Great fun."]
)
def test_a_remark_is_no_author(remark: str) -> None:
    entry = only(f"- [Some Loss for Learning]({PAPER}) {remark}")
    assert (entry.title, entry.authors, entry.venue) == ("Some Loss for Learning", "", "")


def test_one_author_is_believed_beside_a_venue_or_in_italics() -> None:
    assert only(f"- **Some Loss**, Kilian Weinberger, NIPS 2006 [pdf]({PDF})").author_names == ("Kilian Weinberger",)
    assert only(f"- **Some Loss** *Kilian Weinberger* [pdf]({PDF})").author_names == ("Kilian Weinberger",)
    assert only(f"- Some Loss. Kilian Weinberger. NIPS 2006 [pdf]({PDF})").author_names == ("Kilian Weinberger",)


def test_a_bold_nickname_is_part_of_the_title() -> None:
    title = "BERT: Pre-training of Deep Bidirectional Transformers"
    assert only(f"- **BERT**: Pre-training of Deep Bidirectional Transformers (NAACL 2019) [pdf]({PDF})").title == title
    assert only(f"- [BERT]({PAPER}): Pre-training of Deep Bidirectional Transformers (NAACL 2019)").title == title
    assert only(f"- [A **bold**, *slanted* and `coded` title]({PAPER})").title == "A bold, slanted and coded title"


def test_every_kind_of_link_is_told_apart() -> None:
    entry = only(
        f"* Some Loss [[paper]({PAPER})] [[pdf](https://a.org/download?id=3)] [[code](https://a.org/code)] "
        "[Project](https://a.org) [video](https://a.org/v) https://b.org/p.pdf https://gitlab.com/a/b"
    )
    assert [(link.kind, link.label) for link in entry.links] == [
        ("paper", "paper"),
        ("pdf", "pdf"),
        ("code", "code"),
        ("other", "Project"),
        ("other", "video"),
        ("pdf", ""),
        ("code", ""),
    ]


def test_a_linked_title_leads_to_the_paper_whatever_its_words_are() -> None:
    title = "Learning Code Models from Video Data"
    assert only(f"* [{title}](https://a.org/paper) (ICML 2021)").links == (Link("paper", "https://a.org/paper", title),)


def test_links_that_are_no_web_addresses_are_left_out() -> None:
    entry = only(f"* Some Loss [paper]({PAPER}) [notes](notes.md) [top](#top) [mail](mailto:a@b.org)")
    assert kinds(entry) == [("paper", PAPER)]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "JavaScript:alert(1)", "file:///etc/passwd"])
def test_links_to_scripts_and_local_files_are_reported(url: str) -> None:
    reading_list = read(f"* Some Loss (CVPR 2021) [paper]({PAPER}) [code]({url})")
    assert kinds(reading_list.entries[0]) == [("paper", PAPER)]
    assert [problem.line for problem in reading_list.problems] == [1]
    assert url.partition(":")[0].lower() in reading_list.problems[0].message


def test_the_same_address_is_kept_once() -> None:
    assert kinds(only(f"* [Some Loss]({PAPER}) [[paper]({PAPER})]")) == [("paper", PAPER)]


def test_a_bullet_that_is_only_a_heading_acts_like_a_section() -> None:
    text = (
        f"## Papers\n- 2021\n  - First Loss [paper]({PAPER})\n  - Second Loss (CVPR 2020) [paper]({PAPER})\n- Losses\n"
    )
    reading_list = read(text + f"  - Third Loss [paper]({PAPER})\n")
    assert [(e.title, e.section, e.year, e.line) for e in reading_list.entries] == [
        ("First Loss", ("Papers", "2021"), 2021, 3),
        ("Second Loss", ("Papers", "2021"), 2020, 4),
        ("Third Loss", ("Papers", "Losses"), None, 6),
    ]


def test_bullets_below_a_paper_that_hold_only_links_belong_to_it() -> None:
    entry = only(
        f"- Some Loss for Learning (CVPR 2021)\n  - [paper]({PAPER})\n  - Code: [GitHub]({CODE})\n  - Note: nice\n\n"
    )
    assert (entry.line, entry.last_line) == (1, 4)
    assert kinds(entry) == [("paper", PAPER), ("code", CODE)]


def test_papers_below_a_paper_are_entries_of_their_own() -> None:
    reading_list = read(
        f"- First Loss [paper]({PAPER})\n\n  - Second Loss [paper]({PDF})\n- Third Loss [paper]({PAPER})\n"
    )
    assert [(e.title, e.line, e.last_line) for e in reading_list.entries] == [
        ("First Loss", 1, 1),
        ("Second Loss", 3, 3),
        ("Third Loss", 4, 4),
    ]


def test_lines_of_an_entry_span_all_of_it_and_no_more() -> None:
    first = f"* First Loss\nlazily going on\n  [paper]({PAPER})\n"
    text = f"text\n\n{first}\n\n* Second Loss\n\n  [paper]({PAPER})\n\n## End\n"
    assert [(entry.line, entry.last_line) for entry in read(text).entries] == [(3, 5), (8, 10)]


def test_a_title_without_a_link_among_papers_is_one() -> None:
    reading_list = read(f"- First Loss [p]({PAPER})\n- Second Loss [p]({PAPER})\n- A third loss without link\n- Oops\n")
    assert [entry.title for entry in reading_list.entries] == ["First Loss", "Second Loss", "A third loss without link"]


def test_a_title_with_a_venue_needs_no_link() -> None:
    assert only("- A third loss without link (**CVPR 2015**)").links == ()


NO_ENTRIES = [
    "# Title\n\nSome prose with a [link](https://a.org) and https://b.org.\n",
    "- [Papers](#papers)\n  - [2021](#2021)\n",
    "[![badge](https://a.org/b.svg)](https://a.org)\n",
    "- ![picture](https://a.org/p.png)\n- [![badge](https://a.org/b.svg)](https://a.org)\n",
    "<!--\n* Hidden Loss [paper](https://a.org)\n-->\n",
    "```\n* Fenced Loss [paper](https://a.org)\n```\n",
    "~~~md\n| Title |\n|---|\n| [a](https://a.org) |\n~~~\n",
    "- Please use the template\n- Be kind\n",
    "- 2021\n- 2020\n",
    "**Updating...**\n",
    "---\ntitle: A\nlinks:\n- b\n- https://a.org\n---\n",
    "***\n\n* * *\n",
    "",
    "\ufeff",
]


@pytest.mark.parametrize("text", NO_ENTRIES)
def test_what_is_no_entry_is_no_problem_either(text: str) -> None:
    assert (read(text).entries, read(text).problems) == ((), ())


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"text\n\n* [[paper]({PAPER})]\n", 3),
        (f"* [pdf]({PDF}) | [code]({CODE})\n", 1),
        (f"* {PAPER}\n", 1),
        (f"- First Loss (CVPR) [paper]({PAPER})\n-Second Loss [paper]({PAPER})\n", 2),
        (f"*Second Loss [paper]({PAPER})\n", 1),
        (f"• Second Loss [paper]({PAPER})\n", 1),
        (f"---\n- Hidden Loss [paper]({PAPER})\n---\n", 2),
        (f"<details>\n* Hidden Loss [paper]({PAPER})\n</details>\n", 2),
        (f'<ul>\n<li>Loss <a href="{PAPER}">paper</a></li>\n</ul>\n', 2),
        ("* " + "long " * 10_000 + f"[paper]({PAPER})\n", 1),
    ],
)
def test_what_looks_like_an_entry_but_cannot_be_read_is_reported(text: str, line: int) -> None:
    assert [problem.line for problem in read(text).problems] == [line]
    assert not any("Second" in entry.title for entry in read(text).entries)


def test_a_bullet_below_html_with_a_blank_line_is_read() -> None:
    assert only(f"<details>\n<summary>2021</summary>\n\n* Some Loss [paper]({PAPER})\n\n</details>").line == 4


def test_quoted_bullets_are_read() -> None:
    assert only(f"> * Some Loss [paper]({PAPER})\n").title == "Some Loss"
