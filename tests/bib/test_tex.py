"""library.bib as LaTeX sees it: real TeX prints every record without an error or a warning about an entry."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

from dmlsync.bib.document import Document
from dmlsync.bib.read import records
from dmlsync.bib.write import entry_text

LIBRARY = Path(__file__).parents[2] / "library.bib"
NEEDED = ("pdflatex", "bibtex", "biber", "pdftotext")
PACKAGES = "texlive-latex-recommended, texlive-bibtex-extra, lmodern, biber and poppler-utils"
STYLES = ("biblatex.sty", "lmodern.sty")


def missing() -> list[str]:
    """The programs and styles that this machine lacks."""
    programs = [name for name in NEEDED if not shutil.which(name)]
    if not shutil.which("kpsewhich"):
        return programs
    found = subprocess.run(["kpsewhich", *STYLES], capture_output=True, text=True, check=False).stdout
    return programs + [name for name in STYLES if name not in found]


MISSING = missing()

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"{', '.join(MISSING)} missing: install {PACKAGES}")

BIBLATEX = r"""\documentclass{article}
\usepackage[T1]{fontenc}\usepackage{lmodern}
\usepackage[backend=biber,maxbibnames=99]{biblatex}\addbibresource{library.bib}
\begin{document}\nocite{*}\printbibliography\end{document}
"""
CLASSIC = r"""\documentclass{article}
\usepackage[T1]{fontenc}\usepackage{lmodern}\usepackage{url}
\begin{document}\nocite{*}\bibliographystyle{STYLE}\bibliography{library}\end{document}
"""


def run(folder: Path, *command: str) -> str:
    """Run a program of TeX in a folder; it has to succeed."""
    answer = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
    output = answer.stdout.decode("utf-8", "replace")
    assert answer.returncode == 0, output[-3000:]
    return output


def printed(folder: Path, document: str, processor: str) -> tuple[str, str]:
    """The text of the printed bibliography, and what the bibliography's processor said."""
    (folder / "paper.tex").write_text(document, encoding="utf-8")
    latex = ("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex")
    run(folder, *latex)
    said = run(folder, processor, "paper")
    run(folder, *latex)
    run(folder, *latex)
    text = run(folder, "pdftotext", "-layout", "-enc", "UTF-8", "paper.pdf", "-")
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)), said  # no ligatures


def test_biblatex_and_biber_print_the_committed_library(tmp_path: Path) -> None:
    shutil.copy(LIBRARY, tmp_path / "library.bib")
    text, said = printed(tmp_path, BIBLATEX, "biber")
    assert "WARN" not in said, said
    assert "ERROR" not in said, said
    squeezed = re.sub(r"[^\w]", "", text).lower()
    for key, record in records(Document.parse(LIBRARY.read_bytes())).items():
        assert re.sub(r"[^\w]", "", record.creators[0].last_name).lower() in squeezed, key


@pytest.mark.parametrize("style", ["plain", "abbrv", "alpha"])
def test_classic_bibtex_prints_the_same_records_in_its_own_dialect(tmp_path: Path, style: str) -> None:
    found = records(Document.parse(LIBRARY.read_bytes()))
    classic = "\n".join(entry_text(key, record, "bibtex") for key, record in found.items())
    assert classic.isascii()
    (tmp_path / "library.bib").write_text(classic, encoding="ascii")
    text, said = printed(tmp_path, CLASSIC.replace("STYLE", style), "bibtex")
    assert "Warning" not in said, said
    assert "Song" in text
    assert "4004–4012" in text or "4004-4012" in text
