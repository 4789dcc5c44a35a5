"""The page: one HTML file with its style sheet, its scripts and its data, which asks for nothing else. Pure.

The list of works stands in the HTML itself, so that it can be read, searched by the browser and printed without
scripts. What the scripts need besides (facets, orders, BibTeX, abstracts) is JSON in a data block. The same library
gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from string import Template
from typing import Any
from urllib.parse import quote

from dmlsync.site.chart import chart_html, chart_of
from dmlsync.site.facets import Facet, facets_of, in_reading_order, orders, place_id, place_label
from dmlsync.site.markup import escaped, isolated, json_for_script, plain, policy, rich, web_address
from dmlsync.site.works import PageLibrary, PageLink, PageWork, Place, Venue

MADE_BY = '<meta name="generator" content="dmlsync">'
"""Stands near the start of every page: what tells one of ours from a foreign file."""

SCRIPTS = ("text", "state", "facets", "chart", "results", "copy", "keyboard", "theme", "main")
"""The scripts in `assets/`, in the order in which they make one."""

MOST_AUTHORS = 30
_TITLE_LINKS = ("DOI", "Page", "Paper", "arXiv", "PDF", "Link")
_FACETS = {"venue": "Venue", "year": "Year", "place": "List and section", "tag": "Tag"}


def render(library: PageLibrary) -> bytes:
    """The page of a library, in UTF-8."""
    works = in_reading_order(library.works)
    facets = {facet.name: facet for facet in facets_of(library, works)}
    labels = {value.id: value.label for value in facets["venue"].values}
    style, early, script = asset("page.css"), asset("early.js"), _script()
    page = Template(asset("page.html")).substitute(
        made_by=MADE_BY,
        policy=escaped(policy([style], [early, script])),
        style=style,
        early=early,
        title=escaped(library.title),
        summary=_summary(library),
        chart=chart_html(chart_of(works, facets["venue"])),
        works="\n".join(
            _work(work, library, labels, again=above is not None and above.year == work.year)
            for above, work in zip((None, *works), works, strict=False)
        ),
        data=json_for_script(_data(library, works, facets)),
        script=script,
    )
    return page.encode("utf-8")


@cache
def asset(name: str) -> str:
    """The text of a file in `assets/`."""
    from importlib.resources import files  # slow to import, and only this command asks

    return files("dmlsync.site").joinpath("assets", name).read_text(encoding="utf-8")


def _script() -> str:
    """All scripts as one, in a scope of its own."""
    return '"use strict";\n{\n' + "\n".join(asset(f"{name}.js") for name in SCRIPTS) + "}\n"


def _summary(library: PageLibrary) -> str:
    """One sentence on what the page holds."""
    years = sorted({work.year for work in library.works if work.year})
    number = f"{len(library.works):,} {'work' if len(library.works) == 1 else 'works'}"
    span = f", {years[0]}–{years[-1]}" if len(years) > 1 else f", {years[0]}" if years else ""
    lists = [isolated(title) for title in library.lists.values()]
    named = " and ".join(filter(None, [", ".join(lists[:-1]), *lists[-1:]]))
    return f"{number}{span}, from {named}" if named else f"{number}{span}"


def _work(work: PageWork, library: PageLibrary, venues: Mapping[str, str], *, again: bool) -> str:
    """One work as a list item. `again` tells that the work above has the same year."""
    links = [PageLink(link.label, web_address(link.url)) for link in work.links]
    by_label = {link.label: link.url for link in reversed(links) if link.url}
    target = next((by_label[label] for label in _TITLE_LINKS if label in by_label), "")
    title = rich(work.title)
    place = f' id="work-{escaped(work.key)}"' if work.key else ""
    return "".join(
        [
            f"<li{place}{' class=again' if again else ''}>",
            f"<span class=year>{work.year or 'n.d.'}</span>",
            f"<h3>{_anchor(target, title) if target else title}</h3>",
            f"<p class=by>{_authors(work)}</p>" if work.authors else "",
            f"<p class=meta>{_venue(work.venue, venues)}",
            *(_anchor(link.url, escaped(link.label), link.label) for link in links if link.url),
            _citing(work),
            "</p>",
            _filed(work, library),
            "</li>",
        ]
    )


def _anchor(url: str, content: str, label: str = "") -> str:
    mark = f' data-is="{escaped(label)}"' if label else ""
    return f'<a href="{escaped(url)}" rel="noopener noreferrer"{mark}>{content}</a>'


def _fragment(value: str, facet: str = "") -> str:
    """An address inside the page: a view that a facet's value narrows, or an element."""
    return f"#{facet}{'=' if facet else ''}{quote(plain(value), safe='')}"


