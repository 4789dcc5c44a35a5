"""What a check gives, and what a check is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from dmlsync.doctor.scene import Scene

State = Literal["ok", "warning", "failed", "not checked"]


@dataclass(frozen=True, slots=True)
class Finding:
    """How it stands: a state, a sentence without a full stop, and what a person can do about it."""

    state: State
    message: str
    remedy: str = ""


def ok(message: str) -> Finding:
    """All is well."""
    return Finding("ok", message)


def warning(message: str, remedy: str) -> Finding:
    """It works, but not as somebody may think, or not for long."""
    return Finding("warning", message, remedy)


def failed(message: str, remedy: str) -> Finding:
    """Commands fail by this."""
    return Finding("failed", message, remedy)


def not_checked(message: str) -> Finding:
    """Nobody looked."""
    return Finding("not checked", message)


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its `id`, how it is made, and the ids of those without which it makes no sense.

    A check `on_the_network` is left out where nobody may be asked.
    """

    id: str
    run: Callable[[Scene], Finding]
    needs: tuple[str, ...] = ()
    on_the_network: bool = False
