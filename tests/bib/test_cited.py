from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.bib.cited import cited_by, cited_in_aux, cited_in_bcf
from dmlsync.bib.cited_tex import cited_in_tex
from dmlsync.errors import FileError

BCF = """<?xml version="1.0" encoding="UTF-8"?>
<bcf:controlfile version="3.10" xmlns:bcf="https://sourceforge.net/projects/biblatex">
  <bcf:bibdata section="0"><bcf:datasource type="file">library.bib</bcf:datasource></bcf:bibdata>
  <bcf:section number="0">{keys}</bcf:section>
</bcf:controlfile>"""


def keys(source: str) -> list[str]:
    return list(cited_in_tex(source).keys)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\cite{a}", "a"),
        (r"\cite{a,b , c}", "a b c"),
        (r"\cite[p.~5]{a} \cite[see][12]{b}", "a b"),
        (r"\citep*[see][]{a}\citet{b}\Citealt{c}\citeauthor{d}'s \citeyearpar{e}", "a b c d e"),
        (
            r"\parencite{a}\textcite[5]{b}\footcite{c}\autocite*{d}\Smartcite{e}\fullcite{f}\supercite{g}",
            "a b c d e f g",
        ),
        (r"\cites(see)(and)[1]{a}[2][3]{b}{c}", "a b c"),
        (r"\volcite[see]{2}[5]{a}", "a"),
        (r"\citefield{a}{title} \citeN{b} \shortcite{c} \citeANP{d} \citeA<e.g.>[5]{e} \onlinecite{f}", "a b c d e f"),
        (r"\nocite{a,b}\bibentry{c}", "a b c"),
        (r"\nocite{*}", "*"),
        ("\\cite\n  [see {[1]}, \\S 5]\n  {a,%why\n   b}", "a b"),
        (r"\cite {a} \cite % note" + "\n{b}", "a b"),
        (r"100\% \cite{a} % \cite{b}", "a"),
        (r"\\% \cite{b}", ""),
        (r"% !TeX root = main.tex" + "\n" + r"\cite{a}", "a"),
        (r"\verb|\cite{a}| \verb*+\cite{b}+ \lstinline!\cite{c}! \cite{d}", "d"),
        (
            r"\lstinline[style=x]|\cite{a}| \mintinline{c}{\cite{b}} \mintinline{c}!\cite{c}! \Verb+\cite{d}+"
            r"\cite{e}",
            "e",
        ),
        (r"\iffalse \cite{a} \ifx\b\c \cite{b} \fi \else \cite{c} \fi \cite{d} \iffalse \cite{e}", "c d e"),
        (r"\ifthenelse{x}{\cite{a}}{\cite{b}}", "a b"),
        (r"\volcites{1}{a}{2}[3]{b} \pvolcite[see]{3}[12]{c}", "a b c"),
        (r"\begin{alltt}\cite{a}\end{alltt}", "a"),
        (r"\begin{verbatim}\cite{a}\end{verbatim}\begin{lstlisting}[x]\cite{b}\end{lstlisting}\cite{c}", "c"),
        (r"\begin{comment}\cite{a}\end{comment} \begin{verbatim*} \cite{b}", "b"),
        (r"\cite{a}\end{document}\cite{b}", "a"),
        (r"\newcommand{\mycite}[1]{\cite{#1}} \mycite{a}", "a"),
        (
            r"\citestyle{plain} \bibcite{a}{1} \setcitestyle{x} \DeclareCiteCommand{\foo}{}{}{}{} \citetext{see}"
            r"\AtEveryCitekey{x}",
            "",
        ),
        (r"\cite{} \cite \cite{a", ""),
        (r"\cite{a}\cite{a}", "a"),
        (r"\cite{DBLP:conf/cvpr/X+20} \cite{müller2020}", "DBLP:conf/cvpr/X+20 müller2020"),
    ],
)
def test_latex_cites(source: str, expected: str) -> None:
    assert keys(source) == expected.split()


def test_latex_reads_in_other_files() -> None:
    source = r"\input{a}\include{ch/b} \input c.tex \subfile{d} \import{e/}{f} % \input{g}" + "\n" + r"\input{\jobname}"
    assert cited_in_tex(source).inputs == ("a", "ch/b", "c.tex", "d", "e/f")


