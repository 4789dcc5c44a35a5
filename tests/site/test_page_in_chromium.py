"""The page as readers meet it: in a real browser, with keyboard, clipboard and printer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dmlsync.site.works import PageLibrary, PageLink, PageWork, make_venue

Visit = Callable[..., Any]


def titles(page: Any) -> list[str]:
    return page.locator("#works > li h3").all_inner_texts()


def keys(page: Any) -> list[str]:
    return page.locator("#works > li .key").all_inner_texts()


def count(page: Any) -> str:
    return page.inner_text("#count")


def tick(page: Any, facet: str, label: str) -> None:
    page.locator(f"fieldset[data-facet={facet}] label", has_text=label).locator("input").click()


def numbers(page: Any, facet: str) -> dict[str, str]:
    rows = page.locator(f"fieldset[data-facet={facet}] li")
    return dict(zip(rows.locator("bdi").all_inner_texts(), rows.locator(".number").all_inner_texts(), strict=True))


def clipboard(page: Any) -> str:
    return page.evaluate("navigator.clipboard.readText()")


def marked(page: Any) -> list[str]:
    script = "[...CSS.highlights.get('match')].map(r => r.startContainer.data.slice(r.startOffset, r.endOffset))"
    return page.evaluate(script)


# Searching


def test_all_words_must_match_wherever_they_stand(visit: Visit) -> None:
    page = visit()
    assert count(page) == "5 works"
    page.fill("#query", "loss cvpr")
    assert (keys(page), count(page)) == (["deng2019arcface"], "1 of 5 works")
    page.fill("#query", "schroff2015 FACE")
    assert keys(page) == ["schroff2015facenet"]
    page.fill("#query", "geodesic")  # only the abstract says it
    assert keys(page) == ["deng2019arcface"]
    page.fill("#query", "1503.03832 nothing")
    assert (keys(page), page.is_visible("#nothing")) == ([], True)


def test_accents_capitals_and_hyphens_do_not_matter(visit: Visit) -> None:
    page = visit()
    for query in ("muller zoe", "MÜLLER", "smooth ap", "smooth-ap"):
        page.fill("#query", query)
        assert keys(page) == ["brown2020smooth"], query


def test_what_was_searched_for_is_marked_with_its_accents(visit: Visit) -> None:
    page = visit()
    page.fill("#query", "mull face")
    assert marked(page) == []
    page.fill("#query", "mull")
    assert marked(page) == ["Müll"]
    page.fill("#query", "arc loss")
    assert {"Arc", "arc", "Loss"} <= set(marked(page))
    page.fill("#query", "")
    assert marked(page) == []


def test_escape_clears_the_words_first_and_then_the_filters(visit: Visit) -> None:
    page = visit()
    tick(page, "venue", "CVPR")
    page.keyboard.press("/")
    page.keyboard.type("arc")
    assert count(page) == "1 of 5 works"
    page.keyboard.press("Escape")
    assert (page.input_value("#query"), count(page)) == ("", "2 of 5 works")
    page.keyboard.press("Escape")
    assert count(page) == "5 works"


# Filtering and sorting


def test_values_of_one_facet_add_up_and_facets_narrow_each_other(visit: Visit) -> None:
    page = visit()
    tick(page, "venue", "CVPR")
    assert count(page) == "2 of 5 works"
    tick(page, "venue", "ECCV")
    assert count(page) == "3 of 5 works"
    tick(page, "tag", "losses")
    assert keys(page) == ["brown2020smooth", "deng2019arcface"]
    page.get_by_role("button", name="Remove filter ECCV").click()
    assert keys(page) == ["deng2019arcface"]
    page.get_by_role("button", name="Clear all").click()
    assert count(page) == "5 works"


def test_numbers_say_what_each_value_would_leave(visit: Visit) -> None:
    page = visit()
    assert numbers(page, "venue") == {"CVPR": "2", "BMVC": "1", "ECCV": "1"}
    assert numbers(page, "year") == {"2020": "2", "2019": "1", "2015": "1", "no year": "1"}
    tick(page, "year", "2020")
    assert numbers(page, "venue") == {"CVPR": "0", "BMVC": "1", "ECCV": "1"}
    assert numbers(page, "year")["2019"] == "1"  # years add up, so they do not narrow each other


def test_a_list_means_all_of_its_sections(visit: Visit) -> None:
    page = visit()
    assert numbers(page, "place") == {"Papers we read": "4", "Faces": "2", "Ranking": "2", "Classics": "2"}
    tick(page, "place", "Papers we read")
    assert count(page) == "4 of 5 works"


def test_a_work_leads_to_its_section_tag_and_venue(visit: Visit) -> None:
    page = visit()
    page.click("#works >> text=Papers we read › Faces >> nth=0")
    assert count(page) == "2 of 5 works"
    page.click("#works .tag >> text=losses")
    assert keys(page) == ["brown2020smooth", "deng2019arcface"]
    page.click("#works .venue >> text=ECCV")
    assert keys(page) == ["brown2020smooth"]
    page.go_back()
    assert keys(page) == ["brown2020smooth", "deng2019arcface"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("newest", ["brown2020smooth", "", "deng2019arcface", "schroff2015facenet", "anonymous"]),
        ("oldest", ["schroff2015facenet", "deng2019arcface", "brown2020smooth", "", "anonymous"]),
        ("title", ["", "deng2019arcface", "schroff2015facenet", "brown2020smooth", "anonymous"]),
        ("author", ["brown2020smooth", "deng2019arcface", "", "schroff2015facenet", "anonymous"]),
        ("listed", ["schroff2015facenet", "deng2019arcface", "brown2020smooth", "", "anonymous"]),
        ("latest", ["anonymous", "", "brown2020smooth", "deng2019arcface", "schroff2015facenet"]),
    ],
)
def test_works_are_sorted(visit: Visit, order: str, expected: list[str]) -> None:
    page = visit()
    page.select_option("#sort", order)
    assert [row.removeprefix("work-") for row in page.eval_on_selector_all("#works > li", "s => s.map(e => e.id)")] == (
        expected
    )


def test_a_view_can_be_linked_and_left_with_the_back_button(visit: Visit) -> None:
    page = visit()
    tick(page, "venue", "CVPR")
    page.select_option("#sort", "title")
    page.fill("#query", "face")
    page.wait_for_url("**/#q=face&venue=cvpr&sort=title")
    again = visit(fragment="#q=face&venue=cvpr&sort=title&venue=unheard-of&year=%E2%82%AC")
    assert keys(again) == keys(page) == ["deng2019arcface", "schroff2015facenet"]
    assert (again.input_value("#query"), again.input_value("#sort")) == ("face", "title")
    page.go_back()
    assert (page.input_value("#sort"), page.input_value("#query")) == ("newest", "")
    page.go_back()
    assert count(page) == "5 works"


def test_a_work_can_be_linked(visit: Visit) -> None:
    page = visit(many(400), fragment="#work-key371")
    assert page.locator("#work-key371.named").is_visible()
    assert page.locator("#work-key371").evaluate("e => { const r = e.getBoundingClientRect(); return r.top > 0 }")
    assert visit(fragment="#%").locator("#works > li").count() == 5


# The chart


def test_a_year_in_the_chart_filters_and_shows_it(visit: Visit) -> None:
    page = visit()
    bar = page.locator("#chart a[data-year='2019']")
    bar.click()
    assert keys(page) == ["deng2019arcface"]
    assert bar.get_attribute("aria-current") == "true"
    bar.click()
    assert count(page) == "5 works"
    page.click("#chart .legend >> text=CVPR")
    assert count(page) == "2 of 5 works"
    assert page.locator("#chart a[data-year='2020']").get_attribute("aria-label") == "2020: 0 works"


def test_bars_follow_the_search(visit: Visit) -> None:
    page = visit()
    heights = "bars => bars.map(bar => Number(bar.getAttribute('height')) > 0)"
    assert page.eval_on_selector_all("#chart .bar", heights) == [True, True, True, True]
    page.fill("#query", "arcface")
    assert page.eval_on_selector_all("#chart .bar", heights) == [False, True, False, False]


def test_the_chart_is_one_stop_of_the_tab_key_and_arrows_walk_it(visit: Visit) -> None:
    page = visit()
    assert page.locator("#chart a[tabindex='0']").count() == 1
    page.focus("#chart a[tabindex='0']")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert keys(page) == ["deng2019arcface"]


# Copying


def test_copying_gives_the_entry_as_it_stands_in_library_bib(visit: Visit, library: PageLibrary) -> None:
    bibtex = "@inproceedings{odd,\r\n\ttitle = {{A} </script><!-- \u2028 “odd” \U0001f600 \\'{e}},\r\n}"
    page = visit(replace(library, works=(PageWork("Odd", "odd", bibtex=bibtex),)))
    button = page.get_by_role("button", name="Copy BibTeX of odd")
    button.click()
    page.get_by_text("BibTeX of odd copied").wait_for(state="attached")
    assert clipboard(page) == bibtex
    assert button.inner_text() == "Copied"


def test_copying_a_citation_and_all_that_is_shown(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="Copy \\cite{deng2019arcface}").click()
    page.get_by_text("\\cite{deng2019arcface} copied").wait_for(state="attached")
    assert clipboard(page) == "\\cite{deng2019arcface}"
    tick(page, "venue", "CVPR")
    page.click("#copy-all")
    page.get_by_text("2 entries copied").wait_for(state="attached")
    assert [line for line in clipboard(page).splitlines() if line.startswith("@")] == [
        "@inproceedings{deng2019arcface,",
        "@inproceedings{schroff2015facenet,",
    ]


def test_where_nothing_may_be_copied_the_text_is_shown(visit: Visit) -> None:
    page = visit()
    page.evaluate(
        "navigator.clipboard.writeText = () => Promise.reject(new Error()); document.execCommand = () => false"
    )
    page.get_by_role("button", name="Copy BibTeX of brown2020smooth").click()
    assert page.inner_text("pre.below").startswith("@inproceedings{brown2020smooth,")


def test_an_abstract_opens_and_closes(visit: Visit) -> None:
    page = visit()
    button = page.get_by_role("button", name="Abstract of deng2019arcface")
    button.click()
    assert page.inner_text(".below") == "We propose a margin that is measured on the geodesic."
    button.click()
    assert page.locator(".below").count() == 0


# Keyboard, colours, printer, and no scripts


def test_slash_goes_to_the_search_and_arrows_through_the_works(visit: Visit) -> None:
    page = visit()
    focused = "document.activeElement.closest('#works > li')?.id ?? document.activeElement.id"
    page.keyboard.press("/")
    assert page.evaluate(focused) == "query"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == "work-brown2020smooth"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(focused) == "work-deng2019arcface"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(focused) == "query"


def test_the_focus_is_never_lost(visit: Visit) -> None:
    page = visit()
    tick(page, "venue", "CVPR")
    page.get_by_role("button", name="Remove filter CVPR").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "count"


def test_every_control_has_a_name_and_the_page_its_landmarks(visit: Visit) -> None:
    page = visit()
    for role in ("banner", "main", "search", "complementary", "contentinfo"):
        assert page.get_by_role(role).count() == 1, role
    unnamed = (
        "[...document.querySelectorAll('button, a, input, select')].filter(e => !(e.ariaLabel || e.textContent.trim()"
        " || e.labels?.[0]?.textContent.trim()))"
    )
    assert page.evaluate(f"{unnamed}.length") == 0
    assert page.locator("#count[role=status][aria-live=polite]").count() == 1


def test_dark_follows_the_system_until_the_reader_chooses(visit: Visit) -> None:
    page = visit(color_scheme="dark")
    paper = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(paper)
    page.click("#theme")
    light = page.evaluate(paper)
    assert light != dark
    page.reload()
    assert page.evaluate(paper) == light
    page.emulate_media(color_scheme="light")
    page.click("#theme")
    assert page.evaluate(paper) == dark


def test_a_phone_needs_no_sideways_scrolling(visit: Visit) -> None:
    page = visit(viewport={"width": 390, "height": 844}, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not page.is_visible("fieldset")
    page.click("#filters > summary")
    tick(page, "venue", "ECCV")
    assert keys(page) == ["brown2020smooth"]


def test_words_without_end_do_not_widen_a_phone(visit: Visit) -> None:
    endless = "x" * 300
    works = (hostile_work(endless, 0), hostile_work(endless, 1))
    page = visit(PageLibrary(endless, works, {endless: endless, "b": "B"}, ()), viewport={"width": 390, "height": 844})
    page.click("#filters > summary")
    page.locator("fieldset input >> nth=0").click()
    page.get_by_role("button", name="Abstract of").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_paper_are_all_works_with_their_addresses(visit: Visit) -> None:
    page = visit(many(120))
    assert len(titles(page)) < 120
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert len(titles(page)) == 120
    shown = "getComputedStyle(document.querySelector('.meta a[data-is=PDF]'), '::after').content"
    assert "https://example.org/" in page.evaluate(shown)
    assert not page.is_visible("#query")


def test_a_file_on_a_disk_works_like_a_page_of_a_server(visit: Visit, tmp_path: Path) -> None:
    page = visit(path=tmp_path / "index.html", fragment="#venue=cvpr")
    assert count(page) == "2 of 5 works"
    page.select_option("#sort", "title")
    tick(page, "year", "2019")
    assert page.url.endswith("index.html#venue=cvpr&year=2019&sort=title")
    page.go_back()
    assert count(page) == "2 of 5 works"


def test_without_scripts_it_is_a_plain_list(visit: Visit) -> None:
    page = visit(java_script_enabled=False)
    assert page.locator("#works > li").count() == 5
    assert page.locator("button:visible, input:visible, select:visible").count() == 0
    assert page.locator("#works a[href='https://arxiv.org/pdf/1503.03832']").is_visible()
    assert page.locator("#chart svg").is_visible()
    page.click("#chart summary")
    assert page.locator("#chart table tbody tr").count() == 3


# Size


def many(number: int) -> PageLibrary:
    """Works with a PDF each, over thirty years and a dozen venues."""
    works = tuple(
        PageWork(
            f"On the {at}th Way to Learn a Metric",
            f"key{at}",
            authors=("Ada Example", f"Bo No{at}"),
            family=f"Example{at:05}",
            year=1995 + at % 30,
            venue=make_venue(f"Conference on Things ({'ABCDEFGHIJKL'[at % 12]}CONF)"),
            places=(("papers", str(at % 7)),),
            links=(PageLink("PDF", f"https://example.org/{at}.pdf"),),
            bibtex=f"@misc{{key{at},\n  title = {{On the {at}th Way}},\n}}",
        )
        for at in range(number)
    )
    return PageLibrary("Many", works, {"papers": "Papers"}, tuple(("papers", str(at)) for at in range(7)))


def test_a_long_list_comes_as_far_as_the_reader_scrolls(visit: Visit) -> None:
    page = visit(many(600))
    first = page.locator("#works > li").count()
    assert first < 200
    page.keyboard.press("End")
    page.locator(f"#works > li >> nth={first}").wait_for(state="attached")
    page.fill("#query", "way 599th")
    assert keys(page) == ["key599"]


def test_typing_stays_smooth_with_five_thousand_works(visit: Visit, tmp_path: Path) -> None:
    page = visit(many(5000), path=tmp_path / "index.html")
    page.evaluate(
        """() => { window.took = []; const query = document.getElementById('query');
        query.addEventListener('input', () => { const start = performance.now();
          requestAnimationFrame(() => setTimeout(() => window.took.push(performance.now() - start))); }, true); }"""
    )
    page.focus("#query")
    for letter in "metric 49":
        page.keyboard.type(letter)
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 1)))")
    took = sorted(page.evaluate("window.took"))
    assert len(took) == 9
    assert took[4] < 250  # the median, milliseconds from the key to the painted page; about 30 on an idle machine


# Hostile text

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script><!--",
    '"><img src=x onerror=alert(3)>',
    "<svg onload=alert(4)>",
    "<i>x<b>y</i>z</b><iframe src=https://evil.test>",
    "$title ${script} {{7*7}} %s",
    "\u202etfel ot thgir\u2066",
    "line\u2028and\u2029paragraph\x00\x1b[31m",
    "]]>--><style>*{display:none}</style>",
    "half a sign \udcff of bytes",
)


def hostile_work(text: str, at: int) -> PageWork:
    return PageWork(
        text,
        f"k{at}{text}",
        authors=(text, f"javascript:{text}"),
        family=text,
        year=2000 + at,
        venue=make_venue(text),
        places=((text, text),),
        tags=(text,),
        links=(
            PageLink("PDF", "javascript:alert(5)"),
            PageLink("Code", "data:text/html,<script>alert(6)</script>"),
            PageLink("Page", f"https://example.org/?{text}"),
            PageLink(text, 'https://example.org/"onmouseover="alert(7)'),
        ),
        bibtex=f"@misc{{k, title = {{{text}}}}}".encode("utf-8", "replace").decode(),
        abstract=text,
    )


def test_hostile_text_is_shown_and_does_nothing(visit: Visit) -> None:
    works = tuple(hostile_work(text, at) for at, text in enumerate(HOSTILE))
    page = visit(PageLibrary(HOSTILE[1], works, {text: text for text in HOSTILE}, tuple((x, x) for x in HOSTILE)))
    assert page.locator("#works > li").count() == len(HOSTILE)
    assert page.locator("script").count() == 3
    assert page.locator("img, iframe, style:not(head style), svg:not(#chart svg)").count() == 0
    schemes = "[...document.querySelectorAll('a')].map(a => a.getAttribute('href').split(/[:#]/)[0])"
    assert set(page.evaluate(schemes)) <= {"https", ""}
    assert (
        page.evaluate("[...document.querySelectorAll('*')].some(e => [...e.attributes].some(a => /^on/.test(a.name)))")
        is False
    )
    assert HOSTILE[0] in titles(page)
    assert page.locator("h1").inner_text() == HOSTILE[1]
    for button in page.get_by_role("button", name="Abstract of").all():
        button.click()
    for facet in ("venue", "place", "tag"):
        page.locator(f"fieldset[data-facet={facet}] input >> nth=0").click()
    page.fill("#query", "<script>alert")
    page.get_by_role("button", name="Clear all").click()
    assert page.locator("#works > li").count() == len(HOSTILE)


def test_text_that_turns_direction_stays_in_its_place(visit: Visit) -> None:
    page = visit(PageLibrary("x", (hostile_work("\u202etfel ot", 0),), {"a": "A"}, ()))
    parents = "[...document.querySelectorAll('h3, .by, .key, .venue')].every(e => e.querySelector('bdi'))"
    assert page.evaluate(parents)


def test_the_policy_refuses_what_is_not_the_pages_own(visit: Visit) -> None:
    page = visit(hush=True)
    blocked = page.evaluate(
        """() => new Promise(done => {
        document.addEventListener('securitypolicyviolation', event => done(event.violatedDirective));
        const script = document.createElement('script');
        script.textContent = 'window.ran = 1';
        document.body.append(script); })"""
    )
    assert blocked.startswith("script-src")
    assert page.evaluate("window.ran") is None
