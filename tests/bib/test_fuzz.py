"""Generated and mutated .bib files: none loses a byte, none fails, and an edit stays where it belongs.

CI runs a bounded number; `DMLSYNC_FUZZ=10000 pytest tests/bib/test_fuzz.py` runs more, `DMLSYNC_FUZZ_SEED` others.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from dmlsync.bib.cited import Cited
from dmlsync.bib.document import Document
from dmlsync.bib.entry_types import DIALECTS
from dmlsync.bib.extract import extracted
from dmlsync.bib.normal import representable
from dmlsync.bib.read import record_of, records
from dmlsync.bib.write import upserted
from dmlsync.errors import BibError
from dmlsync.model import Creator, Record

COUNT = int(os.environ.get("DMLSYNC_FUZZ", "300"))
SEED = int(os.environ.get("DMLSYNC_FUZZ_SEED", "1"))
ROUNDS = 10

ROOT = Path(__file__).parents[2]
REAL = [path.read_bytes() for path in sorted((ROOT / ".." / "shared" / "bibtex" / "import").glob("*.bib"))]
REAL = [data for data in REAL if len(data) < 20_000]

VALUES = (
    b'{On {BERT} and $\\ell_2$}', b'"quoted {"} text"', b"jan # {~5}", b"acm", b"2015", b"{A, B and {NASA} and others}",
    b"{a \\& b_c % d}", b"{M{\\\"u}ller, J{\\'o}n}", b"{https://x.org/a_b?c=%20#f}", b"{}", b"{1--2}",
    b"{2015-06/2016}", b"{caf\xe9 caf\xc3\xa9 \xe2\x82\x82}",
    b"{$x^2$ \\input{y}}", b"{family=Gogh, prefix=van, given=V.}",
)  # fmt: skip
NAMES = (
    b"title", b"author", b"journal", b"JOURNALTITLE", b"year", b"date", b"month", b"url", b"note", b"crossref", b"pages"
)  # fmt: skip
PIECES = (
    b"@", b"{", b"}", b'"', b",", b"=", b"#", b"%", b"\\", b"\n", b"\r\n", b"@comment{", b"@string{acm = {ACM}}", b"(",
    b")", b"\xff", b"\xef\xbb\xbf", b"$", b"@article{", b" and ", b"~", b"{\\", b"\x00", b"\xe2\x80\xa8"
)  # fmt: skip
WORDS = ("Über", "X-ray", "<i>a</i>", "$L_2$", "{", "}", "\\input{x}", "50 %", "A & B", "BERT", "₂", "β", "—", "'", '"')


def generated(chance: random.Random) -> bytes:
    """A .bib file out of parts."""
    blocks = list[bytes]()
    for number in range(chance.randint(1, 6)):
        gap = b" " * chance.randint(0, 3)
        fields = (chance.choice(NAMES) + gap + b"= " + chance.choice(VALUES) for _ in range(chance.randint(0, 5)))
        end = chance.choice((b"\n", b"\r\n", b" "))
        opening, closing = chance.choice(((b"{", b"}"), (b"{", b"}"), (b"(", b")")))
        kind = chance.choice((b"article", b"inproceedings", b"MISC", b"unknown", b"online"))
        key = b"key%d" % chance.choice((number, 0))
        blocks.append(b"@" + kind + opening + key + b"," + end + (b"," + end).join(fields) + end + closing)
        blocks.append(chance.choice((b"\n\n", b"", b" text ", b"\n% a comment @x\n", b"@string{acm = {ACM}}\n")))
    return b"".join(blocks)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The same file with pieces inserted, taken out or doubled."""
    for _ in range(chance.randint(0, 4)):
        at = chance.randint(0, len(data))
        end = min(len(data), at + chance.randint(0, 30))
        piece = chance.choice((chance.choice(PIECES), data[at:end] * 2, b""))
        data = data[:at] + piece + data[end if chance.random() < 0.5 else at :]
    return data


