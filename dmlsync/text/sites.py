"""How the sites of proceedings and publishers name a paper's page and its PDF. Pure.

One function a site turns the address of a link, whatever its form, into both places. The schemes are those that the
sites' own pages link today or that old links are known to be redirected from. Where a scheme does not say the other
address (an AAAI page does not tell the number of its PDF), it stays blank: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Places:
    """Where a work lies on its site: its page and its PDF; `""` where a link does not tell."""

    page: str = ""
    pdf: str = ""


Rule = Callable[[SplitResult], Places | None]

_CODE_INDEXES_AND_TALK = """
    github.com gist.github.com raw.githubusercontent.com gitlab.com bitbucket.org codeberg.org huggingface.co kaggle.com
    colab.research.google.com drive.google.com docs.google.com dropbox.com youtube.com youtu.be vimeo.com twitter.com
    x.com linkedin.com facebook.com medium.com reddit.com paperswithcode.com scholar.google.com semanticscholar.org
    api.semanticscholar.org dblp.org dblp.uni-trier.de researchgate.net academia.edu wikipedia.org en.wikipedia.org
    doi.org dx.doi.org crossref.org openalex.org web.archive.org arxiv.org export.arxiv.org
"""
_NO_PAGES = frozenset(_CODE_INDEXES_AND_TALK.split())
_FILE = re.compile(r"\.(?!html?$|php$|aspx?$|jsp$|cfm$|xhtml$)[a-z][a-z0-9]{1,4}$", re.IGNORECASE)


def places(url: str) -> Places | None:
    """Both places of the work behind a link, None if the site is not known or the link is not one to a paper."""
    try:
        parts = urlsplit(url)
        rule = _RULES.get(_host(parts))
    except ValueError:
        return None
    return rule(parts) if rule else None


def plain_page(url: str) -> str:
    """The link itself, less its fragment, if it can be the page of a work on a site without a rule here, else `""`."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = _host(parts)
    if not host or host in _NO_PAGES or host.endswith(".github.io") or parts.path in ("", "/") or parts.username:
        return ""
    return "" if _FILE.search(parts.path) else parts._replace(fragment="").geturl()


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").lower().removeprefix("www.")


def _match(pattern: str, parts: SplitResult) -> re.Match[str] | None:
    """The path, with doubled slashes undone, against a pattern for the whole of it."""
    path = re.sub(r"/{2,}", "/", unquote(parts.path)).rstrip("/")
    return re.fullmatch(pattern, path, re.IGNORECASE)


def _cvf(parts: SplitResult) -> Places | None:
    """Computer Vision Foundation: `content_cvpr_2015/papers/X.pdf` and, since 2021, `content/CVPR2021/papers/X.pdf`."""
    path = re.sub(r"/{2,}", "/", parts.path).removeprefix("/openaccess")
    found = re.fullmatch(
        r"(/content[^/]*(?:/[^/]+){0,2})/(?:papers|html|supplemental)(/w\d+)?/([^/]+?)_(?:paper|supplemental)\.(?:pdf|html)",
        path,
        re.IGNORECASE,
    )
    if not found:
        return None
    folder, part, name = found[1], found[2] or "", found[3]
    # The volume of ICCV 2017 is the one whose pages and PDFs stand in folders of different capitals.
    page_folder = re.sub(r"^/content_iccv_2017(?![^/])", "/content_iccv_2017", folder, flags=re.IGNORECASE)
    pdf_folder = re.sub(r"^/content_iccv_2017(?![^/])", "/content_ICCV_2017", folder, flags=re.IGNORECASE)
    base = "https://openaccess.thecvf.com"
    return Places(
        f"{base}{page_folder}/html{part}/{name}_paper.html", f"{base}{pdf_folder}/papers{part}/{name}_paper.pdf"
    )


def _neurips(parts: SplitResult) -> Places | None:
    """NeurIPS: a hash a paper, and before 2019 a number with the title."""
    if found := _match(r"(/paper(?:_files/paper)?)/(\d{4})/(?:hash|file)/([0-9a-f]{32})-([a-z]+)([\w.-]*)", parts):
        root, year, digest, _, rest = found.groups()
        rest = re.sub(r"\.[a-z]+$", "", rest, flags=re.IGNORECASE)
        host = _host(parts)
        base = f"https://{'proceedings.neurips.cc' if host == 'papers.nips.cc' else host}{root}/{year}"
        return Places(f"{base}/hash/{digest}-Abstract{rest}.html", f"{base}/file/{digest}-Paper{rest}.pdf")
    if found := _match(r"/paper/(\d+-[^/]+?)(?:\.pdf)?", parts):
        return Places(f"https://papers.nips.cc/paper/{found[1]}", f"https://papers.nips.cc/paper/{found[1]}.pdf")
    return None


