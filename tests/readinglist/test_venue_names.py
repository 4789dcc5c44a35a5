from __future__ import annotations

import pytest

from dmlsync.readinglist.venues import Venue, cut_trailing_venue, is_venue_label, read_venue


@pytest.mark.parametrize(
    ("text", "name", "year"),
    [
        ("CVPR", "CVPR", None),
        ("CVPR Oral", "CVPR", None),
        ("ECCV 2020", "ECCV", 2020),
        ("NeuRIPS", "NeuRIPS", None),
        ("ICLR'21", "ICLR", 2021),
        ("CVPR2021", "CVPR", 2021),
        ("CVPR-21", "CVPR", 2021),
        ("2022/03", "", 2022),
        ("03/2022", "", 2022),
        ("2022-03-01", "", 2022),
        ("Mar 2022", "", 2022),
        ("In CVPR, 2021.", "CVPR", 2021),
        ("Accepted to ICML 2021 (Spotlight)", "ICML", 2021),
        ("Best Paper Award, ICCV 2017", "ICCV", 2017),
        ("CVPR 2021 Workshop", "CVPR Workshop", 2021),
        ("IEEE TPAMI 2021", "IEEE TPAMI", 2021),
        ("ECML-PKDD", "ECML-PKDD", None),
        ("arXiv:2010.13636", "arXiv", None),
        ("arXiv preprint arXiv:2103.11781, 2021", "arXiv preprint", 2021),
        ("Pattern Recognition", "Pattern Recognition", None),
        ("J. Mach. Learn. Res.", "J. Mach. Learn. Res.", None),
        ("", "", None),
        ("-", "", None),
    ],
)
def test_a_venue_is_read_without_year_and_remarks(text: str, name: str, year: int | None) -> None:
    venue = read_venue(text)
    assert (venue.name, venue.year) == (name, year)


def test_known_venues_and_years_are_sure() -> None:
    assert all(read_venue(text).is_sure for text in ("CVPR", "cvprw", "2021", "Journal of Things", "Nature 2020"))
    assert not any(read_venue(text).is_sure for text in ("Nature", "SIMBAD2", "", "Deep Learning", "NCA"))


def test_a_journal_is_known_in_its_abbreviated_form_and_no_person_is() -> None:
    journals = ("J. Mach. Learn. Res.", "IEEE Trans. Image Process.", "Int. J. Comput. Vis.", "ACM Trans. Graph.")
    assert all(read_venue(text).is_sure for text in journals)
    people = ("J. Smith", "J. Smith Jr.", "J. Q. Public", "J. Mach", "Trans. Lost in", "J. Smith, J. Doe.")
    assert not any(read_venue(text).is_sure for text in people)


def test_an_unknown_acronym_is_a_venue_in_bold_or_with_a_year() -> None:
    assert is_venue_label("WXYZ", emphasised=True)
    assert is_venue_label("WXYZ 2020", emphasised=False)
    assert not is_venue_label("WXYZ", emphasised=False)
    assert not is_venue_label("And why", emphasised=True)


@pytest.mark.parametrize(
    ("text", "head", "venue"),
    [
        ("Minsu Cho CVPR 2021", "Minsu Cho", Venue("CVPR", 2021, is_sure=True)),
        ("A Title. In IEEE TPAMI, 2020 (oral)", "A Title", Venue("IEEE TPAMI", 2020, is_sure=True)),
        ("A Title ICML'20", "A Title", Venue("ICML", 2020, is_sure=True)),
        ("A Title 2012", "A Title 2012", Venue()),
        ("Learning in Nature", "Learning in Nature", Venue()),
        ("Learning with MM", "Learning with MM", Venue()),
    ],
)
def test_a_venue_at_the_end_is_cut_off(text: str, head: str, venue: Venue) -> None:
    assert cut_trailing_venue(text) == (head, venue)
