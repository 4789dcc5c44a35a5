"""How many requests a run may take: people share a server, and wait."""

from __future__ import annotations

from math import ceil

import pytest
from lab import Lab, many_rows


@pytest.fixture
def pushed(lab: Lab) -> Lab:
    assert lab.push().exit_code == 0
    return lab


@pytest.mark.parametrize("command", ["push", "pull", "sync"])
def test_nothing_changed_takes_one_request(pushed: Lab, command: str) -> None:
    answer = pushed.run(command, "--yes", "--json").json
    assert (answer["actions"], answer["requests"]) == ([], 1)


@pytest.mark.parametrize("number", [1, 16, 17, 50, 60, 100, 150])
def test_new_papers_with_pdf_and_code_go_out_in_full_batches(lab: Lab, number: int) -> None:
    lab.configure("papers.md", resolve='unresolved = "minimal"')
    lab.write("papers.md", many_rows(number))
    answer = lab.push("--json").json
    assert answer["outcomes"] == {"written": 3 * number + 1, "unchanged": 0, "stale": 0, "refused": 0}
    assert answer["requests"] <= ceil(3 * number / 50) + 4


def test_an_edited_field_takes_at_most_four(pushed: Lab) -> None:
    pushed.edit_bib("pages = {815--823}", "pages = {815--824}")
    answer = pushed.push("--json").json
    assert answer["outcomes"]["written"] == 1
    assert answer["requests"] <= 4
    assert pushed.push("--json").json["requests"] == 1
