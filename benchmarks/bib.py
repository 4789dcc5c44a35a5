"""How fast a large .bib file is read, changed in one entry and written: dmlsync beside bibtexparser 1, 2 and pybtex.

    python benchmarks/bib.py [--entries 10000] [--runs 5] [--json FILE]

The file is made of real DBLP records in DBLP's own layout, with a comment and macros as people have them. Each program
runs in an environment of its own, made in a cache folder when it is first needed, and in a process of its own each
time. Told are medians: the seconds from the bytes of the file to those of the changed one (without the interpreter's
start), the highest memory of the process, and how many of the other lines are left as they were.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RECORDS = HERE.parents[1] / "shared" / "scholar" / "records.jsonl.gz"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "dmlsync-benchmarks"
PROGRAMS = {
    "dmlsync": "",
    "bibtexparser1": "bibtexparser>=1.4.4,<2",
    "bibtexparser2": "bibtexparser==2.1.0",
    "pybtex": "pybtex>=0.24,<1",
}
"""The programs in `benchmarks/bibliographies`, with what has to be installed for each."""

_FIELDS = ("title", "booktitle", "journal", "volume", "number", "pages", "publisher", "year", "url", "doi")
_SPECIAL = str.maketrans({"&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$", "{": "", "}": "", "\\": ""})


def main() -> None:
    """See the module."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    arguments.add_argument("--entries", type=int, default=10_000)
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--records", type=Path, default=RECORDS)
    arguments.add_argument("--json", type=Path, help="Where the figures go as JSON.")
    options = arguments.parse_args()
    if not options.records.exists():
        sys.exit(f"{options.records} is not there: name the records with --records")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "large.bib"
        source.write_text("\n".join(bib_lines(options.records, options.entries)) + "\n", encoding="utf-8")
        print(f"{options.entries} entries, {source.stat().st_size / 1e6:.1f} MB, {options.runs} runs, medians")
        figures = {name: measured(name, source, options.runs) for name in PROGRAMS}
    table(figures)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def bib_lines(path: Path, count: int) -> Iterator[str]:
    """A .bib file of `count` records, taken evenly from all."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        lines = [line for line in file if '"title"' in line]
    yield "% Collected by hand: keep the order."
    yield '@string{aaai = "{AAAI} Press"}'
    yield ""
    for line in lines[:: max(len(lines) // count, 1)][:count]:
        yield from entry_lines(json.loads(line))
        yield ""


def entry_lines(record: dict[str, Any]) -> Iterator[str]:
    """One record as DBLP prints it."""
    kind = record["type"] if record["type"] in ("article", "inproceedings", "book") else "misc"
    yield f"@{kind}{{DBLP:{record['dblp_key']},"
    for role in ("authors", "editors"):
        if names := record.get(role):
            joined = " and\n                  ".join(name.translate(_SPECIAL) for name in names)
            yield f"  {role[:-1]:<12} = {{{joined}}},"
    for name in _FIELDS:
        if value := record.get(name):
            verbatim = name in ("url", "doi")
            text = str(value) if verbatim else str(value).translate(_SPECIAL)
            written = (
                "aaai" if text == "AAAI Press" else "{" + text.replace("-", "--" if name == "pages" else "-") + "}"
            )
            yield f"  {name:<12} = {written},"
    yield f"  biburl       = {{https://dblp.org/rec/{record['dblp_key']}.bib}}"
    yield "}"


def measured(name: str, source: Path, runs: int) -> dict[str, float]:
    """The medians of one program."""
    python = environment(name)
    target = source.with_name(f"{name}.bib")
    found = []
    for _ in range(runs):
        command = [str(python), str(HERE / "bibliographies" / f"{name}.py"), str(source), str(target)]
        answer = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE.parent)
        found.append(json.loads(answer.stdout.splitlines()[-1]))
    medians = {member: statistics.median(run[member] for run in found) for member in found[0]}
    return medians | {"untouched": untouched(source, target)}


def environment(name: str) -> Path:
    """The interpreter of a program's own environment; ours is the one that runs this."""
    if not PROGRAMS[name]:
        return Path(sys.executable)
    folder = CACHE / name
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"Making an environment for {name} in {folder} ...", file=sys.stderr)
        venv.create(folder, with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "--pre", PROGRAMS[name]], check=True)
    return python


def untouched(source: Path, target: Path) -> float:
    """The share of lines that are still there, of all but the one that was to change."""
    before, after = (Counter(path.read_text(encoding="utf-8").splitlines()) for path in (source, target))
    return (before & after).total() / (before.total() - 1)


def table(figures: dict[str, dict[str, float]]) -> None:
    """The figures side by side, with their ratios to ours."""
    ours = figures["dmlsync"]
    print("program          read s  total s  ratio     MB  ratio  records  untouched")
    for name, one in figures.items():
        ratios = (one["seconds"] / ours["seconds"], one["megabytes"] / ours["megabytes"])
        print(
            f"{name:15} {one['read_seconds']:7.2f} {one['seconds']:8.2f} {ratios[0]:6.1f} {one['megabytes']:6.0f}"
            f" {ratios[1]:6.1f} {one['records']:8.0f} {one['untouched']:9.1%}"
        )


if __name__ == "__main__":
    main()
