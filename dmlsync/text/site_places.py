"""How a site tells a paper's two places: the value, and what the rules of all sites use. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote


@dataclass(frozen=True, slots=True)
class Places:
    """Where a work lies on its site: its page and its PDF; `""` where a link does not tell."""

    page: str = ""
    pdf: str = ""


Rule = Callable[[SplitResult], Places | None]
"""Both places of the work behind an address of a site; None where it is not the address of a paper."""


def host_of(parts: SplitResult) -> str:
    """The host of an address in small letters, without its `www.`."""
    return (parts.hostname or "").lower().removeprefix("www.")


def match_path(pattern: str, parts: SplitResult) -> re.Match[str] | None:
    """The path, with doubled slashes undone, against a pattern for the whole of it."""
    path = re.sub(r"/{2,}", "/", unquote(parts.path)).rstrip("/")
    return re.fullmatch(pattern, path, re.IGNORECASE)
