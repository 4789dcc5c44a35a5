"""The library as it was last read, without a request: for looking at, not for writing."""

from __future__ import annotations

from dmlsync.sync.library import Snapshot
from dmlsync.zotero.mirror import Mirror, mirrored_as
from dmlsync.zotero.rows import Decoders, snapshot_of


def remembered(mirror: Mirror, endpoint: str, name: str) -> Snapshot | None:
    """What the mirror has of a library; None where it was never read in full."""
    contents = mirror.load(mirrored_as(endpoint, name))
    return None if contents.version is None else snapshot_of(contents.version, contents, Decoders())
