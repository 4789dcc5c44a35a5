"""Which Zotero item type is which entry type, in both directions: data, and look-ups in it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Dialect = Literal["biblatex", "bibtex"]

_ENTRY_TYPES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "artwork": ("artwork", "misc"),
        "audioRecording": ("audio", "misc"),
        "bill": ("legislation", "misc"),
        "blogPost": ("online", "misc"),
        "book": ("book", "book"),
        "bookSection": ("incollection", "incollection"),
        "case": ("jurisdiction", "misc"),
        "computerProgram": ("software", "misc"),
        "conferencePaper": ("inproceedings", "inproceedings"),
        "dataset": ("dataset", "misc"),
        "dictionaryEntry": ("inreference", "incollection"),
        "document": ("misc", "misc"),
        "email": ("letter", "misc"),
        "encyclopediaArticle": ("inreference", "incollection"),
        "film": ("movie", "misc"),
        "forumPost": ("online", "misc"),
        "hearing": ("legal", "misc"),
        "instantMessage": ("letter", "misc"),
        "interview": ("misc", "misc"),
        "journalArticle": ("article", "article"),
        "letter": ("letter", "misc"),
        "magazineArticle": ("article", "article"),
        "manuscript": ("unpublished", "unpublished"),
        "map": ("image", "misc"),
        "newspaperArticle": ("article", "article"),
        "patent": ("patent", "patent"),
        "podcast": ("audio", "misc"),
        "preprint": ("online", "misc"),
        "presentation": ("unpublished", "unpublished"),
        "radioBroadcast": ("audio", "misc"),
        "report": ("report", "techreport"),
        "standard": ("standard", "misc"),
        "statute": ("legislation", "misc"),
        "thesis": ("thesis", "phdthesis"),
        "tvBroadcast": ("video", "misc"),
        "videoRecording": ("video", "misc"),
        "webpage": ("online", "misc"),
    }
)
_ITEM_TYPES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("article", "suppperiodical", "review"), "journalArticle"),
        **dict.fromkeys(("book", "mvbook", "booklet", "collection", "mvcollection", "proceedings"), "book"),
        **dict.fromkeys(("mvproceedings", "reference", "mvreference", "periodical"), "book"),
        **dict.fromkeys(("inbook", "incollection", "bookinbook", "suppbook", "suppcollection"), "bookSection"),
        **dict.fromkeys(("inproceedings", "conference"), "conferencePaper"),
        **dict.fromkeys(("thesis", "phdthesis", "mastersthesis", "masterthesis"), "thesis"),
        **dict.fromkeys(("report", "techreport", "manual"), "report"),
        **dict.fromkeys(("online", "electronic", "www", "webpage"), "webpage"),
        **dict.fromkeys(("audio", "music"), "audioRecording"),
        **dict.fromkeys(("artwork", "image"), "artwork"),
        "dataset": "dataset",
        "inreference": "encyclopediaArticle",
        "jurisdiction": "case",
        "legal": "hearing",
        "legislation": "statute",
        "letter": "letter",
        "movie": "film",
        "patent": "patent",
        "software": "computerProgram",
        "standard": "standard",
        "unpublished": "manuscript",
        "video": "videoRecording",
    }
)
_SUBTYPES: Mapping[str, str] = MappingProxyType({"magazineArticle": "magazine", "newspaperArticle": "newspaper"})


def entry_type(item_type: str, dialect: Dialect) -> str:
    """The entry type of an item type; `misc` for one without an equivalent."""
    names = _ENTRY_TYPES.get(item_type, ("misc", "misc"))
    return names[0] if dialect == "biblatex" else names[1]


def item_types() -> tuple[str, ...]:
    """The item types that an entry can be."""
    return tuple(_ENTRY_TYPES)


def item_type_for(entry: str) -> str:
    """The item type that an entry type means if nothing else in the entry says more; `document` for unknown ones."""
    return _ITEM_TYPES.get(entry, "document")


def subtype_of(item_type: str) -> str:
    """What `entrysubtype` says where the entry type alone would not tell the item type."""
    return _SUBTYPES.get(item_type, item_type.lower())


def item_type_of_subtype(subtype: str) -> str | None:
    """The item type that a value of `entrysubtype` names, None if it is none of ours."""
    return next((item_type for item_type in _ENTRY_TYPES if subtype_of(item_type) == subtype.lower()), None)
