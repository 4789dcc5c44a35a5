"""Items in other formats than the API's own, by the converters that the library is given."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dmlsync.sandbox.state import Item

Converter = Callable[[Sequence[Mapping[str, Any]]], Any]
"""From the `data` of items to a text, or for `csljson` to a list of CSL objects: one an item, in the same order."""

CSL_JSON = "csljson"
UNCITABLE = ("attachment", "note", "annotation")
"""Item types that are left out of every export."""

_CONTENT_TYPES = {
    CSL_JSON: "application/vnd.citationstyles.csl+json",
    "bibtex": "application/x-bibtex",
    "biblatex": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
}


class Exports:
    """The formats that items can be had in besides the API's own, by the names that the API has for them."""

    def __init__(self, converters: Mapping[str, Converter] | None = None) -> None:
        self._converters = dict(converters or {})
        self.names: tuple[str, ...] = tuple(self._converters)

    def content_type(self, name: str) -> str:
        """The content type of a document in a format."""
        return _CONTENT_TYPES.get(name, "text/plain; charset=UTF-8")

    def document(self, name: str, items: Sequence[tuple[Item, Mapping[str, Any]]], library_id: int) -> bytes:
        """A document of several items, each with its `data`."""
        if name == CSL_JSON:
            content = json.dumps({"items": self._csl(items, library_id)}, ensure_ascii=False, separators=(",", ":"))
            return content.encode()
        return str(self._converters[name]([data for _, data in items])).encode()

    def member(self, name: str, item: Item, data: Mapping[str, Any], library_id: int) -> Any:
        """One item as the member of its envelope that `include` asks for; `""` where the format has none."""
        if name == CSL_JSON:
            return self._csl([(item, data)], library_id)[0]
        return "" if item.type in UNCITABLE else str(self._converters[name]([data]))

    def _csl(self, items: Sequence[tuple[Item, Mapping[str, Any]]], library_id: int) -> list[dict[str, Any]]:
        """CSL objects with the `id` of the API: the library's internal number and the item's key."""
        converted = self._converters[CSL_JSON]([data for _, data in items])
        pairs = zip(items, converted, strict=True)
        return [{**csl, "id": f"{library_id}/{item.key}"} for (item, _), csl in pairs]
