"""The main command, as a curator, a lab member and a student meet it."""

from __future__ import annotations

import json
import os

import pytest
from lab import ARCFACE, COSFACE, FACENET, HEADER, Lab

from dmlsync.errors import FileChangedError


def test_a_first_push_fills_the_collection(lab: Lab) -> None:
    answer = lab.push()
    assert answer.exit_code == 0, answer
    assert "2 entries linked to 2 items" in answer.output
    facenet = lab.items()["schroff2015facenet"]
    assert facenet["itemType"] == "conferencePaper"
    assert facenet["title"] == "FaceNet: A Unified Embedding for Face Recognition and Clustering"
    assert [creator["lastName"] for creator in facenet["creators"]] == ["Schroff", "Kalenichenko", "Philbin"]
    assert (facenet["pages"], facenet["DOI"]) == ("815-823", "10.1109/CVPR.2015.7298682")
    assert facenet["extra"] == "arXiv: 1503.03832"
    (collection,) = lab.objects("/collections")
    assert collection["name"] == "Metric Learning"
    assert facenet["collections"] == [collection["key"]]
    assert (facenet["key"], "https://arxiv.org/pdf/1503.03832") in lab.attachments()
    assert (facenet["key"], "https://github.com/davidsandberg/facenet") in lab.attachments()


def test_only_listed_papers_are_pushed_and_the_bib_is_left_byte_for_byte(lab: Lab) -> None:
    before = lab.bib.read_bytes()
    lab.push()
    assert set(lab.items()) == {"schroff2015facenet", "wang2018cosface"}
    assert lab.bib.read_bytes() == before


def test_a_second_push_has_nothing_to_do_and_asks_one_question(lab: Lab) -> None:
    lab.push()
    files = {path: path.read_bytes() for path in (lab.bib, lab.lock, lab.folder / "papers.md")}
    answer = lab.push("--json").json
    assert answer["actions"] == []
    assert answer["run"] is None
    assert answer["requests"] == 1
    assert answer["outcomes"] == {"written": 0, "unchanged": 0, "stale": 0, "refused": 0}
    assert {path: path.read_bytes() for path in files} == files
    assert "Nothing to do" in lab.push().output


def test_status_names_every_entry_with_its_key_and_item(lab: Lab) -> None:
    assert [one["state"] for one in lab.run("status", "--json").json["entries"]] == ["resolved", "resolved"]
    lab.push()
    first, second = lab.run("status", "--json").json["entries"]
    assert first == {
        "list": "papers",
        "line": 3,
        "title": "FaceNet: A unified embedding for face recognition and clustering",
        "state": "linked",
        "citation_key": "schroff2015facenet",
        "item_key": lab.items()["schroff2015facenet"]["key"],
    }
    assert second["line"] == 4


def test_the_json_of_a_push_tells_each_field(lab: Lab) -> None:
    answer = lab.push("--json").json
    assert answer["summary"] == {"collection": 1, "create": 2, "link": 3}
    create = next(one for one in answer["actions"] if one["citation_key"] == "wang2018cosface")
    assert create["kind"] == "create"
    assert {"name": "pages", "before": "", "after": "5265-5274", "why": "new"} in create["fields"]
    assert answer["outcomes"]["written"] == 6
    assert answer["run"]


def test_a_dry_run_shows_the_plan_and_writes_nothing(lab: Lab) -> None:
    answer = lab.run("push", "--dry-run")
    assert (answer.exit_code, "schroff2015facenet" in answer.output) == (0, True)
    assert not lab.objects()
    assert not lab.lock.exists()


def test_without_a_terminal_and_without_yes_a_push_is_refused(lab: Lab) -> None:
    answer = lab.run("push")
    assert answer.exit_code == 2
    assert "add --yes" in answer.errors
    assert not lab.lock.exists()


def test_a_deleted_line_takes_the_item_out_of_the_collection_and_keeps_the_record(lab: Lab) -> None:
    lab.push()
    lab.write("papers.md", HEADER + FACENET)
    before = lab.bib.read_bytes()
    answer = lab.push("--json")
    assert answer.exit_code == 0
    assert answer.json["summary"] == {"uncollect": 1}
    assert lab.items()["wang2018cosface"]["collections"] == []
    assert lab.bib.read_bytes() == before  # a paper may cite it
    assert lab.push("--json").json["actions"] == []


