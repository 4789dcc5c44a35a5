"""The command line: one module a command, and the words that people read.

Commands are imported when they are called, and heavy libraries only inside them, so that `dmlsync --help` answers at
once. This is the only room that knows click, and the only one that words errors.
"""

from __future__ import annotations


def main() -> None:
    """The entry point of the `dmlsync` command."""
    import sys
    from errno import EBADF, EIO, ENOSPC, EPIPE

    from dmlsync.cli.app import app

    try:
        app(prog_name="dmlsync")
    except OSError as error:
        if error.filename is not None or error.errno not in (EBADF, EIO, ENOSPC, EPIPE):
            raise  # anything but standard output that is full or gone
        sys.stderr.write(f"error: the answer cannot be written: {error.strerror or error}\n")
        sys.exit(1)
