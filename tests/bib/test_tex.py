"""Our .bib files as LaTeX sees them: real TeX prints every record without an error or a warning about an entry."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from dmlsync.bib.document import Document
from dmlsync.bib.entry_types import Dialect
from dmlsync.bib.mapping import field_rules
from dmlsync.bib.read import records
from dmlsync.bib.write import entry_text
from dmlsync.model import Creator, Record
from dmlsync.text.latex_symbols import words

LIBRARY = Path(__file__).parents[2] / "library.bib"
PACKAGES = (
    "texlive-latex-recommended, texlive-luatex, texlive-bibtex-extra, texlive-publishers, lmodern, biber, "
    "poppler-utils, for other scripts texlive-lang-cyrillic, texlive-lang-greek, texlive-lang-other"
)
CLASSIC_STYLES = ("plain", "abbrv", "alpha", "IEEEtran", "plainnat")
ENGINES = ("pdflatex", "lualatex")


@cache
def has(name: str) -> bool:
    """Whether this machine has a program, or a file of TeX."""
    if "." not in name:
        return shutil.which(name) is not None
    return has("kpsewhich") and bool(subprocess.run(["kpsewhich", name], capture_output=True, check=False).stdout)


def need(*names: str) -> None:
    """Skip a test where a program or a file of TeX is not there."""
    missing = [name for name in ("pdftotext", "lmodern.sty", *names) if not has(name)]
    if missing:
        pytest.skip(
            f"{', '.join(missing)} missing: install {PACKAGES}; for other scripts texlive-lang-cyrillic, -greek, -other"
        )


BIBLATEX = r"""\documentclass{article}
FONTS
\usepackage[backend=biber,maxbibnames=999]{biblatex}\addbibresource{library.bib}
\pagestyle{empty}\begin{document}BEGIN\nocite{*}\printbibliography END\end{document}
"""
FONTS = {
    "pdflatex": r"\usepackage[T1]{fontenc}\usepackage{lmodern}",
    "lualatex": r"\usepackage{fontspec}",
}
CLASSIC = r"""\documentclass{article}
\usepackage[T1]{fontenc}\usepackage{lmodern}\usepackage{url}PACKAGES
\pagestyle{empty}\begin{document}BEGIN\nocite{*}\bibliographystyle{STYLE}\bibliography{library}END\end{document}
"""


def name(last: str, first: str, kind: str = "author") -> Creator:
    return Creator(last, first, creator_type=kind)


def group(whole: str) -> Creator:
    return Creator(name=whole)


def torture(vietnamese: bool = True) -> Mapping[str, Record]:
    """Records of names, scripts, math and specials, each complete enough for every style.

    biber turns the commands of Vietnamese letters into letters again, for which pdfTeX has no font in this encoding.
    """
    authors = [
        (name("van der Maaten", "Laurens"), name("King", "Martin Luther, Jr."), name("de La Fontaine", "Jean")),
        (name("O’Brien-Smith", "Seán"), name("Ortega y Gasset", "José"), name("d'Alembert", "Jean le Rond")),
        (group("Barnes and Noble, Inc."), group("Ångström & Co. {x}"), name("Škvorecký", "Ľudovít")),
        (name("Þórðarson", "Æsa"), name("Łukasiewicz", "Śćżą"), name("Győrő", "Ödön Űr"), name("Çelik", "Işıl Ğ.")),
        (
            name(*(("Nguyễn", "Thị Hằng") if vietnamese else ("Nguyen", "Thi"))),
            name("Roșca", "Ștefan"),
            name("Païdoussis", "Michæl"),
            name("and", "Or And"),
        ),
        (name("Čech", "Žofie"), name("Ĳsbrand", "Wœstijne"), name("Brøns", "Søren Ø."), name("Mu\xf1oz", "I\xf1aki")),
    ]
    titles = [
        '50 % of $5 & #1: {braces}, back\\slash, ~tilde^caret_under <less> "quoted" --- dashes',
        "The $\\ell_2$ norm of H₂O, ¹³C, β-carotene and Cu$_{2-x}$O: α → β, x ≤ y ∞",
        '<i>Drosophila</i> and <b>bold</b> H<sub>2</sub>O x<sup>2</sup> <span class="nocase">keep Me</span>',
        "\\input{/etc/passwd} \\write18{ls} %comment $\\end{document}$ ^^5c",
        "École normale: “quotes”, ‘single’, ¿qué?, ¡no!, … – — § © ® ™ ° ± × ÷ ½ € £ ¥",
        "Q&A about AT&T, C++ and C#: iPhone, GAN-based BERT; Poincaré's Bayesian x-ray in 3D",
    ]
    found = dict[str, Record]()
    for number, (people, title) in enumerate(zip(authors, titles, strict=True), 1):
        fields = {"title": title, "date": f"200{number}", "pages": "1-9", "volume": "3"}
        fields |= {"url": "https://x.org/a_b?c=d%20e&f#g~h", "DOI": "10.1000/a_b<c>(d)#e%f", "language": "en"}
        paper = fields | {"publicationTitle": "Journal of A & B", "issue": "4"}
        found[f"article{number}"] = Record("journalArticle", paper, people)
        talk = fields | {
            "proceedingsTitle": "Proc. of the 5 % Conference",
            "publisher": "Miller and Sons",
            "place": "Köln",
        }
        found[f"talk{number}"] = Record("conferencePaper", talk, (*people, name("Editor", "Ed", "editor")))
    found["crowd"] = Record("journalArticle", CROWDED, tuple(name(f"Nr{number}th", "Ed") for number in range(300)))
    found["single"] = Record("book", ALONE, (name("Aristotle", ""), group("{{Braced Twice}} and others")))
    return found | every_field()


CROWDED = {"title": "Of Many People", "publicationTitle": "Nature", "date": "2001", "volume": "1", "pages": "1-2"}
ALONE = {
    "title": "𝑘-Means at −1 °C: √2, F♯, a\u2009thin\u202fblank, ∅, A∗ and Part Ⅱ",
    "publisher": "X",
    "date": "2001",
}
SPECIALS = "50 % & #1_{x}^~\\y $ “q” <é>"
SAFE = {"date": "2001-02-03", "volume": "3", "issue": "4", "pages": "1-9", "language": "en", "edition": "2"}
SAFE |= {"ISBN": "978-3-16-148410-0", "ISSN": "2049-3630", "PMID": "123", "arXiv": "2001.01234"}
SAFE |= {"url": "https://x.org/a_b?c=d%20e&f#g~h^i", "DOI": "10.1000/a_b<c>(d)#e%f&g", "originalDate": "1999"}
TYPES = words(
    """
    journalArticle magazineArticle conferencePaper book bookSection encyclopediaArticle thesis report preprint webpage
    dataset computerProgram
    """
)


def every_field() -> Mapping[str, Record]:
    """A record of each common type in which every field that an entry carries is full of special characters."""
    found = dict[str, Record]()
    for item_type in TYPES:
        fields = {field: SAFE.get(field) or f"{field} {SPECIALS}" for field in field_rules(item_type)}
        kinds = {"bookSection": ("author", "editor"), "computerProgram": ("programmer",)}.get(item_type, ("author",))
        found[f"all{item_type}"] = Record(item_type, fields, tuple(name("O'Neil", "Ann", kind) for kind in kinds))
    return found


def run(folder: Path, *command: str) -> str:
    """Run a program of TeX in a folder; it has to succeed."""
    answer = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
    output = answer.stdout.decode("utf-8", "replace")
    assert answer.returncode == 0, output[-3000:]
    return output


def printed(folder: Path, document: str, processor: str, engine: str = "pdflatex") -> tuple[str, str]:
    """The text of the printed bibliography, and what the bibliography's processor said."""
    (folder / "paper.tex").write_text(document, encoding="utf-8")
    latex = (engine, "-interaction=nonstopmode", "-halt-on-error", "paper.tex")
    run(folder, *latex)
    said = run(folder, processor, "paper")
    run(folder, *latex)
    run(folder, *latex)
    text = run(folder, "pdftotext", "-layout", "-enc", "UTF-8", "paper.pdf", "-")
    return text, said