def test_a_line_that_comes_back_finds_its_item_and_key_again(lab: Lab) -> None:
    lab.push()
    key = lab.items()["wang2018cosface"]["key"]
    lab.write("papers.md", HEADER + FACENET)
    lab.push()
    lab.write("papers.md", HEADER + FACENET + COSFACE)
    answer = lab.push("--json").json
    assert answer["summary"] == {"update": 1}
    assert lab.items()["wang2018cosface"]["key"] == key
    assert lab.items()["wang2018cosface"]["collections"]


def test_an_added_line_becomes_an_item(lab: Lab) -> None:
    lab.push()
    lab.write("papers.md", HEADER + ARCFACE + FACENET + COSFACE)
    answer = lab.push("--json").json
    assert answer["summary"] == {"create": 1, "link": 1}
    assert len(lab.items()) == 3


def test_a_second_list_adds_its_sections_and_no_item_twice(lab: Lab) -> None:
    lab.push()
    lab.write(
        "more.md",
        "# More\n\n## Faces\n\n"
        "* FaceNet: A Unified Embedding for Face Recognition and Clustering (**CVPR 2015**) "
        "[[paper](https://arxiv.org/abs/1503.03832)]\n"
        "* ArcFace: Additive Angular Margin Loss for Deep Face Recognition (**CVPR 2019**) "
        "[[paper](https://arxiv.org/abs/1801.07698)]\n",
    )
    lab.configure("papers.md", "more.md")
    answer = lab.push("--json")
    assert answer.exit_code == 0, answer
    assert answer.json["summary"] == {"collection": 1, "update": 1, "create": 1, "link": 1}
    items, names = lab.items(), {one["key"]: one["name"] for one in lab.objects("/collections")}
    assert {names[key] for key in items["schroff2015facenet"]["collections"]} == {"Metric Learning", "Faces"}
    entries = lab.run("status", "--json").json["entries"]
    assert entries[0]["citation_key"] == entries[2]["citation_key"]
    assert entries[0]["item_key"] == entries[2]["item_key"]


def test_a_changed_venue_in_the_list_keeps_work_key_and_item(lab: Lab) -> None:
    lab.push()
    key = lab.items()["wang2018cosface"]["key"]
    lab.write("papers.md", HEADER + FACENET + COSFACE.replace("CVPR", "TPAMI"))
    lab.push()
    (_, entry) = lab.run("status", "--json").json["entries"]
    assert (entry["citation_key"], entry["item_key"], entry["state"]) == ("wang2018cosface", key, "linked")
    assert len(lab.items()) == 2


def test_an_edit_in_the_bib_reaches_zotero_and_nothing_else_is_sent(lab: Lab) -> None:
    lab.push()
    before = lab.items()["wang2018cosface"]
    lab.edit_bib("pages = {5265--5274}", "pages = {5265--5275}")
    text = lab.bib.read_bytes()
    answer = lab.push("--json").json
    (action,) = answer["actions"]
    assert [(one["name"], one["before"], one["after"]) for one in action["fields"]] == [
        ("pages", "5265-5274", "5265-5275")
    ]
    after = lab.items()["wang2018cosface"]
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"pages", "version", "dateModified"} or changed == {"pages", "version"}
    assert lab.bib.read_bytes() == text
    assert answer["requests"] <= 4


def test_a_members_edit_survives_a_push(lab: Lab) -> None:
    lab.push()
    lab.edit_item("wang2018cosface", pages="5265-5276", tags=[{"tag": "to read"}])
    answer = lab.push("--json")
    assert answer.exit_code == 0
    assert [(one["kind"], one["fields"][0]["after"]) for one in answer.json["actions"]] == [("pull", "5265-5276")]
    assert lab.items()["wang2018cosface"]["pages"] == "5265-5276"


def test_two_edits_of_one_field_are_a_conflict_and_both_survive(lab: Lab) -> None:
    lab.push()
    lab.edit_item("wang2018cosface", pages="1-2")
    lab.edit_bib("pages = {5265--5274}", "pages = {5265--5275}")
    answer = lab.push()
    assert answer.exit_code == 3
    assert "5265-5275" in answer.output
    assert "1-2" in answer.output
    assert lab.items()["wang2018cosface"]["pages"] == "1-2"
    assert "5265--5275" in lab.bib.read_text()


