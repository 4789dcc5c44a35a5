"""The identifiers of works inside addresses and text: DOIs, arXiv ids, landing pages. Pure.

Nothing here is looked up and nothing is completed: an identifier is returned only if the text spells it.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from dmlsync.text import sites

LONGEST = 4096
"""Text beyond this many characters is not searched; no link of a real list comes near it."""

_DOI = re.compile(r"10\.\d{4,9}(?:\.\d{1,9}){0,5}/\S+")
_RESOLVERS = frozenset({"doi.org", "dx.doi.org", "www.doi.org", "doi.ieeecomputersociety.org", "doi.acm.org"})
_TAIL_WORD_LIST = """
    abs abstract epdf epub full full-text fulltext fulltext.html fullhtml html meta pdf pdfft references suppl
    summary xml
"""
_TAIL_WORDS = frozenset(_TAIL_WORD_LIST.split())
_TAIL_ENDINGS = (".pdf", ".full", ".abstract", ".full-text", ".html", ".xml", ".short")

_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga|"
    "funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|"
    "q-alg|q-bio|quant-ph|solv-int|supr-con"
)
_NEW_ID = r"(?P<new>\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})"
_OLD_ID = rf"(?P<archive>{_ARCHIVES})(?:\.[a-z]{{2}})?/(?P<number>\d{{2}}(?:0[1-9]|1[0-2])\d{{3}})"
_ARXIV_ID = rf"(?:{_NEW_ID}|{_OLD_ID})(?:v\d{{1,3}})?(?!\d)"
_ARXIV_WHOLE = re.compile(rf"{_ARXIV_ID}(?:\.pdf)?/?", re.IGNORECASE)
_ARXIV_IN_TEXT = re.compile(rf"(?:arxiv\s{{0,3}}[:.]\s{{0,3}}|corr\s{{0,3}}abs/|\babs/){_ARXIV_ID}", re.IGNORECASE)
_URL_IN_TEXT = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_ARXIV_DOI = "10.48550/arxiv."

# Hosts that show one arXiv paper an address, and the path before its id.
_ARXIV_HOSTS = {
    "arxiv.org": ("abs", "pdf", "html", "format", "ps", "src", "e-print", "bibtex"),
    "ar5iv.org": ("abs", "pdf", "html"),
    "alphaxiv.org": ("abs", "pdf", "html", "overview"),
    "arxiv-vanity.com": ("papers",),
    "huggingface.co": ("papers",),
    "semanticscholar.org": ("arxiv",),
    "api.semanticscholar.org": ("arxiv",),
    "scirate.com": ("arxiv",),
    "xxx.lanl.gov": ("abs", "pdf"),
}

# Paths that spell an id in a way of their own.
_DBLP_CORR = re.compile(r"rec/(?:[a-z]+/)?journals/corr/abs-(\d{4})-(\d{4,5})(?:\.[a-z]+)?")
_ODD_ARXIV_PATHS = {
    "arxiv.org": re.compile(r"ftp/arxiv/papers/\d{4}/(\d{4})\.(\d{4,5})(?:v\d{1,3})?\.pdf"),
    "api.semanticscholar.org": re.compile(r"(?:graph/v1/paper/)?arxiv:(\d{4})\.(\d{4,5})(?:v\d{1,3})?", re.IGNORECASE),
    "dblp.org": _DBLP_CORR,
    "dblp.uni-trier.de": _DBLP_CORR,
}
_ARCHIVED = re.compile(r"web/\d{4,14}[a-z_]{0,4}/(https?://.+)", re.IGNORECASE)

_PREPRINT_DOI = re.compile(
    r"10\.48550/arxiv\.|10\.2139/ssrn\.|10\.21203/rs\.|10\.36227/techrxiv\.|10\.20944/preprints|10\.26434/chemrxiv"
    r"|10\.1101/(?:\d{4}\.\d\d\.\d\d\.)?\d{6,}(?:v\d+)?$|10\.64898/\d{4}\.\d\d\.\d\d\."
    r"|10\.7287/peerj\.preprints\.|10\.22541/(?:au|essoar)\.|10\.(?:31234|31235|31219|31222|31223|32942|35542)/",
    re.IGNORECASE,
)


def doi_in(text_or_url: str) -> str:
    """The first DOI that an address or a text spells: lower-case, decoded, without a resolver; `""` if there is none.

    Resolvers (`https://doi.org/...`), prefixes (`doi:`), publishers' addresses that hold the DOI in their path or query
    (`https://link.springer.com/chapter/10.1007/...`) and plain text are all read. What a page appends to a DOI (`/pdf`,
    `.full.pdf`, a fragment) and the punctuation of a sentence around it are taken off.
    """
    text = text_or_url.strip()[:LONGEST]
    if _is_address(text):
        return _doi_of_address(text)
    if (address := _URL_IN_TEXT.search(text)) and (doi := _doi_of_address(address[0].rstrip(".,;:)]}"))):
        return doi
    found = _DOI.search(unquote(text) if " " not in text else text)
    return _normal(found[0]) if found else ""


def arxiv_in(text_or_url: str) -> str:
    """The first arXiv id that an address or a text spells, without its version (`1503.03832`, `cs/0112017`), or `""`.

    Read are arXiv's own addresses and mirrors, pages of others that are named by the id, DOIs of arXiv, `arXiv:...` and
    `CoRR abs/...` in text, and a text that is nothing but an id. The class in an old id is dropped (`math.GT/0309136`
    is `math/0309136`), for arXiv treats both as the same paper.
    """
    text = text_or_url.strip()[:LONGEST]
    if _is_address(text):
        return _arxiv_of_address(text)
    if found := _ARXIV_WHOLE.fullmatch(text):
        return _arxiv_id(found)
    if (address := _URL_IN_TEXT.search(text)) and (arxiv := _arxiv_of_address(address[0].rstrip(".,;:)]}"))):
        return arxiv
    if found := _ARXIV_IN_TEXT.search(text):
        return _arxiv_id(found)
    return _arxiv_of_doi(doi_in(text))


def is_preprint_doi(doi: str) -> bool:
    """Whether a DOI was registered by a preprint server (arXiv, bioRxiv, SSRN, Research Square, TechRxiv ...)."""
    return bool(_PREPRINT_DOI.match(doi.strip()))


def landing_page(url: str) -> str:
    """The canonical address of the page that describes the work behind a link; `""` where a link has no such page.

    Every form of a link to a known site (PDF, abstract, old host, old layout) leads to one address, by which two
    links to the same paper are recognised. On an unknown site the link itself is returned, less its fragment, if it
    can be a page at all: not a file, not a bare host, not a repository of code, an index or a search. `is_known_site`
    tells the two cases apart: only a page of a known site identifies a work. Links of a DOI resolver give `""`.
    """
    text = url.strip()[:LONGEST]
    if not _is_address(text):
        return ""
    if arxiv := _arxiv_of_address(text):
        return f"https://arxiv.org/abs/{arxiv}"
    places = sites.places(text)
    if places is not None:
        return places.page
    return sites.plain_page(text)


def is_known_site(url: str) -> bool:
    """Whether `landing_page` of this link is canonical and thus identifies the work."""
    text = url.strip()[:LONGEST]
    return _is_address(text) and (bool(_arxiv_of_address(text)) or sites.places(text) is not None)


def _is_address(text: str) -> bool:
    return text[:8].lower().startswith(("http://", "https://")) and not any(char.isspace() for char in text)


def _doi_of_address(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = (parts.hostname or "").lower()
    path = unquote(parts.path)
    if host in _RESOLVERS:
        found = _DOI.search(path)
        return _normal(found[0]) if found else ""
    at = path.find("/10.")
    if at >= 0 and (found := _DOI.match(path[at + 1 :])):
        return _normal(_without_tail(found[0]))
    for _, value in parse_qsl(parts.query):
        if found := _DOI.match(value.removeprefix("doi:").removeprefix("https://doi.org/")):
            return _normal(_without_tail(found[0]))
    if host.removeprefix("www.") == "nature.com" and path.startswith("/articles/"):
        # An article's name on nature.com is its DOI without the registrant.
        name = _without_tail(path.removeprefix("/articles/").split("/")[0])
        return f"10.1038/{name.lower()}" if name else ""
    return ""


def _without_tail(doi: str) -> str:
    """A DOI out of the path of a page, less what the site appends to it."""
    doi = doi.split(";jsessionid", 1)[0].rstrip("/")
    while (cut := doi.rfind("/")) > doi.find("/") and doi[cut + 1 :].lower() in _TAIL_WORDS:
        doi = doi[:cut]
    while ending := next((tail for tail in _TAIL_ENDINGS if doi.lower().endswith(tail)), ""):
        doi = doi[: -len(ending)]
    if doi.startswith(("10.1101/", "10.64898/")):
        doi = re.sub(r"v\d{1,2}$", "", doi)
    return doi


def _normal(doi: str) -> str:
    """Lower-case, and without what a sentence or mark-up puts behind a DOI."""
    doi = doi.split("</", 1)[0]
    pairs = {")": "(", "]": "[", "}": "{", ">": "<"}
    while doi:
        last = doi[-1]
        closes = last in pairs and doi.count(last) > doi.count(pairs[last])
        if last in ".,;:'\"!?*|`\\/’”»" or closes:
            doi = doi[:-1]
        else:
            break
    doi = doi.lower()
    if doi.startswith(_ARXIV_DOI):
        doi = re.sub(r"v\d{1,3}$", "", doi)
    return doi if doi.partition("/")[2] else ""


def _arxiv_of_address(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = (parts.hostname or "").lower().removeprefix("www.")
    if host in _RESOLVERS:
        return _arxiv_of_doi(_doi_of_address(url))
    if host == "arxiv.org" or host.endswith(".arxiv.org"):  # export.arxiv.org, de.arxiv.org, ar5iv.labs.arxiv.org
        host = "arxiv.org"
    path = unquote(parts.path).strip("/")
    if (odd := _ODD_ARXIV_PATHS.get(host)) and (named := odd.fullmatch(path)):
        return f"{named[1]}.{named[2]}"
    if host == "web.archive.org" and (archived := _ARCHIVED.fullmatch(path)):
        return _arxiv_of_address(archived[1])
    kind, _, rest = path.partition("/")
    if kind.lower() not in _ARXIV_HOSTS.get(host, ()):
        return ""
    found = _ARXIV_WHOLE.match(rest)
    return _arxiv_id(found) if found else ""


def _arxiv_of_doi(doi: str) -> str:
    found = _ARXIV_WHOLE.fullmatch(doi.removeprefix(_ARXIV_DOI)) if doi.startswith(_ARXIV_DOI) else None
    return _arxiv_id(found) if found else ""


def _arxiv_id(found: re.Match[str]) -> str:
    return found["new"] or f"{found['archive'].lower()}/{found['number']}"
