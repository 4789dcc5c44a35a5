"""What holds for every text, however odd or hostile."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmlsync.readinglist import parse_list
from dmlsync.readinglist.document import split_lines

FRAGMENTS = [
    "| Title | PDF |",
    "|---|---|",
    "|",
    "* ",
    "- ",
    "  - ",
    "# ",
    "1. ",
    "> ",
    "```",
    "<!--",
    "-->",
    "<br>",
    "<a href='http://x'>",
    "</a>",
    "<details>",
    "---",
    "***",
    "[paper](https://a.b/c)",
    "[[",
    "]]",
    "(",
    ")",
    "**CVPR**",
    "(**CVPR 2020**)",
    "Kim, S. et al.",
    "Deep Metric",
    "? ",
    ". ",
    ", ",
    ": ",
    "`",
    "\\",
    "![x](y)",
    "https://a.b",
    "2021",
    " - ",
    '"',
    "[1]: http://x",
    "[p][1]",
    "&amp;",
    "*",
    "_",
    "~~",
    "[x](javascript:a)",
    "Авторы",
    "度量",
    "In ",
    "by ",
    "et al.",
    "🔥",
    ":star:",
]
ENDS = ["\n", "\r\n", "\r", "\n\n", "\t", "\x00", "\u202e", "\ufeff", "\u2028", "\u00a0"]
TEXTS = st.lists(st.sampled_from(FRAGMENTS) | st.sampled_from(ENDS) | st.text(max_size=5), max_size=50).map("".join)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_every_text_is_read_and_every_entry_lies_in_it(text: str) -> None:
    reading_list = parse_list(text, "any", Path("any.md"))
    lines = split_lines(text)
    for entry in reading_list.entries:
        assert 1 <= entry.line <= entry.last_line <= len(lines)
        assert lines[entry.line - 1].strip()
        assert entry.title == " ".join(entry.title.split()) != ""
        assert all(link.url.lower().startswith(("http://", "https://")) for link in entry.links)
        assert entry.year is None or 1900 <= entry.year < 2100
    assert [entry.line for entry in reading_list.entries] == sorted(entry.line for entry in reading_list.entries)
    assert all(1 <= problem.line <= len(lines) for problem in reading_list.problems)
    assert reading_list.text == text


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_line_ends_do_not_matter(text: str) -> None:
    plain = "\n".join(line.rstrip("\r\n") for line in split_lines(text))
    first = parse_list(plain, "any", Path("any.md"))
    second = parse_list(plain.replace("\n", "\r\n"), "any", Path("any.md"))
    assert (first.entries, first.problems) == (second.entries, second.problems)


HEADER = "| Title | Authors | PDF |\n|---|---|---|\n"
HOSTILE = {
    "a line of a megabyte": "a" * 1_000_000,
    "a bullet of a megabyte": "* " + "a [x](http://b) " * 62_500,
    "a row of a megabyte": HEADER + "|" * 1_000_000,
    "nested brackets": "* " + "[" * 10_000 + "a" + "]" * 10_000,
    "nested brackets in a row": HEADER + "|" + "[" * 9_000 + "]" * 9_000 + "|",
    "open brackets in brackets": "* " + "([" * 9_900,
    "emphasis": "* " + "*a **b " * 2_800,
    "bold words": "* " + "**a** " * 3_300,
    "pictures": "* " + "![a](b)" * 2_800,
    "names and years": "* " + "A. Kim (2020) " * 1_400,
    "commas": HEADER + "| T |" + "A. K, " * 3_300 + "| x |",
    "separators": "* " + "-(" * 9_900,
    "sentences": "* " + "Aa. " * 4_900,
    "quotation marks": HEADER + "| " + '"a' * 9_900 + " | x | x |",
    "nested lists": "".join("  " * depth + "- a [paper](http://b)\n" for depth in range(300)),
    "nested quotations": "> " * 50_000 + "a",
    "references": "".join(f"[a{number}]: http://x/{number}\n" for number in range(5_000)),
    "comments": "<!--\n" * 50_000,
    "headers": HEADER * 3_000,
    "wide header": "|" + "Title|" * 3_000 + "\n|" + "-|" * 3_000 + "\n" + ("|" + "a|" * 3_000 + "\n") * 10,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_ends_quickly(name: str) -> None:
    started = time.process_time()
    parse_list(HOSTILE[name], "hostile", Path("hostile.md"))
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "entry",
    [
        "* Some Loss for Learning (**CVPR**) [[paper](https://arxiv.org/abs/1)]\n",
        "* [Some Loss for Learning](https://arxiv.org/abs/1), S. Kim, M. Cho. CVPR 2020\n",
        "  - nested [paper](https://arxiv.org/abs/1)\n",
    ],
)
def test_time_grows_with_the_length_and_not_faster(entry: str) -> None:
    def seconds(count: int) -> float:
        started = time.process_time()
        parse_list("* Start [paper](https://arxiv.org/abs/1)\n" + entry * count, "long", Path("long.md"))
        return time.process_time() - started

    few = max(min(seconds(100) for _ in range(3)), 0.005)
    # Eight times the text: a quadratic reader would take sixty-four times as long.
    assert min(seconds(800) for _ in range(2)) < 30 * few