def _pmlr(parts: SplitResult) -> Places | None:
    """PMLR, whose PDFs moved twice: into a folder of the paper's name, and since 2024 to its repositories."""
    found = _match(r"(?:/proceedings/papers)?/v(\d{1,4})/([\w-]+?)(?:\.html|\.pdf|(?:-supp)?/\2\.pdf)?", parts)
    if not found:
        return None
    volume, name = int(found[1]), found[2]
    base = f"https://proceedings.mlr.press/v{volume}"
    pdf = ""
    if volume <= 27 or volume in (54, 238) or 65 <= volume <= 234:
        pdf = f"{base}/{name}/{name}.pdf"
    elif volume <= 53 or volume in (56, 63):
        pdf = f"{base}/{name}.pdf"
    elif volume == 235 or volume >= 244:
        pdf = f"https://raw.githubusercontent.com/mlresearch/v{volume}/main/assets/{name}/{name}.pdf"
    return Places(f"{base}/{name}.html", pdf)


def _pmlr_repository(parts: SplitResult) -> Places | None:
    if found := _match(r"/mlresearch/v(\d{1,4})/main/assets/([\w-]+)/\2\.pdf", parts):
        return Places(
            f"https://proceedings.mlr.press/v{found[1]}/{found[2]}.html", parts._replace(fragment="").geturl()
        )
    return None


def _aaai(parts: SplitResult) -> Places | None:
    """AAAI's Open Journal System: `article/view/ARTICLE` and `article/view|download/ARTICLE/FILE`."""
    found = _match(r"(?:/ojs)?(?:/index\.php)?/([\w-]+)/article/(?:view|download|viewFile)/(\d+)(?:/(\d+))?", parts)
    if not found:
        return None
    base = f"https://ojs.aaai.org/index.php/{found[1]}/article"
    return Places(f"{base}/view/{found[2]}", f"{base}/download/{found[2]}/{found[3]}" if found[3] else "")


def _mdpi(parts: SplitResult) -> Places | None:
    found = _match(r"(/\d{4}-\d{3}[\dX]/\d+/\d+/\d+)(?:/\w+)?", parts)
    return Places(f"https://www.mdpi.com{found[1]}", f"https://www.mdpi.com{found[1]}/pdf") if found else None


def _openreview(parts: SplitResult) -> Places | None:
    name = parse_qs(parts.query).get("id", [""])[0]
    if not _match(r"/(?:forum|pdf|attachment)", parts) or not re.fullmatch(r"[\w-]{5,40}", name):
        return None
    return Places(f"https://openreview.net/forum?id={name}", f"https://openreview.net/pdf?id={name}")


def _acl(parts: SplitResult) -> Places | None:
    found = _match(
        r"(?:/anthology(?:-new)?)?(?:/papers/[a-z]/[a-z]\d\d)?/([a-z]\d\d-\d{4,5}|\d{4}\.[\w-]+\.\d+)(?:v\d+)?(?:\.pdf|\.bib)?",
        parts,
    )
    if not found:
        return None
    name = found[1].upper() if found[1][0].isalpha() else found[1]
    return Places(f"https://aclanthology.org/{name}/", f"https://aclanthology.org/{name}.pdf")


def _ecva(parts: SplitResult) -> Places | None:
    """ECVA: pages and PDFs share their names in 2018 and their numbers in 2024, in other years nothing."""
    found = _match(r"(/papers/eccv_(\d{4})/papers_ECCV)/(html|papers)/([^/]+)\.(?:php|pdf)", parts)
    if not found:
        return None
    folder, year, kind, name = found.groups()
    base = f"https://www.ecva.net{folder}"
    page = f"{base}/html/{name}.php" if kind == "html" else ""
    pdf = f"{base}/papers/{name}.pdf" if kind == "papers" else ""
    if year == "2018":
        return Places(f"{base}/html/{name}.php", f"{base}/papers/{name}.pdf")
    if year == "2024" and (number := re.match(r"\d+", name)):
        page = f"{base}/html/{int(number[0])}_ECCV_2024_paper.php"
        pdf = f"{base}/papers/{int(number[0]):05d}.pdf"
    return Places(page, pdf)


def _ijcai(parts: SplitResult) -> Places | None:
    if found := _match(r"/proceedings/(20\d\d)/(\d+)(?:\.pdf)?", parts):
        year, paper = found[1], int(found[2])
        base = f"https://www.ijcai.org/proceedings/{year}"
        return Places(f"{base}/{paper}", f"{base}/{paper:04d}.pdf")
    if found := _match(r"/(?:Abstract/(1[56])|Proceedings/(1[56])/Papers)/(\d+)(?:\.pdf)?", parts):
        year, number = found[1] or found[2], found[3]
        base = "https://www.ijcai.org"
        return Places(f"{base}/Abstract/{year}/{number}", f"{base}/Proceedings/{year}/Papers/{number}.pdf")
    return None


