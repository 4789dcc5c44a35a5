"""What a push came to, in words: what arrived, where it lies, how complete it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import click

from dmlsync.cli.entries import is_linked
from dmlsync.cli.text import count, pad, safe
from dmlsync.project import Project
from dmlsync.project_runs import Finished
from dmlsync.sync.apply import Result
from dmlsync.sync.catalog import Catalog
from dmlsync.sync.listed import ListedWork


def place_of(project: Project) -> str:
    """Where things go: `Deep Metric Learning in groups/1234567`."""
    zotero = project.config.zotero
    return f"{safe(' / '.join(zotero.collection))} in {zotero.library}"


def result_lines(project: Project, finished: Finished, requests: int) -> Iterator[str]:
    """The end of a run: refused objects, one line of totals, and after writing an overview of the collection."""
    result, target, catalog = finished.run.result, finished.run.target, finished.catalog
    yield from unwritten_lines(result)
    sent = sum(1 for action in finished.run.plans[0].actions if action.change)
    if result.error:
        arrived = result.summary["written"] + result.summary["unchanged"]
        yield f"{count(arrived, 'object')} of {sent} written; run the command again to go on from there."
        return
    linked = [one for one in catalog.entries if is_linked(one, target)]
    keys = {one.citation_key for one in linked}
    state = f"{count(len(linked), 'entry', 'entries')} linked to {count(len(keys), 'item')}"
    asked = count(requests, "request")
    if not keys:
        yield f"Nothing to do: no entry has a record yet, and {place_of(project)} was left as it is."
        return
    if not result.outcomes and not catalog.written:
        what = "Nothing else to do" if finished.run.plans[-1].waits else "Nothing to do"
        yield f"{what}: {state}, {place_of(project)} is up to date ({asked})."
        return
    done = [f"{count(result.summary['written'], 'object')} written in {asked}"] if result.outcomes else []
    if catalog.written:
        done.append(f"{count(len(catalog.written), 'record')} written to {project.config.bib.path.name}")
    yield f"{click.style('Done:', fg='green', bold=True)} {state} in {place_of(project)}; {', '.join(done)}."
    if not result.outcomes:
        return
    works = [work for work in catalog.listed() if work.citation_key in keys]
    yield ""
    yield from _tree(project, catalog, works)
    yield _completeness(project, works)


def unwritten_lines(result: Result) -> Iterator[str]:
    """The objects that were not written, and why."""
    for outcome in result.unwritten:
        reason = safe(outcome.reason) or outcome.kind
        yield f"  {click.style('!', fg='red')} {outcome.key} was not written: {reason}"


def _tree(project: Project, catalog: Catalog, works: list[ListedWork]) -> Iterator[str]:
    """The collection with its sections, in the lists' order, and how many items lie in each."""
    yield f"  {pad(safe(' / '.join(project.config.zotero.collection)), 34)}{len(works):5}"
    if project.config.zotero.sections != "subcollections":
        return
    inside = Counter(section for work in works for section in work.sections)
    sections = [one.entry.section for one in catalog.entries]
    paths = dict.fromkeys(section[:depth] for section in sections for depth in range(1, len(section) + 1))
    for path in paths:
        number = f"{inside[path]:5}" if inside[path] else ""
        yield f"  {pad('  ' * len(path) + safe(path[-1]), 34)}{number}".rstrip()


def _completeness(project: Project, works: list[ListedWork]) -> str:
    """How much is known of the works: what a curator looks for first."""
    fields = [{**work.record.fields, "arXiv": work.identifiers.arxiv} for work in works]
    known = {
        "with a DOI": sum(bool(one.get("DOI")) for one in fields),
        "on arXiv": sum(bool(one["arXiv"]) for one in fields),
        "with pages": sum(bool(one.get("pages")) for one in fields),
        "with a PDF": sum(bool(work.pdf) for work in works),
        "with code": sum(bool(work.code) for work in works),
    }
    facts = ", ".join(f"{number} {what}" for what, number in known.items())
    return f"  {project.config.bib.path.name}: {count(len(works), 'record')}: {facts}"
