"""What members do in Zotero beyond editing a field: other types, merges, items that a list let go."""

from __future__ import annotations

import httpx2
import pytest
from lab import COSFACE, FACENET, HEADER, Lab

PROCEEDINGS = "2015 {IEEE} Conference on Computer Vision and Pattern Recognition ({CVPR})"
GROUP = "http://zotero.org/groups/1/items/"


@pytest.fixture
def pushed(lab: Lab) -> Lab:
    assert lab.push().exit_code == 0
    return lab


@pytest.mark.parametrize("command", ["pull", "sync", "push"])
def test_another_type_waits_while_a_field_of_the_old_type_was_edited_here(pushed: Lab, command: str) -> None:
    pushed.edit_bib(PROCEEDINGS, "The Student's Proceedings")
    pushed.edit_item("schroff2015facenet", itemType="journalArticle")
    for _ in range(2):
        answer = pushed.run(command, "--yes", "--json")
        assert answer.exit_code == 3
        assert {one["field"] for one in answer.json["conflicts"]} == {"itemType", "proceedingsTitle"}
    assert "The Student's Proceedings" in pushed.bib.read_text()
    assert pushed.items()["schroff2015facenet"]["itemType"] == "journalArticle"


def test_another_type_waits_while_a_field_was_added_here(pushed: Lab) -> None:
    pushed.edit_bib("  pages = {815--823},", "  pages = {815--823},\n  eventtitle = {The Student's Event},")
    pushed.edit_item("schroff2015facenet", itemType="journalArticle")
    for _ in range(2):
        assert pushed.run("sync", "--yes").exit_code == 3
    assert "The Student's Event" in pushed.bib.read_text()
    assert PROCEEDINGS in pushed.bib.read_text()


def test_another_type_is_taken_over_with_what_was_edited_here_where_both_types_know_it(pushed: Lab) -> None:
    pushed.edit_bib("pages = {815--823}", "pages = {815--824}")
    pushed.edit_item("schroff2015facenet", itemType="journalArticle")
    assert pushed.run("sync", "--yes").exit_code == 0
    assert "@article{schroff2015facenet" in pushed.bib.read_text()
    assert pushed.items()["schroff2015facenet"]["pages"] == "815-824"


@pytest.mark.parametrize("command", ["push", "sync"])
def test_another_type_here_waits_while_a_member_edited_what_only_the_old_one_has(pushed: Lab, command: str) -> None:
    pushed.edit_bib("@inproceedings{schroff2015facenet", "@article{schroff2015facenet")
    pushed.edit_item("schroff2015facenet", conferenceName="The Member's Conference")
    for _ in range(2):
        answer = pushed.run(command, "--yes", "--json")
        assert {one["field"] for one in answer.json["conflicts"]} >= {"itemType"}
    item = pushed.items()["schroff2015facenet"]
    assert (item["itemType"], item["conferenceName"]) == ("conferencePaper", "The Member's Conference")
    assert "@article{schroff2015facenet" in pushed.bib.read_text()


def test_a_journal_here_and_proceedings_edited_by_a_member_both_stay(pushed: Lab) -> None:
    pushed.edit_bib("@inproceedings{schroff2015facenet", "@article{schroff2015facenet")
    pushed.edit_bib(f"booktitle = {{{PROCEEDINGS}}}", "journaltitle = {The Student's Journal}")
    pushed.edit_item("schroff2015facenet", proceedingsTitle="The Member's Proceedings")
    for _ in range(2):
        assert pushed.run("sync", "--yes").exit_code == 3
    assert pushed.items()["schroff2015facenet"]["proceedingsTitle"] == "The Member's Proceedings"
    assert "The Student's Journal" in pushed.bib.read_text()


def merged(lab: Lab, loser: str, winner: str) -> None:
    """A member merges two items in Zotero."""
    lab.edit_item(winner, relations={"dc:replaces": GROUP + lab.items()[loser]["key"]})
    lab.edit_item(loser, deleted=1)


def test_two_listed_works_that_a_member_merged_do_not_become_one(pushed: Lab) -> None:
    before = pushed.bib.read_text()
    merged(pushed, "wang2018cosface", "schroff2015facenet")
    answer = pushed.run("sync", "--yes", "--json")
    assert (answer.exit_code, answer.json["actions"]) == (3, [])
    [note] = answer.json["notes"]
    assert (note["kind"], note["citation_key"], note["detail"]) == ("merged", "wang2018cosface", "schroff2015facenet")
    assert pushed.bib.read_text() == before
    trashed = next(one for one in pushed.objects("/items/trash") if one["title"].startswith("CosFace"))
    restored = {"key": trashed["key"], "version": trashed["version"], "deleted": 0}
    pushed.zotero("POST", "/items", json=[restored]).raise_for_status()
    assert pushed.run("sync", "--yes", "--json").json["notes"] == []
    pushed.edit_item("wang2018cosface", pages="1-2")
    assert pushed.run("sync", "--yes").exit_code == 0
    assert "pages = {1--2}" in pushed.bib.read_text()


