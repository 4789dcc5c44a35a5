"""What a run would do, for every way in which lists, library.bib and the library can differ."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from dmlsync.model import Creator, Identifiers, Record
from dmlsync.sync.actions import Plan
from dmlsync.sync.item_keys import identity_of_link, keys_for
from dmlsync.sync.library import (
    Attachment,
    AttachmentChange,
    Collection,
    CollectionChange,
    Item,
    ItemChange,
    Outcome,
    Snapshot,
)
from dmlsync.sync.listed import ListedWork, Policy
from dmlsync.sync.lock import Target
from dmlsync.sync.plan import make_plan
from dmlsync.sync.settle import settle

LIBRARY = "groups/1"
POLICY = Policy(("Metric Learning",))
PDF = "https://arxiv.org/pdf/1503.03832"
CODE = "https://github.com/someone/facenet"
RECORD = Record(
    "conferencePaper",
    {"title": "FaceNet", "date": "2015", "DOI": "10.1109/CVPR.2015.7298682", "pages": "815-823"},
    (Creator("Schroff", "Florian"),),
)
WORK = ListedWork(
    "schroff2015facenet", RECORD, Identifiers("10.1109/cvpr.2015.7298682"), frozenset({("2015",)}), PDF, (CODE,)
)


def plan_for(
    *works: ListedWork,
    target: Target | None = None,
    snapshot: Snapshot | None = None,
    policy: Policy = POLICY,
    known: Container[str] | None = None,
) -> Plan:
    return make_plan(works, target or Target(), snapshot or Snapshot(1), LIBRARY, policy, known=known)


def carried_out(plan: Plan, target: Target, snapshot: Snapshot) -> tuple[Target, Snapshot]:
    """The library and the lock after every change of a plan was written."""
    items, attachments = dict(snapshot.items), dict(snapshot.attachments)
    collections, version = dict(snapshot.collections), snapshot.version
    outcomes = {}
    for change in (action.change for action in plan.actions if action.change):
        version += 1
        outcomes[change.key] = Outcome("written", change.key, version)
        if isinstance(change, CollectionChange):
            collections[change.key] = Collection(change.key, version, change.name, change.parent)
        elif isinstance(change, AttachmentChange):
            attachments[change.key] = Attachment(
                change.key, version, change.parent, change.title, change.url, change.content_type
            )
        elif change.key in attachments:
            attachments[change.key] = replace(attachments[change.key], version=version, trashed=bool(change.trashed))
        else:
            items[change.key] = written(items.get(change.key), change, version)
    return settle(plan, target, outcomes), Snapshot(version, items, attachments, collections)


def written(item: Item | None, change: ItemChange, version: int) -> Item:
    before = item or Item(change.key, 0, Record(change.fields["itemType"]))
    named = {name: value for name, value in change.fields.items() if name not in ("itemType", "citationKey")}
    record = Record(
        change.fields.get("itemType", before.record.item_type),
        {**before.record.fields, **named},
        before.record.creators if change.creators is None else change.creators,
    )
    return replace(
        before,
        version=version,
        record=record,
        citation_key=change.fields.get("citationKey", before.citation_key),
        collections=before.collections if change.collections is None else change.collections,
        tags=before.tags if change.tags is None else change.tags,
        trashed=before.trashed if change.trashed is None else change.trashed,
    )


def pushed(*works: ListedWork, policy: Policy = POLICY) -> tuple[Target, Snapshot]:
    """A library into which these works were pushed before."""
    return carried_out(plan_for(*works, policy=policy), Target(), Snapshot(1))


def edited(snapshot: Snapshot, **fields: str) -> Snapshot:
    """The library after a member edited fields of its only item."""
    (item,) = snapshot.items.values()
    record = Record(item.record.item_type, {**item.record.fields, **fields}, item.record.creators)
    changed = replace(item, record=record, version=snapshot.version + 1, modified_by="Ada")
    return replace(snapshot, version=snapshot.version + 1, items={item.key: changed})


def test_a_new_work_becomes_collections_an_item_and_its_links_parents_first() -> None:
    plan = plan_for(WORK)
    assert [action.kind for action in plan.actions] == ["collection", "collection", "create", "link", "link"]
    outer, inner, item, pdf, code = (action.change for action in plan.actions)
    assert isinstance(outer, CollectionChange)
    assert isinstance(inner, CollectionChange)
    assert inner.parent == outer.key
    assert isinstance(item, ItemChange)
    assert item.collections == {outer.key, inner.key}
    assert (item.version, item.fields["citationKey"]) == (0, "schroff2015facenet")
    assert isinstance(pdf, AttachmentChange)
    assert (pdf.parent, pdf.url, pdf.content_type) == (item.key, PDF, "application/pdf")
    assert isinstance(code, AttachmentChange)
    assert (code.title, code.url) == ("Code", CODE)


def test_after_a_push_nothing_is_left_to_do() -> None:
    target, snapshot = pushed(WORK)
    assert not plan_for(WORK, target=target, snapshot=snapshot).actions


def test_a_push_that_lost_its_lock_finds_everything_again() -> None:
    _, snapshot = pushed(WORK)
    plan = plan_for(WORK, snapshot=snapshot)
    assert not plan.actions
    assert not plan.conflicts
    assert settle(plan, Target(), {}).bindings[WORK.citation_key].base["title"] == "FaceNet"


def test_an_edit_in_the_bib_is_pushed_with_the_value_before_and_after() -> None:
    target, snapshot = pushed(WORK)
    record = Record(RECORD.item_type, {**RECORD.fields, "pages": "815-824"}, RECORD.creators)
    plan = plan_for(replace(WORK, record=record), target=target, snapshot=snapshot)
    (action,) = plan.actions
    (line,) = action.fields
    assert (action.kind, line.name, line.before, line.after) == ("update", "pages", "815-823", "815-824")
    assert isinstance(action.change, ItemChange)
    assert dict(action.change.fields) == {"pages": "815-824"}
    assert action.change.collections is None


def test_a_members_edit_is_never_overwritten() -> None:
    target, snapshot = pushed(WORK)
    plan = plan_for(WORK, target=target, snapshot=edited(snapshot, pages="815-825"))
    (action,) = plan.actions
    assert (action.kind, action.change) == ("pull", None)


def test_two_edits_of_one_field_are_a_conflict_that_names_the_member() -> None:
    target, snapshot = pushed(WORK)
    record = Record(RECORD.item_type, {**RECORD.fields, "pages": "815-824"}, RECORD.creators)
    plan = plan_for(replace(WORK, record=record), target=target, snapshot=edited(snapshot, pages="815-825"))
    assert not plan.actions
    (conflict,) = plan.conflicts
    assert (conflict.field, conflict.base, conflict.local, conflict.remote) == (
        "pages",
        "815-823",
        "815-824",
        "815-825",
    )
    assert conflict.changed_by == "Ada"


def test_an_item_that_the_group_has_already_is_completed_and_filed_not_cloned() -> None:
    item = Item(
        "GRXUP234",
        5,
        Record("conferencePaper", {"title": "FaceNet", "DOI": "10.1109/cvpr.2015.7298682"}),
        tags=frozenset({"own"}),
    )
    plan = plan_for(WORK, snapshot=Snapshot(5, {item.key: item}))
    update = next(action for action in plan.actions if action.kind == "update")
    assert update.item_key == "GRXUP234"
    assert isinstance(update.change, ItemChange)
    assert update.change.collections
    assert update.change.tags is None
    assert update.change.fields["pages"] == "815-823"
    assert not plan.conflicts  # the capitals of a DOI mean nothing
    assert not [action for action in plan.actions if action.kind == "create"]


def test_another_papers_doi_is_not_this_work_even_under_the_same_key() -> None:
    item = Item("GRXUP234", 5, Record("book", {"title": "Other", "DOI": "10.1/other"}), citation_key=WORK.citation_key)
    plan = plan_for(WORK, snapshot=Snapshot(5, {item.key: item}))
    assert {action.kind for action in plan.actions} == {"collection"}
    assert [(note.kind, note.detail) for note in plan.notes] == [("key taken", "GRXUP234")]
    assert plan.waits


def test_what_a_member_trashed_stays_trashed() -> None:
    target, snapshot = pushed(WORK)
    (item,) = snapshot.items.values()
    plan = plan_for(WORK, target=target, snapshot=replace(snapshot, items={item.key: replace(item, trashed=True)}))
    assert not plan.actions
    assert [note.kind for note in plan.notes] == ["trashed"]


def test_what_a_member_deleted_for_good_is_not_made_anew() -> None:
    target, snapshot = pushed(WORK)
    plan = plan_for(WORK, target=target, snapshot=replace(snapshot, items={}))
    assert not plan.actions
    assert [note.kind for note in plan.notes] == ["deleted"]


def test_an_item_that_zotero_merged_into_another_is_followed() -> None:
    target, snapshot = pushed(WORK)
    (item,) = snapshot.items.values()
    heir = replace(item, key="MERGED22", replaces=frozenset({item.key}))
    merged = replace(snapshot, items={item.key: replace(item, trashed=True), heir.key: heir}, attachments={})
    plan = plan_for(WORK, target=target, snapshot=merged)
    assert {action.item_key for action in plan.actions} <= {"MERGED22"}
    assert settle(plan, target, {}).bindings[WORK.citation_key].item_key == "MERGED22"


def test_an_item_taken_out_of_the_collection_by_a_member_is_not_put_back() -> None:
    target, snapshot = pushed(WORK)
    (item,) = snapshot.items.values()
    plan = plan_for(
        WORK, target=target, snapshot=replace(snapshot, items={item.key: replace(item, collections=frozenset())})
    )
    assert not plan.actions
    assert [note.kind for note in plan.notes] == ["taken out"]


def test_a_link_that_a_member_removed_stays_removed() -> None:
    target, snapshot = pushed(WORK)
    left = {key: one for key, one in snapshot.attachments.items() if one.url != CODE}
    plan = plan_for(WORK, target=target, snapshot=replace(snapshot, attachments=left))
    assert not plan.actions
    assert [(note.kind, note.detail) for note in plan.notes] == [("link removed", CODE)]


def test_a_changed_pdf_link_is_replaced_and_a_members_own_link_stays() -> None:
    target, snapshot = pushed(WORK)
    (item,) = snapshot.items.values()
    own = Attachment("MYNXTES2", 9, item.key, "Slides", "https://example.org/slides.pdf")
    plan = plan_for(
        replace(WORK, pdf="https://example.org/new.pdf"),
        target=target,
        snapshot=replace(snapshot, attachments={**snapshot.attachments, own.key: own}),
    )
    assert [(action.kind, action.fields[0].before, action.fields[0].after) for action in plan.actions] == [
        ("link", "", "https://example.org/new.pdf"),
        ("unlink", PDF, ""),
    ]


def test_a_pdf_that_nobody_knows_any_more_is_not_taken_away() -> None:
    target, snapshot = pushed(WORK)
    unknown = replace(WORK, pdf="")
    assert "unlink" not in plan_for(unknown, target=target, snapshot=snapshot).summary
    dropped = replace(unknown, dropped=frozenset({PDF}))
    assert plan_for(dropped, target=target, snapshot=snapshot).summary == {"unlink": 1}


def test_a_work_whose_lines_the_lock_does_not_know_has_not_left_the_lists() -> None:
    target, snapshot = pushed(WORK)
    assert plan_for(target=target, snapshot=snapshot).summary == {"uncollect": 1}
    assert plan_for(target=target, snapshot=snapshot, known=()).actions == ()


def test_a_link_that_was_written_before_a_crash_is_not_written_twice() -> None:
    target, snapshot = pushed(WORK)
    binding = replace(target.bindings[WORK.citation_key], links=frozenset())
    crashed = replace(target, bindings={WORK.citation_key: binding})
    assert not plan_for(WORK, target=crashed, snapshot=snapshot).actions


def test_a_trashed_link_is_not_added_again_after_the_lock_was_lost() -> None:
    _, snapshot = pushed(WORK)
    trashed = {key: replace(one, trashed=one.url == CODE) for key, one in snapshot.attachments.items()}
    snapshot = replace(snapshot, attachments=trashed)
    plan = plan_for(WORK, snapshot=snapshot)
    assert not plan.actions
    assert not plan_for(WORK, target=settle(plan, Target(), {}), snapshot=snapshot).actions  # nor by the run after


def test_a_work_that_left_the_lists_is_taken_out_of_the_collection_only() -> None:
    target, snapshot = pushed(WORK)
    (item,) = snapshot.items.values()
    own = frozenset({"MEMBERS2"})
    snapshot = replace(snapshot, items={item.key: replace(item, collections=item.collections | own)})
    plan = plan_for(target=target, snapshot=snapshot)
    (action,) = plan.actions
    assert action.kind == "uncollect"
    assert isinstance(action.change, ItemChange)
    assert action.change.collections == own
    after, later = carried_out(plan, target, snapshot)
    assert after.bindings[WORK.citation_key].unlisted
    assert not plan_for(target=after, snapshot=later).actions


def test_on_removed_trash_trashes_and_keep_keeps() -> None:
    target, snapshot = pushed(WORK)
    (trash,) = plan_for(target=target, snapshot=snapshot, policy=replace(POLICY, on_removed="trash")).actions
    assert (trash.kind, trash.change) == (
        "trash",
        ItemChange(trash.item_key, snapshot.items[trash.item_key].version, trashed=True),
    )
    kept = plan_for(target=target, snapshot=snapshot, policy=replace(POLICY, on_removed="keep"))
    assert not kept.actions
    assert [note.kind for note in kept.notes] == ["unlisted"]


def test_a_line_moved_to_another_section_moves_the_item() -> None:
    target, snapshot = pushed(WORK)
    plan = plan_for(replace(WORK, sections=frozenset({("Classics",)})), target=target, snapshot=snapshot)
    assert [action.kind for action in plan.actions] == ["collection", "update"]
    (line,) = plan.actions[1].fields
    assert (line.name, line.before) == ("collections", "Metric Learning, Metric Learning / 2015")
    assert line.after == "Metric Learning, Metric Learning / Classics"


def test_sections_can_be_tags_and_a_members_tags_stay() -> None:
    policy = replace(POLICY, sections="tags")
    target, snapshot = pushed(WORK, policy=policy)
    (item,) = snapshot.items.values()
    assert item.tags == {"2015"}
    snapshot = replace(snapshot, items={item.key: replace(item, tags=frozenset({"2015", "to read"}))})
    moved = replace(WORK, sections=frozenset({("Classics",)}))
    (action,) = plan_for(moved, target=target, snapshot=snapshot, policy=policy).actions
    assert isinstance(action.change, ItemChange)
    assert action.change.tags == {"Classics", "to read"}


def test_a_renamed_collection_is_followed() -> None:
    target, snapshot = pushed(WORK)
    home = target.collections[("Metric Learning",)]
    renamed = {**snapshot.collections, home: replace(snapshot.collections[home], name="DML")}
    assert not plan_for(WORK, target=target, snapshot=replace(snapshot, collections=renamed)).actions


def test_a_work_keeps_its_item_when_its_doi_changes() -> None:
    target, snapshot = pushed(WORK)
    record = Record(RECORD.item_type, {**RECORD.fields, "DOI": "10.1109/corrected"}, RECORD.creators)
    plan = plan_for(
        replace(WORK, record=record, identifiers=Identifiers("10.1109/corrected")), target=target, snapshot=snapshot
    )
    assert [action.kind for action in plan.actions] == ["update"]


def test_while_the_item_type_is_in_conflict_no_field_is_pushed_that_the_type_does_not_have() -> None:
    target, snapshot = pushed(WORK)
    (item,) = snapshot.items.values()
    theirs = Record("journalArticle", dict(item.record.fields), item.record.creators)
    snapshot = replace(snapshot, items={item.key: replace(item, record=theirs)})
    ours = Record("bookSection", {**RECORD.fields, "bookTitle": "A book", "pages": "1-2"}, RECORD.creators)
    plan = plan_for(replace(WORK, record=ours), target=target, snapshot=snapshot)
    assert [conflict.field for conflict in plan.conflicts] == ["itemType"]
    (action,) = plan.actions
    assert {line.name for line in action.fields} == {"pages"}


def test_a_change_that_was_refused_leaves_the_base_where_it_was() -> None:
    target, snapshot = pushed(WORK)
    record = Record(RECORD.item_type, {**RECORD.fields, "pages": "815-824"}, RECORD.creators)
    plan = plan_for(replace(WORK, record=record), target=target, snapshot=snapshot)
    key = plan.actions[0].item_key
    after = settle(plan, target, {key: Outcome("refused", key, reason="too long")})
    assert after.bindings[WORK.citation_key].base["pages"] == "815-823"


def test_an_item_that_could_not_be_made_is_not_bound() -> None:
    plan = plan_for(WORK)
    assert not settle(plan, Target(), {}).bindings


def test_an_attachments_key_follows_from_its_item_and_address() -> None:
    plan = plan_for(WORK)
    pdf = plan.actions[3].change
    assert isinstance(pdf, AttachmentChange)
    assert pdf.key == next(keys_for(LIBRARY, identity_of_link(pdf.parent, PDF)))


def test_what_an_entry_cannot_carry_is_neither_pushed_nor_pulled() -> None:
    target, snapshot = pushed(WORK)
    record = Record(RECORD.item_type, {**RECORD.fields, "abstractNote": "From the bib."}, RECORD.creators)
    theirs = edited(snapshot, abstractNote="A member's summary.", accessDate="2026-01-01")
    assert not plan_for(replace(WORK, record=record), target=target, snapshot=theirs).actions


def test_a_file_that_a_member_stored_is_never_thrown_out() -> None:
    target, snapshot = pushed(WORK)
    stored = {key: replace(one, is_link=one.url != PDF) for key, one in snapshot.attachments.items()}
    snapshot = replace(snapshot, attachments=stored)
    plan = plan_for(replace(WORK, pdf="https://example.org/new.pdf"), target=target, snapshot=snapshot)
    assert [action.kind for action in plan.actions] == ["link"]


def test_the_same_citation_key_alone_does_not_make_a_strangers_item_ours() -> None:
    stranger = Item("STRANGER", 5, Record("book", {"title": "Deep Fishing", "date": "2015"}), WORK.citation_key)
    plan = plan_for(WORK, snapshot=Snapshot(5, {stranger.key: stranger}))
    assert {action.kind for action in plan.actions} == {"collection"}
    assert [(note.kind, note.detail) for note in plan.notes] == [("key taken", "STRANGER")]


def test_a_conference_paper_and_its_journal_version_stay_two_items_though_they_share_an_arxiv_id() -> None:
    arxiv = Identifiers(arxiv="1801.00001")
    people = (Creator("Doe", "Jane"), Creator("Roe", "Rick"))
    facts = {"title": "Learning to Measure", "date": "2018", "arXiv": "1801.00001"}
    paper = ListedWork("doe2018learning", Record("conferencePaper", facts, people), arxiv)
    article = ListedWork("doe2020learning", Record("journalArticle", {**facts, "date": "2020"}, people), arxiv)
    target, snapshot = pushed(paper)
    plan = plan_for(paper, article, target=target, snapshot=snapshot)
    assert [action.kind for action in plan.actions] == ["create"]
    assert not plan.conflicts


def test_a_link_that_is_changed_back_comes_back_out_of_the_trash() -> None:
    target, snapshot = pushed(WORK)
    other = replace(WORK, pdf="https://example.org/new.pdf")
    target, snapshot = carried_out(plan_for(other, target=target, snapshot=snapshot), target, snapshot)
    plan = plan_for(WORK, target=target, snapshot=snapshot)
    assert sorted(action.kind for action in plan.actions) == ["link", "unlink"]
    target, snapshot = carried_out(plan, target, snapshot)
    assert {one.url for one in snapshot.attachments.values() if not one.trashed} == {PDF, CODE}
    assert not plan_for(WORK, target=target, snapshot=snapshot).actions


def test_an_item_that_dmlsync_trashed_comes_back_with_its_line() -> None:
    policy = replace(POLICY, on_removed="trash")
    target, snapshot = pushed(WORK, policy=policy)
    target, snapshot = carried_out(plan_for(target=target, snapshot=snapshot, policy=policy), target, snapshot)
    plan = plan_for(WORK, target=target, snapshot=snapshot, policy=policy)
    assert [action.kind for action in plan.actions] == ["update"]
    _, snapshot = carried_out(plan, target, snapshot)
    assert [item.trashed for item in snapshot.items.values()] == [False]


def test_a_subcollection_that_a_member_deleted_is_made_anew_and_filled() -> None:
    target, snapshot = pushed(WORK)
    gone = target.collections[("Metric Learning", "2015")]
    (item,) = snapshot.items.values()
    left = {key: one for key, one in snapshot.collections.items() if key != gone}
    snapshot = replace(
        snapshot, collections=left, items={item.key: replace(item, collections=item.collections - {gone})}
    )
    plan = plan_for(WORK, target=target, snapshot=snapshot)
    assert [action.kind for action in plan.actions] == ["collection", "update"]
    target, snapshot = carried_out(plan, target, snapshot)
    assert len(next(iter(snapshot.items.values())).collections) == 2
    assert not plan_for(WORK, target=target, snapshot=snapshot).actions


def test_a_citation_key_that_was_changed_in_zotero_is_a_conflict() -> None:
    target, snapshot = pushed(WORK)
    (item,) = snapshot.items.values()
    renamed = replace(snapshot, items={item.key: replace(item, citation_key="facenet")})
    plan = plan_for(WORK, target=target, snapshot=renamed)
    assert not plan.actions
    assert [(one.field, one.local, one.remote) for one in plan.conflicts] == [
        ("citationKey", "schroff2015facenet", "facenet")
    ]


def test_a_citation_key_that_was_lost_in_zotero_is_written_again() -> None:
    target, snapshot = pushed(WORK)
    (item,) = snapshot.items.values()
    lost = replace(snapshot, items={item.key: replace(item, citation_key="")})
    (action,) = plan_for(WORK, target=target, snapshot=lost).actions
    assert [(line.name, line.after) for line in action.fields] == [("citationKey", "schroff2015facenet")]


def test_a_citation_key_that_was_changed_in_the_bib_is_a_conflict() -> None:
    target, snapshot = pushed(WORK)
    plan = plan_for(replace(WORK, renamed="facenet"), target=target, snapshot=snapshot)
    assert not plan.actions
    assert [(one.field, one.local) for one in plan.conflicts] == [("citationKey", "facenet")]


def test_no_field_is_pushed_that_the_type_a_member_chose_does_not_have() -> None:
    target, snapshot = pushed(WORK)
    (item,) = snapshot.items.values()
    theirs = Record("journalArticle", dict(item.record.fields), item.record.creators)
    snapshot = replace(snapshot, items={item.key: replace(item, record=theirs)})
    ours = Record("conferencePaper", {**RECORD.fields, "conferenceName": "CVPR"}, RECORD.creators)
    plan = plan_for(replace(WORK, record=ours), target=target, snapshot=snapshot)
    assert plan.actions == ()
    assert [one.field for one in plan.conflicts] == ["itemType"]  # taken over, it would cost the conference's name


def test_an_item_that_another_work_is_now_is_not_taken_out_with_the_old_work() -> None:
    target, snapshot = pushed(WORK)
    renewed = replace(WORK, citation_key="schroff2015unified")
    old = target.bindings[WORK.citation_key]
    target = replace(target, bindings={WORK.citation_key: old, "schroff2015unified": old})
    plan = plan_for(renewed, target=target, snapshot=snapshot)
    assert "uncollect" not in plan.summary


def test_an_item_that_was_deleted_is_made_anew_once_its_line_went_and_came_back() -> None:
    target, snapshot = pushed(WORK)
    snapshot = replace(snapshot, items={}, attachments={})
    target, snapshot = carried_out(plan_for(target=target, snapshot=snapshot), target, snapshot)
    assert "create" in plan_for(WORK, target=target, snapshot=snapshot).summary


def in_the_group(record: Record) -> Snapshot:
    return Snapshot(5, {"GRXUP234": Item("GRXUP234", 5, record)})


PEOPLE = (Creator("Schroff", "Florian"), Creator("Philbin", "James"))
PAPER = ListedWork(
    "schroff2015facenet",
    Record("conferencePaper", {"title": "FaceNet", "date": "2015", "arXiv": "1503.03832"}, PEOPLE),
    Identifiers(arxiv="1503.03832"),
)


def test_an_item_that_only_its_arxiv_address_names_is_recognised() -> None:
    record = Record("conferencePaper", {"title": "FaceNet", "url": "https://arxiv.org/abs/1503.03832v3"}, PEOPLE)
    plan = plan_for(PAPER, snapshot=in_the_group(record))
    assert {action.item_key for action in plan.actions if action.kind in ("create", "update")} == {"GRXUP234"}


def test_a_preprint_of_the_work_without_a_repository_is_recognised_and_its_type_is_a_question() -> None:
    record = Record("preprint", {"title": "FaceNet", "archiveID": "arXiv:1503.03832", "date": "2015"}, PEOPLE)
    plan = plan_for(PAPER, snapshot=in_the_group(record))
    assert "create" not in plan.summary
    assert [one.field for one in plan.conflicts] == ["itemType"]
    (update,) = (action for action in plan.actions if action.kind == "update")
    assert {line.name for line in update.fields} == {"citationKey", "collections"}


def test_an_item_that_only_looks_alike_is_neither_joined_nor_doubled() -> None:
    record = Record("conferencePaper", {"title": "FaceNet", "date": "2015"}, PEOPLE)
    plan = plan_for(PAPER, snapshot=in_the_group(record))
    assert not [action for action in plan.actions if action.kind in ("create", "update", "link")]
    assert [(note.kind, note.detail) for note in plan.notes] == [("look-alike", "GRXUP234")]
    assert plan.waits


def test_an_item_with_our_key_whose_doi_was_corrected_is_ours_after_the_lock_was_lost() -> None:
    _, snapshot = pushed(WORK)
    plan = plan_for(WORK, snapshot=edited(snapshot, DOI="10.9999/typed"))
    assert "create" not in plan.summary
    assert [one.field for one in plan.conflicts] == ["DOI"]


def test_an_item_with_our_key_whose_type_or_title_was_edited_is_ours_after_the_lock_was_lost() -> None:
    _, snapshot = pushed(WORK)
    assert "create" not in plan_for(WORK, snapshot=edited(snapshot, title="FaceNet: a longer title", DOI="")).summary
    retyped = replace(WORK, record=Record("thesis", dict(RECORD.fields), RECORD.creators))
    assert "create" not in plan_for(retyped, snapshot=snapshot).summary


def test_what_the_entry_cannot_carry_is_not_pulled_while_the_type_is_in_conflict() -> None:
    facts = {"title": "Sharing Matters", "publicationTitle": "TPAMI", "issue": "1", "DOI": "10.1/x"}
    article = replace(WORK, record=Record("journalArticle", facts, RECORD.creators))
    _, snapshot = pushed(article)
    ours = Record("conferencePaper", {"title": "Sharing Matters", "DOI": "10.1/x"}, RECORD.creators)
    retyped = replace(article, record=ours)
    plan = plan_for(retyped, snapshot=snapshot)
    assert [one.field for one in plan.conflicts] == ["itemType"]
    target = settle(plan, Target(), {}, pulled=True)
    later = plan_for(retyped, target=target, snapshot=snapshot)
    assert not [line for action in later.actions for line in action.fields if line.name in ("publicationTitle",)]