def test_a_members_own_tags_notes_and_extra_lines_stay(lab: Lab) -> None:
    lab.push()
    extra = "tldr: margins\narXiv: 1801.09414\nread by: Ada"
    lab.edit_item("wang2018cosface", tags=[{"tag": "to read"}], extra=extra, abstractNote="My summary.")
    lab.edit_bib("pages = {5265--5274}", "pages = {5265--5275}")
    lab.edit_bib("eprint = {1801.09414}", "eprint = {1801.09415}")
    assert lab.push().exit_code == 0
    item = lab.items()["wang2018cosface"]
    assert item["tags"] == [{"tag": "to read"}]
    assert item["extra"] == "tldr: margins\narXiv: 1801.09415\nread by: Ada"
    assert item["abstractNote"] == "My summary."


def test_what_a_member_trashed_is_not_brought_back(lab: Lab) -> None:
    lab.push()
    lab.edit_item("wang2018cosface", deleted=1)
    answer = lab.push()
    assert "trash" in answer.output
    assert set(lab.items()) == {"schroff2015facenet"}


def test_a_lost_lock_is_rebuilt_without_a_duplicate(lab: Lab) -> None:
    lab.push()
    lock = lab.lock.read_bytes()
    lab.lock.unlink()
    (lab.folder / ".dmlsync" / "sandbox.lock").unlink()
    answer = lab.push("--json").json
    assert answer["actions"] == []
    assert len(lab.items()) == 2
    assert lab.lock.read_bytes() == lock


def test_a_record_that_was_deleted_from_the_bib_comes_back_while_its_line_stands(lab: Lab) -> None:
    lab.push()
    text = lab.bib.read_text()
    start = text.index("@inproceedings{wang2018cosface")
    end = text.index("@inproceedings{deng2019arcface")
    lab.bib.write_text(text[:start] + text[end:])
    assert lab.push().exit_code == 0
    assert "wang2018cosface" in lab.bib.read_text()
    assert "5265--5274" in lab.bib.read_text()
    assert lab.push("--json").json["actions"] == []


def test_a_list_that_lost_a_good_part_of_its_lines_stops_the_run(lab: Lab) -> None:
    words = ("one", "two", "three", "four", "five", "six", "seven", "eight")
    row = "| Paper number {0} about metrics | Author{0}, A. | 2020 | CVPR | [PDF](https://example.org/{0}.pdf) | |\n"
    rows = [row.format(word) for word in words]
    lab.configure("papers.md", resolve='unresolved = "minimal"')
    lab.write("papers.md", HEADER + "".join(rows))
    assert lab.push().exit_code == 0
    lab.write("papers.md", HEADER + "".join(rows[:4]))
    answer = lab.push()
    assert answer.exit_code == 1
    assert "shrank from 8 works to 4" in answer.errors
    assert "--allow-shrink" in answer.errors
    assert all(item["collections"] for item in lab.items().values())
    assert lab.push("--allow-shrink", "--json").json["summary"] == {"uncollect": 4}


def test_an_emptied_collection_stops_the_run(lab: Lab) -> None:
    lab.write("papers.md", HEADER + FACENET + COSFACE + ARCFACE)
    lab.push()
    for key in list(lab.items()):
        lab.edit_item(key, collections=[])
    answer = lab.push()
    assert answer.exit_code == 1
    assert "none of the 3 items" in answer.errors


def test_an_entry_that_no_source_knows_can_be_pushed_with_what_the_list_says(lab: Lab) -> None:
    row = "| A Paper Nobody Knows | Doe, Jane and Roe, R. | 2021 | CVPR | [PDF](https://example.org/a.pdf) | |\n"
    lab.configure("papers.md", resolve='unresolved = "minimal"')
    lab.write("papers.md", HEADER + row)
    assert lab.push().exit_code == 0
    (item,) = lab.items().values()
    assert (item["title"], item["date"]) == ("A Paper Nobody Knows", "2021")
    assert item["tags"] == [{"tag": "needs metadata"}]
    assert "A Paper Nobody Knows" in lab.bib.read_text()
    lab.write("papers.md", HEADER + row.replace("CVPR", "ICCV"))
    assert lab.push("--json").json["summary"] == {"update": 1}


