"""Candidates as the recorded expectations beside the answers write them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dmlsync.sources.base import Candidate


def plain(candidate: Candidate) -> dict[str, Any]:
    """A candidate in JSON's own values."""
    record = candidate.record
    return {
        "item_type": record.item_type,
        "fields": dict(record.fields),
        "creators": [one.name or [one.last_name, one.first_name] for one in record.creators],
        "identifiers": {name: value for name, value in asdict(candidate.identifiers).items() if value},
        "links": [link.url for link in candidate.links],
        "preprint": candidate.preprint,
    }
