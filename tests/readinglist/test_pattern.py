"""The pattern of an entry gives that entry back, and leaves out what another one has no value for."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmlsync.model import Entry, Link
from dmlsync.readinglist import read_list
from dmlsync.readinglist.layout import Layout
from dmlsync.readinglist.new_entry import Part
from dmlsync.readinglist.pattern import Pattern, pattern_of

LISTS = Path(__file__).parents[2] / "lists"
PDF, CODE = "https://arxiv.org/pdf/1901.00001", "https://github.com/a/b"


@pytest.mark.parametrize("name", ["dvsml", "awesome-metric-learning"])
def test_filled_with_its_own_words_a_pattern_is_the_entry(name: str) -> None:
    whole = read_list(LISTS / f"{name}.md")
    layout = Layout(whole.text)
    made = 0
    for entry in whole.entries:
        text = layout.raw(entry)
        pattern = pattern_of(text, entry)
        if pattern:
            made += 1
            urls = {link.kind: link.url for link in entry.links}
            page = urls.get("paper") or urls.get("pdf", "")
            values: dict[Part, str] = {"title": entry.title, "authors": entry.authors, "venue": entry.venue}
            values |= {"year": str(entry.year), "pdf": urls.get("pdf", ""), "paper": page, "code": urls.get("code", "")}
            assert pattern.filled(values) == text.rstrip()
    assert made > 0.8 * len(whole.entries)


def pattern(text: str) -> Pattern:
    venue = "CVPR" if "CVPR" in text else ""
    links = tuple(Link("code" if "github" in url else "pdf", url) for url in (PDF, CODE) if url in text)
    authors = "Ada Angler" if "Ada" in text else ""
    found = pattern_of(text, Entry("x", 1, 1, "Deep Fishing", authors=authors, year=2019, venue=venue, links=links))
    assert found is not None
    return found


FULL: dict[Part, str] = {"title": "Nets", "authors": "Ben Boat", "venue": "ICCV", "year": "2020", "short year": "20"}
FULL |= {"pdf": "https://x.org/a", "code": "https://x.org/c"}


@pytest.mark.parametrize(
    ("text", "without", "expected"),
    [
        (f"- Deep Fishing (**CVPR 2019**) [[pdf]({PDF})]", "venue", "- Nets (**2020**) [[pdf](https://x.org/a)]"),
        (f"- Deep Fishing (**CVPR 2019**) [[pdf]({PDF})]", "year", "- Nets (**ICCV**) [[pdf](https://x.org/a)]"),
        (
            f"- **Deep Fishing**, Ada Angler, *CVPR* [pdf]({PDF})",
            "authors",
            "- **Nets**, *ICCV* [pdf](https://x.org/a)",
        ),
        (
            f"- **Deep Fishing**, Ada Angler, *CVPR* [pdf]({PDF})",
            "venue",
            "- **Nets**, Ben Boat [pdf](https://x.org/a)",
        ),
        (f"- Deep Fishing [[pdf]({PDF}), [code]({CODE})]", "code", "- Nets [[pdf](https://x.org/a)]"),
        (f"- [CVPR] Deep Fishing [[pdf]({PDF})]", "venue", "- Nets [[pdf](https://x.org/a)]"),
        (f"- Deep Fishing, CVPR'19 [pdf]({PDF})", "", "- Nets, ICCV'20 [pdf](https://x.org/a)"),
    ],
)
def test_what_is_not_known_goes_with_its_signs(text: str, without: str, expected: str) -> None:
    values = {part: value for part, value in FULL.items() if part != without}
    assert pattern(text).filled(values) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"- Deep Fishing (CVPR 2019 Oral) [[pdf]({PDF})]",
        f"- Deep Fishing (CVPR 2019), our favourite [[pdf]({PDF})]",
        f"- Another Title (CVPR 2019) [[pdf]({PDF})]",
        f"- Deep Fishing (ICML 2019) [[pdf]({PDF})]",
    ],
)
def test_an_entry_that_says_more_or_something_else_is_no_pattern(text: str) -> None:
    entry = Entry("x", 1, 1, "Deep Fishing", year=2019, venue="CVPR", links=(Link("pdf", PDF),))
    assert pattern_of(text, entry) is None


def test_without_a_pdf_the_link_is_called_paper() -> None:
    assert pattern(f"- Deep Fishing [PDF]({PDF})").filled(FULL, has_pdf=False) == "- Nets [Paper](https://x.org/a)"
