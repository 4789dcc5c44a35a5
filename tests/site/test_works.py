"""What the page shows of each work, from lists, library.bib and the catalog."""

from __future__ import annotations

import pytest
from lab import FACENET_RECORD, HEADER, Lab

from dmlsync.site.works import PageLibrary, PageLink, make_venue, page_library


def library_of(lab: Lab) -> PageLibrary:
    project = lab.project()
    on_disk = project.read()
    return page_library("Title", on_disk.lists, project.catalog(on_disk, ask=False), on_disk.document)


def test_a_work_has_what_its_record_and_its_lines_say(lab: Lab) -> None:
    lab.edit_bib(
        "  pages = {815--823},\n", "  keywords = {faces, {deep, learning}; loss},\n  abstract = {We \\emph{do}.},\n"
    )
    one, _ = library_of(lab).works
    assert one.title == "FaceNet: A Unified Embedding for Face Recognition and Clustering"
    assert one.key == "schroff2015facenet"
    assert one.authors == ("Florian Schroff", "Dmitry Kalenichenko", "James Philbin")
    assert (one.family, one.year, one.et_al) == ("Schroff", 2015, False)
    assert one.venue is not None
    assert (one.venue.key, one.venue.label) == ("cvpr", "CVPR")
    assert one.tags == ("deep, learning", "faces", "loss")
    assert one.abstract == "We do."
    assert one.links == (
        PageLink("PDF", "https://arxiv.org/pdf/1503.03832"),
        PageLink("Code", "https://github.com/davidsandberg/facenet"),
        PageLink("DOI", "https://doi.org/10.1109/CVPR.2015.7298682"),
        PageLink("arXiv", "https://arxiv.org/abs/1503.03832"),
    )


def test_the_entry_is_taken_from_library_bib_byte_for_byte(lab: Lab) -> None:
    odd = (
        "@InProceedings(schroff2015facenet,\r\n\tTITLE = {{FaceNet}: A Unified Embedding for Face Recognition and "
        "Clustering}, year=2015, author = {Schroff, F.} )"
    )
    lab.bib.write_bytes(b"% before\r\n" + odd.encode() + b" % behind\r\n")
    one = next(work for work in library_of(lab).works if work.key)
    assert one.bibtex == odd


def test_sections_of_all_lists_are_kept_with_the_list_they_are_in(lab: Lab) -> None:
    lab.configure("papers.md", "more.md")
    lab.write(
        "more.md",
        "# More papers\n\n## Faces\n\n### 2015\n\n"
        "* FaceNet: A unified embedding for face recognition and clustering, F. Schroff (**CVPR**)\n",
    )
    library = library_of(lab)
    assert library.works[0].places == (("papers",), ("more", "Faces", "2015"))
    assert library.places == (("papers",), ("more", "Faces", "2015"))
    assert library.lists == {"papers": "papers", "more": "More papers"}


def test_an_entry_without_a_record_is_shown_as_its_list_has_it(lab: Lab) -> None:
    row = "| A New Way to Learn a Metric | Doe, J. et al. | 2024 | ICLR | [PDF](https://example.org/new.pdf) | |\n"
    lab.write("papers.md", HEADER + row + row)
    (one,) = library_of(lab).works
    assert (one.key, one.bibtex, one.family, one.year) == ("", "", "Doe", 2024)
    assert (one.authors, one.et_al) == (("Doe, J.",), True)
    assert one.venue is not None
    assert one.venue.label == "ICLR"
    assert one.links == (PageLink("PDF", "https://example.org/new.pdf"),)


def test_a_record_that_no_list_names_is_not_on_the_page(lab: Lab) -> None:
    assert {work.key for work in library_of(lab).works} == {"schroff2015facenet", "wang2018cosface"}


def test_without_authors_editors_are_named(lab: Lab) -> None:
    lab.bib.write_text(FACENET_RECORD.replace("author =", "editor ="))
    assert library_of(lab).works[0].authors[0] == "Florian Schroff"


@pytest.mark.parametrize(
    ("name", "key", "label"),
    [
        ("2021 IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)", "cvpr", "CVPR"),
        ("Advances in Neural Information Processing Systems", "neurips", "NeurIPS"),
        ("NIPS", "neurips", "NeurIPS"),
        ("IEEE Transactions on Pattern Analysis and Machine Intelligence", "tpami", "TPAMI"),
        ("Symmetry", "symmetry", "Symmetry"),
        ("Similarity-Based Pattern Recognition", "similarity based pattern recognition",
         "Similarity-Based Pattern Recognition"),
        ("CVPR Workshops", "cvpr workshop", "CVPR workshop"),
        ("arXiv", "repository", "Preprint"),
        ("Conference on Robot Learning (CoRL)", "corl", "CoRL"),
        ("The Visigrapp Conference (VISIGRAPP)", "visigrapp", "VISIGRAPP"),
        ("会议", "会议", "会议"),
        ("!!!", "!!!", "!!!"),
    ],
)  # fmt: skip
def test_venues_have_short_names(name: str, key: str, label: str) -> None:
    venue = make_venue(name)
    assert (venue.key, venue.label, venue.name) == (key, label, name)