def test_by_default_an_entry_that_no_source_knows_waits(lab: Lab) -> None:
    row = "| A Paper Nobody Knows | Doe, Jane | 2021 | CVPR | [PDF](https://example.org/a.pdf) | |\n"
    lab.write("papers.md", HEADER + FACENET + row)
    answer = lab.push()
    assert answer.exit_code == 3
    assert "unresolved" in answer.output
    assert set(lab.items()) == {"schroff2015facenet"}
    states = [one["state"] for one in lab.run("status", "--json").json["entries"]]
    assert states == ["linked", "unresolved"]


def test_a_source_that_is_down_leaves_the_entry_pending_and_all_else_goes_on(lab: Lab) -> None:
    row = "| A Paper Nobody Knows | Doe, Jane | 2021 | CVPR | [PDF](https://example.org/a.pdf) | |\n"
    lab.configure("papers.md", sources={"dblp": "http://127.0.0.1:9"})
    lab.write("papers.md", HEADER + FACENET + row)
    answer = lab.push()
    assert answer.exit_code == 3
    assert "pending" in answer.output
    assert set(lab.items()) == {"schroff2015facenet"}


def test_the_sandbox_leaves_no_trace_in_the_committed_lock(lab: Lab) -> None:
    lab.push()
    assert "targets" not in json.loads(lab.lock.read_text())
    assert "targets" in json.loads((lab.folder / ".dmlsync" / "sandbox.lock").read_text())


def test_what_is_not_committed_says_so_itself(lab: Lab) -> None:
    lab.push()
    assert (lab.folder / ".dmlsync" / ".gitignore").read_text() == "*\n"


def test_two_runs_at_once_are_one_too_many(lab: Lab) -> None:
    with lab.project().alone():
        answer = lab.push()
    assert answer.exit_code == 1
    assert "another run of this project" in answer.errors


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere: run the tests as an ordinary user")
def test_a_bib_that_may_not_be_written_is_named(lab: Lab) -> None:
    lab.folder.chmod(0o500)
    try:
        assert lab.push().exit_code == 1
    finally:
        lab.folder.chmod(0o700)


MINIMAL = "| A Paper Nobody Knows | Doe, Jane and Roe, R. | 2021 | CVPR | [PDF](https://example.org/a.pdf) | |\n"


def minimal(lab: Lab, *rows: str) -> Lab:
    lab.configure("papers.md", resolve='unresolved = "minimal"')
    lab.write("papers.md", HEADER + "".join(rows))
    return lab


def test_one_unknown_paper_on_two_lines_is_one_item(lab: Lab) -> None:
    twice = MINIMAL.replace("[PDF](https://example.org/a.pdf)", "")
    assert minimal(lab, MINIMAL, twice).push().exit_code == 0
    assert len(lab.items()) == 1


def test_a_corrected_title_of_an_unknown_paper_keeps_key_and_item(lab: Lab) -> None:
    minimal(lab, MINIMAL).push()
    ((key, item),) = lab.items().items()
    minimal(lab, MINIMAL.replace("Nobody Knows", "Somebody Knows")).push()
    ((new_key, new_item),) = lab.items().items()
    assert (new_key, new_item["key"]) == (key, item["key"])
    assert new_item["title"] == "A Paper Somebody Knows"


def test_what_a_person_typed_outlives_later_edits_of_the_line(lab: Lab) -> None:
    minimal(lab, MINIMAL).push()
    (venue,) = {item["proceedingsTitle"] for item in lab.items().values()}
    lab.edit_bib(venue, "The Venue That I Typed")
    lab.push()
    minimal(lab, MINIMAL.replace("2021", "2022")).push()
    (item,) = lab.items().values()
    assert (item["proceedingsTitle"], item["date"]) == ("The Venue That I Typed", "2022")


def test_a_key_that_a_student_changed_is_a_conflict_and_no_second_entry(lab: Lab) -> None:
    lab.push()
    lab.edit_bib("{wang2018cosface,", "{cosface,")
    text = lab.bib.read_bytes()
    answer = lab.push("--json")
    assert answer.exit_code == 3
    assert [(one["field"], one["local"]) for one in answer.json["conflicts"]] == [("citationKey", "cosface")]
    assert lab.bib.read_bytes() == text
    assert set(lab.items()) == {"schroff2015facenet", "wang2018cosface"}


