"""The part of a plan that is about attachments: which links of a work are to be made, brought back or thrown out.

A link belongs to whoever made it: only plain links are ever thrown out, never a file that somebody stored, and what a
member threw out stays out. Pure: no I/O.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field

from dmlsync.sync.item_keys import identity_of_link, keys_for
from dmlsync.sync.library import Attachment, AttachmentChange, Change, ItemChange
from dmlsync.sync.listed import PDF
from dmlsync.sync.merge import merge_members


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """What becomes of an item's links: changes by address, the addresses `after`, those that a member `removed`.

    `base` are the addresses that were known before; one that is not there any more was removed by a member.
    """

    made: Mapping[str, Change] = field(default_factory=dict)
    thrown_out: Mapping[str, ItemChange] = field(default_factory=dict)
    base: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    removed: tuple[str, ...] = ()


def living_links(attachments: Iterable[Attachment]) -> frozenset[str]:
    """The addresses of an item's attachments, files that were fetched from an address among them."""
    return frozenset(one.url for one in attachments if one.url and not one.trashed)


def plan_links(
    item_key: str,
    base: frozenset[str] | None,
    wanted: Mapping[str, str],
    attachments: Iterable[Attachment],
    library_name: str,
    taken: Container[str],
    dropped: Container[str] | None = None,
) -> LinkPlan:
    """Compare the links that a work should have with the attachments of its item.

    `base` are the addresses that both sides last held, None at the first contact; `wanted` maps addresses to titles.
    Where no PDF is known, only one that a line has `dropped` is thrown out: the address of another may have been known
    to a lock that was lost, and not to know it is no wish to be rid of it. With None there is such a wish.
    """
    found = list(attachments)
    here = living_links(found)
    if base and dropped is not None and PDF not in wanted.values():
        base -= {one.url for one in found if one.title == PDF and one.url not in dropped}
    in_trash = {one.url: one for one in found if one.url and one.trashed and one.url not in here}
    # At the first contact nobody knows who threw a link out: then it stays out.
    known = base if base is not None else frozenset(in_trash) & frozenset(wanted)
    merged = merge_members(known, frozenset(wanted), here)
    made: dict[str, Change] = {}
    for url in (url for url in wanted if url in merged.add):
        if back := in_trash.get(url):
            made[url] = ItemChange(back.key, back.version, trashed=False)
        else:
            made[url] = _new_link(item_key, url, wanted[url], library_name, taken)
    thrown_out = {
        one.url: ItemChange(one.key, one.version, trashed=True)
        for one in found
        if one.url in merged.remove and one.is_link and not one.trashed
    }
    after = (here | made.keys()) - thrown_out.keys()
    return LinkPlan(made, thrown_out, known, after, tuple(sorted(merged.removed_remotely)))


def _new_link(item_key: str, url: str, title: str, library_name: str, taken: Container[str]) -> AttachmentChange:
    key = next(key for key in keys_for(library_name, identity_of_link(item_key, url)) if key not in taken)
    content_type = "application/pdf" if title == PDF else "text/html"
    return AttachmentChange(key, 0, item_key, title, url, content_type)