def squeezed(text: str) -> str:
    """Letters and digits alone, without accents, case and ligatures: fonts set those in many ways."""
    folded = unicodedata.normalize("NFKD", text.translate(str.maketrans("łŁøØıþÞðÐ", "lLoOitTdD")))
    return re.sub(r"[\W_]", "", "".join(one for one in folded if not unicodedata.combining(one))).lower()


def check_names(text: str, found: Mapping[str, Record]) -> None:
    """Every family name and group is in the printed text."""
    printed_text = squeezed(text)
    for key, record in found.items():
        for creator in record.creators:
            words = (creator.last_name or creator.name).split()
            assert all(squeezed(word) in printed_text for word in words), (key, creator)


def check_titles(text: str, words: tuple[str, ...]) -> None:
    """These stretches of titles are in the printed text."""
    printed_text = squeezed(text)
    for word in words:
        assert squeezed(word) in printed_text, word


TITLES = (
    "50 % of $5 & #1: {braces}, back\\slash, ~tilde^caret_under <less>",
    "norm of H2O",
    "carotene",
    "Drosophila and bold",
    "keep Me",
    "\\input{/etc/passwd} \\write18{ls} %comment",
    "École normale",
    "Q&A about AT&T, C++ and C#: iPhone, GAN-based BERT",
    "k-Means at",
    "2, F",
    "a thin blank",
    "A* and Part II",
    "title 50 % & #1_{x}^~\\y $ “q” <é>",
)