def test_other_capitals_in_a_key_are_no_change(lab: Lab) -> None:
    lab.push()
    lab.edit_bib("{wang2018cosface,", "{Wang2018CosFace,")
    text = lab.bib.read_bytes()
    assert lab.push("--json").json["actions"] == []
    assert lab.bib.read_bytes() == text


def test_a_brace_that_a_student_broke_stops_nobody_and_is_named(lab: Lab) -> None:
    lab.push()
    lab.edit_bib("pages = {4690--4699},", "pages = {4690--4699,")  # the last entry, which no line names
    lab.write("papers.md", HEADER + FACENET + COSFACE + ARCFACE)
    before = lab.bib.read_bytes()
    answer = lab.push()
    assert answer.exit_code == 3
    assert "library.bib:" in answer.output
    assert lab.bib.read_bytes() == before


def test_a_line_and_its_entry_that_are_deleted_together_stay_deleted(lab: Lab) -> None:
    lab.push()
    text = lab.bib.read_text()
    start, end = text.index("@inproceedings{wang2018cosface"), text.index("@inproceedings{deng2019arcface")
    lab.bib.write_text(text[:start] + text[end:])
    lab.write("papers.md", HEADER + FACENET)
    assert lab.push().exit_code == 0
    assert "cosface" not in lab.bib.read_text()


def test_resolving_does_not_disarm_the_guard(lab: Lab) -> None:
    rows = [MINIMAL.replace("Nobody", word).replace("/a.", f"/{word}.") for word in "ABCDEFGH"]
    minimal(lab, *rows).push()
    minimal(lab, *rows[:2])
    lab.run("resolve")
    answer = lab.push()
    assert answer.exit_code == 1
    assert "shrank from 8 works to 2" in answer.errors


def test_a_renamed_list_is_the_same_list(lab: Lab) -> None:
    lab.write("papers.md", HEADER + FACENET + COSFACE + ARCFACE)
    lab.push()
    (lab.folder / "papers.md").rename(lab.folder / "faces.md")
    lab.configure("faces.md")
    assert lab.push("--json").json["actions"] == []


def test_a_bib_that_a_person_saves_while_the_plan_is_shown_is_not_overrun(lab: Lab) -> None:
    project = lab.project()
    with project.alone():
        on_disk = project.read()
        catalog = project.catalog(on_disk)
        with project.library() as library:
            plan = project.plan(on_disk, catalog, library)
            lab.edit_bib("pages = {815--823}", "pages = {815--824}")
            with pytest.raises(FileChangedError):
                project.run(on_disk, catalog, plan, library)
    assert not lab.objects()
    assert "815--824" in lab.bib.read_text()


def test_a_deleted_collection_stops_the_run_and_is_made_anew_when_that_is_meant(lab: Lab) -> None:
    lab.write("papers.md", HEADER + FACENET + COSFACE + ARCFACE)
    lab.push()
    (collection,) = lab.objects("/collections")
    headers = {"If-Unmodified-Since-Version": str(collection["version"])}
    lab.zotero("DELETE", f"/collections/{collection['key']}", headers_more=headers)
    answer = lab.push()
    assert answer.exit_code == 1
    assert "was deleted in Zotero" in answer.errors
    assert lab.push("--allow-shrink").exit_code == 0
    assert all(item["collections"] for item in lab.items().values())
    assert lab.push("--json").json["actions"] == []


def test_status_shows_conflicts_of_the_last_reading_without_asking_anyone(lab: Lab) -> None:
    lab.push()
    lab.edit_item("wang2018cosface", pages="1-2")
    lab.edit_bib("pages = {5265--5274}", "pages = {5265--5275}")
    lab.push()
    (conflict,) = lab.run("status", "--json").json["conflicts"]
    assert (conflict["citation_key"], conflict["field"]) == ("wang2018cosface", "pages")
    assert (conflict["base"], conflict["local"], conflict["remote"]) == ("5265-5274", "5265-5275", "1-2")
    assert conflict["changed_by"]


def test_a_reset_sandbox_is_filled_again(lab: Lab) -> None:
    lab.push()
    assert lab.run("sandbox", "reset", "--yes").exit_code == 0
    assert [one["state"] for one in lab.run("status", "--json").json["entries"]] == ["resolved", "resolved"]
    assert lab.push().exit_code == 0
    assert len(lab.items()) == 2


