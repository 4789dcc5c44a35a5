"""Bullets without a link: titles among papers, and all that is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmlsync.readinglist import ReadingList, parse_list
from dmlsync.readinglist.prose import is_remark, is_sentence, leads_to_link

PAPER = "https://arxiv.org/abs/1503.03832"
FIRST = f"* First Loss of All (**CVPR**) [[paper]({PAPER})]\n"
SECOND = f"* Second Loss of All [[pdf]({PAPER})]\n"


def read(text: str) -> ReadingList:
    return parse_list(text, "papers", Path("papers.md"))


def titles(text: str) -> list[str]:
    return [entry.title for entry in read(text).entries]


def problem_lines(text: str) -> list[int]:
    return [problem.line for problem in read(text).problems]


@pytest.mark.parametrize("venue", ["(**FOO 2018**)", "**FOO 2018**", "[FOO 2018]", "(FOO 2018)", "**[FOO, 2018]**"])
def test_an_unknown_venue_with_a_year_makes_a_bullet_an_entry(venue: str) -> None:
    reading_list = read(f"* Title words here {venue}\n")
    assert [(e.title, e.venue, e.year) for e in reading_list.entries] == [("Title words here", "FOO", 2018)]
    assert reading_list.problems == ()


@pytest.mark.parametrize(
    "title",
    [
        "Some Title Of A Paper",
        "Learning with memory banks",
        "Attention Is All You Need",
        "Please Stop Permuting Features: An Explanation",
        "This Looks Like That: Deep Learning for Interpretable Images",
        "Why Should I Trust You?",
        "f-GAN: Training Generative Samplers",
        "Метрическое обучение для поиска",
    ],
)
def test_a_title_alone_is_an_entry_beside_two_papers(title: str) -> None:
    remarks = "* See below for the order of papers\n" * 4
    text = FIRST + remarks + f"* {title}\n" + SECOND
    assert titles(text) == ["First Loss of All", title, "Second Loss of All"]
    assert problem_lines(text) == []


def test_a_title_alone_is_none_without_papers_beside_it() -> None:
    assert titles("* Some Title Of A Paper\n* Another Title Of A Paper\n") == []
    assert titles(f"{FIRST}{SECOND}\nNotes\n\n* Some Title Of A Paper\n* Another Title Of A Paper\n") == [
        "First Loss of All",
        "Second Loss of All",
    ]


@pytest.mark.parametrize(
    "bullet",
    [
        "Oops",
        "DeepFace",
        "A title that ends with a full stop.",
        "metric learning for images",
        "[Some Loss in Our Files](papers/loss.pdf)",
        f"See our [project page]({PAPER})",
    ],
)
def test_what_may_be_a_paper_among_papers_is_never_passed_over_in_silence(bullet: str) -> None:
    text = f"# Papers\n\n{FIRST}* {bullet}\n{SECOND}"
    assert titles(text) == ["First Loss of All", "Second Loss of All"]
    assert problem_lines(text) == [4]
    assert "not read as one" in read(text).problems[0].message


@pytest.mark.parametrize(
    "bullet",
    [
        "Some more papers about sampling:",
        "More to come...",
        "Please keep the order of the years",
        "See the wiki for older papers",
        "License: MIT or Apache",
        "[Back to the top](#top)",
        "...",
    ],
)
def test_a_plain_remark_among_papers_is_neither_entry_nor_problem(bullet: str) -> None:
    text = f"{FIRST}{SECOND}* {bullet}\n"
    assert titles(text) == ["First Loss of All", "Second Loss of All"]
    assert problem_lines(text) == []


def test_a_title_that_starts_like_a_remark_is_one_where_only_labels_follow() -> None:
    assert titles(f"* See more, know more [[paper]({PAPER})] [[code]({PAPER}v2)]\n") == ["See more, know more"]
    assert titles(f"* [See more, know more]({PAPER})\n") == ["See more, know more"]


COLLECTION = f"""# Awesome Metric Learning [![Awesome](https://awesome.re/badge.svg)](https://awesome.re)

