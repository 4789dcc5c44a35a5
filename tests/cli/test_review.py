"""`dmlsync review`: conflicts and questions answered at the terminal or in a file, and carried out by the next sync."""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lab import COSFACE, FACENET, HEADER, Lab
from registry import Registry, article, running

THE_PAPER = article(
    "10.1109/iccv.2017.309",
    "Sampling Matters in Deep Embedding Learning",
    ["Chao-Yuan Wu", "Raghuraman Manmatha"],
    2017,
    "2017 IEEE International Conference on Computer Vision (ICCV)",
)
WHO = {"NAME": "Ada", "EMAIL": "ada@example.org", "DATE": "2024-05-06T12:00:00Z"}
ROW = "| Sampling Matters in Deep Embedding Learning | | 2013 | | | |\n"


@pytest.fixture
def torn(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A project with two conflicts that the last push has seen, and a person at the terminal."""
    monkeypatch.setattr("dmlsync.cli.review.has_terminal", lambda ctx: True)
    lab.push()
    lab.edit_bib("pages = {815--823}", "pages = {815--824}")
    lab.edit_bib("date = {2018}", "date = {2018-06}")
    lab.edit_item("schroff2015facenet", pages="815-825")
    lab.edit_item("wang2018cosface", date="2018-07")
    assert lab.push().exit_code == 3
    return lab


def conflicts(lab: Lab) -> list[str]:
    return [one["field"] for one in lab.run("status", "--json").json["conflicts"]]


def sides(lab: Lab) -> tuple[str, str, str]:
    items = lab.items()
    pages = next(line for line in lab.bib.read_text().splitlines() if "pages = {815" in line)
    return pages.strip(), items["schroff2015facenet"]["pages"], items["wang2018cosface"]["date"]


def test_both_values_are_shown_and_each_answer_is_carried_out_by_a_sync(torn: Lab) -> None:
    before = sides(torn)
    answer = torn.run("review", typed="b\nz\n")
    assert "library.bib  815-824" in answer.output
    assert "Zotero       815-825" in answer.output
    assert "before       815-823" in answer.output
    assert "2 conflicts decided: dmlsync sync carries that out." in answer.output
    assert (answer.exit_code, conflicts(torn), sides(torn)) == (0, [], before)
    done = torn.run("sync", "--yes", "--json")
    assert (done.exit_code, done.json["summary"], done.json["conflicts"]) == (0, {"update": 1, "pull": 1}, [])
    assert sides(torn) == ("pages = {815--824},", "815-824", "2018-07")
    assert "date = {2018-07}" in torn.bib.read_text()
    assert torn.run("sync", "--yes", "--json").json["actions"] == []
    assert "choices" not in (torn.folder / ".dmlsync" / "sandbox.lock").read_text()


def test_a_push_carries_out_what_was_chosen_for_zotero_and_the_rest_waits_for_a_pull(torn: Lab) -> None:
    torn.run("review", typed="b\nz\n")
    assert torn.push().exit_code == 0
    assert torn.items()["schroff2015facenet"]["pages"] == "815-824"
    assert torn.run("pull", "--yes", "--json").json["summary"] == {"pull": 1}
    assert torn.run("sync", "--yes", "--json").json["actions"] == []


def test_one_answer_can_stand_for_all_that_follow(torn: Lab) -> None:
    assert torn.run("review", typed="Z\n").exit_code == 0
    torn.run("sync", "--yes")
    assert sides(torn) == ("pages = {815--825},", "815-825", "2018-07")


def test_what_was_answered_before_q_is_kept(torn: Lab) -> None:
    answer = torn.run("review", typed="?\nwhat\nb\nq\n")
    assert "the value in Zotero holds" in answer.output
    assert (answer.exit_code, conflicts(torn)) == (3, ["date"])


def test_an_answer_is_about_the_values_that_were_shown(torn: Lab) -> None:
    torn.run("review", typed="b\ns\n")
    torn.edit_item("schroff2015facenet", pages="1")
    answer = torn.run("sync", "--yes", "--json")
    assert {one["field"] for one in answer.json["conflicts"]} == {"pages", "date"}
    assert torn.items()["schroff2015facenet"]["pages"] == "1"


def test_the_chosen_type_takes_along_what_it_costs(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmlsync.cli.review.has_terminal", lambda ctx: True)
    lab.push()
    lab.edit_bib("  pages = {815--823},", "  pages = {815--823},\n  eventtitle = {An Event},")
    lab.edit_item("schroff2015facenet", itemType="journalArticle")
    assert lab.push().exit_code == 3
    assert conflicts(lab) == ["itemType"]
    lab.run("review", typed="z\n")
    assert lab.run("sync", "--yes").exit_code == 0
    assert "@article{schroff2015facenet" in lab.bib.read_text()
    assert "An Event" not in lab.bib.read_text()
    assert lab.run("sync", "--yes", "--json").json["actions"] == []


@pytest.fixture
def retyped(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A member made an article of a paper of which a student typed the event."""
    monkeypatch.setattr("dmlsync.cli.review.has_terminal", lambda ctx: True)
    lab.push()
    lab.edit_bib("  pages = {815--823},", "  pages = {815--823},\n  eventtitle = {An Event},")
    lab.edit_item("schroff2015facenet", itemType="journalArticle")
    assert lab.push().exit_code == 3
    return lab


def test_the_type_that_is_chosen_here_goes_back_to_zotero_with_what_the_other_cost(retyped: Lab) -> None:
    assert conflicts(retyped) == ["itemType"]
    before = retyped.bib.read_text()
    retyped.run("review", typed="b\n")
    assert retyped.run("sync", "--yes").exit_code == 0
    assert retyped.bib.read_text() == before
    item = retyped.items()["schroff2015facenet"]
    assert (item["itemType"], item["conferenceName"]) == ("conferencePaper", "An Event")
    assert item["proceedingsTitle"].startswith("2015 IEEE Conference")
    assert retyped.run("sync", "--yes", "--json").json["actions"] == []


def test_a_type_that_is_another_by_now_is_asked_about_again(retyped: Lab) -> None:
    retyped.run("review", typed="z\n")
    retyped.edit_item("schroff2015facenet", itemType="bookSection")
    assert retyped.run("sync", "--yes").exit_code == 3
    assert "An Event" in retyped.bib.read_text()
    assert retyped.items()["schroff2015facenet"]["itemType"] == "bookSection"


@pytest.mark.parametrize("side", ["b", "z"])
def test_a_type_that_a_student_changed_is_decided_either_way(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, side: str
) -> None:
    monkeypatch.setattr("dmlsync.cli.review.has_terminal", lambda ctx: True)
    lab.push()
    lab.edit_bib("@inproceedings{schroff2015facenet", "@article{schroff2015facenet")
    lab.edit_item("schroff2015facenet", conferenceName="The Member's Conference")
    assert lab.push().exit_code == 3
    lab.run("review", typed=f"{side}\n")
    assert lab.run("sync", "--yes").exit_code == 0
    item = lab.items()["schroff2015facenet"]
    assert item["itemType"] == ("journalArticle" if side == "b" else "conferencePaper")
    assert item.get("conferenceName") == (None if side == "b" else "The Member's Conference")
    if side == "z":
        assert "@inproceedings{schroff2015facenet" in lab.bib.read_text()
        assert "The Member's Conference" in lab.bib.read_text()
    assert lab.run("sync", "--yes", "--json").json["actions"] == []


def test_a_citation_key_can_be_put_back_but_not_taken(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmlsync.cli.review.has_terminal", lambda ctx: True)
    lab.push()
    lab.edit_item("schroff2015facenet", citationKey="mine")
    assert lab.push().exit_code == 3
    answer = lab.run("review", typed="z\nb\n")
    assert "dmlsync rekey schroff2015facenet mine" in answer.output
    assert lab.push().exit_code == 0
    assert "schroff2015facenet" in lab.items()


def test_without_a_terminal_the_questions_are_listed(torn: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmlsync.cli.review.has_terminal", lambda ctx: False)
    answer = torn.run("review")
    assert answer.exit_code == 3
    assert "815-824" in answer.output
    assert {one["field"] for one in torn.run("review", "--json").json["conflicts"]} == {"pages", "date"}


def test_with_nothing_open_it_says_so(lab: Lab) -> None:
    lab.push()
    for arguments in ([], ["-o", str(lab.folder / "review.toml")]):
        answer = lab.run("review", *arguments)
        assert (answer.exit_code, "Nothing waits" in answer.output) == (0, True)
    assert not (lab.folder / "review.toml").exists()


def test_runs_and_status_say_where_to_answer(torn: Lab) -> None:
    for command in (["status"], ["push", "--yes"]):
        assert torn.run(*command).output.splitlines()[-1] == "2 conflicts for you: dmlsync review"


# ---- as a file -------------------------------------------------------------------------------------------------------


@pytest.fixture
def registry() -> Iterator[Registry]:
    with running() as registry:
        registry.works = [THE_PAPER]
        yield registry


@pytest.fixture
def asked(lab: Lab, registry: Registry) -> tuple[Lab, Path]:
    """A project with a doubtful row and a conflict, and the file that asks about them."""
    lab.configure("papers.md", sources={"crossref": registry.url})
    lab.push()
    lab.edit_bib("pages = {815--823}", "pages = {815--824}")
    lab.edit_item("schroff2015facenet", pages="815-825")
    lab.write("papers.md", HEADER + FACENET + COSFACE + ROW)
    assert lab.push().exit_code == 3
    path = lab.folder / "review.toml"
    answer = lab.run("review", "-o", str(path))
    assert (answer.exit_code, f"2 questions in {path}" in answer.output) == (3, True)
    return lab, path


def fill(path: Path, *answers: str) -> None:
    first, *others = path.read_text().split('answer = ""')
    filled = [
        f"answer = {json.dumps(answer)}{rest}" for answer, rest in zip([*answers, *[""] * 9], others, strict=False)
    ]
    path.write_text(first + "".join(filled))


def test_a_file_asks_with_all_that_is_known(asked: tuple[Lab, Path]) -> None:
    content = tomllib.loads(asked[1].read_text())
    [question], [conflict] = content["question"], content["conflict"]
    assert question["entry"] == "papers:5"
    assert question["candidates"] == ["doi:10.1109/iccv.2017.309"]
    assert (conflict["library_bib"], conflict["zotero"]) == ("815-824", "815-825")
    assert "# 1 crossref: Sampling Matters" in asked[1].read_text()


@pytest.mark.parametrize("typed", ["1", "10.1109/iccv.2017.309", "https://doi.org/10.1109/iccv.2017.309"])
def test_answers_in_a_file_are_taken(asked: tuple[Lab, Path], typed: str) -> None:
    lab, path = asked
    fill(path, typed, "z")
    answer = lab.run("review", "--apply", str(path), "--json")
    assert (answer.exit_code, answer.json["answers"], answer.json["choices"]) == (0, 1, 1)
    assert "10.1109/iccv.2017.309" in lab.bib.read_text()
    assert lab.run("sync", "--yes").exit_code == 0
    assert "815--825" in lab.bib.read_text()


def test_blank_answers_stay_open(asked: tuple[Lab, Path]) -> None:
    lab, path = asked
    assert lab.run("review", "--apply", str(path), "--json").json["answers"] == 0
    fill(path, "0")
    answer = lab.run("review", "--apply", str(path), "--json").json
    assert (answer["answers"], [one["field"] for one in answer["conflicts"]]) == (1, ["pages"])


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (["perhaps", ""], "'perhaps' is no answer"),
        (["7", ""], "'7' is no answer"),
        (["1", "x"], "'x' is no answer"),
    ],
)
def test_one_wrong_answer_keeps_none(asked: tuple[Lab, Path], answers: list[str], said: str) -> None:
    lab, path = asked
    fill(path, *answers)
    before = lab.lock.read_bytes()
    answer = lab.run("review", "--apply", str(path))
    assert (answer.exit_code, said in answer.errors) == (1, True), answer.errors
    assert lab.lock.read_bytes() == before


def test_a_question_that_changed_since_is_not_answered(asked: tuple[Lab, Path]) -> None:
    lab, path = asked
    fill(path, "", "b")
    lab.edit_bib("pages = {815--824}", "pages = {9}")
    answer = lab.run("review", "--apply", str(path))
    assert (answer.exit_code, "is not open like this any more" in answer.errors) == (1, True)


@pytest.mark.parametrize("content", ["not toml at all [", "question = 3\n", "[[conflict]]\nanswer = [1]\n", "\x00"])
def test_what_is_no_review_is_refused(lab: Lab, content: str) -> None:
    lab.push()
    path = lab.write("review.toml", content)
    answer = lab.run("review", "--apply", str(path))
    assert (answer.exit_code, "review.toml" in answer.errors) == (1, True)


def test_titles_cannot_break_out_of_the_file(lab: Lab, registry: Registry) -> None:
    hostile: Any = 'A "Title" \\ with """ [[conflict]] # and more'
    registry.works = [{**THE_PAPER, "title": ["Sampling Matters in Deep Embedding Learning"]}]
    lab.configure("papers.md", sources={"crossref": registry.url})
    lab.write("papers.md", HEADER + f"| {hostile} | Doe, J. | 2020 | CVPR | | |\n" + ROW)
    lab.run("resolve")
    path = lab.folder / "review.toml"
    lab.run("review", "-o", str(path))
    assert {one["title"][:9] for one in tomllib.loads(path.read_text())["question"]} == {'A "Title"', "Sampling "}


def test_there_must_be_a_file(lab: Lab) -> None:
    lab.push()
    assert lab.run("review", "--apply", str(lab.folder / "nothing.toml")).exit_code == 1
    assert lab.run("review", "-o", "x", "--apply", "y").exit_code == 2


def test_both_sides_name_who_changed_them_and_when(torn: Lab) -> None:
    who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in WHO.items()}
    for command in (["init", "-q"], ["add", "library.bib"], ["commit", "-qm", "one"]):
        subprocess.run(["git", *command], cwd=torn.folder, check=True, env={**os.environ, **who})
    shown = torn.run("review", typed="q\n").output
    assert "library.bib  815-824 (entry last changed by Ada, 2024-05-06)" in shown
    [by] = {one["changed_by"] for one in torn.run("status", "--json").json["conflicts"]}
    [on] = {one["changed_on"] for one in torn.run("status", "--json").json["conflicts"]}
    assert f"Zotero       815-825 (last changed by {by}, {on})" in shown
