from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dmlsync.text.identifiers import arxiv_in, doi_in, is_known_site, is_preprint_doi, landing_page

DOIS = [
    ("10.1109/CVPR.2015.7298682", "10.1109/cvpr.2015.7298682"),
    ("doi:10.1109/CVPR.2015.7298682", "10.1109/cvpr.2015.7298682"),
    ("DOI: 10.1109/CVPR.2015.7298682.", "10.1109/cvpr.2015.7298682"),
    ("https://doi.org/10.1109/CVPR.2015.7298682", "10.1109/cvpr.2015.7298682"),
    ("http://dx.doi.org/10.1109/CVPR.2015.7298682", "10.1109/cvpr.2015.7298682"),
    ("https://doi.ieeecomputersociety.org/10.1109/CVPR.2006.100", "10.1109/cvpr.2006.100"),
    ("https://www.doi.org/10.1016/j.patcog.2020.107201?via=x#sec1", "10.1016/j.patcog.2020.107201"),
    ("https://doi.org/10.1002/(SICI)1097-4571(199806)49:8%3C693::AID-ASI4%3E3.0.CO;2-O",
     "10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o"),
    ("10.1000/a%23b", "10.1000/a#b"),
    ("https://link.springer.com/chapter/10.1007/978-3-319-24261-3_7", "10.1007/978-3-319-24261-3_7"),
    ("https://link.springer.com/content/pdf/10.1007/978-3-319-24261-3_7.pdf", "10.1007/978-3-319-24261-3_7"),
    ("https://link.springer.com/content/pdf/10.1007%2F978-3-319-24261-3_7.pdf", "10.1007/978-3-319-24261-3_7"),
    ("https://link.springer.com/article/10.1007/s11263-020-01333-y#Abs1", "10.1007/s11263-020-01333-y"),
    ("https://link.springer.com/article/10.1007/s11263-020-01333-y/fulltext.html", "10.1007/s11263-020-01333-y"),
    ("https://dl.acm.org/doi/10.1145/3343031.3351095", "10.1145/3343031.3351095"),
    ("https://dl.acm.org/doi/pdf/10.1145/3343031.3351095", "10.1145/3343031.3351095"),
    ("https://dl.acm.org/doi/abs/10.1145/3343031.3351095?casa_token=x", "10.1145/3343031.3351095"),
    ("https://dl.acm.org/doi/fullHtml/10.1145/3343031.3351095", "10.1145/3343031.3351095"),
    ("https://onlinelibrary.wiley.com/doi/full/10.1002/int.22586", "10.1002/int.22586"),
    ("https://onlinelibrary.wiley.com/doi/10.1111/cgf.13369/abstract", "10.1111/cgf.13369"),
    ("https://ietresearch.onlinelibrary.wiley.com/doi/epdf/10.1049/cvi2.12013", "10.1049/cvi2.12013"),
    ("https://www.tandfonline.com/doi/abs/10.1080/01621459.2017.1285773", "10.1080/01621459.2017.1285773"),
    ("https://www.science.org/doi/10.1126/science.aab3050", "10.1126/science.aab3050"),
    ("https://www.pnas.org/doi/full/10.1073/pnas.1611835114", "10.1073/pnas.1611835114"),
    ("https://www.biorxiv.org/content/10.1101/2020.03.22.002386v3.full.pdf", "10.1101/2020.03.22.002386"),
    ("https://www.biorxiv.org/content/10.1101/339382v1.abstract", "10.1101/339382"),
    ("https://www.frontiersin.org/articles/10.3389/fnins.2019.01346/full", "10.3389/fnins.2019.01346"),
    ("https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0118432", "10.1371/journal.pone.0118432"),
    ("https://iopscience.iop.org/article/10.1088/1742-6596/1642/1/012021/pdf", "10.1088/1742-6596/1642/1/012021"),
    ("https://epubs.siam.org/doi/pdf/10.1137/1.9781611972795.8", "10.1137/1.9781611972795.8"),
    ("https://www.nature.com/articles/s41586-021-03819-2.pdf", "10.1038/s41586-021-03819-2"),
    ("https://doi.org/10.48550/arXiv.1503.03832v2", "10.48550/arxiv.1503.03832"),
    ("see (https://doi.org/10.1007/978-3-319-24261-3_7).", "10.1007/978-3-319-24261-3_7"),
    ("Proc. X, pp. 1-2, doi 10.1145/3343031.3351095, 2019", "10.1145/3343031.3351095"),
    ("<a href='x'>10.1145/3343031.3351095</a>", "10.1145/3343031.3351095"),
]  # fmt: skip

