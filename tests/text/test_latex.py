from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.text.latex import clean, escape, harmless, to_unicode
from dmlsync.text.latex_math import is_math

SPICE = st.sampled_from(
    [
        "\\",
        "{",
        "}",
        "$",
        "%",
        "&",
        "#",
        "_",
        "^",
        "~",
        "-",
        "'",
        "`",
        '"',
        "?`",
        "<",
        ">",
        "\\input{x}",
        "$\\ell_2$",
        "$k$",
        "é",
        "ễ",
        "Ł",
        "ß",
        "α",
        "–",
        "“",
        "漢",
        "\u00a0",
        " ",
        "e\u0301",
        "ı",
        "@",
        "\\'e",
        "{\\'e}",
        "--",
        "and",
        ",",
        "=",
    ]
)
TEXT = st.one_of(st.text(max_size=30), st.lists(st.one_of(SPICE, st.text(max_size=3)), max_size=12).map("".join))


@given(TEXT, st.booleans())
def test_escaped_text_reads_as_it_was(text: str, ascii_only: bool) -> None:
    assert to_unicode(escape(text, ascii_only)) == clean(text)


@given(TEXT, st.booleans())
def test_escaped_text_has_balanced_braces_and_no_live_signs(text: str, ascii_only: bool) -> None:
    written = escape(text, ascii_only)
    depth = 0
    for character in written:
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0
    bare = written.replace("\\%", "").replace("\\#", "").replace("\\&", "")
    assert not set("%#&") & set(bare)
    assert "\\input" not in written


@given(st.text(alphabet="\\{}$~-'`eé ic\"%", max_size=40))
def test_any_latex_can_be_read(text: str) -> None:
    to_unicode(text)


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("plain", "plain"),
        ('M{\\"u}ller', "Müller"),
        ('M\\"uller', "Müller"),
        ('M\\"{u}ller', "Müller"),
        ("{\\L}ukasz", "Łukasz"),
        ("\\L ukasz", "Łukasz"),
        ("{\\c{C}}", "Ç"),
        ("\\c c", "ç"),
        ("{\\ss}", "ß"),
        ("{\\~{\\^{e}}}", "ễ"),
        ("\\'{\\i}\\'\\i\\'i", "ííí"),
        ("{\\'E}cole", "École"),
        ("Bon{\\v c}a", "Bonča"),
        ("50\\% of A\\&B a\\_b \\#1 \\$5", "50% of A&B a_b #1 $5"),
        ("a % b & c_d", "a % b & c_d"),
        ("{BERT}: {{GAN}}s", "BERT: GANs"),
        ("a -- b --- c", "a – b — c"),
        ("``so''", "“so”"),
        ("a~b", "a\u00a0b"),
        ("\\emph{x} \\mkbibemph{y} {\\em z}", "<i>x</i> <i>y</i> <i>z</i>"),
        ("H\\textsubscript{2}O", "H<sub>2</sub>O"),
        ("\\textbf{b}\\textsuperscript{2}", "<b>b</b><sup>2</sup>"),
        ("{$<$}i{$>$} {$\\alpha$}", "<i> α"),
        ("$\\ell_2$ and $k$-means", "$\\ell_2$ and $k$-means"),
        ("\\unknown{kept} text", "kept text"),
        ("\\href{https://x.org}{text}", "text"),
        ("{\\relax Ph}ilippe", "Philippe"),
        ("\\textbackslash{}x \\textasciitilde", "\\x ~"),
        ("unclosed {brace", "unclosed brace"),
        ("too many}", "too many"),
        ("ends with \\", "ends with \\"),
    ],
)
def test_latex_reads_as_unicode(latex: str, text: str) -> None:
    assert to_unicode(latex) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Müller", 'M{\\"u}ller'),
        ("Łukasz", "{\\L}ukasz"),
        ("Çß", "{\\c{C}}{\\ss}"),
        ("ễ", "{\\~{\\^e}}"),
        ("α–β", "{$\\alpha$}--{$\\beta$}"),
        ("“so”", "``so''"),
        ("漢", "漢"),
        ("\u00a0", "~"),
    ],
)
def test_accents_and_symbols_are_braced_in_ascii(text: str, written: str) -> None:
    assert escape(text, ascii_only=True) == written


def test_accents_stay_in_utf8() -> None:
    assert escape("Müller – “Ελλάς”", ascii_only=False) == "Müller – “Ελλάς”"


@pytest.mark.parametrize(
    "text", ["\\input{/etc/passwd}", "$\\input{x}$", "$\\write18{x}$", "$x}^{\\csname y$", "$a^%$"]
)
def test_no_command_survives_escaping(text: str) -> None:
    written = escape(text, ascii_only=False)
    assert "\\input" not in written and "\\write" not in written and "\\csname" not in written
    assert to_unicode(written) == text


