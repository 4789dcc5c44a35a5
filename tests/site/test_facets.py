"""What readers filter and sort by."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dmlsync.site.facets import facets_of, in_reading_order, orders, place_id
from dmlsync.site.works import PageLibrary, PageWork, make_venue


def values(library: PageLibrary, name: str) -> list[tuple[str, int, int]]:
    facet = next(one for one in facets_of(library, library.works) if one.name == name)
    return [(value.label, value.count, value.depth) for value in facet.values]


def test_each_facet_counts_its_works(library: PageLibrary) -> None:
    assert values(library, "year") == [("2020", 2, 0), ("2019", 1, 0), ("2015", 1, 0), ("no year", 1, 0)]
    assert values(library, "venue") == [("CVPR", 2, 0), ("BMVC", 1, 0), ("ECCV", 1, 0)]
    assert values(library, "tag") == [("faces", 2, 0), ("losses", 2, 0)]


def test_sections_stand_below_their_list_in_the_order_of_the_file(library: PageLibrary) -> None:
    assert values(library, "place") == [
        ("Papers we read", 4, 0),
        ("Faces", 2, 1),
        ("Ranking", 2, 1),
        ("Classics", 2, 0),
    ]


def test_a_section_that_is_opened_again_stays_below_its_parent() -> None:
    places = (("a", "Papers"), ("a", "Survey"), ("a", "Papers", "2021"))
    works = tuple(PageWork(str(place), places=(place,)) for place in places)
    assert [label for label, _, _ in values(PageLibrary("", works, {"a": "A"}, places), "place")] == [
        "Papers",
        "2021",
        "Survey",
    ]


def test_a_single_list_is_no_choice() -> None:
    works = (PageWork("x", places=(("a",),)), PageWork("y", places=(("a", "S"),)))
    assert values(PageLibrary("", works, {"a": "A"}, ()), "place") == [("S", 1, 0)]


def test_a_work_in_several_sections_of_a_list_counts_once() -> None:
    works = (PageWork("x", places=(("a", "S"), ("a", "T"))),)
    assert values(PageLibrary("", works, {"a": "A", "b": "B"}, ()), "place")[0] == ("A", 1, 0)


@given(st.lists(st.lists(st.text(max_size=5), min_size=1, max_size=3).map(tuple), unique=True))
def test_no_two_sections_share_an_address(places: list[tuple[str, ...]]) -> None:
    assert len({place_id(place) for place in places}) == len(places)


def test_a_venue_is_called_what_most_of_its_works_call_it() -> None:
    works = tuple(PageWork(name, venue=make_venue(name)) for name in ("The Xyz Letters", "Xyz Letters", "Xyz Letters"))
    assert values(PageLibrary("", works), "venue") == [("Xyz Letters", 3, 0)]


def test_the_latest_year_comes_first_and_works_without_one_last(library: PageLibrary) -> None:
    assert [work.year for work in in_reading_order(library.works)] == [2020, 2020, 2019, 2015, None]


@given(
    st.lists(
        st.builds(PageWork, title=st.text(), key=st.text(), family=st.text(), year=st.none() | st.integers(1, 9999))
    )
)
def test_every_order_holds_every_work_once(works: list[PageWork]) -> None:
    for order in orders(works).values():
        assert sorted(order) == list(range(len(works)))
    reading = in_reading_order(works)
    assert [reading[at] for at in orders(works)["listed"]] == works
