"""The repository's own lists against its library.bib: every fault that a person finds in them, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lab import Lab

ROOT = Path(__file__).parents[2]
DVSML, AWESOME = "lists/dvsml.md", "lists/awesome-metric-learning.md"

# Gone through line by line, by eye; `*` is mended by --fix.
FAULTS = {
    (DVSML, 9, "short-delimiter*"),  # four cells of dashes under five columns
    (DVSML, 10, "author-form"),  # K. Q. Weinberger, J. et al.
    (DVSML, 10, "year-differs"),  # 2006, where the link says 2005
    (DVSML, 10, "pdf-is-page"),  # [PDF] leads to the abstract
    (DVSML, 12, "missing-pipe*"),  # Deepfashion
    (DVSML, 14, "duplicate-entry"),  # Lifted Structured Feature Embedding
    (DVSML, 18, "title-differs"),  # BIER: Online Gradient Boosting
    (DVSML, 18, "wrong-link"),  # its arXiv link is the later journal version
    (DVSML, 18, "trailing-blanks*"),
    (DVSML, 26, "trailing-blanks*"),
    (DVSML, 27, "trailing-blanks*"),
    (DVSML, 31, "duplicate-entry"),  # Proxy Anchor Loss
    (DVSML, 32, "year-in-venue*"),  # ECCV 2020
    (DVSML, 38, "venue-spelling*"),  # NeuRIPS
    (DVSML, 39, "venue-differs"),  # CVPR for an article of TPAMI
    (DVSML, 41, "year-form"),  # 2022/03
    (DVSML, 41, "venue-spelling"),  # PAMI beside TPAMI
    (DVSML, 43, "author-form*"),  # A.et al.
    (DVSML, 43, "trailing-blanks*"),
    (AWESOME, 19, "stray-bracket*"),  # Unsupervised Hyperbolic Metric Learning]
    (AWESOME, 63, "untidy-link*"),  # http
    (AWESOME, 71, "untidy-link*"),  # //index.php
    (AWESOME, 89, "venue-differs"),  # PAMI 2019 for the CVPR paper
    (AWESOME, 97, "untidy-link*"),  # #:~:text=
    (AWESOME, 107, "untidy-link*"),  # http
    (AWESOME, 119, "untidy-link*"),  # http
    (AWESOME, 123, "wrong-link"),  # BIER once more
    (AWESOME, 145, "year-differs"),  # NIPS 2006 for 2005
    (AWESOME, 147, "year-differs"),  # NIPS 2005 for 2004
}


@pytest.fixture
def demo(tmp_path: Path) -> Lab:
    """A copy of the repository's data, with no source in reach."""
    lab = Lab(tmp_path / "demo")
    shutil.copytree(ROOT / "lists", lab.folder / "lists")
    for name in ("library.bib", "library.lock"):
        shutil.copy(ROOT / name, lab.folder / name)
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    lab.config.write_text(text.replace('sources = ["crossref"', 'sources = [] # ["crossref"'), encoding="utf-8")
    return lab


def found(lab: Lab) -> list[tuple[str, int, str]]:
    problems = lab.run("check", "--json").json["problems"]
    return [(one["file"], one["line"], one["rule"] + "*" * one["fixable"]) for one in problems]


def test_every_real_fault_is_found_and_there_is_no_false_alarm(demo: Lab) -> None:
    assert sorted(found(demo)) == sorted(FAULTS)


def test_what_is_mended_stays_linked_and_the_rest_is_still_told(demo: Lab) -> None:
    demo.push()
    bib = demo.bib.read_bytes()
    assert demo.run("check", "--fix").exit_code == 0
    assert sorted(found(demo)) == sorted(one for one in FAULTS if not one[2].endswith("*"))
    assert demo.bib.read_bytes() == bib
    entries = demo.run("status", "--json").json["entries"]
    assert (len(entries), {entry["state"] for entry in entries}) == (98, {"linked"})
    assert demo.run("push", "--dry-run", "--json").json["actions"] == []
    texts = {path: path.read_bytes() for path in demo.folder.rglob("*.*") if path.is_file() and "lists" in str(path)}
    demo.run("check", "--fix")
    assert {path: path.read_bytes() for path in texts} == texts
