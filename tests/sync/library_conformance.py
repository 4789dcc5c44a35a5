"""What every library must do: one suite, passed by each implementation of the port `Library`.

A subclass gives two fixtures: `open_library`, which opens the same fresh, empty library as often as it is called, each
time without any memory of it; and `member`, a person with another Zotero client who works on that library too.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import httpx2
import pytest

from dmlsync.model import Creator, Record
from dmlsync.sync.library import AttachmentChange, CollectionChange, ItemChange, Library, MoveChange

LETTERS = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"


class Member:
    """Somebody else's Zotero client: plain requests to the library at `url`."""

    def __init__(self, client: httpx2.Client, url: str, key: str) -> None:
        self._client = client
        self._url = url
        self._headers = {"Zotero-API-Key": key, "Zotero-API-Version": "3"}

    def get(self, path: str):
        response = self._client.get(self._url + path, headers=self._headers)
        response.raise_for_status()
        return response.json()

    def data(self, key: str, kind: str = "items"):
        return self.get(f"/{kind}/{key}")["data"]

    def post(self, *objects, kind: str = "items"):
        response = self._client.post(f"{self._url}/{kind}", json=list(objects), headers=self._headers)
        response.raise_for_status()
        report = response.json()
        assert not report["failed"], report
        return report

    def edit(self, key: str, kind: str = "items", **data) -> None:
        version = self.data(key, kind)["version"]
        self.post({"key": key, "version": version, **data}, kind=kind)

    def delete(self, key: str, kind: str = "items") -> None:
        version = self.data(key, kind)["version"]
        headers = {**self._headers, "If-Unmodified-Since-Version": str(version)}
        self._client.delete(f"{self._url}/{kind}/{key}", headers=headers).raise_for_status()

    def delete_everything(self) -> None:
        for kind, name in (("items", "itemKey"), ("collections", "collectionKey")):
            while keys := list(self.get(f"/{kind}?format=versions&includeTrashed=1"))[:50]:
                self._client.delete(
                    f"{self._url}/{kind}", params={name: ",".join(keys)}, headers=self._headers
                ).raise_for_status()


def some_keys() -> Iterator[str]:
    """Well-formed keys, each another."""
    return ("KEY" + "".join(letters) + "22" for letters in itertools.product(LETTERS, repeat=3))


def paper(key="PAPER222", version=0, **fields):
    if not version:
        fields = {"itemType": "conferencePaper", "title": f"Paper {key}"} | fields
    return ItemChange(key, version, fields)


def kinds(outcomes):
    return [outcome.kind for outcome in outcomes]


