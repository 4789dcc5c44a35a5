from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from dmlsync.model import Entry, Identifiers, Link
from dmlsync.resolve.identify import identifiers_of

CVF = "https://openaccess.thecvf.com/content_cvpr_2015"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://arxiv.org/pdf/1503.03832v3.pdf", Identifiers(arxiv="1503.03832")),
        ("https://doi.org/10.1109/CVPR.2015.7298682", Identifiers(doi="10.1109/cvpr.2015.7298682")),
        (f"{CVF}/papers/A_B_2015_CVPR_paper.pdf", Identifiers(page=f"{CVF}/html/A_B_2015_CVPR_paper.html")),
        ("https://github.com/someone/something", Identifiers()),
        ("https://people.example.edu/paper.pdf", Identifiers()),
    ],
)
def test_a_link_gives_its_identifier(url: str, expected: Identifiers, make_entry: Callable[..., Entry]) -> None:
    assert identifiers_of(make_entry("A Title", "", None, "", url)) == expected


def test_identifiers_of_several_links_come_together(make_entry: Callable[..., Entry]) -> None:
    row = make_entry("A Title", "", None, "", "https://arxiv.org/abs/1503.03832", "https://doi.org/10.1109/x.1")
    assert identifiers_of(row) == Identifiers("10.1109/x.1", "1503.03832")


def test_a_link_to_code_names_no_work(make_entry: Callable[..., Entry]) -> None:
    row = replace(make_entry("A Title"), links=(Link("code", "https://arxiv.org/abs/1503.03832"),))
    assert not identifiers_of(row)


def test_an_entry_without_links_has_no_identifiers(make_entry: Callable[..., Entry]) -> None:
    assert not identifiers_of(make_entry("A Title"))
