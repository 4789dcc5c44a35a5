"""Undoing runs: field by field, sparing what changed since."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from lab import ARCFACE, COSFACE, FACENET, HEADER, Lab

from dmlsync import files as file_access
from dmlsync.sandbox import open_sandbox

NOBODY = "| A Paper Nobody Knows | Doe, Jane and Roe, R. | 2021 | CVPR | [PDF](https://example.org/a.pdf) | |\n"


@pytest.fixture
def pushed(lab: Lab) -> Lab:
    assert lab.push().exit_code == 0
    return lab


def undo(lab: Lab, *arguments: str) -> Any:
    answer = lab.run("undo", "--yes", "--json", *arguments)
    assert answer.exit_code in (0, 3), answer
    return answer.json


def files(lab: Lab) -> tuple[bytes, ...]:
    paths = (lab.bib, lab.lock, lab.folder / ".dmlsync" / "sandbox.lock")
    return tuple(path.read_bytes() for path in paths)


def visible(lab: Lab) -> Any:
    """What a member sees: the items less what moves with every write, and the links."""
    hidden = ("version", "dateModified")
    items = {key: {name: item[name] for name in item if name not in hidden} for key, item in lab.items().items()}
    return items, [one for one in lab.attachments() if one[0] in {item["key"] for item in items.values()}]


def test_a_first_push_is_undone_into_the_trash_and_done_again_by_the_next(pushed: Lab) -> None:
    before = visible(pushed)
    answer = undo(pushed)
    assert answer["summary"] == {"trash": 2}
    assert not pushed.items()
    assert len(pushed.objects("/items/trash")) == 2
    assert pushed.run("plan", "--json").json["summary"] == {"update": 2}
    assert pushed.push().exit_code == 0
    assert visible(pushed) == before
    assert pushed.push("--json").json["actions"] == []


def test_an_update_goes_back_and_comes_again_with_the_next_push(pushed: Lab) -> None:
    before, lock = visible(pushed), files(pushed)
    pushed.edit_bib("pages = {815--823}", "pages = {815--824}")
    pushed.push()
    answer = undo(pushed)
    assert [(one["kind"], one["fields"][0]["before"], one["fields"][0]["after"]) for one in answer["actions"]] == [
        ("update", "815-824", "815-823")
    ]
    assert visible(pushed) == before
    assert "815--824" in pushed.bib.read_text()  # the student's edit is no part of the push
    assert files(pushed)[2] == lock[2]
    assert pushed.push("--json").json["summary"] == {"update": 1}


def test_what_a_member_changed_since_is_spared_and_named(pushed: Lab) -> None:
    pushed.edit_bib("pages = {815--823}", "pages = {815--824}")
    pushed.edit_bib("date = {2015}", "date = {2016}")
    pushed.push()
    pushed.edit_item("schroff2015facenet", pages="1-2")
    answer = undo(pushed)
    assert [[line["name"] for line in one["fields"]] for one in answer["actions"]] == [["date"]]
    assert [(note["kind"], note["detail"]) for note in answer["notes"]] == [("spared", "pages changed since")]
    item = pushed.items()["schroff2015facenet"]
    assert (item["pages"], item["date"]) == ("1-2", "2015")
    assert pushed.run("sync", "--yes").exit_code == 0
    assert "pages = {1--2}" in pushed.bib.read_text()
    assert pushed.items()["schroff2015facenet"]["date"] == "2016"


def test_a_new_item_that_a_member_worked_on_is_spared(pushed: Lab) -> None:
    pushed.edit_item("schroff2015facenet", extra="arXiv: 1503.03832\nread by: Ada")
    key = pushed.items()["wang2018cosface"]["key"]
    pushed.zotero("POST", "/items", json=[{"itemType": "note", "parentItem": key, "note": "mine"}])
    answer = undo(pushed)
    assert answer["actions"] == []
    assert {note["detail"] for note in answer["notes"]} == {
        "was changed since",
        "has attachments or notes of members by now",
    }
    assert len(pushed.items()) == 2
    assert pushed.push("--json").json["actions"] == []


def test_pulled_values_go_back_in_the_bib_byte_for_byte(pushed: Lab) -> None:
    before = files(pushed)
    pushed.edit_item("wang2018cosface", pages="5265-5276", publisher="IEEE")
    assert pushed.run("pull", "--yes", "--json").json["run"]
    answer = undo(pushed)
    assert answer["summary"] == {"restore": 1}
    assert files(pushed) == before
    assert pushed.items()["wang2018cosface"]["pages"] == "5265-5276"
    assert pushed.run("sync", "--yes", "--json").json["summary"] == {"pull": 1}


def test_a_pulled_value_that_a_student_changed_since_is_spared(pushed: Lab) -> None:
    pushed.edit_item("wang2018cosface", pages="5265-5276", publisher="IEEE")
    pushed.run("pull", "--yes")
    pushed.edit_bib("pages = {5265--5276}", "pages = {7}")
    answer = undo(pushed)
    assert [note["detail"] for note in answer["notes"]] == ["pages changed in library.bib since"]
    text = pushed.bib.read_text()
    assert "pages = {7}" in text
    assert "IEEE}," not in text


def test_links_and_collections_go_back(pushed: Lab) -> None:
    before = visible(pushed)
    other = COSFACE.replace("1801.09414", "1801.09415").replace("PDF]", "PDF]").replace(".pdf", ".pdf")
    pushed.write(
        "papers.md",
        HEADER + FACENET + "\n## Margins\n\n" + HEADER + other.replace("arxiv.org/pdf/1801.09415", "example.org/x"),
    )
    assert pushed.push().exit_code == 0
    assert visible(pushed) != before
    undo(pushed)
    assert visible(pushed) == before
    pushed.push()
    names = {one["key"]: one["name"] for one in pushed.objects("/collections")}
    assert "Margins" in {names[one] for one in pushed.items()["wang2018cosface"]["collections"]}


def test_a_work_that_was_taken_out_comes_back_and_goes_again(pushed: Lab) -> None:
    before, lock = visible(pushed), files(pushed)
    pushed.write("papers.md", HEADER + FACENET)
    pushed.push()
    undo(pushed)
    assert visible(pushed) == before
    assert files(pushed)[2] == lock[2]
    assert pushed.push("--json").json["summary"] == {"uncollect": 1}


def test_an_undo_is_a_run_and_can_be_undone(pushed: Lab) -> None:
    pushed.edit_bib("pages = {815--823}", "pages = {815--824}")
    pushed.push()
    after, lock = visible(pushed), files(pushed)
    name = undo(pushed)["run"]
    answer = undo(pushed, name)
    assert answer["undoes"] == name
    assert (visible(pushed), files(pushed)) == (after, lock)
    runs = pushed.run("log", "--json").json["runs"]
    assert [run["command"] for run in runs] == ["undo", "undo", "push", "push"]
    assert [run["undone"] for run in runs] == [False, True, False, False]


def test_the_undo_of_a_first_push_can_be_undone(pushed: Lab) -> None:
    before, lock = visible(pushed), files(pushed)
    name = undo(pushed)["run"]
    undo(pushed, name)
    assert (visible(pushed), files(pushed)) == (before, lock)


def test_without_a_name_the_runs_are_undone_one_after_the_other(pushed: Lab) -> None:
    pushed.edit_bib("pages = {815--823}", "pages = {815--824}")
    pushed.push()
    assert undo(pushed)["summary"] == {"update": 1}
    assert undo(pushed)["notes"]  # that item changed since the first push
    assert set(pushed.items()) == {"schroff2015facenet"}
    answer = pushed.run("undo", "--yes")
    assert (answer.exit_code, "no run to undo" in answer.errors) == (1, True)


def test_an_undone_run_has_nothing_left_to_undo(pushed: Lab) -> None:
    name = pushed.run("log", "--json").json["runs"][0]["run"]
    undo(pushed)
    assert undo(pushed, name)["actions"] == []


def test_new_records_leave_the_bib_and_come_back_under_their_keys(lab: Lab) -> None:
    lab.configure("papers.md", resolve='unresolved = "minimal"')
    before = lab.bib.read_bytes()
    lab.write("papers.md", HEADER + NOBODY)
    lab.push()
    after = lab.bib.read_bytes()
    (key,) = lab.items()
    assert undo(lab)["summary"] == {"trash": 1, "restore": 1}
    assert lab.bib.read_bytes() == before
    assert lab.push().exit_code == 0
    assert (lab.bib.read_bytes(), set(lab.items())) == (after, {key})
    assert lab.push("--json").json["actions"] == []


def test_an_adoption_is_undone_and_adopted_again(pushed: Lab) -> None:
    home = pushed.items()["wang2018cosface"]["collections"]
    item = {"itemType": "book", "title": "Fish", "date": "2020", "collections": home}
    pushed.zotero("POST", "/items", json=[item]).raise_for_status()
    before = files(pushed)
    assert pushed.run("sync", "--yes").exit_code == 0
    after = files(pushed)
    undo(pushed)
    assert files(pushed) == before
    assert [one["citationKey"] for one in pushed.objects() if one["itemType"] == "book"] == [""]
    pushed.run("sync", "--yes")
    assert files(pushed) == after


def test_without_a_terminal_and_without_yes_an_undo_is_refused(pushed: Lab) -> None:
    answer = pushed.run("undo")
    assert answer.exit_code == 2
    assert len(pushed.items()) == 2


def test_a_dry_undo_writes_nothing(pushed: Lab) -> None:
    before = files(pushed)
    answer = pushed.run("undo", "--dry-run")
    assert "Plan" not in answer.output or "trash" in answer.output
    assert (files(pushed), len(pushed.items())) == (before, 2)


def test_a_run_that_is_not_there_or_was_about_another_library_is_refused(pushed: Lab) -> None:
    assert "there is no run nothing" in pushed.run("undo", "--yes", "nothing").errors
    (name,) = (run["run"] for run in pushed.run("log", "--json").json["runs"])
    path = pushed.folder / ".dmlsync" / "journal" / f"{name}.jsonl"
    path.write_text(path.read_text().replace('"target": "sandbox"', '"target": "groups/9"'))
    answer = pushed.run("undo", "--yes", name)
    assert (answer.exit_code, "groups/9" in answer.errors) == (1, True)


@pytest.mark.parametrize("damage", ['"steps"', '"before"'])
def test_a_journal_that_does_not_hold_enough_is_refused(pushed: Lab, damage: str) -> None:
    (path,) = (pushed.folder / ".dmlsync" / "journal").glob("*.jsonl")
    path.write_text(path.read_text().replace(damage, '"other"'))
    answer = pushed.run("undo", "--yes")
    assert (answer.exit_code, "does not hold enough" in answer.errors) == (1, True)


def test_the_journal_never_holds_the_key(pushed: Lab) -> None:
    undo(pushed)
    with open_sandbox(pushed.folder / ".dmlsync" / "sandbox.sqlite") as sandbox:
        key = sandbox.key
    for path in (pushed.folder / ".dmlsync" / "journal").glob("*.jsonl"):
        text = path.read_text()
        assert key not in text
        assert all(json.loads(line) for line in text.splitlines())


def test_an_item_type_goes_back_with_the_fields_that_it_lost(pushed: Lab) -> None:
    before = visible(pushed)
    pushed.edit_bib("@inproceedings{wang2018cosface", "@thesis{wang2018cosface")
    pushed.push()
    assert pushed.items()["wang2018cosface"]["itemType"] == "thesis"
    undo(pushed)
    assert visible(pushed) == before


def test_a_line_that_was_added_and_pushed_is_undone_alone(pushed: Lab) -> None:
    pushed.write("papers.md", HEADER + FACENET + COSFACE + ARCFACE)
    pushed.push()
    undo(pushed)
    assert set(pushed.items()) == {"schroff2015facenet", "wang2018cosface"}


def test_a_changed_key_is_no_run_to_undo(pushed: Lab) -> None:
    assert pushed.run("rekey", "wang2018cosface", "cosface").exit_code == 0
    name = pushed.run("log", "--json").json["runs"][0]
    assert name["command"] == "rekey"
    answer = pushed.run("undo", "--yes", name["run"])
    assert (answer.exit_code, "dmlsync rekey cosface wang2018cosface" in answer.errors) == (1, True)
    assert pushed.run("undo", "--yes").exit_code == 1  # nor is the run before it undone in its place


def test_a_run_from_before_a_key_was_changed_is_undone_under_the_new_one(pushed: Lab) -> None:
    pushed.edit_item("wang2018cosface", pages="5265-5276", publisher="IEEE")
    pushed.run("pull", "--yes")
    name = pushed.run("log", "--json").json["runs"][0]["run"]
    pushed.run("rekey", "wang2018cosface", "cosface")
    pushed.run("rekey", "cosface", "wang:cosface")
    answer = undo(pushed, name)
    assert [one["citation_key"] for one in answer["actions"]] == ["wang:cosface"]
    assert "5276" not in pushed.bib.read_text()
    assert pushed.run("sync", "--yes", "--json").json["summary"] == {"pull": 1}


def test_an_update_from_before_a_key_was_changed_goes_back(pushed: Lab) -> None:
    pushed.edit_bib("pages = {815--823}", "pages = {815--824}")
    pushed.push()
    name = pushed.run("log", "--json").json["runs"][0]["run"]
    pushed.run("rekey", "schroff2015facenet", "facenet")
    undo(pushed, name)
    assert pushed.items()["facenet"]["pages"] == "815-823"
    assert pushed.push("--json").json["summary"] == {"update": 1}


def test_the_undo_of_a_run_that_made_the_collection_anew_is_no_members_deed(pushed: Lab) -> None:
    [home] = [one for one in pushed.objects("/collections") if not one["parentCollection"]]
    headers = {"If-Unmodified-Since-Version": str(home["version"] + 99)}
    pushed.zotero("DELETE", f"/collections/{home['key']}", headers_more=headers).raise_for_status()
    assert pushed.push().exit_code == 0
    undo(pushed)
    answer = pushed.run("sync", "--yes", "--json").json
    assert (answer["notes"], answer["summary"]) == ([], {"update": 2})
    assert all(item["collections"] for item in pushed.items().values())


# ---- an undo that is cut off -----------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process ends here."""