class LibraryConformance:
    """The suite; see the module."""

    @pytest.fixture
    def library(self, open_library) -> Library:
        return open_library()

    def test_a_fresh_library_is_empty(self, library):
        now = library.snapshot()
        assert not (now.items or now.attachments or now.collections)

    def test_a_written_item_is_in_the_next_snapshot(self, library, open_library):
        library.snapshot()
        creators = (Creator("Schroff", "Florian"), Creator(name="Google Inc."), Creator("Ed", "Itor", "", "editor"))
        (outcome,) = library.write(
            [
                ItemChange(
                    "PAPER222",
                    0,
                    {
                        "itemType": "conferencePaper",
                        "title": "FaceNet: <i>A</i> & $x$",
                        "pages": "815-823",
                        "date": "2015-06",
                    },
                    creators,
                    tags=frozenset({"faces", "é"}),
                )
            ]
        )
        assert (outcome.kind, outcome.key) == ("written", "PAPER222")
        for seen in (library.snapshot(), open_library().snapshot()):
            item = seen.items["PAPER222"]
            assert item.version == outcome.version
            assert item.record == Record(
                "conferencePaper",
                {"title": "FaceNet: <i>A</i> & $x$", "pages": "815-823", "date": "2015-06"},
                creators,
            )
            assert item.tags == {"faces", "é"}
            assert not item.trashed

    def test_an_update_changes_what_it_names_and_nothing_else(self, library, member):
        (first,) = library.write([paper(title="A", pages="1-2", volume="7")])
        member.edit("PAPER222", extra="a remark", tags=[{"tag": "mine"}], callNumber="Q 1")
        version = library.snapshot().items["PAPER222"].version
        assert version > first.version
        (outcome,) = library.write([paper(version=version, title="B", pages="")])
        assert outcome.kind == "written"
        data = member.data("PAPER222")
        assert (data["title"], data["pages"], data["volume"]) == ("B", "", "7")
        assert (data["extra"], data["tags"], data["callNumber"]) == ("a remark", [{"tag": "mine"}], "Q 1")
        assert dict(library.snapshot().items["PAPER222"].record.fields) == {"title": "B", "volume": "7"}

    def test_a_stale_version_is_an_outcome(self, library, member):
        (first,) = library.write([paper(title="A")])
        member.edit("PAPER222", title="theirs")
        (outcome,) = library.write([paper(version=first.version, title="ours")])
        assert (outcome.kind, outcome.key) == ("stale", "PAPER222")
        assert outcome.reason
        assert member.data("PAPER222")["title"] == "theirs"

    def test_creating_what_exists_is_stale(self, library):
        library.write([paper(title="A")])
        (outcome,) = library.write([paper(title="B")])
        assert outcome.kind == "stale"
        assert library.snapshot().items["PAPER222"].record.title == "A"

    def test_creating_what_lies_in_the_trash_is_stale_and_leaves_it_there(self, library, member):
        library.write([paper(title="A")])
        member.edit("PAPER222", deleted=1)
        (outcome,) = library.write([paper(title="A")])
        assert outcome.kind == "stale"
        assert library.find(["PAPER222"]).items["PAPER222"].trashed

    def test_updating_what_is_gone_is_stale(self, library, member):
        (first,) = library.write([paper()])
        member.delete("PAPER222")
        (outcome,) = library.write([paper(version=first.version, title="B")])
        assert outcome.kind == "stale"
        assert "PAPER222" not in library.snapshot().items

    def test_what_is_so_already_is_unchanged(self, library):
        (first,) = library.write([paper(title="A")])
        (outcome,) = library.write([paper(version=first.version, title="A")])
        assert outcome.kind == "unchanged"
        assert outcome.version == first.version == library.snapshot().items["PAPER222"].version

    def test_a_refused_change_leaves_the_others_alone(self, library):
        outcomes = library.write(
            [
                paper("PAPER222"),
                paper("PAPER333", itemType="bogus"),
                paper("PAPER444", publicationTitle="not on a conferencePaper"),
                paper("PAPER555"),
            ]
        )
        assert kinds(outcomes) == ["written", "refused", "refused", "written"]
        assert [outcome.key for outcome in outcomes] == ["PAPER222", "PAPER333", "PAPER444", "PAPER555"]
        assert "bogus" in outcomes[1].reason
        assert library.snapshot().items.keys() == {"PAPER222", "PAPER555"}

    def test_a_value_that_is_too_long_is_refused(self, library):
        (outcome,) = library.write([paper(title="x" * 70_000)])
        assert outcome.kind == "refused"
        assert "long" in outcome.reason

    def test_an_item_goes_to_the_trash_and_comes_back(self, library):
        (first,) = library.write([paper()])
        (out,) = library.write([ItemChange("PAPER222", first.version, trashed=True)])
        assert out.kind == "written"
        assert library.snapshot().items["PAPER222"].trashed
        (back,) = library.write([ItemChange("PAPER222", out.version, trashed=False)])
        assert back.kind == "written"
        assert not library.snapshot().items["PAPER222"].trashed

    def test_attachments_are_written_with_their_parents(self, library, open_library):
        pdf = AttachmentChange("FILE2222", 0, "PAPER222", "PDF", "https://example.org/a.pdf", "application/pdf")
        outcomes = library.write(
            [paper(), pdf, paper("PAPER333"), AttachmentChange("FILE3333", 0, "PAPER333", "", "x:y")]
        )
        assert kinds(outcomes) == ["written"] * 4
        for seen in (library.snapshot(), open_library().snapshot()):
            found = seen.attachments["FILE2222"]
            assert (found.parent, found.title, found.url) == ("PAPER222", "PDF", "https://example.org/a.pdf")
            assert found.content_type == "application/pdf"
            assert seen.attachments["FILE3333"].parent == "PAPER333"
            assert seen.items.keys() == {"PAPER222", "PAPER333"}

    def test_an_attachment_can_be_changed(self, library):
        (_, first) = library.write(
            [paper(), AttachmentChange("FILE2222", 0, "PAPER222", "PDF", "https://example.org/a")]
        )
        (outcome,) = library.write(
            [AttachmentChange("FILE2222", first.version, "PAPER222", "PDF", "https://example.org/b", "text/html")]
        )
        assert outcome.kind == "written"
        found = library.snapshot().attachments["FILE2222"]
        assert (found.url, found.content_type) == ("https://example.org/b", "text/html")

    def test_an_attachment_without_its_parent_is_refused(self, library):
        (outcome,) = library.write([AttachmentChange("FILE2222", 0, "PAPER222", "PDF", "https://example.org/a.pdf")])
        assert outcome.kind == "refused"
        assert "PAPER222" in outcome.reason

    def test_nested_collections_and_their_items_are_written_at_once(self, library, open_library):
        changes = [
            CollectionChange("AAAA2222", 0, "Deep Metric Learning"),
            CollectionChange("BBBB2222", 0, "2015", "AAAA2222"),
            ItemChange(
                "PAPER222",
                0,
                {"itemType": "conferencePaper", "title": "A"},
                collections=frozenset({"AAAA2222", "BBBB2222"}),
            ),
        ]
        assert kinds(library.write(changes)) == ["written"] * 3
        for seen in (library.snapshot(), open_library().snapshot()):
            assert seen.collections["AAAA2222"].name == "Deep Metric Learning"
            assert seen.collections["AAAA2222"].parent == ""
            assert seen.collections["BBBB2222"].parent == "AAAA2222"
            assert seen.items["PAPER222"].collections == {"AAAA2222", "BBBB2222"}

    def test_a_collection_is_renamed_and_moved(self, library):
        first, second = library.write([CollectionChange("AAAA2222", 0, "A"), CollectionChange("BBBB2222", 0, "B")])
        (outcome,) = library.write([CollectionChange("BBBB2222", second.version, "C", "AAAA2222")])
        assert outcome.kind == "written"
        assert library.snapshot().collections["BBBB2222"].name == "C"
        assert library.snapshot().collections["BBBB2222"].parent == "AAAA2222"
        (stale,) = library.write([CollectionChange("AAAA2222", 0, "A again")])
        assert stale.kind == "stale"
        assert first.kind == "written"

    def test_a_given_set_of_collections_replaces_the_whole_set(self, library):
        library.write([CollectionChange("AAAA2222", 0, "A"), CollectionChange("BBBB2222", 0, "B")])
        new = ItemChange("PAPER222", 0, {"itemType": "book", "title": "A"}, collections=frozenset({"AAAA2222"}))
        (first,) = library.write([new])
        (second,) = library.write([ItemChange("PAPER222", first.version, collections=frozenset({"BBBB2222"}))])
        assert library.snapshot().items["PAPER222"].collections == {"BBBB2222"}
        library.write([ItemChange("PAPER222", second.version, collections=frozenset())])
        assert library.snapshot().items["PAPER222"].collections == frozenset()

    def test_creators_and_tags_can_be_cleared(self, library):
        new = ItemChange("PAPER222", 0, {"itemType": "book"}, (Creator("A", "B"),), tags=frozenset({"a", "b"}))
        (first,) = library.write([new])
        (second,) = library.write([ItemChange("PAPER222", first.version, creators=(), tags=frozenset({"b"}))])
        item = library.snapshot().items["PAPER222"]
        assert (item.record.creators, item.tags, item.version) == ((), {"b"}, second.version)

    def test_more_changes_than_one_request_takes(self, library, open_library):
        keys = list(itertools.islice(some_keys(), 120))
        outcomes = library.write([paper(key) for key in keys])
        assert kinds(outcomes) == ["written"] * 120
        assert [outcome.key for outcome in outcomes] == keys
        for seen in (library.snapshot(), open_library().snapshot()):
            assert {key: item.version for key, item in seen.items.items()} == {
                outcome.key: outcome.version for outcome in outcomes
            }
        assert open_library().find(keys).items.keys() == set(keys)

    def test_nothing_to_write_needs_no_request(self, library):
        library.snapshot()
        before = library.requests
        assert list(library.write([])) == []
        assert library.requests == before

    def test_a_snapshot_of_an_unchanged_library_costs_at_most_two_requests(self, library):
        library.write([CollectionChange("AAAA2222", 0, "A"), paper()])
        library.snapshot()
        before = library.requests
        assert library.snapshot().items.keys() == {"PAPER222"}
        assert library.requests - before <= 2

    def test_a_snapshot_right_after_our_own_writes_costs_at_most_two_requests(self, library):
        library.snapshot()
        outcomes = library.write([CollectionChange("AAAA2222", 0, "A"), paper(), paper("PAPER333", itemType="bogus")])
        before = library.requests
        now = library.snapshot()
        assert library.requests - before <= 2
        assert now.items["PAPER222"].version == outcomes[1].version
        assert now.collections.keys() == {"AAAA2222"}

    def test_an_earlier_snapshot_stays_as_it_was(self, library, member):
        library.write([paper(title="A")])
        before = library.snapshot()
        member.edit("PAPER222", title="B")
        assert library.snapshot().items["PAPER222"].record.title == "B"
        assert before.items["PAPER222"].record.title == "A"

    def test_what_members_do_is_seen(self, library, member):
        library.write([paper("PAPER222", title="A"), paper("PAPER333", title="B")])
        library.snapshot()
        member.edit("PAPER222", title="theirs", extra="arXiv: 1503.03832 [cs]")
        member.post({"key": "PAPER444", "version": 0, "itemType": "book", "title": "new"})
        member.edit("PAPER333", deleted=1)
        member.post({"key": "CCCC2222", "version": 0, "name": "C"}, kind="collections")
        now = library.snapshot()
        assert now.items["PAPER222"].record.title == "theirs"
        assert now.items["PAPER222"].record.get("arXiv") == "1503.03832"
        assert now.items["PAPER444"].record.item_type == "book"
        assert now.items["PAPER333"].trashed
        assert now.collections["CCCC2222"].name == "C"

    def test_a_member_writing_between_our_snapshot_and_our_write_is_seen(self, library, member):
        library.write([paper("PAPER222", title="A")])
        library.snapshot()
        member.edit("PAPER222", title="theirs")
        library.write([paper("PAPER333")])
        assert library.snapshot().items["PAPER222"].record.title == "theirs"

    def test_what_members_delete_is_gone(self, library, member):
        library.write(
            [paper(), AttachmentChange("FILE2222", 0, "PAPER222", "PDF", "https://example.org"), paper("PAPER333")]
        )
        assert library.snapshot().attachments
        member.delete("PAPER222")
        now = library.snapshot()
        assert now.items.keys() == {"PAPER333"}
        assert not now.attachments

    def test_what_was_deleted_and_made_again_is_there(self, library, member):
        library.write([paper(title="old")])
        library.snapshot()
        member.delete("PAPER222")
        member.post({"key": "PAPER222", "version": 0, "itemType": "book", "title": "new"})
        assert library.snapshot().items["PAPER222"].record == Record("book", {"title": "new"})

    def test_a_deleted_collection_takes_its_subcollections_and_memberships_along(self, library, member):
        library.write(
            [
                CollectionChange("AAAA2222", 0, "A"),
                CollectionChange("BBBB2222", 0, "B", "AAAA2222"),
                CollectionChange("CCCC2222", 0, "C"),
                ItemChange("PAPER222", 0, {"itemType": "book"}, collections=frozenset({"BBBB2222", "CCCC2222"})),
            ]
        )
        assert library.snapshot().items["PAPER222"].collections == {"BBBB2222", "CCCC2222"}
        member.delete("AAAA2222", "collections")
        now = library.snapshot()
        assert now.collections.keys() == {"CCCC2222"}
        assert now.items["PAPER222"].collections == {"CCCC2222"}

    def test_a_collection_deleted_and_made_again_is_empty(self, library, member):
        library.write(
            [
                CollectionChange("AAAA2222", 0, "A"),
                ItemChange("PAPER222", 0, {"itemType": "book"}, collections=frozenset({"AAAA2222"})),
                ItemChange("PAPER333", 0, {"itemType": "book"}, collections=frozenset({"AAAA2222"})),
            ]
        )
        library.snapshot()
        member.delete("AAAA2222", "collections")
        member.post({"key": "AAAA2222", "version": 0, "name": "A"}, kind="collections")
        member.edit("PAPER333", collections=["AAAA2222"])
        now = library.snapshot()
        assert now.items["PAPER222"].collections == frozenset()
        assert now.items["PAPER333"].collections == {"AAAA2222"}

    def test_a_renamed_collection_keeps_its_items(self, library, member):
        library.write(
            [
                CollectionChange("AAAA2222", 0, "A"),
                ItemChange("PAPER222", 0, {"itemType": "book"}, collections=frozenset({"AAAA2222"})),
                ItemChange("PAPER333", 0, {"itemType": "book"}, collections=frozenset({"AAAA2222"}), trashed=True),
            ]
        )
        library.snapshot()
        member.edit("AAAA2222", "collections", name="B")
        now = library.snapshot()
        assert now.collections["AAAA2222"].name == "B"
        assert now.items["PAPER222"].collections == {"AAAA2222"}
        assert now.items["PAPER333"].collections == {"AAAA2222"}

    def test_a_trashed_collection_is_marked(self, library, member):
        library.write([CollectionChange("AAAA2222", 0, "A")])
        member.edit("AAAA2222", "collections", deleted=True)
        assert library.snapshot().collections["AAAA2222"].trashed

    def test_find_reads_just_these_keys_afresh(self, library, member):
        library.write(
            [
                paper("PAPER222", title="A"),
                paper("PAPER333"),
                paper("PAPER444"),
                AttachmentChange("FILE2222", 0, "PAPER222", "PDF", "https://example.org"),
            ]
        )
        library.snapshot()
        member.edit("PAPER222", title="B")
        member.edit("PAPER333", deleted=1)
        found = library.find(["PAPER222", "PAPER333", "FILE2222", "MISSING2", "PAPER222"])
        assert found.items.keys() == {"PAPER222", "PAPER333"}
        assert found.items["PAPER222"].record.title == "B"
        assert found.items["PAPER333"].trashed
        assert found.attachments.keys() == {"FILE2222"}

    def test_find_sends_no_malformed_key(self, library):
        library.write([paper()])
        before = library.requests
        found = library.find(["bad", "", "PAPER22O", "paper222", "PAPER2222", "PAPER222,PAPER333"])
        assert not found.items
        assert library.requests == before

    def test_notes_and_loose_attachments_are_no_items(self, library, member):
        member.post(
            {"key": "NTTE2222", "version": 0, "itemType": "note", "note": "<p>secret</p>"},
            {
                "key": "FILE2222",
                "version": 0,
                "itemType": "attachment",
                "linkMode": "linked_url",
                "url": "https://x.org",
            },
        )
        now = library.snapshot()
        assert not now.items
        assert not now.attachments

    def test_the_citation_key_survives(self, library, open_library):
        (first,) = library.write([paper(citationKey="schroff2015facenet")])
        assert open_library().snapshot().items["PAPER222"].citation_key == "schroff2015facenet"
        library.write([paper(version=first.version, citationKey="")])
        assert library.snapshot().items["PAPER222"].citation_key == ""

    def test_members_lines_of_extra_are_kept_around_the_arxiv_line(self, library, member):
        (first,) = library.write([paper(arXiv="1401.2910")])
        assert member.data("PAPER222")["extra"] == "arXiv: 1401.2910"
        member.edit("PAPER222", extra="OpenReview ID: abc\narXiv: 1401.2910 [cs]\nread twice")
        version = library.snapshot().items["PAPER222"].version
        assert version > first.version
        (second,) = library.write([paper(version=version, arXiv="1503.03832")])
        assert member.data("PAPER222")["extra"] == "OpenReview ID: abc\narXiv: 1503.03832\nread twice"
        assert library.snapshot().items["PAPER222"].record.get("arXiv") == "1503.03832"
        library.write([paper(version=second.version, arXiv="")])
        assert member.data("PAPER222")["extra"] == "OpenReview ID: abc\nread twice"

    def test_extra_is_kept_when_the_item_was_never_seen_before(self, library, member, open_library):
        library.write([paper()])
        member.edit("PAPER222", extra="a remark")
        version = member.data("PAPER222")["version"]
        (outcome,) = open_library().write([paper(version=version, arXiv="1503.03832")])
        assert outcome.kind == "written"
        assert member.data("PAPER222")["extra"] == "a remark\narXiv: 1503.03832"

    def test_a_preprint_becomes_the_published_paper(self, library, member):
        preprint = {"itemType": "preprint", "title": "A", "repository": "arXiv", "archiveID": "arXiv:1503.03832"}
        (first,) = library.write([ItemChange("PAPER222", 0, preprint, (Creator("B", "A"),))])
        assert library.snapshot().items["PAPER222"].record.get("archiveID") == "arXiv:1503.03832"
        published = {
            "itemType": "conferencePaper",
            "proceedingsTitle": "CVPR",
            "arXiv": "1503.03832",
            "repository": "",
            "archiveID": "",
        }
        (outcome,) = library.write([ItemChange("PAPER222", first.version, published)])
        assert outcome.kind == "written", outcome.reason
        fields = {"title": "A", "proceedingsTitle": "CVPR", "arXiv": "1503.03832"}
        assert library.snapshot().items["PAPER222"].record == Record("conferencePaper", fields, (Creator("B", "A"),))
        assert member.data("PAPER222")["publisher"] == ""

    def test_an_article_becomes_a_conference_paper_without_losing_where_it_appeared(self, library):
        article = {"itemType": "journalArticle", "title": "A", "publicationTitle": "CVPR", "volume": "3"}
        (first,) = library.write([ItemChange("PAPER222", 0, article)])
        library.write([paper(version=first.version, itemType="conferencePaper")])
        assert library.snapshot().items["PAPER222"].record == Record(
            "conferencePaper", {"title": "A", "proceedingsTitle": "CVPR", "volume": "3"}
        )

    def test_notes_and_attachments_move_to_another_item(self, library, member):
        library.write([paper("PAPER222"), paper("PAPER333"), AttachmentChange("CHERRY22", 0, "PAPER222", "PDF", "u")])
        member.post({"key": "NQTE2222", "version": 0, "itemType": "note", "parentItem": "PAPER222", "note": "mine"})
        now = library.snapshot()
        assert now.notes["NQTE2222"].parent == "PAPER222"
        children = [now.notes["NQTE2222"], now.attachments["CHERRY22"]]
        moves = [MoveChange(child.key, child.version, "PAPER333", "PAPER222") for child in children]
        assert kinds(library.write(moves)) == ["written", "written"]
        now = library.snapshot()
        assert now.notes["NQTE2222"].parent == now.attachments["CHERRY22"].parent == "PAPER333"
        assert "mine" in member.data("NQTE2222")["note"]

    def test_an_item_says_which_others_it_replaces_and_keeps_its_other_relations(self, library, member):
        library.write([paper("PAPER222"), paper("PAPER333")])
        relation = {"owl:sameAs": "http://zotero.org/groups/1/items/QTHER222"}
        member.edit("PAPER222", relations=relation)
        version = library.snapshot().items["PAPER222"].version
        change = ItemChange("PAPER222", version, replaces=frozenset({"PAPER333"}))
        assert kinds(library.write([change])) == ["written"]
        item = library.snapshot().items["PAPER222"]
        assert item.replaces == {"PAPER333"}
        relations = member.data("PAPER222")["relations"]
        assert relations["owl:sameAs"] == relation["owl:sameAs"]
        assert relations["dc:replaces"].endswith(f"/{library.name}/items/PAPER333")
        assert kinds(library.write([ItemChange("PAPER222", item.version, replaces=frozenset())])) == ["written"]
        assert member.data("PAPER222")["relations"] == relation

    def test_the_members_own_fields_are_read_and_can_be_completed(self, library, member):
        library.write([paper("PAPER222")])
        member.edit("PAPER222", extra="read by: Ada\narXiv: 1503.03832", callNumber="Q 1")
        item = library.snapshot().items["PAPER222"]
        assert item.own == {"extra": "read by: Ada\narXiv: 1503.03832", "callNumber": "Q 1"}
        change = ItemChange("PAPER222", item.version, {"extra": f"{item.own['extra']}\nmore: lines", "rights": "CC0"})
        assert kinds(library.write([change])) == ["written"]
        data = member.data("PAPER222")
        assert (data["extra"].split("\n")[-1], data["rights"], data["callNumber"]) == ("more: lines", "CC0", "Q 1")
