"""The lists in a folder are found, and prose is not taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab import ARCFACE, COSFACE, COSFACE_RECORD, FACENET, HEADER

from dmlsync.new_project.finding import collection_for, dialect_of, find_bib, find_lists

LIST = HEADER + FACENET + COSFACE + ARCFACE
ROOT = Path(__file__).parents[2]


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_lists_are_found_with_their_entries_and_prose_is_not(tmp_path: Path) -> None:
    put(tmp_path / "papers.md", "# Our Papers\n\n" + LIST)
    put(tmp_path / "README.md", "# Hello\n\n- [Install](https://x.org)\n- Then read [this](https://x.org/b).\n")
    put(
        tmp_path / "more" / "list.md",
        HEADER + FACENET + "| broken | cells | 1 | 2 | 3 | 4 | a|b |\n" + COSFACE + ARCFACE,
    )
    put(tmp_path / ".hidden" / "x.md", LIST)
    put(tmp_path / "CHANGELOG.md", LIST)
    put(tmp_path / "copy" / "papers.md", LIST)
    (tmp_path / "broken.md").write_bytes(b"\xff\xfe| a |")
    found = find_lists(tmp_path)
    assert sorted((one.path.relative_to(tmp_path).as_posix(), one.entries) for one in found) == [
        ("more/list.md", 3),
        ("papers.md", 3),
    ]
    assert {one.title for one in found} == {"Our Papers", "list"}


def test_the_lists_of_this_project_are_found_and_its_documents_are_not() -> None:
    names = [one.path.relative_to(ROOT).as_posix() for one in find_lists(ROOT)]
    assert names[:2] == ["lists/awesome-metric-learning.md", "lists/dvsml.md"]
    assert not [name for name in names if name.startswith("docs/") or name == "README.md"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("awesome-metric-learning", "Metric Learning"),
        ("Awesome DVSML Papers", "DVSML Papers"),
        ("Losses/Metrics", "Losses Metrics"),
        ("\x1b[31m", "[31m"),
        ("/", "Reading list"),
    ],
)
def test_a_name_for_the_collection(title: str, name: str) -> None:
    assert collection_for(title) == name


def test_the_only_bib_file_is_taken_and_its_dialect_seen(tmp_path: Path) -> None:
    assert find_bib(tmp_path) == tmp_path / "library.bib"
    assert dialect_of(tmp_path / "library.bib") is None
    put(tmp_path / "refs.bib", COSFACE_RECORD)
    assert find_bib(tmp_path) == tmp_path / "refs.bib"
    assert dialect_of(tmp_path / "refs.bib") == "biblatex"
    put(tmp_path / "refs.bib", "@article{a,\n  journal = {X},\n  year = 2020,\n}\n")
    assert dialect_of(tmp_path / "refs.bib") == "bibtex"


def test_a_list_that_was_just_begun_is_one_where_there_is_no_other(tmp_path: Path) -> None:
    row = "| FaceNet: A Unified Embedding for Faces | Schroff, F. et al. | 2015 | [PDF](https://x.org/a.pdf) |\n"
    begun = tmp_path / "papers.md"
    begun.write_text("# Papers\n\n| Title | Authors | Year | PDF |\n|---|---|---|---|\n" + row)
    (tmp_path / "README.md").write_text(
        "# A project\n\n" + "Some words.\n\n" * 30 + "- [A Paper of Ours](https://x.org/b.pdf)\n"
    )
    assert [one.path.name for one in find_lists(tmp_path)] == ["papers.md"]
    other = tmp_path / "longer.md"
    other.write_text(begun.read_text() + row.replace("FaceNet", "FaceNet II") + row.replace("FaceNet", "FaceNet III"))
    assert [one.path.name for one in find_lists(tmp_path)] == ["longer.md"]
