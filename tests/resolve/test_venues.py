from __future__ import annotations

import pytest

from dmlsync.model import Record
from dmlsync.resolve.venues import agree, best_form, consistent_venues, key, kind, spelled_out

SAME = [
    ("CVPR", "2018 IEEE/CVF Conference on Computer Vision and Pattern Recognition"),
    ("CVPR", "2006 IEEE Computer Society Conference on Computer Vision and Pattern Recognition - Volume 1 (CVPR'06)"),
    ("NIPS", "Advances in Neural Information Processing Systems 18"),
    ("NeuRIPS", "NIPS"),
    ("ECCV 2020", "Computer Vision – ECCV 2020"),
    ("PAMI", "IEEE Trans. Pattern Anal. Mach. Intell."),
    ("TPAMI", "IEEE Transactions on Pattern Analysis and Machine Intelligence"),
    ("AAAI", "Proceedings of the AAAI Conference on Artificial Intelligence"),
    ("BMVC", "Procedings of the British Machine Vision Conference 2016"),
    ("ICIP", "2023 IEEE International Conference on Image Processing"),
    ("ACML", "Proceedings of the 12th Asian Conference on Machine Learning"),
    ("ICML", "Proceedings of the Thirty-Seventh International Conference on Machine Learning"),
]
OTHER = [
    ("CVPR", "Computer Vision – ECCV 2020"),
    ("ICCV", "IEEE International Conference on Computer Vision Workshops"),
    ("PAMI", "2019 IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)"),
    ("CVPR", "Applied Sciences"),
    ("ICCV", "CVPR"),
]
UNKNOWN = [
    ("CVPR", ""),
    ("", ""),
    ("CVPR", "arXiv"),
    ("CoRR", "ICML"),
    ("SIMBAD", "Similarity-Based Pattern Recognition"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_forms_of_one_venue_agree(one: str, other: str) -> None:
    assert agree(one, other) is True
    assert agree(other, one) is True


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_other_venues_do_not_agree(one: str, other: str) -> None:
    assert agree(one, other) is False
    assert agree(other, one) is False


@pytest.mark.parametrize(("one", "other"), UNKNOWN)
def test_what_cannot_be_compared_is_left_open(one: str, other: str) -> None:
    assert agree(one, other) is None
    assert agree(other, one) is None


def test_a_workshop_is_not_its_conference() -> None:
    assert key("CVPR Workshops") == "cvpr workshop"
    assert (
        key("2021 IEEE/CVF Conference on Computer Vision and Pattern Recognition Workshops (CVPRW)") == "cvpr workshop"
    )


@pytest.mark.parametrize(
    ("venue", "expected"),
    [("CVPR", "conference"), ("PAMI", "journal"), ("arXiv", "repository"), ("Symmetry", "unknown"),
     ("Journal of Things", "journal"), ("Symposium on Things", "conference")],
)  # fmt: skip
def test_a_venue_is_a_conference_or_a_journal(venue: str, expected: str) -> None:
    assert kind(venue) == expected


def test_acronyms_of_well_known_venues_are_spelled_out() -> None:
    assert spelled_out("ICML", 2020) == "Proceedings of the 37th International Conference on Machine Learning"
    assert spelled_out("ICML", 2022) == "Proceedings of the 39th International Conference on Machine Learning"
    assert spelled_out("NeurIPS", None) == "Advances in Neural Information Processing Systems"
    assert spelled_out("ECCV", 2018) == "Computer Vision – ECCV 2018"
    assert spelled_out("BMVC", 2019) == "30th British Machine Vision Conference 2019"
    assert spelled_out("PAMI", 2020) == "IEEE Transactions on Pattern Analysis and Machine Intelligence"


def test_nothing_is_spelled_out_that_is_not_known() -> None:
    assert spelled_out("ICML", None) == "ICML"
    assert spelled_out("SIMBAD", 2015) == "SIMBAD"
    assert spelled_out("CVPR", 2015) == "CVPR"


def test_the_written_out_form_is_best() -> None:
    assert best_form(["CVPR", "CVPR", "2019 IEEE/CVF Conference on X (CVPR)"], 2019).startswith("2019 IEEE")
    assert best_form([], 2019) == ""


def paper(venue: str, year: str) -> Record:
    return Record("conferencePaper", {"proceedingsTitle": venue, "date": year})


def test_one_meeting_has_one_title_across_a_run() -> None:
    long, longer = "2018 IEEE/CVF Conference on Computer Vision and Pattern Recognition", "CVPR"
    records = [paper(longer, "2018"), paper(long, "2018"), paper(long, "2018"), paper(longer, "2019")]
    assert [one.get("proceedingsTitle") for one in consistent_venues(records)] == [long, long, long, "CVPR"]


def test_journals_and_numbered_volumes_keep_their_titles() -> None:
    volume = paper("Conference on Computer Vision and Pattern Recognition - Volume 2", "2006")
    article = Record("journalArticle", {"publicationTitle": "Symmetry", "date": "2019"})
    assert consistent_venues([volume, article, paper("CVPR", "2006")])[:2] == (volume, article)


def test_making_venues_consistent_twice_changes_nothing_more() -> None:
    records = [paper("CVPR", "2018"), paper("2018 Conference on Computer Vision and Pattern Recognition", "2018")]
    once = consistent_venues(records)
    assert consistent_venues(once) == once


def test_two_venues_that_are_known_differ_whatever_their_initials() -> None:
    cvpr = "2015 IEEE Conference on Computer Vision and Pattern Recognition (CVPR)"
    assert agree("ICCV", cvpr) is False
    assert agree("CVPR", cvpr) is True
    assert agree("ICCV", "2017 IEEE International Conference on Computer Vision (ICCV)") is True
