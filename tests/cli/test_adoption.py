"""What lab members add to the collection by hand, as a curator meets it."""

from __future__ import annotations

from typing import Any

import pytest
from lab import ARCFACE, COSFACE, FACENET, HEADER, Lab


def add_item(lab: Lab, **fields: Any) -> str:
    """A member adds an item to the project's collection; its key."""
    home = next(one["key"] for one in lab.objects("/collections") if not one["parentCollection"])
    item = {
        "itemType": "journalArticle",
        "title": "Deep Fishing",
        "creators": [{"creatorType": "author", "firstName": "Ada", "lastName": "Angler"}],
        "date": "2020",
        "collections": [home],
        **({} if "itemType" in fields else {"publicationTitle": "Journal of Ponds"}),
        **fields,
    }
    answer = lab.zotero("POST", "/items", json=[item]).raise_for_status().json()
    return str(answer["success"]["0"])


def item_of(lab: Lab, key: str) -> dict[str, Any]:
    return lab.zotero("GET", f"/items/{key}").raise_for_status().json()["data"]


@pytest.fixture
def pushed(lab: Lab) -> Lab:
    assert lab.push().exit_code == 0
    return lab


def test_a_pull_takes_an_item_that_a_member_added_into_the_bib(pushed: Lab) -> None:
    add_item(pushed)
    answer = pushed.run("pull", "--yes")
    assert answer.exit_code == 0
    assert "is not on any list" in answer.output
    text = pushed.bib.read_text()
    assert "@article{angler2020deep,\n" in text
    assert "journaltitle = {Journal of {Ponds}}" in text or "journaltitle = {Journal of Ponds}" in text
    assert pushed.run("pull", "--yes", "--json").json["summary"] == {"update": 1}  # the key, for the next push


def test_the_next_push_writes_the_key_and_neither_removes_nor_doubles_the_item(pushed: Lab) -> None:
    key = add_item(pushed)
    pushed.run("pull", "--yes")
    assert item_of(pushed, key)["citationKey"] == ""
    before = item_of(pushed, key)["collections"]
    answer = pushed.push("--json").json
    assert [(one["kind"], [line["name"] for line in one["fields"]]) for one in answer["actions"]] == [
        ("update", ["citationKey"])
    ]
    assert item_of(pushed, key)["citationKey"] == "angler2020deep"
    assert item_of(pushed, key)["collections"] == before
    assert pushed.push("--json").json["actions"] == []
    assert len(pushed.items()) == 3


def test_a_sync_adopts_and_writes_the_key_in_one_run(pushed: Lab) -> None:
    key = add_item(pushed)
    assert pushed.run("sync", "--yes").exit_code == 0
    assert item_of(pushed, key)["citationKey"] == "angler2020deep"
    again = pushed.run("sync", "--yes", "--json").json
    assert (again["actions"], again["requests"]) == ([], 1)


def test_a_push_tells_of_the_item_and_leaves_it_alone(pushed: Lab) -> None:
    add_item(pushed)
    before, lock = pushed.bib.read_bytes(), pushed.lock.read_bytes()
    answer = pushed.push("--json").json
    assert answer["summary"] == {"adopt": 1}
    assert (answer["run"], [note["kind"] for note in answer["notes"]]) == (None, ["adopted"])
    assert (pushed.bib.read_bytes(), pushed.lock.read_bytes()) == (before, lock)
    assert pushed.run("plan", "--json").json["summary"] == {"adopt": 1, "update": 1}


def test_the_items_own_key_is_kept_where_it_is_free(pushed: Lab) -> None:
    add_item(pushed, citationKey="fishing:2020")
    pushed.run("sync", "--yes")
    assert "@article{fishing:2020," in pushed.bib.read_text()


@pytest.mark.parametrize("own", ["Wang2018CosFace", "two words", "{a}"])
def test_a_key_that_is_taken_or_unfit_for_bibtex_gives_way_to_a_new_one(pushed: Lab, own: str) -> None:
    add_item(pushed, citationKey=own)
    pushed.run("pull", "--yes")
    assert "@article{angler2020deep," in pushed.bib.read_text()


def test_edits_of_an_adopted_work_go_both_ways(pushed: Lab) -> None:
    key = add_item(pushed)
    pushed.run("sync", "--yes")
    pushed.edit_item("angler2020deep", pages="1-9")
    pushed.edit_bib("date = {2020}", "date = {2021}")
    assert pushed.run("sync", "--yes").exit_code == 0
    assert "pages = {1--9}" in pushed.bib.read_text()
    assert item_of(pushed, key)["date"] == "2021"
    assert pushed.run("sync", "--yes", "--json").json["actions"] == []


def test_the_paper_of_a_record_that_the_bib_has_already_joins_it(pushed: Lab) -> None:
    add_item(pushed, itemType="conferencePaper", title="ArcFace", DOI="10.1109/cvpr.2019.00482")
    before = pushed.bib.read_text()
    assert pushed.run("sync", "--yes").exit_code == 3  # the two titles differ
    assert pushed.bib.read_text() == before
    assert pushed.items()["deng2019arcface"]["pages"] == "4690-4699"
    assert pushed.bib.read_text().count("@") == 3