NOT_DOIS = [
    "", "10.1109", "10.1109/", "version 10.2", "https://doi.org/", "https://ieeexplore.ieee.org/document/7298682",
    "https://arxiv.org/abs/1503.03832", "https://openaccess.thecvf.com/content_cvpr_2015/papers/X_paper.pdf",
    "https://ojs.aaai.org/index.php/AAAI/article/view/16226", "https://[bad", "http://a b/10.1145/1.2",
]  # fmt: skip


@pytest.mark.parametrize(("text", "doi"), DOIS)
def test_a_doi_is_read_out_of_addresses_and_text(text: str, doi: str) -> None:
    assert doi_in(text) == doi
    assert doi_in(doi) == doi


@pytest.mark.parametrize("text", [text for text in NOT_DOIS if "a b" not in text])
def test_no_doi_is_made_up(text: str) -> None:
    assert doi_in(text) == ""


ARXIV = [
    ("https://arxiv.org/abs/1503.03832", "1503.03832"),
    ("http://arxiv.org/abs/1503.03832v3", "1503.03832"),
    ("https://arxiv.org/pdf/1503.03832.pdf", "1503.03832"),
    ("https://arxiv.org/pdf/1503.03832v2.pdf", "1503.03832"),
    ("https://arxiv.org/pdf/2108.11179", "2108.11179"),
    ("https://www.arxiv.org/html/2404.17507v1", "2404.17507"),
    ("https://export.arxiv.org/abs/0704.0001", "0704.0001"),
    ("https://browse.arxiv.org/pdf/2404.17507.pdf", "2404.17507"),
    ("https://arxiv.org/abs/1811.12649#:~:text=Abstract%3A%20Deep,image%20retrieval.", "1811.12649"),
    ("https://arxiv.org/abs/1811.12649?context=cs", "1811.12649"),
    ("https://arxiv.org/abs/cs/0112017", "cs/0112017"),
    ("https://arxiv.org/pdf/cs/0112017v1.pdf", "cs/0112017"),
    ("https://arxiv.org/abs/math.GT/0309136", "math/0309136"),
    ("hep-th/9901001", "hep-th/9901001"),
    ("https://doi.org/10.48550/arXiv.1503.03832", "1503.03832"),
    ("10.48550/ARXIV.1503.03832", "1503.03832"),
    ("arXiv:1503.03832v2 [cs.CV]", "1503.03832"),
    ("arXiv preprint arXiv:1503.03832, 2015", "1503.03832"),
    ("CoRR abs/1503.03832 (2015)", "1503.03832"),
    ("1503.03832", "1503.03832"),
    ("1503.03832v1", "1503.03832"),
    ("https://huggingface.co/papers/2404.17507", "2404.17507"),
    ("https://www.alphaxiv.org/abs/2404.17507", "2404.17507"),
    ("https://ar5iv.org/abs/1503.03832", "1503.03832"),
    ("https://ar5iv.labs.arxiv.org/html/1503.03832", "1503.03832"),
    ("https://www.semanticscholar.org/arxiv/1503.03832", "1503.03832"),
    ("see https://arxiv.org/abs/1503.03832.", "1503.03832"),
]


@pytest.mark.parametrize(("text", "arxiv"), ARXIV)
def test_an_arxiv_id_is_read_out_of_addresses_and_text(text: str, arxiv: str) -> None:
    assert arxiv_in(text) == arxiv
    assert arxiv_in(arxiv) == arxiv


@pytest.mark.parametrize(
    "text",
    [
        "", "2015.12345", "1513.03832", "15030.3832", "1503.038", "1503.0383245", "version 1503.03832 of it",
        "https://github.com/user/1503.03832", "https://arxiv.org/list/cs.CV/recent", "https://example.org/abs/1503.03832",
        "https://doi.org/10.1109/CVPR.2015.7298682", "words/0112017", "https://arxiv.org/",
        "https://notarxiv.org/abs/1503.03832",
    ],
)  # fmt: skip
def test_no_arxiv_id_is_made_up(text: str) -> None:
    assert arxiv_in(text) == ""


