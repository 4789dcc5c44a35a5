"""Plans that are saved, looked at, and carried out later."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lab import ARCFACE, COSFACE, FACENET, HEADER, Lab


@pytest.fixture
def pushed(lab: Lab) -> Lab:
    assert lab.push().exit_code == 0
    return lab


def saved(lab: Lab) -> Path:
    path = lab.folder / "plan.json"
    answer = lab.run("plan", "-o", str(path))
    assert answer.exit_code == 0
    assert f"dmlsync push {path}" in answer.output
    return path


def test_a_saved_plan_is_carried_out_as_it_was_made(lab: Lab) -> None:
    path = saved(lab)
    assert not lab.objects()
    answer = lab.push(str(path), "--json")
    assert answer.exit_code == 0
    assert answer.json["summary"] == {"collection": 1, "create": 2, "link": 3}
    assert "moved" not in answer.json
    assert lab.push("--json").json["actions"] == []


def test_what_is_not_in_the_plan_is_left_for_the_next_push(pushed: Lab) -> None:
    pushed.edit_bib("pages = {815--823}", "pages = {815--824}")
    path = saved(pushed)
    pushed.edit_bib("pages = {5265--5274}", "pages = {1}")
    pushed.write("papers.md", HEADER + FACENET + COSFACE + "\n## More\n\n" + HEADER + ARCFACE)
    answer = pushed.push(str(path), "--json").json
    assert [one["citation_key"] for one in answer["actions"]] == ["schroff2015facenet"]
    assert len(pushed.objects("/collections")) == 1
    assert pushed.push("--json").json["summary"] == {"collection": 1, "create": 1, "link": 1, "update": 1}


def test_a_work_that_moved_is_named_and_planned_anew_and_the_others_go_out(pushed: Lab) -> None:
    pushed.edit_bib("pages = {815--823}", "pages = {815--824}")
    pushed.edit_bib("pages = {5265--5274}", "pages = {1}")
    path = saved(pushed)
    pushed.edit_item("wang2018cosface", pages="7")
    answer = pushed.push(str(path))
    assert answer.exit_code == 3
    assert "wang2018cosface  changed in Zotero since the plan was made: planned anew" in answer.output
    items = pushed.items()
    assert (items["schroff2015facenet"]["pages"], items["wang2018cosface"]["pages"]) == ("815-824", "7")


def test_a_value_that_was_edited_here_meanwhile_goes_out_as_it_is_now(pushed: Lab) -> None:
    pushed.edit_bib("pages = {815--823}", "pages = {815--824}")
    path = saved(pushed)
    pushed.edit_bib("pages = {815--824}", "pages = {815--825}")
    answer = pushed.push(str(path), "--json").json
    assert answer["moved"] == [
        {
            "citation_key": "schroff2015facenet",
            "what": "changed in library.bib or in its list since the plan was made: planned anew",
        }
    ]
    assert pushed.items()["schroff2015facenet"]["pages"] == "815-825"


def test_a_line_that_was_added_since_gets_no_record_yet(pushed: Lab) -> None:
    pushed.configure("papers.md", resolve='unresolved = "minimal"')
    pushed.edit_bib("pages = {815--823}", "pages = {815--824}")
    path, text = saved(pushed), pushed.bib.read_text()
    row = "| A Paper Nobody Knows | Doe, Jane and Roe, R. | 2021 | CVPR | [PDF](https://example.org/a.pdf) | |\n"
    pushed.write("papers.md", HEADER + FACENET + COSFACE + row)
    answer = pushed.push(str(path))
    assert answer.exit_code == 3  # the new line waits
    assert pushed.bib.read_text() == text
    assert "Nobody" not in pushed.lock.read_text()
    assert pushed.items()["schroff2015facenet"]["pages"] == "815-824"
    assert pushed.push("--json").json["summary"] == {"create": 1, "link": 1}
    assert "Nobody" in pushed.bib.read_text()


def test_a_plan_that_was_carried_out_has_nothing_left(lab: Lab) -> None:
    path = saved(lab)
    lab.push(str(path))
    answer = lab.push(str(path), "--json").json
    assert answer["actions"] == []
    assert {one["what"] for one in answer["moved"]} == {"there is nothing left to do"}


def test_a_removal_can_be_saved(pushed: Lab) -> None:
    pushed.write("papers.md", HEADER + FACENET)
    path = saved(pushed)
    assert pushed.push(str(path), "--json").json["summary"] == {"uncollect": 1}


def changed(path: Path, **members: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **members}))


def test_what_is_no_whole_plan_for_this_library_is_refused_with_one_sentence(lab: Lab) -> None:
    path = saved(lab)
    text = path.read_text()
    damages = {
        "is no plan of dmlsync": lambda: path.write_text("{"),
        "has the format 2": lambda: changed(path, dmlsync_plan=2),
        "was changed after it was made": lambda: changed(path, made_of={}),
        "there is no such file": path.unlink,
    }
    for words, damage in damages.items():
        path.write_text(text)
        damage()
        answer = lab.push(str(path))
        assert (answer.exit_code, answer.errors.count("\n")) == (1, 1)
        assert words in answer.errors
        assert not lab.objects()


def test_a_plan_for_another_library_is_refused(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    path = saved(lab)
    monkeypatch.setenv("ZOTERO_API_KEY", "x" * 24)
    lab.configure("papers.md", zotero='library = "groups/7"\nendpoint = "http://127.0.0.1:9"')
    answer = lab.push(str(path))
    assert answer.exit_code == 1
    assert "is about sandbox, the configuration names http://127.0.0.1:9/groups/7" in answer.errors


def test_plan_ends_with_4_on_request_while_changes_are_pending(lab: Lab) -> None:
    assert lab.run("plan", "--exit-code").exit_code == 4
    lab.push()
    assert lab.run("plan", "--exit-code").exit_code == 0
