"""What the links of an entry are: the PDF, the paper's page, its code, or something else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from dmlsync.model import Link, LinkKind
from dmlsync.readinglist.inline import Anchor
from dmlsync.readinglist.venues import read_venue
from dmlsync.readinglist.vocabulary import CODE_LABELS, LABEL_FILLERS, OTHER_LABELS, PAPER_LABELS, PDF_LABELS

# A longer label is a sentence or a title, and its words say nothing of the kind of the link.
_MOST_LABEL_WORDS = 4
_WORD = re.compile(r"[^\W_]+")
_CODE_HOST = re.compile(r"(?:^|\.)(?:github|gitlab|bitbucket|codeberg)\.(?:com|org)$|^gitlab\.|\.gitlab\.io$")
_PAPER_HOST = re.compile(
    r"(?:^|\.)(?:arxiv\.org|doi\.org|openaccess\.thecvf\.com|cv-foundation\.org|openreview\.net|nips\.cc|neurips\.cc|mlr\.press|jmlr\.org|"
    r"ecva\.net|aclanthology\.org|aclweb\.org|ieeexplore\.ieee\.org|computer\.org|dl\.acm\.org|link\.springer\.com|sciencedirect\.com|mdpi\.com|"
    r"ojs\.aaai\.org|aaai\.org|ijcai\.org|bmva\.org|biorxiv\.org|semanticscholar\.org|hal\.science|nature\.com|ssrn\.com|isca-speech\.org)$"
)


def _words(label: str) -> list[str]:
    return _WORD.findall(label.lower())


def is_generic(label: str) -> bool:
    """Whether a label names the kind of a link (`pdf`, `Official code`, `CVPR 2021`) and not a paper's title."""
    words = _words(label)
    known = PDF_LABELS | CODE_LABELS | OTHER_LABELS | PAPER_LABELS | LABEL_FILLERS
    if all(word in known or word.isdecimal() for word in words):
        return True
    return len(words) <= 4 and read_venue(label).is_sure


def kind_of(url: str, label: str = "", *, default: LinkKind | None = None) -> LinkKind:
    """The kind of a link, from its label, else `default`, its column's meaning, else its address."""
    named = _words(label)
    words = set(named) if len(named) <= _MOST_LABEL_WORDS else set()
    if words & PDF_LABELS:
        return "pdf"
    if words & CODE_LABELS:
        return "code"
    if words & OTHER_LABELS:
        return "other"
    path, host = _address(url)
    if path.endswith(".pdf") or (host.endswith("arxiv.org") and path.startswith("/pdf/")):
        return default if default == "code" else "pdf"
    if default in ("pdf", "paper", "code"):
        return default
    if words & PAPER_LABELS and default is None:
        return "paper"
    if _CODE_HOST.search(host):
        return "code"
    if default:
        return default
    return "paper" if _PAPER_HOST.search(host) or (words and read_venue(label).is_sure) else "other"


def _address(url: str) -> tuple[str, str]:
    try:
        address = urlsplit(url)
        return address.path.lower(), (address.hostname or "")
    except ValueError:  # a bracket that is no IPv6 address
        return "", ""


def links_of(anchors: Iterable[Anchor], *, default: LinkKind | None = None) -> list[Link]:
    """The web links among `anchors`; anchors in the page, files beside the list and mail addresses are none."""
    return [Link(kind_of(a.url, a.label, default=default), a.url, a.label) for a in anchors if a.is_web]


def title_links_of(anchors: Iterable[Anchor]) -> list[Link]:
    """Links whose label is a paper's title, which says nothing of their kind: the paper, unless the address does."""
    kinds = ((anchor, kind_of(anchor.url)) for anchor in anchors if anchor.is_web)
    return [Link("paper" if kind == "other" else kind, anchor.url, anchor.label) for anchor, kind in kinds]


def distinct(links: Iterable[Link]) -> tuple[Link, ...]:
    """The links in their order, each address once, as it was first given."""
    kept: dict[str, Link] = {}
    for link in links:
        kept.setdefault(link.url, link)
    return tuple(kept.values())


def forbidden(anchors: Iterable[Anchor]) -> list[Anchor]:
    """Links that run a script or read the reader's own files."""
    return [a for a in anchors if a.url.strip().lower().startswith(("javascript:", "file:", "vbscript:", "data:"))]
