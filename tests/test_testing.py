"""The pytest plugin, as another project would use it."""

import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

TESTS = """
import httpx2
import pytest


@pytest.mark.parametrize("round", [1, 2])
def test_each_test_has_a_library_of_its_own(zotero_client, round):
    assert zotero_client.num_items() == 0
    made = zotero_client.create_items([{"itemType": "book", "title": "A Book"}])
    assert zotero_client.item(made["success"]["0"])["data"]["title"] == "A Book"


def test_the_facts(zotero_sandbox):
    facts = httpx2.get(f"{zotero_sandbox.url}/keys/current", headers={"Zotero-API-Key": zotero_sandbox.key}).json()
    assert facts["userID"] == zotero_sandbox.user_id
    assert zotero_sandbox.new_group() == zotero_sandbox.group_id + 1
    items = f"{zotero_sandbox.url}/groups/{zotero_sandbox.group_id}/items"
    answer = httpx2.post(items, json=[], headers={"Zotero-API-Key": zotero_sandbox.read_only_key})
    assert answer.status_code == 403


def test_in_process(zotero_sandbox, zotero_client):
    zotero_client.create_items([{"itemType": "book"}])
    with httpx2.Client(transport=httpx2.WSGITransport(app=zotero_sandbox.app), base_url="http://zotero") as client:
        answer = client.get(f"/groups/{zotero_sandbox.group_id}/items?key={zotero_sandbox.key}")
    assert len(answer.json()) == 1


def test_bibtex(zotero_client):
    zotero_client.create_items([{"itemType": "book", "title": "A Book", "citationKey": "book"}])
    assert zotero_client.items(format="bibtex").entries_dict["book"]["ID"] == "book"
    assert zotero_client.items(include="biblatex")[0]["biblatex"].startswith("@book{book,")


def test_faults(zotero_sandbox, zotero_client):
    zotero_sandbox.faults.add("rate-limit:seconds=0,times=1")
    assert zotero_client.items() == []
    zotero_sandbox.faults.add("maintenance")
    with pytest.raises(Exception, match="maintenance"):
        zotero_client.items()
    zotero_sandbox.faults.clear()
    assert zotero_client.items() == []
"""


def test_the_fixtures(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(TESTS)
    pytester.runpytest_inprocess("-p", "dmlsync.testing", "-p", "no:cacheprovider").assert_outcomes(passed=6)


def test_the_plugin_is_registered() -> None:
    import tomllib
    from pathlib import Path

    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["entry-points"]["pytest11"] == {"dmlsync.testing": "dmlsync.testing"}


def test_loading_the_plugin_costs_a_project_that_does_not_use_it_nothing() -> None:
    code = "import sys, pytest; before = set(sys.modules); import dmlsync.testing; print(*set(sys.modules) - before)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert set(loaded) == {"dmlsync", "dmlsync.testing"}
