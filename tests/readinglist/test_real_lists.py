"""The two curated lists of this project, read in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmlsync.model import Entry, Link
from dmlsync.readinglist import ReadingList, parse_list, read_list

# Copies as the curators left them when the tool began: the lists themselves go on changing.
COPIES = Path(__file__).parent / "lists"
LIVE = sorted((Path(__file__).parents[2] / "lists").glob("*.md"))


@pytest.fixture(scope="module")
def table() -> ReadingList:
    return read_list(COPIES / "dvsml.md")


@pytest.fixture(scope="module")
def bullets() -> ReadingList:
    return read_list(COPIES / "awesome-metric-learning.md")


def at(reading_list: ReadingList, line: int) -> Entry:
    return next(entry for entry in reading_list.entries if entry.line == line)


def test_every_row_of_the_table_is_read(table: ReadingList) -> None:
    assert [entry.line for entry in table.entries] == list(range(10, 44))
    assert all(entry.last_line == entry.line for entry in table.entries)
    assert table.problems == ()
    assert table.title == "Awesome DVSML Papers"
    assert table.name == "dvsml"
    assert {entry.section for entry in table.entries} == {()}
    assert all(entry.authors and entry.author_names and entry.year and entry.venue for entry in table.entries)
    assert all([link.kind for link in entry.links] == ["pdf"] for entry in table.entries)


def test_every_bullet_is_read(bullets: ReadingList) -> None:
    assert len(bullets.entries) == 64
    assert bullets.problems == ()
    assert bullets.title == "awesome-metric-learning"
    lines = bullets.text.splitlines()
    assert [entry.line for entry in bullets.entries] == [n for n, text in enumerate(lines, 1) if text.startswith("* ")]
    assert sum(len(entry.links) for entry in bullets.entries) == 70
    assert sum(link.kind == "code" for entry in bullets.entries for link in entry.links) == 6
    assert not any(entry.authors or entry.et_al for entry in bullets.entries)


def test_no_title_keeps_brackets_or_mark_up(table: ReadingList, bullets: ReadingList) -> None:
    titles = [entry.title for entry in table.entries + bullets.entries]
    assert len(titles) == 98
    for title in titles:
        assert not set(title) & set("[]()|*_`<>{}"), title
        assert title == " ".join(title.split())


@pytest.mark.parametrize(
    ("line", "title", "names", "et_al", "year", "venue"),
    [
        (
            10,
            "Distance metric learning for large margin nearest neighbor classification",
            ("K. Q. Weinberger",),
            True,
            2006,
            "NeurIPS",
        ),
        (
            12,
            "Deepfashion: Powering robust clothes recognition and retrieval with rich annotations",
            ("Liu, Z.",),
            True,
            2016,
            "CVPR",
        ),
        (13, "Deep metric learning via lifted structured feature embedding", ("Song, H.",), True, 2016, "CVPR"),
        (14, "Deep Metric Learning via Lifted Structured Feature Embedding", ("Song, H. O.",), True, 2016, "CVPR"),
        (15, "No Fuss Distance Metric Learning Using Proxies", ("Movshovitz-Attias, Y.",), True, 2017, "ICCV"),
        (17, "Sampling Matters in Deep Embedding Learning", ("Wu, C.-Y.",), True, 2017, "ICCV"),
        (20, "ArcFace: Additive Angular Margin Loss for Deep Face Recognition", ("Deng, J.",), True, 2019, "CVPR"),
        (
            21,
            "Classification is a strong baseline for deep metric learning",
            ("Zhai, A.", "Wu, H."),
            False,
            2019,
            "BMVC",
        ),
        (
            28,
            "ProxyNCA++: Revisiting and Revitalizing Proxy Neighborhood Component Analysis",
            ("Teh, E. W.",),
            True,
            2020,
            "ECCV",
        ),
        (32, "The Group Loss for Deep Metric Learning", ("Elezi, I.",), True, 2020, "ECCV"),
        (34, "Sharing Matters for Generalization in Deep Metric Learning", ("Milbich, T.",), True, 2020, "TPAMI"),
        (37, "Robust and Decomposable Average Precision for Image Retrieval", ("Ramzi, E.",), True, 2021, "NeurIPS"),
        (
            38,
            "Characterizing Generalization under Out-Of-Distribution Shifts in Deep Metric Learning",
            ("Milbich, T.",),
            True,
            2021,
            "NeuRIPS",
        ),
        (
            41,
            "The Group Loss++: A deeper look into group loss for deep metric learning",
            ("Elezi, I.",),
            True,
            2022,
            "PAMI",
        ),
        (42, "Recall@k Surrogate Loss with Large Batches and Similarity Mixup", ("Patel, Y.",), True, 2022, "CVPR"),
        (
            43,
            "Hyperbolic Vision Transformers: Combining Improvements in Metric Learning",
            ("Ermolov, A.",),
            True,
            2022,
            "CVPR",
        ),
    ],
)
def test_the_quirks_of_the_table(
    table: ReadingList, line: int, title: str, names: tuple[str, ...], et_al: bool, year: int, venue: str
) -> None:
    entry = at(table, line)
    assert (entry.title, entry.author_names, entry.et_al, entry.year, entry.venue) == (title, names, et_al, year, venue)


def test_the_table_keeps_authors_as_printed(table: ReadingList) -> None:
    assert at(table, 10).authors == "K. Q. Weinberger, J. et al."
    assert at(table, 21).authors == "Zhai, A. and Wu, H."
    assert at(table, 43).authors == "Ermolov, A.et al."


def test_a_link_is_of_the_kind_that_its_label_says(table: ReadingList) -> None:
    page = "https://proceedings.neurips.cc/paper/2005/hash/a7f592cef8b130a6967a90617db5681b-Abstract.html"
    assert at(table, 10).links == (Link("pdf", page, "PDF"),)


@pytest.mark.parametrize(
    ("line", "title", "section", "year", "venue"),
    [
        (5, "Deep Metric Learning: A Survey", ("Survey",), None, ""),
        (19, "Unsupervised Hyperbolic Metric Learning", ("Papers", "2021"), 2021, "CVPR"),
        (
            37,
            "Do Different Deep Metric Learning Losses Lead to Similar Learned Features?",
            ("Papers", "2021"),
            2021,
            "ICCV",
        ),
        (55, "Cross-Batch Memory for Embedding Learning", ("Papers", "2020"), 2020, "CVPR"),
        (
            57,
            "Fewer is More: A Deep Graph Metric Learning Perspective Using Fewer Proxies",
            ("Papers", "2020"),
            2020,
            "NIPS",
        ),
        (97, "Classification is a Strong Baseline for Deep Metric Learning", ("Papers", "2019"), 2019, "BMVC"),
        (109, "Learning Deep Disentangled Embeddings With the F-Statistic Loss", ("Papers", "2018"), 2018, "NIPS"),
        (
            115,
            "Beyond triplet loss: a deep quadruplet network for person re-identification",
            ("Papers", "2017"),
            2017,
            "CVPR",
        ),
        (123, "BIER - Boosting Independent Embeddings Robustly", ("Papers", "2017"), 2017, "ICCV"),
        (139, "FaceNet: A Unified Embedding for Face Recognition and Clustering", ("Papers", "Earlier"), 2015, "CVPR"),
        (141, "Deep metric learning using triplet network", ("Papers", "Earlier"), 2015, "SIMBAD"),
        (147, "Neighbourhood Components Analysis", ("Papers", "Earlier"), 2005, "NIPS"),
    ],
)
def test_the_quirks_of_the_bullets(
    bullets: ReadingList, line: int, title: str, section: tuple[str, ...], year: int | None, venue: str
) -> None:
    entry = at(bullets, line)
    assert (entry.title, entry.section, entry.year, entry.venue) == (title, section, year, venue)
    assert entry.last_line == line


def test_a_bullet_has_its_paper_and_its_code(bullets: ReadingList) -> None:
    assert at(bullets, 13).links == (
        Link("paper", "https://arxiv.org/abs/2103.11781", "paper"),
        Link("code", "https://github.com/SupetZYK/DynamicMetricLearning", "code"),
    )


def test_an_address_stays_as_it_is_written(bullets: ReadingList) -> None:
    assert [link.url for link in at(bullets, 97).links] == [
        "https://arxiv.org/abs/1811.12649#:~:text=Abstract%3A%20Deep%20metric%20learning%20aims,"
        "image%20retrieval%20and%20face%20verification."
    ]
    assert [link.url for link in at(bullets, 71).links] == ["https://ojs.aaai.org//index.php/AAAI/article/view/5795"]


@pytest.mark.parametrize("name", ["dvsml", "awesome-metric-learning"])
def test_line_ends_and_a_byte_order_mark_change_nothing(name: str) -> None:
    plain = read_list(COPIES / f"{name}.md")
    odd = parse_list("\ufeff" + plain.text.replace("\n", "\r\n"), name, plain.path)
    assert (odd.entries, odd.problems, odd.title) == (plain.entries, plain.problems, plain.title)


@pytest.mark.parametrize("path", LIVE, ids=lambda path: path.stem)
def test_the_lists_of_today_are_read_without_a_problem(path: Path) -> None:
    reading_list = read_list(path)
    assert reading_list.problems == ()
    assert reading_list.text.encode() == path.read_bytes()