def test_a_merge_of_works_is_settled_when_one_line_goes(pushed: Lab) -> None:
    merged(pushed, "wang2018cosface", "schroff2015facenet")
    pushed.write("papers.md", HEADER + FACENET)
    assert pushed.run("sync", "--yes").exit_code == 0
    assert "wang2018cosface" in pushed.bib.read_text()
    assert pushed.push("--json").json["actions"] == []


def test_an_adopted_copy_that_a_member_merged_into_the_listed_work_is_let_go(pushed: Lab) -> None:
    home = pushed.items()["wang2018cosface"]["collections"]
    copy = {"itemType": "book", "title": "CosFace by another name", "date": "2018", "collections": home}
    pushed.zotero("POST", "/items", json=[copy]).raise_for_status()
    assert pushed.run("sync", "--yes").exit_code == 0
    [adopted] = pushed.items().keys() - {"schroff2015facenet", "wang2018cosface"}
    entry = pushed.bib.read_text()
    merged(pushed, adopted, "wang2018cosface")
    assert pushed.run("sync", "--yes").exit_code == 0
    assert pushed.bib.read_text() == entry
    assert pushed.run("sync", "--yes", "--json").json["actions"] == []


def test_an_item_that_is_kept_though_its_line_is_gone_is_no_addition_of_a_member(lab: Lab) -> None:
    lab.configure("papers.md", zotero='on_removed = "keep"')
    lab.push()
    lab.write("papers.md", HEADER + COSFACE)
    for command in ("push", "sync", "pull"):
        answer = lab.run(command, "--yes", "--json").json
        assert {note["kind"] for note in answer["notes"]} <= {"unlisted"}
        assert answer["actions"] == []


# ---- a library that was set back -------------------------------------------------------------------------------------


@pytest.fixture
def set_back(pushed: Lab) -> Lab:
    """Both sides were edited and in sync; then Zotero was restored from a backup of before."""
    database = pushed.folder / ".dmlsync" / "sandbox.sqlite"
    backup = database.read_bytes()
    pushed.edit_bib("pages = {815--823}", "pages = {815--9999}")
    pushed.edit_item("wang2018cosface", volume="7")
    assert pushed.run("sync", "--yes").exit_code == 0
    for path in database.parent.glob("sandbox.sqlite*"):
        path.unlink()
    database.write_bytes(backup)
    return pushed


def test_an_older_state_of_zotero_does_not_count_as_edits(set_back: Lab) -> None:
    before = set_back.bib.read_text()
    assert {note["kind"] for note in set_back.run("plan", "--json").json["notes"]} == {"older"}
    answer = set_back.run("sync", "--yes", "--json")
    assert (answer.exit_code, [one["field"] for one in answer.json["conflicts"]]) == (3, ["pages"])
    assert set_back.bib.read_text() == before
    assert set_back.items()["wang2018cosface"]["volume"] == "7"  # a blank is filled
    again = set_back.run("sync", "--yes", "--json").json
    assert (again["notes"], [one["field"] for one in again["conflicts"]]) == ([], ["pages"])
    set_back.edit_item("schroff2015facenet", pages="815-9999")
    assert set_back.run("sync", "--yes").exit_code == 0


def test_a_library_that_was_set_back_is_noticed_until_a_run_came_to_its_end(set_back: Lab) -> None:
    set_back.run("status")
    set_back.run("push", "--dry-run")
    with pytest.raises(KeyboardInterrupt):
        interrupted(set_back)
    assert "earlier state" in set_back.run("push", "--dry-run").output


def interrupted(lab: Lab) -> None:
    """A sync that is stopped at its first write."""

    class Stopped(httpx2.BaseTransport):
        def __init__(self, inner: httpx2.BaseTransport) -> None:
            self._inner = inner

        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            if request.method == "POST":
                raise KeyboardInterrupt
            return self._inner.handle_request(request)

    project = lab.project(Stopped)
    with project.alone():
        on_disk = project.read()
        catalog = project.catalog(on_disk)
        with project.library() as library:
            project.run(on_disk, catalog, project.plan(on_disk, catalog, library, "sync"), library, "sync")
