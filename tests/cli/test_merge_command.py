"""Duplicates that were there before become one item when somebody asks for it."""

from __future__ import annotations

from typing import Any

import pytest
from lab import Lab


def add(lab: Lab, **fields: Any) -> str:
    answer = lab.zotero("POST", "/items", json=[fields]).raise_for_status().json()
    return str(answer["success"]["0"])


def data(lab: Lab, key: str) -> dict[str, Any]:
    return dict(lab.zotero("GET", f"/items/{key}").raise_for_status().json()["data"])


@pytest.fixture
def doubled(lab: Lab) -> tuple[Lab, str, str]:
    """A library with a second FaceNet that members have worked on: the keys of both."""
    assert lab.push().exit_code == 0
    own = lab.zotero("POST", "/collections", json=[{"name": "Mine"}]).json()["success"]["0"]
    other = add(
        lab,
        itemType="conferencePaper",
        title="FaceNet",
        DOI="10.1109/cvpr.2015.7298682",
        publisher="IEEE",
        abstractNote="What it says.",
        pages="1-2",
        callNumber="Q 7",
        extra="read by: Ada\narXiv: 1503.03832",
        tags=[{"tag": "to read"}],
        collections=[own],
    )
    add(lab, itemType="note", parentItem=other, note="a thought")
    add(lab, itemType="attachment", linkMode="linked_url", parentItem=other, title="Slides", url="https://x.org/slides")
    url = "https://arxiv.org/pdf/1503.03832"
    add(lab, itemType="attachment", linkMode="linked_url", parentItem=other, title="PDF", url=url)
    return lab, lab.items()["schroff2015facenet"]["key"], other


def test_duplicates_are_left_alone_until_somebody_asks(doubled: tuple[Lab, str, str]) -> None:
    lab, _, other = doubled
    lab.run("sync", "--yes")
    assert "deleted" not in data(lab, other)
    assert lab.run("merge", "schroff2015facenet").exit_code == 2  # no terminal to ask on
    assert "deleted" not in data(lab, other)


def test_a_merge_completes_the_item_that_stays_and_loses_nothing(doubled: tuple[Lab, str, str]) -> None:
    lab, key, other = doubled
    before = data(lab, key)
    answer = lab.run("merge", "schroff2015facenet", "--yes", "--json").json
    assert answer["summary"] == {"update": 1, "move": 2, "trash": 1}
    assert answer["outcomes"]["written"] == 4
    item = data(lab, key)
    assert (item["title"], item["pages"]) == (before["title"], "815-823")
    assert (item["publisher"], item["abstractNote"], item["callNumber"]) == ("IEEE", "What it says.", "Q 7")
    assert item["extra"].split("\n") == ["arXiv: 1503.03832", "read by: Ada"]
    assert item["tags"] == [{"tag": "to read"}]
    assert len(item["collections"]) == 2
    assert item["relations"]["dc:replaces"].endswith(f"/items/{other}")
    assert data(lab, other)["deleted"] == 1
    children = lab.objects(f"/items/{key}/children")
    assert sorted(one.get("url") or one["note"] for one in children) == [
        "<p>a thought</p>",
        "https://arxiv.org/pdf/1503.03832",
        "https://github.com/davidsandberg/facenet",
        "https://x.org/slides",
    ]
    assert lab.run("merge", "--yes", "--json").json["actions"] == []


def test_a_merge_comes_to_rest_with_the_next_sync(doubled: tuple[Lab, str, str]) -> None:
    lab, _, _ = doubled
    lab.run("merge", "--yes")
    assert lab.run("sync", "--yes", "--json").json["summary"] == {"pull": 1}
    assert "publisher = {IEEE}" in lab.bib.read_text()
    again = lab.run("sync", "--yes", "--json").json
    assert (again["actions"], again["notes"]) == ([], [])


def test_a_merge_can_be_undone(doubled: tuple[Lab, str, str]) -> None:
    lab, key, other = doubled
    hidden = ("version", "dateModified")
    before = [{name: value for name, value in data(lab, one).items() if name not in hidden} for one in (key, other)]
    children = [{one["key"] for one in lab.objects(f"/items/{one}/children")} for one in (key, other)]
    lab.run("merge", "--yes")
    assert lab.run("undo", "--yes").exit_code == 0
    after = [{name: value for name, value in data(lab, one).items() if name not in hidden} for one in (key, other)]
    assert after == before
    assert [{one["key"] for one in lab.objects(f"/items/{one}/children")} for one in (key, other)] == children


def test_a_dry_merge_writes_nothing_and_a_wrong_key_is_a_wrong_usage(doubled: tuple[Lab, str, str]) -> None:
    lab, _, other = doubled
    assert "publisher: IEEE" in lab.run("merge", "--dry-run").output
    assert "deleted" not in data(lab, other)
    assert lab.run("merge", "--yes", "nobody").exit_code == 2
