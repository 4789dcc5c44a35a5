"""Knowing a line again after a person edited it."""

from __future__ import annotations

from dmlsync.model import Entry, Link
from dmlsync.sync.known_lines import link_entries
from dmlsync.sync.lock import Printed, WorkState


def entry(
    title: str, link: str = "", list_name: str = "papers", venue: str = "CVPR", line: int = 3, authors: str = ""
) -> Entry:
    links = (Link("pdf", link),) if link else ()
    return Entry(list_name, line, line, title, authors=authors, venue=venue, links=links)


def works(**entries: Entry) -> dict[str, WorkState]:
    return {key: WorkState((Printed.of(one),)) for key, one in entries.items()}


GROUP_LOSS = entry("The Group Loss for Deep Metric Learning", "https://arxiv.org/pdf/1912.00385")


def test_an_unchanged_line_is_known_wherever_it_stands() -> None:
    moved = entry(GROUP_LOSS.title, GROUP_LOSS.links[0].url, line=99)
    (linked,) = link_entries([moved], works(elezi2020group=GROUP_LOSS))
    assert (linked.citation_key, linked.before) == ("elezi2020group", None)


def test_a_changed_venue_keeps_the_work_and_is_noticed() -> None:
    (linked,) = link_entries([entry(GROUP_LOSS.title, venue="ECCV")], works(elezi2020group=GROUP_LOSS))
    assert (linked.citation_key, linked.before) == ("elezi2020group", Printed.of(GROUP_LOSS))


def test_a_corrected_title_is_known_by_its_link() -> None:
    (linked,) = link_entries([entry("Group Loss", GROUP_LOSS.links[0].url)], works(elezi2020group=GROUP_LOSS))
    assert (linked.citation_key, linked.before) == ("elezi2020group", Printed.of(GROUP_LOSS))


def test_a_line_that_moved_to_another_list_is_the_same_line() -> None:
    moved = entry(GROUP_LOSS.title, GROUP_LOSS.links[0].url, list_name="archive")
    (linked,) = link_entries([moved], works(elezi2020group=GROUP_LOSS))
    assert (linked.citation_key, linked.before) == ("elezi2020group", None)


def test_a_new_line_with_a_copied_link_is_not_taken_for_the_line_it_was_copied_from() -> None:
    copied = entry("The Group Loss++", GROUP_LOSS.links[0].url)
    first, second = link_entries([GROUP_LOSS, copied], works(elezi2020group=GROUP_LOSS))
    assert first.citation_key == "elezi2020group"
    assert second.citation_key == ""


def test_a_title_alone_says_nothing_in_another_list() -> None:
    (linked,) = link_entries([entry("Deep Learning", list_name="other")], works(lecun2015deep=entry("Deep Learning")))
    assert linked.citation_key == ""


BY_TWO = entry("Deep Metric Lerning with Proxies", authors="Doe, J. and Roe, R.")


def test_a_corrected_title_without_a_link_is_known_by_the_people() -> None:
    mended = entry("Deep Metric Learning with Proxies", authors="Doe, J. and Roe, R.")
    (linked,) = link_entries([mended], works(doe2020deep=BY_TWO))
    assert (linked.citation_key, linked.before, linked.has_same_title) == ("doe2020deep", Printed.of(BY_TWO), True)


def test_another_paper_by_the_same_people_is_another_line() -> None:
    other = entry("Hashing for Retrieval", authors="Doe, J. and Roe, R.")
    (linked,) = link_entries([other], works(doe2020deep=BY_TWO))
    assert linked.citation_key == ""


def test_a_title_without_people_is_not_known_by_likeness() -> None:
    (linked,) = link_entries([entry("Deep Metric Learning")], works(doe2020deep=entry("Deep Metric Lerning")))
    assert linked.citation_key == ""


def test_of_two_lost_lines_that_a_title_may_correct_none_is_taken() -> None:
    twin = entry("Deep Metric Learnin with Proxies", authors="Doe, J. and Roe, R.")
    mended = entry("Deep Metric Learning with Proxies", authors="Doe, J. and Roe, R.")
    (linked,) = link_entries([mended], works(doe2020deep=BY_TWO, doe2020other=twin))
    assert linked.citation_key == ""


def test_a_line_that_still_stands_was_not_corrected_into_another() -> None:
    mended = entry("Deep Metric Learning with Proxies", authors="Doe, J. and Roe, R.")
    linked = link_entries([BY_TWO, mended], works(doe2020deep=BY_TWO))
    assert [line.citation_key for line in linked] == ["doe2020deep", ""]