@pytest.mark.parametrize("engine", ENGINES)
def test_biblatex_and_biber_print_the_committed_library(tmp_path: Path, engine: str) -> None:
    need(engine, "biber", "biblatex.sty", *(["fontspec.sty", "luaotfload.sty"] if engine == "lualatex" else []))
    shutil.copy(LIBRARY, tmp_path / "library.bib")
    text, said = printed(tmp_path, BIBLATEX.replace("FONTS", FONTS[engine]), "biber", engine)
    assert "WARN" not in said, said
    assert "ERROR" not in said, said
    check_names(text, records(Document.parse(LIBRARY.read_bytes())))


@pytest.mark.parametrize("style", CLASSIC_STYLES)
def test_classic_bibtex_prints_the_same_records_in_its_own_dialect(tmp_path: Path, style: str) -> None:
    need("pdflatex", "bibtex", f"{style}.bst", *(["natbib.sty"] if style == "plainnat" else []))
    found = records(Document.parse(LIBRARY.read_bytes()))
    classic = "\n".join(entry_text(key, record, "bibtex") for key, record in found.items())
    assert classic.isascii()
    (tmp_path / "library.bib").write_text(classic, encoding="ascii")
    text, said = printed(tmp_path, classic_document(style), "bibtex")
    assert "Warning" not in said, said
    check_names(text, found)
    assert re.search(r"4004[–-]\s*4012", text)


@pytest.mark.parametrize("engine", ENGINES)
def test_biblatex_prints_names_math_and_specials_as_they_are(tmp_path: Path, engine: str) -> None:
    need(engine, "biber", "biblatex.sty", *(["fontspec.sty", "luaotfload.sty"] if engine == "lualatex" else []))
    found = torture(vietnamese=engine == "lualatex")
    (tmp_path / "library.bib").write_text(
        "\n".join(entry_text(key, one) for key, one in found.items()), encoding="utf-8"
    )
    text, said = printed(tmp_path, BIBLATEX.replace("FONTS", FONTS[engine]), "biber", engine)
    assert "WARN" not in said and "ERROR" not in said, said
    check_names(text, found)
    check_titles(text, TITLES)


