"""What a rule finds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file: `rule` names the rule that found it, `line` counts from 1.

    An `error` is wrong for certain, a `warning` worth a look, an `info` says what could not be checked. `message` is a
    sentence without a full stop. `fixable` tells that dmlsync can mend it itself.
    """

    rule: str
    severity: Severity
    file: Path
    line: int
    message: str
    fixable: bool = False