def some_record(chance: random.Random) -> Record:
    text = " ".join(chance.choices(WORDS, k=3))
    people = tuple(Creator(chance.choice(WORDS), chance.choice(WORDS)) for _ in range(chance.randint(0, 2)))
    fields = {"title": text, "date": chance.choice(("2015", "2015-06-07", "x")), "url": "https://x.org/" + text}
    return Record(chance.choice(("journalArticle", "conferencePaper", "thesis")), fields, people)


def check_edits(document: Document, chance: random.Random) -> None:
    """Each edit changes one entry and nothing else, or says in one sentence why it cannot be made."""
    dialect, record = chance.choice(DIALECTS), some_record(chance)
    known = [one.key for one in document.entries if document.block(one.key)]
    key = chance.choice([*known, "newcomer"])
    entry = document.get(key)
    try:
        edited = upserted(document, key, record, dialect)
    except BibError:
        return
    assert representable(record_of(edited, key), dialect) == representable(record, dialect)
    if entry is not None:
        start, end = entry.span
        assert edited.text.startswith(document.text[:start])
        assert edited.text.endswith(document.text[end:])
    else:
        added = edited.get(key)
        assert added is not None
        start, end = added.span
        rest = edited.text[:start] + edited.text[end:]
        assert "".join(rest.split()) == "".join(document.text.split())
    assert upserted(edited, key, record, dialect).data == edited.data


@pytest.mark.parametrize("part", range(ROUNDS))
def test_no_file_loses_a_byte_and_no_edit_leaves_its_entry(part: int) -> None:
    chance = random.Random(SEED * ROUNDS + part)
    for _ in range(COUNT // ROUNDS):
        data = mutated(chance.choice(REAL) if REAL and chance.random() < 0.3 else generated(chance), chance)
        document = Document.parse(data)
        assert document.data == data
        assert document.text == data.decode("utf-8", "surrogateescape")
        assert len(records(document)) <= len(document.entries)
        assert all(problem.line > 0 for problem in document.problems)
        check_edits(document, chance)


SIZE = 200_000
HOSTILE = {
    "open braces": "{" * SIZE,
    "signs of entries": "@" * SIZE,
    "quotation marks": '"' * SIZE,
    "entries that never end": "@a{" * (SIZE // 3),
    "a value in many braces": "@a{k, title = " + "{" * (SIZE // 2) + "}" * (SIZE // 2) + "}",
    "a value that never ends": '@a{k, title = "' + "{x}" * (SIZE // 3),
    "a long concatenation": "@a{k, title = " + "a # " * (SIZE // 4) + "b}",
    "macros of macros": "".join(f"@string{{s{n} = s{n - 1} # {{x}}}}\n" for n in range(SIZE // 28))
    + "@a{k, note = s7000}",
    "macros that double": "".join(f"@string{{s{n} = s{n - 1} # s{n - 1}}}\n" for n in range(300))
    + "@a{k, note = s299}",
    "a name list of commas": "@a{k, author = {" + "a," * (SIZE // 2) + "}}",
    "quoted parts of names": "@a{k, author = {" + 'family="' * (SIZE // 8) + "}}",
    "parents of parents": "".join(f"@a{{k{n}, crossref = {{k{n + 1}}}}}\n" for n in range(SIZE // 60)),
    "commands in commands": "@a{k, title = {" + "\\emph{" * (SIZE // 6) + "}" * (SIZE // 6) + "}}",
    "dollar signs": "@a{k, title = {" + "$x" * (SIZE // 2) + "}}",
}


@pytest.mark.parametrize("shape", HOSTILE)
def test_no_file_takes_long(shape: str) -> None:
    start = time.perf_counter()
    document = Document.parse(HOSTILE[shape].encode() + b"\n@misc{last, title = {x}}")
    records(document)
    assert all(problem.line > 0 for problem in document.problems)
    extracted(document, Cited(keys=("k", "k0", "gone")), {}, "biblatex")
    assert time.perf_counter() - start < 10