def test_money_is_not_math() -> None:
    assert escape("$5 and $6", ascii_only=False) == "\\$5 and \\$6"
    assert escape("$10 million in US$", ascii_only=False) == "\\$10 million in US\\$"
    assert escape("the $\\ell_2$ norm", ascii_only=False) == "the $\\ell_2$ norm"


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("k", True),
        ("\\ell_2", True),
        ("O(n^2)", True),
        ("5", False),
        ("\\input{x}", False),
        ("x_{", False),
        ("}^{", False),
        ("a%b^c", False),
        ("\\mathbb{R}^d", True),
        ("\\", False),
        ("{\\}^", False),
    ],
)
def test_only_harmless_math_is_math(inner: str, expected: bool) -> None:
    assert is_math(inner) is expected


@pytest.mark.parametrize(
    "part", ["{", "\\emph{", "$", "$$", "\\'", "$x", "{\\em ", "}", "\\c{", "-", "\\", "{$\\", "a{b"]
)
def test_reading_takes_linear_time(part: str) -> None:
    text = part * (200_000 // len(part))
    start = time.perf_counter()
    to_unicode(text)
    escape(text, ascii_only=True)
    assert time.perf_counter() - start < 4


@pytest.mark.parametrize(
    ("text", "ascii_latex", "unicode_latex"),
    [
        ("H₂O", "H{$_{2}$}O", "H{$_{2}$}O"),
        ("Cu$_{2-x}$O", "Cu{$_{2-x}$}O", "Cu{$_{2-x}$}O"),
        ("³¹P", "{$^{31}$}P", "³¹P"),
        ("β-cell", "{$\\beta$}-cell", "{$\\beta$}-cell"),
        ("$\\beta$-cell", "{$\\beta$}-cell", "{$\\beta$}-cell"),
        ("a ≤ b", "a {$\\leq$} b", "a {$\\leq$} b"),
        ("−1 √2 F♯", "{$-$}1 {$\\surd$}2 F{$\\sharp$}", "{$-$}1 {$\\surd$}2 F{$\\sharp$}"),
        ("ℝ² ≲", "{$\\mathbb{R}$}{$^{2}$} {$\\lesssim$}", "ℝ² ≲"),
        ("x′ ∅ ⇔", *["x{$^\\prime$} {$\\emptyset$} {$\\Leftrightarrow$}"] * 2),
        ("περὶ ψυχῆς", "περὶ ψυχῆς", "περὶ ψυχῆς"),
        ("J.\u2009K.\u202fL.", "J.{\\,}K.{\\,}L.", "J.{\\,}K.{\\,}L."),
        ("Roșia", "Ro{\\textcommabelow{s}}ia", "Roșia"),
        ("x\u0304", "{\\=x}", "x\u0304"),
        ("1\u0305", "{$\\overline{1}$}", "1\u0305"),
        ("Tret\u02b9i\ufe20a\ufe21kov", "Tret{$'$}{\\t{ia}}kov", "Tret\u02b9i\u0361akov"),
        ("Pa\u0131\u0308doussis", 'Pa{\\"i}doussis', "Païdoussis"),
    ],
)
def test_what_text_fonts_lack_is_set_by_math_or_accents(text: str, ascii_latex: str, unicode_latex: str) -> None:
    assert (escape(text, True), escape(text, False)) == (ascii_latex, unicode_latex)
    assert to_unicode(ascii_latex) == to_unicode(unicode_latex) == clean(text)


def test_ligatures_are_split_and_what_has_no_width_is_gone() -> None:
    assert clean("Veri\ufb01er\u200b \ufb03x\u2029y\ufeff") == "Verifier ffix y"


def test_signs_that_are_styled_or_drawn_as_one_are_plain() -> None:
    assert clean("𝑘-means, 𝐀 at 20\u2003℃, Part Ⅱ, A∗, 3∶1, ∆x") == "k-means, A at 20 °C, Part II, A*, 3:1, Δx"


@pytest.mark.parametrize("latex", ["\\emph{x} \\'e $\\ell_2$ {\\ss}", "A \\& B", "{\\em x}", "\\textsuperscript{2}"])
def test_latex_that_only_prints_is_harmless(latex: str) -> None:
    assert harmless(latex, False) == latex


@pytest.mark.parametrize(
    "latex",
    [
        "\\input{x}",
        "\\write18{x}",
        "a % b",
        "a } b",
        "{",
        "a & b",
        "\\url{x}",
        "$\\input{x}$",
        "\\csname x",
        "x_2",
        "\\",
    ],
)
def test_other_latex_is_its_text(latex: str) -> None:
    assert harmless(latex, False) == escape(to_unicode(latex), False)
    assert "\\input" not in harmless(latex, True)
