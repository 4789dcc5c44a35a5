"""The repository's own lists, library.bib and lock: the first users' data, and what `make demo` shows."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from pathlib import Path

import pytest
from lab import Lab

from dmlsync.bib.document import Document
from dmlsync.bib.read import records
from dmlsync.bib.verify import reads_alike
from dmlsync.text.titles import fold

ROOT = Path(__file__).parents[1]
DOCUMENT = Document.parse((ROOT / "library.bib").read_bytes())
RECORDS = records(DOCUMENT)


@pytest.fixture
def demo(tmp_path: Path) -> Lab:
    """A copy of the repository's data, as `make demo` uses it, with no source in reach."""
    lab = Lab(tmp_path / "demo")
    shutil.copytree(ROOT / "lists", lab.folder / "lists")
    for name in ("library.bib", "library.lock"):
        shutil.copy(ROOT / name, lab.folder / name)
    text = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    lab.config.write_text(text.replace('sources = ["crossref"', 'sources = [] # ["crossref"'), encoding="utf-8")
    return lab


def test_the_demo_links_every_entry_and_then_has_nothing_to_do(demo: Lab) -> None:
    before = {name: (demo.folder / name).read_bytes() for name in ("library.bib", "library.lock")}
    first = demo.push("--json")
    assert first.exit_code == 0
    assert first.json["requests"] <= 12
    assert first.json["summary"] == {"collection": 10, "create": 78, "link": 84}
    entries = demo.run("status", "--json").json["entries"]
    assert len(entries) == 98
    assert {entry["state"] for entry in entries} == {"linked"}
    assert len({entry["citation_key"] for entry in entries}) == 78
    second = demo.push("--json").json
    assert (second["actions"], second["requests"]) == ([], 1)
    assert {name: (demo.folder / name).read_bytes() for name in before} == before


def test_one_paper_in_both_lists_has_one_key_and_near_titles_have_two(demo: Lab) -> None:
    keys: dict[str, set[str]] = defaultdict(set)
    for entry in demo.run("status", "--json").json["entries"]:
        keys[fold(entry["title"])].add(entry["citation_key"])
    assert all(len(found) == 1 for found in keys.values())
    assert (
        keys[fold("The Group Loss for Deep Metric Learning")]
        != keys[fold("The Group Loss++: A deeper look into group loss for deep metric learning")]
    )
    assert (
        keys[fold("Divide and Conquer the Embedding Space for Metric Learning")]
        != keys[fold("Improving Deep Metric Learning by Divide and Conquer")]
    )
    assert keys[fold("BIER: Online Gradient Boosting")] == keys[fold("BIER - Boosting Independent Embeddings Robustly")]


def test_each_work_is_there_once() -> None:
    for kind in ("doi", "arxiv"):
        found = [getattr(record.identifiers, kind) for record in RECORDS.values()]
        named = [name for name in found if name]
        assert len(named) == len(set(named))
    titles = [fold(record.title) for record in RECORDS.values()]
    assert len(titles) == len(set(titles)) == 78


def test_every_record_has_what_a_citation_needs() -> None:
    for key, record in RECORDS.items():
        assert record.title and record.year, key
        assert record.creators and all(one.last_name and one.first_name for one in record.creators), key
        if record.item_type != "preprint":
            assert record.get("pages"), key
            assert record.get("proceedingsTitle") or record.get("publicationTitle"), key


def test_nothing_in_it_is_filler() -> None:
    text = DOCUMENT.text.lower()
    for word in ("abstract", "orcid", "keywords", "urldate", "month"):
        assert f"\n  {word} =" not in text
    assert all(len(record.get("date")) == 4 for record in RECORDS.values())


def test_two_independent_readers_read_it_alike() -> None:
    pybtex = pytest.importorskip("pybtex.database", reason="pybtex is not installed: `make test` installs it")
    assert all(reads_alike(block) for entry in DOCUMENT.entries if (block := DOCUMENT.block(entry.key)))
    found = pybtex.parse_string(DOCUMENT.text, "bibtex").entries
    assert set(found) == set(RECORDS)
    for key, record in RECORDS.items():
        assert len(found[key].persons["author"]) == len(record.creators)


def test_the_lock_names_every_work_and_no_library() -> None:
    lock = json.loads((ROOT / "library.lock").read_text(encoding="utf-8"))
    assert lock["format"] == 1
    assert set(lock["works"]) == set(RECORDS)
    assert "targets" not in lock
    assert "reviews" not in lock