@pytest.mark.parametrize(
    ("doi", "preprint"),
    [
        ("10.48550/arxiv.1503.03832", True), ("10.1101/2020.03.22.002386", True), ("10.1101/339382", True),
        ("10.1101/gr.1239303", False), ("10.2139/ssrn.3250329", True), ("10.21203/rs.3.rs-100/v1", True),
        ("10.36227/techrxiv.123", True), ("10.1109/CVPR.2015.7298682", False), ("10.5281/zenodo.1", False), ("", False),
    ],
)  # fmt: skip
def test_dois_of_preprint_servers_are_told(doi: str, preprint: bool) -> None:
    assert is_preprint_doi(doi) is preprint


CVF = "https://openaccess.thecvf.com"
HASH = "6b180037abbebea991d8b1232f8a8ca9"
PAGES = [
    (f"{CVF}/content_cvpr_2015/papers/Schroff_FaceNet_A_Unified_2015_CVPR_paper.pdf",
     f"{CVF}/content_cvpr_2015/html/Schroff_FaceNet_A_Unified_2015_CVPR_paper.html"),
    ("http://openaccess.thecvf.com/content_CVPR_2019/papers/Wang_X_CVPR_2019_paper.pdf",
     f"{CVF}/content_CVPR_2019/html/Wang_X_CVPR_2019_paper.html"),
    (f"{CVF}/content/CVPR2021/papers/Yan_X_CVPR_2021_paper.pdf",
     f"{CVF}/content/CVPR2021/html/Yan_X_CVPR_2021_paper.html"),
    (f"{CVF}/content/CVPR2021/supplemental/Yan_X_CVPR_2021_supplemental.pdf",
     f"{CVF}/content/CVPR2021/html/Yan_X_CVPR_2021_paper.html"),
    (f"{CVF}/content/CVPR2021W/FGVC/papers/Yan_X_CVPRW_2021_paper.pdf",
     f"{CVF}/content/CVPR2021W/FGVC/html/Yan_X_CVPRW_2021_paper.html"),
    (f"{CVF}/content_CVPRW_2020/papers/w50/Yan_X_CVPRW_2020_paper.pdf",
     f"{CVF}/content_CVPRW_2020/html/w50/Yan_X_CVPRW_2020_paper.html"),
    ("https://www.cv-foundation.org/openaccess/content_cvpr_2016/papers/Liu_DeepFashion_CVPR_2016_paper.pdf",
     f"{CVF}/content_cvpr_2016/html/Liu_DeepFashion_CVPR_2016_paper.html"),
    ("http://openaccess.thecvf.com/content_ICCV_2017/papers/Yuan_Hard-Aware_ICCV_2017_paper.pdf",
     f"{CVF}/content_iccv_2017/html/Yuan_Hard-Aware_ICCV_2017_paper.html"),
    (f"https://papers.nips.cc/paper/2016/hash/{HASH}-Abstract.html",
     f"https://proceedings.neurips.cc/paper/2016/hash/{HASH}-Abstract.html"),
    (f"https://proceedings.neurips.cc/paper/2005/file/{HASH}-Paper.pdf",
     f"https://proceedings.neurips.cc/paper/2005/hash/{HASH}-Abstract.html"),
    (f"https://proceedings.neurips.cc/paper_files/paper/2022/file/{HASH}-Paper-Conference.pdf",
     f"https://proceedings.neurips.cc/paper_files/paper/2022/hash/{HASH}-Abstract-Conference.html"),
    (f"https://proceedings.neurips.cc/paper/2020/file/{HASH}-Bibtex.bib",
     f"https://proceedings.neurips.cc/paper/2020/hash/{HASH}-Abstract.html"),
    ("https://papers.nips.cc/paper/7303-learning-deep-disentangled-embeddings-with-the-f-statistic-loss",
     "https://papers.nips.cc/paper/7303-learning-deep-disentangled-embeddings-with-the-f-statistic-loss"),
    ("http://papers.nips.cc/paper/7303-learning-deep.pdf", "https://papers.nips.cc/paper/7303-learning-deep"),
    ("http://proceedings.mlr.press/v119/chu20a.html", "https://proceedings.mlr.press/v119/chu20a.html"),
    ("http://proceedings.mlr.press/v119/chu20a/chu20a.pdf", "https://proceedings.mlr.press/v119/chu20a.html"),
    ("http://proceedings.mlr.press/v119/chu20a/chu20a-supp.pdf", ""),
    ("http://proceedings.mlr.press/v48/gal16.pdf", "https://proceedings.mlr.press/v48/gal16.html"),
    ("https://proceedings.mlr.press/v9/glorot10a", "https://proceedings.mlr.press/v9/glorot10a.html"),
    ("https://raw.githubusercontent.com/mlresearch/v235/main/assets/zhao24j/zhao24j.pdf",
     "https://proceedings.mlr.press/v235/zhao24j.html"),
    ("http://www.jmlr.org/proceedings/papers/v28/goodfellow13.html", "https://proceedings.mlr.press/v28/goodfellow13.html"),
    ("https://ojs.aaai.org//index.php/AAAI/article/view/5795", "https://ojs.aaai.org/index.php/AAAI/article/view/5795"),
    ("https://ojs.aaai.org/index.php/AAAI/article/view/16226/16033", "https://ojs.aaai.org/index.php/AAAI/article/view/16226"),
    ("https://ojs.aaai.org/index.php/AAAI/article/download/16226/16033",
     "https://ojs.aaai.org/index.php/AAAI/article/view/16226"),
    ("https://www.aaai.org/ojs/index.php/AAAI/article/view/5762", "https://ojs.aaai.org/index.php/AAAI/article/view/5762"),
    ("https://www.mdpi.com/2073-8994/11/9/1066/htm", "https://www.mdpi.com/2073-8994/11/9/1066"),
    ("http://mdpi.com/2073-8994/11/9/1066/pdf?version=1566378425", "https://www.mdpi.com/2073-8994/11/9/1066"),
    ("https://openreview.net/pdf?id=0VutU8ctsx", "https://openreview.net/forum?id=0VutU8ctsx"),
    ("https://openreview.net/forum?id=0VutU8ctsx&noteId=abc", "https://openreview.net/forum?id=0VutU8ctsx"),
    ("https://aclanthology.org/D19-1410.pdf", "https://aclanthology.org/D19-1410/"),
    ("https://www.aclweb.org/anthology/D19-1410/", "https://aclanthology.org/D19-1410/"),
    ("https://aclweb.org/anthology/papers/D/D19/D19-1410/", "https://aclanthology.org/D19-1410/"),
    ("https://aclanthology.org/2021.emnlp-main.552v2.pdf", "https://aclanthology.org/2021.emnlp-main.552/"),
    ("http://www.ecva.net/papers/eccv_2020/papers_ECCV/html/4637_ECCV_2020_paper.php",
     "https://www.ecva.net/papers/eccv_2020/papers_ECCV/html/4637_ECCV_2020_paper.php"),
    ("https://www.ecva.net/papers/eccv_2018/papers_ECCV/papers/Ge_Deep_Metric_Learning_ECCV_2018_paper.pdf",
     "https://www.ecva.net/papers/eccv_2018/papers_ECCV/html/Ge_Deep_Metric_Learning_ECCV_2018_paper.php"),
    ("https://www.ecva.net/papers/eccv_2024/papers_ECCV/papers/00808.pdf",
     "https://www.ecva.net/papers/eccv_2024/papers_ECCV/html/808_ECCV_2024_paper.php"),
    ("https://www.ecva.net/papers/eccv_2020/papers_ECCV/papers/123690443.pdf", ""),
    ("https://www.ijcai.org/proceedings/2019/0123.pdf", "https://www.ijcai.org/proceedings/2019/123"),
    ("http://www.ijcai.org/Proceedings/16/Papers/425.pdf", "https://www.ijcai.org/Abstract/16/425"),
    ("https://www.jmlr.org/papers/volume10/weinberger09a/weinberger09a.pdf", "https://jmlr.org/papers/v10/weinberger09a.html"),
    ("http://jmlr.csail.mit.edu/papers/v10/weinberger09a.html", "https://jmlr.org/papers/v10/weinberger09a.html"),
    ("http://www.bmva.org/bmvc/2016/papers/paper041/paper041.pdf", "http://www.bmva.org/bmvc/2016/papers/paper041/index.html"),
    ("https://link.springer.com/content/pdf/10.1007%2F978-3-319-24261-3_7.pdf",
     "https://link.springer.com/chapter/10.1007/978-3-319-24261-3_7"),
    ("https://link.springer.com/10.1007/s11263-020-01333-y", "https://link.springer.com/article/10.1007/s11263-020-01333-y"),
    ("http://ieeexplore.ieee.org/abstract/document/7298682/", "https://ieeexplore.ieee.org/document/7298682"),
    ("https://ieeexplore.ieee.org/stamp/stamp.jsp?tp=&arnumber=7298682", "https://ieeexplore.ieee.org/document/7298682"),
    ("https://ieeexplore.ieee.org/iel7/7293313/7298593/07298682.pdf", "https://ieeexplore.ieee.org/document/7298682"),
    ("https://dl.acm.org/doi/abs/10.1145/3343031.3351095", "https://dl.acm.org/doi/10.1145/3343031.3351095"),
    ("https://www.tandfonline.com/doi/full/10.1080/01621459.2017.1285773",
     "https://www.tandfonline.com/doi/10.1080/01621459.2017.1285773"),
    ("https://www.sciencedirect.com/science/article/abs/pii/S0031320320300698?via%3Dihub",
     "https://www.sciencedirect.com/science/article/pii/S0031320320300698"),
    ("https://www.biorxiv.org/content/10.1101/2020.03.22.002386v3.full.pdf",
     "https://www.biorxiv.org/content/10.1101/2020.03.22.002386v3"),
    ("https://arxiv.org/pdf/1503.03832v2.pdf", "https://arxiv.org/abs/1503.03832"),
    ("https://huggingface.co/papers/2404.17507", "https://arxiv.org/abs/2404.17507"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "page"), PAGES)
