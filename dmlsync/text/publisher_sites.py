"""How the sites of publishers name a paper's page and its PDF, by host. Pure."""

from __future__ import annotations

from urllib.parse import SplitResult, parse_qs, quote

from dmlsync.text.site_places import Places, Rule, host_of, match_path


def _aaai(parts: SplitResult) -> Places | None:
    """AAAI's Open Journal System: `article/view/ARTICLE` and `article/view|download/ARTICLE/FILE`."""
    found = match_path(r"(?:/ojs)?(?:/index\.php)?/([\w-]+)/article/(?:view|download|viewFile)/(\d+)(?:/(\d+))?", parts)
    if not found:
        return None
    base = f"https://ojs.aaai.org/index.php/{found[1]}/article"
    return Places(f"{base}/view/{found[2]}", f"{base}/download/{found[2]}/{found[3]}" if found[3] else "")


def _aaai_before_2019(parts: SplitResult) -> Places | None:
    """aaai.org itself: the journal system's former address, and the Open Conference System of AAAI 2010 to 2018."""
    found = match_path(r"(/ocs/index\.php/\w+/\w+/paper)/(?:view|download|viewFile|viewPaper)/(\d+)(?:/(\d+))?", parts)
    if not found:
        return _aaai(parts)
    base = f"https://www.aaai.org{found[1]}"
    return Places(f"{base}/view/{found[2]}", f"{base}/viewFile/{found[2]}/{found[3]}" if found[3] else "")


def _mdpi(parts: SplitResult) -> Places | None:
    found = match_path(r"(/\d{4}-\d{3}[\dX]/\d+/\d+/\d+)(?:/\w+)?", parts)
    return Places(f"https://www.mdpi.com{found[1]}", f"https://www.mdpi.com{found[1]}/pdf") if found else None


def _springer(parts: SplitResult) -> Places | None:
    found = match_path(
        r"/(?:(chapter|article|content/pdf|epdf|content/epdf)/)?(10\.\d{4,9}/.+?)(?:\.pdf|/fulltext\.html)?", parts
    )
    if not found:
        return None
    kind, doi = (found[1] or "").lower(), found[2]
    if kind not in ("chapter", "article"):
        kind = "chapter" if "/978-" in doi else "article"
    return Places(f"https://link.springer.com/{kind}/{quote(doi, safe='/():;')}")


def _ieee(parts: SplitResult) -> Places | None:
    number = parse_qs(parts.query).get("arnumber", [""])[0]
    if found := match_path(r"(?:/abstract)?/document/(\d+)(?:/.*)?", parts):
        number = found[1]
    elif parts.path.lower().startswith("/iel"):
        number = parts.path.rpartition("/")[2].lower().removesuffix(".pdf")
    number = number.lstrip("0")
    return Places(f"https://ieeexplore.ieee.org/document/{number}") if number.isdecimal() else None


def _atypon(parts: SplitResult) -> Places | None:
    """ACM, Wiley, SIAM and the other houses on one platform: `/doi/DOI` with a view in between."""
    views = "abs|full|fullhtml|pdf|pdfdirect|pdfplus|epdf|epub|reader"
    found = match_path(rf"/doi(?:/(?:{views}))?/(10\.\d{{4,9}}/.+?)(?:/(?:{views}|abstract))?", parts)
    if not found:
        return None
    base, doi = f"https://{(parts.hostname or '').lower()}/doi", quote(found[1], safe="/():;")
    is_pdf = parts.path.lower().startswith("/doi/pdf")
    return Places(f"{base}/{doi}", parts._replace(scheme="https", fragment="").geturl() if is_pdf else "")


def _biorxiv(parts: SplitResult) -> Places | None:
    found = match_path(
        r"/content/(?:biorxiv/early/[\d/]+/)?(10\.\d{4,9}/\d+(?:\.\d+){0,4})(v\d+)?(?:\.[\w.-]+)?", parts
    )
    if not found:
        return None
    base = f"https://www.{host_of(parts)}/content/{found[1]}{found[2] or ''}"
    return Places(base, f"{base}.full.pdf" if found[2] else "")


def _science_direct(parts: SplitResult) -> Places | None:
    found = match_path(r"(?:/science/article(?:/abs)?|/retrieve)/pii/(\w+)(?:/.*)?", parts)
    return Places(f"https://www.sciencedirect.com/science/article/pii/{found[1]}") if found else None


def _nature(parts: SplitResult) -> Places | None:
    found = match_path(r"/articles/([\w.-]+?)(?:\.pdf)?", parts)
    return Places(f"https://www.nature.com/articles/{found[1]}") if found else None


RULES: dict[str, Rule] = {
    "ojs.aaai.org": _aaai,
    "aaai.org": _aaai_before_2019,
    "mdpi.com": _mdpi,
    "link.springer.com": _springer,
    "ieeexplore.ieee.org": _ieee,
    "dl.acm.org": _atypon,
    "onlinelibrary.wiley.com": _atypon,
    "ietresearch.onlinelibrary.wiley.com": _atypon,
    "tandfonline.com": _atypon,
    "science.org": _atypon,
    "pnas.org": _atypon,
    "journals.sagepub.com": _atypon,
    "epubs.siam.org": _atypon,
    "pubs.acs.org": _atypon,
    "worldscientific.com": _atypon,
    "royalsocietypublishing.org": _atypon,
    "biorxiv.org": _biorxiv,
    "medrxiv.org": _biorxiv,
    "sciencedirect.com": _science_direct,
    "linkinghub.elsevier.com": _science_direct,
    "nature.com": _nature,
}
