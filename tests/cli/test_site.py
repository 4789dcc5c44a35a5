"""`dmlsync site`: the page in a folder."""

from __future__ import annotations

from pathlib import Path

from lab import HEADER, Lab


def test_the_page_is_written_into_a_new_folder(lab: Lab, tmp_path: Path) -> None:
    folder = tmp_path / "public" / "papers"
    answer = lab.run("site", str(folder))
    assert (answer.exit_code, answer.errors) == (0, "")
    assert answer.output.startswith(f"{folder / 'index.html'}: 2 works, ")
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "CosFace: Large Margin Cosine Loss for Deep Face Recognition" in page
    assert "<title>Metric Learning</title>" in page  # the Zotero collection's name
    assert (folder / ".nojekyll").read_bytes() == b""
    assert sorted(path.name for path in folder.iterdir()) == [".nojekyll", "index.html"]


def test_nothing_of_the_project_changes_and_no_library_is_asked(lab: Lab, tmp_path: Path) -> None:
    before = sorted((path.name, path.read_bytes()) for path in lab.folder.iterdir())
    assert lab.run("site", str(tmp_path / "out")).exit_code == 0
    assert sorted((path.name, path.read_bytes()) for path in lab.folder.iterdir()) == before


def test_a_second_run_writes_the_same_bytes(lab: Lab, tmp_path: Path) -> None:
    lab.run("site", str(tmp_path))
    page = tmp_path / "index.html"
    before = (page.read_bytes(), page.stat().st_mtime_ns)
    assert lab.run("site", str(tmp_path)).output.endswith(", as it was\n")
    assert (page.read_bytes(), page.stat().st_mtime_ns) == before
    lab.edit_bib("2015", "2016")
    assert lab.run("site", str(tmp_path)).exit_code == 0
    assert page.read_bytes() != before[0]


def test_a_foreign_page_is_never_replaced_unasked(lab: Lab, tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text("<h1>My home page</h1>")
    answer = lab.run("site", str(tmp_path))
    assert (answer.exit_code, "was not made by dmlsync: name another folder, or add --force" in answer.errors) == (
        1,
        True,
    )
    assert page.read_text() == "<h1>My home page</h1>"
    assert not (tmp_path / ".nojekyll").exists()
    assert lab.run("site", str(tmp_path), "--force").exit_code == 0
    assert b"FaceNet" in page.read_bytes()


def test_a_file_is_no_folder(lab: Lab) -> None:
    assert lab.run("site", str(lab.bib)).exit_code == 2
    assert lab.run("site").exit_code == 2


def test_the_answer_as_json(lab: Lab, tmp_path: Path) -> None:
    answer = lab.run("site", str(tmp_path), "--json").json
    page = tmp_path / "index.html"
    assert answer == {"path": str(page), "works": 2, "bytes": page.stat().st_size, "without_record": 0}


def test_an_entry_without_a_record_is_on_the_page_and_waits(lab: Lab, tmp_path: Path) -> None:
    lab.write("papers.md", HEADER + "| A New Way to Learn a Metric | Doe, J. | 2024 | ICLR | | |\n")
    answer = lab.run("site", str(tmp_path))
    assert (answer.exit_code, "1 work has no record yet: dmlsync resolve" in answer.output) == (3, True)
    assert "A New Way to Learn a Metric" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_the_heading_can_be_chosen(lab: Lab, tmp_path: Path) -> None:
    assert lab.run("site", str(tmp_path), "--title", "Papers <we> like").exit_code == 0
    assert "<title>Papers &lt;we&gt; like</title>" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_a_link_to_a_page_elsewhere_stays_a_link(lab: Lab, tmp_path: Path) -> None:
    real = tmp_path / "real.html"
    lab.run("site", str(tmp_path / "out"))
    (tmp_path / "out" / "index.html").rename(real)
    (tmp_path / "out" / "index.html").symlink_to(real)
    lab.edit_bib("2015", "2016")
    assert lab.run("site", str(tmp_path / "out")).exit_code == 0
    assert (tmp_path / "out" / "index.html").is_symlink()
    assert b"2016" in real.read_bytes()
