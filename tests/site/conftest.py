"""A library for the page's tests, and a browser to look at it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dmlsync.site.page import render
from dmlsync.site.works import PageLibrary, PageLink, PageWork, make_venue

ADDRESS = "https://library.test/"


def work(title: str, key: str = "", **more: Any) -> PageWork:
    """A work; `venue` may be given by its name, the places default to the list's own."""
    venue = more.pop("venue", "")
    bibtex = f"@inproceedings{{{key},\n  title = {{{title}}},\n}}" if key else ""
    values = {"places": (("papers",),), "bibtex": bibtex, "venue": make_venue(venue) if venue else None, **more}
    return PageWork(title, key, **values)


def link(label: str, url: str) -> PageLink:
    return PageLink(label, url)


WORKS = (
    work(
        "FaceNet: A Unified Embedding for Face Recognition",
        "schroff2015facenet",
        authors=("Florian Schroff", "Dmitry Kalenichenko"),
        family="Schroff",
        year=2015,
        venue="2015 IEEE Conference on Computer Vision and Pattern Recognition (CVPR)",
        places=(("papers", "Faces"), ("classics",)),
        tags=("faces",),
        links=(link("PDF", "https://arxiv.org/pdf/1503.03832"), link("DOI", "https://doi.org/10.1109/x")),
    ),
    work(
        "ArcFace: Additive Angular Margin Loss",
        "deng2019arcface",
        authors=("Jiankang Deng", "Jia Guo"),
        family="Deng",
        year=2019,
        venue="2019 IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)",
        places=(("papers", "Faces"),),
        tags=("faces", "losses"),
        links=(link("Code", "https://github.com/lab/arcface"),),
        abstract="We propose a margin that is measured on the geodesic.",
    ),
    work(
        "Smooth-AP: Smoothing the Path Towards Retrieval",
        "brown2020smooth",
        authors=("Andrew Brown", "Zoë Müller"),
        family="Brown",
        year=2020,
        venue="Computer Vision – ECCV 2020",
        places=(("papers", "Ranking"),),
        tags=("losses",),
    ),
    work(
        "A Loss That Nobody Has Resolved Yet",
        authors=("J. Doe",),
        et_al=True,
        family="Doe",
        year=2020,
        venue="BMVC",
        places=(("papers", "Ranking"),),
    ),
    work("Undated Notes", "anonymous", family="", places=(("classics",),)),
)
LIBRARY = PageLibrary(
    "Metric Learning",
    WORKS,
    {"papers": "Papers we read", "classics": "Classics"},
    (("papers", "Faces"), ("papers", "Ranking"), ("classics",)),
)


@pytest.fixture
def library() -> PageLibrary:
    """Five works of two lists; one has no record, one no year."""
    return LIBRARY


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, one for all tests."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("chromium is not installed")
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def window(browser: Any) -> Iterator[Any]:
    """A desktop's window, in which most tests open their page: making one takes longer than a test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=ADDRESS)
    yield context
    context.close()


@pytest.fixture
def visit(browser: Any, window: Any) -> Iterator[Callable[..., Any]]:
    """Open the page of a library; any error, any message and any other request fails the test.

    `hush` lets messages pass; with options of Playwright the page gets a window of its own, with `path` it is a file.
    """
    opened: list[Any] = []
    complaints: list[str] = []

    def open_page(
        of: PageLibrary = LIBRARY, fragment: str = "", *, hush: bool = False, path: Path | None = None, **options: Any
    ) -> Any:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options}) if options else window
        page = context.new_page()
        opened.append(context if options else page)
        body = render(of)
        if path is not None:
            path.write_bytes(body)
        address = ADDRESS if path is None else path.as_uri()

        def serve(route: Any) -> None:
            if route.request.url.partition("#")[0] != address:
                complaints.append(f"request: {route.request.url}")
                route.abort()
            elif path is None:
                route.fulfill(body=body, content_type="text/html; charset=utf-8")
            else:
                route.continue_()

        page.route("**/*", serve)
        page.set_default_timeout(10_000)
        if not hush:
            page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
        page.goto(address + fragment)
        return page

    yield open_page
    for one in opened:
        one.close()
    assert complaints == []