def test_a_second_copy_of_a_listed_paper_is_reported_and_not_adopted(pushed: Lab) -> None:
    copy = add_item(pushed, itemType="conferencePaper", title="CosFace", DOI="10.1109/cvpr.2018.00552", date="")
    answer = pushed.run("sync", "--yes", "--json").json
    assert answer["actions"] == []
    assert [(note["kind"], note["citation_key"], note["detail"]) for note in answer["notes"]] == [
        ("duplicate", "wang2018cosface", copy)
    ]


def test_an_item_that_a_member_takes_out_again_leaves_its_record(pushed: Lab) -> None:
    key = add_item(pushed)
    pushed.run("sync", "--yes")
    pushed.edit_item("angler2020deep", collections=[])
    answer = pushed.run("sync", "--yes", "--json").json
    assert (answer["actions"], [note["kind"] for note in answer["notes"]]) == ([], ["released"])
    assert pushed.run("sync", "--yes", "--json").json["notes"] == []
    assert "angler2020deep" in pushed.bib.read_text()
    pushed.edit_item("angler2020deep", collections=pushed.items()["wang2018cosface"]["collections"], pages="7")
    assert pushed.run("sync", "--yes", "--json").json["summary"] == {"adopt": 1, "pull": 1}
    assert "pages = {7}" in pushed.bib.read_text()
    assert item_of(pushed, key)["citationKey"] == "angler2020deep"


def test_an_adopted_item_that_a_member_trashes_stays_in_the_trash(pushed: Lab) -> None:
    key = add_item(pushed)
    pushed.run("sync", "--yes")
    pushed.edit_item("angler2020deep", deleted=1)
    assert pushed.run("sync", "--yes", "--json").json["actions"] == []
    assert item_of(pushed, key)["deleted"] == 1
    assert "angler2020deep" in pushed.bib.read_text()


def test_an_adopted_work_that_gets_a_line_is_filed_like_any_other(pushed: Lab) -> None:
    key = add_item(pushed)
    pushed.run("sync", "--yes")
    own = pushed.zotero("POST", "/collections", json=[{"name": "Mine"}]).json()["success"]["0"]
    pushed.edit_item("angler2020deep", collections=[*item_of(pushed, key)["collections"], own])
    pushed.run("sync", "--yes")
    line = "| Deep Fishing | Angler, A. | 2020 | Journal of Ponds | [PDF](https://example.org/fish.pdf) | |\n"
    pushed.write("papers.md", HEADER + FACENET + COSFACE + "\n## Ponds\n\n" + HEADER + line)
    assert pushed.push().exit_code == 0
    names = {one["key"]: one["name"] for one in pushed.objects("/collections")}
    item = pushed.items()["angler2020deep"]
    assert item["key"] == key
    assert {names[one] for one in item["collections"]} == {"Metric Learning", "Ponds", "Mine"}
    assert (key, "https://example.org/fish.pdf") in pushed.attachments()
    pushed.write("papers.md", HEADER + FACENET + COSFACE)
    pushed.push()
    assert pushed.items()["angler2020deep"]["collections"] == [own]


def test_an_item_in_a_collection_that_a_member_made_inside_is_adopted(pushed: Lab) -> None:
    home = next(one["key"] for one in pushed.objects("/collections"))
    inner = pushed.zotero("POST", "/collections", json=[{"name": "New", "parentCollection": home}]).json()["success"][
        "0"
    ]
    key = add_item(pushed, collections=[inner])
    assert pushed.run("sync", "--yes").exit_code == 0
    assert item_of(pushed, key)["collections"] == [inner]
    assert pushed.run("sync", "--yes", "--json").json["actions"] == []


def test_an_entry_of_an_adopted_work_that_was_deleted_comes_back_while_the_item_stands(pushed: Lab) -> None:
    add_item(pushed)
    before = pushed.bib.read_bytes()
    pushed.run("sync", "--yes")
    after = pushed.bib.read_bytes()
    pushed.bib.write_bytes(before)
    pushed.run("sync", "--yes")
    assert pushed.bib.read_bytes() == after


def test_a_lost_lock_loses_no_adopted_work(pushed: Lab) -> None:
    add_item(pushed)
    pushed.run("sync", "--yes")
    before = (pushed.bib.read_bytes(), pushed.lock.read_bytes())
    pushed.lock.unlink()
    (pushed.folder / ".dmlsync" / "sandbox.lock").unlink()
    assert pushed.push("--json").json["summary"] == {"adopt": 1}
    pushed.run("sync", "--yes")
    assert pushed.bib.read_bytes() == before[0]
    assert pushed.run("sync", "--yes", "--json").json["actions"] == []
    assert len(pushed.items()) == 3


def test_two_items_that_members_added_get_two_keys(pushed: Lab) -> None:
    add_item(pushed)
    add_item(pushed, title="Deep Waters", DOI="10.1/x")
    pushed.run("sync", "--yes")
    assert {"angler2020deep", "angler2020deepa"} < set(pushed.items())


def test_a_line_that_comes_back_and_an_item_that_comes_back_are_one_work(pushed: Lab) -> None:
    pushed.write("papers.md", HEADER + FACENET)
    pushed.push()
    pushed.edit_item("wang2018cosface", collections=pushed.items()["schroff2015facenet"]["collections"])
    assert pushed.run("sync", "--yes", "--json").json["summary"] == {"adopt": 1}
    assert pushed.bib.read_text().count("wang2018cosface") == 1
    pushed.write("papers.md", HEADER + FACENET + COSFACE + ARCFACE)
    pushed.push()
    assert len(pushed.items()) == 3