@pytest.mark.parametrize("style", CLASSIC_STYLES)
def test_classic_bibtex_prints_names_math_and_specials_as_they_are(tmp_path: Path, style: str) -> None:
    need("pdflatex", "bibtex", f"{style}.bst", *(["natbib.sty"] if style == "plainnat" else []))
    found = torture()
    classic = "\n".join(entry_text(key, record, "bibtex") for key, record in found.items())
    assert classic.isascii()
    (tmp_path / "library.bib").write_text(classic, encoding="ascii")
    text, said = printed(tmp_path, classic_document(style), "bibtex")
    assert "Warning" not in said, said
    check_names(text, found)
    check_titles(text, TITLES)


def classic_document(style: str) -> str:
    """A document with one of BibTeX's styles."""
    natbib = r"\usepackage{natbib}" if style == "plainnat" else ""
    return CLASSIC.replace("STYLE", style).replace("PACKAGES", natbib)


# What a document needs for words in scripts that pdfTeX's usual encoding lacks: see docs/bibtex.md.
SCRIPTS = {
    "Cyrillic": (r"\usepackage[T1,T2A]{fontenc}", "t2aenc.def"),
    "Greek": (r"\usepackage[T1]{fontenc}\usepackage{lmodern}\usepackage{textalpha}", "textalpha.sty"),
    "Vietnamese": (r"\usepackage[T1,T5]{fontenc}\usepackage{lmodern}", "t5enc.def"),
}
FOREIGN = {
    "Cyrillic": (name("Колмогоров", "Андрей Николаевич"), "Глубокое обучение: Обзор", "ru"),
    "Greek": (name("Αριστοτέλης", "Έλλην"), "Περὶ ψυχῆς", "el"),
    "Vietnamese": (name("Trương", "Ảnh Đức"), "Học sâu: đường ơ ở ỡ ợ", "vi"),
}
DEJAVU = Path("/usr/share/fonts/truetype/dejavu")


def foreign(script: str) -> Record:
    """An article of an author who writes in another script."""
    person, title, language = FOREIGN[script]
    fields = {"title": title, "publicationTitle": "J", "volume": "1", "date": "2001", "language": language}
    return Record("journalArticle", fields, (person,))


@pytest.mark.parametrize("style", ["biblatex", "abbrv", "alpha"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_other_scripts_are_printed_by_pdftex_with_their_encodings(tmp_path: Path, script: str, style: str) -> None:
    encoding, file = SCRIPTS[script]
    need("pdflatex", file, "biber" if style == "biblatex" else "bibtex")
    dialect: Dialect = "biblatex" if style == "biblatex" else "bibtex"
    (tmp_path / "library.bib").write_text(entry_text("a", foreign(script), dialect), encoding="utf-8")
    document = BIBLATEX if style == "biblatex" else classic_document(style)
    usual = r"\usepackage[T1]{fontenc}\usepackage{lmodern}"
    document = document.replace("FONTS", encoding).replace(usual, encoding)
    text, said = printed(tmp_path, document, "biber" if style == "biblatex" else "bibtex")
    assert "WARN" not in said and "Warning" not in said, said
    if script == "Vietnamese":  # the fonts of the others do not say which letters theirs are
        check_names(text, {"a": foreign(script)})


def test_luatex_prints_every_script_that_its_font_has(tmp_path: Path) -> None:
    need("lualatex", "biber", "biblatex.sty", "fontspec.sty", "luaotfload.sty")
    if not (DEJAVU / "DejaVuSerif.ttf").exists():
        pytest.skip("DejaVu Serif missing: install fonts-dejavu")
    fonts = rf"\usepackage{{fontspec}}\setmainfont{{DejaVuSerif.ttf}}[Path={DEJAVU}/]"
    found = {script: foreign(script) for script in SCRIPTS}
    (tmp_path / "library.bib").write_text(
        "\n".join(entry_text(key, one) for key, one in found.items()), encoding="utf-8"
    )
    document = BIBLATEX.replace("FONTS", fonts)
    text, said = printed(tmp_path, document, "biber", "lualatex")
    assert "WARN" not in said and "ERROR" not in said, said
    check_names(text, found)
    check_titles(text, tuple(title for _, title, _ in FOREIGN.values()))
