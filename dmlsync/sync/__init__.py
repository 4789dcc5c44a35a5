"""The sync engine: merge and plan decide, apply acts, lock and journal remember."""
