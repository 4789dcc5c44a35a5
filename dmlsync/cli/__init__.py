"""The command line: one module a command, and the words that people read.

Commands are imported when they are called, and heavy libraries only inside them, so that `dmlsync --help` answers at
once. This is the only room that knows click, and the only one that words errors.
"""

from __future__ import annotations


def main() -> None:
    """The entry point of the `dmlsync` command."""
    from dmlsync.cli.app import app

    app(prog_name="dmlsync")
