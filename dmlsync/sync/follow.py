"""Taking over what sources say now, without touching what a person typed.

A source fills new records and proposes updates; a value that a person typed on either side outranks it for good. What
a person typed is known by the base: a value that differs from what both sides last held was typed since, and from then
on its origin says so. Pure: no I/O.
"""

from __future__ import annotations

from collections.abc import Mapping

from dmlsync.model import ARXIV, CREATORS, ITEM_TYPE, Record
from dmlsync.schema import fields_of
from dmlsync.sync.merge import Value, Values, comparable, record_of, values_of

PERSON = "person"
LIST = "list"


def typed(origins: Mapping[str, str], base: Values, current: Values) -> dict[str, str]:
    """The origins of a record's fields, with those marked that a person typed since both sides last agreed.

    Without a base nobody knows who typed what: then the origins are as they were.
    """
    if not base:
        return dict(origins)
    changed = {
        name
        for name in {*base, *current}
        if comparable(name, base.get(name, "")) != comparable(name, current.get(name, ""))
    }
    return {**origins, **dict.fromkeys(changed, PERSON)}


def followed(
    current: Record, origins: Mapping[str, str], offered: Record, offered_origins: Mapping[str, str]
) -> tuple[Record, dict[str, str]]:
    """The record after an answer of the sources, and where each of its values is from.

    Only fields that came from a source (or are blank) follow; nothing is cleared, except fields that the work's new
    item type does not have.
    """
    values: dict[str, Value] = dict(values_of(current))
    after = dict(origins)
    for name, value in values_of(offered).items():
        is_ours = after.get(name) != PERSON if name in after else name not in values
        if is_ours and value:
            values[name] = value
            after[name] = offered_origins.get(name, after.get(name, ""))
    fitting = {*fields_of(str(values[ITEM_TYPE])), ITEM_TYPE, CREATORS, ARXIV}
    kept = {name: value for name, value in values.items() if name in fitting or after.get(name, PERSON) == PERSON}
    # What a person emptied is remembered as theirs, or the next answer would fill it again.
    return record_of(kept), {name: one for name, one in after.items() if one == PERSON or (name in kept and one)}
