"""Measures how well entries of reading lists are resolved: `python benchmarks/resolve.py`.

It prints reading lists out of the records of the offline services in `../shared/scholar`, in classes of right and of
wrong ways to print a paper (`resolving/printing.py`), reads and resolves them as dmlsync does, and holds every result
against the facts in the services' database (`resolving/judging.py` says what counts as right). Each class is a list of
its own, resolved with an empty cache and a second time with a full one. Then the same with services that fail.

The numbers are about the stand-in's services: it knows 105,000 records where Crossref knows 160 million, its ranking
is simpler than the real ones', and half of the slips of real curators are not among the classes.
"""

from __future__ import annotations

import argparse
import json
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from resolving.judging import FIELDS, Judged, explained, judge
from resolving.papers import Papers
from resolving.printing import KINDS, Case, Kind, cases
from scholar import HOME, StandIn

from dmlsync.resolve.engine import Resolution, resolve
from dmlsync.sources import NAMES, build, endpoints
from dmlsync.sources.cache import Cache
from dmlsync.sources.http import Client

FAULTS = ("flaky", "slow", "adversarial", *(f"down:{name}" for name in
          ("crossref", "dblp", "arxiv", "datacite", "openalex", "s2", "page")))  # fmt: skip
_REST = 3.5  # seconds; arXiv wants three between two requests
_MAILTO = "benchmark@example.org"


@dataclass(slots=True)
class Measured:
    """What came of one class: its judged cases, the requests by source, in the second run as well, the seconds."""

    kind: Kind
    judged: list[Judged]
    requests: Counter[str]
    again: Counter[str]
    seconds: float
    violations: Counter[str] = field(default_factory=Counter)

    @property
    def outcomes(self) -> Counter[str]:
        """How often each outcome occurred."""
        return Counter(one.outcome for one in self.judged)


def run(
    found: Sequence[Case], stand_in: StandIn, cache: Path, rate: float | None, quick_retries: bool = False
) -> tuple[Resolution, ...]:
    """Resolve the entries of cases as dmlsync does; `rate` None keeps to the real services' own rates."""
    if rate is None:
        time.sleep(_REST)  # a new client does not know when the one before it asked last
    at = endpoints(NAMES, stand_in.settings(rate))
    retries = {"attempts": 4, "base": 0.02} if quick_retries else {"attempts": 4}
    with Client(at, mailto=_MAILTO, cache=Cache(cache), retries=retries) as client:
        return resolve([case.entry for case in found], build(at, client))


def measure(kind: Kind, found: Sequence[Case], papers: Papers, stand_in: StandIn, rate: float | None) -> Measured:
    """Resolve the cases of one class twice, the second time out of the cache."""
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "cache.sqlite"
        before, violations = stand_in.requests(), stand_in.rate_violations()
        start = time.perf_counter()
        resolutions = run(found, stand_in, cache, rate)
        seconds = time.perf_counter() - start
        requests, violated = stand_in.requests() - before, stand_in.rate_violations() - violations
        run(found, stand_in, cache, rate)
        repeated = stand_in.requests() - before - requests
    judged = [judge(case, resolution, papers) for case, resolution in zip(found, resolutions, strict=True)]
    return Measured(kind, judged, requests, repeated, seconds, violated)


@dataclass(frozen=True, slots=True)
class Faulty:
    """A run against failing services: outcomes, wrong records, pending before and after a second run without faults.

    `differing` counts the entries whose second result is not that of a run that never saw a fault.
    """

    profile: str
    outcomes: Counter[str]
    pending: int
    pending_after: int
    differing: int
    requests: int
    seconds: float


