from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.text.links import pdf_url

CVF = "https://openaccess.thecvf.com"
HASH = "6b180037abbebea991d8b1232f8a8ca9"
AAAI = "https://ojs.aaai.org/index.php/AAAI/article"

PDFS = [
    ("https://arxiv.org/abs/1503.03832", "https://arxiv.org/pdf/1503.03832"),
    ("http://arxiv.org/pdf/1503.03832v2.pdf", "https://arxiv.org/pdf/1503.03832"),
    ("https://arxiv.org/abs/cs/0112017", "https://arxiv.org/pdf/cs/0112017"),
    ("https://arxiv.org/abs/1811.12649#:~:text=Abstract", "https://arxiv.org/pdf/1811.12649"),
    (f"{CVF}/content_cvpr_2015/html/A_2015_CVPR_paper.html", f"{CVF}/content_cvpr_2015/papers/A_2015_CVPR_paper.pdf"),
    (f"{CVF}/content/ICCV2021/html/K_ICCV_2021_paper.html", f"{CVF}/content/ICCV2021/papers/K_ICCV_2021_paper.pdf"),
    ("http://openaccess.thecvf.com/content_ECCV_2018/papers/Ge_ECCV_2018_paper.pdf",
     f"{CVF}/content_ECCV_2018/papers/Ge_ECCV_2018_paper.pdf"),
    (f"{CVF}/content_iccv_2017/html/Y_ICCV_2017_paper.html", f"{CVF}/content_ICCV_2017/papers/Y_ICCV_2017_paper.pdf"),
    (f"https://papers.nips.cc/paper/2016/hash/{HASH}-Abstract.html",
     f"https://proceedings.neurips.cc/paper/2016/file/{HASH}-Paper.pdf"),
    (f"https://proceedings.neurips.cc/paper_files/paper/2022/hash/{HASH}-Abstract-Conference.html",
     f"https://proceedings.neurips.cc/paper_files/paper/2022/file/{HASH}-Paper-Conference.pdf"),
    ("https://papers.nips.cc/paper/7303-learning-deep", "https://papers.nips.cc/paper/7303-learning-deep.pdf"),
    ("http://proceedings.mlr.press/v119/chu20a.html", "https://proceedings.mlr.press/v119/chu20a/chu20a.pdf"),
    ("http://proceedings.mlr.press/v9/glorot10a.html", "https://proceedings.mlr.press/v9/glorot10a/glorot10a.pdf"),
    ("http://proceedings.mlr.press/v37/ioffe15.html", "https://proceedings.mlr.press/v37/ioffe15.pdf"),
    ("https://proceedings.mlr.press/v235/zhao24j.html",
     "https://raw.githubusercontent.com/mlresearch/v235/main/assets/zhao24j/zhao24j.pdf"),
    ("https://www.ecva.net/papers/eccv_2018/papers_ECCV/html/Ge_ECCV_2018_paper.php",
     "https://www.ecva.net/papers/eccv_2018/papers_ECCV/papers/Ge_ECCV_2018_paper.pdf"),
    ("https://www.ecva.net/papers/eccv_2024/papers_ECCV/html/808_ECCV_2024_paper.php",
     "https://www.ecva.net/papers/eccv_2024/papers_ECCV/papers/00808.pdf"),
    ("https://www.ecva.net/papers/eccv_2020/papers_ECCV/papers/123690443.pdf",
     "https://www.ecva.net/papers/eccv_2020/papers_ECCV/papers/123690443.pdf"),
    ("https://openreview.net/forum?id=0VutU8ctsx", "https://openreview.net/pdf?id=0VutU8ctsx"),
    ("https://aclanthology.org/D19-1410/", "https://aclanthology.org/D19-1410.pdf"),
    ("https://jmlr.org/papers/v10/weinberger09a.html", "https://jmlr.org/papers/volume10/weinberger09a/weinberger09a.pdf"),
    ("https://www.mdpi.com/2073-8994/11/9/1066", "https://www.mdpi.com/2073-8994/11/9/1066/pdf"),
    ("https://www.ijcai.org/proceedings/2019/123", "https://www.ijcai.org/proceedings/2019/0123.pdf"),
    (f"{AAAI}/view/16226/16033", f"{AAAI}/download/16226/16033"),
    ("http://cs-people.bu.edu/fcakir/papers/fastap_cvpr2019.pdf", "http://cs-people.bu.edu/fcakir/papers/fastap_cvpr2019.pdf"),
    ("https://www.cs.toronto.edu/~hinton/absps/nca.pdf#page=2", "https://www.cs.toronto.edu/~hinton/absps/nca.pdf"),
    ("https://bmvc2019.org/wp-content/uploads/papers/1206-paper.pdf",
     "https://bmvc2019.org/wp-content/uploads/papers/1206-paper.pdf"),
    ("https://dl.acm.org/doi/pdf/10.1145/3343031.3351095", "https://dl.acm.org/doi/pdf/10.1145/3343031.3351095"),
    ("http://link.springer.com/content/pdf/10.1007/s11263-020-01333-y.pdf",
     "https://link.springer.com/content/pdf/10.1007/s11263-020-01333-y.pdf"),
]  # fmt: skip


@pytest.mark.parametrize(("url", "pdf"), PDFS)
def test_the_pdf_is_derived_where_the_site_tells_how(url: str, pdf: str) -> None:
    assert pdf_url(url) == pdf
    assert pdf_url(pdf) == pdf


@pytest.mark.parametrize(
    "url",
    [
        f"{AAAI}/view/16226", "https://www.ecva.net/papers/eccv_2020/papers_ECCV/html/4637_ECCV_2020_paper.php",
        "https://ieeexplore.ieee.org/document/7298682", "https://dl.acm.org/doi/10.1145/3343031.3351095",
        "https://doi.org/10.1109/CVPR.2015.7298682", "https://github.com/user/repo/blob/main/paper.pdf",
        "https://github.com/wzzheng/DCML", "https://example.org/paper", "ftp://example.org/a.pdf", "file:///etc/passwd.pdf",
        "", "a.pdf", "https://[bad/a.pdf", "https://proceedings.mlr.press/v60/x17a.html",
    ],
)  # fmt: skip
def test_nothing_is_guessed(url: str) -> None:
    assert pdf_url(url) == ""


def test_a_supplement_is_not_taken_for_the_paper() -> None:
    url = f"{CVF}/content/CVPR2021/supplemental/Yan_X_CVPR_2021_supplemental.pdf"
    assert pdf_url(url) == url


@given(st.text(max_size=200))
def test_a_pdf_link_is_its_own_pdf_link(text: str) -> None:
    for url in (text, f"https://example.org/{text}", f"https://proceedings.mlr.press/{text}"):
        assert pdf_url(pdf_url(url)) == pdf_url(url)
