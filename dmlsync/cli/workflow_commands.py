"""Workflow commands: the lines by which a program talks to GitHub's runner.

https://docs.github.com/en/actions/using-workflows/workflow-commands-for-github-actions
"""

from __future__ import annotations

from dmlsync.cli.text import safe


def workflow_command(name: str, message: str, **properties: str | int | None) -> str:
    """A line that GitHub's runner takes for a command, with everything escaped that could end it or start another."""
    told = ",".join(f"{key}={_escaped(str(value), also=':,')}" for key, value in properties.items() if value)
    return f"::{name} {told}::{_escaped(safe(message))}"


def _escaped(text: str, also: str = "") -> str:
    return "".join(f"%{ord(sign):02X}" if sign in "%\r\n" + also else sign for sign in text)
