"""Taking over into the catalog what only Zotero changed: a member's edit on its way to library.bib. Pure: no I/O."""

from __future__ import annotations

from dataclasses import replace

from dmlsync.sync.actions import Plan
from dmlsync.sync.catalog import Catalog
from dmlsync.sync.follow import PERSON
from dmlsync.sync.merge import record_of, values_of


def with_pulled(catalog: Catalog, plan: Plan) -> Catalog:
    """The catalog with the values that a plan pulls; from now on a person has typed them."""
    records, works, written = dict(catalog.records), dict(catalog.works), dict(catalog.written)
    for work in plan.works:
        if work.pulled:
            key = work.citation_key
            values = {**values_of(records[key]), **work.pulled}
            records[key] = record_of({name: value for name, value in values.items() if value})
            written[catalog.entry_keys.get(key, key)] = records[key]
            origins = {**works[key].origins, **dict.fromkeys(work.pulled, PERSON)}
            works[key] = replace(works[key], origins=origins)
    return replace(catalog, records=records, works=works, written=written)