def test_a_pull_brings_a_members_edit_to_the_bib_and_nothing_else(lab: Lab) -> None:
    lab.push()
    lab.edit_item("wang2018cosface", pages="5265-5276", publisher="IEEE", abstractNote="Mine.", tags=[{"tag": "own"}])
    before = lab.bib.read_text()
    answer = lab.run("pull", "--yes", "--json")
    assert answer.exit_code == 0
    assert answer.json["run"]  # so that it can be undone
    after = lab.bib.read_text()
    assert "pages = {5265--5276}" in after
    assert "publisher = {IEEE}" in after
    assert "Mine." not in after
    changed = set(after.splitlines()) ^ set(before.splitlines())
    assert len(changed) == 3
    assert lab.run("sync", "--yes", "--json").json["actions"] == []


def test_a_pull_leaves_zotero_and_local_edits_alone(lab: Lab) -> None:
    lab.push()
    lab.edit_bib("pages = {815--823}", "pages = {815--824}")
    lab.edit_item("wang2018cosface", pages="5265-5276")
    lab.run("pull", "--yes")
    assert lab.items()["schroff2015facenet"]["pages"] == "815-823"
    assert "815--824" in lab.bib.read_text()
    assert lab.push("--json").json["summary"] == {"update": 1}
    assert lab.items()["schroff2015facenet"]["pages"] == "815-824"


def test_a_sync_carries_edits_both_ways_in_one_run(lab: Lab) -> None:
    lab.push()
    lab.edit_bib("pages = {815--823}", "pages = {815--824}")
    lab.edit_item("wang2018cosface", pages="5265-5276", date="")
    answer = lab.run("sync", "--yes", "--json")
    assert answer.exit_code == 0
    assert answer.json["summary"] == {"update": 1, "pull": 1}
    assert lab.items()["schroff2015facenet"]["pages"] == "815-824"
    assert "5265--5276" in lab.bib.read_text()
    assert "date = {2018}" not in lab.bib.read_text()
    again = lab.run("sync", "--yes", "--json").json
    assert (again["actions"], again["requests"]) == ([], 1)


def test_what_was_pulled_outlives_later_answers_of_sources_and_lists(lab: Lab) -> None:
    minimal(lab, MINIMAL).push()
    (key,) = lab.items()
    lab.edit_item(key, title="The Title That a Member Typed")
    lab.run("sync", "--yes")
    assert lab.items()[key]["tags"] == []
    assert lab.run("sync", "--yes", "--json").json["actions"] == []
    minimal(lab, MINIMAL.replace("2021", "2022")).push()
    (item,) = lab.items().values()
    assert (item["title"], item["date"]) == ("The Title That a Member Typed", "2022")


def test_a_dry_pull_writes_nothing(lab: Lab) -> None:
    lab.push()
    lab.edit_item("wang2018cosface", pages="5265-5276")
    before = lab.bib.read_bytes()
    assert "5265-5276" in lab.run("pull", "--dry-run").output
    assert lab.bib.read_bytes() == before


def test_an_entry_that_cannot_be_read_gets_no_second_one_beside_it_when_the_lock_is_lost(lab: Lab) -> None:
    minimal(lab, MINIMAL).push()
    (key,) = lab.items()
    lab.edit_bib("{A Paper Nobody Knows}", "{{A Paper Nobody Knows}")
    lab.lock.unlink()
    (lab.folder / ".dmlsync" / "sandbox.lock").unlink()
    before = lab.bib.read_bytes()
    answer = lab.push()
    assert answer.exit_code == 3
    assert "mend it first" in answer.output
    assert lab.bib.read_bytes() == before
    lab.edit_bib("{{A Paper Nobody Knows}", "{A Paper Nobody Knows}")
    assert lab.push().exit_code == 0
    assert set(lab.items()) == {key}
    assert lab.bib.read_text().count("@") == 4


def test_status_ends_with_3_while_something_waits(lab: Lab) -> None:
    lab.push()
    assert lab.run("status").exit_code == 0
    lab.edit_item("wang2018cosface", pages="1-2")
    lab.edit_bib("pages = {5265--5274}", "pages = {5265--5275}")
    lab.push()
    assert lab.run("status").exit_code == 3


