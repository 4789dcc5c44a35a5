"""English titles as .bib files have them: raised to Title Case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.bib.title_case import in_title_case
from dmlsync.bib.titles import TitleStyle, marked_titles, title_text
from dmlsync.text.latex import clean, to_unicode

RAISED = TitleStyle(title_case=True)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("deep learning for imaging", "Deep Learning for Imaging"),
        ("walking in circles: a modelling approach", "Walking in Circles: A Modelling Approach"),
        ("what are they? the numbers", "What Are They? The Numbers"),
        ("how to go on", "How to Go On"),
        ("the case (in the press) of smith et al.", "The Case (in the Press) of Smith et al."),
        ("how to derive “ought” from 'is'", "How to Derive “Ought” from 'Is'"),
        ("attention Is All You Need", "Attention Is All You Need"),
        ("", ""),
    ],
)
def test_all_words_are_raised_but_the_small_ones(title: str, expected: str) -> None:
    assert in_title_case(title) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("High-speed digital-to-RF converters", "High-Speed Digital-to-RF Converters"),
        ("SPEG-deficient muscles under the X-ray", "SPEG-deficient Muscles under the X-ray"),
        ("bottom-up x-ray and n-type films", "Bottom-up X-Ray and n-Type Films"),
        ("signal–noise and/or input/output", "Signal–Noise and/or Input/Output"),
        ("don't stop d'un coup l'été", "Don't Stop d'un Coup l'été"),
        ("on 10-nm films of 5 nm", "On 10-nm Films of 5 nm"),
    ],
)
def test_compounds_are_raised_part_by_part_up_to_a_capital(title: str, expected: str) -> None:
    assert in_title_case(title) == expected


@pytest.mark.parametrize(
    "part", ["iPhone", "https://example.com/~user", "sort_names", "node.js", "k", "β-VAE", "привет", "{water+phenol}"]
)
def test_names_of_code_symbols_and_other_scripts_stay(part: str) -> None:
    assert in_title_case(f"the {part} test") == f"The {part} Test"


def test_fixed_stretches_are_neither_raised_nor_the_ends_of_a_title() -> None:
    assert in_title_case("abc of the iuds", [(0, 3), (11, 15)]) == "abc of the iuds"


@given(st.text(max_size=30) | st.text("ab-'’ :.ßǆİ\u0301", max_size=12))
def test_only_capitals_change(title: str) -> None:
    raised = in_title_case(title)
    assert len(raised) == len(title) and raised.casefold() == title.casefold()
    assert in_title_case(raised).casefold() == title.casefold()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Learning with the Euclidean metric", "Learning with the {Euclidean} Metric"),
        ("The <i>physical</i> world", "The \\mkbibemph{Physical} World"),
        ("On <i>Escherichia coli</i> growth", "On \\mkbibemph{{Escherichia} coli} Growth"),
        ("On O<sub>abc</sub> and <sc>bc</sc> dates", "On {O}\\textsubscript{abc} and \\textsc{bc} Dates"),
        ("the $k$-means of $x_i$ values", "The $k$-Means of $x_i$ Values"),
    ],
)
def test_what_is_protected_is_decided_by_the_case_of_the_source(title: str, expected: str) -> None:
    assert title_text(title, "biblatex", style=RAISED) == expected


def test_titles_in_other_languages_are_not_raised() -> None:
    assert title_text("le spectre nominal", "biblatex", english=False, style=RAISED) == "le spectre nominal"


def test_marks_of_a_title_are_found_by_its_plain_text() -> None:
    marked = marked_titles(['cores of <span class="nocase">nm</span> size', "of <pre>\\'E</pre>va", "plain"])
    assert set(marked) == {"cores of nm size", "of Éva"}
    style = TitleStyle(title_case=True, marked=marked)
    assert title_text("cores of nm size", "biblatex", style=style) == "Cores of {{nm}} Size"
    assert title_text("of Éva", "biblatex", style=style) == "Of \\'Eva"
    assert title_text("of <pre>x</pre>", "biblatex", style=style) == "Of {$<$}pre{$>$}x{$<$}/pre{$>$}"


@given(st.text(max_size=20) | st.text("ab <i>/$-:'", max_size=14))
def test_a_raised_title_reads_as_the_same_words(title: str) -> None:
    for dialect in ("biblatex", "bibtex"):
        plain = to_unicode(title_text(title, dialect))
        assert to_unicode(title_text(title, dialect, style=RAISED)).casefold() == plain.casefold()
    assert clean(plain) == plain