A list of papers. Contributions are welcome!

## Contents

- [Papers](#papers)
  - [Losses](#losses)
- [How to contribute](#how-to-contribute)

## News

- 2021.03: We added twelve new papers.
- 2021.01: The list is open for pull requests
- [2020/12] Our survey was accepted (**ABC CSUR 2021**)

## Papers

### Losses

{FIRST}{SECOND}* Some Loss Without a Link

## How to contribute

- Fork this repository
- Read the [guide](https://github.com/owner/repository/blob/main/CONTRIBUTING.md) first
- Please use the template `Title (**VENUE**) [[paper](url)]`
- Keep entries sorted by year
- Open a [pull request](https://github.com/owner/repository/pulls) with your changes

## Tools

- Python 3.9 or newer
- Fast nearest neighbour search
- Losses as in the [library](https://github.com/owner/library)
- Miners as in the [other library](https://github.com/owner/other)

## Licence

- Code is under the MIT licence
"""

READING_GROUP = f"""# Reading group

Rules:

1. One line for each paper
2. Put the venue in bold
3. Title first, then venue

## How we meet

- Every Thursday at 10 in Room 5
- Bring your own coffee
- Discussion leader: see the [calendar](https://calendar.example.org)
- Video link for remote people (**ask Jane**)

## Topics

- metric learning
- hashing and binary codes
- Retrieval of Images by Text

## Schedule

- Deep Metric Learning using Triplet Network (**SIMBAD 2015**)
- FaceNet: A Unified Embedding [[paper]({PAPER})]
- Hard-Aware Deeply Cascaded Embedding
- A Metric Learning Reality Check

## Changelog

- Version 1.0 (May 2020)
- Added the section on hashing
- Moved surveys to another page
"""

SOFTWARE = """# metriclib

## Features

- Losses for every task
- Support for several GPUs
- **Fast**: written in C
- Works with [PyTorch](https://github.com/pytorch/pytorch)

## Install

1. Clone the repository
2. Run `pip install metriclib`
3. See `examples/` for more

## Changes

* Fix the loss for empty batches ([#12](https://github.com/owner/repository/pull/12))
* Add support for half precision ([#13](https://github.com/owner/repository/pull/13))
* Remove the old samplers
"""


def test_prose_in_a_collection_is_neither_entry_nor_problem() -> None:
    found = titles(COLLECTION)
    assert [title for title in found if title.endswith("as in the")] == []
    assert found == ["First Loss of All", "Second Loss of All", "Some Loss Without a Link"]
    assert problem_lines(COLLECTION) == []


def test_prose_of_a_reading_group_is_neither_entry_nor_problem() -> None:
    assert titles(READING_GROUP) == [
        "Deep Metric Learning using Triplet Network",
        "FaceNet: A Unified Embedding",
        "Hard-Aware Deeply Cascaded Embedding",
        "A Metric Learning Reality Check",
    ]
    assert problem_lines(READING_GROUP) == []


def test_bullets_without_a_link_in_the_readme_of_software_are_no_entries() -> None:
    assert not {entry.title for entry in read(SOFTWARE).entries if not entry.links}
    assert problem_lines(SOFTWARE) == []


@pytest.mark.parametrize("text", ["", "Please keep the order", "Contact: Jane Doe", "More below:", "fix a typo"])
def test_remarks_are_told_from_titles(text: str) -> None:
    assert is_remark(text) and is_sentence(text)


@pytest.mark.parametrize("text", ["Fixing Weight Decay", "You Only Look Once: Unified Detection", "BERT: a study"])
def test_titles_are_no_remarks(text: str) -> None:
    assert not is_remark(text) and not is_sentence(text)


def test_an_article_at_the_end_leads_to_the_link_behind_it() -> None:
    assert leads_to_link("For more, see the ") and not leads_to_link("Some Loss for Learning ")
