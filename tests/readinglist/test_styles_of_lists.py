"""Bullets and rows in the styles of public lists of papers, with what a person reads in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmlsync.model import Entry
from dmlsync.readinglist import parse_list

PAPER = "https://a.b/1"


def only(text: str) -> Entry:
    entries = parse_list(text, "any", Path("any.md")).entries
    assert len(entries) == 1
    return entries[0]


def said(text: str) -> tuple[str, tuple[str, ...], int | None, str]:
    entry = only(text)
    return entry.title, entry.author_names, entry.year, entry.venue


@pytest.mark.parametrize(
    ("bullet", "title", "names", "year"),
    [
        ("基于深度学习的度量学习综述, 张三, 李四, 2021", "基于深度学习的度量学习综述", ("张三", "李四"), 2021),
        ("《基于深度学习的综述》，張三，李四，2021年", "基于深度学习的综述", ("張三", "李四"), 2021),
        (
            "深層学習による画像検索（山田太郎、鈴木花子、2018）",
            "深層学習による画像検索",
            ("山田太郎", "鈴木花子"),
            2018,
        ),
        ("深層距離学習の研究（2019年）", "深層距離学習の研究", (), 2019),
        ("딥 메트릭 러닝 연구, 김철수, 이영희 (2020)", "딥 메트릭 러닝 연구", ("김철수", "이영희"), 2020),
        ("정은지, 박민수. 거리 학습의 이해. 2021.", "거리 학습의 이해", ("정은지", "박민수"), 2021),
        ("التعلم العميق - محمد علي، أحمد حسن (2021)", "التعلم العميق", ("محمد علي", "أحمد حسن"), 2021),
        ("**سروی بر یادگیری عمیق** (۲۰۲۰)", "سروی بر یادگیری عمیق", (), 2020),
        ("למידה עמוקה של מטריקות (2021)", "למידה עמוקה של מטריקות", (), 2021),
        ("การเรียนรู้เชิงลึก, สมชาย ใจดี, สมหญิง รักเรียน, 2020", "การเรียนรู้เชิงลึก", ("สมชาย ใจดี", "สมหญิง รักเรียน"), 2020),
        ("Глубокое обучение (Иванов и др., 2021)", "Глубокое обучение", ("Иванов",), 2021),
        (
            "Обзор методов, Сергей Иванов, Мария Петрова, 2019",
            "Обзор методов",
            ("Сергей Иванов", "Мария Петрова"),
            2019,
        ),
    ],
)
@pytest.mark.parametrize("link", [f" [[pdf]({PAPER})]", f" [论文]({PAPER})"])
def test_every_script_is_read(bullet: str, title: str, names: tuple[str, ...], year: int | None, link: str) -> None:
    assert said(f"- {bullet}{link}\n")[:3] == (title, names, year)


def test_a_row_is_read_in_every_script() -> None:
    header = "| 标题 | 作者 | 年份 | 链接 |\n|---|---|---|---|\n"
    assert said(f"{header}| 度量学习 | 张三、李四 | 2021年 | [pdf]({PAPER}) |\n") == (
        "度量学习",
        ("张三", "李四"),
        2021,
        "",
    )
    row = f"| التعلم العميق | محمد علي، أحمد حسن | ٢٠٢١ | [pdf]({PAPER}) |\n"
    assert said(header + row) == ("التعلم العميق", ("محمد علي", "أحمد حسن"), 2021, "")


def test_short_words_in_scripts_without_capitals_are_no_authors() -> None:
    assert said(f"- 度量学习, 深度学习 [pdf]({PAPER})\n")[:2] == ("度量学习, 深度学习", ())
    assert said(f"- 딥 러닝, 메트릭 러닝 [pdf]({PAPER})\n")[:2] == ("딥 러닝, 메트릭 러닝", ())


@pytest.mark.parametrize(
    ("behind", "venue", "year"),
    [
        (f"[[CVPR 2019]({PAPER})]", "CVPR", 2019),
        (f"[CVPR20]({PAPER})", "CVPR", 2020),
        (f"([CVPR'17]({PAPER}))", "CVPR", 2017),
        (f"([ICLR]({PAPER}), 2020)", "ICLR", 2020),
        (f"[[arXiv 2017]({PAPER})] [[code](https://github.com/a/b)]", "arXiv", 2017),
        (f"[[NeurIPS'20]({PAPER}) / [TF](https://github.com/a/b)]", "NeurIPS", 2020),
        (f"[[arXiv]({PAPER})]", "", None),
        (f"[[paper]({PAPER})]", "", None),
        (f"(CVPR2018 oral) [paper]({PAPER})", "CVPR", 2018),
        (f"(Oral) [paper]({PAPER})", "", None),
        (f"(**J. Mach. Learn. Res.**, 2005) [paper]({PAPER})", "J. Mach. Learn. Res.", 2005),
        (f"(2005) [paper]({PAPER}) - *OpenAI*", "", 2005),
        (f"[^2] (ECCV 2018) [paper]({PAPER})", "ECCV", 2018),
        (f", JMLR 2009, doi: [10.5/1]({PAPER})", "JMLR", 2009),
    ],
)
def test_venue_and_year_are_found_where_they_stand(behind: str, venue: str, year: int | None) -> None:
    assert said(f"- Deep Sets of Things {behind}\n") == ("Deep Sets of Things", (), year, venue)


@pytest.mark.parametrize(
    "bullet",
    [
        f"NeurIPS 2019 - Deep Sets of Things [pdf]({PAPER})",
        f'**DINO**: "Deep Sets of Things", NeurIPS, 2019 (*Facebook*). [[Paper]({PAPER})]',
        f"2019-03 Deep Sets of Things, NeurIPS [pdf]({PAPER})",
        f"**2019.03** Deep Sets of Things (NeurIPS) [pdf]({PAPER})",
        f":star::star: **Deep Sets of Things** [NeurIPS 2019] [[pdf]]({PAPER})",
    ],
)
def test_what_stands_before_a_title_is_no_part_of_it(bullet: str) -> None:
    assert said(f"- {bullet}\n") == ("Deep Sets of Things", (), 2019, "NeurIPS")


@pytest.mark.parametrize(
    ("bullet", "names", "year", "venue"),
    [
        (f"[Deep Sets of Things]({PAPER}) by Jake Snell (NIPS 2017)", ("Jake Snell",), 2017, "NIPS"),
        (f"[Deep Sets of Things]({PAPER}) - Jake Snell (NIPS 2017)", ("Jake Snell",), 2017, "NIPS"),
        (f"[Deep Sets of Things]({PAPER}), ICLR'17, Kipf & Welling", ("Kipf", "Welling"), 2017, "ICLR"),
        (f"Deep Sets of Things ([Hjelm et al., 2019]({PAPER}))", ("Hjelm",), 2019, ""),
        (
            f"Deep Sets of Things (van den Oord, Li and Vinyals 2018) [pdf]({PAPER})",
            ("van den Oord", "Li", "Vinyals"),
            2018,
            "",
        ),
        (f"[Hadsell et al. 2006] Deep Sets of Things [pdf]({PAPER})", ("Hadsell",), 2006, ""),
        (
            f"**Li, F. and Perona, P.** (2005). [Deep Sets of Things]({PAPER}). CVPR.",
            ("Li, F.", "Perona, P."),
            2005,
            "CVPR",
        ),
        (
            f'Schroff, Florian, Dmitry Kalenichenko, and James Philbin. "Deep Sets of Things." CVPR. 2015. '
            f"[pdf]({PAPER})",
            ("Schroff, Florian", "Dmitry Kalenichenko", "James Philbin"),
            2015,
            "CVPR",
        ),
        (f"Deep Sets of Things. Kulis, B. Machine Learning, 2013. {PAPER}", ("Kulis, B.",), 2013, "Machine Learning"),
        (f"Lowe, D. G. (2004). Deep Sets of Things. IJCV, 91-110. [pdf]({PAPER})", ("Lowe, D. G.",), 2004, "IJCV"),
        (f"Deep Sets of Things. In ICML (pp. 815-823), S. Kim, 2015 [pdf]({PAPER})", ("S. Kim",), 2015, "ICML"),
    ],
)
def test_authors_are_found_where_they_stand(bullet: str, names: tuple[str, ...], year: int, venue: str) -> None:
    assert said(f"- {bullet}\n") == ("Deep Sets of Things", names, year, venue)
