"""`python -m dmlsync` is the `dmlsync` command."""

from dmlsync.cli import main

main()
