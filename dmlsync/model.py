"""The nouns of dmlsync: entries of reading lists, records of works, their identifiers.

Everything here is a frozen value without behaviour that reaches outside. Zotero's own item types and API field names
are the only vocabulary for metadata (https://www.zotero.org/support/dev/web_api/v3/types_and_fields), with one
addition: the field `arXiv`, which Zotero keeps as a line `arXiv: 1503.03832` of Extra for published works.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

ITEM_TYPE = "itemType"
CREATORS = "creators"
CITATION_KEY = "citationKey"
ARXIV = "arXiv"

LinkKind = Literal["pdf", "paper", "code", "other"]


@dataclass(frozen=True, slots=True)
class Creator:
    """One author, editor ... of a work, in Zotero's two forms: first and last name, or one `name`.

    `creator_type` is Zotero's (`author`, `editor` ...). Particles stand where the source put them
    (`last_name="van der Maaten"`). A corporate author has only `name`.
    """

    last_name: str = ""
    first_name: str = ""
    name: str = ""
    creator_type: str = "author"

    def __str__(self) -> str:
        return self.name or f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What names a work in the outside world, normalised; `""` where unknown.

    `doi` is lower-case without a resolver (`10.1109/cvpr.2015.7298682`), `arxiv` without a version (`1503.03832`,
    `cs/0112017`), `page` the address of the work's landing page on a proceedings or publisher's site.
    """

    doi: str = ""
    arxiv: str = ""
    page: str = ""

    def __bool__(self) -> bool:
        return bool(self.doi or self.arxiv or self.page)

    @property
    def names(self) -> tuple[str, ...]:
        """Each identifier as one comparable name, such as `doi:10.1109/cvpr.2015.7298682`; the surest kind first."""
        kinds = (("doi", self.doi), ("arxiv", self.arxiv), ("page", self.page))
        return tuple(f"{kind}:{value.casefold()}" for kind, value in kinds if value)

    def filled_from(self, other: Identifiers) -> Identifiers:
        """These identifiers, with those of `other` where there are none."""
        return Identifiers(self.doi or other.doi, self.arxiv or other.arxiv, self.page or other.page)


@dataclass(frozen=True, slots=True)
class Record:
    """The bibliographic metadata of a work.

    `fields` maps Zotero API field names of `item_type` (plus `arXiv`) to text. Blank values are never stored: a field
    that is not there is blank. Text is plain Unicode; Zotero's rich-text tags (`<i>`, `<sub>`, `<sup>`) may occur in
    titles. Pages are `first-last` with a single hyphen, dates ISO 8601 as far as known (`2015`, `2015-06`), the DOI
    bare and in the registrant's capitals.
    """

    item_type: str
    fields: Mapping[str, str] = field(default_factory=dict)
    creators: tuple[Creator, ...] = ()

    def __post_init__(self) -> None:
        kept = {name: value for name, value in sorted(self.fields.items()) if value}
        object.__setattr__(self, "fields", MappingProxyType(kept))

    def __hash__(self) -> int:
        return hash((self.item_type, tuple(self.fields.items()), self.creators))

    def get(self, name: str) -> str:
        """The value of a field, `""` where it is blank."""
        return self.fields.get(name, "")

    @property
    def title(self) -> str:
        """The work's title."""
        return self.get("title")

    @property
    def identifiers(self) -> Identifiers:
        """The DOI and the arXiv id that the record carries, as they are compared."""
        archived = self.get("archiveID").casefold()
        if self.get("repository").casefold() != "arxiv" and not archived.startswith("arxiv:"):
            archived = ""
        arxiv = self.get(ARXIV) or archived.removeprefix("arxiv:").strip()
        return Identifiers(doi=self.get("DOI").casefold(), arxiv=arxiv)

    @property
    def year(self) -> int | None:
        """The year of publication, from the start of `date`."""
        start = self.get("date")[:4]
        return int(start) if len(start) == 4 and start.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Link:
    """An address that an entry carries, with what the list calls it (`label`, such as `PDF` or `code`)."""

    kind: LinkKind
    url: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper's row or bullet in a reading list.

    `list_name` is the file's stem, `line` and `last_line` count from 1. `section` holds the headings above the entry,
    outermost first, without the document's title. `title` is as printed, less Markdown and stray brackets; `authors`
    the author cell as printed, `author_names` its names one by one, `et_al` whether more are meant. `venue` is as
    printed, less markup, year and remarks (`CVPR Oral` gives `CVPR`); `year` comes from the entry or, failing that,
    from a heading above it.
    """

    list_name: str
    line: int
    last_line: int
    title: str
    section: tuple[str, ...] = ()
    authors: str = ""
    author_names: tuple[str, ...] = ()
    et_al: bool = False
    year: int | None = None
    venue: str = ""
    links: tuple[Link, ...] = ()
