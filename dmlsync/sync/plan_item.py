"""The part of a plan that is one item: what is sent of it, and how that reads. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Sequence

from dmlsync.model import CREATORS
from dmlsync.sync.actions import Action, FieldChange, Kind, Side, shown
from dmlsync.sync.find import Found
from dmlsync.sync.library import ItemChange
from dmlsync.sync.listed import ListedWork
from dmlsync.sync.merge import FieldMerge
from dmlsync.sync.sides import Sides

_SECTIONS, _TAGS = "the list's sections", "the tags that dmlsync gives"


def item_action(
    work: ListedWork, found: Found, pushed: Sequence[FieldMerge], before: Side, after: Side, sides: Sides
) -> Action:
    """The step that makes or changes a work's item, so that it holds what is `after`."""
    creators = next((one.local for one in pushed if one.name == CREATORS), None)
    assert creators is None or isinstance(creators, tuple)
    change = ItemChange(
        key=found.key,
        version=found.item.version if found.item else 0,
        fields={one.name: one.local for one in pushed if isinstance(one.local, str)},
        creators=creators,
        collections=after.collections if after.collections != before.collections else None,
        tags=after.tags if after.tags != before.tags else None,
        trashed=False if found.in_trash else None,
    )
    fields = [FieldChange(one.name, shown(one.remote), shown(one.local), _why(found, one)) for one in pushed]
    fields += sides.member_changes("collections", before.collections, after.collections, _SECTIONS)
    fields += sides.member_changes("tags", before.tags, after.tags, _TAGS)
    fields += [FieldChange("deleted", "1", "", "its line is on a list again")] if found.in_trash else []
    kind: Kind = "update" if found.item else "create"
    return Action(kind, work.citation_key, found.key, work.record.title, tuple(fields), change, found.item)


def _why(found: Found, merged: FieldMerge) -> str:
    if not found.item:
        return "new"
    if not merged.base and not merged.remote:
        return "blank in Zotero"
    return "changed in library.bib"
