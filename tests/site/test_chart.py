"""Works per year by venue, as a picture and as a table."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from dmlsync.site.chart import SERIES, chart_html, chart_of
from dmlsync.site.facets import venues
from dmlsync.site.works import PageLibrary, PageWork, make_venue


def html_of(works: tuple[PageWork, ...]) -> str:
    return chart_html(chart_of(works, venues(works)))


def svg_of(html: str) -> ElementTree.Element:
    return ElementTree.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])


def test_years_without_works_have_their_place(library: PageLibrary) -> None:
    chart = chart_of(library.works, venues(library.works))
    assert chart.years == (2015, 2016, 2017, 2018, 2019, 2020)
    assert [value.label for value in chart.series] == ["CVPR", "BMVC", "ECCV"]
    assert chart.counts[0] == (1, 0, 0, 0)
    assert chart.counts[-1] == (0, 1, 1, 0)
    assert chart.names == ("CVPR", "BMVC", "ECCV")


def test_rare_venues_and_none_share_a_colour() -> None:
    works = tuple(
        PageWork(f"{at}", year=2000 + at % 2, venue=make_venue(f"{'ABCDEFGHI'[at]}CONF") if at < 9 else None)
        for at in range(10)
    )
    chart = chart_of(works, venues(works))
    assert len(chart.series) == SERIES
    assert sum(row[-1] for row in chart.counts) == 10 - SERIES
    assert chart.names[-1] == "Other"


def test_the_picture_has_a_title_a_description_and_a_name_for_every_year(library: PageLibrary) -> None:
    html = html_of(library.works)
    assert '<title id="chart-title">Works per year by venue</title>' in html
    assert "2015 to 2020, by venue: CVPR, BMVC, ECCV. Most works in 2020: 2." in html
    names = [link.get("aria-label") for link in svg_of(html).iter("a")]
    assert names == ["2015: 1 work: 1 CVPR", "2019: 1 work: 1 CVPR", "2020: 2 works: 1 BMVC, 1 ECCV"]


def test_bars_are_as_high_as_their_numbers_and_stand_on_each_other(library: PageLibrary) -> None:
    svg = svg_of(html_of(library.works))
    unit, floor = float(svg.get("data-unit", "")), float(svg.get("data-floor", ""))
    last = [bar for bar in list(svg.iter("a"))[-1] if bar.get("class", "").startswith("bar")]
    assert [float(bar.get("height", "")) for bar in last] == pytest.approx([unit, unit], abs=0.1)
    assert [float(bar.get("y", "")) for bar in last] == pytest.approx([floor - unit, floor - 2 * unit], abs=0.1)


def test_the_table_has_the_same_numbers(library: PageLibrary) -> None:
    rows = re.findall("<tr><th scope=row>(\\d+)</th>(.*?)</tr>", html_of(library.works))
    found = {year: re.findall("<td>(\\d*)</td>", cells) for year, cells in rows}
    assert found == {"2020": ["", "1", "1", "2"], "2019": ["1", "", "", "1"], "2015": ["1", "", "", "1"]}


@pytest.mark.parametrize("years", [(), (2020,), (None, None), (2020, 2020)])
def test_there_is_no_picture_of_a_single_year(years: tuple[int | None, ...]) -> None:
    assert html_of(tuple(PageWork(str(at), year=year) for at, year in enumerate(years))) == ""


@pytest.mark.parametrize("span", [2, 7, 12, 13, 40, 79])
def test_labels_of_years_never_crowd(library: PageLibrary, span: int) -> None:
    works = (library.works[0], replace(library.works[0], year=2015 + span))
    labels = re.findall('<text class="(year|year minor)"', html_of(works))
    assert 1 <= labels.count("year") <= 7
    assert len(labels) <= 13


def test_a_mistaken_year_does_not_stretch_the_picture(library: PageLibrary) -> None:
    works = (*library.works, PageWork("Old", year=15), PageWork("Far", year=20155))
    assert len(chart_of(works, venues(works)).years) == 5
