"""What library.bib says of the works that the lock knows, though people edit it by hand.

A student may delete an entry, break a brace, or give an entry another key. The lock's works have to be told apart from
that: a deleted record comes back while its line stands, a broken entry is left for its author, and a changed key is a
conflict, never a second entry. Pure: no I/O.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dmlsync.model import ITEM_TYPE, Record
from dmlsync.sync.known_works import KnownWorks
from dmlsync.sync.lock import Binding, Lock
from dmlsync.sync.merge import record_of


@dataclass(frozen=True, slots=True)
class BibRecords:
    """The records of library.bib by citation key, completed for the works that it lost.

    `entry_keys` tells under which key a work's entry stands there, where that is not its citation key to the letter;
    `broken` are works whose entry cannot be read, `unreadable` the lower-case keys of all such entries. `taken` holds
    every key that a new work must not get, in lower case.
    """

    in_file: Mapping[str, Record] = field(default_factory=dict)
    records: Mapping[str, Record] = field(default_factory=dict)
    entry_keys: Mapping[str, str] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    unreadable: frozenset[str] = frozenset()
    taken: frozenset[str] = frozenset()

    @property
    def renamed(self) -> Mapping[str, str]:
        """The works whose key somebody changed in library.bib, with the new one; capitals are no change."""
        return {key: now for key, now in self.entry_keys.items() if key.lower() != now.lower()}

    def missing(self, records: Mapping[str, Record]) -> dict[str, Record]:
        """What library.bib lacks of these records, or has differently, by the key of their entry there."""
        placed = {key: self.entry_keys.get(key, key) for key in records if key not in self.broken}
        return {now: records[key] for key, now in placed.items() if self.in_file.get(now) != records[key]}


def bib_records(
    found: Mapping[str, Record],
    document_keys: Iterable[str],
    lock: Lock,
    bindings: Mapping[str, Binding],
    aliases: Iterable[str] = (),
) -> BibRecords:
    """Compare the records found in library.bib with the lock's works.

    `document_keys` are the lower-case keys of all entries, those included that cannot be read, `aliases` the other keys
    that entries are known by; `bindings` those of the target in use, whose base serves for a record that library.bib
    lost.
    """
    present = frozenset(document_keys)
    by_folded = {key.lower(): key for key in found}
    strangers = KnownWorks({key: record for key, record in found.items() if key not in lock.works}, {})
    records, entry_keys, broken = dict(found), dict[str, str](), set[str]()
    for key, work in lock.works.items():
        if key in found:
            continue
        base = bindings[key].record_values if key in bindings else {}
        lost = record_of(base) if ITEM_TYPE in base else None
        now = by_folded.get(key.lower(), "")
        if not now and key.lower() not in present:
            now = strangers.key_with(lost, work.identifiers) if lost else strangers.key_named(work.identifiers)
        if now:
            entry_keys[key] = now
            records[key] = records.pop(now, found[now])
        elif lost:
            records[key] = lost
        if key.lower() in present and not now:
            broken.add(key)
    bound = {key for target in lock.targets.values() for key in target.bindings} | set(bindings)
    former = {key for work in lock.works.values() for key in work.formerly}
    taken = frozenset(key.lower() for key in {*found, *lock.works, *bound, *former, *aliases}) | present
    return BibRecords(found, records, entry_keys, frozenset(broken), present - set(by_folded), taken)
