"""What a rule finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dmlsync.text.edits import Edit

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file: `rule` names the rule that found it, `line` counts from 1.

    An `error` is wrong for certain and in the way, a `warning` is worth a look, an `info` a matter of tidiness, or
    something that could not be checked. `message` is a sentence without a full stop. `column` counts characters from
    1, 0 where the whole line is meant. `edits` mend it, as changes of the file's text.
    """

    rule: str
    severity: Severity
    file: Path
    line: int
    message: str
    column: int = 0
    edits: tuple[Edit, ...] = ()

    @property
    def fixable(self) -> bool:
        """Whether dmlsync can mend it itself."""
        return bool(self.edits)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by file, line and column, each once."""
    return tuple(
        dict.fromkeys(sorted(problems, key=lambda one: (str(one.file), one.line, one.column, one.rule, one.message)))
    )
