"""Preprints and arXiv ids: how Zotero says them and how an entry does."""

from __future__ import annotations

import re

from dmlsync.model import Record
from dmlsync.text.identifiers import arxiv_in

_ID = r"(?:\d{4}\.\d{4,5}|[a-z][a-z.-]{1,19}/\d{7})(?:v\d{1,3})?"
_CLASS = r"(?:\s*\[([\w.:, -]{1,80})\])?"
_VALUE = re.compile(rf"(?:arxiv:\s*)?({_ID}){_CLASS}", re.IGNORECASE)
_JOURNAL = re.compile(
    rf"(?:arxiv(?:\.org)?(?: e-prints?| preprints?)?|corr),?[ :]*(?:(?:arxiv[: ]\s*|abs/)?({_ID}){_CLASS})?",
    re.IGNORECASE,
)
_DOI = re.compile(rf"10\.48550/arxiv\.({_ID})", re.IGNORECASE)
_URL = re.compile(rf"https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/({_ID})(?:\.pdf)?", re.IGNORECASE)
_ARCHIVES = (
    ("jstor", re.compile(r"https?://(?:www\.)?jstor\.org/stable/(\w[\w./-]{0,60})")),
    ("pubmed", re.compile(r"https?://(?:www\.ncbi\.nlm\.nih\.gov/pubmed|pubmed\.ncbi\.nlm\.nih\.gov)/(\d{1,9})/?")),
    ("hdl", re.compile(r"https?://hdl\.handle\.net/(\w[\w./:-]{0,80})")),
)
_VERSION = re.compile(r"v\d+$")


def arxiv_id(text: str) -> str:
    """The arXiv id in a value such as `arXiv:1401.2910 [quant-ph]`; `""` if it is none."""
    match = _VALUE.fullmatch(text.strip())
    return match[1] if match and arxiv_in(match[1]) else ""


def bare_arxiv_id(text: str) -> str:
    """The arXiv id, without a version, that a text states as Zotero's line `arXiv: ...` would: whatever `arxiv_in`
    finds behind such a label (`1401.2910v2 [quant-ph]`, `0806.3095_`); `""` if that is nothing."""
    return arxiv_in(text) or arxiv_in(f"arXiv:{text.strip()}")


def arxiv_journal(journal: str, volume: str = "") -> str | None:
    """The arXiv id in a "journal" that is only arXiv (`arXiv preprint arXiv:1503.03832`, `CoRR` and `abs/1503.03832`).

    `""` if it is arXiv without an id, None if it is a journal.
    """
    match = _JOURNAL.fullmatch(journal.strip())
    if match is None:
        return None
    return match[1] or arxiv_id(volume.removeprefix("abs/"))


def arxiv_class(record: Record) -> str:
    """The arXiv class that a record names beside its id (`quant-ph`), which an entry carries but no field does."""
    for name in ("arXiv", "archiveID", "publicationTitle"):
        match = _VALUE.fullmatch(record.get(name).strip())
        if match and match[2]:
            return match[2]
    return ""


def arxiv_of_link(doi: str, url: str) -> str:
    """The arXiv id, without a version, that an arXiv DOI or an address at arXiv names; `""` if neither does."""
    match = _DOI.fullmatch(doi) or _URL.fullmatch(url)
    return _VERSION.sub("", match[1]) if match else ""


def with_arxiv(record: Record) -> Record:
    """The record with its arXiv id where it belongs.

    A journal article in the "journal" arXiv is a preprint. Of a preprint, `repository` is `arXiv` and `archiveID`
    `arXiv:<id>`, the id taken from a link if need be; there, what is no arXiv id stays as it is. Of any other work,
    `arXiv` is the bare id without a version, and nothing if it is none.
    """
    fields = dict(record.fields)
    if record.item_type == "journalArticle" and (journal := fields.get("publicationTitle")):
        found = arxiv_journal(journal, fields.get("volume", ""))
        if found is not None:
            found = found or bare_arxiv_id(fields.get("arXiv", ""))
            kept = {
                name: fields[name]
                for name in fields
                if name not in ("publicationTitle", "volume", "issue", "arXiv", "pages")
            }
            preprint = {"repository": "arXiv", "archiveID": f"arXiv:{found}" if found else ""}
            return with_arxiv(Record("preprint", {**kept, **preprint}, record.creators))
    if record.item_type != "preprint":
        fields["arXiv"] = bare_arxiv_id(fields.get("arXiv", ""))
        return Record(record.item_type, fields, record.creators)
    repository, archive_id = fields.get("repository", ""), fields.get("archiveID", "")
    by_name = repository.lower() in ("arxiv", "arxiv.org")
    found = arxiv_id(archive_id) if by_name or archive_id.lower().startswith("arxiv:") or not repository else ""
    if not found and not archive_id and (by_name or not repository):
        found = bare_arxiv_id(fields.get("arXiv", "")) or arxiv_of_link(fields.get("DOI", ""), fields.get("url", ""))
    if found:
        fields |= {"repository": "arXiv", "archiveID": f"arXiv:{found}"}
    elif by_name:
        fields["repository"] = "arXiv"
    fields.pop("arXiv", None)
    return Record("preprint", fields, record.creators)


def eprint_of_link(url: str) -> tuple[str, str]:
    """The archive and the id that an address at JSTOR, PubMed or the Handle system names; `""` twice if none."""
    for archive, pattern in _ARCHIVES:
        if match := pattern.fullmatch(url):
            return archive, match[1]
    return "", ""
