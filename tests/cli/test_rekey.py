"""Another citation key, on all sides."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from lab import COSFACE, FACENET, HEADER, Lab

from dmlsync import files
from dmlsync.cli.rekey import sed_command
from dmlsync.sandbox import Sandbox

OLD, NEW = "schroff2015facenet", "facenet"


def test_a_key_changes_in_the_bib_the_lock_and_zotero(lab: Lab) -> None:
    lab.push()
    before, item = lab.bib.read_text(), lab.items()[OLD]
    answer = lab.run("rekey", OLD, NEW)
    assert answer.exit_code == 0, answer
    assert f"\\cite{{{OLD}}} -> \\cite{{{NEW}}}" in answer.output
    assert set(lab.items()) == {NEW, "wang2018cosface"}
    assert lab.items()[NEW] == {**item, "citationKey": NEW, **_stamps(lab.items()[NEW])}
    changed = before.replace(f"{{{OLD},", f"{{{NEW},").replace(
        "  doi = {10.1109/CVPR.2015.7298682},\n",
        "  doi = {10.1109/CVPR.2015.7298682},\n  ids = {schroff2015facenet},\n",
    )
    assert lab.bib.read_text() == changed
    works = json.loads(lab.lock.read_text())["works"]
    assert works[NEW]["formerly"] == [OLD]
    assert OLD not in works


def _stamps(item: dict[str, object]) -> dict[str, object]:
    return {name: item[name] for name in ("version", "dateModified")}


def test_a_push_after_it_is_quiet_and_duplicates_nothing(lab: Lab) -> None:
    lab.push()
    lab.run("rekey", OLD, NEW)
    answer = lab.push("--json").json
    assert (answer["actions"], answer["conflicts"], answer["run"]) == ([], [], None)
    assert len(lab.items()) == 2
    assert [one["citation_key"] for one in lab.run("status", "--json").json["entries"]] == [NEW, "wang2018cosface"]


def test_edits_on_both_sides_that_wait_survive_and_are_not_sent_along(lab: Lab) -> None:
    lab.push()
    lab.edit_item(OLD, pages="815-824", abstractNote="Mine.")
    lab.edit_bib("date = {2015}", "date = {2015-06}")
    assert lab.run("rekey", OLD, NEW).exit_code == 0
    item = lab.items()[NEW]
    assert (item["pages"], item["abstractNote"], item["date"]) == ("815-824", "Mine.", "2015")
    assert "pages = {815--823}" in lab.bib.read_text()
    assert lab.run("sync", "--yes").exit_code == 0
    assert lab.items()[NEW]["date"] == "2015-06"
    assert "pages = {815--824}" in lab.bib.read_text()


def test_before_the_first_push_only_the_files_change(lab: Lab) -> None:
    lab.run("resolve")
    assert lab.run("rekey", OLD, NEW).exit_code == 0
    lab.push()
    assert set(lab.items()) == {NEW, "wang2018cosface"}


def test_an_entry_that_no_list_names_can_be_rekeyed_too(lab: Lab) -> None:
    assert lab.run("rekey", "deng2019arcface", "arcface").exit_code == 0
    assert "@inproceedings{arcface," in lab.bib.read_text()
    assert "ids = {deng2019arcface}" in lab.bib.read_text()


def test_the_classic_dialect_remembers_the_old_key_in_the_lock_alone(lab: Lab) -> None:
    lab.config.write_text(lab.config.read_text().replace("[bib]", '[bib]\ndialect = "bibtex"'))
    lab.push()
    before = lab.bib.read_text()
    assert lab.run("rekey", OLD, NEW).exit_code == 0
    assert lab.bib.read_text() == before.replace(OLD, NEW)
    aux = lab.write("paper.aux", f"\\citation{{{OLD}}}")
    assert f"@inproceedings{{{OLD}," in lab.run("bib", "--cited", str(aux)).output


def test_entries_that_refer_to_it_follow(lab: Lab) -> None:
    lab.bib.write_text(
        lab.bib.read_text() + "\n@misc{child, crossref = {schroff2015facenet}, related = {a, schroff2015facenet}}\n"
    )
    lab.run("rekey", OLD, NEW)
    assert "@misc{child, crossref = {facenet}, related = {a, facenet}}" in lab.bib.read_text()


def test_a_key_can_go_back_and_no_name_is_lost(lab: Lab) -> None:
    lab.push()
    before = lab.bib.read_text()
    assert lab.run("rekey", OLD, NEW).exit_code == 0
    assert lab.run("rekey", NEW, OLD).exit_code == 0
    assert set(lab.items()) == {OLD, "wang2018cosface"}
    assert lab.bib.read_text() == before.replace("015.7298682},\n", "015.7298682},\n  ids = {facenet},\n")
    assert lab.push("--json").json["actions"] == []


def test_only_the_capitals_may_change(lab: Lab) -> None:
    lab.push()
    assert lab.run("rekey", OLD, "Schroff2015FaceNet").exit_code == 0
    assert set(lab.items()) == {"Schroff2015FaceNet", "wang2018cosface"}
    assert "@inproceedings{Schroff2015FaceNet," in lab.bib.read_text()
    assert lab.push("--json").json["actions"] == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("schrof2015facenet", "x", "there is no citation key schrof2015facenet: did you mean schroff2015facenet?"),
        (OLD, "wang2018cosface", "wang2018cosface is the key of another work"),
        (OLD, "WANG2018cosface", "wang2018cosface is the key of another work"),
        (OLD, "deng2019ARCFACE", "deng2019arcface is the key of another work"),
        (OLD, OLD, "is its key already"),
        (OLD, "a b", "cannot hold a blank"),
        (OLD, "a,b", "cannot hold `,`"),
        (OLD, "a\\b", "cannot hold `\\`"),
        (OLD, "a{b", "cannot hold `{`"),
        (OLD, "50%", "cannot hold `%`"),
        (OLD, "a#b", "cannot hold `#`"),
        (OLD, "a~b", "cannot hold `~`"),
        (OLD, "", "cannot be empty"),
        (OLD, "x" * 300, "cannot be longer"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_and_nothing_is_written(
    lab: Lab, old: str, new: str, sentence: str
) -> None:
    lab.push()
    held = {path: path.read_bytes() for path in (lab.bib, lab.lock)}
    answer = lab.run("rekey", "--", old, new)
    assert answer.exit_code == 1
    assert sentence in answer.errors
    assert {path: path.read_bytes() for path in held} == held
    assert OLD in lab.items()


def test_a_former_key_is_nobodys_but_its_works(lab: Lab) -> None:
    lab.push()
    lab.run("rekey", OLD, NEW)
    answer = lab.run("rekey", "wang2018cosface", OLD.upper())
    assert answer.exit_code == 1
    assert f"{OLD} is another name of {NEW}" in answer.errors
    answer = lab.run("rekey", OLD, "other")
    assert f"{OLD} is another name of {NEW}: name it by that" in answer.errors


def test_an_entry_that_stands_twice_is_not_rekeyed(lab: Lab) -> None:
    lab.bib.write_text(lab.bib.read_text() + "\n@misc{schroff2015facenet, title = {X}}\n")
    assert "stands twice" in lab.run("rekey", OLD, NEW).errors


def test_an_entry_that_was_renamed_by_hand_is_a_conflict_until_rekey_makes_it_good(lab: Lab) -> None:
    lab.push()
    lab.edit_bib(OLD, NEW)
    assert lab.push().exit_code == 3
    answer = lab.run("rekey", OLD, NEW)
    assert answer.exit_code == 0, answer
    assert set(lab.items()) == {NEW, "wang2018cosface"}
    assert "ids = {schroff2015facenet}" in lab.bib.read_text()
    assert lab.push("--json").json["conflicts"] == []


def test_a_key_that_a_member_changed_in_zotero_is_taken_over_by_rekey(lab: Lab) -> None:
    lab.push()
    lab.edit_item(OLD, citationKey=NEW)
    assert lab.push().exit_code == 3
    assert lab.run("rekey", OLD, NEW).exit_code == 0
    assert lab.push("--json").json["conflicts"] == []


def test_a_member_who_wanted_a_third_key_is_not_overruled(lab: Lab) -> None:
    lab.push()
    lab.edit_item(OLD, citationKey="third")
    answer = lab.run("rekey", OLD, NEW, "--json")
    assert answer.exit_code == 3
    assert answer.json["in_zotero"] is False
    assert answer.json["conflict"]["remote"] == "third"
    assert "third" in lab.items()


def test_an_undo_names_the_way_back(lab: Lab) -> None:
    lab.push()
    lab.run("rekey", OLD, NEW)
    answer = lab.run("undo", "--yes")
    assert (answer.exit_code, f"dmlsync rekey {NEW} {OLD}" in answer.errors) == (1, True)
    assert set(lab.items()) == {NEW, "wang2018cosface"}


def test_an_undo_of_an_earlier_run_leaves_the_key_alone(lab: Lab) -> None:
    lab.push()
    lab.edit_bib("date = {2015}", "date = {2015-06}")
    run = lab.push("--json").json["run"]
    lab.run("rekey", OLD, NEW)
    assert lab.run("undo", run, "--yes").exit_code == 0
    assert lab.items()[NEW]["date"] == "2015"
    assert f"@inproceedings{{{NEW}," in lab.bib.read_text()


def test_the_json_tells_what_was_done(lab: Lab) -> None:
    lab.push()
    answer = lab.run("rekey", OLD, NEW, "--json").json
    assert (answer["old"], answer["new"], answer["in_zotero"], answer["waits"]) == (OLD, NEW, True, "")
    assert answer["item_key"] == lab.items()[NEW]["key"]
    assert answer["rewrite"]["sed"].startswith("sed ")


@pytest.mark.parametrize("fatal", [1, 2, 3])
def test_a_kill_between_two_files_is_repaired_by_the_next_push(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, fatal: int
) -> None:
    lab.push()
    written = list[Path]()
    real = files.replace

    def replace(path: Path, data: bytes, *, expected: bytes | None) -> bool:
        written.append(path)
        if len(written) == fatal:
            raise KeyboardInterrupt
        return real(path, data, expected=expected)

    monkeypatch.setattr(files, "replace", replace)
    with pytest.raises((KeyboardInterrupt, SystemExit)):
        if lab.run("rekey", OLD, NEW).exit_code:
            raise SystemExit
    monkeypatch.undo()
    answer = lab.push()
    assert answer.exit_code == 0, answer
    key = OLD if fatal == 1 else NEW
    assert set(lab.items()) == {key, "wang2018cosface"}
    assert f"@inproceedings{{{key}," in lab.bib.read_text()
    assert lab.push("--json").json["actions"] == []


def test_somebody_elses_sandbox_follows_the_committed_lock(lab: Lab, tmp_path: Path) -> None:
    lab.push()
    held = (lab.folder / ".dmlsync" / "sandbox.lock").read_bytes()
    lab.run("rekey", OLD, NEW)
    lab.edit_item(NEW, citationKey=OLD)  # as in a clone whose library did not see the run
    (lab.folder / ".dmlsync" / "sandbox.lock").write_bytes(held)
    answer = lab.push("--json").json
    assert answer["summary"] == {"update": 1}
    assert set(lab.items()) == {NEW, "wang2018cosface"}


def test_a_library_that_is_away_gets_the_key_with_the_next_push(
    lab: Lab, server: tuple[str, Sandbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, sandbox = server
    lab.configure("papers.md", zotero=f'library = "groups/{sandbox.group}"\nendpoint = "{url}"')
    lab.push()
    monkeypatch.setenv("ZOTERO_API_KEY", "wrong")
    answer = lab.run("rekey", OLD, NEW)
    assert answer.exit_code == 3
    assert "The next push changes it" in answer.output
    monkeypatch.setenv("ZOTERO_API_KEY", sandbox.key)
    assert lab.push("--json").json["summary"] == {"update": 1}
    assert lab.push("--json").json["actions"] == []


def test_a_line_that_is_edited_afterwards_is_still_its_work(lab: Lab) -> None:
    lab.push()
    lab.run("rekey", OLD, NEW)
    lab.write("papers.md", HEADER + FACENET.replace("Schroff, F. et al.", "Schroff and others") + COSFACE)
    assert lab.push("--json").json["actions"] == []
    assert set(lab.items()) == {NEW, "wang2018cosface"}


def test_the_sed_command_rewrites_citations_and_nothing_else(tmp_path: Path) -> None:
    paper = tmp_path / "paper.tex"
    paper.write_text(r"\cite{a.b/c+} \citep[x]{x, a.b/c+,y} \cite{aXb/c+,a.b/c2} see a.b/c+")
    subprocess.run(f"{sed_command('a.b/c+', 'n:w')} paper.tex", shell=True, check=True, cwd=tmp_path)
    assert paper.read_text() == r"\cite{n:w} \citep[x]{x, n:w,y} \cite{aXb/c+,a.b/c2} see a.b/c+"


def test_the_item_of_a_work_that_no_list_names_any_more_gets_the_new_key_too(lab: Lab) -> None:
    lab.push()
    lab.write("papers.md", HEADER + COSFACE)
    lab.push()
    answer = lab.run("rekey", OLD, NEW, "--json")
    assert (answer.exit_code, answer.json["in_zotero"]) == (0, True)
    assert set(lab.items()) == {NEW, "wang2018cosface"}
    lab.write("papers.md", HEADER + COSFACE + FACENET)
    assert lab.push("--json").json["summary"] == {"update": 1}
    assert set(lab.items()) == {NEW, "wang2018cosface"}
    assert lab.push("--json").json["actions"] == []


def test_said_again_it_finishes_what_was_cut_off(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.push()
    with monkeypatch.context() as patched:
        patched.setattr("dmlsync.rekeying._push", lambda project, done: done)
        lab.run("rekey", OLD, NEW)
    assert OLD in lab.items()
    answer = lab.run("rekey", OLD, NEW, "--json")
    assert (answer.exit_code, answer.json["in_zotero"]) == (0, True)
    assert NEW in lab.items()
    assert lab.push("--json").json["actions"] == []
    assert lab.run("rekey", OLD, NEW, "--json").json["in_zotero"] is True