def test_every_form_of_a_link_leads_to_one_landing_page(url: str, page: str) -> None:
    assert landing_page(url) == page
    assert landing_page(page) == page


@pytest.mark.parametrize(
    "url",
    [
        "http://yann.lecun.com/exdb/publis/pdf/hadsell-chopra-lecun-06.pdf", "https://www.cs.toronto.edu/~hinton/absps/nca.pdf",
        "https://github.com/wzzheng/DCML", "https://doi.org/10.1109/CVPR.2015.7298682", "https://someone.github.io/project/",
        "https://scholar.google.com/scholar?q=x", "https://bmvc2019.org/wp-content/uploads/papers/1206-paper.pdf",
        "https://example.org", "https://example.org/", "https://example.org/data.tar.gz",
        "ftp://example.org/page", "mailto:a@b.c",
        "javascript:alert(1)", "https://user:secret@example.org/page", "", "no address", "https://[bad/x",
    ],
)  # fmt: skip
def test_files_repositories_and_indexes_are_no_landing_pages(url: str) -> None:
    assert landing_page(url) == ""


def test_an_unknown_page_is_a_place_to_look_but_names_no_work() -> None:
    url = "https://journal.example/articles/42.html?lang=en"
    assert landing_page(f"{url}#top") == url
    assert not is_known_site(url)
    assert is_known_site("https://www.mdpi.com/2073-8994/11/9/1066")
    assert is_known_site("https://arxiv.org/abs/1503.03832")
    assert not is_known_site("https://www.mdpi.com/journal/symmetry")


