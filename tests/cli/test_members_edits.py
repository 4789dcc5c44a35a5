"""What members do in Zotero beyond editing a field: other types, merges, items that a list let go."""

from __future__ import annotations

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


def test_an_item_that_is_kept_though_its_line_is_gone_is_no_addition_of_a_member(lab: Lab) -> None:
    lab.configure("papers.md", zotero='on_removed = "keep"')
    lab.push()
    lab.write("papers.md", HEADER + COSFACE)
    for command in ("push", "sync", "pull"):
        answer = lab.run(command, "--yes", "--json").json
        assert {note["kind"] for note in answer["notes"]} <= {"unlisted"}
        assert answer["actions"] == []