def test_a_lost_lock_and_a_retitled_line_that_no_source_knows_make_no_second_record(lab: Lab) -> None:
    minimal(lab, MINIMAL).push()
    ((key, item),) = lab.items().items()
    lab.lock.unlink()
    (lab.folder / ".dmlsync" / "sandbox.lock").unlink()
    minimal(lab, MINIMAL.replace("A Paper Nobody Knows", "A Paper That Nobody Knows"))
    before = lab.bib.read_bytes()
    assert lab.push().exit_code == 0
    assert lab.bib.read_bytes() == before
    assert {one["key"] for one in lab.items().values()} == {item["key"]}
    assert lab.run("status", "--json").json["entries"][0]["citation_key"] == key


def test_an_item_that_was_deleted_for_good_is_linked_no_more(lab: Lab) -> None:
    lab.push()
    item = lab.items()["wang2018cosface"]
    headers = {"If-Unmodified-Since-Version": str(item["version"])}
    lab.zotero("DELETE", f"/items/{item['key']}", headers_more=headers).raise_for_status()
    lab.push()
    first, second = lab.run("status", "--json").json["entries"]
    assert (first["state"], second["state"], second["item_key"]) == ("linked", "resolved", None)


def test_an_item_that_members_know_better_never_gets_the_tag_for_missing_metadata(lab: Lab) -> None:
    people = [{"creatorType": "author", "firstName": "Jane", "lastName": "Doe"}]
    known = {"itemType": "conferencePaper", "title": "A Paper Nobody Knows", "creators": people, "date": "2020"}
    lab.zotero("POST", "/items", json=[{**known, "citationKey": "doe2021paper"}]).raise_for_status()
    answer = minimal(lab, MINIMAL).push("--json")
    assert {one["field"] for one in answer.json["conflicts"]} == {"creators", "date"}
    ((key, item),) = lab.items().items()
    assert (key, item["tags"]) == ("doe2021paper", [])
    assert lab.push("--json").json["actions"] == []


@pytest.mark.parametrize("change", ["a better link", "another list"])
@pytest.mark.parametrize("typed", ["Deep metric lerning with proxies", "Deep metric learnings with proxies"])
def test_a_mended_title_keeps_key_and_item_though_more_of_its_line_changed(lab: Lab, typed: str, change: str) -> None:
    row = "| {} | Birch, A. and Roe, B. | 2011 | CVPR | [PDF](https://example.org/{}.pdf) | |\n"
    other = "| Another Paper of This List | Zett, Q. | 1999 | ICML | [PDF](https://example.org/zett.pdf) | |\n"
    mended = "Deep metric learning with proxies"
    lab.configure("a.md", "b.md", resolve='unresolved = "minimal"')
    lab.write("a.md", HEADER + other + row.format(typed, "birch"))
    lab.write("b.md", HEADER + other)
    lab.push()
    before = {key: item["key"] for key, item in lab.items().items()}
    if change == "a better link":
        lab.write("a.md", HEADER + other + row.format(mended, "birch-final"))
    else:
        lab.write("a.md", HEADER + other)
        lab.write("b.md", HEADER + other + row.format(mended, "birch"))
    assert lab.run("sync", "--yes").exit_code == 0
    assert {key: item["key"] for key, item in lab.items().items()} == before
    assert lab.bib.read_text().count("author = {Birch") == 1


@pytest.mark.parametrize("unresolved", ["skip", "minimal"])
def test_a_corrected_title_in_a_line_without_a_link_keeps_item_and_key(lab: Lab, unresolved: str) -> None:
    row = "| {} | Schroff, F. et al. | 2015 | CVPR | | |\n"
    lab.configure("papers.md", resolve=f'unresolved = "{unresolved}"')
    lab.write(
        "papers.md", HEADER + COSFACE + row.format("FaceNet: A Unified Embeding for Face Recognition and Clustering")
    )
    lab.bib.write_text(lab.bib.read_text().replace("Unified Embedding", "Unified Embeding"))
    lab.push()
    before = {key: (item["key"], item["collections"]) for key, item in lab.items().items()}
    assert "schroff2015facenet" in before
    lab.write(
        "papers.md", HEADER + COSFACE + row.format("FaceNet: A Unified Embedding for Face Recognition and Clustering")
    )
    answer = lab.push("--json").json
    assert "uncollect" not in answer["summary"]
    assert {key: (item["key"], item["collections"]) for key, item in lab.items().items()} == before
