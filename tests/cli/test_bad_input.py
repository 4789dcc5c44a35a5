"""Bad input gets one sentence that names the place and the remedy, and leaves every file as it was."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from lab import COSFACE, FACENET, HEADER, Answer, Lab

from dmlsync import files
from dmlsync.errors import FileChangedError
from dmlsync.sandbox import Sandbox


def committed(lab: Lab) -> dict[str, bytes]:
    """The files of the project that a person sees."""
    return {path.name: path.read_bytes() for path in lab.folder.iterdir() if path.is_file()}


def refused(lab: Lab, *arguments: str, code: int = 1) -> str:
    """Push, expect it to fail with one sentence and untouched files; returns the sentence."""
    before = committed(lab)
    answer: Answer = lab.push(*arguments)
    assert answer.exit_code == code, answer
    assert committed(lab) == before
    sentences = [line for line in answer.errors.splitlines() if line.strip()]
    assert len(sentences) == 1, answer.errors
    assert "Traceback" not in answer.errors
    return sentences[0]


def test_a_missing_list(lab: Lab) -> None:
    lab.configure("papers.md", "gone.md")
    sentence = refused(lab)
    assert "gone.md" in sentence


def test_a_folder_in_place_of_a_list(lab: Lab) -> None:
    (lab.folder / "folder.md").mkdir()
    lab.configure("folder.md")
    assert "folder.md" in refused(lab)


def test_a_list_that_is_not_utf8(lab: Lab) -> None:
    (lab.folder / "papers.md").write_bytes((HEADER + FACENET).encode() + b"| caf\xe9 |\n")
    sentence = refused(lab)
    assert "papers.md:4" in sentence
    assert "UTF-8" in sentence


def test_an_empty_list(lab: Lab) -> None:
    lab.write("papers.md", "")
    assert "papers.md" in refused(lab)


def test_a_list_that_lost_its_last_line_is_pushed_when_that_is_said_to_be_meant(lab: Lab) -> None:
    lab.push()
    lab.write("papers.md", HEADER)
    assert "no entry found" in refused(lab)
    status = lab.run("status")
    assert (status.exit_code, "no entry found" in status.output) == (3, True)
    answer = lab.push("--allow-shrink", "--json")
    assert (answer.exit_code, answer.json["summary"]) == (3, {"uncollect": 2})
    assert all(not item["collections"] for item in lab.items().values())
    assert lab.push("--json").json["actions"] == []  # nothing is left that could be taken out by mistake


def test_an_unknown_setting(lab: Lab) -> None:
    lab.configure("papers.md", zotero='colection = "x"')
    sentence = refused(lab, code=2)
    assert "zotero.colection" in sentence
    assert "did you mean 'collection'?" in sentence


def test_a_configuration_with_a_byte_order_mark_is_read(lab: Lab) -> None:
    lab.config.write_bytes(b"\xef\xbb\xbf" + lab.config.read_bytes())
    assert lab.push().exit_code == 0


def test_a_damaged_lock_of_the_sandbox_is_to_be_deleted(lab: Lab) -> None:
    lab.push()
    (lab.folder / ".dmlsync" / "sandbox.lock").write_text("junk")
    assert "delete it" in (sentence := refused(lab))
    assert "version control" not in sentence


def test_a_damaged_journal_is_named_as_such(lab: Lab) -> None:
    lab.push()
    [journal] = (lab.folder / ".dmlsync" / "journal").glob("*.jsonl")
    journal.write_text("junk\n")
    assert f"{journal.stem}  cannot be read" in lab.run("log").output


def test_a_missing_configuration(lab: Lab) -> None:
    lab.config.unlink()
    sentence = refused(lab, code=2)
    assert "config.toml" in sentence
    assert "--config" in sentence


def test_a_lock_with_a_merge_conflict(lab: Lab) -> None:
    lab.push()
    lab.lock.write_text("<<<<<<< HEAD\n" + lab.lock.read_text() + ">>>>>>> theirs\n")
    assert "library.lock:1" in refused(lab)


def test_a_bib_with_a_merge_conflict(lab: Lab) -> None:
    lab.edit_bib("  pages = {815--823},\n", "<<<<<<< HEAD\n  pages = {1},\n=======\n  pages = {2},\n>>>>>>> theirs\n")
    sentence = refused(lab)
    assert "library.bib:8" in sentence
    assert "finish the merge" in sentence


def test_an_api_key_that_can_be_none(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", "secretpart\nother")
    sentence = refused(at(lab, "http://127.0.0.1:9", 1), code=2)
    assert "ZOTERO_API_KEY" in sentence
    assert "secretpart" not in sentence


def test_a_bib_in_place_of_which_there_is_a_folder(lab: Lab) -> None:
    lab.bib.unlink()
    lab.bib.mkdir()
    assert "library.bib" in refused(lab)


def test_a_full_disk_while_writing_the_lock(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    swap_in = files._swap_in

    def full(target: Path, data: bytes) -> None:
        if target.suffix == ".lock":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        swap_in(target, data)

    monkeypatch.setattr(files, "_swap_in", full)
    sentence = refused(lab)
    assert "No space left on device" in sentence
    assert ".lock" in sentence
    monkeypatch.undo()
    assert lab.push().exit_code == 0
    assert len(lab.items()) == 2


def test_a_bib_that_a_person_saves_during_a_run_is_not_overwritten(lab: Lab) -> None:
    project = lab.project()
    with project.alone():
        on_disk = project.read()
        catalog = project.catalog(on_disk)
        lab.edit_bib("pages = {815--823}", "pages = {815--824}")
        assert project.read().bib_bytes != on_disk.bib_bytes
        with pytest.raises(FileChangedError):
            on_disk.save(catalog, on_disk.document_with(catalog))
    assert "815--824" in lab.bib.read_text()


def at(lab: Lab, url: str, group: int) -> Lab:
    lab.configure("papers.md", zotero=f'library = "groups/{group}"\nendpoint = "{url}"')
    return lab


def test_a_push_over_http_binds_the_group_in_the_committed_lock(lab: Lab, server: tuple[str, Sandbox]) -> None:
    url, sandbox = server
    at(lab, url, sandbox.group)
    assert lab.push().exit_code == 0
    assert f"{url}/groups/{sandbox.group}" in lab.lock.read_text()
    assert sandbox.key not in lab.lock.read_text()
    assert lab.push("--json").json["requests"] == 1


def test_a_wrong_api_key(lab: Lab, server: tuple[str, Sandbox], monkeypatch: pytest.MonkeyPatch) -> None:
    url, sandbox = server
    monkeypatch.setenv("ZOTERO_API_KEY", "thisisnotakeythisisnotak")
    sentence = refused(at(lab, url, sandbox.group))
    assert "key" in sentence
    assert "thisisnotakey" not in sentence


def test_a_read_only_api_key(lab: Lab, server: tuple[str, Sandbox], monkeypatch: pytest.MonkeyPatch) -> None:
    url, sandbox = server
    monkeypatch.setenv("ZOTERO_API_KEY", sandbox.read_only_key)
    sentence = refused(at(lab, url, sandbox.group))
    assert "write" in sentence


def test_no_api_key(lab: Lab, server: tuple[str, Sandbox], monkeypatch: pytest.MonkeyPatch) -> None:
    url, sandbox = server
    monkeypatch.delenv("ZOTERO_API_KEY")
    monkeypatch.setitem(__import__("sys").modules, "keyring", None)
    assert "ZOTERO_API_KEY" in refused(at(lab, url, sandbox.group), code=2)


def test_an_unknown_group(lab: Lab, server: tuple[str, Sandbox]) -> None:
    url, _ = server
    assert "groups/99999" in refused(at(lab, url, 99999))


def test_an_unreachable_server(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", "abcdefghijklmnopqrstuvwx")
    sentence = refused(at(lab, "http://127.0.0.1:9", 1))
    assert "127.0.0.1" in sentence
    assert "abcdefgh" not in sentence


def test_a_broken_entry_in_the_bib_is_named_and_kept(lab: Lab) -> None:
    lab.bib.write_text(lab.bib.read_text() + "\n@article{broken, title = {never closed\n")
    before = lab.bib.read_bytes()
    answer = lab.push()
    assert answer.exit_code == 3
    assert "library.bib:" in answer.output
    assert lab.bib.read_bytes() == before


def test_a_line_that_cannot_be_read_is_named_with_its_number(lab: Lab) -> None:
    lab.write(
        "papers.md", HEADER + FACENET + "| | Wang, H. | 2018 | CVPR | [PDF](https://arxiv.org/pdf/1) | |\n" + COSFACE
    )
    answer = lab.push()
    assert "papers.md:4" in answer.output
    assert len(lab.items()) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", [["--help"], ["status"], ["status", "--json"], ["bib"]])
def test_a_full_standard_output_is_one_sentence(lab: Lab, arguments: list[str]) -> None:
    lab.push()
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "dmlsync", "--config", str(lab.config), *arguments]
        answer = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (answer.returncode, answer.stderr) == (1, "error: the answer cannot be written: No space left on device\n")
