"""`dmlsync resolve`: questions are asked once, answers are remembered, and nothing is replaced unasked."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from lab import HEADER, Lab
from registry import Registry, article, running

TITLE = "Sampling Matters in Deep Embedding Learning"
AUTHORS = ["Chao-Yuan Wu", "Raghuraman Manmatha", "Alexander Smola", "Philipp Krahenbuhl"]
VENUE = "2017 IEEE International Conference on Computer Vision (ICCV)"
THE_PAPER = article("10.1109/iccv.2017.309", TITLE, AUTHORS, 2017, VENUE, page="2859-2867")
ANOTHER = article("10.1109/iccv.2012.1", "Sampling Matters in Deep Learning", AUTHORS[:2], 2012, VENUE)
# Another year and no author: not certain enough for anything but a question.
ROW = f"| {TITLE} | | 2013 | | | |\n"
CLEAR_ROW = f"| {TITLE} | Wu, C.-Y. et al. | 2017 | ICCV | | |\n"


@pytest.fixture
def registry() -> Iterator[Registry]:
    with running() as registry:
        registry.works = [THE_PAPER]
        yield registry


@pytest.fixture
def asking(lab: Lab, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Lab:
    """A project with one doubtful row, and a person at the terminal."""
    lab.configure("papers.md", sources={"crossref": registry.url})
    lab.write("papers.md", HEADER + ROW)
    lab.write("library.bib", "")
    monkeypatch.setattr("dmlsync.cli.resolve.has_terminal", lambda ctx: True)
    monkeypatch.setattr("dmlsync.cli.proposals.has_terminal", lambda ctx: True)
    return lab


def test_without_a_terminal_the_question_is_listed(asking: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmlsync.cli.resolve.has_terminal", lambda ctx: False)
    answer = asking.run("resolve")
    assert answer.exit_code == 3
    assert "review" in answer.output
    assert TITLE in answer.output
    [review] = asking.run("status", "--json").json["reviews"]
    assert review["candidates"][0]["name"] == "doi:10.1109/iccv.2017.309"


def test_a_candidate_is_shown_beside_the_entry_with_the_reasons(asking: Lab) -> None:
    shown = asking.run("resolve", typed="q\n").output
    assert "the list" in shown
    assert "1  crossref" in shown
    assert "2013" in shown
    assert "2017" in shown
    assert "year differs by 4" in shown


def test_an_applied_candidate_becomes_the_record(asking: Lab) -> None:
    answer = asking.run("resolve", typed="a\n")
    assert answer.exit_code == 0
    assert "10.1109/iccv.2017.309" in asking.bib.read_text()
    answers = json.loads(asking.lock.read_text())["answers"]
    assert [one["accepted"] for one in answers.values()] == ["doi:10.1109/iccv.2017.309"]


def test_none_of_these_is_remembered(asking: Lab, registry: Registry) -> None:
    assert asking.run("resolve", typed="0\n").exit_code == 3
    before = len(registry.asked)
    again = asking.run("resolve")
    assert "unresolved" in again.output
    assert "the list" not in again.output
    assert len(registry.asked) == before
    assert asking.bib.read_text() == ""


def test_a_rejected_candidate_leaves_the_others(asking: Lab, registry: Registry) -> None:
    registry.works = [ANOTHER, THE_PAPER]
    asking.run("resolve", typed="q\n")
    [before] = asking.run("status", "--json").json["reviews"]
    asking.run("resolve", typed="n\nq\n")
    [after] = asking.run("status", "--json").json["reviews"]
    assert [one["name"] for one in after["candidates"]] == [one["name"] for one in before["candidates"][1:]]


def test_a_skipped_question_is_asked_again(asking: Lab) -> None:
    asking.run("resolve", typed="s\n")
    assert "the list" in asking.run("resolve", typed="q\n").output


def test_an_identifier_can_be_typed(asking: Lab, registry: Registry) -> None:
    registry.works = [ANOTHER, article("10.5555/right", "An Other Title Altogether", AUTHORS, 2013, VENUE)]
    answer = asking.run("resolve", typed="https://doi.org/10.5555/RIGHT\ny\n")
    assert "An Other Title Altogether" in answer.output
    assert "10.5555/right" in asking.bib.read_text()


def test_an_identifier_that_nobody_knows_is_no_answer(asking: Lab) -> None:
    answer = asking.run("resolve", typed="10.5555/nowhere\nq\n")
    assert "no source knows doi:10.5555/nowhere" in answer.output
    assert "answers" not in json.loads(asking.lock.read_text())


def test_other_words_can_be_searched_for(asking: Lab, registry: Registry) -> None:
    registry.works = [THE_PAPER, article("10.5555/mono", "Monocular Ocean Waves", ["A. Sailor"], 2013, "Ocean")]
    asking.run("resolve", typed="/ monocular ocean waves\n1\n")
    assert "10.5555/mono" in asking.bib.read_text()


def test_an_entry_that_nobody_knows_can_be_named_and_told(asking: Lab, registry: Registry) -> None:
    registry.works = []
    assert "to decide" not in asking.run("resolve").output
    registry.works = [article("10.5555/found", "Found on a Shelf", ["Ann Tailor"], 2013, VENUE)]
    answer = asking.run("resolve", "papers:3", typed="10.5555/found\ny\n")
    assert "no source has a candidate" in answer.output
    assert "10.5555/found" in asking.bib.read_text()


def test_what_is_no_answer_is_said(asking: Lab) -> None:
    answer = asking.run("resolve", typed="perhaps\n?\nq\n")
    assert "'perhaps' is no answer" in answer.output
    assert "none of these" in answer.output


def test_one_answer_serves_all_questions_like_it(asking: Lab, registry: Registry) -> None:
    other = "Attention Pooling for Similarity of Garments"
    registry.works = [THE_PAPER, article("10.5555/garments", other, ["Ann Tailor"], 2017, VENUE)]
    asking.write("papers.md", HEADER + ROW + f"| {other} | | 2013 | | | |\n")
    answer = asking.run("resolve", typed="A\n")
    assert answer.exit_code == 0
    assert "like before" in answer.output
    assert {"10.1109/iccv.2017.309", "10.5555/garments"} <= set(asking.bib.read_text().replace("}", "{").split("{"))


def test_an_answer_counts_for_the_same_paper_on_another_list(asking: Lab, registry: Registry) -> None:
    asking.configure("papers.md", "more.md", sources={"crossref": registry.url})
    asking.write("more.md", HEADER + ROW)
    assert asking.run("resolve", typed="a\n").exit_code == 0
    assert asking.bib.read_text().count("@inproceedings") == 1


def test_an_answer_kept_before_a_crash_is_used_by_the_next_run(asking: Lab) -> None:
    asking.run("resolve", typed="q\n")
    [review] = asking.run("status", "--json").json["reviews"]
    lock = json.loads(asking.lock.read_text())
    lock["answers"] = {
        "sampling matters in deep embedding learning||2013": {"accepted": review["candidates"][0]["name"]}
    }
    asking.lock.write_text(json.dumps(lock))
    assert asking.run("resolve").exit_code == 0
    assert "10.1109/iccv.2017.309" in asking.bib.read_text()


# ---- --refresh ------------------------------------------------------------------------------------------------------


@pytest.fixture
def pushed(asking: Lab) -> Lab:
    """A project whose one work came from the registry and is in Zotero."""
    asking.write("papers.md", HEADER + CLEAR_ROW)
    assert asking.push().exit_code == 0
    return asking


def corrected(registry: Registry, **changes: object) -> None:
    registry.works = [{**THE_PAPER, **changes}]


def test_a_correction_of_a_source_is_proposed_and_not_taken(pushed: Lab, registry: Registry) -> None:
    corrected(registry, page="2840-2848")
    before = pushed.bib.read_bytes(), pushed.lock.read_bytes()
    answer = pushed.run("resolve", "--refresh", typed="s\n")
    assert answer.exit_code == 3
    assert "pages: 2859-2867 -> 2840-2848  (crossref)" in answer.output
    assert (pushed.bib.read_bytes(), pushed.lock.read_bytes()) == before


def test_an_accepted_proposal_goes_to_the_record_and_with_the_next_push_to_zotero(
    pushed: Lab, registry: Registry
) -> None:
    corrected(registry, page="2840-2848")
    assert pushed.run("resolve", "--refresh", typed="a\n").exit_code == 0
    assert "2840--2848" in pushed.bib.read_text()
    assert pushed.push().exit_code == 0
    assert [item["pages"] for item in pushed.items().values()] == ["2840-2848"]


def test_a_declined_proposal_is_not_made_again(pushed: Lab, registry: Registry) -> None:
    corrected(registry, page="2840-2848")
    assert pushed.run("resolve", "--refresh", typed="n\n").exit_code == 0
    again = pushed.run("resolve", "--refresh")
    assert "The sources say what the records say" in again.output


def test_what_a_person_typed_is_never_proposed_away(pushed: Lab, registry: Registry) -> None:
    pushed.edit_bib("2859--2867", "2859--2868")
    corrected(registry, page="2840-2848")
    answer = pushed.run("resolve", "--refresh", "--yes")
    assert answer.exit_code == 0
    assert "2859--2868" in pushed.bib.read_text()


def test_proposals_are_json_too(pushed: Lab, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmlsync.cli.proposals.has_terminal", lambda ctx: False)
    corrected(registry, page="2840-2848")
    [proposal] = pushed.run("resolve", "--refresh", "--json").json["proposals"]
    change = {"name": "pages", "before": "2859-2867", "after": "2840-2848", "why": "crossref"}
    assert proposal["fields"] == [change]


def test_yes_goes_with_refresh_only(asking: Lab) -> None:
    assert asking.run("resolve", "--yes").exit_code == 2


# ---- undoing ---------------------------------------------------------------------------------------------------------


def test_what_was_resolved_is_undone_without_the_library(asking: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    asking.write("papers.md", HEADER + CLEAR_ROW)
    asking.run("resolve")
    resolved = asking.bib.read_bytes()
    asking.configure("papers.md", zotero='library = "groups/7"\nendpoint = "http://127.0.0.1:9"')
    assert asking.run("undo", "--yes").exit_code == 1  # that run was about the sandbox
    asking.configure("papers.md")
    monkeypatch.setattr("dmlsync.project.Project.library", None)
    answer = asking.run("undo", "--yes", "--json")
    assert (answer.exit_code, answer.json["summary"], answer.json["requests"]) == (0, {"restore": 1}, 0)
    assert asking.bib.read_bytes() == b""
    log = asking.run("log").output
    assert "resolve: 1 record in library.bib\n    was undone" in log
    asking.run("undo", "--yes", answer.json["run"])
    assert asking.bib.read_bytes() == resolved


def test_a_record_that_is_in_zotero_by_now_is_spared(asking: Lab) -> None:
    asking.write("papers.md", HEADER + CLEAR_ROW)
    asking.run("resolve")
    asking.push()
    resolving = asking.run("log", "--json").json["runs"][-1]
    answer = asking.run("undo", "--yes", "--json", resolving["run"])
    assert answer.json["actions"] == []
    assert [one["detail"] for one in answer.json["notes"]] == ["its item is in the library by now"]
    assert asking.push("--json").json["actions"] == []


def test_a_proposal_that_was_taken_over_is_undone(pushed: Lab, registry: Registry) -> None:
    corrected(registry, page="2840-2848")
    before = pushed.bib.read_bytes()
    assert pushed.run("resolve", "--refresh", typed="a\n").exit_code == 0
    assert pushed.bib.read_bytes() != before
    assert pushed.run("undo", "--yes").exit_code == 0
    assert pushed.bib.read_bytes() == before


@pytest.mark.parametrize("who", ["student", "member"])
def test_a_field_that_a_person_emptied_stays_empty_however_often_its_line_is_edited(pushed: Lab, who: str) -> None:
    assert "pages = " in pushed.bib.read_text()
    if who == "student":
        pushed.edit_bib("  pages = {2859--2867},\n", "")
    else:
        [key] = pushed.items()
        pushed.edit_item(key, pages="")
    pushed.run("sync", "--yes")
    for venue in ("IEEE ICCV", "ICCV 2017", "ICCV"):
        pushed.write("papers.md", HEADER + CLEAR_ROW.replace("ICCV", venue))
        assert pushed.run("sync", "--yes").exit_code == 0
        assert "pages = " not in pushed.bib.read_text(), venue
        assert [item["pages"] for item in pushed.items().values()] == [""]
