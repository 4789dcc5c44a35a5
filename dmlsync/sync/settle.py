"""What the lock should say after a run: the conclusion from a plan and the outcomes of its changes.

The base moves only where both sides are known to hold the same; a change that did not succeed leaves its field's base
where it was, so that the next run sees it again. Pure: no I/O.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dmlsync.sync.actions import Plan, WorkPlan
from dmlsync.sync.library import Outcome
from dmlsync.sync.lock import Binding, Target, without_bases
from dmlsync.sync.merge import comparable, moved, moved_members


def settle(plan: Plan, target: Target, outcomes: Mapping[str, Outcome], *, pulled: bool = False) -> Target:
    """The state of a target after a run; `outcomes` are by the key of the changed object.

    `pulled` tells that library.bib takes over what only Zotero changed.
    """
    failed = {
        action.change.key
        for action in plan.actions
        if action.change
        and (action.change.key not in outcomes or outcomes[action.change.key].kind not in ("written", "unchanged"))
    }
    bindings = dict((without_bases(target) if plan.anew else target).bindings)
    for key in plan.removed:
        if bindings[key].item_key not in failed:
            bindings[key] = _unlisted(bindings[key], plan)
    for key in plan.released:
        bindings[key] = replace(_unlisted(bindings[key], plan), adopted=False)
    for work in plan.works:
        if work.item_key not in failed or work.before.values:  # otherwise it was to be created and is not there
            bindings[work.citation_key] = _settled(work, failed, pulled)
    collections = {path: key for path, key in plan.places.keys.items() if key not in failed}
    return Target({**target.collections, **collections}, bindings)


def _unlisted(binding: Binding, plan: Plan) -> Binding:
    """The binding of a work that left every list: kept, so that a line that comes back meets no stranger."""
    kinds = {action.kind for action in plan.actions if action.item_key == binding.item_key}
    return replace(
        binding, unlisted=True, trashed="trash" in kinds, collections=frozenset(), tags=frozenset(), links=binding.links
    )


def _settled(work: WorkPlan, failed: set[str], pulled: bool) -> Binding:
    """The binding of one work: what both sides hold now."""
    base = work.binding
    local = {**work.local.values, **work.pulled} if pulled else work.local.values
    remote = work.before if work.item_key in failed else work.after
    unwritten = {url for url, key in work.link_keys.items() if key in failed}
    links = (work.after.links - unwritten) | (work.before.links & unwritten)
    open_choices = {
        name: choice
        for name, choice in base.choices.items()
        if comparable(name, local.get(name, "")) != comparable(name, remote.values.get(name, ""))
    }
    return Binding(
        item_key=work.item_key,
        base=moved(base.base, local, remote.values),
        collections=moved_members(base.collections, work.local.collections, remote.collections),
        tags=moved_members(base.tags, work.local.tags, remote.tags),
        links=moved_members(base.links, work.local.links, links),
        adopted=work.adopted,
        choices=open_choices,
    )
