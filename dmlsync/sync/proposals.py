"""What the sources say otherwise than the records: proposals, to be taken over or not.

Sources never replace a value by themselves once a work is known. `dmlsync resolve --refresh` asks them again, and what
they would change is put before a person. A value that the person keeps instead is from then on the person's own, so
that it is not proposed again. Pure: no I/O.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dmlsync.sync.actions import FieldChange, shown
from dmlsync.sync.catalog import Catalog
from dmlsync.sync.follow import PERSON
from dmlsync.sync.merge import comparable, values_of


@dataclass(frozen=True, slots=True)
class Proposal:
    """The changes that the sources propose for one work; `why` of each names the source."""

    citation_key: str
    title: str
    fields: tuple[FieldChange, ...]


def proposals(now: Catalog, asked: Catalog) -> tuple[Proposal, ...]:
    """What would change from the catalog as it is to the one after the sources were asked again."""
    found = []
    for key, record in now.records.items():
        fields = _changes(now, asked, key)
        if fields:
            found.append(Proposal(key, record.title, fields))
    return tuple(found)


def _changes(now: Catalog, asked: Catalog, key: str) -> tuple[FieldChange, ...]:
    if key not in asked.records or key not in asked.works:
        return ()
    ours, theirs, origins = values_of(now.records[key]), values_of(asked.records[key]), asked.works[key].origins
    return tuple(
        FieldChange(name, shown(ours.get(name, "")), shown(theirs.get(name, "")), origins.get(name, ""))
        for name in dict.fromkeys([*ours, *theirs])
        if comparable(name, ours.get(name, "")) != comparable(name, theirs.get(name, ""))
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said of proposals: the citation keys of those to take over, and of those not to."""

    accepted: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()


def taken_over(now: Catalog, asked: Catalog, decision: Decision) -> Catalog:
    """The catalog with the accepted proposals taken over; the values of the declined ones are the person's own."""
    records, works, written = dict(now.records), dict(now.works), dict(now.written)
    for key in decision.accepted:
        records[key], works[key] = asked.records[key], replace(asked.works[key], entries=now.works[key].entries)
        written[asked.entry_keys.get(key, key)] = records[key]
    for key in decision.declined:
        kept = {change.name: PERSON for change in _changes(now, asked, key)}
        works[key] = replace(works[key], origins={**works[key].origins, **kept})
    return replace(now, records=records, works=works, written=written)