def test_files_are_found_beside_the_file_that_reads_them_in(tmp_path: Path) -> None:
    (tmp_path / "sec").mkdir()
    (tmp_path / "main.tex").write_text(r"\subfile{sec/one}\import{sec/}{two}\includestandalone[mode=tex]{sec/figure}")
    (tmp_path / "sec" / "one.tex").write_text(r"\cite{a}\input{inner}")
    (tmp_path / "sec" / "inner.tex").write_text(r"\cite{b}")
    (tmp_path / "sec" / "two.tex").write_text(r"\input{more}")
    (tmp_path / "sec" / "more.tex").write_text(r"\cite{c}\input{../../elsewhere}")
    (tmp_path / "sec" / "figure.tex").write_text(r"\cite{d}")
    cited = cited_by([tmp_path / "main.tex"])
    assert cited.keys == ("a", "b", "c", "d")
    assert [note.partition(" ")[0] for note in cited.notes] == ["../../elsewhere"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (r"\citation{a,b}", "a b"),
        (r"\abx@aux@cite{0}{a}", "a"),
        (r"\abx@aux@cite{a}", "a"),
        (r"\bibcite{a}{{1}{2020}{{X}}{{}}}", ""),
        (r"\citation{*}", "*"),
        (r"\abx@aux@nociteall", "*"),
        (r"\abx@aux@segm{0}{0}{a}", ""),
        (r"\abx@aux@refcontext{nty/global//global/global}", ""),
    ],
)
def test_an_aux_file_says_what_latex_saw(line: str, expected: str) -> None:
    assert list(cited_in_aux(f"\\relax\n{line}\n").keys) == expected.split()


def test_keys_that_packages_cite_for_themselves_do_not_count(tmp_path: Path) -> None:
    aux = tmp_path / "p.aux"
    aux.write_text("\\citation{REVTEX42Control}\\citation{biblatex-control}\\citation{apsrev42Control}\\citation{a}")
    assert cited_by([aux]).keys == ("a",)


def test_chapters_are_followed_within_the_folder_once_and_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "doc" / "ch").mkdir(parents=True)
    (tmp_path / "outside.aux").write_text("\\citation{outside}")
    (tmp_path / "doc" / "main.aux").write_text(
        "\\citation{a}\\@input{ch/one.aux}\\@input{../outside.aux}\\@input{gone.aux}\\citation{b}\\@input{ch/one.aux}"
    )
    (tmp_path / "doc" / "ch" / "one.aux").write_text("\\citation{c}\\@input{main.aux}")
    cited = cited_by([tmp_path / "doc" / "main.aux"])
    assert cited.keys == ("a", "b", "c")
    assert [note.partition(" ")[0] for note in cited.notes] == ["../outside.aux", "gone.aux"]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "doc").mkdir()
    (tmp_path / "secret.tex").write_text(r"\cite{secret}")
    (tmp_path / "doc" / "in.tex").symlink_to(tmp_path / "secret.tex")
    (tmp_path / "doc" / "main.tex").write_text(r"\cite{a}\input{in}")
    cited = cited_by([tmp_path / "doc" / "main.tex"])
    assert cited.keys == ("a",)
    assert "outside" in cited.notes[0]


def test_source_files_are_found_with_and_without_their_ending(tmp_path: Path) -> None:
    (tmp_path / "main.tex").write_text("\\input{one}\\include{two.tex}\\input{figure.tikz}\\nocite{*}")
    (tmp_path / "one.tex").write_text(r"\cite{a}")
    (tmp_path / "two.tex").write_text(r"\cite{b}")
    (tmp_path / "figure.tikz").write_text(r"\cite{c}")
    cited = cited_by([tmp_path / "main.tex"])
    assert (cited.keys, cited.everything, cited.notes) == (("a", "b"), True, ())


def test_a_bcf_file_names_keys_sets_and_everything(tmp_path: Path) -> None:
    path = tmp_path / "p.bcf"
    path.write_text(
        BCF.format(
            keys='<bcf:citekey order="1">a</bcf:citekey><bcf:citekey order="2" nocite="1">b&amp;c</bcf:citekey>'
            '<bcf:citekey order="3" type="set" members="d,e">s</bcf:citekey>'
        )
    )
    assert cited_by([path]).keys == ("a", "b&c", "d", "e")
    path.write_text(BCF.format(keys='<bcf:citekey nocite="1">*</bcf:citekey>'))
    assert cited_by([path]).everything


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><x/>',
        b"<x>",
        b"no xml",
        b"",
        b"<x>&unknown;</x>",
    ],
)
def test_a_bcf_file_with_a_document_type_or_no_xml_is_refused(data: bytes) -> None:
    with pytest.raises(FileError, match=r"cannot be read as a \.bcf file"):
        cited_in_bcf(Path("p.bcf"), data)


def test_other_files_are_refused_with_what_would_do(tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(b"%PDF")
    with pytest.raises(FileError, match=r"no \.aux, \.bcf or \.tex"):
        cited_by([tmp_path / "paper.pdf"])


@given(st.text(alphabet="\\cite{}[]()<>,ab%\n #*verb|", max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    for key in (*cited_in_tex(text).keys, *cited_in_aux(text).keys):
        assert key and not set(key) & set("{},\\#\n")


@pytest.mark.parametrize(
    "piece",
    [
        "\\cite{",
        "\\cite[",
        "{",
        "\\begin{verbatim}",
        "\\verb|",
        "\\verb{",
        "\\mintinline{a}[",
        "\\lstinline[",
        "\\iffalse ",
        "\\iffalse\\fi",
        "%",
        "\\input ",
        "\\@input{",
    ],
)
def test_hostile_text_is_read_in_linear_time(piece: str) -> None:
    cited_in_tex(piece * 20_000)
    cited_in_aux(piece * 20_000)
