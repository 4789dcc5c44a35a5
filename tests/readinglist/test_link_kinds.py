from __future__ import annotations

import pytest

from dmlsync.model import LinkKind
from dmlsync.readinglist.links import is_generic, kind_of


@pytest.mark.parametrize(
    ("label", "url", "kind"),
    [
        ("PDF", "https://a.org/abstract.html", "pdf"),
        ("paper", "https://a.org/paper.PDF", "pdf"),
        ("paper", "https://a.org/paper.pdf?download=1", "pdf"),
        ("paper", "https://arxiv.org/pdf/1503.03832", "pdf"),
        ("paper", "https://arxiv.org/abs/1503.03832", "paper"),
        ("arXiv", "https://arxiv.org/abs/1503.03832", "paper"),
        ("Link", "https://a.org", "paper"),
        ("DOI", "https://doi.org/10.1/2", "paper"),
        ("code", "https://a.org", "code"),
        ("Official PyTorch", "https://a.org", "code"),
        ("", "https://github.com/a/b", "code"),
        ("Stars", "https://gitlab.example.org/a/b", "code"),
        ("paper", "https://github.com/a/b", "paper"),
        ("supplementary", "https://a.org/supp.pdf", "other"),
        ("Project page", "https://a.org", "other"),
        ("", "https://a.org", "other"),
        ("", "https://openaccess.thecvf.com/content/a.html", "paper"),
        ("CVPR 2021", "https://a.org", "paper"),
        ("", "https://notarxiv.org/abs/1", "other"),
        ("x", "http://[broken", "other"),
    ],
)
def test_the_kind_of_a_link(label: str, url: str, kind: LinkKind) -> None:
    assert kind_of(url, label) == kind


def test_generic_labels_are_no_titles() -> None:
    assert all(map(is_generic, ("paper", "Official Code", "arXiv", "[PDF]", "CVPR 2021", "🔗", "", "1")))
    assert not any(map(is_generic, ("FaceNet", "Learning to Code", "Data Distillation")))
