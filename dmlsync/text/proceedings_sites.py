"""How the sites that publish proceedings themselves name a paper's page and its PDF, by host. Pure."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qs

from dmlsync.text.site_places import Places, Rule, host_of, match_path


def _cvf(parts: SplitResult) -> Places | None:
    """Computer Vision Foundation: `content_cvpr_2015/papers/X.pdf` and, since 2021, `content/CVPR2021/papers/X.pdf`."""
    path = re.sub(r"/{2,}", "/", parts.path).removeprefix("/openaccess")
    found = re.fullmatch(
        r"(/content[^/]*(?:/[^/]+){0,2})/(?:papers|html|supplemental)(/[\w-]+)?/([^/]+?)_(?:paper|supplemental)\.(?:pdf|html)",
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
    if found := match_path(r"(/paper(?:_files/paper)?)/(\d{4})/(?:hash|file)/([0-9a-f]{32})-([a-z]+)([\w.-]*)", parts):
        root, year, digest, _, rest = found.groups()
        rest = re.sub(r"\.[a-z]+$", "", rest, flags=re.IGNORECASE)
        host = host_of(parts)
        base = f"https://{'proceedings.neurips.cc' if host.startswith('papers.') else host}{root}/{year}"
        return Places(f"{base}/hash/{digest}-Abstract{rest}.html", f"{base}/file/{digest}-Paper{rest}.pdf")
    if found := match_path(r"/paper/(\d+-[^/]+?)(?:\.pdf)?", parts):
        return Places(f"https://papers.nips.cc/paper/{found[1]}", f"https://papers.nips.cc/paper/{found[1]}.pdf")
    return None


def _pmlr(parts: SplitResult) -> Places | None:
    """PMLR, whose PDFs moved twice: into a folder of the paper's name, and since 2024 to its repositories."""
    found = match_path(r"(?:/proceedings/papers)?/v(\d{1,4})/([\w-]+?)(?:\.html|\.pdf|(?:-supp)?/\2\.pdf)?", parts)
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
    if found := match_path(r"/mlresearch/v(\d{1,4})/main/assets/([\w-]+)/\2\.pdf", parts):
        return Places(
            f"https://proceedings.mlr.press/v{found[1]}/{found[2]}.html", parts._replace(fragment="").geturl()
        )
    return None


def _openreview(parts: SplitResult) -> Places | None:
    query = parse_qs(parts.query)
    name, attached = query.get("id", [""])[0], query.get("name", ["pdf"])[0]
    if not match_path(r"/(?:forum|pdf|attachment)", parts) or not re.fullmatch(r"[\w-]{5,40}", name):
        return None
    pdf = f"https://openreview.net/pdf?id={name}" if attached == "pdf" else ""
    return Places(f"https://openreview.net/forum?id={name}", pdf)


def _acl(parts: SplitResult) -> Places | None:
    found = match_path(
        r"(?:/anthology(?:-new)?)?(?:/(?:papers/)?[a-z]/[a-z]\d\d)?/([a-z]\d\d-\d{4,5}|\d{4}\.[\w-]+\.\d+)(?:v\d+)?(?:\.pdf|\.bib)?",
        parts,
    )
    if not found:
        return None
    name = found[1].upper() if found[1][0].isalpha() else found[1]
    return Places(f"https://aclanthology.org/{name}/", f"https://aclanthology.org/{name}.pdf")


def _ecva(parts: SplitResult) -> Places | None:
    """ECVA: pages and PDFs share their names in 2018 and their numbers in 2024, in other years nothing."""
    found = match_path(r"(/papers/eccv_(\d{4})/papers_ECCV)/(html|papers)/([^/]+)\.(?:php|pdf)", parts)
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
    if found := match_path(r"/proceedings/(20\d\d)/(\d+)(?:\.pdf)?", parts):
        year, paper = found[1], int(found[2])
        base = f"https://www.ijcai.org/proceedings/{year}"
        return Places(f"{base}/{paper}", f"{base}/{paper:04d}.pdf")
    if found := match_path(r"/(?:Abstract/(1[56])|Proceedings/(1[56])/Papers)/(\d+)(?:\.pdf)?", parts):
        year, number = found[1] or found[2], found[3]
        base = "https://www.ijcai.org"
        return Places(f"{base}/Abstract/{year}/{number}", f"{base}/Proceedings/{year}/Papers/{number}.pdf")
    return None


def _jmlr(parts: SplitResult) -> Places | None:
    if parts.path.startswith("/proceedings/papers/"):
        return _pmlr(parts)
    found = match_path(r"/papers/v(?:olume)?(\d{1,3})/([\w-]+?)(?:\.html|\.pdf|/\2\.pdf)", parts)
    if not found:
        return None
    volume, name = found[1], found[2]
    base = "https://jmlr.org/papers"
    return Places(f"{base}/v{volume}/{name}.html", f"{base}/volume{volume}/{name}/{name}.pdf")


def _bmva(parts: SplitResult) -> Places | None:
    """BMVA's archive of BMVC 2013 to 2017: a folder a paper, with its page and its PDF."""
    found = match_path(r"(/bmvc/201[3-7]/papers/(paper\d+))(?:/index\.html|/\2\.pdf|/abstract\2\.pdf)?", parts)
    base = "http://www.bmva.org"
    return Places(f"{base}{found[1]}/index.html", f"{base}{found[1]}/{found[2]}.pdf") if found else None


def _rss(parts: SplitResult) -> Places | None:
    found = match_path(r"(/rss\d+/p\d+)\.(?:html|pdf)", parts)
    base = "https://www.roboticsproceedings.org"
    return Places(f"{base}{found[1]}.html", f"{base}{found[1]}.pdf") if found else None


def _isca(parts: SplitResult) -> Places | None:
    """ISCA's archive of Interspeech and its workshops, with the addresses that it had on isca-speech.org until 2023."""
    found = match_path(r"(?:/archive(?:/pdfs)?)?/([a-z]+_(?:19|20)\d\d)/([a-z][\w-]*_[a-z]+)\.(?:html|pdf)", parts)
    base = f"https://www.isca-archive.org/{found[1]}/{found[2]}" if found else ""
    return Places(f"{base}.html", f"{base}.pdf") if base else None


RULES: dict[str, Rule] = {
    "openaccess.thecvf.com": _cvf,
    "cv-foundation.org": _cvf,
    "papers.nips.cc": _neurips,
    "papers.neurips.cc": _neurips,
    "proceedings.neurips.cc": _neurips,
    "datasets-benchmarks-proceedings.neurips.cc": _neurips,
    "proceedings.mlr.press": _pmlr,
    "raw.githubusercontent.com": _pmlr_repository,
    "openreview.net": _openreview,
    "aclanthology.org": _acl,
    "aclweb.org": _acl,
    "ecva.net": _ecva,
    "ijcai.org": _ijcai,
    "jmlr.org": _jmlr,
    "jmlr.csail.mit.edu": _jmlr,
    "bmva.org": _bmva,
    "bmva-archive.org.uk": _bmva,
    "isca-archive.org": _isca,
    "isca-speech.org": _isca,
    "roboticsproceedings.org": _rss,
}