def _authors(work: PageWork) -> str:
    shown = ", ".join(isolated(name) for name in work.authors[:MOST_AUTHORS])
    more = len(work.authors) - MOST_AUTHORS
    return f"{shown} and {more} more" if more > 0 else f"{shown} et al." if work.et_al else shown


def _venue(venue: Venue | None, labels: Mapping[str, str]) -> str:
    if venue is None:
        return ""
    name = f' title="{escaped(venue.name)}"' if venue.name != labels[venue.key] else ""
    return f'<a class=venue href="{_fragment(venue.key, "venue")}"{name}>{isolated(labels[venue.key])}</a>'


def _citing(work: PageWork) -> str:
    """The citation key, and the buttons that only scripts bring to life."""
    if not work.key:
        return "<span class=waits>no record yet</span>"
    key = escaped(work.key)
    made = [_button("cite", "\\cite", f"Copy \\cite{{{key}}}")]
    made += [_button("bib", "BibTeX", f"Copy BibTeX of {key}")] if work.bibtex else []
    made += [_button("abstract aria-expanded=false", "Abstract", f"Abstract of {key}")] if work.abstract else []
    inside = "".join([f'<a class=key href="{_fragment("work-" + work.key)}">{isolated(work.key)}</a>', *made])
    return f"<span class=citing>{inside}</span>"


def _button(does: str, text: str, said: str) -> str:
    return f'<button type=button data-do={does} aria-label="{said}">{text}</button>'


def _filed(work: PageWork, library: PageLibrary) -> str:
    """Where the lists have the work, and its tags; each leads to all that stands there."""
    named = {place_id(place): _place_name(place, library) for place in work.places if _is_telling(place, library)}
    parts = [f'<a href="{_fragment(place, "place")}">{name}</a>' for place, name in named.items()]
    parts += [f'<a class=tag href="{_fragment(tag, "tag")}">{isolated(tag)}</a>' for tag in work.tags]
    return f"<p class=filed>{''.join(parts)}</p>" if parts else ""


def _is_telling(place: Place, library: PageLibrary) -> bool:
    return len(place) > 1 or len(library.lists) > 1


def _place_name(place: Place, library: PageLibrary) -> str:
    shown = place if len(library.lists) > 1 else place[1:]
    names = [place_label(place[:1], library) if at == 0 and shown is place else part for at, part in enumerate(shown)]
    return " › ".join(map(isolated, names))


def _data(library: PageLibrary, works: Sequence[PageWork], facets: Mapping[str, Facet]) -> dict[str, Any]:
    """What the scripts need besides the list in the page."""
    return {
        "facets": [
            {
                "name": name,
                "label": label,
                "values": [
                    {"id": plain(one.id), "label": plain(one.label), "depth": one.depth} for one in facets[name].values
                ],
            }
            for name, label in _FACETS.items()
        ],
        "works": [
            {
                "key": plain(work.key),
                "bib": work.bibtex,
                "abstract": plain(work.abstract),
                "more": plain(_searchable(work)),
                **{name: facets[name].of_work[at] for name in _FACETS},
            }
            for at, work in enumerate(works)
        ],
        "orders": orders(library.works),
    }


def _searchable(work: PageWork) -> str:
    """What a search finds beyond title, authors and abstract."""
    venue = [work.venue.label, work.venue.name] if work.venue else []
    identifiers = [link.url for link in work.links if link.label in ("DOI", "arXiv")]
    hidden = work.authors[MOST_AUTHORS:]
    return "\n".join([work.key, str(work.year or ""), *venue, *work.tags, *identifiers, *hidden])
