"""The client that dmlsync itself uses finds here what it expects of a server."""

import httpx2
import pytest
from pyzotero import errors, zotero


@pytest.fixture
def zot(sandbox):
    client = httpx2.Client(transport=httpx2.WSGITransport(app=sandbox.app), base_url="http://sandbox")
    with client:
        yield zotero.Zotero(sandbox.group, "group", sandbox.key, client=client)


def books(number):
    return [{"itemType": "book", "title": f"Book {position}"} for position in range(number)]


@pytest.fixture(autouse=True)
def at_the_sandbox(zot):
    zot.endpoint = "http://sandbox"


def test_creating_and_reading_everything(zot):
    outcomes = [zot.create_items(books(50)), zot.create_items(books(20))]
    assert [len(outcome["successful"]) for outcome in outcomes] == [50, 20]
    assert len(zot.everything(zot.items())) == 70
    assert len(zot.everything(zot.top(limit=30))) == 70
    assert zot.num_items() == 70
    assert zot.last_modified_version() == 71


def test_versions_and_deletions(zot):
    made = zot.create_items(books(3))["successful"]
    versions = zot.item_versions()
    assert sorted(versions.values()) == [2, 3, 4]
    zot.delete_item(zot.item(made["0"]["key"]))
    assert zot.deleted(since=4)["items"] == [made["0"]["key"]]
    assert zot.item_versions(since=3) == {made["2"]["key"]: 4}


def test_a_template_is_filled_and_updated(zot):
    template = zot.item_template("conferencePaper")
    template["title"] = "A Paper"
    key = zot.create_items([template])["success"]["0"]
    item = zot.item(key)
    item["data"]["title"] = "B"
    assert zot.update_item(item)
    assert zot.item(key)["data"]["title"] == "B"
    with pytest.raises(errors.PreConditionFailedError):
        zot.update_item(item)


def test_collections(zot):
    outer = zot.create_collections([{"name": "Outer"}])["success"]["0"]
    inner = zot.create_collections([{"name": "Inner", "parentCollection": outer}])["success"]["0"]
    [item] = zot.create_items(books(1))["successful"].values()
    zot.addto_collection(inner, item)
    assert [found["key"] for found in zot.collection_items(inner)] == [item["key"]]
    assert [found["key"] for found in zot.collections_sub(outer)] == [inner]
    assert {found["data"]["name"] for found in zot.all_collections()} == {"Outer", "Inner"}
    zot.deletefrom_collection(inner, zot.item(item["key"]))
    assert zot.collection_items_top(inner) == []
    zot.delete_collection(zot.collection(outer))
    assert zot.collections() == []


def test_the_trash(zot):
    [item] = zot.create_items(books(1))["successful"].values()
    zot.update_item({"key": item["key"], "version": item["version"], "deleted": 1})
    assert [found["key"] for found in zot.trash()] == [item["key"]]
    assert zot.items() == []


def test_children_and_tags(zot):
    [item] = zot.create_items(books(1))["successful"].values()
    link = {"itemType": "attachment", "linkMode": "linked_url", "title": "PDF", "url": "https://example.org/a.pdf"}
    assert zot.create_items([link], parentid=item["key"])["success"]
    assert [child["data"]["url"] for child in zot.children(item["key"])] == [link["url"]]
    zot.add_tags(zot.item(item["key"]), "one", "two")
    assert sorted(zot.tags()) == sorted(zot.item_tags(item["key"])) == ["one", "two"]


def test_groups_and_key(zot, sandbox):
    assert zot.key_info()["userID"] == sandbox.user
    user = zotero.Zotero(sandbox.user, "user", sandbox.key, client=zot.client)
    user.endpoint = "http://sandbox"
    assert [group["id"] for group in user.groups()] == [sandbox.group]
