from __future__ import annotations

import pytest

from dmlsync.bib.titles import TitleStyle, braced_words, plain_title, protected, title_text


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (
            "BERT: Pre-training of Deep Bidirectional Transformers",
            "{BERT}: Pre-training of Deep Bidirectional Transformers",
        ),
        ("Learning to rank with the Euclidean metric", "Learning to rank with the {Euclidean} metric"),
        ("A survey of U.S. data", "A survey of {U}.{S}. data"),
        ("What's in a Name? S2SD and GAN-Based Losses", "What's in a Name? {S2SD} and {GAN}-Based Losses"),
        ("Attention Is All You Need", "Attention Is All You Need"),
        ("No Fuss Distance Metric Learning Using Proxies", "No Fuss Distance Metric Learning Using Proxies"),
        ("3D objects on an iPhone", "{3D} objects on an {iPhone}"),
        ("GANs for imaging with the X-ray", "{GANs} for imaging with the {X}-ray"),
        ("A model: The second part", "A model: The second part"),
        ("Influences of L1 on F0 Range in Speech", "Influences of {L1} on {F0} Range in Speech"),
    ],
)
def test_capitals_with_a_meaning_are_protected(title: str, expected: str) -> None:
    assert protected(title) == expected
    assert title_text(title, "biblatex") == expected


@pytest.mark.parametrize(
    ("title", "biblatex", "bibtex"),
    [
        ("Q&A at AT&T", "{Q\\&A} at {AT\\&T}", "{Q\\&A} at {AT\\&T}"),
        ("The École in context", "The {École} in context", "The {{\\'E}cole} in context"),
        ("On <i>E. coli</i> growth", "On \\mkbibemph{{E}. coli} growth", "On \\emph{{E}. coli} growth"),
        ("CO<sub>2</sub> uptake", "{CO}\\textsubscript{2} uptake", "{CO}\\textsubscript{2} uptake"),
        ('of <span class="nocase">lower Case</span> words', "of {{lower Case}} words", "of {{lower Case}} words"),
        ("the $L_2$ and $\\ell_2$ norms", "the {$L_2$} and $\\ell_2$ norms", "the {$L_2$} and $\\ell_2$ norms"),
        ("an <i>open tag", "an {$<$}i{$>$}open tag", "an {$<$}i{$>$}open tag"),
        ("100% of $5", "100\\% of \\$5", "100\\% of \\$5"),
    ],
)
def test_titles_are_escaped_around_their_protection(title: str, biblatex: str, bibtex: str) -> None:
    assert title_text(title, "biblatex") == biblatex
    assert title_text(title, "bibtex") == bibtex


def test_a_title_in_another_language_keeps_its_capitals() -> None:
    assert title_text("Über die Ehe", "biblatex", english=False) == "Über die Ehe"
    assert title_text("Le spectre nominal", "bibtex", english=False) == "{Le spectre nominal}"


def test_a_persons_braces_are_honoured() -> None:
    keep = braced_words("{On {Gray} codes and {{Page} rank}}")
    assert keep >= {"Gray", "Page"}
    title = title_text("New words on Gray Codes Because Nothing Else Matters", "biblatex", style=TitleStyle(keep))
    assert title.count("{Gray}") == 1


def test_marks_that_only_protect_are_no_text() -> None:
    assert plain_title('of <span class="nocase">eBay</span> <i></i>and') == "of eBay and"
