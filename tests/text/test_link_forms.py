"""The forms of links that reading lists of this field are full of: what each names, and where its PDF lies.

`data/links/forms.json` has one form a line; a name that is missing there is one that the link does not tell.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dmlsync.text.identifiers import arxiv_in, doi_in, landing_page
from dmlsync.text.links import pdf_url

FORMS: list[dict[str, str]] = json.loads(
    (Path(__file__).parents[1] / "data" / "links" / "forms.json").read_text("utf-8")
)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form["url"])
def test_a_link_names_what_it_spells_and_nothing_else(form: dict[str, str]) -> None:
    url = form["url"]
    found = {"doi": doi_in(url), "arxiv": arxiv_in(url), "page": landing_page(url), "pdf": pdf_url(url)}
    assert {"url": url, **{name: value for name, value in found.items() if value}} == form


@pytest.mark.parametrize("form", [form for form in FORMS if "pdf" in form], ids=lambda form: form["url"])
def test_a_pdf_belongs_to_the_same_work_as_the_link(form: dict[str, str]) -> None:
    pdf = form["pdf"]
    assert pdf_url(pdf) == pdf
    if page := landing_page(pdf):
        assert page == form["page"]


def test_the_table_is_one_of_many_forms() -> None:
    assert len({form["url"] for form in FORMS}) == len(FORMS) >= 80
