"""Works per year by venue: an inline SVG that stretches with the page, and the same numbers as a table. Pure.

Widths are percentages and heights pixels, so that bars get narrower on a phone and words do not. The script redraws
the bars when readers filter; it takes the scale from the `data-` attributes written here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from dmlsync.site.facets import Facet, Value
from dmlsync.site.markup import escaped, isolated
from dmlsync.site.works import PageWork

SERIES = 6
"""How many venues have a colour of their own; the others share one."""

_HEIGHT, _TOP, _FOOT = 132, 14, 20
_WIDEST_SPAN = 80
_LABELS = 12


@dataclass(frozen=True, slots=True)
class Chart:
    """The numbers of the chart: a row of counts for each year, one count for each series.

    `series` names the venues with a colour; the last count of a row is that of all others.
    """

    years: tuple[int, ...]
    series: tuple[Value, ...]
    counts: tuple[tuple[int, ...], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What the series are called, "other" among them where there is any."""
        others = any(row[-1] for row in self.counts)
        return (*(value.label for value in self.series), *(("Other",) if others else ()))


def chart_of(works: Sequence[PageWork], venues: Facet) -> Chart:
    """Count the works that have a year. Years without works stand between, unless they would be far too many."""
    series = venues.values[:SERIES]
    rank = {value.id: at for at, value in enumerate(series)}
    counts = Counter(
        (work.year, rank.get(work.venue.key if work.venue else "", len(series))) for work in works if work.year
    )
    present = sorted({year for year, _ in counts})
    spans = present and present[-1] - present[0] < _WIDEST_SPAN
    years = tuple(range(present[0], present[-1] + 1)) if spans else tuple(present)
    return Chart(years, series, tuple(tuple(counts[year, at] for at in range(len(series) + 1)) for year in years))


def chart_html(chart: Chart) -> str:
    """The figure: picture, legend and table; nothing where there are fewer than two years to compare."""
    if len(chart.years) < 2:
        return ""
    return f"<figure id=chart>\n{_svg(chart)}\n{_legend(chart)}\n{_table(chart)}\n</figure>\n"


def _svg(chart: Chart) -> str:
    most = max(map(sum, chart.counts))
    step = _nice_step(most, 3)
    unit = (_HEIGHT - _TOP - _FOOT) / most
    floor = _HEIGHT - _FOOT
    lines = [
        f'<line x1="0" x2="100%" y1="{floor - at * unit:.1f}" y2="{floor - at * unit:.1f}"/>'
        f'<text class="tick" x="0" y="{floor - at * unit - 3:.1f}">{at}</text>'
        for at in range(step, most + 1, step)
    ]
    width = 100 / len(chart.years)
    columns = [_column(chart, at, width, unit, floor) for at in range(len(chart.years))]
    busiest = max(range(len(chart.years)), key=lambda at: sum(chart.counts[at]))
    description = (
        f"Stacked bars, {chart.years[0]} to {chart.years[-1]}, by venue: {', '.join(chart.names)}. "
        f"Most works in {chart.years[busiest]}: {most}. The table below has all numbers."
    )
    return (
        f'<svg role="group" aria-labelledby="chart-title chart-desc" width="100%" height="{_HEIGHT}"'
        f' data-floor="{floor}" data-unit="{unit:.4f}">'
        f'<title id="chart-title">Works per year by venue</title><desc id="chart-desc">{escaped(description)}</desc>'
        f'<g class="grid" aria-hidden="true">{"".join(lines)}</g>{"".join(columns)}'
        f'<line class="floor" x1="0" x2="100%" y1="{floor}" y2="{floor}"/></svg>'
    )


def _column(chart: Chart, at: int, width: float, unit: float, floor: float) -> str:
    """One year: its bars, its label, and a link over its full height that filters by it."""
    year, counts, left = chart.years[at], chart.counts[at], at * width
    bars, top = [], floor
    for series, count in enumerate(counts):
        if count:
            top -= count * unit
            bars.append(
                f'<rect class="bar s{series if series < len(chart.series) else "x"}" data-series="{series}"'
                f' x="{left + width * 0.14:.3f}%" width="{width * 0.72:.3f}%"'
                f' y="{top:.1f}" height="{count * unit:.1f}"/>'
            )
    label = _label(chart, at)
    text = f'<text class="{label}" x="{left + width / 2:.3f}%" y="{floor + 15}">{year}</text>' if label else ""
    parts = [f"{count} {name}" for count, name in zip(counts, chart.names, strict=False) if count]
    said = escaped(f"{year}: {sum(counts)} {'work' if sum(counts) == 1 else 'works'}: {', '.join(parts)}")
    bars.insert(
        0,
        f'<rect class="all" x="{left + width * 0.14:.3f}%" width="{width * 0.72:.3f}%"'
        f' y="{top:.1f}" height="{floor - top:.1f}"/>',
    )
    hit = f'<rect class="hit" x="{left:.3f}%" width="{width:.3f}%" y="0" height="{_HEIGHT}"/>'
    if not sum(counts):
        return text
    inside = "".join([f"<title>{said}</title>", hit, *bars, text])
    return f'<a href="#year={year}" data-year="{year}" aria-label="{said}">{inside}</a>'


def _label(chart: Chart, at: int) -> str:
    """How a year is labelled: on every screen, on wide ones only, or not at all (`""`). The last year always is."""
    from_end = len(chart.years) - 1 - at
    step = _nice_step(len(chart.years), _LABELS)
    if from_end % step:
        return ""
    return "year" if from_end % (2 * step) == 0 or len(chart.years) <= _LABELS // 2 else "year minor"


def _nice_step(most: int, lines: int) -> int:
    """A step of 1, 2 or 5 times a power of ten that makes at most that many steps."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if most // step <= lines:
                return step
        power *= 10


def _legend(chart: Chart) -> str:
    parts = [
        f'<li><a href="#venue={quote(value.id, safe="")}" data-venue="{escaped(value.id)}">'
        f'<span class="swatch s{at}"></span>{isolated(value.label)}</a></li>'
        for at, value in enumerate(chart.series)
    ]
    if len(chart.names) > len(chart.series):
        parts.append('<li><span class="swatch sx"></span>Other</li>')
    return f'<ul class="legend" aria-label="Venues in the chart">{"".join(parts)}</ul>'


def _table(chart: Chart) -> str:
    head = "".join(f"<th scope=col>{isolated(name)}</th>" for name in ("Year", *chart.names, "All"))
    rows = [
        "".join([f"<tr><th scope=row>{year}</th>", *map(_cell, row[: len(chart.names)]), _cell(sum(row)), "</tr>"])
        for year, row in zip(chart.years, chart.counts, strict=True)
        if sum(row)
    ]
    return (
        "<details><summary>Numbers as a table</summary><div class=scroll tabindex=0 role=region "
        'aria-label="Works per year by venue"><table><caption>Works per year by venue</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(reversed(rows))}</tbody></table></div></details>"
    )


def _cell(count: int) -> str:
    return f"<td>{count or ''}</td>"
