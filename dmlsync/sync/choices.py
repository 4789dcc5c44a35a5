"""What a person says of conflicts, and where it is kept until both sides hold the same. Pure: no I/O."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from dmlsync.model import CITATION_KEY
from dmlsync.sync.actions import Conflict
from dmlsync.sync.lock import Choice, Target

Side = Literal["local", "remote"]


def possible_sides(conflict: Conflict) -> tuple[Side, ...]:
    """The sides that a person can choose between.

    A citation key is only ever changed by `rekey`: a member's can be put back, and a new one in library.bib is no side.
    """
    if conflict.field != CITATION_KEY:
        return ("local", "remote")
    return ("local",) if conflict.local == conflict.citation_key else ()


def with_choice(target: Target, conflict: Conflict, side: Side) -> Target:
    """The target with a conflict decided; one of a work that it does not know yet changes nothing."""
    binding = target.bindings.get(conflict.citation_key)
    if binding is None or side not in possible_sides(conflict):
        return target
    choice = Choice(side, conflict.local, conflict.remote)
    chosen = replace(binding, choices={**binding.choices, conflict.field: choice})
    return replace(target, bindings={**target.bindings, conflict.citation_key: chosen})
