"""What a list would print of a paper: its own name for a venue, its own form of links."""

from __future__ import annotations

import pytest

from dmlsync.adding.lookup import Paper, named_in
from dmlsync.adding.wording import entry_of, short_name, venue_for
from dmlsync.model import Entry, Identifiers, Link, Record


def entry(venue: str = "", *urls: str) -> Entry:
    return Entry("papers", 1, 1, "A Title", venue=venue, links=tuple(Link("pdf", url) for url in urls))


def conference(title: str) -> Record:
    return Record("conferencePaper", {"title": "T", "proceedingsTitle": title, "date": "2020"})


@pytest.mark.parametrize(
    ("venue", "listed", "printed"),
    [
        ("2020 IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)", [], "CVPR"),
        ("Advances in Neural Information Processing Systems", ["NIPS", "NIPS", "NeurIPS"], "NIPS"),
        ("Advances in Neural Information Processing Systems", ["CVPR"], "NeurIPS"),
        ("Proceedings of the 37th International Conference on Machine Learning", ["ICCV"], "ICML"),
        ("IEEE Transactions on Pattern Analysis and Machine Intelligence", ["PAMI"], "PAMI"),
        ("2019 IEEE/CVF International Conference on Computer Vision Workshop (ICCVW)", [], "ICCVW"),
        ("Annals of Lakes", ["CVPR"], "Annals of Lakes"),
        (
            "2020 IEEE Conference on Computer Vision and Pattern Recognition",
            ["European Conference on Computer Vision"],
            "IEEE Conference on Computer Vision and Pattern Recognition",
        ),
        ("", ["CVPR"], ""),
    ],
)
def test_a_venue_by_the_lists_own_name(venue: str, listed: list[str], printed: str) -> None:
    assert venue_for(conference(venue), [entry(one) for one in listed]) == printed


def test_another_list_knows_a_name_that_this_one_does_not() -> None:
    record = conference("Similarity-Based Pattern Recognition")
    assert venue_for(record, [entry("CVPR")], own=[entry("SIMBAD")]) == "SIMBAD"
    assert venue_for(record, [entry("CVPR")], own=[entry("ICCV")]) == "Similarity-Based Pattern Recognition"
    assert venue_for(conference("International Conference on Machine Learning"), [], [entry("Icml")]) == "Icml"


def test_a_preprint_is_called_as_the_list_calls_preprints() -> None:
    preprint = Record("preprint", {"title": "T", "repository": "arXiv"})
    assert venue_for(preprint, []) == "arXiv"
    assert venue_for(preprint, [entry("Arxiv"), entry("CVPR")]) == "Arxiv"


def test_short_names_of_what_nobody_shortens_are_the_names() -> None:
    assert (short_name("Nature"), short_name("Pattern Recognition")) == ("Nature", "Pattern Recognition")


def paper(**more: str) -> Paper:
    ids = Identifiers(doi="10.1109/cvpr.1", arxiv="2003.13911", page="https://openaccess.thecvf.com/x.html")
    return Paper(conference("CVPR"), ids, **more)


def test_links_that_are_known_are_used_and_others_follow_from_the_identifiers() -> None:
    new = entry_of(paper(), [])
    assert (new.pdf, new.paper) == ("https://arxiv.org/pdf/2003.13911", "https://arxiv.org/abs/2003.13911")
    given = entry_of(paper(url="https://openreview.net/forum?id=abc", pdf="https://x.org/a.pdf"), [])
    assert (given.pdf, given.paper) == ("https://x.org/a.pdf", "https://openreview.net/forum?id=abc")
    assert entry_of(paper(url="https://arxiv.org/pdf/2003.13911v2"), []).paper == "https://arxiv.org/abs/2003.13911"


def test_an_arxiv_link_ends_as_the_others_do() -> None:
    listed = [entry("", "https://arxiv.org/pdf/1503.03832.pdf")]
    assert entry_of(paper(), listed).pdf == "https://arxiv.org/pdf/2003.13911.pdf"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("10.1109/CVPR.2015.7298682", "doi:10.1109/cvpr.2015.7298682"),
        ("doi: 10.1109/CVPR.2015.7298682", "doi:10.1109/cvpr.2015.7298682"),
        ("arXiv:1503.03832v2", "arxiv:1503.03832"),
        ("https://arxiv.org/pdf/1503.03832", "arxiv:1503.03832"),
        ("https://openreview.net/pdf?id=0VutU8ctsx", "page:https://openreview.net/forum?id=0VutU8ctsx"),
        ("https://example.org/my-paper", "page:https://example.org/my-paper"),
        ("A title about 10.1109/CVPR things", ""),
        ("https://github.com/a/b", ""),
    ],
)
def test_what_a_person_types(typed: str, name: str) -> None:
    assert named_in(typed) == name