def measure_faults(
    profile: str, found: Sequence[Case], clean: Sequence[Resolution], papers: Papers, home: Path, seed: int
) -> tuple[Faulty, list[Judged]]:
    """Resolve cases with failing services, then what is pending or incomplete without faults, on the same address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "cache.sqlite"
        start = time.perf_counter()
        with StandIn(home, port=port, faults=profile, seed=seed) as stand_in:
            first = run(found, stand_in, cache, 1000.0, quick_retries=True)
            requests = stand_in.requests().total()
        seconds = time.perf_counter() - start
        with StandIn(home, port=port) as stand_in:
            second = run(found, stand_in, cache, 1000.0)
    judged = [judge(case, one, papers) for case, one in zip(found, first, strict=True)]
    completed = [new if old.state == "pending" else old for old, new in zip(first, second, strict=True)]
    waited = [place for place, one in enumerate(first) if one.state == "pending"]
    result = Faulty(
        profile,
        Counter(one.outcome for one in judged),
        len(waited),
        sum(one.state == "pending" for one in completed),
        sum(
            (completed[place].state, completed[place].record) != (clean[place].state, clean[place].record)
            for place in waited
        ),
        requests,
        seconds,
    )
    return result, [one for one in judged if one.outcome == "wrong yes"]


def table(measured: Sequence[Measured]) -> list[str]:
    """The results as a Markdown table, one row a class, then the sums."""
    lines = ["| class | entries | yes | wrong yes | ask, with it | ask, without | unresolved | pending | "
             "requests/entry | second run |",
             "| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |"]  # fmt: skip
    lines += [_row(one.kind.name, [one]) for one in measured]
    exist = [one for one in measured if one.kind.exists]
    lines += [_row("**exist**", exist)] if exist else []
    nowhere = [one for one in measured if not one.kind.exists]
    lines += [_row("**exist nowhere**", nowhere)] if nowhere else []
    return lines


def _row(name: str, measured: Sequence[Measured]) -> str:
    outcomes = sum((one.outcomes for one in measured), Counter())
    size = outcomes.total()
    requests = sum(one.requests.total() for one in measured)
    again = sum(one.again.total() for one in measured)
    shares = [f"{outcomes[key] / size:.1%}" for key in ("ask", "ask without it", "unresolved", "pending")]
    return (f"| {name} | {size} | {outcomes['yes'] / size:.1%} | {outcomes['wrong yes']} | {' | '.join(shares)} "
            f"| {requests / size:.2f} | {again} |")  # fmt: skip


def fields_table(measured: Sequence[Measured]) -> list[str]:
    """How many of the accepted records' fields are as in the facts."""
    lines = [f"| class | {' | '.join(FIELDS)} |", f"| --- |{' --: |' * len(FIELDS)}"]
    shown = [one for one in measured if one.kind.exists]
    for name, group in [*((one.kind.name, [one]) for one in shown), ("**all**", shown)]:
        judged = [one for part in group for one in part.judged if one.outcome == "yes"]
        cells = []
        for column in FIELDS:
            told = [one.fields[column] for one in judged if column in one.fields]
            cells.append(f"{sum(told) / len(told):.1%}" if told else "")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def requests_table(measured: Sequence[Measured]) -> list[str]:
    """The requests for each entry, by source; and which came faster than the real service allows."""
    lines = [f"| class | {' | '.join(NAMES)} | too fast |", f"| --- |{' --: |' * (len(NAMES) + 1)}"]
    for one in measured:
        cells = [f"{one.requests[name] / len(one.judged):.2f}" for name in NAMES]
        lines.append(f"| {one.kind.name} | {' | '.join(cells)} | {one.violations.total()} |")
    return lines


def faults_table(results: Iterable[Faulty]) -> list[str]:
    """The runs with failing services."""
    heads = ("faults", "entries", "yes", "wrong yes", "ask", "unresolved", "pending", "still", "differing", "requests")
    lines = [f"| {' | '.join(heads)} |", f"| --- |{' --: |' * (len(heads) - 1)}"]
    for one in results:
        size, outcomes = one.outcomes.total(), one.outcomes
        lines.append(
            f"| {one.profile} | {size} | {outcomes['yes']} | {outcomes['wrong yes']} | "
            f"{outcomes['ask'] + outcomes['ask without it']} | {outcomes['unresolved']} | {one.pending} | "
            f"{one.pending_after} | {one.differing} | {one.requests} |"
        )
    return lines