class CutOff(httpx2.BaseTransport):
    """Carries the first write out; then the process or the connection is gone."""

    def __init__(self, inner: httpx2.BaseTransport, *, kills: bool) -> None:
        self._inner = inner
        self._kills = kills
        self._gone = False

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if self._gone:
            raise httpx2.ConnectError("gone", request=request)
        answer = self._inner.handle_request(request)
        answer.read()
        if request.method == "POST":
            self._gone = True
            if self._kills:
                raise Killed
            raise httpx2.ReadError("cut", request=request)
        return answer


def cut_off_undo(lab: Lab, wrap: Callable[[httpx2.BaseTransport], httpx2.BaseTransport]) -> None:
    project = lab.project(wrap)
    with project.alone():
        on_disk = project.read()
        with project.library() as library:
            project.undo(on_disk, project.plan_undo(on_disk, project.past(on_disk), library), library)


@pytest.mark.parametrize("commands", [("sync",), ("undo", "sync"), ("pull", "push")], ids=" ".join)
@pytest.mark.parametrize("kills", [True, False])
def test_a_cut_off_undo_of_a_push_does_not_cost_the_edit_in_the_bib(
    pushed: Lab, commands: tuple[str, ...], kills: bool
) -> None:
    pushed.edit_bib("pages = {815--823}", "pages = {815--999}")
    pushed.push()
    with contextlib.suppress(Killed):
        cut_off_undo(pushed, lambda transport: CutOff(transport, kills=kills))
    for command in commands:
        assert pushed.run(command, "--yes").exit_code == 0
    assert "815--999" in pushed.bib.read_text()
    assert pushed.items()["schroff2015facenet"]["pages"] == "815-999"