@given(st.text(max_size=300))
@example("https://[")
@example("http://a/10.1/" + "%2F" * 50)
def test_any_text_is_read_without_failing(text: str) -> None:
    for found in (doi_in(text), doi_in("https://x.org/" + text)):
        assert found == "" or doi_in(found) == found
    assert arxiv_in(arxiv_in(text)) == arxiv_in(text)
    page = landing_page("https://openaccess.thecvf.com/" + text)
    assert page == "" or landing_page(page) == page


@given(
    st.integers(7, 29),
    st.integers(1, 12),
    st.integers(0, 99999),
    st.integers(1, 12),
    st.sampled_from(["abs", "pdf", "html"]),
)
def test_a_version_never_changes_an_arxiv_id(year: int, month: int, number: int, version: int, view: str) -> None:
    arxiv = f"{year:02d}{month:02d}.{number:05d}"
    assert arxiv_in(f"https://arxiv.org/{view}/{arxiv}v{version}") == arxiv
    assert arxiv_in(f"arXiv:{arxiv}v{version}") == arxiv


@pytest.mark.parametrize(
    "text",
    [
        "https://ieeexplore.ieee.org/iel" + "0" * 200_000, "https://www.biorxiv.org/content/10.1101/" + "1." * 100_000,
        "10.1010" * 50_000, "https://dl.acm.org/doi/10.1145/" + "/pdf" * 50_000, "10.1/" + "(" * 100_000,
        "https://proceedings.mlr.press/v1/" + "a-" * 100_000, "arxiv" * 50_000,
        "https://openreview.net/pdf?" + "id=a&" * 50_000,
    ],
)  # fmt: skip
def test_hostile_text_costs_no_time(text: str) -> None:
    start = time.perf_counter()
    doi_in(text), arxiv_in(text), landing_page(text)
    assert time.perf_counter() - start < 1.0
