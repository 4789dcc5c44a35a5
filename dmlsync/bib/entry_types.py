"""Which Zotero item type is which entry type, in both directions: data, and look-ups in it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from dmlsync import schema
from dmlsync.text.latex_symbols import words

Dialect = Literal["biblatex", "bibtex"]
DIALECTS: tuple[Dialect, ...] = ("biblatex", "bibtex")

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
        # Mendeley's names.
        "book_section": "bookSection",
        "case": "case",
        "computer_program": "computerProgram",
        "conference_proceedings": "conferencePaper",
        "encyclopedia_article": "encyclopediaArticle",
        "film": "film",
        "generic": "journalArticle",
        "magazine_article": "magazineArticle",
        "newspaper_article": "newspaperArticle",
        "television_broadcast": "tvBroadcast",
        "web_page": "webpage",
        "working_paper": "report",
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

_CSL_TYPES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "article": ("article", "misc"),
        "classic": ("book", "book"),
        "collection": ("collection", "misc"),
        "event": ("unpublished", "misc"),
        "figure": ("image", "misc"),
        "musical_score": ("audio", "misc"),
        "pamphlet": ("booklet", "booklet"),
        "performance": ("performance", "misc"),
        "periodical": ("periodical", "misc"),
        "regulation": ("legal", "misc"),
        "review": ("review", "article"),
        "review-book": ("review", "article"),
        "treaty": ("legal", "misc"),
    }
)


def entry_type_of_csl(csl_type: str, dialect: Dialect) -> str:
    """The entry type of a CSL type, `""` for one that has none."""
    names = _CSL_TYPES.get(csl_type)
    if names is None:
        item_type = next((name for name in _ENTRY_TYPES if schema.csl_type_of(name) == csl_type), "")
        return entry_type(item_type, dialect) if item_type else ""
    return names[0] if dialect == "biblatex" else names[1]


_CLASSIC_TYPES = frozenset(
    words(
        """
    article book booklet conference inbook incollection inproceedings manual mastersthesis misc phdthesis proceedings
    techreport unpublished
    """
    )
)
_CLASSIC_ALONE = frozenset(("conference", "mastersthesis", "phdthesis", "techreport"))


def is_entry_type(name: str, dialect: Dialect) -> bool:
    """Whether a dialect has this entry type of its own right, not only as another dialect's name."""
    name = name.lower()
    if dialect == "bibtex":
        return name in _CLASSIC_TYPES
    return name not in _CLASSIC_ALONE and (name in _CLASSIC_TYPES or name in _ITEM_TYPES)


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
