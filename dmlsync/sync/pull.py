"""Taking over into the catalog what only Zotero changed: a member's edit on its way to library.bib. Pure: no I/O."""

from __future__ import annotations

from dataclasses import replace

from dmlsync.sync.actions import Plan
from dmlsync.sync.catalog import Catalog
from dmlsync.sync.follow import PERSON
from dmlsync.sync.lock import WorkState
from dmlsync.sync.merge import record_of, values_of


def with_pulled(catalog: Catalog, plan: Plan) -> Catalog:
    """The catalog with the values that a plan pulls, and with the works that it adopts; a person has typed them."""
    records, works, written = dict(catalog.records), dict(catalog.works), dict(catalog.written)

    def known(key: str) -> WorkState:
        return works.get(key, WorkState())

    for work in plan.works:
        if work.pulled:
            key = work.citation_key
            values = {**(values_of(records[key]) if key in records else {}), **work.pulled}
            records[key] = record_of({name: value for name, value in values.items() if value})
            written[catalog.entry_keys.get(key, key)] = records[key]
            origins = {**known(key).origins, **dict.fromkeys(work.pulled, PERSON)}
            works[key] = replace(known(key), origins=origins)
        elif work.adopted:
            works[work.citation_key] = known(work.citation_key)
    taken = catalog.taken | {work.citation_key.lower() for work in plan.works if work.adopted}
    return replace(catalog, records=records, works=works, written=written, taken=taken)