def as_json(measured: Sequence[Measured], faulty: Sequence[Faulty]) -> dict[str, Any]:
    """Everything that the tables say, as one value."""
    classes = [
        {
            "class": one.kind.name,
            "exists": one.kind.exists,
            "outcomes": dict(one.outcomes),
            "fields": {column: [sum(told), len(told)] for column in FIELDS
                       if (told := [case.fields[column] for case in one.judged if column in case.fields])},
            "requests": dict(one.requests),
            "requests_second_run": dict(one.again),
            "seconds": round(one.seconds, 1),
        }
        for one in measured
    ]  # fmt: skip
    faults = [
        {"profile": one.profile, "outcomes": dict(one.outcomes), "pending": one.pending,
         "pending_after": one.pending_after, "differing": one.differing, "requests": one.requests}
        for one in faulty
    ]  # fmt: skip
    return {"classes": classes, "faults": faults}


def main() -> int:
    """Measure, print the tables, and answer 1 if a record was wrong that must not be."""
    options = _options()
    wanted = [kind for kind in KINDS if not options.classes or any(name in kind.name for name in options.classes)]
    with StandIn(options.scholar, limits=options.limits, faults=options.with_faults, seed=options.seed) as stand_in:
        papers = Papers(options.scholar)
        drawn = cases(papers, wanted, options.entries, options.seed)
        measured = []
        for kind in wanted:
            measured.append(measure(kind, drawn[kind.name], papers, stand_in, options.rate))
            print(f"{kind.name}: {measured[-1].seconds:.0f} s", file=sys.stderr)
        faulty, wrong = _faults(options, wanted, papers, stand_in)
    wrong += [case for one in measured for case in one.judged if case.outcome == "wrong yes"]
    for lines in (table(measured), fields_table(measured), requests_table(measured), faults_table(faulty)):
        print("\n".join(lines), end="\n\n")
    if options.explain:
        shown = [case for one in measured for case in one.judged if _is_telling(case)]
        options.explain.write_text("\n".join(explained([*wrong, *shown])) + "\n", encoding="utf-8")
    if options.json:
        options.json.write_text(json.dumps(as_json(measured, faulty), indent=1) + "\n", encoding="utf-8")
    print("\n".join(explained(wrong)))
    return 1 if wrong else 0


def _faults(
    options: argparse.Namespace, kinds: Sequence[Kind], papers: Papers, stand_in: StandIn
) -> tuple[list[Faulty], list[Judged]]:
    """The fault profiles, on a sample of their own."""
    if not options.faults:
        return [], []
    drawn: Mapping[str, Sequence[Case]] = cases(papers, kinds, options.fault_entries, options.seed + 1)
    found = [case for kind in kinds for case in drawn[kind.name]]
    with tempfile.TemporaryDirectory() as folder:
        clean = run(found, stand_in, Path(folder) / "cache.sqlite", options.rate)
    faulty, wrong = [], []
    for profile in options.faults:
        one, bad = measure_faults(profile, found, clean, papers, options.scholar, options.seed)
        print(f"{profile}: {one.seconds:.0f} s", file=sys.stderr)
        faulty.append(one)
        wrong += bad
    return faulty, wrong


def _is_telling(case: Judged) -> bool:
    """Whether a person should look at a case: nothing wrong, but not as it should be either."""
    expected = "yes" if case.case.paper is not None else "unresolved"
    return case.outcome not in (expected, "wrong yes") or bool(case.wrong_fields)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scholar", nargs="?", type=Path, default=HOME, help="the folder of the services' stand-in")
    parser.add_argument("--entries", type=int, default=2400, help="how many entries, all classes together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--classes", nargs="*", default=(), help="only classes whose name holds one of these")
    parser.add_argument("--limits", choices=("off", "real", "strict"), default="off", help="what the services enforce")
    parser.add_argument("--rate", type=float, default=1000.0,
                        help="requests per second to each service; 0 keeps the real services' own")  # fmt: skip
    parser.add_argument("--with-faults", default="none", metavar="PROFILE", help="a fault profile for the main part")
    parser.add_argument(
        "--faults", nargs="*", default=FAULTS, metavar="PROFILE", help="the profiles measured at the end"
    )
    parser.add_argument("--fault-entries", type=int, default=150)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers here, too")
    parser.add_argument("--explain", type=Path, metavar="FILE", help="write every doubtful case here, with the reasons")
    options = parser.parse_args()
    options.rate = options.rate or None
    return options


if __name__ == "__main__":
    sys.exit(main())
