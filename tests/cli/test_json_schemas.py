"""What `--json` prints, against the schemas in docs/schemas, in every state that a project can be in."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from lab import ARCFACE, COSFACE, FACENET, HEADER, Answer, Lab
from registry import article, running

from dmlsync.cli.app import COMMANDS
from dmlsync.sandbox import Sandbox

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
referencing = pytest.importorskip("referencing", reason="jsonschema's referencing is not installed")

ROOT = Path(__file__).parents[2]
SCHEMAS: dict[str, Any] = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "docs/schemas").glob("*.json"))
}
DOCUMENT = (ROOT / "docs/json.md").read_text(encoding="utf-8")
ENTRIES = ("entries", "reviews")
PLAN = ("actions", "conflicts", "notes", "summary")
RUN = (*PLAN, "run", "outcomes", "requests")
# What docs/json.md has promised from the first release: no schema may require less.
PROMISED: Mapping[str, Sequence[str]] = {
    "status": (*ENTRIES, "conflicts"),
    "resolve": (*ENTRIES, "written"),
    "plan": PLAN,
    "push": RUN,
    "pull": RUN,
    "sync": RUN,
    "merge": RUN,
    "undo": (*RUN, "undoes"),
    "check": ("problems",),
    "bib": ("keys", "unknown", "notes", "file", "bib"),
    "rekey": ("old", "new", "item_key", "in_zotero", "waits", "conflict", "rewrite"),
    "log": ("runs",),
}
SAMPLING = article(
    "10.1109/iccv.2017.309",
    "Sampling Matters in Deep Embedding Learning",
    ["Chao-Yuan Wu", "Raghuraman Manmatha"],
    2017,
    "2017 IEEE International Conference on Computer Vision (ICCV)",
)
PROXY = article(
    "10.1109/cvpr42600.2020.00330",
    "Proxy Anchor Loss for Deep Metric Learning",
    ["Sungyeon Kim", "Dongwon Kim"],
    2020,
    "2020 IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)",
)
DOUBTFUL = "| Sampling Matters in Deep Embedding Learning | | 2013 | | | |\n"
UNKNOWN = "| A Paper That Nobody Has Written | Nemo, N. | 2020 | CVPR | | |\n"
UNREADABLE = "| | Kim, S. et al. | 2020 | CVPR | [PDF](https://example.org/a.pdf) | |\n"

# Every command that asks nobody and needs no more than a project. `undo` and `rekey` change it, and come last.
EVERYWHERE: Sequence[Sequence[str]] = (
    ["status"],
    ["plan"],
    ["push", "--dry-run"],
    ["pull", "--dry-run"],
    ["sync", "--dry-run"],
    ["merge", "--dry-run"],
    ["resolve"],
    ["review"],
    ["check"],
    ["bib"],
    ["log"],
    ["doctor", "--offline"],
    ["site", "page"],
    ["push", "--yes"],
    ["sync", "--yes"],
    ["pull", "--yes"],
    ["review", "-o", "review.toml"],
    ["check", "--fix"],
    ["log"],
    ["merge", "--yes"],
    ["undo", "--yes"],
    ["rekey", "schroff2015facenet", "facenet"],
    ["status"],
)


def closed(schema: Any) -> Any:
    """The schema without room for fields that it does not name: what is printed has to be described."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(value) for name, value in schema.items()}
    items = found.get("items")
    if isinstance(items, dict) and ("$ref" in items or items.get("type") == "object"):
        found["items"] = {**items, "unevaluatedProperties": False}
    return found


def validator(name: str, *, strict: bool) -> Any:
    """What checks an answer of a command; a strict one refuses fields that the schema does not name."""
    made = {f"{one}.json": closed(schema) if strict else schema for one, schema in SCHEMAS.items()}
    registry = referencing.Registry().with_contents(made.items())
    schema: dict[str, Any] = {"$schema": SCHEMAS[name]["$schema"], "$ref": f"{name}.json"}
    if strict and name != "convert":
        schema["unevaluatedProperties"] = False
    return jsonschema.Draft202012Validator(schema, registry=registry)


def check(name: str, answer: Answer, *, strict: bool = True) -> Any:
    """The answer of a command, which has to be one JSON value as the command's schema says."""
    assert answer.output, answer
    problems = [f"{one.json_path}: {one.message}" for one in validator(name, strict=strict).iter_errors(answer.json)]
    assert not problems, (problems, answer)
    return answer.json


