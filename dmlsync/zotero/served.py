"""Items in the formats that the Web API has besides its own JSON, made by this project's converters.

The sandbox is given these functions: it knows no other room of the house.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dmlsync.bib.csl import csl_of
from dmlsync.zotero.convert import bib_text, exported
from dmlsync.zotero.items import Json, data_in, extra_in, text_in


def converters() -> dict[str, Callable[[Sequence[Mapping[str, Any]]], Any]]:
    """The converters by the names that the API has for the formats; each takes the `data` of items."""
    return {
        "bibtex": lambda items: bib_text(items, "bibtex"),
        "biblatex": lambda items: bib_text(items, "biblatex"),
        "csljson": lambda items: [served_csl(item) for item in items],
    }


def served_csl(item: Json) -> dict[str, Any]:
    """One item as a CSL object in the way of the Web API, which differs from a file of CSL JSON.

    Every name has a family and a given name, that of an organization a blank one; Extra is the note as it stands; tags
    are left out, and so is a citation key that the item does not have itself. The `id` is the server's to give.
    """
    data = data_in(item)
    key = text_in(data, "citationKey")
    csl = csl_of(key, exported(item))
    csl = {name: _names(value) if _is_names(value) else value for name, value in csl.items()}
    own = {"citation-key": key, "note": extra_in(data)}
    for name in ("id", "keyword", *own):
        csl.pop(name, None)
    return csl | {name: value for name, value in own.items() if value}


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, dict) for name in value)


def _names(names: list[dict[str, str]]) -> list[dict[str, str]]:
    return [
        {"family": name["literal"], "given": ""} if "literal" in name else {"family": "", "given": "", **name}
        for name in names
    ]