def _jmlr(parts: SplitResult) -> Places | None:
    if parts.path.startswith("/proceedings/papers/"):
        return _pmlr(parts)
    found = _match(r"/papers/v(?:olume)?(\d{1,3})/([\w-]+?)(?:\.html|\.pdf|/\2\.pdf)", parts)
    if not found:
        return None
    volume, name = found[1], found[2]
    base = "https://jmlr.org/papers"
    return Places(f"{base}/v{volume}/{name}.html", f"{base}/volume{volume}/{name}/{name}.pdf")


def _bmva(parts: SplitResult) -> Places | None:
    """BMVA's archive of BMVC 2015 to 2017: a folder a paper, with its page and its PDF."""
    found = _match(r"(/bmvc/201[567]/papers/(paper\d+))(?:/index\.html|/\2\.pdf|/abstract\2\.pdf)?", parts)
    base = "http://www.bmva.org"
    return Places(f"{base}{found[1]}/index.html", f"{base}{found[1]}/{found[2]}.pdf") if found else None


def _rss(parts: SplitResult) -> Places | None:
    found = _match(r"(/rss\d+/p\d+)\.(?:html|pdf)", parts)
    base = "https://www.roboticsproceedings.org"
    return Places(f"{base}{found[1]}.html", f"{base}{found[1]}.pdf") if found else None


def _springer(parts: SplitResult) -> Places | None:
    found = _match(
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
    if found := _match(r"(?:/abstract)?/document/(\d+)(?:/.*)?", parts):
        number = found[1]
    elif parts.path.lower().startswith("/iel"):
        number = parts.path.rpartition("/")[2].lower().removesuffix(".pdf")
    number = number.lstrip("0")
    return Places(f"https://ieeexplore.ieee.org/document/{number}") if number.isdecimal() else None


def _atypon(parts: SplitResult) -> Places | None:
    """ACM, Wiley, SIAM and the other houses on one platform: `/doi/DOI` with a view in between."""
    views = "abs|full|fullhtml|pdf|pdfdirect|pdfplus|epdf|epub|reader"
    found = _match(rf"/doi(?:/(?:{views}))?/(10\.\d{{4,9}}/.+?)(?:/(?:{views}|abstract))?", parts)
    if not found:
        return None
    base, doi = f"https://{(parts.hostname or '').lower()}/doi", quote(found[1], safe="/():;")
    is_pdf = parts.path.lower().startswith("/doi/pdf")
    return Places(f"{base}/{doi}", parts._replace(scheme="https", fragment="").geturl() if is_pdf else "")


def _biorxiv(parts: SplitResult) -> Places | None:
    found = _match(r"/content/(?:biorxiv/early/[\d/]+/)?(10\.\d{4,9}/\d+(?:\.\d+){0,4})(v\d+)?(?:\.[\w.-]+)?", parts)
    if not found:
        return None
    base = f"https://www.{_host(parts)}/content/{found[1]}{found[2] or ''}"
    return Places(base, f"{base}.full.pdf" if found[2] else "")


def _science_direct(parts: SplitResult) -> Places | None:
    found = _match(r"/science/article/(?:abs/)?pii/(\w+)(?:/.*)?", parts)
    return Places(f"https://www.sciencedirect.com/science/article/pii/{found[1]}") if found else None


def _nature(parts: SplitResult) -> Places | None:
    found = _match(r"/articles/([\w.-]+?)(?:\.pdf)?", parts)
    return Places(f"https://www.nature.com/articles/{found[1]}") if found else None


_RULES: dict[str, Rule] = {
    "openaccess.thecvf.com": _cvf,
    "cv-foundation.org": _cvf,
    "papers.nips.cc": _neurips,
    "proceedings.neurips.cc": _neurips,
    "datasets-benchmarks-proceedings.neurips.cc": _neurips,
    "proceedings.mlr.press": _pmlr,
    "raw.githubusercontent.com": _pmlr_repository,
    "ojs.aaai.org": _aaai,
    "aaai.org": _aaai,
    "mdpi.com": _mdpi,
    "openreview.net": _openreview,
    "aclanthology.org": _acl,
    "aclweb.org": _acl,
    "ecva.net": _ecva,
    "ijcai.org": _ijcai,
    "jmlr.org": _jmlr,
    "jmlr.csail.mit.edu": _jmlr,
    "bmva.org": _bmva,
    "roboticsproceedings.org": _rss,
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
    "nature.com": _nature,
}

SERVE_HTTPS = frozenset(form for host in _RULES for form in (host, f"www.{host}")) - {"bmva.org", "www.bmva.org"}
"""Hosts whose http addresses may be written with https."""