@pytest.mark.parametrize("last", ["library.bib", "library.lock", "sandbox.lock"])
def test_a_killed_undo_of_a_pull_does_not_cost_the_members_edit(
    pushed: Lab, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    pushed.edit_item("schroff2015facenet", pages="1-77")
    pushed.run("pull", "--yes")
    swap_in = file_access._swap_in

    def fatal(target: Any, data: bytes) -> None:
        swap_in(target, data)
        if target.name == last:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(file_access, "_swap_in", fatal)
        with pytest.raises(Killed):
            cut_off_undo(pushed, lambda transport: transport)
    assert pushed.run("sync", "--yes").exit_code == 0
    assert pushed.items()["schroff2015facenet"]["pages"] == "1-77"
    assert "pages = {1--77}" in pushed.bib.read_text()


def test_what_an_undo_could_not_write_stays_as_the_run_left_it(pushed: Lab) -> None:
    """Another member writes between the undo's look at the library and its write."""
    pushed.edit_bib("pages = {815--823}", "pages = {815--999}")
    pushed.push()

    class Meddling(httpx2.BaseTransport):
        def __init__(self, inner: httpx2.BaseTransport) -> None:
            self._inner = inner
            self._done = False

        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            if request.method == "POST" and not self._done:
                self._done = True
                pushed.edit_item("schroff2015facenet", pages="7")
            return self._inner.handle_request(request)

    cut_off_undo(pushed, Meddling)
    assert pushed.run("sync", "--yes", "--json").json["conflicts"] == []
    assert "pages = {7}" in pushed.bib.read_text()  # the member's edit came last, and the student's had arrived before
