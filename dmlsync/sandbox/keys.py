"""The keys of items and collections: eight characters that cannot be mistaken for one another."""

from __future__ import annotations

import re
import secrets

ALPHABET = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
_KEY = re.compile(f"[{ALPHABET}]{{8}}")


def is_key(value: object) -> bool:
    """Whether a value is a well-formed key."""
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def new_key() -> str:
    """A random key."""
    return "".join(secrets.choice(ALPHABET) for _ in range(8))
