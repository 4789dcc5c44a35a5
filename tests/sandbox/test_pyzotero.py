"""Pyzotero, unchanged, finds here what it expects of a server: every call that a script would make."""

import hashlib
import threading

import httpx2
import pytest
from pyzotero import errors, zotero

from dmlsync.sandbox import serve


@pytest.fixture
def client():
    with httpx2.Client(follow_redirects=True, trust_env=False) as client:
        yield client


@pytest.fixture
def url(sandbox):
    """The address of the sandbox: files are uploaded past the client that pyzotero was given."""
    server = serve(sandbox, 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.url
    server.shutdown()
    thread.join()


@pytest.fixture
def zot(sandbox, url, client):
    zot = zotero.Zotero(sandbox.group, "group", sandbox.key, client=client)
    zot.endpoint = url
    return zot


@pytest.fixture
def of_user(sandbox, url, client):
    zot = zotero.Zotero(sandbox.user, "user", sandbox.key, client=client)
    zot.endpoint = url
    return zot


def books(number):
    return [{"itemType": "book", "title": f"Book {position}"} for position in range(number)]


@pytest.fixture
def book(zot):
    """The envelope of a book."""
    [book] = zot.create_items(books(1))["successful"].values()
    return book


class TestReading:
    def test_everything(self, zot):
        outcomes = [zot.create_items(books(50)), zot.create_items(books(20))]
        assert [len(outcome["successful"]) for outcome in outcomes] == [50, 20]
        assert len(zot.everything(zot.items())) == len(zot.everything(zot.top(limit=30))) == len(zot.all_top()) == 70
        assert zot.num_items() == zot.count_items() == 70
        assert zot.last_modified_version() == 71

    def test_page_by_page(self, zot):
        zot.create_items(books(25))
        first = zot.top(limit=10)
        pages = [first, *zot.iterfollow()]
        assert [len(page) for page in pages] == [10, 10, 5]
        assert len({item["key"] for page in pages for item in page}) == 25
        assert zot.follow() is None
        zot.top(limit=10)
        assert len(list(zot.makeiter(zot.top))) == 3

    def test_versions_and_deletions(self, zot):
        made = zot.create_items(books(3))["successful"]
        assert sorted(zot.item_versions().values()) == [2, 3, 4]
        zot.delete_item(zot.item(made["0"]["key"]))
        assert zot.deleted(since=4)["items"] == [made["0"]["key"]]
        assert zot.item_versions(since=3) == {made["2"]["key"]: 4}

    def test_some_items(self, zot):
        keys = list(zot.create_items(books(3))["success"].values())
        assert [item["key"] for item in zot.get_subset(keys)] == keys
        assert {item["key"] for item in zot.items(itemKey=",".join(keys[:2]))} == set(keys[:2])
        assert [item["data"]["title"] for item in zot.items(q="Book 1")] == ["Book 1"]
        assert [item["data"]["title"] for item in zot.items(sort="title", direction="desc", limit=1)] == ["Book 2"]

    def test_other_formats(self, zot, book):
        assert zot.items(format="keys") == f"{book['key']}\n".encode()
        assert zot.items(format="versions") == {book["key"]: book["version"]}
        [both] = zot.items(include="data,csljson")
        assert (both["data"]["title"], both["csljson"]["title"]) == ("Book 0", "Book 0")

    def test_what_is_not_there(self, zot):
        for wrong in (zot.item, zot.collection, zot.children, zot.collection_items, zot.file):
            with pytest.raises(errors.ResourceNotFoundError):
                wrong("ZZZZ2222")


class TestWriting:
    def test_a_template_is_filled_and_updated(self, zot):
        template = zot.item_template("conferencePaper")
        template["title"] = "A Paper"
        zot.check_items([template])
        key = zot.create_items([template])["success"]["0"]
        item = zot.item(key)
        item["data"]["title"] = "B"
        assert zot.update_item(item)
        assert zot.item(key)["data"]["title"] == "B"
        with pytest.raises(errors.PreConditionFailedError):
            zot.update_item(item)

    def test_many_at_once(self, zot):
        zot.create_items(books(50))
        zot.create_items(books(10))
        items = zot.everything(zot.items())
        for item in items:
            item["data"]["title"] += "!"
        assert zot.update_items(items)
        assert all(item["data"]["title"].endswith("!") for item in zot.everything(zot.items()))
        assert zot.delete_item(zot.items(limit=50), last_modified=zot.last_modified_version())
        assert zot.num_items() == 10

    def test_the_trash(self, zot, book):
        zot.update_item({"key": book["key"], "version": book["version"], "deleted": 1})
        assert [found["key"] for found in zot.trash()] == [book["key"]]
        assert zot.items() == []

    def test_a_stale_library(self, zot, book):
        with pytest.raises(errors.PreConditionFailedError):
            zot.create_items(books(1), last_modified=1)

    def test_children_and_tags(self, zot, book):
        link = {"itemType": "attachment", "linkMode": "linked_url", "title": "PDF", "url": "https://example.org/a.pdf"}
        assert zot.create_items([link], parentid=book["key"])["success"]
        assert [child["data"]["url"] for child in zot.children(book["key"])] == [link["url"]]
        zot.add_tags(zot.item(book["key"]), "one", "two")
        assert sorted(zot.tags()) == sorted(zot.item_tags(book["key"])) == ["one", "two"]
        before = zot.last_modified_version()
        assert zot.delete_tags("one", "nothing")
        assert zot.tags() == ["two"]
        assert zot.item(book["key"])["version"] == zot.last_modified_version() == before + 1
        assert zot.deleted(since=before)["tags"] == ["one"]


class TestCollections:
    def test_nesting_and_members(self, zot, book):
        outer = zot.create_collections([{"name": "Outer"}])["success"]["0"]
        inner = zot.create_collection([{"name": "Inner", "parentCollection": outer}])["success"]["0"]
        zot.addto_collection(inner, book)
        assert [found["key"] for found in zot.collection_items(inner)] == [book["key"]]
        assert zot.num_collectionitems(inner) == 1
        assert [found["key"] for found in zot.collections_sub(outer)] == [inner]
        assert [found["key"] for found in zot.collections_top()] == [outer]
        assert {found["data"]["name"] for found in zot.all_collections()} == {"Outer", "Inner"}
        assert set(zot.collection_versions()) == {outer, inner}
        zot.add_tags(zot.item(book["key"]), "one")
        assert zot.collection_tags(inner) == ["one"]
        zot.moveto_collection(inner, outer, zot.item(book["key"]))
        assert zot.item(book["key"])["data"]["collections"] == [outer]
        zot.deletefrom_collection(outer, zot.item(book["key"]))
        assert zot.collection_items_top(outer) == []
        zot.delete_collection(zot.collection(outer))
        assert zot.collections() == []

    def test_renaming(self, zot):
        keys = list(zot.create_collections([{"name": "A"}, {"name": "B"}])["success"].values())
        one = zot.collection(keys[0])["data"]
        assert zot.update_collection(one | {"name": "C"})
        assert {found["data"]["name"] for found in zot.collections()} == {"B", "C"}


class TestSearches:
    conditions = ({"condition": "title", "operator": "contains", "value": "metric"},)

    def test_saved_and_deleted(self, zot):
        key = zot.saved_search("Metrics", list(self.conditions))["success"]["0"]
        [search] = zot.searches()
        assert (search["data"]["name"], search["data"]["conditions"]) == ("Metrics", list(self.conditions))
        assert zot.delete_saved_search([key]) == 204
        assert zot.searches() == []
        assert zot.deleted(since=1)["searches"] == [key]

    def test_conditions_that_the_client_knows(self, zot):
        assert "title" in zot.show_conditions()
        assert "contains" in zot.show_condition_operators("title")


class TestSchema:
    def test_types_and_fields(self, zot):
        assert "conferencePaper" in {row["itemType"] for row in zot.item_types()}
        assert "DOI" in {row["field"] for row in zot.item_fields()}
        assert zot.item_type_fields("book")[0]["field"] == "title"
        assert zot.item_creator_types("book")[0]["creatorType"] == "author"
        assert {row["field"] for row in zot.creator_fields()} == {"firstName", "lastName", "name"}
        assert zot.item_template("attachment", "linked_url")["linkMode"] == "linked_url"
        assert zot.item_attachment_link_modes()

    def test_a_template_has_the_fields_of_its_type(self, zot):
        for row in zot.item_types():
            if row["itemType"] not in ("attachment", "note", "annotation"):
                fields = {field["field"] for field in zot.item_type_fields(row["itemType"])}
                assert fields <= set(zot.item_template(row["itemType"]))


class TestAccess:
    def test_the_key_and_its_groups(self, zot, of_user, sandbox):
        assert zot.key_info()["userID"] == sandbox.user
        assert [group["id"] for group in of_user.groups()] == [sandbox.group]
        assert of_user.publications() == []

    def test_a_key_that_only_reads(self, zot, book, sandbox, url, client):
        reader = zotero.Zotero(sandbox.group, "group", sandbox.read_only_key, client=client)
        reader.endpoint = url
        assert reader.item(book["key"])["data"]["title"] == "Book 0"
        with pytest.raises(errors.UserNotAuthorisedError):
            reader.create_items(books(1))

    def test_settings(self, zot):
        assert zot.settings() == {}


class TestFiles:
    @pytest.fixture
    def path(self, tmp_path):
        path = tmp_path / "a paper é.pdf"
        path.write_bytes(b"%PDF-1.7 \x00\xff")
        return path

    def test_a_file_is_attached_and_fetched(self, zot, book, path, tmp_path):
        outcome = zot.attachment_simple([str(path)], book["key"])
        [sent] = outcome["success"]
        assert outcome["failure"] == outcome["unchanged"] == []
        item = zot.item(sent["key"])
        assert item["version"] == sent["version"]
        assert item["data"]["filename"] == path.name
        assert item["data"]["parentItem"] == book["key"]
        assert item["data"]["contentType"] == "application/pdf"
        assert item["data"]["md5"] == hashlib.md5(path.read_bytes()).hexdigest()
        assert item["data"]["mtime"] == int(path.stat().st_mtime * 1000)
        assert zot.file(sent["key"]) == path.read_bytes()
        zot.dump(sent["key"], "copy.pdf", tmp_path)
        assert (tmp_path / "copy.pdf").read_bytes() == path.read_bytes()

    def test_the_same_file_again_is_known(self, zot, path):
        [first] = zot.attachment_both([("First", str(path))])["success"]
        [second] = zot.attachment_both([("Second", str(path))])["unchanged"]
        assert zot.file(second["key"]) == zot.file(first["key"])

    def test_new_contents_of_an_attachment(self, zot, path):
        [sent] = zot.attachment_simple([str(path)])["success"]
        path.write_bytes(b"new")
        old = zot.item(sent["key"])["data"]
        outcome = zot.upload_attachments(
            [{"key": sent["key"], "filename": path.name, "md5": old["md5"]}], basedir=str(path.parent)
        )
        assert len(outcome["success"]) == 1
        assert zot.file(sent["key"]) == b"new"
        with pytest.raises(errors.PreConditionFailedError):
            zot.upload_attachments(
                [{"key": sent["key"], "filename": path.name, "md5": old["md5"]}], basedir=str(path.parent)
            )

    def test_several_files_in_ones_own_library(self, of_user, tmp_path):
        for number in range(3):
            (tmp_path / f"{number}.txt").write_text(f"text {number}")
        outcome = of_user.attachment_simple([str(tmp_path / f"{number}.txt") for number in range(3)])
        assert [of_user.file(sent["key"]) for sent in outcome["success"]] == [b"text 0", b"text 1", b"text 2"]

    def test_the_full_text(self, zot, path):
        [sent] = zot.attachment_simple([str(path)])["success"]
        text = {"content": "An uncommon Word", "indexedPages": 1, "totalPages": 1}
        assert zot.set_fulltext(sent["key"], text)
        version = zot.last_modified_version()
        assert zot.fulltext_item(sent["key"]) == text
        assert zot.new_fulltext(since=0) == {sent["key"]: version}
        assert zot.new_fulltext(since=version) == {}
        assert [item["key"] for item in zot.items(q="uncommon word", qmode="everything")] == [sent["key"]]
        assert zot.items(q="uncommon word") == []