def check_all(lab: Lab, commands: Sequence[Sequence[str]], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The answers of some commands, the last of each."""
    monkeypatch.chdir(lab.folder)
    answers = {}
    for arguments in commands:
        answer = lab.run(*arguments, "--json")
        assert answer.exit_code in (0, 1, 3), answer
        if answer.exit_code != 1 or answer.output:
            answers[arguments[0]] = check(arguments[0], answer)
    return answers


@pytest.fixture
def asking(lab: Lab) -> Iterator[Lab]:
    """A project whose source knows two papers, with a line that it is not certain of and one that nobody knows."""
    with running() as registry:
        registry.works = [SAMPLING, PROXY]
        lab.configure("papers.md", sources={"crossref": registry.url})
        lab.write("papers.md", HEADER + FACENET + COSFACE + DOUBTFUL + UNKNOWN + UNREADABLE)
        yield lab


# ---- the schemas themselves ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_schema(name: str) -> None:
    assert name in SCHEMAS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_section_in_the_document(name: str) -> None:
    headings = [line for line in DOCUMENT.splitlines() if line.startswith("## ")]
    assert any(f"`dmlsync {name}" in line or f" `{name} " in line for line in headings)


def test_every_field_at_the_top_of_an_answer_is_in_the_document() -> None:
    fields = {field for fields in PROMISED.values() for field in fields}
    assert not [field for field in fields if field not in DOCUMENT]


def test_every_schema_is_one_and_belongs_to_a_command() -> None:
    assert set(SCHEMAS) == {*COMMANDS, "common"}
    for schema in SCHEMAS.values():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["title"]


@pytest.mark.parametrize("name", PROMISED)
def test_a_schema_requires_what_was_promised(name: str) -> None:
    errors = [*validator(name, strict=False).iter_errors({})]
    assert {f"'{field}' is a required property" for field in PROMISED[name]} <= {one.message for one in errors}


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "convert"])
def test_a_schema_has_room_for_fields_to_come_but_not_for_an_empty_answer(name: str) -> None:
    assert list(validator(name, strict=False).iter_errors({}))
    assert "additionalProperties" not in {key for key in SCHEMAS[name] if key != "$defs"}


# ---- every command, in every state -----------------------------------------------------------------------------------


def test_a_project_that_was_never_pushed(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = check_all(lab, EVERYWHERE, monkeypatch)
    assert answers["undo"]["actions"]
    assert answers["log"]["runs"]


def test_a_project_with_nothing_to_do(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.push()
    answers = check_all(lab, EVERYWHERE[:15], monkeypatch)
    assert (answers["sync"]["run"], answers["plan"]["actions"]) == (None, [])


def test_a_project_with_conflicts_and_edits_on_both_sides(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.push()
    lab.edit_bib("pages = {815--823}", "pages = {815--824}")
    lab.edit_item("schroff2015facenet", pages="815-825", publisher="IEEE")
    lab.edit_item("wang2018cosface", date="2018-06", deleted=1)
    first = check("push", lab.push("--json"))
    assert [one["field"] for one in first["conflicts"]] == ["pages"]
    answers = check_all(lab, EVERYWHERE, monkeypatch)
    assert answers["log"]["runs"]


def test_lines_that_wait_for_an_answer(asking: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = check_all(asking, EVERYWHERE, monkeypatch)
    states = {one["state"] for one in answers["status"]["entries"]}
    assert {"review", "unresolved"} <= states
    assert answers["status"]["reviews"][0]["candidates"]
    assert answers["check"]["problems"]
    check("resolve", asking.run("resolve", "--refresh", "--json"))
    check("review", asking.run("review", "--apply", str(asking.folder / "review.toml"), "--json"))


def test_a_source_that_is_down(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.configure("papers.md", sources={"crossref": "http://127.0.0.1:9"})
    lab.write("papers.md", HEADER + FACENET + UNKNOWN)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    answers = check_all(lab, [["resolve"], ["status"], ["push", "--yes"]], monkeypatch)
    assert "pending" in {one["state"] for one in answers["status"]["entries"]}


def test_papers_that_are_added(asking: Lab) -> None:
    asking.run("resolve")
    written = check("add", asking.run("add", PROXY["DOI"], "--dry-run", "--json"))
    assert (written["written"], written["state"]) == (False, None)
    assert check("add", asking.run("add", PROXY["DOI"], "--yes", "--json"))["written"] is True
    assert check("add", asking.run("add", PROXY["DOI"], "--yes", "--json"))["duplicate"]["line"]
    check("add", asking.run("add", "Sampling in Deep Embedding of Things", "--yes", "--json"))


def test_several_items_of_a_work(lab: Lab) -> None:
    lab.push()
    twin = {"itemType": "conferencePaper", "title": "CosFace", "DOI": "10.1109/CVPR.2018.00552"}
    lab.zotero("POST", "/items", json=[twin])
    merged = check("merge", lab.run("merge", "--yes", "--json"))
    assert merged["outcomes"]["written"]
    check("undo", lab.run("undo", "--dry-run", "--json"))


def test_a_saved_plan_and_works_that_moved_since(lab: Lab) -> None:
    saved = str(lab.folder / "plan.json")
    check("plan", lab.run("plan", "-o", saved, "--json"))
    check("plan", Answer(0, Path(saved).read_text(encoding="utf-8"), ""), strict=False)
    lab.edit_bib("date = {2015}", "date = {2016}")
    assert check("push", lab.run("push", saved, "--yes", "--json"))["moved"]


def test_what_a_document_cites(lab: Lab) -> None:
    paper = lab.write("paper.tex", r"\cite{schroff2015facenet,schrof2015facenet} \input{gone}")
    answer = check("bib", lab.run("bib", "--cited", str(paper), "--json"))
    assert answer["unknown"][0]["nearest"]
    output = str(lab.folder / "cited.bib")
    assert check("bib", lab.run("bib", "--cited", str(paper), "-o", output, "--json"))["bib"] is None


def test_a_new_project(tmp_path: Path) -> None:
    new = Lab(tmp_path / "new")
    new.write("papers.md", "# Papers\n\n" + HEADER + FACENET + COSFACE + ARCFACE)
    assert check("init", new.run("init", "--yes", "--json"))["library"] == "sandbox"


@pytest.mark.parametrize("form", ["zotero", "csl"])
def test_converted_items(lab: Lab, form: str) -> None:
    check("convert", lab.run("convert", str(lab.bib), "--from", "bib", "--to", form, "--json"))


def test_the_sandbox(lab: Lab) -> None:
    check("sandbox", lab.run("sandbox", "new-group", "--json"))
    check("sandbox", lab.run("sandbox", "reset", "--yes", "--json"))
    command = [sys.executable, "-m", "dmlsync", "--config", str(lab.config), "sandbox", "serve", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as serving:
        assert serving.stdout
        check("sandbox", Answer(0, serving.stdout.readline(), ""))
        serving.send_signal(signal.SIGINT if os.name != "nt" else signal.SIGTERM)


# ---- failures --------------------------------------------------------------------------------------------------------

NEED_A_PROJECT: Sequence[Sequence[str]] = (
    *EVERYWHERE[:11],
    ["site", "page"],
    ["add", "10.1/x", "--yes"],
    ["rekey", "a", "b"],
    ["undo", "--yes"],
    ["sandbox", "reset", "--yes"],
)


@pytest.mark.parametrize("arguments", NEED_A_PROJECT, ids=" ".join)
def test_a_failure_prints_nothing_but_a_sentence_on_standard_error(arguments: Sequence[str], tmp_path: Path) -> None:
    answer = Lab(tmp_path / "empty").run(*arguments, "--json")
    assert (answer.exit_code, answer.output) == (2, "")
    assert re.fullmatch(r"error: [^\n]+\n", answer.errors)


def test_a_list_that_cannot_be_read_is_named_on_standard_error(lab: Lab) -> None:
    lab.write("papers.md", "")
    for command in ("status", "plan"):
        answer = lab.run(command, "--json")
        assert (answer.exit_code, answer.output, answer.errors.count("\n")) == (1, "", 1)
        assert "papers.md" in answer.errors


def test_the_doctor_answers_even_where_there_is_no_project(tmp_path: Path) -> None:
    answer = Lab(tmp_path / "empty").run("doctor", "--offline", "--json")
    assert answer.exit_code == 1
    assert "failed" in {one["state"] for one in check("doctor", answer)["checks"]}


def test_wrong_usage_prints_nothing_on_standard_output(lab: Lab) -> None:
    for arguments in (["push"], ["nonsense"], ["rekey"], ["plan", "--nonsense"]):
        answer = lab.run(*arguments, "--json")
        assert (answer.exit_code, answer.output) == (2, "")


def test_a_run_that_ends_early_tells_what_it_did_until_then(
    lab: Lab, server: tuple[str, Sandbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, sandbox = server
    lab.configure("papers.md", zotero=f'library = "groups/{sandbox.group}"\nendpoint = "{url}"')
    monkeypatch.setenv("ZOTERO_API_KEY", sandbox.read_only_key)
    answer = lab.push("--json")
    assert (answer.exit_code, answer.errors.startswith("error: ")) == (1, True)
    assert check("push", answer)["outcomes"]["written"] == 0
